import { parse } from 'yaml';
import { remembered } from './remembered.ts';

/** How a scalar is written. */
export type QuoteStyle = 'plain' | 'single' | 'double';

export interface Spelling {
  /** The style to keep when the text allows it. */
  readonly style: QuoteStyle;
  /** True where an explicit `!!str` stands before the scalar: it is a string then, whatever it looks like. */
  readonly tagged: boolean;
}

/**
 * The token that reads as exactly `text`, as a string, for every reader of YAML 1.1 and 1.2; undefined when there is none
 * (half of a surrogate pair). No token is returned that was not read back.
 */
export function quote(text: string, { style, tagged }: Spelling): string | undefined {
  if (!text.isWellFormed()) return undefined;
  const spellings = [spell(text, style, tagged), doubleQuoted(text)];
  return spellings.find((token) => readsAs(token, text, tagged));
}

function spell(text: string, style: QuoteStyle, tagged: boolean): string {
  if (style === 'plain' && plainCharacters.test(text) && (tagged || !isTyped(text))) return text;
  if (style === 'single' && singleCharacters.test(text)) return `'${text.replaceAll("'", "''")}'`;
  return doubleQuoted(text);
}

// Narrower than YAML: no blanks and no character that means anything at the start, in a flow collection or to a comment.
const plainCharacters = /^[A-Za-z0-9_/](?:[A-Za-z0-9_./@:+=-]*[A-Za-z0-9_./@+-])?$/u;

// Printable and on one line. Everything else needs the escapes of double quotes.
export const singleCharacters =
  /^[\u0020-\u007E\u00A1-\u2027\u202A-\uD7FF\uE000-\uFEFE\uFF00-\uFFFC\u{10000}-\u{10FFFF}]*$/u;

function doubleQuoted(text: string): string {
  const escaped = text.replace(/["\\]/gu, '\\$&').replace(unprintable, escapeCharacter);
  return `"${escaped}"`;
}

// Line breaks of any kind, controls, non-characters, the byte order mark and the no-break space.
const unprintable = /[^\u0020-\u007E\u00A1-\u2027\u202A-\uD7FF\uE000-\uFEFE\uFF00-\uFFFC\u{10000}-\u{10FFFF}]/gu;

// JSON knows these escapes too, so the file may be JSON.
function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

const words = new Set(['y', 'n', 'yes', 'no', 'on', 'off', 'true', 'false', 'null', '~', '=', '<<', '']);
// Digits may be missing on either side of the dot, and one reader takes even `e5` for a number.
const decimal = /^[-+]?[0-9]*\.?[0-9]*(?:e[-+]?[0-9]*)?$/u;
const otherBase = /^[-+]?0(?:x[0-9a-f]*|o[0-7]*|b[01]*)$/u;
const sexagesimal = /^[-+]?[0-9]+(?::[0-9]+)+(?:\.[0-9]*)?$/u;
const special = /^[-+]?\.(?:inf|nan)$/u;
const date = /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[t\s].*)?$/u;

/**
 * Whether some reader takes the plain text for something else than a string: the union of YAML 1.1, YAML 1.2 and what Go,
 * Python and JavaScript readers do beyond them. Underscores may stand between digits, and one reader ignores them everywhere.
 */
export function isTyped(text: string): boolean {
  const lower = text.toLowerCase();
  const digits = lower.replaceAll('_', '');
  return (
    words.has(lower) ||
    decimal.test(digits) ||
    otherBase.test(digits) ||
    sexagesimal.test(digits) ||
    special.test(lower) ||
    date.test(lower)
  );
}

/** Reads the token the way a file would, in a flow list where more characters have a meaning, under both versions. */
function readsAs(token: string, text: string, tagged: boolean): boolean {
  return readUnderBoth(tagged ? `[ !!str ${token} ]` : `[ ${token} ]`) === text;
}

/** Characters of the tokens kept: one version is written into many files. */
const charactersKeptMax = 64 * 1024;

/** What a list of one token holds under both versions of YAML; undefined where they differ. */
const readUnderBoth = remembered((source) => {
  const read = readList(source, '1.1');
  return readList(source, '1.2') === read ? read : undefined;
}, charactersKeptMax);

function readList(source: string, version: '1.1' | '1.2'): unknown {
  try {
    const list: unknown = parse(source, { version, logLevel: 'silent' });
    return Array.isArray(list) && list.length === 1 ? list[0] : undefined;
  } catch {
    return undefined;
  }
}
