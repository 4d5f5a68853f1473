import { describe, expect, test } from 'vitest';
import { applySplices } from '../../src/editors/yaml-splice.ts';

const put = (start: number, end: number, insert: string) => ({ start, end, insert });

describe('applySplices', () => {
  test.each([
    ['none', [], 'abcdef'],
    ['one', [put(1, 3, 'X')], 'aXdef'],
    ['an insertion', [put(3, 3, 'X')], 'abcXdef'],
    ['several, in any order', [put(5, 6, ''), put(0, 1, 'X'), put(2, 2, 'Y')], 'XbYcde'],
    ['neighbours', [put(0, 2, 'X'), put(2, 4, 'Y')], 'XYef'],
    ['everything', [put(0, 6, '')], ''],
    ['an insertion at the end of another', [put(2, 4, 'X'), put(4, 4, 'Y')], 'abXYef'],
  ])('%s', (_, splices, expected) => {
    expect(applySplices('abcdef', splices)).toBe(expected);
  });

  test.each([
    ['two that overlap', [put(0, 3, ''), put(2, 4, '')]],
    ['two in one place', [put(0, 2, 'X'), put(0, 2, 'Y')]],
    ['one behind the end', [put(5, 7, '')]],
    ['one that ends before it starts', [put(3, 2, '')]],
  ])('not %s', (_, splices) => {
    expect(applySplices('abcdef', splices)).toBeUndefined();
  });
});
