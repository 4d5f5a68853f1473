import type { SelectorAlias } from '../config/selection.ts';

/**
 * What an artifact is called in every place, by its name in one file: `dev.image.tag` is `{environment}.image.tag` where the
 * configuration says so. What `*` stands for is taken over. `hereName` is the inverse.
 */
export function everywhereName(aliases: readonly SelectorAlias[], name: string): string {
  return renamed(
    aliases.map(({ here, everywhere }) => [here, everywhere]),
    name,
  );
}

export function hereName(aliases: readonly SelectorAlias[], name: string): string {
  return renamed(
    aliases.map(({ here, everywhere }) => [everywhere, here]),
    name,
  );
}

function renamed(pairs: readonly (readonly [from: string, to: string])[], name: string): string {
  for (const [from, to] of pairs) {
    const stars = starsIn(from.split('*'), name);
    if (stars !== undefined)
      return to.split('*').reduce((text, piece, index) => text + (stars[index - 1] ?? '') + piece);
  }
  return name;
}

/** What each `*` between the pieces stands for, each as short as it can be; undefined when the text does not fit. */
function starsIn([first = '', ...pieces]: readonly string[], text: string): readonly string[] | undefined {
  if (!text.startsWith(first)) return undefined;
  const stars: string[] = [];
  let at = first.length;
  for (const [index, piece] of pieces.entries()) {
    const last = index === pieces.length - 1;
    const found = last ? text.length - piece.length : text.indexOf(piece, at);
    if (found < at || !text.startsWith(piece, found)) return undefined;
    stars.push(text.slice(at, found));
    at = found + piece.length;
  }
  return at === text.length ? stars : undefined;
}
