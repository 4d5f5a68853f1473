import { accountOf } from './accounts.ts';
import { type Fields, inner, optionalText, text, texts } from './fields.ts';
import { nodeById } from './graphql-ids.ts';
import {
  connection,
  connectionArgs,
  fieldsOf,
  type GraphNode,
  node,
  PlainObject,
  type TypeFields,
} from './graphql-nodes.ts';
import { expressed, objectNode, refNode, resolveRevision } from './graphql-objects.ts';
import { compareCommits } from './history.ts';
import { isoTime, repositoryPage } from './json-repo.ts';
import { nodeId } from './node-id.ts';
import { listedPulls } from './pull-request-lists.ts';
import { type PullRequest, type PullState, pullOf } from './pull-requests.ts';
import { branchRef } from './ref-names.ts';
import { demand, type Repo, visibleRepo } from './repos.ts';
import type { Scope } from './scope.ts';

export const queryFields: TypeFields = {
  viewer: {
    args: [],
    // For an App GitHub answers a User whose login is `slug[bot]`.
    resolve: (_source, _args, scope) => node('User', { account: accountOf(scope.actor) }),
  },
  rateLimit: {
    args: [],
    resolve: (_source, _args, scope) => {
      const { limit, used, remaining, resetMs } = scope.rate;
      return new PlainObject({ limit, used, remaining, cost: 1, nodeCount: 0, resetAt: isoTime(resetMs) });
    },
  },
  repository: {
    args: ['owner', 'name'],
    resolve: (_source, args, scope) => {
      const repo = visibleRepo(scope.world, scope.actor, `${text(args, 'owner')}/${text(args, 'name')}`);
      return node('Repository', { repo });
    },
  },
  node: { args: ['id'], resolve: (_source, args, scope) => nodeById(scope, text(args, 'id')) },
  nodes: { args: ['ids'], resolve: (_source, args, scope) => texts(args, 'ids').map((id) => nodeById(scope, id)) },
};

function demandRead(scope: Scope, repo: Repo, permission: string): void {
  demand(scope.actor, repo, { any: [permission], level: 'read' });
}

/** A full name, a branch's name, or a tag's. */
function findRef(scope: Scope, repo: Repo, name: string): GraphNode<'Ref'> | null {
  demandRead(scope, repo, 'contents');
  if (name.startsWith('refs/')) return refNode(scope, repo, name);
  return refNode(scope, repo, branchRef(name)) ?? refNode(scope, repo, `refs/tags/${name}`);
}

const pullArgs = [...connectionArgs, 'headRefName', 'baseRefName', 'states', 'labels', 'orderBy'];

function filteredPulls(scope: Scope, repo: Repo, args: Fields): readonly PullRequest[] {
  const states: ReadonlySet<string> = new Set(texts(args, 'states'));
  const labels = texts(args, 'labels').map((label) => label.toLowerCase());
  const [head, base] = [optionalText(args, 'headRefName'), optionalText(args, 'baseRefName')];
  const fits = (pull: PullRequest, state: PullState): boolean =>
    (states.size === 0 || states.has(state)) &&
    (head === undefined || pull.headBranch === head) &&
    (base === undefined || pull.baseBranch === base) &&
    (labels.length === 0 || pull.labels.some((label) => labels.includes(label.toLowerCase())));
  const found = listedPulls(scope, repo)
    .filter(({ pull, state }) => fits(pull, state))
    .map(({ pull }) => pull);
  const order = inner(args, 'orderBy');
  const key = (pull: PullRequest): number => {
    if (order['field'] === 'UPDATED_AT') return pull.updatedAtMs;
    return order['field'] === 'COMMENTS' ? pull.comments.length : pull.number;
  };
  const sign = order['direction'] === 'DESC' ? -1 : 1;
  return found.toSorted((a, b) => sign * (key(a) - key(b)));
}

