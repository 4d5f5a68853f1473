import type { Refusal } from './editor.ts';
import { matchesOf } from './key-matches.ts';
import { parseKeyPattern, pathText } from './key-pattern.ts';
import { patternsOf, type ValuesWhere } from './values-where.ts';
import type { YamlNode } from './yaml.ts';
import type { PathStep } from './yaml-locate.ts';

/** Values of one file that keys with `*` may lead to: more is a mistake, and takes long to look at. */
const matchesMax = 500;

/** One path of a document that the keys of a rule lead to. */
export interface ChosenKey {
  readonly artifact: string;
  readonly steps: readonly PathStep[];
  /** Whether a pattern found it: what is no version there is then nothing that was meant. */
  readonly found: boolean;
}

export interface ChosenKeys {
  readonly keys: readonly ChosenKey[];
  readonly refusals: readonly Refusal[];
}

/** A value that a key names and a pattern fits too is called as the key is written. */
export function chosenKeys(root: YamlNode, where: ValuesWhere): ChosenKeys {
  const known = new Set(patternsOf(where).flatMap((one) => (one.kind === 'one' ? [pathText(one.steps)] : [])));
  const read = where.keys.map((text) => keysOf(root, text));
  const refusals = read.flatMap((each) => each.refusals);
  const keys = read
    .flatMap((each) => each.keys)
    .filter(({ steps, found }) => {
      if (!found) return true;
      const isNew = !known.has(pathText(steps));
      known.add(pathText(steps));
      return isNew;
    });
  const fitting = keys.filter(({ found }) => found).length;
  if (fitting <= matchesMax) return { keys, refusals };
  const reason = `The keys with \`*\` fit ${fitting} values, which is more than ${matchesMax}. Write keys that fit fewer.`;
  return { keys: keys.filter(({ found }) => !found), refusals: [...refusals, { line: undefined, reason }] };
}

function keysOf(root: YamlNode, text: string): ChosenKeys {
  const read = parseKeyPattern(text);
  if (!read.ok) return { keys: [], refusals: [{ line: undefined, artifact: text, reason: read.problem }] };
  const { pattern } = read;
  if (pattern.kind === 'one') return { keys: [{ ...pattern, found: false }], refusals: [] };
  const paths = matchesOf(root, pattern.steps);
  return { keys: paths.map((steps) => ({ artifact: pathText(steps), steps, found: true })), refusals: [] };
}
