import { Lexer } from 'yaml';
import type { Refusal } from './editor.ts';
import { lineAt, lineStartsOf } from './yaml-lines.ts';

/** Largest file read, bytes. The biggest hand-written values files are near 250 KB; parsing time grows with size. */
const fileBytesMax = 512 * 1024;

/** Keys, items, brackets, quotes, tags and the like in one file: a busy values file has 3,000; hostile ones cost seconds. */
const tokensMax = 20_000;

/** Deepest nesting read. Real files stay below 40; the parser's stack ends near 1,000. */
export const depthMax = 64;

const lfsPointer = 'version https://git-lfs.github.com/spec/';

/**
 * Why a text is not even parsed, or undefined. Takes time in proportion to the text, whatever it holds, and so bounds the
 * time of everything after it.
 */
export function guardText(text: string): Refusal | undefined {
  return guardPlainText(text) ?? guardTokens(text);
}

/** Why a text that need not be YAML is not read: it is too big, a pointer to the file, or cannot be written back as it is. */
export function guardPlainText(text: string): Refusal | undefined {
  const bytes = Buffer.byteLength(text);
  if (bytes > fileBytesMax) {
    return { line: undefined, reason: `The file has ${bytes} bytes; at most ${fileBytesMax} are read. Split it.` };
  }
  if (text.startsWith(lfsPointer)) {
    return { line: 1, reason: 'The file is a Git LFS pointer, not YAML. Keep it in Git itself.' };
  }
  return guardCharacters(text);
}

// Everything YAML calls not printable; U+FFFD, the trace of bytes that were no UTF-8, which writing back would change; and what
// readers disagree about: a carriage return alone, which some take for a line break, and a byte order mark within the text.
const unreadable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\uFFFD-\uFFFF]|\r(?!\n)|(?<!^)\uFEFF|\p{Surrogate}/u;

function guardCharacters(text: string): Refusal | undefined {
  const at = text.search(unreadable);
  if (at === -1) return undefined;
  const code = (text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return {
    line: lineAt(lineStartsOf(text), at),
    reason: `The file holds the character U+${code} there, so it is no clean UTF-8 text and cannot be written back safely. Remove it.`,
  };
}

/** What the lexer says before the text of a plain or block scalar. That text is content, whatever it looks like. */
const scalarMarker = '\u001F';
/** The lexer's words that are no text of the file: start of a document, of a scalar, and the end of a broken bracket. */
const markers: ReadonlySet<string> = new Set([scalarMarker, '\u0002', '\u0018']);
const blanks: ReadonlySet<string> = new Set([' ', '\t', '\n', '\r', '#']);

function guardTokens(text: string): Refusal | undefined {
  if (holdsFew(text)) return undefined;
  const count = { tokens: 0, brackets: 0, indicators: 0 };
  let [offset, isContent] = [0, false];
  for (const token of new Lexer().lex(text)) {
    if (!isContent && !markers.has(token)) countToken(token, count);
    if (count.tokens > tokensMax)
      return tooMuch(text, offset, `more than ${tokensMax} keys, items, brackets and quotes`);
    if (count.brackets + count.indicators > depthMax) return tooDeep(text, offset);
    if (isContent || !markers.has(token)) offset += token.length;
    isContent = !isContent && token === scalarMarker;
  }
  return undefined;
}

/**
 * Whether a text has too few characters to hold too many tokens, and too few brackets and dashes to be nested too deep. That is
 * a quick look which clears most files; the others are counted token by token, which takes as long as parsing them.
 */
function holdsFew(text: string): boolean {
  if (text.length > tokensMax) return false;
  let [brackets, indicators] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '[' || character === '{') brackets += 1;
    if (character === '\n') indicators = 0;
    if (character === '-' || character === '?') indicators += 1;
    if (brackets + indicators > depthMax) return false;
  }
  return true;
}

function countToken(token: string, count: { tokens: number; brackets: number; indicators: number }): void {
  const first = token.charAt(0);
  if (first === '\n' || first === '\r') count.indicators = 0;
  if (first === '' || blanks.has(first)) return;
  count.tokens += 1;
  if (token === '[' || token === '{') count.brackets += 1;
  if (token === ']' || token === '}') count.brackets = Math.max(0, count.brackets - 1);
  // Dashes and question marks on one line each open a level: `- - - x`.
  if (token === '-' || token === '?') count.indicators += 1;
}

export function tooDeep(text: string, offset: number): Refusal {
  return tooMuch(text, offset, `values nested more than ${depthMax} deep`);
}

function tooMuch(text: string, offset: number, what: string): Refusal {
  return {
    line: lineAt(lineStartsOf(text), offset),
    reason: `The file holds ${what}; Pawl does not read such files. Split it.`,
  };
}
