import { describe, expect, test } from 'vitest';
import type { Refusal } from '../../src/editors/editor.ts';
import { type Change, type Planner, rewrite } from '../../src/editors/yaml-prove.ts';

/** Plans a change while the text holds `v1`; afterwards there is nothing left to do. */
function once(change: (text: string) => Change): Planner {
  return ({ text }) => ({ ok: true, changes: text.includes('v1') ? [change(text)] : [] });
}

/** Puts `insert` in the place of the first `v1`, and claims to change the paths. */
function instead(insert: string, paths: Change['paths']): Planner {
  return once((text) => ({ splices: [{ start: text.indexOf('v1'), end: text.indexOf('v1') + 2, insert }], paths }));
}

const unproved = (problem: string): readonly Refusal[] => [
  { line: undefined, reason: expect.stringContaining(problem) },
];

describe('rewrite', () => {
  test('makes a change that does what it says', () => {
    expect(rewrite('a: v1 # c\nb: 1', instead('v2', [[0, 'a']]))).toEqual({ ok: true, text: 'a: v2 # c\nb: 1' });
  });

  test('returns the text itself when there is nothing to do', () => {
    expect(rewrite('a:   v2', instead('v3', []))).toEqual({ ok: true, text: 'a:   v2' });
  });

  test('passes on why a file is not read and why nothing is planned', () => {
    const refusals = [{ line: 3, reason: 'No.' }];
    expect(rewrite('a: 1', () => ({ ok: false, refusals }))).toEqual({ ok: false, refusals });
    expect(rewrite('a: [', instead('v2', []))).toEqual({
      ok: false,
      refusals: [{ line: 1, reason: expect.stringContaining('not valid YAML') }],
    });
  });

  test.each<[string, string, string, Change['paths'], string]>([
    ['a path nobody named changes', 'a: v1', 'v2', [], '/0/a would change too'],
    ['another path than the one named changes', 'a: v1', 'v2', [[0, 'b']], '/0/a would change too'],
    ['a key is added besides', 'a: v1', 'v2\nb: 1', [[0, 'a']], '/0/b would change too'],
    ['a value becomes a map', 'a: v1', '{b: 1}', [[0, 'b']], '/0/a would change too'],
    ['the next line is swallowed by a quote', 'a: v1\nb: "1"', '"v2', [[0, 'a']], 'would not be read again'],
    [
      'the rest of the line becomes a comment',
      'a: {b: v1, c: 1}\nd: 1',
      'v2 #',
      [[0, 'a', 'b']],
      'would not be read again',
    ],
    ['a comment swallows the next item', 'a: [v1, b]\n', 'v2] #', [[0, 'a', 0]], '/0/a/1 would change too'],
    ['a document is added', 'a: v1', 'v2\n---\nb: 1', [[0, 'a']], 'the number of documents would change'],
    ['a document ends early', 'a: v1\nb: 1', 'v2\n...', [[0, 'a']], 'the number of documents would change'],
    [
      'a promised change does not happen',
      'a: v1\nb: 1',
      'v2',
      [
        [0, 'a'],
        [0, 'b'],
      ],
      '/0/b would not change',
    ],
    ['a key like that of every object changes', '__proto__: v1', 'v2', [[0, 'a']], '/0/__proto__ would change too'],
    ['a hidden second key changes', 'a: 0\na: v1', 'v2', [[0, 'a']], '/0/a\u00001 would change too'],
    ['the text is no longer YAML', 'a: v1', '"', [[0, 'a']], 'would not be read again'],
    ['there is still something to do', 'a: v1', 'v1.1', [[0, 'a']], 'would not read back as what was asked for'],
  ])('writes nothing when %s', (_, text, insert, paths, problem) => {
    expect(rewrite(text, instead(insert, paths))).toEqual({ ok: false, refusals: unproved(problem) });
  });

  test.each([
    ['a tag', 'a: v1\nb: !!str x\n', '!!str x', 'x', '/0/b would change too'],
    ['an anchor', 'a: v1\nb: &x x\n', '&x x', '&y x', '/0/b would change too'],
    ['the tag of a map', 'a: v1\nb: !t {c: x}\n', '!t {', '!u {', '/0/b/\u0000 would change too'],
    ['the key an alias means', 'a: v1\n&x b: 1\n&y c: 1\nd: *x\n', '&y', '&x', '/0/d would change too'],
    ['a style', 'a: v1\nb: "x"\n', '"x"', 'x', '/0/b would change too'],
  ])('writes nothing when %s changes elsewhere', (_, text, old, insert, problem) => {
    const start = text.indexOf(old);
    const plan = once(() => ({
      splices: [
        { start: 3, end: 5, insert: 'v2' },
        { start, end: start + old.length, insert },
      ],
      paths: [[0, 'a']],
    }));
    expect(rewrite(text, plan)).toEqual({ ok: false, refusals: unproved(problem) });
  });

  test('writes nothing when an alias comes to mean another node', () => {
    const plan = instead('&x v2', [[0, 'b']]);
    expect(rewrite('a: &x 1\nb: v1\nc: *x\n', plan)).toEqual({
      ok: false,
      refusals: unproved('/0/c would change too'),
    });
    expect(rewrite('a: &x 1\nc: *x\nb: v1\n', plan)).toMatchObject({ ok: true });
  });

  test('writes nothing when two edits touch the same characters', () => {
    const plan = once(() => ({
      splices: [
        { start: 0, end: 2, insert: 'x' },
        { start: 1, end: 3, insert: 'y' },
      ],
      paths: [],
    }));
    expect(rewrite('a: v1', plan)).toEqual({ ok: false, refusals: unproved('two edits touch the same characters') });
  });

  test('paths with slashes and tildes are told apart', () => {
    expect(rewrite('"a/b~c": {d: v1}', instead('v2', [[0, 'a/b~c', 'd']]))).toMatchObject({ ok: true });
  });
});
