import { expect, test } from 'vitest';
import { openStore } from '../../src/store/index.ts';
import { openedKeptMs } from '../../src/store/journal.ts';

test('opened pull requests are forgotten after a while', async () => {
  const store = openStore({ file: ':memory:', commitDelayMs: 0 });
  await store.journal.opened(100, 'web in staging', 1, 1_000);
  await store.journal.opened(100, 'web in staging', 2, 1_001);
  await store.journal.opened(100, 'web in staging', 3, 1_001 + openedKeptMs);
  expect(await store.journal.openedSince(100, 0)).toBe(2);
  await store.close();
});
