import {
  type ApplicationSpec,
  type Config,
  type EnvironmentSpec,
  hasLane,
  homeKey,
  pathsIn,
  type TargetSpec,
} from '../config/config.ts';
import { expectedReports } from '../config/recognise.ts';
import type { Files, Folder, RevisionFiles } from '../domain/file-state.ts';
import { type Lane, sameLane } from '../domain/lane.ts';
import { fullName } from '../domain/repo.ts';
import type { LaneRead, Observation } from '../ports/git-host.ts';
import type { Job, StoredReport } from '../ports/store.ts';
import { readDecisions } from '../promotion/decisions.ts';
import type { EnvironmentState, LaneState, Snapshot, TargetState } from '../promotion/snapshot.ts';
import { parseStatus } from '../render/marker.ts';
import { allowanceOf } from './allowance.ts';
import type { LoopContext } from './context.ts';
import { evidenceFor, toEvidence } from './evidence.ts';
import type { HomesSeen } from './homes.ts';

/** What one look gave, beside what was looked for. */
export interface Seen {
  readonly spec: ApplicationSpec | undefined;
  /** The applications it is made of: several in a group. */
  readonly members: readonly string[];
  readonly reports: readonly StoredReport[];
  readonly homes: HomesSeen;
  /** The look at the repo itself that tells of its configuration and of what is open. */
  readonly own: Observation;
  /** Why it cannot be told for certain what belongs to the application; undefined when it can. */
  readonly unlisted: string | undefined;
}

export interface BuildInput {
  readonly job: Job;
  readonly config: Config;
  readonly seen: Seen;
  readonly context: LoopContext;
}

/** Puts what was observed, what was reported and what is remembered into the one value a decision is made of. */
export async function buildSnapshot(input: BuildInput): Promise<Snapshot> {
  const { job, config, seen, context } = input;
  const spec = exists(seen) ? seen.spec : undefined;
  return {
    nowMs: context.clock.now(),
    repo: { fullName: fullName(job.repo), url: seen.own.url },
    stateHead: seen.own.stateHead,
    config,
    application: job.application,
    spec,
    environments: spec?.environments.map((environment) => environmentState(environment, input)) ?? [],
    lanes: laneStates(seen, job),
    allowance: await allowanceOf({ repo: job.repo, config, open: seen.own.open.length }, context),
  };
}

/**
 * A pattern fits every name: an application is there when at least one of its files is, at a head or where it was synced. Where that
 * cannot be seen it is taken to be there: what has left the configuration has its pull requests closed.
 */
function exists({ spec, homes }: Seen): boolean {
  return (spec?.environments ?? []).some(({ environment, targets }) => {
    const seen = homes.get(homeKey(environment));
    if (seen?.kind !== 'seen') return true;
    const { files, revisions } = seen.observation;
    const places = environment.repo === undefined ? [files] : Object.values(revisions).map((read) => read.files);
    const paths = targets.flatMap((target) => target.files.map(({ path }) => path));
    return paths.some((path) => places.some((all) => (all[path]?.kind ?? 'missing') !== 'missing'));
  });
}

function environmentState({ environment, targets }: EnvironmentSpec, input: BuildInput): EnvironmentState {
  const seen = input.seen.homes.get(homeKey(environment));
  const observation = seen?.kind === 'seen' ? seen.observation : undefined;
  return {
    environment,
    base: observation && { branch: observation.branch, head: observation.head, repoUrl: observation.url },
    unavailable: seen?.kind === 'unavailable' ? seen.why : undefined,
    targets: targets.map((spec) => targetState({ environment: environment.name, spec, observation }, input)),
  };
}

interface TargetSeen {
  readonly environment: string;
  readonly spec: TargetSpec;
  readonly observation: Observation | undefined;
}

function targetState({ environment, spec, observation }: TargetSeen, { config, seen }: BuildInput): TargetState {
  const place = { application: spec.application, environment, target: spec.target };
  const stored = evidenceFor(config, seen.reports, place);
  const paths = pathsIn(spec);
  return {
    spec,
    evidence: stored === undefined ? undefined : toEvidence(stored),
    awaited: expectedReports(config, place),
    files: pick(observation?.files ?? {}, paths),
    folders: pick(observation?.folders ?? {}, spec.folders),
    synced: observation && syncedFiles(observation, stored?.report.revision, spec),
  };
}

function syncedFiles(
  observation: Observation,
  revision: string | undefined,
  spec: TargetSpec,
): RevisionFiles | undefined {
  const read = revision === undefined ? undefined : observation.revisions[revision];
  if (read === undefined) return undefined;
  const paths = spec.files.map(({ path }) => path);
  return {
    onBranch: read.onBranch,
    files: pick(read.files, paths),
    folders: pick(read.folders, spec.folders),
  };
}

function pick<Value extends Files[string] | Folder>(
  all: Readonly<Record<string, Value>>,
  names: readonly string[],
): Readonly<Record<string, Value>> {
  const entries = names.flatMap((name) => {
    const value = all[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

/** In promotion order, then those that left the configuration. A lane whose branch cannot be read is there all the same. */
function laneStates({ spec, homes }: Seen, { application }: Job): readonly LaneState[] {
  const reads = [...homes.values()].flatMap((seen) => (seen.kind === 'seen' ? seen.observation.lanes : []));
  const wanted = (spec?.environments ?? []).filter(({ environment }) => hasLane(environment));
  const lanes = wanted.map(({ environment }): Lane => ({ application, environment: environment.name }));
  const stray = reads.filter((read) => !lanes.some((lane) => sameLane(lane, read.lane)));
  const found = lanes.map((lane) => {
    const read = reads.find((one) => sameLane(one.lane, lane));
    return read === undefined ? unseenLane(lane) : laneState(read);
  });
  return [...found, ...stray.map(laneState)];
}

function unseenLane(lane: Lane): LaneState {
  const nothing = { branches: [], pullRequests: [], merged: [], lastChanges: {}, followed: undefined };
  return { lane, ...nothing, decisions: { ok: true, decisions: { declined: [] } } };
}

function laneState(read: LaneRead): LaneState {
  const merged = read.pullRequests.find(({ state }) => state === 'merged');
  return {
    lane: read.lane,
    branches: read.branches,
    pullRequests: read.pullRequests,
    merged: read.merged,
    lastChanges: read.lastChanges,
    decisions: readDecisions(read.lane, read.state, read.stateChangedBy),
    followed: merged === undefined ? undefined : parseStatus(merged.body),
  };
}
