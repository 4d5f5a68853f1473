import type { FileSpec } from '../config/config.ts';
import type { Lane } from '../domain/lane.ts';
import { laneTitle } from '../domain/lane.ts';
import type { FileChange } from '../domain/lane-history.ts';
import { type Reason, reason } from '../domain/reason.ts';
import { describeVersion } from '../domain/version.ts';
import { type Difference, differencesMax, type Edit, type Refusal } from '../editors/editor.ts';
import { editorOf } from '../editors/index.ts';
import { hereName } from './artifact-names.ts';
import type { Candidate } from './candidates.ts';
import { type Change, type Changes, changesOf } from './changes.ts';
import type { Base, EnvironmentState, LaneState, Snapshot, TargetState } from './snapshot.ts';
import { describeRefusal, type FileRefusal, fileRefusal, uniqueRefusals, unrefused } from './versions.ts';

/** What a promotion pull request would carry. */
export interface Proposal {
  readonly lane: Lane;
  readonly kind: 'first' | 'move' | 'drift';
  /** The branch it goes to, and the head it was decided on. */
  readonly base: Base;
  readonly candidate: Candidate;
  /** Only what changes, by target. */
  readonly changes: readonly Change[];
  readonly files: readonly ProposedFile[];
  readonly drifts: readonly Drift[];
  readonly leftAlone: readonly LeftAlone[];
  /** What the candidate holds besides and could not be moved: a person has to mend it, and the rest does not wait for that. */
  readonly leftOut: readonly FileRefusal[];
}

