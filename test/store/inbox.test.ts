import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import { buriedDeliveriesMax } from '../../src/store/inbox.ts';
import { openStore } from '../../src/store/index.ts';
import { rowsPerPage } from '../../src/store/sqlite.ts';

let store: Store;

beforeEach(() => {
  store = openStore({ file: ':memory:', commitDelayMs: 0 });
});

afterEach(() => store.close());

function add(id: string) {
  const receivedAtMs = 1_000;
  const payload = { id };
  return store.inbox.add({
    id,
    origin: 'github',
    event: 'push',
    line: 'acme/config',
    bodyHash: 'aa',
    receivedAtMs,
    instance: undefined,
    payload,
  });
}

test('of the buried deliveries the newest are kept', async () => {
  const ids = Array.from({ length: buriedDeliveriesMax + 5 }, (_, index) => `delivery-${index}`);
  for (const id of ids) {
    await add(id);
    await store.inbox.bury((await store.inbox.take(1_000, 1))[0]?.key ?? 0, 'unreadable');
  }
  await store.inbox.prune(0);
  for (const id of ids) await add(id);
  const taken = await store.inbox.take(1_000, ids.length);
  // What was kept is due again under its own key; what was forgotten is new.
  const forgotten = taken.filter(({ key }) => key > ids.length).map(({ delivery }) => delivery.id);
  expect(taken).toHaveLength(ids.length);
  expect(forgotten).toEqual(ids.slice(0, 5));
});

test('counts what waits also when a delivery is settled twice', async () => {
  await add('one');
  await add('two');
  const key = (await store.inbox.take(1_000, 1))[0]?.key ?? 0;
  await store.inbox.done(key, 1_000);
  await store.inbox.done(key, 1_000);
  await store.inbox.bury(key, 'x');
  expect(await store.inbox.waiting()).toBe(1);
});

test('forgets more than one page of what was done', async () => {
  const ids = Array.from({ length: rowsPerPage * 2 + 1 }, (_, index) => `delivery-${index}`);
  for (const id of ids) {
    await add(id);
    await store.inbox.done((await store.inbox.take(1_000, 1))[0]?.key ?? 0, 1_500);
  }
  await store.inbox.prune(2_000);
  const again = await Promise.all(ids.map(add));
  expect(new Set(again)).toEqual(new Set(['added']));
});
