import { z } from 'zod';
import { fitsOne } from '../domain/name-pattern.ts';
import type { Version } from '../domain/version.ts';
import type { Difference, Edit, Editor, Found, Refusal, Written } from './editor.ts';
import { parseImage } from './image-text.ts';
import { appendEntries } from './kustomize-append.ts';
import { changeEntry, joined, refused } from './kustomize-change.ts';
import {
  type ImageEntry,
  type Images,
  imageParts,
  readImages,
  readVersion,
  type VersionPart,
  versionParts,
} from './kustomize-images.ts';
import { isMovingTag, movingTagReason } from './moving-tag.ts';
import { patternList } from './pattern-list.ts';
import { shown } from './shown.ts';
import { readYaml } from './yaml.ts';
import { differencesOf, type Leaf, leaves } from './yaml-leaves.ts';
import { linesText } from './yaml-lines.ts';
import { type Planned, rewrite } from './yaml-prove.ts';

export interface KustomizeWhere {
  readonly images: readonly string[];
  readonly newName?: boolean | undefined;
}

const options = z.strictObject({
  images: patternList(
    'Write the name of an image without blanks, as in its `name:` field.',
    'Images that may move, as in their `name:` field. `*` stands for any characters: `*` alone for every image, `ghcr.io/acme/*` for some.',
  ),
  newName: z
    .boolean()
    .optional()
    .describe('Whether `newName` moves too, together with tag and digest. Without it every environment keeps its own.'),
});

/** The `images` of a kustomization: each entry an artifact, its version the `newTag` and `digest` it has, and its `newName` if asked for. */
export const kustomizeEditor: Editor<KustomizeWhere> = {
  name: 'kustomize',
  summary: 'Images of a kustomization: `newTag` and `digest` of the entries of `images`, `newName` if asked for',
  options,
  defaultFile: 'kustomization.yaml',
  find,
  write,
  leftAlone,
};

function find(text: string, where: KustomizeWhere): Found {
  const read = readFile(text);
  if (!read.ok) return { artifacts: [], refusals: [read.refusal] };
  const { file, entries } = read.images;
  const artifacts: Found['artifacts'][number][] = [];
  const refusals: Refusal[] = [];
  for (const entry of entries) {
    const { name: artifact } = entry;
    if (artifact !== undefined && !selects(where, artifact)) continue;
    const found = twice(read.images, entry) ?? readVersion(file, entry, partsOf(where));
    if (!found.ok) refusals.push(artifact === undefined ? found.refusal : { ...found.refusal, artifact });
    else if (artifact !== undefined && versionParts.some((part) => found.version[part] !== undefined)) {
      const { ok: _, ...rest } = found;
      const present = { artifact, ...rest };
      if (isMoving(found.version)) refusals.push({ line: found.line, reason: movingTagReason, artifact, present });
      else artifacts.push(present);
    }
  }
  return { artifacts, refusals };
}

function partsOf({ newName }: KustomizeWhere): readonly VersionPart[] {
  return newName === true ? imageParts : versionParts;
}

/** Whether a version is a tag that the next push moves, without the digest that would hold it. */
function isMoving({ newTag = '', digest }: Version): boolean {
  return digest === undefined && isMovingTag(newTag);
}

function readFile(text: string): ReturnType<typeof readImages> {
  const read = readYaml(text);
  return read.ok ? readImages(read.file) : read;
}

/** Tools differ in which of two entries of one name counts, so neither is certain. */
function twice(
  { linesByName }: Images,
  { name }: ImageEntry,
): { readonly ok: false; readonly refusal: Refusal } | undefined {
  const lines = name === undefined ? [] : (linesByName.get(name) ?? []);
  if (lines.length < 2) return undefined;
  const reason = `${name} is listed more than once, in ${linesText(lines)}, and only one entry counts. Keep one.`;
  return { ok: false, refusal: { line: lines[0], reason } };
}

function selects({ images }: KustomizeWhere, name: string): boolean {
  return fitsOne(images, name);
}

