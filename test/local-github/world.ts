import type { Account, App, Installation, Token } from './accounts.ts';
import type { ObjectStore } from './object-store.ts';
import type { Repo } from './repos.ts';
import type { WebhookQueue } from './webhooks.ts';

/** Limits that are only counted unless given: a test sets those it wants enforced. */
export interface RateLimits {
  /** Requests of one actor in an hour; GitHub gives an installation 5,000 or more. */
  readonly requestsPerHour?: number;
  /** GraphQL points of one actor in an hour. */
  readonly graphqlPointsPerHour?: number;
  /** Secondary limit: a read costs 1, a write 5; GitHub allows 900 for REST and 2,000 for GraphQL. */
  readonly pointsPerMinute?: number;
  /** Secondary limit: what makes content (commits, pull requests, comments …); GitHub allows 80. */
  readonly contentPerMinute?: number;
  /** GitHub allows 500. */
  readonly contentPerHour?: number;
  /** Requests of one actor at the same time; GitHub allows 100. */
  readonly concurrentRequests?: number;
}

/** What a test may change while the server runs. Durations are in milliseconds. */
export interface Settings {
  /** Added to each request before it is answered. */
  latencyMs: number;
  /** Reads of refs and lists of pull requests show what was true so long ago. */
  staleReadMs: number;
  /** After a write so many requests still read the ref, or the list, as it was. */
  staleReads: number;
  /** After a pull request's head or base moved, so many reads answer UNKNOWN for `mergeable`. */
  mergeableUnknownReads: number;
  /** Entries of a recursive tree before it is cut; GitHub's own limit is 100,000. */
  treeEntriesMax: number;
  limits: RateLimits;
  /** `ordered`: one delivery of a repo after the other; `unordered`: all at once. */
  deliveryOrder: 'ordered' | 'unordered';
  /** How long GitHub waits for the answer to a webhook. */
  webhookTimeoutMs: number;
}

export const settingsDefaults: Settings = {
  latencyMs: 0,
  staleReadMs: 0,
  staleReads: 0,
  mergeableUnknownReads: 0,
  treeEntriesMax: 100_000,
  limits: {},
  deliveryOrder: 'ordered',
  webhookTimeoutMs: 10_000,
};

/** All that this GitHub knows. Rules change it only through a `Scope`. */
export interface World {
  readonly now: () => number;
  readonly settings: Settings;
  /** Makes the place where a new repo's objects are kept. */
  readonly newStore: (fullName: string, defaultBranch: string) => ObjectStore;
  /** Base of the links in answers: where the server listens. */
  readonly links: { url: string };
  readonly ids: { next: number };
  /** By login in lower case. */
  readonly accounts: Map<string, Account>;
  readonly apps: Map<number, App>;
  readonly installations: Map<number, Installation>;
  readonly tokens: Map<string, Token>;
  readonly repos: Map<number, Repo>;
  readonly webhooks: WebhookQueue;
  /** What the server's own answers got wrong against GitHub's published schemas. */
  readonly violations: string[];
  /** Signs commits the way GitHub's key does: only this server can. */
  readonly signingKey: Buffer;
  /** Mutation fields a test wants refused. */
  readonly fieldFaults: FieldFault[];
}

/** Makes the next calls of one mutation field fail, while the other fields of its document go on. */
export interface FieldFault {
  readonly field: string;
  readonly type: string;
  readonly message: string;
  times: number;
}

/** A number no other thing of this world has. */
export function takeId(world: World): number {
  world.ids.next += 1;
  return world.ids.next;
}
