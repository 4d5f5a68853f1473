import type { z } from 'zod';
import type { CreateRule } from './config.ts';
import { type MistakeAt, mistakeAt, type Path, quoteAll } from './mistake.ts';
import { type PathPattern, parsePattern } from './pattern.ts';
import { type EditorEntry, optionKeys, type Registries } from './registries.ts';
import { createSchema, promoteKeys } from './schema.ts';
import { pathTextMistake } from './schema-texts.ts';
import { suggest } from './suggestion.ts';

/** An entry of `promote` as far as it could be read. */
export interface PromoteDraft {
  readonly path: Path;
  readonly editor: string;
  readonly where: unknown;
  readonly file: PathPattern;
  /** Whether the entry names the file itself. */
  readonly namesFile: boolean;
  /** Whether `file` is a folder, of which whole files move. */
  readonly wholeFiles: boolean;
  readonly create: CreateRule | undefined;
}

export interface PromoteReading {
  readonly path: Path;
  readonly draft: PromoteDraft | undefined;
  readonly mistakes: readonly MistakeAt[];
  /** What the editor's own schema has against its options, with the path of the entry. */
  readonly issues: readonly z.core.$ZodIssue[];
}

/** Reads one entry of `promote`: exactly one key names an editor, `in` the file. */
export function readPromote(
  entry: Readonly<Record<string, unknown>>,
  path: Path,
  registries: Registries,
): PromoteReading {
  const keys = Object.keys(entry);
  const editors = keys.filter((key) => Object.hasOwn(registries.editors, key));
  const known = [...Object.keys(registries.editors), ...promoteKeys];
  const unknown = keys.filter((key) => !known.includes(key) && !isOption(editors, key, registries));
  const strangers = unknown.map((key) => unknownKey([...path, key], key, keysBeside(editors, registries) ?? known));
  const [name, ...more] = editors;
  const editor = name === undefined ? undefined : registries.editors[name];
  const file = fileOf(entry, path, editor);
  const create = readCreate(entry, path);
  const mistakes = [...strangers, ...file.mistakes, ...create.mistakes];
  if (name === undefined || editor === undefined) {
    const says = unknown.length > 0 ? [] : [noEditor(path, registries)];
    return { path, draft: undefined, mistakes: [...says, ...mistakes], issues: [] };
  }
  if (more.length > 0)
    return { path, draft: undefined, mistakes: [twoEditors(path, editors), ...mistakes], issues: [] };
  const options = editor.options.safeParse(Object.fromEntries(ownKeys(entry, editor)));
  const readable = options.success && file.pattern !== undefined;
  const draft = readable
    ? {
        path,
        editor: name,
        where: options.data,
        file: file.pattern,
        namesFile: 'in' in entry,
        wholeFiles: editor.wholeFiles === true,
        create: create.rule,
      }
    : undefined;
  return { path, draft, mistakes, issues: options.success ? [] : options.error.issues };
}

/** What the editor's own schema judges. */
function ownKeys(
  entry: Readonly<Record<string, unknown>>,
  editor: EditorEntry,
): readonly (readonly [string, unknown])[] {
  const known = optionKeys(editor);
  return Object.entries(entry).filter(([key]) => known.includes(key));
}

function isOption(editors: readonly string[], key: string, registries: Registries): boolean {
  return keysBeside(editors, registries)?.includes(key) === true;
}

/** The keys that may stand beside the editor's own; undefined where the entry does not name one editor. */
function keysBeside([name, ...more]: readonly string[], registries: Registries): readonly string[] | undefined {
  const editor = name === undefined || more.length > 0 ? undefined : registries.editors[name];
  return editor === undefined ? undefined : [...optionKeys(editor).filter((key) => key !== name), ...promoteKeys];
}

function fileOf(
  entry: Readonly<Record<string, unknown>>,
  path: Path,
  editor: EditorEntry | undefined,
): { readonly pattern: PathPattern | undefined; readonly mistakes: readonly MistakeAt[] } {
  const given = Object.hasOwn(entry, 'in');
  const text = given ? entry['in'] : (editor?.defaultFile ?? '');
  const at = [...path, 'in'];
  if (typeof text !== 'string') {
    const hint = 'Write a file below `path`, such as `in: values.yaml`.';
    return { pattern: undefined, mistakes: [mistakeAt(at, '`in` must be a text.', hint)] };
  }
  const wrongFolder = editor?.wholeFiles === true ? undefined : folderMistake(text);
  const mistake = given ? (pathTextMistake(text) ?? wrongFolder) : undefined;
  if (mistake !== undefined) return { pattern: undefined, mistakes: [{ path: at, at: 'value', ...mistake }] };
  const pattern = parsePattern(text);
  return { pattern: 'problem' in pattern ? undefined : pattern, mistakes: [] };
}

interface CreateRead {
  readonly rule: CreateRule | undefined;
  readonly mistakes: readonly MistakeAt[];
}

/** `create: true`, or `create: { leave: [keys] }` for a file whose listed values a person fills in. */
function readCreate(entry: Readonly<Record<string, unknown>>, path: Path): CreateRead {
  if (!Object.hasOwn(entry, 'create') || entry['create'] === false) return { rule: undefined, mistakes: [] };
  const read = createSchema.safeParse(entry['create']);
  if (read.success) return { rule: { leave: read.data === true ? [] : read.data.leave }, mistakes: [] };
  const hint = 'Write `create: true`, or `create: { leave: [replicas] }` for values that a person fills in.';
  return { rule: undefined, mistakes: [mistakeAt([...path, 'create'], '`create` is not readable.', hint)] };
}

function folderMistake(text: string) {
  if (text !== '.') return undefined;
  return { message: '`.` is a folder.', hint: 'Write a file below `path`, such as `in: values.yaml`.' };
}

function unknownKey(path: Path, key: string, allowed: readonly string[]): MistakeAt {
  return { path, at: 'key', message: `Unknown key ${quoteAll([key])}.`, hint: suggest(key, allowed) };
}

function noEditor(path: Path, registries: Registries): MistakeAt {
  const names = quoteAll(Object.keys(registries.editors), 'or');
  return mistakeAt(path, 'This does not say what may move.', `Name the editor: ${names}.`);
}

function twoEditors(path: Path, names: readonly string[]): MistakeAt {
  return mistakeAt(path, `This names ${names.length} editors: ${quoteAll(names)}.`, 'Write one entry for each.');
}
