import { type Document, isAlias, isMap, isScalar, isSeq, type Pair, parseDocument, Scalar, type YAMLMap } from 'yaml';
import { type Mistake, type Path, quote } from './mistake.ts';
import { type LineStarts, lineAndColumn, lineStartsOf } from './positions.ts';
import type { MistakeAtOffset } from './source-text.ts';

/** What is known of one value of the file besides the value. Offsets count UTF-16 units from 0. */
export interface NodeFacts {
  readonly path: Path;
  readonly offset: number;
  /** Where its key begins; undefined for items of a list and for the root. */
  readonly keyOffset: number | undefined;
  readonly kind: 'map' | 'list' | 'plain' | 'quoted' | 'unreadable';
  /** Source text of a scalar, and of a map in braces. */
  readonly source: string;
  /** The value of a scalar that is a text. */
  readonly text: string | undefined;
  /** Whether it has a key that is written without quotes. */
  readonly plainKey: boolean;
}

/** A file's value as plain data, and where each part of it stands. */
export interface SourceDocument {
  readonly lineStarts: LineStarts;
  /** `undefined` where the file says nothing. */
  readonly value: unknown;
  /** By `pathKey`. */
  readonly nodes: ReadonlyMap<string, NodeFacts>;
}

export function pathKey(path: Path): string {
  return JSON.stringify(path);
}

/**
 * Parses a text that was scanned. Syntax errors leave no document; what is only unwanted (a key written twice, a merge
 * key) is reported and left out, so that the rest can be judged.
 */
export function parseSource(text: string): {
  readonly document: SourceDocument | undefined;
  readonly mistakes: readonly MistakeAtOffset[];
} {
  const parsed = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    strict: true,
    // The parser's own check compares every key with every other.
    uniqueKeys: false,
    merge: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const syntax = syntaxMistakes(parsed);
  if (syntax.length > 0) return { document: undefined, mistakes: syntax };
  const lineStarts = lineStartsOf(text);
  const walk: Walk = { text, lineStarts, nodes: new Map(), mistakes: [] };
  const root = parsed.contents;
  const value = root === null ? undefined : convert(walk, root, { path: [], keyOffset: undefined, plainKey: false });
  return { document: { lineStarts, value, nodes: walk.nodes }, mistakes: walk.mistakes };
}

/** Reported by the scan already, with a better hint. */
const scannedCodes: readonly string[] = ['BAD_ALIAS', 'TAG_RESOLVE_FAILED', 'ALIAS_PROPS', 'MULTIPLE_TAGS'];

/** Follow-up errors say nothing new, and one mistake can make one on every line after it. */
const syntaxMistakesMax = 5;

function syntaxMistakes(document: Document): readonly MistakeAtOffset[] {
  const all = document.errors.filter(({ code }) => !scannedCodes.includes(code));
  const tabs = all.filter(({ code }) => code === 'TAB_AS_INDENT');
  const errors = tabs.length > 0 ? tabs : all.filter(({ pos }, index) => all[index - 1]?.pos[0] !== pos[0]);
  return errors.slice(0, syntaxMistakesMax).map(({ code, message, pos }) => ({
    offset: pos[0],
    message: `This is not valid YAML: ${message.split('\n')[0]?.replace(/\.$/, '')}.`,
    hint: syntaxHint(code),
  }));
}

function syntaxHint(code: string): string {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'Indent with spaces.';
    case 'BAD_INDENT':
      return 'Give the keys and items that belong together the same indentation, and close every bracket.';
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return 'Check the indentation and the colon; quote a text that holds a colon and a space.';
    case 'BAD_DQ_ESCAPE':
      return "Write the text in single quotes: '…'.";
    default:
      return 'Quote texts that hold brackets, braces, commas or quotes, or begin with a sign: "argo-bot[bot]".';
  }
}

