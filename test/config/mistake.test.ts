import { expect, test } from 'vitest';
import { quote, quoteAll } from '../../src/config/mistake.ts';

test.each([
  ['web', '`web`'],
  ['a`b', '`a·b`'],
  ['a\nb\u202E', '`a·b·`'],
  ['x'.repeat(81), `\`${'x'.repeat(80)}…\``],
])('%j is shown as %s', (text, expected) => {
  expect(quote(text)).toBe(expected);
});

test.each([
  [[], ''],
  [['a'], '`a`'],
  [['a', 'b'], '`a` and `b`'],
  [['a', 'b', 'c'], '`a`, `b` and `c`'],
])('%j is shown as %s', (texts, expected) => {
  expect(quoteAll(texts)).toBe(expected);
});
