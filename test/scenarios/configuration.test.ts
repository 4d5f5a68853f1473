import { expect, test } from 'vitest';
import { configFile, exampleFiles, smallApplication } from '../harness/config-repo.ts';
import { tellStories } from '../harness/story.ts';

const shop = smallApplication('shop', { dev: '1.0', staging: '1.0', production: '1.0' });
const story = tellStories({ files: { ...exampleFiles(), ...shop } });

const staging = { application: 'shop', environment: 'staging' };

/** The check `promotion/config` at a commit. */
function verdictAt(ref: string) {
  const { github, repo } = story();
  const [check] = github.checkRuns(repo, ref).filter(({ name }) => name === 'promotion/config');
  const { title, summary = '' } = check?.output ?? {};
  return { conclusion: check?.conclusion, title, said: summary.split('\n\n')[0], mistakes: summary.match(/^- .*$/gm) };
}

const good = () => story().github.file(story().repo, 'main', configFile) ?? '';

test('a broken configuration stops promotions with a failing check that names the places; a mended one goes on', async () => {
  const { github, repo } = story();
  const before = good();
  await story().release('shop', '1.0', '1.1');
  const open = story().open(staging);

  const broken = await story().push({
    [configFile]: before.replace('after: dev', 'after: dve').replace('targets: [eu, us]', 'targets: []'),
  });
  expect(verdictAt(broken)).toEqual({
    conclusion: 'failure',
    title: 'Promotions are stopped: 2 mistakes in the configuration',
    said: 'Nothing is promoted until this is mended. Open pull requests stay as they are.',
    mistakes: [
      '- `.github/pawl.yaml:5:21` There is no environment \\`dve\\`. Did you mean \\`dev\\`?',
      expect.stringMatching(/^- `\.github\/pawl\.yaml:8:14` \\`targets\\` is an empty list\. /),
    ],
  });
  expect(github.checkRuns(repo, broken)[0]?.output.annotations).toBe(2);

  await story().release('shop', '1.1', '1.2');
  await story().release('web', '1.8.2', '1.8.3');
  expect(story().open(staging)).toEqual(open);
  expect(story().pulls({ application: 'web', environment: 'staging' })).toEqual([]);

  const mended = await story().push({ [configFile]: before });
  expect(verdictAt(mended)).toMatchObject({
    conclusion: 'success',
    title: expect.stringMatching(/^Configuration is valid: /),
  });
  expect(story().open(staging)).toMatchObject({ number: open.number, title: 'Promote shop 1.2 to staging' });
  expect(story().open({ application: 'web', environment: 'staging' }).title).toBe('Promote web 1.8.3 to staging');
});

test('without a configuration promotions are paused, which is said once', async () => {
  const { github, repo, world } = story();
  const before = good();
  const open = story().open(staging);
  const deleted = await story().push({ [configFile]: null });
  const paused = { conclusion: 'failure', title: 'Promotions are paused: there is no configuration' };
  expect(verdictAt(deleted)).toMatchObject(paused);

  const later = await story().push({ 'README.md': 'Where everything runs.\n' });
  await story().release('shop', '1.2', '1.3');
  await world.restart();
  expect(github.checkRuns(repo, later)).toEqual([]);
  expect(story().open(staging)).toEqual(open);

  await story().push({ [configFile]: before });
  expect(story().open(staging)).toMatchObject({ number: open.number, title: 'Promote shop 1.3 to staging' });
});

test('an environment that leaves the configuration has its pull request closed with that reason, said once', async () => {
  const { github, repo, world } = story();
  const before = good();
  const { number } = story().open(staging);
  github.failNextMutation('closePullRequest', { message: 'Something went wrong while executing your query.' });
  await story().push({
    [configFile]: before.replace('  staging: { after: dev }\n', '').replace('after: staging', 'after: dev'),
  });
  await world.later(5_000);
  const closed = github.pullRequest(repo, number);
  expect(closed.state).toBe('CLOSED');
  expect(closed.comments.map(({ body }) => body.split('\n'))).toEqual([
    [
      '**Closed:** shop in staging is no longer in the configuration.',
      '',
      'Put it back into `.github/pawl.yaml` to have it offered again.',
    ],
  ]);

  await story().push({ [configFile]: before });
  expect(story().open(staging)).toMatchObject({ title: 'Promote shop 1.3 to staging' });
  expect(story().open(staging).number).not.toBe(number);
});

test('an application whose folder is deleted has its pull request closed with that reason', async () => {
  const { github, repo } = story();
  const { number } = story().open(staging);
  await story().push(Object.fromEntries(Object.keys(shop).map((path) => [path, null])));
  const closed = github.pullRequest(repo, number);
  expect(closed.state).toBe('CLOSED');
  expect(closed.comments[0]?.body).toContain('**Closed:** shop in staging is no longer in the configuration.');
});

test('a renamed application is a new one: the old pull request is closed, the new name is offered', async () => {
  const { github, repo } = story();
  const place = { application: 'web', environment: 'staging' };
  const { number } = story().open(place);
  const old = story()
    .github.files(repo, 'main')
    .filter((path) => path.startsWith('apps/web/'));
  const moved = old.map((path) => [path.replace('apps/web/', 'apps/shopfront/'), story().file(path)] as const);
  await story().push({ ...Object.fromEntries(moved), ...Object.fromEntries(old.map((path) => [path, null])) });
  expect(github.pullRequest(repo, number).state).toBe('CLOSED');
  await story().runs({ application: 'shopfront', environment: 'dev' });
  expect(story().open({ application: 'shopfront', environment: 'staging' }).title).toBe(
    'Promote shopfront 1.8.3 to staging',
  );
});
