import type { Config } from '../config/config.ts';
import type { Repo } from '../domain/repo.ts';
import type { Allowance } from '../promotion/snapshot.ts';
import { firstConfigFact } from './config-change.ts';
import type { LoopContext } from './context.ts';
import { parseDecision } from './decision-record.ts';

const hourMs = 60 * 60_000;

export interface AllowanceInput {
  readonly repo: Repo;
  readonly config: Config;
  /** Promotion pull requests open in the repo. */
  readonly open: number;
}

/** How many pull requests may be opened in a repo now. Fewer in the first hour, so that a new configuration floods nobody. */
export async function allowanceOf({ repo, config, open }: AllowanceInput, context: LoopContext): Promise<Allowance> {
  const nowMs = context.clock.now();
  const recent = await context.store.journal.openedSince(repo.id, nowMs - hourMs);
  const first = Number((await context.store.repos.fact(repo.id, firstConfigFact)) ?? nowMs);
  const { openPullRequests, newPullRequestsPerHour, newPullRequestsFirstHour } = config.limits;
  const max =
    nowMs - first < hourMs ? Math.min(newPullRequestsFirstHour, newPullRequestsPerHour) : newPullRequestsPerHour;
  return { open: { now: open, max: openPullRequests }, recent: { now: recent, max } };
}

/** Name of the fact that remembers whether any lane waits for a limit: most repos have none, and need not look. */
const waitingFact = 'limited';

/**
 * Makes due as many of the applications that wait for a limit as there is room for, the longest waiting first. They do not look
 * for themselves: two thousand of them would use up GitHub's requests by asking.
 */
export async function makeWaitingDue(input: AllowanceInput, context: LoopContext): Promise<void> {
  const { repos, journal } = context.store;
  if ((await repos.fact(input.repo.id, waitingFact)) !== 'yes') return;
  const { open, recent } = await allowanceOf(input, context);
  const room = Math.max(0, Math.min(open.max - open.now, recent.max - recent.now));
  if (room === 0) return;
  const decisions = await journal.decisions(input.repo.id);
  const waiting = decisions.filter(({ decision }) => waitsForLimit(decision)).sort((a, b) => a.atMs - b.atMs);
  if (waiting.length === 0) await repos.setFact(input.repo.id, waitingFact, 'no');
  for (const { application } of waiting.slice(0, room)) {
    const job = { repo: input.repo, application };
    await context.store.queue.add(job, context.clock.now(), 'there is room for another pull request');
  }
}

/** Remembers that a lane of the repo waits for a limit. */
export async function noteWaiting(repo: Repo, { store }: LoopContext): Promise<void> {
  await store.repos.setFact(repo.id, waitingFact, 'yes');
}

function waitsForLimit(decision: string): boolean {
  return parseDecision(decision).some(({ why }) => why.code === 'limited');
}
