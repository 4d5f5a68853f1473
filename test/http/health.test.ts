import { expect, test } from 'vitest';
import { alive, readiness } from '../../src/http/health.ts';

function aProbe(change: { ready?: () => Promise<boolean>; stopping?: boolean } = {}) {
  let nowMs = 0;
  const probe = readiness({
    store: { ready: change.ready ?? (async () => true) },
    clock: { now: () => nowMs },
    stopping: () => change.stopping ?? false,
    busy: async () => false,
  });
  return {
    probe,
    pass(ms: number) {
      nowMs += ms;
    },
  };
}

test('a process that answers is alive', () => {
  expect(alive()).toEqual({ status: 200, body: { status: 'alive' } });
});

test('is ready when the store can be written', async () => {
  expect(await aProbe().probe()).toEqual({ status: 200, body: { status: 'ready', reasons: [], busy: false } });
});

test.each([
  ['says no', async () => false],
  ['fails', () => Promise.reject(new Error('disk I/O error'))],
])('is not ready when the store %s', async (_what, ready) => {
  expect(await aProbe({ ready }).probe()).toEqual({
    status: 503,
    body: { status: 'not ready', reasons: ['The store cannot be written.'], busy: false },
  });
});

test('names every reason', async () => {
  expect(await aProbe({ ready: async () => false, stopping: true }).probe()).toMatchObject({
    body: { reasons: ['The store cannot be written.', 'The process is stopping.'] },
  });
});

test('looks at the store once a second at most, however often it is asked', async () => {
  let looks = 0;
  const { probe, pass } = aProbe({
    ready: async () => {
      looks += 1;
      return looks === 1;
    },
  });
  await Promise.all([probe(), probe(), probe()]);
  pass(999);
  expect(await probe()).toMatchObject({ status: 200 });
  expect(looks).toBe(1);
  pass(1);
  expect(await probe()).toMatchObject({ status: 503 });
});

test('does not wait for ever for a store that hangs', { timeout: 10_000 }, async () => {
  expect(await aProbe({ ready: () => new Promise(() => undefined) }).probe()).toMatchObject({ status: 503 });
});
