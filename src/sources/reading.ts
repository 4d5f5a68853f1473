import { isPlain, plainText } from '../domain/text.ts';
import type { Received } from './source.ts';

/** Longest text a recogniser is asked to match: GitHub's contexts and Kubernetes' names are shorter. */
const fieldCharactersMax = 300;

/** Longest message kept of a controller: two lines of a table; the rest is on the page the link leads to. */
export const messageCharactersMax = 300;

/** A time with its zone, as RFC 3339 writes it. `Date.parse` alone would also take `7` for a month. */
const timePattern = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:?\d\d)$/;

/** An address that can stand in Markdown as it is: no space, quote, bracket or anything invisible. */
const linkPattern = /^https:\/\/[A-Za-z0-9.-]+(?::\d+)?(?:[/?#][A-Za-z0-9\-._~:/?#@!$&'*+,;=%]*)?$/;
const linkCharactersMax = 500;

/** A text that identifies something, exactly as it came, or undefined: a name is never mended, only refused. */
export function fieldOf(text: string | undefined): string | undefined {
  return text !== undefined && isPlain(text, fieldCharactersMax) ? text : undefined;
}

/** A path in a repo without `./` and slashes around, undefined when there is none. */
export function pathOf(text: string | undefined): string | undefined {
  return fieldOf(text?.replace(/^\.?\/+|\/+$/g, '').replace(/^\.$/, ''));
}

/** Only the fields that are there: a recogniser that asks for an absent one does not match. */
export function fieldsOf(fields: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const present = Object.entries(fields).flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const]));
  return Object.fromEntries(present);
}

/** Epoch milliseconds of a text such as `2026-08-20T10:13:41Z`; undefined for anything else and for Go's zero time. */
export function timeOf(text: string | undefined): number | undefined {
  if (text === undefined || !timePattern.test(text)) return undefined;
  const atMs = Date.parse(text.replace(' ', 'T'));
  return Number.isNaN(atMs) || atMs <= 0 ? undefined : atMs;
}

/**
 * The newest of the producer's times, epoch milliseconds. A time after arrival counts as the arrival: a clock that runs
 * years ahead would otherwise outrank every later report of its subject.
 */
export function newestTimeMs(times: readonly (number | undefined)[], received: Received): number {
  const known = times.filter((atMs) => atMs !== undefined);
  return known.length === 0 ? received.receivedAtMs : Math.min(received.receivedAtMs, Math.max(...known));
}

/** A link to show, https only. */
export function linkOf(text: string | undefined): string | undefined {
  return text !== undefined && text.length <= linkCharactersMax && linkPattern.test(text) ? text : undefined;
}

/** What the controller said, in one bounded line: the parts that are there, joined. */
export function messageOf(parts: readonly (string | undefined)[], separator: string): string {
  const said = parts.filter((part) => part !== undefined && part !== '').join(separator);
  return plainText(said, messageCharactersMax);
}
