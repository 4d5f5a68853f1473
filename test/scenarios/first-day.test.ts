import { expect, test } from 'vitest';
import { configFile, exampleFiles } from '../harness/config-repo.ts';
import { manyApplications } from '../harness/deeds.ts';
import { tellStories } from '../harness/story.ts';

const hourMs = 60 * 60_000;
const applicationsCount = 12;
const { names, files } = manyApplications(applicationsCount, { dev: '1.1', staging: '1.0' });

/** The worked example's configuration with the limits it has when nothing is said. */
const config = `${exampleFiles()[configFile]?.replace(/^limits:[\s\S]*/m, '')}`;
const story = tellStories({ files: { [configFile]: config, ...files } });

const places = names.map((application) => ({ application, environment: 'staging' }));
const open = () => places.filter((place) => story().openCount(place) > 0);
const waiting = () => places.filter((place) => story().decided(place).code === 'limited');

test('on the first commit the check says what is awaited from whom', () => {
  const { github, repo } = story();
  const [check] = github.checkRuns(repo, 'main');
  expect(check).toMatchObject({ name: 'promotion/config', conclusion: 'success' });
  expect(check?.output.title).toBe('Configuration is valid: 12 applications');
  expect(check?.output.summary).toContain(
    '- app-01 in dev: Argo CD: Application \\`app-01-dev\\`; or Flux: cluster \\`dev\\`, Kustomization \\`app-01\\`',
  );
  expect(github.pullRequests(repo)).toEqual([]);
});

test('many applications that differ at once open two pull requests in the first hour; the others say why they wait', async () => {
  const { world } = story();
  await Promise.all(
    names.map((application) => world.argocd.report({ application, environment: 'dev', revision: story().head })),
  );
  await world.settled();
  expect(open()).toHaveLength(2);
  expect(waiting()).toHaveLength(applicationsCount - 2);
  for (const place of waiting()) {
    expect(story().decided(place).text).toBe(
      '2 promotion pull requests were opened within an hour and 2 may be: this lane waits.',
    );
  }
  const [lane] = places;
  expect(story().decided({ application: lane?.application ?? '', environment: 'production' }).text).toContain(
    'Awaited: Argo CD: Application `app-01-staging`; or Flux: cluster `staging`, Kustomization `app-01`.',
  );
});

test('merging one of them makes no room within the hour', async () => {
  const [first] = open();
  if (first === undefined) throw new Error('nothing is open');
  await story().merge(first);
  expect(open()).toHaveLength(1);
});

test('after the first hour the others follow, as many as may be open', async () => {
  await story().world.later(hourMs + 60_000);
  expect(open()).toHaveLength(10);
  expect(waiting()).toHaveLength(1);
  const [last] = waiting();
  if (last === undefined) throw new Error('none waits');
  expect(story().decided(last).text).toBe(
    '10 promotion pull requests are open and 10 may be: this lane waits for one to be merged or closed.',
  );
  // A person closes one: there is room, but ten were opened within the hour.
  const [any] = open();
  if (any === undefined) throw new Error('nothing is open');
  await story().close(any);
  expect(open().length + waiting().length).toBe(10);

  await story().world.later(hourMs + 60_000);
  expect(open()).toHaveLength(10);
  expect(waiting()).toEqual([]);
  expect(places.map((place) => story().pulls(place).length)).toEqual(places.map(() => 1));
});
