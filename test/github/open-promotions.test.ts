import { describe, expect, test } from 'vitest';
import { createMemory } from '../../src/github/memory.ts';
import { closedPromotions, openPromotions, openSelection } from '../../src/github/open-promotions.ts';
import type { RepositoryRead } from '../../src/github/repository.ts';
import { answering, bareRepo, repo } from './stage.ts';

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

const theirs = { ...pull, number: 900, headRefName: 'feature', author: { __typename: 'User', login: 'bo' } };

function readOf(repository: object): RepositoryRead {
  return {
    app: 'pawl',
    url: 'https://github.test/acme/config',
    defaultBranch: 'main',
    branch: 'main',
    defaultHead: 'f'.repeat(40),
    head: 'a'.repeat(40),
    fields: { head: {}, defaultHead: {}, branch: {}, repository: { ...repository } },
  };
}

/** A page of lanes' branches, each with its open pull requests. */
function page(next: string | undefined, ...branches: readonly (readonly object[])[]) {
  return {
    pageInfo: { hasNextPage: next !== undefined, endCursor: next ?? null },
    nodes: branches.map((nodes) => ({ associatedPullRequests: { nodes } })),
  };
}

function opened(repository: object, data: object = {}) {
  const { context, client } = answering({ ...bareRepo(), ...data });
  return { context, client, promotions: openPromotions(context, repo, readOf(repository)) };
}

describe('an open pull request', () => {
  const listed = (change: object) => opened({ open: { totalCount: 1, nodes: [{ ...pull, ...change }] } }).promotions;

  test("of the App on a lane's branch", async () => {
    expect(await listed({})).toEqual([
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
  ])('and not one %s', async (_, change) => {
    expect(await listed(change)).toEqual([]);
  });
});

test('closed ones are read from a list of their own', () => {
  const closed = { ...pull, closedAt: '2026-03-01T14:00:00Z' };
  const seen = closedPromotions(readOf({ closed: { nodes: [closed, { ...theirs, closedAt: closed.closedAt }] } }));
  expect(seen).toMatchObject([{ number: 1, closedAtMs: Date.parse('2026-03-01T14:00:00Z') }]);
});

describe('where more is open than one list holds', () => {
  const crowd = { totalCount: 101, nodes: [theirs] };

  test("the lanes' branches are read as well, at the next look with the list itself", async () => {
    const lanes = page(undefined, [theirs], [], [pull]);
    const { context, client, promotions } = opened(
      { open: crowd },
      { repository: { ...bareRepo().repository, lanes } },
    );
    expect(openSelection(createMemory(), repo)).not.toContain('refs/heads/promote/');
    expect((await promotions).map(({ number }) => number)).toEqual([1]);
    expect(client.sent).toHaveLength(1);
    expect(openSelection(context.memory, repo)).toContain('refs/heads/promote/');
    expect(await openPromotions(context, repo, readOf({ open: crowd, lanes }))).toHaveLength(1);
    expect(client.sent).toHaveLength(1);
  });

  test('one that is on both lists counts once; the newest comes first', async () => {
    const newer = { ...pull, number: 5, headRefName: 'promote/prod/web' };
    const { promotions } = opened({
      open: { totalCount: 101, nodes: [newer] },
      lanes: page(undefined, [pull], [newer]),
    });
    expect((await promotions).map(({ number }) => number)).toEqual([5, 1]);
  });

  test('it is forgotten when there are fewer', async () => {
    const { context, promotions } = opened({ open: crowd, lanes: page(undefined) });
    await promotions;
    await openPromotions(context, repo, readOf({ open: { totalCount: 1, nodes: [theirs] } }));
    expect(openSelection(context.memory, repo)).not.toContain('refs/heads/promote/');
  });

  test('branches are paged through up to a limit', async () => {
    const lanes = page('next', [pull]);
    const { client, promotions } = opened({ open: crowd }, { repository: { ...bareRepo().repository, lanes } });
    expect(await promotions).toHaveLength(1);
    expect(client.sent).toHaveLength(10);
    expect(client.sent[0]?.document).not.toContain('after:');
    expect(client.sent[9]?.document).toContain('after: $v');
  });
});
