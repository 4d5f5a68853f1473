import { closest, distance } from 'fastest-levenshtein';
import { quote, quoteAll } from './mistake.ts';

/** Longer texts are no typing mistake of a key, and comparing them would cost time. */
const comparedCharactersMax = 60;

/** "Did you mean …?" when one of the allowed words is near enough to be meant, else the allowed words. */
export function suggest(written: string, allowed: readonly string[]): string {
  const near = nearest(written, allowed);
  if (near !== undefined) return `Did you mean ${quote(near)}?`;
  return allowed.length === 0 ? 'Remove it.' : `Write ${quoteAll(allowed, 'or')}.`;
}

/** The allowed word a mistyped one stands for, or undefined when none is near. */
export function nearest(written: string, allowed: readonly string[]): string | undefined {
  if (allowed.length === 0 || written.length > comparedCharactersMax) return undefined;
  const lower = written.toLowerCase();
  const sameLetters = allowed.find((word) => word.toLowerCase() === lower);
  if (sameLetters !== undefined) return sameLetters;
  const word = closest(lower, [...allowed]);
  const typingMistakes = Math.max(1, Math.floor(Math.max(word.length, lower.length) / 3));
  const near = distance(lower, word.toLowerCase()) <= typingMistakes || sorted(lower) === sorted(word.toLowerCase());
  return near ? word : undefined;
}

/** The letters in order: two that changed places are one typing mistake. */
function sorted(text: string): string {
  return [...text].sort().join('');
}
