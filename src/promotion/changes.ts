import type { MergedPromotion } from '../domain/lane-history.ts';
import { sameVersion, type Version } from '../domain/version.ts';
import type { Candidate } from './candidates.ts';
import { compareVersions } from './order.ts';
import type { EnvironmentState, LaneState, TargetState } from './snapshot.ts';
import {
  concerns,
  type FileRefusal,
  isNoFile,
  readVersions,
  type SlotVersion,
  sameSlot,
  uniqueRefusals,
  unrefused,
} from './versions.ts';

/**
 * What one artifact of one target would become. Three texts decide: *source* (the candidate), *current* (the lane at head) and
 * *base* (the lane right after its last merged promotion pull request).
 */
export interface Change {
  readonly application: string;
  readonly target: string;
  /** Labels of the target, for people. */
  readonly labels: Readonly<Record<string, string>>;
  readonly slot: string;
  readonly path: string;
  readonly artifact: string;
  readonly unit: string | undefined;
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
  /** In every target alike: an artifact that one of them refuses moves into none. */
  readonly changes: readonly Change[];
  /** What does not move, and why. */
  readonly leftOut: readonly FileRefusal[];
}

/** Compares a candidate with every target of a lane. */
export function changesOf(candidate: Candidate, state: EnvironmentState, lane: LaneState): Changes {
  const reads = state.targets.map((target) => targetChanges(candidate, target, lane));
  const leftOut = uniqueRefusals(reads.flatMap((read) => read.leftOut));
  const changes = reads.flatMap((read) => read.changes);
  return { changes: unrefused(changes, leftOut), leftOut };
}

function targetChanges(candidate: Candidate, target: TargetState, lane: LaneState): Changes {
  const read = readVersions(target.spec, target.files);
  const versions = [...read.versions, ...read.refusals.flatMap(({ present }) => present ?? [])];
  const own = candidate.artifacts.filter(({ slot }) => target.spec.files.some((file) => file.slot === slot));
  const past = pastOf(target, lane.merged);
  const changes = own.map((artifact) => changeOf(artifact, { target, versions, own, past }));
  const isWanted = (refusal: FileRefusal) => candidate.artifacts.some((artifact) => concerns(refusal, artifact));
  const refused = read.refusals.filter((refusal) => refusal.present === undefined && isWanted(refusal));
  const owned = changes.flatMap((change) => ownedElsewhere(change, versions));
  return { changes, leftOut: [...absentFiles(candidate, target), ...refused, ...owned] };
}

/** A field that another bot writes in this very place would be written by two: Pawl waits until one of them lets go. */
function ownedElsewhere(change: Change, versions: readonly SlotVersion[]): readonly FileRefusal[] {
  const owner = versions.find((version) => sameSlot(version, change))?.owner;
  if (owner === undefined || change.row === 'same') return [];
  const { slot, path, line, artifact, unit } = change;
  const text = `${artifact} is written by ${owner} here, so it is not promoted. Remove that mark, or take the field out of \`promote\`.`;
  return [{ slot, path, line, reason: text, artifact, unit, code: 'owned' }];
}

function absentFiles(candidate: Candidate, target: TargetState): readonly FileRefusal[] {
  const absent = target.spec.files.filter(({ path, slot, whole, create }) => {
    if (whole !== undefined || create !== undefined) return false;
    const used = candidate.artifacts.some((artifact) => artifact.slot === slot);
    return used && (target.files[path]?.kind ?? 'missing') === 'missing';
  });
  return absent.map(({ path, slot }) => ({ slot, path, line: undefined, reason: absentReason, code: 'absent' }));
}

const absentReason = 'does not exist. Create it first: Pawl changes versions, it does not invent settings.';

interface LaneSide {
  readonly target: TargetState;
  readonly versions: readonly SlotVersion[];
  /** What the candidate holds of the target's slots. */
  readonly own: readonly SlotVersion[];
  readonly past: Past;
}

