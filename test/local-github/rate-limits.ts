import type { World } from './world.ts';

/** What a request costs. */
export interface Cost {
  readonly resource: 'core' | 'graphql';
  /** A read or a write: writes cost 5 points of the secondary limit. */
  readonly writes: boolean;
}

const hourMs = 3_600_000;
const minuteMs = 60_000;

/** What GitHub gives an installation with few repos; only told, unless a test sets a limit. */
const requestsPerHourTold = 5_000;

const secondaryPoints = { read: 1, write: 5 } as const;

class Window {
  readonly #lengthMs: number;
  #startMs = Number.NEGATIVE_INFINITY;
  #used = 0;

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  #roll(nowMs: number): void {
    if (nowMs < this.#startMs + this.#lengthMs) return;
    this.#startMs = nowMs;
    this.#used = 0;
  }

  used(nowMs: number): number {
    this.#roll(nowMs);
    return this.#used;
  }

  add(nowMs: number, amount: number): void {
    this.#roll(nowMs);
    this.#used += amount;
  }

  endsAtMs(nowMs: number): number {
    this.#roll(nowMs);
    return this.#startMs + this.#lengthMs;
  }
}

interface Counters {
  readonly core: Window;
  readonly graphql: Window;
  readonly points: Window;
  readonly contentPerMinute: Window;
  readonly contentPerHour: Window;
  concurrent: number;
}

export type Exceeded = 'primary' | 'secondary';

/** Counts what each actor uses; refuses only where the test set a limit. */
export class RateCounters {
  readonly #world: World;
  readonly #byActor = new Map<string, Counters>();

  constructor(world: World) {
    this.#world = world;
  }

  #of(actor: string): Counters {
    const known = this.#byActor.get(actor);
    if (known) return known;
    const made: Counters = {
      core: new Window(hourMs),
      graphql: new Window(hourMs),
      points: new Window(minuteMs),
      contentPerMinute: new Window(minuteMs),
      contentPerHour: new Window(hourMs),
      concurrent: 0,
    };
    this.#byActor.set(actor, made);
    return made;
  }

  #limit(resource: Cost['resource']): number | undefined {
    const { requestsPerHour, graphqlPointsPerHour } = this.#world.settings.limits;
    return resource === 'core' ? requestsPerHour : graphqlPointsPerHour;
  }

  /** Counts the request, or says which limit forbids it. Call `leave` when it ended. */
  enter(actor: string, cost: Cost): Exceeded | undefined {
    const counters = this.#of(actor);
    const now = this.#world.now();
    const { limits } = this.#world.settings;
    const points = cost.writes ? secondaryPoints.write : secondaryPoints.read;
    counters.concurrent += 1;
    const over = (used: number, limit: number | undefined): boolean => limit !== undefined && used > limit;
    if (over(counters[cost.resource].used(now) + 1, this.#limit(cost.resource))) return 'primary';
    if (over(counters.concurrent, limits.concurrentRequests)) return 'secondary';
    if (over(counters.points.used(now) + points, limits.pointsPerMinute)) return 'secondary';
    if (cost.writes && over(counters.contentPerMinute.used(now) + 1, limits.contentPerMinute)) return 'secondary';
    if (cost.writes && over(counters.contentPerHour.used(now) + 1, limits.contentPerHour)) return 'secondary';
    counters[cost.resource].add(now, 1);
    counters.points.add(now, points);
    return undefined;
  }

  leave(actor: string, contentCreated: number): void {
    const counters = this.#of(actor);
    counters.concurrent -= 1;
    counters.contentPerMinute.add(this.#world.now(), contentCreated);
    counters.contentPerHour.add(this.#world.now(), contentCreated);
  }

  /** A 304 does not count. */
  giveBack(actor: string, cost: Cost): void {
    this.#of(actor)[cost.resource].add(this.#world.now(), -1);
  }

  used(
    actor: string,
    resource: Cost['resource'],
  ): { readonly limit: number; readonly used: number; readonly remaining: number; readonly resetMs: number } {
    const window = this.#of(actor)[resource];
    const now = this.#world.now();
    const used = window.used(now);
    const limit = this.#limit(resource) ?? requestsPerHourTold;
    return { limit, used, remaining: Math.max(0, limit - used), resetMs: window.endsAtMs(now) };
  }

  headers(actor: string, resource: Cost['resource']): Record<string, string> {
    const { limit, used, remaining, resetMs } = this.used(actor, resource);
    return {
      'x-ratelimit-limit': `${limit}`,
      'x-ratelimit-remaining': `${remaining}`,
      'x-ratelimit-used': `${used}`,
      'x-ratelimit-reset': `${Math.ceil(resetMs / 1000)}`,
      'x-ratelimit-resource': resource,
    };
  }
}
