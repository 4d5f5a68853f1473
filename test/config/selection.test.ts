import { expect, test } from 'vitest';
import { selectionsOverlap } from '../../src/config/selection.ts';

test.each([
  [['a'], ['a'], true],
  [['a', 'b'], ['c', 'b'], true],
  [['a'], ['b'], false],
  [['image.tag'], ['image'], false],
  [['*'], ['ghcr.io/acme/web'], true],
  [['ghcr.io/acme/*'], ['ghcr.io/acme/web'], true],
  [['ghcr.io/acme/*'], ['ghcr.io/other/web'], false],
  [['*/web'], ['*/api'], false],
  [['*/web'], ['ghcr.io/*'], true],
  [['a*b'], ['a*b'], true],
  [[], ['a'], false],
])('%j and %j', (a, b, expected) => {
  expect(selectionsOverlap({ images: a }, { images: b })).toBe(expected);
  expect(selectionsOverlap({ images: b }, { images: a })).toBe(expected);
});
