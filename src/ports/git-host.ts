import type { FileState, Files, Folder, RevisionFiles } from '../domain/file-state.ts';
import type { Lane } from '../domain/lane.ts';
import type { FileChange, MergedPromotion } from '../domain/lane-history.ts';
import type { Problem } from '../domain/problem.ts';
import type { Branch, PullRequest } from '../domain/pull-request.ts';
import type { Repo } from '../domain/repo.ts';

/**
 * GitHub, as the loop needs it. Every call may throw `HostError`. Calls marked (1) cost one request.
 * Reads are of the default branch unless a branch or a revision is named.
 */
export interface GitHost {
  /** The repo by `owner/name` if an installation of the App can see it (2, kept in memory afterwards). */
  findRepo(fullName: string): Promise<Repo | undefined>;
  /** Forgets what is kept in memory of a repo the App can no longer see. */
  forget(repo: Repo): void;
  /** Every repo the App is installed on (1 for the list of installations, 1 for each of them). */
  listRepos(): Promise<readonly Repo[]>;
  /** The configuration file at the head of the default branch (1). */
  readConfig(repo: Repo): Promise<ConfigRead>;
  /** Every file of the repo at a revision, by content id (1; kept, since a revision never changes). */
  readTree(repo: Repo, revision: string): Promise<Tree>;
  /** Everything one decision needs (1; more where very many files, open pull requests or lanes' branches are to be read). */
  observe(repo: Repo, query: ObserveQuery): Promise<Observation>;
  /** What changed on promotion pull requests, whatever is open, and where branches stand (1; more where very many are open). */
  sweep(repo: Repo, branches?: readonly string[]): Promise<SweepRead>;
  /**
   * Branch, commit and pull request: 1 for a new pull request, 3 to move the branch of an open one, more only to repair what
   * another writer did in between.
   */
  writePromotion(repo: Repo, write: PromotionWrite): Promise<PromotionWritten>;
  /**
   * Title, body, draft state, state and branch of one pull request (1), after its comment, if there is one (1). When the comment
   * fails nothing else has happened; when something after it fails the comment stands there.
   */
  changePullRequest(repo: Repo, change: PullRequestChange): Promise<void>;
  /** Puts one file on the side branch, on top of `head` (1; the first time 3, to make the branch). */
  writeState(repo: Repo, write: StateWrite): Promise<void>;
  /** Shows the verdict on the configuration as a check run on a commit (1). */
  reportConfig(repo: Repo, report: ConfigReport): Promise<void>;
}

export interface ConfigRead {
  readonly head: string;
  readonly defaultBranch: string;
  readonly config: FileState;
}

export interface Tree {
  readonly revision: string;
  /** Content ids of files by path; folders are no entries of their own. */
  readonly oids: ReadonlyMap<string, string>;
  /** False when GitHub cut the list: a path that is missing from it may exist. */
  readonly complete: boolean;
}

export interface ObserveQuery {
  /** The branch that is observed; the default one unless it is given. The configuration is always read on the default one. */
  readonly branch?: string | undefined;
  readonly revisions: readonly RevisionQuery[];
  readonly paths: readonly string[];
  readonly folders: readonly string[];
  readonly lanes: readonly LaneQuery[];
}

/** Files and folders wanted at one revision. */
export interface RevisionQuery {
  readonly revision: string;
  readonly paths: readonly string[];
  readonly folders: readonly string[];
}

export interface LaneQuery {
  readonly lane: Lane;
  /** Files of the lane, wanted at the merge commits of its merged pull requests. */
  readonly paths: readonly string[];
  /** File of the lane on the side branch. */
  readonly statePath: string;
}

export interface Observation {
  /** Login of the App's bot user, without `[bot]`. */
  readonly app: string;
  /** Page of the repo. */
  readonly url: string;
  readonly defaultBranch: string;
  readonly defaultHead: string;
  /** The configuration at the head of the default branch. */
  readonly config: FileState;
  /** The branch that was observed and its head, at which everything below was read. */
  readonly branch: string;
  readonly head: string;
  readonly files: Files;
  readonly folders: Readonly<Record<string, Folder>>;
  /** By revision; one the repo does not have is absent. */
  readonly revisions: Readonly<Record<string, RevisionFiles>>;
  readonly lanes: readonly LaneRead[];
  /** Head of the side branch, if there is one. */
  readonly stateHead: string | undefined;
  /** Open pull requests of the App on lane branches, newest first. */
  readonly open: readonly OpenPromotion[];
}

