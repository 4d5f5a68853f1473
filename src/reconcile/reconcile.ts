import { laneTitle } from '../domain/lane.ts';
import { describeReason, type Reason, reason } from '../domain/reason.ts';
import { fullName } from '../domain/repo.ts';
import { DeadlineError } from '../ports/decider.ts';
import type { HostError } from '../ports/git-host.ts';
import type { Job } from '../ports/store.ts';
import type { Plan } from '../promotion/action.ts';
import type { Snapshot } from '../promotion/snapshot.ts';
import { type Acted, act } from './act.ts';
import { allowanceOf, makeWaitingDue, noteWaiting } from './allowance.ts';
import type { LoopContext } from './context.ts';
import { type DecisionRecord, renderDecision } from './decision-record.ts';
import { observe } from './observe.ts';
import { settle } from './settle.ts';

/**
 * The whole loop for one application that is due: observe the world once, decide, carry out what is missing, remember why.
 * Throws `HostError` when it has to be done again; doing it again is always safe.
 */
export async function reconcile(job: Job, context: LoopContext): Promise<void> {
  const startedAtMs = context.clock.now();
  const observed = await observe(job, context);
  if (observed.kind === 'stopped') return remember(job, [{ lane: job.application, why: observed.why }], context);
  const carried = await decideAndAct({ job, snapshot: observed.snapshot, startedAtMs }, context);
  if ('code' in carried) return remember(job, [{ lane: job.application, why: carried }], context);
  const { plan, acted } = carried;
  await remember(job, explained(plan, acted), context);
  tell(job, carried, context);
  await again(job, plan, context);
  await shareRoom({ job, snapshot: observed.snapshot, plan }, context);
  const failure = worthRepeating(acted);
  if (failure !== undefined) throw failure;
  if (acted.every((lane) => lane.failure === undefined)) await settle(job, observed, context);
}

interface Look {
  readonly job: Job;
  readonly snapshot: Snapshot;
  /** When it began, epoch milliseconds: what was opened since then may not be in the Snapshot. */
  readonly startedAtMs: number;
}

interface Carried {
  readonly plan: Plan;
  readonly acted: readonly Acted[];
}

/**
 * Pull requests of one repo are opened one after another, and each is decided on knowing of those before it: several jobs at
 * work would else all take the last room.
 */
async function decideAndAct({ job, snapshot, startedAtMs }: Look, context: LoopContext): Promise<Carried | Reason> {
  const plan = await planInTime(snapshot, context);
  if ('code' in plan) return plan;
  if (!opensPullRequest(plan)) return { plan, acted: await act(plan, { job, snapshot, context }) };
  return context.turns.run(job.repo.id, async () => {
    const opened = await context.store.journal.openedSince(job.repo.id, startedAtMs);
    const open = snapshot.allowance.open.now + opened;
    const allowance = await allowanceOf({ repo: job.repo, config: snapshot.config, open }, context);
    const now = { ...snapshot, allowance };
    const anew = await planInTime(now, context);
    return 'code' in anew ? anew : { plan: anew, acted: await act(anew, { job, snapshot: now, context }) };
  });
}

function opensPullRequest(plan: Plan): boolean {
  return plan.lanes.some(({ actions }) =>
    actions.some((action) => action.kind === 'propose' && action.existing === undefined),
  );
}

/** Files that take too long to read stop their application and nothing else. */
async function planInTime(snapshot: Snapshot, { decider }: LoopContext): Promise<Plan | Reason> {
  try {
    return await decider.plan(snapshot);
  } catch (error) {
    if (error instanceof DeadlineError)
      return reason('stopped', `${error.message}. Its files are too large or too deeply nested.`);
    throw error;
  }
}

function explained(plan: Plan, acted: readonly Acted[]): DecisionRecord {
  return plan.lanes.map(({ lane, why }, index) => {
    const failure = acted[index]?.failure;
    return { lane: laneTitle(lane), why, ...(failure === undefined ? {} : { failure: failure.message }) };
  });
}

/** Keeps the decision for `explain`, with every reason it rests on. */
async function remember(job: Job, lanes: DecisionRecord, { store, clock }: LoopContext): Promise<void> {
  await store.journal.decided(job.repo.id, job.application, renderDecision(lanes), clock.now());
}

/** What was decided about every lane, and what could not be carried out. */
function tell(job: Job, { plan, acted }: Carried, { log }: LoopContext): void {
  for (const [index, { lane, why }] of plan.lanes.entries()) {
    const facts = { repo: fullName(job.repo), lane: laneTitle(lane), code: why.code };
    log.info(facts, describeReason(why));
    const failure = acted[index]?.failure;
    if (failure !== undefined) log.warn({ ...facts, kind: failure.kind }, `Not carried out: ${failure.message}`);
  }
}

/** Comes back at the time the plan names, for instance to close what has been bad for too long. */
async function again(job: Job, plan: Plan, { store }: LoopContext): Promise<void> {
  if (plan.lookAgainAtMs !== undefined)
    await store.queue.add(job, plan.lookAgainAtMs, 'a time the last decision named');
}

interface Decided {
  readonly job: Job;
  readonly snapshot: Snapshot;
  readonly plan: Plan;
}

/** A lane that met a limit is remembered; one that did not may have seen room for those that wait. */
async function shareRoom({ job, snapshot, plan }: Decided, context: LoopContext): Promise<void> {
  if (plan.lanes.some(({ why }) => why.code === 'limited')) return noteWaiting(job.repo, context);
  await makeWaitingDue({ repo: job.repo, config: snapshot.config, open: snapshot.allowance.open.now }, context);
}

/** What the world did is tried again at once; what it forbids or finds wrong is said, and tried again by the next report or sweep. */
function worthRepeating(acted: readonly Acted[]): HostError | undefined {
  const failures = acted.flatMap(({ failure }) => (failure === undefined ? [] : [failure]));
  return failures.find(({ kind }) => kind === 'moved' || kind === 'limited' || kind === 'unreachable');
}
