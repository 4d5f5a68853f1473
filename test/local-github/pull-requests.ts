import { type Account, type Actor, type App, accountOf, appOf } from './accounts.ts';
import { compareCommits } from './history.ts';
import { nodeId } from './node-id.ts';
import type { Oid } from './object-store.ts';
import { pullRequestPayload } from './payloads-pull.ts';
import { lagBehind } from './pull-request-lists.ts';
import { branchRef } from './ref-names.ts';
import { demand, type Repo } from './repos.ts';
import { notFound, validationFailed } from './rule-error.ts';
import type { Scope } from './scope.ts';
import { emit } from './webhooks.ts';
import { takeId, type World } from './world.ts';

export type PullState = 'OPEN' | 'CLOSED' | 'MERGED';

export interface Comment {
  readonly id: number;
  readonly nodeId: string;
  readonly author: Account;
  /** The App it was written through. */
  readonly app: App | undefined;
  body: string;
  readonly createdAtMs: number;
  updatedAtMs: number;
  readonly reactions: {
    readonly id: number;
    readonly content: string;
    readonly account: Account;
    readonly createdAtMs: number;
  }[];
}

export type ReviewState = 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED';

export interface Review {
  readonly id: number;
  readonly nodeId: string;
  readonly author: Account;
  readonly state: ReviewState;
  readonly body: string;
  readonly commitOid: Oid;
  readonly submittedAtMs: number;
}

/** What happened to a pull request, in order. */
export type TimelineEvent = { readonly id: number; readonly actor: Account; readonly atMs: number } & (
  | { readonly kind: 'closed' | 'reopened' | 'converted-to-draft' | 'ready-for-review' }
  | { readonly kind: 'merged'; readonly commit: Oid }
  | { readonly kind: 'head-force-pushed'; readonly before: Oid; readonly after: Oid }
  | { readonly kind: 'head-deleted' }
);

export interface PullRequest {
  readonly id: number;
  readonly nodeId: string;
  readonly number: number;
  readonly author: Account;
  readonly app: App | undefined;
  title: string;
  body: string;
  state: PullState;
  draft: boolean;
  /** Branch names. The repo is always the pull request's own: there are no forks here. */
  readonly headBranch: string;
  baseBranch: string;
  /** Follows the branch while open, stays where it was once closed. */
  headOid: Oid;
  baseOid: Oid;
  readonly createdAtMs: number;
  updatedAtMs: number;
  closedAtMs: number | undefined;
  mergedAtMs: number | undefined;
  mergedBy: Account | undefined;
  mergeCommit: Oid | undefined;
  labels: readonly string[];
  readonly comments: Comment[];
  readonly reviews: Review[];
  readonly timeline: TimelineEvent[];
  /** What lists still show of it while they lag behind; `state` undefined means not yet listed. */
  listedAs: { readonly state: PullState | undefined; readonly untilMs: number; readsLeft: number } | undefined;
  unknownMergeableReads: number;
}

/** Longest body in characters, and longest title. */
export const bodyCharactersMax = 65_536;
export const titleCharactersMax = 256;

export function demandBody(resource: string, body: string): void {
  if ([...body].length <= bodyCharactersMax) return;
  const message = `body is too long (maximum is ${bodyCharactersMax} characters)`;
  throw validationFailed(
    resource,
    [{ code: 'custom', field: 'body', message }],
    [`Body is too long (maximum is ${bodyCharactersMax} characters)`],
  );
}

export function demandTitle(title: string): void {
  if (title.trim() === '')
    throw validationFailed('PullRequest', [{ code: 'missing_field', field: 'title' }], ["Title can't be blank"]);
  if ([...title].length <= titleCharactersMax) return;
  const message = `title is too long (maximum is ${titleCharactersMax} characters)`;
  throw validationFailed(
    'PullRequest',
    [{ code: 'custom', field: 'title', message }],
    [`Title is too long (maximum is ${titleCharactersMax} characters)`],
  );
}

export function demandPulls(scope: Scope, repo: Repo): void {
  demand(scope.actor, repo, { any: ['pull_requests'], level: 'write' });
}

export function pullOf(repo: Repo, number: number): PullRequest {
  const pull = repo.pulls.get(number);
  if (!pull) throw notFound(`Could not resolve to a PullRequest with the number of ${number}.`);
  return pull;
}

export type PullEvent =
  | 'opened'
  | 'closed'
  | 'reopened'
  | 'synchronize'
  | 'edited'
  | 'converted_to_draft'
  | 'ready_for_review'
  | 'labeled'
  | 'unlabeled';

/** Says to the Apps that something happened to a pull request. */
export function announce(
  scope: Scope,
  repo: Repo,
  pull: PullRequest,
  event: { readonly action: PullEvent } & Record<string, unknown>,
): void {
  emit(scope, repo, 'pull_request', () => pullRequestPayload(scope.world, repo, pull, event));
}

export function addToTimeline(
  scope: Scope,
  pull: PullRequest,
  event: DistributedOmit<TimelineEvent, 'id' | 'actor' | 'atMs'>,
): void {
  const common = { id: takeId(scope.world), actor: accountOf(scope.actor), atMs: scope.world.now() };
  pull.timeline.push({ ...common, ...event });
}

