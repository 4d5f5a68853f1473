import { accountOf, appOf } from './accounts.ts';
import { commentJson, issueJson, labelJson, pullListJson, reviewJson } from './json-pull.ts';
import { nodeId } from './node-id.ts';
import type { Oid } from './object-store.ts';
import {
  announce,
  type Comment,
  demandBody,
  type PullRequest,
  type Review,
  type ReviewState,
} from './pull-requests.ts';
import { demand, type Label, type Repo } from './repos.ts';
import { forbidden, notFound, unprocessable, validationFailed } from './rule-error.ts';
import type { Scope } from './scope.ts';
import { emit } from './webhooks.ts';
import { takeId } from './world.ts';

function announceComment(scope: Scope, repo: Repo, at: CommentPlace, event: Readonly<Record<string, unknown>>): void {
  emit(scope, repo, 'issue_comment', () => ({
    issue: issueJson(scope.world, repo, at.pull),
    comment: commentJson(scope.world, repo, at.pull, at.comment),
    ...event,
  }));
}

export interface CommentPlace {
  readonly pull: PullRequest;
  readonly comment: Comment;
}

export function addComment(scope: Scope, repo: Repo, pull: PullRequest, body: string): Comment {
  demand(scope.actor, repo, { any: ['issues_comment', 'issues', 'pull_requests'], level: 'write' });
  if (body.trim() === '')
    throw validationFailed('IssueComment', [{ code: 'missing_field', field: 'body' }], ["Body can't be blank"]);
  demandBody('IssueComment', body);
  const id = takeId(scope.world);
  const atMs = scope.world.now();
  const comment: Comment = {
    id,
    nodeId: nodeId('IC', repo.id, pull.number, id),
    author: accountOf(scope.actor),
    app: appOf(scope.actor),
    body,
    createdAtMs: atMs,
    updatedAtMs: atMs,
    reactions: [],
  };
  pull.comments.push(comment);
  pull.updatedAtMs = atMs;
  scope.contentCreated += 1;
  announceComment(scope, repo, { pull, comment }, { action: 'created' });
  return comment;
}

export function findComment(repo: Repo, id: number): CommentPlace {
  for (const pull of repo.pulls.values()) {
    const comment = pull.comments.find((one) => one.id === id);
    if (comment) return { pull, comment };
  }
  throw notFound(`Could not resolve to an IssueComment with the id of ${id}.`);
}

/** One's own comments; those of others only for who may write to the repo, as a person. */
export function editComment(scope: Scope, repo: Repo, place: CommentPlace, body: string): void {
  demandBody('IssueComment', body);
  const own = place.comment.author === accountOf(scope.actor);
  if (!own && scope.actor.kind !== 'person') throw forbidden();
  demand(scope.actor, repo, {
    any: own ? ['issues_comment', 'issues', 'pull_requests'] : ['contents'],
    level: 'write',
  });
  const from = place.comment.body;
  place.comment.body = body;
  place.comment.updatedAtMs = scope.world.now();
  announceComment(scope, repo, place, { action: 'edited', changes: { body: { from } } });
}

/** The same reaction of the same account again is the one that is there. */
export function react(
  scope: Scope,
  repo: Repo,
  comment: Comment,
  content: string,
): { readonly reaction: Comment['reactions'][number]; readonly isNew: boolean } {
  demand(scope.actor, repo, { any: ['issues_comment', 'issues', 'pull_requests'], level: 'write' });
  const account = accountOf(scope.actor);
  const known = comment.reactions.find((one) => one.account === account && one.content === content);
  if (known) return { reaction: known, isNew: false };
  const reaction = { id: takeId(scope.world), content, account, createdAtMs: scope.world.now() };
  comment.reactions.push(reaction);
  return { reaction, isNew: true };
}

/** Longest name of a label. */
const labelCharactersMax = 50;

/** Finds a label of the repo or makes it, as adding an unknown label over REST does. */
export function ensureLabel(scope: Scope, repo: Repo, name: string): Label {
  const known = repo.labels.get(name.toLowerCase());
  if (known) return known;
  if (name === '' || [...name].length > labelCharactersMax) {
    throw validationFailed(
      'Label',
      [{ code: 'invalid', field: 'name' }],
      [`Name is too long (maximum is ${labelCharactersMax} characters)`],
    );
  }
  const id = takeId(scope.world);
  const label = { id, nodeId: nodeId('LA', repo.id, id), name };
  repo.labels.set(name.toLowerCase(), label);
  return label;
}

function demandLabels(scope: Scope, repo: Repo): void {
  demand(scope.actor, repo, { any: ['issues', 'pull_requests'], level: 'write' });
}

export function addLabels(scope: Scope, repo: Repo, pull: PullRequest, names: readonly string[]): void {
  demandLabels(scope, repo);
  for (const label of names.map((name) => ensureLabel(scope, repo, name))) {
    if (pull.labels.includes(label.name)) continue;
    pull.labels = [...pull.labels, label.name];
    announce(scope, repo, pull, { action: 'labeled', label: labelJson(scope.world, repo, label) });
  }
}

export function removeLabels(scope: Scope, repo: Repo, pull: PullRequest, names: readonly string[]): void {
  demandLabels(scope, repo);
  for (const name of names) {
    const label = repo.labels.get(name.toLowerCase());
    if (!label || !pull.labels.includes(label.name)) throw notFound('Label does not exist');
    pull.labels = pull.labels.filter((one) => one !== label.name);
    announce(scope, repo, pull, { action: 'unlabeled', label: labelJson(scope.world, repo, label) });
  }
}

export interface NewReview {
  readonly event: 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT';
  readonly body: string;
  readonly commitOid: Oid | undefined;
}

const reviewStates = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const;

export function addReview(scope: Scope, repo: Repo, pull: PullRequest, wanted: NewReview): Review {
  demand(scope.actor, repo, { any: ['issues_comment', 'pull_requests'], level: 'write' });
  const author = accountOf(scope.actor);
  if (author === pull.author && wanted.event === 'APPROVE') {
    throw unprocessable('Can not approve your own pull request', 'Unprocessable Entity');
  }
  const id = takeId(scope.world);
  const state: ReviewState = reviewStates[wanted.event];
  const review: Review = {
    id,
    nodeId: nodeId('PRR', repo.id, pull.number, id),
    author,
    state,
    body: wanted.body,
    commitOid: wanted.commitOid ?? pull.headOid,
    submittedAtMs: scope.world.now(),
  };
  pull.reviews.push(review);
  scope.contentCreated += 1;
  emit(scope, repo, 'pull_request_review', () => ({
    action: 'submitted',
    review: { ...reviewJson(scope.world, repo, pull, review), state: state.toLowerCase() },
    pull_request: pullListJson(scope.world, repo, pull),
  }));
  return review;
}
