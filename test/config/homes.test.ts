import { describe, expect, test } from 'vitest';
import { hasLane, homeKey, homesOf } from '../../src/config/config.ts';
import { applicationsIn, expansionProblems, placesOf } from '../../src/config/lanes.ts';
import { configIn, edited, problemsIn, warningsIn } from './some-config.ts';

/** Environments, applications and whatever else is given, as a whole file. */
function fileOf(environments: string, applications: string, more = ''): string {
  const syncs = 'syncs: [{ source: argocd, application: "{application}-{environment}" }]';
  return `version: 1\nenvironments:\n${environments}applications:\n${applications}${syncs}\n${more}`;
}

const onePath = '  - path: apps/{application}\n    promote: [{ images: ["*"] }]\n';
const branches =
  '  dev: { branch: env/dev }\n  staging: { after: dev, branch: env/staging }\n  prod: { after: staging }\n';

describe('where the files of an environment are', () => {
  test('a branch, another repo, a branch of another repo, or the default branch', () => {
    const order =
      '  a: { repo: Acme/A }\n  b: { repo: acme/b, branch: live }\n  c: { after: [a, b], branch: env/c }\n  d: { after: c }\n';
    const config = configIn(fileOf(order, onePath));
    expect(config.environments.map(({ name, branch, repo }) => [name, branch, repo])).toEqual([
      ['a', undefined, 'Acme/A'],
      ['b', 'live', 'acme/b'],
      ['c', 'env/c', undefined],
      ['d', undefined, undefined],
    ]);
    expect(homesOf(config).map(homeKey)).toEqual(['acme/a@', 'acme/b@live', '@env/c', undefined]);
    expect(config.environments.map(hasLane)).toEqual([false, false, true, true]);
  });

  test('environments that share one are one home', () => {
    const config = configIn(
      fileOf('  a: { branch: x }\n  b: { after: a, branch: x }\n', onePath.replace('apps', 'apps/{environment}')),
    );
    expect(homesOf(config)).toEqual([{ branch: 'x', repo: undefined }]);
  });

  test('paths of one home are those of its environments alone', () => {
    const config = configIn(fileOf(branches, onePath));
    const path = 'apps/web/kustomization.yaml';
    const home = (branch: string | undefined) => ({ branch, repo: undefined });
    expect(placesOf(config, path, home('env/staging')).map(({ environment }) => environment)).toEqual(['staging']);
    expect(placesOf(config, path).map(({ environment }) => environment)).toEqual(['prod']);
    expect(placesOf(config, path, home('feature'))).toEqual([]);
    expect(applicationsIn(config, [path], home('env/dev'))).toEqual(['web']);
    expect(applicationsIn(config, [path], home('feature'))).toEqual([]);
    expect(expansionProblems(config, [path], home('env/dev'))).toEqual({ problems: [], warnings: [] });
  });
});

describe('names of branches', () => {
  const noName = 'Write it without `refs/heads/`, such as `env/staging`.';

  test.each(['env/dev', 'main', 'release-1.x', 'a', 'feature/x_y', 'promoted', 'pawl/other'])('%s', (branch) => {
    expect(problemsIn(edited('dev: {}', `dev: { branch: ${branch} }`))).toEqual([]);
  });

  test.each([
    'refs/heads/x',
    'a b',
    'a..b',
    '/a',
    'a/',
    'a//b',
    'a/.b',
    'a.',
    'a.lock',
    'a.lock/b',
    '-a',
    'a~1',
    'a^',
    'a:b',
    'a?',
    'a@{1}',
    '',
  ])('%j is none', (branch) => {
    expect(problemsIn(edited('dev: {}', `dev: { branch: "${branch}" }`))).toEqual([
      `4:18: \`${branch}\` is no branch name. ${noName}`,
    ]);
  });

  test.each(['promote/staging/web', 'promote', 'pawl', 'pawl/state', 'pawl/state/x'])('%s is for Pawl', (branch) => {
    expect(problemsIn(edited('dev: {}', `dev: { branch: ${branch} }`))).toEqual([
      `4:18: \`${branch}\` is one of Pawl's own branches, or stands in their way. Name the branch controllers apply.`,
    ]);
  });

  test('one that is no text', () => {
    expect(problemsIn(edited('dev: {}', 'dev: { branch: [a] }'))).toEqual([
      '4:18: `branch` is a list; it must be a text. Write the name of a branch: `branch: env/staging`; leave it out for the default one.',
    ]);
  });
});

