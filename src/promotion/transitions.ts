import { type Lane, laneBranch, laneTitle, spareLaneBranch } from '../domain/lane.ts';
import { type Branch, isOurs, type PullRequest } from '../domain/pull-request.ts';
import { type Reason, reason } from '../domain/reason.ts';
import { sameVersion } from '../domain/version.ts';
import type { Action, LanePlan } from './action.ts';
import { declinedUnnamed, declinesOf, isDeclined } from './declines.ts';
import { toFillIn } from './new-files.ts';
import { isDraft, type Proposal, type Wanted } from './proposal.ts';
import type { Allowance, LaneState, Snapshot, TargetState } from './snapshot.ts';
import { readVersions, sameSlot, unrefused } from './versions.ts';

/** How many pull requests this very plan opens already, beside what the repo allows. */
export interface Allowed {
  readonly opened: number;
  readonly allowance: Allowance;
}

export interface TransitionInput {
  readonly snapshot: Snapshot;
  readonly lane: LaneState;
  readonly wanted: Wanted;
  readonly allowed: Allowed;
}

/** From what a lane has open and what it should have, to what to do. */
export function transition(input: TransitionInput): LanePlan {
  const [open, ...older] = input.lane.pullRequests.filter(({ state }) => state === 'open');
  const declines = declinesOf(input.lane, open);
  const next = open === undefined ? withoutPullRequest(input) : withPullRequest(input, open);
  const doubles = older.map((pullRequest) => superseded(pullRequest, open));
  return { ...next, actions: [...declines, ...doubles, ...next.actions] };
}

/** A lane has one pull request. A second one can only come from a person who opened an old one again. */
function superseded(pullRequest: PullRequest, newest: PullRequest | undefined): Action {
  const why = reason('open', `Pull request #${newest?.number ?? ''} carries this lane now.`);
  return { kind: 'close', pullRequest, why, deleteBranch: false };
}

function withPullRequest(input: TransitionInput, open: PullRequest): LanePlan {
  const { wanted } = input;
  switch (wanted.kind) {
    case 'unproved':
      return sourceUnproved(input, open, wanted);
    case 'none':
      return nothingToMove(input, open, wanted.why);
    case 'proposal':
      return openWithProposal(input, open, wanted.proposal);
  }
}

/** The proof is gone: stopped at once as a draft, closed later unless a person has put work into it. */
function sourceUnproved(input: TransitionInput, open: PullRequest, wanted: Wanted & { kind: 'unproved' }): LanePlan {
  const { snapshot, lane } = input;
  const closesAtMs = closingTime(input, open, wanted.badSinceMs);
  if (closesAtMs !== undefined && snapshot.nowMs >= closesAtMs) {
    const why = reason('withdrawn', 'The source has not been healthy for too long.', [wanted.why]);
    return { lane: lane.lane, why, actions: [{ kind: 'close', pullRequest: open, why, deleteBranch: true }] };
  }
  const stopped: Action = {
    kind: 'describe',
    pullRequest: open,
    draft: true,
    notice: { why: wanted.why, proposal: undefined },
  };
  const plan: LanePlan = { lane: lane.lane, why: wanted.why, actions: [stopped] };
  return closesAtMs === undefined ? plan : { ...plan, lookAgainAtMs: closesAtMs };
}

function closingTime(
  { snapshot, lane }: TransitionInput,
  open: PullRequest,
  badSinceMs: number | undefined,
): number | undefined {
  if (badSinceMs === undefined || isTouched(lane, open)) return undefined;
  return badSinceMs + snapshot.config.withdrawAfterMs;
}

/** A person reviewed it, commented on it, or committed on its branch. */
function isTouched(lane: LaneState, open: PullRequest): boolean {
  return open.engaged || isEdited(branchOf(lane, open));
}

function isEdited(branch: Branch | undefined): boolean {
  return branch !== undefined && !isOurs(branch);
}

function branchOf(lane: LaneState, open: PullRequest): Branch | undefined {
  return lane.branches.find(({ name }) => name === open.branch);
}

