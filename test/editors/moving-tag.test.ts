import { expect, test } from 'vitest';
import { isMovingImage, isMovingTag } from '../../src/editors/moving-tag.ts';

test.each([
  ['latest', true],
  ['Latest', true],
  ['latest-1', false],
  ['v1-latest', false],
  ['latest@sha256:abc', false],
  ['', false],
])('the tag %j moves: %s', (tag, expected) => {
  expect(isMovingTag(tag)).toBe(expected);
});

test.each([
  ['web:latest', true],
  ['ghcr.io:443/acme/web:LATEST', true],
  ['web:latest@sha256:abc', false],
  ['web@sha256:abc:latest', false],
  ['web:v1', false],
  ['web:latest-1', false],
  ['web/latest', false],
  ['latest', false],
  ['the newest: :latest', false],
])('the image %j moves: %s', (image, expected) => {
  expect(isMovingImage(image)).toBe(expected);
});
