import type { FileSpec } from '../config/config.ts';
import type { Edit, Refusal } from '../editors/editor.ts';
import { editorOf } from '../editors/index.ts';
import { hereName } from './artifact-names.ts';
import type { Candidate } from './candidates.ts';
import type { Change, Changes } from './changes.ts';
import { newText } from './new-files.ts';
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
  let changes = read.changes.filter(({ row }) => row !== 'same');
  const leftOut = [...input.candidate.leftOut, ...read.leftOut];
  // Every round leaves out at least one change, so there are no more rounds than changes.
  for (;;) {
    const written = writeAll(input, changes);
    leftOut.push(...written.refusals);
    const kept = unrefused(changes, written.refusals);
    if (kept.length === changes.length) {
      return { changes, files: written.files, leftOut: uniqueRefusals(leftOut) };
    }
    changes = [...kept];
  }
}

interface Outcome {
  readonly files: readonly ProposedFile[];
  readonly refusals: readonly FileRefusal[];
}

/** Every file once, with the changes of all targets and applications that have fields in it. */
function writeAll({ snapshot, state }: WrittenInput, changes: readonly Change[]): Outcome {
  const paths = new Set(changes.map(({ path }) => path));
  const written = [...paths].map((path) => writeFile(editsIn(path, state.targets, changes), path, snapshot));
  return {
    files: [...new Map(written.flatMap(({ files }) => files).map((file) => [file.path, file])).values()],
    refusals: written.flatMap(({ refusals }) => refusals),
  };
}

/** What one rule of one target changes in a file. */
interface RuleEdits {
  readonly target: TargetState;
  readonly spec: FileSpec;
  readonly edits: readonly Edit[];
}

function editsIn(
  path: string,
  targets: readonly TargetState[],
  changes: readonly Change[],
): readonly [RuleEdits, ...RuleEdits[]] | undefined {
  const all = targets.flatMap((target) =>
    target.spec.files
      .filter((spec) => spec.path === path)
      .map((spec) => ({ target, spec, edits: editsOf(target, spec, changes) })),
  );
  const [first, ...others] = all.filter(({ edits }) => edits.length > 0);
  return first === undefined ? undefined : [first, ...others];
}

function editsOf({ spec: { application, target } }: TargetState, spec: FileSpec, changes: readonly Change[]) {
  return changes
    .filter((change) => change.application === application && change.target === target && change.slot === spec.slot)
    .map(({ artifact, source }): Edit => ({ artifact: hereName(spec.aliases, artifact), version: source }));
}

/** Several rules and targets may select in one file: each edits what the one before left. Where they want the same, it is there already. */
function writeFile(rules: readonly [RuleEdits, ...RuleEdits[]] | undefined, path: string, snapshot: Snapshot): Outcome {
  if (rules === undefined) return { files: [], refusals: [] };
  const file = rules[0].target.files[path] ?? { kind: 'missing' };
  const before = file.kind === 'text' ? file.text : undefined;
  if (rules.some(({ edits }) => edits.some(isNoFile)))
    return { files: [{ path, before, after: undefined }], refusals: [] };
  const start = startOf(rules, path, snapshot);
  if ('reason' in start) return refusedWhole(rules, [start]);
  let { text } = start;
  for (const { spec, edits } of rules) {
    const written = editorOf(spec.editor).write(text, spec.where, edits);
    if (!written.ok) return { files: [], refusals: refusalsOf(spec, written.refusals, edits) };
    text = written.text;
  }
  if (text === before) return { files: [], refusals: [] };
  const along = companionsOf(rules, text);
  const refusals = along.flatMap((one) => one.refusals);
  const files = [{ path, before, after: text }, ...along.flatMap((one) => one.files)];
  return refusals.length > 0 ? { files: [], refusals } : { files, refusals };
}

type Start = { readonly text: string } | { readonly line: number | undefined; readonly reason: string };

/** The text that is edited: that of the file, or what a file that is not there starts from. */
function startOf([first, ...others]: readonly [RuleEdits, ...RuleEdits[]], path: string, snapshot: Snapshot): Start {
  const file = first.target.files[path] ?? { kind: 'missing' };
  if (file.kind === 'text') return { text: file.text };
  if (file.kind === 'unreadable') return { line: undefined, reason: file.reason };
  const made = [first, ...others].find(({ spec }) => spec.whole !== undefined || spec.create !== undefined) ?? first;
  return newText(made.spec, sourceOf(snapshot, made.target));
}

/** What is about the file is about everything that is changed in it. */
function refusedWhole(rules: readonly RuleEdits[], refusals: readonly Omit<Refusal, 'artifact' | 'unit'>[]): Outcome {
  return {
    files: [],
    refusals: rules.flatMap(({ spec: { slot, path } }) =>
      refusals.map(({ line, reason }) => ({ slot, path, line, reason })),
    ),
  };
}

/** A lock file beside the edited one goes along, or keeps the edit back: the two never contradict each other. */
function companionsOf(rules: readonly RuleEdits[], main: string): readonly Outcome[] {
  return rules.flatMap(({ target, spec }): readonly Outcome[] => {
    const { companion } = editorOf(spec.editor);
    const path = spec.companion;
    const file = path === undefined ? undefined : target.files[path];
    if (companion === undefined || path === undefined || file === undefined || file.kind === 'missing') return [];
    const refused = (reason: string, line: number | undefined): Outcome => ({
      files: [],
      refusals: [{ slot: spec.slot, path, line, reason }],
    });
    if (file.kind === 'unreadable') return [refused(file.reason, undefined)];
    const written = companion.write(file.text, main);
    if (!written.ok) return written.refusals.map(({ reason, line }) => refused(reason, line));
    const changed = written.text !== file.text;
    return [{ files: changed ? [{ path, before: file.text, after: written.text }] : [], refusals: [] }];
  });
}

/** A refusal that is about none of the edits is about all of them: nothing of the file was written. */
function refusalsOf(spec: FileSpec, refusals: readonly Refusal[], edits: readonly Edit[]): readonly FileRefusal[] {
  const known = refusals.some(({ artifact }) => edits.some((edit) => edit.artifact === artifact));
  return refusals.map(({ line, reason: text, ...about }) =>
    fileRefusal(spec, { line, reason: text, ...(known ? about : {}) }),
  );
}

/** A target that proves what comes into this one: the first of the first parent. */
export function sourceOf(snapshot: Snapshot, { spec: { application, after } }: TargetState): TargetState | undefined {
  const parent = snapshot.environments.find(({ environment }) => environment.name === after[0]);
  return parent?.targets.find(({ spec }) => spec.application === application);
}
