import { expect, test } from 'vitest';
import { exampleFiles, smallApplication } from '../harness/config-repo.ts';
import { top } from '../harness/reading.ts';
import { tellStories } from '../harness/story.ts';

const names = ['failing', 'still', 'wide'];
const applications = names.map((name) => smallApplication(name, { dev: '1.0', staging: '1.0', production: '1.0' }));
const story = tellStories({ files: { ...exampleFiles(), ...Object.assign({}, ...applications) } });

test('a target that takes a promotion badly is told about in one comment, and later that it is live', async () => {
  const place = { application: 'failing', environment: 'staging' };
  await story().release('failing', '1.0', '1.1');
  const merged = await story().merge(place);
  const { number } = story().newest(place);

  await story().runs({ ...place, revision: merged, state: 'degraded', message: 'Readiness probe failed' });
  const failed = story().newest(place);
  expect(failed).toMatchObject({ number, state: 'MERGED' });
  expect(failed.comments.map(({ author, body }) => [author, body.split('\n').slice(0, 4)])).toEqual([
    [
      'pawl[bot]',
      [
        '**staging did not take this promotion well.**',
        '- staging is degraded: Synced, Degraded: Readiness probe failed',
        '',
        'To go back, press *Revert* on this pull request.',
      ],
    ],
  ]);
  expect(top(failed.body)).toEqual([
    '[!CAUTION]',
    '**staging did not take it well.**',
    '- staging is degraded: Synced, Degraded: Readiness probe failed',
  ]);

  const again = { ...place, revision: merged, state: 'degraded', message: 'Readiness probe failed' } as const;
  await story().runs(again);
  await story().world.restart();
  await story().runs(again);
  expect(story().newest(place).comments).toEqual(failed.comments);

  await story().runs({ ...place, revision: merged });
  expect(top(story().newest(place).body)[1]).toMatch(
    /^\*\*Live in staging since .+ UTC, healthy\*\* on every target\.$/,
  );
  expect(story().newest(place).comments).toEqual(failed.comments);

  // Once live it is history: what happens later is said elsewhere.
  await story().runs(again);
  expect(top(story().newest(place).body)[0]).toBe('[!TIP]');
  expect(story().newest(place).comments).toEqual(failed.comments);
});

test('a report from before the merge says nothing about it', async () => {
  const place = { application: 'still', environment: 'staging' };
  await story().release('still', '1.0', '1.1');
  const before = story().world.now() - 60_000;
  const merged = await story().merge(place);
  await story().runs({ ...place, revision: merged, state: 'degraded', atMs: before });
  expect(story().newest(place).comments).toEqual([]);
});

test('of several targets the bad one is named', async () => {
  const staging = { application: 'wide', environment: 'staging' };
  const production = { application: 'wide', environment: 'production' };
  await story().release('wide', '1.0', '1.1');
  await story().merge(staging);
  await story().runs(staging);
  await story().merge(production);
  await story().runs({ ...production, target: 'eu' });
  await story().runs({ ...production, target: 'us', state: 'failed' });
  const pull = story().newest(production);
  expect(pull.comments).toHaveLength(1);
  expect(pull.comments[0]?.body).toContain('- us is failed: Sync Failed: one or more objects failed to apply\n');
  expect(pull.comments[0]?.body).not.toContain('eu is');
});
