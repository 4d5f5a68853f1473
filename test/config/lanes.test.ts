import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import {
  applicationOf,
  applicationsIn,
  applicationsMax,
  expansionProblems,
  mayBeApplication,
  placesOf,
} from '../../src/config/lanes.ts';
import { describeProblem } from '../../src/domain/problem.ts';
import { configIn, edited, everything } from './some-config.ts';
import { someNames } from './some-patterns.ts';

const config = configIn(everything);

/** `dev`, `staging` and `production` (with targets) and the given rules for applications. */
function withRules(rules: string): Config {
  const applications = everything.slice(everything.indexOf('applications:\n'), everything.indexOf('syncs:'));
  return configIn(edited(applications, `applications:\n${rules}`));
}

describe('where the files of an application are', () => {
  const filesOf = (of: Config, name: string): readonly string[] => {
    const environments = applicationOf(of, name)?.environments ?? [];
    return environments.flatMap(({ environment, targets }) => {
      return targets.flatMap(({ target, files }) => files.map(({ path }) => `${environment.name}/${target}: ${path}`));
    });
  };

  test('of one that the pattern matches', () => {
    expect(filesOf(config, 'web')).toEqual([
      'dev/dev: apps/web/dev/kustomization.yaml',
      'dev/dev: apps/web/dev/values.yaml',
      'staging/staging: apps/web/staging/kustomization.yaml',
      'staging/staging: apps/web/staging/values.yaml',
      'production/eu: apps/web/production/eu/kustomization.yaml',
      'production/eu: apps/web/production/eu/values.yaml',
      'production/us: apps/web/production/us/kustomization.yaml',
      'production/us: apps/web/production/us/values.yaml',
    ]);
  });

  test('of one that has rules of its own', () => {
    expect(filesOf(config, 'search')).toEqual([
      'dev/dev: charts/search/dev/values.yaml',
      'staging/staging: charts/search/staging/values.yaml',
      'production/eu: charts/search/production-eu/values.yaml',
      'production/us: charts/search/production-us/values.yaml',
    ]);
  });

  test('with names in the file', () => {
    const rules = '  - path: tags/{environment}\n    promote: [{ keys: [tag], in: "{application}[.{target}].yaml" }]\n';
    expect(filesOf(withRules(rules), 'web')).toEqual([
      'dev/dev: tags/dev/web.yaml',
      'staging/staging: tags/staging/web.yaml',
      'production/eu: tags/production/web.eu.yaml',
      'production/us: tags/production/web.us.yaml',
    ]);
  });

  test.each(['', '.', '..', 'a/b', 'a b', '-a', 'a..b', 'x'.repeat(64), 'web.lock'])('%j is no application', (name) => {
    expect(applicationOf(config, name)).toBeUndefined();
    expect(mayBeApplication(config, name)).toBe(false);
  });

  test('without a pattern only the named ones can be', () => {
    const named = withRules('  - name: search\n    path: "{environment}"\n    promote: [{ keys: [tag] }]\n');
    expect(applicationOf(named, 'search')?.name).toBe('search');
    expect(applicationOf(named, 'web')).toBeUndefined();
  });
});

