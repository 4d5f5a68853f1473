import { accountByEmail } from './accounts.ts';
import { type CheckRun, type CommitStatus, resolveCommit } from './checks.ts';
import { isVerified } from './commits.ts';
import { compareCommits, historyOf } from './history.ts';
import { baseOf } from './json-pull.ts';
import { type Mergeable, mergeableOf } from './mergeability.ts';
import { git } from './objects-git.ts';
import { repoNamed } from './people.ts';
import { type PullRequest, type PullState, pullOf, type ReviewState } from './pull-requests.ts';
import { branchRef } from './ref-names.ts';
import type { Repo } from './repos.ts';
import { misuse } from './rule-error.ts';
import { emptyTree, entryAt, isTree, walkTree } from './trees.ts';
import type { World } from './world.ts';

/** A comment as a person reads it. Authors are logins, bots with their `[bot]`. */
export interface CommentView {
  readonly id: number;
  readonly author: string;
  readonly body: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly reactions: readonly string[];
}

export interface ReviewView {
  readonly author: string;
  readonly state: ReviewState;
  readonly body: string;
}

/** A pull request as a person reads it. */
export interface PullView {
  readonly number: number;
  readonly nodeId: string;
  readonly title: string;
  readonly body: string;
  readonly state: PullState;
  readonly draft: boolean;
  readonly author: string;
  readonly head: { readonly branch: string; readonly sha: string };
  readonly base: { readonly branch: string; readonly sha: string };
  readonly mergeable: Mergeable;
  readonly labels: readonly string[];
  readonly comments: readonly CommentView[];
  readonly reviews: readonly ReviewView[];
  /** What happened to it, in order, such as `closed by alex`. */
  readonly timeline: readonly string[];
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly closedAtMs: number | undefined;
  readonly mergedAtMs: number | undefined;
  readonly mergeCommit: string | undefined;
}

function pullView(repo: Repo, pull: PullRequest): PullView {
  return {
    number: pull.number,
    nodeId: pull.nodeId,
    title: pull.title,
    body: pull.body,
    state: pull.state,
    draft: pull.draft,
    author: pull.author.login,
    head: { branch: pull.headBranch, sha: pull.headOid },
    base: { branch: pull.baseBranch, sha: pull.baseOid },
    mergeable: mergeableOf(repo, pull),
    labels: pull.labels,
    comments: pull.comments.map(({ id, author, body, createdAtMs, updatedAtMs, reactions }) => ({
      id,
      author: author.login,
      body,
      createdAtMs,
      updatedAtMs,
      reactions: reactions.map((reaction) => reaction.content),
    })),
    reviews: pull.reviews.map(({ author, state, body }) => ({ author: author.login, state, body })),
    timeline: pull.timeline.map((event) => `${event.kind} by ${event.actor.login}`),
    createdAtMs: pull.createdAtMs,
    updatedAtMs: pull.updatedAtMs,
    closedAtMs: pull.closedAtMs,
    mergedAtMs: pull.mergedAtMs,
    mergeCommit: pull.mergeCommit,
  };
}

/** The pull request's changes as `git diff` prints them. */
function pullDiff(repo: Repo, pull: PullRequest): string {
  const from = compareCommits(repo.store, baseOf(repo, pull), pull.headOid).base ?? emptyTree;
  return gitText(repo, ['diff', '--no-color', '--no-ext-diff', from, pull.headOid]);
}

function gitText(repo: Repo, args: readonly string[]): string {
  const ran = git(repo.store.folder, args);
  if (ran.status !== 0) throw misuse(`git ${args.join(' ')} failed: ${ran.stderr}`);
  return ran.stdout.toString('utf8');
}

/** Text of a file at a branch, tag or commit; undefined when there is none. */
function fileText(repo: Repo, ref: string, path: string): string | undefined {
  const entry = entryAt(repo.store, repo.store.commit(resolveCommit(repo, ref)).tree, path);
  if (!entry || isTree(entry)) return undefined;
  return repo.store.read(entry.oid)?.data.toString('utf8');
}

