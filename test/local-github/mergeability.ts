import { isAncestor } from './history.ts';
import { mergeDisjoint } from './merge-disjoint.ts';
import type { MergeResult, Oid } from './object-store.ts';
import type { PullRequest } from './pull-requests.ts';
import { branchRef } from './ref-names.ts';
import type { Repo } from './repos.ts';

export type Mergeable = 'MERGEABLE' | 'CONFLICTING' | 'UNKNOWN';

/** Whether the pull request could be merged now, as Git sees it. GitHub does not know at once after a push, and not for closed ones. */
export function mergeableOf(repo: Repo, pull: PullRequest): Mergeable {
  if (pull.state !== 'OPEN') return 'UNKNOWN';
  if (pull.unknownMergeableReads > 0) {
    pull.unknownMergeableReads -= 1;
    return 'UNKNOWN';
  }
  const base = repo.store.ref(branchRef(pull.baseBranch));
  if (base === undefined) return 'CONFLICTING';
  return mergeOf(repo, base, pull.headOid).kind === 'clean' ? 'MERGEABLE' : 'CONFLICTING';
}

/** The merge of a head into a base: by looking at the files where that is enough, else by Git. */
export function mergeOf(repo: Repo, base: Oid, head: Oid): MergeResult {
  if (isAncestor(repo.store, base, head)) return { kind: 'clean', tree: repo.store.commit(head).tree };
  const tree = mergeDisjoint(repo.store, base, head);
  return tree === undefined ? repo.store.merge(base, head) : { kind: 'clean', tree };
}
