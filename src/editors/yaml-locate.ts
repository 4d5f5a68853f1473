import type { Refusal } from './editor.ts';
import type { YamlEntry, YamlFile, YamlList, YamlMap, YamlNode } from './yaml.ts';
import { lineAt, linesText } from './yaml-lines.ts';

/** One step of a path: a key of a map, or an index of a list. */
export type Segment = string | number;

/** The one item of a list that has this text under this key: `[name=app]`. */
export interface ItemSelector {
  readonly key: string;
  readonly value: string;
}

/** One step as people write it: a selector leads to whichever index its item has in a file. */
export type PathStep = Segment | ItemSelector;

/** A value and how it was reached. `trail` holds every node from the root down to the one that holds the value. */
export interface Located {
  readonly path: string;
  /** The same path with the index of each item that was selected by a field. */
  readonly segments: readonly Segment[];
  readonly value: YamlNode;
  readonly trail: readonly YamlNode[];
  /** The key it stands under; undefined for an item of a list. */
  readonly key: YamlNode | undefined;
}

export type Location =
  | { readonly ok: true; readonly at: Located }
  /** `missing`: the text certainly has nothing there, rather than something that cannot be told. */
  | { readonly ok: false; readonly refusal: Refusal; readonly missing?: boolean };

/** Finds the value at a path of one document. Only what the text itself says counts: never through `<<` or an alias. */
export function locate(file: YamlFile, document: number, steps: readonly PathStep[]): Location {
  const root = file.documents[document]?.root;
  if (root === undefined)
    return { ok: false, missing: true, refusal: { line: undefined, reason: 'The file is empty.' } };
  let at: Located = { path: '', segments: [], value: root, trail: [], key: undefined };
  for (const each of steps) {
    const next = step(file, at, each);
    if (!next.ok) return next;
    at = next.at;
  }
  return { ok: true, at };
}

function step(file: YamlFile, from: Located, segment: PathStep): Location {
  const { value: node } = from;
  const path = joinPath(from.path, segment);
  const refuse = (offset: number, reason: string, missing = false): Location => ({
    ok: false,
    refusal: { line: lineAt(file.lineStarts, offset), reason },
    missing,
  });
  const parent = from.path === '' ? 'The document' : from.path;
  if (node.kind === 'alias') {
    const reason = `${path} is reached only through the alias *${node.name}, so a change would change every place that shares it. Write the values out.`;
    return refuse(node.start, reason);
  }
  if (node.tag !== undefined && !plainCollectionTags.has(node.tag)) {
    return refuse(
      node.start,
      `${parent} carries the tag ${tagName(node.tag)}, whose meaning is not known. Remove the tag.`,
    );
  }
  const trail = [...from.trail, node];
  if (node.kind === 'list' && typeof segment === 'number') {
    const value = node.items[segment];
    const segments = [...from.segments, segment];
    if (value !== undefined) return { ok: true, at: { path, segments, value, trail, key: undefined } };
    const last = node.items.length - 1;
    return refuse(node.start, `${path} is missing: the list ${last < 0 ? 'is empty' : `ends at [${last}]`}.`, true);
  }
  if (node.kind === 'list' && typeof segment === 'object') {
    const item = selectItem(file, node, { path, parent, selector: segment });
    if (!item.ok) return item;
    const segments = [...from.segments, item.index];
    return { ok: true, at: { path, segments, value: item.value, trail, key: undefined } };
  }
  if (node.kind === 'map' && typeof segment === 'string') {
    const found = lookup(node, segment);
    const value = found.kind === 'own' ? found.entry.value : undefined;
    if (found.kind === 'own' && value !== undefined) {
      const segments = [...from.segments, segment];
      return { ok: true, at: { path, segments, value, trail, key: found.entry.key } };
    }
    return { ok: false, refusal: absent(file, node, { path, found }), missing: found.kind === 'none' };
  }
  const is =
    node.kind === 'list'
      ? `a list; name an item by a field of it, as in ${parent}[name=app], or by its index where items have no names, as in ${parent}[0]`
      : kindOf(file, node);
  return refuse(node.start, `${path} is missing: ${parent} is ${is}.`, node.kind === 'scalar');
}

type ItemFound =
  | { readonly ok: true; readonly index: number; readonly value: YamlNode }
  | { readonly ok: false; readonly refusal: Refusal; readonly missing?: boolean };

