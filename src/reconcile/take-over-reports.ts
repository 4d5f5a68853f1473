import type { Config } from '../config/config.ts';
import { applicationsOf } from '../config/recognise.ts';
import { passedOn, passedOnFrom } from '../domain/passed-on.ts';
import { fullName, type Repo } from '../domain/repo.ts';
import type { KnownConfig } from './configs.ts';
import type { LoopContext } from './context.ts';
import { consumersOf, suppliersOf, takersOf } from './feeds.ts';

/**
 * Passes on what suppliers were told before this configuration named them, and what consumers were not told while it named none.
 * Answers every repo that takes versions from this one or wants to: all of them may be decided differently now. Doing it again
 * changes nothing. Throws `HostError`.
 */
export async function takeOverReports(
  repo: Repo,
  { verdict }: KnownConfig,
  context: LoopContext,
): Promise<readonly Repo[]> {
  const consumers = verdict.ok ? await consumersOf(repo, verdict.config, context) : [];
  if (verdict.ok) {
    for (const supplier of await suppliersOf(repo, verdict.config, context)) {
      await passAll({ from: supplier, to: repo, config: verdict.config }, context);
    }
  }
  for (const consumer of consumers) {
    const taking = await context.configs.load(consumer);
    if (taking.verdict.ok) await passAll({ from: repo, to: consumer, config: taking.verdict.config }, context);
  }
  const others = [...consumers, ...(await takersOf(repo, context))];
  return [...new Map(others.map((other) => [other.id, other])).values()];
}

interface Passing {
  readonly from: Repo;
  readonly to: Repo;
  /** The configuration of `to`. */
  readonly config: Config;
}

/** What was passed on to a repo is not passed on again: two repos may take versions from each other. */
async function passAll({ from, to, config }: Passing, { store }: LoopContext): Promise<void> {
  for (const { report, receivedAtMs } of await store.reports.all(from.id)) {
    if (passedOnFrom(report) !== undefined) continue;
    const passed = passedOn(report, fullName(from));
    await store.reports.record(to.id, passed, { receivedAtMs, applications: applicationsOf(config, passed) });
  }
}
