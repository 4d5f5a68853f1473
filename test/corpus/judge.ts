import { type Document, isAlias, isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';
import type { Place, Segment, VersionScalar } from './scalars.ts';

/** One edit that was made: the scalar, the text it has to read as now, and the file before and after. */
export interface Made {
  readonly scalar: VersionScalar;
  readonly expected: string;
  /** Whether the expected text needs no quotes where there were none. */
  readonly ordinary: boolean;
  readonly before: string;
  readonly after: string;
}

/** What is wrong with an edit; nothing for one that changed the scalar's bytes and nothing else. */
export function judge(made: Made): readonly string[] {
  const { scalar, before, after, expected } = made;
  if (scalar.span === undefined) return ['a value that is only merged in was changed'];
  const bytes = bytesOutside(made, scalar.span);
  return [
    ...bytes,
    ...(bytes.length > 0 ? [] : quotes(made, scalar.span)),
    ...meaning({ before, after, expected, places: scalar.places }),
  ];
}

function bytesOutside({ before, after }: Made, [start, end]: readonly [number, number]): readonly string[] {
  const [head, tail] = [before.slice(0, start), before.slice(end)];
  const fits = after.startsWith(head) && after.endsWith(tail) && after.length >= head.length + tail.length;
  return fits ? [] : [`characters outside of the scalar changed: ${firstDifference(before, after)}`];
}

function firstDifference(before: string, after: string): string {
  let at = 0;
  while (at < before.length && before[at] === after[at]) at += 1;
  const show = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 20), at + 30));
  return `${show(before)} became ${show(after)}`;
}

/** Quotes stay what they were, and none are put around what needs none. */
function quotes({ scalar, ordinary, before, after }: Made, [start, end]: readonly [number, number]): readonly string[] {
  const token = after.slice(start, after.length - (before.length - end)).trim();
  const now = /^["']/u.exec(token)?.[0] ?? '';
  const isFree = scalar.quote === '' && (!ordinary || scalar.mayGainQuotes);
  return now === scalar.quote || isFree ? [] : [`the quotes changed: ${before.slice(start, end)} became ${token}`];
}

interface Texts {
  readonly before: string;
  readonly after: string;
  readonly expected: string;
  readonly places: readonly Place[];
}

/** Reads both texts anew: the scalar reads as wanted, as a string for every reader, and every other value as before. */
function meaning({ before, after, expected, places: [place, ...within] }: Texts): readonly string[] {
  if (place === undefined) return [];
  const [{ documents: old, leaves }, { documents: now, leaves: read }] = [lookedAt(before), lookAt(after)];
  if (now.some(({ errors }) => errors.length > 0)) return ['the file is no YAML any more'];
  if (old.length !== now.length) return [`the file has ${now.length} documents, not ${old.length}`];
  const key = JSON.stringify([place.document, ...place.segments]);
  const others = differing(leaves, read).filter((path) => path !== key);
  const stray = others.map((path) => `${path} changed too`);
  if (within.length === 0) return [...stray, ...reads(after, place, expected)];
  const [inner, wanted] = [valueAt(old, place), valueAt(now, place)];
  if (typeof inner !== 'string' || typeof wanted !== 'string') return [...stray, `${key} is no text any more`];
  return [...stray, ...meaning({ before: inner, after: wanted, expected, places: within })];
}

function reads(text: string, place: Place, expected: string): readonly string[] {
  return (['1.1', '1.2'] as const).flatMap((version) => {
    const value = valueAt(documentsOf(text, version), place);
    return value === expected
      ? []
      : [`YAML ${version} reads ${JSON.stringify(value)}, not ${JSON.stringify(expected)}`];
  });
}

function documentsOf(text: string, version: '1.1' | '1.2'): readonly Document.Parsed[] {
  return parseAllDocuments(text, { version, uniqueKeys: false, logLevel: 'silent' });
}

/** What a reader gets at a place. The path is walked here, since a key may be a number or an alias of a text. */
function valueAt(documents: readonly Document.Parsed[], { document: index, segments }: Place): unknown {
  const document = documents[index];
  if (document === undefined) return undefined;
  let node: unknown = document.contents;
  for (const segment of segments) {
    if (isMap(node)) node = node.items.find(({ key }) => keyOf(document, key) === String(segment))?.value;
    else node = isSeq(node) && typeof segment === 'number' ? node.items[segment] : undefined;
  }
  const scalar = isAlias(node) ? node.resolve(document) : node;
  return isScalar(scalar) ? scalar.value : undefined;
}

function keyOf(document: Document.Parsed, key: unknown): string {
  const node = isAlias(key) ? key.resolve(document) : key;
  return isScalar(node) ? (node.source ?? String(node.value)) : '';
}

/** Leaves looked at in one text: beyond it, aliases multiply. */
const leavesMax = 500_000;

interface Looked {
  readonly documents: readonly Document.Parsed[];
  readonly leaves: ReadonlyMap<string, string>;
}

/** Texts looked at last, since one file is edited many times over: itself and the texts within it. */
const looked = new Map<string, Looked>();
const lookedMax = 8;

function lookedAt(text: string): Looked {
  const known = looked.get(text);
  const look = known ?? lookAt(text);
  looked.delete(text);
  looked.set(text, look);
  const [oldest] = looked.keys();
  if (looked.size > lookedMax && oldest !== undefined) looked.delete(oldest);
  return look;
}

function lookAt(text: string): Looked {
  const documents = documentsOf(text, '1.2');
  const leaves = new Map<string, string>();
  for (const [index, document] of documents.entries()) collect(document, document.contents, { leaves, path: [index] });
  return { documents, leaves };
}

interface Collected {
  readonly leaves: Map<string, string>;
  readonly path: readonly Segment[];
}

function collect(document: Document.Parsed, node: unknown, { leaves, path }: Collected): void {
  if (leaves.size > leavesMax) return;
  const real = isAlias(node) ? node.resolve(document) : node;
  const children: readonly (readonly [Segment, unknown])[] = isMap(real)
    ? real.items.map(({ key, value }) => [keyOf(document, key), value])
    : isSeq(real)
      ? real.items.map((item, index) => [index, item])
      : [];
  for (const [segment, child] of children) collect(document, child, { leaves, path: [...path, segment] });
  if (children.length > 0) return;
  const key = JSON.stringify(path);
  const leaf = isScalar(real)
    ? `${real.tag ?? ''} ${real.type ?? ''} ${real.source ?? ''}`
    : isMap(real)
      ? '{}'
      : isSeq(real)
        ? '[]'
        : '';
  // A key that is written twice has both its values.
  leaves.set(key, leaves.has(key) ? `${leaves.get(key)} ${leaf}` : leaf);
}

function differing(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly string[] {
  const changed = [...before].filter(([path, leaf]) => after.get(path) !== leaf).map(([path]) => path);
  return [...changed, ...[...after.keys()].filter((path) => !before.has(path))];
}
