import { isAncestor } from './history.ts';
import type { Oid, RefChange } from './object-store.ts';
import { closeNow, mergedNow } from './pull-request-state.ts';
import { addToTimeline, announce, type PullRequest } from './pull-requests.ts';
import { branchOf, branchRef } from './ref-names.ts';
import type { Repo } from './repos.ts';
import type { Scope } from './scope.ts';

function openPulls(repo: Repo): readonly PullRequest[] {
  return [...repo.pulls.values()].filter((pull) => pull.state === 'OPEN');
}

/** What a moved branch does to open pull requests at once: a new head, or the end when the branch went away. */
export function pullRequestsFollow(scope: Scope, repo: Repo, change: RefChange & { readonly forced: boolean }): void {
  const branch = branchOf(change.name);
  if (branch === undefined) return;
  for (const pull of openPulls(repo)) {
    const isHead = pull.headBranch === branch;
    if (!isHead && pull.baseBranch !== branch) continue;
    pull.unknownMergeableReads = scope.world.settings.mergeableUnknownReads;
    if (change.after === undefined) {
      if (isHead) addToTimeline(scope, pull, { kind: 'head-deleted' });
      closeNow(scope, repo, pull);
    } else if (isHead) moveHead(scope, repo, pull, change.after, change.forced);
  }
}

function moveHead(scope: Scope, repo: Repo, pull: PullRequest, after: Oid, forced: boolean): void {
  const before = pull.headOid;
  pull.headOid = after;
  pull.baseOid = repo.store.ref(branchRef(pull.baseBranch)) ?? pull.baseOid;
  pull.updatedAtMs = scope.world.now();
  if (forced) addToTimeline(scope, pull, { kind: 'head-force-pushed', before, after });
  announce(scope, repo, pull, { action: 'synchronize', before, after });
}

/**
 * Pull requests whose head is on their base when the request ends have nothing left to merge. When the base moved there, GitHub
 * calls it merged; when the head moved there, closed. In between, a head may well equal its base: a branch is reset and then
 * gets its new commit in one document.
 */
export function settlePullRequests(scope: Scope): void {
  const moved = new Map<Repo, Set<string>>();
  for (const { repo, name } of scope.moved) {
    moved.set(repo, (moved.get(repo) ?? new Set<string>()).add(branchOf(name) ?? ''));
  }
  for (const [repo, branches] of moved) {
    for (const pull of openPulls(repo)) {
      if (branches.has(pull.headBranch) || branches.has(pull.baseBranch)) settle(scope, repo, pull, branches);
    }
  }
}

function settle(scope: Scope, repo: Repo, pull: PullRequest, moved: ReadonlySet<string>): void {
  const base = repo.store.ref(branchRef(pull.baseBranch));
  if (base === undefined || !isAncestor(repo.store, pull.headOid, base)) return;
  if (moved.has(pull.headBranch)) closeNow(scope, repo, pull);
  else mergedNow(scope, repo, pull, base);
}