describe('folders and slots', () => {
  test('files of one slot correspond from environment to environment, two entries for one file are two slots', () => {
    const rules =
      '  - path: a/{application}/{environment}\n    promote: [{ keys: [x] }, { keys: [z] }]\n' +
      '  - path: b/{application}/{environment}\n    promote: [{ keys: [x] }]\n';
    const targets = applicationOf(withRules(rules), 'web')?.environments.flatMap((one) => one.targets) ?? [];
    expect(new Set(targets.map(({ files }) => JSON.stringify(files.map(({ slot }) => slot))))).toEqual(
      new Set([
        JSON.stringify([
          'a/{application}/{environment}/values.yaml keys',
          'a/{application}/{environment}/values.yaml keys 2',
          'b/{application}/{environment}/values.yaml keys',
        ]),
      ]),
    );
    expect(targets[0]?.folders).toEqual(['a/web/dev', 'b/web/dev']);
  });

  test.each([
    ['the root', '  - path: .\n    promote: [{ keys: [x], in: "{application}-{environment}.yaml" }]\n'],
    [
      'a folder of many applications',
      '  - path: tags/{environment}\n    promote: [{ keys: [x], in: "{application}" }]\n',
    ],
  ])('%s is no folder of an application', (_, rules) => {
    expect(applicationOf(withRules(rules), 'web')?.environments[0]?.targets[0]?.folders).toEqual([]);
  });

  test('a folder may be the same in every environment', () => {
    const rules = '  - path: charts/{application}\n    promote: [{ keys: [x], in: "values-{environment}.yaml" }]\n';
    const targets = applicationOf(withRules(rules), 'web')?.environments.flatMap((one) => one.targets) ?? [];
    expect(targets.flatMap(({ folders }) => folders)).toEqual(Array(4).fill('charts/web'));
  });
});

describe('applications that are there', () => {
  test('those with a promoted file, sorted, each once', () => {
    const paths = [
      'apps/web/staging/values.yaml',
      'apps/web/dev/kustomization.yaml',
      'apps/api/production/us/values.yaml',
      'charts/search/production-us/values.yaml',
    ];
    expect(applicationsIn(config, paths)).toEqual(['api', 'search', 'web']);
  });

  test.each([
    'apps/web/dev/deployment.yaml',
    'apps/web/qa/values.yaml',
    'apps/web/production/values.yaml',
    'apps/web/dev/eu/values.yaml',
    'apps/search/dev/values.yaml',
    'apps/a b/dev/values.yaml',
    'apps/web/dev/values.yaml/x',
    'other/apps/web/dev/values.yaml',
    'charts/find/dev/values.yaml',
  ])('not by %s', (path) => {
    expect(applicationsIn(config, [path])).toEqual([]);
  });

  test('a repo of 20,000 paths is read through', () => {
    const paths = Array.from(
      { length: 20_000 },
      (_, index) => `apps/app-${index % 4000}/dev/file-${index}/values.yaml`,
    );
    expect(applicationsIn(config, [...paths, 'apps/web/dev/values.yaml'])).toEqual(['web']);
  });
});

describe('whose a changed path is', () => {
  const shared = withRules(
    '  - path: charts/{application}\n    promote: [{ keys: [x], in: "values-{environment}.yaml" }]\n' +
      '  - name: search\n    path: search/{environment}\n    promote: [{ keys: [x] }]\n' +
      '  - path: tags/{environment}\n    promote: [{ keys: [x], in: "{application}" }]\n',
  );

  test.each<[string, Config, string, readonly string[]]>([
    ['a promoted file', config, 'apps/web/dev/values.yaml', ['web/dev/dev']],
    ['a file beside it', config, 'apps/web/dev/deployment.yaml', ['web/dev/dev']],
    ['a file deep below', config, 'apps/web/production/eu/a/b/c.yaml', ['web/production/eu']],
    ['a file above the targets', config, 'apps/web/production/all.yaml', []],
    ['a file above the environments', config, 'apps/web/base.yaml', []],
    ['an environment that is not there', config, 'apps/web/qa/values.yaml', []],
    ['the folder itself as a file', config, 'apps/web/dev', []],
    ['an application with rules of its own, elsewhere', config, 'apps/search/dev/values.yaml', []],
    ['an application with rules of its own', config, 'charts/search/production-eu/x.yaml', ['search/production/eu']],
    ['a file of one environment in a shared folder', shared, 'charts/web/values-dev.yaml', ['web/dev/dev']],
    [
      'another file in a shared folder',
      shared,
      'charts/web/templates/a.yaml',
      ['web/dev/dev', 'web/staging/staging', 'web/production/eu', 'web/production/us'],
    ],
    [
      'a folder that targets share',
      shared,
      'search/production/x.yaml',
      ['search/production/eu', 'search/production/us'],
    ],
    ['one of many files in a folder', shared, 'tags/dev/web', ['web/dev/dev']],
    ['a name that cannot be', shared, 'tags/dev/web+x', []],
  ])('%s', (_, of, path, expected) => {
    expect(placesOf(of, path).map((place) => `${place.application}/${place.environment}/${place.target}`)).toEqual(
      expected,
    );
  });

  test('every file of every target leads back to it', () => {
    fc.assert(
      fc.property(someNames, ({ application }) => {
        for (const { environment, targets } of applicationOf(config, application)?.environments ?? []) {
          for (const { target, files, folders } of targets) {
            const paths = [...files.map(({ path }) => path), ...folders.map((folder) => `${folder}/x/y`)];
            for (const path of paths) {
              expect(placesOf(config, path)).toEqual([{ application, environment: environment.name, target }]);
            }
          }
        }
      }),
    );
  });
});

