/** Texts of a selection that are compared; the lists of one file are a few lines long. */
const textsMax = 200;

/**
 * Whether two options of one editor may select the same field of a file. The editor's language is not known here: options
 * overlap when they hold the same text, or texts that a `*` in one of them lets stand for the same. Those of two documents of a
 * file do not.
 */
export function selectionsOverlap(a: unknown, b: unknown): boolean {
  const [one, other] = [optionsIn(a), optionsIn(b)];
  if (areApart(one['document'], other['document'])) return false;
  const others = textsIn({ ...other, document: undefined });
  return textsIn({ ...one, document: undefined }).some((text) => others.some((each) => overlap(text, each)));
}

function optionsIn(value: unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}

/** Whether two documents differ in a field that both name. A placeholder may stand for anything. */
function areApart(a: unknown, b: unknown): boolean {
  const others = optionsIn(b);
  return Object.entries(optionsIn(a)).some(([field, text]) => {
    const other = others[field];
    return typeof text === 'string' && typeof other === 'string' && !overlap(anyName(text), anyName(other));
  });
}

function anyName(text: string): string {
  return text.replace(/\[[^[\]]*\{[^[\]]*\]|\{[^{}]*\}/gu, '*');
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
