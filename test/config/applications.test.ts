import { describe, expect, test } from 'vitest';
import { configIn, edited, problemsIn, warningsIn } from './some-config.ts';

describe('files of applications', () => {
  test.each<[string, string, string, readonly string[]]>([
    [
      'no environment in the path',
      'apps/{application}/{environment}[/{target}]',
      'apps/{application}[/{target}]',
      [
        '11:11: Every environment would write the same file `apps/{application}[/{target}]/kustomization.yaml`. Write `{environment}` in `path`, `in` (outside of square brackets), `document` or every selector.',
        '15:13: Every environment would write the same file `apps/{application}[/{target}]/values.yaml`. Write `{environment}` in `path`, `in` (outside of square brackets), `document` or every selector.',
      ],
    ],
    [
      'an environment only in brackets',
      'apps/{application}/{environment}[/{target}]',
      'apps/{application}[/{environment}/{target}]',
      [
        '11:11: Every environment would write the same file `apps/{application}[/{environment}/{target}]/kustomization.yaml`. Write `{environment}` in `path`, `in` (outside of square brackets), `document` or every selector.',
        '15:13: Every environment would write the same file `apps/{application}[/{environment}/{target}]/values.yaml`. Write `{environment}` in `path`, `in` (outside of square brackets), `document` or every selector.',
      ],
    ],
    [
      'a file without environment',
      'apps/{application}/{environment}[/{target}]',
      'apps/{application}',
      [
        '11:11: Every environment would write the same file `apps/{application}/kustomization.yaml`. Write `{environment}` in `path`, `in` (outside of square brackets), `document` or every selector.',
        '15:13: Every environment would write the same file `apps/{application}/values.yaml`. Write `{environment}` in `path`, `in` (outside of square brackets), `document` or every selector.',
      ],
    ],
    [
      'no application in the path',
      'apps/{application}/{environment}[/{target}]',
      'apps/{environment}[/{target}]',
      [
        '11:11: Nothing in `apps/{environment}[/{target}]/kustomization.yaml` says which application it is. Write `{application}` in `path`, or give the rule a `name`.',
        '15:13: Nothing in `apps/{environment}[/{target}]/values.yaml` says which application it is. Write `{application}` in `path`, or give the rule a `name`.',
      ],
    ],
    [
      'a named application without environment',
      'charts/search/{environment}[-{target}]',
      'charts/search',
      [
        '17:11: Every environment would write the same file `charts/search/values.yaml`. Write `{environment}` in `path`, `in` (outside of square brackets), `document` or every selector.',
      ],
    ],
    [
      'a path outside',
      'apps/{application}/{environment}[/{target}]',
      '../apps/{application}/{environment}',
      [
        '11:11: The path has a folder `..`. Write a path below the root of the repo, such as `apps/{application}/{environment}`.',
      ],
    ],
    [
      'a name for a placeholder',
      'apps/{application}/{environment}[/{target}]',
      'apps/{app}/{env}',
      ['11:11: `{app}` is no placeholder. Did you mean `{application}`?'],
    ],
  ])('%s', (_, piece, other, expected) => {
    expect(problemsIn(edited(piece, other))).toEqual(expected);
  });
});

describe('layouts that are accepted', () => {
  test.each([
    ['the environment in the file', '{application}', 'values-{environment}.yaml'],
    ['the application in the file', 'image-tags/{environment}', '{application}.yaml'],
    ['the root of the repo', '.', '{application}/values-{environment}[-{target}].yaml'],
    ['one folder for all targets', 'apps/{application}/{environment}', 'values.yaml'],
    ['the environment in front', '{environment}[/{target}]/{application}', 'values.yaml'],
    ['targets that tell environments apart', 'clusters/{target}/{application}', 'values.yaml'],
  ])('%s', (_, path, file) => {
    const text = edited(
      'path: apps/{application}/{environment}[/{target}]\n    promote:\n      - images: ["*"]\n      - keys: [image.tag]\n        in: values.yaml',
      `path: "${path}"\n    promote:\n      - keys: [image.tag]\n        in: "${file}"`,
    );
    expect(configIn(text).applications[0]?.path.text).toBe(path);
  });
});

test('names that run into each other are accepted with a warning', () => {
  const text = edited('dev: {}', 'dev: {}\n  us-dev: {}').replace(
    '{application}/{environment}[/',
    '{application}-{environment}[/',
  );
  expect(warningsIn(text)).toEqual([
    '12:11: `apps/web-us-dev/kustomization.yaml` can be `web-us` in `dev` or `web` in `us-dev`. ' +
      'Put a `/` between the names, or rename an environment or target.',
    '23:18: A report with application `web-us-dev` can be about `web-us` in `dev` or `web` in `us-dev`, and counts for neither. ' +
      'Add a field that tells them apart, or rename an environment.',
  ]);
});
