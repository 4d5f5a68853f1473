import type { Refusal } from './editor.ts';
import { readYaml, type YamlFile, type YamlNode, type YamlScalar } from './yaml.ts';
import { lineAt, lineEnd, lineStart, nextLine } from './yaml-lines.ts';
import type { Located } from './yaml-locate.ts';
import { replaceWithin } from './yaml-part.ts';
import { type Planned, type Planner, rewrite } from './yaml-prove.ts';
import { sharedRefusal } from './yaml-scalar.ts';
import { type Splice, shortestSplice } from './yaml-splice.ts';

/** A YAML text within a scalar of a file, such as `helm.values: |` of an Argo CD Application. */
export interface Embedded {
  readonly document: number;
  readonly at: Located;
}

export type EmbeddedRead =
  | {
      readonly ok: true;
      readonly inner: YamlFile;
      /** Line the scalar begins in. */
      readonly line: number;
      /** What is added to a line of the text within to get the line of the file. */
      readonly linesBefore: number;
    }
  | { readonly ok: false; readonly refusal: Refusal };

/** Texts that were read already: many artifacts of a file may stand in one of them. */
const reads = new WeakMap<YamlNode, { readonly path: string; readonly read: EmbeddedRead }>();

/** Reads the text within: of a literal block (`|`), or of a scalar on one line. */
export function readEmbedded(file: YamlFile, { at }: Pick<Embedded, 'at'>): EmbeddedRead {
  const known = reads.get(at.value);
  if (known?.path === at.path) return known.read;
  const read = readOnce(file, at);
  reads.set(at.value, { path: at.path, read });
  return read;
}

function readOnce(file: YamlFile, at: Located): EmbeddedRead {
  const line = lineAt(file.lineStarts, at.value.start);
  const refuse = (reason: string): EmbeddedRead => ({ ok: false, refusal: { line, reason: `${at.path} ${reason}` } });
  const scalar = at.value;
  if (scalar.kind === 'alias')
    return refuse(`is the alias *${scalar.name}, so it changes with its anchor. Write it out.`);
  if (scalar.kind !== 'scalar') return refuse('is no text with YAML in it.');
  if (scalar.tag !== undefined) return refuse('carries a tag, whose meaning is not known. Remove it.');
  const literal = isLiteral(file, scalar);
  if (!literal && file.text.slice(scalar.start, scalar.end).trimEnd().includes('\n')) {
    return refuse(
      'holds YAML in a folded or quoted text of several lines, which cannot be edited line by line. Write it as a literal block: `|`.',
    );
  }
  const read = readYaml(scalar.text);
  const linesBefore = literal ? line : line - 1;
  if (read.ok) return { ok: true, inner: read.file, line, linesBefore };
  const inside = read.refusal.line;
  return { ok: false, refusal: { ...read.refusal, line: inside === undefined ? line : inside + linesBefore } };
}

function isLiteral({ text }: YamlFile, { style, start }: YamlScalar): boolean {
  return style === 'block' && text[start] === '|';
}

/** The changes of the file that make the planned changes of the text within. Every line that does not change keeps its bytes. */
export function planEmbedded(file: YamlFile, { document, at }: Embedded, plan: Planner): Planned {
  const read = readEmbedded(file, { at });
  if (!read.ok) return { ok: false, refusals: [read.refusal] };
  const scalar = at.value;
  if (scalar.kind !== 'scalar') return { ok: true, changes: [] };
  const written = rewrite(scalar.text, plan);
  if (!written.ok) {
    const refusals = written.refusals.map((one) => ({
      ...one,
      line: one.line === undefined ? read.line : one.line + read.linesBefore,
    }));
    return { ok: false, refusals };
  }
  if (written.text === scalar.text) return { ok: true, changes: [] };
  const shared = sharedRefusal(file, at.path, [...at.trail, scalar]);
  if (shared !== undefined) return { ok: false, refusals: [shared] };
  const paths = [[document, ...at.segments]];
  if (!isLiteral(file, scalar)) {
    const replaced = replaceWithin(file, at, written.text);
    return replaced.ok
      ? { ok: true, changes: [{ splices: replaced.splices, paths }] }
      : { ok: false, refusals: [replaced.refusal] };
  }
  const splices = blockSplices(file, scalar, written.text);
  if (splices !== undefined) return { ok: true, changes: [{ splices, paths }] };
  const reason = `${at.path} would get more or fewer lines, which Pawl does not do inside of a text. Make this change by hand.`;
  return { ok: false, refusals: [{ line: read.line, reason }] };
}

/** Splices of the lines that differ, each as short as it can be; undefined when the number of lines would change. */
function blockSplices({ text }: YamlFile, scalar: YamlScalar, after: string): readonly Splice[] | undefined {
  const [before, wanted] = [scalar.text.split('\n'), after.split('\n')];
  if (before.length !== wanted.length) return undefined;
  const splices: Splice[] = [];
  let start = nextLine(text, scalar.start);
  for (const [index, line] of before.entries()) {
    const end = lineEnd(text, start);
    const other = wanted[index] ?? '';
    if (line !== other) {
      const written = text.slice(lineStart(text, start), end);
      if (!written.endsWith(line)) return undefined;
      splices.push(shortestSplice(end - line.length, line, other));
    }
    start = nextLine(text, end);
  }
  return splices;
}
