import { describe, expect, test } from 'vitest';
import { configIn, edited, everything, problemsIn } from './some-config.ts';

describe('one writer for each field', () => {
  test.each<[string, string, string, readonly string[]]>([
    [
      'a rule written twice',
      '  - name: search\n    path: charts/search/{environment}[-{target}]\n',
      '  - path: apps/{application}/{environment}[/{target}]\n',
      [
        '18:9: `apps/…/dev/values.yaml` is written by the rule in line 14 too, through `keys`. Let one of them select other fields or files, or remove it.',
      ],
    ],
    [
      'the same field in one rule',
      'keys: [image.tag, image.repository]',
      'keys: [image.tag]\n      - keys: [image.repository, image.tag]',
      [
        '20:9: `charts/search/dev/values.yaml` is written by the rule in line 19 too, through `keys`. Let one of them select other fields or files, or remove it.',
      ],
    ],
    [
      'a star and a name',
      '      - images: ["*"]\n',
      '      - images: ["*"]\n      - images: [ghcr.io/acme/web]\n',
      [
        '14:9: `apps/…/dev/kustomization.yaml` is written by the rule in line 13 too, through `images`. Let one of them select other fields or files, or remove it.',
      ],
    ],
    [
      'a named application within a pattern under another name',
      'path: charts/search/{environment}[-{target}]',
      'path: apps/find/{environment}[/{target}]',
      [
        '19:9: `apps/find/dev/values.yaml` is written by the rule in line 14 too, through `keys`, as application `find`. Let one of them select other fields or files, or remove it.',
      ],
    ],
    [
      'an environment and a target that spell another environment',
      'dev: {}',
      'dev: {}\n  production-eu: {}',
      [
        '20:9: `charts/search/production-eu/values.yaml` is written by this rule too, through `keys`, once for `production-eu` and once for `production`. Let one of them select other fields or files, or remove it.',
      ],
    ],
  ])('%s', (_, piece, other, expected) => {
    expect(problemsIn(edited(piece, other))).toEqual(expected);
  });

  test('targets of one name in two environments, told apart by nothing else', () => {
    const text = edited('dev: {}', 'dev: { targets: [eu] }');
    const path = 'charts/search/{environment}[-{target}]';
    expect(problemsIn(text.replace(path, 'charts/search/{target}'))).toEqual([
      '19:9: `charts/search/eu/values.yaml` is written by this rule too, through `keys`, once for `dev` and once for `production`. Let one of them select other fields or files, or remove it.',
    ]);
    expect(problemsIn(edited(path, 'charts/search/{target}'))).toEqual([]);
  });
});

describe('what is no overlap', () => {
  const search = '  - name: search\n    path: charts/search/{environment}[-{target}]\n';

  test.each([
    [
      'another field of the same file',
      'keys: [image.tag, image.repository]',
      'keys: [image.tag]\n      - keys: [image.repository]',
    ],
    [
      'another editor',
      '      - images: ["*"]\n',
      '      - images: ["*"]\n      - keys: [a.b]\n        in: kustomization.yaml\n',
    ],
    [
      'a named application where the pattern has the same name',
      search,
      '  - name: search\n    path: apps/search/{environment}[/{target}]\n',
    ],
    [
      'one folder for all targets of an environment',
      'charts/search/{environment}[-{target}]',
      'charts/search/{environment}',
    ],
    ['several rules for one application', search, `${search}    promote: [{ keys: [a.b], in: b.yaml }]\n${search}`],
    [
      'patterns for other images',
      '      - images: ["*"]\n',
      '      - images: [ghcr.io/a/*]\n      - images: [ghcr.io/b/*]\n',
    ],
  ])('%s', (_, piece, other) => {
    expect(problemsIn(edited(piece, other))).toEqual([]);
  });
});

test('an overlap is told once, not once for every target', () => {
  const targets = Array.from({ length: 100 }, (_, index) => `t${index}`).join(', ');
  const text = edited('[eu, us]', `[${targets}]`).replace('- images: ["*"]', '- images: ["*"]\n      - images: [web]');
  expect(problemsIn(text)).toHaveLength(1);
});

test('more than 20 rules for one file are one too many to compare', () => {
  const rules = (count: number): string => {
    const names = Array.from(
      { length: count },
      (_, index) => `  - path: a/{application}/{environment}\n    promote: [{ keys: [k${index}] }]\n`,
    );
    return everything.replace('applications:\n', `applications:\n${names.join('')}`);
  };
  expect(configIn(rules(20)).applications).toHaveLength(22);
  expect(problemsIn(rules(21))).toEqual([
    '52:15: `a/…/dev/values.yaml` is written by the rule in line 12 too, through `keys`, and by too many more. ' +
      'Let one of them select other fields or files, or remove it.',
  ]);
});

test('more rules times targets than can be compared are refused', () => {
  const targets = Array.from({ length: 100 }, (_, index) => `t${index}`).join(', ');
  const rules = Array.from({ length: 198 }, (_, index) => {
    const entries = ['a', 'b', 'c', 'd', 'e'].map((key) => `{ keys: [${key}] }`).join(', ');
    return `  - path: a${index}/{application}/{environment}[/{target}]\n    promote: [${entries}]\n`;
  });
  const text = everything
    .replace('[eu, us]', `[${targets}]`)
    .replace('applications:\n', `applications:\n${rules.join('')}`);
  expect(problemsIn(text)).toEqual([
    '11:3: The rules name 993 files for each of 102 targets, which is too much to check. ' +
      'Use patterns with `{application}` in place of a rule for each application.',
  ]);
});
