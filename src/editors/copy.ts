import { z } from 'zod';
import { keptMark } from '../domain/version.ts';
import type { Edit, Editor, Found, Refusal, Written } from './editor.ts';
import { parseKeyPath } from './key-path.ts';
import { readYaml, type YamlFile } from './yaml.ts';
import { differencesOf, leaves } from './yaml-leaves.ts';
import { lineAt } from './yaml-lines.ts';
import { type Located, type Location, locate } from './yaml-locate.ts';
import { type Planned, rewrite } from './yaml-prove.ts';
import { type Replaced, readText, replaceText } from './yaml-scalar.ts';

export interface CopyWhere {
  readonly copy: readonly string[];
  readonly except?: readonly string[] | undefined;
  readonly keep?: readonly Keep[] | undefined;
}

/** Values of a copied file that every environment has for itself. */
export interface Keep {
  readonly in: string;
  readonly keys: readonly string[];
}

const patternsMax = 50;

const glob = z
  .string()
  .min(1)
  .regex(/^[^/\s](?:[^\s]*[^/\s])?$/u, 'Write a path below `path`, such as `config/**` or `*.json`.')
  .regex(/^[^{}]*$/u, 'Placeholders have no meaning here: write them in `path` or `in`.');

const keptKey = z.string().check((context) => {
  const read = parseKeyPath(context.value);
  if (!read.ok) context.issues.push({ code: 'custom', message: read.problem, input: context.value });
});

const options = z.strictObject({
  copy: z
    .array(glob)
    .min(1)
    .max(patternsMax)
    .readonly()
    .describe('Files that are copied whole: `*` for any name, `**` for any folders.'),
  except: z.array(glob).max(patternsMax).readonly().optional().describe('Files among them that are not.'),
  keep: z
    .array(
      z.strictObject({
        in: glob.describe('Files it is about.'),
        keys: z.array(keptKey).min(1).max(patternsMax).readonly().describe('Keys of the values that stay.'),
      }),
    )
    .max(patternsMax)
    .readonly()
    .optional()
    .describe("Values of copied YAML files that stay each environment's own."),
});

/** The one artifact of a copied file is called by its path below the folder, which is what selects it. */
function nameOf({ copy }: CopyWhere): string {
  return copy[0] ?? '';
}

/**
 * Whole files. The version is the file's text, with a mark in the place of every value that is kept. A file that is not there is
 * the caller's to tell: this reads and writes texts only.
 */
export const copyEditor: Editor<CopyWhere> = {
  name: 'copy',
  summary: "Whole files, copied as they are; chosen values stay the environment's own",
  options,
  defaultFile: '.',
  find,
  write,
  leftAlone(source, target, where) {
    const [before, after] = [readYaml(source), readYaml(target)];
    if (!before.ok || !after.ok || keysOf(where).length === 0) return [];
    return differencesOf(before.file.documents.flatMap(leaves), after.file.documents.flatMap(leaves)).filter(
      ({ path }) => keysOf(where).includes(path),
    );
  },
};

function keysOf({ keep = [] }: CopyWhere): readonly string[] {
  return keep.flatMap(({ keys }) => keys);
}

/** What stands in the place of bytes that were no text: copied, it would be another file. */
const replacement = '\uFFFD';

function find(text: string, where: CopyWhere): Found {
  if (text.includes(replacement)) {
    const line = text.slice(0, text.indexOf(replacement)).split('\n').length;
    const reason = 'The file is no clean UTF-8 text there, so that it cannot be copied as it is. Copy it by hand.';
    return { artifacts: [], refusals: [{ line, reason, artifact: nameOf(where) }] };
  }
  const marked = rewriteKept(text, where, mark);
  if (!marked.ok) return { artifacts: [], refusals: marked.refusals };
  return { artifacts: [{ artifact: nameOf(where), version: { content: marked.text }, line: 1 }], refusals: [] };
}

/**
 * The mark in place of a value, in one spelling whatever quotes stand there: environments that differ in what they keep have the
 * same version. JSON alone has the mark in quotes, as it has every text.
 */
function mark(file: YamlFile, at: Located): Replaced {
  const { start, end } = at.value;
  const marked = replaceText(file, at, keptMark);
  const isJson = at.key?.kind === 'scalar' && at.key.style === 'double';
  const insert = isJson ? JSON.stringify(keptMark) : keptMark;
  if (!marked.ok || start === end || (at.value.kind === 'scalar' && at.value.style === 'block')) return marked;
  return { ok: true, splices: file.text.slice(start, end) === insert ? [] : [{ start, end, insert }] };
}

