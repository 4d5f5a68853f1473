import type { Repo } from '../domain/repo.ts';
import { type GitHost, HostError, type Tree } from '../ports/git-host.ts';

/** Trees kept for each process. A tree of 20,000 paths takes about 4 MB, and only the newest few are compared. */
const treesMax = 12;

interface KeptTree extends Tree {
  readonly oids: Map<string, string>;
  /** Made from what a push told, not read. */
  readonly told: boolean;
}

/** What was changed from one head of the default branch to the next, as a push tells it. */
export interface PushedChange {
  readonly before: string;
  readonly after: string;
  /** Paths added or modified. */
  readonly written: readonly string[];
  readonly removed: readonly string[];
}

/** The trees of the newest revisions, so that a report about an unchanged application costs no request. */
export class Trees {
  readonly #host: Pick<GitHost, 'readTree'>;
  readonly #trees = new Map<string, KeptTree>();
  /** Those being read, by the same keys. */
  readonly #reading = new Map<string, Promise<Tree>>();

  constructor(host: Pick<GitHost, 'readTree'>) {
    this.#host = host;
  }

  /** The tree of a revision, from memory or by one request. Throws `HostError`. */
  async at(repo: Repo, revision: string): Promise<Tree> {
    return this.known(repo, revision) ?? this.#read(repo, revision);
  }

  /** The tree of a revision as GitHub has it: one made from what a push told is read after all. Throws `HostError`. */
  async read(repo: Repo, revision: string): Promise<Tree> {
    const known = this.#trees.get(keyOf(repo, revision));
    return known === undefined || known.told ? this.#read(repo, revision) : known;
  }

  /** Who asks while it is being read waits for the same answer. */
  #read(repo: Repo, revision: string): Promise<Tree> {
    const key = keyOf(repo, revision);
    const before = this.#reading.get(key);
    if (before !== undefined) return before;
    const reading = this.#readNow(repo, revision).finally(() => this.#reading.delete(key));
    this.#reading.set(key, reading);
    return reading;
  }

  async #readNow(repo: Repo, revision: string): Promise<Tree> {
    const read = await this.#host.readTree(repo, revision);
    const tree: KeptTree = { ...read, oids: new Map(read.oids), told: false };
    this.#keep(repo, tree);
    return tree;
  }

  known(repo: Repo, revision: string): Tree | undefined {
    return this.#trees.get(keyOf(repo, revision));
  }

  /**
   * The tree after a push, made from the one before it without a request. What the push wrote gets an id that equals no other,
   * since a push names paths and not contents. Undefined when the tree before is not known.
   */
  advance(repo: Repo, change: PushedChange): Tree | undefined {
    const before = this.known(repo, change.before);
    if (before === undefined) return undefined;
    const oids = new Map(before.oids);
    for (const path of change.removed) oids.delete(path);
    for (const path of change.written) oids.set(path, `written by ${change.after}`);
    const tree: KeptTree = { revision: change.after, oids, complete: before.complete, told: true };
    this.#keep(repo, tree);
    return tree;
  }

  /** Puts the true content ids in place of those a push left open, once they were read at a revision. */
  resolve(repo: Repo, revision: string, oids: ReadonlyMap<string, string>): void {
    const read = this.known(repo, revision);
    if (read === undefined) return;
    for (const [path, oid] of oids) {
      const open = read.oids.get(path);
      if (open === undefined || open === oid) continue;
      for (const [key, tree] of this.#trees) {
        if (key.startsWith(`${repo.id}@`) && tree.oids.get(path) === open) tree.oids.set(path, oid);
      }
    }
  }

  #keep(repo: Repo, tree: KeptTree): void {
    this.#trees.set(keyOf(repo, tree.revision), tree);
    const [oldest] = this.#trees.keys();
    if (this.#trees.size > treesMax && oldest !== undefined) this.#trees.delete(oldest);
  }
}

function keyOf(repo: Repo, revision: string): string {
  return `${repo.id}@${revision}`;
}

/** Paths whose content differs between two trees. */
export function changedPaths(before: Tree, after: Tree): readonly string[] {
  const paths = new Set([...before.oids.keys(), ...after.oids.keys()]);
  return [...paths].filter((path) => before.oids.get(path) !== after.oids.get(path));
}

/** A tree, or undefined when the repo does not have the revision: what is to be said about that is for the decision. */
export async function orAbsent(reading: Promise<Tree>): Promise<Tree | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof HostError && (error.kind === 'gone' || error.kind === 'refused')) return undefined;
    throw error;
  }
}
