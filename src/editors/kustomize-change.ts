import type { Version } from '../domain/version.ts';
import type { Refusal } from './editor.ts';
import { locateParts, type VersionPart, versionParts } from './kustomize-images.ts';
import type { YamlEntry, YamlFile, YamlMap, YamlNode } from './yaml.ts';
import { indentOf, lineAt, lineBreakNear, lineEnd, lineStart, nextLine } from './yaml-lines.ts';
import type { Located } from './yaml-locate.ts';
import type { Change, Planned } from './yaml-prove.ts';
import { quote } from './yaml-quote.ts';
import { contentEnd, replaceText, sharedRefusal } from './yaml-scalar.ts';
import type { Splice } from './yaml-splice.ts';

/** One entry of `images` that exists already. `trail` holds the nodes it sits in, the root first. */
export interface EntryToChange {
  readonly file: YamlFile;
  readonly index: number;
  readonly map: YamlMap;
  readonly trail: readonly YamlNode[];
  /** The fields that move; `newTag` and `digest` unless it is given. */
  readonly parts?: readonly VersionPart[] | undefined;
}

/**
 * Gives an entry a version: parts it has keep their place, a tag that becomes a digest (or the reverse) keeps its line, a
 * part that goes takes its line along, one that comes gets a line of its own. Every other field stays.
 */
export function changeEntry(entry: EntryToChange, version: Version): Planned {
  const parts = entry.parts ?? versionParts;
  const located = locateParts(entry.file, entry, parts);
  if (!located.ok) return { ok: false, refusals: [located.refusal] };
  const there: Part[] = [...located.parts].map(([part, at]) => ({ part, at, text: version[part] }));
  const going = there.filter(({ text }) => text === undefined);
  const coming = parts.filter((part) => !located.parts.has(part) && version[part] !== undefined);
  const steps = there.map((part) => replacePart(entry, part));
  const from = going.find(({ part }) => part !== 'newName');
  const to = coming.find((part) => part !== 'newName');
  const switches = from !== undefined && to !== undefined;
  if (switches) steps.push(switchPart(entry, from, { to, version }));
  const [gone, added] = switches
    ? [going.filter((part) => part !== from), coming.filter((part) => part !== to)]
    : [going, coming];
  steps.push(...gone.map((part) => removePart(entry, part)));
  const groups = [added.filter((part) => part === 'newName'), added.filter((part) => part !== 'newName')];
  steps.push(...groups.flatMap((group) => (group.length > 0 ? [addParts(entry, group, version)] : [])));
  return joined(steps);
}

/** A part that an entry has, and what it is to read; undefined when it is to go. */
interface Part {
  readonly part: VersionPart;
  readonly at: Located;
  readonly text: string | undefined;
}

/** All changes, or every reason why one of them cannot be made. */
export function joined(steps: readonly Planned[]): Planned {
  const refusals = steps.flatMap((step) => (step.ok ? [] : step.refusals));
  if (refusals.length > 0) return { ok: false, refusals };
  return { ok: true, changes: steps.flatMap((step) => (step.ok ? step.changes : [])) };
}

export function refused(line: number | undefined, reason: string): Planned {
  return { ok: false, refusals: [{ line, reason }] };
}

function partPath(entry: EntryToChange, part: VersionPart): Change['paths'][number] {
  return [0, 'images', entry.index, part];
}

function replacePart(entry: EntryToChange, { part, at, text }: Part): Planned {
  if (text === undefined) return { ok: true, changes: [] };
  const replaced = replaceText(entry.file, at, text);
  if (!replaced.ok) return { ok: false, refusals: [replaced.refusal] };
  const { splices } = replaced;
  return { ok: true, changes: splices.length === 0 ? [] : [{ splices, paths: [partPath(entry, part)] }] };
}

/** The line stays, with its comment: both its key and its value are written anew. */
function switchPart(
  entry: EntryToChange,
  { part: from, at }: Part,
  { to, version }: { readonly to: VersionPart; readonly version: Version },
): Planned {
  const refusal = lineRefusal(entry.file, at);
  if (refusal !== undefined) return { ok: false, refusals: [refusal] };
  const replaced = replaceText(entry.file, at, version[to] ?? '');
  if (!replaced.ok) return { ok: false, refusals: [replaced.refusal] };
  const key = keySplice(at, to);
  const line = lineAt(entry.file.lineStarts, at.value.start);
  if (key === undefined) return refused(line, `${at.path} has a key that is no plain word. Write ${from}.`);
  const splices = [key, ...replaced.splices];
  return { ok: true, changes: [{ splices, paths: [partPath(entry, from), partPath(entry, to)] }] };
}

function keySplice({ key }: Located, part: VersionPart): Splice | undefined {
  if (key?.kind !== 'scalar' || key.style === 'block' || key.tag !== undefined || key.anchor !== undefined)
    return undefined;
  const insert = quote(part, { style: key.style, tagged: false });
  return insert === undefined ? undefined : { start: key.start, end: key.end, insert };
}

/** A part that another automation owns by a marker is not removed or renamed: the marker would name what is not there. */
function lineRefusal(file: YamlFile, { path, key, value }: Located): Refusal | undefined {
  const start = key?.start ?? value.start;
  if (!file.text.slice(start, lineEnd(file.text, value.end)).includes('$imagepolicy')) return undefined;
  const reason = `${path} would be removed, but its line carries a marker of Flux image automation ($imagepolicy), which owns it. Let one of the two own it.`;
  return { line: lineAt(file.lineStarts, start), reason };
}

