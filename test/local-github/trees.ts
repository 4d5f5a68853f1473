import { encodeTree, treeMode } from './object-format.ts';
import type { ObjectStore, Oid, TreeEntry } from './object-store.ts';

export const emptyTree: Oid = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

export function isTree(entry: TreeEntry): boolean {
  return entry.mode === treeMode;
}

/** Entries from which on looking one up by name is worth an index. */
const indexedEntriesMin = 24;

const indexes = new WeakMap<readonly TreeEntry[], ReadonlyMap<string, TreeEntry>>();

function childNamed(entries: readonly TreeEntry[], name: string): TreeEntry | undefined {
  if (entries.length < indexedEntriesMin) return entries.find((child) => child.name === name);
  const known = indexes.get(entries) ?? new Map(entries.map((entry) => [entry.name, entry]));
  indexes.set(entries, known);
  return known.get(name);
}

/** The entry at a path such as `apps/web/values.yaml`, or undefined. The empty path is the tree itself. */
export function entryAt(store: ObjectStore, tree: Oid, path: string): TreeEntry | undefined {
  let entry: TreeEntry | undefined = { mode: treeMode, name: '', oid: tree };
  for (const name of path.split('/').filter(Boolean)) {
    if (entry === undefined || !isTree(entry)) return undefined;
    entry = childNamed(store.tree(entry.oid), name);
  }
  return entry;
}

/** What to put at a path; undefined takes the path away, file or folder. */
export type TreeEdit = { readonly mode: string; readonly oid: Oid } | undefined;

type Level = Map<string, TreeEdit | Level>;

function nest(edits: ReadonlyMap<string, TreeEdit>): Level {
  const root: Level = new Map();
  for (const [path, edit] of edits) {
    const names = path.split('/');
    const last = names.pop() ?? '';
    let level = root;
    for (const name of names) {
      const next = level.get(name);
      if (next instanceof Map) level = next;
      else {
        const made: Level = new Map();
        level.set(name, made);
        level = made;
      }
    }
    level.set(last, edit);
  }
  return root;
}

function applyLevel(store: ObjectStore, tree: Oid | undefined, level: Level): Oid | undefined {
  const entries = new Map((tree === undefined ? [] : store.tree(tree)).map((entry) => [entry.name, entry]));
  for (const [name, edit] of level) {
    if (edit === undefined) entries.delete(name);
    else if (edit instanceof Map) {
      const old = entries.get(name);
      const made = applyLevel(store, old && isTree(old) ? old.oid : undefined, edit);
      if (made === undefined) entries.delete(name);
      else entries.set(name, { name, mode: treeMode, oid: made });
    } else entries.set(name, { name, ...edit });
  }
  return entries.size === 0 ? undefined : store.write(encodeTree([...entries.values()]));
}

/** A tree with the edits made; untouched folders are shared, emptied folders disappear as in Git. */
export function editTree(store: ObjectStore, tree: Oid | undefined, edits: ReadonlyMap<string, TreeEdit>): Oid {
  return applyLevel(store, tree, nest(edits)) ?? store.write(encodeTree([]));
}

export interface FileEntry extends TreeEntry {
  readonly path: string;
}

/** Everything below a tree, folders before what is in them, in Git's order. */
export function* walkTree(store: ObjectStore, tree: Oid, prefix = ''): Generator<FileEntry> {
  for (const entry of store.tree(tree)) {
    const path = `${prefix}${entry.name}`;
    yield { ...entry, path };
    if (isTree(entry)) yield* walkTree(store, entry.oid, `${path}/`);
  }
}

export interface PathChange {
  readonly path: string;
  readonly kind: 'added' | 'modified' | 'removed';
}

function* filesOf(store: ObjectStore, entry: TreeEntry, path: string): Generator<string> {
  if (!isTree(entry)) yield path;
  else for (const below of walkTree(store, entry.oid, `${path}/`)) if (!isTree(below)) yield below.path;
}

/** Files that differ between two trees; undefined is the empty tree. Unchanged folders are not opened. */
export function diffTrees(
  store: ObjectStore,
  before: Oid | undefined,
  after: Oid | undefined,
  prefix = '',
): readonly PathChange[] {
  if (before === after) return [];
  const old = new Map((before === undefined ? [] : store.tree(before)).map((entry) => [entry.name, entry]));
  const changes: PathChange[] = [];
  for (const entry of after === undefined ? [] : store.tree(after)) {
    const was = old.get(entry.name);
    old.delete(entry.name);
    changes.push(...diffEntries(store, was, entry, `${prefix}${entry.name}`));
  }
  for (const entry of old.values()) changes.push(...diffEntries(store, entry, undefined, `${prefix}${entry.name}`));
  return changes;
}

function diffEntries(
  store: ObjectStore,
  before: TreeEntry | undefined,
  after: TreeEntry | undefined,
  path: string,
): PathChange[] {
  if (before && after && before.oid === after.oid && before.mode === after.mode) return [];
  const oldTree = before && isTree(before) ? before.oid : undefined;
  const newTree = after && isTree(after) ? after.oid : undefined;
  if (oldTree && newTree) return [...diffTrees(store, oldTree, newTree, `${path}/`)];
  if (before && after && !oldTree && !newTree) return [{ path, kind: 'modified' }];
  const removed = before
    ? [...filesOf(store, before, path)].map((file) => ({ path: file, kind: 'removed' as const }))
    : [];
  const added = after ? [...filesOf(store, after, path)].map((file) => ({ path: file, kind: 'added' as const })) : [];
  return [...removed, ...added];
}