/** Reasons after which a pull request has nothing left to do; others are for a person to mend. */
const mootCodes: ReadonlySet<Reason['code']> = new Set(['up-to-date', 'rolled-back', 'taken-out', 'declined']);

/** Closed when there is nothing left for it to do; kept as a draft while a person has work in it or must mend a file first. */
function nothingToMove({ lane }: TransitionInput, open: PullRequest, why: Reason): LanePlan {
  const moot = mootCodes.has(why.code);
  const keep = isEdited(branchOf(lane, open)) || (open.engaged && why.code !== 'up-to-date');
  const action: Action =
    moot && !keep
      ? { kind: 'close', pullRequest: open, why, deleteBranch: true }
      : { kind: 'describe', pullRequest: open, draft: true, notice: { why, proposal: undefined } };
  return { lane: lane.lane, why, actions: [action] };
}

/** A candidate that a person declined does not take the place of the one that is open: both are out of question then. */
function openWithProposal(input: TransitionInput, open: PullRequest, proposal: Proposal): LanePlan {
  const { hash } = proposal.candidate;
  const declined = open.candidate === hash ? undefined : isDeclined(input.lane, hash);
  return declined === undefined ? keepInLine(input, open, proposal) : nothingToMove(input, open, declined);
}

/** The pull request is brought in line with the proposal, unless a person's review or commit would be lost by that. */
function keepInLine({ snapshot, lane }: TransitionInput, open: PullRequest, proposal: Proposal): LanePlan {
  const branch = branchOf(lane, open);
  const targets =
    snapshot.environments.find(({ environment }) => environment.name === lane.lane.environment)?.targets ?? [];
  const describe = (why: Reason): LanePlan => {
    const shown = branch === undefined ? proposal : { ...proposal, toFillIn: toFillIn({ targets }, filesOn(branch)) };
    return {
      lane: lane.lane,
      why,
      actions: [{ kind: 'describe', pullRequest: open, draft: isDraft(shown), notice: { why, proposal: shown } }],
    };
  };
  if (branch !== undefined && isEdited(branch)) return describe(editedReason(open, branch, proposal));
  if (branch !== undefined && carries(open, branch, proposal) && !holdsLeftOut(branch, proposal, targets)) {
    return describe(reason('open', `Pull request #${open.number} carries this candidate.`));
  }
  if (open.reviewed) return describe(pinnedReason(open, proposal));
  const expected = branch?.head;
  const why = reason(codeOf(proposal), `Pull request #${open.number} is brought up to date.`);
  return {
    lane: lane.lane,
    why,
    actions: [{ kind: 'propose', branch: open.branch, expected, existing: open, proposal }],
  };
}

/**
 * Whether the branch holds exactly what would be written: then nothing is pushed. Of another candidate it may hold more than
 * would change now, so its files alone do not tell.
 */
function carries(open: PullRequest, branch: Branch, proposal: Proposal): boolean {
  if (open.candidate !== proposal.candidate.hash) return false;
  return proposal.files.every(({ path, after }) => {
    const file = branch.files[path] ?? { kind: 'missing' };
    return after === undefined ? file.kind === 'missing' : file.kind === 'text' && file.text === after;
  });
}

/** A person may have filled in on the branch what the proposal leaves to them. */
function filesOn({ files }: Branch): readonly { readonly path: string; readonly after: string | undefined }[] {
  return Object.entries(files).map(([path, file]) => ({ path, after: file.kind === 'text' ? file.text : undefined }));
}

/** Whether the branch still brings what has been left out since: in files that would not be changed now. */
function holdsLeftOut({ files }: Branch, proposal: Proposal, targets: readonly TargetState[]): boolean {
  if (proposal.leftOut.length === 0) return false;
  return targets.some(({ spec, files: atHead }) => {
    const here = readVersions(spec, atHead).versions;
    const brought = readVersions(spec, files).versions.filter((version) => {
      const wanted = proposal.candidate.artifacts.find((artifact) => sameSlot(artifact, version));
      const now = here.find((one) => sameSlot(one, version));
      const isBrought = wanted !== undefined && sameVersion(wanted.version, version.version);
      return isBrought && (now === undefined || !sameVersion(now.version, version.version));
    });
    return unrefused(brought, proposal.leftOut).length < brought.length;
  });
}

