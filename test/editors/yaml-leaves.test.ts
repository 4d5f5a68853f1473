import { describe, expect, test } from 'vitest';
import { differencesMax } from '../../src/editors/editor.ts';
import { readYaml } from '../../src/editors/yaml.ts';
import { differencesOf, type Leaf, leaves } from '../../src/editors/yaml-leaves.ts';

function leavesOf(text: string): readonly Leaf[] {
  const read = readYaml(text);
  if (!read.ok) throw new Error(read.refusal.reason);
  return read.file.documents.flatMap(leaves);
}

describe('leaves', () => {
  test.each([
    ['a: 1.10\nb: {c: "x", d: }', { a: '1.10', 'b.c': 'x', 'b.d': '' }],
    ['a: [x, [y]]', { 'a[0]': 'x', 'a[1][0]': 'y' }],
    ['a: []\nb: {}\n{c}: 1', { a: '[]', b: '{}', '?2': '1' }],
    ['a:\n- {name: x, v: 1}\n- {v: 2, name: y}', { 'a[x].name': 'x', 'a[x].v': '1', 'a[y].v': '2', 'a[y].name': 'y' }],
    ['a:\n- {name: x}\n- {name: x}', { 'a[0].name': 'x', 'a[1].name': 'x' }],
    ['a:\n- {name: x}\n- {v: 1}', { 'a[0].name': 'x', 'a[1].v': '1' }],
    ['a: &x v1\nb: *x\nc: &y {d: 1}\ne: {<<: *y}\nf: *z', { a: 'v1', b: 'v1', 'c.d': '1', 'e.<<': '*y', f: '*z' }],
    ['{a, "b.c": 1}', { a: '', '["b.c"]': '1' }],
    ['just text', { '': 'just text' }],
  ])('%j', (text, expected) => {
    expect(Object.fromEntries(leavesOf(text).map(({ path, text: leaf }) => [path, leaf]))).toEqual(expected);
  });

  test('each also tells its path by index', () => {
    expect(leavesOf('a:\n- {name: x, v: 1}').map(({ segments }) => segments)).toEqual([
      ['a', 0, 'name'],
      ['a', 0, 'v'],
    ]);
  });

  test('aliases of aliases do not multiply', () => {
    const lines = Array.from({ length: 30 }, (_, index) => `x${index + 1}: &x${index + 1} [*x${index}, *x${index}]`);
    expect(leavesOf(`x0: &x0 [v]\n${lines.join('\n')}\n`)).toHaveLength(61);
  });
});

describe('differencesOf', () => {
  test('says what each has, in the order of the first text', () => {
    expect(differencesOf(leavesOf('a: 1\nb: 2\nc: 3\n'), leavesOf('d: 4\nc: 5\nb: "2"\n'))).toEqual([
      { path: 'a', source: '1', target: undefined },
      { path: 'c', source: '3', target: '5' },
      { path: 'd', source: undefined, target: '4' },
    ]);
  });

  test('stops at the limit', () => {
    const many = Array.from({ length: differencesMax + 10 }, (_, index) => `k${index}: 1\n`).join('');
    expect(differencesOf(leavesOf(many), leavesOf('x: 1'))).toHaveLength(differencesMax);
  });
});
