import { beforeAll, expect, test } from 'vitest';
import { configFile, kustomization } from '../harness/config-repo.ts';
import { changedFiles, changedLines, evidenceTable, top } from '../harness/reading.ts';
import { tellStories } from '../harness/story.ts';
import type { By } from '../local-github/people.ts';

/** The configuration is on the default branch, the files of each environment on a branch of its own, under the same paths. */
const files = {
  'README.md': 'Every environment is on a branch of its own.\n',
  [configFile]: `version: 1
environments:
  dev: { branch: env/dev }
  staging: { after: dev, branch: env/staging }
  prod: { after: staging, branch: env/prod }
applications:
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
`,
};
const story = tellStories({ files });

const names = ['web', 'api', 'shop', 'lost', 'moved'];
const fileOf = (application: string): string => `apps/${application}/kustomization.yaml`;
const branchOf = (environment: string): string => `env/${environment}`;
const staging = (application: string) => ({ application, environment: 'staging' });
const prod = (application: string) => ({ application, environment: 'prod' });

interface Written {
  readonly application: string;
  readonly version: string;
  readonly by?: By;
  readonly message?: string;
}

/** Somebody writes a version on an environment's branch; Pawl may not have heard of it yet. */
function write(environment: string, { application, version, ...deed }: Written): string {
  const { github, repo } = story();
  const text = `${kustomization(application, version)}# Settings of ${environment}.\n`;
  return github.commit(repo, { branch: branchOf(environment), files: { [fileOf(application)]: text }, ...deed });
}

async function writes(environment: string, written: Written): Promise<string> {
  const revision = write(environment, written);
  await story().world.settled();
  return revision;
}

/** A build writes a version for dev, and it runs there. */
async function release(application: string, version: string): Promise<string> {
  const revision = await writes('dev', { application, version });
  await story().runs({ application, environment: 'dev', revision });
  return revision;
}

function makeBranch(environment: string): void {
  const { github, repo } = story();
  const versions = Object.fromEntries(
    names.map((name) => [fileOf(name), `${kustomization(name, '1.0')}# Settings of ${environment}.\n`]),
  );
  github.createBranch(repo, branchOf(environment));
  github.commit(repo, { branch: branchOf(environment), files: { ...versions, [`only-${environment}.txt`]: 'x\n' } });
}

beforeAll(async () => {
  makeBranch('dev');
  makeBranch('staging');
  await story().world.settled();
});

test('a report about one branch opens a pull request into the next one, which changes the bytes of the version', async () => {
  const { github, repo } = story();
  const head = github.head(repo, 'env/staging');
  const revision = await release('web', '1.1');
  const pull = story().open(staging('web'));
  expect(pull).toMatchObject({
    title: 'Promote web 1.1 to staging',
    draft: false,
    base: { branch: 'env/staging', sha: head },
    head: { branch: 'promote/staging/web' },
    mergeable: 'MERGEABLE',
  });
  expect(github.log(repo, pull.head.sha)[0]?.parents).toEqual([head]);
  const diff = github.diff(repo, pull.number);
  expect([changedFiles(diff), changedLines(diff)]).toEqual([
    [fileOf('web')],
    ['-    newTag: "1.0"', '+    newTag: "1.1"'],
  ]);
  expect(evidenceTable(pull.body)).toEqual([
    ['dev', revision.slice(0, 7), 'healthy', 'Argo CD `central:argocd/web-dev`'],
  ]);
  expect(pull.body).not.toContain('README.md');
});

test('a lane whose branch is not there says so, and goes on as soon as it is', async () => {
  const why = {
    code: 'stopped',
    text: 'The branch env/prod cannot be read: acme/environments has no branch env/prod.',
  };
  expect(story().decided(prod('web'))).toEqual(why);
  await story().merge(staging('web'));
  const { github, repo } = story();
  const merged = github.head(repo, 'env/staging') ?? '';
  await story().runs({ ...staging('web'), revision: merged });
  expect(story().decided(prod('web'))).toEqual(why);
  expect(top(story().newest(staging('web')).body)[0]).toBe('[!TIP]');

  makeBranch('prod');
  await story().world.settled();
  expect(story().open(prod('web'))).toMatchObject({
    title: 'Promote web 1.1 to prod',
    base: { branch: 'env/prod', sha: github.head(repo, 'env/prod') },
  });
  expect(evidenceTable(story().open(prod('web')).body)).toEqual([
    ['staging', merged.slice(0, 7), 'healthy', 'Argo CD `central:argocd/web-staging`'],
  ]);
});

test('the merge of the last one is followed until it is live', async () => {
  const merged = await story().merge(prod('web'));
  expect(story().github.head(story().repo, 'env/prod')).toBe(merged);
  await story().runs({ ...prod('web'), revision: merged });
  expect(top(story().newest(prod('web')).body)).toEqual(['[!TIP]', expect.stringMatching(/^\*\*Live in prod/)]);
  expect(story().file(fileOf('web'), 'env/prod')).toContain('# Settings of prod.');
});

test('a revision of another branch than the environment’s proves nothing, and what is merged later does', async () => {
  const { github, repo, world } = story();
  github.createBranch(repo, 'feature', { from: 'env/dev' });
  const files = { [fileOf('api')]: kustomization('api', '1.1') };
  const revision = github.commit(repo, { branch: 'feature', files });
  await story().runs({ application: 'api', environment: 'dev', revision });
  const text = [
    'dev does not prove a candidate for staging.',
    `  dev reported revision ${revision.slice(0, 7)}, which is not on the branch env/dev.`,
  ].join('\n');
  expect(story().decided(staging('api'))).toEqual({ code: 'waiting', text });
  expect(await story().cost(() => story().runs({ application: 'api', environment: 'dev', revision }))).toBe(0);

  github.merge(repo, github.open(repo, { title: 'Feature', head: 'feature', base: 'env/dev' }));
  await world.restart();
  expect(story().open(staging('api')).title).toBe('Promote api 1.1 to staging');
});