type DistributedOmit<Union, Keys extends PropertyKey> = Union extends unknown ? Omit<Union, Keys> : never;

export interface NewPull {
  readonly title: string;
  readonly body: string;
  /** Branch, or `owner:branch`. */
  readonly head: string;
  readonly base: string;
  readonly draft: boolean;
}

export function createPullRequest(scope: Scope, repo: Repo, wanted: NewPull): PullRequest {
  demandPulls(scope, repo);
  demandTitle(wanted.title);
  demandBody('PullRequest', wanted.body);
  const headBranch = wanted.head.startsWith(`${repo.owner.login}:`)
    ? wanted.head.slice(repo.owner.login.length + 1)
    : wanted.head;
  const { headOid, baseOid } = demandMergeable(repo, headBranch, wanted.base);
  const { world, actor } = scope;
  repo.numbers += 1;
  const pull: PullRequest = {
    ...newPullParts(world, actor, repo),
    title: wanted.title,
    body: wanted.body,
    draft: wanted.draft,
    headBranch,
    baseBranch: wanted.base,
    headOid,
    baseOid,
    unknownMergeableReads: world.settings.mergeableUnknownReads,
  };
  repo.pulls.set(pull.number, pull);
  lagBehind(world, pull, undefined);
  scope.contentCreated += 1;
  announce(scope, repo, pull, { action: 'opened' });
  return pull;
}

type NewPullParts = Omit<
  PullRequest,
  'title' | 'body' | 'draft' | 'headBranch' | 'baseBranch' | 'headOid' | 'baseOid' | 'unknownMergeableReads'
>;

function newPullParts(world: World, actor: Actor, repo: Repo): NewPullParts {
  const id = takeId(world);
  return {
    id,
    nodeId: nodeId('PR', repo.id, repo.numbers),
    number: repo.numbers,
    author: accountOf(actor),
    app: appOf(actor),
    state: 'OPEN',
    createdAtMs: world.now(),
    updatedAtMs: world.now(),
    closedAtMs: undefined,
    mergedAtMs: undefined,
    mergedBy: undefined,
    mergeCommit: undefined,
    labels: [],
    comments: [],
    reviews: [],
    timeline: [],
    listedAs: undefined,
  };
}

/** GitHub's refusals of a new pull request, with its own words. */
function demandMergeable(repo: Repo, head: string, base: string): { readonly headOid: Oid; readonly baseOid: Oid } {
  const headOid = repo.store.ref(branchRef(head));
  const baseOid = repo.store.ref(branchRef(base));
  if (baseOid === undefined) {
    throw validationFailed(
      'PullRequest',
      [{ field: 'base', code: 'invalid' }],
      ["Base sha can't be blank", `No commits between ${base} and ${head}`, 'Base ref must be a branch'],
    );
  }
  if (headOid === undefined) {
    const messages = [
      "Head sha can't be blank",
      "Base sha can't be blank",
      `No commits between ${base} and ${head}`,
      'Head ref must be a branch',
    ];
    throw validationFailed('PullRequest', [{ field: 'head', code: 'invalid' }], messages);
  }
  const duplicate = [...repo.pulls.values()].some(
    (pull) => pull.state === 'OPEN' && pull.headBranch === head && pull.baseBranch === base,
  );
  if (duplicate) throw refusal(`A pull request already exists for ${repo.owner.login}:${head}.`);
  if (compareCommits(repo.store, baseOid, headOid).right.length === 0)
    throw refusal(`No commits between ${base} and ${head}`);
  return { headOid, baseOid };
}

function refusal(message: string): Error {
  return validationFailed('PullRequest', [{ code: 'custom', message }], [message]);
}

export interface PullEdit {
  readonly title?: string | undefined;
  readonly body?: string | undefined;
  readonly base?: string | undefined;
}

export function editPullRequest(scope: Scope, repo: Repo, pull: PullRequest, edit: PullEdit): void {
  demandPulls(scope, repo);
  if (edit.title !== undefined) demandTitle(edit.title);
  if (edit.body !== undefined) demandBody('PullRequest', edit.body);
  const changes: Record<string, unknown> = {};
  if (edit.title !== undefined && edit.title !== pull.title) changes['title'] = { from: pull.title };
  if (edit.body !== undefined && edit.body !== pull.body) changes['body'] = { from: pull.body };
  if (edit.base !== undefined && edit.base !== pull.baseBranch) {
    const { baseOid } = demandMergeable(repo, pull.headBranch, edit.base);
    changes['base'] = { ref: { from: pull.baseBranch }, sha: { from: pull.baseOid } };
    pull.baseBranch = edit.base;
    pull.baseOid = baseOid;
  }
  if (Object.keys(changes).length === 0) return;
  pull.title = edit.title ?? pull.title;
  pull.body = edit.body ?? pull.body;
  pull.updatedAtMs = scope.world.now();
  announce(scope, repo, pull, { action: 'edited', changes });
}
