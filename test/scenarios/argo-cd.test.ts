import { expect, test } from 'vitest';
import { versionFiles } from '../harness/config-repo.ts';
import { changedFiles, changedLines, evidenceTable, top, versionsTable } from '../harness/reading.ts';
import { tellStories } from '../harness/story.ts';

const story = tellStories();

const live = (environment: string) => [
  '[!TIP]',
  expect.stringMatching(new RegExp(`^\\*\\*Live in ${environment} since .+ UTC, healthy\\*\\* on every target\\.$`)),
];

test('a release of web goes from dev to staging and from there into both clusters of production', async () => {
  const { github, repo } = story();
  const staging = { application: 'web', environment: 'staging' };
  const production = { application: 'web', environment: 'production' };

  const built = await story().bump({ application: 'web', environment: 'dev', from: '1.8.2', to: '1.8.3' });
  expect(github.pullRequests(repo)).toEqual([]);

  await story().runs({ application: 'web', environment: 'dev', revision: built });
  const first = story().open(staging);
  expect(first).toMatchObject({
    title: 'Promote web 1.8.3 to staging',
    author: 'pawl[bot]',
    draft: false,
    comments: [],
  });
  expect(top(first.body)).toEqual([
    '[!IMPORTANT]',
    '**Ready for review: the first promotion into staging.** Nothing was promoted here before: check that both sides mean the same thing.',
  ]);
  expect(versionsTable(first.body)).toEqual([['web', '`ghcr.io/acme/web`', '`1.8.1`', '**`1.8.3`**']]);
  expect(evidenceTable(first.body)).toEqual([
    ['dev', built.slice(0, 7), 'healthy', 'Argo CD `central:argocd/web-dev`'],
  ]);
  expect(github.diff(repo, first.number)).toContain(
    [
      ' - name: ghcr.io/acme/web',
      '-  newTag: 1.8.1   # only promotions write here',
      '+  newTag: 1.8.3   # only promotions write here',
    ].join('\n'),
  );
  const [commit] = github.log(repo, first.head.branch);
  expect(commit).toMatchObject({ author: 'pawl[bot]', verified: true, parents: [built] });
  expect(commit?.message.split('\n')).toEqual([
    'Promote web 1.8.3 to staging',
    '',
    'Runs healthy in dev. web in staging:',
    '',
    'apps/web/staging/kustomization.yaml: ghcr.io/acme/web 1.8.1 -> 1.8.3',
    '',
    'Pawl-Application: web',
    'Pawl-From: dev',
    'Pawl-To: staging',
    `Pawl-Revision: ${built}`,
    expect.stringMatching(/^Pawl-Candidate: [0-9a-f]{64}$/),
  ]);

  const merged = await story().merge(staging);
  expect(story().openCount(production)).toBe(0);
  await story().runs({ ...staging, revision: merged });
  expect(top(story().newest(staging).body)).toEqual(live('staging'));

  const second = story().open(production);
  expect(second.title).toBe('Promote web 1.8.3 to production');
  expect(versionsTable(second.body)).toEqual([
    ['web', '`ghcr.io/acme/web`', '`eu`', '`1.8.1`', '**`1.8.3`**'],
    ['web', '`ghcr.io/acme/web`', '`us`', '`1.8.1`', '**`1.8.3`**'],
  ]);
  expect(evidenceTable(second.body)).toEqual([
    ['staging', merged.slice(0, 7), 'healthy', 'Argo CD `central:argocd/web-staging`'],
  ]);
  expect(changedLines(github.diff(repo, second.number))).toEqual([
    "-    newTag: '1.8.1'",
    "+    newTag: '1.8.3'",
    '-    newTag:  1.8.1     # same version as eu',
    '+    newTag:  1.8.3     # same version as eu',
  ]);

  await story().merge(production);
  await story().runs({ ...production, target: 'eu' });
  expect(top(story().newest(production).body)[0]).toBe('[!IMPORTANT]');
  await story().runs({ ...production, target: 'us' });
  expect(top(story().newest(production).body)).toEqual(live('production'));
  expect(story().newest(production).comments).toEqual([]);
  expect(github.pullRequests(repo)).toHaveLength(2);
});

test('the next release is said to run healthy, since something was promoted before', async () => {
  await story().release('web', '1.8.3', '1.9.0');
  expect(top(story().open({ application: 'web', environment: 'staging' }).body)).toEqual([
    '[!NOTE]',
    '**Ready for review:** it runs healthy in dev. staging changes when you merge, not before.',
  ]);
});

test('search moves by its Helm values, each file in the style it is written in', async () => {
  const { github, repo } = story();
  const staging = { application: 'search', environment: 'staging' };
  const production = { application: 'search', environment: 'production' };
  await story().release('search', '0.31.0', '0.32.0');

  const first = story().open(staging);
  expect(first.title).toBe('Promote search 0.32.0 to staging');
  expect(versionsTable(first.body)).toEqual([['search', '`image.tag`', '`0.31.0`', '**`0.32.0`**']]);
  expect(changedLines(github.diff(repo, first.number))).toEqual([
    '-    tag: 0.31.0  # only promotions write here',
    '+    tag: 0.32.0  # only promotions write here',
  ]);

  await story().merge(staging);
  await story().runs(staging);
  const before = versionFiles(production).map((path) => story().file(path));
  await story().merge(production);
  const after = versionFiles(production).map((path) => story().file(path));
  expect(after).toEqual(before.map((text) => text.replace('0.30.4', '0.32.0')));
  expect(after.map((text) => text.split('\n').filter((line) => line.includes('0.32.0')))).toEqual([
    ["image: { repository: ghcr.io/acme/search, tag: '0.32.0' }"],
    ['  tag:         "0.32.0"   # same version as eu'],
  ]);
});

test('tag and digest of api move together', async () => {
  const { github, repo } = story();
  const staging = { application: 'api', environment: 'staging' };
  const digest = `sha256:${'ab'.repeat(32)}`;
  const path = 'apps/api/dev/kustomization.yaml';
  const text = story().file(path);
  const built = await story().push({
    [path]: text.replace('2.15.0', '2.16.0').replace(/sha256:[0-9a-f]{64}/, digest),
  });
  await story().runs({ application: 'api', environment: 'dev', revision: built });

  const pull = story().open(staging);
  expect(pull.title).toBe('Promote api 2.16.0 to staging');
  expect(versionsTable(pull.body)).toEqual([
    ['api', '`ghcr.io/acme/api`', '`2.14.3 sha256:affc7dc90720…`', '**`2.16.0 sha256:abababababab…`**'],
  ]);
  expect(changedFiles(github.diff(repo, pull.number))).toEqual(['apps/api/staging/kustomization.yaml']);
  expect(changedLines(github.diff(repo, pull.number))).toEqual([
    '-    newTag: "2.14.3"',
    '-    digest: "sha256:affc7dc90720a1d9ee6d2f90a1c633739b94fa3472d6a8ec1d217bd3bad7a824"',
    '+    newTag: "2.16.0"',
    `+    digest: "${digest}"`,
  ]);

  await story().merge(staging);
  expect(story().file('apps/api/staging/kustomization.yaml')).toContain(
    `  - name:   ghcr.io/acme/api\n    newTag: "2.16.0"\n    digest: "${digest}"\n`,
  );
});
