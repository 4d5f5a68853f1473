import { expect, test } from 'vitest';
import { Turns } from '../../src/reconcile/turns.ts';

/** A step that begins when it is let and ends when it is told. */
function aStep(log: string[], name: string) {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const work = async () => {
    log.push(`${name} begins`);
    await promise;
    log.push(`${name} ends`);
    return name;
  };
  return { work, end: resolve, fail: reject };
}

test('work of one key runs in turn, that of another beside it', async () => {
  const turns = new Turns();
  const log: string[] = [];
  const [one, two, other] = [aStep(log, 'one'), aStep(log, 'two'), aStep(log, 'other')];
  const all = [turns.run(1, one.work), turns.run(1, two.work), turns.run(2, other.work)];
  other.end();
  await all[2];
  expect(log).toEqual(['one begins', 'other begins', 'other ends']);
  one.end();
  two.end();
  expect(await Promise.all(all)).toEqual(['one', 'two', 'other']);
  expect(log.slice(3)).toEqual(['one ends', 'two begins', 'two ends']);
});

test('work that fails does not keep back what comes after it', async () => {
  const turns = new Turns();
  const log: string[] = [];
  const [one, two] = [aStep(log, 'one'), aStep(log, 'two')];
  const first = turns.run(1, one.work);
  const second = turns.run(1, two.work);
  one.fail(new Error('no'));
  two.end();
  await expect(first).rejects.toThrow('no');
  expect(await second).toBe('two');
});
