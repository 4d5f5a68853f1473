import { type Config, homesOf } from '../config/config.ts';
import { fullName, type Repo } from '../domain/repo.ts';
import type { Report } from '../domain/report.ts';
import type { LoopContext } from './context.ts';
import { mayFeed } from './homes.ts';
import { repoNamed } from './repo-named.ts';

/** The repos that take versions from this one: each side's configuration names the other. Throws `HostError`. */
export async function consumersOf(repo: Repo, config: Config, context: LoopContext): Promise<readonly Repo[]> {
  const consumers: Repo[] = [];
  for (const name of config.feeds) {
    const consumer = await repoNamed(name, context);
    if (consumer === undefined || consumer.id === repo.id) continue;
    const { verdict } = await context.configs.load(consumer);
    if (verdict.ok && takesFrom(verdict.config, repo)) consumers.push(consumer);
  }
  return consumers;
}

function takesFrom(config: Config, repo: Repo): boolean {
  return homesOf(config).some((home) => home.repo?.toLowerCase() === fullName(repo).toLowerCase());
}

/** The repos this one takes versions from, as far as they allow it. Throws `HostError`. */
export async function suppliersOf(repo: Repo, config: Config, context: LoopContext): Promise<readonly Repo[]> {
  const suppliers: Repo[] = [];
  for (const name of new Set(homesOf(config).flatMap((home) => home.repo?.toLowerCase() ?? []))) {
    const supplier = await repoNamed(name, context);
    if (supplier === undefined) continue;
    const { verdict } = await context.configs.load(supplier);
    if (verdict.ok && mayFeed(verdict.config, repo)) suppliers.push(supplier);
  }
  return suppliers;
}

/** The report as another repo keeps it: a subject of its own, so that it never takes the place of one of that repo. */
export function passedOn(report: Report): Report {
  return { ...report, subject: `${report.repository} ${report.subject}` };
}
