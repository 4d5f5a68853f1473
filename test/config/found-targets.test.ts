import { describe, expect, test } from 'vitest';
import { withFoundTargets } from '../../src/config/found-targets.ts';
import { applicationOf } from '../../src/config/lanes.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { describeProblem } from '../../src/domain/problem.ts';
import { someRegistries } from './some-registries.ts';

function configText(targets: string): string {
  return `version: 1
environments:
  dev: {}
  production: { after: dev, targets: ${targets} }
applications:
  - path: "clusters[/{target}]/{environment}/{application}"
    promote: [{ images: ["*"] }]
syncs:
  - { source: argocd, application: "{application}-{environment}[-{target}]" }
`;
}

function found(targets: string, paths: readonly string[]) {
  const parsed = parseConfig(configText(targets), someRegistries);
  if (!parsed.ok) throw new Error(parsed.problems.map(describeProblem).join('\n'));
  return withFoundTargets(parsed.config, () => paths);
}

function targetsOf(targets: string, paths: readonly string[]) {
  const result = found(targets, paths);
  if (!result.ok) throw new Error(result.problem.message);
  const production = result.config.environments.find(({ name }) => name === 'production');
  return { targets: production?.targets, labels: production?.labels };
}

const paths = [
  'clusters/prod-eu-1/web/kustomization.yaml',
  'clusters/prod-eu-1/api/kustomization.yaml',
  'clusters/prod-us-2/web/kustomization.yaml',
  'clusters/prod-eu-pr-17/web/kustomization.yaml',
  'clusters/dev-1/web/kustomization.yaml',
  'clusters/README.md',
  'tenants/acme/production/values.yaml',
  'tenants/acme/dev/values.yaml',
  'tenants/corp/production/values.yaml',
];

describe('targets that are found', () => {
  test.each<[string, readonly string[]]>([
    ['{ found: "clusters/prod-*" }', ['prod-eu-1', 'prod-eu-pr-17', 'prod-us-2']],
    ['{ found: "clusters/prod-*", except: ["clusters/*-pr-*"] }', ['prod-eu-1', 'prod-us-2']],
    ['{ found: "tenants/{target}/production" }', ['acme', 'corp']],
    ['{ found: "clusters/staging-*" }', []],
    ['{ found: "clusters/{target}.md" }', ['README']],
    ['{ found: "clusters/*" }', ['dev-1', 'prod-eu-1', 'prod-eu-pr-17', 'prod-us-2']],
    ['{ found: "clusters/*-{target}-*" }', ['eu', 'pr', 'us']],
    ['{ found: "clusters/*r*d*-1" }', ['prod-eu-1']],
  ])('%s', (targets, names) => {
    expect(targetsOf(targets, paths).targets).toEqual(names);
  });

  test('a part of the name can be a label, and there are labels for all', () => {
    const targets =
      '{ found: "clusters/prod-{region}-{ring}", except: ["clusters/*-pr-*"], labels: { tier: production } }';
    expect(targetsOf(targets, paths).labels).toEqual({
      'prod-eu-1': { tier: 'production', region: 'eu', ring: '1' },
      'prod-us-2': { tier: 'production', region: 'us', ring: '2' },
    });
  });

  test('each is a target of every application, with its labels', () => {
    const result = found('{ found: "clusters/prod-{region}-*", except: ["clusters/*-pr-*"] }', paths);
    const spec = result.ok ? applicationOf(result.config, 'web') : undefined;
    const production = spec?.environments.find(({ environment }) => environment.name === 'production');
    expect(production?.targets.map(({ target, labels, files }) => [target, labels, files[0]?.path])).toEqual([
      ['prod-eu-1', { region: 'eu' }, 'clusters/prod-eu-1/production/web/kustomization.yaml'],
      ['prod-us-2', { region: 'us' }, 'clusters/prod-us-2/production/web/kustomization.yaml'],
    ]);
  });

  test('a hostile name takes no longer than any other', () => {
    const name = 'a'.repeat(4000);
    const startedAtMs = performance.now();
    expect(targetsOf('{ found: "clusters/*a*a*a*a*a*ab" }', [`clusters/${name}/x`]).targets).toEqual([]);
    expect(targetsOf('{ found: "clusters/{a}a{b}a{c}a{d}a{e}a{f}b" }', [`clusters/${name}/x`]).targets).toEqual([]);
    expect(performance.now() - startedAtMs).toBeLessThan(1000);
  });

  test('too many stop the configuration', () => {
    const many = Array.from({ length: 501 }, (_, index) => `clusters/prod-${index}/a.yaml`);
    expect(found('{ found: "clusters/prod-*" }', many)).toMatchObject({
      ok: false,
      problem: { message: expect.stringContaining('502 targets; the most is 500') },
    });
  });

  test.each([
    ['{ found: "clusters/{application}" }', 'holds {application}, which is no part of a target'],
    ['{ found: "clusters/{a}-{a}" }', 'holds {a} twice'],
    ['{ found: "clusters/*-*-*-*-*-*-*" }', 'has more than 6 wildcards'],
    ['{ found: "clusters/[ab]" }', 'holds a bracket or `?` that means nothing'],
    ['{ found: "../x-*" }', 'The path has a folder `..`'],
    ['{ found: "/x-*" }', 'begins with a slash'],
    ['{ except: ["x"] }', '`found` is missing'],
    ['{ found: "a/*", expect: ["x"] }', 'Unknown key `expect`. Did you mean `except`?'],
    ['{ found: "a/*", except: ["{application}"] }', 'holds {application}'],
    ['{}', '`found` is missing'],
    ['[]', '`targets` is an empty list'],
    ['prod', '`targets` is `prod`; it must be a list or a map'],
  ])('%s: %s', (targets, message) => {
    const parsed = parseConfig(configText(targets), someRegistries);
    expect(parsed.ok ? [] : parsed.problems.map(describeProblem)).toEqual([expect.stringContaining(message)]);
  });
});