/** Paths of all files at a branch, tag or commit, in Git's order. */
function filePaths(repo: Repo, ref: string): readonly string[] {
  const entries = [...walkTree(repo.store, repo.store.commit(resolveCommit(repo, ref)).tree)];
  return entries.filter((entry) => !isTree(entry)).map((entry) => entry.path);
}

export interface CommitView {
  readonly sha: string;
  readonly message: string;
  /** Login of the account the author's email belongs to, else the author's name. */
  readonly author: string;
  readonly parents: readonly string[];
  /** Whether GitHub signed it. */
  readonly verified: boolean;
  readonly committedAtMs: number;
}

/** The commits of a branch, newest first. */
function log(world: World, repo: Repo, ref: string): readonly CommitView[] {
  return [...historyOf(repo.store, resolveCommit(repo, ref), undefined)].map((commit) => ({
    sha: commit.oid,
    message: commit.message,
    author: accountByEmail(world, commit.author.email)?.login ?? commit.author.name,
    parents: commit.parents,
    verified: isVerified(world, commit),
    committedAtMs: commit.committer.atMs,
  }));
}

export interface CheckRunView
  extends Pick<CheckRun, 'id' | 'name' | 'status' | 'conclusion' | 'detailsUrl' | 'output' | 'actions'> {
  /** Slug of the App that made it. */
  readonly app: string;
}

/** The newest check run of each App and name at a commit, as the checks list of a pull request shows them. */
function checkRunViews(repo: Repo, ref: string): readonly CheckRunView[] {
  const oid = resolveCommit(repo, ref);
  const newest = new Map<string, CheckRunView>();
  for (const run of repo.checkRuns.filter((one) => one.headOid === oid)) {
    const { id, name, status, conclusion, detailsUrl, output, actions } = run;
    newest.set(`${run.app.id} ${name}`, {
      id,
      name,
      status,
      conclusion,
      detailsUrl,
      output,
      actions,
      app: run.app.slug,
    });
  }
  return [...newest.values()];
}

/** Statuses at a commit, newest first. */
function statusViews(repo: Repo, ref: string): readonly CommitStatus[] {
  const oid = resolveCommit(repo, ref);
  return repo.statuses.filter((status) => status.oid === oid).toReversed();
}

/** What a person looking at GitHub sees. A `ref` is a branch, a tag or a commit. */
export function reading(world: World) {
  const on = (repo: string): Repo => repoNamed(world, repo);
  return {
    pullRequests(repo: string, state?: PullState): readonly PullView[] {
      const pulls = [...on(repo).pulls.values()].filter((pull) => state === undefined || pull.state === state);
      return pulls.map((pull) => pullView(on(repo), pull));
    },

    pullRequest(repo: string, number: number): PullView {
      return pullView(on(repo), pullOf(on(repo), number));
    },

    /** The pull request's changes as `git diff` prints them. */
    diff(repo: string, number: number): string {
      return pullDiff(on(repo), pullOf(on(repo), number));
    },

    /** Text of a file; undefined when there is none. */
    file(repo: string, ref: string, path: string): string | undefined {
      return fileText(on(repo), ref, path);
    },

    /** Paths of all files, in Git's order. */
    files(repo: string, ref: string): readonly string[] {
      return filePaths(on(repo), ref);
    },

    /** The commit a branch is at; undefined when there is no such branch. */
    head(repo: string, branch: string): string | undefined {
      return on(repo).store.ref(branchRef(branch));
    },

    branches(repo: string): readonly string[] {
      const prefix = branchRef('');
      return on(repo)
        .store.refs(prefix)
        .map((ref) => ref.name.slice(prefix.length));
    },

    /** Commits, newest first. */
    log(repo: string, ref: string): readonly CommitView[] {
      return log(world, on(repo), ref);
    },

    /** The newest check run of each App and name, as a pull request lists them. */
    checkRuns(repo: string, ref: string): readonly CheckRunView[] {
      return checkRunViews(on(repo), ref);
    },

    /** Statuses, newest first. */
    statuses(repo: string, ref: string): readonly CommitStatus[] {
      return statusViews(on(repo), ref);
    },

    /** The bare repository: `git clone` it, `git --git-dir … log` it; pushing to it is refused. */
    gitFolder(repo: string): string {
      return on(repo).store.folder;
    },
  };
}
