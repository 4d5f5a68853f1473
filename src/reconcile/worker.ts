import { HostError } from '../ports/git-host.ts';
import type { TakenDelivery, TakenJob } from '../ports/store.ts';
import type { LoopContext } from './context.ts';
import { InHand, type Outcome } from './in-hand.ts';
import { Lines, type Next } from './lines.ts';
import { reconcile } from './reconcile.ts';
import { pauseAfter, type Tried, textOf } from './retry.ts';
import { sweep, sweepEveryMs } from './sweep.ts';

export interface WorkerOptions {
  readonly context: LoopContext;
  /** Hands a delivery on to whoever understands it. May throw `HostError`. */
  readonly dispatch: (taken: TakenDelivery) => Promise<void>;
}

/** Jobs worked on at once: they wait for GitHub most of the time, and GitHub allows a hundred requests at once to everybody. */
const jobsAtOnce = 4;

/** Lines of deliveries worked on at once, so that a repo for which GitHub is slow keeps nobody waiting but itself. */
export const linesAtOnce = 8;

/** Nothing more is taken of a line in which so many wait: the others come first. */
const waitingInLineMax = 8;

/** Longest time a job waits while deliveries are worked on, of which several may come to the same job. */
const jobsWaitMs = 100;

/** Longest sleep between two looks into the queue. */
const longestSleepMs = 60_000;

/** How long done deliveries are remembered: GitHub offers them for redelivery for three days. */
const rememberedMs = 3 * 24 * 60 * 60_000;

/**
 * Works off the inbox and the queue, one of a line and one of a key at a time, until it is stopped. What it is in the middle of
 * when the process dies is found again in the store.
 */
export class Worker {
  readonly #context: LoopContext;
  readonly #dispatch: WorkerOptions['dispatch'];
  readonly #inHand: InHand;
  readonly #lines = new Lines<TakenDelivery>();
  readonly #underWay = new Set<Promise<void>>();
  /** How often something was begun. */
  #begun = 0;
  #alarm: { readonly timer: NodeJS.Timeout; readonly atMs: number } | undefined;
  #sweepTimer: NodeJS.Timeout | undefined;
  #running = false;
  #taking = false;
  #heard = false;
  #jobLines = 0;

  constructor({ context, dispatch }: WorkerOptions) {
    this.#context = context;
    this.#dispatch = dispatch;
    const { store, clock, log } = context;
    this.#inHand = new InHand({ store, clock, log, goOn: () => this.wake() });
  }

  start(): void {
    this.#running = true;
    this.#inHand.start();
    this.#sweepTimer = setInterval(() => this.#begin(this.#sweep()), sweepEveryMs);
    this.#begin(this.#firstSweep());
    this.wake();
  }

