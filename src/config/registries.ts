import { z } from 'zod';
import type { SourceName } from '../domain/report.ts';

/** What the configuration needs to know of an editor. The registry's key is the key in `promote`. */
export interface EditorEntry {
  readonly summary: string;
  /** Schema of an entry of `promote` without `in`: the editor's key and its further options, such as `{ images: [...] }`. */
  readonly options: z.ZodType;
  readonly defaultFile: string;
  /** Whether it moves whole files: `in` names a folder then, and its selectors are paths below it. */
  readonly wholeFiles?: boolean;
  /** A file beside the edited one that has to change along, where it is there. */
  readonly companion?: { readonly file: string } | undefined;
}

/** What the configuration needs to know of a sync source. */
export interface SourceEntry {
  readonly summary: string;
  /** Names a recogniser may match on, each with one line of explanation. */
  readonly fields: Readonly<Record<string, string>>;
  /** GitHub event that carries it, or undefined for a direct endpoint. */
  readonly event: string | undefined;
  readonly successOnly: boolean;
}

/** The plug-ins that keys of the configuration are derived from. */
export interface Registries {
  readonly editors: Readonly<Record<string, EditorEntry>>;
  readonly sources: Readonly<Record<SourceName, SourceEntry>>;
}

const keysOf = new WeakMap<EditorEntry, readonly string[]>();

/** The keys an entry of `promote` may have for an editor, besides those that every entry may have. Worked out once. */
export function optionKeys(editor: EditorEntry): readonly string[] {
  const known = keysOf.get(editor);
  if (known !== undefined) return known;
  const { properties } = z.toJSONSchema(editor.options, { io: 'input', unrepresentable: 'any' });
  const keys = Object.keys(properties ?? {});
  keysOf.set(editor, keys);
  return keys;
}
