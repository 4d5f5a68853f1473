import { expect, test } from 'vitest';
import { promotionsOf } from '../../src/github/open-promotions.ts';
import type { RepositoryRead } from '../../src/github/repository.ts';

const pull = {
  number: 1,
  headRefName: 'promote/staging/web',
  headRefOid: 'b'.repeat(40),
  isCrossRepository: false,
  createdAt: '2026-03-01T12:00:00Z',
  updatedAt: '2026-03-01T13:00:00Z',
  closedAt: null,
  author: { __typename: 'Bot', login: 'pawl' },
};

function listed(change: object) {
  const read: RepositoryRead = {
    app: 'pawl',
    url: 'https://github.test/acme/config',
    defaultBranch: 'main',
    head: 'a'.repeat(40),
    fields: { head: {}, defaultBranch: {}, repository: { open: { nodes: [{ ...pull, ...change }] } } },
  };
  return promotionsOf(read, 'open');
}

test("the App's pull request on a lane's branch", () => {
  expect(listed({})).toEqual([
    {
      number: 1,
      branch: 'promote/staging/web',
      head: 'b'.repeat(40),
      createdAtMs: Date.parse('2026-03-01T12:00:00Z'),
      updatedAtMs: Date.parse('2026-03-01T13:00:00Z'),
      closedAtMs: undefined,
    },
  ]);
});

test.each([
  ['from a fork', { isCrossRepository: true }],
  ['by a person', { author: { __typename: 'User', login: 'pawl' } }],
  ['by a deleted account', { author: null }],
  ['on another branch', { headRefName: 'feature/web' }],
  ['on a branch no lane can have', { headRefName: 'promote/staging/web/more' }],
])('and not one %s', (_, change) => {
  expect(listed(change)).toEqual([]);
});
