import { describe, expect, test } from 'vitest';
import type { RequestEntry } from '../local-github/request-log.ts';
import { median, sequentialRequests, without } from './request-chain.ts';

function request(atMs: number, durationMs: number, rest: Partial<RequestEntry> = {}): RequestEntry {
  const about = { method: 'GET', path: '/', operation: undefined, fields: [], actor: 'pawl[bot]', status: 200 };
  return { ...about, requestBytes: 0, responseBytes: 0, atMs, durationMs, ...rest };
}

describe('requests one after another', () => {
  test.each([
    ['none', [], 0],
    ['one after another', [request(0, 100), request(100, 100), request(210, 100)], 3],
    ['all at once', [request(0, 100), request(1, 100), request(2, 100)], 1],
    ['two beside each other, then one', [request(0, 100), request(5, 100), request(110, 100)], 2],
    ['a long one beside two short ones', [request(0, 250), request(0, 100), request(105, 100)], 2],
    ['touching by a rounded millisecond', [request(0, 101.4), request(100, 100)], 2],
  ])('%s', (_title, requests, expected) => {
    expect(sequentialRequests(requests)).toBe(expected);
    expect(sequentialRequests(requests.toReversed())).toBe(expected);
  });
});

test('what was asked before is taken away once each, by what it asked', () => {
  const [list, read, again] = [
    request(0, 1, { path: '/app/installations' }),
    request(5, 1, { method: 'POST', path: '/graphql', requestBytes: 955 }),
    request(9, 1, { method: 'POST', path: '/graphql', requestBytes: 955 }),
  ];
  const other = request(12, 1, { method: 'POST', path: '/graphql', requestBytes: 495 });
  expect(without([list, read, other, again], [request(90, 3, { path: list.path }), read])).toEqual([other, again]);
});

test.each([
  [[3], 3],
  [[9, 1, 5], 5],
])('the median of %j is %d', (numbers, expected) => {
  expect(median(numbers)).toBe(expected);
});
