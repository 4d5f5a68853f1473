import { describe, expect, test } from 'vitest';
import {
  indentOf,
  lineAt,
  lineBreakNear,
  lineEnd,
  lineStart,
  lineStartsOf,
  nextLine,
} from '../../src/editors/yaml-lines.ts';

const text = 'ab\n\ncd\r\n  ef';

describe('lineAt', () => {
  test.each([
    [0, 1],
    [2, 1],
    [3, 2],
    [4, 3],
    [7, 3],
    [8, 4],
    [100, 4],
  ])('offset %i is in line %i', (offset, line) => {
    expect(lineAt(lineStartsOf(text), offset)).toBe(line);
  });

  test('a text without lines has line 1', () => {
    expect(lineAt(lineStartsOf(''), 0)).toBe(1);
  });

  test('agrees with counting, at every offset', () => {
    const long = Array.from({ length: 40 }, (_, index) => 'x'.repeat(index % 5)).join('\n');
    const starts = lineStartsOf(long);
    for (let offset = 0; offset <= long.length; offset += 1) {
      expect(lineAt(starts, offset)).toBe(long.slice(0, offset).split('\n').length);
    }
  });
});

describe('the ends of a line', () => {
  test.each([
    [0, 0, 2, 3],
    [1, 0, 2, 3],
    [3, 3, 3, 4],
    [5, 4, 6, 8],
    [9, 8, 12, 12],
  ])('around offset %i it goes from %i to %i, the next one starts at %i', (offset, start, end, next) => {
    expect([lineStart(text, offset), lineEnd(text, offset), nextLine(text, offset)]).toEqual([start, end, next]);
  });

  test('a byte order mark is not part of the first line', () => {
    expect(lineStart('\uFEFFab', 2)).toBe(1);
  });
});

describe('lineBreakNear', () => {
  test.each([
    ['a\r\nb\n', 0, '\r\n'],
    ['a\r\nb\n', 3, '\n'],
    ['a\r\nb', 3, '\r\n'],
    ['a\nb', 2, '\n'],
    ['a', 0, '\n'],
    ['\n', 0, '\n'],
  ])('in %j at %i', (near, offset, expected) => {
    expect(lineBreakNear(near, offset)).toBe(expected);
  });
});

describe('indentOf', () => {
  test.each([
    ['  - name: x', 4, '    '],
    ['a\n  b', 4, '  '],
    ['\uFEFF- a', 3, '  '],
    ['-\ta', 2, ' \t'],
  ])('in %j before %i', (line, offset, indent) => {
    expect(indentOf(line, offset)).toBe(indent);
  });
});
