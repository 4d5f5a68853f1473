import { expect, test } from 'vitest';
import { configFile, kustomization } from '../harness/config-repo.ts';
import { changedFiles, evidenceTable, top, versionsTable } from '../harness/reading.ts';
import { tellStories } from '../harness/story.ts';

/** Production is where clusters are: whoever adds a folder adds a target. */
const config = `version: 1
environments:
  dev: {}
  production:
    after: dev
    targets:
      found: clusters/prod-{region}-*
      except: ["clusters/*-pr-*"]
      labels: { tier: live }
  archive: { after: production }
applications:
  - path: clusters/{target}/{application}
    promote: [{ images: ["*"] }]
syncs:
  - source: argocd
    application: "{application}-{environment}[-{target}]"
`;
const fileIn = (cluster: string, application = 'shop') => `clusters/${cluster}/${application}/kustomization.yaml`;
const files = {
  [configFile]: config,
  [fileIn('dev')]: kustomization('shop', '1.1'),
  [fileIn('archive')]: kustomization('shop', '1.0'),
};
const story = tellStories({ files });

const production = { application: 'shop', environment: 'production' };
const archive = { application: 'shop', environment: 'archive' };
const diff = () => story().github.diff(story().repo, story().open(production).number);

/** What the check about the configuration says of found targets. */
function foundTold(): readonly string[] {
  const [check] = story().github.checkRuns(story().repo, 'main');
  return check?.output.summary?.match(/^Targets found.*$/gm) ?? [];
}

test('while nothing fits the pattern, the check and the lane say so', async () => {
  expect(foundTold()).toEqual([
    'Targets found for production: none, since nothing in the repo fits clusters/prod-\\{region\\}-\\*.',
  ]);
  await story().runs({ application: 'shop', environment: 'dev' });
  expect(story().decided(production)).toEqual({
    code: 'waiting',
    text: 'production has no targets: nothing in the repo fits clusters/prod-{region}-*.',
  });
  expect(story().decided(archive).text).toContain('production has no target that the application is in.');
});

test('the first cluster joins by a push, with its labels; one that comes and goes does not', async () => {
  await story().push({
    [fileIn('prod-eu-1')]: kustomization('shop', '1.0'),
    [fileIn('prod-eu-pr-7')]: kustomization('shop', '1.0'),
  });
  const { title, body } = story().open(production);
  expect(title).toBe('Promote shop 1.1 to production');
  expect(versionsTable(body)).toEqual([
    ['shop', '`ghcr.io/acme/shop`', '`prod-eu-1` (tier: live, region: eu)', '`1.0`', '**`1.1`**'],
  ]);
  expect(changedFiles(diff())).toEqual([fileIn('prod-eu-1')]);
  expect(foundTold()).toEqual(['Targets found for production: prod-eu-1.']);
});

test('so does the second, in the same pull request', async () => {
  const { number } = story().open(production);
  await story().push({ [fileIn('prod-us-2')]: kustomization('shop', '0.9') });
  expect(story().open(production).number).toBe(number);
  expect(versionsTable(story().open(production).body).map(([, , ...cells]) => cells)).toEqual([
    ['`prod-eu-1` (tier: live, region: eu)', '`1.0`', '**`1.1`**'],
    ['`prod-us-2` (tier: live, region: us)', '`0.9`', '**`1.1`**'],
  ]);
  expect(changedFiles(diff())).toEqual([fileIn('prod-eu-1'), fileIn('prod-us-2')]);
});

test('a cluster of another application holds nobody back', async () => {
  await story().push({ [fileIn('prod-sa-4', 'search')]: kustomization('search', '7.0') });
  expect(story().decided(production)).toMatchObject({ code: 'open' });
  expect(changedFiles(diff())).toEqual([fileIn('prod-eu-1'), fileIn('prod-us-2')]);
  expect(foundTold()).toEqual(['Targets found for production: prod-eu-1, prod-sa-4, prod-us-2.']);
});

test('the next environment waits for every cluster the application is in', async () => {
  const revision = await story().merge(production);
  await story().runs({ ...production, target: 'prod-eu-1', revision });
  expect(story().decided(archive)).toEqual({
    code: 'waiting',
    text: [
      'production does not prove a candidate for archive.',
      '  production/prod-us-2 has not reported yet. Awaited: Argo CD: Application `shop-production-prod-us-2`.',
    ].join('\n'),
  });
  await story().runs({ ...production, target: 'prod-us-2', revision });
  expect(evidenceTable(story().open(archive).body).map(([where]) => where)).toEqual([
    'production/prod-eu-1',
    'production/prod-us-2',
  ]);
  expect(top(story().newest(production).body)[1]).toMatch(
    /^\*\*Live in production since .*, healthy\*\* on every target/,
  );
});

test('one that joins later is awaited too, and one that is gone no more', async () => {
  await story().push({ [fileIn('prod-ap-3')]: kustomization('shop', '1.1') });
  expect(story().decided(archive).text).toContain('production/prod-ap-3 has not reported yet.');
  expect(story().open(archive)).toMatchObject({ draft: true });
  await story().push({ [fileIn('prod-ap-3')]: null });
  expect(story().open(archive)).toMatchObject({ draft: false });
  await story().merge(archive);
  await story().runs(archive);
  expect(top(story().newest(archive).body)[1]).toMatch(/^\*\*Live in archive since /);
});