export interface ProposedFile {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** A value that was changed outside promotion, and by whom. */
export interface Drift {
  readonly change: Change;
  readonly by: FileChange | undefined;
}

/** Where source and target differ and nothing moves: values of a promoted file, or whole files beside it. */
export type LeftAlone =
  | { readonly kind: 'value'; readonly path: string; readonly difference: Difference }
  | { readonly kind: 'file'; readonly path: string };

/** What a lane should have: a proposal, or a reason why there is none. */
export type Wanted =
  | { readonly kind: 'proposal'; readonly proposal: Proposal }
  | { readonly kind: 'none'; readonly why: Reason; readonly candidate: Candidate }
  | { readonly kind: 'unproved'; readonly why: Reason; readonly badSinceMs: number | undefined };

interface ProposalInput {
  readonly snapshot: Snapshot;
  readonly state: EnvironmentState;
  readonly base: Base;
  readonly lane: LaneState;
  readonly candidate: Candidate;
}

/**
 * Compares the candidate with the lane. It moves whole but for what a file refuses: one field that must not move by itself
 * keeps all of it back.
 */
export function proposalFor(input: ProposalInput): Wanted {
  const { state, lane, candidate } = input;
  const none = (why: Reason): Wanted => ({ kind: 'none', why, candidate });
  const title = laneTitle(lane.lane);
  const read = changesOf(candidate, state, lane);
  const { changes, files, leftOut } = written(state, read, candidate);
  if (changes.length === 0) return none(nothingLeft(input, leftOut));
  const kept = keptBack(changes, title);
  return kept === undefined ? { kind: 'proposal', proposal: propose(input, { changes, files, leftOut }) } : none(kept);
}

/** Nothing of the candidate would change the lane: because it is there already, or because what is not there is kept back. */
function nothingLeft({ lane, candidate }: ProposalInput, leftOut: readonly FileRefusal[]): Reason {
  const title = laneTitle(lane.lane);
  const children = leftOut.map(refusalReason);
  const here = leftOut.filter((refusal) => !candidate.leftOut.includes(refusal));
  if (here.length === 0) return reason('up-to-date', `${title} already has ${versionsOf(candidate)}.`, children);
  if (here.every(({ code }) => code === 'absent')) {
    return reason('absent', `${title} lacks a file the candidate belongs in.`, children);
  }
  if (here.every(({ code }) => code === 'owned')) {
    return reason('owned', `Another bot writes these versions in ${title}.`, children);
  }
  return reason('refused', `A file of ${title} cannot be edited for certain.`, children);
}

function refusalReason(refusal: FileRefusal): Reason {
  return reason(refusal.code ?? 'refused', describeRefusal(refusal));
}

/** The rows of the three-way table in which nothing moves by itself. */
function keptBack(changes: readonly Change[], title: string): Reason | undefined {
  const back = changes.filter(({ row }) => row === 'rolled-back');
  if (back.length > 0) {
    const children = back.map((change) =>
      reason('rolled-back', `${change.path}: ${change.artifact} would go back to ${describeVersion(change.source)}.`),
    );
    return reason(
      'rolled-back',
      `${title} ran these versions before and has newer ones now. Going back is not done unasked.`,
      children,
    );
  }
  if (!changes.every(({ row }) => row === 'taken-out')) return undefined;
  const children = changes.map((change) =>
    reason(
      'taken-out',
      `${change.path}: ${change.artifact} was promoted to ${describeVersion(change.source)} and is ${describeVersion(change.current)} now.`,
    ),
  );
  return reason(
    'taken-out',
    `A person took this candidate out of ${title} after it was promoted. It is not offered again.`,
    children,
  );
}

export function versionsOf(candidate: Candidate): string {
  return candidate.artifacts.map(({ artifact, version }) => `${artifact} ${describeVersion(version)}`).join(', ');
}

/** Changes with the texts they make, and everything that stays out. */
interface Movable {
  readonly changes: readonly Change[];
  readonly files: readonly ProposedFile[];
  readonly leftOut: readonly FileRefusal[];
}

/** Writes the changes. What an editor refuses to write is left out, with its unit and in every target, and the rest written anew. */
function written(state: EnvironmentState, read: Changes, candidate: Candidate): Movable {
  let changes = read.changes.filter(({ row }) => row !== 'same');
  const leftOut = [...candidate.leftOut, ...read.leftOut];
  // Every round leaves out at least one change, so there are no more rounds than changes.
  for (;;) {
    const targets = state.targets.map((target) => writeTarget(target, changes));
    const refusals = targets.flatMap((target) => target.refusals);
    leftOut.push(...refusals);
    const kept = unrefused(changes, refusals);
    if (kept.length === changes.length) {
      return { changes, files: uniqueFiles(targets.flatMap(({ files }) => files)), leftOut: uniqueRefusals(leftOut) };
    }
    changes = [...kept];
  }
}

function propose(input: ProposalInput, { changes, files, leftOut }: Movable): Proposal {
  const { lane, base, candidate } = input;
  const drifted = changes.filter(({ row }) => row === 'drift' || row === 'taken-out');
  return {
    lane: lane.lane,
    base,
    kind: drifted.length > 0 ? 'drift' : changes.some(({ row }) => row === 'first') ? 'first' : 'move',
    candidate,
    changes,
    files,
    drifts: drifted.map((change) => ({ change, by: lane.lastChanges[change.path] })),
    leftAlone: leftAloneIn(input),
    leftOut,
  };
}

interface TargetWritten {
  readonly files: readonly ProposedFile[];
  readonly refusals: readonly FileRefusal[];
}

function writeTarget(target: TargetState, changes: readonly Change[]): TargetWritten {
  const files: ProposedFile[] = [];
  const refusals: FileRefusal[] = [];
  for (const path of new Set(target.spec.files.map((file) => file.path))) {
    const written = writeFile(target, path, changes);
    refusals.push(...written.refusals);
    files.push(...written.files);
  }
  return { files, refusals };
}

/** Several rules may select in one file: each edits what the one before left. */
function writeFile(target: TargetState, path: string, changes: readonly Change[]): TargetWritten {
  const file = target.files[path];
  if (file?.kind !== 'text') return { files: [], refusals: [] };
  let text = file.text;
  for (const spec of target.spec.files.filter((one) => one.path === path)) {
    const edits: readonly Edit[] = changes
      .filter((change) => change.target === target.spec.target && change.path === path && change.slot === spec.slot)
      .map(({ artifact, source }) => ({ artifact: hereName(spec.aliases, artifact), version: source }));
    if (edits.length === 0) continue;
    const written = editorOf(spec.editor).write(text, spec.where, edits);
    if (!written.ok) return { files: [], refusals: refusalsOf(spec, written.refusals, edits) };
    text = written.text;
  }
  return { files: text === file.text ? [] : [{ path, before: file.text, after: text }], refusals: [] };
}

/** A refusal that is about none of the edits is about all of them: nothing of the file was written. */
function refusalsOf(spec: FileSpec, refusals: readonly Refusal[], edits: readonly Edit[]): readonly FileRefusal[] {
  const known = refusals.some(({ artifact }) => edits.some((edit) => edit.artifact === artifact));
  return refusals.map(({ line, reason: text, ...about }) =>
    fileRefusal(spec, { line, reason: text, ...(known ? about : {}) }),
  );
}

/** Targets that share a file propose the same text for it: one of them is enough. */
function uniqueFiles(files: readonly ProposedFile[]): readonly ProposedFile[] {
  return [...new Map(files.map((file) => [file.path, file])).values()];
}

function leftAloneIn({ snapshot, state, candidate }: ProposalInput): readonly LeftAlone[] {
  const parent = snapshot.environments.find(({ environment }) => environment.name === candidate.from[0]);
  const source = parent?.targets[0];
  if (source === undefined) return [];
  const all = state.targets.flatMap((target) => [
    ...valuesLeftAlone(source, target),
    ...filesLeftAlone(source, target),
  ]);
  return all.slice(0, differencesMax);
}

function valuesLeftAlone(source: TargetState, target: TargetState): readonly LeftAlone[] {
  return target.spec.files.flatMap(({ path, slot, editor, where }) => {
    const from = source.spec.files.find((file) => file.slot === slot);
    // One file for several environments: what differs in it is the other environments' business.
    if (from?.path === path) return [];
    const before = from === undefined ? undefined : source.synced?.files[from.path];
    const after = target.files[path];
    if (before?.kind !== 'text' || after?.kind !== 'text') return [];
    const differences = editorOf(editor).leftAlone(before.text, after.text, where);
    return differences.map((difference): LeftAlone => ({ kind: 'value', path, difference }));
  });
}

function filesLeftAlone(source: TargetState, target: TargetState): readonly LeftAlone[] {
  const promoted = new Set(target.spec.files.map((file) => file.path));
  return target.spec.folders.flatMap((folder, index) => {
    const from = source.synced?.folders[source.spec.folders[index] ?? ''] ?? {};
    const to = target.folders[folder] ?? {};
    const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter((name) => from[name] !== to[name]);
    return names
      .map((name): LeftAlone => ({ kind: 'file', path: `${folder}/${name}` }))
      .filter((one) => !promoted.has(one.path));
  });
}
