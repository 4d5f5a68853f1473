import { expect, test } from 'vitest';
import { byteChange, describeByteChange } from './byte-changes.ts';

test.each([
  ['tag: 1.8.1\n', 'tag: 1.9.0\n', '2 of 11 bytes differ'],
  ['tag: 1.8.1 # ✓\n', 'tag: 1.8.2 # ✓\n', '1 of 17 bytes differ'],
  ['tag: 1.8.9\n', 'tag: 1.8.10\n', '1 byte became 2, the other 10 are the same'],
  ['tag: 1.8.10\n', 'tag: 1.8.9\n', '2 bytes became 1, the other 10 are the same'],
  ['same\n', 'same\n', '0 of 5 bytes differ'],
  ['aaa', 'aa', '1 byte became 0, the other 2 are the same'],
])('%j to %j', (before, after, expected) => {
  expect(describeByteChange(byteChange('a.yaml', before, after))).toBe(expected);
});
