import { expect, test } from 'vitest';
import { parseDuration } from '../../src/config/duration.ts';

const range = { least: '1s', most: '3d' };

test.each([
  ['1s', 1000],
  ['90s', 90_000],
  ['15m', 900_000],
  ['1h', 3_600_000],
  ['3d', 259_200_000],
  ['015m', 900_000],
])('%s is %d ms', (text, ms) => {
  expect(parseDuration(text, range)).toEqual({ ms });
});

test.each([
  ['0s', '`0s` is too short.'],
  ['4d', '`4d` is too long.'],
  ['999999999d', '`999999999d` is too long.'],
  ['15', '`15` has no unit.'],
  ['1.5', '`1.5` has no unit.'],
  ['-1h', '`-1h` is negative: a duration cannot be.'],
  ['1e99h', '`1e99h` is no duration.'],
  ['1h30m', '`1h30m` is no duration.'],
  ['Infinityh', '`Infinityh` is no duration.'],
  ['1H', '`1H` is no duration.'],
  [' 1h', '` 1h` is no duration.'],
  ['', '`` is no duration.'],
  ['9999999999s', '`9999999999s` is no duration.'],
])('%j is refused', (text, message) => {
  expect(parseDuration(text, range)).toMatchObject({ message, hint: expect.stringMatching(/^Write /) });
});
