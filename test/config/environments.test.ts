import { describe, expect, test } from 'vitest';
import { configIn, edited, problemsIn, warningsIn } from './some-config.ts';

describe('the promotion order', () => {
  test.each<[string, string, string, readonly string[]]>([
    [
      'an environment that is not there',
      'after: dev',
      'after: dve',
      ['6:12: There is no environment `dve`. Did you mean `dev`?'],
    ],
    [
      'several of them',
      'after: dev',
      'after: [dev, test, other]',
      [
        '6:18: There is no environment `test`. Write `dev` or `production`.',
        '6:24: There is no environment `other`. Write `dev` or `production`.',
      ],
    ],
    ['one named twice in after', 'after: dev', 'after: [dev, dev]', ['6:18: `dev` is named twice. Remove one.']],
    [
      'a circle of two',
      'dev: {}',
      'dev: { after: staging }',
      ['4:17: The promotion order goes round in a circle: `dev` → `staging` → `dev`. Remove one of these `after`.'],
    ],
    [
      'a circle of three',
      'dev: {}',
      'dev: { after: production }',
      [
        '4:17: The promotion order goes round in a circle: `dev` → `staging` → `production` → `dev`. Remove one of these `after`.',
      ],
    ],
    [
      'a circle with a way in',
      'dev: {}',
      'first: {}\n  dev: { after: [first, staging] }',
      ['5:17: The promotion order goes round in a circle: `dev` → `staging` → `dev`. Remove one of these `after`.'],
    ],
    [
      'an environment after itself',
      'dev: {}',
      'dev: { after: dev }',
      ['4:17: The promotion order goes round in a circle: `dev` → `dev`. Remove one of these `after`.'],
    ],
    [
      'names that differ in case',
      'dev: {}',
      'dev: {}\n  Dev: {}',
      ['5:3: `Dev` and `dev` differ only in case. Rename or remove one.'],
    ],
    [
      'a name with a space',
      'dev: {}',
      'dev: {}\n  my env: {}',
      [
        '5:3: `my env` cannot be a name. Write at most 63 letters, digits, `.`, `_` or `-`, a letter or digit first and last, without `..` and `.lock`.',
      ],
    ],
    [
      'a name that Git refuses in a branch',
      'dev: {}',
      'dev: {}\n  a..b: {}\n  c.lock: {}',
      [
        '5:3: `a..b` cannot be a name. Write at most 63 letters, digits, `.`, `_` or `-`, a letter or digit first and last, without `..` and `.lock`.',
        '6:3: `c.lock` cannot be a name. Write at most 63 letters, digits, `.`, `_` or `-`, a letter or digit first and last, without `..` and `.lock`.',
      ],
    ],
    [
      'no environments',
      'environments:\n  dev: {}\n  staging:\n    after: dev\n  production:\n    after: staging\n    targets: [eu, us]\n',
      'environments: {}\n',
      ['3:15: There are no environments. Name at least two: `dev: {}` and `production: { after: dev }`.'],
    ],
    [
      'a list of environments',
      'environments:\n  dev: {}\n  staging:\n    after: dev\n  production:\n    after: staging\n    targets: [eu, us]\n',
      'environments: [dev, staging]\n',
      [
        '3:15: `environments` is a list; it must be a map. Write a map of names: `environments: { dev: {}, production: { after: dev } }`.',
      ],
    ],
    [
      'no targets',
      '[eu, us]',
      '[]',
      [
        '9:14: `targets` is an empty list. Write a list of names: `targets: [eu, us]`, or `targets: { found: clusters/prod-* }`; leave it out where there is one place.',
      ],
    ],
    [
      'no names in after',
      'after: dev',
      'after: []',
      [
        '6:12: `after` is an empty list. Write one name or a list of names: `after: dev` or `after: [eu, us]`; leave it out for the first one.',
      ],
    ],
    ['a target named twice', '[eu, us]', '[eu, us, eu]', ['9:23: `eu` is named twice. Remove one.']],
    [
      'targets that differ in case',
      '[eu, us]',
      '[eu, EU]',
      ['9:19: `EU` and `eu` differ only in case. Rename or remove one.'],
    ],
    [
      'targets that are no list',
      '[eu, us]',
      'eu',
      [
        '9:14: `targets` is `eu`; it must be a list or a map. Write a list of names: `targets: [eu, us]`, or `targets: { found: clusters/prod-* }`; leave it out where there is one place.',
      ],
    ],
  ])('%s', (_, piece, other, expected) => {
    expect(problemsIn(edited(piece, other))).toEqual(expected);
  });
});

