import type { ApplicationSpec, Config, EnvironmentSpec, TargetSpec } from '../config/config.ts';
import { expectedReports } from '../config/recognise.ts';
import type { Files, Folder, RevisionFiles } from '../domain/file-state.ts';
import { fullName } from '../domain/repo.ts';
import type { LaneRead, Observation } from '../ports/git-host.ts';
import type { Job, StoredReport } from '../ports/store.ts';
import { readDecisions } from '../promotion/decisions.ts';
import type { EnvironmentState, LaneState, Snapshot, TargetState } from '../promotion/snapshot.ts';
import { parseStatus } from '../render/marker.ts';
import { allowanceOf } from './allowance.ts';
import type { LoopContext } from './context.ts';
import { evidenceFor, toEvidence } from './evidence.ts';

/** What one look gave, beside what was looked for. */
export interface Seen {
  readonly spec: ApplicationSpec | undefined;
  readonly reports: readonly StoredReport[];
  readonly observation: Observation;
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
  const { observation } = seen;
  const spec = exists(seen.spec, observation.files) ? seen.spec : undefined;
  return {
    nowMs: context.clock.now(),
    repo: { fullName: fullName(job.repo), url: observation.url },
    defaultBranch: observation.defaultBranch,
    head: observation.head,
    stateHead: observation.stateHead,
    config,
    application: job.application,
    spec,
    environments: spec?.environments.map((environment) => environmentState(environment, input)) ?? [],
    lanes: observation.lanes.map(laneState),
    allowance: await allowanceOf({ repo: job.repo, config, open: observation.open.length }, context),
  };
}

/** A pattern fits every name: an application is there when at least one of its files is. */
function exists(spec: ApplicationSpec | undefined, files: Files): boolean {
  const paths = spec?.environments.flatMap(({ targets }) => targets.flatMap((target) => target.files)) ?? [];
  return paths.some(({ path }) => (files[path]?.kind ?? 'missing') !== 'missing');
}

function environmentState({ environment, targets }: EnvironmentSpec, input: BuildInput): EnvironmentState {
  return { environment, targets: targets.map((target) => targetState(environment.name, target, input)) };
}

function targetState(environment: string, spec: TargetSpec, { job, config, seen }: BuildInput): TargetState {
  const place = { application: job.application, environment, target: spec.target };
  const stored = evidenceFor(config, seen.reports, place);
  const paths = spec.files.map(({ path }) => path);
  return {
    spec,
    evidence: stored === undefined ? undefined : toEvidence(stored),
    awaited: expectedReports(config, place),
    files: pick(seen.observation.files, paths),
    folders: pick(seen.observation.folders, spec.folders),
    synced: syncedFiles(seen.observation, stored?.report.revision, spec),
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
    onDefaultBranch: read.onDefaultBranch,
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
