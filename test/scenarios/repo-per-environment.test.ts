import { beforeAll, expect, test } from 'vitest';
import { configFile, kustomization, type RepoFiles } from '../harness/config-repo.ts';
import type { ArgoCd } from '../harness/controllers.ts';
import { changedFiles, changedLines, evidenceTable, top } from '../harness/reading.ts';
import { tellStories } from '../harness/story.ts';
import type { PullView } from '../local-github/reading.ts';

/** Every environment is a repo of its own; production belongs to another owner, so Pawl is installed there a second time. */
const [devRepo, stagingRepo, prodRepo] = ['acme/config-dev', 'acme/config-staging', 'globex/config-prod'] as const;

const rest = `applications:
  - path: apps/{application}
    promote:
      - images: ["*"]
syncs:
  - source: argocd
    application: "{application}-{environment}"
limits:
  openPullRequests: 100
  newPullRequestsPerHour: 100
  newPullRequestsFirstHour: 100
`;

const configs = {
  dev: `version: 1\nenvironments:\n  dev:\nfeeds: [${stagingRepo}]\n${rest}`,
  staging: `version: 1\nenvironments:\n  dev: { repo: ${devRepo} }\n  staging: { after: dev }\nfeeds: [${prodRepo}]\n${rest}`,
  prod: `version: 1\nenvironments:\n  staging: { repo: ${stagingRepo} }\n  prod: { after: staging }\n${rest}`,
};

const names = ['web', 'api', 'shop', 'late'];
const fileOf = (application: string): string => `apps/${application}/kustomization.yaml`;

function filesOf(environment: string, config: string): RepoFiles {
  const versions = names.map((name) => [fileOf(name), `${kustomization(name, '1.0')}# Settings of ${environment}.\n`]);
  return { [configFile]: config, ...Object.fromEntries(versions) };
}

/** The world's own repo takes part in none of this. */
const story = tellStories({ files: { 'README.md': 'Nothing here.\n' } });

const argocd = new Map<string, ArgoCd>();

/** Argo CD reports an application of an environment from the head of a repo, or the revision given. */
async function runs(repo: string, name: string, report: { revision?: string; state?: 'degraded' } = {}): Promise<void> {
  const { world, github } = story();
  const { application, environment } = placeOf(name);
  const by = argocd.get(repo) ?? world.argocdOf(repo);
  argocd.set(repo, by);
  const sent = await by.report({ application, environment, revision: github.head(repo, 'main') ?? '', ...report });
  expect(sent.status, sent.body).toBe(202);
  await world.settled();
}

function placeOf(name: string): { readonly application: string; readonly environment: string } {
  const [application = '', environment = ''] = name.split('-');
  return { application, environment };
}

async function writes(repo: string, files: RepoFiles): Promise<string> {
  const revision = story().github.commit(repo, { files });
  await story().world.settled();
  return revision;
}

async function release(application: string, version: string): Promise<string> {
  const revision = await writes(devRepo, { [fileOf(application)]: kustomization(application, version) });
  await runs(devRepo, `${application}-dev`);
  return revision;
}

function open(repo: string, name: string): PullView | undefined {
  const { application, environment } = placeOf(name);
  const branch = `promote/${environment}/${application}`;
  return story()
    .github.pullRequests(repo)
    .find((pull) => pull.head.branch === branch && pull.state === 'OPEN');
}

async function merge(repo: string, name: string): Promise<string> {
  const commit = story().github.merge(repo, open(repo, name)?.number ?? 0);
  await story().world.settled();
  return commit;
}

const decided = (name: string) => story().decided(placeOf(name));

function summaryAt(repo: string, ref = 'main'): string {
  const [check] = story()
    .github.checkRuns(repo, ref)
    .filter(({ name }) => name === 'promotion/config');
  return check?.output.summary ?? 'no check';
}

beforeAll(async () => {
  const { github, world } = story();
  github.createRepo({ owner: 'acme', name: 'config-dev', files: filesOf('dev', configs.dev.replace(/feeds.*\n/, '')) });
  github.createRepo({ owner: 'acme', name: 'config-staging', files: filesOf('staging', configs.staging) });
  github.createRepo({ owner: 'globex', name: 'config-prod', files: filesOf('prod', configs.prod) });
  github.install(world.app, 'acme', ['config-staging']);
  await world.settled();
});

const because = (why: string) => ({
  code: 'waiting',
  text: `dev does not prove a candidate for staging.\n  ${why}`,
});

test('a repo that Pawl is not installed on is said, in the check of the configuration and in the decision', async () => {
  const why = `The repo ${devRepo} cannot be read: install Pawl on it.`;
  expect(summaryAt(stagingRepo)).toContain(why);
  await runs(stagingRepo, 'web-staging');
  expect(decided('web-staging')).toEqual(because(why));
});

