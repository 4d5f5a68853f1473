import { texts } from './fields.ts';
import { actorNode } from './graphql-accounts.ts';
import {
  connection,
  connectionArgs,
  type EventBehind,
  fieldsOf,
  type GraphNode,
  node,
  PlainObject,
  type TypeFields,
  type TypeName,
} from './graphql-nodes.ts';
import { objectNode, refNode } from './graphql-objects.ts';
import { commitsBetween } from './history.ts';
import { baseOf, pullFiles, pullPage } from './json-pull.ts';
import { isoTime, isoTimeOrNull } from './json-repo.ts';
import { mergeableOf } from './mergeability.ts';
import { nodeId } from './node-id.ts';
import type { PullRequest, TimelineEvent } from './pull-requests.ts';
import { branchRef } from './ref-names.ts';
import type { Repo } from './repos.ts';
import { notHonoured } from './rule-error.ts';

type EventTypeName = Extract<TypeName, `${string}Event`>;

/** What `itemTypes` calls each event, and its type. */
const eventNames: Readonly<Record<TimelineEvent['kind'], { readonly item: string; readonly type: EventTypeName }>> = {
  closed: { item: 'CLOSED_EVENT', type: 'ClosedEvent' },
  reopened: { item: 'REOPENED_EVENT', type: 'ReopenedEvent' },
  merged: { item: 'MERGED_EVENT', type: 'MergedEvent' },
  'converted-to-draft': { item: 'CONVERT_TO_DRAFT_EVENT', type: 'ConvertToDraftEvent' },
  'ready-for-review': { item: 'READY_FOR_REVIEW_EVENT', type: 'ReadyForReviewEvent' },
  'head-force-pushed': { item: 'HEAD_REF_FORCE_PUSHED_EVENT', type: 'HeadRefForcePushedEvent' },
  'head-deleted': { item: 'HEAD_REF_DELETED_EVENT', type: 'HeadRefDeletedEvent' },
};

const knownItems = new Set(Object.values(eventNames).map((names) => names.item));

/** The kinds of event this server keeps; asking for all, or for others, would leave some out unsaid. */
function timelineNodes(repo: Repo, pull: PullRequest, itemTypes: readonly string[]): readonly GraphNode[] {
  const strange = itemTypes.find((item) => !knownItems.has(item));
  if (itemTypes.length === 0 || strange !== undefined) {
    throw notHonoured('timelineItems', `itemTypes other than some of ${[...knownItems].join(', ')}`);
  }
  const wanted = pull.timeline.filter((event) => itemTypes.includes(eventNames[event.kind].item));
  return wanted.map((event) => node(eventNames[event.kind].type, { repo, pull, event }));
}

const pullRequest = fieldsOf('PullRequest', {
  id: ({ pull }) => pull.nodeId,
  databaseId: ({ pull }) => pull.id,
  fullDatabaseId: ({ pull }) => `${pull.id}`,
  number: ({ pull }) => pull.number,
  url: ({ repo, pull }, _args, scope) => pullPage(scope.world, repo, pull),
  state: ({ pull }) => pull.state,
  title: ({ pull }) => pull.title,
  body: ({ pull }) => pull.body,
  isDraft: ({ pull }) => pull.draft,
  merged: ({ pull }) => pull.state === 'MERGED',
  closed: ({ pull }) => pull.state !== 'OPEN',
  locked: () => false,
  mergedAt: ({ pull }) => isoTimeOrNull(pull.mergedAtMs),
  mergedBy: ({ pull }) => (pull.mergedBy ? actorNode(pull.mergedBy) : null),
  createdAt: ({ pull }) => isoTime(pull.createdAtMs),
  updatedAt: ({ pull }) => isoTime(pull.updatedAtMs),
  closedAt: ({ pull }) => isoTimeOrNull(pull.closedAtMs),
  headRefName: ({ pull }) => pull.headBranch,
  headRefOid: ({ pull }) => pull.headOid,
  headRef: ({ repo, pull }, _args, scope) => refNode(scope, repo, branchRef(pull.headBranch)),
  headRepository: ({ repo }) => node('Repository', { repo }),
  baseRefName: ({ pull }) => pull.baseBranch,
  baseRefOid: ({ pull }) => pull.baseOid,
  baseRef: ({ repo, pull }, _args, scope) => refNode(scope, repo, branchRef(pull.baseBranch)),
  isCrossRepository: () => false,
  mergeable: ({ repo, pull }) => mergeableOf(repo, pull),
  mergeCommit: ({ repo, pull }) => (pull.mergeCommit === undefined ? null : objectNode(repo, pull.mergeCommit)),
  changedFiles: ({ repo, pull }) => pullFiles(repo, pull).length,
  author: ({ pull }) => actorNode(pull.author),
  repository: ({ repo }) => node('Repository', { repo }),
  reviewDecision: () => null,
  commits: [
    connectionArgs,
    ({ repo, pull }, args, _scope, info) => {
      const commits = commitsBetween(repo.store, baseOf(repo, pull), pull.headOid);
      return connection(
        commits.map((commit) => node('PullRequestCommit', { repo, pull, commit })),
        args,
        info,
      );
    },
  ],
  reviews: [
    [...connectionArgs, 'states'],
    ({ repo, pull }, args, _scope, info) => {
      const states = texts(args, 'states');
      const found = pull.reviews.filter((review) => states.length === 0 || states.includes(review.state));
      return connection(
        found.map((review) => node('PullRequestReview', { repo, pull, review })),
        args,
        info,
      );
    },
  ],
  comments: [
    connectionArgs,
    ({ repo, pull }, args, _scope, info) =>
      connection(
        pull.comments.map((comment) => node('IssueComment', { repo, pull, comment })),
        args,
        info,
      ),
  ],
  timelineItems: [
    [...connectionArgs, 'itemTypes'],
    ({ repo, pull }, args, _scope, info) => {
      const found = timelineNodes(repo, pull, texts(args, 'itemTypes'));
      const { values } = connection(found, args, info);
      return new PlainObject({ ...values, filteredCount: found.length, updatedAt: isoTime(pull.updatedAtMs) });
    },
  ],
  labels: [
    connectionArgs,
    ({ repo, pull }, args, _scope, info) => {
      const found = pull.labels
        .map((name) => repo.labels.get(name.toLowerCase()))
        .filter((label) => label !== undefined);
      return connection(
        found.map((label) => node('Label', { repo, label })),
        args,
        info,
      );
    },
  ],
});

