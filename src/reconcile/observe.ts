import type { ApplicationSpec, Config, EnvironmentSpec, Home } from '../config/config.ts';
import { hasLane, homeKey, homesOf, pathsIn } from '../config/config.ts';
import { copiedFilesMax } from '../config/copied-files.ts';
import { applicationOf, expansionProblems } from '../config/lanes.ts';
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
import { listingFor } from './listing.ts';
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
  if (after.oid !== known.oid) await applyConfig(job.repo, after, context);
  if (!after.verdict.ok) return { kind: 'stopped', why: configReason(after.verdict.problems) };
  const { config } = after.verdict;
  const again = after.oid !== known.oid || strayLanes(first, job).length > 0;
  const seen = again ? await look(job, config, context, strayLanes(first, job)) : first;
  if (seen.unlisted !== undefined) return { kind: 'stopped', why: reason('stopped', seen.unlisted) };
  const clash = clashIn(config, seen);
  if (clash !== undefined) return { kind: 'stopped', why: clash };
  return { kind: 'snapshot', snapshot: await buildSnapshot({ job, config, seen, context }), looked: seen.reports };
}

async function look(
  job: Job,
  config: Config | undefined,
  context: LoopContext,
  stray: readonly Lane[] = [],
): Promise<Seen> {
  const reports = await context.store.reports.of(job.repo.id, job.application);
  const listed = config === undefined ? undefined : await listingFor({ job, config, reports }, context);
  const spec = config && applicationOf(config, job.application, listed?.ok ? listed.listing : undefined);
  const queries = config === undefined ? [emptyQuery] : queriesFor({ config, spec, reports, stray });
  const homes = await observeHomes(job.repo, queries, context);
  const own = ownObservation(queries, homes) ?? (await context.host.observe(job.repo, emptyQuery.query));
  return { spec, reports, homes, own, unlisted: listed?.ok === false ? listed.why : tooManyCopies(spec) };
}

/** A pull request of hundreds of whole files is none that a person can read. */
function tooManyCopies(spec: ApplicationSpec | undefined): string | undefined {
  const targets = spec?.environments.flatMap((environment) => environment.targets) ?? [];
  const slots = new Set(
    targets.flatMap(({ files }) => files.flatMap(({ whole, slot }) => (whole === undefined ? [] : [slot]))),
  );
  if (slots.size <= copiedFilesMax) return undefined;
  return `\`copy\` selects ${slots.size} files of the application, and at most ${copiedFilesMax} are copied: select fewer, or use \`except\`.`;
}

/** The first look at the repo itself that succeeded: it tells of the configuration and of what is open. */
function ownObservation(queries: readonly HomeQuery[], homes: Seen['homes']): Observation | undefined {
  for (const { home } of queries) {
    const seen = home.repo === undefined ? homes.get(homeKey(home)) : undefined;
    if (seen?.kind === 'seen') return seen.observation;
  }
  return undefined;
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
const emptyQuery: HomeQuery = {
  home: defaultHome,
  query: { revisions: [], paths: [], folders: [], lanes: [] },
};

/** Lanes of the application that have a pull request open and were not asked for: they left the configuration. */
function strayLanes({ own, homes }: Seen, job: Job): readonly Lane[] {
  const asked = [...homes.values()].flatMap((seen) => (seen.kind === 'seen' ? seen.observation.lanes : []));
  return lanesOf(own.open)
    .filter(({ application }) => application === job.application)
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
  const homes = used.some(({ repo }) => repo === undefined) ? used : [defaultHome, ...used];
  const first = homes.find(({ repo }) => repo === undefined);
  return homes.map((home) => {
    const here = environments.filter(({ environment }) => homeKey(environment) === homeKey(home));
    const stray = home === first ? input.stray : [];
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
  const named = { config, application: spec?.name ?? '', reports };
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
  return targets.flatMap(({ target, files, folders }) => {
    const place = { application: named.application, environment: environment.name, target };
    const revision = evidenceFor(named.config, named.reports, place)?.report.revision;
    return revision === undefined ? [] : [{ revision, paths: files.map(({ path }) => path), folders }];
  });
}

interface Named {
  readonly config: Config;
  readonly application: string;
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