const repository = fieldsOf('Repository', {
  id: ({ repo }) => repo.nodeId,
  databaseId: ({ repo }) => repo.id,
  name: ({ repo }) => repo.name,
  nameWithOwner: ({ repo }) => repo.fullName,
  owner: ({ repo }) => node('Organization', { account: repo.owner }),
  isArchived: ({ repo }) => repo.archived,
  isPrivate: ({ repo }) => repo.private,
  isFork: () => false,
  isEmpty: ({ repo }) => repo.store.refs('refs/heads/').length === 0,
  url: ({ repo }, _args, scope) => repositoryPage(scope.world, repo),
  defaultBranchRef: ({ repo }, _args, scope) => findRef(scope, repo, branchRef(repo.defaultBranch)),
  ref: [['qualifiedName'], ({ repo }, args, scope) => findRef(scope, repo, text(args, 'qualifiedName'))],
  refs: [
    [...connectionArgs, 'refPrefix', 'query'],
    ({ repo }, args, scope, info) => {
      demandRead(scope, repo, 'contents');
      const part = optionalText(args, 'query') ?? '';
      const found = repo.store.refs(text(args, 'refPrefix')).filter((ref) => ref.name.includes(part));
      const nodes = found.map((ref) => refNode(scope, repo, ref.name)).filter((ref) => ref !== null);
      return connection(nodes, args, info);
    },
  ],
  object: [
    ['oid', 'expression'],
    ({ repo }, args, scope) => {
      demandRead(scope, repo, 'contents');
      const [oid, expression] = [optionalText(args, 'oid'), optionalText(args, 'expression')];
      if (oid !== undefined) return objectNode(repo, oid);
      return expression === undefined ? null : expressed(scope, repo, expression);
    },
  ],
  pullRequest: [
    ['number'],
    ({ repo }, args, scope) => {
      demandRead(scope, repo, 'pull_requests');
      return node('PullRequest', { repo, pull: pullOf(repo, Number(args['number'])) });
    },
  ],
  pullRequests: [
    pullArgs,
    ({ repo }, args, scope, info) => {
      demandRead(scope, repo, 'pull_requests');
      return connection(
        filteredPulls(scope, repo, args).map((pull) => node('PullRequest', { repo, pull })),
        args,
        info,
      );
    },
  ],
  label: [
    ['name'],
    ({ repo }, args) => {
      const label = repo.labels.get(text(args, 'name').toLowerCase());
      return label ? node('Label', { repo, label }) : null;
    },
  ],
  labels: [
    [...connectionArgs, 'query'],
    ({ repo }, args, _scope, info) => {
      const part = (optionalText(args, 'query') ?? '').toLowerCase();
      const found = [...repo.labels.values()].filter((label) => label.name.toLowerCase().includes(part));
      return connection(
        found.map((label) => node('Label', { repo, label })),
        args,
        info,
      );
    },
  ],
});

function splitRef(name: string): { readonly prefix: string; readonly name: string } {
  const [, prefix = '', rest = name] = /^(refs\/[^/]+\/)(.+)$/.exec(name) ?? [];
  return { prefix, name: rest };
}

const ref = fieldsOf('Ref', {
  id: ({ repo, name }) => nodeId('REF', repo.id, name),
  name: ({ name }) => splitRef(name).name,
  prefix: ({ name }) => splitRef(name).prefix,
  target: ({ repo, oid }) => objectNode(repo, oid),
  repository: ({ repo }) => node('Repository', { repo }),
  compare: [
    ['headRef'],
    ({ repo, oid }, args, scope) => {
      const head = resolveRevision(scope, repo, text(args, 'headRef'));
      return head === undefined || repo.store.read(head)?.type !== 'commit'
        ? null
        : node('Comparison', { repo, base: oid, head });
    },
  ],
  associatedPullRequests: [
    pullArgs,
    ({ repo, name }, args, scope, info) => {
      demandRead(scope, repo, 'pull_requests');
      const found = filteredPulls(scope, repo, args).filter((pull) => branchRef(pull.headBranch) === name);
      return connection(
        found.map((pull) => node('PullRequest', { repo, pull })),
        args,
        info,
      );
    },
  ],
});

const comparison = fieldsOf('Comparison', {
  aheadBy: ({ repo, base, head }) => compareCommits(repo.store, base, head).right.length,
  behindBy: ({ repo, base, head }) => compareCommits(repo.store, base, head).left.length,
  baseTarget: ({ repo, base }) => objectNode(repo, base),
  headTarget: ({ repo, head }) => objectNode(repo, head),
  status: ({ repo, base, head }) => {
    const { left, right } = compareCommits(repo.store, base, head);
    if (left.length > 0) return right.length > 0 ? 'DIVERGED' : 'BEHIND';
    return right.length > 0 ? 'AHEAD' : 'IDENTICAL';
  },
  commits: [
    connectionArgs,
    ({ repo, base, head }, args, _scope, info) => {
      const commits = compareCommits(repo.store, base, head).right.toReversed();
      const { values } = connection(
        commits.map((commit) => node('Commit', { repo, commit })),
        args,
        info,
      );
      return new PlainObject({ ...values, authorCount: new Set(commits.map((commit) => commit.author.email)).size });
    },
  ],
});

const label = fieldsOf('Label', {
  id: ({ label: one }) => one.nodeId,
  name: ({ label: one }) => one.name,
  color: () => 'ededed',
});

export const repoTypes: Readonly<Record<string, TypeFields>> = {
  Repository: repository,
  Ref: ref,
  Comparison: comparison,
  Label: label,
};