function editedReason(open: PullRequest, branch: Branch, proposal: Proposal): Reason {
  const people = [...new Set(branch.commits.filter(({ byApp }) => !byApp).map(({ author }) => author))].join(', ');
  const newer =
    open.candidate === proposal.candidate.hash ? '' : ' Another candidate waits: merge or close this one to get it.';
  const why =
    branch.foreignPullRequest === undefined
      ? `The branch holds commits by ${people === '' ? 'others' : people}`
      : `Pull request #${branch.foreignPullRequest} is open on the same branch and is not Pawl's`;
  return reason('edited', `${why}: it is left as it is.${newer}`);
}

function pinnedReason(open: PullRequest, proposal: Proposal): Reason {
  return open.candidate === proposal.candidate.hash
    ? reason('pinned', 'It has been reviewed, so its branch is left as it is though the base has moved.')
    : reason(
        'pinned',
        'It has been reviewed, so it stays as it is. Another candidate waits: merge or close this one to get it.',
      );
}

function codeOf(proposal: Proposal): Reason['code'] {
  switch (proposal.kind) {
    case 'first':
      return 'first-promotion';
    case 'drift':
      return 'drift';
    case 'move':
      return 'promote';
  }
}

function withoutPullRequest({ lane, wanted, allowed }: TransitionInput): LanePlan {
  if (wanted.kind !== 'proposal') return { lane: lane.lane, why: wanted.why, actions: [] };
  const { proposal } = wanted;
  const declined = isDeclined(lane, proposal.candidate.hash);
  if (declined !== undefined) return { lane: lane.lane, why: declined, actions: [] };
  const unnamed = declinedUnnamed(lane, proposal.candidate.hash);
  if (unnamed !== undefined) return { lane: lane.lane, ...unnamed };
  const limited = overLimit(allowed);
  if (limited !== undefined) return { lane: lane.lane, why: limited, actions: [] };
  const free = freeBranch(lane.lane, lane.branches);
  if (free === undefined) return { lane: lane.lane, why: occupied(lane.lane), actions: [] };
  const why = reason(codeOf(proposal), `A pull request is opened for ${laneTitle(lane.lane)}.`);
  const action: Action = { kind: 'propose', branch: free.name, expected: free.head, existing: undefined, proposal };
  return { lane: lane.lane, why, actions: [action] };
}

/** A lane over a limit does not look again by itself: it is made due when there is room. */
function overLimit({ opened, allowance }: Allowed): Reason | undefined {
  const { open, recent } = allowance;
  if (open.now + opened >= open.max) {
    const text = `${open.now + opened} promotion pull requests are open and ${open.max} may be: this lane waits for one to be merged or closed.`;
    return reason('limited', text);
  }
  if (recent.now + opened < recent.max) return undefined;
  const text = `${recent.now + opened} promotion pull requests were opened within an hour and ${recent.max} may be: this lane waits.`;
  return reason('limited', text);
}

interface FreeBranch {
  readonly name: string;
  readonly head: string | undefined;
}

/** The lane's own branch if it is absent or holds only ours, else the spare one. */
function freeBranch(lane: Lane, branches: readonly Branch[]): FreeBranch | undefined {
  for (const name of [laneBranch(lane), spareLaneBranch(lane)]) {
    const branch = branches.find((one) => one.name === name);
    if (branch === undefined || isOurs(branch)) return { name, head: branch?.head };
  }
  return undefined;
}

function occupied(lane: Lane): Reason {
  const text = `The branches ${laneBranch(lane)} and ${spareLaneBranch(lane)} are in people's hands. Delete one of them to go on.`;
  return reason('occupied', text);
}
