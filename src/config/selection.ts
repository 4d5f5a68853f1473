/** Texts of a selection that are compared; the lists of one file are a few lines long. */
const textsMax = 200;

/**
 * Whether two options of one editor may select the same field of a file. The editor's language is not known here: options
 * overlap when they hold the same text, or texts that a `*` in one of them lets stand for the same.
 */
export function selectionsOverlap(a: unknown, b: unknown): boolean {
  const others = textsIn(b);
  return textsIn(a).some((text) => others.some((other) => overlap(text, other)));
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn).slice(0, textsMax);
}

/** Errs on the safe side: what is before the first `*` and behind the last one decides. */
function overlap(a: string, b: string): boolean {
  if (!a.includes('*') && !b.includes('*')) return a === b;
  const [before, after] = ends(a);
  const [otherBefore, otherAfter] = ends(b);
  const beginsAlike = before.startsWith(otherBefore) || otherBefore.startsWith(before);
  return beginsAlike && (after.endsWith(otherAfter) || otherAfter.endsWith(after));
}

function ends(text: string): readonly [string, string] {
  const first = text.indexOf('*');
  return first < 0 ? [text, text] : [text.slice(0, first), text.slice(text.lastIndexOf('*') + 1)];
}
