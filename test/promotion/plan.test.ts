import { describe, expect, test } from 'vitest';
import { describeReason } from '../../src/domain/reason.ts';
import type { Action, LanePlan } from '../../src/promotion/action.ts';
import { candidateFor } from '../../src/promotion/candidates.ts';
import { plan } from '../../src/promotion/plan.ts';
import type { Snapshot } from '../../src/promotion/snapshot.ts';
import {
  aBranch,
  aPullRequest,
  aRevision,
  aSnapshot,
  minuteMs,
  noonMs,
  pathOf,
  type World,
} from '../build/a-snapshot.ts';

function laneOf(snapshot: Snapshot): LanePlan {
  const [lane] = plan(snapshot).lanes;
  if (lane === undefined) throw new Error('no lane');
  return lane;
}

function decide(world: World): LanePlan {
  return laneOf(aSnapshot(world));
}

function only<Kind extends Action['kind']>(lane: LanePlan, kind: Kind): Extract<Action, { kind: Kind }> {
  const [action, ...rest] = lane.actions;
  if (action?.kind !== kind || rest.length > 0)
    throw new Error(
      `expected one ${kind}: ${JSON.stringify(lane.actions.map((one) => one.kind))}, ${describeReason(lane.why)}`,
    );
  return action as Extract<Action, { kind: Kind }>;
}

/** Hash of the candidate the snapshot's source proves. */
function candidateHash(world: World): string {
  const snapshot = aSnapshot(world);
  const staging = snapshot.environments[1];
  const read = staging === undefined ? undefined : candidateFor(snapshot, staging);
  return read?.kind === 'proved' ? read.candidate.hash : '';
}

describe('the three-way table', () => {
  const promoted = [{ before: '0.9', after: '1.0' }];

  test.each<{ row: string; world: World; code: string; draft?: boolean }>([
    {
      row: 'current = source: nothing to do',
      world: { lane: { current: { staging: '1.1' }, merged: promoted } },
      code: 'up-to-date',
    },
    { row: 'never promoted: moves, as a first promotion', world: {}, code: 'first-promotion', draft: false },
    {
      row: 'never promoted and current is higher: drift',
      world: { lane: { current: { staging: '2.0' } } },
      code: 'drift',
      draft: true,
    },
    {
      row: 'source ran before and current is newer: not moved unasked',
      world: { source: { dev: { tag: '0.9' } }, lane: { current: { staging: '1.0' }, merged: promoted } },
      code: 'rolled-back',
    },
    {
      row: 'source ran before, but is the higher version: moves',
      world: {
        source: { dev: { tag: '2.0' } },
        lane: { current: { staging: '1.9' }, merged: [{ before: '2.0', after: '1.9' }] },
      },
      code: 'promote',
      draft: false,
    },
    { row: 'current = base: moves', world: { lane: { merged: promoted } }, code: 'promote', draft: false },
    {
      row: 'base = source and current differs: a person took it out',
      world: { lane: { current: { staging: '1.0' }, merged: [{ before: '1.0', after: '1.1' }] } },
      code: 'taken-out',
    },
    {
      row: 'all three differ: drift',
      world: { lane: { current: { staging: '1.0-hotfix' }, merged: promoted } },
      code: 'drift',
      draft: true,
    },
  ])('$row', ({ world, code, draft }) => {
    const lane = decide(world);
    expect(lane.why.code).toBe(code);
    if (draft === undefined) expect(lane.actions).toEqual([]);
    else expect(only(lane, 'propose').proposal.kind === 'drift').toBe(draft);
  });

  test('drift says who changed the file and when', () => {
    const lane = decide({ lane: { current: { staging: '1.0-hotfix' }, merged: promoted } });
    const [drift] = only(lane, 'propose').proposal.drifts;
    expect(drift?.by).toMatchObject({ author: 'erin', headline: 'Hotfix', atMs: noonMs - 60 * minuteMs });
  });

  test('one drifted target makes the whole lane drifted', () => {
    const lane = decide({ lane: { current: { eu: '1.0', us: '1.0-hotfix' }, merged: promoted } });
    const { proposal } = only(lane, 'propose');
    expect(proposal.kind).toBe('drift');
    expect(proposal.drifts.map(({ change }) => change.target)).toEqual(['us']);
    expect(proposal.files.map(({ path }) => path)).toEqual([pathOf('staging', 'eu'), pathOf('staging', 'us')]);
  });
});

