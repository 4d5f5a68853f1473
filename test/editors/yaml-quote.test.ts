import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { isTyped, quote } from '../../src/editors/yaml-quote.ts';

/** What some reader of YAML takes for a number, a boolean, a date, nothing or a merge when it stands bare. */
const typed = [
  ...[
    '1.10',
    '1.0',
    '0123',
    '08',
    '1e5',
    '1e3',
    '584e156',
    '7e12345',
    '123e4567',
    '1234567',
    '20240101123456',
    '1.',
    '1e',
  ],
  ...[
    '0x1F',
    '0X1f',
    '0o17',
    '0O7',
    '0b11',
    '1_000',
    '9514_',
    '1__0.5_',
    '12:30:45',
    '1:2',
    '190:20:30.15',
    'e5',
    'E000000',
  ],
  ...['on', 'On', 'OFF', 'y', 'Y', 'n', 'N', 'yes', 'No', 'true', 'FALSE', 'null', 'Null', 'NULL', '~', '', '=', '<<'],
  ...[
    '.inf',
    '-.INF',
    '.nan',
    '+1',
    '-1.5',
    '.5',
    '2024-01-02',
    '2024-1-2',
    '2024-01-02T03:04:05Z',
    '2024-01-02 03:04:05',
  ],
];

/** What every reader takes for a text. */
const untyped = [
  ...['v1', '1.2.3', '1.21.0', 'latest', 'latest@sha256:abc', 'sha256:0123', 'ghcr.io/acme/web:1.2', '0a1b2c3', 'x_1'],
  ...[
    '1.2.3-rc.1',
    '1-2',
    'yesno',
    'nulls',
    'e',
    '2024-01-02-nightly',
    '127.0.0.1',
    'a1e5',
    '1e5x',
    '5.x',
    'localhost:5000/x',
  ],
];

describe('isTyped', () => {
  test.each(typed)('%j is', (text) => {
    expect(isTyped(text)).toBe(true);
  });
  // `e` alone is quoted without need: it is too short to be told from an exponent simply.
  test.each(untyped.filter((text) => text !== 'e'))('%j is not', (text) => {
    expect(isTyped(text)).toBe(false);
  });
});

describe('quote', () => {
  test.each(typed)('%j is put in quotes', (text) => {
    expect(quote(text, { style: 'plain', tagged: false })).toBe(`"${text}"`);
  });

  test.each(untyped.filter((text) => text !== 'e'))('%j stays bare', (text) => {
    expect(quote(text, { style: 'plain', tagged: false })).toBe(text);
  });

  test.each([
    ['x: y', '"x: y"'],
    ['x:', '"x:"'],
    ['x #y', '"x #y"'],
    [' x', '" x"'],
    ['x ', '"x "'],
    ['- x', '"- x"'],
    ['*x', '"*x"'],
    ['&x', '"&x"'],
    ['!x', '"!x"'],
    ['@x', '"@x"'],
    ['`x', '"`x"'],
    ['%x', '"%x"'],
    ['[x', '"[x"'],
    ['x,y', '"x,y"'],
    ["'q", `"'q"`],
    ['"q', '"\\"q"'],
    ['\\', '"\\\\"'],
    ['---', '"---"'],
    ['a\nb', '"a\\u000Ab"'],
    ['a\tb', '"a\\u0009b"'],
    ['\u00A0', '"\\u00A0"'],
    ['\u2028', '"\\u2028"'],
    ['\uFEFF', '"\\uFEFF"'],
    ['é😀', '"é😀"'],
  ])('%j becomes %s', (text, token) => {
    expect(quote(text, { style: 'plain', tagged: false })).toBe(token);
  });

  test.each([
    ['v1', "'v1'"],
    ["it's", "'it''s'"],
    ['1.10', "'1.10'"],
    ['a\nb', '"a\\u000Ab"'],
    ['', "''"],
  ])('single quotes are kept for %j where they can be', (text, token) => {
    expect(quote(text, { style: 'single', tagged: false })).toBe(token);
  });

  test('behind !!str a number is a text without quotes', () => {
    expect(quote('1.10', { style: 'plain', tagged: true })).toBe('1.10');
    expect(quote('a: b', { style: 'plain', tagged: true })).toBe('"a: b"');
  });

  test('half a surrogate pair has no spelling', () => {
    expect(quote('a\uDC00', { style: 'double', tagged: false })).toBeUndefined();
  });

  test('every text reads back as itself, in lines and in braces, under both versions', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string(),
      fc.stringMatching(/^[-+.0-9_:eExXoOb]{1,10}$/),
      fc.stringMatching(/^[ynofYNOFtrueflsTRUEFLS~=<]{1,5}$/),
    );
    fc.assert(
      fc.property(texts, fc.constantFrom('plain', 'single', 'double'), (text, style) => {
        if (!text.isWellFormed()) return;
        const token = quote(text, { style, tagged: false });
        for (const version of ['1.1', '1.2'] as const) {
          expect(parse(`a: ${token} # c\nb: 1\n`, { version })).toEqual({ a: text, b: 1 });
          expect(parse(`{a: ${token}, b: 1}`, { version })).toEqual({ a: text, b: 1 });
          expect(parse(`- ${token}\n- ${token}`, { version })).toEqual([text, text]);
        }
        if (style === 'double') expect(JSON.parse(token ?? '')).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });
});
