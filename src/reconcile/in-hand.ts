import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Store, TakenDelivery, TakenJob } from '../ports/store.ts';
import { textOf } from './retry.ts';
import { Turns } from './turns.ts';

/** Deliveries taken in one write. */
const takenAtOnce = 16;
/** Deliveries in hand: enough for every line, few enough to be counted as tried when the process dies. */
const heldMax = 64;

/** Pauses between two tries to go on after the store failed. */
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

/** Nothing is put back between its taking and our knowing of it: both go in turn, for each kind. */
const turnOf = { deliveries: 0, jobs: 1 } as const;

/** How the work on something ended. Times are epoch milliseconds. */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'again'; readonly dueAtMs: number; readonly reason: string }
  | { readonly kind: 'given-up'; readonly reason: string };

export interface InHandOptions {
  readonly store: Pick<Store, 'inbox' | 'queue'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Called when there may be something to take again after the store failed. */
  readonly goOn: () => void;
}

/**
 * What was taken from the store and is not settled there. When the store cannot be written, for instance because the disk is full,
 * nothing more is taken; what was lost sight of by then is put back as soon as it can be, and done again.
 */
export class InHand {
  readonly #options: InHandOptions;
  readonly #turns = new Turns();
  readonly #deliveries = new Set<TakenDelivery>();
  readonly #jobs = new Set<TakenJob>();
  #pauseMs = firstPauseMs;
  #timer: NodeJS.Timeout | undefined;
  /** Whether another write failed while what was lost is being put back. */
  #failedAgain = false;
  #state: 'working' | 'failing' | 'stopped' = 'stopped';

  constructor(options: InHandOptions) {
    this.#options = options;
  }

  start(): void {
    this.#state = 'working';
  }

  /** From now on nothing is taken or put back. What is in hand can still be settled. */
  stop(): void {
    this.#state = 'stopped';
    clearTimeout(this.#timer);
  }

  /** Whether anything may be taken. */
  get mayTake(): boolean {
    return this.#state === 'working';
  }

  /** Whether the store failed and something may have to be put back. */
  get failing(): boolean {
    return this.#state === 'failing';
  }

  /** The oldest deliveries that are due, as many as there is room for. */
  async takeDeliveries(exceptLines: ReadonlySet<string>): Promise<readonly TakenDelivery[]> {
    const { store, clock } = this.#options;
    const atMost = Math.min(takenAtOnce, heldMax - this.#deliveries.size);
    if (atMost <= 0) return [];
    const taken = await this.#inTurn('deliveries', async () => {
      const some = await store.inbox.take(clock.now(), atMost, exceptLines);
      for (const one of some) this.#deliveries.add(one);
      return some;
    });
    return taken ?? [];
  }

  async takeJob(): Promise<TakenJob | undefined> {
    const { store, clock } = this.#options;
    return this.#inTurn('jobs', async () => {
      const one = await store.queue.take(clock.now());
      if (one !== undefined) this.#jobs.add(one);
      return one;
    });
  }

  async settleDelivery(taken: TakenDelivery, outcome: Outcome): Promise<void> {
    const { store, clock } = this.#options;
    await this.#settle(outcome, {
      done: () => store.inbox.done(taken.key, clock.now()),
      again: (dueAtMs, reason) => store.inbox.retry(taken.key, dueAtMs, reason),
      giveUp: (reason) => store.inbox.bury(taken.key, reason),
    });
    this.#deliveries.delete(taken);
  }

  async settleJob(taken: TakenJob, outcome: Outcome): Promise<void> {
    const { store, clock } = this.#options;
    await this.#settle(outcome, {
      done: () => store.queue.done(taken.key),
      again: (dueAtMs, reason) => store.queue.retry(taken.key, dueAtMs, reason),
      giveUp: (reason) => store.queue.bury(taken.key, reason, clock.now()),
    });
    this.#jobs.delete(taken);
  }

  /** Makes due again what is in hand in the store and not here: a write about it failed. */
  async putBack(): Promise<void> {
    const { inbox, queue } = this.#options.store;
    await Promise.all([
      this.#turns.run(turnOf.deliveries, () => inbox.putBack(new Set([...this.#deliveries].map(({ key }) => key)))),
      this.#turns.run(turnOf.jobs, () => queue.putBack(new Set([...this.#jobs].map(({ key }) => key)))),
    ]);
  }

  /** The store failed: nothing is taken for a while. After `stop` the next start puts back what is left. */
  failed(error: unknown): void {
    this.#failedAgain = true;
    if (this.#state !== 'stopped') {
      this.#options.log.error({ error: textOf(error) }, 'The store failed; work goes on when it can be written.');
    }
    if (this.#state !== 'working') return;
    this.#state = 'failing';
    this.#goOnLater();
  }

  /** Undefined when the store failed. */
  async #inTurn<Taken>(what: keyof typeof turnOf, take: () => Promise<Taken>): Promise<Taken | undefined> {
    try {
      return await this.#turns.run(turnOf[what], take);
    } catch (error) {
      this.failed(error);
      return undefined;
    }
  }

  async #settle(outcome: Outcome, write: Settling): Promise<void> {
    try {
      await writeOutcome(outcome, write);
      this.#pauseMs = firstPauseMs;
    } catch (error) {
      this.failed(error);
    }
  }

  #goOnLater(): void {
    this.#timer = setTimeout(() => void this.#goOn(), this.#pauseMs);
    this.#pauseMs = Math.min(2 * this.#pauseMs, longestPauseMs);
  }

  async #goOn(): Promise<void> {
    this.#failedAgain = false;
    try {
      await this.putBack();
    } catch (error) {
      this.failed(error);
    }
    if (!this.failing) return;
    if (this.#failedAgain) return this.#goOnLater();
    this.#state = 'working';
    this.#options.goOn();
  }
}

interface Settling {
  done(): Promise<void>;
  again(dueAtMs: number, reason: string): Promise<void>;
  giveUp(reason: string): Promise<void>;
}

async function writeOutcome(outcome: Outcome, write: Settling): Promise<void> {
  switch (outcome.kind) {
    case 'done':
      return write.done();
    case 'again':
      return write.again(outcome.dueAtMs, outcome.reason);
    case 'given-up':
      return write.giveUp(outcome.reason);
  }
}
