import { expect, test } from 'vitest';
import { isApp, isOwn, type PullRequestFacts, pullRequestOf } from '../../src/github/pulls.ts';

const bot = { __typename: 'Bot', login: 'pawl' };
const person = { __typename: 'User', login: 'bo' };

const facts: PullRequestFacts = {
  id: 'PR_1',
  number: 1,
  url: 'https://github.test/acme/config/pull/1',
  state: 'OPEN',
  isDraft: false,
  title: 'web v2',
  body: 'body',
  headRefName: 'promote/staging/web',
  headRefOid: 'a'.repeat(40),
  baseRefName: 'main',
  isCrossRepository: false,
  createdAt: '2026-03-01T12:00:00Z',
  author: bot,
  reviews: { totalCount: 0, nodes: [] },
  comments: { totalCount: 0, nodes: [] },
  commits: { nodes: [] },
  timelineItems: { nodes: [] },
};

test.each([
  [{ __typename: 'Bot', login: 'pawl' }, true],
  [{ __typename: 'Bot', login: 'pawl[bot]' }, true],
  [{ __typename: 'User', login: 'pawl' }, false],
  [{ __typename: 'User', login: 'pawl[bot]' }, false],
  [{ __typename: 'Bot', login: 'other' }, false],
  [null, false],
])('%o is the App: %s', (actor, expected) => {
  expect(isApp(actor, 'pawl')).toBe(expected);
});

test('a pull request from a fork is not ours, whoever opened it', () => {
  expect(isOwn({ author: bot, isCrossRepository: false }, 'pawl')).toBe(true);
  expect(isOwn({ author: bot, isCrossRepository: true }, 'pawl')).toBe(false);
});

function comments(...authors: readonly PullRequestFacts['author'][]): PullRequestFacts['comments'] {
  return { totalCount: authors.length, nodes: authors.map((author, index) => ({ body: `comment ${index}`, author })) };
}

function reviews(...states: readonly string[]): PullRequestFacts['reviews'] {
  return { totalCount: states.length, nodes: states.map((state) => ({ state, author: person })) };
}

test.each<[string, Partial<PullRequestFacts>, { engaged: boolean; reviewed: boolean }]>([
  ['nobody', {}, { engaged: false, reviewed: false }],
  ['the App', { comments: comments(bot) }, { engaged: false, reviewed: false }],
  ['another bot', { comments: comments({ __typename: 'Bot', login: 'ci' }) }, { engaged: false, reviewed: false }],
  ['a person', { comments: comments(bot, person) }, { engaged: true, reviewed: false }],
  ['a deleted account', { comments: comments(null) }, { engaged: true, reviewed: false }],
  ['more comments than were read', { comments: { totalCount: 51, nodes: [] } }, { engaged: true, reviewed: false }],
  ['a review without a verdict', { reviews: reviews('COMMENTED') }, { engaged: true, reviewed: false }],
  ['an approval', { reviews: reviews('APPROVED') }, { engaged: true, reviewed: true }],
  ['a request for changes', { reviews: reviews('CHANGES_REQUESTED') }, { engaged: true, reviewed: true }],
  ['an approval taken back', { reviews: reviews('DISMISSED') }, { engaged: true, reviewed: false }],
  ['more reviews than were read', { reviews: { totalCount: 31, nodes: [] } }, { engaged: true, reviewed: true }],
])('the word of %s', (_, change, expected) => {
  expect(pullRequestOf({ ...facts, ...change }, 'pawl')).toMatchObject(expected);
});

test("the App's own comments, at most the newest twenty", () => {
  const many = comments(...Array.from({ length: 25 }, () => bot), person);
  const { ownComments } = pullRequestOf({ ...facts, comments: many }, 'pawl');
  expect(ownComments).toHaveLength(20);
  expect(ownComments.at(-1)).toBe('comment 24');
});

test.each<[string, Partial<PullRequestFacts>, object]>([
  ['open', {}, { state: 'open', closedBy: undefined, closedAtMs: undefined, mergeCommit: undefined }],
  [
    'reopened: who closed it before no longer counts',
    { timelineItems: { nodes: [{ actor: person }] }, closedAt: null },
    { state: 'open', closedBy: undefined, closedAtMs: undefined },
  ],
  [
    'closed by a person',
    { state: 'CLOSED', closedAt: '2026-03-01T13:00:00Z', timelineItems: { nodes: [{ actor: person }] } },
    { state: 'closed', closedBy: { login: 'bo', kind: 'person' }, closedAtMs: Date.parse('2026-03-01T13:00:00Z') },
  ],
  [
    'closed by another bot',
    {
      state: 'CLOSED',
      closedAt: '2026-03-01T13:00:00Z',
      timelineItems: { nodes: [{ actor: { __typename: 'Bot', login: 'stale[bot]' } }] },
    },
    { state: 'closed', closedBy: { login: 'stale', kind: 'bot' } },
  ],
  ['closed, GitHub does not say by whom', { state: 'CLOSED', timelineItems: { nodes: [{}] } }, { closedBy: undefined }],
  [
    'merged',
    { state: 'MERGED', mergeCommit: { oid: 'b'.repeat(40) }, timelineItems: { nodes: [{ actor: person }] } },
    { state: 'merged', mergeCommit: 'b'.repeat(40), closedBy: { login: 'bo', kind: 'person' } },
  ],
])('%s', (_, change, expected) => {
  expect(pullRequestOf({ ...facts, ...change }, 'pawl')).toMatchObject(expected);
});
