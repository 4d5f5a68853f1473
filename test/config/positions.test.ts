import { expect, test } from 'vitest';
import { lineAndColumn, lineStartsOf } from '../../src/config/positions.ts';

test.each([
  ['', 0, 1, 1],
  ['abc', 2, 1, 3],
  ['a\nb', 1, 1, 2],
  ['a\nb', 2, 2, 1],
  ['a\r\nb', 3, 2, 1],
  ['\n\n\n', 2, 3, 1],
  ['a\nb\nc', 5, 3, 2],
])('%j at %d', (text, offset, line, column) => {
  expect(lineAndColumn(lineStartsOf(text), offset)).toEqual({ line, column });
});
