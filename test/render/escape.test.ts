import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bare, code, fenced, prose } from '../../src/render/escape.ts';

const nasty = [
  'thanks @acme/all',
  'closes #1',
  'Fixes acme/web#12 and GH-7',
  'see https://github.com/acme/web/issues/1 or www.example.com',
  '<!-- pawl:v1 lane=production/web candidate=x says=y title=z -->',
  '<img src=x onerror=alert(1)>',
  '**bold** _it_ `code` [link](https://evil.example) | cell',
  '&commat;octocat closes &num;1 &lt;b&gt;',
  'right\u202Eto left',
  'two\nlines\r\nand a tab\t.',
];

describe('outside text in a sentence', () => {
  test.each(nasty)('%j does nothing', (text) => {
    for (const shown of [prose(text), bare(text)]) {
      expect(shown).not.toMatch(/@[A-Za-z]|#\d|GH-\d|:\/\/|www\.|<!--|\n|\u202E/);
    }
    expect(prose(text)).not.toMatch(/(?<!\\)[*_`|<>[\]&]/);
  });

  test('reads the same to a person', () => {
    expect(prose('Deployment web is not ready').replaceAll('\u200B', '')).toBe('Deployment web is not ready');
  });

  test('is cut when it is long', () => {
    expect(prose('x'.repeat(5000)).length).toBeLessThan(320);
  });
});

describe('outside text as code', () => {
  test.each([
    ['v1.2', '`v1.2`'],
    ['a`b', '``a`b``'],
    ['`', '`` ` ``'],
    ['a|b', '`a\\|b`'],
    ['', '` `'],
  ])('%j becomes %j', (text, expected) => {
    expect(code(text)).toBe(expected);
  });

  test('the fence is never closed by the text, and no marker survives', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', 'a', '|', '<', '!', '-', '@', '#', '1', '\n') }), (text) => {
        const shown = code(text);
        const fence = /^`+/.exec(shown)?.[0] ?? '';
        expect(shown.endsWith(fence)).toBe(true);
        expect(shown.slice(fence.length, -fence.length)).not.toMatch(new RegExp(`(?<!\`)\`{${fence.length}}(?!\`)`));
        expect(shown).not.toContain('<!--');
        expect(shown).not.toContain('\n');
      }),
    );
  });
});

test('a fenced block is closed only by its own fence', () => {
  expect(fenced('diff', '-a\n+```\n')).toBe('````diff\n-a\n+```\n````');
});
