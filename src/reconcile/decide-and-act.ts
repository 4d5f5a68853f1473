import { type Reason, reason } from '../domain/reason.ts';
import { DeadlineError } from '../ports/decider.ts';
import type { HostError } from '../ports/git-host.ts';
import type { Job } from '../ports/store.ts';
import type { Plan } from '../promotion/action.ts';
import type { Snapshot } from '../promotion/snapshot.ts';
import { type Acted, act } from './act.ts';
import { allowanceOf } from './allowance.ts';
import type { LoopContext } from './context.ts';

export interface Look {
  readonly job: Job;
  readonly snapshot: Snapshot;
  /** When it began, epoch milliseconds: what was opened since then may not be in the Snapshot. */
  readonly startedAtMs: number;
}

/** A decision, and what became of it. */
export interface Carried {
  readonly plan: Plan;
  readonly acted: readonly Acted[];
}

/**
 * Decides and carries the decision out; answers a reason alone where nothing could be decided. Throws what is our own fault.
 *
 * Pull requests of one repo are opened one after another, and each is decided on knowing of those before it: several jobs at
 * work would else all take the last room.
 */
export async function decideAndAct(
  { job, snapshot, startedAtMs }: Look,
  context: LoopContext,
): Promise<Carried | Reason> {
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

/** What the world did is tried again at once; what it forbids or finds wrong is said, and tried again by the next report or sweep. */
export function worthRepeating(acted: readonly Acted[]): HostError | undefined {
  const failures = acted.flatMap(({ failure }) => (failure === undefined ? [] : [failure]));
  return failures.find(({ kind }) => kind === 'moved' || kind === 'limited' || kind === 'unreachable');
}