describe('what is proposed', () => {
  test('the version that synced, into every target, and nothing else of the file', () => {
    const { proposal } = only(decide({ lane: { current: { eu: '1.0', us: '1.0' } } }), 'propose');
    expect(proposal.files).toHaveLength(2);
    for (const { before, after } of proposal.files) {
      expect(after).toBe(before?.replace('newTag: 1.0', 'newTag: "1.1"'));
    }
  });

  test('the version at the reported revision, though the head of dev has a newer one by now', () => {
    const snapshot = aSnapshot({ source: { dev: { tag: '1.1' } } });
    const [dev, ...rest] = snapshot.environments;
    const [target] = dev?.targets ?? [];
    if (dev === undefined || target === undefined) throw new Error('no dev');
    const newer = {
      ...target,
      files: aSnapshot({ source: { dev: { tag: '1.2' } } }).environments[0]?.targets[0]?.files ?? {},
    };
    const lane = laneOf({ ...snapshot, environments: [{ ...dev, targets: [newer] }, ...rest] });
    expect(only(lane, 'propose').proposal.changes.map(({ source }) => source)).toEqual([{ newTag: '1.1' }]);
  });

  test('an environment that stands at `latest` can be promoted into, and not from', () => {
    const into = only(decide({ lane: { current: { staging: 'latest' } } }), 'propose').proposal;
    expect(into.changes.map(({ current, source }) => [current, source])).toEqual([
      [{ newTag: 'latest' }, { newTag: '1.1' }],
    ]);
    expect(into.files[0]?.after).toContain('newTag: "1.1"');
    const from = decide({ source: { dev: { tag: 'latest' } } });
    expect(from.actions).toEqual([]);
    expect(describeReason(from.why)).toContain('`latest` names whatever was pushed last, not a version');
  });

  test('a missing entry is added', () => {
    const { proposal } = only(decide({ lane: { current: { staging: undefined } } }), 'propose');
    expect(proposal.files[0]?.after).toContain('images:');
  });

  test('what differs beside it is listed as left alone', () => {
    const { proposal } = only(decide({}), 'propose');
    expect(proposal.leftAlone).toEqual([
      {
        kind: 'value',
        path: pathOf('staging', 'staging'),
        difference: { path: 'replicas[web].count', source: '1', target: '3' },
      },
    ]);
  });

  test('the branch is the lane’s own', () => {
    expect(only(decide({}), 'propose')).toMatchObject({
      branch: 'promote/staging/web',
      expected: undefined,
      existing: undefined,
    });
  });
});

describe('what proves a candidate', () => {
  test.each<{ name: string; source: World['source']; code: string; says: string }>([
    {
      name: 'no report',
      source: { dev: { reported: false } },
      code: 'waiting',
      says: 'dev has not reported yet. Awaited: Argo CD: Application `web-dev`.',
    },
    {
      name: 'failed',
      source: { dev: { state: 'failed' } },
      code: 'bad',
      says: 'dev is failed: Deployment is not ready',
    },
    { name: 'degraded', source: { dev: { state: 'degraded' } }, code: 'bad', says: 'dev is degraded' },
    { name: 'progressing', source: { dev: { state: 'progressing' } }, code: 'waiting', says: 'dev is progressing' },
    { name: 'no revision', source: { dev: { revision: undefined } }, code: 'waiting', says: 'reported no revision' },
    {
      name: 'a commit of a fork',
      source: { dev: { onBranch: false } },
      code: 'waiting',
      says: 'not on the default branch',
    },
    {
      name: 'one of two targets unhealthy',
      source: { eu: {}, us: { state: 'degraded' } },
      code: 'bad',
      says: 'dev/us is degraded',
    },
    {
      name: 'one of two targets silent',
      source: { eu: {}, us: { reported: false } },
      code: 'waiting',
      says: 'dev/us has not reported yet',
    },
    {
      name: 'targets at different versions',
      source: { eu: {}, us: { tag: '1.0' } },
      code: 'waiting',
      says: 'dev/us runs web 1.0',
    },
    { name: 'no target at all', source: {}, code: 'waiting', says: 'does not prove a candidate' },
    {
      name: 'a file that cannot be read for certain',
      source: { dev: { text: 'images:\n- name: web\n  newTag: {{ .tag }}\n' } },
      code: 'refused',
      says: 'cannot be read for certain',
    },
  ])('$name: nothing is opened, and the reason says so', ({ source, code, says }) => {
    const lane = decide({ ...(source === undefined ? {} : { source }) });
    expect(lane.actions).toEqual([]);
    expect(lane.why.code).toBe(code);
    expect(describeReason(lane.why)).toContain(says);
  });

  test('the same versions at different revisions agree', () => {
    const lane = decide({ source: { eu: { revision: aRevision('a1') }, us: { revision: aRevision('a2') } } });
    expect(only(lane, 'propose').proposal.candidate.proofs.map(({ revision }) => revision)).toEqual([
      aRevision('a1'),
      aRevision('a2'),
    ]);
  });
});

