/** Offsets at which the lines of a text start. */
export function lineStartsOf(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Number of the line that holds an offset, counting from 1. Takes the line starts of the text, which are in order. */
export function lineAt(lineStarts: readonly number[], offset: number): number {
  let [low, high] = [0, lineStarts.length];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}

/** Lines named in one message: more help nobody to find the mistake. */
const linesNamedMax = 6;

/** Some lines, in words: `lines 3 and 5`. */
export function linesText(all: readonly number[]): string {
  const lines = [...new Set(all)];
  const named = lines.slice(0, linesNamedMax).map(String);
  const more = lines.length > named.length ? [`${lines.length - named.length} more`] : [];
  return `${lines.length === 1 ? 'line' : 'lines'} ${[...named, ...more].join(' and ')}`;
}

/** Offset of the first character of the line that holds `offset`. A byte order mark is not part of the first line. */
export function lineStart(text: string, offset: number): number {
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  return start === 0 && text.startsWith('\uFEFF') ? 1 : start;
}

/** Offset just before the line break that ends the line of `offset`, or the end of the text. */
export function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  if (at === -1) return text.length;
  return at > offset && text[at - 1] === '\r' ? at - 1 : at;
}

/** Offset just after the line break that ends the line of `offset`, or the end of the text. */
export function nextLine(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  return at === -1 ? text.length : at + 1;
}

/** The line break to use near an offset: that of its line, else that of the line before, else a line feed. */
export function lineBreakNear(text: string, offset: number): string {
  const after = text.indexOf('\n', offset);
  const at = after === -1 ? text.lastIndexOf('\n') : after;
  return text[at - 1] === '\r' ? '\r\n' : '\n';
}

/** What a further line of the same block starts with: the text before `offset` on its line, everything but blanks blanked. */
export function indentOf(text: string, offset: number): string {
  return text.slice(lineStart(text, offset), offset).replace(/[^\s]/gu, ' ');
}
