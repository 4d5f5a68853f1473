import type { Edit } from './editor.ts';
import { type Images, imageParts, versionParts } from './kustomize-images.ts';
import type { YamlList, YamlMap, YamlNode } from './yaml.ts';
import { lineAt, lineBreakNear, lineEnd, lineStart } from './yaml-lines.ts';
import type { Change, Planned } from './yaml-prove.ts';
import { type QuoteStyle, quote } from './yaml-quote.ts';
import { contentEnd, sharedRefusal } from './yaml-scalar.ts';

/** Adds an entry for each edit behind the last one, in the style of the file; makes the list where there is none. */
export function appendEntries(images: Images, edits: readonly Edit[]): Planned {
  const { file, root, key, list } = images;
  const shared = sharedRefusal(file, 'images', [root, ...(list ? [list] : []), ...(key?.value ? [key.value] : [])]);
  if (shared !== undefined) return { ok: false, refusals: [shared] };
  const unclear = images.entries.flatMap(({ name, map }) => (name === undefined && 'reason' in map ? [map] : []));
  if (unclear.length > 0) return { ok: false, refusals: unclear };
  const style = entryStyle(images);
  const entries = edits.map((edit) => entryFields(edit, style));
  const unspellable = edits.filter((_, index) => entries[index] === undefined);
  if (unspellable.length > 0) {
    const reason = (artifact: string): string => `${artifact} cannot be written as YAML.`;
    return {
      ok: false,
      refusals: unspellable.map(({ artifact }) => ({ line: undefined, reason: reason(artifact), artifact })),
    };
  }
  const change = insertion(
    images,
    style,
    entries.flatMap((fields) => (fields === undefined ? [] : [fields])),
  );
  return 'refusals' in change ? change : { ok: true, changes: [change] };
}

type Fields = readonly string[];
type Refused = Extract<Planned, { ok: false }>;

interface EntryStyle {
  /** Whether an entry is written as `{name: web, newTag: v1}`. */
  readonly flow: boolean;
  /** Whether there is a blank inside the braces. */
  readonly padding: string;
  readonly jsonKeys: boolean;
  readonly quotes: QuoteStyle;
}

/** The style of the last entry that can be looked at; without one, what Kustomize itself writes. */
function entryStyle({ root, entries }: Images): EntryStyle {
  const last = entries.findLast(({ map }) => 'entries' in map)?.map;
  if (last === undefined || 'reason' in last) {
    const jsonKeys = root.flow && root.entries[0]?.key.kind === 'scalar' && root.entries[0].key.style === 'double';
    return { flow: false, padding: '', jsonKeys, quotes: jsonKeys ? 'double' : 'plain' };
  }
  const first = last.entries[0];
  const jsonKeys = first?.key.kind === 'scalar' && first.key.style === 'double';
  const padding = last.flow && first !== undefined && first.key.start > last.start + 1 ? ' ' : '';
  return { flow: last.flow, padding, jsonKeys, quotes: jsonKeys ? 'double' : versionQuotes(last) };
}

function versionQuotes(map: YamlMap): QuoteStyle {
  const version = map.entries.find(({ key }) =>
    versionParts.some((part) => key.kind === 'scalar' && key.text === part),
  );
  const style = version?.value?.kind === 'scalar' ? version.value.style : 'plain';
  return style === 'block' ? 'plain' : style;
}

function entryFields({ artifact, version }: Edit, { jsonKeys, quotes }: EntryStyle): Fields | undefined {
  const fields = [['name', artifact], ...imageParts.map((part) => [part, version[part]])];
  const written = fields.flatMap(([key = '', text]) => {
    if (text === undefined) return [];
    const style = key === 'name' && !jsonKeys ? 'plain' : quotes;
    const token = quote(text, { style, tagged: false });
    return [token === undefined ? undefined : `${jsonKeys ? `"${key}"` : key}: ${token}`];
  });
  return written.every((field) => field !== undefined) ? written : undefined;
}

function insertion(images: Images, style: EntryStyle, entries: readonly Fields[]): Change | Refused {
  const { list, key, root } = images;
  if (list !== undefined && list.items.length > 0) {
    return list.flow ? intoFlow(images, list, { style, entries }) : intoBlock(images, list, { style, entries });
  }
  if (list?.flow && root.flow) {
    const insert = `[${entries.map((fields) => flowEntry(fields, style)).join(', ')}]`;
    const paths = entries.map((_, index) => [0, 'images', index]);
    return { splices: [{ start: list.start, end: list.end, insert }], paths };
  }
  if (root.flow) return byHand(images, root, 'is written in braces and has no list of images');
  return key?.value === undefined ? newKey(images, entries) : intoNothing(images, key.value, entries);
}

interface Additions {
  readonly style: EntryStyle;
  readonly entries: readonly Fields[];
}

