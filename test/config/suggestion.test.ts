import { expect, test } from 'vitest';
import { nearest, suggest } from '../../src/config/suggestion.ts';

const words = ['environments', 'applications', 'syncs', 'in'];

test.each([
  ['enviroments', 'environments'],
  ['environment', 'environments'],
  ['Environments', 'environments'],
  ['aplication', 'applications'],
  ['sync', 'syncs'],
  ['syncss', 'syncs'],
  ['on', 'in'],
  ['ni', 'in'],
  ['colour', undefined],
  ['x', undefined],
  ['', undefined],
  ['e'.repeat(100), undefined],
])('%s stands for %s', (written, expected) => {
  expect(nearest(written, words)).toBe(expected);
});

test('nothing near: what may be written, or nothing', () => {
  expect(suggest('colour', ['a', 'b', 'c'])).toBe('Write `a`, `b` or `c`.');
  expect(suggest('colour', [])).toBe('Remove it.');
});
