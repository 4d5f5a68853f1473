import { expect, test } from 'vitest';
import { exampleFiles, smallApplication } from '../harness/config-repo.ts';
import { top, versionsTable } from '../harness/reading.ts';
import { tellStories } from '../harness/story.ts';

const names = ['recovers', 'readied', 'withdrawn', 'discussed'];
const applications = names.map((name) => smallApplication(name, { dev: '1.0', staging: '1.0' }));
const story = tellStories({ files: { ...exampleFiles(), ...Object.assign({}, ...applications) } });

const minuteMs = 60_000;

test('a pull request whose source turns bad is stopped at once, and goes on under its number when that recovers', async () => {
  const place = { application: 'recovers', environment: 'staging' };
  const dev = { application: 'recovers', environment: 'dev' };
  await story().release('recovers', '1.0', '1.1');
  const before = story().open(place);

  await story().runs({ ...dev, state: 'degraded' });
  const stopped = story().open(place);
  expect(stopped).toMatchObject({ number: before.number, draft: true, title: before.title, head: before.head });
  expect(top(stopped.body)).toEqual([
    '[!CAUTION]',
    '**Stopped:** dev does not prove a candidate for staging. Do not merge it now.',
    '- dev is degraded: Synced, Degraded: Deployment exceeded its progress deadline',
  ]);
  expect(versionsTable(stopped.body)).toEqual(versionsTable(before.body));
  expect(stopped.comments).toEqual([]);

  await story().runs({ ...dev, state: 'failed' });
  expect(top(story().open(place).body).at(-1)).toBe(
    '- dev is failed: Sync Failed: one or more objects failed to apply',
  );

  await story().runs(dev);
  const ready = story().open(place);
  expect(ready).toMatchObject({ number: before.number, draft: false, head: before.head, comments: [] });
  expect(top(ready.body)).toEqual(top(before.body));
});

test('a stopped pull request that a person marks as ready is made a draft again: nothing proves it', async () => {
  const { github, repo, world } = story();
  const place = { application: 'readied', environment: 'staging' };
  const dev = { application: 'readied', environment: 'dev' };
  await story().release('readied', '1.0', '1.1');
  await story().runs({ ...dev, state: 'progressing' });
  const { number } = story().open(place);
  expect(story().open(place).draft).toBe(true);
  github.edit(repo, number, { draft: false });
  await world.settled();
  expect(story().open(place)).toMatchObject({ number, draft: true });
  expect(top(story().open(place).body)[0]).toBe('[!CAUTION]');
});

test('what stays bad is closed after a while with the reason, and offered anew when it is healthy', async () => {
  const { github, repo, world } = story();
  const place = { application: 'withdrawn', environment: 'staging' };
  const dev = { application: 'withdrawn', environment: 'dev' };
  const talk = { application: 'discussed', environment: 'staging' };
  await story().release('withdrawn', '1.0', '1.1');
  await story().release('discussed', '1.0', '1.1');
  const { number } = story().open(place);
  github.comment(repo, story().open(talk).number, { by: github.person('erin'), body: 'I am looking into it.' });
  await story().runs({ ...dev, state: 'degraded' });
  await story().runs({ application: 'discussed', environment: 'dev', state: 'degraded' });

  await world.later(10 * minuteMs);
  expect(story().open(place)).toMatchObject({ number, draft: true });
  await world.later(6 * minuteMs);
  const closed = github.pullRequest(repo, number);
  expect(closed.state).toBe('CLOSED');
  expect(closed.comments.map(({ author, body }) => [author, body.split('\n')])).toEqual([
    [
      'pawl[bot]',
      [
        '**Closed:** The source has not been healthy for too long.',
        '- dev does not prove a candidate for staging.',
        '- dev is degraded: Synced, Degraded: Deployment exceeded its progress deadline',
        '',
        'A new pull request is opened when the source is healthy again.',
      ],
    ],
  ]);
  expect(github.head(repo, closed.head.branch)).toBeUndefined();
  // A person has engaged with the other one: it stays.
  expect(story().open(talk)).toMatchObject({ draft: true });

  await story().runs(dev);
  expect(story().open(place)).toMatchObject({ title: 'Promote withdrawn 1.1 to staging', draft: false });
  expect(story().pulls(place)).toHaveLength(2);
});
