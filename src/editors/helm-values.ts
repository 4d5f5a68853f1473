import { z } from 'zod';
import type { Difference, Edit, Editor, Found, Refusal, Written } from './editor.ts';
import { parseKeyPath } from './key-path.ts';
import { isMovingImage, isMovingTag, movingTagReason } from './moving-tag.ts';
import { readYaml, type YamlFile } from './yaml.ts';
import { positionRefusal } from './yaml-items.ts';
import { differencesOf, type Leaf, leaves } from './yaml-leaves.ts';
import { lineAt } from './yaml-lines.ts';
import { isNull, joinPath, type Located, locate, lookup, type PathStep, type Segment } from './yaml-locate.ts';
import { type Change, type Planned, rewrite } from './yaml-prove.ts';
import { foreignMeaning, readText, replaceText } from './yaml-scalar.ts';

export interface HelmValuesWhere {
  readonly keys: readonly string[];
}

/** Keys of one rule: a file in which more move should be promoted as a whole. */
const keysMax = 100;

const key = z
  .string()
  .check((context) => {
    const path = parseKeyPath(context.value);
    if (!path.ok) context.issues.push({ code: 'custom', message: path.problem, input: context.value });
  })
  .describe(
    'Path of one value: `image.tag`, `containers[name=app].image` for the item with that name, `args[0]` where items have no names, `annotations["a.b/c"]`, or `a\\.b` for a key with a dot.',
  );

const options = z.strictObject({
  keys: z
    .array(key)
    .min(1)
    .max(keysMax)
    .check((context) => {
      for (const text of repeated(context.value)) {
        context.issues.push({ code: 'custom', message: `${text} is named twice. Name it once.`, input: context.value });
      }
    })
    .readonly()
    .describe('Values that may move, and nothing else in the file. Name the tag and the digest of an image together.'),
});

/** Keys that name the same value as one before them. */
function repeated(keys: readonly string[]): readonly string[] {
  const names = keys.map(normalised);
  return keys.filter((_, index) => names.indexOf(names[index] ?? '') < index);
}

/** A key in the one way of writing it that `joinPath` knows, or as it is when it is no path. */
function normalised(text: string): string {
  const path = parseKeyPath(text);
  return path.ok ? path.steps.reduce<string>(joinPath, '') : text;
}

/** Values files of Helm charts, and any other YAML file with one document: chosen keys, each an artifact with one `value`. */
export const helmValuesEditor: Editor<HelmValuesWhere> = {
  name: 'helm-values',
  summary: 'Chosen keys of a Helm values file, or of any YAML file with one document',
  options,
  defaultFile: 'values.yaml',
  find,
  write,
  leftAlone,
};

function find(text: string, where: HelmValuesWhere): Found {
  const read = readValues(text);
  if (!read.ok) return { artifacts: [], refusals: [read.refusal] };
  const found = where.keys.map((artifact) => readKey(read.file, artifact, where));
  return {
    artifacts: found.flatMap((each) => (each.ok ? [each.artifact] : [])),
    refusals: found.flatMap((each) => (each.ok ? [] : [each.refusal])),
  };
}

type ValuesRead = { readonly ok: true; readonly file: YamlFile } | { readonly ok: false; readonly refusal: Refusal };

function readValues(text: string): ValuesRead {
  const read = readYaml(text);
  return read.ok ? oneDocument(read.file) : read;
}

function oneDocument(file: YamlFile): ValuesRead {
  const [first, second] = file.documents;
  if (first === undefined) return { ok: false, refusal: { line: undefined, reason: 'The file is empty.' } };
  if (second === undefined) return { ok: true, file };
  const reason = `The file holds ${file.documents.length} YAML documents; a values file has one, and Helm reads only the first. Keep one in it.`;
  return { ok: false, refusal: { line: lineAt(file.lineStarts, first.end), reason } };
}

type KeyFound =
  | { readonly ok: true; readonly artifact: Found['artifacts'][number] }
  | { readonly ok: false; readonly refusal: Refusal };

function readKey(file: YamlFile, artifact: string, where: HelmValuesWhere): KeyFound {
  const located = locateKey(file, artifact, where);
  if (!located.ok) return located;
  const value = readText(file, located.at);
  if (!value.ok) return value;
  if (value.text === '') return { ok: false, refusal: { line: value.line, reason: emptyReason(located.at) } };
  const present = { artifact, version: { value: value.text }, line: value.line };
  if (!isMoving(located, value.text)) return { ok: true, artifact: present };
  return { ok: false, refusal: { line: value.line, reason: movingTagReason, present } };
}

/** Whether a value says which image runs only until the next push. A digest that moves along says it for good. */
function isMoving({ at, sibling }: LocatedKey, text: string): boolean {
  if (isMovingImage(text)) return true;
  const isTag = /tag$/iu.test(String(at.segments.at(-1)));
  return isTag && isMovingTag(text) && !(sibling?.filled && sibling.selected);
}

function emptyReason({ path }: Located): string {
  return /tag$/iu.test(path)
    ? `${path} is empty, and an empty tag means the chart's appVersion, which this file does not tell. Write the tag out.`
    : `${path} is empty, so there is no version to move. Write one.`;
}

interface LocatedKey {
  readonly at: Located;
  readonly sibling: Sibling | undefined;
}

