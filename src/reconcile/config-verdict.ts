import { type Config, homeKey, homesOf } from '../config/config.ts';
import { applicationOf, type Expansion, expansionProblems } from '../config/lanes.ts';
import { expectedReports, recognise } from '../config/recognise.ts';
import type { Problem } from '../domain/problem.ts';
import { configPath, type Repo } from '../domain/repo.ts';
import type { StoredReport } from '../ports/store.ts';
import type { ConfigVerdict } from '../render/check.ts';
import type { KnownConfig } from './configs.ts';
import type { LoopContext } from './context.ts';
import type { Place } from './evidence.ts';
import { allowedSupplier, supplierNames } from './feeds.ts';
import { lackingFiles } from './lacking-files.ts';
import { applicationsAmong, type HomeTree, ownTrees } from './own-trees.ts';

/** Targets without a report that are listed; the rest is counted. */
const silentMax = 50;

/** What to say about a configuration on the commit that brought it: its mistakes, or what it makes of the repo. */
export async function verdictOn(repo: Repo, known: KnownConfig, context: LoopContext): Promise<ConfigVerdict> {
  const { verdict } = known;
  if (!verdict.ok) {
    return verdict.problems === 'absent' ? { kind: 'absent' } : { kind: 'invalid', problems: verdict.problems };
  }
  const { config, warnings } = verdict;
  const trees = await ownTrees(repo, config, context);
  const expansions = trees.map(({ home, tree }) => expansionProblems(config, tree.oids.keys(), home));
  const problems = expansions.flatMap((expansion) => expansion.problems);
  const applications = applicationsAmong(trees, config);
  const paths = new Map(trees.map(({ home, tree }) => [homeKey(home), new Set(tree.oids.keys())]));
  const reports = await context.store.reports.all(repo.id);
  return {
    kind: 'valid',
    applications,
    environments: config.environments.map(({ name }) => name),
    warnings: [
      ...problems,
      ...warnings,
      ...unusedIn(expansions),
      ...(await homeProblems(repo, { config, trees }, context)),
    ],
    stops: problems.length > 0,
    orders: config.applications.flatMap(({ name, order }) =>
      name === undefined || order === undefined
        ? []
        : [{ application: name, environments: order.map((step) => step.name) }],
    ),
    found: config.environments.flatMap(({ name, targets, found }) =>
      found === undefined ? [] : [{ environment: name, targets, pattern: found.pattern.text }],
    ),
    ...silentTargets({ config, applications, reports, paths }),
    ...lackingFiles(config, applications, paths),
  };
}

interface Homes {
  readonly config: Config;
  readonly trees: readonly HomeTree[];
}

/** Branches that are not there, and repos that cannot be used: what environments are there stands still until that is mended. */
async function homeProblems(repo: Repo, { config, trees }: Homes, context: LoopContext): Promise<readonly Problem[]> {
  const own = homesOf(config).filter((home) => home.repo === undefined);
  const absent = own.filter((home) => !trees.some((tree) => homeKey(tree.home) === homeKey(home)));
  const branches = absent.map(({ branch = '' }) => `There is no branch ${branch}.`);
  const suppliers = await Promise.all(supplierNames(config).map((name) => allowedSupplier(name, repo, context)));
  const repos = suppliers.flatMap((supplier) => (supplier.kind === 'unavailable' ? [supplier.why] : []));
  return [...branches, ...repos].map((message) => {
    return { file: configPath, line: 1, column: 1, message, hint: 'Until then nothing moves into it or on from it.' };
  });
}

/** Rules that match nothing on any branch. */
function unusedIn([first, ...others]: readonly Expansion[]): readonly Problem[] {
  const everywhere = (one: Problem): boolean =>
    others.every(({ warnings }) => warnings.some(({ line, message }) => line === one.line && message === one.message));
  return first?.warnings.filter(everywhere) ?? [];
}

interface SilentInput {
  readonly config: Config;
  readonly applications: readonly string[];
  readonly reports: readonly StoredReport[];
  /** Paths by home. */
  readonly paths: ReadonlyMap<string | undefined, ReadonlySet<string>>;
}

/** Targets that have files and that nobody has reported yet, each with the reports that would be recognised. */
function silentTargets({ config, applications, reports, paths }: SilentInput) {
  const heard = placesHeardFrom(config, reports);
  const silent: { readonly place: string; readonly awaited: readonly string[] }[] = [];
  let silentCount = 0;
  for (const application of applications) {
    for (const { environment, targets } of applicationOf(config, application, paths)?.environments ?? []) {
      for (const { target, files } of targets) {
        const place = { application, environment: environment.name, target };
        const known = heard.has(keyOf(place)) || heard.has(keyOf({ ...place, application: '*' }));
        const here = paths.get(homeKey(environment));
        if (known || !files.some(({ path }) => here?.has(path) === true)) continue;
        silentCount += 1;
        if (silent.length >= silentMax) continue;
        const name = environment.namesTargets ? `${environment.name}/${target}` : environment.name;
        silent.push({ place: `${application} in ${name}`, awaited: expectedReports(config, place) });
      }
    }
  }
  return { silent, silentCount };
}

/** Every report is recognised once: a repo has thousands of reports and thousands of targets. */
function placesHeardFrom(config: Config, reports: readonly StoredReport[]): ReadonlySet<string> {
  const bound = reports.flatMap(({ report }) => recognise(config, report));
  return new Set(bound.map(({ application, ...place }) => keyOf({ application: application ?? '*', ...place })));
}

function keyOf({ application, environment, target }: Place): string {
  return `${application}/${environment}/${target}`;
}
