import { describe, expect, test } from 'vitest';
import { guardText } from '../../src/editors/yaml-guard.ts';

describe('guardText', () => {
  test.each([
    ['an ordinary file', '# c\nimage: {tag: v1}\nlist:\n- a\n'],
    ['no text', ''],
    ['a byte order mark at the start', '\uFEFFa: 1\n'],
    ['Windows line ends, tabs and letters of all kinds', 'имя: "😀\t"\r\n'],
    ['separators that are no control characters', 'a: x\u2028y\u0085z\n'],
    ['many brackets in a text', `a: |\n${'  {{{ [[[ - - - ? \n'.repeat(400)}`],
    ['brackets just not too deep', `${'['.repeat(64)}${']'.repeat(64)}`],
    ['dashes just not too deep', `${'- '.repeat(64)}x`],
    ['many lists of one item', '- - - a\n'.repeat(100)],
  ])('lets %s pass', (_, text) => {
    expect(guardText(text)).toBeUndefined();
  });

  test.each([
    ['a null byte', 'a: 1\nb: \0', 2, 'U+0000'],
    ['an escape', 'a: \u001B[0m', 1, 'U+001B'],
    ['a delete', 'a: \u007F', 1, 'U+007F'],
    ['the trace of bytes that are no UTF-8', 'a: 1\n\n# caf\uFFFD', 3, 'U+FFFD'],
    ['half a surrogate pair', 'a: \uD83D', 1, 'U+D83D'],
    ['a carriage return alone', 'a: 1\r\nb: 2\rc: 3', 2, 'U+000D'],
    ['a byte order mark within the text', 'a: 1\n\uFEFFb: 2', 2, 'U+FEFF'],
    ['a pointer of Git LFS', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\n', 1, 'Git LFS pointer'],
    ['brackets within brackets', `a: 1\nb: ${'['.repeat(65)}`, 2, 'nested more than 64 deep'],
    ['dashes behind dashes', `a: 1\n${'- '.repeat(65)}`, 2, 'nested more than 64 deep'],
    ['question marks behind question marks', '? '.repeat(65), 1, 'nested more than 64 deep'],
    ['too many keys', 'a:\n'.repeat(20_001), 20_001, 'more than 20000 keys'],
    ['too many commas', `[${','.repeat(20_001)}`, 1, 'more than 20000 keys'],
    ['too many tags', '!a '.repeat(20_001), 1, 'more than 20000 keys'],
    ['too many documents', '---\n'.repeat(20_001), 20_001, 'more than 20000 keys'],
  ])('refuses %s', (_, text, line, reason) => {
    expect(guardText(text)).toEqual({ line, reason: expect.stringContaining(reason) });
  });

  test('refuses a file of more than 512 KiB, counted in bytes', () => {
    expect(guardText(`#${'x'.repeat(524_287)}`)).toBeUndefined();
    expect(guardText(`#${'x'.repeat(524_288)}`)?.reason).toContain('The file has 524289 bytes');
    expect(guardText(`#${'ф'.repeat(262_144)}`)?.reason).toContain('The file has 524289 bytes');
  });

  // Each of these costs the parser many seconds or its stack. What is asserted is the reason; that they end in time is the point.
  test.each(['[', '{"":', '- ', '? ', '!a ', '&a ', '"', '%\n', '{a: ', 'a: |\n', '*a ', '...\n', ': '])(
    'is quick about half a megabyte of %j',
    (piece) => {
      expect(guardText(piece.repeat(Math.floor(524_288 / piece.length)))?.reason).toMatch(
        /nested more than|more than 20000/,
      );
    },
  );
});
