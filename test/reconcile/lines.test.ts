import { expect, test } from 'vitest';
import { Lines } from '../../src/reconcile/lines.ts';

function linesOf(...items: readonly string[]): Lines<string> {
  const lines = new Lines<string>();
  for (const item of items) lines.add(item.charAt(0), item);
  return lines;
}

/** Everything that can be had while nothing ends. */
function allNext(lines: Lines<string>): readonly string[] {
  const items: string[] = [];
  for (let next = lines.next(); next !== undefined; next = lines.next()) items.push(next.item);
  return items;
}

test('one of a line is worked on at a time', () => {
  const lines = linesOf('a1', 'a2', 'b1', 'a3');
  expect(allNext(lines)).toEqual(['a1', 'b1']);
  lines.ended('a');
  expect(allNext(lines)).toEqual(['a2']);
  lines.ended('b');
  expect(allNext(lines)).toEqual([]);
  lines.ended('a');
  expect(lines.next()).toEqual({ line: 'a', item: 'a3' });
});

test('lines take turns, however much waits in one', () => {
  const lines = linesOf('a1', 'a2', 'a3', 'b1', 'c1', 'b2');
  const order: string[] = [];
  for (let next = lines.next(); next !== undefined; next = lines.next()) {
    order.push(next.item);
    lines.ended(next.line);
  }
  expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
});

test('what comes to a line that is worked on waits in it', () => {
  const lines = linesOf('a1');
  lines.next();
  lines.add('a', 'a2');
  expect(lines.next()).toBeUndefined();
  lines.ended('a');
  expect(lines.next()).toEqual({ line: 'a', item: 'a2' });
});

test('counts what waits and what is worked on', () => {
  const lines = linesOf('a1', 'a2', 'a3', 'b1');
  expect([lines.size, lines.working]).toEqual([4, 0]);
  lines.next();
  expect([lines.size, lines.working]).toEqual([4, 1]);
  expect([...lines.withAtLeast(1)].sort()).toEqual(['a', 'b']);
  expect([...lines.withAtLeast(2)]).toEqual(['a']);
  lines.ended('a');
  expect([lines.size, lines.working]).toEqual([3, 0]);
});
