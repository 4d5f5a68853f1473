import { expect, test } from 'vitest';
import { exampleFiles, smallApplication } from '../harness/config-repo.ts';
import { evidenceTable, top, versionsTable } from '../harness/reading.ts';
import { tellStories } from '../harness/story.ts';

const names = ['again', 'reordered', 'degraded', 'behind', 'unchanged'];
const applications = names.map((name) => smallApplication(name, { dev: '1.0', staging: '1.0' }));
const story = tellStories({ files: { ...exampleFiles(), ...Object.assign({}, ...applications) } });

const minuteMs = 60_000;

test('a promotion is one read and one write, and its echoes and repeated reports cost nothing', async () => {
  const { world, github, repo } = story();
  const place = { application: 'again', environment: 'staging' };
  // The first report of all tells Pawl where it stands: token, configuration and tree are warm from here on.
  await story().runs({ application: 'again', environment: 'dev' });

  const revision = await story().bump({ application: 'again', environment: 'dev', from: '1.0', to: '1.1' });
  const body = world.argocd.body({ application: 'again', environment: 'dev', revision });
  expect(await story().cost(() => world.argocd.send(body))).toBe(2);
  const opened = story().open(place);

  expect(await story().cost(() => world.argocd.send(body))).toBe(0);
  expect(await story().cost(() => story().runs({ application: 'again', environment: 'dev', revision }))).toBe(0);
  const { argocd } = world;
  await Promise.all([argocd.send(body), argocd.send(body), argocd.send(body)]);
  await world.settled();
  expect(story().pulls(place)).toEqual([opened]);

  for (const delivery of github.deliveries().filter(({ event }) => event === 'pull_request' || event === 'push')) {
    github.redeliver(delivery.id);
  }
  await world.settled();
  expect(story().pulls(place)).toEqual([opened]);
  expect(github.log(repo, opened.head.branch)).toHaveLength(3);
});

test('an event that nothing is configured for costs nothing', async () => {
  const { world, github, repo, head } = story();
  const stranger = github.person('erin');
  const deed = () => {
    github.postStatus(repo, head, { by: stranger, state: 'success', context: 'argocd/dev/web' });
    github.dispatch(repo, 'argocd-app-state', { by: stranger, payload: world.argocd.state(unknown) });
    return world.argocd.report(unknown);
  };
  const unknown = { application: 'nobody-knows', environment: 'nowhere', revision: head };
  expect(await story().cost(deed)).toBe(0);
});

test('a new revision with the same files costs nothing, though it renews the evidence', async () => {
  await story().runs({ application: 'unchanged', environment: 'dev' });
  const revision = await story().push({ 'docs/notes.md': 'Nothing of it is applied.\n' });
  expect(await story().cost(() => story().runs({ application: 'unchanged', environment: 'dev', revision }))).toBe(0);
});

test('of two reports in the wrong order the one about the later time counts', async () => {
  const place = { application: 'reordered', environment: 'staging' };
  const older = await story().bump({ application: 'reordered', environment: 'dev', from: '1.0', to: '1.1' });
  const newer = await story().bump({ application: 'reordered', environment: 'dev', from: '1.1', to: '1.2' });
  const atMs = story().world.now() - minuteMs;
  await story().runs({ application: 'reordered', environment: 'dev', revision: newer, atMs });
  await story().runs({ application: 'reordered', environment: 'dev', revision: older, atMs: atMs - minuteMs });

  expect(versionsTable(story().open(place).body)).toEqual([
    ['reordered', '`ghcr.io/acme/reordered`', '`1.0`', '**`1.2`**'],
  ]);
  expect(story().pulls(place)).toHaveLength(1);
});

test('a healthy report that arrives late does not undo a degradation', async () => {
  const place = { application: 'degraded', environment: 'staging' };
  const dev = { application: 'degraded', environment: 'dev' };
  const revision = await story().bump({ ...dev, from: '1.0', to: '1.1' });
  const atMs = story().world.now() - 10 * minuteMs;
  await story().runs({ ...dev, revision, atMs });
  await story().runs({ ...dev, revision, atMs: atMs + 2 * minuteMs, state: 'degraded' });
  const stopped = story().open(place);
  expect(stopped.draft).toBe(true);
  expect(top(stopped.body)).toContain('- dev is degraded: Synced, Degraded: Deployment exceeded its progress deadline');

  expect(await story().cost(() => story().runs({ ...dev, revision, atMs: atMs + minuteMs }))).toBe(0);
  expect(story().open(place)).toEqual(stopped);
});

test('what moves is the version at the reported revision, not the one at the head', async () => {
  const place = { application: 'behind', environment: 'staging' };
  const dev = { application: 'behind', environment: 'dev' };
  const synced = await story().bump({ ...dev, from: '1.0', to: '1.1' });
  await story().bump({ ...dev, from: '1.1', to: '1.2' });
  await story().runs({ ...dev, revision: synced });

  const pull = story().open(place);
  expect(pull.title).toBe('Promote behind 1.1 to staging');
  expect(evidenceTable(pull.body)[0]?.[1]).toBe(synced.slice(0, 7));
  await story().merge(place);
  expect(story().file('apps/behind/staging/kustomization.yaml')).toContain('newTag: "1.1"');
  expect(story().file('apps/behind/dev/kustomization.yaml')).toContain('newTag: "1.2"');
});
