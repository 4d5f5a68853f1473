import { accountByEmail } from './accounts.ts';
import { isVerified } from './commits.ts';
import { optionalText, text } from './fields.ts';
import { connection, connectionArgs, fieldsOf, node, type TypeFields } from './graphql-nodes.ts';
import { objectNode } from './graphql-objects.ts';
import { historyOf } from './history.ts';
import { commitPage, entryType } from './json-git.ts';
import { isoTime } from './json-repo.ts';
import { nodeId } from './node-id.ts';
import type { Commit, Oid } from './object-store.ts';
import type { Repo } from './repos.ts';
import { notFound } from './rule-error.ts';
import { entryAt } from './trees.ts';

/** GitHub cuts the text of a blob after exactly so many bytes. */
export const blobTextBytesMax = 512_000;

/** Git, and GitHub with it, calls a file binary when a zero byte is among its first bytes. */
const binaryProbeBytes = 8_000;

const headline = (message: string): string => message.trim().split('\n')[0] ?? '';

const commit = fieldsOf('Commit', {
  id: ({ repo, commit: { oid } }) => nodeId('C', repo.id, oid),
  oid: ({ commit: { oid } }) => oid,
  abbreviatedOid: ({ commit: { oid } }) => oid.slice(0, 7),
  // GitHub gives the message without the line end that Git keeps.
  message: ({ commit: { message } }) => message.trimEnd(),
  messageHeadline: ({ commit: { message } }) => headline(message),
  messageBody: ({ commit: { message } }) => message.trim().split('\n').slice(1).join('\n').trim(),
  committedDate: ({ commit: { committer } }) => isoTime(committer.atMs),
  authoredDate: ({ commit: { author } }) => isoTime(author.atMs),
  author: ({ commit: { author } }) => node('GitActor', { signature: author }),
  committer: ({ commit: { committer } }) => node('GitActor', { signature: committer }),
  signature: ({ repo, commit: one }) =>
    one.signature === undefined ? null : node('GpgSignature', { repo, commit: one }),
  parents: [
    connectionArgs,
    ({ repo, commit: { parents } }, args, _scope, info) =>
      connection(
        parents.map((oid) => objectNode(repo, oid)),
        args,
        info,
      ),
  ],
  tree: ({ repo, commit: { tree } }) => node('Tree', { repo, oid: tree }),
  url: ({ repo, commit: { oid } }, _args, scope) => commitPage(scope.world, repo, oid),
  repository: ({ repo }) => node('Repository', { repo }),
  file: [
    ['path'],
    ({ repo, commit: { tree } }, args) => {
      const path = text(args, 'path');
      const entry = entryAt(repo.store, tree, path);
      return entry && path !== '' ? node('TreeEntry', { repo, entry, path }) : null;
    },
  ],
  history: [
    [...connectionArgs, 'path'],
    ({ repo, commit: { oid } }, args, _scope, info) => {
      const found: Commit[] = [...historyOf(repo.store, oid, optionalText(args, 'path'))];
      return connection(
        found.map((one) => node('Commit', { repo, commit: one })),
        args,
        info,
      );
    },
  ],
});

const msPerSecond = 1000;

const gitActor = fieldsOf('GitActor', {
  name: ({ signature }) => signature.name,
  email: ({ signature }) => signature.email,
  date: ({ signature }) => isoTime(Math.floor(signature.atMs / msPerSecond) * msPerSecond),
  // Null for an email address no account has. An App's bot is a User with the login `slug[bot]` here.
  user: ({ signature }, _args, scope) => {
    const account = accountByEmail(scope.world, signature.email);
    return account ? node('User', { account }) : null;
  },
});

const gpgSignature = fieldsOf('GpgSignature', {
  email: ({ commit: { committer } }) => committer.email,
  isValid: ({ commit: one }, _args, scope) => isVerified(scope.world, one),
  wasSignedByGitHub: ({ commit: one }, _args, scope) => isVerified(scope.world, one),
  state: ({ commit: one }, _args, scope) => (isVerified(scope.world, one) ? 'VALID' : 'INVALID'),
  payload: ({ commit: one }) => one.signed,
  signature: ({ commit: one }) => one.signature,
  signer: () => null,
});

const tree = fieldsOf('Tree', {
  id: ({ repo, oid }) => nodeId('T', repo.id, oid),
  oid: ({ oid }) => oid,
  entries: ({ repo, oid }) => repo.store.tree(oid).map((entry) => node('TreeEntry', { repo, entry, path: entry.name })),
});

const treeEntry = fieldsOf('TreeEntry', {
  name: ({ entry }) => entry.name,
  path: ({ path }) => path,
  // The mode as a number: 33188 stands for 100644.
  mode: ({ entry }) => Number.parseInt(entry.mode, 8),
  type: ({ entry }) => entryType(entry),
  oid: ({ entry }) => entry.oid,
  size: ({ repo, entry }) => (entryType(entry) === 'blob' ? (repo.store.read(entry.oid)?.data.length ?? 0) : 0),
  // A submodule's commit is in another repo.
  object: ({ repo, entry }) => objectNode(repo, entry.oid),
});

function bytesOf(repo: Repo, oid: Oid): Buffer {
  const object = repo.store.read(oid);
  if (!object) throw notFound(`Could not resolve to a node with the oid of ${oid}.`);
  return object.data;
}

function isBinary(data: Buffer): boolean {
  return data.subarray(0, binaryProbeBytes).includes(0);
}

const blob = fieldsOf('Blob', {
  id: ({ repo, oid }) => nodeId('B', repo.id, oid),
  oid: ({ oid }) => oid,
  byteSize: ({ repo, oid }) => bytesOf(repo, oid).length,
  isBinary: ({ repo, oid }) => isBinary(bytesOf(repo, oid)),
  isTruncated: ({ repo, oid }) => bytesOf(repo, oid).length > blobTextBytesMax,
  text: ({ repo, oid }) => {
    const data = bytesOf(repo, oid);
    return isBinary(data) ? null : data.subarray(0, blobTextBytesMax).toString('utf8');
  },
});

export const gitTypes: Readonly<Record<string, TypeFields>> = {
  Commit: commit,
  GitActor: gitActor,
  GpgSignature: gpgSignature,
  Tree: tree,
  TreeEntry: treeEntry,
  Blob: blob,
};
