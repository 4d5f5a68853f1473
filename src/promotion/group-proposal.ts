import type { Lane } from '../domain/lane.ts';
import { type Reason, reason } from '../domain/reason.ts';
import { type Candidate, memberLeftOut } from './candidates.ts';
import { type Proposal, type ProposalInput, proposalForOne, type Wanted } from './proposal.ts';
import { type FileRefusal, hashVersions, uniqueRefusals } from './versions.ts';

/** What a lane should have. In a group each application is compared for itself, and those that can move do so together. */
export function proposalFor(input: ProposalInput): Wanted {
  const members = [...new Set(input.state.targets.map(({ spec }) => spec.application))];
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

interface Mover {
  readonly member: string;
  readonly proposal: Proposal;
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

/** What a candidate of a group holds of some of its applications. */
function partOf(candidate: Candidate, members: readonly string[]): Candidate {
  const isOurs = (slot: string): boolean => members.some((member) => slot.startsWith(`${member}:`));
  const artifacts = candidate.artifacts.filter(({ slot }) => isOurs(slot));
  return {
    ...candidate,
    artifacts,
    hash: hashVersions(artifacts),
    proofs: candidate.proofs.filter(({ application }) => members.includes(application)),
    leftOut: candidate.leftOut.filter(({ slot }) => isOurs(slot)),
  };
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
  const { snapshot, lane, candidate } = input;
  const clear = movers.filter(({ proposal }) => proposal.kind !== 'drift');
  const drifted = clear.length === 0 ? [] : movers.filter((mover) => !clear.includes(mover));
  const ready = clear.length === 0 ? movers : clear;
  const max = batchOf(snapshot, lane.lane) ?? ready.length;
  const chosen = ready.slice(0, max);
  const waiting = (text: string) => (mover: Mover) => memberLeftOut(mover.member, reason('waiting', text));
  const leftOut: readonly FileRefusal[] = [
    ...candidate.leftOut.filter(({ code }) => code === 'member'),
    ...others.filter(({ why }) => why.code !== 'up-to-date').map(({ member, why }) => memberLeftOut(member, why)),
    ...drifted.map(
      waiting('was changed outside promotion and needs a decision of its own, once the others are through.'),
    ),
    ...ready.slice(max).map(waiting(`waits for the next pull request: at most ${max} applications move in one.`)),
  ];
  const names = chosen.map(({ member }) => member);
  const proposals = chosen.map(({ proposal }) => proposal);
  return { kind: 'proposal', proposal: joined(proposals, partOf(candidate, names), leftOut) };
}

function batchOf({ config }: ProposalInput['snapshot'], { application, environment }: Lane): number | undefined {
  return config.groups.find(({ name }) => name === application)?.batch[environment];
}

function joined(proposals: readonly Proposal[], candidate: Candidate, leftOut: readonly FileRefusal[]): Proposal {
  const [first] = proposals;
  if (first === undefined) throw new Error('A group without a proposal is decided before.');
  const kinds = new Set(proposals.map(({ kind }) => kind));
  return {
    ...first,
    kind: kinds.has('drift') ? 'drift' : kinds.has('first') ? 'first' : 'move',
    candidate,
    changes: proposals.flatMap(({ changes }) => changes),
    files: [...new Map(proposals.flatMap(({ files }) => files).map((file) => [file.path, file])).values()],
    drifts: proposals.flatMap(({ drifts }) => drifts),
    leftAlone: proposals.flatMap(({ leftAlone }) => leftAlone),
    leftOut: uniqueRefusals([...proposals.flatMap((one) => one.leftOut), ...leftOut]),
    toFillIn: proposals.flatMap(({ toFillIn }) => toFillIn),
  };
}
