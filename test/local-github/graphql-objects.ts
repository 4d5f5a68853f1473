import { type GraphNode, node } from './graphql-nodes.ts';
import type { Oid } from './object-store.ts';
import { branchRef } from './ref-names.ts';
import { readRef } from './refs.ts';
import type { Repo } from './repos.ts';
import type { Scope } from './scope.ts';
import { entryAt } from './trees.ts';

/** The ref as this request sees it, or null. */
export function refNode(scope: Scope, repo: Repo, name: string): GraphNode<'Ref'> | null {
  const oid = readRef(scope, repo, name);
  return oid === undefined ? null : node('Ref', { repo, name, oid });
}

/** The Git object of an id, or null. */
export function objectNode(repo: Repo, oid: Oid): GraphNode | null {
  switch (repo.store.read(oid)?.type) {
    case 'commit':
      return node('Commit', { repo, commit: repo.store.commit(oid) });
    case 'tree':
      return node('Tree', { repo, oid });
    case 'blob':
      return node('Blob', { repo, oid });
    case 'tag':
    case undefined:
      return null;
  }
}

/** The object a revision names: `HEAD`, a branch, a tag, a full ref or an id. */
export function resolveRevision(scope: Scope, repo: Repo, revision: string): Oid | undefined {
  const name = revision === 'HEAD' ? repo.defaultBranch : revision;
  const ref = [name, branchRef(name), `refs/tags/${name}`].map((one) => readRef(scope, repo, one)).find(Boolean);
  return ref ?? (repo.store.read(name) ? name : undefined);
}

/** `object(expression:)`: a revision, or `revision:path`. */
export function expressed(scope: Scope, repo: Repo, expression: string): GraphNode | null {
  const colon = expression.indexOf(':');
  const oid = resolveRevision(scope, repo, colon < 0 ? expression : expression.slice(0, colon));
  if (oid === undefined) return null;
  if (colon < 0) return objectNode(repo, oid);
  const tree = repo.store.read(oid)?.type === 'commit' ? repo.store.commit(oid).tree : oid;
  const entry = entryAt(repo.store, tree, expression.slice(colon + 1));
  return entry ? objectNode(repo, entry.oid) : null;
}
