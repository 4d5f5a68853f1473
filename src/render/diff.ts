import { structuredPatch } from 'diff';

/** Lines of context around a change: enough to see which key it is. */
const contextLines = 2;

/** What a file edit changes, as a reader of diffs expects it: `-` and `+` lines with a little context, no file header. */
export function lineDiff(before: string, after: string): string {
  const { hunks } = structuredPatch('', '', before, after, undefined, undefined, { context: contextLines });
  return hunks.map(({ lines }) => lines.map((line) => line.replace(/\r$/, '')).join('\n')).join('\n@@\n');
}

/** How many lines a file edit adds and removes. */
export function lineCounts(before: string, after: string): { readonly added: number; readonly removed: number } {
  const lines = lineDiff(before, after).split('\n');
  const count = (sign: string) => lines.filter((line) => line.startsWith(sign)).length;
  return { added: count('+'), removed: count('-') };
}
