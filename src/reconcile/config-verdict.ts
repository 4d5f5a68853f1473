import type { Config } from '../config/config.ts';
import { applicationOf, applicationsIn, expansionProblems } from '../config/lanes.ts';
import { expectedReports } from '../config/recognise.ts';
import type { Problem } from '../domain/problem.ts';
import type { Repo } from '../domain/repo.ts';
import type { StoredReport } from '../ports/store.ts';
import type { ConfigVerdict } from '../render/check.ts';
import type { KnownConfig } from './configs.ts';
import type { LoopContext } from './context.ts';
import { evidenceFor } from './evidence.ts';

/** Targets without a report that are listed; the rest is counted. */
const silentMax = 50;

/** What to say about a configuration on the commit that brought it: its mistakes, or what it makes of the repo. */
export async function verdictOn(repo: Repo, known: KnownConfig, context: LoopContext): Promise<ConfigVerdict> {
  const { verdict, head } = known;
  if (!verdict.ok) {
    return verdict.problems === 'absent' ? { kind: 'absent' } : { kind: 'invalid', problems: verdict.problems };
  }
  const { config, warnings } = verdict;
  const tree = await context.trees.at(repo, head);
  const paths = [...tree.oids.keys()];
  const { problems, warnings: unused } = expansionProblems(config, paths);
  const applications = applicationsIn(config, paths);
  const reports = await context.store.reports.all(repo.id);
  return {
    kind: 'valid',
    applications,
    environments: config.environments.map(({ name }) => name),
    warnings: [...problems, ...warnings, ...unused] satisfies readonly Problem[],
    stops: problems.length > 0,
    ...silentTargets({ config, applications, reports, paths: new Set(paths) }),
  };
}

interface SilentInput {
  readonly config: Config;
  readonly applications: readonly string[];
  readonly reports: readonly StoredReport[];
  readonly paths: ReadonlySet<string>;
}

/** Targets that have files and that nobody has reported yet, each with the reports that would be recognised. */
function silentTargets({ config, applications, reports, paths }: SilentInput) {
  const silent: { readonly place: string; readonly awaited: readonly string[] }[] = [];
  for (const application of applications) {
    for (const { environment, targets } of applicationOf(config, application)?.environments ?? []) {
      for (const { target, files } of targets) {
        const place = { application, environment: environment.name, target };
        if (!files.some(({ path }) => paths.has(path)) || evidenceFor(config, reports, place) !== undefined) continue;
        const name = environment.namesTargets ? `${environment.name}/${target}` : environment.name;
        silent.push({ place: `${application} in ${name}`, awaited: expectedReports(config, place) });
      }
    }
  }
  return { silent: silent.slice(0, silentMax), silentCount: silent.length };
}
