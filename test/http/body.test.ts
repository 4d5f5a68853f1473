import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { byteBudget, readBody } from '../../src/http/body.ts';

/** A request on a connection that leads nowhere: its chunks are pushed by hand, and `null` ends it. */
function aRequest(): IncomingMessage {
  return new IncomingMessage(new Socket());
}

function limits(change: { bytesMax?: number; deadlineMs?: number; budgetBytes?: number } = {}) {
  const { bytesMax = 10, deadlineMs = 5_000, budgetBytes = 100 } = change;
  return { bytesMax, deadlineMs, budget: byteBudget(budgetBytes) };
}

test('gives the bytes of all chunks and says how much of the budget they took', async () => {
  const request = aRequest();
  const reading = readBody(request, limits());
  for (const chunk of [Buffer.from('hello'), Buffer.from('12345'), null]) request.push(chunk);
  expect(await reading).toEqual({ kind: 'read', bytes: Buffer.from('hello12345'), taken: 10 });
});

test.each([
  ['more than the limit', { bytesMax: 9 }, 'too-large'],
  ['more than the budget has left', { budgetBytes: 9 }, 'crowded'],
])('stops at %s, and the budget takes back what was taken', async (_what, change, kind) => {
  const request = aRequest();
  const given = limits(change);
  const reading = readBody(request, given);
  for (const chunk of [Buffer.from('hello'), Buffer.from('12345')]) request.push(chunk);
  const read = await reading;
  expect(read).toEqual({ kind, taken: 5 });
  given.budget.giveBack(read.taken);
  expect(given.budget.takenBytes()).toBe(0);
});

test('stops waiting when the time is over', async () => {
  const request = aRequest();
  request.push(Buffer.from('hello'));
  expect(await readBody(request, limits({ deadlineMs: 5 }))).toEqual({ kind: 'slow', taken: 5 });
});

test('notices that the sender went away, before and while it reads', async () => {
  const before = aRequest();
  before.destroy();
  expect(await readBody(before, limits())).toEqual({ kind: 'gone', taken: 0 });
  const meanwhile = aRequest();
  const reading = readBody(meanwhile, limits());
  meanwhile.destroy();
  expect(await reading).toEqual({ kind: 'gone', taken: 0 });
});
