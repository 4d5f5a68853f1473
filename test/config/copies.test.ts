import { describe, expect, test } from 'vitest';
import { applicationOf, expansionProblems } from '../../src/config/lanes.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { describeProblem } from '../../src/domain/problem.ts';
import { editors } from '../../src/editors/index.ts';
import { syncSources } from '../../src/sources/index.ts';

function configOf(applications: string, environments = 'dev: {}\n  staging: { after: dev }') {
  const text = `version: 1
environments:
  ${environments}
applications:
${applications}
syncs:
  - { source: argocd, application: "{application}-{environment}[-{target}]" }
`;
  const parsed = parseConfig(text, { editors, sources: syncSources });
  if (!parsed.ok) throw new Error(parsed.problems.map(describeProblem).join('\n'));
  return parsed.config;
}

function copied(applications: string, paths: readonly string[], environments?: string): Record<string, string[]> {
  const listing = new Map([
    [undefined, new Set(paths)],
    ['@env/staging', new Set(paths)],
  ]);
  const spec = applicationOf(configOf(applications, environments), 'web', listing);
  return Object.fromEntries(
    (spec?.environments ?? []).flatMap(({ environment, targets }) =>
      targets.map(({ target, files }) => [
        `${environment.name}/${target}`,
        files.flatMap(({ path, whole }) => (whole === undefined ? [] : [path])),
      ]),
    ),
  );
}

describe('files that are copied whole', () => {
  test("are never GitHub's own, nor the configuration", () => {
    const paths = ['.github/pawl.yaml', '.github/workflows/a.yaml', '.GitHub/x', 'app.yaml', 'sub/.github/b.yaml'];
    const environments = 'dev: {}\n  staging: { after: dev, branch: env/staging }';
    const rule = '  - { name: web, path: ".", promote: [{ copy: ["**"] }] }';
    expect(copied(rule, paths, environments)).toEqual({
      'dev/dev': ['app.yaml', 'sub/.github/b.yaml'],
      'staging/staging': ['app.yaml', 'sub/.github/b.yaml'],
    });
    const claims = expansionProblems(configOf(rule, environments), ['.github/pawl.yaml']).warnings;
    expect(claims).toHaveLength(1);
  });

  test('are not those with promoted fields in any environment or target, nor what changes along with them', () => {
    const rule = `  - path: apps/{application}/{environment}[/{target}]
    promote:
      - { keys: [tag], in: "values-{target}.yaml" }
      - dependencies: [redis]
      - copy: ["**"]`;
    const below = ['values-eu.yaml', 'values-us.yaml', 'Chart.yaml', 'Chart.lock', 'x.txt'];
    const paths = ['eu', 'us'].flatMap((target) => below.map((name) => `apps/web/staging/${target}/${name}`));
    const environments = 'dev: {}\n  staging: { after: dev, targets: [eu, us] }';
    expect(copied(rule, paths, environments)).toEqual({
      'dev/dev': ['apps/web/dev/x.txt'],
      'staging/eu': ['apps/web/staging/eu/x.txt'],
      'staging/us': ['apps/web/staging/us/x.txt'],
    });
  });

  test.each([
    [
      'another application within the folder',
      `  - { name: web, path: "apps/web/{environment}", promote: [{ copy: ["**"] }] }
  - { name: job, path: "apps/web/{environment}/job", promote: [{ images: ["*"] }] }`,
      'apps/web/staging/job/kustomization.yaml',
    ],
    [
      'another environment within the folder',
      `  - path: "apps/{application}/[{target}/]{environment}"
    promote: [{ copy: ["**"] }]`,
      'apps/web/staging/production/x.yaml',
    ],
    [
      'two entries for one file',
      `  - { name: web, path: "apps/web/{environment}", promote: [{ copy: ["a/x.yaml"] }, { copy: ["x.yaml"], in: a }] }`,
      'apps/web/staging/a/x.yaml',
    ],
  ])('%s would have two writers, which stops both', (_, rules, path) => {
    const environments =
      'dev: {}\n  staging: { after: dev }\n  production: { after: staging, targets: [staging, other] }';
    const { problems } = expansionProblems(configOf(rules, environments), [path]);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining(`\`${path}\` would be written for`),
    ]);
  });

  test('a file with promoted fields of the same application has one writer', () => {
    const rule = '  - { name: web, path: "apps/web/{environment}", promote: [{ copy: ["**"] }, { images: ["*"] }] }';
    expect(expansionProblems(configOf(rule), ['apps/web/staging/kustomization.yaml']).problems).toEqual([]);
  });
});

test.each([
  ['copy: ["{environment}/**"]', 'Placeholders have no meaning here'],
  ['copy: ["**"], except: ["{target}.yaml"]', 'Placeholders have no meaning here'],
  ['copy: ["**"], keep: [{ in: a.yaml, keys: ["a..b"] }]', 'a..b'],
])('%s: %s', (entry, message) => {
  expect(() => configOf(`  - { name: web, path: "apps/web/{environment}", promote: [{ ${entry} }] }`)).toThrow(message);
});
