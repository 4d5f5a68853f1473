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

/** The splice that turns `before`, which stands at `offset`, into `after`, without the characters they share at either end. */
export function shortestSplice(offset: number, before: string, after: string): Splice {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return { start: offset + head, end: offset + before.length - tail, insert: after.slice(head, after.length - tail) };
}
