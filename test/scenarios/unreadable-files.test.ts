import { expect, test } from 'vitest';
import { exampleFiles, kustomization, smallApplication } from '../harness/config-repo.ts';
import { top } from '../harness/reading.ts';
import { tellStories } from '../harness/story.ts';
import type { FileContent } from '../local-github/repos.ts';

interface Bad {
  readonly application: string;
  /** Nothing for a file that is not there. */
  readonly content?: FileContent;
  /** What is said of it, after its path. */
  readonly says: string;
}

const encrypted = 'sops:\n  mac: ENC[AES256_GCM,data:abc=]\n';

const badFiles: readonly Bad[] = [
  {
    application: 'template',
    content: kustomization('template', '{{ .Values.tag }}').replaceAll('"', ''),
    says: ':5 images[0].newTag is a template expression ({{ … }}), not a single value. Write the version itself.',
  },
  {
    application: 'doubled',
    content: `${kustomization('doubled', '1.0')}images: []\n`,
    says: ':3 images is written more than once, in lines 3 and 6, and tools differ in which one counts. Keep one.',
  },
  {
    application: 'encrypted',
    content: `${kustomization('encrypted', '1.0')}${encrypted}`,
    says: ':6 The file is encrypted (SOPS or a sealed secret), and any change breaks it. Keep versions in a plain file.',
  },
  {
    application: 'linked',
    content: { text: '../base/kustomization.yaml', mode: '120000' },
    says: ' is a symbolic link',
  },
  {
    application: 'executable',
    content: { text: kustomization('executable', '1.0'), mode: '100755' },
    says: ' is marked executable',
  },
  {
    application: 'large',
    content: `${kustomization('large', '1.0')}# ${'x'.repeat(513_000)}\n`,
    says: ' is larger than 512 kB',
  },
];
const names = [...badFiles.map(({ application }) => application), 'absent', 'healthy'];
const applications = names.map((name) => smallApplication(name, { dev: '1.0', staging: '1.0' }));
const story = tellStories({ files: { ...exampleFiles(), ...Object.assign({}, ...applications) } });

const fileIn = (environment: string, application: string) => `apps/${application}/${environment}/kustomization.yaml`;

test.each(badFiles)(
  'a file of a lane that is $application is not edited, and the reason says where and why',
  async (bad) => {
    const place = { application: bad.application, environment: 'staging' };
    const path = fileIn('staging', bad.application);
    const good = story().file(path);
    await story().release(bad.application, '1.0', '1.1');
    const { number } = story().open(place);

    await story().push({ [path]: bad.content ?? null });
    const refused = `A file of ${bad.application} in staging cannot be edited for certain.`;
    expect(story().decided(place)).toEqual({ code: 'refused', text: `${refused}\n  ${path}${bad.says}` });
    const stopped = story().open(place);
    expect(stopped).toMatchObject({ number, draft: true });
    expect(top(stopped.body).map((line) => line.replaceAll('\\', ''))).toEqual([
      '[!CAUTION]',
      `**Stopped:** ${refused} Do not merge it now.`,
      `- ${path}${bad.says}`,
    ]);

    await story().push({ [path]: good });
    expect(story().open(place)).toMatchObject({ number, draft: false });
  },
);

test.each(badFiles)(
  'a file of the source that is $application proves nothing',
  async ({ application, content, says }) => {
    const place = { application, environment: 'staging' };
    const path = fileIn('dev', application);
    const { number } = story().open(place);
    const revision = await story().push({ [path]: content ?? null });
    await story().runs({ application, environment: 'dev', revision });
    expect(story().decided(place)).toEqual({
      code: 'refused',
      text: [
        'dev does not prove a candidate for staging.',
        '  What dev runs cannot be read for certain.',
        `    ${path}${says}`,
      ].join('\n'),
    });
    expect(story().open(place)).toMatchObject({ number, draft: true });
  },
);

test('a file the lane lacks is not invented', async () => {
  const place = { application: 'absent', environment: 'staging' };
  const path = fileIn('staging', 'absent');
  const good = story().file(path);
  await story().push({ [path]: null });
  await story().release('absent', '1.0', '1.1');
  expect(story().openCount(place)).toBe(0);
  expect(story().decided(place)).toEqual({
    code: 'absent',
    text: [
      'absent in staging lacks a file the candidate belongs in.',
      `  ${path} does not exist. Create it first: Pawl changes versions, it does not invent settings.`,
    ].join('\n'),
  });

  await story().push({ [path]: good });
  expect(story().open(place).title).toBe('Promote absent 1.1 to staging');
});

test('all that is no matter of other applications', async () => {
  await story().release('healthy', '1.0', '1.1');
  expect(story().open({ application: 'healthy', environment: 'staging' }).title).toBe('Promote healthy 1.1 to staging');
});
