import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';

/** Offsets of a literal block's text as offsets of the file: line by line, since each is indented. */
export function offsetsOf(text: string, headerAt: number, content: string): (offset: number) => number {
  const starts: number[] = [];
  let lineAt = text.indexOf('\n', headerAt) + 1;
  for (const line of content.split('\n')) {
    const next = text.indexOf('\n', lineAt);
    const end = (next === -1 ? text.length : next) - (text[next - 1] === '\r' ? 1 : 0);
    starts.push(Math.max(lineAt, end - line.length));
    lineAt = next === -1 ? text.length : next + 1;
  }
  return (offset) => {
    const before = content.slice(0, offset).split('\n');
    return (starts[before.length - 1] ?? 0) + (before.at(-1)?.length ?? 0);
  };
}

/** Characters an edit may change: the token, or the blanks in which a missing one may be put. */
export function spanOf(text: string, node: Scalar | Alias, [start, end]: Range): readonly [number, number] {
  if (start === end) return [text.slice(0, start).trimEnd().length, start];
  const block = isScalar(node) && (node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL');
  return block ? [start, start + text.slice(start, end).trimEnd().length] : [start, end];
}

/** What stands around a scalar's text; nothing around a plain one. */
export type Quote = '' | "'" | '"';

export type Range = readonly [start: number, end: number];

export function rangeOf(node: unknown): Range | undefined {
  const range = isScalar(node) || isAlias(node) || isMap(node) || isSeq(node) ? node.range : undefined;
  return range === undefined || range === null ? undefined : [range[0], range[1]];
}

/** The text of a scalar as it is written, or of the one an alias repeats. */
export function textOf(node: unknown, document: Document.Parsed): string | undefined {
  const scalar = isAlias(node) ? node.resolve(document) : node;
  if (!isScalar(scalar)) return undefined;
  return scalar.type === 'PLAIN' && scalar.value === null ? '' : (scalar.source ?? '');
}

export function quoteOf(node: Scalar | Alias): Quote {
  if (isAlias(node)) return '';
  if (node.type === 'QUOTE_SINGLE') return "'";
  return node.type === 'QUOTE_DOUBLE' ? '"' : '';
}

export function asNode(value: unknown): Node | undefined {
  return isMap(value) || isSeq(value) || isScalar(value) || isAlias(value) ? value : undefined;
}

export function commentsAt(text: string, [start, end]: Range): string {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const above = text.slice(text.lastIndexOf('\n', lineStart - 2) + 1, lineStart);
  const behind = /[ \t]#.*/u.exec(
    text.slice(end, text.indexOf('\n', end) === -1 ? undefined : text.indexOf('\n', end)),
  );
  return `${/^\s*#/u.test(above) ? above : ''} ${behind?.[0] ?? ''}`;
}

export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
