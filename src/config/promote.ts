import type { z } from 'zod';
import { type MistakeAt, mistakeAt, type Path, quoteAll } from './mistake.ts';
import { type PathPattern, parsePattern } from './pattern.ts';
import { type EditorEntry, optionKeys, type Registries } from './registries.ts';
import { pathTextMistake, promoteKeys } from './schema.ts';
import { suggest } from './suggestion.ts';

/** An entry of `promote` as far as it could be read. */
export interface PromoteDraft {
  readonly path: Path;
  readonly editor: string;
  readonly where: unknown;
  readonly file: PathPattern;
  /** Whether the entry names the file itself. */
  readonly namesFile: boolean;
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
  const file = fileOf(entry, path, name === undefined ? '' : (registries.editors[name]?.defaultFile ?? ''));
  const mistakes = [...strangers, ...file.mistakes];
  const editor = name === undefined ? undefined : registries.editors[name];
  if (name === undefined || editor === undefined) {
    const says = unknown.length > 0 ? [] : [noEditor(path, registries)];
    return { path, draft: undefined, mistakes: [...says, ...mistakes], issues: [] };
  }
  if (more.length > 0)
    return { path, draft: undefined, mistakes: [twoEditors(path, editors), ...mistakes], issues: [] };
  const options = editor.options.safeParse(Object.fromEntries(ownKeys(entry, editor)));
  const readable = options.success && file.pattern !== undefined;
  const draft = readable
    ? { path, editor: name, where: options.data, file: file.pattern, namesFile: 'in' in entry }
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
  defaultFile: string,
): { readonly pattern: PathPattern | undefined; readonly mistakes: readonly MistakeAt[] } {
  const given = Object.hasOwn(entry, 'in');
  const text = given ? entry['in'] : defaultFile;
  const at = [...path, 'in'];
  if (typeof text !== 'string') {
    const hint = 'Write a file below `path`, such as `in: values.yaml`.';
    return { pattern: undefined, mistakes: [mistakeAt(at, '`in` must be a text.', hint)] };
  }
  const mistake = given ? (pathTextMistake(text) ?? folderMistake(text)) : undefined;
  if (mistake !== undefined) return { pattern: undefined, mistakes: [{ path: at, at: 'value', ...mistake }] };
  const pattern = parsePattern(text);
  return { pattern: 'problem' in pattern ? undefined : pattern, mistakes: [] };
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
