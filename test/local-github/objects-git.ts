import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';
import { decodeCommit, decodeTree, envelope, hashObject } from './object-format.ts';
import { encodePack } from './object-pack.ts';
import type {
  Commit,
  GitObject,
  MergeResult,
  ObjectStore,
  ObjectType,
  Oid,
  RefChange,
  TreeEntry,
} from './object-store.ts';

/** Below this many objects a batch is written as loose objects: starting `git index-pack` costs more. */
const packedObjectsMin = 60;

/** Merges remembered; a merge of two commits never changes, the bound only keeps a long run's memory small. */
const mergesRememberedMax = 20_000;

const environment = {
  ...process.env,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_DIR: undefined,
  GIT_INDEX_FILE: undefined,
};

const refusePushes = `#!/bin/sh
echo 'This folder is the inside of the local GitHub and read only for Git: change it through its API.' >&2
exit 1
`;

interface Ran {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs Git in a bare repository and waits for it. */
export function git(folder: string, args: readonly string[], input?: Buffer): Ran {
  const options = { env: environment, maxBuffer: Number.MAX_SAFE_INTEGER, ...(input ? { input } : {}) };
  const ran = spawnSync('git', ['--git-dir', folder, ...args], options);
  if (ran.error) throw ran.error;
  return { status: ran.status, stdout: ran.stdout, stderr: ran.stderr.toString('utf8') };
}

function mustGit(folder: string, args: readonly string[], input?: Buffer): Buffer {
  const ran = git(folder, args, input);
  if (ran.status !== 0) throw new Error(`git ${args.join(' ')} ended with ${ran.status}: ${ran.stderr}`);
  return ran.stdout;
}

function parseType(text: string): ObjectType {
  if (text === 'blob' || text === 'tree' || text === 'commit' || text === 'tag') return text;
  throw new Error(`not a type of Git object: ${text}`);
}

function decodeLoose(bytes: Buffer): GitObject {
  const raw = inflateSync(bytes);
  const zero = raw.indexOf(0);
  const type = parseType(raw.toString('latin1', 0, raw.indexOf(0x20)));
  return { type, data: raw.subarray(zero + 1) };
}

/**
 * A real bare repository. All objects written through it stay in memory too, so reading costs no disk; those that Git itself
 * made (trees of merges) are read from the folder once. Only this process may write to the folder.
 */
export class GitStore implements ObjectStore {
  readonly kind = 'git';
  readonly folder: string;
  readonly #objects = new Map<Oid, GitObject>();
  readonly #trees = new Map<Oid, readonly TreeEntry[]>();
  readonly #commits = new Map<Oid, Commit>();
  readonly #refs = new Map<string, Oid>();
  readonly #merges = new Map<string, MergeResult>();
  #pending: GitObject[] | undefined;

  /** Makes a new bare repository in `folder`, which must not exist. */
  constructor(folder: string, defaultBranch: string) {
    this.folder = folder;
    mkdirSync(join(folder, 'objects', 'pack'), { recursive: true });
    mkdirSync(join(folder, 'refs', 'heads'), { recursive: true });
    mkdirSync(join(folder, 'hooks'));
    writeFileSync(join(folder, 'HEAD'), `ref: refs/heads/${defaultBranch}\n`);
    writeFileSync(join(folder, 'config'), '[core]\n\trepositoryformatversion = 0\n\tbare = true\n[gc]\n\tauto = 0\n');
    writeFileSync(join(folder, 'hooks', 'pre-receive'), refusePushes);
    chmodSync(join(folder, 'hooks', 'pre-receive'), 0o755);
  }

  read(oid: Oid): GitObject | undefined {
    const known = this.#objects.get(oid);
    if (known) return known;
    const found = this.#readFromFolder(oid);
    if (found) this.#objects.set(oid, found);
    return found;
  }

