import { type Mistake, quote } from './mistake.ts';

/** Where the targets of an environment are found: a path for each, below the root of the repo. */
export interface FoundTargets {
  readonly pattern: TargetPattern;
  /** Paths that are no target though the pattern fits: those of environments that come and go, for instance. */
  readonly except: readonly TargetPattern[];
  /** Labels of every target, besides those the pattern gives. */
  readonly labels: Labels;
}

export type Labels = Readonly<Record<string, string>>;

/** A path with `*` for any characters of a name, `{target}` for what becomes the target's name, and `{word}` for a label. */
export interface TargetPattern {
  readonly text: string;
  /** One for each name of the path. */
  readonly segments: readonly NamePattern[];
}

/** The texts around the wildcards of one name, and what each wildcard is called: undefined for `*`. */
export interface NamePattern {
  readonly pieces: readonly string[];
  readonly labels: readonly (string | undefined)[];
}

/** Wildcards of one pattern: nobody reads one with more. */
const wildcardsMax = 6;
const wildcard = /\*|\{([a-z][a-zA-Z0-9]*)\}/g;

/** The pattern a text is, or what is wrong with it. */
export function parseTargetPattern(text: string): TargetPattern | { readonly problem: Mistake } {
  const names = [...text.matchAll(wildcard)].flatMap(([, name]) => name ?? []);
  const count = [...text.matchAll(wildcard)].length;
  if (count > wildcardsMax)
    return problem(text, `has more than ${wildcardsMax} wildcards.`, 'Write a shorter pattern.');
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) return problem(text, `holds {${twice}} twice.`, 'Give each its own name.');
  const reserved = names.find((name) => name === 'application' || name === 'environment');
  if (reserved !== undefined)
    return problem(text, `holds {${reserved}}, which is no part of a target.`, 'Write `*` there.');
  const pieces = text.split(wildcard).filter((_, index) => index % 2 === 0);
  if (/[{}[\]?]/.test(pieces.join('')))
    return problem(text, 'holds a bracket or `?` that means nothing.', 'Write `*`, `{target}` or `{label}`.');
  return { text, segments: text.split('/').map(namePattern) };
}

function problem(text: string, message: string, hint: string): { readonly problem: Mistake } {
  return { problem: { message: `${quote(text)} ${message}`, hint } };
}

function namePattern(text: string): NamePattern {
  const parts = text.split(wildcard);
  return {
    pieces: parts.filter((_, index) => index % 2 === 0).map((piece = '') => piece),
    labels: parts.filter((_, index) => index % 2 === 1),
  };
}

/**
 * What the wildcards of a pattern stand for in a path; undefined when it does not fit. Takes time in proportion to the path,
 * whatever both hold: paths come from repos, and a regular expression could take for ever.
 */
export function matchTarget({ segments }: TargetPattern, path: string): Labels | undefined {
  const names = path.split('/');
  if (names.length !== segments.length) return undefined;
  const labels: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const found = matchName(segment, names[index] ?? '');
    if (found === undefined) return undefined;
    Object.assign(labels, found);
  }
  return labels;
}

/** `*` takes as much as it can and may be nothing, a label as little as it can and at least one sign. */
function matchName({ pieces, labels }: NamePattern, name: string): Labels | undefined {
  const [first = '', ...rest] = pieces;
  if (rest.length === 0) return name === first ? {} : undefined;
  const latest = latestStarts(rest, labels, name);
  if (latest === undefined || !name.startsWith(first) || first.length + leastOf(labels[0]) > (latest[0] ?? -1))
    return undefined;
  const found: Record<string, string> = {};
  let at = first.length;
  for (const [index, piece] of rest.entries()) {
    const label = labels[index];
    const last = latest[index] ?? at;
    const start = label === undefined || index === rest.length - 1 ? last : name.indexOf(piece, at + 1);
    if (label !== undefined) found[label] = name.slice(at, start);
    at = start + piece.length;
  }
  return found;
}

/** Where each piece behind a wildcard can begin at the latest, so that the ones behind it still find their place. */
function latestStarts(
  pieces: readonly string[],
  labels: NamePattern['labels'],
  name: string,
): readonly number[] | undefined {
  const last = pieces.at(-1) ?? '';
  const starts = [name.length - last.length];
  if (!name.endsWith(last)) return undefined;
  for (let index = pieces.length - 2; index >= 0; index -= 1) {
    const piece = pieces[index] ?? '';
    const limit = (starts[0] ?? 0) - leastOf(labels[index + 1]) - piece.length;
    const start = limit < 0 ? -1 : name.lastIndexOf(piece, limit);
    if (start < 0) return undefined;
    starts.unshift(start);
  }
  return starts;
}

function leastOf(label: string | undefined): number {
  return label === undefined ? 0 : 1;
}
