import type { Refusal } from './editor.ts';
import type { YamlAlias, YamlFile, YamlNode, YamlScalar } from './yaml.ts';
import { lineAt, lineEnd, linesText } from './yaml-lines.ts';
import { isNull, isTemplate, kindOf, type Located, tagName } from './yaml-locate.ts';
import { isTyped, type QuoteStyle, quote } from './yaml-quote.ts';
import type { Splice } from './yaml-splice.ts';

export type TextRead =
  | { readonly ok: true; readonly text: string; readonly line: number }
  | { readonly ok: false; readonly refusal: Refusal };

export type Replaced =
  | { readonly ok: true; readonly splices: readonly Splice[] }
  | { readonly ok: false; readonly refusal: Refusal };

const stringTag = 'tag:yaml.org,2002:str';

/**
 * The source text of a value: what is written there, quotes and escapes undone, never a number's or a date's value. An empty
 * value and `null` read as the empty text. Refuses what is no single line of text or means something else elsewhere.
 */
export function readText(file: YamlFile, at: Located): TextRead {
  const line = lineAt(file.lineStarts, at.value.start);
  const scalar = scalarOf(file, at);
  if (!scalar.ok) return scalar;
  const { node } = scalar;
  if (isNull(node)) return { ok: true, text: '', line };
  if (/[\n\r\u0085\u2028\u2029]/u.test(node.text)) {
    const reason = `${at.path} holds several lines of text; a version is one line. Write it on one line.`;
    return { ok: false, refusal: { line, reason } };
  }
  return { ok: true, text: node.text, line };
}

type ScalarFound = { readonly ok: true; readonly node: YamlScalar } | { readonly ok: false; readonly refusal: Refusal };

/** The scalar a value is, or repeats by an alias, when its text means what it says. */
function scalarOf(file: YamlFile, { path, value }: Located): ScalarFound {
  const line = lineAt(file.lineStarts, value.start);
  const refuse = (reason: string): ScalarFound => ({ ok: false, refusal: { line, reason } });
  const node: YamlNode | undefined = value.kind === 'alias' ? value.target : value;
  if (node === undefined) return refuse(`${path} is ${kindOf(file, value)}, which repeats nothing that can be read.`);
  if (node.kind !== 'scalar') {
    const mend = isTemplate(file, value) ? 'Write the version itself.' : 'Select the value inside it.';
    return refuse(`${path} is ${kindOf(file, value)}, not a single value. ${mend}`);
  }
  if (node.tag !== undefined && node.tag !== stringTag) {
    return refuse(`${path} carries the tag ${tagName(node.tag)}; only texts are moved. Remove the tag or write !!str.`);
  }
  const foreign = foreignMeaning(node.text);
  return foreign === undefined ? { ok: true, node } : refuse(`${path} ${foreign}`);
}

/** Why a text stands for something that is decided elsewhere, or undefined. */
export function foreignMeaning(text: string): string | undefined {
  if (text.includes('${')) {
    return `holds a substitution (\${…}) that Flux fills in for each cluster. Promote the file that sets the variable.`;
  }
  if (text.includes('{{')) return 'holds a template expression ({{ … }}), not a version. Write the version itself.';
  return text.startsWith('ENC[')
    ? 'is encrypted by SOPS, and any change breaks the file. Keep versions unencrypted.'
    : undefined;
}