describe('an open pull request', () => {
  const ours = { pullRequests: [aPullRequest()], branches: [aBranch('"1.1"')] };

  test('that carries the candidate already is not pushed to', () => {
    const hash = candidateHash({});
    const [branch] = ours.branches;
    const proposed = only(decide({}), 'propose').proposal.files;
    const files = Object.fromEntries(
      proposed.map(({ path, after = '' }) => [path, { kind: 'text', oid: 'x', text: after } as const]),
    );
    if (branch === undefined) throw new Error('no branch');
    const lane = decide({
      lane: { pullRequests: [aPullRequest({ candidate: hash })], branches: [{ ...branch, files }] },
    });
    expect(lane.why.code).toBe('open');
    expect(only(lane, 'describe').draft).toBe(false);
  });

  test('that nobody touched takes the newer candidate in place', () => {
    const lane = decide({ source: { dev: { tag: '1.2' } }, lane: ours });
    expect(only(lane, 'propose')).toMatchObject({
      branch: 'promote/staging/web',
      expected: aRevision('e7'),
      existing: { number: 7 },
    });
  });

  test('whose branch holds more than the candidate now moves is brought up to date', () => {
    // The branch still carries a version of another candidate in a file that would no longer change.
    const { proposal } = only(decide({}), 'propose');
    const files = Object.fromEntries(
      proposal.files.map(({ path, after = '' }) => [path, { kind: 'text', oid: 'x', text: after } as const]),
    );
    const branches = [aBranch('1.1', { files })];
    const lane = decide({ lane: { pullRequests: [aPullRequest({ candidate: 'another' })], branches } });
    expect(only(lane, 'propose').existing?.number).toBe(7);
    const reviewed = decide({
      lane: { pullRequests: [aPullRequest({ candidate: 'another', reviewed: true })], branches },
    });
    expect(reviewed.why.code).toBe('pinned');
  });

  test('on whose branch somebody else has opened another one is left as it is', () => {
    const branches = [aBranch('1.1', { foreignPullRequest: 12 })];
    const lane = decide({ source: { dev: { tag: '1.2' } }, lane: { pullRequests: [aPullRequest()], branches } });
    expect(only(lane, 'describe').notice.why.text).toContain(
      'Pull request #12 is open on the same branch and is not Pawl',
    );
  });

  test('that was reviewed stays as it is and says that a newer candidate waits', () => {
    const lane = decide({
      source: { dev: { tag: '1.2' } },
      lane: { ...ours, pullRequests: [aPullRequest({ reviewed: true, engaged: true })] },
    });
    expect(lane.why.code).toBe('pinned');
    expect(only(lane, 'describe').notice.why.text).toContain('Another candidate waits');
  });

  test('with a person’s commit on its branch is left as it is', () => {
    const lane = decide({
      source: { dev: { tag: '1.2' } },
      lane: { ...ours, branches: [aBranch('1.1', {}, ['erin'])] },
    });
    expect(lane.why.code).toBe('edited');
    expect(only(lane, 'describe').notice.why.text).toContain('commits by erin');
  });

  test('is closed when the lane has the version', () => {
    const lane = decide({ lane: { ...ours, current: { staging: '1.1' } } });
    const close = only(lane, 'close');
    expect(close.deleteBranch).toBe(true);
    expect(close.why.text).toBe('web in staging already has web 1.1.');
  });

  test('is stopped at once when its source turns bad, and closed when that lasts', () => {
    const bad = (badSinceMs: number): World => ({ source: { dev: { state: 'degraded', badSinceMs } }, lane: ours });
    const first = decide(bad(noonMs - 5 * minuteMs));
    expect(only(first, 'describe').draft).toBe(true);
    expect(first.lookAgainAtMs).toBe(noonMs + 10 * minuteMs);
    expect(only(decide(bad(noonMs - 15 * minuteMs)), 'close').why.code).toBe('withdrawn');
  });

  test.each([
    { name: 'commented', lane: { ...ours, pullRequests: [aPullRequest({ engaged: true })] } },
    { name: 'committed', lane: { ...ours, branches: [aBranch('1.1', {}, ['erin'])] } },
  ])('is never closed for that when a person $name', ({ lane }) => {
    const plan = decide({ source: { dev: { state: 'degraded', badSinceMs: noonMs - 600 * minuteMs } }, lane });
    expect(only(plan, 'describe').draft).toBe(true);
    expect(plan.lookAgainAtMs).toBeUndefined();
  });

  test('is stopped but never closed when evidence is lost', () => {
    const lane = decide({ source: { dev: { reported: false } }, lane: ours });
    expect(only(lane, 'describe').draft).toBe(true);
    expect(lane.lookAgainAtMs).toBeUndefined();
  });

  test('is closed when the application left the configuration', () => {
    const close = only(decide({ configured: false, lane: ours }), 'close');
    expect(close.why.text).toBe('web in staging is no longer in the configuration.');
  });

  test('is closed when the source went back to what the lane ran before', () => {
    const world: World = {
      source: { dev: { tag: '0.9' } },
      lane: { ...ours, merged: [{ before: '0.9', after: '1.0' }] },
    };
    expect(only(decide(world), 'close').why.code).toBe('rolled-back');
  });

  test('shows a refusal of the target’s file and is stopped', () => {
    const lane = decide({
      lane: { ...ours, texts: { staging: 'images:\n- name: web\n  newTag: 1.0\n- name: web\n  newTag: 0.9\n' } },
    });
    expect(lane.why.code).toBe('refused');
    expect(only(lane, 'describe').draft).toBe(true);
  });
});

