import { describe, expect, test } from 'vitest';
import { applicationOf, leadsInto } from '../../src/config/lanes.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { describeProblem } from '../../src/domain/problem.ts';
import { someRegistries } from './some-registries.ts';

function parsed(order: string, more = '') {
  const text = `version: 1
environments:
  dev: {}
  perf: { after: dev }
  staging: { after: dev }
  production: { after: [staging, perf] }
  elsewhere: { repo: acme/other }
applications:
  - name: web
    path: apps/web/{environment}
    order: ${order}
    promote: [{ images: ["*"] }]
  - path: apps/{application}/{environment}
    promote: [{ images: ["*"] }]
${more}
syncs:
  - { source: argocd, application: "{application}-{environment}" }
`;
  return parseConfig(text, someRegistries);
}

function configOf(order: string) {
  const result = parsed(order);
  if (!result.ok) throw new Error(result.problems.map(describeProblem).join('\n'));
  return result.config;
}

describe('an order of its own', () => {
  test('has only the environments it names, each after those it says, parents first', () => {
    const config = configOf('{ production: staging, staging: dev, dev: }');
    const orderOf = (application: string) =>
      applicationOf(config, application)?.environments.map(({ environment }) => [environment.name, environment.after]);
    expect(orderOf('web')).toEqual([
      ['dev', []],
      ['staging', ['dev']],
      ['production', ['staging']],
    ]);
    expect(orderOf('api')).toEqual([
      ['dev', []],
      ['perf', ['dev']],
      ['staging', ['dev']],
      ['production', ['staging', 'perf']],
      ['elsewhere', []],
    ]);
  });

  test('says which lanes the application has', () => {
    const config = configOf('{ dev: , production: dev }');
    expect(leadsInto(config, { application: 'web', environment: 'production' })).toBe(true);
    expect(leadsInto(config, { application: 'web', environment: 'staging' })).toBe(false);
    expect(leadsInto(config, { application: 'api', environment: 'staging' })).toBe(true);
    expect(leadsInto(config, { application: 'api', environment: 'dev' })).toBe(false);
  });

  test.each([
    ['{ dev: , prod: dev }', 'There is no environment `prod`'],
    ['{ dev: , production: staging }', 'There is no environment `staging`'],
    ['{ dev: production, production: dev }', 'goes round in a circle'],
    ['{ dev: , elsewhere: dev }', '`elsewhere` is in another repo'],
    ['{ dev: , production: [dev, dev] }', '`dev` is named twice'],
    ['[dev, staging]', '`order` is a list; it must be a map'],
  ])('%s: %s', (order, message) => {
    const result = parsed(order);
    expect(result.ok ? [] : result.problems.map(describeProblem)).toEqual([expect.stringContaining(message)]);
  });

  test('belongs to one named application, once', () => {
    const twice =
      '  - { name: web, path: "more/web/{environment}", order: { dev: , staging: dev }, promote: [{ images: ["*"] }] }';
    const nameless =
      '  - { path: "more/{application}/{environment}", order: { dev: , staging: dev }, promote: [{ images: ["*"] }] }';
    const problems = [twice, nameless].map((more) => {
      const result = parsed('{ dev: , production: dev }', more);
      return result.ok ? [] : result.problems.map(({ message }) => message);
    });
    expect(problems).toEqual([['`web` has an order already.'], ['An order of its own needs one application.']]);
  });
});