test('a push to any other branch costs no request', async () => {
  const { github, repo } = story();
  const deed = async () => {
    github.commit(repo, { branch: 'feature', files: { [fileOf('api')]: kustomization('api', '9.9') } });
  };
  expect(await story().cost(deed)).toBe(0);
});

test('a report of a commit that changed nothing for the application costs one tree, and the next one nothing', async () => {
  const { github, repo } = story();
  await release('shop', '1.0');
  const report = async (words: string) => {
    const revision = github.commit(repo, { branch: 'env/dev', files: { 'README.md': words } });
    await story().world.settled();
    await story().runs({ application: 'shop', environment: 'dev', revision });
  };
  expect(await story().cost(() => report('Other words.\n'))).toBe(1);
  expect(await story().cost(() => report('And others.\n'))).toBe(0);
});

test('what a person pushes to an environment’s branch is drift, and is seen at once', async () => {
  const by = story().github.person('erin');
  await release('shop', '1.1');
  await story().merge(staging('shop'));
  await writes('staging', { application: 'shop', version: '1.1-hotfix', by, message: 'Hotfix for the login page' });
  await release('shop', '1.2');
  const pull = story().open(staging('shop'));
  expect(pull).toMatchObject({ draft: true, title: 'Promote shop 1.2 to staging', mergeable: 'MERGEABLE' });
  expect(pull.body).toMatch(/is `1\.1-hotfix` \(promoted as `1\.1`\), last changed by erin on .+ UTC: Hotfix for/);

  await writes('staging', { application: 'shop', version: '1.2', by });
  expect(story().newest(staging('shop'))).toMatchObject({ number: pull.number, state: 'CLOSED' });
});

test('an open pull request moves onto a newer candidate and a newer head of its branch', async () => {
  const { github, repo } = story();
  await release('shop', '1.3');
  const { number } = story().open(staging('shop'));
  github.commit(repo, { branch: 'env/staging', files: { 'only-staging.txt': 'y\n' } });
  const [before, cost] = [github.head(repo, 'env/staging'), await story().cost(() => release('shop', '1.4'))];
  const pull = story().open(staging('shop'));
  expect(pull).toMatchObject({ number, title: 'Promote shop 1.4 to staging', base: { branch: 'env/staging' } });
  expect(github.log(repo, pull.head.sha)[0]?.parents).toEqual([before]);
  // Each home is one look; to move an open one takes three writes, and the tree of the base is known.
  expect(cost).toBe(6);
});

test('a decline is remembered on the one side branch', async () => {
  const { github } = story();
  const { number } = story().open(staging('shop'));
  await story().close(staging('shop'), github.person('erin'));
  const text = `erin closed pull request #${number}: this candidate is not offered again.`;
  expect(story().decided(staging('shop'))).toEqual({ code: 'declined', text });
  expect(story().file('lanes/staging/shop.json', 'pawl/state')).toContain('"by": "erin"');
  await release('shop', '1.5');
  expect(story().open(staging('shop')).title).toBe('Promote shop 1.5 to staging');
});

test('that an environment’s branch moved is found by the sweep when no webhook told it', async () => {
  const { github, repo, world } = story();
  await release('lost', '1.1');
  const { number } = story().open(staging('lost'));
  await world.restart();
  github.loseDeliveries(1_000);
  write('staging', { application: 'lost', version: '1.1' });
  await world.settled();
  github.clearFaults();
  expect(story().open(staging('lost'))).toMatchObject({ number });
  await world.restart();
  expect(story().newest(staging('lost'))).toMatchObject({ number, state: 'CLOSED' });
  expect(story().decided(staging('lost')).code).toBe('up-to-date');
  expect(github.head(repo, 'promote/staging/lost')).toBeUndefined();
});

test('so is that a branch is gone, and that it is back', async () => {
  const { github, repo, world } = story();
  await release('moved', '1.1');
  await story().merge(staging('moved'));
  await story().runs({ ...staging('moved'), revision: github.head(repo, 'env/staging') ?? '' });
  expect(story().open(prod('moved')).title).toBe('Promote moved 1.1 to prod');
  const head = github.head(repo, 'env/prod') ?? '';
  await world.restart();
  github.loseDeliveries(1_000);
  github.deleteBranch(repo, 'env/prod');
  await world.settled();
  github.clearFaults();
  await world.restart();
  expect(story().decided(prod('moved')).text).toContain('has no branch env/prod');
  expect(story().decided(staging('moved')).code).toBe('up-to-date');
  github.loseDeliveries(1_000);
  github.createBranch(repo, 'env/prod', { from: head });
  await world.settled();
  github.clearFaults();
  await world.restart();
  expect(story().decided(prod('moved')).code).not.toBe('stopped');
});

test('the check of the configuration names applications of every branch, and a branch that is not there', async () => {
  const { github, repo } = story();
  const text = story()
    .file(configFile)
    .replace('applications:', '  late: { after: prod, branch: env/late }\napplications:');
  const revision = await story().push({ [configFile]: text });
  const [check] = github.checkRuns(repo, revision).filter(({ name }) => name === 'promotion/config');
  expect(check?.output.title).toBe('Configuration is valid: 5 applications');
  expect(check?.output.summary).toContain('There is no branch env/late');
});