/** The splices that make a value read as `text`; none when it does. Quotes, tag, anchor and comments around it stay. */
export function replaceText(file: YamlFile, at: Located, text: string): Replaced {
  const scalar = scalarOf(file, at);
  if (!scalar.ok) return scalar;
  const shared = sharedRefusal(file, at.path, [...at.trail, at.value]);
  if (shared !== undefined) return { ok: false, refusal: shared };
  if (readsAlready(scalar.node, text)) return { ok: true, splices: [] };
  const value = at.value.kind === 'alias' ? at.value : scalar.node;
  const refuse = (why: string): Replaced => ({
    ok: false,
    refusal: { line: lineAt(file.lineStarts, value.start), reason: `${at.path} ${why}` },
  });
  if (isGlued(file.text, value)) {
    return refuse(
      'is empty without a blank behind its colon, which some tools read as part of the key. Write one there.',
    );
  }
  const tagged = value.kind === 'scalar' && value.tag === stringTag;
  const token = quote(text, { style: styleFor(at, value), tagged });
  if (token === undefined) return refuse('cannot be set: the new text cannot be written in YAML.');
  return { ok: true, splices: [tokenSplice(file.text, value, token)] };
}

/** Whether a scalar is that text for every reader: a bare `1.10` is not, since most take it for the number 1.1. */
function readsAlready(node: YamlScalar, text: string): boolean {
  const bare = node.style === 'plain' && node.tag === undefined;
  return node.text === text && !(bare && isTyped(text));
}

/** Refuses to change nodes that aliases repeat: the other places would change with them. */
export function sharedRefusal(file: YamlFile, what: string, nodes: readonly YamlNode[]): Refusal | undefined {
  for (const node of nodes) {
    if (node.kind === 'alias' || node.aliases.length === 0) continue;
    const lines = node.aliases.map((offset) => lineAt(file.lineStarts, offset));
    const where = linesText(lines);
    const reason = `${what} belongs to the anchor &${node.anchor}, which is repeated in ${where} and would change there too. Write the value out there.`;
    return { line: lineAt(file.lineStarts, node.start), reason };
  }
  return undefined;
}

/** Whether nothing is written, not even a blank, as in `{tag:, a: b}`: Go's reader sees the key `tag:` there. */
function isGlued(text: string, { start, end }: YamlNode): boolean {
  return start === end && /^\S[^\s]/u.test(text.slice(start - 1, start + 1));
}

/** Quotes stay as they are. Where JSON may be written, a bare word would break it. */
function styleFor({ trail, key }: Located, value: YamlScalar | YamlAlias): QuoteStyle {
  const style = value.kind === 'alias' || value.style === 'block' ? 'plain' : value.style;
  const parent = trail.at(-1);
  const mayBeJson = parent?.kind === 'map' && parent.flow && key?.kind === 'scalar' && key.style === 'double';
  return style === 'plain' && mayBeJson ? 'double' : style;
}

function tokenSplice(text: string, value: YamlScalar | YamlAlias, token: string): Splice {
  const { start, end } = value;
  if (start === end) {
    // Nothing is written yet. The place is after the colon, the dash or the tag, before any blanks and comment.
    const at = text.slice(0, start).trimEnd().length;
    return { start: at, end: at, insert: ` ${token}` };
  }
  if (value.kind === 'alias' || value.style !== 'block') return { start, end, insert: token };
  // A block: its header becomes the token, a comment after the header stays, the lines below go.
  const headerEnd = lineEnd(text, start);
  const comment = text.slice(start, headerEnd).replace(/^[|>][-+0-9]*/u, '');
  return { start, end: blockEnd(text, value), insert: `${token}${comment}` };
}

/** Where the last line of a block that is not blank ends; for other nodes, their end. Blank lines after it are layout. */
export function contentEnd(text: string, node: YamlNode): number {
  if (node.kind === 'scalar' && node.style === 'block') return blockEnd(text, node);
  const last = lastChild(node);
  if (last === undefined || (node.kind !== 'scalar' && node.kind !== 'alias' && node.flow)) return node.end;
  return contentEnd(text, last);
}

function blockEnd(text: string, { start, end }: YamlScalar): number {
  const written = text.slice(start, end).trimEnd();
  return lineEnd(text, start + written.length);
}

function lastChild(node: YamlNode): YamlNode | undefined {
  if (node.kind === 'list') return node.items.at(-1);
  if (node.kind !== 'map') return undefined;
  const entry = node.entries.at(-1);
  return entry?.value ?? entry?.key;
}
