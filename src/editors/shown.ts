import { plainText } from '../domain/text.ts';

/** Characters of a text of the file that a message shows: enough to know it again. */
const charactersMax = 60;

/** A text of the file in a message. */
export function shown(text: string): string {
  return plainText(text, charactersMax);
}
