import { describe, expect, test } from 'vitest';
import { configIn, edited, everything, problemsIn } from './some-config.ts';

describe('limits and durations', () => {
  test.each<[string, string, string, readonly string[]]>([
    [
      'a first hour that is not the careful one',
      'newPullRequestsFirstHour: 2',
      'newPullRequestsFirstHour: 20',
      [
        '29:87: The first hour allows 20 pull requests, any other hour 10. Write no more than `newPullRequestsPerHour`.',
      ],
    ],
    [
      'a duration without unit',
      '15m',
      '15',
      ['30:16: `15` has no unit. Write a number with a unit: `15m`, `1h` or `2d`.'],
    ],
    [
      'a duration in quotes without unit',
      '15m',
      '"15"',
      ['30:16: `15` has no unit. Write a whole number and one unit, `s`, `m`, `h` or `d`: `90s`, `15m`, `1h`, `2d`.'],
    ],
    [
      'a negative one',
      '15m',
      '-5m',
      [
        '30:16: `-5m` is negative: a duration cannot be. Write a whole number and one unit, `s`, `m`, `h` or `d`: `90s`, `15m`, `1h`, `2d`.',
      ],
    ],
    [
      'one beyond all numbers',
      '15m',
      '1e99',
      ['30:16: `1e99` has no unit. Write a number with a unit: `15m`, `1h` or `2d`.'],
    ],
    ['one too short', '15m', '30s', ['30:16: `30s` is too short. Write a duration from `1m` to `7d`.']],
    ['one too long', '15m', '8d', ['30:16: `8d` is too long. Write a duration from `1m` to `7d`.']],
    [
      'two units',
      '15m',
      '1h30m',
      [
        '30:16: `1h30m` is no duration. Write a whole number and one unit, `s`, `m`, `h` or `d`: `90s`, `15m`, `1h`, `2d`.',
      ],
    ],
    [
      'a fraction',
      '15m',
      '1.5h',
      [
        '30:16: `1.5h` is no duration. Write a whole number and one unit, `s`, `m`, `h` or `d`: `90s`, `15m`, `1h`, `2d`.',
      ],
    ],
    [
      'an unknown unit',
      '15m',
      '2w',
      [
        '30:16: `2w` is no duration. Write a whole number and one unit, `s`, `m`, `h` or `d`: `90s`, `15m`, `1h`, `2d`.',
      ],
    ],
    [
      'spaces',
      '15m',
      '15 m',
      [
        '30:16: `15 m` is no duration. Write a whole number and one unit, `s`, `m`, `h` or `d`: `90s`, `15m`, `1h`, `2d`.',
      ],
    ],
  ])('%s', (_, piece, other, expected) => {
    expect(problemsIn(edited(piece, other))).toEqual(expected);
  });
});

describe('what is read', () => {
  const limits = 'limits: { openPullRequests: 10, newPullRequestsPerHour: 10, newPullRequestsFirstHour: 2 }\n';

  test.each([
    ['none', '', { openPullRequests: 10, newPullRequestsPerHour: 10, newPullRequestsFirstHour: 2 }],
    [
      'one',
      'limits: { openPullRequests: 3 }\n',
      { openPullRequests: 3, newPullRequestsPerHour: 10, newPullRequestsFirstHour: 2 },
    ],
    [
      'one below the careful hour',
      'limits: { newPullRequestsPerHour: 1 }\n',
      { openPullRequests: 10, newPullRequestsPerHour: 1, newPullRequestsFirstHour: 1 },
    ],
    ['an empty map', 'limits: {}\n', { openPullRequests: 10, newPullRequestsPerHour: 10, newPullRequestsFirstHour: 2 }],
  ])('limits: %s', (_, text, expected) => {
    expect(configIn(everything.replace(limits, text)).limits).toEqual(expected);
  });

  test.each([
    ['', 900_000],
    ['withdrawAfter: 90s', 90_000],
    ['withdrawAfter: "1m"', 60_000],
    ['withdrawAfter: 1h', 3_600_000],
    ['withdrawAfter: 7d', 604_800_000],
  ])('%j is %d ms', (text, expected) => {
    expect(configIn(edited('withdrawAfter: 15m', text)).withdrawAfterMs).toBe(expected);
  });

  test('a rule knows its line', () => {
    expect(configIn(everything).applications.map(({ line }) => line)).toEqual([11, 16]);
  });
});
