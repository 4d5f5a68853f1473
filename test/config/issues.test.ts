import { describe, expect, test } from 'vitest';
import { configIn, edited, everything, problemsIn } from './some-config.ts';

describe('keys and kinds of values', () => {
  test.each<[string, string, string, readonly string[]]>([
    [
      'a mistyped section',
      'environments:',
      'enviroments:',
      [
        '2:1: `environments` is missing. Write a map of names: `environments: { dev: {}, production: { after: dev } }`.',
        '3:1: Unknown key `enviroments`. Did you mean `environments`?',
      ],
    ],
    ['a section with a capital letter', 'limits:', 'Limits:', ['29:1: Unknown key `Limits`. Did you mean `limits`?']],
    ['a mistyped key of an environment', 'after: dev', 'afer: dev', ['6:5: Unknown key `afer`. Did you mean `after`?']],
    [
      'a mistyped key of an application',
      '  - name: search',
      '  - nme: search',
      [
        '16:5: Unknown key `nme`. Did you mean `name`?',
        '17:11: Nothing in `charts/search/{environment}[-{target}]/values.yaml` says which application it is. Write `{application}` in `path`, or give the rule a `name`.',
      ],
    ],
    [
      'a mistyped limit',
      'openPullRequests: 10',
      'openPulRequests: 10',
      ['29:11: Unknown key `openPulRequests`. Did you mean `openPullRequests`?'],
    ],
    [
      'a key nobody knows',
      'withdrawAfter: 15m',
      'colour: red',
      [
        '30:1: Unknown key `colour`. Remove it; the keys here are `version`, `environments`, `applications`, `syncs`, `groups`, `limits`, `withdrawAfter` and `feeds`.',
      ],
    ],
    ['no version', 'version: 1\n', '', ['2:1: `version` is missing. Write `version: 1`.']],
    [
      'a version in quotes',
      'version: 1',
      'version: "1"',
      ['2:10: `version` is the text `1`. Write `1` (without quotes).'],
    ],
    ['an earlier version', 'version: 1', 'version: 0', ['2:10: `version` is `0`. Write `1` (without quotes).']],
    [
      'no path',
      'path: apps/{application}/{environment}[/{target}]',
      'name: web',
      ['11:5: `path` is missing. Write the folder: `path: apps/{application}/{environment}`.'],
    ],
    [
      'no promote',
      '    promote:\n      - images',
      '    xpromote:\n      - images',
      [
        '11:5: `promote` is missing. Write a list of what may move: `promote: [{ images: ["*"] }]`.',
        '12:5: Unknown key `xpromote`. Did you mean `promote`?',
      ],
    ],
    [
      'an empty promote',
      '    promote:\n      - keys: [image.tag, image.repository]',
      '    promote: []',
      ['18:14: `promote` is an empty list. Write a list of what may move: `promote: [{ images: ["*"] }]`.'],
    ],
    [
      'an application that is a text',
      '  - name: search',
      '  - web\n  - name: search',
      [
        '16:5: Item 2 of `applications` is `web`; it must be a map. Write a list: `applications: [{ path: "apps/{application}/{environment}", promote: […] }]`.',
      ],
    ],
    [
      'a text that is a number',
      'name: search',
      'name: 12',
      ['16:11: `12` without quotes is no text in YAML. Quote it: `"12"`.'],
    ],
    [
      'a text that is empty',
      'name: search',
      'name:',
      ['16:10: `name` is empty; it must be a text. Write the name of one application, or leave it out.'],
    ],
    [
      'a text in braces without quotes',
      '"{application}"\n',
      '{application}\n',
      ['24:20: A text that begins with `{` is a map in YAML. Quote the whole text: `"{application}…"`.'],
    ],
    [
      'a map for a text',
      'after: dev',
      'after: { dev: true }',
      [
        '6:12: `after` is a map; it must be a text or a list. Write one name or a list of names: `after: dev` or `after: [eu, us]`; leave it out for the first one.',
      ],
    ],
    [
      'a number for a word',
      'after: dev',
      'after: [dev, 5]',
      ['6:18: `5` without quotes is no text in YAML. Quote it: `"5"`.'],
    ],
    [
      'a word for true',
      'senders: ["argo-bot[bot]"]',
      'senders: ["argo-bot[bot]"]\n    everyTarget: yes',
      ['29:18: `everyTarget` is `yes`; it must be `true` or `false`. Write `true`, or leave it out.'],
    ],
    [
      'a text for a number',
      'openPullRequests: 10',
      'openPullRequests: "10"',
      ['29:29: `openPullRequests` is the text `10`; it must be a number. Write a whole number from 1 to 100.'],
    ],
    [
      'a limit below the least',
      'openPullRequests: 10',
      'openPullRequests: 0',
      ['29:29: `openPullRequests` is `0`; the least is 1. Write a whole number from 1 to 100.'],
    ],
    [
      'a limit above the most',
      'openPullRequests: 10',
      'openPullRequests: 101',
      ['29:29: `openPullRequests` is `101`; the most is 100. Write a whole number from 1 to 100.'],
    ],
    [
      'a limit that is no whole number',
      'openPullRequests: 10',
      'openPullRequests: 1.5',
      ['29:29: `openPullRequests` is `1.5`; it must be a whole number. Write a whole number from 1 to 100.'],
    ],
    [
      'a limit that is no number',
      'openPullRequests: 10',
      'openPullRequests: .nan',
      ['29:29: `openPullRequests` is `.nan`; it must be a number. Write a whole number from 1 to 100.'],
    ],
    [
      'a limit beyond all numbers',
      'openPullRequests: 10',
      'openPullRequests: 1e99',
      ['29:29: `openPullRequests` is `1e99`; the most is 100. Write a whole number from 1 to 100.'],
    ],
  ])('%s', (_, piece, other, expected) => {
    expect(problemsIn(edited(piece, other))).toEqual(expected);
  });
});

describe('sections', () => {
  const applications = everything.slice(everything.indexOf('applications:'), everything.indexOf('syncs:'));

  test.each([
    ['', '2:1: `applications` is missing.'],
    ['applications: []\n', '10:15: `applications` is an empty list.'],
    ['applications: {}\n', '10:15: `applications` is a map; it must be a list.'],
    ['applications:\n', '10:14: `applications` is empty; it must be a list.'],
  ])('%j is no section of applications', (section, expected) => {
    expect(problemsIn(edited(applications, section))).toEqual([
      `${expected} Write a list: \`applications: [{ path: "apps/{application}/{environment}", promote: […] }]\`.`,
    ]);
  });

  test('200 rules are accepted, one more is not', () => {
    const rules = (count: number): string =>
      Array.from(
        { length: count },
        (_, index) => `  - path: a${index}/{application}/{environment}\n    promote: [{ images: ["*"] }]\n`,
      ).join('');
    expect(configIn(edited('applications:\n', `applications:\n${rules(198)}`)).applications).toHaveLength(200);
    expect(problemsIn(edited('applications:\n', `applications:\n${rules(199)}`))).toEqual([
      '11:3: `applications` is too long; the most is 200. Write fewer; one rule with placeholders serves many.',
    ]);
  });
});
