/** Put `insert` in the place of the characters from `start` up to `end`. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly insert: string;
}

/** The text with all splices made, or undefined when two of them touch the same characters. Everything else stays as it is. */
export function applySplices(text: string, splices: readonly Splice[]): string | undefined {
  const inOrder = splices.toSorted((a, b) => a.start - b.start || a.end - b.end);
  let result = '';
  let done = 0;
  for (const { start, end, insert } of inOrder) {
    if (start < done || end < start || end > text.length) return undefined;
    result += text.slice(done, start) + insert;
    done = end;
  }
  return result + text.slice(done);
}
