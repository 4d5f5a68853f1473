import { expect, test } from 'vitest';
import { Lru } from '../../src/github/lru.ts';

test('what was not used for longest goes first', () => {
  const lru = new Lru<string>(3);
  for (const key of ['a', 'b', 'c']) lru.set(key, key.toUpperCase(), 1);
  expect(lru.get('a')).toBe('A');
  lru.set('d', 'D', 1);
  expect(['a', 'b', 'c', 'd'].map((key) => lru.get(key))).toEqual(['A', undefined, 'C', 'D']);
});

test('the limit is on the cost, not the number', () => {
  const lru = new Lru<number>(10);
  lru.set('small', 1, 1);
  lru.set('large', 2, 9);
  lru.set('more', 3, 2);
  expect([lru.get('small'), lru.get('large'), lru.get('more')]).toEqual([undefined, undefined, 3]);
});

test('a new value takes the place and the cost of the old one', () => {
  const lru = new Lru<number>(10);
  lru.set('a', 1, 9);
  lru.set('a', 2, 2);
  lru.set('b', 3, 8);
  expect([lru.get('a'), lru.get('b')]).toEqual([2, 3]);
});

test('what is larger than the limit is not kept, and replaces what was there', () => {
  const lru = new Lru<number>(10);
  lru.set('a', 1, 1);
  lru.set('a', 2, 11);
  expect(lru.get('a')).toBeUndefined();
});