  /** Something new is in the store: look at once. */
  wake(): void {
    this.#heard = true;
    if (!this.#inHand.mayTake || this.#taking) return;
    this.#taking = true;
    this.#begin(this.#takeDeliveries());
  }

  /** Whether anything is in hand or due; of jobs, what waits for a later time does not count. */
  async busy(): Promise<boolean> {
    const { store, clock } = this.#context;
    const begun = this.#begun;
    const waiting = await store.inbox.waiting();
    const dueMs = await store.queue.nextDueMs();
    // Looked at last: what was due a moment ago may have been taken in hand since, or have made something else due.
    if (this.#begun !== begun || this.#underWay.size > 0 || this.#inHand.failing || waiting > 0) return true;
    return dueMs !== undefined && dueMs <= clock.now();
  }

  /**
   * Takes nothing new, begins nothing that waits, and resolves when what is under way is done or the deadline (milliseconds) has
   * passed. The next start puts the rest back.
   */
  async stop(deadlineMs: number): Promise<void> {
    this.#running = false;
    this.#inHand.stop();
    clearTimeout(this.#alarm?.timer);
    clearInterval(this.#sweepTimer);
    const deadline = new Promise<void>((resolve) => setTimeout(resolve, deadlineMs).unref());
    await Promise.race([Promise.all(this.#underWay), deadline]);
  }

  #begin(work: Promise<void>): void {
    this.#begun += 1;
    const guarded = work.catch((error: unknown) => {
      this.#context.log.error({ error: textOf(error) }, 'A step of the loop failed: this is a fault of Pawl.');
    });
    this.#underWay.add(guarded);
    void guarded.finally(() => this.#underWay.delete(guarded));
  }

  /** Jobs wait a little for deliveries, since many may come to one job. */
  async #takeDeliveries(): Promise<void> {
    try {
      while (this.#inHand.mayTake && this.#heard) {
        this.#heard = false;
        while (await this.#takeSome());
      }
    } finally {
      this.#taking = false;
    }
    if (this.#lines.size === 0) this.#startJobs();
    else await this.#setAlarm(jobsWaitMs);
  }

  /** Says whether there were any. */
  async #takeSome(): Promise<boolean> {
    if (!this.#inHand.mayTake) return false;
    const taken = await this.#inHand.takeDeliveries(this.#lines.withAtLeast(waitingInLineMax));
    for (const one of taken) this.#lines.add(one.delivery.line, one);
    this.#workLines();
    return taken.length > 0;
  }

  #workLines(): void {
    while (this.#running && this.#lines.working < linesAtOnce) {
      const next = this.#lines.next();
      if (next === undefined) return;
      this.#begin(this.#deliver(next));
    }
  }

  /** The next of the line does not wait until this one is settled: their writes share a flush to the disk. */
  async #deliver({ line, item }: Next<TakenDelivery>): Promise<void> {
    const { id, event } = item.delivery;
    const outcome = await this.#attempt({
      what: 'delivery',
      attempts: item.attempts,
      facts: { delivery: id, event },
      work: () => this.#dispatch(item),
    });
    this.#lines.ended(line);
    this.#workLines();
    await this.#inHand.settleDelivery(item, outcome);
    this.wake();
  }

  /** As many jobs at once as are allowed, each followed by others until none is due. The last one to end sets the alarm. */
  #startJobs(): void {
    while (this.#inHand.mayTake && this.#jobLines < jobsAtOnce) {
      this.#jobLines += 1;
      this.#begin(this.#workJobs());
    }
  }

  async #workJobs(): Promise<void> {
    try {
      while (this.#inHand.mayTake && (await this.#oneJob()));
    } finally {
      this.#jobLines -= 1;
    }
    if (this.#jobLines === 0) await this.#setAlarm(this.#lines.size === 0 ? 0 : jobsWaitMs);
  }

  async #oneJob(): Promise<boolean> {
    const taken = await this.#inHand.takeJob();
    if (taken === undefined) return false;
    await this.#inHand.settleJob(taken, await this.#job(taken));
    return true;
  }

  #job({ key, attempts, causes, job }: TakenJob): Promise<Outcome> {
    const work = () => reconcile(job, this.#context);
    return this.#attempt({ what: 'job', attempts, facts: { job: key, causes }, work });
  }

  /** The world's failures are tried again with growing pauses; ours and the hopeless ones are put aside with their reason. */
  async #attempt({ what, attempts, facts, work }: Attempt): Promise<Outcome> {
    const { log, clock } = this.#context;
    try {
      await work();
      return { kind: 'done' };
    } catch (error) {
      const [reason, nowMs] = [textOf(error), clock.now()];
      const pauseMs = pauseAfter(error, { what, attempts, nowMs });
      if (pauseMs === undefined) {
        log.error({ ...facts, reason, attempts: attempts + 1 }, 'Given up; it is put aside with its reason.');
        return { kind: 'given-up', reason };
      }
      log.warn({ ...facts, reason, pauseMs }, 'It will be tried again.');
      return { kind: 'again', dueAtMs: nowMs + pauseMs, reason };
    }
  }

  /** For when the next job or delivery is due, at the earliest `leastMs` from now; an earlier alarm stays. */
  async #setAlarm(leastMs: number): Promise<void> {
    const { store, clock } = this.#context;
    const dueMs = (await store.queue.nextDueMs()) ?? Number.POSITIVE_INFINITY;
    const pauseMs = Math.min(Math.max(dueMs - clock.now(), leastMs), longestSleepMs);
    const atMs = clock.now() + pauseMs;
    if (!this.#running || (this.#alarm !== undefined && this.#alarm.atMs <= atMs)) return;
    clearTimeout(this.#alarm?.timer);
    this.#alarm = { timer: setTimeout(() => this.#ring(), pauseMs), atMs };
  }

  #ring(): void {
    this.#alarm = undefined;
    this.#startJobs();
    this.wake();
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
    await this.#inHand.putBack();
    await sweep(this.#context);
    await this.#context.store.inbox.prune(this.#context.clock.now() - rememberedMs);
    this.wake();
  }
}

interface Attempt extends Omit<Tried, 'nowMs'> {
  readonly facts: object;
  readonly work: () => Promise<void>;
}
