import { findComment } from './comments.ts';
import { type GraphNode, node, type TypeName } from './graphql-nodes.ts';
import { parseNodeId } from './node-id.ts';
import { pullOf } from './pull-requests.ts';
import { maySee, type Repo } from './repos.ts';
import { notFound } from './rule-error.ts';
import type { Scope } from './scope.ts';

function unresolved(id: string): Error {
  return notFound(`Could not resolve to a node with the global id of '${id}'`);
}

function repoById(scope: Scope, id: unknown): Repo | undefined {
  const repo = scope.world.repos.get(Number(id));
  return repo && maySee(scope.actor, repo) ? repo : undefined;
}

/** The object behind a global id. What the actor may not see does not exist. */
export function nodeById(scope: Scope, id: string): GraphNode {
  const { prefix, parts = [] } = parseNodeId(id) ?? {};
  const repo = repoById(scope, parts[0]);
  if (!repo) throw unresolved(id);
  switch (prefix) {
    case 'R':
      return node('Repository', { repo });
    case 'REF': {
      const name = String(parts[1]);
      const oid = repo.store.ref(name);
      if (oid === undefined) throw unresolved(id);
      return node('Ref', { repo, name, oid });
    }
    case 'C':
      return node('Commit', { repo, commit: repo.store.commit(String(parts[1])) });
    case 'PR':
      return node('PullRequest', { repo, pull: pullOf(repo, Number(parts[1])) });
    case 'IC': {
      const { pull, comment } = findComment(repo, Number(parts[2]));
      return node('IssueComment', { repo, pull, comment });
    }
    case 'LA': {
      const label = [...repo.labels.values()].find((one) => one.nodeId === id);
      if (!label) throw unresolved(id);
      return node('Label', { repo, label });
    }
    default:
      throw unresolved(id);
  }
}

/** The object behind a global id, which must be of one type. */
export function typedNode<Name extends TypeName>(scope: Scope, id: string, name: Name): GraphNode<Name> {
  const found = nodeById(scope, id);
  if (isOf(found, name)) return found;
  throw unresolved(id);
}

function isOf<Name extends TypeName>(found: GraphNode, name: Name): found is GraphNode<Name> {
  return found.__typename === name;
}
