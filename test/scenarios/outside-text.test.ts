import { expect, test } from 'vitest';
import { exampleFiles, smallApplication } from '../harness/config-repo.ts';
import { top, versionsTable } from '../harness/reading.ts';
import { tellStories } from '../harness/story.ts';

const names = ['said', 'drifted'];
const applications = names.map((name) => smallApplication(name, { dev: '1.0', staging: '1.0' }));
const story = tellStories({ files: { ...exampleFiles(), ...Object.assign({}, ...applications) } });

const marker = '<!-- pawl:v1 lane=staging/web candidate=0 says=0 title=0 -->';
const hostile = `closes #1 @acme/team fixes acme/environments#2 https://evil.example/x ${marker} **bold** | \`code\``;

/** What of a Markdown text GitHub would act on: without code, in which nothing is a mention or a reference. */
function prose(markdown: string): string {
  return markdown.replace(/^(`{3,})[\s\S]*?^\1$/gm, '').replace(/(?<!\\)(`+)(?:(?!\1).)*\1/g, '');
}

function expectHarmless(markdown: string): void {
  const text = prose(markdown);
  expect(text).not.toMatch(/@acme/);
  expect(text).not.toMatch(/#\d/);
  expect(text).not.toContain('https://evil');
  expect(text).not.toContain('**bold**');
  expect(text.match(/<!-- pawl:(?:v1|status|begin|end)[^>]*-->/g)?.filter((one) => one.includes('web')) ?? []).toEqual(
    [],
  );
}

test('what a controller says does nothing in a pull request', async () => {
  const place = { application: 'said', environment: 'staging' };
  await story().release('said', '1.0', '1.1');
  await story().runs({ application: 'said', environment: 'dev', state: 'degraded', message: hostile });
  const stopped = story().open(place);
  expect(top(stopped.body)).toHaveLength(3);
  expectHarmless(stopped.body);

  await story().runs({ application: 'said', environment: 'dev' });
  expect(story().open(place)).toMatchObject({ draft: false });
  await story().merge(place);
  await story().runs({ ...place, state: 'degraded', message: hostile });
  const merged = story().newest(place);
  expect(merged.comments).toHaveLength(1);
  expectHarmless(merged.body);
  expectHarmless(merged.comments[0]?.body ?? '');
});

test('what the headline of a commit says does nothing in a pull request', async () => {
  const place = { application: 'drifted', environment: 'staging' };
  await story().release('drifted', '1.0', '1.1');
  await story().merge(place);
  await story().bump({ ...place, from: '1.1', to: '1.1-hotfix', by: story().github.person('erin'), message: hostile });
  await story().release('drifted', '1.1', '1.2');
  const pull = story().open(place);
  expect(pull.body).toContain('last changed by erin on');
  expectHarmless(pull.body);
});

test('what a version says does nothing in title, body and commit', async () => {
  const { github, repo } = story();
  const place = { application: 'search', environment: 'staging' };
  await story().release('search', '0.31.0', hostile.replaceAll('"', ''));
  const pull = story().open(place);
  expect(pull.title).toMatch(/^Promote search closes #\u200B1 to staging$/);
  expect(pull.title).not.toMatch(/@acme|#\d|https:\/\//);
  expectHarmless(pull.body);
  expect(versionsTable(pull.body)).toHaveLength(1);
  const message = github.log(repo, pull.head.branch)[0]?.message ?? '';
  expect(message).not.toMatch(/@acme|#\d|https:\/\//);
  await story().merge(place);
  expect(story().file('apps/search/staging/values.yaml')).toContain(hostile);
});
