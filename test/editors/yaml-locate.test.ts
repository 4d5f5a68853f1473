import { describe, expect, test } from 'vitest';
import { readYaml, type YamlFile } from '../../src/editors/yaml.ts';
import {
  isNull,
  itemField,
  joinPath,
  kindOf,
  type Lookup,
  locate,
  lookup,
  type PathStep,
  tagName,
} from '../../src/editors/yaml-locate.ts';

function read(text: string): YamlFile {
  const result = readYaml(text);
  if (!result.ok) throw new Error(result.refusal.reason);
  return result.file;
}

describe('locate', () => {
  test.each<[string, readonly PathStep[], string, string]>([
    ['a: [{n: x, c: v0}, {n: y, c: v1}]', ['a', { key: 'n', value: 'y' }, 'c'], 'v1', 'a[n=y].c'],
    ['a: [{c: v0}, y, {"n": "y", c: v1}]', ['a', { key: 'n', value: 'y' }, 'c'], 'v1', 'a[n=y].c'],
    ['y: &y b\na: [{n: *y, c: v1}, {n: a}]', ['a', { key: 'n', value: 'b' }, 'c'], 'v1', 'a[n=b].c'],
    ['a: [{n: yz, c: v0}, {n: xy}, {n: y, c: v1}]', ['a', { key: 'n', value: 'y' }, 'c'], 'v1', 'a[n=y].c'],
    ['a: [{n: 1.10, c: v1}, {n: 1.1}]', ['a', { key: 'n', value: '1.10' }, 'c'], 'v1', 'a[n=1.10].c'],
    ['a: {b: [x, {c: v1}]}', ['a', 'b', 1, 'c'], 'v1', 'a.b[1].c'],
    ['"a.b": v1', ['a.b'], 'v1', '["a.b"]'],
    ['80: v1', ['80'], 'v1', '80'],
    ['? a\n: v1', ['a'], 'v1', 'a'],
    ['x: &k a\n*k : v1', ['a'], 'v1', 'a'],
    ['a: !!map {b: v1}', ['a', 'b'], 'v1', 'a.b'],
    ['<<: {a: v0}\na: v1', ['a'], 'v1', 'a'],
  ])('in %j finds %j', (text, segments, found, path) => {
    const file = read(text);
    const located = locate(file, 0, segments);
    if (!located.ok) throw new Error(located.refusal.reason);
    const { value } = located.at;
    expect(text.slice(value.start, value.end)).toBe(found);
    expect(located.at.path).toBe(path);
    expect(located.at.trail).toHaveLength(segments.length);
  });

  test('tells the index of an item that was selected by a field', () => {
    const located = locate(read('a: [{n: x}, {n: y, c: [v0, v1]}]'), 0, ['a', { key: 'n', value: 'y' }, 'c', 1]);
    expect(located.ok && located.at.segments).toEqual(['a', 1, 'c', 1]);
  });

  test('each document by its number', () => {
    const file = read('a: 1\n---\na: 2\n');
    const ends = [0, 1, 2].map((document) => locate(file, document, ['a']));
    expect(ends.map((each) => (each.ok && each.at.value.kind === 'scalar' ? each.at.value.text : each))).toEqual([
      '1',
      '2',
      { ok: false, refusal: { line: undefined, reason: 'The file is empty.' }, missing: true },
    ]);
  });

  test.each<[string, readonly PathStep[], number, string]>([
    ['a:\n- {n: x}\n', ['a', { key: 'n', value: 'y' }], 2, 'a[n=y] is missing: no item of a has the n y.'],
    ['a: []\n', ['a', { key: 'n', value: 'y' }], 1, 'a[n=y] is missing: no item of a has the n y.'],
    ['a: {n: y}\n', ['a', { key: 'n', value: 'y' }], 1, 'a[n=y] is missing: a is a map.'],
    ['a:\n- b\n- {n: y}\n- n: y\n', ['a', { key: 'n', value: 'y' }], 3, '2 items have the n y, in lines 3 and 4.'],
    ['a:\n- {n: y}\n- {n: x, n: y}\n', ['a', { key: 'n', value: 'y' }], 3, 'this item has its n twice or only through'],
    ['a:\n- {n: y}\n- {<<: {n: y}}\n', ['a', { key: 'n', value: 'y' }], 3, 'this item has its n twice or only through'],
    ['b: &b {n: y, c: v1}\na:\n- *b\n', ['a', { key: 'n', value: 'y' }, 'c'], 3, 'reached only through the alias *b'],
    ['a: [*b]\n', ['a', { key: 'n', value: 'y' }], 1, 'a[n=y] is missing: no item of a has the n y.'],
    ['a: 1\n', ['b'], 1, 'b is missing. Pawl never adds a key'],
    ['a:\n  b: 1\n', ['a', 'c'], 2, 'a.c is missing.'],
    ['a: 1\n', ['a', 'b'], 1, 'a.b is missing: a is a single value.'],
    ['a:\n', ['a', 'b'], 1, 'a.b is missing: a is empty.'],
    ['a: {{ x }}\n', ['a', 'b'], 1, 'a.b is missing'],
    ['a: {b: 1}\n', ['a', 0], 1, 'a[0] is missing: a is a map.'],
    [
      'a: [1]\n',
      ['a', 'b'],
      1,
      'a.b is missing: a is a list; name an item by a field of it, as in a[name=app], or by its index',
    ],
    ['a: [1]\n', ['a', 1], 1, 'a[1] is missing: the list ends at [0].'],
    ['a: []\n', ['a', 0], 1, 'a[0] is missing: the list is empty.'],
    ['a: [1]\n', ['a', -1], 1, 'a[-1] is missing'],
    ['- 1\n', ['a'], 1, 'a is missing: The document is a list'],
    ['{a}\n', ['a'], 1, 'a has no value: write a colon after it.'],
    ['a: 1\nb: 2\na: 3\n', ['a'], 1, 'a is written more than once, in lines 1 and 3'],
    ['a: {b: 1}\n"a": {b: 2}\n', ['a', 'b'], 1, 'a is written more than once, in lines 1 and 2'],
    ['x: &x {b: 1}\na: *x\n', ['a', 'b'], 2, 'reached only through the alias *x'],
    ['x: &x {b: 1}\na:\n  <<: *x\n', ['a', 'b'], 3, 'a.b has a value only through the merge key <<'],
    ['a:\n  <<: {b: 1}\n', ['a', 'b'], 2, 'only through the merge key <<'],
    ['a: {<<: {c: 1, b: 2}}\n', ['a', 'b'], 1, 'only through the merge key <<'],
    ['a:\n  <<: *unknown\n', ['a', 'b'], 2, 'only through the merge key <<'],
    ['x: &x {<<: {b: 1}}\na: {<<: [{c: 1}, *x]}\n', ['a', 'b'], 2, 'only through the merge key <<'],
    ['x: &x {c: 1}\na: {<<: *x}\n', ['a', 'b'], 2, 'a.b is missing. Pawl never adds'],
    ['a: {"<<": {b: 1}}\n', ['a', 'b'], 1, 'a.b is missing. Pawl never adds'],
    ['a: !Ref {b: 1}\n', ['a', 'b'], 1, 'a carries the tag !Ref, whose meaning is not known'],
    ['!!set {a}\n', ['a'], 1, 'The document carries the tag !!set'],
    ['*none : 1\n', ['a'], 1, 'a is missing. Pawl never adds'],
    ['a: 1\n', ['__proto__'], 1, '__proto__ is missing'],
    ['a: 1\n', ['toString'], 1, 'toString is missing'],
  ])('in %j refuses %j', (text, segments, line, reason) => {
    expect(locate(read(text), 0, segments)).toMatchObject({
      ok: false,
      refusal: { line, reason: expect.stringContaining(reason) },
    });
  });
});

