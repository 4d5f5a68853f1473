import { hasLane } from '../config/config.ts';
import { laneTitle, sameLane } from '../domain/lane.ts';
import { type Reason, reason } from '../domain/reason.ts';
import type { Action, LanePlan, Plan } from './action.ts';
import { type CandidateRead, candidateFor } from './candidates.ts';
import { followUp } from './follow.ts';
import { proposalFor } from './group-proposal.ts';
import { withPresentTargets } from './present-targets.ts';
import type { Base, EnvironmentState, LaneState, Snapshot } from './snapshot.ts';
import { type Allowed, transition } from './transitions.ts';

/** Decides what to do about every lane of one application. Pure: the same Snapshot gives the same Plan. */
export function plan(observed: Snapshot): Plan {
  const snapshot = withPresentTargets(observed);
  const lanes: LanePlan[] = [];
  for (const lane of snapshot.lanes) {
    const opened = lanes.flatMap(({ actions }) => actions).filter(opensPullRequest).length;
    lanes.push(planLane(snapshot, lane, { opened, allowance: snapshot.allowance }));
  }
  const times = lanes.flatMap(({ lookAgainAtMs }) => (lookAgainAtMs === undefined ? [] : [lookAgainAtMs]));
  return { application: snapshot.application, lanes, lookAgainAtMs: times.length > 0 ? Math.min(...times) : undefined };
}

function opensPullRequest(action: Action): boolean {
  return action.kind === 'propose' && action.existing === undefined;
}

function planLane(snapshot: Snapshot, lane: LaneState, allowed: Allowed): LanePlan {
  const state = snapshot.environments.find(({ environment }) =>
    sameLane(lane.lane, { ...lane.lane, environment: environment.name }),
  );
  // An application that joined a group leaves its own lanes.
  const isOurs = lane.lane.application === snapshot.application;
  if (snapshot.spec === undefined || !isOurs || state === undefined || !hasLane(state.environment))
    return removed(lane);
  const { base } = state;
  if (state.targets.length === 0) return stopped(lane, noTargets(lane, state));
  if (base === undefined) return stopped(lane, reason('stopped', state.unavailable ?? 'Its branch cannot be read.'));
  if (!lane.decisions.ok) return stopped(lane, reason('untrusted', lane.decisions.reason));
  const decided = decideLane(snapshot, { state, base, lane, allowed });
  return { ...decided, actions: [...decided.actions, ...followUp(state, lane)] };
}

interface LaneInput {
  readonly state: EnvironmentState;
  readonly base: Base;
  readonly lane: LaneState;
  readonly allowed: Allowed;
}

function decideLane(snapshot: Snapshot, { state, base, lane, allowed }: LaneInput): LanePlan {
  const read: CandidateRead = candidateFor(snapshot, state);
  const wanted =
    read.kind === 'proved' ? proposalFor({ snapshot, state, base, lane, candidate: read.candidate }) : read;
  return transition({ snapshot, lane, wanted, allowed });
}

/** Found ones may be there tomorrow: nothing is closed. */
function noTargets({ lane }: LaneState, { environment: { name, targets, found } }: EnvironmentState): Reason {
  const pattern = found?.pattern.text ?? 'its pattern';
  if (targets.length === 0) return reason('waiting', `${name} has no targets: nothing in the repo fits ${pattern}.`);
  return reason(
    'absent',
    `${lane.application} has no file in any target of ${name}. Create its files where it is to run.`,
  );
}

/** What a decision would rest on cannot be trusted or read: nothing is opened, and what is open says so. */
function stopped(lane: LaneState, why: Reason): LanePlan {
  const open = lane.pullRequests.filter(({ state }) => state === 'open');
  const actions = open.map(
    (pullRequest): Action => ({ kind: 'describe', pullRequest, draft: true, notice: { why, proposal: undefined } }),
  );
  return { lane: lane.lane, why, actions };
}

/** A lane that left the configuration: what is open for it is closed with that reason, people's commits are left alone. */
function removed(lane: LaneState): LanePlan {
  const why = reason('removed', `${laneTitle(lane.lane)} is no longer in the configuration.`);
  const open = lane.pullRequests.filter(({ state }) => state === 'open');
  const actions = open.map((pullRequest): Action => ({ kind: 'close', pullRequest, why, deleteBranch: false }));
  return { lane: lane.lane, why, actions };
}
