import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HostError } from '../../src/ports/git-host.ts';
import type { Delivery, Store, TakenDelivery } from '../../src/ports/store.ts';
import type { LoopContext } from '../../src/reconcile/context.ts';
import { sweepEveryMs } from '../../src/reconcile/sweep.ts';
import { linesAtOnce, Worker } from '../../src/reconcile/worker.ts';
import { openStore } from '../../src/store/index.ts';
import { LoopUnderTest, loopFiles, loopRepo } from '../build/a-loop.ts';
import { scratchFolder } from '../store/scratch-folder.ts';

/** Longer than what is done at once takes, shorter than any pause before another try. */
const momentMs = 200;

let loop: LoopUnderTest;
let workers: Worker[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
  loop = new LoopUnderTest();
  loop.repo.commit('a'.repeat(40), loopFiles({ 'web/dev': '1.0', 'web/staging': '1.0' }));
  workers = [];
});

afterEach(async () => {
  await Promise.all([...workers.map((worker) => worker.stop(1)), vi.advanceTimersByTimeAsync(1)]);
  await loop.store.close();
  vi.useRealTimers();
});

type Dispatch = (taken: TakenDelivery) => Promise<void>;

/** A worker on the store and the host of the test, or on others. Nothing is swept by itself: no repo is known. */
function start(dispatch: Dispatch, change: Partial<Pick<LoopContext, 'store' | 'host'>> = {}): Worker {
  const { store = loop.store, host = loop.context.host } = change;
  const clock = { now: () => Date.now() };
  const context: LoopContext = { ...loop.context, host: { ...host, listRepos: async () => [] }, store, clock };
  const worker = new Worker({ context, dispatch });
  workers.push(worker);
  worker.start();
  return worker;
}

async function add(id: string, line: string, store: Store = loop.store): Promise<void> {
  const rest: Omit<Delivery, 'id' | 'line'> = {
    origin: 'flux',
    event: 'flux',
    bodyHash: 'x',
    receivedAtMs: Date.now(),
    instance: undefined,
    payload: {},
  };
  await store.inbox.add({ ...rest, id, line });
}

const webJob = { repo: loopRepo, application: 'web' };

/** Works on deliveries only as far as the test lets it. */
class Gate {
  readonly begun: string[] = [];
  readonly ended: string[] = [];
  readonly #open = new Map<string, () => void>();