describe('how much there may be', () => {
  const environments = (count: number): string =>
    Array.from({ length: count }, (_, index) => `  e${index}: {}\n`).join('');
  const targets = (count: number): string => `[${Array.from({ length: count }, (_, index) => `t${index}`).join(', ')}]`;

  test('100 environments are accepted, one more is not', () => {
    expect(configIn(edited('  dev: {}\n', `  dev: {}\n${environments(97)}`)).environments).toHaveLength(100);
    expect(problemsIn(edited('  dev: {}\n', `  dev: {}\n${environments(98)}`))).toEqual([
      '4:3: There are 101 environments; the most is 100. Make places of one kind targets of one environment: `targets: [eu, us]`.',
    ]);
  });

  test('100 targets are accepted, one more is not', () => {
    expect(configIn(edited('[eu, us]', targets(100))).environments[2]?.targets).toHaveLength(100);
    expect(problemsIn(edited('[eu, us]', targets(101)))).toEqual([
      '9:14: `targets` is too long; the most is 100. Write fewer; one rule with placeholders serves many.',
    ]);
  });

  test('500 targets of all environments are accepted, more are not', () => {
    const four = [1, 2, 3, 4].map((index) => `  e${index}: { targets: ${targets(100)} }\n`).join('');
    const withTargets = (count: number): string => `  dev: {}\n${four}  e5: { targets: ${targets(count)} }\n`;
    expect(configIn(edited('  dev: {}\n', withTargets(96))).environments).toHaveLength(8);
    expect(problemsIn(edited('  dev: {}\n', withTargets(97)))).toEqual([
      '4:3: All environments together have 501 targets; the most is 500. Split the repo, or name groups of places in place of each place.',
    ]);
  });
});

describe('what is read', () => {
  test('environments come in promotion order, whatever the order of the file', () => {
    const order = 'environments: { c: { after: [b, a2] }, b: { after: [a, a2] }, a2: {}, a: }\n';
    const text = `${order}version: 1\napplications: [{ path: "{application}/{environment}", promote: [{ images: [x] }] }]\n`;
    expect(configIn(text).environments.map(({ name, after }) => [name, ...after])).toEqual([
      ['a2'],
      ['a'],
      ['b', 'a', 'a2'],
      ['c', 'b', 'a2'],
    ]);
  });

  test('an environment without targets has one of its own name', () => {
    expect(configIn(edited('x', 'x')).environments).toEqual([
      { name: 'dev', after: [], targets: ['dev'], namesTargets: false },
      { name: 'staging', after: ['dev'], targets: ['staging'], namesTargets: false },
      { name: 'production', after: ['staging'], targets: ['eu', 'us'], namesTargets: true },
    ]);
  });
});

describe('environments between which nothing moves', () => {
  const rest =
    'applications: [{ path: "{application}/{environment}", promote: [{ images: [x] }] }]\nsyncs: [{ source: argocd, path: "{application}/{environment}" }]\n';

  test.each([
    [
      'dev: {}',
      '2:3: There is a single environment, so there is nothing to promote. Write what comes after what: `production: { after: staging }`.',
    ],
    [
      'dev: {}\n  test:',
      '2:3: No environment comes `after` another, so there is nothing to promote. Write what comes after what: `production: { after: staging }`.',
    ],
  ])('%j is accepted with a warning', (environments, expected) => {
    expect(warningsIn(`environments:\n  ${environments}\nversion: 1\n${rest}`)).toEqual([expected]);
  });
});
