/** A file of a repo at one commit, as far as it can be read. `oid` is Git's id of the content. */
export type FileState =
  | { readonly kind: 'text'; readonly oid: string; readonly text: string }
  | { readonly kind: 'missing' }
  /** There is something at the path that is not edited; the reason is a phrase: "is a symbolic link". */
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Largest file that is read, in bytes: GitHub cuts longer texts at exactly this size without an error. */
export const fileBytesMax = 512_000;

/** Files by path. */
export type Files = Readonly<Record<string, FileState>>;

/** Names in one folder with the id of what is there; sub-folders included with their own id. */
export type Folder = Readonly<Record<string, string>>;

/** Files and folders at one revision. */
export interface RevisionFiles {
  /** Whether the branch that was read contains the revision. Commits of forks can be read too and prove nothing. */
  readonly onBranch: boolean;
  readonly files: Files;
  readonly folders: Readonly<Record<string, Folder>>;
}
