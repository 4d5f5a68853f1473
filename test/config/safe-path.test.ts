import { describe, expect, test } from 'vitest';
import { parsePattern } from '../../src/config/pattern.ts';
import { fieldMistake, pathMistake } from '../../src/config/safe-path.ts';

function mistakeIn(text: string, check: typeof pathMistake = pathMistake): string | undefined {
  const pattern = parsePattern(text);
  return 'problem' in pattern ? pattern.problem.message : check(pattern)?.message;
}

describe('paths that are refused', () => {
  test.each([
    ['../x', 'The path has a folder `..`.'],
    ['a/../b', 'The path has a folder `..`.'],
    ['a/..', 'The path has a folder `..`.'],
    ['./a', 'The path has a folder `.`.'],
    ['a/./b', 'The path has a folder `.`.'],
    ['/etc', '`/etc` begins with a slash.'],
    ['C:\\x', '`C:\\x` names a drive.'],
    ['c:/x', '`c:/x` names a drive.'],
    ['a\\b', '`a\\b` holds a backslash.'],
    ['a//b', 'Two slashes follow each other, or the path ends in one.'],
    ['a/b/', 'Two slashes follow each other, or the path ends in one.'],
    ['a/%2e%2e/b', '`a/%2e%2e/b` holds a percent escape.'],
    ['a/%2E', '`a/%2E` holds a percent escape.'],
    ['a /b', '`a ` begins or ends in a space.'],
    ['a/ b', '` b` begins or ends in a space.'],
    ['a/b ', '`b ` begins or ends in a space.'],
    ['.git/config', '`.git` is or could be `.git`, which Pawl never writes to.'],
    ['.GIT/config', '`.GIT` is or could be `.git`, which Pawl never writes to.'],
    ['a/.Git/config', '`.Git` is or could be `.git`, which Pawl never writes to.'],
    ['.git./config', '`.git.` is or could be `.git`, which Pawl never writes to.'],
    ['.github/workflows', '`.github` is or could be `.github`, which Pawl never writes to.'],
    ['.GitHub/workflows', '`.GitHub` is or could be `.github`, which Pawl never writes to.'],
    ['.{environment}/x', '`.{environment}` is or could be `.git`, which Pawl never writes to.'],
    ['.git{application}/x', '`.git{application}` is or could be `.github`, which Pawl never writes to.'],
    ['[.{target}/]a', '`.{target}` is or could be `.git`, which Pawl never writes to.'],
    ['a[/../{target}]', 'The path has a folder `..`.'],
    ['[{target}]/a', '`/a` begins with a slash.'],
    ['a/\u0007b', '`a/·b` holds an invisible character.'],
    ['a/.g\u200Cit', '`a/.g·it` holds an invisible character.'],
    ['a/\u202Eb', '`a/·b` holds an invisible character.'],
    ['cafe\u0301/x', '`cafe\u0301/x` writes an accented letter as two characters, so another path can look the same.'],
    ['apps/*/dev', '`apps/*/dev` holds `*` or `?`, which stand for themselves here.'],
    ['apps/a|b', '`apps/a|b` holds one of `<`, `>`, `|`, a quote or a backtick.'],
    ['apps/`a`', '`apps/·a·` holds one of `<`, `>`, `|`, a quote or a backtick.'],
  ])('%j', (text, expected) => {
    expect(mistakeIn(text)).toBe(expected);
  });
});

test.each([
  'apps/{application}/{environment}[/{target}]',
  '.',
  '{application}',
  'café/{environment}',
  'a/.github/x',
  'a/.gitops/{environment}',
  '.config/{environment}',
  'my apps/{environment}',
  'a..b/{environment}',
  'a/.env.{environment}',
  'values-{environment}[-{target}].yaml',
])('%s is a path', (text) => {
  expect(mistakeIn(text)).toBeUndefined();
});

test('fields of reports are no paths, but hold no hidden signs either', () => {
  expect(mistakeIn('./apps//{environment} (staging): ok?', fieldMistake)).toBeUndefined();
  expect(mistakeIn('a\u200B{environment}', fieldMistake)).toBe('`a·{environment}` holds an invisible character.');
  expect(mistakeIn('`{environment}', fieldMistake)).toBe(
    '`·{environment}` holds one of `<`, `>`, `|`, a quote or a backtick.',
  );
});
