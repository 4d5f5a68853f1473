import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isSeq,
  type ParsedNode,
  parseAllDocuments,
  type Scalar,
} from 'yaml';
import type { Refusal } from './editor.ts';
import { remembered } from './remembered.ts';
import { depthMax, guardText, tooDeep } from './yaml-guard.ts';
import { lineAt, lineStartsOf } from './yaml-lines.ts';
import { type Quoted, separatorRefusal } from './yaml-separators.ts';

/**
 * A YAML text as a plain tree with the place of every node. Offsets count UTF-16 code units, as JavaScript strings do.
 * Nothing is resolved: a scalar is the text that was written, so `1.10` stays `1.10`; aliases are not expanded.
 */
export interface YamlFile {
  readonly text: string;
  readonly lineStarts: readonly number[];
  readonly documents: readonly YamlDocument[];
}

export interface YamlDocument {
  readonly root: YamlNode;
  /** Where a further line of this document goes: after its last comment, before `...` or the next `---`. */
  readonly end: number;
}

export type YamlNode = YamlScalar | YamlAlias | YamlMap | YamlList;

interface Place {
  readonly start: number;
  readonly end: number;
}

interface Properties extends Place {
  /** Tag in full, such as `tag:yaml.org,2002:str`; undefined when none is written. */
  readonly tag: string | undefined;
  readonly anchor: string | undefined;
  /** Offsets of the aliases that repeat this node. */
  readonly aliases: readonly number[];
}

export interface YamlScalar extends Properties {
  readonly kind: 'scalar';
  readonly style: 'plain' | 'single' | 'double' | 'block';
  /** Content without quotes, escapes undone, lines folded. Never turned into a number, a date or a boolean. */
  readonly text: string;
}

export interface YamlAlias extends Place {
  readonly kind: 'alias';
  readonly name: string;
  /** The node it repeats; undefined when there is none, or when it would contain itself. */
  readonly target: YamlNode | undefined;
}

export interface YamlMap extends Properties {
  readonly kind: 'map';
  readonly flow: boolean;
  readonly entries: readonly YamlEntry[];
}

export interface YamlEntry {
  readonly key: YamlNode;
  /** Undefined for a key without a colon, as in `{ a, b }`. */
  readonly value: YamlNode | undefined;
}

export interface YamlList extends Properties {
  readonly kind: 'list';
  readonly flow: boolean;
  readonly items: readonly YamlNode[];
}

export type Read = { readonly ok: true; readonly file: YamlFile } | { readonly ok: false; readonly refusal: Refusal };

