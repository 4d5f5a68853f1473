import { describe, expect, test } from 'vitest';
import { HostError } from '../../src/ports/git-host.ts';
import { takeGithubEvent } from '../../src/reconcile/deliveries.ts';
import { takePush, takeReport } from '../../src/reconcile/intake.ts';
import { sweep } from '../../src/reconcile/sweep.ts';
import { Trees } from '../../src/reconcile/trees.ts';
import { aLoopReport, LoopUnderTest, loopFiles, loopRepo } from '../build/a-loop.ts';
import { aBranch, aRevision, minuteMs } from '../build/a-snapshot.ts';

const [r1, r2, r3] = [aRevision('a1'), aRevision('a2'), aRevision('a3')];

/** Dev runs 1.1, staging 1.0; the configuration is known and everything is quiet. */
async function aQuietLoop(): Promise<LoopUnderTest> {
  const loop = new LoopUnderTest();
  loop.repo.commit(r1, loopFiles({ 'web/dev': '1.1', 'web/staging': '1.0' }));
  await loop.store.repos.put(loopRepo);
  await sweep(loop.context);
  loop.requests();
  return loop;
}

const devAt = (revision: string, given = {}) => aLoopReport({ name: 'web-dev', revision, ...given });

describe('what a report costs', () => {
  test('the first one is looked at, the same again is not', async () => {
    const loop = await aQuietLoop();
    await takeReport(loopRepo, devAt(r1), loop.context);
    expect(await loop.work()).toEqual(['web']);
    expect(loop.requests()).toEqual(['observe', 'writePromotion']);
    await takeReport(loopRepo, devAt(r1), loop.context);
    expect(await loop.work()).toEqual([]);
    expect(loop.requests()).toEqual([]);
  });

  test('a later revision with the same files costs one tree for all of them', async () => {
    const loop = await aQuietLoop();
    await takeReport(loopRepo, devAt(r1), loop.context);
    await loop.work();
    loop.requests();
    loop.repo.commit(r2, { ...loopFiles({ 'web/dev': '1.1', 'web/staging': '1.0' }), 'README.md': 'x' });
    await takeReport(loopRepo, devAt(r2, { atMs: loop.nowMs }), loop.context);
    expect(await loop.work()).toEqual([]);
    expect(loop.requests()).toEqual(['readTree']);
  });

  test('and none when the push told what it changed', async () => {
    const loop = await aQuietLoop();
    await takeReport(loopRepo, devAt(r1), loop.context);
    await loop.work();
    await loop.context.trees.at(loopRepo, r1);
    loop.requests();
    loop.repo.commit(r2, { ...loopFiles({ 'web/dev': '1.1', 'web/staging': '1.0' }), 'README.md': 'x' });
    await takePush(
      loopRepo,
      { branch: 'main', isDefault: true, before: r1, after: r2, paths: { written: ['README.md'], removed: [] } },
      loop.context,
    );
    await takeReport(loopRepo, devAt(r2, { atMs: loop.nowMs }), loop.context);
    expect(await loop.work()).toEqual([]);
    expect(loop.requests()).toEqual([]);
  });

  test('one about every application makes due only those whose files changed', async () => {
    const loop = new LoopUnderTest();
    const tags = { 'api/dev': '1', 'api/staging': '1', 'web/dev': '1', 'web/staging': '1' };
    loop.repo.commit(r1, loopFiles(tags));
    await loop.store.repos.put(loopRepo);
    await sweep(loop.context);
    const health = (revision: string, atMs = loop.nowMs) => aLoopReport({ name: 'health/dev', revision, atMs });
    await takeReport(loopRepo, health(r1), loop.context);
    expect([...(await loop.work())].sort()).toEqual(['api', 'web']);
    await takeReport(loopRepo, health(r1), loop.context);
    expect(await loop.work()).toEqual([]);
    loop.repo.commit(r2, loopFiles({ ...tags, 'web/dev': '2' }));
    await takeReport(loopRepo, health(r2, loop.nowMs + 1), loop.context);
    expect(await loop.work()).toEqual(['web']);
  });
});

describe('a configuration that cannot be read', () => {
  test('is said on its commit, also when it is the first one, and is not the same as none', async () => {
    const loop = new LoopUnderTest();
    await loop.store.repos.put(loopRepo);
    loop.repo.commit(r1, {});
    loop.repo.unreadable = 'is a symbolic link';
    await sweep(loop.context);
    expect(loop.repo.checks.map(({ title }) => title)).toEqual([
      'Promotions are stopped: 1 mistake in the configuration',
    ]);
    loop.repo.unreadable = 'is larger than 512 kB';
    await sweep(loop.context);
    loop.repo.unreadable = undefined;
    await sweep(loop.context);
    expect(loop.repo.checks.map(({ title }) => title).slice(1)).toEqual([
      'Promotions are stopped: 1 mistake in the configuration',
      'Promotions are paused: there is no configuration',
    ]);
  });
});

