/** Control characters, characters that change the direction of text or take no room, line separators. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

const lineBreaksAndSpaces = /[\p{Zs}\p{Zl}\p{Zp}\t-\r\u0085]+/gu;
const everyUnseen = new RegExp(unseen, 'gu');

const ellipsis = '…';

/**
 * A text from outside as one plain line of at most `charactersMax` UTF-16 characters: line breaks become spaces, what cannot
 * be seen or turns the reading direction is dropped, a cut is shown by `…`. Not escaped for Markdown. The same again changes
 * nothing.
 */
export function plainText(text: string, charactersMax: number): string {
  const line = text
    .toWellFormed()
    .replace(lineBreaksAndSpaces, ' ')
    .replace(everyUnseen, '')
    .replace(/ {2,}/g, ' ')
    .trim();
  return line.length <= charactersMax ? line : cut(line, charactersMax);
}

/** Whether a text names something exactly as it is shown: not empty, not too long, nothing in it that cannot be seen. */
export function isPlain(text: string, charactersMax: number): boolean {
  return text !== '' && text.length <= charactersMax && text.isWellFormed() && !unseen.test(text);
}

function cut(line: string, charactersMax: number): string {
  const kept = Math.max(0, charactersMax - ellipsis.length);
  // A pair of surrogates is one character to the reader: half of one is dropped.
  const head = line.slice(0, kept).replace(/[\uD800-\uDBFF]$/, '');
  return `${head.trimEnd()}${ellipsis}`.slice(0, charactersMax);
}