/** The one item a selector fits. None or several is a refusal, and so is an item of which it cannot be told. */
function selectItem(
  file: YamlFile,
  list: YamlList,
  { path, parent, selector }: { readonly path: string; readonly parent: string; readonly selector: ItemSelector },
): ItemFound {
  const refuse = (node: YamlNode, reason: string, missing = false): ItemFound => ({
    ok: false,
    refusal: { line: lineAt(file.lineStarts, node.start), reason },
    missing,
  });
  const { key, value } = selector;
  const { unsure, byText } = fieldsOf(list, key);
  if (unsure !== undefined) {
    return refuse(
      unsure,
      `${path} is not certain: this item has its ${key} twice or only through the merge key <<. Write it out once.`,
    );
  }
  const fitting = byText.get(value) ?? [];
  const [first, second] = fitting;
  if (first === undefined)
    return refuse(list, `${path} is missing: no item of ${parent} has the ${key} ${value}.`, true);
  if (second === undefined) return { ok: true, index: first.index, value: first.value };
  const lines = fitting.map((each) => lineAt(file.lineStarts, each.value.start));
  const reason = `${path} is not certain: ${fitting.length} items have the ${key} ${value}, in ${linesText(lines)}. Select by a field in which they differ.`;
  return refuse(first.value, reason);
}

/** What the items of a list have under one key. */
interface FieldIndex {
  /** The first item of which it cannot be told. */
  readonly unsure: YamlNode | undefined;
  readonly byText: ReadonlyMap<string, readonly { readonly index: number; readonly value: YamlNode }[]>;
}

const fieldIndexes = new WeakMap<YamlList, Map<string, FieldIndex>>();

/** Worked out once for each list and key: a rule with `*` selects every item one by one. */
function fieldsOf(list: YamlList, key: string): FieldIndex {
  const known = fieldIndexes.get(list) ?? new Map<string, FieldIndex>();
  fieldIndexes.set(list, known);
  const fields = known.get(key) ?? indexFields(list, key);
  known.set(key, fields);
  return fields;
}

function indexFields(list: YamlList, key: string): FieldIndex {
  const fields = list.items.map((value, index) => ({ value, index, field: itemField(value, key) }));
  const texts = fields.flatMap(({ value, index, field }) =>
    field.kind === 'text' ? [{ text: field.text, index, value }] : [],
  );
  return {
    unsure: fields.find(({ field }) => field.kind === 'unsure')?.value,
    byText: Map.groupBy(texts, ({ text }) => text),
  };
}

/** What an item of a list, or the map it repeats by an alias, has under a key. */
export type ItemField =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'none' }
  /** Written twice, or merged in. */
  | { readonly kind: 'unsure' };

export function itemField(item: YamlNode, key: string): ItemField {
  const map = item.kind === 'alias' ? item.target : item;
  const found: Lookup = map?.kind === 'map' ? lookup(map, key) : { kind: 'none' };
  if (found.kind === 'twice' || found.kind === 'merged') return { kind: 'unsure' };
  const { value } = found.kind === 'own' ? found.entry : { value: undefined };
  const text = value === undefined || isNull(value) ? undefined : keyText(value);
  return text === undefined || text === '' ? { kind: 'none' } : { kind: 'text', text };
}

/** Tags that say no more than the brackets or the indentation already say. */
const plainCollectionTags: ReadonlySet<string> = new Set(['tag:yaml.org,2002:map', 'tag:yaml.org,2002:seq']);

function absent(file: YamlFile, map: YamlMap, { path, found }: { path: string; found: Lookup }): Refusal {
  switch (found.kind) {
    case 'own':
      return {
        line: lineAt(file.lineStarts, found.entry.key.start),
        reason: `${path} has no value: write a colon after it.`,
      };
    case 'twice': {
      const lines = found.entries.map(({ key }) => lineAt(file.lineStarts, key.start));
      const reason = `${path} is written more than once, in ${linesText(lines)}, and tools differ in which one counts. Keep one.`;
      return { line: lines[0], reason };
    }
    case 'merged': {
      const reason = `${path} has a value only through the merge key <<, which other places may share. Write the key out here.`;
      return { line: lineAt(file.lineStarts, found.key.start), reason };
    }
    case 'none':
      return {
        line: lineAt(file.lineStarts, map.start),
        reason: `${path} is missing. Pawl never adds a key; add it once by hand.`,
      };
  }
}

