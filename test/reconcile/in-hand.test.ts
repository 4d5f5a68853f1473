import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import { InHand } from '../../src/reconcile/in-hand.ts';
import { openStore } from '../../src/store/index.ts';

let store: Store;
let logged: string[];
let goneOn: number;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  // Writes share commits, as in earnest: what happens in one commit is what is easily got wrong.
  store = openStore({ file: ':memory:' });
  logged = [];
  goneOn = 0;
});

afterEach(async () => {
  await store.close();
  vi.useRealTimers();
});

function inHandOf(change: Partial<Store['inbox']> = {}): InHand {
  const write = (_facts: object, sentence: string) => void logged.push(sentence);
  const inHand = new InHand({
    store: { ...store, inbox: { ...store.inbox, ...change } },
    clock: { now: () => 1_000 },
    log: { info: write, warn: write, error: write },
    goOn: () => {
      goneOn += 1;
    },
  });
  inHand.start();
  return inHand;
}

function add(id: string) {
  const rest = { origin: 'flux', event: 'flux', line: 'a', bodyHash: 'x', receivedAtMs: 1_000 } as const;
  return store.inbox.add({ ...rest, id, instance: undefined, payload: {} });
}

const job = { repo: { installationId: 1, id: 7, owner: 'acme', name: 'config' }, application: 'web' };
const noLines: ReadonlySet<string> = new Set();
const done = { kind: 'done' } as const;

test('takes no more deliveries than there is room for', async () => {
  await Promise.all(Array.from({ length: 100 }, (_, index) => add(`delivery ${index}`)));
  const inHand = inHandOf();
  const taken = [];
  for (let some = await inHand.takeDeliveries(noLines); some.length > 0; some = await inHand.takeDeliveries(noLines)) {
    taken.push(...some);
  }
  expect(taken).toHaveLength(64);
  for (const one of taken.slice(0, 3)) await inHand.settleDelivery(one, done);
  expect(await inHand.takeDeliveries(noLines)).toHaveLength(3);
});

test('settles what is done, is to be tried again, and is given up', async () => {
  for (const id of ['done', 'again', 'given up']) await add(id);
  const inHand = inHandOf();
  const [first, second, third] = await inHand.takeDeliveries(noLines);
  if (first === undefined || second === undefined || third === undefined) throw new Error('not all were taken');
  await inHand.settleDelivery(first, done);
  await inHand.settleDelivery(second, { kind: 'again', dueAtMs: 5_000, reason: 'x' });
  await inHand.settleDelivery(third, { kind: 'given-up', reason: 'x' });
  expect(await store.inbox.waiting()).toBe(1);
  expect(await store.queue.nextDueMs()).toBe(5_000);

  await store.queue.add(job, 1_000, 'x');
  const one = await inHand.takeJob();
  if (one === undefined) throw new Error('it was not taken');
  await inHand.settleJob(one, { kind: 'given-up', reason: 'broken' });
  expect(await store.queue.buried()).toMatchObject([{ application: 'web', reason: 'broken', atMs: 1_000 }]);
});

test('what is taken in the same moment is not put back', async () => {
  await add('delivery');
  await store.queue.add(job, 1_000, 'x');
  const inHand = inHandOf();
  const [deliveries, taken] = await Promise.all([inHand.takeDeliveries(noLines), inHand.takeJob(), inHand.putBack()]);
  expect([deliveries.length, taken?.job]).toEqual([1, job]);
  expect([await inHand.takeDeliveries(noLines), await inHand.takeJob()]).toEqual([[], undefined]);
});

test('a job that is taken again in the moment its last run is settled is in hand', async () => {
  await store.queue.add(job, 1_000, 'x');
  const inHand = inHandOf();
  const first = await inHand.takeJob();
  await store.queue.add(job, 1_000, 'y');
  await store.queue.add({ ...job, application: 'later' }, 1_000, 'z');
  if (first === undefined) throw new Error('it was not taken');
  const [, second] = await Promise.all([inHand.settleJob(first, done), inHand.takeJob()]);
  expect(second?.causes).toEqual(['y']);
  await inHand.putBack();
  expect((await inHand.takeJob())?.causes).toEqual(['z']);
  expect(await inHand.takeJob()).toBeUndefined();
});

test('a write that fails while others are put back is put back too', async () => {
  for (const id of ['one', 'two']) await add(id);
  const puttingBack = Promise.withResolvers<void>();
  const inHand = inHandOf({
    done: () => Promise.reject(new Error('database or disk is full')),
    putBack: async (held) => {
      await store.inbox.putBack(held);
      await puttingBack.promise;
    },
  });
  const [one, two] = await inHand.takeDeliveries(noLines);
  if (one === undefined || two === undefined) throw new Error('they were not taken');
  await inHand.settleDelivery(one, done);
  expect([inHand.mayTake, inHand.failing]).toEqual([false, true]);
  await vi.advanceTimersByTimeAsync(1_000);
  await inHand.settleDelivery(two, done);
  puttingBack.resolve();
  await vi.advanceTimersByTimeAsync(1_999);
  expect([goneOn, inHand.mayTake]).toEqual([0, false]);
  await vi.advanceTimersByTimeAsync(1);
  await vi.waitUntil(() => goneOn === 1);
  expect([inHand.mayTake, inHand.failing]).toEqual([true, false]);
  expect((await inHand.takeDeliveries(noLines)).map(({ delivery }) => delivery.id)).toEqual(['one', 'two']);
});

test('after stop nothing is put back, and a store that is closed is no fault', async () => {
  await add('one');
  const inHand = inHandOf();
  const [one] = await inHand.takeDeliveries(noLines);
  if (one === undefined) throw new Error('it was not taken');
  inHand.stop();
  await store.close();
  await inHand.settleDelivery(one, done);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([inHand.mayTake, inHand.failing, goneOn, logged]).toEqual([false, false, 0, []]);
});
