import { Worker } from 'node:worker_threads';
import { type ConfigRead, DeadlineError, type Decider } from '../ports/decider.ts';
import type { Plan } from '../promotion/action.ts';
import type { Snapshot } from '../promotion/snapshot.ts';

/** What the thread is asked, and what it answers. */
export type Question =
  | { readonly id: number; readonly kind: 'config'; readonly text: string }
  | { readonly id: number; readonly kind: 'plan'; readonly snapshot: Snapshot };
export type Answer =
  | { readonly id: number; readonly ok: true; readonly value: ConfigRead | Plan }
  | { readonly id: number; readonly ok: false; readonly error: string };

/** Longest time for one question, milliseconds. A file at the size limit takes about half a second to read. */
const defaultDeadlineMs = 5_000;
/** Heap of the thread, MiB: twenty files at the size limit fit, a bomb does not. */
const heapMegabytesMax = 256;

interface Pending {
  readonly what: string;
  readonly resolve: (value: ConfigRead | Plan) => void;
  readonly reject: (error: Error) => void;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Reads configurations and decides in a thread of its own, one question at a time. A text that takes too long or needs too
 * much memory ends the thread, not the process; its question is rejected and the next one gets a new thread.
 */
export class WorkerDecider implements Decider {
  readonly #deadlineMs: number;
  #thread: Worker | undefined;
  #pending = new Map<number, Pending>();
  #nextId = 1;

  constructor({ deadlineMs = defaultDeadlineMs }: { readonly deadlineMs?: number } = {}) {
    this.#deadlineMs = deadlineMs;
  }

  /** Starts the thread before the first question, which would otherwise wait for it. */
  warmUp(): void {
    this.#threadNow();
  }

  async readConfig(text: string): Promise<ConfigRead> {
    const value = await this.#ask('The configuration', (id) => ({ id, kind: 'config', text }));
    if ('ok' in value) return value;
    throw new Error('the deciding thread answered another question');
  }

  async plan(snapshot: Snapshot): Promise<Plan> {
    const value = await this.#ask(`The decision about ${snapshot.application}`, (id) => ({
      id,
      kind: 'plan',
      snapshot,
    }));
    if ('lanes' in value) return value;
    throw new Error('the deciding thread answered another question');
  }

  async close(): Promise<void> {
    await this.#thread?.terminate();
  }

  #ask(what: string, question: (id: number) => Question): Promise<ConfigRead | Plan> {
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { what, resolve, reject, timer: undefined });
      this.#threadNow().postMessage(question(id));
      this.#watchFirst();
    });
  }

  /** The thread answers in order, so only the oldest question's time runs. */
  #watchFirst(): void {
    const [first] = this.#pending;
    if (first === undefined || first[1].timer !== undefined) return;
    const [id, pending] = first;
    pending.timer = setTimeout(() => this.#giveUp(id), this.#deadlineMs);
  }

  #giveUp(id: number): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    pending.reject(new DeadlineError(pending.what, this.#deadlineMs));
    const thread = this.#thread;
    this.#lose(new Error('the deciding thread was ended because another question took too long'));
    void thread?.terminate();
  }

  #threadNow(): Worker {
    if (this.#thread !== undefined) return this.#thread;
    const thread = new Worker(new URL('./thread.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytesMax },
    });
    thread.unref();
    thread.on('message', (answer: Answer) => this.#answered(answer));
    thread.on('error', (error: Error) => this.#ended(thread, error));
    thread.on('exit', () => this.#ended(thread, new Error('the deciding thread ended')));
    this.#thread = thread;
    return thread;
  }

  #answered(answer: Answer): void {
    const pending = this.#pending.get(answer.id);
    if (pending === undefined) return;
    this.#pending.delete(answer.id);
    clearTimeout(pending.timer);
    if (answer.ok) pending.resolve(answer.value);
    else pending.reject(new Error(answer.error));
    this.#watchFirst();
  }

  #ended(thread: Worker, error: Error): void {
    if (this.#thread === thread) this.#lose(error);
  }

  /** Questions the thread had not answered are rejected: their jobs are tried again. */
  #lose(error: Error): void {
    this.#thread = undefined;
    const lost = [...this.#pending.values()];
    this.#pending = new Map();
    for (const pending of lost) {
      clearTimeout(pending.timer);
      pending.reject(error);
    }
  }
}
