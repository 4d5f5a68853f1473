import type { FileSpec } from '../config/config.ts';
import type { Files } from '../domain/file-state.ts';
import { keptMark } from '../domain/version.ts';
import { keptKeys } from '../editors/copy.ts';
import type { Edit, Refusal } from '../editors/editor.ts';
import { editorOf } from '../editors/index.ts';
import { hereName } from './artifact-names.ts';
import type { Candidate } from './candidates.ts';
import type { Change, Changes } from './changes.ts';
import type { EnvironmentState, Snapshot, TargetState } from './snapshot.ts';
import { type FileRefusal, fileRefusal, isNoFile, uniqueRefusals, unrefused } from './versions.ts';

export interface ProposedFile {
  readonly path: string;
  /** Undefined for a file that is added. */
  readonly before: string | undefined;
  /** Undefined for a file that is removed. */
  readonly after: string | undefined;
}

/** What files are written for: a candidate and the lane it goes into. */
export interface WrittenInput {
  readonly snapshot: Snapshot;
  readonly state: EnvironmentState;
  readonly candidate: Candidate;
}

/** Changes with the texts they make, and everything that stays out. */
export interface Movable {
  readonly changes: readonly Change[];
  readonly files: readonly ProposedFile[];
  readonly leftOut: readonly FileRefusal[];
}

/** Writes the changes. What an editor refuses to write is left out, with its unit and in every target, and the rest written anew. */
export function writtenFiles(input: WrittenInput, read: Changes): Movable {
  const { state, candidate } = input;
  let changes = read.changes.filter(({ row }) => row !== 'same');
  const leftOut = [...candidate.leftOut, ...read.leftOut];
  const source = sourceOf(input);
  // Every round leaves out at least one change, so there are no more rounds than changes.
  for (;;) {
    const targets = state.targets.map((target) => writeTarget({ target, source }, changes));
    const refusals = targets.flatMap((target) => target.refusals);
    leftOut.push(...refusals);
    const kept = unrefused(changes, refusals);
    if (kept.length === changes.length) {
      return { changes, files: uniqueFiles(targets.flatMap(({ files }) => files)), leftOut: uniqueRefusals(leftOut) };
    }
    changes = [...kept];
  }
}

interface TargetWritten {
  readonly files: readonly ProposedFile[];
  readonly refusals: readonly FileRefusal[];
}

/** A target, and the one whose files a new file is made like. */
interface Sides {
  readonly target: TargetState;
  readonly source: TargetState | undefined;
}

function writeTarget(sides: Sides, changes: readonly Change[]): TargetWritten {
  const { target } = sides;
  const files: ProposedFile[] = [];
  const refusals: FileRefusal[] = [];
  for (const path of new Set(target.spec.files.map((file) => file.path))) {
    const written = writeFile(sides, path, changes);
    refusals.push(...written.refusals);
    files.push(...written.files);
  }
  return { files, refusals };
}

/** Several rules may select in one file: each edits what the one before left. */
function writeFile({ target, source }: Sides, path: string, changes: readonly Change[]): TargetWritten {
  const file = target.files[path] ?? { kind: 'missing' };
  const specs = target.spec.files.filter((one) => one.path === path);
  const start = file.kind === 'text' ? file.text : file.kind === 'missing' ? newText(specs, source) : undefined;
  if (start === undefined) return { files: [], refusals: [] };
  const before = file.kind === 'text' ? file.text : undefined;
  let text: string = start;
  for (const spec of specs) {
    const edits: readonly Edit[] = changes
      .filter((change) => change.target === target.spec.target && change.path === path && change.slot === spec.slot)
      .map(({ artifact, source }) => ({ artifact: hereName(spec.aliases, artifact), version: source }));
    if (edits.length === 0) continue;
    if (edits.some(isNoFile)) return { files: [{ path, before, after: undefined }], refusals: [] };
    const written = editorOf(spec.editor).write(text, spec.where, edits);
    if (!written.ok) return { files: [], refusals: refusalsOf(spec, written.refusals, edits) };
    text = written.text;
  }
  const isUsed = before !== undefined || changes.some((change) => change.path === path);
  if (text === before || !isUsed) return { files: [], refusals: [] };
  const along = specs.flatMap((spec) => companionOf(target, spec, text));
  return {
    files: [{ path, before, after: text }, ...along.flatMap((one) => one.files)],
    refusals: along.flatMap((one) => one.refusals),
  };
}

