import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/index.ts';
import { buriedJobsMax, causesMax } from '../../src/store/queue.ts';

let store: Store;

beforeEach(() => {
  store = openStore({ file: ':memory:', commitDelayMs: 0 });
});

afterEach(() => store.close());

const repo = { installationId: 7, id: 100, owner: 'acme', name: 'config' };

test('of the buried jobs the newest are kept', async () => {
  for (let index = 0; index < buriedJobsMax + 5; index += 1) {
    await store.queue.add({ repo, application: `app-${index}` }, 1_000, 'c');
    await store.queue.bury((await store.queue.take(1_000))?.key ?? '', 'broken', index);
  }
  const buried = await store.queue.buried();
  expect(buried).toHaveLength(buriedJobsMax);
  expect(buried[0]).toMatchObject({ key: `100/app-${buriedJobsMax + 4}` });
  expect(buried.at(-1)).toMatchObject({ key: '100/app-5' });
});

test('of many causes the newest are kept', async () => {
  for (let index = 1; index <= causesMax + 3; index += 1) {
    await store.queue.add({ repo, application: 'web' }, 1_000, `cause ${index}`);
  }
  expect((await store.queue.take(1_000))?.causes).toEqual(['cause 8', 'cause 7', 'cause 6', 'cause 5', 'cause 4']);
});