function addedPaths(list: YamlList, entries: readonly Fields[]): Change['paths'] {
  return entries.map((_, index) => [0, 'images', list.items.length + index]);
}

function byHand({ file }: Images, node: YamlNode, why: string): Refused {
  const reason = `The kustomization ${why}, so the image cannot be added safely. Add it once by hand.`;
  return { ok: false, refusals: [{ line: lineAt(file.lineStarts, node.start), reason }] };
}

function flowEntry(fields: Fields, { padding }: EntryStyle): string {
  return `{${padding}${fields.join(', ')}${padding}}`;
}

/** `[{name: web, newTag: v1}]` grows behind its last item: on the same line, or on one of its own as that one is. */
function intoFlow(images: Images, list: YamlList, { style, entries }: Additions): Change | Refused {
  const { text } = images.file;
  const last = list.items.at(-1);
  if (last === undefined || text.slice(last.end, list.end).includes('#')) {
    return byHand(images, list, 'has a comment behind its last image');
  }
  const before = text.slice(lineStart(text, last.start), last.start);
  const separator = before.trim() === '' ? `,${lineBreakNear(text, last.end)}${before}` : ', ';
  const insert = entries.map((fields) => separator + flowEntry(fields, style)).join('');
  return { splices: [{ start: last.end, end: last.end, insert }], paths: addedPaths(list, entries) };
}

/** A list of lines grows by lines, as far in as its other dashes, with as many blanks behind the dash. */
function intoBlock(images: Images, list: YamlList, { style, entries }: Additions): Change | Refused {
  const { text } = images.file;
  const indent = text.slice(lineStart(text, list.start), list.start);
  if (indent.trim() !== '') return byHand(images, list, 'starts its images on the line of another value');
  const first = list.items[0];
  const gap = /^ +/u.exec(text.slice(list.start + 1, first?.start))?.[0] ?? ' ';
  const at = lineEnd(text, contentEnd(text, list));
  const lineBreak = lineBreakNear(text, at);
  const written = entries.map((fields) => (style.flow ? [flowEntry(fields, style)] : fields));
  const insert = written.map((fields) => lineBreak + blockEntry(fields, { indent, gap, lineBreak })).join('');
  return { splices: [{ start: at, end: at, insert }], paths: addedPaths(list, entries) };
}

interface Layout {
  readonly indent: string;
  readonly gap: string;
  readonly lineBreak: string;
}

function blockEntry(fields: Fields, { indent, gap, lineBreak }: Layout): string {
  return `${indent}-${gap}${fields.join(`${lineBreak}${indent} ${gap}`)}`;
}

/** `images:` with nothing, `null` or `[]` behind it: that goes, the list follows below, a comment stays on the line. */
function intoNothing(images: Images, value: YamlNode, entries: readonly Fields[]): Change | Refused {
  const { file } = images;
  const { text } = file;
  if (value.kind === 'alias' || value.tag !== undefined || value.anchor !== undefined) {
    return byHand(images, value, 'has an anchor, an alias or a tag for its images');
  }
  const at = lineEnd(text, value.end);
  const layout = { indent: listIndent(images), gap: ' ', lineBreak: lineBreakNear(text, at) };
  const insert = entries.map((fields) => layout.lineBreak + blockEntry(fields, layout)).join('');
  const addition = { start: at, end: at, insert };
  const start = text.slice(0, value.start).trimEnd().length;
  const paths = value.kind === 'list' ? addedPaths(value, entries) : [[0, 'images']];
  if (value.start === value.end) return { splices: [addition], paths };
  return { splices: [{ start, end: value.end, insert: '' }, addition], paths };
}

/** A file without `images` gets them at the end of its first document, behind its last comment. */
function newKey(images: Images, entries: readonly Fields[]): Change | Refused {
  const { file, root } = images;
  const { text } = file;
  const at = file.documents[0]?.end ?? text.length;
  const margin = text.slice(lineStart(text, root.start), root.start);
  if (margin.trim() !== '') return byHand(images, root, 'starts on the line of another value');
  const layout = { indent: listIndent(images), gap: ' ', lineBreak: lineBreakNear(text, at) };
  const lines = [`${margin}images:`, ...entries.map((fields) => blockEntry(fields, layout))].join(layout.lineBreak);
  const startsLine = at === 0 || text[at - 1] === '\n';
  const insert = startsLine ? `${lines}${layout.lineBreak}` : `${layout.lineBreak}${lines}`;
  return { splices: [{ start: at, end: at, insert }], paths: [[0, 'images']] };
}

/** How far in the other lists of the file have their dashes; as far as its keys where there is no other list. */
function listIndent({ file, root }: Images): string {
  const other = root.entries.find(
    ({ value }) => value?.kind === 'list' && !value.flow && value.items.length > 0,
  )?.value;
  const at = other?.start ?? root.start;
  const indent = file.text.slice(lineStart(file.text, at), at);
  return indent.trim() === '' ? indent : '';
}
