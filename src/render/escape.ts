import { plainText } from '../domain/text.ts';

/** Takes no room and is no character of any mention, reference, address or HTML comment: it breaks them without being seen. */
const breaker = '\u200B';

/** Longest piece of outside text in one place, in characters. */
const pieceCharactersMax = 300;

/**
 * Outside text as part of a sentence: no Markdown, no HTML, no mention, no reference to an issue, no address that becomes a
 * link, no marker. Reads the same to a person.
 */
export function prose(text: string): string {
  return neutral(plainText(text, pieceCharactersMax)).replace(/[\\`*_{}[\]<>()|~$&]/g, '\\$&');
}

/**
 * Outside text as code within a sentence or a table cell. Inside code nothing is a mention or a reference; a backtick in the
 * text is met by a longer fence, and a pipe is escaped because a table would split there even inside code.
 */
export function code(text: string): string {
  const plain = plainText(text, pieceCharactersMax).replaceAll('<!--', `<${breaker}!--`).replaceAll('|', '\\|');
  if (plain === '') return '` `';
  const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = plain.startsWith('`') || plain.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${plain}${pad}${fence}`;
}

/** Outside text in a place that takes no Markdown: a title, a commit message, a check's title. */
export function bare(text: string): string {
  return neutral(plainText(text, pieceCharactersMax));
}

/** Breaks what GitHub turns into something: `@someone`, `#1`, `GH-1`, `owner/repo#1`, addresses, HTML comments. */
function neutral(text: string): string {
  return text
    .replaceAll('@', `@${breaker}`)
    .replaceAll('#', `#${breaker}`)
    .replace(/\bGH-(?=\d)/gi, (found) => `${found}${breaker}`)
    .replace(/:\/\//g, `:${breaker}//`)
    .replace(/\bwww\./gi, (found) => `${found.slice(0, -1)}${breaker}.`)
    .replaceAll('<!--', `<${breaker}!--`);
}

/** Lines of a file as a fenced block: the fence is longer than any run of backticks inside. */
export function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.replaceAll('<!--', `<${breaker}!--`).trimEnd()}\n${fence}`;
}
