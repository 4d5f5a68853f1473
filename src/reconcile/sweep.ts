import { z } from 'zod';
import { type Config, homesOf } from '../config/config.ts';
import { parseLaneBranch } from '../domain/lane.ts';
import { fullName, type Repo } from '../domain/repo.ts';
import { HostError, type SweepRead, type Tree } from '../ports/git-host.ts';
import { makeWaitingDue } from './allowance.ts';
import { applyConfig, makeEverythingDue } from './config-change.ts';
import type { LoopContext } from './context.ts';
import { parseDecision } from './decision-record.ts';
import { fingerprintOf, offBranch } from './fingerprint.ts';
import { defaultHomes, makeDue } from './intake.ts';
import { changedPaths, orAbsent } from './trees.ts';

/** Time between two looks at a repo in which nothing is heard from. */
export const sweepEveryMs = 15 * 60_000;

/** Name of the fact that remembers how the pull requests were at the last sweep. */
const seenFact = 'pull-requests';
/** Name of the fact that remembers the head of the default branch at the last sweep. */
const headFact = 'head';

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
  const before = context.configs.known(repo)?.verdict;
  const read = await context.host.sweep(repo, before?.ok === true ? branchesOf(before.config) : []);
  const known = await context.configs.learn(repo, read.head, read.config);
  const config = known.verdict.ok ? known.verdict.config : undefined;
  await inSpiteOfEachOther([
    () => applyConfig(repo, known, context),
    async () => config && followHeads(repo, { read, config }, context),
    async () => config && makeWaitingDue({ repo, config, open: read.open.length }, context),
    () => dueByPullRequests(repo, read, context),
    () => dueByReports(repo, context),
    () => dueByMerges(repo, read.head, context),
    () => dueByBuried(repo, context),
    () => dueByDecisions(repo, context),
  ]);
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

/** Branches of the repo itself that environments are on, besides the default one. */
function branchesOf(config: Config): readonly string[] {
  return homesOf(config).flatMap(({ repo, branch }) => (repo === undefined && branch !== undefined ? [branch] : []));
}

interface HeadInput {
  readonly repo: Repo;
  readonly branch: string;
  readonly isDefault: boolean;
  readonly head: string;
  readonly config: Config;
}

/** A branch that was not asked for, since the configuration is not known before the first sweep, is followed from the next one on. */
async function followHeads(
  repo: Repo,
  { read, config }: { readonly read: SweepRead; readonly config: Config },
  context: LoopContext,
): Promise<void> {
  await followHead({ repo, config, branch: read.defaultBranch, isDefault: true, head: read.head }, context);
  for (const branch of branchesOf(config)) {
    const head = branch === read.defaultBranch ? undefined : read.heads[branch];
    if (head !== undefined) await followHead({ repo, config, branch, isDefault: false, head }, context);
  }
}

/** A branch that moved is compared with what was there at the last sweep, whatever the pushes in between told. */
async function followHead({ repo, branch, isDefault, head, config }: HeadInput, context: LoopContext): Promise<void> {
  const fact = isDefault ? headFact : `${headFact} ${branch}`;
  const before = await context.store.repos.fact(repo.id, fact);
  if (before === head) return;
  if (before !== undefined) {
    const tree = await context.trees.read(repo, head);
    // The head before may be gone for good: pushed over, and forgotten by GitHub.
    const earlier = await orAbsent(context.trees.read(repo, before));
    const cause = `the branch ${branch} moved`;
    const homes = isDefault ? defaultHomes(config, branch) : [{ branch, repo: undefined }];
    if (earlier === undefined) await makeEverythingDue(repo, cause, context);
    else await makeDue(repo, { paths: changedPaths(earlier, tree), config, cause, homes }, context);
    await checkFingerprints({ repo, head, config }, tree, context);
  }
  await context.store.repos.setFact(repo.id, fact, head);
}

/** What was taken for unchanged by what a push told is checked against what is really there. */
async function checkFingerprints(
  { repo, head, config }: Pick<HeadInput, 'repo' | 'head' | 'config'>,
  tree: Tree,
  context: LoopContext,
): Promise<void> {
  for (const { report, fingerprint, applications } of await context.store.reports.all(repo.id)) {
    if (report.revision !== head || fingerprint === undefined || fingerprint === offBranch) continue;
    if (fingerprintOf(config, report, tree) !== fingerprint) await due(repo, applications, context);
  }
}

async function due(repo: Repo, applications: readonly string[], { store, clock }: LoopContext): Promise<void> {
  for (const application of new Set(applications)) {
    if (application !== '*') await store.queue.add({ repo, application }, clock.now(), 'the sweep found it changed');
  }
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

/** Name of the fact that remembers at which head revisions off the default branch were looked for last. */
const awayFact = 'away';
/** Revisions off the default branch that are looked for at once: reports from more branches than these are not promoted anyway. */
const awayMax = 50;

/** A revision that was reported from another branch may have been merged: one request for all of them, when the head has moved. */
async function dueByMerges(repo: Repo, head: string, context: LoopContext): Promise<void> {
  const { repos, reports } = context.store;
  const away = (await reports.all(repo.id)).filter(({ fingerprint }) => fingerprint === offBranch);
  if (away.length === 0 || (await repos.fact(repo.id, awayFact)) === head) return;
  const wanted = [...new Set(away.flatMap(({ report }) => report.revision ?? []))].slice(0, awayMax);
  const revisions = wanted.map((revision) => ({ revision, paths: [], folders: [] }));
  const seen = await context.host.observe(repo, { revisions, paths: [], folders: [], lanes: [] });
  const merged = away.filter(({ report }) => seen.revisions[report.revision ?? '']?.onBranch === true);
  await due(
    repo,
    merged.flatMap(({ applications }) => applications),
    context,
  );
  await repos.setFact(repo.id, awayFact, head);
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