test('without `feeds` nothing is opened, and the decision says what to write where', async () => {
  const { github, world } = story();
  github.install(world.app, 'acme', ['config-dev']);
  await world.settled();
  await release('web', '1.1');
  await runs(stagingRepo, 'web-staging');
  expect(github.pullRequests(stagingRepo)).toEqual([]);
  expect(decided('web-staging')).toEqual(
    because(
      `The configuration of ${devRepo} does not let this repo take its versions: add ${stagingRepo} to \`feeds\` in its ${configFile}.`,
    ),
  );
});

test('once it is there, what was reported before opens the pull request in the repo of the next environment', async () => {
  const { github } = story();
  const revision = github.head(devRepo, 'main') ?? '';
  await writes(devRepo, { [configFile]: configs.dev });
  const pull = open(stagingRepo, 'web-staging');
  expect(pull).toMatchObject({
    title: 'Promote web 1.1 to staging',
    draft: false,
    base: { branch: 'main', sha: github.head(stagingRepo, 'main') },
  });
  const diff = github.diff(stagingRepo, pull?.number ?? 0);
  expect([changedFiles(diff), changedLines(diff)]).toEqual([
    [fileOf('web')],
    ['-    newTag: "1.0"', '+    newTag: "1.1"'],
  ]);
  expect(evidenceTable(pull?.body ?? '')).toEqual([
    ['dev', revision.slice(0, 7), 'healthy', 'Argo CD `central:argocd/web-dev`'],
  ]);
  expect(pull?.body).toContain(`/${devRepo}/commit/${revision}`);
  expect(github.pullRequests(devRepo)).toEqual([]);
  expect(github.branches(devRepo)).toEqual(['main']);
});

test('the same report again costs nothing, nor does that of a revision with the same files', async () => {
  const { cost, world } = { cost: (deed: () => Promise<unknown>) => story().cost(deed), world: story().world };
  expect(await cost(() => runs(devRepo, 'web-dev'))).toBe(0);
  expect(await cost(() => writes(devRepo, { 'README.md': 'Other words.\n' }))).toBe(0);
  expect(await cost(() => runs(devRepo, 'web-dev'))).toBe(0);
  await world.settled();
});

test('a report in the name of the other environment proves nothing when it is about this repo', async () => {
  await writes(stagingRepo, { 'README.md': 'Forged.\n', [fileOf('api')]: kustomization('api', '6.6') });
  await runs(stagingRepo, 'api-dev');
  expect(open(stagingRepo, 'api-staging')).toBeUndefined();
  await runs(devRepo, 'api-staging', { revision: story().github.head(stagingRepo, 'main') ?? '' });
  await runs(stagingRepo, 'api-staging');
  expect(decided('api-staging').text).toContain('dev has not reported yet. Awaited: Argo CD: Application `api-dev`.');
});

test('when the source turns bad the pull request is stopped, and goes on when it recovers', async () => {
  await runs(devRepo, 'web-dev', { state: 'degraded' });
  expect(open(stagingRepo, 'web-staging')?.draft).toBe(true);
  expect(top(open(stagingRepo, 'web-staging')?.body ?? '').join('\n')).toContain('- dev is degraded');
  await runs(devRepo, 'web-dev');
  expect(open(stagingRepo, 'web-staging')?.draft).toBe(false);
});

test('a source that takes its permission back stops what is open at once, and one that gives it again lets it go on', async () => {
  const number = open(stagingRepo, 'web-staging')?.number;
  await writes(devRepo, { [configFile]: configs.dev.replace(/feeds.*\n/, '') });
  expect(open(stagingRepo, 'web-staging')).toMatchObject({ number, draft: true });
  expect(top(open(stagingRepo, 'web-staging')?.body ?? '').join('\n')).toContain(`add ${stagingRepo} to`);
  await writes(devRepo, { [configFile]: configs.dev.replace('version: 1', 'version: 2') });
  expect(decided('web-staging').text).toContain(`The repo ${devRepo} has no valid ${configFile}`);
  await writes(devRepo, { [configFile]: configs.dev });
  expect(open(stagingRepo, 'web-staging')).toMatchObject({ number, draft: false });
});

test('the merge leads on into the next repo, of another owner', async () => {
  const { github, world } = story();
  await merge(stagingRepo, 'web-staging');
  await runs(stagingRepo, 'web-staging');
  const merged = github.head(stagingRepo, 'main') ?? '';
  github.install(world.app, 'globex', ['config-prod']);
  await world.settled();
  expect(top(github.pullRequests(stagingRepo).at(-1)?.body ?? '')[0]).toBe('[!TIP]');
  const pull = open(prodRepo, 'web-prod');
  expect(pull?.title).toBe('Promote web 1.1 to prod');
  expect(evidenceTable(pull?.body ?? '')).toEqual([
    ['staging', merged.slice(0, 7), 'healthy', 'Argo CD `central:argocd/web-staging`'],
  ]);
  await merge(prodRepo, 'web-prod');
  await runs(prodRepo, 'web-prod');
  expect(top(github.pullRequests(prodRepo).at(-1)?.body ?? '')[0]).toBe('[!TIP]');
  expect(github.file(prodRepo, 'main', fileOf('web'))).toContain('# Settings of prod.');
});