describe('people’s word', () => {
  const hash = candidateHash({});
  const closed = aPullRequest({
    state: 'closed',
    candidate: hash,
    closedBy: { login: 'bob', kind: 'person' },
    closedAtMs: noonMs,
  });

  test('closing declines the candidate, is written down, and is not offered again', () => {
    const lane = decide({ lane: { pullRequests: [closed] } });
    expect(only(lane, 'decline').declined).toEqual({ candidate: hash, pullRequest: 7, by: 'bob', atMs: noonMs });
    expect(lane.why.text).toBe('bob closed pull request #7: this candidate is not offered again.');
  });

  test('a recorded decline counts though the pull request is long gone', () => {
    const lane = decide({ lane: { declined: [{ candidate: hash, pullRequest: 7, by: 'bob', atMs: 1 }] } });
    expect(lane.why.code).toBe('declined');
    expect(lane.actions).toEqual([]);
  });

  test('a declined candidate does not come back in the place of a newer one', () => {
    const declined = [{ candidate: hash, pullRequest: 5, by: 'bob', atMs: 1 }];
    const newer = aPullRequest({ candidate: 'newer' });
    const lane = decide({ lane: { pullRequests: [newer], branches: [aBranch('1.2')], declined } });
    const close = only(lane, 'close');
    expect(close.why.text).toBe('bob closed pull request #5: this candidate is not offered again.');
  });

  test('a decline is taken back only by opening the very pull request again', () => {
    const declined = [{ candidate: hash, pullRequest: 5, by: 'bob', atMs: 1 }];
    const another = aPullRequest({ number: 7, candidate: hash });
    const lane = decide({ lane: { pullRequests: [another], branches: [aBranch('1.1')], declined } });
    expect(lane.actions.map(({ kind }) => kind)).not.toContain('offer-again');
  });

  test('closing one on which no commit of ours is left declines what is on offer', () => {
    const unnamed = { ...closed, candidate: undefined };
    const lane = decide({ lane: { pullRequests: [unnamed] } });
    expect(only(lane, 'decline').declined).toMatchObject({ candidate: hash, pullRequest: 7, by: 'bob' });
    const declined = [{ candidate: hash, pullRequest: 7, by: 'bob', atMs: 1 }];
    const later = decide({ source: { dev: { tag: '1.2' } }, lane: { pullRequests: [unnamed], declined } });
    expect(only(later, 'propose').existing).toBeUndefined();
  });

  test('a branch with somebody else’s open pull request is not taken', () => {
    const lane = decide({ lane: { branches: [aBranch('1.1', { foreignPullRequest: 12 })] } });
    expect(only(lane, 'propose').branch).toBe('promote/staging/web+2');
  });

  test('a newer candidate is offered after a decline', () => {
    const lane = decide({
      source: { dev: { tag: '1.2' } },
      lane: { pullRequests: [closed], declined: [{ candidate: hash, pullRequest: 7, by: 'bob', atMs: 1 }] },
    });
    expect(only(lane, 'propose').existing).toBeUndefined();
  });

  test('a pull request the App itself closed declines nothing', () => {
    const lane = decide({ lane: { pullRequests: [{ ...closed, closedBy: { login: 'pawl', kind: 'app' } }] } });
    expect(only(lane, 'propose').existing).toBeUndefined();
  });

  test('opening it again takes the decline back', () => {
    const declined = [{ candidate: hash, pullRequest: 7, by: 'bob', atMs: 1 }];
    const lane = decide({
      lane: { pullRequests: [aPullRequest({ candidate: hash })], branches: [aBranch('1.1')], declined },
    });
    expect(lane.actions.map(({ kind }) => kind)).toContain('offer-again');
  });

  test('a damaged state file stops the lane and says so', () => {
    const lane = decide({ lane: { damaged: 'lanes/staging/web.json on the branch pawl/state is damaged.' } });
    expect(lane).toMatchObject({
      actions: [],
      why: { code: 'untrusted', text: 'lanes/staging/web.json on the branch pawl/state is damaged.' },
    });
    const open = { damaged: 'damaged.', pullRequests: [aPullRequest()], branches: [aBranch('1.1')] };
    expect(only(decide({ lane: open }), 'describe')).toMatchObject({
      draft: true,
      notice: { why: { text: 'damaged.' } },
    });
  });

  test('a branch with a person’s commits and no pull request is kept: the spare one is taken', () => {
    const lane = decide({ lane: { branches: [aBranch('1.1', {}, ['erin'])] } });
    expect(only(lane, 'propose').branch).toBe('promote/staging/web+2');
  });

  test('two such branches stop the lane and are named', () => {
    const branches = [aBranch('1.1', {}, ['erin']), aBranch('1.1', { name: 'promote/staging/web+2' }, ['erin'])];
    expect(decide({ lane: { branches } }).why).toMatchObject({
      code: 'occupied',
      text: expect.stringContaining('Delete one of them'),
    });
  });

  test('a branch with more commits than were read is never reset', () => {
    const lane = decide({ lane: { branches: [aBranch('1.1', { complete: false })] } });
    expect(only(lane, 'propose').branch).toBe('promote/staging/web+2');
  });
});

