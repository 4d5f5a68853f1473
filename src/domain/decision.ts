/** What people decided about one lane. Kept as a small file on the side branch, so that Git holds it and its history. */
export interface LaneDecisions {
  readonly declined: readonly Declined[];
}

/** A candidate a person turned down by closing its pull request: not offered again. */
export interface Declined {
  /** Hash of the candidate, as in the `Pawl-Candidate` trailer. */
  readonly candidate: string;
  readonly pullRequest: number;
  readonly by: string;
  readonly atMs: number;
}

/** The side branch that keeps decisions. */
export const stateBranch = 'pawl/state';

/** Declined candidates kept for a lane: older ones are long out of reach of any sync. */
export const declinedMax = 50;
