import type { Config } from '../config/config.ts';
import { applicationsOf } from '../config/recognise.ts';
import { parseLaneBranch } from '../domain/lane.ts';
import { describeProblem } from '../domain/problem.ts';
import { fullName, type Repo } from '../domain/repo.ts';
import { HostError } from '../ports/git-host.ts';
import { renderConfigCheck } from '../render/check.ts';
import { verdictOn } from './config-verdict.ts';
import type { KnownConfig } from './configs.ts';
import type { LoopContext } from './context.ts';
import { isLasting } from './feeds.ts';
import { applicationsAmong, ownTrees } from './own-trees.ts';
import { takeOverReports } from './take-over-reports.ts';

/** Name of the fact that remembers which configuration was taken over last. */
const takenOverFact = 'config';
/** Name of the fact that remembers when the repo's first valid configuration came, epoch milliseconds. */
export const firstConfigFact = 'first-config';
const absent = 'absent';

/**
 * Takes over a configuration that has changed: says on its commit whether it is valid, ties the reports to applications anew, and
 * makes everything due that may be decided differently now. Does nothing for the one taken over last.
 */
export function applyConfig(repo: Repo, known: KnownConfig, context: LoopContext): Promise<void> {
  return context.turns.run(repo.id, () => takeOver(repo, known, context));
}

async function takeOver(repo: Repo, known: KnownConfig, context: LoopContext): Promise<void> {
  const { repos } = context.store;
  const content = known.oid ?? absent;
  const before = await repos.fact(repo.id, takenOverFact);
  if (before === undefined && content === absent) return;
  if (before === content) return tieOnce(repo, known, context);
  await showVerdict(repo, known, context);
  if (known.verdict.ok) {
    if ((await repos.fact(repo.id, firstConfigFact)) === undefined) {
      await repos.setFact(repo.id, firstConfigFact, String(context.clock.now()));
    }
    await tieReports(repo, known.verdict.config, context);
  }
  await makeOthersDue(repo, await takeOverReports(repo, known, context), context);
  await makeEverythingDue(repo, 'the configuration changed', context);
  await repos.setFact(repo.id, takenOverFact, content);
}

/**
 * Reports that came while memory held another configuration (an older read can put one back for a moment) were tied by that one.
 */
async function tieOnce(repo: Repo, known: KnownConfig, context: LoopContext): Promise<void> {
  if (context.configs.areTied(repo) || !known.verdict.ok) return;
  await tieReports(repo, known.verdict.config, context);
}

/** A check run on the commit; a repo that does not allow one only costs the check, the log says the same. */
async function showVerdict(repo: Repo, known: KnownConfig, context: LoopContext): Promise<void> {
  const verdict = await verdictOn(repo, known, context);
  const facts = { repo: fullName(repo), commit: known.head };
  if (verdict.kind === 'invalid') {
    context.log.warn(
      { ...facts, problems: verdict.problems.map(describeProblem) },
      'The configuration is not valid: promotions are stopped.',
    );
  }
  try {
    await context.host.reportConfig(repo, { commit: known.head, ...renderConfigCheck(verdict) });
  } catch (error) {
    if (!(error instanceof HostError) || (error.kind !== 'forbidden' && error.kind !== 'refused')) throw error;
    context.log.warn(
      { ...facts, reason: error.message },
      'The verdict on the configuration cannot be shown as a check run.',
    );
  }
}

/** Repos that take versions from this one, or want to, are decided anew: the configuration says whether they may. */
async function makeOthersDue(repo: Repo, others: readonly Repo[], context: LoopContext): Promise<void> {
  for (const other of others) {
    try {
      await makeEverythingDue(other, `the configuration of ${fullName(repo)} changed`, context);
    } catch (error) {
      if (!isLasting(error)) throw error;
    }
  }
}

async function tieReports(repo: Repo, config: Config, { store, configs }: LoopContext): Promise<void> {
  configs.tie(repo);
  for (const { report, applications } of await store.reports.all(repo.id)) {
    const now = applicationsOf(config, report);
    if (now.join() !== applications.join()) await store.reports.assign(repo.id, report.subject, now);
  }
}

export interface DueApplications {
  /** By name; `*` is nobody here. */
  readonly applications: readonly string[];
  readonly cause: string;
}

export async function makeApplicationsDue(
  repo: Repo,
  { applications, cause }: DueApplications,
  { store, clock }: LoopContext,
): Promise<void> {
  for (const application of new Set(applications)) {
    if (application !== '*') await store.queue.add({ repo, application }, clock.now(), cause);
  }
}

/** Everything with a report or an open pull request: what left the configuration has its pull request closed that way. */
export async function makeEverythingDue(repo: Repo, cause: string, context: LoopContext): Promise<void> {
  const { open } = await context.host.sweep(repo);
  const reported = (await context.store.reports.all(repo.id)).flatMap(({ applications }) => applications);
  const proposed = open.flatMap(({ branch }) => parseLaneBranch(branch)?.application ?? []);
  const applications = await namedApplications(repo, [...new Set([...reported, ...proposed])], context);
  await makeApplicationsDue(repo, { applications, cause }, context);
}

/** Applications by name: those listed, and all of the repo's where `*` stands for every one. */
export async function namedApplications(
  repo: Repo,
  applications: readonly string[],
  context: LoopContext,
): Promise<readonly string[]> {
  const named = applications.filter((application) => application !== '*');
  const { verdict } = await context.configs.load(repo);
  if (named.length === applications.length || !verdict.ok) return named;
  const found = applicationsAmong(await ownTrees(repo, verdict.config, context), verdict.config);
  return [...new Set([...named, ...found])];
}
