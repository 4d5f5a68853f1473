import { fitsGlob } from './glob.ts';

/** Files of one application that may be copied whole: more make no pull request that a person can read. */
export const copiedFilesMax = 100;

/** A selection of whole files: the options of an editor that copies them, whose main option is called like its key. */
export interface WholeFiles {
  readonly editor: string;
  readonly where: unknown;
}

/** GitHub's own files, and the configuration itself: a copy could run code or change these rules. */
const reserved = '.github/';

/** Whether a path is copied that lies below a folder (`''`, or with a slash at its end) of the repo. */
export function isCopied({ editor, where }: WholeFiles, path: string, folder: string): boolean {
  if (folder === '' && path.toLowerCase().startsWith(reserved)) return false;
  const fits = (key: string): boolean => textsAt(where, key).some((pattern) => fitsGlob(pattern, path));
  return fits(editor) && !fits('except');
}

/** The options for one file of the selection: only what is said about it. */
export function whereOfFile({ editor, where }: WholeFiles, path: string): unknown {
  const keep = listAt(where, 'keep').filter((one) =>
    textsAt({ in: [textAt(one, 'in')] }, 'in').some((pattern) => fitsGlob(pattern, path)),
  );
  return { [editor]: [path], ...(keep.length === 0 ? {} : { keep }) };
}

function textsAt(where: unknown, key: string): readonly string[] {
  return listAt(where, key).filter((item): item is string => typeof item === 'string');
}

function textAt(value: unknown, key: string): string {
  const text = isRecord(value) ? value[key] : undefined;
  return typeof text === 'string' ? text : '';
}

function listAt(where: unknown, key: string): readonly unknown[] {
  const list = isRecord(where) ? where[key] : undefined;
  return Array.isArray(list) ? list : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
