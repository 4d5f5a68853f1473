import { expect, test } from 'vitest';
import { exampleFiles } from '../harness/config-repo.ts';
import { manyApplications } from '../harness/deeds.ts';
import { until } from '../harness/pawl.ts';
import { tellStories } from '../harness/story.ts';

const { names, files } = manyApplications(6, { dev: '1.1', staging: '1.0' });
const story = tellStories({ files: { ...exampleFiles(), ...files } });

/** Exit code for settings that cannot be used. */
const badSettings = 78;
const secondsToStop = 10;

test.each<{ what: string; env: Readonly<Record<string, string>>; says: readonly string[] }>([
  {
    what: 'no webhook secret',
    env: { WEBHOOK_SECRET: '' },
    says: [
      'WEBHOOK_SECRET is missing. Make one with `openssl rand -hex 32` and set it here and on the settings page of the App.',
    ],
  },
  {
    what: 'a short one',
    env: { WEBHOOK_SECRET: '0a1b2c3d4e5f' },
    says: ['WEBHOOK_SECRET is shorter than 32 characters.'],
  },
  {
    what: 'the one of examples',
    env: { WEBHOOK_SECRET: 'development' },
    says: ['WEBHOOK_SECRET is a well-known word.'],
  },
  { what: 'a broken private key', env: { PRIVATE_KEY: 'not a key' }, says: ['PRIVATE_KEY holds no private key'] },
  {
    what: 'a data folder that cannot be written',
    env: { DATA_DIR: '/dev/null/pawl' },
    says: ['DATA_DIR names a folder that cannot be written (ENOTDIR). Give a folder on a local disk'],
  },
  {
    what: 'several mistakes, all told at once',
    env: { APP_ID: 'pawl', PAWL_ARGOCD_TOKENS: 'central', PAWL_FLUXSECRETS: 'x', PORT: 'http' },
    says: [
      'APP_ID is not a number.',
      'PAWL_ARGOCD_TOKENS has a mistake in entry 1: it is not of the form name=secret.',
      'PORT is not a port.',
      'PAWL_FLUXSECRETS is not a setting. Did you mean PAWL_FLUX_SECRETS?',
    ],
  },
])('it refuses to start with $what', async ({ env, says }) => {
  const other = story().world.another({ env });
  expect(await other.exitCode()).toBe(badSettings);
  expect(other.lines).toHaveLength(says.length);
  for (const [index, text] of says.entries()) expect(other.lines[index]).toContain(`pawl: ${text}`);
  for (const secret of Object.values(env).filter((value) => value.length > 8)) {
    expect(other.lines.join('\n')).not.toContain(secret);
  }
  other.removeData();
});

test('a second process on the same data folder is refused, and the first goes on', async () => {
  const { world } = story();
  const second = world.another({ dataFolder: world.pawl.dataFolder });
  expect(await second.exitCode()).toBe(badSettings);
  expect(second.lines).toHaveLength(1);
  expect(second.lines[0]).toMatch(/^pawl: .* is in use by process \d+ .*One data folder serves one process/);
  const place = { application: names[0] ?? '', environment: 'staging' };
  await story().runs({ ...place, environment: 'dev' });
  expect(story().openCount(place)).toBe(1);
});

test.each([
  ['SIGTERM', names.slice(1, 3)],
  ['SIGINT', names.slice(3, 6)],
] as const)('%s ends it in order, and what was in hand is done after the next start', async (signal, applications) => {
  const { world, github, repo } = story();
  github.settings.latencyMs = 100;
  for (const application of applications) {
    await world.argocd.report({ application, environment: 'dev', revision: story().head });
  }
  const startedMs = performance.now();
  expect(await world.pawl.stop(signal)).toBe(0);
  expect(performance.now() - startedMs).toBeLessThan(secondsToStop * 1_000);
  expect(world.pawl.lines.join('\n')).toContain(`"signal":"${signal}","msg":"Pawl stops."`);

  github.settings.latencyMs = 0;
  await world.startAgain();
  for (const application of applications) {
    expect(
      story()
        .pulls({ application, environment: 'staging' })
        .map(({ title, comments }) => ({ title, comments })),
    ).toEqual([{ title: `Promote ${application} 1.1 to staging`, comments: [] }]);
  }
  expect(github.branches(repo)).not.toContain('pawl/state');
});

test('a GitHub that does not answer does not keep it from ending in time', async () => {
  const { world, github } = story();
  let asked = false;
  const run = () => {
    asked = true;
  };
  github.failNext({ match: () => true, when: 'before', hang: true, run });
  const application = names[5] ?? '';
  await world.argocd.report({ application, environment: 'dev', revision: story().head, state: 'degraded' });
  await until(
    () => asked,
    () => 'GitHub was not asked',
  );
  const startedMs = performance.now();
  expect(await world.pawl.stop('SIGTERM')).toBe(0);
  expect(performance.now() - startedMs).toBeLessThan(secondsToStop * 1_000);
  await world.startAgain();
  expect(story().newest({ application, environment: 'staging' })?.draft).toBe(true);
});