describe('nothing is stuck for ever', () => {
  test('a revision that reaches the default branch only after it was reported', async () => {
    const loop = await aQuietLoop();
    loop.repo.revisions.set(r2, loopFiles({ 'web/dev': '1.2', 'web/staging': '1.0' }));
    loop.repo.offBranch.add(r2);
    await takeReport(loopRepo, devAt(r2), loop.context);
    await loop.work();
    expect(loop.repo.writes).toEqual([]);
    // Until then repeats of the report and sweeps cost nothing more.
    loop.requests();
    await takeReport(loopRepo, devAt(r2), loop.context);
    await sweep(loop.context);
    await sweep(loop.context);
    expect(await loop.work()).toEqual([]);
    expect(loop.requests()).toEqual(['sweep', 'observe', 'sweep']);
    loop.repo.offBranch.clear();
    loop.repo.head = r2;
    loop.context.configs.forget(loopRepo);
    await sweep(loop.context);
    await loop.work();
    expect(loop.repo.writes).toHaveLength(1);
  });

  test('a bad report at the same revision, however often it is delivered', async () => {
    const loop = await aQuietLoop();
    await takeReport(loopRepo, devAt(r1), loop.context);
    await loop.work();
    const bad = devAt(r1, { state: 'degraded', atMs: loop.nowMs });
    // The process died after the report was recorded and before the application was due.
    await loop.store.reports.record(loopRepo.id, bad, { receivedAtMs: loop.nowMs, applications: ['web'] });
    await takeReport(loopRepo, bad, loop.context);
    expect(await loop.work()).toEqual(['web']);
  });

  test('a lane whose branches were in people’s hands, once one is deleted', async () => {
    const loop = await aQuietLoop();
    const theirs = ['promote/staging/web', 'promote/staging/web+2'].map((name) => aBranch('1.1', { name }, ['erin']));
    loop.repo.branches = theirs;
    await takeReport(loopRepo, devAt(r1), loop.context);
    await loop.work();
    loop.repo.branches = [];
    const repository = {
      id: 7,
      name: 'config',
      full_name: 'acme/config',
      owner: { login: 'acme' },
      default_branch: 'main',
    };
    const deletion = {
      ref: 'refs/heads/promote/staging/web',
      before: r1,
      after: '0'.repeat(40),
      deleted: true,
      repository,
      installation: { id: 1 },
      sender: { login: 'erin', type: 'User' },
    };
    await takeGithubEvent('push', deletion, loop.context);
    expect(await loop.work()).toEqual(['web']);
    expect(loop.repo.writes).toHaveLength(1);
  });

  test.each(['in people’s hands', 'forbidden'])('a lane that was %s, at the next sweep', async (what) => {
    const loop = await aQuietLoop();
    if (what === 'forbidden') loop.repo.failures.set('writePromotion', new HostError('forbidden', 'a rule'));
    else
      loop.repo.branches = ['promote/staging/web', 'promote/staging/web+2'].map((name) =>
        aBranch('1.1', { name }, ['erin']),
      );
    await takeReport(loopRepo, devAt(r1), loop.context);
    await loop.work();
    expect(loop.repo.writes).toEqual([]);
    loop.repo.failures.clear();
    loop.repo.branches = [];
    await sweep(loop.context);
    expect(await loop.work()).toEqual(['web']);
    expect(loop.repo.writes).toHaveLength(1);
  });

  test('a job that was given up on, at the next sweep', async () => {
    const loop = await aQuietLoop();
    await loop.store.queue.add({ repo: loopRepo, application: 'web' }, loop.nowMs, 'x');
    const taken = await loop.store.queue.take(loop.nowMs);
    await loop.store.queue.bury(taken?.key ?? '', 'GitHub was away', loop.nowMs);
    await sweep(loop.context);
    expect(await loop.work()).toEqual(['web']);
  });

  test('a sweep whose last head is gone', async () => {
    const loop = await aQuietLoop();
    await takeReport(loopRepo, devAt(r1), loop.context);
    await loop.work();
    loop.repo.revisions.delete(r1);
    loop.repo.commit(r3, loopFiles({ 'web/dev': '1.3', 'web/staging': '1.0' }));
    loop.context.configs.forget(loopRepo);
    await sweep({ ...loop.context, trees: new Trees(loop.repo.host()) });
    expect(await loop.work()).toEqual(['web']);
  });

  test('a report that came while memory held an older configuration', async () => {
    const loop = await aQuietLoop();
    const [older, newer] = [
      loopFiles({ 'web/dev': '1.1', 'web/staging': '1.0' }),
      loopFiles({ 'web/dev': '1.1', 'web/staging': '1.0' }),
    ];
    const renamed = (newer['.github/pawl.yaml'] ?? '').replace(
      '{application}-{environment}',
      '{environment}-{application}',
    );
    loop.repo.commit(r2, { ...newer, '.github/pawl.yaml': renamed });
    await takePush(
      loopRepo,
      {
        branch: 'main',
        isDefault: true,
        before: r1,
        after: r2,
        paths: { written: ['.github/pawl.yaml'], removed: [] },
      },
      loop.context,
    );
    // An older read comes in late and puts the old configuration back for a moment.
    const text = older['.github/pawl.yaml'] ?? '';
    await loop.context.configs.learn(loopRepo, r1, { kind: 'text', oid: 'old', text });
    await takeReport(loopRepo, aLoopReport({ name: 'dev-web', revision: r2 }), loop.context);
    await sweep(loop.context);
    expect(await loop.work()).toEqual(['web']);
  });

  test('the repos beside one that has no commit yet', async () => {
    const loop = new LoopUnderTest();
    loop.repo.failures.set('sweep', new HostError('gone', 'no commit yet'));
    const installation = { id: 1, account: { login: 'acme' } };
    const repositories = [
      { id: 6, name: 'empty', full_name: 'acme/empty' },
      { id: 7, name: 'config', full_name: 'acme/config' },
    ];
    await takeGithubEvent(
      'installation',
      { action: 'created', installation, repositories, repositories_added: [], repositories_removed: [] },
      loop.context,
    );
    expect((await loop.store.repos.all()).map(({ name }) => name).sort()).toEqual(['config', 'empty']);
  });
});

