import { expect, test } from 'vitest';
import { isDraftless, learnDraftless } from '../../src/github/drafts.ts';
import { answering, repo } from './stage.ts';

test.each([
  ['GitHub says: Draft pull requests are not supported in this repository.', true],
  ['pawl does not have permission to convert the pull request PR_kwDOA1b2c3 to draft.', true],
  ['Resource not accessible by integration', false],
  ['pawl does not have permission to update the pull request PR_1.', false],
  ['Pull request is closed.', false],
  ['Something went wrong while executing your query.', false],
])('"%s" means that the repo has no drafts: %s', (words, expected) => {
  const { context } = answering({});
  expect(learnDraftless(context, repo, words)).toBe(expected);
  expect(isDraftless(context, repo)).toBe(expected);
});

test('what one repo lacks, another may have', () => {
  const { context } = answering({});
  learnDraftless(context, repo, 'Draft pull requests are not supported in this repository.');
  expect(isDraftless(context, { ...repo, id: repo.id + 1 })).toBe(false);
});
