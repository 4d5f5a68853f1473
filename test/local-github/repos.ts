import {
  type AccessLevel,
  type Account,
  type Actor,
  account,
  accountOf,
  noreplyEmail,
  type Permissions,
} from './accounts.ts';
import type { CheckRun, CommitStatus, Deployment } from './checks.ts';
import { nodeId } from './node-id.ts';
import { encodeCommit } from './object-format.ts';
import type { ObjectStore, Oid } from './object-store.ts';
import type { PullRequest } from './pull-requests.ts';
import { branchOf } from './ref-names.ts';
import { forbidden, misuse, notFound, unprocessable } from './rule-error.ts';
import { editTree, type TreeEdit } from './trees.ts';
import { takeId, type World } from './world.ts';

/** A person's role in a repo. */
export type Role = 'none' | 'read' | 'triage' | 'write' | 'maintain' | 'admin';

export interface Label {
  readonly id: number;
  readonly nodeId: string;
  readonly name: string;
}

/** What a ref was before its last change, for stale reads. */
export interface RefPast {
  readonly changes: { readonly atMs: number; readonly before: Oid | undefined }[];
  staleReadsLeft: number;
}

/** A ruleset that keeps a branch from being written to, other than by merging a pull request. */
export interface BranchRule {
  readonly branches: RegExp;
  /** What GitHub says after "Repository rule violations found". */
  readonly message: string;
  /** Logins that it does not hold for. */
  readonly bypass: readonly string[];
}

export interface Repo {
  readonly id: number;
  readonly nodeId: string;
  readonly owner: Account;
  readonly name: string;
  readonly fullName: string;
  readonly private: boolean;
  archived: boolean;
  readonly defaultBranch: string;
  readonly createdAtMs: number;
  pushedAtMs: number;
  readonly store: ObjectStore;
  readonly pulls: Map<number, PullRequest>;
  /** By name in lower case. */
  readonly labels: Map<string, Label>;
  readonly checkRuns: CheckRun[];
  readonly statuses: CommitStatus[];
  readonly deployments: Deployment[];
  /** Roles of people by account id. */
  readonly roles: Map<number, Role>;
  readonly refPasts: Map<string, RefPast>;
  readonly rules: BranchRule[];
  numbers: number;
}

/** A file's content: text, bytes, or text with a mode (`100755` executable, `120000` symbolic link whose text is its target). */
export type FileContent =
  | string
  | Uint8Array
  | { readonly text: string; readonly mode: '100644' | '100755' | '120000' };

export type Files = Readonly<Record<string, FileContent>>;

export interface NewRepo {
  readonly owner: string;
  readonly name: string;
  readonly files: Files;
  /** True unless said otherwise: config repos mostly are. */
  readonly private?: boolean;
  readonly defaultBranch?: string;
  /** The first commit's message. */
  readonly message?: string;
}

export function fileEdit(store: ObjectStore, content: FileContent): TreeEdit {
  const { mode, bytes } =
    typeof content === 'string' || content instanceof Uint8Array
      ? { mode: '100644', bytes: Buffer.from(content) }
      : { mode: content.mode, bytes: Buffer.from(content.text) };
  return { mode, oid: store.write({ type: 'blob', data: bytes }) };
}

/** Makes a repo with one commit that holds the files; without files it stays empty, as a new repo on GitHub. */
export function createRepo(world: World, options: NewRepo, author: Account): Repo {
  const owner = account(world, options.owner, 'Organization');
  const fullName = `${owner.login}/${options.name}`;
  if (findRepo(world, fullName)) throw misuse(`the repo ${fullName} exists already.`);
  const id = takeId(world);
  const defaultBranch = options.defaultBranch ?? 'main';
  const store = world.newStore(fullName, defaultBranch);
  const repo: Repo = {
    id,
    nodeId: nodeId('R', id),
    owner,
    name: options.name,
    fullName,
    private: options.private ?? true,
    archived: false,
    defaultBranch,
    createdAtMs: world.now(),
    pushedAtMs: world.now(),
    store,
    pulls: new Map(),
    labels: new Map(),
    checkRuns: [],
    statuses: [],
    deployments: [],
    roles: new Map(),
    refPasts: new Map(),
    rules: [],
    numbers: 0,
  };
  world.repos.set(id, repo);
  if (Object.keys(options.files).length > 0) firstCommit(repo, options, author);
  return repo;
}

