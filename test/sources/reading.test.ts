import { expect, test } from 'vitest';
import { fieldOf, linkOf, messageOf, newestTimeMs, pathOf, timeOf } from '../../src/sources/reading.ts';

test.each([
  ['2026-08-20T10:13:41Z', 1787220821000],
  ['2026-08-20T12:13:41+02:00', 1787220821000],
  ['2026-08-20T10:13:41.123456789Z', 1787220821123],
  ['2026-08-20 10:13:41Z', 1787220821000],
  ['0001-01-01T00:00:00Z', undefined],
  ['2026-13-45T10:13:41Z', undefined],
  ['2026-08-20T10:13:41', undefined],
  ['2026-08-20', undefined],
  ['1787220821', undefined],
  ['7', undefined],
  ['', undefined],
  [undefined, undefined],
])('the time %j is %s', (text, expected) => {
  expect(timeOf(text)).toBe(expected);
});

test('the newest time counts, but none that is yet to come, and the arrival when there is none', () => {
  const received = { payload: {}, repository: undefined, instance: undefined, receivedAtMs: 1_000 };
  expect(newestTimeMs([300, undefined, 700], received)).toBe(700);
  expect(newestTimeMs([300, 4_000_000_000_000], received)).toBe(1_000);
  expect(newestTimeMs([undefined], received)).toBe(1_000);
  expect(newestTimeMs([], received)).toBe(1_000);
});

test.each([
  ['apps/web/dev', 'apps/web/dev'],
  ['./apps/web/dev/', 'apps/web/dev'],
  ['/apps/web/dev//', 'apps/web/dev'],
  ['.hidden/dev', '.hidden/dev'],
  ['./', undefined],
  ['.', undefined],
  ['', undefined],
  ['a\u0000b', undefined],
  [undefined, undefined],
])('the path %j is %j', (text, expected) => {
  expect(pathOf(text)).toBe(expected);
});

test.each([
  ['https://argocd.example.com', true],
  ['https://argocd.example.com:8443/applications/argocd/web?operation=true#x', true],
  ['http://argocd.example.com', false],
  ['https://', false],
  ['https://user:password@example.com/', false],
  ['https://example.com/a b', false],
  ['https://example.com/a)b', false],
  ['https://example.com/"', false],
  ['https://example.com/\u202e', false],
  [`https://example.com/${'x'.repeat(500)}`, false],
  ['javascript:https://example.com', false],
])('%j may be shown as a link: %s', (text, shown) => {
  expect(linkOf(text)).toBe(shown ? text : undefined);
});

test('a name is taken as it is or not at all', () => {
  expect(fieldOf('checkout-staging')).toBe('checkout-staging');
  expect(fieldOf(' x\n')).toBeUndefined();
  expect(fieldOf('x'.repeat(301))).toBeUndefined();
});

test('a message is one bounded line of the parts that are there', () => {
  expect(messageOf(['Sync Failed', undefined, '', 'two\nlines'], ': ')).toBe('Sync Failed: two lines');
  expect(messageOf(['x'.repeat(1_000)], '')).toHaveLength(300);
});
