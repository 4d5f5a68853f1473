import { accountByEmail, accountOf, noreplyEmail } from './accounts.ts';
import { commitsBetween } from './history.ts';
import { isoTime, repositoryPage } from './json-repo.ts';
import type { Commit, Oid, RefChange, Signature } from './object-store.ts';
import { branchOf, branchRef, zeroOid } from './ref-names.ts';
import type { Repo } from './repos.ts';
import type { Scope } from './scope.ts';
import { diffTrees } from './trees.ts';

type Json = Readonly<Record<string, unknown>>;

/** A push names at most so many commits; GitHub leaves the earlier ones out. */
const pushCommitsMax = 2_048;

export interface RefEvent {
  readonly event: 'push' | 'create' | 'delete';
  readonly payload: () => Json;
}

/** What Apps are told when a ref moved: a push always, and that it came or went. */
export function refMovedPayload(
  scope: Scope,
  repo: Repo,
  change: RefChange & { readonly forced: boolean },
): readonly RefEvent[] {
  const push: RefEvent = { event: 'push', payload: () => pushPayload(scope, repo, change) };
  const named = { ref: branchOf(change.name) ?? change.name.slice('refs/tags/'.length), pusher_type: 'user' };
  const typed = { ...named, ref_type: branchOf(change.name) === undefined ? 'tag' : 'branch' };
  const created = { ...typed, master_branch: repo.defaultBranch, description: null };
  if (change.before === undefined) return [push, { event: 'create', payload: () => created }];
  if (change.after === undefined) return [push, { event: 'delete', payload: () => typed }];
  return [push];
}

function pushPayload(scope: Scope, repo: Repo, change: RefChange & { readonly forced: boolean }): Json {
  const page = repositoryPage(scope.world, repo);
  const commits = newCommits(repo, change).slice(-pushCommitsMax);
  const json = (commit: Commit): Json => commitJson(scope, repo, commit);
  const actor = accountOf(scope.actor);
  return {
    ref: change.name,
    before: change.before ?? zeroOid,
    after: change.after ?? zeroOid,
    base_ref: null,
    created: change.before === undefined,
    deleted: change.after === undefined,
    forced: change.forced,
    compare: `${page}/compare/${(change.before ?? zeroOid).slice(0, 12)}...${(change.after ?? zeroOid).slice(0, 12)}`,
    commits: commits.map(json),
    head_commit: change.after === undefined ? null : json(repo.store.commit(change.after)),
    pusher: { name: actor.login, email: noreplyEmail(actor) },
  };
}

/** Commits the push brought: for a new branch, those the default branch does not have. */
function newCommits(repo: Repo, change: RefChange): readonly Commit[] {
  if (change.after === undefined) return [];
  const known: Oid | undefined = change.before ?? repo.store.ref(branchRef(repo.defaultBranch));
  const isFirst = change.before === undefined && change.name === branchRef(repo.defaultBranch);
  return commitsBetween(repo.store, isFirst ? undefined : known, change.after);
}

function commitJson(scope: Scope, repo: Repo, commit: Commit): Json {
  const [parent] = commit.parents;
  const before = parent === undefined ? undefined : repo.store.commit(parent).tree;
  const changes = diffTrees(repo.store, before, commit.tree);
  const paths = (kind: string): readonly string[] => changes.filter((one) => one.kind === kind).map((one) => one.path);
  return {
    id: commit.oid,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message.trimEnd(),
    timestamp: isoTime(commit.committer.atMs),
    url: `${repositoryPage(scope.world, repo)}/commit/${commit.oid}`,
    author: personJson(scope, commit.author),
    committer: personJson(scope, commit.committer),
    added: paths('added'),
    removed: paths('removed'),
    modified: paths('modified'),
  };
}

function personJson(scope: Scope, person: Signature): Json {
  const known = accountByEmail(scope.world, person.email);
  const username = known?.login ?? (person.email === 'noreply@github.com' ? 'web-flow' : undefined);
  return {
    name: person.name,
    email: person.email,
    date: isoTime(person.atMs),
    ...(username === undefined ? {} : { username }),
  };
}
