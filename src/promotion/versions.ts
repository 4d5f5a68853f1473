import { createHash } from 'node:crypto';
import type { FileSpec, TargetSpec } from '../config/config.ts';
import type { Files } from '../domain/file-state.ts';
import { type ArtifactVersion, noFile, sameVersion } from '../domain/version.ts';
import type { Refusal } from '../editors/editor.ts';
import { editorOf } from '../editors/index.ts';
import { everywhereName } from './artifact-names.ts';

/** One artifact in one file; files of one slot correspond across environments and targets. */
export interface SlotVersion extends ArtifactVersion {
  readonly slot: string;
  readonly path: string;
}

/** What a target's files hold of the versions its rules select, and why some of it cannot be read. */
export interface VersionsRead {
  readonly versions: readonly SlotVersion[];
  readonly refusals: readonly FileRefusal[];
}

export interface FileRefusal {
  readonly slot: string;
  readonly path: string;
  readonly line: number | undefined;
  readonly reason: string;
  /** What kind of obstacle it is, where that is not simply a text that cannot be read or written. */
  readonly code?: 'absent' | 'owned' | 'member';
  /** Undefined when it is about everything the slot's file holds. */
  readonly artifact?: string | undefined;
  readonly unit?: string | undefined;
  /** What stands there all the same: it is no candidate, but a candidate may take its place. */
  readonly present?: SlotVersion;
}

/**
 * Reads every file of a target. A file that does not exist holds nothing, or is a version of its own where it moves whole; one
 * that cannot be read is a refusal, and so never looks removed.
 */
export function readVersions(spec: TargetSpec, files: Files): VersionsRead {
  const versions: SlotVersion[] = [];
  const refusals: FileRefusal[] = [];
  for (const one of spec.files) {
    const file = files[one.path] ?? { kind: 'missing' };
    if (file.kind === 'missing') {
      const { slot, path, whole } = one;
      if (whole !== undefined) versions.push({ artifact: whole, version: noFile, line: 1, slot, path });
      continue;
    }
    if (file.kind === 'unreadable') {
      refusals.push({ slot: one.slot, path: one.path, line: undefined, reason: file.reason });
      continue;
    }
    const found = editorOf(one.editor).find(file.text, one.where);
    versions.push(...found.artifacts.map((artifact) => inSlot(one, artifact)));
    refusals.push(...found.refusals.map((refusal) => fileRefusal(one, refusal)));
  }
  return { versions, refusals };
}

/** What a file holds under the names that artifacts have in every place. */
function inSlot({ slot, path, aliases }: FileSpec, artifact: ArtifactVersion): SlotVersion {
  return { ...artifact, ...namesOf(aliases, artifact), slot, path };
}

/** A unit is called like its artifacts: what they have in front of their last part. */
function namesOf(
  aliases: FileSpec['aliases'],
  { artifact, unit }: Pick<ArtifactVersion, 'artifact' | 'unit'>,
): Pick<ArtifactVersion, 'artifact' | 'unit'> {
  const name = everywhereName(aliases, artifact);
  if (unit === undefined) return { artifact: name };
  const rest = artifact.startsWith(unit) ? artifact.slice(unit.length) : undefined;
  const known = rest !== undefined && name.endsWith(rest);
  return { artifact: name, unit: known ? name.slice(0, name.length - rest.length) : unit };
}

export function fileRefusal(spec: FileSpec, { present, artifact, ...refusal }: Refusal): FileRefusal {
  const about = artifact ?? present?.artifact;
  return {
    ...refusal,
    slot: spec.slot,
    path: spec.path,
    ...(about === undefined ? {} : namesOf(spec.aliases, { artifact: about, unit: refusal.unit })),
    ...(present === undefined ? {} : { present: inSlot(spec, present) }),
  };
}

export function describeRefusal({ path, line, reason: text }: Pick<FileRefusal, 'path' | 'line' | 'reason'>): string {
  return `${path}${line === undefined ? '' : `:${line}`} ${text}`;
}

/** Whether a refusal keeps an artifact back: it is about the artifact, its unit, or everything in its file. */
export function concerns(
  refusal: Pick<FileRefusal, 'slot' | 'artifact' | 'unit'>,
  version: Pick<SlotVersion, 'slot' | 'artifact' | 'unit'>,
): boolean {
  if (refusal.slot !== version.slot) return false;
  if (refusal.artifact === undefined || refusal.artifact === version.artifact) return true;
  return refusal.unit !== undefined && refusal.unit === version.unit;
}

/** The versions that no refusal keeps back. */
export function unrefused<Version extends Pick<SlotVersion, 'slot' | 'artifact' | 'unit'>>(
  versions: readonly Version[],
  refusals: readonly FileRefusal[],
): readonly Version[] {
  const kept = versions.filter((version) => refusals.some((refusal) => concerns(refusal, version)));
  // What shares a unit with something kept back stays too.
  const units = new Set(kept.flatMap(({ slot, unit }) => (unit === undefined ? [] : [`${slot}\0${unit}`])));
  return versions.filter((version) => !kept.includes(version) && !units.has(`${version.slot}\0${version.unit ?? ''}`));
}

/** Whether a version is that of a whole file which is not there. */
export function isNoFile({ version }: Pick<SlotVersion, 'version'>): boolean {
  return sameVersion(version, noFile);
}

/** Refusals of one thing once, whoever found them. What reads alike may keep back several: two rules may select in one file. */
export function uniqueRefusals(refusals: readonly FileRefusal[]): readonly FileRefusal[] {
  const keyOf = ({ slot, artifact, unit, ...refusal }: FileRefusal): string =>
    JSON.stringify([slot, artifact ?? null, unit ?? null, describeRefusal(refusal)]);
  return [...new Map(refusals.map((refusal) => [keyOf(refusal), refusal])).values()];
}

export function sameVersions(a: readonly SlotVersion[], b: readonly SlotVersion[]): boolean {
  return (
    a.length === b.length &&
    a.every((one) => b.some((other) => sameSlot(one, other) && sameVersion(one.version, other.version)))
  );
}

export function sameSlot(
  a: Pick<SlotVersion, 'slot' | 'artifact'>,
  b: Pick<SlotVersion, 'slot' | 'artifact'>,
): boolean {
  return a.slot === b.slot && a.artifact === b.artifact;
}

/** Content hash of versions, whatever order they were read in. 64 hex digits. */
export function hashVersions(versions: readonly SlotVersion[]): string {
  const lines = versions.map(({ slot, artifact, version }) =>
    JSON.stringify([slot, artifact, Object.entries(version).sort(([a], [b]) => (a < b ? -1 : 1))]),
  );
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex');
}
