import { fitsOne } from '../domain/name-pattern.ts';
import type { PatternStep } from './key-pattern.ts';
import { pathText } from './key-pattern.ts';
import type { YamlList, YamlMap, YamlNode } from './yaml.ts';
import { isMergeKey, itemField, keyText, lookup, type PathStep } from './yaml-locate.ts';

/**
 * The paths of a document that a pattern leads to. Where it cannot be told what stands there, since a key is written twice,
 * merged in or reached through an alias, the path is given all the same: who goes it is told why it leads nowhere.
 */
export function matchesOf(root: YamlNode, pattern: readonly PatternStep[]): readonly (readonly PathStep[])[] {
  const paths = walk(root, [], pattern);
  return [...new Map(paths.map((path) => [pathText(path), path])).values()];
}

type Paths = readonly (readonly PathStep[])[];

function walk(node: YamlNode | undefined, path: readonly PathStep[], pattern: readonly PatternStep[]): Paths {
  const [step, ...rest] = pattern;
  if (step === undefined) return [path];
  if (node?.kind === 'alias') {
    // Nothing behind an alias can be changed. What it repeats is looked into only as far as one path leads: aliases multiply.
    const plain = plainSteps(pattern);
    return plain === undefined ? [path] : walk(node.target, path, plain);
  }
  if (node?.kind === 'map') return inMap(node, { path, step, rest });
  return node?.kind === 'list' ? inList(node, { path, step, rest }) : [];
}

interface Next {
  readonly path: readonly PathStep[];
  readonly step: PatternStep;
  readonly rest: readonly PatternStep[];
}

function inMap(map: YamlMap, { path, step, rest }: Next): Paths {
  if (typeof step === 'string') {
    const found = lookup(map, step);
    if (found.kind === 'none') return [];
    if (found.kind === 'own') return walk(found.entry.value, [...path, step], rest);
    return uncertain([...path, step], rest);
  }
  if (typeof step === 'number' || 'key' in step) return [];
  return map.entries.flatMap((entry) => {
    const key = isMergeKey(entry.key) ? undefined : keyText(entry.key);
    return key !== undefined && fitsOne([step.glob], key) ? walk(entry.value, [...path, key], rest) : [];
  });
}

function inList(list: YamlList, { path, step, rest }: Next): Paths {
  if (typeof step === 'number') {
    const item = list.items[step];
    return item === undefined ? [] : walk(item, [...path, step], rest);
  }
  if (typeof step !== 'object' || !('key' in step)) return [];
  return list.items.flatMap((item) => {
    const field = itemField(item, step.key);
    if (field.kind !== 'text') return [];
    const fits = 'glob' in step ? fitsOne([step.glob], field.text) : field.text === step.value;
    return fits ? walk(item, [...path, { key: step.key, value: field.text }], rest) : [];
  });
}

function uncertain(path: readonly PathStep[], rest: readonly PatternStep[]): Paths {
  return [[...path, ...(plainSteps(rest) ?? [])]];
}

/** The steps when each leads to one value; undefined when one may lead to several. */
function plainSteps(pattern: readonly PatternStep[]): readonly PathStep[] | undefined {
  const plain = pattern.flatMap((step) => (typeof step === 'object' && 'glob' in step ? [] : [step]));
  return plain.length === pattern.length ? plain : undefined;
}
