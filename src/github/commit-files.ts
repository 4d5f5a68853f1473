import type { FileState, Files, Folder } from '../domain/file-state.ts';
import type { Repo } from '../domain/repo.ts';
import { parseAnswer } from './errors.ts';
import { entryShape, fileStateOf, folderOf, folderShape } from './files.ts';
import type { Memory } from './memory.ts';
import type { VariableList } from './variables.ts';

/** Files and folders wanted at one commit. */
export interface FilesWanted {
  readonly paths: readonly string[];
  readonly folders: readonly string[];
}

/** What is at a commit. A folder that is not there is undefined. */
export interface FilesRead {
  readonly files: Files;
  readonly folders: Readonly<Record<string, Folder | undefined>>;
}

/** One commit of one repo. */
export interface CommitAt {
  readonly repo: Repo;
  readonly commit: string;
}

/** The fields of one GraphQL object, by alias. */
export type Fields = Readonly<Record<string, unknown>>;

/** Fields of a `Commit` that read the files and folders; needs the fragments `EntryFacts` and `FolderFacts`. */
export function filesSelection(variables: VariableList, { paths, folders }: FilesWanted): string {
  const pathOf = (path: string): string => `file(path: ${variables.add('String!', path)})`;
  const files = paths.map((path, index) => `f${index}: ${pathOf(path)} { ...EntryFacts }`);
  const trees = folders.map((path, index) => `d${index}: ${pathOf(path)} { ...FolderFacts }`);
  return [...files, ...trees].join('\n');
}

/** Reads what `filesSelection` asked for. */
export function readFiles(commit: Fields, { paths, folders }: FilesWanted): FilesRead {
  return {
    files: Object.fromEntries(paths.map((path, index) => [path, fileAt(commit[`f${index}`])])),
    folders: Object.fromEntries(folders.map((path, index) => [path, folderAt(commit[`d${index}`])])),
  };
}

export function fileAt(entry: unknown): FileState {
  return fileStateOf(parseAnswer(entryShape, entry, 'a read of a file'));
}

function folderAt(entry: unknown): Folder | undefined {
  return folderOf(parseAnswer(folderShape, entry, 'a read of a folder'));
}

/** What memory holds of a commit, and what has to be asked for. */
export function recall(memory: Memory, at: CommitAt, wanted: FilesWanted): { known: FilesRead; missing: FilesWanted } {
  const files = wanted.paths.map((path) => [path, memory.files.get(keyOf(at, path))] as const);
  const folders = wanted.folders.map((path) => [path, memory.folders.get(keyOf(at, path))] as const);
  return {
    known: {
      files: Object.fromEntries(files.flatMap(([path, state]) => (state === undefined ? [] : [[path, state]]))),
      folders: Object.fromEntries(folders.flatMap(([path, kept]) => (kept === undefined ? [] : [[path, kept.folder]]))),
    },
    missing: {
      paths: files.flatMap(([path, state]) => (state === undefined ? [path] : [])),
      folders: folders.flatMap(([path, kept]) => (kept === undefined ? [path] : [])),
    },
  };
}

/** Keeps what was read at a commit: it can never be anything else there. */
export function remember(memory: Memory, at: CommitAt, read: FilesRead): void {
  for (const [path, state] of Object.entries(read.files)) {
    memory.files.set(keyOf(at, path), state, entryBytes + (state.kind === 'text' ? state.text.length : 0));
  }
  for (const [path, folder] of Object.entries(read.folders)) {
    memory.folders.set(keyOf(at, path), { folder }, entryBytes * (1 + Object.keys(folder ?? {}).length));
  }
}

/** Bytes an entry takes besides its content: its key, and what a map adds. */
const entryBytes = 200;

function keyOf({ repo, commit }: CommitAt, path: string): string {
  return `${repo.id} ${commit} ${path}`;
}

export function joinReads(a: FilesRead, b: FilesRead): FilesRead {
  return { files: { ...a.files, ...b.files }, folders: { ...a.folders, ...b.folders } };
}

/** Only the folders that are there. */
export function presentFolders(folders: FilesRead['folders']): Readonly<Record<string, Folder>> {
  return Object.fromEntries(
    Object.entries(folders).flatMap(([path, folder]) => (folder === undefined ? [] : [[path, folder]])),
  );
}
