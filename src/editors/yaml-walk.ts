import type { YamlMap, YamlNode } from './yaml.ts';
import { itemField, keyText, type PathStep } from './yaml-locate.ts';

/** One map of a document, and the way to it: items of a list by their `name` where they have one. */
export interface Visited {
  readonly map: YamlMap;
  readonly steps: readonly PathStep[];
}

/** Every map below a node that is written there, the outer one first. What an alias repeats is visited where it is written. */
export function* mapsBelow(node: YamlNode, steps: readonly PathStep[] = []): Generator<Visited> {
  if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) yield* mapsBelow(item, [...steps, itemStep(item, index)]);
  }
  if (node.kind !== 'map') return;
  yield { map: node, steps };
  for (const { key, value } of node.entries) {
    const text = keyText(key);
    if (text !== undefined && value !== undefined) yield* mapsBelow(value, [...steps, text]);
  }
}

/** The step to an item of a list: by its `name` where it has one, else by its position. */
export function itemStep(item: YamlNode, index: number): PathStep {
  const name = itemField(item, 'name');
  return name.kind === 'text' ? { key: 'name', value: name.text } : index;
}
