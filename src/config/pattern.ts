import { type Mistake, quote } from './mistake.ts';
import { nearest } from './suggestion.ts';

/**
 * A text with placeholders, such as `apps/{application}/{environment}[/{target}]`. The part in square brackets is used
 * only for environments that name their targets.
 */
export interface PathPattern {
  readonly text: string;
  readonly parts: readonly PatternPart[];
}

export type Placeholder = 'application' | 'environment' | 'target';

export type PatternPart =
  | { readonly kind: 'literal'; readonly text: string; readonly whenTargets: boolean }
  | { readonly kind: 'placeholder'; readonly name: Placeholder; readonly whenTargets: boolean };

/** One target of one environment. `namesTargets` says whether the environment names its targets. */
export interface Place {
  readonly environment: string;
  readonly target: string;
  readonly namesTargets: boolean;
  /** Where its files are: two places of different homes never share a file. Undefined for the default branch of this repo. */
  readonly home?: string | undefined;
}

/** Targets of all environments together: every rule is filled in for each of them. */
export const placesMax = 500;

/** What a pattern is filled with. */
export interface Names extends Place {
  readonly application: string;
}

export const placeholders: readonly Placeholder[] = ['application', 'environment', 'target'];

/** Longest pattern, in characters: the longest path people keep applications under is a third of it. */
export const patternCharactersMax = 300;

/** The pattern a text is, or what is wrong with it. Any text is accepted as input. */
export function parsePattern(text: string): PathPattern | { readonly problem: Mistake } {
  if (text.length > patternCharactersMax) {
    return problem(`This is ${text.length} characters long.`, `Write at most ${patternCharactersMax}.`);
  }
  if (text.trim() === '') return problem('This is empty.', 'Write a text, or leave the key out.');
  if (text.includes('${')) return problem('Placeholders have no `$` in front.', 'Write `{environment}`.');
  const parts = readParts(text);
  if ('problem' in parts) return parts;
  const touching = [true, false].map((namesTargets) => touchingPlaceholders(variant(parts.parts, namesTargets)));
  const pair = touching.find((found) => found !== undefined);
  if (pair !== undefined) {
    return problem(
      `${quote(pair)} has nothing between its placeholders.`,
      'Put a separator there, such as `-` or `/`.',
    );
  }
  return { text, parts: parts.parts };
}

/** The text of a pattern for one application in one target. */
export function fillPattern(pattern: PathPattern, names: Names): string {
  const parts = variant(pattern.parts, names.namesTargets);
  return parts.map((part) => (part.kind === 'literal' ? part.text : names[part.name])).join('');
}

/** The parts that count for an environment that names its targets, or for one that does not. */
export function variant(parts: readonly PatternPart[], namesTargets: boolean): readonly PatternPart[] {
  return namesTargets ? parts : parts.filter((part) => !part.whenTargets);
}

/** Whether a pattern holds a placeholder in an environment that names its targets, or in one that does not. */
export function holds(pattern: PathPattern, name: Placeholder, namesTargets: boolean): boolean {
  return variant(pattern.parts, namesTargets).some((part) => part.kind === 'placeholder' && part.name === name);
}

/** The pattern of a file below the folders of another pattern; `.` is the root of the repo. */
export function joinPatterns(folder: PathPattern, file: PathPattern): PathPattern {
  if (folder.text === '.') return file;
  if (file.text === '.') return folder;
  const slash: PatternPart = { kind: 'literal', text: '/', whenTargets: false };
  return { text: `${folder.text}/${file.text}`, parts: [...folder.parts, slash, ...file.parts] };
}

/** The pattern of one application: its name in place of `{application}`. */
export function bindApplication(pattern: PathPattern, application: string): PathPattern {
  const parts = pattern.parts.map((part): PatternPart => {
    const bound = part.kind === 'placeholder' && part.name === 'application';
    return bound ? { kind: 'literal', text: application, whenTargets: part.whenTargets } : part;
  });
  return { text: pattern.text, parts };
}

function problem(message: string, hint: string): { readonly problem: Mistake } {
  return { problem: { message, hint } };
}

/** Literal runs, placeholders and single brackets; a brace or bracket out of place is a token of its own. */
const tokens = /\{[^{}[\]]*\}|[^{}[\]]+|[{}[\]]/g;

function readParts(text: string): { readonly parts: readonly PatternPart[] } | { readonly problem: Mistake } {
  const parts: PatternPart[] = [];
  let whenTargets = false;
  for (const [token] of text.matchAll(tokens)) {
    if (token === '[' && !whenTargets) whenTargets = true;
    else if (token === ']' && whenTargets) {
      if (!parts.some((part) => part.whenTargets && part.kind === 'placeholder' && part.name === 'target')) {
        return problem('The part in square brackets holds no `{target}`.', 'Write for instance `[/{target}]`.');
      }
      whenTargets = false;
    } else if (token.length === 1 && '[]{}'.includes(token)) return strayBracket(token);
    else if (token.startsWith('{')) {
      const name = placeholders.find((known) => `{${known}}` === token);
      if (name === undefined) return unknownPlaceholder(token);
      parts.push({ kind: 'placeholder', name, whenTargets });
    } else parts.push({ kind: 'literal', text: token, whenTargets });
  }
  return whenTargets ? strayBracket('[') : { parts };
}

function strayBracket(bracket: string): { readonly problem: Mistake } {
  const hint = 'Braces and square brackets only mark `{application}`, `{environment}`, `{target}` and `[…{target}…]`.';
  if (bracket === '[') return problem('A `[` is not closed, or stands within another one.', hint);
  if (bracket === '{') return problem('A `{` is not closed.', hint);
  return problem(`A ${quote(bracket)} closes nothing.`, hint);
}

/** Words that other tools use for what is called application, environment and target here. */
const otherWords: Readonly<Record<Placeholder, readonly string[]>> = {
  application: ['app', 'name', 'service', 'component'],
  environment: ['env', 'stage', 'tier'],
  target: ['cluster', 'region', 'tenant', 'ring', 'instance'],
};

function unknownPlaceholder(token: string): { readonly problem: Mistake } {
  const word = token.slice(1, -1).trim().toLowerCase();
  const meant = placeholders.find((name) => otherWords[name].includes(word)) ?? nearest(word, placeholders);
  return problem(
    `${quote(token)} is no placeholder.`,
    meant === undefined ? 'Write `{application}`, `{environment}` or `{target}`.' : `Did you mean \`{${meant}}\`?`,
  );
}

function touchingPlaceholders(parts: readonly PatternPart[]): string | undefined {
  for (const [index, part] of parts.entries()) {
    const next = parts[index + 1];
    if (part.kind === 'placeholder' && next?.kind === 'placeholder') return `{${part.name}}{${next.name}}`;
  }
  return undefined;
}