function firstCommit(repo: Repo, options: NewRepo, author: Account): void {
  const { store } = repo;
  const signature = { name: author.login, email: noreplyEmail(author), atMs: repo.createdAtMs };
  const oid = store.batch(() => {
    const edits = new Map(Object.entries(options.files).map(([path, content]) => [path, fileEdit(store, content)]));
    const tree = editTree(store, undefined, edits);
    const message = options.message ?? 'First commit\n';
    return store.write(
      encodeCommit({ tree, parents: [], author: signature, committer: signature, message, signature: undefined }),
    );
  });
  store.compareAndSwap([{ name: `refs/heads/${repo.defaultBranch}`, before: undefined, after: oid }]);
}

export function findRepo(world: World, fullName: string): Repo | undefined {
  const wanted = fullName.toLowerCase();
  return [...world.repos.values()].find((repo) => repo.fullName.toLowerCase() === wanted);
}

const roleRanks: Readonly<Record<Role, number>> = { none: 0, read: 1, triage: 2, write: 3, maintain: 4, admin: 5 };

/** A person's effective role: on a public repo everybody may read. */
export function roleOf(repo: Repo, person: Account): Role {
  const role = repo.roles.get(person.id) ?? person.role;
  return role === 'none' && !repo.private ? 'read' : role;
}

/** Whether the actor may know that the repo exists. */
export function maySee(actor: Actor, repo: Repo): boolean {
  switch (actor.kind) {
    case 'person':
      return roleOf(repo, actor.account) !== 'none';
    // An App's own token is for the App's affairs only.
    case 'app':
      return false;
    case 'installation':
      return actor.installation.repositoryIds.has(repo.id) && (actor.repositoryIds?.has(repo.id) ?? true);
  }
}

/** The repo by name, for an actor; what it may not see does not exist. */
export function visibleRepo(world: World, actor: Actor, fullName: string): Repo {
  const repo = findRepo(world, fullName);
  if (!repo || !maySee(actor, repo)) {
    throw notFound(`Could not resolve to a Repository with the name '${fullName}'.`);
  }
  return repo;
}

const levelRanks: Readonly<Record<AccessLevel, number>> = { read: 1, write: 2, admin: 3 };

function grants(permissions: Permissions, name: string, level: AccessLevel): boolean {
  const granted = name === 'metadata' ? 'read' : permissions[name];
  return granted !== undefined && levelRanks[granted] >= levelRanks[level];
}

/** What a person's role must be at least for what an App needs a permission for. */
function roleNeeded(name: string, level: AccessLevel): Role {
  if (level === 'admin' || name === 'administration') return 'admin';
  if (level === 'read' || name === 'issues_comment') return 'read';
  return name === 'issues' ? 'triage' : 'write';
}

export interface Need {
  /** A GitHub App permission such as `contents`; any one of several is enough. */
  readonly any: readonly string[];
  readonly level: AccessLevel;
}

/** Throws the refusal GitHub gives when the actor may see the repo but not do this. */
export function demand(actor: Actor, repo: Repo, need: Need): void {
  const allowed = need.any.some((name) => {
    if (actor.kind === 'person')
      return roleRanks[roleOf(repo, actor.account)] >= roleRanks[roleNeeded(name, need.level)];
    return actor.kind === 'installation' && grants(actor.permissions, name, need.level);
  });
  if (!allowed)
    throw forbidden(
      actor.kind === 'person' ? `${accountOf(actor).login} does not have the right to do this.` : undefined,
    );
  if (repo.archived && need.level !== 'read') throw forbidden('Repository was archived so is read-only.');
}

/** Refuses to write to a branch that a rule keeps the actor from. */
export function demandRules(actor: Actor, repo: Repo, ref: string): void {
  const branch = branchOf(ref);
  const { login } = accountOf(actor);
  const rule = repo.rules.find(
    (one) => branch !== undefined && one.branches.test(branch) && !one.bypass.includes(login),
  );
  if (rule) throw unprocessable(`Repository rule violations found\n\n${rule.message}\n\n`);
}
