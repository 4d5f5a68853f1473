import { describe, expect, test } from 'vitest';
import { configBytesMax, readSourceText } from '../../src/config/source-text.ts';
import { configIn, edited, everything, problemsIn } from './some-config.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('files that are no text', () => {
  test.each<[string, string | Uint8Array, string]>([
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x61, 0]), '1:1: The file is UTF-16. Save it as UTF-8.'],
    [
      'UTF-16, the other way round',
      new Uint8Array([0xfe, 0xff, 0, 0x61]),
      '1:1: The file is UTF-16. Save it as UTF-8.',
    ],
    ['UTF-16 without a mark', new Uint8Array([0x61, 0, 0x3a, 0]), '1:1: The file is UTF-16. Save it as UTF-8.'],
    [
      'Latin-1',
      new Uint8Array([...utf8('a: 1\nb: é'), 0xe9, 0x0a]),
      '2:5: Byte 10 (counted from 0) is not UTF-8. Save the file as UTF-8.',
    ],
    [
      'a character that is cut off',
      utf8('a: é').subarray(0, 4),
      '1:4: Byte 3 (counted from 0) is not UTF-8. Save the file as UTF-8.',
    ],
    [
      'a text with half a pair',
      'a: 😀\ud83d',
      '1:6: Half of a surrogate pair stands alone here. Save the file as UTF-8.',
    ],
    ['NUL', 'a: 1\nb: \0', '2:4: The file holds a NUL character. Remove it; the file must be plain UTF-8 text.'],
    [
      'an escape',
      utf8('a: \u001b[1m'),
      '1:4: The file holds a control character U+001B. Remove it; the file must be plain UTF-8 text.',
    ],
    [
      'too much',
      'x'.repeat(configBytesMax + 1),
      '1:1: The file is larger than 512 KiB. Use patterns with `{application}` in place of a rule for each application.',
    ],
    [
      'too much in bytes',
      'é'.repeat(configBytesMax / 2 + 1),
      '1:1: The file is larger than 512 KiB. Use patterns with `{application}` in place of a rule for each application.',
    ],
  ])('%s', (_, source, expected) => {
    expect(problemsIn(source)).toEqual([expected]);
  });

  test('a file of 512 KiB is read', () => {
    expect(readSourceText('x'.repeat(configBytesMax))).toMatchObject({ ok: true });
    expect(readSourceText(utf8('é'.repeat(configBytesMax / 2)))).toMatchObject({ ok: true });
  });
});

test.each<[string, string | Uint8Array]>([
  ['bytes', utf8(everything)],
  ['a byte order mark', `\uFEFF${everything}`],
  ['a byte order mark in bytes', utf8(`\uFEFF${everything}`)],
])('%s are accepted', (_, source) => {
  expect(problemsIn(source)).toEqual([]);
});

test('a byte order mark moves no column', () => {
  expect(problemsIn(`\uFEFFversion: "1"`)[0]).toMatch(/^1:1: `environments`/);
  expect(problemsIn(`\uFEFFversion: "1"`).at(-1)).toMatch(/^1:10: `version`/);
});

describe('secrets', () => {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';

  test.each([
    `ghp_${letters}`,
    `ghs_${letters}`,
    `gho_${letters}`,
    `github_pat_${letters}`,
    `glpat-${letters}`,
    `AKIA${letters.slice(0, 16).toUpperCase()}`,
    `xoxb-${letters}`,
    '-----BEGIN RSA PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY-----',
  ])('%s', (secret) => {
    const told =
      'This looks like a secret, and whoever reads the repo or its history can read it. ' +
      'Revoke it where it was issued, make a new one, and keep that out of the repo. Pawl needs none here.';
    expect(problemsIn(edited('version: 1', `version: 1 # ${secret}`))).toEqual([`2:14: ${told}`]);
    const all = problemsIn(edited('name: search', `${secret}: "${secret}"`)).join('\n');
    expect(all).toContain(told);
    expect(all).not.toContain(secret);
  });

  test.each(['ghp_short', `mighp_${letters}`, 'BEGIN PRIVATE KEY', 'AKIA'])('%s is none', (text) => {
    expect(configIn(edited('version: 1', `version: 1 # ${text}`)).environments).toHaveLength(3);
  });
});
