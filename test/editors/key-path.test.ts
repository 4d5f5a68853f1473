import { describe, expect, test } from 'vitest';
import { parseKeyPath } from '../../src/editors/key-path.ts';

describe('parseKeyPath', () => {
  test.each([
    ['tag', ['tag']],
    ['image.tag', ['image', 'tag']],
    ['web.image.repository', ['web', 'image', 'repository']],
    ['containers[0].image', ['containers', 0, 'image']],
    ['a[10][2]', ['a', 10, 2]],
    ['containers[name=app].image', ['containers', { key: 'name', value: 'app' }, 'image']],
    ['a[0][app.io/id=x y=z.[1:"q" s].b', ['a', 0, { key: 'app.io/id', value: 'x y=z.[1:"q" s' }, 'b']],
    ['a["k=v"].b=c', ['a', 'k=v', 'b=c']],
    ['80', ['80']],
    ['a.0', ['a', '0']],
    ['a.-1', ['a', '-1']],
    ['my-app.image_tag', ['my-app', 'image_tag']],
    ['image\\.tag', ['image.tag']],
    ['a\\[0\\]', ['a[0]']],
    ['a\\\\b', ['a\\b']],
    ['annotations["acme.io/tag"].x', ['annotations', 'acme.io/tag', 'x']],
    ['["a.b"]', ['a.b']],
    ['["a \\"b\\""]', ['a "b"']],
    ['имя.тег', ['имя', 'тег']],
  ])('reads %s', (text, steps) => {
    expect(parseKeyPath(text)).toEqual({ ok: true, steps });
  });

  test.each([
    '',
    '.',
    'a.',
    '.a',
    'a..b',
    'a b',
    ' a',
    'a[',
    'a[]',
    'a[-1]',
    'a[01]',
    'a[4000000000]',
    'a[x]',
    'a[*]',
    'a[=x]',
    'a[name=]',
    'a[name= x]',
    'a[name=x ]',
    'a[name="x"]',
    "a[name='x']",
    'a[na me=x]',
    'a[name=x',
    'a[name=x]y',
    'a[name=x\ny]',
    '[name=x].a',
    'a["b]',
    'a[""]',
    'a]',
    'a"b',
    '[0]',
    '[0].a',
    '\\',
    'a\\',
    'a[0]b',
    'a["b"]c',
    '$.a\n',
    '/a/b c',
  ])('refuses %j and says what to write', (text) => {
    expect(parseKeyPath(text)).toEqual({
      ok: false,
      problem: expect.stringMatching(/is no path to a value\. Write keys with dots/),
    });
  });

  test.each(['__proto__', 'a.__proto__.b', 'constructor.prototype', 'a["prototype"]', '\\__proto__'])(
    'refuses %s',
    (text) => {
      expect(parseKeyPath(text)).toEqual({
        ok: false,
        problem: expect.stringContaining('which is no key of a values file'),
      });
    },
  );

  test('a long text is read in no time', () => {
    expect(parseKeyPath(`${'a\\.'.repeat(50_000)}"`).ok).toBe(false);
    expect(parseKeyPath('a.'.repeat(50_000)).ok).toBe(false);
    expect(parseKeyPath(`a[b=c${' '.repeat(50_000)}`).ok).toBe(false);
  });
});