export interface LaneRead {
  readonly lane: Lane;
  /** The lane's own branch and its spare one, where they exist. */
  readonly branches: readonly Branch[];
  /** Newest first: the newest 10 of each branch, whatever is open, and the newest that was merged. */
  readonly pullRequests: readonly PullRequest[];
  /** The lane's files around the merges of its merged pull requests, newest first, at most 5. */
  readonly merged: readonly MergedPromotion[];
  /** By path of the lane's files: the last commit of the observed branch that touched it. */
  readonly lastChanges: Readonly<Record<string, FileChange>>;
  readonly state: FileState;
  /**
   * Who changed the state file last: `app` is true only if the file is as the newest commit of the App that GitHub verified left it.
   * Undefined when it never was there.
   */
  readonly stateChangedBy: { readonly app: boolean; readonly login: string } | undefined;
}

export interface OpenPromotion {
  readonly number: number;
  readonly branch: string;
  readonly createdAtMs: number;
}

export interface SweepRead extends ConfigRead {
  /** Heads of the branches that were asked for and are there. */
  readonly heads: Readonly<Record<string, string>>;
  readonly open: readonly (OpenPromotion & { readonly updatedAtMs: number; readonly head: string })[];
  /** Lane branches whose pull request closed or merged lately, newest first, at most 50. */
  readonly closed: readonly { readonly number: number; readonly branch: string; readonly closedAtMs: number }[];
}

export interface PromotionWrite {
  readonly branch: string;
  /** Default branch and the head everything was decided on: the commit stands on it. */
  readonly base: { readonly branch: string; readonly head: string };
  /** The branch as observed: absent, or at this commit and holding only ours. */
  readonly expected: string | undefined;
  /** New content by path; undefined for a file that is removed. */
  readonly files: FileWrites;
  readonly commit: { readonly headline: string; readonly body: string };
  readonly pullRequest: {
    /** The open one to update, or undefined to open one. */
    readonly existing: { readonly id: string; readonly number: number } | undefined;
    readonly title: string;
    readonly body: string;
    readonly draft: boolean;
  };
}

export type FileWrites = Readonly<Record<string, string | undefined>>;

export interface PromotionWritten {
  readonly head: string;
  readonly number: number;
  readonly url: string;
  readonly created: boolean;
}

export interface PullRequestChange {
  readonly id: string;
  readonly number: number;
  readonly title?: string;
  readonly body?: string;
  readonly draft?: boolean;
  readonly comment?: string;
  readonly close?: boolean;
  readonly reopen?: boolean;
  /** Deletes the branch if it still points at `head`. */
  readonly deleteBranch?: { readonly name: string; readonly head: string };
}

export interface StateWrite {
  /** Head of the side branch as observed; undefined when there was none. */
  readonly head: string | undefined;
  readonly path: string;
  readonly text: string;
  readonly message: string;
}

export interface ConfigReport {
  readonly commit: string;
  readonly conclusion: 'success' | 'failure';
  readonly title: string;
  readonly summary: string;
  readonly problems: readonly Problem[];
}

/**
 * Why a call failed, as the loop tells failures apart:
 * `moved` = somebody wrote in between: observe again; `limited` = wait until `untilMs`; `unreachable` = the network or GitHub's
 * own fault, the effect may or may not have happened: observe again later; `gone` = no such repo, or the App may not see it;
 * `forbidden` = a permission or a rule of the repo refuses it; `refused` = GitHub finds the request wrong: our fault.
 */
export type HostErrorKind = 'moved' | 'limited' | 'unreachable' | 'gone' | 'forbidden' | 'refused';

export class HostError extends Error {
  readonly kind: HostErrorKind;
  /** For `limited`: epoch milliseconds before which nothing is tried. */
  readonly untilMs: number | undefined;

  constructor(kind: HostErrorKind, message: string, untilMs?: number) {
    super(message);
    this.name = 'HostError';
    this.kind = kind;
    this.untilMs = untilMs;
  }
}