  #readFromFolder(oid: Oid): GitObject | undefined {
    if (!/^[0-9a-f]{40}$/.test(oid)) return undefined;
    try {
      return decodeLoose(readFileSync(this.#loosePath(oid)));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }

  #typed(oid: Oid, type: ObjectType): Buffer {
    const object = this.read(oid);
    if (object?.type !== type) throw new Error(`${oid} is ${object?.type ?? 'nothing'}, not a ${type}`);
    return object.data;
  }

  tree(oid: Oid): readonly TreeEntry[] {
    const known = this.#trees.get(oid);
    if (known) return known;
    const entries = decodeTree(this.#typed(oid, 'tree'));
    this.#trees.set(oid, entries);
    return entries;
  }

  commit(oid: Oid): Commit {
    const known = this.#commits.get(oid);
    if (known) return known;
    const commit = decodeCommit(oid, this.#typed(oid, 'commit'), (parent) => this.commit(parent).generation);
    this.#commits.set(oid, commit);
    return commit;
  }

  write(object: GitObject): Oid {
    const oid = hashObject(object);
    if (this.#objects.has(oid)) return oid;
    this.#objects.set(oid, object);
    if (this.#pending) this.#pending.push(object);
    else this.#writeLoose(oid, object);
    return oid;
  }

  #loosePath(oid: Oid): string {
    return join(this.folder, 'objects', oid.slice(0, 2), oid.slice(2));
  }

  #writeLoose(oid: Oid, object: GitObject): void {
    const path = this.#loosePath(oid);
    // Git's own merges write objects too, and the same content has the same name.
    if (existsSync(path)) return;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, deflateSync(envelope(object), { level: 1 }), { mode: 0o444, flag: 'wx' });
  }

  batch<Result>(work: () => Result): Result {
    if (this.#pending) return work();
    this.#pending = [];
    try {
      return work();
    } finally {
      const objects = this.#pending;
      this.#pending = undefined;
      if (objects.length < packedObjectsMin) for (const object of objects) this.#writeLoose(hashObject(object), object);
      else mustGit(this.folder, ['index-pack', '--stdin'], encodePack(objects));
    }
  }

  ref(name: string): Oid | undefined {
    return this.#refs.get(name);
  }

  refs(prefix: string): readonly { readonly name: string; readonly oid: Oid }[] {
    const found = [...this.#refs].filter(([name]) => name.startsWith(prefix)).map(([name, oid]) => ({ name, oid }));
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  compareAndSwap(changes: readonly RefChange[]): boolean {
    if (changes.some(({ name, before }) => this.#refs.get(name) !== before)) return false;
    for (const change of changes) if (change.after === undefined) this.#deleteRef(change.name);
    for (const { name, after } of changes) if (after !== undefined) this.#writeRef(name, after);
    return true;
  }

  #writeRef(name: string, oid: Oid): void {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.lock`, `${oid}\n`);
    renameSync(`${path}.lock`, path);
    this.#refs.set(name, oid);
  }

  /** Folders left empty go too: `a/b` deleted must leave room for a ref `a`. */
  #deleteRef(name: string): void {
    if (!this.#refs.delete(name)) return;
    rmSync(join(this.folder, name));
    const folders = name.split('/').slice(0, -1);
    while (folders.length > 2 && ![...this.#refs.keys()].some((other) => other.startsWith(`${folders.join('/')}/`))) {
      rmdirSync(join(this.folder, ...folders));
      folders.pop();
    }
  }

  merge(ours: Oid, theirs: Oid): MergeResult {
    const key = `${ours} ${theirs}`;
    const known = this.#merges.get(key);
    if (known) return known;
    if (this.#merges.size >= mergesRememberedMax) this.#merges.clear();
    const result = this.#mergeTree(ours, theirs);
    this.#merges.set(key, result);
    return result;
  }

  #mergeTree(ours: Oid, theirs: Oid): MergeResult {
    const ran = git(this.folder, ['merge-tree', '--write-tree', '--name-only', '--no-messages', ours, theirs]);
    const [tree = '', ...paths] = ran.stdout.toString('utf8').split('\n').filter(Boolean);
    if (ran.status === 0) return { kind: 'clean', tree };
    if (ran.status === 1) return { kind: 'conflict', paths };
    // Histories without a common ancestor cannot be merged on GitHub either.
    if (ran.stderr.includes('unrelated histories')) return { kind: 'conflict', paths: [] };
    throw new Error(`git merge-tree ended with ${ran.status}: ${ran.stderr}`);
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
