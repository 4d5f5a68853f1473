import { describe, expect, test } from 'vitest';
import { authorOf, type CommitFacts, headlineOf, isByApp, trailerOf } from '../../src/github/commits.ts';

const email = '12345+pawl[bot]@users.noreply.github.com';

const byApp: CommitFacts = {
  oid: 'a'.repeat(40),
  message: 'Promote web',
  committedDate: '2026-03-01T12:00:00Z',
  author: { name: 'pawl[bot]', email, user: null },
  committer: { email: 'noreply@github.com' },
  signature: { isValid: true, state: 'VALID', wasSignedByGitHub: true },
};

const signature = { isValid: true, state: 'VALID', wasSignedByGitHub: true };

describe("a commit is the App's", () => {
  test.each<[string, Partial<CommitFacts>]>([
    ['as GitHub makes it', {}],
    ['with a user that GitHub shows for the bot', { author: { name: 'pawl', email, user: { login: 'pawl[bot]' } } }],
    ['committed by the bot itself', { committer: { email } }],
    [
      'on GitHub Enterprise Server',
      {
        author: { name: 'pawl[bot]', email: '7+pawl[bot]@users.noreply.github.corp.test', user: null },
        committer: { email: 'noreply@github.corp.test' },
      },
    ],
  ])('%s', (_, change) => {
    expect(isByApp({ ...byApp, ...change }, 'pawl')).toBe(true);
  });

  test.each<[string, Partial<CommitFacts>]>([
    ['without a signature', { signature: null }],
    ['with a signature that does not fit', { signature: { ...signature, isValid: false, state: 'INVALID' } }],
    ['with a signature in another state', { signature: { ...signature, state: 'UNVERIFIED_EMAIL' } }],
    ["with a person's own signature", { signature: { ...signature, wasSignedByGitHub: false } }],
    ['by a person', { author: { name: 'Bo', email: 'bo@example.com', user: { login: 'bo' } } }],
    [
      'by a person who is called like the App',
      { author: { name: 'pawl[bot]', email: 'p@x.test', user: { login: 'pawl' } } },
    ],
    [
      "from a person's address at GitHub",
      { author: { name: 'x', email: '1+pawl@users.noreply.github.com', user: null } },
    ],
    ['by another App', { author: { name: 'x', email: '1+other[bot]@users.noreply.github.com', user: null } }],
    [
      "by a login that only ends like the App's",
      { author: { name: 'x', email: '1+my-pawl[bot]@users.noreply.github.com', user: null } },
    ],
    ['from an address outside GitHub', { author: { name: 'x', email: 'pawl[bot]@example.com', user: null } }],
    ["that GitHub signed for a person in the App's name", { committer: { email: 'bo@example.com' } }],
    ['without an author', { author: null }],
    ['without a committer', { committer: null }],
  ])('and not %s', (_, change) => {
    expect(isByApp({ ...byApp, ...change }, 'pawl')).toBe(false);
  });
});

test.each<[CommitFacts['author'], string]>([
  [{ name: 'Bo B', email: 'b@example.com', user: { login: 'bo' } }, 'bo'],
  [{ name: 'Bo B', email: 'b@example.com', user: null }, 'Bo B'],
  [{ name: 'pawl[bot]', email, user: null }, 'pawl'],
  [null, 'unknown'],
])('the author of %o is %s', (author, name) => {
  expect(authorOf({ ...byApp, author })).toBe(name);
});

test.each([
  ['Promote\n\nPawl-Candidate: abc', 'abc'],
  ['Promote\n\nPawl-From: dev\nPawl-Candidate: abc\nPawl-To: staging\n', 'abc'],
  ['Promote\n\nPawl-Candidate: first\nPawl-Candidate: last', 'last'],
  ['Promote\n\nPawl-Candidate: abc\n\nCo-authored-by: Bo <bo@example.com>', undefined],
  ['Promote\n\n> Pawl-Candidate: quoted', undefined],
  ['Promote', undefined],
])('the trailer of %j', (message, value) => {
  expect(trailerOf(message, 'Pawl-Candidate')).toBe(value);
});

test('a headline is the first line', () => {
  expect(headlineOf('One\n\nTwo')).toBe('One');
});
