import { describe, expect, test } from 'vitest';
import { configIn, edited, problemsIn } from './some-config.ts';

describe('texts that need quotes', () => {
  test.each<[string, string, string, readonly string[]]>([
    [
      'the environment no',
      'dev: {}',
      'dev: {}\n  no: {}',
      ['5:3: `no` without quotes is not read as a text by every YAML reader. Quote it: `"no"`.'],
    ],
    [
      'the environment on',
      'dev: {}',
      'dev: {}\n  on: {}',
      ['5:3: `on` without quotes is not read as a text by every YAML reader. Quote it: `"on"`.'],
    ],
    [
      'the environment Off',
      'dev: {}',
      'dev: {}\n  Off: {}',
      ['5:3: `Off` without quotes is not read as a text by every YAML reader. Quote it: `"Off"`.'],
    ],
    [
      'the environment y',
      'dev: {}',
      'dev: {}\n  y: {}',
      ['5:3: `y` without quotes is not read as a text by every YAML reader. Quote it: `"y"`.'],
    ],
    [
      'the environment 1e3',
      'dev: {}',
      'dev: {}\n  1e3: {}',
      ['5:3: `1e3` without quotes is not read as a text by every YAML reader. Quote it: `"1e3"`.'],
    ],
    [
      'the environment 0x1F',
      'dev: {}',
      'dev: {}\n  0x1F: {}',
      ['5:3: `0x1F` without quotes is not read as a text by every YAML reader. Quote it: `"0x1F"`.'],
    ],
    [
      'the environment 22:22',
      'dev: {}',
      'dev: {}\n  22:22: {}',
      [
        '5:3: `22:22` cannot be a name. Write at most 63 letters, digits, `.`, `_` or `-`, a letter or digit first and last, without `..` and `.lock`.',
      ],
    ],
    [
      'the environment 1_000',
      'dev: {}',
      'dev: {}\n  1_000: {}',
      ['5:3: `1_000` without quotes is not read as a text by every YAML reader. Quote it: `"1_000"`.'],
    ],
    [
      'the environment 2024-01-02',
      'dev: {}',
      'dev: {}\n  2024-01-02: {}',
      ['5:3: `2024-01-02` without quotes is not read as a text by every YAML reader. Quote it: `"2024-01-02"`.'],
    ],
    [
      'the environment ~',
      'dev: {}',
      'dev: {}\n  ~: {}',
      [
        '5:3: `~` cannot be a name. Write at most 63 letters, digits, `.`, `_` or `-`, a letter or digit first and last, without `..` and `.lock`.',
      ],
    ],
    [
      'the environment null',
      'dev: {}',
      'dev: {}\n  null: {}',
      ['5:3: `null` without quotes is not read as a text by every YAML reader. Quote it: `"null"`.'],
    ],
    [
      'the environment true',
      'dev: {}',
      'dev: {}\n  true: {}',
      ['5:3: `true` without quotes is not read as a text by every YAML reader. Quote it: `"true"`.'],
    ],
    [
      'the environment 007',
      'dev: {}',
      'dev: {}\n  007: {}',
      ['5:3: `007` without quotes is not read as a text by every YAML reader. Quote it: `"007"`.'],
    ],
    [
      'the target no',
      '[eu, us]',
      '[eu, no]',
      ['9:19: `no` without quotes is not read as a text by every YAML reader. Quote it: `"no"`.'],
    ],
    [
      'the target on',
      '[eu, us]',
      '[eu, on]',
      ['9:19: `on` without quotes is not read as a text by every YAML reader. Quote it: `"on"`.'],
    ],
    ['the target 1e3', '[eu, us]', '[eu, 1e3]', ['9:19: `1e3` without quotes is no text in YAML. Quote it: `"1e3"`.']],
    [
      'the target 0x1F',
      '[eu, us]',
      '[eu, 0x1F]',
      ['9:19: `0x1F` without quotes is no text in YAML. Quote it: `"0x1F"`.'],
    ],
    [
      'the target 22:22',
      '[eu, us]',
      '[eu, 22:22]',
      [
        '9:19: `22:22` cannot be a name. Write at most 63 letters, digits, `.`, `_` or `-`, a letter or digit first and last, without `..` and `.lock`.',
      ],
    ],
    [
      'the target 2024-01-02',
      '[eu, us]',
      '[eu, 2024-01-02]',
      ['9:19: `2024-01-02` without quotes is not read as a text by every YAML reader. Quote it: `"2024-01-02"`.'],
    ],
    [
      'the target 1.10',
      '[eu, us]',
      '[eu, 1.10]',
      ['9:19: `1.10` without quotes is no text in YAML. Quote it: `"1.10"`.'],
    ],
    [
      'the application off',
      'name: search',
      'name: off',
      ['16:11: `off` without quotes is not read as a text by every YAML reader. Quote it: `"off"`.'],
    ],
    [
      'the environment to come after',
      'after: dev',
      'after: no',
      [
        '6:12: `no` without quotes is not read as a text by every YAML reader. Quote it: `"no"`.',
        '6:12: There is no environment `no`. Write `dev` or `production`.',
      ],
    ],
  ])('%s', (_, piece, other, expected) => {
    expect(problemsIn(edited(piece, other))).toEqual(expected);
  });
});

test.each(['no', 'on', '1e3', '0x1F', '1_000', '2024-01-02', '1.10', 'true'])('%s in quotes is a name', (name) => {
  const text = edited('dev: {}', `dev: {}\n  "${name}": {}`).replace('[eu, us]', `[eu, '${name}']`);
  expect(configIn(text).environments.map((environment) => environment.name)).toContain(name);
});
