import { expect, test } from 'vitest';
import { hasFolder, placesIn, readersOf } from '../../src/config/path-readers.ts';
import { configIn, everything } from './some-config.ts';

const config = configIn(everything);

test('every target of every environment is a place', () => {
  expect(placesIn(config)).toEqual([
    { environment: 'dev', target: 'dev', namesTargets: false },
    { environment: 'staging', target: 'staging', namesTargets: false },
    { environment: 'production', target: 'eu', namesTargets: true },
    { environment: 'production', target: 'us', namesTargets: true },
  ]);
});

test('each promoted file of each rule has a reader', () => {
  expect(readersOf(config, undefined).map(({ files }) => files.map(({ file }) => file.text))).toEqual([
    [
      'apps/{application}/{environment}[/{target}]/kustomization.yaml',
      'apps/{application}/{environment}[/{target}]/values.yaml',
    ],
    ['charts/search/{environment}[-{target}]/values.yaml'],
  ]);
  expect(config.applications.map(hasFolder)).toEqual([true, true]);
});

test('a file is of one target, a folder of those it is named for', () => {
  const [apps] = readersOf(config, undefined);
  const web = { application: 'web', environment: 'production', target: 'eu' };
  expect(apps?.files.map(({ read }) => read('apps/web/production/eu/values.yaml'))).toEqual([[], [web]]);
  expect(apps?.readFolder('apps/web/production/eu/any/thing')).toEqual([web]);
  expect(apps?.readFolder('apps/web/production/eu')).toEqual([]);
});
