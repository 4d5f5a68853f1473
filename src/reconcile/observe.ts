import type { ApplicationSpec, Config, EnvironmentSpec, Home } from '../config/config.ts';
import { hasLane, homeKey, homesOf, pathsIn } from '../config/config.ts';
import { copiedFilesMax } from '../config/copied-files.ts';
import { expansionProblems } from '../config/lanes.ts';
import { type Lane, parseLaneBranch, sameLane } from '../domain/lane.ts';
import { describeProblem } from '../domain/problem.ts';
import { type Reason, reason } from '../domain/reason.ts';
import { configPath } from '../domain/repo.ts';
import type { LaneQuery, Observation, ObserveQuery, OpenPromotion, RevisionQuery } from '../ports/git-host.ts';
import type { Job, StoredReport } from '../ports/store.ts';
import { decisionsPath } from '../promotion/decisions.ts';
import type { Snapshot } from '../promotion/snapshot.ts';
import { applyConfig } from './config-change.ts';
import type { LoopContext } from './context.ts';
import { evidenceFor } from './evidence.ts';
import { type HomeQuery, observeHomes } from './homes.ts';
import { type Subject, subjectOf } from './members.ts';
import { buildSnapshot, type Seen } from './snapshot-builder.ts';

/** What a look at the world gave: a Snapshot to decide on, or the reason why nothing can be decided. */
export type Observed =
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot; readonly looked: readonly StoredReport[] }
  | { readonly kind: 'stopped'; readonly why: Reason };

/**
 * Reads everything one decision about an application needs: one request when the configuration is known and still the same, and
 * one more for each further branch or repo its environments are in. Throws `HostError` and `DeadlineError`.
 */
export async function observe(job: Job, context: LoopContext): Promise<Observed> {
  const known = await context.configs.load(job.repo);
  const first = await look(job, known.verdict.ok ? known.verdict.config : undefined, context);
  const after = await context.configs.learn(job.repo, first.own.defaultHead, first.own.config);
  // Another repo's look may have brought it into memory before anything heard of the change.
  if (after.oid !== known.oid || !context.configs.areTied(job.repo)) await applyConfig(job.repo, after, context);
  if (!after.verdict.ok) return { kind: 'stopped', why: configReason(after.verdict.problems) };
  const { config } = after.verdict;
  const again = after.oid !== known.oid || strayLanes(first, job).length > 0;
  const seen = again ? await look(job, config, context, strayLanes(first, job)) : first;
  if (seen.unlisted !== undefined) return { kind: 'stopped', why: reason('stopped', seen.unlisted) };
  const clash = namedTwice(seen) ?? clashIn(config, seen);
  if (clash !== undefined) return { kind: 'stopped', why: clash };
  return { kind: 'snapshot', snapshot: await buildSnapshot({ job, config, seen, context }), looked: seen.reports };
}

const noSubject: Subject = { spec: undefined, members: [], reports: [], unlisted: undefined };

async function look(
  job: Job,
  config: Config | undefined,
  context: LoopContext,
  stray: readonly Lane[] = [],
): Promise<Seen> {
  const subject = config === undefined ? noSubject : await subjectOf(job, config, context);
  const { spec, reports } = subject;
  const queries = config === undefined ? [emptyQuery] : queriesFor({ config, spec, reports, stray });
  const homes = await observeHomes(job.repo, queries, context);
  const own = ownObservation(queries, homes) ?? (await context.host.observe(job.repo, emptyQuery.query));
  return { spec, members: subject.members, reports, homes, own, unlisted: subject.unlisted ?? tooManyCopies(spec) };
}

/** A pull request of hundreds of whole files of one application is none that a person can read. */
function tooManyCopies(spec: ApplicationSpec | undefined): string | undefined {
  const targets = spec?.environments.flatMap((environment) => environment.targets) ?? [];
  for (const [application, own] of Map.groupBy(targets, (target) => target.application)) {
    const whole = own.flatMap(({ files }) => files.filter((file) => file.whole !== undefined));
    const count = new Set(whole.map(({ slot }) => slot)).size;
    if (count > copiedFilesMax)
      return `\`copy\` selects ${count} files of ${application}, and at most ${copiedFilesMax} are copied: select fewer, or use \`except\`.`;
  }
  return undefined;
}

/** The first look at the repo itself that succeeded: it tells of the configuration and of what is open. */
function ownObservation(queries: readonly HomeQuery[], homes: Seen['homes']): Observation | undefined {
  for (const { home } of queries) {
    const seen = home.repo === undefined ? homes.get(homeKey(home)) : undefined;
    if (seen?.kind === 'seen') return seen.observation;
  }
  return undefined;
}

/** Of one branch under two names it could not be told who writes which field. */
function namedTwice({ spec, own }: Seen): Reason | undefined {
  const environments = (spec?.environments ?? []).map(({ environment }) => environment);
  const named = environments.filter(({ branch, repo }) => repo === undefined && branch === own.defaultBranch);
  if (named.length === 0 || !environments.some(isDefaultHome)) return undefined;
  const names = named.map(({ name }) => name).join(' and ');
  const text = `\`branch: ${own.defaultBranch}\` of ${names} is the default branch, which other environments do not name: remove the key.`;
  return reason('stopped', text);
}