/** What a missing file starts from: nothing where it is copied whole, else the source's text, with marks where a person fills in. */
function newText(specs: readonly FileSpec[], source: TargetState | undefined): string | undefined {
  const spec = specs.find(({ whole, create }) => whole !== undefined || create !== undefined);
  if (spec?.whole !== undefined) return '';
  const from = source?.spec.files.find(({ slot }) => slot === spec?.slot);
  const file = from === undefined ? undefined : source?.synced?.files[from.path];
  if (spec?.create === undefined || file?.kind !== 'text') return undefined;
  const [marked] = editorOf('copy').find(file.text, {
    copy: [spec.path],
    ...keeping(spec.path, spec.create.leave),
  }).artifacts;
  return marked?.version['content'];
}

function keeping(path: string, keys: readonly string[]): object {
  return keys.length === 0 ? {} : { keep: [{ in: path, keys }] };
}

/** The values of added files that hold the mark which a person replaces. */
export function toFillIn(state: EnvironmentState, files: readonly ProposedFile[]): readonly string[] {
  const specs = state.targets.flatMap(({ spec }) => spec.files);
  return files.flatMap(({ path, before, after }) => {
    if (before !== undefined || after === undefined || !after.includes(keptMark)) return [];
    const keys = specs.filter((spec) => spec.path === path).flatMap(keysLeft);
    return [...new Set(keys)].map((key) => `${path}: ${key}`);
  });
}

/** Those of them that nobody has filled in on a branch yet, as far as its files tell. */
export function leftToFillIn({ toFillIn: all }: ToFillIn, files: Files): readonly string[] {
  const marked = Object.entries(files).flatMap(([path, file]) =>
    file.kind === 'text' && file.text.includes(keptMark) ? [`${path}: `] : [],
  );
  return all.filter((value) => marked.some((path) => value.startsWith(path)));
}

interface ToFillIn {
  readonly toFillIn: readonly string[];
}

function keysLeft({ create, where, whole }: FileSpec): readonly string[] {
  return whole === undefined ? (create?.leave ?? []) : keptKeys(where);
}

/** A lock file beside the edited one goes along, or keeps the edit back: the two never contradict each other. */
function companionOf(target: TargetState, spec: FileSpec, main: string): readonly TargetWritten[] {
  const { companion } = editorOf(spec.editor);
  const path = spec.companion;
  const file = path === undefined ? undefined : target.files[path];
  if (companion === undefined || path === undefined || file === undefined || file.kind === 'missing') return [];
  const refused = (reason: string, line: number | undefined): TargetWritten => ({
    files: [],
    refusals: [{ slot: spec.slot, path, line, reason }],
  });
  if (file.kind === 'unreadable') return [refused(file.reason, undefined)];
  const written = companion.write(file.text, main);
  if (!written.ok) return written.refusals.map(({ reason, line }) => refused(reason, line));
  return [
    { files: written.text === file.text ? [] : [{ path, before: file.text, after: written.text }], refusals: [] },
  ];
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

/** A target of the same application that proves the candidate: the first of the first parent. */
export function sourceOf({ snapshot, state, candidate }: WrittenInput): TargetState | undefined {
  const parent = snapshot.environments.find(({ environment }) => environment.name === candidate.from[0]);
  const application = state.targets[0]?.spec.application;
  return parent?.targets.find(({ spec }) => spec.application === application);
}
