import type { Refusal } from './editor.ts';
import { lineAt, lineStartsOf } from './yaml-lines.ts';

/** A quoted key or value: content for every reader. */
export interface Quoted {
  readonly start: number;
  readonly end: number;
}

// Line breaks for YAML 1.1 and the readers of Go, and nothing of the kind for YAML 1.2.
const separators = /[\u0085\u2028\u2029]/gu;

/**
 * Refuses a separator that some readers end a line at: behind one, a comment holds keys that tools read and we would not. In
 * quotes it is content for everybody. `quoted` is in the order of the text.
 */
export function separatorRefusal(text: string, quoted: readonly Quoted[]): Refusal | undefined {
  let next = 0;
  for (const { 0: separator, index: offset } of text.matchAll(separators)) {
    while ((quoted[next]?.end ?? text.length) <= offset) next += 1;
    const within = quoted[next];
    if (within !== undefined && within.start < offset) continue;
    const code = separator.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    const reason = `The file holds the character U+${code} there, which some tools take for the end of the line and others do not. Remove it, or write it as an escape in double quotes.`;
    return { line: lineAt(lineStartsOf(text), offset), reason };
  }
  return undefined;
}
