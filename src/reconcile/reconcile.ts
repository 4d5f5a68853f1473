import { laneTitle } from '../domain/lane.ts';
import { describeReason, type Reason, reason } from '../domain/reason.ts';
import { fullName } from '../domain/repo.ts';
import { DeadlineError } from '../ports/decider.ts';
import type { HostError } from '../ports/git-host.ts';
import type { Job } from '../ports/store.ts';
import type { Plan } from '../promotion/action.ts';
import type { Snapshot } from '../promotion/snapshot.ts';
import { type Acted, act } from './act.ts';
import { makeWaitingDue, noteWaiting } from './allowance.ts';
import type { LoopContext } from './context.ts';
import { observe } from './observe.ts';
import { settle } from './settle.ts';

/**
 * The whole loop for one application that is due: observe the world once, decide, carry out what is missing, remember why.
 * Throws `HostError` when it has to be done again; doing it again is always safe.
 */
export async function reconcile(job: Job, context: LoopContext): Promise<void> {
  const observed = await observe(job, context);
  if (observed.kind === 'stopped') return remember(job, [{ lane: job.application, why: observed.why }], context);
  const plan = await planInTime(observed.snapshot, context);
  if ('code' in plan) return remember(job, [{ lane: job.application, why: plan }], context);
  const acted = await act(plan, { job, snapshot: observed.snapshot, context });
  await remember(job, explained(plan, acted), context);
  await again(job, plan, context);
  await shareRoom({ job, snapshot: observed.snapshot, plan }, context);
  const failure = worthRepeating(acted);
  if (failure !== undefined) throw failure;
  await settle(job, observed, context);
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

type Explained = readonly { readonly lane: string; readonly why: unknown; readonly failure?: string }[];

function explained(plan: Plan, acted: readonly Acted[]): Explained {
  return plan.lanes.map(({ lane, why }, index) => {
    const failure = acted[index]?.failure;
    return { lane: laneTitle(lane), why, ...(failure === undefined ? {} : { failure: failure.message }) };
  });
}

/** Keeps the decision for `explain`, with every reason it rests on. */
async function remember(job: Job, lanes: Explained, { store, clock }: LoopContext): Promise<void> {
  await store.journal.decided(job.repo.id, job.application, JSON.stringify({ lanes }), clock.now());
}

/** Comes back at the time the plan names, for instance to close what has been bad for too long. */
async function again(job: Job, plan: Plan, { store, log }: LoopContext): Promise<void> {
  for (const { lane, why } of plan.lanes) {
    log.info({ repo: fullName(job.repo), lane: laneTitle(lane), code: why.code }, describeReason(why));
  }
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

/** What the world did is tried again; what it forbids or finds wrong is said and left until something changes. */
function worthRepeating(acted: readonly Acted[]): HostError | undefined {
  const failures = acted.flatMap(({ failure }) => (failure === undefined ? [] : [failure]));
  return failures.find(({ kind }) => kind === 'moved' || kind === 'limited' || kind === 'unreachable');
}