  readonly dispatch: Dispatch = async ({ delivery: { id } }) => {
    this.begun.push(id);
    await new Promise<void>((resolve) => this.#open.set(id, resolve));
    this.ended.push(id);
  };

  /** Lets the work on it end. */
  async open(id: string): Promise<void> {
    this.#open.get(id)?.();
    await vi.advanceTimersByTimeAsync(0);
  }
}

test('a repo that is slow keeps nobody waiting but itself', async () => {
  const many = Array.from({ length: 100 }, (_, index) => `slow ${index}`);
  for (const id of many) await add(id, 'acme/slow');
  for (const id of ['b1', 'b2', 'c1']) await add(id, `acme/${id.charAt(0)}`);
  await loop.store.queue.add(webJob, Date.now(), 'a report');
  const slow = Promise.withResolvers<void>();
  const done: string[] = [];
  const worker = start(async ({ delivery: { id, line } }) => {
    if (line === 'acme/slow') await slow.promise;
    done.push(id);
  });
  await vi.advanceTimersByTimeAsync(momentMs);
  expect(done).toEqual(['b1', 'c1', 'b2']);
  expect(loop.requests()).toContain('observe');
  await add('d1', 'acme/d');
  worker.wake();
  await vi.advanceTimersByTimeAsync(momentMs);
  expect(done.at(-1)).toBe('d1');
  slow.resolve();
  await vi.advanceTimersByTimeAsync(momentMs);
  expect(done.slice(4)).toEqual(many);
  expect(await worker.busy()).toBe(false);
});

test('several lines are worked on at once, and of each one delivery after another', async () => {
  const gate = new Gate();
  const letters = Array.from({ length: linesAtOnce + 1 }, (_, index) => String.fromCharCode(97 + index));
  for (const id of [...letters.map((letter) => `${letter}1`), 'a2']) await add(id, id.charAt(0));
  start(gate.dispatch);
  await vi.advanceTimersByTimeAsync(momentMs);
  const [last = ''] = letters.slice(-1);
  expect(gate.begun).toEqual(letters.slice(0, -1).map((letter) => `${letter}1`));
  await gate.open('a1');
  expect(gate.begun.at(-1)).toBe(`${last}1`);
  await gate.open('b1');
  expect(gate.begun.at(-1)).toBe('a2');
});

test('jobs wait a little for deliveries, which may come to the same job', async () => {
  const gate = new Gate();
  await add('a1', 'a');
  start(gate.dispatch);
  await vi.advanceTimersByTimeAsync(1);
  await loop.store.queue.add(webJob, Date.now(), 'the first report');
  await add('a2', 'a');
  await gate.open('a1');
  expect(loop.requests()).not.toContain('observe');
  await vi.advanceTimersByTimeAsync(1);
  await gate.open('a2');
  expect(loop.requests()).toContain('observe');
});

test('a delivery that meets a suspended installation is understood when that is mended', async () => {
  let suspended = true;
  const done: string[] = [];
  const worker = start(async ({ delivery }) => {
    if (suspended) throw new HostError('gone', 'This installation has been suspended');
    done.push(delivery.id);
  });
  await add('report', 'a');
  worker.wake();
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  suspended = false;
  await vi.advanceTimersByTimeAsync(5 * 60_000);
  expect(done).toEqual(['report']);
  expect(await worker.busy()).toBe(false);
});

/** The store of the test, of which some writes fail while `full` is true. */
function fullDisk(): { readonly store: Store; full: boolean } {
  const { store } = loop;
  const disk = { full: false };
  const writing =
    <Arguments extends readonly unknown[], Result>(write: (...given: Arguments) => Promise<Result>) =>
    async (...given: Arguments): Promise<Result> => {
      if (disk.full) throw new Error('database or disk is full');
      return write(...given);
    };
  const { inbox, queue } = store;
  return Object.assign(disk, {
    store: {
      ...store,
      inbox: {
        ...inbox,
        take: writing(inbox.take),
        done: writing(inbox.done),
        retry: writing(inbox.retry),
        bury: writing(inbox.bury),
        putBack: writing(inbox.putBack),
      },
      queue: {
        ...queue,
        take: writing(queue.take),
        done: writing(queue.done),
        retry: writing(queue.retry),
        bury: writing(queue.bury),
        putBack: writing(queue.putBack),
      },
    },
  });
}

test.each([
  ['it was done', undefined],
  ['it failed', new HostError('unreachable', 'GitHub does not answer')],
])('a delivery whose end could not be written when %s is taken again when it can be', async (_, failure) => {
  const disk = fullDisk();
  const tries: number[] = [];
  const worker = start(async ({ attempts }) => {
    tries.push(attempts);
    if (tries.length > 1) return;
    disk.full = true;
    if (failure !== undefined) throw failure;
  }, disk);
  await add('report', 'a');
  worker.wake();
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  expect(tries).toEqual([0]);
  expect(await worker.busy()).toBe(true);
  // The pauses grow to a minute: a full disk must not be filled by the log.
  expect(loop.logged.length).toBeLessThan(20);
  disk.full = false;
  await vi.advanceTimersByTimeAsync(60_000 + momentMs);
  expect(tries).toEqual([0, 1]);
  expect(await worker.busy()).toBe(false);
});

test.each([
  ['it was done', undefined],
  ['it failed', new HostError('unreachable', 'GitHub does not answer')],
])('a job whose end could not be written when %s does not stay in hand', async (_, failure) => {
  const disk = fullDisk();
  const { host } = loop.context;
  let looks = 0;
  const observe: typeof host.observe = async (repo, query) => {
    looks += 1;
    disk.full = looks === 1;
    if (disk.full && failure !== undefined) throw failure;
    return host.observe(repo, query);
  };
  const worker = start(async () => undefined, { ...disk, host: { ...host, observe } });
  await loop.store.queue.add(webJob, Date.now(), 'a report');
  worker.wake();
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  expect(looks).toBe(1);
  expect(await worker.busy()).toBe(true);
  disk.full = false;
  await vi.advanceTimersByTimeAsync(60_000 + momentMs);
  expect(looks).toBe(2);
  expect(await worker.busy()).toBe(false);
  expect(await loop.store.queue.buried()).toEqual([]);
});

test('nothing that was taken is forgotten when the worker stops', async () => {
  const folder = scratchFolder();
  const file = join(folder, 'pawl.sqlite');
  const before = openStore({ file, commitDelayMs: 0 });
  const ids = ['a1', 'a2', 'a3', 'b1', 'b2', 'c1'];
  for (const id of ids) await add(id, id.charAt(0), before);
  const gate = new Gate();
  const first = start(gate.dispatch, { store: before });
  await vi.advanceTimersByTimeAsync(momentMs);
  const stopped = first.stop(10_000);
  for (const id of ['a1', 'b1']) await gate.open(id);
  // The work on c1 hangs.
  await vi.advanceTimersByTimeAsync(10_000);
  await stopped;
  expect(gate.begun).toEqual(['a1', 'b1', 'c1']);
  await before.close();

  const after = openStore({ file, commitDelayMs: 0 });
  const done: string[] = [];
  const second = start(async ({ delivery }) => void done.push(delivery.id), { store: after });
  await vi.advanceTimersByTimeAsync(momentMs);
  expect(done.sort()).toEqual(['a2', 'a3', 'b2', 'c1']);
  expect(await second.busy()).toBe(false);
  await second.stop(1);
  await after.close();
  rmSync(folder, { recursive: true });
});

test('what is in hand in the store and not here is put back by the next sweep', async () => {
  const done: string[] = [];
  const worker = start(async ({ delivery }) => void done.push(delivery.id));
  await vi.advanceTimersByTimeAsync(momentMs);
  await add('lost', 'a');
  await loop.store.inbox.take(Date.now(), 1);
  worker.wake();
  await vi.advanceTimersByTimeAsync(momentMs);
  expect(done).toEqual([]);
  await vi.advanceTimersByTimeAsync(sweepEveryMs);
  expect(done).toEqual(['lost']);
});

test('what is worked on through a sweep is not put back', async () => {
  const gate = new Gate();
  await add('a1', 'a');
  await add('a2', 'a');
  start(gate.dispatch);
  await vi.advanceTimersByTimeAsync(sweepEveryMs + momentMs);
  await gate.open('a1');
  await gate.open('a2');
  await vi.advanceTimersByTimeAsync(momentMs);
  expect(gate.begun).toEqual(['a1', 'a2']);
});
