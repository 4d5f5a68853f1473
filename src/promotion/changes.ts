import type { TargetSpec } from '../config/config.ts';
import type { Files } from '../domain/file-state.ts';
import type { MergedPromotion } from '../domain/lane-history.ts';
import { sameVersion, type Version } from '../domain/version.ts';
import { type Candidate, type FileRefusal, readVersions, type SlotVersion, sameSlot } from './candidates.ts';
import { compareVersions } from './order.ts';
import type { EnvironmentState, LaneState, TargetState } from './snapshot.ts';

/**
 * What one artifact of one target would become. Three texts decide: *source* (the candidate), *current* (the lane at head) and
 * *base* (the lane right after its last merged promotion pull request).
 */
export interface Change {
  readonly target: string;
  readonly slot: string;
  readonly path: string;
  readonly artifact: string;
  readonly source: Version;
  /** Undefined when the target's file has no entry for the artifact yet. */
  readonly current: Version | undefined;
  readonly base: Version | undefined;
  readonly line: number | undefined;
  readonly row: ChangeRow;
}

/**
 * The row of the three-way table:
 * `same` nothing to do; `first` never promoted; `move` as promoted last; `rolled-back` the source went back to what the lane
 * ran before; `taken-out` a person took out what was promoted last; `drift` a person put something else there.
 */
export type ChangeRow = 'same' | 'first' | 'move' | 'rolled-back' | 'taken-out' | 'drift';

export interface Changes {
  readonly changes: readonly Change[];
  readonly refusals: readonly FileRefusal[];
  /** Files the candidate would write to that the lane does not have. */
  readonly absent: readonly string[];
}

/** Compares a candidate with every target of a lane. */
export function changesOf(candidate: Candidate, state: EnvironmentState, lane: LaneState): Changes {
  const reads = state.targets.map((target) => targetChanges(candidate, target, lane));
  return {
    changes: reads.flatMap((read) => read.changes),
    refusals: reads.flatMap((read) => read.refusals),
    absent: reads.flatMap((read) => read.absent),
  };
}

function targetChanges(candidate: Candidate, target: TargetState, lane: LaneState): Changes {
  const read = readVersions(target.spec, target.files);
  const versions = [...read.versions, ...read.refusals.flatMap(({ present }) => present ?? [])];
  const absent = absentFiles(candidate, target);
  const kept = candidate.artifacts.filter(({ slot }) => !absent.some((file) => file.slot === slot));
  const changes = kept.map((artifact) => changeOf(artifact, { target, versions, merged: lane.merged }));
  const isUsed = (path: string) => target.spec.files.some((file) => file.path === path && inUse(file.slot, candidate));
  const refusals = read.refusals.filter(({ path, present }) => present === undefined && isUsed(path));
  return { changes, refusals, absent: absent.map((file) => file.path) };
}

function inUse(slot: string, candidate: Candidate): boolean {
  return candidate.artifacts.some((artifact) => artifact.slot === slot);
}

function absentFiles(candidate: Candidate, target: TargetState): TargetSpec['files'] {
  return target.spec.files.filter(
    ({ path, slot }) => inUse(slot, candidate) && (target.files[path]?.kind ?? 'missing') === 'missing',
  );
}

interface LaneSide {
  readonly target: TargetState;
  readonly versions: readonly SlotVersion[];
  readonly merged: readonly MergedPromotion[];
}

function changeOf(artifact: SlotVersion, side: LaneSide): Change {
  const current = side.versions.find((version) => sameSlot(version, artifact));
  const file = side.target.spec.files.find(({ slot }) => slot === artifact.slot);
  const base = baseOf(artifact, side);
  const three = { source: artifact.version, current: current?.version, base };
  return {
    target: side.target.spec.target,
    slot: artifact.slot,
    path: file?.path ?? artifact.path,
    artifact: artifact.artifact,
    line: current?.line,
    row: rowOf(three, { promotedBefore: side.merged.length > 0, history: () => historyOf(artifact, side) }),
    ...three,
  };
}

/** What the last merge of a promotion pull request left there. */
function baseOf(artifact: SlotVersion, { target, merged: [newest] }: LaneSide): Version | undefined {
  return newest === undefined ? undefined : versionIn(artifact, target, newest.files);
}

/** What the lane ran: before and after each merge of a promotion pull request. */
function historyOf(artifact: SlotVersion, { target, merged }: LaneSide): readonly (Version | undefined)[] {
  return merged.flatMap(({ before, files }) => [before, files].map((each) => versionIn(artifact, target, each)));
}

function versionIn(artifact: SlotVersion, { spec }: TargetState, files: Files): Version | undefined {
  return readVersions(spec, files).versions.find((version) => sameSlot(version, artifact))?.version;
}

interface ThreeWay {
  readonly source: Version;
  readonly current: Version | undefined;
  readonly base: Version | undefined;
}

interface Past {
  readonly promotedBefore: boolean;
  /** Read only where it decides: it takes a look at the files of every merge. */
  readonly history: () => readonly (Version | undefined)[];
}

/** The three-way table, row by row, in its order. */
function rowOf(three: ThreeWay, { promotedBefore, history }: Past): ChangeRow {
  const { source, current, base } = three;
  if (equal(source, current)) return 'same';
  if (!promotedBefore || base === undefined) return isNewer(current, source) ? 'drift' : 'first';
  if (equal(base, source)) return 'taken-out';
  const ranBefore = () => history().some((version) => equal(version, source));
  if (!isNewer(source, current) && ranBefore()) return 'rolled-back';
  return equal(current, base) ? 'move' : 'drift';
}

function equal(a: Version | undefined, b: Version | undefined): boolean {
  return a !== undefined && b !== undefined && sameVersion(a, b);
}

/** Whether `a` is certainly the higher semantic version; false when either is none. */
function isNewer(a: Version | undefined, b: Version | undefined): boolean {
  return a !== undefined && b !== undefined && compareVersions(a, b) === 'higher';
}
