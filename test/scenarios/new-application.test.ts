import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { configFile, wideLimits } from '../harness/config-repo.ts';
import { top } from '../harness/reading.ts';
import { tellStories } from '../harness/story.ts';

const config = (create = '') => `version: 1
environments:
  dev: {}
  staging: { after: dev }
  production: { after: staging }
applications:
  - path: apps/{application}/{environment}
    promote:
      - { keys: [image.tag]${create} }
syncs:
  - source: argocd
    application: "{application}-{environment}"
${wideLimits}`;
const at = (environment: string) => `apps/shop/${environment}/values.yaml`;
const values = (tag: string, replicas: string, host: string) =>
  `image:\n  tag: "${tag}"\nreplicas: ${replicas}\nhost: ${host} # its own\n`;

/** A new application, which so far is in dev only. */
const files = { [configFile]: config(), [at('dev')]: values('1.0', '1', 'dev.acme.test') };
const story = tellStories({ files });

const dev = { application: 'shop', environment: 'dev' };
const staging = { application: 'shop', environment: 'staging' };
const production = { application: 'shop', environment: 'production' };

/** What a person reads at the top of the open pull request, and whether it is a draft. */
function shown(place: typeof dev) {
  const { draft, body } = story().open(place);
  return { draft, says: top(body)[1] };
}

const notReady = {
  draft: true,
  says: '**Not ready: 2 values of new files are to be filled in**, so this is a draft. Commit them on this branch, then mark it as ready.',
};

async function commitOnBranch(text: string): Promise<void> {
  const { branch } = story().open(staging).head;
  story().github.commit(story().repo, { branch, files: { [at('staging')]: text } });
  await story().world.settled();
}

test('the check, the decision and explain say which file is to be created', async () => {
  const [check] = story().github.checkRuns(story().repo, 'main');
  expect(check?.output.summary).toContain('- shop in staging: apps/shop/staging/values.yaml');
  await story().runs(dev);
  const text = [
    'shop in staging lacks a file the candidate belongs in.',
    '  apps/shop/staging/values.yaml does not exist. Create it first: Pawl changes versions, it does not invent settings.',
  ].join('\n');
  expect(story().decided(staging)).toEqual({ code: 'absent', text });
  const script = new URL('../../src/cli/explain.ts', import.meta.url).pathname;
  const env = { ...process.env, DATA_DIR: story().world.pawl.dataFolder };
  expect(spawnSync(process.execPath, [script], { encoding: 'utf8', env }).stdout).toContain(text);
});

test('with `create` a draft makes it, and leaves some values to a person', async () => {
  const pushed = await story().push({ [configFile]: config(', create: { leave: [replicas, host] }') });
  const [check] = story().github.checkRuns(story().repo, pushed);
  expect(check?.output.summary).not.toContain('Files to create');
  expect(shown(staging)).toEqual(notReady);
  const { branch } = story().open(staging).head;
  expect(story().file(at('staging'), branch)).toBe(values('1.0', 'set-by-a-person', 'set-by-a-person'));
});

test('marked as ready too early, or filled in by half, it is a draft again', async () => {
  await story().markReady(staging);
  expect(shown(staging)).toEqual(notReady);
  await commitOnBranch(values('1.0', '2', 'set-by-a-person'));
  await story().markReady(staging);
  expect(shown(staging)).toMatchObject({ draft: true });
});

test('filled in and marked as ready it stays ready, also when a newer candidate comes', async () => {
  await commitOnBranch(values('1.0', '2', 'staging.acme.test'));
  expect(shown(staging).says).toMatch(/^\*\*Ready for review: the first promotion into staging/);
  await story().markReady(staging);
  await story().push({ [at('dev')]: values('1.1', '1', 'dev.acme.test') });
  await story().runs(dev);
  expect(shown(staging)).toMatchObject({ draft: false });
  expect(story().decided(staging)).toMatchObject({
    code: 'edited',
    text: expect.stringContaining('Another candidate waits'),
  });
});

test('merged, it goes on: the newer one follows, and the next environment gets its file', async () => {
  await story().merge(staging);
  expect(story().file(at('staging'))).toBe(values('1.0', '2', 'staging.acme.test'));
  await story().runs(staging);
  expect(shown(production)).toEqual(notReady);

  await story().merge(staging);
  expect(story().file(at('staging'))).toBe(values('1.1', '2', 'staging.acme.test'));
  await story().runs(staging);
  const { branch } = story().open(production).head;
  expect(shown(production)).toEqual(notReady);
  expect(story().file(at('production'), branch)).toBe(values('1.1', 'set-by-a-person', 'set-by-a-person'));
});
