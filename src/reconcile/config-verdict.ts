import { type Config, homeKey } from '../config/config.ts';
import { applicationOf, applicationsIn, type Expansion, expansionProblems } from '../config/lanes.ts';
import { expectedReports, recognise } from '../config/recognise.ts';
import type { Problem } from '../domain/problem.ts';
import type { Repo } from '../domain/repo.ts';
import type { StoredReport } from '../ports/store.ts';
import type { ConfigVerdict } from '../render/check.ts';
import type { KnownConfig } from './configs.ts';
import type { LoopContext } from './context.ts';
import type { Place } from './evidence.ts';
import { lackingFiles } from './lacking-files.ts';
import { ownTrees } from './own-trees.ts';

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
  const applications = unique(trees.flatMap(({ home, tree }) => applicationsIn(config, tree.oids.keys(), home)));
  const paths = new Map(trees.map(({ home, tree }) => [homeKey(home), new Set(tree.oids.keys())]));
  const reports = await context.store.reports.all(repo.id);
  return {
    kind: 'valid',
    applications,
    environments: config.environments.map(({ name }) => name),
    warnings: [...problems, ...warnings, ...unusedIn(expansions)],
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

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
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
