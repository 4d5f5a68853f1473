import { type Actor, type App, account, accountOf, installationOf, issueToken } from './accounts.ts';
import { demandWorkflows, isFilePath, signatureOf, writeCommit } from './commits.ts';
import type { Oid } from './object-store.ts';
import { branchRef } from './ref-names.ts';
import { applyRefChanges } from './refs.ts';
import { demand, demandRules, type FileContent, fileEdit, findRepo, type Repo, type Role } from './repos.ts';
import { misuse } from './rule-error.ts';
import { finishScope, openScope, type Scope } from './scope.ts';
import { editTree, entryAt, type TreeEdit } from './trees.ts';
import type { World } from './world.ts';

/** An App a test made: what a process needs to be it. */
export interface AppHandle {
  readonly id: number;
  readonly slug: string;
  readonly privateKeyPem: string;
  readonly webhookSecret: string;
  /** Login of its bot in REST and webhooks: `slug[bot]`. */
  readonly botLogin: string;
}

/** A person, with a token for calling the API as them. */
export interface Person {
  readonly login: string;
  readonly id: number;
  readonly token: string;
}

/** Who does something: a person, or the bot of an App that is installed in the repo. Alex, who may do everything, unless said. */
export type By = Person | AppHandle;

export interface Deed {
  readonly by?: By | undefined;
}

/** The person who does what nobody else is named for: an administrator of every repo. */
export const defaultPerson = 'alex';

export function appHandle(app: App): AppHandle {
  const { id, slug, privateKeyPem, webhookSecret } = app;
  return { id, slug, privateKeyPem, webhookSecret, botLogin: app.bot.login };
}

/** Makes a person, or changes their role: in the repos named, else in every repo. */
export function person(
  world: World,
  login: string,
  options: { readonly role?: Role; readonly repos?: readonly string[] },
): Person {
  const who = account(world, login, 'User');
  const role = options.role ?? 'write';
  if (options.repos === undefined) who.role = role;
  for (const name of options.repos ?? []) repoNamed(world, name).roles.set(who.id, role);
  return { login, id: who.id, token: issueToken(world, { kind: 'person', account: who }) };
}

/** The repo a test means; one that was never made is the test's mistake. */
export function repoNamed(world: World, fullName: string): Repo {
  const repo = findRepo(world, fullName);
  if (!repo) throw misuse(`there is no repo ${fullName}.`);
  return repo;
}

export function appNamed(world: World, handle: { readonly id: number }): App {
  const app = world.apps.get(handle.id);
  if (!app) throw misuse(`there is no App ${handle.id}.`);
  return app;
}

function actorFor(world: World, repo: Repo, by: By | undefined): Actor {
  if (by === undefined) return { kind: 'person', account: account(world, defaultPerson, 'User') };
  if (!('slug' in by)) return { kind: 'person', account: account(world, by.login, 'User') };
  const installation = installationOf(world, appNamed(world, by), repo.owner);
  if (!installation?.repositoryIds.has(repo.id))
    throw misuse(`the App ${by.slug} is not installed in ${repo.fullName}.`);
  return { kind: 'installation', installation, permissions: installation.permissions, repositoryIds: undefined };
}

/** Lets somebody do something in a repo, as one request would: its webhooks go out when it is done. */
export function act<Result>(
  world: World,
  fullName: string,
  by: By | undefined,
  deed: (scope: Scope, repo: Repo) => Result,
): Result {
  const repo = repoNamed(world, fullName);
  const scope = openScope(world, actorFor(world, repo, by));
  try {
    return deed(scope, repo);
  } finally {
    finishScope(scope);
  }
}

/** Path to new content; null deletes the file. */
export type FileChanges = Readonly<Record<string, FileContent | null>>;

export interface CommitDeed extends Deed {
  /** The default branch unless said. */
  readonly branch?: string | undefined;
  readonly files: FileChanges;
  readonly message?: string | undefined;
}

/** A push of one commit, as with Git: not signed, modes as they are said. */
export function commit(scope: Scope, repo: Repo, wanted: CommitDeed): Oid {
  demand(scope.actor, repo, { any: ['contents'], level: 'write' });
  demandWorkflows(scope, repo, Object.keys(wanted.files));
  const name = branchRef(wanted.branch ?? repo.defaultBranch);
  demandRules(scope.actor, repo, name);
  const head = repo.store.ref(name);
  if (head === undefined && repo.store.refs('refs/heads/').length > 0) throw misuse(`${repo.fullName} has no ${name}.`);
  const before = head === undefined ? undefined : repo.store.commit(head).tree;
  const tree = repo.store.batch(() => editTree(repo.store, before, fileEdits(repo, before, wanted.files)));
  const signature = signatureOf(scope.world, accountOf(scope.actor));
  const parents = head === undefined ? [] : [head];
  const message = wanted.message ?? `Change ${Object.keys(wanted.files).join(', ')}`;
  const oid = writeCommit(repo, {
    tree,
    parents,
    author: signature,
    committer: signature,
    message: `${message}\n`,
    signature: undefined,
  });
  applyRefChanges(scope, repo, [{ name, before: head, after: oid }]);
  return oid;
}

function fileEdits(repo: Repo, tree: Oid | undefined, files: FileChanges): ReadonlyMap<string, TreeEdit> {
  const edits = new Map<string, TreeEdit>();
  for (const [path, content] of Object.entries(files)) {
    if (!isFilePath(path)) throw misuse(`"${path}" is no path of a file.`);
    if (content === null && (tree === undefined || !entryAt(repo.store, tree, path)))
      throw misuse(`there is no ${path} to delete.`);
    edits.set(path, content === null ? undefined : fileEdit(repo.store, content));
  }
  return edits;
}
