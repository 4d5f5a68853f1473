import { stripVTControlCharacters } from 'node:util';

type Style = (text: string) => string;

/** Ways to write a text; all of them leave it as it is where colours are not wanted. */
export type Paint = Readonly<Record<'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan', Style>>;

export function createPaint(colours: boolean): Paint {
  const style =
    (on: number, off: number): Style =>
    (text) =>
      colours ? `\u001B[${on}m${text}\u001B[${off}m` : text;
  return {
    bold: style(1, 22),
    dim: style(2, 22),
    red: style(31, 39),
    green: style(32, 39),
    yellow: style(33, 39),
    blue: style(34, 39),
    magenta: style(35, 39),
    cyan: style(36, 39),
  };
}

/** Whether a stream is a terminal of somebody who wants colours, see https://no-color.org. */
export function wantsColours(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  return stream.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}

/** Columns a text takes. */
export function visibleLength(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}