describe('nobody is flooded', () => {
  test('too many open', () => {
    const lane = decide({ allowance: { open: { now: 10, max: 10 } } });
    expect(lane.actions).toEqual([]);
    expect(lane.why).toMatchObject({ code: 'limited', text: expect.stringContaining('10 may be') });
  });

  test('too many within the hour', () => {
    const lane = decide({ allowance: { recent: { now: 2, max: 2 } } });
    expect(lane.actions).toEqual([]);
    expect(lane.why.text).toContain('2 may be: this lane waits');
  });

  test('an open pull request is kept in line all the same', () => {
    const lane = decide({
      source: { dev: { tag: '1.2' } },
      lane: { pullRequests: [aPullRequest()], branches: [aBranch('1.1')] },
      allowance: { open: { now: 10, max: 10 } },
    });
    expect(only(lane, 'propose').existing?.number).toBe(7);
  });
});

describe('after the merge', () => {
  const merged = aPullRequest({ state: 'merged', number: 90, candidate: candidateHash({}) });
  const done: World['lane'] = {
    current: { staging: '1.1' },
    merged: [{ before: '1.0', after: '1.1' }],
    pullRequests: [merged],
  };

  test('it says when it is live', () => {
    const lane = decide({ lane: { ...done, reports: { staging: { tag: '1.1', revision: aRevision('b2') } } } });
    expect(only(lane, 'follow').outcome).toMatchObject({ state: 'live', key: 'live' });
  });

  test('and is silent from then on', () => {
    const reports = { staging: { tag: '1.1', state: 'degraded' as const, revision: aRevision('b2') } };
    expect(decide({ lane: { ...done, followed: 'live', reports } }).actions).toEqual([]);
  });

  test('it says when it went wrong', () => {
    const lane = decide({
      lane: { ...done, reports: { staging: { tag: '1.1', state: 'degraded', revision: aRevision('b2') } } },
    });
    const { outcome } = only(lane, 'follow');
    expect(outcome.state).toBe('failed');
    expect(describeReason(outcome.why)).toContain('staging is degraded: Deployment is not ready');
  });

  test('it waits while the target still runs the old version', () => {
    expect(
      decide({ lane: { ...done, reports: { staging: { tag: '1.0', revision: aRevision('b1') } } } }).actions,
    ).toEqual([]);
  });

  test('it waits for every target', () => {
    const lane = decide({
      lane: { ...done, current: { eu: '1.1', us: '1.1' }, reports: { eu: { tag: '1.1', revision: aRevision('b2') } } },
    });
    expect(lane.actions).toEqual([]);
  });
});

describe('a file the candidate belongs in is missing', () => {
  test('nothing is invented and the file is named', () => {
    const lane = decide({ lane: { texts: { staging: undefined } } });
    expect(lane.actions).toEqual([]);
    expect(describeReason(lane.why)).toContain('apps/web/staging/kustomization.yaml does not exist');
  });
});
