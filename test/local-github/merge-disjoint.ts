import { compareCommits, isAncestor } from './history.ts';
import type { ObjectStore, Oid } from './object-store.ts';
import { diffTrees, editTree, entryAt, type PathChange, type TreeEdit } from './trees.ts';

/**
 * Merges two commits whose sides changed different files, without starting Git; undefined when it takes Git to tell. No file
 * may be gone on either side: a missing file may have been renamed, and Git follows renames.
 */
export function mergeDisjoint(store: ObjectStore, ours: Oid, theirs: Oid): Oid | undefined {
  const base = onlyMergeBase(store, ours, theirs);
  if (base === undefined) return undefined;
  const from = store.commit(base).tree;
  const ourTree = store.commit(ours).tree;
  const theirTree = store.commit(theirs).tree;
  const ourChanges = diffTrees(store, from, ourTree);
  const theirChanges = diffTrees(store, from, theirTree);
  if ([...ourChanges, ...theirChanges].some((change) => change.kind === 'removed')) return undefined;
  if (overlap(ourChanges, theirChanges)) return undefined;
  const edits = new Map<string, TreeEdit>();
  for (const { path } of theirChanges) edits.set(path, entryAt(store, theirTree, path));
  return editTree(store, ourTree, edits);
}

/** The best common ancestor, when there is no other that is as good (as after two branches merged each other). */
function onlyMergeBase(store: ObjectStore, ours: Oid, theirs: Oid): Oid | undefined {
  const { left, right, base } = compareCommits(store, ours, theirs);
  if (base === undefined) return undefined;
  const apart = new Set([...left, ...right].map((commit) => commit.oid));
  const shared = [...left, ...right].flatMap((commit) => commit.parents).filter((parent) => !apart.has(parent));
  return shared.every((oid) => isAncestor(store, oid, base)) ? base : undefined;
}

/** Whether both sides touched a file, or one made a file where the other made a folder. */
function overlap(ours: readonly PathChange[], theirs: readonly PathChange[]): boolean {
  const paths = new Set(ours.map((change) => change.path));
  const folders = (path: string): readonly string[] =>
    path
      .split('/')
      .slice(0, -1)
      .map((_, index, parts) => parts.slice(0, index + 1).join('/'));
  const ourFolders = new Set(ours.flatMap((change) => folders(change.path)));
  return theirs.some(
    ({ path }) => paths.has(path) || ourFolders.has(path) || folders(path).some((folder) => paths.has(folder)),
  );
}
