import type { Refusal } from './editor.ts';
import { parseKeyPath } from './key-path.ts';
import type { YamlFile, YamlList } from './yaml.ts';
import { lineAt } from './yaml-lines.ts';
import { type ItemSelector, itemField, joinPath, type Located, type PathStep } from './yaml-locate.ts';

/** Fields by which people tell the items of a list apart, the most usual one first. */
const nameKeys = ['name', 'key', 'id'] as const;

/**
 * Refuses a path that takes an item by its position from a list whose items have names: in another file the same position
 * may hold another item. `at` is what `steps` led to. The refusal says what to write instead.
 */
export function positionRefusal(file: YamlFile, at: Located, steps: readonly PathStep[]): Refusal | undefined {
  const depth = steps.findIndex((_, index) => byPosition(at, steps, index) !== undefined);
  const place = byPosition(at, steps, depth);
  if (place === undefined) return undefined;
  const item = steps.slice(0, depth + 1).reduce<string>(joinPath, '');
  const named = steps.map((step, index) => {
    const other = byPosition(at, steps, index);
    return other === undefined ? step : (selectorOf(other) ?? step);
  });
  const mend =
    selectorOf(place) === undefined
      ? 'give this one a name of its own, and select it by that'
      : `write \`${named.reduce<string>(joinPath, '')}\``;
  const node = place.list.items[place.index] ?? place.list;
  const reason = `\`${item}\` names an item by its position, and the items have names: ${mend}.`;
  return { line: lineAt(file.lineStarts, node.start), reason };
}

interface Position {
  readonly list: YamlList;
  readonly index: number;
}

/** The list and the index of a step, when it takes an item by its position from a list whose items have names. */
function byPosition({ trail }: Located, steps: readonly PathStep[], depth: number): Position | undefined {
  const [list, index] = [trail[depth], steps[depth]];
  if (list?.kind !== 'list' || typeof index !== 'number') return undefined;
  const named = list.items.some((item) => nameKeys.some((key) => itemField(item, key).kind !== 'none'));
  return named ? { list, index } : undefined;
}

/** The selector that fits this item alone, if there is one that can be written in a path. */
function selectorOf({ list, index }: Position): ItemSelector | undefined {
  for (const key of nameKeys) {
    const fields = list.items.map((item) => itemField(item, key));
    const own = fields[index];
    if (own?.kind !== 'text' || fields.some(({ kind }) => kind === 'unsure')) continue;
    const alone = fields.filter((field) => field.kind === 'text' && field.text === own.text).length === 1;
    const selector = { key, value: own.text };
    if (alone && parseKeyPath(joinPath('items', selector)).ok) return selector;
  }
  return undefined;
}