describe('reports that contradict each other', () => {
  test('a bad one of another subject voids the proof until that subject is well again', async () => {
    const loop = await aQuietLoop();
    const other = {
      ...devAt(r1, { state: 'degraded', atMs: loop.nowMs - 60_000 }),
      subject: 'argocd:other:argocd/web-dev',
    };
    await takeReport(loopRepo, other, loop.context);
    await takeReport(loopRepo, devAt(r1, { atMs: loop.nowMs }), loop.context);
    await loop.work();
    expect(loop.repo.writes).toEqual([]);
    expect(loop.logged.join('\n')).toContain('dev is degraded: not well (says argocd:other:argocd/web-dev)');
    const well = { ...devAt(r1, { atMs: loop.nowMs + 1 }), subject: other.subject };
    await takeReport(loopRepo, well, loop.context);
    await loop.work();
    expect(loop.repo.writes).toHaveLength(1);
  });

  test('two of one moment with different revisions prove neither', async () => {
    const loop = await aQuietLoop();
    loop.repo.commit(r2, loopFiles({ 'web/dev': '1.2', 'web/staging': '1.0' }));
    const base = { ...devAt(r1), subject: 'argocd:main:argocd/web-dev#base' };
    await takeReport(loopRepo, base, loop.context);
    await takeReport(loopRepo, devAt(r2), loop.context);
    await loop.work();
    expect(loop.repo.writes).toEqual([]);
    expect(loop.logged.join('\n')).toContain('several reports of one moment name different revisions');
  });
});

test('a source that turns bad is looked at again when its time is up', async () => {
  const loop = await aQuietLoop();
  await takeReport(loopRepo, devAt(r1, { state: 'degraded' }), loop.context);
  await loop.work();
  loop.nowMs += 16 * minuteMs;
  expect(await loop.work()).toEqual([]);
});

test('the default branch under two names stops the application, since nobody could tell who writes what', async () => {
  const loop = await aQuietLoop();
  const files = loopFiles({ 'web/dev': '1.1', 'web/staging': '1.0' });
  const named = (files['.github/pawl.yaml'] ?? '').replace('dev: {}', 'dev: { branch: main }');
  loop.repo.commit(r2, { ...files, '.github/pawl.yaml': named });
  loop.context.configs.forget(loopRepo);
  await takeReport(loopRepo, devAt(r2), loop.context);
  await loop.work();
  expect(loop.repo.writes).toEqual([]);
  const [decision] = await loop.store.journal.decisions(loopRepo.id);
  expect(decision?.decision).toContain('`branch: main` of dev is the default branch');
});