describe('names of repos', () => {
  const url = 'is a URL; no key here takes one. Remove it, or write a path or a name.';

  test.each(['acme/config-dev', 'ACME/x', 'a/.github', 'a-b/c_d.e'])('%s', (repo) => {
    expect(problemsIn(edited('dev: {}', `dev: { repo: ${repo} }`))).toEqual([]);
    expect(configIn(edited('version: 1', `version: 1\nfeeds: [${repo}]`)).feeds).toEqual([repo]);
  });

  test.each(['acme', 'acme/a/b', 'acme/..', '-a/b', 'acme/', '/config', 'acme/config.git', 'ac me/x'])(
    '%s is none',
    (repo) => {
      const problem = `\`${repo}\` is no repo. Write \`owner/name\`, as in \`acme/config-dev\`.`;
      expect(problemsIn(edited('dev: {}', `dev: { repo: ${repo} }`))).toEqual([`4:16: ${problem}`]);
      expect(problemsIn(edited('version: 1', `version: 1\nfeeds: [${repo}]`))).toEqual([`3:9: ${problem}`]);
    },
  );

  test.each(['https://github.com/acme/config', 'git@github.com:acme/config.git'])('%s is an address', (repo) => {
    expect(problemsIn(edited('dev: {}', `dev: { repo: "${repo}" }`))).toEqual([`4:16: \`${repo}\` ${url}`]);
    expect(problemsIn(edited('version: 1', `version: 1\nfeeds: ["${repo}"]`))).toEqual([`3:9: \`${repo}\` ${url}`]);
  });

  test('lanes into another repo are its own', () => {
    expect(problemsIn(edited('after: dev', 'after: dev\n    repo: acme/x'))).toEqual([
      "6:12: `staging` is in the repo `acme/x`, so pull requests into it are for that repo's own configuration. Remove it here, and write `after` in `acme/x`.",
    ]);
  });
});

describe('feeds', () => {
  test.each([
    ['[]', '3:8: `feeds` is an empty list. Write a list of repos: `feeds: [acme/config-production]`.'],
    [
      'acme/a',
      '3:8: `feeds` is `acme/a`; it must be a list. Write a list of repos: `feeds: [acme/config-production]`.',
    ],
    ['[acme/a, acme/a]', '3:17: `acme/a` is named twice. Remove one.'],
    ['[acme/a, ACME/a]', '3:17: `ACME/a` and `acme/a` differ only in case. Rename or remove one.'],
  ])('%s', (feeds, expected) => {
    expect(problemsIn(edited('version: 1', `version: 1\nfeeds: ${feeds}`))).toEqual([expected]);
  });

  test('a repo that only feeds others needs neither order nor syncs', () => {
    const alone = `version: 1\nenvironments:\n  dev:\napplications:\n${onePath}`;
    expect(warningsIn(alone)).toHaveLength(2);
    expect(warningsIn(`${alone}feeds: [acme/config-staging]\n`)).toEqual([]);
  });
});

describe('who writes what', () => {
  const everyEnvironment = 'Every environment would write the same file `apps/{application}/kustomization.yaml`.';

  test('one file for several environments is fine on branches and in repos of their own', () => {
    expect(problemsIn(fileOf(branches, onePath))).toEqual([]);
    expect(problemsIn(fileOf('  dev: { repo: acme/dev }\n  staging: { after: dev }\n', onePath))).toEqual([]);
  });

  test('and a mistake where two of them share a branch', () => {
    const shared = branches.replace('prod: { after: staging }', 'prod: { after: staging, branch: env/staging }');
    expect(problemsIn(fileOf(shared, onePath))).toEqual([expect.stringContaining(everyEnvironment)]);
  });

  const devs = '  dev: { branch: env/dev }\n  us-dev: { after: dev, branch: env/us-dev }\n';
  const oneBranch = devs.replaceAll(/branch: [a-z/-]+/g, 'branch: x');

  test('two rules for one field overlap on one branch, not on two', () => {
    const named = '  - name: web\n    path: apps/{environment}\n    promote: [{ images: ["*"] }]\n';
    const pattern = '  - path: apps/{application}-{environment}\n    promote: [{ images: ["*"] }]\n';
    expect(problemsIn(fileOf(devs, named + pattern))).toEqual([]);
    expect(problemsIn(fileOf(oneBranch, named + pattern))).toEqual([
      expect.stringContaining('`apps/us-dev/kustomization.yaml` is written by the rule in line 10 too'),
    ]);
  });

  test('names that run into each other are no matter on different branches', () => {
    const path = '  - path: apps/{application}-{environment}\n    promote: [{ images: ["*"] }]\n';
    const found = '`apps/web-us-dev/kustomization.yaml` can be `web-us` in `dev` or `web` in `us-dev`.';
    expect(warningsIn(fileOf(devs, path)).join('\n')).not.toContain(found);
    expect(warningsIn(fileOf(oneBranch, path)).join('\n')).toContain(found);
  });
});