function removePart(entry: EntryToChange, { part, at }: Part): Planned {
  const position = entry.map.entries.findIndex(({ key }) => key === at.key);
  const refusal = lineRefusal(entry.file, at) ?? sharedRefusal(entry.file, at.path, [...at.trail, at.value]);
  if (refusal !== undefined) return { ok: false, refusals: [refusal] };
  const splice = entry.map.flow ? removeFromFlow(entry, position) : removeLines(entry, position);
  if (splice === undefined || /\n[ \t]*#/u.test(entry.file.text.slice(splice.start, splice.end))) {
    const line = lineAt(entry.file.lineStarts, at.value.start);
    return refused(line, `${at.path} cannot be removed without a comment beside it. Remove it by hand.`);
  }
  return { ok: true, changes: [{ splices: [splice], paths: [partPath(entry, part)] }] };
}

/** `, digest: x` goes, or `digest: x, ` where it is the first. */
function removeFromFlow({ file, map }: EntryToChange, position: number): Splice | undefined {
  const [before, entry, after] = [map.entries[position - 1], map.entries[position], map.entries[position + 1]];
  if (entry === undefined) return undefined;
  const start = before === undefined ? entry.key.start : (before.value ?? before.key).end;
  const end = before === undefined ? after?.key.start : (entry.value ?? entry.key).end;
  return end === undefined || file.text.slice(start, end).includes('#') ? undefined : { start, end, insert: '' };
}

/** The lines go; where the part stands behind the dash of its item, the next field moves up to the dash. */
function removeLines({ file, map }: EntryToChange, position: number): Splice | undefined {
  const { text } = file;
  const [entry, after] = [map.entries[position], map.entries[position + 1]];
  if (entry === undefined) return undefined;
  const { start } = entry.key;
  const end = contentEnd(text, entry.value ?? entry.key);
  const first = lineStart(text, start);
  if (text.slice(first, start).trim() !== '') {
    const next = after?.key.start;
    // The comment on its own line goes along, as it does with a whole line; comments on further lines are about what follows.
    const onlyItsLine =
      next !== undefined && /^[ \t]*(?:#[^\n]*)?\n[ \t]*$/u.test(text.slice(end, next).replaceAll('\r', ''));
    return onlyItsLine ? { start, end: next, insert: '' } : undefined;
  }
  const next = nextLine(text, end);
  if (next > end && text[next - 1] === '\n') return { start: first, end: next, insert: '' };
  // The last line of a file without a final line break: the break before it goes, so that there is still none.
  return { start: lineBreakBefore(text, first), end: text.length, insert: '' };
}

function lineBreakBefore(text: string, start: number): number {
  if (text.startsWith('\r\n', start - 2)) return start - 2;
  return text.startsWith('\n', start - 1) ? start - 1 : start;
}

/** New parts go behind the last field of the entry, or behind the part they belong to; another name behind the name. */
function addParts(entry: EntryToChange, coming: readonly VersionPart[], version: Version): Planned {
  const { file, map } = entry;
  const path = `images[${entry.index}]`;
  const beside: readonly string[] = coming.includes('newName') ? ['name'] : versionParts;
  const moving = entry.parts ?? versionParts;
  const staying = map.entries.filter(
    ({ key }) => !moving.some((part) => isKey(key, part) && version[part] === undefined),
  );
  const neighbour = staying.findLast(({ key }) => beside.some((part) => isKey(key, part))) ?? staying.at(-1);
  if (neighbour === undefined) return refused(lineAt(file.lineStarts, map.start), `${path} has no fields.`);
  const shared = sharedRefusal(file, path, [...entry.trail, map]);
  if (shared !== undefined) return { ok: false, refusals: [shared] };
  const json = map.flow && neighbour.key.kind === 'scalar' && neighbour.key.style === 'double';
  const fields = coming.flatMap((part) => partField(part, version, json));
  if (fields.length !== coming.length)
    return refused(lineAt(file.lineStarts, map.start), `${path} cannot hold that version.`);
  const splices = [map.flow ? behindInFlow(neighbour, fields) : behindInLines(file.text, neighbour, fields)];
  return { ok: true, changes: [{ splices, paths: coming.map((part) => partPath(entry, part)) }] };
}

/** `digest: sha256:…`, quoted throughout where JSON may be written; nothing when the text cannot be written. */
function partField(part: VersionPart, version: Version, json: boolean): readonly string[] {
  const value = quote(version[part] ?? '', { style: json ? 'double' : 'plain', tagged: false });
  return value === undefined ? [] : [`${json ? `"${part}"` : part}: ${value}`];
}

function isKey(key: YamlEntry['key'], text: string): boolean {
  return key.kind === 'scalar' && key.text === text;
}

function behindInFlow({ key, value }: YamlEntry, fields: readonly string[]): Splice {
  const at = (value ?? key).end;
  return { start: at, end: at, insert: fields.map((field) => `, ${field}`).join('') };
}

function behindInLines(text: string, { key, value }: YamlEntry, fields: readonly string[]): Splice {
  const at = lineEnd(text, contentEnd(text, value ?? key));
  const lineBreak = lineBreakNear(text, at);
  return {
    start: at,
    end: at,
    insert: fields.map((field) => `${lineBreak}${indentOf(text, key.start)}${field}`).join(''),
  };
}
