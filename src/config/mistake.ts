/** What is wrong and what to write instead, before it is known where in the file it stands. */
export interface Mistake {
  readonly message: string;
  readonly hint: string;
}

/** Where a value is in the document: keys of maps and indexes of lists, from the root. */
export type Path = readonly (string | number)[];

export interface MistakeAt extends Mistake {
  readonly path: Path;
  /** Whether the key is at fault or the value; a missing key is reported where its parent begins. */
  readonly at: 'key' | 'value';
}

export function mistakeAt(path: Path, message: string, hint: string): MistakeAt {
  return { path, at: 'value', message, hint };
}

/** Characters of a user's text that a message repeats: enough to find it, too few to fill a page. */
const quotedCharactersMax = 80;

/** A piece of the user's text as messages show it: one line, bounded, in a code span that it cannot end. */
export function quote(text: string): string {
  const oneLine = text.replaceAll(/[\p{Cc}\p{Cf}`]/gu, '·');
  return `\`${oneLine.length > quotedCharactersMax ? `${oneLine.slice(0, quotedCharactersMax)}…` : oneLine}\``;
}

/** `a`, `b` and `c`, for people. */
export function quoteAll(texts: readonly string[], conjunction: 'and' | 'or' = 'and'): string {
  const quoted = texts.map(quote);
  const last = quoted.pop();
  if (last === undefined) return '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} ${conjunction} ${last}`;
}
