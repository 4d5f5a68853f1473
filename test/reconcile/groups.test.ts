import { expect, test } from 'vitest';
import { takeReport } from '../../src/reconcile/intake.ts';
import { aLoopReport, LoopUnderTest, loopConfig, loopFiles, loopRepo } from '../build/a-loop.ts';
import { aPullRequest, aRevision } from '../build/a-snapshot.ts';

const r1 = aRevision('a1');
const grouped = `${loopConfig}groups:\n  shop: { applications: [web, api] }\n`;

async function aLoop(): Promise<LoopUnderTest> {
  const loop = new LoopUnderTest();
  const files = loopFiles({
    'web/dev': '2',
    'web/staging': '1',
    'api/dev': '7',
    'api/staging': '6',
    'solo/dev': '2',
    'solo/staging': '1',
  });
  loop.repo.commit(r1, { ...files, '.github/pawl.yaml': grouped });
  return loop;
}

test('reports about members come to one pull request of the group; others keep their own', async () => {
  const loop = await aLoop();
  for (const name of ['web-dev', 'api-dev', 'solo-dev']) {
    await takeReport(loopRepo, aLoopReport({ name, revision: r1 }), loop.context);
  }
  await loop.work();
  const written = loop.repo.writes.map(({ branch, files }) => [branch, Object.keys(files)]);
  expect(written).toContainEqual([
    'promote/staging/shop',
    ['apps/api/staging/kustomization.yaml', 'apps/web/staging/kustomization.yaml'],
  ]);
  expect(written).toContainEqual(['promote/staging/solo', ['apps/solo/staging/kustomization.yaml']]);
  expect(written.flatMap(([branch]) => branch).filter((branch) => branch === 'promote/staging/web')).toEqual([]);
  const decisions = await loop.store.journal.decisions(loopRepo.id);
  expect(decisions.find(({ application }) => application === 'web')?.decision).toContain(
    'web is promoted with the group shop',
  );
  loop.requests();
  await takeReport(loopRepo, aLoopReport({ name: 'web-dev', revision: r1 }), loop.context);
  await loop.work();
  expect(loop.requests()).toEqual([]);
});

test('a pull request of an application that joined a group is closed with that reason', async () => {
  const loop = await aLoop();
  loop.repo.pullRequests = [aPullRequest({ number: 3, branch: 'promote/staging/web' })];
  loop.repo.open = [{ number: 3, branch: 'promote/staging/web', createdAtMs: 0 }];
  await takeReport(loopRepo, aLoopReport({ name: 'web-dev', revision: r1 }), loop.context);
  await loop.work();
  expect(loop.repo.changes.filter(({ close }) => close === true).map(({ number }) => number)).toContain(3);
});

test('an application that is called like a group stops the group, which would take its place', async () => {
  const loop = await aLoop();
  const files = loop.repo.revisions.get(r1) ?? {};
  loop.repo.commit(r1, {
    ...files,
    ...loopFiles({ 'shop/dev': '2', 'shop/staging': '1' }),
    '.github/pawl.yaml': grouped,
  });
  for (const name of ['web-dev', 'shop-dev']) {
    await takeReport(loopRepo, aLoopReport({ name, revision: r1 }), loop.context);
  }
  await loop.work();
  expect(loop.repo.writes).toEqual([]);
  const [decision] = (await loop.store.journal.decisions(loopRepo.id)).filter(
    ({ application }) => application === 'shop',
  );
  expect(decision?.decision).toContain('`shop` is an application too');
  expect(loop.repo.checks.map(({ summary }) => summary).join()).toContain('is an application too, by the files');
});

test('the limit of copied files is for each member, not for all together', async () => {
  const loop = await aLoop();
  const copying = grouped.replace('- images: ["*"]', '- copy: ["**"]');
  const many = ['web', 'api'].flatMap((application) =>
    Array.from({ length: 60 }, (_, index) => [`apps/${application}/dev/${index}.txt`, 'x'] as const),
  );
  loop.repo.commit(r1, { ...Object.fromEntries(many), '.github/pawl.yaml': copying });
  for (const name of ['web-dev', 'api-dev']) {
    await takeReport(loopRepo, aLoopReport({ name, revision: r1 }), loop.context);
  }
  await loop.work();
  expect(Object.keys(loop.repo.writes[0]?.files ?? {})).toHaveLength(120);
});

test('a group of all others takes no other group in', async () => {
  const loop = await aLoop();
  const files = loop.repo.revisions.get(r1) ?? {};
  const two = `${loopConfig}groups:\n  shop: { applications: [web] }\n  rest: { applications: ["*"] }\n`;
  loop.repo.commit(r1, { ...files, '.github/pawl.yaml': two });
  for (const name of ['web-dev', 'api-dev']) {
    await takeReport(loopRepo, aLoopReport({ name, revision: r1 }), loop.context);
  }
  await loop.work();
  expect(new Set(loop.repo.writes.map(({ branch }) => branch))).toEqual(
    new Set(['promote/staging/shop', 'promote/staging/rest']),
  );
});