const pullRequestCommit = fieldsOf('PullRequestCommit', {
  id: ({ pull, commit }) => nodeId('PURC', pull.id, commit.oid),
  commit: ({ repo, commit }) => node('Commit', { repo, commit }),
  pullRequest: ({ repo, pull }) => node('PullRequest', { repo, pull }),
});

const review = fieldsOf('PullRequestReview', {
  id: ({ review: one }) => one.nodeId,
  databaseId: ({ review: one }) => one.id,
  state: ({ review: one }) => one.state,
  body: ({ review: one }) => one.body,
  author: ({ review: one }) => actorNode(one.author),
  submittedAt: ({ review: one }) => isoTime(one.submittedAtMs),
  createdAt: ({ review: one }) => isoTime(one.submittedAtMs),
  commit: ({ repo, review: one }) => objectNode(repo, one.commitOid),
});

const comment = fieldsOf('IssueComment', {
  id: ({ comment: one }) => one.nodeId,
  databaseId: ({ comment: one }) => one.id,
  body: ({ comment: one }) => one.body,
  author: ({ comment: one }) => actorNode(one.author),
  createdAt: ({ comment: one }) => isoTime(one.createdAtMs),
  updatedAt: ({ comment: one }) => isoTime(one.updatedAtMs),
  url: ({ repo, pull, comment: one }, _args, scope) => `${pullPage(scope.world, repo, pull)}#issuecomment-${one.id}`,
});

const eventFields = {
  id: ({ event }: EventBehind) => nodeId('EV', event.id),
  actor: ({ event }: EventBehind) => actorNode(event.actor),
  createdAt: ({ event }: EventBehind) => isoTime(event.atMs),
  pullRequest: ({ repo, pull }: EventBehind) => node('PullRequest', { repo, pull }),
};

const mergedEvent = fieldsOf('MergedEvent', {
  ...eventFields,
  commit: ({ repo, event }) => (event.kind === 'merged' ? objectNode(repo, event.commit) : null),
});

const forcePushedEvent = fieldsOf('HeadRefForcePushedEvent', {
  ...eventFields,
  beforeCommit: ({ repo, event }) => (event.kind === 'head-force-pushed' ? objectNode(repo, event.before) : null),
  afterCommit: ({ repo, event }) => (event.kind === 'head-force-pushed' ? objectNode(repo, event.after) : null),
});

export const pullTypes: Readonly<Record<string, TypeFields>> = {
  PullRequest: pullRequest,
  PullRequestCommit: pullRequestCommit,
  PullRequestReview: review,
  IssueComment: comment,
  ClosedEvent: fieldsOf('ClosedEvent', eventFields),
  ReopenedEvent: fieldsOf('ReopenedEvent', eventFields),
  ConvertToDraftEvent: fieldsOf('ConvertToDraftEvent', eventFields),
  ReadyForReviewEvent: fieldsOf('ReadyForReviewEvent', eventFields),
  HeadRefDeletedEvent: fieldsOf('HeadRefDeletedEvent', eventFields),
  MergedEvent: mergedEvent,
  HeadRefForcePushedEvent: forcePushedEvent,
};
