import type { FileState, Folder } from '../domain/file-state.ts';
import type { Repo } from '../domain/repo.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { GitHubClient } from './client.ts';
import { Lru } from './lru.ts';

/** What every call to GitHub is given. */
export interface GitHubContext {
  readonly client: GitHubClient;
  readonly memory: Memory;
  readonly clock: Clock;
  readonly log: Log;
}

/** GitHub's ids of a repo that mutations ask for. */
export interface RepoIds {
  readonly nodeId: string;
  /** `owner/name` as it is now: a repo can be renamed. */
  readonly fullName: string;
}

/** What was read once and never changes, or is read again when it is missing. All of it may be forgotten. */
export interface Memory {
  /** By the repo's number. */
  readonly ids: Lru<RepoIds>;
  /** Files and folders at a commit, by repo, commit and path. */
  readonly files: Lru<FileState>;
  readonly folders: Lru<{ readonly folder: Folder | undefined }>;
  /** Git's ids of the trees of branches' heads, by repo and commit. */
  readonly rootTrees: Lru<string>;
  /** First parents of merge commits, by repo and commit. */
  readonly parents: Lru<string>;
  /** Lanes' branches whose merges are all known, by repo and branch: of them only the newest merge is asked for. */
  readonly settled: Lru<true>;
  /** Repos with more open pull requests than one list holds. */
  readonly crowded: Lru<true>;
  /** Repos on a plan without draft pull requests. */
  readonly draftless: Lru<true>;
  /** By `owner/name` in lower case; undefined for a name that was not found. */
  readonly found: Lru<{ readonly repo: Repo | undefined; readonly atMs: number }>;
}

/** Memory for file contents, in bytes of text: about 10,000 files of a config repo, or 60 of the largest. */
const fileBytesKeptMax = 32 * 1024 * 1024;
const folderBytesKeptMax = 8 * 1024 * 1024;

/** Repos, lanes and names remembered: small entries, far more than one process serves. */
const entriesMax = 20_000;

export function createMemory(): Memory {
  return {
    ids: new Lru(entriesMax),
    files: new Lru(fileBytesKeptMax),
    folders: new Lru(folderBytesKeptMax),
    rootTrees: new Lru(entriesMax),
    parents: new Lru(entriesMax),
    settled: new Lru(entriesMax),
    crowded: new Lru(entriesMax),
    draftless: new Lru(entriesMax),
    found: new Lru(entriesMax),
  };
}
