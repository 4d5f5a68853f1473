import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { applicationOf } from '../../src/config/lanes.ts';
import { placesIn } from '../../src/config/path-readers.ts';
import { fillPattern } from '../../src/config/pattern.ts';
import { expectedReports, recognise } from '../../src/config/recognise.ts';
import { passedOn } from '../../src/domain/passed-on.ts';
import type { Report, SourceName } from '../../src/domain/report.ts';
import { configIn, edited, everything } from './some-config.ts';
import { someNames } from './some-patterns.ts';

function report(source: SourceName, fields: Record<string, string>, sender?: string): Report {
  return {
    source,
    repository: 'acme/config',
    subject: 'subject',
    fields,
    state: 'healthy',
    revision: undefined,
    operation: 'operation',
    observedAtMs: 0,
    healthySinceMs: undefined,
    message: '',
    link: undefined,
    successOnly: false,
    sender,
  };
}

function whose(config: Config, of: Report): readonly string[] {
  return recognise(config, of).map(
    ({ application, environment, target }) => `${application} in ${environment}/${target}`,
  );
}

/** `dev`, `staging`, `production` (eu, us) and the given syncs. */
function withSyncs(syncs: string, environments = ''): Config {
  const section = everything.slice(everything.indexOf('syncs:\n'), everything.indexOf('limits:'));
  return configIn(edited(section, `syncs:\n${syncs}`).replace('  dev: {}\n', `  dev: {}\n${environments}`));
}

const config = configIn(everything);

describe('reports that are recognised', () => {
  test.each<[string, Report, readonly string[]]>([
    ['Argo CD, without target', report('argocd', { application: 'web-dev' }), ['web in dev/dev']],
    ['Argo CD, with target', report('argocd', { application: 'web-production-eu' }), ['web in production/eu']],
    [
      'a name that ends in another environment',
      report('argocd', { application: 'web-dev-staging' }),
      ['web-dev in staging/staging'],
    ],
    ['fields nobody asked about', report('argocd', { application: 'web-dev', instance: 'eu' }), ['web in dev/dev']],
    [
      'Flux, by two fields',
      report('flux', { kustomization: 'web', cluster: 'production-us' }),
      ['web in production/us'],
    ],
    [
      'a commit status',
      report('github-status', { context: 'argocd/dev/dev/web' }, 'argo-bot[bot]'),
      ['web in dev/dev'],
    ],
    [
      'a sender in other letters',
      report('github-status', { context: 'argocd/eu/production/web' }, 'Argo-Bot[bot]'),
      ['web in production/eu'],
    ],
    ['an application with rules of its own', report('argocd', { application: 'search-dev' }), ['search in dev/dev']],
  ])('%s', (_, of, expected) => {
    expect(whose(config, of)).toEqual(expected);
  });
});

