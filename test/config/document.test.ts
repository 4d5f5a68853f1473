import { describe, expect, test } from 'vitest';
import { configIn, edited, everything, problemsIn } from './some-config.ts';

describe('YAML that is not right', () => {
  test.each<[string, string, string, readonly string[]]>([
    [
      'a key written twice',
      'dev: {}',
      'dev: {}\n  dev: {}',
      ['5:3: The key `dev` is written twice, in lines 4 and 5. Keep one of them.'],
    ],
    [
      'a section written twice',
      'withdrawAfter: 15m',
      'withdrawAfter: 15m\nversion: 1',
      ['31:1: The key `version` is written twice, in lines 2 and 31. Keep one of them.'],
    ],
    [
      'a merge key',
      'dev: {}',
      'dev: {}\n  <<: {}',
      ['5:3: Merge keys (`<<`) are not used here. Write the keys where they are needed.'],
    ],
    ['__proto__', 'dev: {}', 'dev: {}\n  __proto__: {}', ['5:3: `__proto__` cannot be a key. Use another name.']],
    ['constructor', 'dev: {}', 'dev: {}\n  constructor: {}', ['5:3: `constructor` cannot be a key. Use another name.']],
    ['a list for a key', 'dev: {}', 'dev: {}\n  ? [a]\n  : {}', ['5:5: A key must be a text. Write `key: value`.']],
    ['no key', 'dev: {}', 'dev: {}\n  : {}', ['5:1: A key must be a text. Write `key: value`.']],
    [
      'a tab',
      '  dev: {}',
      '\tdev: {}',
      ['4:1: This is not valid YAML: Tabs are not allowed as indentation. Indent with spaces.'],
    ],
    [
      'brackets in brackets',
      '["argo-bot[bot]"]',
      '[argo-bot[bot]]',
      [
        '28:23: This is not valid YAML: Missing , or : between flow sequence items. Quote texts that hold brackets, braces, commas or quotes, or begin with a sign: "argo-bot[bot]".',
      ],
    ],
    [
      'an open quote',
      '"{application}"\n',
      '"{application}\n',
      [
        '24:34: This is not valid YAML: Missing closing "quote. Quote texts that hold brackets, braces, commas or quotes, or begin with a sign: "argo-bot[bot]".',
      ],
    ],
    [
      'an open bracket',
      '[eu, us]',
      '[eu, us',
      [
        '10:1: This is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]. Give the keys and items that belong together the same indentation, and close every bracket.',
      ],
    ],
    [
      'a wrong escape',
      '"{application}"\n',
      '"{application}\\q"\n',
      ["24:34: This is not valid YAML: Invalid escape sequence \\q. Write the text in single quotes: '…'."],
    ],
    [
      'uneven indentation',
      '    after: dev',
      '   after: dev\n    targets: [a]',
      [
        '6:11: This is not valid YAML: Nested mappings are not allowed in compact mappings. Check the indentation and the colon; quote a text that holds a colon and a space.',
      ],
    ],
    [
      'braces before more text',
      'path: apps/{application}/{environment}[/{target}]',
      'path: {application}/{environment}',
      [
        '11:24: This is not valid YAML: Unexpected scalar at node end. Quote texts that hold brackets, braces, commas or quotes, or begin with a sign: "argo-bot[bot]".',
      ],
    ],
  ])('%s', (_, piece, other, expected) => {
    expect(problemsIn(edited(piece, other))).toEqual(expected);
  });
});

test('other line ends and a missing one at the end change nothing', () => {
  const config = JSON.stringify(configIn(everything));
  expect(JSON.stringify(configIn(everything.replaceAll('\n', '\r\n')))).toBe(config);
  expect(JSON.stringify(configIn(everything.trimEnd()))).toBe(config);
  expect(JSON.stringify(configIn(`---\n${everything}...\n`).recognisers)).toBe(
    JSON.stringify(configIn(everything).recognisers),
  );
});

test('what stands beside an alias is judged, and the alias is told once', () => {
  const text = edited('after: staging', 'after: *base').replace('openPullRequests: 10', 'openPullRequests: 0');
  expect(problemsIn(text).map((problem) => problem.split(':').slice(0, 2).join(':'))).toEqual(['8:12', '29:29']);
});
