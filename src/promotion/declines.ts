import type { Declined } from '../domain/decision.ts';
import type { PullRequest } from '../domain/pull-request.ts';
import { type Reason, reason } from '../domain/reason.ts';
import type { Action, LanePlan } from './action.ts';
import type { LaneState } from './snapshot.ts';

/** What closing and opening again by people means for the lane's list of declined candidates. */
export function declinesOf(lane: LaneState, open: PullRequest | undefined): readonly Action[] {
  const recorded = recordedDeclines(lane);
  const actions: Action[] = unrecorded(lane, recorded).map((declined) => ({ kind: 'decline', declined }));
  const reopened = recorded.find((one) => one.candidate === open?.candidate && one.pullRequest === open.number);
  if (reopened !== undefined) actions.push({ kind: 'offer-again', candidate: reopened.candidate });
  return actions;
}

function recordedDeclines(lane: LaneState): readonly Declined[] {
  return lane.decisions.ok ? lane.decisions.decisions.declined : [];
}

/**
 * The newest pull request counts, if a person closed it. An older one has been answered by the one after it. Who closed is
 * unknown for a deleted account: that was somebody, so it counts as a person's word.
 */
function unrecorded(lane: LaneState, recorded: readonly Declined[]): readonly Declined[] {
  const [newest] = lane.pullRequests;
  if (newest?.state !== 'closed' || newest.closedBy?.kind === 'app' || newest.candidate === undefined) return [];
  if (recorded.some(({ candidate }) => candidate === newest.candidate)) return [];
  const by = newest.closedBy?.login ?? 'somebody';
  return [{ candidate: newest.candidate, pullRequest: newest.number, by, atMs: newest.closedAtMs ?? 0 }];
}

/**
 * A person closed a pull request on which no commit of ours was left to tell what it carried: what is on offer now is what they
 * saw, so that is declined. Undefined when there is no such pull request, or it was answered already.
 */
export function declinedUnnamed(lane: LaneState, candidate: string): Pick<LanePlan, 'why' | 'actions'> | undefined {
  const [newest] = lane.pullRequests;
  if (newest?.state !== 'closed' || newest.closedBy?.kind === 'app' || newest.candidate !== undefined) return undefined;
  if (recordedDeclines(lane).some(({ pullRequest }) => pullRequest === newest.number)) return undefined;
  const by = newest.closedBy?.login ?? 'somebody';
  const declined: Declined = { candidate, pullRequest: newest.number, by, atMs: newest.closedAtMs ?? 0 };
  return { why: declinedReason(declined), actions: [{ kind: 'decline', declined }] };
}

function declinedReason({ by, pullRequest }: Declined): Reason {
  return reason('declined', `${by} closed pull request #${pullRequest}: this candidate is not offered again.`);
}

/** Why a candidate is not offered again, or undefined when nobody declined it. */
export function isDeclined(lane: LaneState, candidate: string): Reason | undefined {
  const recorded = recordedDeclines(lane);
  const declined = [...recorded, ...unrecorded(lane, recorded)].find((one) => one.candidate === candidate);
  return declined === undefined ? undefined : declinedReason(declined);
}
