import { z } from 'zod';
import type { Actor, PullRequest } from '../domain/pull-request.ts';
import { commitFactsShape, isByApp, trailerOf, withoutBotEnding } from './commits.ts';
import { parseAnswer } from './errors.ts';

/** Comments read of one pull request, the newest: the App's own at most `ownCommentsMax` of them. */
const commentsRead = 50;
const ownCommentsMax = 20;
const reviewsRead = 30;

/** Commits read of one pull request, the newest: a person may have pushed some on top of the App's. */
const commitsRead = 10;

/** Needs the fragment `CommitFacts`. */
export const pullRequestFacts = `
fragment PullRequestFacts on PullRequest {
  id number url state isDraft title body headRefName headRefOid baseRefName isCrossRepository
  createdAt closedAt mergedAt
  author { __typename login }
  mergeCommit { oid }
  reviews(last: ${reviewsRead}) { totalCount nodes { state author { __typename login } } }
  comments(last: ${commentsRead}) { totalCount nodes { body author { __typename login } } }
  commits(last: ${commitsRead}) { nodes { commit { ...CommitFacts } } }
  timelineItems(last: 1, itemTypes: [CLOSED_EVENT, MERGED_EVENT]) {
    nodes { ... on ClosedEvent { actor { __typename login } } ... on MergedEvent { actor { __typename login } } }
  }
}`;

const actorShape = z.object({ __typename: z.string(), login: z.string() }).nullish();

type ActorFacts = z.infer<typeof actorShape>;

export const authorShape = actorShape;

const pullRequestShape = z.object({
  id: z.string(),
  number: z.number(),
  url: z.string(),
  state: z.enum(['OPEN', 'CLOSED', 'MERGED']),
  isDraft: z.boolean(),
  title: z.string(),
  body: z.string(),
  headRefName: z.string(),
  headRefOid: z.string(),
  baseRefName: z.string(),
  isCrossRepository: z.boolean(),
  createdAt: z.string(),
  closedAt: z.string().nullish(),
  mergedAt: z.string().nullish(),
  author: actorShape,
  mergeCommit: z.object({ oid: z.string() }).nullish(),
  reviews: z.object({
    totalCount: z.number(),
    nodes: z.array(z.object({ state: z.string(), author: actorShape })),
  }),
  comments: z.object({
    totalCount: z.number(),
    nodes: z.array(z.object({ body: z.string(), author: actorShape })),
  }),
  commits: z.object({ nodes: z.array(z.object({ commit: commitFactsShape })) }),
  timelineItems: z.object({ nodes: z.array(z.object({ actor: actorShape })) }),
});

export type PullRequestFacts = z.infer<typeof pullRequestShape>;

const listShape = z.object({ nodes: z.array(pullRequestShape) });

/** Pull requests of one list of an answer. */
export function pullRequestList(answer: unknown): readonly PullRequestFacts[] {
  return parseAnswer(listShape, answer, 'a list of pull requests').nodes;
}

/** Whether the App itself is the author. A person may carry the same login; a Bot's login is the App's alone. */
export function isApp(actor: ActorFacts, app: string): boolean {
  return actor != null && actor.__typename === 'Bot' && withoutBotEnding(actor.login) === app;
}

/** Whether a pull request is the App's own, from a branch of this repo. */
export function isOwn(
  pull: { readonly author?: ActorFacts; readonly isCrossRepository: boolean },
  app: string,
): boolean {
  return isApp(pull.author, app) && !pull.isCrossRepository;
}

export function pullRequestOf(facts: PullRequestFacts, app: string): PullRequest {
  const closed = facts.state !== 'OPEN';
  return {
    id: facts.id,
    number: facts.number,
    url: facts.url,
    state: stateNames[facts.state],
    draft: facts.isDraft,
    title: facts.title,
    body: facts.body,
    branch: facts.headRefName,
    head: facts.headRefOid,
    createdAtMs: Date.parse(facts.createdAt),
    closedBy: closed ? actorOf(facts.timelineItems.nodes.at(-1)?.actor, app) : undefined,
    closedAtMs: closed && facts.closedAt != null ? Date.parse(facts.closedAt) : undefined,
    mergeCommit: facts.state === 'MERGED' ? facts.mergeCommit?.oid : undefined,
    engaged: isEngaged(facts),
    reviewed: isReviewed(facts),
    ownComments: ownCommentsOf(facts, app),
    candidate: candidateOf(facts, app),
  };
}

const stateNames = { OPEN: 'open', CLOSED: 'closed', MERGED: 'merged' } as const;

function actorOf(actor: ActorFacts, app: string): Actor | undefined {
  if (actor == null) return undefined;
  const kind = isApp(actor, app) ? 'app' : actor.__typename === 'Bot' ? 'bot' : 'person';
  return { login: withoutBotEnding(actor.login), kind };
}

/** A deleted account shows as no author at all: it was a person's. */
function isPerson(actor: ActorFacts): boolean {
  return actor == null || actor.__typename !== 'Bot';
}

/** What was not read counts as a person's word: nothing is closed or replaced over it. */
function isEngaged({ reviews, comments }: PullRequestFacts): boolean {
  const unread = reviews.totalCount > reviews.nodes.length || comments.totalCount > comments.nodes.length;
  return unread || [...reviews.nodes, ...comments.nodes].some(({ author }) => isPerson(author));
}

function isReviewed({ reviews }: PullRequestFacts): boolean {
  const unread = reviews.totalCount > reviews.nodes.length;
  const verdicts = reviews.nodes.filter(({ state }) => state === 'APPROVED' || state === 'CHANGES_REQUESTED');
  return unread || verdicts.some(({ author }) => isPerson(author));
}

function ownCommentsOf({ comments }: PullRequestFacts, app: string): readonly string[] {
  const own = comments.nodes.filter(({ author }) => isApp(author, app));
  return own.slice(-ownCommentsMax).map(({ body }) => body);
}

function candidateOf({ commits }: PullRequestFacts, app: string): string | undefined {
  const newest = commits.nodes.map(({ commit }) => commit).findLast((commit) => isByApp(commit, app));
  return newest === undefined ? undefined : trailerOf(newest.message, 'Pawl-Candidate');
}