test('a decline is written in the repo of the lane', async () => {
  const { github, world } = story();
  await release('shop', '1.1');
  github.close(stagingRepo, open(stagingRepo, 'shop-staging')?.number ?? 0, { by: github.person('erin') });
  await world.settled();
  expect(github.file(stagingRepo, 'pawl/state', 'lanes/staging/shop.json')).toContain('"by": "erin"');
  expect(github.branches(devRepo)).toEqual(['main']);
});

test('a target that does not name its source takes nothing from it', async () => {
  await writes(stagingRepo, { [configFile]: configs.staging.replace(`dev: { repo: ${devRepo} }`, 'dev:') });
  await release('late', '1.1');
  expect(open(stagingRepo, 'late-staging')).toBeUndefined();
  await writes(stagingRepo, { [configFile]: configs.staging });
  expect(open(stagingRepo, 'late-staging')?.title).toBe('Promote late 1.1 to staging');
});

test('what no webhook told of the source is found by the sweep', async () => {
  const { github, world } = story();
  github.createBranch(devRepo, 'feature');
  const files = { [fileOf('late')]: kustomization('late', '1.2') };
  const revision = github.commit(devRepo, { branch: 'feature', files });
  await runs(devRepo, 'late-dev', { revision });
  expect(open(stagingRepo, 'late-staging')?.draft).toBe(true);
  github.loseDeliveries(1_000);
  github.merge(devRepo, github.open(devRepo, { title: 'Feature', head: 'feature' }));
  await world.settled();
  github.clearFaults();
  await world.restart();
  expect(open(stagingRepo, 'late-staging')).toMatchObject({ title: 'Promote late 1.2 to staging', draft: false });
});

test('several repos that feed one environment must run the same versions', async () => {
  const { github, world } = story();
  const [eu, us] = ['acme/config-eu', 'acme/config-us'];
  for (const repo of [eu, us]) {
    const [owner = '', name = ''] = repo.split('/');
    const environment = name.replace('config-', '');
    const config = `version: 1\nenvironments: { ${environment}: }\nfeeds: [acme/config-all]\n${rest}`;
    github.createRepo({ owner, name, files: filesOf(environment, config) });
  }
  const order = `  eu: { repo: ${eu} }\n  us: { repo: ${us} }\n  all: { after: [eu, us] }\n`;
  const config = `version: 1\nenvironments:\n${order}${rest}`;
  github.createRepo({ owner: 'acme', name: 'config-all', files: filesOf('all', config) });
  github.install(world.app, 'acme', ['config-eu', 'config-us', 'config-all']);
  await world.settled();

  await writes(eu, { [fileOf('web')]: kustomization('web', '2.0') });
  await runs(eu, 'web-eu');
  expect(decided('web-all').text).toContain('us has not reported yet. Awaited: Argo CD: Application `web-us`.');
  await runs(us, 'web-us');
  expect(decided('web-all').text).toContain('Not every target of eu and us runs the same versions.');
  expect(open('acme/config-all', 'web-all')).toBeUndefined();
  await writes(us, { [fileOf('web')]: kustomization('web', '2.0') });
  await runs(us, 'web-us');
  const pull = open('acme/config-all', 'web-all');
  expect(evidenceTable(pull?.body ?? '').map(([place]) => place)).toEqual(['eu', 'us']);
});

test('two repos that take versions from each other do not send reports round', async () => {
  const { github, world } = story();
  const [one, two] = ['acme/config-one', 'acme/config-two'];
  const configOf = (own: string, other: string, repo: string) =>
    `version: 1\nenvironments:\n  ${other}: { repo: ${repo} }\n  ${own}: { after: ${other} }\nfeeds: [${repo}]\n${rest}`;
  github.createRepo({ owner: 'acme', name: 'config-one', files: filesOf('one', configOf('one', 'two', two)) });
  github.createRepo({ owner: 'acme', name: 'config-two', files: filesOf('two', configOf('two', 'one', one)) });
  github.install(world.app, 'acme', ['config-one', 'config-two']);
  await world.settled();
  await writes(one, { [fileOf('web')]: kustomization('web', '3.0') });
  await runs(one, 'web-one');
  expect(open(two, 'web-two')?.title).toBe('Promote web 3.0 to two');
  await merge(two, 'web-two');
  await runs(two, 'web-two');
  expect(open(one, 'web-one')).toBeUndefined();
  expect(await story().cost(() => world.restart())).toBeLessThan(40);
});
