import { accountOf } from './accounts.ts';
import { isAncestor } from './history.ts';
import type { Oid } from './object-store.ts';
import { lagBehind } from './pull-request-lists.ts';
import { addToTimeline, announce, demandPulls, type PullRequest } from './pull-requests.ts';
import { branchRef } from './ref-names.ts';
import type { Repo } from './repos.ts';
import { unprocessable, validationFailed } from './rule-error.ts';
import type { Scope } from './scope.ts';

/** Marks a pull request closed, without asking whether the actor may. */
export function closeNow(scope: Scope, repo: Repo, pull: PullRequest): void {
  lagBehind(scope.world, pull, pull.state);
  pull.state = 'CLOSED';
  pull.closedAtMs = scope.world.now();
  pull.updatedAtMs = scope.world.now();
  addToTimeline(scope, pull, { kind: 'closed' });
  announce(scope, repo, pull, { action: 'closed' });
}

/** Marks a pull request merged by a commit that is on its base already. */
export function mergedNow(scope: Scope, repo: Repo, pull: PullRequest, commit: Oid): void {
  lagBehind(scope.world, pull, pull.state);
  pull.state = 'MERGED';
  pull.mergeCommit = commit;
  pull.mergedBy = accountOf(scope.actor);
  pull.mergedAtMs = scope.world.now();
  pull.closedAtMs = scope.world.now();
  pull.updatedAtMs = scope.world.now();
  addToTimeline(scope, pull, { kind: 'merged', commit });
  addToTimeline(scope, pull, { kind: 'closed' });
  announce(scope, repo, pull, { action: 'closed' });
}

export function closePullRequest(scope: Scope, repo: Repo, pull: PullRequest): void {
  demandPulls(scope, repo);
  if (pull.state === 'MERGED')
    throw unprocessable('Could not close the pull request. It is merged.', 'Validation Failed');
  if (pull.state === 'OPEN') closeNow(scope, repo, pull);
}

/** Refused when the branch is gone, or no longer holds the commits the pull request was closed with. */
export function reopenPullRequest(scope: Scope, repo: Repo, pull: PullRequest): void {
  demandPulls(scope, repo);
  if (pull.state === 'OPEN') return;
  const head = repo.store.ref(branchRef(pull.headBranch));
  const base = repo.store.ref(branchRef(pull.baseBranch));
  if (pull.state === 'MERGED') throw cannotReopen('The pull request cannot be reopened: it is merged.');
  if (head === undefined) throw cannotReopen(`The ${pull.headBranch} branch has been deleted.`);
  if (base === undefined) throw cannotReopen(`The ${pull.baseBranch} branch has been deleted.`);
  if (!isAncestor(repo.store, pull.headOid, head)) {
    throw cannotReopen(`The ${pull.headBranch} branch was force-pushed or recreated.`);
  }
  if (isAncestor(repo.store, head, base))
    throw cannotReopen(`There are no new commits on the ${pull.headBranch} branch.`);
  const other = [...repo.pulls.values()].find(
    (one) => one.state === 'OPEN' && one.headBranch === pull.headBranch && one.baseBranch === pull.baseBranch,
  );
  if (other) throw cannotReopen(`A pull request already exists for ${repo.owner.login}:${pull.headBranch}.`);
  lagBehind(scope.world, pull, pull.state);
  pull.state = 'OPEN';
  pull.closedAtMs = undefined;
  pull.headOid = head;
  pull.baseOid = base;
  pull.updatedAtMs = scope.world.now();
  addToTimeline(scope, pull, { kind: 'reopened' });
  announce(scope, repo, pull, { action: 'reopened' });
}

function cannotReopen(reason: string): Error {
  const message = `state cannot be changed. ${reason}`;
  return validationFailed(
    'PullRequest',
    [{ code: 'custom', field: 'state', message }],
    [`Could not open the pull request. ${reason}`],
  );
}

/** A draft cannot be merged until somebody says it is ready. */
export function setDraft(scope: Scope, repo: Repo, pull: PullRequest, draft: boolean): void {
  demandPulls(scope, repo);
  if (pull.state !== 'OPEN') throw unprocessable('Pull request is closed.');
  if (pull.draft === draft) return;
  pull.draft = draft;
  pull.updatedAtMs = scope.world.now();
  addToTimeline(scope, pull, { kind: draft ? 'converted-to-draft' : 'ready-for-review' });
  announce(scope, repo, pull, { action: draft ? 'converted_to_draft' : 'ready_for_review' });
}
