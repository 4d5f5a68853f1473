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

test.each([
  [{ name: 'web' }, { name: 'api' }, false],
  [{ name: 'web' }, { name: 'web' }, true],
  [{ name: 'web' }, { kind: 'HelmRelease' }, true],
  [{ name: 'web', kind: 'HelmRelease' }, { name: 'web', kind: 'Kustomization' }, false],
  [{ name: 'web-{environment}[-{target}]' }, { name: 'api-{environment}[-{target}]' }, false],
  [{ name: 'web-{environment}' }, { name: 'web-dev' }, true],
  [{ name: 'web-*' }, { name: 'web-dev' }, true],
  [{ name: 'web' }, undefined, true],
  [{ name: 'image' }, { name: 'tag' }, false],
])('the documents %j and %j', (a, b, expected) => {
  expect(selectionsOverlap(of(['image'], { document: a }), of(['image'], { document: b }))).toBe(expected);
  expect(selectionsOverlap(of(['image'], { document: b }), of(['image'], { document: a }))).toBe(expected);
});

test('what names a document selects nothing in it', () => {
  expect(selectionsOverlap(of(['a'], { document: { name: 'b' } }), of(['b']))).toBe(false);
});
