import { type Config, type Home, homeKey, homesOf } from '../config/config.ts';
import { recognise } from '../config/recognise.ts';
import type { Repo } from '../domain/repo.ts';
import type { SweepRead } from '../ports/git-host.ts';
import type { StoredReport } from '../ports/store.ts';
import type { LoopContext } from './context.ts';
import { allowedSupplier, isLasting } from './feeds.ts';
import { offBranch } from './fingerprint.ts';
import type { Swept } from './follow-heads.ts';

/** Name of the fact that remembers at which head revisions off the branch were looked for last. */
const awayFact = 'away';
/** Revisions off a branch that are looked for at once: reports from more branches than these are not promoted anyway. */
const awayMax = 50;

/**
 * Applications that were reported at a revision which was not on its environment's branch and may have been merged since: one
 * request for all of one branch, when its head has moved. Throws `HostError`.
 */
export async function mergedLater(
  repo: Repo,
  { read, config }: Swept,
  context: LoopContext,
): Promise<readonly string[]> {
  const all = await context.store.reports.all(repo.id);
  const away = all.filter(({ fingerprint }) => fingerprint === offBranch);
  const found: string[] = [];
  for (const home of away.length === 0 ? [] : homesOf(config)) {
    const here = away.filter((stored) => isAbout(config, stored, home));
    const place = here.length === 0 ? undefined : await placeOf(repo, { home, read }, context);
    if (place === undefined) continue;
    const fact = [awayFact, homeKey(home)].filter((part) => part !== undefined).join(' ');
    if (place.head !== undefined && (await context.store.repos.fact(repo.id, fact)) === place.head) continue;
    const merged = await onBranch({ ...place, home, away: here }, context);
    found.push(...merged.flatMap(({ applications }) => applications));
    if (place.head !== undefined) await context.store.repos.setFact(repo.id, fact, place.head);
  }
  return found;
}

function isAbout(config: Config, { report }: StoredReport, home: Home): boolean {
  const names = new Set(recognise(config, report).map(({ environment }) => environment));
  return config.environments.some((one) => names.has(one.name) && homeKey(one) === homeKey(home));
}

/** The repo that has a home, and the home's head where it is known without a request. */
interface HomePlace {
  readonly repo: Repo;
  readonly head: string | undefined;
}

/** Undefined for one that cannot be read: when that changes its lanes are looked at anyway. */
async function placeOf(
  repo: Repo,
  { home, read }: { readonly home: Home; readonly read: SweepRead },
  context: LoopContext,
): Promise<HomePlace | undefined> {
  if (home.repo === undefined) {
    const head = home.branch === undefined ? read.head : read.heads[home.branch];
    return head === undefined ? undefined : { repo, head };
  }
  const supplier = await allowedSupplier(home.repo, repo, context);
  if (supplier.kind === 'unavailable') return undefined;
  const head = home.branch === undefined ? context.configs.known(supplier.repo)?.head : undefined;
  return { repo: supplier.repo, head };
}

interface Away extends HomePlace {
  readonly home: Home;
  readonly away: readonly StoredReport[];
}

async function onBranch({ repo, home, away }: Away, { host }: LoopContext): Promise<readonly StoredReport[]> {
  const wanted = [...new Set(away.flatMap(({ report }) => report.revision ?? []))].slice(0, awayMax);
  const revisions = wanted.map((revision) => ({ revision, paths: [], folders: [] }));
  try {
    const seen = await host.observe(repo, { branch: home.branch, revisions, paths: [], folders: [], lanes: [] });
    return away.filter(({ report }) => seen.revisions[report.revision ?? '']?.onBranch === true);
  } catch (error) {
    if (isLasting(error)) return [];
    throw error;
  }
}
