import { describe, expect, test } from 'vitest';
import { HostError } from '../../src/ports/git-host.ts';
import { pauseAfter, type Tried, textOf } from '../../src/reconcile/retry.ts';

const nowMs = 1_000_000;
const pause = (error: unknown, attempts = 0, what: Tried['what'] = 'job') =>
  pauseAfter(error, { what, attempts, nowMs });

describe('what the world did is tried again', () => {
  test('at once after somebody else wrote in between, then with pauses', () => {
    const moved = new HostError('moved', 'x');
    expect([pause(moved, 0), pause(moved, 1), pause(moved, 2)]).toEqual([0, 2_000, 4_000]);
  });

  test('with growing pauses while GitHub cannot be reached, five minutes at the most', () => {
    const away = new HostError('unreachable', 'x');
    expect([0, 1, 2, 3, 9].map((attempts) => pause(away, attempts))).toEqual([1_000, 2_000, 4_000, 8_000, 300_000]);
  });

  test('when a limit ends, not before', () => {
    expect(pause(new HostError('limited', 'x', nowMs + 600_000))).toBe(600_000);
    expect(pause(new HostError('limited', 'x', nowMs - 5))).toBe(1_000);
  });

  test('as often as a limit is met, but anything else only for about an hour', () => {
    expect(pause(new HostError('limited', 'x', nowMs + 600_000), 100)).toBe(600_000);
    expect([18, 19].map((attempts) => pause(new HostError('unreachable', 'x'), attempts))).toEqual([
      300_000,
      undefined,
    ]);
  });

  test('also when a library has wrapped it', () => {
    expect(pause(new AggregateError([new Error('other'), new HostError('unreachable', 'x')]))).toBe(1_000);
    expect(pause(new Error('outer', { cause: new HostError('moved', 'x') }))).toBe(0);
  });
});

test.each(['gone', 'forbidden', 'refused'] as const)('trying a job again does not help against %s', (kind) => {
  expect(pause(new HostError(kind, 'x'))).toBeUndefined();
});

test.each(['gone', 'forbidden'] as const)(
  'a delivery that meets %s is tried again: nobody sends it once more',
  (kind) => {
    const error = new HostError(kind, 'This installation has been suspended');
    const pauses = [0, 1, 2, 9, 18, 19].map((attempts) => pause(error, attempts, 'delivery'));
    expect(pauses).toEqual([1_000, 2_000, 4_000, 300_000, 300_000, undefined]);
    expect(pause(new AggregateError([error]), 0, 'delivery')).toBe(1_000);
  },
);

test('a delivery that GitHub finds wrong is not tried again', () => {
  expect(pause(new HostError('refused', 'x'), 0, 'delivery')).toBeUndefined();
});

test('a fault of our own is tried three times', () => {
  expect([0, 1, 2].map((attempts) => pause(new TypeError('x'), attempts))).toEqual([1_000, 2_000, undefined]);
});

test('an error is told by its name and message', () => {
  expect(textOf(new TypeError('no'))).toBe('TypeError: no');
  expect(textOf('odd')).toBe('odd');
});
