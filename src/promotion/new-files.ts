import type { FileSpec } from '../config/config.ts';
import { keptKeys, markedKeys } from '../editors/copy.ts';
import { editorOf } from '../editors/index.ts';
import type { EnvironmentState, TargetState } from './snapshot.ts';

/** What a file that is not there starts from, or why it cannot be made: a phrase. */
export type NewText = { readonly text: string } | { readonly line: number | undefined; readonly reason: string };

/** Nothing where it is copied whole, else the source's text, with marks where a person fills in. */
export function newText({ whole, create, slot, path }: FileSpec, source: TargetState | undefined): NewText {
  if (whole !== undefined) return { text: '' };
  const from = source?.spec.files.find((file) => file.slot === slot);
  const file = from === undefined ? undefined : source?.synced?.files[from.path];
  if (create === undefined || from === undefined || file?.kind !== 'text')
    return { line: undefined, reason: 'cannot be made: there is no file it could be made like. Create it by hand.' };
  const { artifacts, refusals } = editorOf('copy').find(file.text, { copy: [path], ...keeping(path, create.leave) });
  const text = artifacts[0]?.version['content'];
  if (text !== undefined) return { text };
  const why = refusals.map(({ line, reason }) => `${from.path}${line === undefined ? '' : `:${line}`} ${reason}`);
  return { line: undefined, reason: `cannot be made like the source's file: ${why.join(' ')}` };
}

function keeping(path: string, keys: readonly string[]): object {
  return keys.length === 0 ? {} : { keep: [{ in: path, keys }] };
}

/** The values that hold the mark which a person replaces: `apps/web/eu/values.yaml: replicas`. */
export function toFillIn(
  { targets }: Pick<EnvironmentState, 'targets'>,
  files: readonly { readonly path: string; readonly after: string | undefined }[],
): readonly string[] {
  const specs = targets.flatMap(({ spec }) => spec.files);
  return files.flatMap(({ path, after }) => {
    const keys = specs.filter((spec) => spec.path === path).flatMap(keysLeft);
    const marked = after === undefined ? [] : markedKeys(after, [...new Set(keys)]);
    return marked.map((key) => `${path}: ${key}`);
  });
}

function keysLeft({ create, where, whole }: FileSpec): readonly string[] {
  return whole === undefined ? (create?.leave ?? []) : keptKeys(where);
}
