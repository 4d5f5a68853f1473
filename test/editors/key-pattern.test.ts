import { describe, expect, test } from 'vitest';
import { leadsTo, parseKeyPattern, pathText, withDots } from '../../src/editors/key-pattern.ts';

describe('parseKeyPattern', () => {
  test.each([
    ['image.tag', 'image.tag', ['image', 'tag']],
    ['a["b"]', 'a["b"]', ['a', 'b']],
    ['a\\*.b', 'a\\*.b', ['a*', 'b']],
    ['a["*"]', 'a["*"]', ['a', '*']],
    ['/spec/image/tag', 'spec.image.tag', ['spec', 'image', 'tag']],
    ['/a.b/c~1d/e~0f/~01', '["a.b"].c/d.e~f.~1', ['a.b', 'c/d', 'e~f', '~1']],
    ['/args/0', 'args[0]', ['args', 0]],
    ['/{environment}/a b', '["{environment}"]["a b"]', ['{environment}', 'a b']],
    ['/a/*/01', 'a["*"].01', ['a', '*', '01']],
  ])('%s leads to one value, called %s', (text, artifact, steps) => {
    expect(parseKeyPattern(text)).toEqual({ ok: true, pattern: { kind: 'one', artifact, steps } });
  });

  test.each([
    ['*', [{ glob: '*' }]],
    ['*.image.tag', [{ glob: '*' }, 'image', 'tag']],
    ['services.*.image', ['services', { glob: '*' }, 'image']],
    ['image-*', [{ glob: 'image-*' }]],
    ['a\\.b*c', [{ glob: 'a.b*c' }]],
    ['*.a\\*', [{ glob: '*' }, 'a*']],
    ['*["a*"]', [{ glob: '*' }, 'a*']],
    ['containers[name=*].image', ['containers', { key: 'name', glob: '*' }, 'image']],
    ['c[name=web-*][0]', ['c', { key: 'name', glob: 'web-*' }, 0]],
  ])('%s may lead to several', (text, steps) => {
    expect(parseKeyPattern(text)).toEqual({ ok: true, pattern: { kind: 'several', steps } });
  });

  test.each([
    ['**', 'holds `**`, which Pawl does not know'],
    ['a.**.tag', 'Write one for each level'],
    ['a[name=x**].b', 'holds `**`'],
    ['a*\\*', 'holds `*` and `\\*` in one key'],
    ['a..*', 'is no path to a value'],
    ['*.__proto__', 'goes through __proto__'],
    ['/', 'is no JSON pointer'],
    ['/a//b', 'is no JSON pointer'],
    ['/a/', 'is no JSON pointer'],
    ['/a~', 'is no JSON pointer'],
    ['/a~2b', 'is no JSON pointer'],
    ['/a/__proto__', 'goes through __proto__'],
  ])('refuses %s', (text, problem) => {
    expect(parseKeyPattern(text)).toEqual({ ok: false, problem: expect.stringContaining(problem) });
  });
});

describe('leadsTo', () => {
  const item = { key: 'name', value: 'web' };

  test.each([
    ['a.b', ['a', 'b'], true],
    ['/a/b', ['a', 'b'], true],
    ['a.b', ['a'], false],
    ['a', ['a', 'b'], false],
    ['*.b', ['x.y', 'b'], true],
    ['*.b', ['x', 'c'], false],
    ['*', [0], false],
    ['*', [item], false],
    ['image-*', ['image-web'], true],
    ['image-*', ['image'], false],
    ['c[name=*]', ['c', item], true],
    ['c[name=w*]', ['c', item], true],
    ['c[name=api*]', ['c', item], false],
    ['c[id=*]', ['c', item], false],
    ['c[name=*]', ['c', 'web'], false],
    ['c[name=web]', ['c', item], true],
    ['c[name=web]', ['c', { key: 'id', value: 'web' }], false],
    ['c[0]', ['c', 0], true],
  ])('%s to %j: %s', (text, path, leads) => {
    const read = parseKeyPattern(text);
    expect(read.ok && leadsTo(read.pattern, path)).toBe(leads);
  });
});

test('a path has one way to be written', () => {
  expect(pathText(['a', 'b.c', 0, { key: 'name', value: 'x' }, 'd'])).toBe('a["b.c"][0][name=x].d');
});

test.each([
  ['/spec/image/tag', 'spec.image.tag'],
  ['/{environment}/image/0', '["{environment}"].image[0]'],
  ['/a*/b c/d"e', '["a*"]["b c"]["d\\"e"]'],
  ['/0/a', '/0/a'],
  ['/a\tb', '/a\tb'],
  ['/a//b', '/a//b'],
  ['a["b"].*', 'a["b"].*'],
])('%j is %j with dots', (text, dots) => {
  expect(withDots(text)).toBe(dots);
});
