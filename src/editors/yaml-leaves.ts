import { type Difference, differencesMax } from './editor.ts';
import type { YamlDocument, YamlMap, YamlNode } from './yaml.ts';
import { joinPath, keyText, lookup, type Segment } from './yaml-locate.ts';

/** One value of a document that holds no further ones. */
export interface Leaf {
  /** Path for people and for comparing: items of a list are known by their `name` where all have one. */
  readonly path: string;
  /** The same path by index. */
  readonly segments: readonly Segment[];
  readonly text: string;
}

/** All leaves of a document in the order they are written. Aliases and merges are leaves: nothing is expanded. */
export function leaves(document: YamlDocument): readonly Leaf[] {
  return leavesBelow(document.root, { path: '', segments: [] });
}

interface At {
  readonly path: string;
  readonly segments: readonly Segment[];
}

function leavesBelow(node: YamlNode | undefined, at: At): readonly Leaf[] {
  if (node === undefined) return [{ ...at, text: '' }];
  switch (node.kind) {
    case 'scalar':
      return [{ ...at, text: node.text }];
    case 'alias':
      return [{ ...at, text: node.target?.kind === 'scalar' ? node.target.text : `*${node.name}` }];
    case 'list': {
      if (node.items.length === 0) return [{ ...at, text: '[]' }];
      const names = itemNames(node.items);
      return node.items.flatMap((item, index) =>
        leavesBelow(item, {
          path: names === undefined ? joinPath(at.path, index) : `${at.path}[${names[index]}]`,
          segments: [...at.segments, index],
        }),
      );
    }
    case 'map': {
      if (node.entries.length === 0) return [{ ...at, text: '{}' }];
      return node.entries.flatMap((entry, index) => {
        const key = keyText(entry.key) ?? `?${index}`;
        return leavesBelow(entry.value, { path: joinPath(at.path, key), segments: [...at.segments, key] });
      });
    }
  }
}

/** The names of a list's items, when each is a map with a `name` of its own. */
function itemNames(items: readonly YamlNode[]): readonly string[] | undefined {
  const names = items.flatMap((item) => (item.kind === 'map' ? itemName(item) : []));
  return names.length === items.length && new Set(names).size === names.length ? names : undefined;
}

function itemName(item: YamlMap): readonly string[] {
  const found = lookup(item, 'name');
  return found.kind === 'own' && found.entry.value?.kind === 'scalar' ? [found.entry.value.text] : [];
}

/** Where the leaves of two documents differ, in the order of the first, then what only the second has; cut off at the limit. */
export function differencesOf(source: readonly Leaf[], target: readonly Leaf[]): readonly Difference[] {
  const before = new Map(source.map(({ path, text }) => [path, text]));
  const after = new Map(target.map(({ path, text }) => [path, text]));
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path) !== after.get(path))
    .slice(0, differencesMax)
    .map((path) => ({ path, source: before.get(path), target: after.get(path) }));
}
