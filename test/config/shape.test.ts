import { describe, expect, test } from 'vitest';
import { edited, problemsIn } from './some-config.ts';

describe('values that do not belong here', () => {
  test.each<[string, string, string, readonly string[]]>([
    [
      'a URL',
      'name: search',
      'name: https://example.com/search',
      ['16:11: `https://example.com/search` is a URL; no key here takes one. Remove it, or write a path or a name.'],
    ],
    [
      'a URL in a path',
      'path: apps/{application}/{environment}[/{target}]',
      'path: https://example.com/{application}/{environment}',
      [
        '11:11: `https://example.com/{application}/{environment}` is a URL; no key here takes one. Remove it, or write a path or a name.',
      ],
    ],
    [
      'a Git URL',
      'kustomization: "{application}"',
      'kustomization: "git@github.com:acme/{application}"',
      [
        '24:20: `git@github.com:acme/{application}` is a URL; no key here takes one. Remove it, or write a path or a name.',
      ],
    ],
    [
      'a later version',
      'version: 1',
      'version: 99',
      [
        '2:10: Version 99 of the format needs a newer Pawl; this one reads version 1. Update Pawl, or write `version: 1`.',
      ],
    ],
    [
      'a later version with keys of its own',
      'version: 1\nenvironments:',
      'version: 2\nwaves:',
      [
        '2:10: Version 2 of the format needs a newer Pawl; this one reads version 1. Update Pawl, or write `version: 1`.',
      ],
    ],
  ])('%s', (_, piece, other, expected) => {
    expect(problemsIn(edited(piece, other))).toEqual(expected);
  });
});
