import { expect, test } from 'vitest';
import { configFile, exampleFiles, kustomization } from '../harness/config-repo.ts';
import { evidenceTable } from '../harness/reading.ts';
import { tellStories } from '../harness/story.ts';

/** Staging in two clusters, so that two targets have to prove what production gets. */
const files = {
  ...exampleFiles(),
  [configFile]: `version: 1
environments:
  dev: {}
  staging: { after: dev, targets: [eu, us] }
  production: { after: staging }
applications:
  - path: apps/{application}/{environment}[/{target}]
    promote:
      - images: ["*"]
syncs:
  - source: argocd
    application: "{application}-{environment}[-{target}]"
`,
  'apps/shop/dev/kustomization.yaml': kustomization('shop', '2.1'),
  'apps/shop/staging/eu/kustomization.yaml': kustomization('shop', '2.1'),
  'apps/shop/staging/us/kustomization.yaml': kustomization('shop', '2.1'),
  'apps/shop/production/kustomization.yaml': kustomization('shop', '2.0'),
};
const story = tellStories({ files });

const production = { application: 'shop', environment: 'production' };
const staging = { application: 'shop', environment: 'staging' };

test('one silent target holds the next environment back, and the reason names it and what it waits for', async () => {
  await story().runs({ ...staging, target: 'eu' });
  expect(story().openCount(production)).toBe(0);
  expect(story().decided(production)).toEqual({
    code: 'waiting',
    text: [
      'staging does not prove a candidate for production.',
      '  staging/us has not reported yet. Awaited: Argo CD: Application `shop-staging-us`.',
    ].join('\n'),
  });
});

test('one unhealthy target does too', async () => {
  await story().runs({ ...staging, target: 'us', state: 'degraded' });
  expect(story().openCount(production)).toBe(0);
  expect(story().decided(production)).toEqual({
    code: 'bad',
    text: [
      'staging does not prove a candidate for production.',
      '  staging/us is degraded: Synced, Degraded: Deployment exceeded its progress deadline',
    ].join('\n'),
  });
});

test('one target at another version does too, and the reason says who has what', async () => {
  const path = 'apps/shop/staging/us/kustomization.yaml';
  const before = story().head;
  const revision = await story().push({ [path]: kustomization('shop', '1.9') });
  await story().runs({ ...staging, target: 'us', revision });
  expect(story().openCount(production)).toBe(0);
  expect(story().decided(production)).toEqual({
    code: 'waiting',
    text: [
      'Not every target of staging runs the same versions.',
      `  staging/eu runs ghcr.io/acme/shop 2.1 (${before.slice(0, 7)}).`,
      `  staging/us runs ghcr.io/acme/shop 1.9 (${revision.slice(0, 7)}).`,
    ].join('\n'),
  });
});

test('when it catches up the pull request opens, proved by both', async () => {
  const before = story().github.log(story().repo, 'main')[1]?.sha ?? '';
  const revision = await story().push({
    'apps/shop/staging/us/kustomization.yaml': kustomization('shop', '2.1'),
  });
  await story().runs({ ...staging, target: 'us', revision });
  const pull = story().open(production);
  expect(pull.title).toBe('Promote shop 2.1 to production');
  expect(evidenceTable(pull.body)).toEqual([
    ['staging/eu', before.slice(0, 7), 'healthy', 'Argo CD `central:argocd/shop-staging-eu`'],
    ['staging/us', revision.slice(0, 7), 'healthy', 'Argo CD `central:argocd/shop-staging-us`'],
  ]);
});

test('when one of them turns bad again the open pull request is stopped, and goes on when it recovers', async () => {
  const { number } = story().open(production);
  await story().runs({ ...staging, target: 'eu', state: 'failed' });
  expect(story().open(production)).toMatchObject({ number, draft: true });
  await story().runs({ ...staging, target: 'eu' });
  expect(story().open(production)).toMatchObject({ number, draft: false });
});
