import { expect, test } from 'vitest';
import { groupOf, membersOf } from '../../src/config/groups.ts';
import { expansionProblems } from '../../src/config/lanes.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { describeProblem } from '../../src/domain/problem.ts';
import { someRegistries } from './some-registries.ts';

function parsed(groups: string) {
  return parseConfig(
    `version: 1
environments: { dev: {}, staging: { after: dev } }
groups: ${groups}
applications:
  - { name: web, path: "apps/web/{environment}", promote: [{ images: ["*"] }] }
  - { path: "apps/{application}/{environment}", promote: [{ images: ["*"] }] }
syncs:
  - { source: argocd, application: "{application}-{environment}" }
`,
    someRegistries,
  );
}

test('an application is in the first group that fits, and a group is no member of any', () => {
  const result = parsed('{ shop: { applications: ["shop*", web] }, rest: { applications: ["*"] } }');
  if (!result.ok) throw new Error(result.problems.map(describeProblem).join());
  const { config } = result;
  expect(['web', 'shop-a', 'api', 'shop'].map((name) => groupOf(config, name)?.name)).toEqual([
    'shop',
    'shop',
    'rest',
    undefined,
  ]);
  const [shop] = config.groups;
  expect(shop && membersOf(config, shop, ['web', 'api', 'shop-b', 'shop-a'])).toEqual(['shop-a', 'shop-b', 'web']);
});

test.each([
  ['{ web: { applications: [api] } }', '`web` is an application too'],
  ['{ shop: { applications: [] } }', '`applications` is an empty list'],
  ['{ shop: { applications: ["a/b"] } }', 'Write the name of an application'],
  ['{ shop: { applications: [api], batch: { production: 2 } } }', 'There is no environment `production`'],
  ['{ shop: { applications: [api], batch: { staging: 0 } } }', 'the least is 1'],
  ['{ shop: { application: [api] } }', 'Unknown key `application`. Did you mean `applications`?'],
  ['{ "a b": { applications: [api] } }', '`a b` cannot be a name'],
])('%s: %s', (groups, message) => {
  const result = parsed(groups);
  const problems = result.ok ? [] : result.problems.map(describeProblem);
  expect(problems.join('\n')).toContain(message);
});

test('a group that nobody is in is told', () => {
  const result = parsed('{ shop: { applications: [wep] } }');
  if (!result.ok) throw new Error(result.problems.map(describeProblem).join());
  const told = (paths: readonly string[]) => expansionProblems(result.config, paths).warnings.map(describeProblem);
  expect(told(['apps/web/dev/kustomization.yaml']).join()).toContain('is in the group `shop`: none is called `wep`');
  expect(told(['apps/wep/dev/kustomization.yaml']).join()).not.toContain('group');
});
