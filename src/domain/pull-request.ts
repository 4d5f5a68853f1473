import type { Files } from './file-state.ts';

/** Who did something: the App itself, another App, or a person. `login` comes without the `[bot]` ending. */
export interface Actor {
  readonly login: string;
  readonly kind: 'app' | 'bot' | 'person';
}

/** A pull request on a lane's branch, opened by the App. Anybody else's on the same branch is not read as ours. */
export interface PullRequest {
  /** GitHub's node id. */
  readonly id: string;
  readonly number: number;
  readonly url: string;
  readonly state: 'open' | 'closed' | 'merged';
  readonly draft: boolean;
  readonly title: string;
  readonly body: string;
  readonly branch: string;
  readonly head: string;
  readonly createdAtMs: number;
  /** Who closed or merged it last; undefined while it is open or when GitHub does not say. */
  readonly closedBy: Actor | undefined;
  readonly closedAtMs: number | undefined;
  /** Commit on the default branch that its merge made. */
  readonly mergeCommit: string | undefined;
  /** Whether a person has reviewed it or commented on it. */
  readonly engaged: boolean;
  /** Whether a person's review approves it or asks for changes: a newer candidate then no longer takes its place by itself. */
  readonly reviewed: boolean;
  /** Bodies of the App's own comments, oldest first, at most the last 20. */
  readonly ownComments: readonly string[];
  /** The candidate hash in the `Pawl-Candidate` trailer of its newest commit that the App made and GitHub verified. */
  readonly candidate: string | undefined;
}

/** A branch of a lane, and what is on it that the default branch does not have. */
export interface Branch {
  readonly name: string;
  readonly head: string;
  /** Newest first. */
  readonly commits: readonly BranchCommit[];
  /** False when there are more commits than were read; such a branch is never reset. */
  readonly complete: boolean;
  /** Number of an open pull request on it that the App did not open. */
  readonly foreignPullRequest: number | undefined;
  /** The lane's files at its head. */
  readonly files: Files;
}

export interface BranchCommit {
  readonly oid: string;
  readonly message: string;
  /** True only if the App is the author and GitHub verified its own signature on it. */
  readonly byApp: boolean;
  /** Login or name of the author, for people. */
  readonly author: string;
}

/** The App's commits only, and nobody else's pull request on it: nothing a person did would be lost by resetting it. */
export function isOurs(branch: Branch): boolean {
  return branch.complete && branch.foreignPullRequest === undefined && branch.commits.every((commit) => commit.byApp);
}
