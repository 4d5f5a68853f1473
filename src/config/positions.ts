/** Offsets at which the lines of a text begin. */
export type LineStarts = readonly number[];

export function lineStartsOf(text: string): LineStarts {
  return [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
}

/** Line and column of an offset, both from 1; columns count UTF-16 units as editors do. */
export function lineAndColumn(starts: LineStarts, offset: number): { readonly line: number; readonly column: number } {
  let line = 0;
  let beyond = starts.length;
  while (beyond - line > 1) {
    const middle = Math.floor((line + beyond) / 2);
    if ((starts[middle] ?? 0) <= offset) line = middle;
    else beyond = middle;
  }
  return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
}
