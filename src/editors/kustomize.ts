import { z } from 'zod';
import type { Version } from '../domain/version.ts';
import type { Difference, Edit, Editor, Found, Refusal, Written } from './editor.ts';
import { appendEntries } from './kustomize-append.ts';
import { changeEntry, joined, refused } from './kustomize-change.ts';
import { type ImageEntry, type Images, readImages, readVersion, versionParts } from './kustomize-images.ts';
import { isMovingTag, movingTagReason } from './moving-tag.ts';
import { fitsOne } from './name-pattern.ts';
import { readYaml, type YamlFile } from './yaml.ts';
import { differencesOf, type Leaf, leaves } from './yaml-leaves.ts';
import { type Planned, rewrite } from './yaml-prove.ts';

export interface KustomizeWhere {
  readonly images: readonly string[];
}

/** Patterns of one rule: who needs more means all of them, and `*` says so. */
const patternsMax = 100;

const options = z.strictObject({
  images: z
    .array(z.string().min(1).regex(/^\S+$/u, 'Write the name of an image without blanks, as in its `name:` field.'))
    .min(1)
    .max(patternsMax)
    .readonly()
    .describe(
      'Images that may move, as in their `name:` field. `*` stands for any characters: `*` alone for every image, `ghcr.io/acme/*` for some.',
    ),
});

/** The `images` of a kustomization: each entry an artifact, its version the `newTag` and `digest` it has. */
export const kustomizeEditor: Editor<KustomizeWhere> = {
  name: 'kustomize',
  summary: 'Images of a kustomization: `newTag` and `digest` of the entries of `images`',
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
    if (entry.name !== undefined && !selects(where, entry.name)) continue;
    const found = twice(read.images, entry) ?? readVersion(file, entry);
    if (!found.ok) refusals.push(found.refusal);
    else if (entry.name !== undefined && Object.keys(found.version).length > 0) {
      const present = { artifact: entry.name, version: found.version, line: found.line };
      if (isMoving(found.version)) refusals.push({ line: found.line, reason: movingTagReason, present });
      else artifacts.push(present);
    }
  }
  return { artifacts, refusals };
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
  const reason = `${name} is listed more than once, in lines ${lines.join(' and ')}, and only one entry counts. Keep one.`;
  return { ok: false, refusal: { line: lines[0], reason } };
}

function selects({ images }: KustomizeWhere, name: string): boolean {
  return fitsOne(images, name);
}

function write(text: string, where: KustomizeWhere, edits: readonly Edit[]): Written {
  return rewrite(text, (file) => {
    const read = readImages(file);
    if (!read.ok) return { ok: false, refusals: [read.refusal] };
    const checked = joined(edits.map((edit) => check(edits, where, edit)));
    return checked.ok ? plan(file, read.images, edits) : checked;
  });
}

function plan(file: YamlFile, images: Images, edits: readonly Edit[]): Planned {
  const steps: Planned[] = [];
  const missing: Edit[] = [];
  const trail = images.list === undefined ? [images.root] : [images.root, images.list];
  for (const edit of edits) {
    const entry = images.entries.find(({ name }) => name === edit.artifact);
    const double = entry && twice(images, entry);
    if (entry === undefined) missing.push(edit);
    else if (double !== undefined) steps.push({ ok: false, refusals: [double.refusal] });
    else if ('reason' in entry.map) steps.push({ ok: false, refusals: [entry.map] });
    else steps.push(changeEntry({ file, index: entry.index, map: entry.map, trail }, edit.version));
  }
  if (missing.length > 0) steps.push(appendEntries(images, missing));
  return joined(steps);
}

/** Characters of a wrong version that are shown: enough to know it again. */
const shownCharactersMax = 60;
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(?:@sha256:[0-9a-f]{64})?$/u;
const digestPattern = /^[a-z0-9+._-]+:[A-Fa-f0-9]{3,}$/u;

function check(edits: readonly Edit[], where: KustomizeWhere, { artifact, version }: Edit): Planned {
  if (!selects(where, artifact)) {
    return refused(undefined, `${artifact} is not among the images that may move. Add it to images.`);
  }
  if (edits.filter((edit) => edit.artifact === artifact).length > 1) {
    return refused(undefined, `${artifact} is asked to get two versions at once.`);
  }
  const problem = versionProblem(version);
  return problem === undefined
    ? { ok: true, changes: [] }
    : refused(undefined, `The version for ${artifact} ${problem}.`);
}

function versionProblem({ newTag, digest, ...rest }: Version): string | undefined {
  const [stranger] = Object.keys(rest);
  if (stranger !== undefined) return `has the field ${stranger}; an image has newTag and digest`;
  if (newTag === undefined && digest === undefined) return 'is empty';
  if (newTag !== undefined && !tagPattern.test(newTag))
    return `has a newTag that no registry allows: ${newTag.slice(0, shownCharactersMax)}`;
  return digest === undefined || digestPattern.test(digest)
    ? undefined
    : `has a digest that is none: ${digest.slice(0, shownCharactersMax)}`;
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
    return field !== 'name' && !versionParts.some((part) => part === field);
  });
}
