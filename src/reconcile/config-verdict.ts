import type { Config } from '../config/config.ts';
import { applicationOf, applicationsIn, expansionProblems } from '../config/lanes.ts';
import { expectedReports, recognise } from '../config/recognise.ts';
import type { Problem } from '../domain/problem.ts';
import type { Repo } from '../domain/repo.ts';
import type { StoredReport } from '../ports/store.ts';
import type { ConfigVerdict } from '../render/check.ts';
import type { KnownConfig } from './configs.ts';
import type { LoopContext } from './context.ts';
import type { Place } from './evidence.ts';

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
  const heard = placesHeardFrom(config, reports);
  const silent: { readonly place: string; readonly awaited: readonly string[] }[] = [];
  let silentCount = 0;
  for (const application of applications) {
    for (const { environment, targets } of applicationOf(config, application)?.environments ?? []) {
      for (const { target, files } of targets) {
        const place = { application, environment: environment.name, target };
        const known = heard.has(keyOf(place)) || heard.has(keyOf({ ...place, application: '*' }));
        if (known || !files.some(({ path }) => paths.has(path))) continue;
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