interface Walk {
  readonly text: string;
  readonly lineStarts: LineStarts;
  readonly nodes: Map<string, NodeFacts>;
  readonly mistakes: MistakeAtOffset[];
}

type Spot = Pick<NodeFacts, 'path' | 'keyOffset' | 'plainKey'>;

function convert(walk: Walk, node: unknown, spot: Spot): unknown {
  const offset = offsetOf(node) ?? spot.keyOffset ?? 0;
  const note = (kind: NodeFacts['kind'], source: string, text?: string): void => {
    walk.nodes.set(pathKey(spot.path), { ...spot, offset, kind, source, text });
  };
  if (isScalar(node)) {
    note(
      isPlain(node) ? 'plain' : 'quoted',
      node.source ?? '',
      typeof node.value === 'string' ? node.value : undefined,
    );
    return node.value;
  }
  if (isMap(node)) {
    note('map', node.flow === true ? walk.text.slice(offset, node.range?.[1] ?? offset) : '');
    return convertMap(walk, node, spot.path);
  }
  if (isSeq(node)) {
    note('list', '');
    const at = (index: number): Spot => ({ path: [...spot.path, index], keyOffset: undefined, plainKey: false });
    return node.items.map((item, index) => convert(walk, item, at(index)));
  }
  note(isAlias(node) ? 'unreadable' : 'plain', '');
  return null;
}

function convertMap(walk: Walk, map: YAMLMap, path: Path): Record<string, unknown> {
  const entries = new Map<string, { readonly value: unknown; readonly keyOffset: number }>();
  for (const pair of map.items) {
    const keyOffset = offsetOf(pair.key) ?? offsetOf(pair.value) ?? offsetOf(map) ?? 0;
    const name = keyName(pair);
    const earlier = name === undefined ? undefined : entries.get(name)?.keyOffset;
    const mistake =
      keyMistake(name) ?? (earlier === undefined ? undefined : twice(walk.lineStarts, name, [earlier, keyOffset]));
    if (name === undefined || mistake !== undefined) {
      walk.mistakes.push({ offset: keyOffset, ...(mistake ?? noName) });
      continue;
    }
    const plainKey = isScalar(pair.key) && isPlain(pair.key);
    entries.set(name, { value: convert(walk, pair.value, { path: [...path, name], keyOffset, plainKey }), keyOffset });
  }
  return Object.fromEntries([...entries].map(([name, { value }]) => [name, value]));
}

function isPlain(scalar: Scalar): boolean {
  return scalar.type === undefined || scalar.type === Scalar.PLAIN;
}

function offsetOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined;
}

/** A key as text: what is written, so that `no`, `1e3` and `0x1F` stay what the author sees. */
function keyName(pair: Pair): string | undefined {
  if (!isScalar(pair.key)) return undefined;
  if (typeof pair.key.value === 'string') return pair.key.value;
  return pair.key.source === undefined || pair.key.source === '' ? undefined : pair.key.source;
}

/** Names that JavaScript objects have from birth. */
const reservedKeys: readonly string[] = ['__proto__', 'constructor', 'prototype'];

const noName: Mistake = { message: 'A key must be a text.', hint: 'Write `key: value`.' };

function keyMistake(name: string | undefined): Mistake | undefined {
  if (name === undefined) return noName;
  if (name === '<<') {
    return { message: 'Merge keys (`<<`) are not used here.', hint: 'Write the keys where they are needed.' };
  }
  if (reservedKeys.includes(name)) return { message: `${quote(name)} cannot be a key.`, hint: 'Use another name.' };
  return undefined;
}

function twice(lineStarts: LineStarts, name: string | undefined, offsets: readonly number[]): Mistake {
  const lines = offsets.map((offset) => lineAndColumn(lineStarts, offset).line);
  return {
    message: `The key ${quote(name ?? '')} is written twice, in lines ${lines.join(' and ')}.`,
    hint: 'Keep one of them.',
  };
}
