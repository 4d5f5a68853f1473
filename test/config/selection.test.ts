import { expect, test } from 'vitest';
import { selectionsOverlap } from '../../src/config/selection.ts';

const of = (images: readonly string[], more: object = {}) => ({ editor: 'images', where: { images, ...more } });

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
  expect(selectionsOverlap(of(a), of(b))).toBe(expected);
  expect(selectionsOverlap(of(b), of(a))).toBe(expected);
});
