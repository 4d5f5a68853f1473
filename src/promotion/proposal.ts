import type { Lane } from '../domain/lane.ts';
import { laneTitle } from '../domain/lane.ts';
import type { FileChange } from '../domain/lane-history.ts';
import { type Reason, reason } from '../domain/reason.ts';
import { describeVersion } from '../domain/version.ts';
import type { Candidate } from './candidates.ts';
import { type Change, changesOf, isWhole } from './changes.ts';
import { type LeftAlone, leftAloneIn } from './left-alone.ts';
import { toFillIn } from './new-files.ts';
import { type Movable, type ProposedFile, writtenFiles } from './proposed-files.ts';
import type { Base, EnvironmentState, LaneState, Snapshot } from './snapshot.ts';
import { describeRefusal, type FileRefusal } from './versions.ts';

/** What a promotion pull request would carry. */
export interface Proposal {
  readonly lane: Lane;
  readonly kind: 'first' | 'move' | 'drift';
  /** The branch it goes to, and the head it was decided on. */
  readonly base: Base;
  readonly candidate: Candidate;
  /** Only what changes, by target. */
  readonly changes: readonly Change[];
  readonly files: readonly ProposedFile[];
  readonly drifts: readonly Drift[];
  readonly leftAlone: readonly LeftAlone[];
  /** What the candidate holds besides and could not be moved: a person has to mend it, and the rest does not wait for that. */
  readonly leftOut: readonly FileRefusal[];
  /** Values of added files that a person fills in: `apps/web/eu/values.yaml: replicas`. */
  readonly toFillIn: readonly string[];
}

/** Whether the pull request must not be merged as it is: a person has to decide or to add something. */
export function isDraft({ kind, toFillIn }: Proposal): boolean {
  return kind === 'drift' || toFillIn.length > 0;
}

/** A value that was changed outside promotion, and by whom. */
export interface Drift {
  readonly change: Change;
  readonly by: FileChange | undefined;
}

/** What a lane should have: a proposal, or a reason why there is none. */
export type Wanted =
  | { readonly kind: 'proposal'; readonly proposal: Proposal }
  | { readonly kind: 'none'; readonly why: Reason; readonly candidate: Candidate }
  | { readonly kind: 'unproved'; readonly why: Reason; readonly badSinceMs: number | undefined };

export interface ProposalInput {
  readonly snapshot: Snapshot;
  readonly state: EnvironmentState;
  readonly base: Base;
  readonly lane: LaneState;
  readonly candidate: Candidate;
}

/**
 * Compares the candidate with the lane. It moves whole but for what a file refuses: one field that must not move by itself
 * keeps all of it back.
 */
export function proposalForOne(input: ProposalInput): Wanted {
  const { state, lane, candidate } = input;
  const none = (why: Reason): Wanted => ({ kind: 'none', why, candidate });
  const title = laneTitle(lane.lane);
  const read = changesOf(candidate, state, lane);
  const { changes, files, leftOut } = writtenFiles(input, read);
  if (changes.length === 0) return none(nothingLeft(input, leftOut));
  const kept = keptBack(changes, title);
  return kept === undefined ? { kind: 'proposal', proposal: propose(input, { changes, files, leftOut }) } : none(kept);
}

/** Nothing of the candidate would change the lane: because it is there already, or because what is not there is kept back. */
function nothingLeft({ lane, candidate }: ProposalInput, leftOut: readonly FileRefusal[]): Reason {
  const title = laneTitle(lane.lane);
  const children = leftOut.map(refusalReason);
  const here = leftOut.filter((refusal) => !candidate.leftOut.includes(refusal));
  if (here.length === 0) return reason('up-to-date', `${title} already has ${versionsOf(candidate)}.`, children);
  if (here.every(({ code }) => code === 'absent')) {
    return reason('absent', `${title} lacks a file the candidate belongs in.`, children);
  }
  if (here.every(({ code }) => code === 'owned')) {
    return reason('owned', `Another bot writes these versions in ${title}.`, children);
  }
  return reason('refused', `A file of ${title} cannot be edited for certain.`, children);
}

function refusalReason(refusal: FileRefusal): Reason {
  const { code } = refusal;
  return reason(code === undefined || code === 'member' ? 'refused' : code, describeRefusal(refusal));
}

/** The rows of the three-way table in which nothing moves by itself. */
function keptBack(changes: readonly Change[], title: string): Reason | undefined {
  const back = changes.filter(({ row }) => row === 'rolled-back');
  // Files that are as they were before go along with what is new: a setting taken back is no release taken back.
  const goesAlong = back.every(({ source }) => isWhole(source)) && changes.some(movesForward);
  if (back.length > 0 && !goesAlong) {
    const children = back.map((change) =>
      reason('rolled-back', `${change.path}: ${change.artifact} would go back to ${describeVersion(change.source)}.`),
    );
    return reason(
      'rolled-back',
      `${title} ran these versions before and has newer ones now. Going back is not done unasked.`,
      children,
    );
  }
  if (!changes.every(({ row }) => row === 'taken-out')) return undefined;
  const children = changes.map((change) =>
    reason(
      'taken-out',
      `${change.path}: ${change.artifact} was promoted to ${describeVersion(change.source)} and is ${describeVersion(change.current)} now.`,
    ),
  );
  return reason(
    'taken-out',
    `A person took this candidate out of ${title} after it was promoted. It is not offered again.`,
    children,
  );
}

function movesForward({ row }: Change): boolean {
  return row === 'move' || row === 'first' || row === 'drift';
}

export function versionsOf(candidate: Candidate): string {
  return candidate.artifacts.map(({ artifact, version }) => `${artifact} ${describeVersion(version)}`).join(', ');
}

function propose(input: ProposalInput, { changes, files, leftOut }: Movable): Proposal {
  const { lane, base, candidate } = input;
  const drifted = changes.filter(({ row }) => row === 'drift' || row === 'taken-out');
  return {
    lane: lane.lane,
    base,
    kind: drifted.length > 0 ? 'drift' : changes.some(({ row }) => row === 'first') ? 'first' : 'move',
    candidate,
    changes,
    files,
    drifts: drifted.map((change) => ({ change, by: lane.lastChanges[change.path] })),
    leftAlone: leftAloneIn(input),
    leftOut,
    toFillIn: toFillIn(input.state, files),
  };
}