/** How a map holds a key. */
export type Lookup =
  | { readonly kind: 'own'; readonly entry: YamlEntry }
  | { readonly kind: 'twice'; readonly entries: readonly YamlEntry[] }
  | { readonly kind: 'merged'; readonly key: YamlNode }
  | { readonly kind: 'none' };

/** Looks a key up by its text: `80`, `"80"` and an alias of a scalar `80` are the same key. */
export function lookup(map: YamlMap, key: string): Lookup {
  const entries = entriesOf(map, key);
  const [entry, second] = entries;
  if (entry !== undefined) return second === undefined ? { kind: 'own', entry } : { kind: 'twice', entries };
  const merges = entriesOf(map, '<<').filter((each) => isMergeKey(each.key));
  const merge = merges.find((each) => mayHold(each.value, key, new Set()));
  return merge === undefined ? { kind: 'none' } : { kind: 'merged', key: merge.key };
}

const indexes = new WeakMap<YamlMap, ReadonlyMap<string | undefined, readonly YamlEntry[]>>();
/** Entries of a map that is searched as it stands: making an index would take longer. */
const entriesSearchedMax = 16;

/** The entries of a key. A big map is indexed once, so that looking up each of its keys takes time in proportion to it. */
function entriesOf(map: YamlMap, key: string): readonly YamlEntry[] {
  if (map.entries.length <= entriesSearchedMax) return map.entries.filter((entry) => keyText(entry.key) === key);
  const index = indexes.get(map) ?? Map.groupBy(map.entries, (entry) => keyText(entry.key));
  indexes.set(map, index);
  return index.get(key) ?? [];
}

export function isMergeKey(key: YamlNode): boolean {
  return key.kind === 'scalar' && key.style === 'plain' && key.text === '<<';
}

/** Whether what is merged in may bring the key. In doubt it may. Nodes seen are not looked at again: aliases multiply. */
function mayHold(node: YamlNode | undefined, key: string, seen: Set<YamlNode>): boolean {
  if (node === undefined || node.kind === 'scalar') return true;
  if (node.kind === 'alias') return mayHold(node.target, key, seen);
  if (seen.has(node)) return false;
  seen.add(node);
  if (node.kind === 'list') return node.items.some((item) => mayHold(item, key, seen));
  return node.entries.some((each) =>
    isMergeKey(each.key) ? mayHold(each.value, key, seen) : keyText(each.key) === key,
  );
}

/** The text of a key, or undefined where the key is a map or a list. */
export function keyText(key: YamlNode): string | undefined {
  if (key.kind === 'scalar') return key.text;
  return key.kind === 'alias' && key.target?.kind === 'scalar' ? key.target.text : undefined;
}

/** What a node is, in words. */
export function kindOf(file: YamlFile, node: YamlNode): string {
  if (isTemplate(file, node)) return 'a template expression ({{ … }})';
  switch (node.kind) {
    case 'map':
      return 'a map';
    case 'list':
      return 'a list';
    case 'alias':
      return `the alias *${node.name}`;
    case 'scalar':
      return isNull(node) ? 'empty' : 'a single value';
  }
}

/** Whether a node is the braces of a template, which YAML takes for a map within a map. */
export function isTemplate(file: YamlFile, node: YamlNode): boolean {
  return file.text.startsWith('{{', node.start);
}

/** A tag as people write it: `!!int`. */
export function tagName(tag: string): string {
  return tag.replace(/^tag:yaml\.org,2002:/u, '!!');
}

/** Whether a value is written as nothing: empty, `~` or `null`, without a tag that makes it a text. */
export function isNull(node: YamlNode): boolean {
  if (node.kind !== 'scalar' || node.style !== 'plain' || node.tag !== undefined) return false;
  return /^(?:~|null|Null|NULL)?$/u.test(node.text);
}

/** A path for people: `containers[name=app].image`, `args[0]`, `podAnnotations["a.b/c"]`. */
export function joinPath(parent: string, segment: PathStep): string {
  if (typeof segment === 'number') return `${parent}[${segment}]`;
  if (typeof segment === 'object') return `${parent}[${segment.key}=${segment.value}]`;
  if (!/^[^.[\]"\\]+$/u.test(segment)) return `${parent}[${JSON.stringify(segment)}]`;
  return parent === '' ? segment : `${parent}.${segment}`;
}
