import type { Mistake } from './mistake.ts';

/** A mistake at a place of the text, counted in UTF-16 units from 0. */
export interface MistakeAtOffset extends Mistake {
  readonly offset: number;
}

/** Largest configuration, in bytes: a hundred environments and two hundred applications fit many times. */
export const configBytesMax = 512 * 1024;

/** A text, or why there is none, with the text in front of the mistake. */
export type SourceText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly mistake: Mistake; readonly before: string };

/**
 * The text of a configuration file. Bytes must be UTF-8 (a byte order mark is accepted); a text that was decoded already
 * must be one that UTF-8 can hold.
 */
export function readSourceText(source: string | Uint8Array): SourceText {
  if (byteLengthAtLeast(source) > configBytesMax) return { ok: false, mistake: tooLarge, before: '' };
  const decoded = typeof source === 'string' ? checkText(source) : decode(source);
  if (!decoded.ok) return decoded;
  const text = decoded.text.startsWith('\uFEFF') ? decoded.text.slice(1) : decoded.text;
  const offset = text.search(controlCharacter);
  if (offset < 0) return { ok: true, text };
  return { ok: false, mistake: controlMistake(text.codePointAt(offset) ?? 0), before: text.slice(0, offset) };
}

function byteLengthAtLeast(source: string | Uint8Array): number {
  if (typeof source !== 'string') return source.byteLength;
  return source.length > configBytesMax ? source.length : new TextEncoder().encode(source).byteLength;
}

const tooLarge: Mistake = {
  message: `The file is larger than ${configBytesMax / 1024} KiB.`,
  hint: 'Use patterns with `{application}` in place of a rule for each application.',
};

const utf16: Mistake = { message: 'The file is UTF-16.', hint: 'Save it as UTF-8.' };

function checkText(text: string): SourceText {
  if (text.isWellFormed()) return { ok: true, text };
  const before = /^(?:[^\uD800-\uDFFF]|[\uD800-\uDBFF][\uDC00-\uDFFF])*/.exec(text)?.[0] ?? '';
  const mistake = { message: 'Half of a surrogate pair stands alone here.', hint: 'Save the file as UTF-8.' };
  return { ok: false, mistake, before };
}

function decode(bytes: Uint8Array): SourceText {
  const [first, second] = bytes;
  const marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  // Without a mark, the first sign of a UTF-16 file shows by one zero byte in two.
  const unmarked = bytes.byteLength > 1 && (first === 0) !== (second === 0);
  if (marked || unmarked) return { ok: false, mistake: utf16, before: '' };
  const at = invalidByteAt(bytes);
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, at));
  if (at === undefined) return { ok: true, text };
  const mistake = { message: `Byte ${at} (counted from 0) is not UTF-8.`, hint: 'Save the file as UTF-8.' };
  return { ok: false, mistake, before: text.replace('\uFEFF', '') };
}

/** Index of the first byte that begins no character, found by halving the part that still decodes. */
function invalidByteAt(bytes: Uint8Array): number | undefined {
  if (decodes(bytes, bytes.byteLength, false)) return undefined;
  let good = 0;
  let bad = bytes.byteLength + 1;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (decodes(bytes, middle, true)) good = middle;
    else bad = middle;
  }
  // What decodes so far may end within a character, at most three bytes from its beginning.
  while (good > 0 && !decodes(bytes, good, false)) good -= 1;
  return good;
}

/** Whether the first bytes are UTF-8; `unfinished` allows a character that goes on behind them. */
function decodes(bytes: Uint8Array, length: number, unfinished: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length), { stream: unfinished });
    return true;
  } catch {
    return false;
  }
}

/** The control characters a text file has no use for. The tabulator is left to YAML, which knows where it may stand. */
const controlCharacter = /[^\P{Cc}\t\n\r\u0085]/u;

function controlMistake(code: number): Mistake {
  const name = code === 0 ? 'NUL character' : `control character U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return { message: `The file holds a ${name}.`, hint: 'Remove it; the file must be plain UTF-8 text.' };
}

/** Shapes of credentials that are recognised for certain: GitHub, GitLab, AWS, Slack, private keys. */
const secret =
  /\bgh[opsur]_[A-Za-z0-9]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}|\bglpat-[A-Za-z0-9_-]{20,}|\bAKIA[A-Z0-9]{16}\b|\bxox[abprs]-[A-Za-z0-9-]{10,}|-----BEGIN [A-Z ]*PRIVATE KEY-----/g;

/** Credentials in the file, comments included. The message never repeats them. */
export function secretMistakes(text: string): readonly MistakeAtOffset[] {
  return Array.from(text.matchAll(secret), ({ index }) => ({
    offset: index,
    message: 'This looks like a secret, and whoever reads the repo or its history can read it.',
    hint: 'Revoke it where it was issued, make a new one, and keep that out of the repo. Pawl needs none here.',
  }));
}

/** A message without the credentials the file holds. */
export function withoutSecrets(text: string): string {
  return text.replaceAll(secret, '(secret)');
}
