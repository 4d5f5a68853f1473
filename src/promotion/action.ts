import type { Declined } from '../domain/decision.ts';
import type { Lane } from '../domain/lane.ts';
import type { PullRequest } from '../domain/pull-request.ts';
import type { Reason } from '../domain/reason.ts';
import type { Proposal } from './proposal.ts';

/** The decision about one application: for every lane why, and what to do. A plain value. */
export interface Plan {
  readonly application: string;
  readonly lanes: readonly LanePlan[];
  /** When to look again though nothing happens, epoch milliseconds. */
  readonly lookAgainAtMs: number | undefined;
}

export interface LanePlan {
  readonly lane: Lane;
  readonly why: Reason;
  readonly actions: readonly Action[];
  readonly lookAgainAtMs?: number;
}

/** One thing for the outer shell to do. Doing it twice is the same as doing it once. */
export type Action =
  /** Bring the lane's branch and pull request in line with the proposal. */
  | {
      readonly kind: 'propose';
      readonly branch: string;
      readonly expected: string | undefined;
      readonly existing: PullRequest | undefined;
      readonly proposal: Proposal;
    }
  /** Bring the text and the draft state of an open pull request in line, without touching its branch. */
  | { readonly kind: 'describe'; readonly pullRequest: PullRequest; readonly draft: boolean; readonly notice: Notice }
  | { readonly kind: 'close'; readonly pullRequest: PullRequest; readonly why: Reason; readonly deleteBranch: boolean }
  | { readonly kind: 'decline'; readonly declined: Declined }
  /** A person took a decline back by opening the pull request again. */
  | { readonly kind: 'offer-again'; readonly candidate: string }
  /** Say on a merged pull request what became of it. */
  | { readonly kind: 'follow'; readonly pullRequest: PullRequest; readonly outcome: Outcome };

/** What the top of an open pull request says besides its proposal. */
export interface Notice {
  readonly why: Reason;
  /** The proposal as it would be now, if there is one. */
  readonly proposal: Proposal | undefined;
}

/** What became of a merged promotion in its own environment. */
export interface Outcome {
  readonly state: 'live' | 'failed';
  readonly why: Reason;
  /** Identity of what happened, so that it is said once: the same target that stays bad, or turns bad again, is nothing new. */
  readonly key: string;
  readonly atMs: number | undefined;
}