type KeyLocated = ({ readonly ok: true } & LocatedKey) | { readonly ok: false; readonly refusal: Refusal };

function locateKey(file: YamlFile, artifact: string, where: HelmValuesWhere): KeyLocated {
  const path = parseKeyPath(artifact);
  if (!path.ok) return { ok: false, refusal: { line: undefined, reason: path.problem } };
  const located = locate(file, 0, path.steps);
  if (!located.ok) return located;
  const { at } = located;
  const sibling = siblingOf(at, path.steps, where);
  const refusal = positionRefusal(file, at, path.steps) ?? siblingRefusal(file, at, sibling);
  return refusal === undefined ? { ok: true, at, sibling } : { ok: false, refusal };
}

/** The digest beside a tag, or the tag beside a digest. */
interface Sibling {
  readonly name: string;
  /** Whether the file has it, and not empty. */
  readonly filled: boolean;
  /** Whether it moves too. */
  readonly selected: boolean;
}

function siblingOf(at: Located, steps: readonly PathStep[], where: HelmValuesWhere): Sibling | undefined {
  const map = at.trail.at(-1);
  const key = siblingName(steps.at(-1));
  if (map?.kind !== 'map' || key === undefined) return undefined;
  const name = [...steps.slice(0, -1), key].reduce<string>(joinPath, '');
  const found = lookup(map, key);
  const value = found.kind === 'own' ? found.entry.value : undefined;
  const empty =
    found.kind === 'own' && (value === undefined || isNull(value) || (value.kind === 'scalar' && value.text === ''));
  const selected = where.keys.some((each) => normalised(each) === name);
  return { name, filled: found.kind !== 'none' && !empty, selected };
}

/** Tag and digest of one image say the same thing twice: moved alone, one would contradict the other. */
function siblingRefusal(file: YamlFile, at: Located, sibling: Sibling | undefined): Refusal | undefined {
  if (sibling === undefined || !sibling.filled || sibling.selected) return undefined;
  const { name } = sibling;
  const reason = `${name} stands beside ${at.path} and says which image runs too; moving one alone would contradict the other. Add ${name} to keys.`;
  return { line: lineAt(file.lineStarts, at.value.start), reason };
}

const siblings: Readonly<Record<string, string>> = { tag: 'digest', Tag: 'Digest', digest: 'tag', Digest: 'Tag' };

function siblingName(segment: PathStep | undefined): string | undefined {
  if (typeof segment !== 'string') return undefined;
  const ending = /(?:tag|Tag|digest|Digest)$/u.exec(segment)?.[0];
  return ending === undefined ? undefined : `${segment.slice(0, -ending.length)}${siblings[ending]}`;
}

function sameSegments(a: readonly Segment[], b: readonly Segment[]): boolean {
  return a.length === b.length && a.every((segment, index) => segment === b[index]);
}

function write(text: string, where: HelmValuesWhere, edits: readonly Edit[]): Written {
  return rewrite(text, (file) => {
    const values = oneDocument(file);
    if (!values.ok) return { ok: false, refusals: [values.refusal] };
    const planned = edits.map((edit) => planEdit(file, where, edit));
    const refusals = planned.flatMap((each) => (each.ok ? [] : each.refusals));
    return refusals.length > 0
      ? { ok: false, refusals }
      : { ok: true, changes: planned.flatMap((each) => (each.ok ? each.changes : [])) };
  });
}

function planEdit(file: YamlFile, where: HelmValuesWhere, { artifact, version }: Edit): Planned {
  const refuse = (refusal: Refusal): Planned => ({ ok: false, refusals: [refusal] });
  if (!where.keys.includes(artifact)) {
    return refuse({ line: undefined, reason: `${artifact} is not among the keys that may move. Add it to keys.` });
  }
  const { value, ...rest } = version;
  const foreign = value === undefined ? undefined : foreignMeaning(value);
  if (value === undefined || value === '' || Object.keys(rest).length > 0 || foreign !== undefined) {
    const why = foreign ?? 'must be one text, under `value`, that is not empty.';
    return refuse({ line: undefined, reason: `The version for ${artifact} ${why}` });
  }
  const located = locateKey(file, artifact, where);
  if (!located.ok) return refuse(located.refusal);
  const replaced = replaceText(file, located.at, value);
  if (!replaced.ok) return refuse(replaced.refusal);
  const change: Change = { splices: replaced.splices, paths: [[0, ...located.at.segments]] };
  return { ok: true, changes: replaced.splices.length === 0 ? [] : [change] };
}

function leftAlone(source: string, target: string, where: HelmValuesWhere): readonly Difference[] {
  const before = readValues(source);
  const after = readValues(target);
  if (!before.ok || !after.ok) return [];
  return differencesOf(others(before.file, where), others(after.file, where));
}

function others(file: YamlFile, where: HelmValuesWhere): readonly Leaf[] {
  const selected = where.keys.flatMap((each) => {
    const path = parseKeyPath(each);
    const located = path.ok ? locate(file, 0, path.steps) : undefined;
    return located?.ok ? [located.at.segments] : [];
  });
  return file.documents
    .flatMap(leaves)
    .filter((leaf) => !selected.some((segments) => sameSegments(segments, leaf.segments)));
}