describe('what the files of a repo show', () => {
  const found = (of: Config, paths: readonly string[]) => {
    const { problems, warnings } = expansionProblems(of, paths);
    return { problems: problems.map(describeProblem), warnings: warnings.map(describeProblem) };
  };

  test('nothing, where every rule has a file', () => {
    const paths = ['apps/web/dev/values.yaml', 'charts/search/dev/values.yaml'];
    expect(found(config, paths)).toEqual({ problems: [], warnings: [] });
  });

  test('rules without a file', () => {
    expect(found(config, ['apps/web/dev/values.yaml', 'README.md'])).toEqual({
      problems: [],
      warnings: [
        '.github/pawl.yaml:16:1: No file in the repo matches `charts/search/{environment}[-{target}]/values.yaml`. ' +
          'Check the spelling, or add the files.',
      ],
    });
  });

  test('a file that two lanes would write', () => {
    const text = edited('dev: {}', 'dev: {}\n  us-dev: {}').replace(
      '{application}/{environment}[/',
      '{application}-{environment}[/',
    );
    const paths = ['apps/web-us-dev/values.yaml', 'apps/api-us-dev/values.yaml', 'apps/web-dev/values.yaml'];
    expect(found(configIn(text), paths).problems).toEqual([
      '.github/pawl.yaml:12:1: `apps/web-us-dev/values.yaml` would be written for `web-us` in `dev` and for `web` in `us-dev`. ' +
        'Let the rules name different files or fields, or put a `/` between the names in the path.',
    ]);
  });

  test('a file that two rules give to different applications', () => {
    const rules =
      '  - path: a/{application}/{environment}\n    promote: [{ keys: [x] }]\n' +
      '  - path: a/{environment}/{application}\n    promote: [{ keys: [x] }]\n';
    expect(found(withRules(rules), ['a/dev/staging/values.yaml', 'a/web/dev/values.yaml']).problems).toEqual([
      '.github/pawl.yaml:13:1: `a/dev/staging/values.yaml` would be written for `dev` in `staging` and for `staging` in `dev`. ' +
        'Let the rules name different files or fields, or put a `/` between the names in the path.',
    ]);
  });

  test('targets that share a file, and rules for other fields of it, are none', () => {
    const rules =
      '  - path: a/{application}/{environment}\n    promote: [{ keys: [x] }, { keys: [z] }, { images: [x], in: values.yaml }]\n';
    expect(found(withRules(rules), ['a/web/production/values.yaml'])).toEqual({ problems: [], warnings: [] });
  });

  test('10,000 applications are accepted, one more is not', () => {
    const paths = Array.from({ length: applicationsMax }, (_, index) => `apps/a${index}/dev/values.yaml`);
    expect(found(config, paths).problems).toEqual([]);
    expect(found(config, [...paths, 'charts/search/dev/values.yaml']).problems).toEqual([
      '.github/pawl.yaml:1:1: The repo has 10001 applications; the most is 10000. Let the patterns match fewer folders.',
    ]);
  });
});
