import { describe, expect, test } from 'vitest';
import { type LanePart, laneSelections, readLane } from '../../src/github/lane-reads.ts';
import type { RepositoryRead } from '../../src/github/repository.ts';
import { variableList } from '../../src/github/variables.ts';
import { laneQuery } from './config-repo.ts';

const name = 'promote/staging/web';
const part: LanePart = { query: { ...laneQuery, paths: [] }, prefix: 'l0', branches: [{ name, mergesRead: 0 }] };
const head = 'b'.repeat(40);
const none = { nodes: [] };

function commit(oid: string) {
  return {
    oid,
    message: oid,
    committedDate: '2026-03-01T12:00:00Z',
    author: { name: 'pawl[bot]', email: '1+pawl[bot]@users.noreply.github.com', user: null },
    committer: { email: 'noreply@github.com' },
    signature: { isValid: true, state: 'VALID', wasSignedByGitHub: true },
  };
}

/** The lane as an answer with this branch and this comparison shows it. */
function laneWith(ref: unknown, compare: unknown) {
  const read: RepositoryRead = {
    app: 'pawl',
    url: 'https://github.test/acme/config',
    defaultBranch: 'main',
    branch: 'main',
    defaultHead: 'f'.repeat(40),
    head: 'a'.repeat(40),
    fields: {
      head: {},
      defaultHead: {},
      branch: { maybel0c0: compare },
      repository: { l0b0: ref, l0p0: none, l0g0: none, l0f0: none },
    },
  };
  return readLane(part, read, undefined);
}

const ref = { target: { oid: head }, associatedPullRequests: none };
const older = 'c'.repeat(40);

describe('a branch', () => {
  test.each<[string, unknown, { complete: boolean; commits: readonly string[] }]>([
    ['that has nothing of its own', { aheadBy: 0, commits: { nodes: [] } }, { complete: true, commits: [] }],
    [
      'whose commits come oldest first',
      { aheadBy: 2, commits: { nodes: [commit(older), commit(head)] } },
      { complete: true, commits: [head, older] },
    ],
    [
      'whose commits come newest first',
      { aheadBy: 2, commits: { nodes: [commit(head), commit(older)] } },
      { complete: true, commits: [head, older] },
    ],
    [
      'with more commits than were read',
      { aheadBy: 3, commits: { nodes: [commit(older), commit(head)] } },
      { complete: false, commits: [head, older] },
    ],
    [
      'that moved between the two fields',
      { aheadBy: 1, commits: { nodes: [commit(older)] } },
      { complete: false, commits: [older] },
    ],
    ['that could not be compared', null, { complete: false, commits: [] }],
  ])('%s', (_, compare, expected) => {
    const [branch] = laneWith(ref, compare).branches;
    expect(branch?.head).toBe(head);
    expect({ complete: branch?.complete, commits: branch?.commits.map(({ oid }) => oid) }).toEqual(expected);
  });

  test('that is not there', () => {
    expect(laneWith(null, null).branches).toEqual([]);
  });
});

test('without a side branch there is no state', () => {
  expect(laneWith(null, null)).toMatchObject({ state: { kind: 'missing' }, stateChangedBy: undefined });
});

test('two lanes in one document keep their fields apart', () => {
  const variables = variableList();
  const aliases = ['l0', 'l1'].map((prefix) => {
    const {
      repository,
      branch,
      head: fields,
      state,
    } = laneSelections({ query: laneQuery, prefix, branches: [{ name, mergesRead: 1 }] }, variables);
    return new Set(
      [...`${repository} ${branch} ${fields} ${state}`.matchAll(/\b(?:maybe)?(l\d\w+):/g)].map(([, alias]) => alias),
    );
  });
  expect(aliases[0]?.size).toBeGreaterThan(5);
  expect([...(aliases[0] ?? [])].filter((alias) => aliases[1]?.has(alias))).toEqual([]);
});
