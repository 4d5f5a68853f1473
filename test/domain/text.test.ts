import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPlain, plainText } from '../../src/domain/text.ts';

describe('plainText', () => {
  test.each([
    ['Synced, Healthy', 300, 'Synced, Healthy'],
    ['  two\n\nlines\r\n\tand a tab ', 300, 'two lines and a tab'],
    ['line\u2028separator\u2029here\u0085there', 300, 'line separator here there'],
    ['bell\u0007 and null\u0000 and escape\u001b[31m', 300, 'bell and null and escape[31m'],
    ['turned \u202eback\u202c and \u2066isolated\u2069', 300, 'turned back and isolated'],
    ['no\u200bwidth, soft\u00adhyphen, mark\ufeff', 300, 'nowidth, softhyphen, mark'],
    ['a \u200b b', 300, 'a b'],
    ['half a pair \ud83d', 300, 'half a pair \ufffd'],
    ['rocket 🚀 stays', 300, 'rocket 🚀 stays'],
    ['\u200b\n ', 300, ''],
    ['exactly', 7, 'exactly'],
    ['one more', 7, 'one mo…'],
    ['cut at a space', 7, 'cut at…'],
    ['12345🚀', 6, '12345…'],
    ['12345🚀7', 7, '12345…'],
    ['anything', 1, '…'],
    ['anything', 0, ''],
  ])('%j in at most %i characters is %j', (text, charactersMax, expected) => {
    expect(plainText(text, charactersMax)).toBe(expected);
  });

  test('every text becomes one line that is plain, no longer than asked, and stays as it is from then on', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 40 }), (text, charactersMax) => {
        const plain = plainText(text, charactersMax);
        expect(plain === '' || isPlain(plain, charactersMax)).toBe(true);
        expect(plainText(plain, charactersMax)).toBe(plain);
      }),
    );
  });
});

describe('isPlain', () => {
  test.each([
    ['checkout-staging', true],
    ['ci / build (18.x)', true],
    ['größe', true],
    ['', false],
    ['line\nbreak', false],
    ['null\u0000', false],
    ['turned\u202e', false],
    ['no\u200bwidth', false],
    ['half \ud83d', false],
    ['x'.repeat(63), true],
    ['x'.repeat(64), false],
  ])('%j: %s', (text, plain) => {
    expect(isPlain(text, 63)).toBe(plain);
  });
});
