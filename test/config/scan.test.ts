import { describe, expect, test } from 'vitest';
import { depthMax, markersMax, scan, tokensMax } from '../../src/config/scan.ts';
import { edited, problemsIn } from './some-config.ts';

describe('YAML that is not wanted', () => {
  test.each<[string, string, string, readonly string[]]>([
    [
      'an anchor',
      'dev: {}',
      'dev: &dev {}',
      ['4:8: Anchors (`&dev`) are not used here. Write the value where it is needed.'],
    ],
    [
      'an alias',
      'after: dev',
      'after: *dev',
      ['6:12: Aliases (`*dev`) are not used here. Write the value, or quote the text.'],
    ],
    ['a bare star', '["*"]', '[*]', ['13:18: A bare `*` begins an alias in YAML. Quote it: `"*"`.']],
    [
      'a tag',
      'name: search',
      'name: !!str search',
      ['16:11: Tags (`!!str`) are not used here. Remove it, or quote the text.'],
    ],
    [
      'a tag of a program',
      'name: search',
      'name: !!js/function search',
      ['16:11: Tags (`!!js/function`) are not used here. Remove it, or quote the text.'],
    ],
    [
      'a second document',
      'withdrawAfter: 15m',
      'withdrawAfter: 15m\n---\nversion: 1',
      ['31:1: A second document begins here. Keep one document and remove this `---` or `...`.'],
    ],
    [
      'text behind the end of the document',
      'withdrawAfter: 15m',
      'withdrawAfter: 15m\n...\nversion: 1',
      ['32:1: A second document begins here. Keep one document and remove this `---` or `...`.'],
    ],
    [
      'a directive',
      'version: 1',
      '%YAML 1.1\n---\nversion: 1',
      [
        '2:1: A YAML directive would change what the rest of the file means. Remove this line; the file is read as YAML 1.2.',
      ],
    ],
  ])('%s', (_, piece, other, expected) => {
    expect(problemsIn(edited(piece, other))).toEqual(expected);
  });
});

describe('texts that are too much', () => {
  /** How far a scan that gives up has read, in characters. */
  const readOf = (text: string): number => {
    const { mistakes, fatal } = scan(text);
    expect(fatal).toBe(true);
    return mistakes.at(-1)?.offset ?? 0;
  };

  test.each([
    ['open brackets', '['],
    ['open braces', '{a: '],
    ['list items', '- '],
    ['explicit keys', '? '],
  ])('%s within each other', (_, sign) => {
    expect(readOf(sign.repeat(100_000))).toBeLessThanOrEqual(depthMax * sign.length + sign.length);
  });

  test.each([
    ['keys', (index: number) => `${' '.repeat(index)}a:\n`],
    ['items', (index: number) => `${' '.repeat(index)}-\n`],
  ])('%s indented by one column more in each line', (_, line) => {
    const text = Array.from({ length: 700 }, (__, index) => line(index)).join('');
    expect(readOf(text)).toBeLessThan(70 * 70);
  });

  test.each([['!a '], ['&a '], ['*a ']])('%j over and over', (marker) => {
    expect(readOf(marker.repeat(100_000))).toBeLessThanOrEqual(markersMax * marker.length);
  });

  test.each([
    ['keys', 'key: value\n'],
    ['empty lines', '\n'],
    ['quotes', '""'],
    ['commas', '[,] '],
  ])('%s without end', (_, piece) => {
    expect(readOf(piece.repeat(200_000))).toBeLessThanOrEqual(tokensMax * piece.length);
  });

  test('a text as large as people write is read to its end', () => {
    const lines = Array.from({ length: 6500 }, (_, index) => `key${index}: value # remark\n`);
    expect(scan(lines.join(''))).toEqual({ mistakes: [], fatal: false });
  });
});

test.each(['"&a *b !c %d --- [ {"', "'- - - -'", '%', 'a&b*c!d'])('the text %s is no marker', (value) => {
  expect(scan(`key: ${value}\n`)).toEqual({ mistakes: [], fatal: false });
});