/** Two lanes that would write one field stop both: which of them is meant is not for us to guess. */
function clashIn(config: Config, { homes }: Seen): Reason | undefined {
  const problems = homesOf(config).flatMap((home) => {
    const seen = homes.get(homeKey(home));
    if (seen?.kind !== 'seen') return [];
    const present = Object.entries(seen.observation.files).filter(([, file]) => file.kind !== 'missing');
    const paths = present.map(([path]) => path);
    return expansionProblems(config, paths, home).problems;
  });
  if (problems.length === 0) return undefined;
  const children = problems.map((problem) => reason('stopped', describeProblem(problem)));
  return reason('stopped', 'The configuration lets two lanes write one field.', children);
}

const defaultHome: Home = { branch: undefined, repo: undefined };

function isDefaultHome(home: Home): boolean {
  return homeKey(home) === undefined;
}

const emptyQuery: HomeQuery = {
  home: defaultHome,
  query: { revisions: [], paths: [], folders: [], lanes: [] },
};

/** Lanes of the application that have a pull request open and were not asked for: they left the configuration, or joined a group. */
function strayLanes({ own, homes, members }: Seen, job: Job): readonly Lane[] {
  const asked = [...homes.values()].flatMap((seen) => (seen.kind === 'seen' ? seen.observation.lanes : []));
  return lanesOf(own.open)
    .filter(({ application }) => application === job.application || members.includes(application))
    .filter((lane) => !asked.some((read) => sameLane(read.lane, lane)));
}

function lanesOf(open: readonly OpenPromotion[]): readonly Lane[] {
  return open.flatMap(({ branch }) => parseLaneBranch(branch) ?? []);
}

interface QueryInput {
  readonly config: Config;
  readonly spec: ApplicationSpec | undefined;
  readonly reports: readonly StoredReport[];
  readonly stray: readonly Lane[];
}

/** One query for each home; there is always one for the repo itself, which reads lanes that left the configuration too. */
function queriesFor(input: QueryInput): readonly HomeQuery[] {
  const environments = input.spec?.environments ?? [];
  const used = homesOf({ environments: environments.map(({ environment }) => environment) });
  // Lanes that left the configuration are read with the default branch, which is there for certain.
  const asked = input.stray.length > 0 ? isDefaultHome : ({ repo }: Home) => repo === undefined;
  const homes = used.some(asked) ? used : [defaultHome, ...used];
  return homes.map((home) => {
    const here = environments.filter(({ environment }) => homeKey(environment) === homeKey(home));
    const stray = isDefaultHome(home) ? input.stray : [];
    return { home, query: { ...queryFor(here, { ...input, stray }, home), branch: home.branch } };
  });
}

function queryFor(
  environments: readonly EnvironmentSpec[],
  { config, spec, reports, stray }: QueryInput,
  home: Home,
): ObserveQuery {
  const targets = environments.flatMap((environment) => environment.targets);
  const lanes = environments.filter(({ environment }) => hasLane(environment));
  const named = { config, reports };
  const revisions = environments.flatMap((environment) => revisionsOf(environment, named));
  // Of another repo only what was synced is of interest: nothing is written there.
  if (home.repo !== undefined) return { revisions, paths: [], folders: [], lanes: [] };
  return {
    revisions,
    paths: unique(targets.flatMap(pathsIn)),
    folders: unique(targets.flatMap(({ folders }) => folders)),
    lanes: [...lanes.map((environment) => laneQuery(environment, spec?.name ?? '')), ...stray.map(strayQuery)],
  };
}

function revisionsOf({ environment, targets }: EnvironmentSpec, named: Named): readonly RevisionQuery[] {
  return targets.flatMap(({ application, target, files, folders }) => {
    const place = { application, environment: environment.name, target };
    const revision = evidenceFor(named.config, named.reports, place)?.report.revision;
    return revision === undefined ? [] : [{ revision, paths: files.map(({ path }) => path), folders }];
  });
}

interface Named {
  readonly config: Config;
  readonly reports: readonly StoredReport[];
}

function laneQuery({ environment, targets }: EnvironmentSpec, application: string): LaneQuery {
  const lane = { application, environment: environment.name };
  return {
    lane,
    paths: unique(targets.flatMap(pathsIn)),
    statePath: decisionsPath(lane),
  };
}

function strayQuery(lane: Lane): LaneQuery {
  return { lane, paths: [], statePath: decisionsPath(lane) };
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

function configReason(problems: 'absent' | readonly unknown[]): Reason {
  return problems === 'absent'
    ? reason('stopped', `The repo has no ${configPath} on its default branch: promotions are paused.`)
    : reason(
        'stopped',
        `The configuration has ${problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`}: promotions are stopped until that is mended.`,
      );
}
