/** 40 lower-case hex digits: the SHA-1 of a Git object. */
export type Oid = string;

export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';

export interface GitObject {
  readonly type: ObjectType;
  readonly data: Buffer;
}

/** One line of a tree. `mode` is Git's text: 100644, 100755, 120000 (symbolic link), 40000 (tree), 160000 (submodule). */
export interface TreeEntry {
  readonly mode: string;
  readonly name: string;
  readonly oid: Oid;
}

/** Who wrote or committed something, and when in epoch milliseconds (Git keeps whole seconds). */
export interface Signature {
  readonly name: string;
  readonly email: string;
  readonly atMs: number;
}

export interface CommitParts {
  readonly tree: Oid;
  readonly parents: readonly Oid[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
  /** Text of the `gpgsig` header, when the commit is signed. */
  readonly signature: string | undefined;
}

export interface Commit extends CommitParts {
  readonly oid: Oid;
  /** The commit as it was signed: without its `gpgsig` header. */
  readonly signed: string;
  /** 1 for a root commit, else one more than the highest of the parents: an ancestor's is always lower. */
  readonly generation: number;
}

/** A ref to change: both undefined values mean "the ref does not exist". */
export interface RefChange {
  readonly name: string;
  readonly before: Oid | undefined;
  readonly after: Oid | undefined;
}

export type MergeResult =
  | { readonly kind: 'clean'; readonly tree: Oid }
  | { readonly kind: 'conflict'; readonly paths: readonly string[] };

/**
 * Where a repo's objects and refs are kept. The rules of GitHub are written against this, never against Git itself.
 * Every call answers at once, so no two requests can interleave inside a rule. Reading what does not exist gives undefined;
 * asking for a tree or a commit by an id that names something else throws.
 */
export interface ObjectStore {
  readonly kind: 'git';
  /** Folder of the bare repository, for people and for `git diff`. */
  readonly folder: string;
  read(oid: Oid): GitObject | undefined;
  tree(oid: Oid): readonly TreeEntry[];
  commit(oid: Oid): Commit;
  write(object: GitObject): Oid;
  /** Everything written while `work` runs is stored in one go: much faster for thousands of objects. */
  batch<Result>(work: () => Result): Result;
  ref(name: string): Oid | undefined;
  /** Refs whose name starts with `prefix`, in the order of their names. */
  refs(prefix: string): readonly { readonly name: string; readonly oid: Oid }[];
  /** Applies all the changes, or none when one of the refs is not where `before` says; answers whether it did. */
  compareAndSwap(changes: readonly RefChange[]): boolean;
  /** Three-way merge of two commits, by their common ancestors. */
  merge(ours: Oid, theirs: Oid): MergeResult;
  close(): void;
}
