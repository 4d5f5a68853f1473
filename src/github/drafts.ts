import type { Repo } from '../domain/repo.ts';
import type { GitHubContext } from './memory.ts';

/**
 * What GitHub says where a repo's plan has no draft pull requests: the first of opening one, the second of making one a draft,
 * where it speaks of a permission that no App can be given.
 */
const refusals = [
  /draft pull requests? (?:is|are) not supported/i,
  /does not have permission to convert the pull request(?: \S+)? to draft/i,
] as const;

/** Whether the repo is known to have no draft pull requests: then none is asked for. */
export function isDraftless({ memory }: GitHubContext, repo: Repo): boolean {
  return memory.draftless.get(String(repo.id)) === true;
}

/** Whether GitHub's words say that the repo has no draft pull requests; if so that is remembered. */
export function learnDraftless({ memory }: GitHubContext, repo: Repo, words: string): boolean {
  const says = refusals.some((refusal) => refusal.test(words));
  if (says) memory.draftless.set(String(repo.id), true, 1);
  return says;
}
