import { expect, test } from 'vitest';
import { targetsIn } from '../harness/config-repo.ts';
import { evidenceTable, top, versionsTable } from '../harness/reading.ts';
import { tellStories } from '../harness/story.ts';

const story = tellStories();

const applications = ['api', 'search', 'web'];
const clusters = ['dev', 'staging', 'production'].flatMap((environment) =>
  targetsIn(environment).map((target) => ({ environment, ...(target === undefined ? {} : { target }) })),
);

/** Flux reports every commit for every Kustomization of every cluster, whatever the commit changed. */
async function allReconciled(revision: string): Promise<void> {
  for (const cluster of clusters) {
    for (const application of applications) {
      const sent = await story().world.flux.report({ application, ...cluster, revision });
      expect(sent.status, sent.body).toBe(202);
    }
  }
  await story().world.settled();
}

function titles(): readonly string[] {
  const { github, repo } = story();
  return github
    .pullRequests(repo)
    .map(({ title }) => title)
    .toSorted();
}

test('a release of web goes to production while Flux reports every commit for everything', async () => {
  const { github, repo } = story();
  const staging = { application: 'web', environment: 'staging' };
  const production = { application: 'web', environment: 'production' };

  // The worked example is in the middle of three releases: what lags behind is offered as soon as everything has reported.
  await allReconciled(story().head);
  expect(titles()).toEqual([
    'Promote api 2.14.3 to production',
    'Promote api 2.15.0 to staging',
    'Promote search 0.31.0 to production',
    'Promote web 1.8.2 to staging',
  ]);

  const built = await story().bump({ application: 'web', environment: 'dev', from: '1.8.2', to: '1.8.3' });
  await allReconciled(built);
  const first = story().open(staging);
  expect(first.title).toBe('Promote web 1.8.3 to staging');
  expect(versionsTable(first.body)).toEqual([['web', '`ghcr.io/acme/web`', '`1.8.1`', '**`1.8.3`**']]);
  expect(evidenceTable(first.body)).toEqual([['dev', built.slice(0, 7), 'healthy', 'Flux `dev:flux-system/web`']]);

  await allReconciled(await story().merge(staging));
  expect(top(story().newest(staging).body)[1]).toContain('**Live in staging since ');
  const second = story().open(production);
  expect(versionsTable(second.body)).toEqual([
    ['web', '`ghcr.io/acme/web`', '`eu`', '`1.8.1`', '**`1.8.3`**'],
    ['web', '`ghcr.io/acme/web`', '`us`', '`1.8.1`', '**`1.8.3`**'],
  ]);

  await allReconciled(await story().merge(production));
  expect(top(story().newest(production).body)[1]).toContain('**Live in production since ');
  expect(github.pullRequests(repo)).toHaveLength(5);
});

test('a commit that changes no application costs no request, however many reports come of it', async () => {
  const revision = await story().push({ 'README.md': 'Where everything runs.\n' });
  expect(await story().cost(() => allReconciled(revision))).toBe(0);
});

test('a failed health check of a Kustomization stops what came from there', async () => {
  const staging = { application: 'api', environment: 'staging' };
  expect(story().open(staging).draft).toBe(false);
  await story().world.flux.report({
    application: 'api',
    environment: 'dev',
    revision: story().head,
    state: 'degraded',
  });
  await story().world.settled();
  expect(story().open(staging).draft).toBe(true);
  expect(top(story().open(staging).body)).toEqual([
    '[!CAUTION]',
    '**Stopped:** dev does not prove a candidate for staging. Do not merge it now.',
    '- dev is degraded: health check failed after 5m0s: timeout',
  ]);
});
