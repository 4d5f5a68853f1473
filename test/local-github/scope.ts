import type { Actor } from './accounts.ts';
import type { Oid } from './object-store.ts';
import { settlePullRequests } from './pull-request-sync.ts';
import type { Repo } from './repos.ts';
import type { PendingDelivery } from './webhooks.ts';
import type { World } from './world.ts';

/** A ref that moved during a request. */
export interface MovedRef {
  readonly repo: Repo;
  readonly name: string;
}

/**
 * One request, or one deed of a person: who does it, what it moved, and the webhooks it will send. Nothing is sent before the
 * request ends, as on GitHub, where what follows from a push is worked out after the answer.
 */
export interface Scope {
  readonly world: World;
  readonly actor: Actor;
  readonly moved: MovedRef[];
  readonly deliveries: PendingDelivery[];
  /** What this request sees of refs, once it looked: a stale read stays the same within one request. */
  readonly refViews: Map<string, Oid | undefined>;
  /** Things created so far, for the limit on content. */
  contentCreated: number;
  /** What the actor used of the GraphQL points of this hour. */
  readonly rate: RateUsed;
}

export interface RateUsed {
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  readonly resetMs: number;
}

const unlimited: RateUsed = { limit: 0, used: 0, remaining: 0, resetMs: 0 };

export function openScope(world: World, actor: Actor, rate = unlimited): Scope {
  return { world, actor, moved: [], deliveries: [], refViews: new Map(), contentCreated: 0, rate };
}

/** Ends a request: closes pull requests that have nothing left to merge and queues the webhooks. */
export function finishScope(scope: Scope): void {
  settlePullRequests(scope);
  scope.world.webhooks.enqueue(scope.deliveries);
}
