import { HostError } from '../ports/git-host.ts';
import type { TakenDelivery, TakenJob } from '../ports/store.ts';
import type { LoopContext } from './context.ts';
import { reconcile } from './reconcile.ts';
import { pauseAfter, textOf } from './retry.ts';
import { sweep, sweepEveryMs } from './sweep.ts';

export interface WorkerOptions {
  readonly context: LoopContext;
  /** Hands a delivery on to whoever understands it. May throw `HostError`. */
  readonly dispatch: (taken: TakenDelivery) => Promise<void>;
}

/** Jobs worked on at once: they wait for GitHub most of the time, and GitHub allows a hundred requests at once to everybody. */
const jobsAtOnce = 4;

/** Deliveries after which jobs start though more deliveries wait: a flood must not starve the work. */
const deliveriesBeforeJobs = 100;

/** Longest sleep between two looks into the queue. */
const longestSleepMs = 60_000;

/** How long done deliveries are remembered: GitHub offers them for redelivery for three days. */
const rememberedMs = 3 * 24 * 60 * 60_000;

/**
 * Works off the inbox and the queue, one of a key at a time, until it is stopped. What it is in the middle of when the process
 * dies is found again in the store.
 */
export class Worker {
  readonly #context: LoopContext;
  readonly #dispatch: WorkerOptions['dispatch'];
  readonly #inHand = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #sweepTimer: NodeJS.Timeout | undefined;
  #running = false;
  #delivering = false;
  #heard = false;
  #lines = 0;

  constructor({ context, dispatch }: WorkerOptions) {
    this.#context = context;
    this.#dispatch = dispatch;
  }

  start(): void {
    this.#running = true;
    this.#sweepTimer = setInterval(() => this.#begin(this.#sweep()), sweepEveryMs);
    this.#begin(this.#firstSweep());
    this.wake();
  }

  /** Something new is in the store: look at once. */
  wake(): void {
    this.#heard = true;
    if (!this.#running || this.#delivering) return;
    this.#delivering = true;
    this.#begin(this.#workOffDeliveries());
  }

  /** Whether anything is in hand or due; what waits for a later time does not count. */
  async busy(): Promise<boolean> {
    const { store, clock } = this.#context;
    if (this.#inHand.size > 0 || (await store.inbox.waiting()) > 0) return true;
    const dueMs = await store.queue.nextDueMs();
    return dueMs !== undefined && dueMs <= clock.now();
  }

  /** Takes nothing new, and resolves when what is in hand is done or the deadline (milliseconds) has passed. */
  async stop(deadlineMs: number): Promise<void> {
    this.#running = false;
    clearTimeout(this.#timer);
    clearInterval(this.#sweepTimer);
    const deadline = new Promise<void>((resolve) => setTimeout(resolve, deadlineMs).unref());
    await Promise.race([Promise.allSettled([...this.#inHand]), deadline]);
  }

  #begin(work: Promise<void>): void {
    const guarded = work.catch((error: unknown) => {
      this.#context.log.error({ error: textOf(error) }, 'A step of the loop failed: this is a fault of Pawl.');
    });
    this.#inHand.add(guarded);
    void guarded.finally(() => this.#inHand.delete(guarded));
  }

  /** Deliveries one after another, since many may come to one job; jobs start when none is left, or after enough of them. */
  async #workOffDeliveries(): Promise<void> {
    try {
      while (this.#running && this.#heard) {
        this.#heard = false;
        for (let done = 1; this.#running && (await this.#oneDelivery()); done += 1) {
          if (done % deliveriesBeforeJobs === 0) this.#startJobs();
        }
      }
    } finally {
      this.#delivering = false;
      this.#startJobs();
    }
  }

  /** As many lines of work as are allowed; each takes jobs until none is due. The last one to end sets the alarm. */
  #startJobs(): void {
    while (this.#running && this.#lines < jobsAtOnce) {
      this.#lines += 1;
      this.#begin(this.#line());
    }
  }

  async #line(): Promise<void> {
    try {
      while (this.#running && (await this.#oneJob()));
    } finally {
      this.#lines -= 1;
      if (this.#lines === 0 && this.#running) await this.#sleep();
    }
  }

  async #sleep(): Promise<void> {
    const { store, clock } = this.#context;
    const due = (await store.queue.nextDueMs()) ?? Number.POSITIVE_INFINITY;
    const pauseMs = Math.min(Math.max(due - clock.now(), 0), longestSleepMs);
    clearTimeout(this.#timer);
    if (this.#running) this.#timer = setTimeout(() => this.wake(), pauseMs);
  }

  async #oneDelivery(): Promise<boolean> {
    const { inbox } = this.#context.store;
    const taken = await inbox.take(this.#context.clock.now());
    if (taken === undefined) return false;
    try {
      await this.#dispatch(taken);
      await inbox.done(taken.key, this.#context.clock.now());
    } catch (error) {
      await this.#failed(error, taken.attempts, {
        retry: (dueAtMs, reason) => inbox.retry(taken.key, dueAtMs, reason),
        bury: (reason) => inbox.bury(taken.key, reason),
        facts: { delivery: taken.delivery.id, event: taken.delivery.event },
      });
    }
    return true;
  }

  async #oneJob(): Promise<boolean> {
    const { queue } = this.#context.store;
    const taken = await queue.take(this.#context.clock.now());
    if (taken === undefined) return false;
    await this.#job(taken);
    return true;
  }

  async #job(taken: TakenJob): Promise<void> {
    const { queue } = this.#context.store;
    try {
      await reconcile(taken.job, this.#context);
      await queue.done(taken.key);
    } catch (error) {
      await this.#failed(error, taken.attempts, {
        retry: (dueAtMs, reason) => queue.retry(taken.key, dueAtMs, reason),
        bury: (reason) => queue.bury(taken.key, reason, this.#context.clock.now()),
        facts: { job: taken.key, causes: taken.causes },
      });
    }
  }

  /** The world's failures are tried again with growing pauses; ours and the hopeless ones are put aside with their reason. */
  async #failed(error: unknown, attempts: number, item: FailedItem): Promise<void> {
    const { log, clock } = this.#context;
    const reason = textOf(error);
    const pauseMs = pauseAfter(error, attempts, clock.now());
    if (pauseMs === undefined) {
      log.error({ ...item.facts, reason, attempts: attempts + 1 }, 'Given up; it is put aside with its reason.');
      return item.bury(reason);
    }
    log.warn({ ...item.facts, reason, pauseMs }, 'It will be tried again.');
    await item.retry(clock.now() + pauseMs, reason);
  }

  /** A new process may have a new store: it asks GitHub which repos there are before it looks at them. */
  async #firstSweep(): Promise<void> {
    const { host, store, log } = this.#context;
    try {
      for (const repo of await host.listRepos()) await store.repos.put(repo);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      log.warn(
        { kind: error.kind, reason: error.message },
        'The list of repos cannot be read; webhooks will tell them.',
      );
    }
    await this.#sweep();
  }

  async #sweep(): Promise<void> {
    await sweep(this.#context);
    await this.#context.store.inbox.prune(this.#context.clock.now() - rememberedMs);
    this.wake();
  }
}

interface FailedItem {
  readonly retry: (dueAtMs: number, reason: string) => Promise<void>;
  readonly bury: (reason: string) => Promise<void>;
  readonly facts: object;
}
