import { describe, expect, test } from 'vitest';
import { readYaml, type YamlFile } from '../../src/editors/yaml.ts';
import { type Located, locate } from '../../src/editors/yaml-locate.ts';
import { contentEnd, foreignMeaning, readText, replaceText, sharedRefusal } from '../../src/editors/yaml-scalar.ts';
import { applySplices } from '../../src/editors/yaml-splice.ts';

/** The value of the key `a` of a text, or of `m.a`. */
function at(text: string): { readonly file: YamlFile; readonly located: Located } {
  const read = readYaml(text);
  if (!read.ok) throw new Error(read.refusal.reason);
  const plain = locate(read.file, 0, ['a']);
  const located = plain.ok ? plain : locate(read.file, 0, ['m', 'a']);
  if (!located.ok) throw new Error(located.refusal.reason);
  return { file: read.file, located: located.at };
}

function replace(text: string, version: string): unknown {
  const { file, located } = at(text);
  const replaced = replaceText(file, located, version);
  return replaced.ok ? applySplices(text, replaced.splices) : replaced.refusal;
}

describe('readText', () => {
  test.each([
    ['a: 1.10', '1.10'],
    ['a: "v\\x31"', 'v1'],
    ["a: 'it''s'", "it's"],
    ['a: >-\n  v1\n', 'v1'],
    ['a: x\n  y', 'x y'],
    ['b: &x on\na: *x', 'on'],
    ['a: ~', ''],
    ['a:', ''],
    ['a: ""', ''],
    ['a: !!str null', 'null'],
    ['a: !!str', ''],
  ])('%j reads as %j', (text, expected) => {
    const { file, located } = at(text);
    expect(readText(file, located)).toMatchObject({ ok: true, text: expected });
  });

  test.each([
    ['b: 1\na: |\n  x\n', 2, 'a holds several lines of text'],
    ['a: "x\\ny"', 1, 'a holds several lines of text'],
    ['a: "x\\u2028y"', 1, 'a holds several lines of text'],
    ['a: {b: 1}', 1, 'a is a map, not a single value. Select the value inside it.'],
    ['a: []', 1, 'a is a list, not a single value.'],
    ['a: {{ x }}', 1, 'Write the version itself.'],
    ['a: "{{ x }}"', 1, 'a holds a template expression'],
    ['a: *x', 1, 'a is the alias *x, which repeats nothing'],
    ['b: &x []\na: *x', 2, 'a is the alias *x, not a single value'],
    ['a: !!int 1', 1, 'a carries the tag !!int'],
    ['a: ! x', 1, 'a carries the tag !'],
    [`a: v\${X}`, 1, 'Flux fills in'],
    ['a: ENC[x]', 1, 'encrypted by SOPS'],
  ])('%j is refused', (text, line, reason) => {
    const { file, located } = at(text);
    expect(readText(file, located)).toEqual({ ok: false, refusal: { line, reason: expect.stringContaining(reason) } });
  });
});

describe('replaceText', () => {
  test.each([
    ['a: v1 # c\n', 'v2', 'a: v2 # c\n'],
    ["a: 'v1'\n", 'v2', "a: 'v2'\n"],
    ['a: "v1"\n', '1.10', 'a: "1.10"\n'],
    ['a: v1\n', '1.10', 'a: "1.10"\n'],
    ['a: 1.10\n', '1.10', 'a: "1.10"\n'],
    ['a: "v1"\n', 'v1', 'a: "v1"\n'],
    ['a: !!str 1.10\n', '1.10', 'a: !!str 1.10\n'],
    ['a: !!str # c\n', '1.10', 'a: !!str 1.10 # c\n'],
    ['a: &x v1\n', 'v2', 'a: &x v2\n'],
    ['a:   # c\n', 'v2', 'a: v2   # c\n'],
    ['a:\n\n# c\nb: 1\n', 'v2', 'a: v2\n\n# c\nb: 1\n'],
    ['{a: }\n', 'v2', '{a: v2 }\n'],
    ['{a: &x , b: 1}\n', 'v2', '{a: &x v2 , b: 1}\n'],
    ['{"a": null}\n', 'v2', '{"a": "v2"}\n'],
    ['{"a":v1}\n', 'v2', '{"a":"v2"}\n'],
    ['{a: null}\n', 'v2', '{a: v2}\n'],
    ['b: &x v1\na: *x # c\n', 'v2', 'b: &x v1\na: v2 # c\n'],
    ['b: &x v1\na: *x\n', 'v1', 'b: &x v1\na: *x\n'],
    ['a: |- # c\n  x\n  y  \n\nb: 1\n', 'v2', 'a: v2 # c\n\nb: 1\n'],
    ['a: |\r\n  x\r\nb: 1\r\n', 'v2', 'a: v2\r\nb: 1\r\n'],
    ['a: >2-\n  x', 'v2', 'a: v2'],
    ['a: |\nb: 1\n', 'v2', 'a: v2\nb: 1\n'],
    ['a: "x\n  y"\n', 'v2', 'a: "v2"\n'],
    ['m: {a: v1,b: 1}\n', 'a: b', 'm: {a: "a: b",b: 1}\n'],
  ])('%j with %j becomes %j', (text, version, expected) => {
    expect(replace(text, version)).toBe(expected);
  });

  test.each([
    ['a: &x v1\nb: *x\n', 1, 'a belongs to the anchor &x, which is repeated in line 2'],
    ['m: &x\n  a: v1\nb: [*x, *x]\n', 2, 'm.a belongs to the anchor &x, which is repeated in line 3 and'],
    ['a: []\n', 1, 'a is a list'],
    ['{a:}\n', 1, 'without a blank behind its colon'],
    ['{b: 1, a:, c: 1}\n', 1, 'without a blank behind its colon'],
    ['a: !x v1\n', 1, 'a carries the tag !x'],
    [`a: \${X}\n`, 1, 'Flux fills in'],
  ])('%j is refused', (text, line, reason) => {
    expect(replace(text, 'v2')).toEqual({ line, reason: expect.stringContaining(reason) });
  });
});

describe('foreignMeaning', () => {
  test.each(['v1', '$x', '{x}', 'x ENC[', ''])('%j means what it says', (text) => {
    expect(foreignMeaning(text)).toBeUndefined();
  });
});

describe('sharedRefusal', () => {
  test('an anchor nobody repeats and an alias share nothing', () => {
    const { file, located } = at('b: &y v1\na: &x v1\nc: *y\n');
    expect(sharedRefusal(file, 'a', [...located.trail, located.value])).toBeUndefined();
  });
});

describe('contentEnd', () => {
  test.each([
    ['a: v1 # c\n', 'v1'],
    ['a: |\n  x  \n\n\n', '|\n  x  '],
    ['a:\n- b: 1\n  c: |+\n    x\n\n', '- b: 1\n  c: |+\n    x'],
    ['a: [x, y ] # c\n', '[x, y ]'],
    ['a:\n  - x\n  -\n', '- x\n  -'],
    ['a:\n  b:\n', 'b:'],
    ['a:\n  ? b\n', '? b'],
  ])('in %j the value is %j', (text, expected) => {
    const { file, located } = at(text);
    const start = expected.startsWith('?') ? text.indexOf('?') : located.value.start;
    expect(text.slice(start, contentEnd(file.text, located.value))).toBe(expected);
  });
});
