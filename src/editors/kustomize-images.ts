import type { Version } from '../domain/version.ts';
import type { Refusal } from './editor.ts';
import { noList, readKustomization } from './kustomization-file.ts';
import type { YamlEntry, YamlFile, YamlList, YamlMap, YamlNode } from './yaml.ts';
import { lineAt } from './yaml-lines.ts';
import { isNull, keyText, kindOf, type Located, locate, lookup } from './yaml-locate.ts';
import { ownerOf } from './yaml-owner.ts';
import { readText } from './yaml-scalar.ts';

/** The fields of an image that move. They belong together: both move or none. */
export const versionParts = ['newTag', 'digest'] as const;
/** With the image itself, which moves only where the configuration says so. */
export const imageParts = ['newName', ...versionParts] as const;
export type VersionPart = (typeof imageParts)[number];

/** The `images` of a kustomization. Kustomize reads the first document of a file and ignores the rest, and so does this. */
export interface Images {
  readonly file: YamlFile;
  readonly root: YamlMap;
  /** The entry of `images`; undefined when the file has none. */
  readonly key: YamlEntry | undefined;
  /** Undefined too when nothing is written after `images:`. */
  readonly list: YamlList | undefined;
  readonly entries: readonly ImageEntry[];
  /** The lines of the entries of each name: more than one is a mistake. */
  readonly linesByName: ReadonlyMap<string, readonly number[]>;
}

export interface ImageEntry {
  readonly index: number;
  /** Undefined when it cannot be told; `refusal` says why. */
  readonly name: string | undefined;
  readonly line: number;
  /** The entry itself, or why it is not edited. */
  readonly map: YamlMap | Refusal;
}

export type ImagesRead =
  | { readonly ok: true; readonly images: Images }
  | { readonly ok: false; readonly refusal: Refusal };

export function readImages(file: YamlFile): ImagesRead {
  const read = readKustomization(file);
  if (!read.ok) return read;
  const { root } = read;
  if (lookup(root, 'images').kind === 'none') return { ok: true, images: noImages(file, root, undefined) };
  const located = locate(file, 0, ['images']);
  if (!located.ok) return { ok: false, refusal: located.refusal };
  const { value } = located.at;
  const key = root.entries.find((entry) => entry.value === value);
  if (isNull(value)) return { ok: true, images: noImages(file, root, key) };
  if (value.kind !== 'list') return { ok: false, refusal: noList(file, 'images', value) };
  const entries = value.items.map((item, index) => toEntry(file, item, index));
  return { ok: true, images: { file, root, key, list: value, entries, linesByName: linesByName(entries) } };
}

function linesByName(entries: readonly ImageEntry[]): ReadonlyMap<string, readonly number[]> {
  const lines = new Map<string, number[]>();
  for (const { name, line } of entries) {
    if (name === undefined) continue;
    const known = lines.get(name);
    if (known === undefined) lines.set(name, [line]);
    else known.push(line);
  }
  return lines;
}

function noImages(file: YamlFile, root: YamlMap, key: YamlEntry | undefined): Images {
  return { file, root, key, list: undefined, entries: [], linesByName: new Map() };
}

function toEntry(file: YamlFile, item: YamlNode, index: number): ImageEntry {
  const line = lineAt(file.lineStarts, item.start);
  const map = item.kind === 'alias' ? item.target : item;
  const refused = (name: string | undefined, reason: string): ImageEntry => ({
    index,
    name,
    line,
    map: { line, reason: `images[${index}] ${reason}` },
  });
  if (map?.kind !== 'map') return refused(undefined, `is ${kindOf(file, item)}; an image is a map with a name.`);
  const found = lookup(map, 'name');
  const name = found.kind === 'own' && found.entry.value !== undefined ? keyText(found.entry.value) : undefined;
  if (item.kind === 'alias')
    return refused(name, `is the alias *${item.name}, so it changes with its anchor. Write it out.`);
  if (name === undefined || name === '') return refused(undefined, 'has no single name of its own. Write one.');
  return { index, name, line, map };
}

export type VersionRead =
  | { readonly ok: true; readonly parts: ReadonlyMap<VersionPart, Located> }
  | { readonly ok: false; readonly refusal: Refusal };

/** Where an entry says its version: those of the parts that it has, in their order. */
export function locateParts(
  file: YamlFile,
  { index, map }: { readonly index: number; readonly map: YamlMap },
  wanted: readonly VersionPart[],
): VersionRead {
  const parts = new Map<VersionPart, Located>();
  for (const part of wanted) {
    if (lookup(map, part).kind === 'none') continue;
    const located = locate(file, 0, ['images', index, part]);
    if (!located.ok) return { ok: false, refusal: located.refusal };
    parts.set(part, located.at);
  }
  return { ok: true, parts };
}

export type EntryVersion =
  | { readonly ok: true; readonly version: Version; readonly line: number; readonly owner?: string | undefined }
  | { readonly ok: false; readonly refusal: Refusal };

/** The version of one entry; one without parts is the empty version. The line is that of its first part. */
export function readVersion(
  file: YamlFile,
  { index, line, map }: ImageEntry,
  parts: readonly VersionPart[] = versionParts,
): EntryVersion {
  if ('reason' in map) return { ok: false, refusal: map };
  const located = locateParts(file, { index, map }, parts);
  if (!located.ok) return { ok: false, refusal: located.refusal };
  const version: Record<string, string> = {};
  const lines: number[] = [];
  let owner: string | undefined;
  for (const [part, at] of located.parts) {
    const read = readText(file, at);
    if (!read.ok) return read;
    if (read.text === '') {
      const reason = `${at.path} is empty, which Kustomize takes for no ${part} at all. Write it out or remove the line.`;
      return { ok: false, refusal: { line: read.line, reason } };
    }
    version[part] = read.text;
    lines.push(read.line);
    owner ??= ownerOf(file, at);
  }
  return { ok: true, version, line: lines[0] ?? line, ...(owner === undefined ? {} : { owner }) };
}