/** What a target ran around the merges of promotion pull requests. */
interface Past {
  /** Right after the newest of them; undefined when there is none. */
  readonly base: readonly SlotVersion[] | undefined;
  /** Right before and right after each. Read only where it decides: it takes a look at the files of every merge. */
  readonly states: () => readonly (readonly SlotVersion[])[];
}

function pastOf({ spec }: TargetState, merged: readonly MergedPromotion[]): Past {
  const [newest] = merged;
  const base = newest === undefined ? undefined : readVersions(spec, newest.files).versions;
  let states: readonly (readonly SlotVersion[])[] | undefined;
  return {
    base,
    states: () => {
      states ??= merged.flatMap(({ before, files }) =>
        [before, files].map((each) => readVersions(spec, each).versions),
      );
      return states;
    },
  };
}

function changeOf(artifact: SlotVersion, side: LaneSide): Change {
  const current = side.versions.find((version) => sameSlot(version, artifact));
  const file = side.target.spec.files.find(({ slot }) => slot === artifact.slot);
  const base = side.past.base && !isUntouched(artifact, side.past) ? versionIn(artifact, side.past.base) : undefined;
  const three = { source: artifact.version, current: current?.version, base };
  return {
    application: side.target.spec.application,
    target: side.target.spec.target,
    labels: side.target.spec.labels,
    slot: artifact.slot,
    path: file?.path ?? artifact.path,
    artifact: artifact.artifact,
    unit: artifact.unit,
    line: current?.line,
    row: rowOf(three, { promotedBefore: side.past.base !== undefined, ranBefore: () => ranBefore(artifact, side) }),
    ...three,
  };
}

/** Whether a file would be removed that promotion never wrote there: that a merge of other files left it there means nothing. */
function isUntouched(artifact: SlotVersion, { states }: Past): boolean {
  if (!isNoFile(artifact)) return false;
  const found = states().map((state) => versionIn(artifact, state));
  return found.every((version) => equal(version, found[0]) && !equal(version, artifact.version));
}

/**
 * Whether the lane ran a version before. Files come and go, and most of them once were not there: a file that moves whole is
 * what it was before only together with everything else.
 */
function ranBefore(artifact: SlotVersion, { own, past }: LaneSide): boolean {
  const isWhole = isNoFile(artifact) || 'content' in artifact.version;
  const together = isWhole ? own : [artifact];
  return past.states().some((state) => together.every((one) => equal(versionIn(one, state), one.version)));
}

function versionIn(artifact: SlotVersion, versions: readonly SlotVersion[]): Version | undefined {
  return versions.find((version) => sameSlot(version, artifact))?.version;
}

interface ThreeWay {
  readonly source: Version;
  readonly current: Version | undefined;
  readonly base: Version | undefined;
}

interface Before {
  readonly promotedBefore: boolean;
  readonly ranBefore: () => boolean;
}

/** The three-way table, row by row, in its order. */
function rowOf(three: ThreeWay, { promotedBefore, ranBefore }: Before): ChangeRow {
  const { source, current, base } = three;
  if (equal(source, current)) return 'same';
  if (!promotedBefore || base === undefined) return isNewer(current, source) || removes(three) ? 'drift' : 'first';
  if (equal(base, source)) return 'taken-out';
  if (!isNewer(source, current) && ranBefore()) return 'rolled-back';
  return equal(current, base) ? 'move' : 'drift';
}

/** A file that only the target has: nothing tells yet whether it is an old one or its own. */
function removes({ source, current }: ThreeWay): boolean {
  return current !== undefined && isNoFile({ version: source });
}

function equal(a: Version | undefined, b: Version | undefined): boolean {
  return a !== undefined && b !== undefined && sameVersion(a, b);
}

/** Whether `a` is certainly the higher semantic version; false when either is none. */
function isNewer(a: Version | undefined, b: Version | undefined): boolean {
  return a !== undefined && b !== undefined && compareVersions(a, b) === 'higher';
}
