import type { Candidate } from './candidates.ts';
import { isDeclined } from './declines.ts';
import type { Proposal, ProposalInput } from './proposal.ts';
import type { LaneState } from './snapshot.ts';
import { hashVersions, readVersions, sameVersions } from './versions.ts';

/** An application of a group that can move. */
export interface Mover {
  readonly member: string;
  readonly proposal: Proposal;
}

interface Batch {
  readonly chosen: readonly Mover[];
  readonly rest: readonly Mover[];
  readonly max: number;
}

/**
 * Those that move in one pull request. They take turns in the order of their names, from behind whoever moved last, so that the
 * first ones' newer versions never keep back the last ones. Those that people declined together make room for the next.
 */
export function batchOf({ snapshot, state, lane, candidate }: ProposalInput, ready: readonly Mover[]): Batch {
  const { application, environment } = lane.lane;
  const group = snapshot.config.groups.find(({ name }) => name === application);
  const max = group?.batch[environment] ?? ready.length;
  const last = lastMoved(state.targets, lane);
  const behind = last === undefined ? ready : ready.filter(({ member }) => member > last);
  const ahead = ready.filter((mover) => !behind.includes(mover));
  // A batch does not go round: then the last name of one tells where the next begins.
  const batches = [...inBatches(behind, max), ...inBatches(ahead, max)];
  const wanted = batches.find((batch) => isDeclined(lane, partOf(candidate, membersIn(batch)).hash) === undefined);
  const chosen = wanted ?? batches[0] ?? [];
  return { chosen, rest: ready.filter((mover) => !chosen.includes(mover)), max };
}

function inBatches(movers: readonly Mover[], max: number): readonly (readonly Mover[])[] {
  return Array.from({ length: Math.ceil(movers.length / max) }, (_, index) =>
    movers.slice(index * max, (index + 1) * max),
  );
}

export function membersIn(movers: readonly Mover[]): readonly string[] {
  return movers.map(({ member }) => member);
}

/** The last by name of those that the newest merged pull request of the lane moved. */
function lastMoved(targets: ProposalInput['state']['targets'], { merged: [newest] }: LaneState): string | undefined {
  if (newest === undefined) return undefined;
  const moved = targets.filter(({ spec }) => {
    const [before, after] = [readVersions(spec, newest.before), readVersions(spec, newest.files)];
    return !sameVersions(before.versions, after.versions);
  });
  return moved
    .map(({ spec }) => spec.application)
    .sort()
    .at(-1);
}

/** What a candidate of a group holds of some of its applications. */
export function partOf(candidate: Candidate, members: readonly string[]): Candidate {
  const isOurs = (slot: string): boolean => members.some((member) => slot.startsWith(`${member}:`));
  const artifacts = candidate.artifacts.filter(({ slot }) => isOurs(slot));
  const proofs = candidate.proofs.filter(({ application }) => members.includes(application));
  const proved = new Set(proofs.map(({ environment }) => environment));
  return {
    ...candidate,
    from: candidate.from.filter((name) => proved.has(name)),
    artifacts,
    hash: hashVersions(artifacts),
    proofs,
    leftOut: candidate.leftOut.filter(({ slot }) => isOurs(slot)),
  };
}
