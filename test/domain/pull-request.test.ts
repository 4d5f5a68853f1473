import { expect, test } from 'vitest';
import { type Branch, isOurs } from '../../src/domain/pull-request.ts';

const commit = { oid: 'a'.repeat(40), message: 'Promote web', byApp: true, author: 'pawl' };
const branch: Branch = {
  name: 'promote/staging/web',
  head: commit.oid,
  commits: [commit],
  complete: true,
  foreignPullRequest: undefined,
  files: {},
};

test.each<[string, Partial<Branch>, boolean]>([
  ["the App's commits only", {}, true],
  ['no commit of its own', { commits: [] }, true],
  ["a person's commit", { commits: [{ ...commit, byApp: false, author: 'bo' }, commit] }, false],
  ['more commits than were read', { complete: false }, false],
  ["somebody else's pull request on it", { foreignPullRequest: 7 }, false],
])('a branch with %s: ours is %s', (_, change, expected) => {
  expect(isOurs({ ...branch, ...change })).toBe(expected);
});
