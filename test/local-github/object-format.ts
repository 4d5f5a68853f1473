import { createHash } from 'node:crypto';
import type { Commit, CommitParts, GitObject, Oid, Signature, TreeEntry } from './object-store.ts';

/** The bytes Git hashes: type, size, a zero byte, then the data. */
export function envelope(object: GitObject): Buffer {
  return Buffer.concat([Buffer.from(`${object.type} ${object.data.length}\0`), object.data]);
}

export function hashObject(object: GitObject): Oid {
  return createHash('sha1').update(`${object.type} ${object.data.length}\0`).update(object.data).digest('hex');
}

export const treeMode = '40000';

/** Git orders a folder as if its name ended with a slash. */
function sortKey(entry: TreeEntry): Buffer {
  return Buffer.from(entry.mode === treeMode ? `${entry.name}/` : entry.name);
}

export function encodeTree(entries: readonly TreeEntry[]): GitObject {
  const keyed = entries.map((entry) => ({ entry, key: sortKey(entry) }));
  keyed.sort((a, b) => Buffer.compare(a.key, b.key));
  const parts: Buffer[] = [];
  for (const { entry } of keyed)
    parts.push(Buffer.from(`${entry.mode} ${entry.name}\0`), Buffer.from(entry.oid, 'hex'));
  return { type: 'tree', data: Buffer.concat(parts) };
}

/** Bytes of a SHA-1 in a tree entry. */
const oidBytes = 20;

export function decodeTree(data: Buffer): readonly TreeEntry[] {
  const entries: TreeEntry[] = [];
  let at = 0;
  while (at < data.length) {
    const space = data.indexOf(0x20, at);
    const zero = data.indexOf(0, space);
    entries.push({
      mode: data.toString('latin1', at, space),
      name: data.toString('utf8', space + 1, zero),
      oid: data.toString('hex', zero + 1, zero + 1 + oidBytes),
    });
    at = zero + 1 + oidBytes;
  }
  return entries;
}

const msPerSecond = 1000;

function encodeSignature(signature: Signature): string {
  return `${signature.name} <${signature.email}> ${Math.floor(signature.atMs / msPerSecond)} +0000`;
}

function decodeSignature(text: string): Signature {
  const [, name, email, seconds] = /^(.*?) ?<([^>]*)> (\d+) [+-]\d{4}$/.exec(text) ?? [];
  if (name === undefined || email === undefined) throw new Error(`not a commit signature: ${text}`);
  return { name, email, atMs: Number(seconds) * msPerSecond };
}

export function encodeCommit(parts: CommitParts): GitObject {
  const lines = [
    `tree ${parts.tree}`,
    ...parts.parents.map((parent) => `parent ${parent}`),
    `author ${encodeSignature(parts.author)}`,
    `committer ${encodeSignature(parts.committer)}`,
  ];
  if (parts.signature !== undefined) lines.push(`gpgsig ${parts.signature.trimEnd().split('\n').join('\n ')}`);
  return { type: 'commit', data: Buffer.from(`${lines.join('\n')}\n\n${parts.message}`) };
}

interface Headers {
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly message: string;
}

function splitHeaders(text: string): Headers {
  const end = text.indexOf('\n\n');
  const values = new Map<string, string[]>();
  let last: string[] = [];
  for (const line of text.slice(0, end).split('\n')) {
    if (line.startsWith(' ')) {
      last.push(`${last.pop() ?? ''}\n${line.slice(1)}`);
      continue;
    }
    const space = line.indexOf(' ');
    last = values.get(line.slice(0, space)) ?? [];
    last.push(line.slice(space + 1));
    values.set(line.slice(0, space), last);
  }
  return { values, message: text.slice(end + 2) };
}

/** `generationOf` answers for a parent; the data is Git's own text of a commit. */
export function decodeCommit(oid: Oid, data: Buffer, generationOf: (parent: Oid) => number): Commit {
  const { values, message } = splitHeaders(data.toString('utf8'));
  const only = (name: string): string => {
    const value = values.get(name)?.[0];
    if (value === undefined) throw new Error(`commit ${oid} has no ${name}`);
    return value;
  };
  const parents = values.get('parent') ?? [];
  const parts: CommitParts = {
    tree: only('tree'),
    parents,
    author: decodeSignature(only('author')),
    committer: decodeSignature(only('committer')),
    message,
    signature: values.get('gpgsig')?.[0],
  };
  return {
    ...parts,
    oid,
    signed: encodeCommit({ ...parts, signature: undefined }).data.toString('utf8'),
    generation: 1 + Math.max(0, ...parents.map(generationOf)),
  };
}
