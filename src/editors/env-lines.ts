import type { Refusal } from './editor.ts';
import { guardPlainText } from './yaml-guard.ts';
import { lineEnd, nextLine } from './yaml-lines.ts';
import { ownerIn } from './yaml-owner.ts';
import { foreignMeaning } from './yaml-scalar.ts';

/** One line `NAME=value` of a file of variables. As Kustomize does, everything behind `=` is the value, quotes and all. */
export interface EnvLine {
  readonly name: string;
  /** Counts from 1. */
  readonly line: number;
  readonly value: string;
  /** Offsets of the value. */
  readonly start: number;
  readonly end: number;
  /** Why the value cannot be told for certain; undefined when it can. */
  readonly problem: string | undefined;
  /** The bot whose mark stands in a comment on the line above. */
  readonly owner: string | undefined;
}

export type EnvRead =
  | { readonly ok: true; readonly lines: readonly EnvLine[]; readonly lineCount: number }
  | { readonly ok: false; readonly refusal: Refusal };

/** Reads a file of variables, or says why it is not read. Comments, empty lines and lines without a name are left out. */
export function readEnv(text: string): EnvRead {
  const guard = guardPlainText(text);
  if (guard !== undefined) return { ok: false, refusal: guard };
  const lines: EnvLine[] = [];
  let [line, above] = [0, ''];
  for (let at = 0; at < text.length; at = nextLine(text, at)) {
    line += 1;
    const written = text.slice(at, lineEnd(text, at));
    if (/^\s*sops_(?:mac|version|lastmodified)=/u.test(written)) return { ok: false, refusal: encrypted(line) };
    const read = readLine(written, { line, at });
    if (read !== undefined) lines.push({ ...read, owner: ownerIn([/^\s*#.*/u.exec(above)?.[0] ?? '']) });
    above = written;
  }
  return { ok: true, lines, lineCount: line };
}

function encrypted(line: number): Refusal {
  return {
    line,
    reason: 'The file is encrypted (SOPS), and any change breaks it. Keep versions in a plain file.',
  };
}

// A byte order mark counts as a blank.
const assignment = /^(?<lead>\s*(?:export\s+)?(?<name>[^\s=#][^\s=]*))(?<gap>\s*)(?<equals>=?)(?<value>.*)$/su;

function readLine(
  written: string,
  { line, at }: { readonly line: number; readonly at: number },
): Omit<EnvLine, 'owner'> | undefined {
  const groups = assignment.exec(written)?.groups;
  const { lead = '', name, gap = '', equals = '', value = '' } = groups ?? {};
  if (name === undefined) return undefined;
  const start = at + lead.length + gap.length + equals.length;
  const end = at + written.length;
  return { name, line, value, start, end, problem: lineProblem(gap, equals) ?? valueProblem(value) };
}

function lineProblem(gap: string, equals: string): string | undefined {
  if (equals === '') return 'has no `=`, and readers differ in what that means. Write `=` and the value.';
  return gap === ''
    ? undefined
    : 'has a blank before its `=`, which Kustomize takes for a part of the name. Remove it.';
}

/** Why a text cannot stand as a value that every reader takes the same way, or undefined. */
export function valueProblem(value: string): string | undefined {
  if (/[\r\n\u0085\u2028\u2029]/u.test(value)) return 'holds several lines of text; a version is one line.';
  if (value.trim() !== value) {
    return 'has a blank at an end of its value, which Kustomize takes for a part of it and others do not. Remove it.';
  }
  const quote = /^["'`]/u.exec(value)?.[0];
  if (quote !== undefined && (value.length === 1 || !value.endsWith(quote))) {
    return 'opens a quote that does not end its line: what follows may belong to the value. Write the value alone, on one line.';
  }
  if (value.endsWith('\\')) {
    return 'ends with a backslash, which some readers take for a value of several lines. Write it on one line.';
  }
  return foreignMeaning(value);
}
