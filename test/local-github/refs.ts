import { isAncestor } from './history.ts';
import type { Oid, RefChange } from './object-store.ts';
import { refMovedPayload } from './payloads-push.ts';
import { pullRequestsFollow } from './pull-request-sync.ts';
import { branchRef, isRefName, zeroOid } from './ref-names.ts';
import { demand, demandRules, type Repo } from './repos.ts';
import { RuleError, unprocessable } from './rule-error.ts';
import type { Scope } from './scope.ts';
import { emit } from './webhooks.ts';

/** Where a ref points as a reader sees it: with eventual consistency switched on, that can be where it was before. */
export function readRef(scope: Scope, repo: Repo, name: string): Oid | undefined {
  const key = `${repo.id} ${name}`;
  if (scope.refViews.has(key)) return scope.refViews.get(key);
  const seen = staleValue(scope, repo, name);
  scope.refViews.set(key, seen);
  return seen;
}

function staleValue(scope: Scope, repo: Repo, name: string): Oid | undefined {
  const past = repo.refPasts.get(name);
  const { staleReadMs } = scope.world.settings;
  const now = repo.store.ref(name);
  if (!past) return now;
  if (past.staleReadsLeft > 0) {
    past.staleReadsLeft -= 1;
    return past.changes.at(-1)?.before;
  }
  const tooNew = past.changes.find((change) => change.atMs > scope.world.now() - staleReadMs);
  return staleReadMs > 0 && tooNew ? tooNew.before : now;
}

/** Past changes remembered per ref: enough for any stale read a test can ask for. */
const pastChangesMax = 50;

function remember(scope: Scope, repo: Repo, change: RefChange): void {
  const past = repo.refPasts.get(change.name) ?? { changes: [], staleReadsLeft: 0 };
  past.changes.push({ atMs: scope.world.now(), before: change.before });
  if (past.changes.length > pastChangesMax) past.changes.shift();
  past.staleReadsLeft = scope.world.settings.staleReads;
  repo.refPasts.set(change.name, past);
  scope.refViews.set(`${repo.id} ${change.name}`, change.after);
}

/** Whether moving the ref loses commits: a forced push. */
function isForced(repo: Repo, change: RefChange): boolean {
  if (change.before === undefined || change.after === undefined) return false;
  return !isAncestor(repo.store, change.before, change.after);
}

/** Moves refs and lets everything that follows happen. Answers false, and does nothing, when a ref was not where `before` says. */
export function applyRefChanges(scope: Scope, repo: Repo, changes: readonly RefChange[]): boolean {
  if (!repo.store.compareAndSwap(changes)) return false;
  for (const change of changes) {
    if (change.before === change.after) continue;
    const forced = isForced(repo, change);
    remember(scope, repo, change);
    repo.pushedAtMs = scope.world.now();
    scope.moved.push({ repo, name: change.name });
    for (const { event, payload } of refMovedPayload(scope, repo, { ...change, forced }))
      emit(scope, repo, event, payload);
    pullRequestsFollow(scope, repo, { ...change, forced });
  }
  return true;
}

/** Whether the actor may write to the refs at all, and to each of these. */
function demandWrite(scope: Scope, repo: Repo, ...names: readonly string[]): void {
  demand(scope.actor, repo, { any: ['contents'], level: 'write' });
  for (const name of names) demandRules(scope.actor, repo, name);
}

function demandCommit(repo: Repo, oid: Oid): void {
  const object = repo.store.read(oid);
  if (object === undefined) throw unprocessable(`The object ${oid} does not exist.`, 'Object does not exist');
  if (object.type !== 'commit')
    throw unprocessable('Reference update failed: the object is not a commit.', 'Reference update failed');
}

/** Git cannot hold `a` and `a/b` at once: one is a file, the other a folder. */
function demandFreeName(repo: Repo, name: string): void {
  if (!isRefName(name))
    throw unprocessable(`The ref name "${name}" is invalid.`, `Reference name is not valid: ${name}`);
  const folders = name
    .split('/')
    .slice(2, -1)
    .map((_, index) =>
      name
        .split('/')
        .slice(0, index + 3)
        .join('/'),
    );
  const clash = repo.store.refs(`${name}/`)[0]?.name ?? folders.find((folder) => repo.store.ref(folder) !== undefined);
  if (clash !== undefined) throw unprocessable(`"${name}" cannot exist next to "${clash}".`, 'Reference update failed');
}

export function createRef(scope: Scope, repo: Repo, name: string, oid: Oid): void {
  demandWrite(scope, repo, name);
  if (repo.store.ref(name) !== undefined) {
    throw unprocessable(`A ref named "${name}" already exists in the repository.`, 'Reference already exists');
  }
  demandFreeName(repo, name);
  demandCommit(repo, oid);
  applyRefChanges(scope, repo, [{ name, before: undefined, after: oid }]);
}

const noSuchRef = (): RuleError => unprocessable('Reference does not exist');

export interface RefUpdate {
  readonly name: string;
  readonly oid: Oid;
  readonly force: boolean;
}

export function updateRef(scope: Scope, repo: Repo, update: RefUpdate): void {
  demandWrite(scope, repo, update.name);
  const before = repo.store.ref(update.name);
  if (before === undefined) throw noSuchRef();
  demandCommit(repo, update.oid);
  if (!update.force && !isAncestor(repo.store, before, update.oid)) throw unprocessable('Update is not a fast forward');
  applyRefChanges(scope, repo, [{ name: update.name, before, after: update.oid }]);
}

export function deleteRef(scope: Scope, repo: Repo, name: string): void {
  demandWrite(scope, repo, name);
  const before = repo.store.ref(name);
  if (before === undefined) throw noSuchRef();
  if (name === branchRef(repo.defaultBranch)) throw unprocessable('Cannot delete the default branch.');
  applyRefChanges(scope, repo, [{ name, before, after: undefined }]);
}

/** What `updateRefs` takes: `before` undefined does not ask; all zeros means the ref must not exist. */
export interface GuardedRefUpdate {
  readonly name: string;
  readonly before: Oid | undefined;
  readonly after: Oid;
  readonly force: boolean;
}

/** All of the updates, or none and a refusal that names the first that does not fit. */
export function updateRefs(scope: Scope, repo: Repo, updates: readonly GuardedRefUpdate[]): void {
  demandWrite(scope, repo, ...updates.map((update) => update.name));
  const changes = updates.map((update) => guardedChange(repo, update));
  applyRefChanges(scope, repo, changes);
}

function guardedChange(repo: Repo, update: GuardedRefUpdate): RefChange {
  const now = repo.store.ref(update.name);
  const wanted = update.before === zeroOid ? undefined : update.before;
  if (update.before !== undefined && now !== wanted) {
    throw new RuleError({
      status: 422,
      type: 'STALE_DATA',
      message: `Reference update failed: "${update.name}" is at ${now ?? zeroOid} but expected ${wanted ?? zeroOid}`,
    });
  }
  if (update.after === zeroOid) {
    if (now === undefined) throw noSuchRef();
    return { name: update.name, before: now, after: undefined };
  }
  if (now === undefined) demandFreeName(repo, update.name);
  demandCommit(repo, update.after);
  if (now !== undefined && !update.force && !isAncestor(repo.store, now, update.after)) {
    throw unprocessable(`Reference update failed: update of "${update.name}" is not a fast forward`);
  }
  return { name: update.name, before: now, after: update.after };
}
