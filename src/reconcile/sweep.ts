import type { Config } from '../config/config.ts';
import { parseLaneBranch } from '../domain/lane.ts';
import { fullName, type Repo } from '../domain/repo.ts';
import { HostError, type SweepRead, type Tree } from '../ports/git-host.ts';
import { makeWaitingDue } from './allowance.ts';
import { applyConfig } from './config-change.ts';
import type { LoopContext } from './context.ts';
import { fingerprintOf } from './fingerprint.ts';
import { makeDue } from './intake.ts';
import { changedPaths } from './trees.ts';

/** Time between two looks at a repo in which nothing is heard from. */
export const sweepEveryMs = 15 * 60_000;

/** Name of the fact that remembers when a repo was swept last, epoch milliseconds. */
const sweptFact = 'swept';
/** Name of the fact that remembers the head of the default branch at the last sweep. */
const headFact = 'head';

/**
 * Finds what no webhook told: a moved default branch, a changed configuration, pull requests that people closed or merged, reports
 * that were never looked at. One request for each repo, whatever is open, and more only for what changed.
 */
export async function sweep(context: LoopContext): Promise<void> {
  for (const repo of await context.store.repos.all()) {
    try {
      await sweepRepo(repo, context);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      context.log.warn(
        { repo: fullName(repo), kind: error.kind, reason: error.message },
        'The repo could not be swept.',
      );
    }
  }
}

/** One repo. Throws `HostError`. */
export async function sweepRepo(repo: Repo, context: LoopContext): Promise<void> {
  const { repos } = context.store;
  const startedAtMs = context.clock.now();
  const sinceMs = Number((await repos.fact(repo.id, sweptFact)) ?? 0);
  const read = await context.host.sweep(repo);
  const known = await context.configs.learn(repo, read.head, read.config);
  await applyConfig(repo, known, context);
  if (known.verdict.ok) {
    const { config } = known.verdict;
    await followHead({ repo, head: read.head, config }, context);
    await makeWaitingDue({ repo, config, open: read.open.length }, context);
  }
  await dueByPullRequests({ repo, read, sinceMs }, context);
  await dueByReports(repo, context);
  await dueByBuried(repo, context);
  await repos.setFact(repo.id, sweptFact, String(startedAtMs));
}

interface HeadInput {
  readonly repo: Repo;
  readonly head: string;
  readonly config: Config;
}

/** A default branch that moved is compared with what was there at the last sweep, whatever the pushes in between told. */
async function followHead({ repo, head, config }: HeadInput, context: LoopContext): Promise<void> {
  const before = await context.store.repos.fact(repo.id, headFact);
  if (before === head) return;
  if (before !== undefined) {
    const tree = await context.trees.read(repo, head);
    const paths = changedPaths(await context.trees.read(repo, before), tree);
    await makeDue(repo, { paths, config, cause: 'the default branch moved' }, context);
    await checkFingerprints({ repo, head, config }, tree, context);
  }
  await context.store.repos.setFact(repo.id, headFact, head);
}

/** What was taken for unchanged by what a push told is checked against what is really there. */
async function checkFingerprints({ repo, head, config }: HeadInput, tree: Tree, context: LoopContext): Promise<void> {
  for (const { report, fingerprint, applications } of await context.store.reports.all(repo.id)) {
    if (report.revision !== head || fingerprint === undefined) continue;
    if (fingerprintOf(config, report, tree) !== fingerprint) await due(repo, applications, context);
  }
}

async function due(repo: Repo, applications: readonly string[], { store, clock }: LoopContext): Promise<void> {
  for (const application of new Set(applications)) {
    if (application !== '*') await store.queue.add({ repo, application }, clock.now(), 'the sweep found it changed');
  }
}

interface SweptInput {
  readonly repo: Repo;
  readonly read: SweepRead;
  readonly sinceMs: number;
}

async function dueByPullRequests({ repo, read, sinceMs }: SweptInput, context: LoopContext): Promise<void> {
  const changed = read.open.filter(({ updatedAtMs }) => updatedAtMs >= sinceMs);
  const closed = read.closed.filter(({ closedAtMs }) => closedAtMs >= sinceMs);
  const applications = [...changed, ...closed].flatMap(({ branch }) => parseLaneBranch(branch)?.application ?? []);
  await due(repo, applications, context);
}

/** What was given up on may work by now: one round of tries more for each sweep. */
async function dueByBuried(repo: Repo, context: LoopContext): Promise<void> {
  const buried = await context.store.queue.buried();
  const applications = buried.filter(({ repoId }) => repoId === repo.id).map(({ application }) => application);
  await due(repo, applications, context);
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
