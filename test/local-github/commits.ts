import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Account, accountOf, noreplyEmail } from './accounts.ts';
import { encodeCommit } from './object-format.ts';
import type { Commit, CommitParts, Oid, Signature } from './object-store.ts';
import { branchRef } from './ref-names.ts';
import { applyRefChanges } from './refs.ts';
import { demand, demandRules, type Repo } from './repos.ts';
import { notFound, RuleError, unprocessable } from './rule-error.ts';
import type { Scope } from './scope.ts';
import { editTree, entryAt, type TreeEdit } from './trees.ts';
import type { World } from './world.ts';

export function signatureOf(world: World, account: Account): Signature {
  return { name: account.login, email: noreplyEmail(account), atMs: world.now() };
}

/** The committer of every commit GitHub makes for somebody. */
export function gitHubSignature(world: World): Signature {
  return { name: 'GitHub', email: 'noreply@github.com', atMs: world.now() };
}

const armour = { begin: '-----BEGIN PGP SIGNATURE-----', end: '-----END PGP SIGNATURE-----' };

function sealOf(world: Pick<World, 'signingKey'>, signed: string): string {
  const seal = createHmac('sha512', world.signingKey).update(signed).digest('base64');
  return `${armour.begin}\n\n${seal}\n${armour.end}`;
}

/** Signs as GitHub does for commits made through its API: a header that only this server can make. */
export function signed(world: Pick<World, 'signingKey'>, parts: CommitParts): CommitParts {
  const unsigned = { ...parts, signature: undefined };
  return { ...parts, signature: sealOf(world, encodeCommit(unsigned).data.toString('utf8')) };
}

/** Whether GitHub itself signed the commit. A signature copied from another commit does not fit. */
export function isVerified(world: Pick<World, 'signingKey'>, commit: Commit): boolean {
  if (commit.signature === undefined) return false;
  const expected = Buffer.from(sealOf(world, commit.signed));
  const found = Buffer.from(commit.signature);
  return expected.length === found.length && timingSafeEqual(expected, found);
}

export function writeCommit(repo: Repo, parts: CommitParts): Oid {
  return repo.store.write(encodeCommit(parts));
}

export interface BranchCommit {
  readonly branch: string;
  readonly expectedHeadOid: Oid;
  readonly message: string;
  /** Path to content. New and changed files become plain ones (mode 100644): the API knows no other. */
  readonly additions: readonly { readonly path: string; readonly content: Buffer }[];
  readonly deletions: readonly string[];
}

/** `createCommitOnBranch`: a commit signed by GitHub on top of a branch that must be where the caller thinks it is. */
export function createCommitOnBranch(scope: Scope, repo: Repo, wanted: BranchCommit): Oid {
  demand(scope.actor, repo, { any: ['contents'], level: 'write' });
  const name = branchRef(wanted.branch);
  demandRules(scope.actor, repo, name);
  const head = repo.store.ref(name);
  if (head === undefined) throw notFound(`No such branch: "${wanted.branch}".`);
  if (head !== wanted.expectedHeadOid) {
    const message = `Expected branch to point to "${wanted.expectedHeadOid}" but it did not.  Pull and try again.`;
    throw new RuleError({ status: 409, type: 'STALE_DATA', message });
  }
  const before = repo.store.commit(head).tree;
  const tree = editTree(repo.store, before, fileEdits(repo, wanted, before));
  demandWorkflows(scope, repo, [...wanted.additions.map((file) => file.path), ...wanted.deletions]);
  const parts: CommitParts = {
    tree,
    parents: [head],
    author: signatureOf(scope.world, accountOf(scope.actor)),
    committer: gitHubSignature(scope.world),
    message: wanted.message,
    signature: undefined,
  };
  const oid = writeCommit(repo, signed(scope.world, parts));
  applyRefChanges(scope, repo, [{ name, before: head, after: oid }]);
  scope.contentCreated += 1;
  return oid;
}

function fileEdits(repo: Repo, wanted: BranchCommit, tree: Oid): ReadonlyMap<string, TreeEdit> {
  const edits = new Map<string, TreeEdit>();
  for (const path of wanted.deletions) {
    if (entryAt(repo.store, tree, path) === undefined) {
      throw unprocessable(
        `A path was requested for deletion which does not exist as of commit oid \`${wanted.expectedHeadOid}\`: ${path}`,
      );
    }
    addOnce(edits, path, undefined);
  }
  for (const { path, content } of wanted.additions) {
    addOnce(edits, path, { mode: '100644', oid: repo.store.write({ type: 'blob', data: content }) });
  }
  return edits;
}

function addOnce(edits: Map<string, TreeEdit>, path: string, edit: TreeEdit): void {
  if (edits.has(path)) throw unprocessable(`The path "${path}" is named more than once.`);
  if (!isFilePath(path)) throw unprocessable(`"${path}" is not a valid path.`);
  edits.set(path, edit);
}

/** A path as Git keeps it: relative, without empty parts, `.`, `..` or `.git`. */
export function isFilePath(path: string): boolean {
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && part.toLowerCase() !== '.git');
}

/** GitHub asks for a permission of its own before it lets anything write workflows. */
export function demandWorkflows(scope: Scope, repo: Repo, paths: readonly string[]): void {
  if (paths.some((path) => path.startsWith('.github/workflows/'))) {
    demand(scope.actor, repo, { any: ['workflows'], level: 'write' });
  }
}
