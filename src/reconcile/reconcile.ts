import { groupOf } from '../config/groups.ts';
import { laneTitle } from '../domain/lane.ts';
import { describeReason, reason } from '../domain/reason.ts';
import { fullName } from '../domain/repo.ts';
import type { Job } from '../ports/store.ts';
import type { Plan } from '../promotion/action.ts';
import type { Snapshot } from '../promotion/snapshot.ts';
import type { Acted } from './act.ts';
import { makeWaitingDue, noteWaiting } from './allowance.ts';
import type { LoopContext } from './context.ts';
import { type Carried, decideAndAct, worthRepeating } from './decide-and-act.ts';
import { type DecisionRecord, renderDecision } from './decision-record.ts';
import { observe } from './observe.ts';
import { settle } from './settle.ts';

/**
 * The whole loop for one application that is due: observe the world once, decide, carry out what is missing, remember why.
 * Throws `HostError` when it has to be done again; doing it again is always safe.
 */
export async function reconcile(job: Job, context: LoopContext): Promise<void> {
  const startedAtMs = context.clock.now();
  const group = await groupFor(job, context);
  if (group !== undefined) return handOn(job, group, context);
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

/** The group an application is promoted with: then its lanes are the group's. Throws `HostError`. */
async function groupFor({ repo, application }: Job, { configs }: LoopContext): Promise<string | undefined> {
  const { verdict } = await configs.load(repo);
  return verdict.ok ? groupOf(verdict.config, application)?.name : undefined;
}

/** The group is due in place of its member; who asks about the member is told where to look. */
async function handOn(job: Job, group: string, context: LoopContext): Promise<void> {
  const { application } = job;
  const why = reason(
    'grouped',
    `${application} is promoted with the group ${group}: see the decisions about ${group}.`,
  );
  await remember(job, [{ lane: application, why }], context);
  await context.store.queue.add({ ...job, application: group }, context.clock.now(), `${application} is in it`);
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
