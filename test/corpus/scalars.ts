import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { asNode, commentsAt, lineOf, offsetsOf, type Quote, quoteOf, rangeOf, spanOf, textOf } from './scalar-nodes.ts';
import { fieldPath, itemPath } from './scalar-paths.ts';
import type { Form } from './version-forms.ts';
import { formOf, lastKey } from './version-keys.ts';

export type Segment = string | number;

/** One place in a text: the document and the path in it. */
export interface Place {
  readonly document: number;
  readonly segments: readonly Segment[];
}

/** What the document says of itself; empty texts for what it does not say. */
export interface Facts {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** A scalar that holds a version. */
export interface VersionScalar {
  /** From the file to the scalar; more than one where a text within a scalar holds it. */
  readonly places: readonly [Place, ...Place[]];
  /** Path of the outer place as the configuration would write it; undefined when it begins in a list. */
  readonly keyPath: string | undefined;
  readonly line: number;
  /** Characters of the file that may change. Undefined where nothing of it is written, but merged in. */
  readonly span: readonly [start: number, end: number] | undefined;
  /** As it is written, quotes and escapes undone. */
  readonly text: string;
  readonly form: Form;
  readonly quote: Quote;
  /** Whether quotes may be put around any text: JSON may stand there, or an alias did. */
  readonly mayGainQuotes: boolean;
  readonly facts: Facts;
}

export type Scan =
  | { readonly ok: true; readonly documents: number; readonly scalars: readonly VersionScalar[] }
  | { readonly ok: false };

const options = { keepSourceTokens: true, uniqueKeys: false, logLevel: 'silent' } as const;

/** Every scalar of a text that holds a version, by plain looking. */
export function scan(text: string): Scan {
  const documents = parsed(text);
  if (documents === undefined) return { ok: false };
  return { ok: true, documents: documents.length, scalars: scanDocuments(text, documents) };
}

function parsed(text: string): readonly Document.Parsed[] | undefined {
  try {
    const documents = parseAllDocuments(text, options);
    return documents.some(({ errors }) => errors.length > 0) ? undefined : documents;
  } catch {
    return undefined;
  }
}

/** Whether a file without an extension is meant to be YAML: its documents are maps. */
export function isYamlMap(text: string): boolean {
  const documents = parsed(text) ?? [];
  return documents.length > 0 && documents.every(({ contents }) => isMap(contents));
}

/** The way to a node, and what stands around it. */
interface Way {
  readonly document: Document.Parsed;
  readonly index: number;
  readonly segments: readonly Segment[];
  readonly keyPath: string | undefined;
  readonly key: string;
  readonly parent: string;
  readonly keyNode: unknown;
  readonly flow: boolean;
  readonly facts: Facts;
}

function scanDocuments(text: string, documents: readonly Document.Parsed[]): readonly VersionScalar[] {
  return documents.flatMap((document, index) => {
    const facts = factsOf(document);
    const way = { document, index, segments: [], keyPath: '', key: '', parent: '', keyNode: undefined, flow: false };
    return [...walk(text, document.contents, { ...way, facts })];
  });
}

function factsOf(document: Document.Parsed): Facts {
  const at = (...path: readonly string[]): string => {
    const value: unknown = isMap(document.contents) ? document.getIn(path) : undefined;
    return typeof value === 'string' ? value : '';
  };
  return {
    apiVersion: at('apiVersion'),
    kind: at('kind'),
    name: at('metadata', 'name'),
    namespace: at('metadata', 'namespace'),
  };
}

function* walk(text: string, node: Node | null | undefined, way: Way): Generator<VersionScalar> {
  if (isMap(node)) yield* walkMap(text, node, way);
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      yield* walk(text, asNode(item), {
        ...way,
        segments: [...way.segments, index],
        keyPath: itemPath(way.keyPath, node, index),
        keyNode: undefined,
        flow: node.flow === true,
      });
    }
  }
  if (isScalar(node) || isAlias(node)) yield* scalarAt(text, node, way);
}

