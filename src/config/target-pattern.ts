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
  readonly segments: number;
  readonly matcher: RegExp;
}

/** Wildcards of one pattern: each may try every position of a name, and names are short. */
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
  return { text, segments: text.split('/').length, matcher: matcherOf(text) };
}

function problem(text: string, message: string, hint: string): { readonly problem: Mistake } {
  return { problem: { message: `${quote(text)} ${message}`, hint } };
}

function matcherOf(text: string): RegExp {
  const source = text.replace(/[.+^$()|\\]/g, '\\$&').replace(wildcard, (_, name: string | undefined) => {
    return name === undefined ? '[^/]*' : `(?<${name}>[^/]+?)`;
  });
  return new RegExp(`^${source}$`, 'u');
}