/** The new content with the kept values of the text it replaces; a new file keeps the marks. */
function write(text: string, where: CopyWhere, edits: readonly Edit[]): Written {
  const [edit, ...more] = edits;
  if (edit === undefined) return { ok: true, text };
  const content = edit.version['content'];
  if (content === undefined || more.length > 0 || edit.artifact !== nameOf(where)) {
    return refused(undefined, `${edit.artifact} is copied whole, once.`);
  }
  if (text === '' || keysOf(where).length === 0) return { ok: true, text: content };
  const present = readYaml(text);
  if (!present.ok) return { ok: false, refusals: [present.refusal] };
  const lost = lostKeys(present.file, readYaml(content), keysOf(where));
  if (lost.length > 0) return { ok: false, refusals: lost };
  return rewriteKept(content, where, (file, at) => sameToken(file, at, present.file));
}

/** Values to keep for which the new content has no place. */
function lostKeys(
  present: YamlFile,
  content: ReturnType<typeof readYaml>,
  keys: readonly string[],
): readonly Refusal[] {
  if (!content.ok) return [content.refusal];
  return keys.flatMap((key): readonly Refusal[] => {
    const [here, there] = [locateKey(present, key), locateKey(content.file, key)];
    if (!here.ok || there.ok || there.missing !== true) return [];
    const reason = `${key} is to be kept, and the file that is copied has no such key. Add it there, or take it out of \`keep\`.`;
    return [{ line: lineAt(present.lineStarts, here.at.value.start), reason }];
  });
}

function refused(line: number | undefined, reason: string): Written & { readonly ok: false } {
  return { ok: false, refusals: [{ line, reason }] };
}

function locateKey(file: YamlFile, key: string): Location {
  const path = parseKeyPath(key);
  return path.ok ? locate(file, 0, path.steps) : { ok: false, refusal: { line: undefined, reason: path.problem } };
}

/** Of several documents it cannot be told in which of them a value is kept. */
function severalDocuments({ documents }: YamlFile): Refusal | undefined {
  if (documents.length < 2) return undefined;
  const reason =
    'The file holds several YAML documents, so no value of it can be kept. Split it, or leave it out of `keep`.';
  return { line: undefined, reason };
}

/** Puts something else at every kept key that the text has. One of which that cannot be told is a refusal. */
function rewriteKept(text: string, where: CopyWhere, replace: (file: YamlFile, at: Located) => Replaced): Written {
  const keys = keysOf(where);
  if (keys.length === 0) return { ok: true, text };
  return rewrite(text, (file) => {
    const several = severalDocuments(file);
    if (several !== undefined) return { ok: false, refusals: [several] };
    return joined(
      keys.map((key): Planned => {
        const located = locateKey(file, key);
        if (!located.ok)
          return located.missing === true ? { ok: true, changes: [] } : { ok: false, refusals: [located.refusal] };
        const replaced = replace(file, located.at);
        if (!replaced.ok) return { ok: false, refusals: [replaced.refusal] };
        const { splices } = replaced;
        return { ok: true, changes: splices.length === 0 ? [] : [{ splices, paths: [[0, ...located.at.segments]] }] };
      }),
    );
  });
}

/** The very characters the value has in the other file: a number stays a number, quotes stay quotes. */
function sameToken(file: YamlFile, at: Located, other: YamlFile): Replaced {
  const located = locateKey(other, at.path);
  if (!located.ok) return located.missing === true ? { ok: true, splices: [] } : located;
  const there = located.at;
  const read = readText(other, there);
  if (!read.ok) return read;
  const { start, end } = there.value;
  const token = other.text.slice(start, end);
  const simple = there.value.kind === 'scalar' && there.value.style !== 'block' && !token.includes('\n');
  if (!simple || at.value.kind !== 'scalar' || at.value.style === 'block') {
    const reason = `${at.path} is to be kept, and is no value on one line. Keep values inside it.`;
    return { ok: false, refusal: { line: read.line, reason } };
  }
  const now = file.text.slice(at.value.start, at.value.end);
  return { ok: true, splices: now === token ? [] : [{ start: at.value.start, end: at.value.end, insert: token }] };
}

function joined(steps: readonly Planned[]): Planned {
  const refusals: readonly Refusal[] = steps.flatMap((step) => (step.ok ? [] : step.refusals));
  if (refusals.length > 0) return { ok: false, refusals };
  return { ok: true, changes: steps.flatMap((step) => (step.ok ? step.changes : [])) };
}

/** Those of some keys whose value in a text is the mark that a person has to replace. */
export function markedKeys(text: string, keys: readonly string[]): readonly string[] {
  const read = keys.length === 0 ? undefined : readYaml(text);
  if (read?.ok !== true) return [];
  return keys.filter((key) => {
    const located = locateKey(read.file, key);
    const value = located.ok ? readText(read.file, located.at) : undefined;
    return value?.ok === true && value.text === keptMark;
  });
}

/** Keys of the kept values among the options of a copied file, whatever they are. */
export function keptKeys(where: unknown): readonly string[] {
  const read = options.safeParse(where);
  return read.success ? keysOf(read.data) : [];
}
