import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseConfig, problemsMax } from '../../src/config/parse.ts';
import { configIn, edited, everything, problemsIn } from './some-config.ts';
import { someRegistries } from './some-registries.ts';

test('a configuration is read whole', () => {
  const config = configIn(everything);
  expect(config.environments.map(({ name, after, targets }) => [name, after, targets])).toEqual([
    ['dev', [], ['dev']],
    ['staging', ['dev'], ['staging']],
    ['production', ['staging'], ['eu', 'us']],
  ]);
  expect(config.applications.map(({ name, path, promote }) => [name, path.text, promote.length])).toEqual([
    [undefined, 'apps/{application}/{environment}[/{target}]', 2],
    ['search', 'charts/search/{environment}[-{target}]', 1],
  ]);
  expect(config.recognisers.map(({ source, fields }) => [source, ...Object.keys(fields)])).toEqual([
    ['argocd', 'application'],
    ['flux', 'cluster', 'kustomization'],
    ['github-status', 'context'],
  ]);
  expect(config.withdrawAfterMs).toBe(900_000);
});

test('all problems are told at once, in the order of the file', () => {
  const text = everything
    .replace('after: dev', 'after: dve')
    .replace('[eu, us]', '[]')
    .replace('apps/{application}/{environment}[/{target}]', '../{app}')
    .replace('images:', 'image:')
    .replace('name: search', 'name: no')
    .replace('source: flux', 'source: fluxx')
    .replace('    senders: ["argo-bot[bot]"]\n', '')
    .replace('openPullRequests: 10', 'openPullRequests: 0')
    .replace('withdrawAfter: 15m', 'withdrawAfter: 15\ncolour: red');
  expect(problemsIn(text).map((problem) => problem.replace(/^(\S+) ([^.]*\.).*$/, '$1 $2'))).toEqual([
    '6:12: There is no environment `dve`.',
    '9:14: `targets` is an empty list.',
    '11:11: `{app}` is no placeholder.',
    '13:9: Unknown key `image`.',
    '16:11: `no` without quotes is not read as a text by every YAML reader.',
    '23:13: `source` is `fluxx`.',
    '26:5: `senders` is missing.',
    '28:29: `openPullRequests` is `0`; the least is 1.',
    '29:16: `15` has no unit.',
    '30:1: Unknown key `colour`.',
  ]);
});

describe('files that say nothing', () => {
  const hint =
    'Write `version: 1`, then `environments:` with the promotion order, `applications:` and `syncs:`; see the documentation.';

  test.each([
    ['', 'The file is empty: it names no environments.'],
    ['\n\n', 'The file is empty: it names no environments.'],
    ['# only\n# remarks\n', 'The file is empty: it names no environments.'],
    ['null\n', 'The file is empty: it names no environments.'],
    ['- dev\n', 'The file is no map of keys.'],
    ['dev\n', 'The file is no map of keys.'],
  ])('%j', (text, message) => {
    expect(problemsIn(text)).toEqual([`1:1: ${message} ${hint}`]);
  });
});

test('a file with more problems than people read tells the first ones', () => {
  const keys = Array.from({ length: 150 }, (_, index) => `  "a ${index}": {}\n`).join('');
  const problems = problemsIn(edited('  dev: {}\n', `  dev: {}\n${keys}`).replace('after: dev', 'after: dve'));
  expect(problems).toHaveLength(problemsMax);
  expect(problems[1]).toMatch(/^5:3: `a 0` cannot be a name\./);
});

describe('texts of which only the beginning is looked at', () => {
  test.each([
    ['a megabyte of keys', Array.from({ length: 100_000 }, (_, index) => `k${index}: 1\n`).join('')],
    ['as many keys as fit', Array.from({ length: 60_000 }, (_, index) => `${index}:\n`).join('')],
    ['as many brackets as fit', '['.repeat(500_000)],
    ['as many tags as fit', '!a '.repeat(170_000)],
    [
      'ten lists of ten lists',
      `a: &a [x]\n${'bcdefghij'
        .split('')
        .map((key, index) => `${key}: &${key} [${`*${'abcdefghi'[index]},`.repeat(10)}]\n`)
        .join('')}`,
    ],
  ])('%s', (_, text) => {
    expect(problemsIn(text)[0]).toMatch(/larger than|words and signs|nested too deep|Tags|Anchors/);
  });

  test('7,000 keys are told apart without comparing each with each', () => {
    const keys = Array.from({ length: 7000 }, (_, index) => `  k${index}: {}\n`).join('');
    expect(problemsIn(edited('  dev: {}\n', `  dev: {}\n${keys}  k0: {}\n`))).toEqual([
      '4:3: There are 7003 environments; the most is 100. Make places of one kind targets of one environment: `targets: [eu, us]`.',
      '7005:3: The key `k0` is written twice, in lines 5 and 7005. Keep one of them.',
    ]);
  });
});

describe('any text gives a configuration or problems with a place, a message and a mend', () => {
  const pieces = [
    '{',
    '}',
    '[',
    ']',
    '&a ',
    '*a',
    '!t ',
    '|',
    '>',
    '"',
    "'",
    '\n',
    '\n  ',
    '\t',
    ': ',
    '- ',
    '? ',
    '%',
    '#',
    ',',
    '<<: ',
    '~',
    'null',
    '1e3',
    'no',
    '{environment}',
    '\u0001',
    'é',
    '---\n',
    '...\n',
    '\r',
    '__proto__: ',
  ];

  const check = (text: string): void => {
    const parsed = parseConfig(text, someRegistries);
    if (parsed.ok) return;
    expect(parsed.problems.length).toBeGreaterThan(0);
    for (const { line, column, message, hint } of parsed.problems) {
      expect(line).toBeGreaterThan(0);
      expect(column).toBeGreaterThan(0);
      expect(message).toMatch(/[.!?]$/);
      expect(hint).toMatch(/[.?…`]$/);
    }
  };

  test('a right one with pieces put in, taken out and repeated', () => {
    const at = fc.nat(everything.length);
    const change = fc.oneof(
      fc.tuple(at, fc.constantFrom(...pieces)).map(([from, piece]) => ({ from, to: from, piece })),
      fc.tuple(at, fc.nat(20)).map(([from, length]) => ({ from, to: from + length, piece: '' })),
      fc
        .tuple(at, at, fc.nat(60))
        .map(([from, other, length]) => ({ from, to: from, piece: everything.slice(other, other + length) })),
    );
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        check(changes.reduce((text, { from, to, piece }) => text.slice(0, from) + piece + text.slice(to), everything));
      }),
      { numRuns: 500 },
    );
  });

  test('signs in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces, 'a', 'version', 'environments')), (parts) =>
        check(parts.join('')),
      ),
    );
  });

  test('bytes in any order', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(parseConfig(bytes, someRegistries).ok).toBe(false);
      }),
    );
  });
});