// `failsafe` resolves nothing; unique keys are checked on the paths that are used, since the parser's own check is quadratic.
const parseOptions = {
  schema: 'failsafe',
  resolveKnownTags: false,
  merge: false,
  uniqueKeys: false,
  strict: true,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

/** Characters of all texts whose trees are kept: the files of one decision. A tree takes some 25 bytes for each of them. */
const charactersKeptMax = 256 * 1024;

/** Reads a text, or says why it is not read: too big, not YAML, a template, encrypted. Never throws. */
export const readYaml: (text: string) => Read = remembered(readAnew, charactersKeptMax);

function readAnew(text: string): Read {
  const guard = guardText(text);
  if (guard) return { ok: false, refusal: guard };
  const documents = parse(text);
  if (documents === undefined) return { ok: false, refusal: notYaml(text, undefined, 'it is nested too deep') };
  for (const document of documents) {
    const error = document.errors[0];
    if (error) return { ok: false, refusal: notYaml(text, error.pos[0], error.message) };
  }
  return plainTree(text, documents);
}

function parse(text: string): readonly Document.Parsed[] | undefined {
  try {
    // The parser cannot read a list right behind a byte order mark. An empty line in its place keeps every offset.
    return parseAllDocuments(text.replace(/^\uFEFF/u, '\n'), parseOptions);
  } catch {
    // The parser reports mistakes as values; what it throws is an exhausted stack.
    return undefined;
  }
}

function notYaml(text: string, offset: number | undefined, why: string): Refusal {
  const line = offset === undefined ? undefined : lineAt(lineStartsOf(text), offset);
  const mend = text.includes('{{')
    ? 'It holds {{ … }}, and a template cannot be edited safely: keep the version in a plain YAML file.'
    : 'Correct it.';
  return { line, reason: `The file is not valid YAML: ${why.replace(/\.$/u, '')}. ${mend}` };
}

function plainTree(text: string, parsed: readonly Document.Parsed[]): Read {
  const documents: YamlDocument[] = [];
  const quoted: Quoted[] = [];
  for (const [index, document] of parsed.entries()) {
    const walk: Walk = { anchors: new Map(), quoted, tooDeepAt: undefined };
    const root = toNode(document.contents, walk, 1) ?? emptyScalar(document.range[0]);
    if (walk.tooDeepAt !== undefined) return { ok: false, refusal: tooDeep(text, walk.tooDeepAt) };
    const next = parsed[index + 1]?.range[0] ?? text.length;
    documents.push({ root, end: documentEnd(text, document.range[1], next) });
  }
  const file = { text, lineStarts: lineStartsOf(text), documents };
  const refusal = encrypted(file) ?? separatorRefusal(text, quoted);
  return refusal === undefined ? { ok: true, file } : { ok: false, refusal };
}

/** SOPS signs the whole file and sealed secrets bind their place: any change, even of a plain value, breaks them. */
function encrypted(file: YamlFile): Refusal | undefined {
  for (const { root } of file.documents) {
    const entries = root.kind === 'map' ? root.entries : [];
    const mark = entries.find(({ key, value }) => {
      if (key.kind !== 'scalar') return false;
      if (key.text === 'kind') return value?.kind === 'scalar' && value.text === 'SealedSecret';
      return key.text === 'sops' && value?.kind === 'map' && value.entries.some((entry) => isSopsField(entry.key));
    });
    if (mark === undefined) continue;
    const reason =
      'The file is encrypted (SOPS or a sealed secret), and any change breaks it. Keep versions in a plain file.';
    return { line: lineAt(file.lineStarts, mark.key.start), reason };
  }
  return undefined;
}

function isSopsField(key: YamlNode): boolean {
  return key.kind === 'scalar' && (key.text === 'mac' || key.text === 'lastmodified');
}

function documentEnd(text: string, contentEnd: number, next: number): number {
  const marker = /^\.\.\.(?=\s|$)/mu.exec(text.slice(contentEnd, next));
  return marker ? contentEnd + marker.index : next;
}

interface Walk {
  readonly anchors: Map<string, Anchor>;
  readonly quoted: Quoted[];
  tooDeepAt: number | undefined;
}

interface Anchor {
  readonly aliases: number[];
  node: YamlNode | undefined;
}

function toNode(node: ParsedNode | null, walk: Walk, depth: number): YamlNode | undefined {
  if (node === null) return undefined;
  if (isAlias(node)) return toAlias(node, walk);
  const anchor: Anchor = { aliases: [], node: undefined };
  // Known by name before its children are read: an alias below means this node, not an earlier one of the same name.
  if (node.anchor !== undefined) walk.anchors.set(node.anchor, anchor);
  anchor.node = depth > depthMax ? cutOff(node, walk) : withChildren(node, anchor, { walk, depth });
  return anchor.node;
}

function withChildren(
  node: Exclude<ParsedNode, Alias.Parsed>,
  anchor: Anchor,
  { walk, depth }: { readonly walk: Walk; readonly depth: number },
): YamlNode {
  const [start, end] = node.range;
  const properties = { start, end, tag: node.tag, anchor: node.anchor, aliases: anchor.aliases };
  if (isMap(node)) {
    const entries = node.items.map(({ key, value }) => ({
      key: toNode(key, walk, depth + 1) ?? emptyScalar(start),
      value: toNode(value, walk, depth + 1),
    }));
    return { ...properties, kind: 'map', flow: node.flow === true, entries };
  }
  if (isSeq(node)) {
    const items = node.items.map((item) => toNode(item, walk, depth + 1) ?? emptyScalar(start));
    return { ...properties, kind: 'list', flow: node.flow === true, items };
  }
  const style = scalarStyle(node.type);
  if (style === 'single' || style === 'double') walk.quoted.push({ start, end });
  return { ...properties, kind: 'scalar', style, text: node.source };
}

function toAlias(node: Alias.Parsed, walk: Walk): YamlAlias {
  const [start, end] = node.range;
  const anchor = walk.anchors.get(node.source);
  anchor?.aliases.push(start);
  return { kind: 'alias', start, end, name: node.source, target: anchor?.node };
}

function cutOff(node: ParsedNode, walk: Walk): YamlNode {
  walk.tooDeepAt = node.range[0];
  return emptyScalar(node.range[0]);
}

function emptyScalar(start: number): YamlScalar {
  const properties = { start, end: start, tag: undefined, anchor: undefined, aliases: [] };
  return { ...properties, kind: 'scalar', style: 'plain', text: '' };
}

function scalarStyle(type: Scalar.Type | undefined): YamlScalar['style'] {
  switch (type) {
    case 'QUOTE_SINGLE':
      return 'single';
    case 'QUOTE_DOUBLE':
      return 'double';
    case 'BLOCK_FOLDED':
    case 'BLOCK_LITERAL':
      return 'block';
    default:
      return 'plain';
  }
}