function write(text: string, where: KustomizeWhere, edits: readonly Edit[]): Written {
  return rewrite(text, (file) => {
    const read = readImages(file);
    if (!read.ok) return { ok: false, refusals: [read.refusal] };
    const asked = Map.groupBy(edits, ({ artifact }) => artifact);
    const checked = joined(edits.map((edit) => about(edit, check(asked, where, edit))));
    return checked.ok ? plan(read.images, partsOf(where), edits) : checked;
  });
}

/** What is planned for one edit, its refusals with the artifact they are about. */
function about({ artifact }: Edit, planned: Planned): Planned {
  return planned.ok ? planned : { ok: false, refusals: planned.refusals.map((each) => ({ ...each, artifact })) };
}

function plan(images: Images, parts: readonly VersionPart[], edits: readonly Edit[]): Planned {
  const { file } = images;
  const steps: Planned[] = [];
  const missing: Edit[] = [];
  const trail = images.list === undefined ? [images.root] : [images.root, images.list];
  const byName = new Map(images.entries.toReversed().map((entry) => [entry.name, entry]));
  for (const edit of edits) {
    const entry = byName.get(edit.artifact);
    const double = entry && twice(images, entry);
    if (entry === undefined) missing.push(edit);
    else if (double !== undefined) steps.push(about(edit, { ok: false, refusals: [double.refusal] }));
    else if ('reason' in entry.map) steps.push(about(edit, { ok: false, refusals: [entry.map] }));
    else steps.push(about(edit, changeEntry({ file, index: entry.index, map: entry.map, trail, parts }, edit.version)));
  }
  if (missing.length > 0) steps.push(appendEntries(images, missing));
  return joined(steps);
}

const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(?:@sha256:[0-9a-f]{64})?$/u;
const digestPattern = /^[a-z0-9+._-]+:[A-Fa-f0-9]{3,}$/u;

function check(
  asked: ReadonlyMap<string, readonly Edit[]>,
  where: KustomizeWhere,
  { artifact, version }: Edit,
): Planned {
  if (!selects(where, artifact)) {
    return refused(undefined, `${artifact} is not among the images that may move. Add it to images.`);
  }
  if ((asked.get(artifact)?.length ?? 0) > 1) {
    return refused(undefined, `${artifact} is asked to get two versions at once.`);
  }
  const problem = versionProblem(version, where);
  return problem === undefined
    ? { ok: true, changes: [] }
    : refused(undefined, `The version for ${artifact} ${problem}.`);
}

function versionProblem({ newTag, digest, ...rest }: Version, where: KustomizeWhere): string | undefined {
  const parts: readonly string[] = partsOf(where);
  const stranger = Object.keys(rest).find((part) => !parts.includes(part));
  if (stranger !== undefined) return `has the field ${stranger}; an image has newTag and digest`;
  const { newName } = rest;
  if (newName !== undefined && !isImageName(newName)) return `has a newName that is no image: ${shown(newName)}`;
  if (newTag === undefined && digest === undefined) return 'is empty';
  if (newTag !== undefined && !tagPattern.test(newTag)) return `has a newTag that no registry allows: ${shown(newTag)}`;
  return digest === undefined || digestPattern.test(digest) ? undefined : `has a digest that is none: ${shown(digest)}`;
}

function isImageName(text: string): boolean {
  const image = parseImage(text);
  return image !== undefined && image.tag === undefined && image.digest === undefined;
}

function leftAlone(source: string, target: string, where: KustomizeWhere): readonly Difference[] {
  const before = readFile(source);
  const after = readFile(target);
  if (!before.ok || !after.ok) return [];
  return differencesOf(others(before.images, where), others(after.images, where));
}

/** The leaves of the first document without the versions that move, and without the names that find them. */
function others({ file, entries }: Images, where: KustomizeWhere): readonly Leaf[] {
  const document = file.documents[0];
  const moving = new Set(
    entries.flatMap(({ name, index }) => (name !== undefined && selects(where, name) ? [index] : [])),
  );
  const all = document === undefined ? [] : leaves(document);
  return all.filter(({ segments: [key, index, field] }) => {
    if (key !== 'images' || typeof index !== 'number' || !moving.has(index)) return true;
    return field !== 'name' && !partsOf(where).some((part) => part === field);
  });
}
