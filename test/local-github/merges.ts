import { accountOf } from './accounts.ts';
import { gitHubSignature, signatureOf, signed, writeCommit } from './commits.ts';
import { commitsBetween, isAncestor } from './history.ts';
import { mergeOf } from './mergeability.ts';
import type { Commit, Oid } from './object-store.ts';
import { mergedNow } from './pull-request-state.ts';
import type { PullRequest } from './pull-requests.ts';
import { branchRef } from './ref-names.ts';
import { applyRefChanges } from './refs.ts';
import { demand, type Repo } from './repos.ts';
import { RuleError } from './rule-error.ts';
import type { Scope } from './scope.ts';

export type MergeMethod = 'merge' | 'squash' | 'rebase';

function refused(status: number, message: string): RuleError {
  return new RuleError({ status, type: 'UNPROCESSABLE', message });
}

export interface MergeOrder {
  readonly method: MergeMethod;
  readonly expectedHeadOid: Oid | undefined;
  readonly headline: string | undefined;
  readonly body: string | undefined;
}

/** Merges and answers the commit the base is at now. The head branch stays. */
export function mergePullRequest(scope: Scope, repo: Repo, pull: PullRequest, order: MergeOrder): Oid {
  demand(scope.actor, repo, { any: ['contents'], level: 'write' });
  const name = branchRef(pull.baseBranch);
  const base = repo.store.ref(name);
  if (pull.state !== 'OPEN' || base === undefined) throw refused(405, 'Pull Request is not mergeable');
  if (pull.draft) throw refused(405, 'Pull Request is still a draft');
  if (order.expectedHeadOid !== undefined && order.expectedHeadOid !== pull.headOid) {
    throw refused(409, 'Head branch was modified. Review and try the merge again.');
  }
  const merged = mergeOf(repo, base, pull.headOid);
  if (merged.kind === 'conflict') throw refused(405, 'Pull Request is not mergeable');
  const commits = commitsBetween(repo.store, base, pull.headOid);
  const after = makeMerge(scope, repo, pull, { order, base, tree: merged.tree, commits });
  pull.baseOid = base;
  applyRefChanges(scope, repo, [{ name, before: base, after }]);
  mergedNow(scope, repo, pull, after);
  scope.contentCreated += 1;
  return after;
}

interface MergePlan {
  readonly order: MergeOrder;
  readonly base: Oid;
  readonly tree: Oid;
  readonly commits: readonly Commit[];
}

function makeMerge(scope: Scope, repo: Repo, pull: PullRequest, plan: MergePlan): Oid {
  if (plan.order.method === 'rebase') return rebase(scope, repo, plan);
  const { headline, body } = plan.order;
  const words = plan.order.method === 'merge' ? mergeWords(repo, pull) : squashWords(pull, plan.commits);
  const message = [headline ?? words.headline, body ?? words.body].filter((part) => part !== '').join('\n\n');
  const parts = {
    tree: plan.tree,
    parents: plan.order.method === 'merge' ? [plan.base, pull.headOid] : [plan.base],
    author: signatureOf(scope.world, plan.order.method === 'merge' ? accountOf(scope.actor) : pull.author),
    committer: gitHubSignature(scope.world),
    message,
    signature: undefined,
  };
  return writeCommit(repo, signed(scope.world, parts));
}

interface Words {
  readonly headline: string;
  readonly body: string;
}

function mergeWords(repo: Repo, pull: PullRequest): Words {
  return {
    headline: `Merge pull request #${pull.number} from ${repo.owner.login}/${pull.headBranch}`,
    body: pull.title,
  };
}

/** One commit keeps its own message; several are listed below the pull request's title. */
function squashWords(pull: PullRequest, commits: readonly Commit[]): Words {
  const [only, ...rest] = commits;
  if (only && rest.length === 0) {
    const [headline = '', ...body] = only.message.trim().split('\n');
    return { headline: `${headline} (#${pull.number})`, body: body.join('\n').trim() };
  }
  const list = commits.map((commit) => `* ${commit.message.trim()}`).join('\n\n');
  return { headline: `${pull.title} (#${pull.number})`, body: list };
}

/** Puts each commit on top of the base anew. The merge of the whole is clean, yet a single step may still conflict. */
function rebase(scope: Scope, repo: Repo, plan: MergePlan): Oid {
  let onto = plan.base;
  for (const commit of plan.commits.filter((one) => one.parents.length === 1)) {
    const tree = cherryPickTree(repo, onto, commit);
    if (tree === undefined) throw refused(405, 'This branch can’t be rebased due to conflicts');
    onto = writeCommit(repo, {
      tree,
      parents: [onto],
      author: commit.author,
      committer: signatureOf(scope.world, accountOf(scope.actor)),
      message: commit.message,
      signature: undefined,
    });
  }
  return onto;
}

/** A merge of the commit with "the base's files as a child of the commit's parent" has that parent as its ancestor. */
function cherryPickTree(repo: Repo, onto: Oid, commit: Commit): Oid | undefined {
  const parts = { ...repo.store.commit(onto), parents: commit.parents, signature: undefined };
  const merged = repo.store.merge(writeCommit(repo, parts), commit.oid);
  return merged.kind === 'clean' ? merged.tree : undefined;
}

/** "Update branch": merges the base into the head, as a commit of the actor's. */
export function updateBranch(scope: Scope, repo: Repo, pull: PullRequest): Oid {
  demand(scope.actor, repo, { any: ['contents'], level: 'write' });
  const base = repo.store.ref(branchRef(pull.baseBranch));
  const head = pull.headOid;
  if (base === undefined || pull.state !== 'OPEN') throw refused(422, 'The pull request is not open.');
  if (isAncestor(repo.store, base, head)) throw refused(422, 'There are no new commits on the base branch.');
  const merged = mergeOf(repo, head, base);
  if (merged.kind === 'conflict') throw refused(422, 'merge conflict between base and head');
  const parts = {
    tree: merged.tree,
    parents: [head, base],
    author: signatureOf(scope.world, accountOf(scope.actor)),
    committer: gitHubSignature(scope.world),
    message: `Merge branch '${pull.baseBranch}' into ${pull.headBranch}`,
    signature: undefined,
  };
  const after = writeCommit(repo, signed(scope.world, parts));
  applyRefChanges(scope, repo, [{ name: branchRef(pull.headBranch), before: head, after }]);
  return after;
}
