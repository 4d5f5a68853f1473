import { z } from 'zod';
import { parseLaneBranch } from '../domain/lane.ts';
import { fullName, type Repo } from '../domain/repo.ts';
import { HostError, type SweepRead } from '../ports/git-host.ts';
import { makeWaitingDue } from './allowance.ts';
import { applyConfig, makeApplicationsDue } from './config-change.ts';
import type { KnownConfig } from './configs.ts';
import type { LoopContext } from './context.ts';
import { parseDecision } from './decision-record.ts';
import { branchesOf, followHeads } from './follow-heads.ts';
import { mergedLater } from './merged-later.ts';

/** Time between two looks at a repo in which nothing is heard from. */
export const sweepEveryMs = 15 * 60_000;

/** Name of the fact that remembers how the pull requests were at the last sweep. */
const seenFact = 'pull-requests';

/**
 * Finds what no webhook told: a moved default branch, a changed configuration, pull requests that people closed or merged, reports
 * that were never looked at. One request for each repo, whatever is open, and more only for what changed.
 */
export async function sweep(context: LoopContext): Promise<void> {
  await sweepRepos(await context.store.repos.all(), context);
}

/** Sweeps some repos; one that fails does not keep back the others, and is swept again the next time. */
export async function sweepRepos(repos: readonly Repo[], context: LoopContext): Promise<void> {
  for (const repo of repos) {
    try {
      await sweepRepo(repo, context);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      const facts = { repo: fullName(repo), kind: error.kind, reason: error.message };
      context.log.warn(facts, 'The repo could not be swept.');
    }
  }
}

/** One repo. Throws the first `HostError` after every step was tried. */
async function sweepRepo(repo: Repo, context: LoopContext): Promise<void> {
  const { read, known } = await look(repo, context);
  const config = known.verdict.ok ? known.verdict.config : undefined;
  await inSpiteOfEachOther([
    () => applyConfig(repo, known, context),
    async () => config && followHeads(repo, { read, config }, context),
    async () => config && makeWaitingDue({ repo, config, open: read.open.length }, context),
    () => dueByPullRequests(repo, read, context),
    () => dueByReports(repo, context),
    async () => config && due(repo, await mergedLater(repo, { read, config }, context), context),
    () => dueByBuried(repo, context),
    () => dueByDecisions(repo, context),
  ]);
}

/** One request, and one more where the configuration turns out to name branches that were not asked for. */
async function look(
  repo: Repo,
  context: LoopContext,
): Promise<{ readonly read: SweepRead; readonly known: KnownConfig }> {
  const asked = branchesIn(context.configs.known(repo));
  const read = await context.host.sweep(repo, asked);
  const known = await context.configs.learn(repo, read.head, read.config);
  const wanted = branchesIn(known);
  if (wanted.every((branch) => asked.includes(branch))) return { read, known };
  const { heads } = await context.host.sweep(repo, wanted);
  return { read: { ...read, heads }, known };
}

function branchesIn(known: KnownConfig | undefined): readonly string[] {
  return known?.verdict.ok === true ? branchesOf(known.verdict.config) : [];
}

/** Runs every step; one that GitHub fails does not skip the others. */
async function inSpiteOfEachOther(steps: readonly (() => Promise<unknown>)[]): Promise<void> {
  let failure: HostError | undefined;
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
}

function due(repo: Repo, applications: readonly string[], context: LoopContext): Promise<void> {
  return makeApplicationsDue(repo, { applications, cause: 'the sweep found it changed' }, context);
}

/**
 * Pull requests that are not as the last sweep saw them. States are compared and not times: GitHub's clock is not ours, and it
 * tells whole seconds.
 */
async function dueByPullRequests(repo: Repo, read: SweepRead, context: LoopContext): Promise<void> {
  const { repos } = context.store;
  const before = parseSeen(await repos.fact(repo.id, seenFact));
  const now = [
    ...read.open.map(({ number, branch, updatedAtMs }) => ({ number, branch, state: `open@${updatedAtMs}` })),
    ...read.closed.map(({ number, branch, closedAtMs }) => ({ number, branch, state: `closed@${closedAtMs}` })),
  ];
  const changed = now.filter(({ number, state }) => before[number] !== state);
  await due(
    repo,
    changed.flatMap(({ branch }) => parseLaneBranch(branch)?.application ?? []),
    context,
  );
  const seen = Object.fromEntries(now.map(({ number, state }) => [number, state]));
  await repos.setFact(repo.id, seenFact, JSON.stringify(seen));
}

const seenShape = z.record(z.string(), z.string());

function parseSeen(fact: string | undefined): Readonly<Record<string, string>> {
  return fact === undefined ? {} : seenShape.parse(JSON.parse(fact));
}

/** What was given up on may work by now: one round of tries more for each sweep. */
async function dueByBuried(repo: Repo, context: LoopContext): Promise<void> {
  const buried = await context.store.queue.buried();
  const applications = buried.filter(({ repoId }) => repoId === repo.id).map(({ application }) => application);
  await due(repo, applications, context);
}

/** What people may have mended without a webhook that we heard: branches in their hands, a rule, a file of the side branch. */
async function dueByDecisions(repo: Repo, context: LoopContext): Promise<void> {
  const decisions = await context.store.journal.decisions(repo.id);
  await due(
    repo,
    decisions.filter(({ decision }) => mayBeFreeNow(decision)).map(({ application }) => application),
    context,
  );
}

const mendable: ReadonlySet<string> = new Set(['occupied', 'untrusted']);

function mayBeFreeNow(decision: string): boolean {
  return parseDecision(decision).some(({ why, failure }) => mendable.has(why.code) || failure !== undefined);
}

/** A report without a fingerprint was recorded and never looked at to the end. */
async function dueByReports(repo: Repo, context: LoopContext): Promise<void> {
  const reports = await context.store.reports.all(repo.id);
  const waiting = reports.filter(
    ({ fingerprint, report }) => fingerprint === undefined && report.revision !== undefined,
  );
  await due(
    repo,
    waiting.flatMap(({ applications }) => applications),
    context,
  );
}