describe('lookup', () => {
  test('merges that repeat one another end in time', () => {
    const lines = Array.from(
      { length: 40 },
      (_, index) => `m${index + 1}: &m${index + 1} {<<: [*m${index}, *m${index}, *m${index}]}`,
    );
    const root = read(`m0: &m0 {c: 1}\n${lines.join('\n')}\n`).documents[0]?.root;
    const last = root?.kind === 'map' ? root.entries.at(-1)?.value : undefined;
    const found: Lookup | undefined = last?.kind === 'map' ? lookup(last, 'b') : undefined;
    expect(found).toEqual({ kind: 'none' });
  });
});

describe('words', () => {
  test.each([
    ['a: {}', 'a map'],
    ['a: []', 'a list'],
    ['a: *x', 'the alias *x'],
    ['a: ~', 'empty'],
    ['a: "~"', 'a single value'],
    ['a: {{ x }}', 'a template expression ({{ … }})'],
  ])('%s is %s', (text, words) => {
    const file = read(text);
    const root = file.documents[0]?.root;
    const value = root?.kind === 'map' ? root.entries[0]?.value : undefined;
    expect(value && kindOf(file, value)).toBe(words);
  });

  test.each([
    ['a:', true],
    ['a: ~', true],
    ['a: null', true],
    ['a: NULL', true],
    ['a: nULL', false],
    ['a: ""', false],
    ['a: !!str null', false],
    ['a: 0', false],
  ])('whether %j is nothing: %s', (text, expected) => {
    const root = read(text).documents[0]?.root;
    const value = root?.kind === 'map' ? root.entries[0]?.value : undefined;
    expect(value && isNull(value)).toBe(expected);
  });

  test.each([
    ['{n: x}', { kind: 'text', text: 'x' }],
    ['{n: }', { kind: 'none' }],
    ['{n: ""}', { kind: 'none' }],
    ['{n: [x]}', { kind: 'none' }],
    ['{m: x}', { kind: 'none' }],
    ['n', { kind: 'none' }],
    ['{n: x, n: y}', { kind: 'unsure' }],
    ['{<<: {n: x}}', { kind: 'unsure' }],
  ])('what %j has under n', (text, expected) => {
    const root = read(text).documents[0]?.root;
    expect(root && itemField(root, 'n')).toEqual(expected);
  });

  test('a path reads like the text a person would write', () => {
    const steps: readonly PathStep[] = ['a', 0, { key: 'name', value: 'x y' }, 'b-c', 'd.e', 'f"g', ''];
    expect(steps.reduce<string>(joinPath, '')).toBe('a[0][name=x y].b-c["d.e"]["f\\"g"][""]');
  });

  test('a tag of YAML is shown in short', () => {
    expect([tagName('tag:yaml.org,2002:int'), tagName('!env')]).toEqual(['!!int', '!env']);
  });
});
