import type { Commit, ObjectStore, Oid } from './object-store.ts';
import { entryAt } from './trees.ts';

const left = 1;
const right = 2;
const both = left | right;

/** Commits still to look at, those with the highest generation first, so that a commit comes after all its descendants. */
class Frontier {
  readonly #byGeneration = new Map<number, Oid[]>();
  #highest = 0;
  size = 0;

  add(oid: Oid, generation: number): void {
    const level = this.#byGeneration.get(generation) ?? [];
    level.push(oid);
    this.#byGeneration.set(generation, level);
    this.#highest = Math.max(this.#highest, generation);
    this.size += 1;
  }

  next(): Oid | undefined {
    while (this.#highest > 0) {
      const oid = this.#byGeneration.get(this.#highest)?.pop();
      if (oid !== undefined) {
        this.size -= 1;
        return oid;
      }
      this.#highest -= 1;
    }
    return undefined;
  }
}

export interface Divergence {
  /** Commits reachable from the left one only, descendants first. */
  readonly left: readonly Commit[];
  readonly right: readonly Commit[];
  /** The best common ancestor; undefined when there is none. */
  readonly base: Oid | undefined;
}

/** How two commits relate. Reads no further back than their common ancestors. */
export function compareCommits(store: Pick<ObjectStore, 'commit'>, leftOid: Oid, rightOid: Oid): Divergence {
  const colours = new Map<Oid, number>();
  const frontier = new Frontier();
  let undecided = 0;
  const paint = (oid: Oid, colour: number): void => {
    const before = colours.get(oid);
    const after = (before ?? 0) | colour;
    colours.set(oid, after);
    if (before === undefined) frontier.add(oid, store.commit(oid).generation);
    if (before === undefined && after !== both) undecided += 1;
    if (before !== undefined && before !== both && after === both) undecided -= 1;
  };
  paint(leftOid, left);
  paint(rightOid, right);
  const onlyLeft: Commit[] = [];
  const onlyRight: Commit[] = [];
  let base: Oid | undefined;
  while (undecided > 0 || base === undefined) {
    const oid = frontier.next();
    if (oid === undefined) break;
    const colour = colours.get(oid) ?? both;
    const commit = store.commit(oid);
    if (colour === both) base ??= oid;
    else {
      undecided -= 1;
      (colour === left ? onlyLeft : onlyRight).push(commit);
    }
    for (const parent of commit.parents) paint(parent, colour);
  }
  return { left: onlyLeft, right: onlyRight, base };
}

/** Whether `ancestor` is `descendant` or can be reached from it. */
export function isAncestor(store: ObjectStore, ancestor: Oid, descendant: Oid): boolean {
  const lowest = store.commit(ancestor).generation;
  const seen = new Set<Oid>();
  const open = [descendant];
  for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
    if (oid === ancestor) return true;
    if (seen.has(oid) || store.commit(oid).generation <= lowest) continue;
    seen.add(oid);
    open.push(...store.commit(oid).parents);
  }
  return false;
}

/** Commits reachable from `head` and not from `base`, oldest first: what a pull request lists. */
export function commitsBetween(store: ObjectStore, base: Oid | undefined, head: Oid): readonly Commit[] {
  if (base !== undefined) return compareCommits(store, base, head).right.toReversed();
  return [...ancestors(store, head)].toReversed();
}

/** The commit and its ancestors, descendants first. */
export function* ancestors(store: ObjectStore, head: Oid): Generator<Commit> {
  const seen = new Set([head]);
  const frontier = new Frontier();
  frontier.add(head, store.commit(head).generation);
  for (let oid = frontier.next(); oid !== undefined; oid = frontier.next()) {
    const commit = store.commit(oid);
    yield commit;
    for (const parent of commit.parents) {
      if (seen.has(parent)) continue;
      seen.add(parent);
      frontier.add(parent, store.commit(parent).generation);
    }
  }
}

/** The history of one path: commits that left it different from how every parent had it; all commits without a path. */
export function* historyOf(store: ObjectStore, head: Oid, path: string | undefined): Generator<Commit> {
  for (const commit of ancestors(store, head)) {
    if (path === undefined || changedPath(store, commit, path)) yield commit;
  }
}

function changedPath(store: ObjectStore, commit: Commit, path: string): boolean {
  const here = entryAt(store, commit.tree, path);
  const sameAs = (other: ReturnType<typeof entryAt>): boolean => other?.oid === here?.oid && other?.mode === here?.mode;
  if (commit.parents.length === 0) return here !== undefined;
  return commit.parents.every((parent) => !sameAs(entryAt(store, store.commit(parent).tree, path)));
}