describe('reports that say nothing', () => {
  test.each<[string, Report]>([
    ['an environment that is not there', report('argocd', { application: 'web-qa' })],
    ['a target that is not there', report('argocd', { application: 'web-production-asia' })],
    ['no target where there are several', report('argocd', { application: 'web-production' })],
    ['a target where there is none', report('argocd', { application: 'web-dev-eu-staging-' })],
    ['no application', report('argocd', { application: '-dev' })],
    ['an application that cannot be one', report('argocd', { application: 'a/b-dev' })],
    ['a field that is missing', report('flux', { kustomization: 'web' })],
    ['a field that is inherited', report('flux', Object.create({ kustomization: 'web', cluster: 'dev' }))],
    ['another source', report('github-dispatch', { application: 'web-dev' }, 'argo-bot[bot]')],
    ['no sender', report('github-status', { context: 'argocd/dev/dev/web' })],
    ['another sender', report('github-status', { context: 'argocd/dev/dev/web' }, 'argo-bot')],
    ['a sender that is nearly right', report('github-status', { context: 'argocd/dev/dev/web' }, 'argo-bot[bot]x')],
    ['a context that is nearly right', report('github-status', { context: 'argocd/dev/dev/web/' }, 'argo-bot[bot]')],
    ['a target of another environment', report('github-status', { context: 'argocd/eu/dev/web' }, 'argo-bot[bot]')],
  ])('%s', (_, of) => {
    expect(recognise(config, of)).toEqual([]);
  });

  test('a name that can be read in two ways', () => {
    const twoDevs = withSyncs(
      '  - source: argocd\n    application: "{application}-{environment}[-{target}]"\n',
      '  us-dev: {}\n',
    );
    expect(whose(twoDevs, report('argocd', { application: 'web-us-dev' }))).toEqual([]);
    expect(whose(twoDevs, report('argocd', { application: 'web-dev' }))).toEqual(['web in dev/dev']);
  });

  test('a name that two syncs read in different ways', () => {
    const both = withSyncs(
      '  - source: argocd\n    application: "{application}-{environment}[-{target}]"\n' +
        '  - source: argocd\n    application: "{environment}[-{target}]-{application}"\n',
    );
    expect(whose(both, report('argocd', { application: 'dev-web-staging' }))).toEqual([]);
    expect(whose(both, report('argocd', { application: 'dev-web' }))).toEqual(['web in dev/dev']);
  });

  test('fields that contradict each other', () => {
    const both = withSyncs(
      '  - source: argocd\n    application: "{application}-{environment}[-{target}]"\n    path: apps/{application}/{environment}[/{target}]\n',
    );
    const agree = { application: 'web-dev', path: 'apps/web/dev' };
    expect(whose(both, report('argocd', agree))).toEqual(['web in dev/dev']);
    expect(whose(both, report('argocd', { ...agree, path: 'apps/api/dev' }))).toEqual([]);
    expect(whose(both, report('argocd', { ...agree, path: 'apps/web/staging' }))).toEqual([]);
  });
});

test('a second field tells two readings apart', () => {
  const syncs =
    '  - source: argocd\n    application: "{application}-{environment}[-{target}]"\n    project: "{environment}"\n';
  const twoDevs = withSyncs(syncs, '  us-dev: {}\n');
  expect(whose(twoDevs, report('argocd', { application: 'web-us-dev', project: 'us-dev' }))).toEqual([
    'web in us-dev/us-dev',
  ]);
  expect(whose(twoDevs, report('argocd', { application: 'web-us-dev', project: 'dev' }))).toEqual([
    'web-us in dev/dev',
  ]);
});

test('applications that exist by name only tell two readings apart', () => {
  const syncs = '  - source: argocd\n    application: "{application}-{environment}[-{target}]"\n';
  const rules = 'applications: [{ name: web, path: "{environment}", promote: [{ keys: [x] }] }]\n';
  const section = everything.slice(everything.indexOf('applications:\n'), everything.indexOf('limits:'));
  const named = configIn(
    edited(section, `${rules}syncs:\n${syncs}`).replace('  dev: {}\n', '  dev: {}\n  us-dev: {}\n'),
  );
  expect(whose(named, report('argocd', { application: 'web-us-dev' }))).toEqual(['web in us-dev/us-dev']);
  expect(whose(named, report('argocd', { application: 'api-dev' }))).toEqual([]);
});

