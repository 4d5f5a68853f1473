import { type Reason, reason } from '../domain/reason.ts';
import { batchOf, type Mover, membersIn, partOf } from './batch.ts';
import { memberLeftOut, membersWithLane } from './candidates.ts';
import { toFillIn } from './new-files.ts';
import { type Proposal, type ProposalInput, proposalForOne, type Wanted } from './proposal.ts';
import { writtenFiles } from './proposed-files.ts';
import { type FileRefusal, isNoFile, uniqueRefusals } from './versions.ts';

/** What a lane should have. In a group each application is compared for itself, and those that can move do so together. */
export function proposalFor(input: ProposalInput): Wanted {
  const members = membersWithLane(input.state.targets).map(({ spec }) => spec.application);
  if (members.length < 2) return proposalForOne(input);
  const wanted = members.flatMap((member): readonly MemberWanted[] => {
    const own = ownInput(input, member);
    return own === undefined ? [] : [{ member, wanted: proposalForOne(own) }];
  });
  const movers = wanted.flatMap(({ member, wanted: one }) =>
    one.kind === 'proposal' ? [{ member, proposal: one.proposal }] : [],
  );
  const others = wanted.flatMap(({ member, wanted: one }) => (one.kind === 'none' ? [{ member, why: one.why }] : []));
  return movers.length === 0 ? nothing(input, others) : together(input, movers, others);
}

interface MemberWanted {
  readonly member: string;
  readonly wanted: Wanted;
}

interface Other {
  readonly member: string;
  readonly why: Reason;
}

/** One application of the group, with its part of the candidate; undefined when the candidate has none of it. */
function ownInput(input: ProposalInput, member: string): ProposalInput | undefined {
  const { state, candidate } = input;
  const targets = state.targets.filter(({ spec }) => spec.application === member);
  const own = partOf(candidate, [member]);
  return own.artifacts.length === 0 ? undefined : { ...input, state: { ...state, targets }, candidate: own };
}

/** What makes an application drifted, in words. */
function driftOf({ proposal: { drifts } }: Mover): string {
  const ownFiles = drifts.every(({ change }) => isNoFile({ version: change.source }));
  return ownFiles ? 'has files that are not in the source' : 'was changed outside promotion';
}

function nothing({ lane, candidate }: ProposalInput, others: readonly Other[]): Wanted {
  const open = others.filter(({ why }) => why.code !== 'up-to-date');
  const children = [
    ...open.map(({ why }) => why),
    ...candidate.leftOut.map((one) => reason('waiting', `${one.path}: ${one.reason}`)),
  ];
  const title = `the group ${lane.lane.application} in ${lane.lane.environment}`;
  const [first] = open;
  const why =
    first === undefined
      ? reason('up-to-date', `Every application of ${title} already has what is proved.`, children)
      : reason(first.why.code, `Nothing of ${title} can be moved.`, children);
  return { kind: 'none', why, candidate };
}

/**
 * Those that move without a question go first; drifted ones need a decision of their own, and get it once the others are through.
 * What the limit of a pull request leaves over waits for the next one.
 */
function together(input: ProposalInput, movers: readonly Mover[], others: readonly Other[]): Wanted {
  const { candidate } = input;
  const clear = movers.filter(({ proposal }) => proposal.kind !== 'drift');
  const drifted = clear.length === 0 ? [] : movers.filter((mover) => !clear.includes(mover));
  const { chosen, rest, max } = batchOf(input, clear.length === 0 ? movers : clear);
  const waits = ({ member }: Mover, text: string) => memberLeftOut(member, reason('waiting', text));
  const leftOut: readonly FileRefusal[] = [
    ...candidate.leftOut.filter(({ code }) => code === 'member'),
    ...others.filter(({ why }) => why.code !== 'up-to-date').map(({ member, why }) => memberLeftOut(member, why)),
    ...drifted.map((mover) =>
      waits(mover, `${driftOf(mover)} and needs a decision of its own, once the others are through.`),
    ),
    ...rest.map((mover) => waits(mover, `waits for the next pull request: at most ${max} applications move in one.`)),
  ];
  return { kind: 'proposal', proposal: joined(input, chosen, leftOut) };
}

/** The changes of all are written together: members may have fields in one file. */
function joined(input: ProposalInput, chosen: readonly Mover[], leftOut: readonly FileRefusal[]): Proposal {
  const proposals = chosen.map(({ proposal }) => proposal);
  const [first] = proposals;
  if (first === undefined) throw new Error('A group without a proposal is decided before.');
  const kinds = new Set(proposals.map(({ kind }) => kind));
  const candidate = partOf(input.candidate, membersIn(chosen));
  const changes = proposals.flatMap((proposal) => proposal.changes);
  const together = writtenFiles({ ...input, candidate }, { changes, leftOut: [] });
  return {
    ...first,
    kind: kinds.has('drift') ? 'drift' : kinds.has('first') ? 'first' : 'move',
    candidate,
    changes: together.changes,
    files: together.files,
    drifts: proposals.flatMap(({ drifts }) => drifts),
    leftAlone: proposals.flatMap(({ leftAlone }) => leftAlone),
    leftOut: uniqueRefusals([...proposals.flatMap((one) => one.leftOut), ...together.leftOut, ...leftOut]),
    toFillIn: toFillIn(input.state, together.files),
  };
}
