import { describe, expect, test } from 'vitest';
import { configIn, edited, everything, problemsIn, warningsIn } from './some-config.ts';

describe('how reports are recognised', () => {
  test.each<[string, string, string, readonly string[]]>([
    ['an unknown source', 'source: flux', 'source: fluxx', ['23:13: `source` is `fluxx`. Did you mean `flux`?']],
    [
      'no source',
      'source: flux\n    kustomization',
      'kustomization',
      ['23:5: `source` is missing. Name the sync source: `source: argocd`.'],
    ],
    [
      'a field of another source',
      'context: "argocd',
      'name: "argocd',
      [
        '27:5: Unknown key `name`. Remove it; the keys here are `context`, `source`, `senders`, `everyApplication` and `everyTarget`.',
      ],
    ],
    [
      'a mistyped field',
      'kustomization:',
      'kustomisation:',
      ['24:5: Unknown key `kustomisation`. Did you mean `kustomization`?'],
    ],
    [
      'no field at all',
      '    application: "{application}-{environment}[-{target}]"\n',
      '',
      [
        '21:5: This names no field of `argocd`, so it says nothing about whose report it is. Write one or more of `instance`, `application`, `namespace`, `project` and `path`.',
      ],
    ],
    [
      'no environment',
      '"{application}-{environment}[-{target}]"\n',
      '"{application}[-{target}]"\n',
      [
        '21:5: Nothing here says which environment a report is about. Write `{environment}` in one of its fields, outside of square brackets.',
      ],
    ],
    [
      'an environment only in brackets',
      '"{application}-{environment}[-{target}]"\n',
      '"{application}[-{environment}-{target}]"\n',
      [
        '21:5: Nothing here says which environment a report is about. Write `{environment}` in one of its fields, outside of square brackets.',
      ],
    ],
    [
      'no application',
      'kustomization: "{application}"',
      'path: "{environment}"',
      [
        '23:5: Nothing here says which application a report is about. Write `{application}` in one of its fields, or `everyApplication: true` if a report speaks for every application.',
      ],
    ],
    [
      'no target',
      'cluster: "{environment}[-{target}]"',
      'cluster: "{environment}"',
      [
        '23:5: Nothing here says which target a report is about. Write `{target}` in one of its fields, or `everyTarget: true` if a report speaks for every target.',
      ],
    ],
    [
      'a target and every target',
      'cluster: "{environment}[-{target}]"',
      'cluster: "{environment}[-{target}]"\n    everyTarget: true',
      ['26:18: `everyTarget` is set, though `{target}` says which target a report is about. Keep one of them.'],
    ],
    [
      'an application and every application',
      'cluster: "{environment}[-{target}]"',
      'cluster: "{environment}[-{target}]"\n    everyApplication: true',
      [
        '26:23: `everyApplication` is set, though `{application}` says which application a report is about. Keep one of them.',
      ],
    ],
    [
      'no senders where anybody could send',
      '    senders: ["argo-bot[bot]"]\n',
      '',
      [
        '26:5: `senders` is missing. List the GitHub accounts that may send it: `senders: ["argo-bot[bot]"]`; anybody with write access could.',
      ],
    ],
    [
      'senders where a secret says who sent',
      'kustomization: "{application}"',
      'kustomization: "{application}"\n    senders: [argo-bot]',
      [
        '25:5: `senders` is only for sources that come through GitHub; here the secret says who sent the report. Remove it.',
      ],
    ],
    [
      'no sender in the list',
      '["argo-bot[bot]"]',
      '[]',
      [
        '28:14: `senders` is an empty list. List the GitHub accounts that may send it: `senders: ["argo-bot[bot]"]`; anybody with write access could.',
      ],
    ],
    [
      'a sender that is no login',
      '["argo-bot[bot]"]',
      '["@argo bot"]',
      ['28:15: `@argo bot` is no GitHub account. Write a login such as `"argo-bot[bot]"`.'],
    ],
    [
      'a login where an App is named',
      'source: github-status\n    context:',
      'source: check-run\n    name:',
      [
        '28:15: `argo-bot[bot]` is no slug of a GitHub App. Check runs come from Apps: write the slug alone, such as `argo-bot`, without `[bot]`.',
      ],
    ],
    [
      'a pattern with a mistake',
      'kustomization: "{application}"',
      'kustomization: "{application"',
      [
        '24:20: A `{` is not closed. Braces and square brackets only mark `{application}`, `{environment}`, `{target}` and `[…{target}…]`.',
      ],
    ],
  ])('%s', (_, piece, other, expected) => {
    expect(problemsIn(edited(piece, other))).toEqual(expected);
  });
});

describe('what is accepted', () => {
  test.each([
    ['reports for every application', 'kustomization: "{application}"', 'everyApplication: true'],
    [
      'reports for every target',
      'cluster: "{environment}[-{target}]"',
      'cluster: "{environment}"\n    everyTarget: true',
    ],
    [
      'an App that reports by check runs',
      'source: github-status\n    context: "argocd/{target}/{environment}/{application}"\n    senders: ["argo-bot[bot]"]',
      'source: check-run\n    name: "argocd/{target}/{environment}/{application}"\n    senders: [argo-bot]',
    ],
  ])('%s', (_, piece, other) => {
    expect(problemsIn(edited(piece, other))).toEqual([]);
  });

  test('no target is needed where no environment names targets', () => {
    const text = edited('    targets: [eu, us]\n', '').replaceAll('[-{target}]"', '"');
    expect(configIn(text).recognisers).toHaveLength(3);
  });
});

test('senders are kept for sources that come through GitHub only', () => {
  expect(configIn(everything).recognisers.map(({ source, senders }) => [source, senders])).toEqual([
    ['argocd', undefined],
    ['flux', undefined],
    ['github-status', ['argo-bot[bot]']],
  ]);
});

test('without syncs nothing is recognised, which is a warning', () => {
  const text = everything.replace(/syncs:[\s\S]*(?=limits:)/, '');
  expect(warningsIn(text)).toEqual([
    '2:1: No report is recognised, so nothing is promoted. Add `syncs:` with the source your controllers report through.',
  ]);
});

test('a second field that tells two readings apart makes the warning go', () => {
  const twoDevs = edited('dev: {}', 'dev: {}\n  us-dev: {}');
  const before = '    application: "{application}-{environment}[-{target}]"';
  expect(warningsIn(twoDevs)).toHaveLength(1);
  expect(
    warningsIn(twoDevs.replace(before, `${before}\n    path: apps/{application}/{environment}[/{target}]`)),
  ).toEqual([]);
});