describe('reports that speak for many', () => {
  test('for every application of the environment', () => {
    const all = withSyncs('  - source: flux\n    cluster: "{environment}[-{target}]"\n    everyApplication: true\n');
    expect(whose(all, report('flux', { cluster: 'dev' }))).toEqual(['undefined in dev/dev']);
    expect(whose(all, report('flux', { cluster: 'production-eu' }))).toEqual(['undefined in production/eu']);
  });

  test('for every target of the environment', () => {
    const all = withSyncs(
      '  - source: argocd\n    application: "{application}-{environment}"\n    everyTarget: true\n',
    );
    expect(whose(all, report('argocd', { application: 'web-production' }))).toEqual([
      'web in production/eu',
      'web in production/us',
    ]);
    expect(whose(all, report('argocd', { application: 'web-dev' }))).toEqual(['web in dev/dev']);
  });

  test('for every application and target', () => {
    const all = withSyncs(
      '  - source: check-run\n    name: argocd-health/{environment}\n    senders: [argo-bot]\n    everyApplication: true\n    everyTarget: true\n',
    );
    const of = report('check-run', { name: 'argocd-health/production' }, 'argo-bot');
    expect(whose(all, of)).toEqual(['undefined in production/eu', 'undefined in production/us']);
  });

  test('for every target by one sync and for one by another is a contradiction', () => {
    const both = withSyncs(
      '  - source: argocd\n    application: "{application}-{environment}"\n    everyTarget: true\n' +
        '  - source: argocd\n    application: "{application}-{environment}"\n    instance: "{target}"\n',
    );
    expect(whose(both, report('argocd', { application: 'web-production', instance: 'eu' }))).toEqual([]);
    expect(whose(both, report('argocd', { application: 'web-production', instance: 'other' }))).toHaveLength(2);
  });
});

describe('reports about several repos', () => {
  const syncs = '  - source: argocd\n    application: "{application}-{environment}[-{target}]"\n';
  const two = withSyncs(syncs, '  test: { repo: Acme/Config-Test }\n');
  const about = (application: string, repository = 'github.com/acme/config-test') => {
    return { ...report('argocd', { application }), repository };
  };

  test('passed on by the repo an environment is in, whatever host it was told under', () => {
    expect(whose(two, passedOn(about('web-test'), 'acme/Config-Test'))).toEqual(['web in test/test']);
  });

  test.each([
    ['of the repo itself about the environment of another', about('web-test', 'acme/config')],
    ['of the repo itself in the name of the other', about('web-test')],
    ['passed on, about an environment of the repo itself', passedOn(about('web-dev'), 'acme/config-test')],
    ['passed on by a third repo', passedOn(about('web-test'), 'acme/other')],
  ])('%s says nothing', (_, of) => {
    expect(recognise(two, of)).toEqual([]);
  });

  test('what was passed on counts for nobody once the configuration names no other repo', () => {
    const alone = withSyncs(syncs, '  test: {}\n');
    expect(recognise(alone, passedOn(about('web-test'), 'acme/config-test'))).toEqual([]);
    expect(whose(alone, about('web-test', 'acme/old-name-of-this-repo'))).toEqual(['web in test/test']);
  });
});

test('what is awaited is told by name', () => {
  const place = { application: 'web', environment: 'production', target: 'eu' };
  expect(expectedReports(config, place)).toEqual([
    'Argo CD: Application `web-production-eu`',
    'Flux: cluster `production-eu`, Kustomization `web`',
    'GitHub commit status: context `argocd/eu/production/web` from argo-bot[bot]',
  ]);
  expect(expectedReports(config, { ...place, environment: 'dev', target: 'dev' })[0]).toBe(
    'Argo CD: Application `web-dev`',
  );
  expect(expectedReports(config, { ...place, target: 'asia' })).toEqual([]);
});

test('a report that is filled in is recognised as what it was filled in for, or as nothing', () => {
  fc.assert(
    fc.property(someNames, fc.nat(), fc.nat(), ({ application }, nth, other) => {
      const recogniser = config.recognisers[nth % config.recognisers.length];
      const places = placesIn(config);
      const place = places[other % places.length];
      if (recogniser === undefined || place === undefined || applicationOf(config, application) === undefined) return;
      const entries = Object.entries(recogniser.fields);
      const fields = Object.fromEntries(
        entries.map(([field, pattern]) => [field, fillPattern(pattern, { application, ...place })]),
      );
      const { environment, target } = place;
      const found = recognise(config, report(recogniser.source, fields, 'argo-bot[bot]'));
      expect(found).toEqual([{ application, environment, target }]);
    }),
  );
});
