import { expect, test } from 'vitest';
import { configFile, exampleFiles, smallApplication } from '../harness/config-repo.ts';
import { top, versionsTable } from '../harness/reading.ts';
import { tellStories } from '../harness/story.ts';

const minuteMs = 60_000;
const names = ['merged', 'closed', 'hand', 'behind'];
const applications = names.map((name) => smallApplication(name, { dev: '1.0', staging: '1.0', production: '1.0' }));
const story = tellStories({ files: { ...exampleFiles(), ...Object.assign({}, ...applications) } });

/** Nothing of what happens meanwhile reaches Pawl. */
async function unheard(deeds: () => void): Promise<void> {
  story().github.loseDeliveries(1_000);
  deeds();
  await story().world.settled();
  story().github.clearFaults();
}

test('what no webhook told is found at the next sweep', async () => {
  const { github, repo, world } = story();
  const place = (application: string) => ({ application, environment: 'staging' });
  for (const application of names) await story().release(application, '1.0', '1.1');
  const numbers = new Map(names.map((name) => [name, story().open(place(name)).number]));
  const numberOf = (name: string) => numbers.get(name) ?? 0;

  await unheard(() => {
    github.merge(repo, numberOf('merged'));
    github.close(repo, numberOf('closed'), { by: github.person('erin') });
    const path = 'apps/hand/staging/kustomization.yaml';
    github.commit(repo, { files: { [path]: story().file(path).replace('1.0', '1.1') } });
    const other = 'apps/behind/staging/kustomization.yaml';
    github.commit(repo, { files: { [other]: `# Ours.\n${story().file(other)}` } });
  });
  expect(story().pulls(place('hand'))[0]?.state).toBe('OPEN');

  await world.restart();
  expect(story().decided(place('merged')).code).toBe('up-to-date');
  expect(story().decided(place('closed')).text).toBe(
    `erin closed pull request #${numberOf('closed')}: this candidate is not offered again.`,
  );
  expect(github.file(repo, 'pawl/state', 'lanes/staging/closed.json')).toContain('"by": "erin"');
  expect(github.pullRequest(repo, numberOf('hand'))).toMatchObject({ state: 'CLOSED' });
  expect(story().open(place('behind'))).toMatchObject({ number: numberOf('behind'), mergeable: 'MERGEABLE' });
  expect(story().file('apps/behind/staging/kustomization.yaml', 'promote/staging/behind')).toMatch(/^# Ours\.\n/);

  await story().runs(place('merged'));
  expect(top(story().newest(place('merged')).body)[0]).toBe('[!TIP]');
  expect(story().open({ application: 'merged', environment: 'production' }).title).toBe(
    'Promote merged 1.1 to production',
  );
});

test('so is another configuration', async () => {
  const { github, repo, world } = story();
  const before = story().file(configFile);
  const { number } = story().open({ application: 'behind', environment: 'staging' });
  await unheard(() => {
    const text = before.replace('  staging: { after: dev }\n', '').replace('after: staging', 'after: dev');
    github.commit(repo, { files: { [configFile]: text } });
  });
  await world.restart();
  expect(github.pullRequest(repo, number).comments[0]?.body).toContain(
    'behind in staging is no longer in the configuration',
  );
});

test('a sweep that finds nothing new costs one request for the repo, beside the list of repos and a token', async () => {
  const { github, world } = story();
  await world.later(15 * minuteMs);
  const mark = github.mark();
  await world.later(15 * minuteMs);
  const lines = github
    .requestsSince(mark)
    .map(({ method, path, operation }) => `${method} ${path.split('?')[0]} ${operation}`);
  expect(lines).toEqual([
    'GET /app/installations undefined',
    expect.stringMatching(/^POST \/app\/installations\/\d+\/access_tokens undefined$/),
    'GET /installation/repositories undefined',
    'POST /graphql Read',
  ]);
});

test('deleting the store lets nothing through and says nothing twice', async () => {
  const { github, repo, world } = story();
  const place = { application: 'web', environment: 'staging' };
  await story().push({ [configFile]: exampleFiles()[configFile] ?? '' });
  await story().release('web', '1.8.2', '1.8.3');
  const { number, head } = story().open(place);
  await story().bump({ application: 'web', environment: 'dev', from: '1.8.3', to: '1.8.4' });

  await world.restart({ keepData: false });
  expect(story().open(place)).toMatchObject({ number, head, comments: [] });
  const path = 'apps/web/staging/kustomization.yaml';
  await story().push({ [path]: `# Ours.\n${story().file(path)}` });
  expect(story().open(place)).toMatchObject({ number, draft: true, comments: [] });
  expect(top(story().open(place).body).at(-1)).toContain('- dev has not reported yet. Awaited: Argo CD: Application');
  expect(versionsTable(story().open(place).body)).toEqual([['web', '`ghcr.io/acme/web`', '`1.8.1`', '**`1.8.3`**']]);

  await story().runs({ application: 'web', environment: 'dev' });
  expect(story().open(place)).toMatchObject({
    number,
    title: 'Promote web 1.8.4 to staging',
    draft: false,
    comments: [],
  });
  expect(github.pullRequests(repo).filter((pull) => pull.head.branch === head.branch)).toHaveLength(1);
});
