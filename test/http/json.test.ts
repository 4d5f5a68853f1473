import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonDepthMax, jsonValuesMax, parseJsonObject } from '../../src/http/json.ts';

function parse(text: string) {
  return parseJsonObject(Buffer.from(text));
}

function nested(depth: number): string {
  return `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
}

test('reads any object as JSON.parse does, as far as it can be stored', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ maxDepth: 5 })), (value) => {
      const text = JSON.stringify(value);
      const storable: unknown = JSON.parse(text.replaceAll(/(?<!\\)((?:\\\\)*)\\u0000/g, '$1\ufffd'));
      expect(parse(text)).toEqual({ kind: 'parsed', value: storable });
    }),
  );
});

describe('what cannot be stored everywhere is replaced', () => {
  test.each([
    ['{"a":"x\\u0000y"}', { a: 'x\ufffdy' }],
    ['{"a\\u0000":[{"b":"\\u0000"}]}', { 'a\ufffd': [{ b: '\ufffd' }] }],
    ['{"a":"\\ud800"}', { a: '\ufffd' }],
    ['{"a":"\\udc00\\ud800"}', { a: '\ufffd\ufffd' }],
    ['{"a":"\\ud83d\\ude00","n":1.5,"t":true,"z":null}', { a: '😀', n: 1.5, t: true, z: null }],
    ['{"a":"\\\\u0000"}', { a: '\\u0000' }],
  ])('%s', (text, value) => {
    expect(parse(text)).toEqual({ kind: 'parsed', value });
  });

  test('invalid UTF-8 too', () => {
    const body = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from('"}')]);
    expect(parseJsonObject(body)).toEqual({ kind: 'parsed', value: { a: '\ufffd(\ufffd' } });
  });

  test('a key named __proto__ stays a plain key', () => {
    const parsed = parse('{"__proto__":{"admin":true},"a":"\\u0000"}');
    const value = parsed.kind === 'parsed' ? parsed.value : {};
    expect(Object.keys(value)).toEqual(['__proto__', 'a']);
    expect('admin' in value).toBe(false);
  });
});

describe('is measured before it is parsed', () => {
  test('depth', () => {
    expect(parse(nested(jsonDepthMax)).kind).toBe('parsed');
    expect(parse(nested(jsonDepthMax + 1))).toEqual({
      kind: 'malformed',
      error: `The body nests more than ${jsonDepthMax} levels deep.`,
    });
  });

  test('number of values', () => {
    const list = (count: number) => `{"a":[${'1,'.repeat(count - 3)}1]}`;
    expect(parse(list(jsonValuesMax)).kind).toBe('parsed');
    expect(parse(list(jsonValuesMax + 1))).toMatchObject({ kind: 'malformed' });
  });

  test.each([
    ['brackets and commas', `{"a":"${'[{,'.repeat(jsonValuesMax)}"}`],
    ['escaped quotes', `{"a":"\\"${'['.repeat(500)}"}`],
    ['a backslash at its end', `{"a":"\\\\","b":"${'['.repeat(500)}"}`],
  ])('texts with %s do not count', (_what, text) => {
    expect(parse(text).kind).toBe('parsed');
  });

  test('a backslash at the end of a text does not hide what follows', () => {
    expect(parse(`{"a":"\\\\","b":${'['.repeat(500)}`)).toMatchObject({
      error: expect.stringContaining('levels deep'),
    });
  });
});

test.each([
  ['', 'The body is empty.'],
  ['null', 'The body is JSON but not an object.'],
  ['[{}]', 'The body is JSON but not an object.'],
  ['{\n "a": hello}', 'The body is not valid JSON.'],
  ['{"a":"secret-text', 'The body is not valid JSON (line 1 column 18).'],
  ['\ufeff{}', 'The body is not valid JSON'],
])('%j is refused: %s', (text, error) => {
  expect(parse(text)).toMatchObject({ kind: 'malformed', error: expect.stringContaining(error) });
  expect(JSON.stringify(parse(text))).not.toMatch(/hello|secret/);
});
