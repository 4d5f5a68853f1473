import { expect, test } from 'vitest';
import { takeReport } from '../../src/reconcile/intake.ts';
import { sweep } from '../../src/reconcile/sweep.ts';
import { aLoopReport, LoopUnderTest, loopConfig, loopRepo } from '../build/a-loop.ts';
import { aRevision } from '../build/a-snapshot.ts';

const [r1, r2, r3] = [aRevision('a1'), aRevision('a2'), aRevision('a3')];
const copying = loopConfig.replace('- images: ["*"]', '- copy: ["**"]');
const files = {
  '.github/pawl.yaml': copying,
  'apps/web/dev/a.txt': 'new',
  'apps/web/staging/a.txt': 'old',
  'apps/web/staging/own.txt': 'ours',
};
const dev = (revision: string, atMs?: number) =>
  aLoopReport({ name: 'web-dev', revision, ...(atMs === undefined ? {} : { atMs }) });

test('a later revision with the same copied files costs a tree, one with another file a look', async () => {
  const loop = new LoopUnderTest();
  loop.repo.commit(r1, files);
  await loop.store.repos.put(loopRepo);
  await sweep(loop.context);
  await takeReport(loopRepo, dev(r1), loop.context);
  await loop.work();
  expect(loop.repo.writes.map((write) => write.files)).toEqual([
    { 'apps/web/staging/a.txt': 'new', 'apps/web/staging/own.txt': undefined },
  ]);
  loop.requests();
  loop.repo.commit(r2, { ...files, 'README.md': 'x' });
  await takeReport(loopRepo, dev(r2, loop.nowMs), loop.context);
  expect(await loop.work()).toEqual([]);
  expect(loop.requests()).toEqual(['readTree']);
  loop.repo.commit(r3, { ...files, 'apps/web/dev/b.txt': 'more' });
  await takeReport(loopRepo, dev(r3, loop.nowMs + 1), loop.context);
  expect(await loop.work()).toEqual(['web']);
  expect(loop.repo.writes.at(-1)?.files).toMatchObject({ 'apps/web/staging/b.txt': 'more' });
});