function* walkMap(text: string, map: YAMLMap, way: Way): Generator<VersionScalar> {
  for (const pair of map.items) {
    const key = textOf(pair.key, way.document);
    if (key === undefined) continue;
    if (key === '<<') yield* merged(text, map, { pair, way });
    const meaning = meaningOf(map, key, way);
    yield* walk(text, asNode(pair.value), {
      ...way,
      segments: [...way.segments, key],
      keyPath: fieldPath(way.keyPath, key),
      key: meaning,
      parent: way.key,
      keyNode: pair.key,
      flow: map.flow === true,
    });
  }
}

/** The key that says what a value means: for a Helm parameter and an operation of a JSON patch another field has it. */
function meaningOf(map: YAMLMap, key: string, way: Way): string {
  if (key !== 'value') return key;
  const field = (name: string) =>
    textOf(map.items.find((pair) => textOf(pair.key, way.document) === name)?.value, way.document);
  if (way.key === 'parameters') return lastKey(field('name') ?? '');
  const operation = field('op');
  if (operation === undefined) return key;
  return operation === 'test' ? '' : lastKey(field('path') ?? '');
}

/** Versions a map has only because another one is merged in: nothing of them is written here, so nothing may change. */
function* merged(
  text: string,
  map: YAMLMap,
  { pair, way }: { readonly pair: Pair; readonly way: Way },
): Generator<VersionScalar> {
  const from = isAlias(pair.value) ? pair.value.resolve(way.document) : undefined;
  if (!isMap(from)) return;
  const own = new Set(map.items.map((item) => textOf(item.key, way.document)));
  for (const { key: node, value } of from.items) {
    const [key, written] = [textOf(node, way.document), textOf(value, way.document)];
    if (key === undefined || written === undefined || own.has(key)) continue;
    const form = formOf(written, { key, parent: way.key, comments: '' });
    if (form === undefined) continue;
    yield {
      places: [{ document: way.index, segments: [...way.segments, key] }],
      keyPath: fieldPath(way.keyPath, key),
      line: lineOf(text, rangeOf(pair.key)?.[0] ?? 0),
      span: undefined,
      text: written,
      form,
      quote: '',
      mayGainQuotes: false,
      facts: way.facts,
    };
  }
}

function* scalarAt(text: string, node: Scalar | Alias, way: Way): Generator<VersionScalar> {
  const range = rangeOf(node);
  const written = textOf(node, way.document);
  if (range === undefined || written === undefined) return;
  if (isScalar(node) && node.type === 'BLOCK_LITERAL') {
    const inner = [...embedded(text, node, way)];
    if (inner.length > 0) return yield* inner;
  }
  const form = formOf(written, { key: way.key, parent: way.parent, comments: commentsAt(text, range) });
  if (form === undefined) return;
  const keyIsJson = isScalar(way.keyNode) && way.keyNode.type === 'QUOTE_DOUBLE';
  yield {
    places: [{ document: way.index, segments: way.segments }],
    keyPath: way.keyPath,
    line: lineOf(text, range[0]),
    span: spanOf(text, node, range),
    text: written,
    form,
    quote: quoteOf(node),
    mayGainQuotes: isAlias(node) || (way.flow && keyIsJson),
    facts: way.facts,
  };
}

/** Keys whose literal block is YAML by its meaning, and the lists that hold such blocks. */
const yamlBlocks = /^(?:patch|values|patchesStrategicMerge)$/u;

function* embedded(text: string, node: Scalar, way: Way): Generator<VersionScalar> {
  const range = rangeOf(node);
  const content = node.source ?? '';
  const documents = yamlBlocks.test(way.key) ? parsed(content) : undefined;
  if (documents === undefined || range === undefined) return;
  const toOuter = offsetsOf(text, range[0], content);
  for (const inner of scanDocuments(content, documents)) {
    const [start, end] = inner.span ?? [0, 0];
    const outer = { document: way.index, segments: way.segments };
    const span = inner.span === undefined ? undefined : ([toOuter(start), toOuter(end)] as const);
    const line = lineOf(text, range[0]) + inner.line;
    yield { ...inner, places: [outer, ...inner.places], keyPath: way.keyPath, facts: way.facts, line, span };
  }
}
