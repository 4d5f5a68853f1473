import fc from 'fast-check';
import { expect, test } from 'vitest';
import { draftPlaces, readDraft } from '../../src/config/draft.ts';
import { someRegistries } from './some-registries.ts';

test('what has the wrong shape is left out, the rest is read', () => {
  const draft = readDraft(
    {
      environments: { dev: null, test: { after: ['dev', 5], targets: ['a', {}] }, prod: 'after test' },
      applications: [
        'web',
        { path: '../x', name: 5 },
        { path: '{application}/{environment}', promote: [5, { images: ['a'] }] },
      ],
      syncs: [{ source: 'nobody' }, { source: 'flux', cluster: '{environment}', path: 5, senders: 'me' }],
      limits: { openPullRequests: 'many' },
      withdrawAfter: [],
    },
    someRegistries,
  );
  expect(draft.environments.map(({ name, after }) => [name, ...after.map((parent) => parent.name)])).toEqual([
    ['dev'],
    ['test', 'dev'],
    ['prod'],
  ]);
  expect(draftPlaces(draft.environments).map(({ environment, target }) => `${environment}/${target}`)).toEqual([
    'dev/dev',
    'test/a',
    'prod/prod',
  ]);
  expect(draft.applications.map(({ named, folder, promote }) => [named, folder?.text, promote.length])).toEqual([
    [true, undefined, 0],
    [false, '{application}/{environment}', 1],
  ]);
  expect(
    draft.syncs.map(({ path, source, fields, fieldsGiven }) => [path, source, Object.keys(fields), fieldsGiven]),
  ).toEqual([[['syncs', 1], 'flux', ['cluster'], 2]]);
  expect([draft.limits.openPullRequests, draft.withdrawAfterMs]).toEqual([undefined, 900_000]);
});

test('any value gives a draft', () => {
  const section = fc.anything({ maxDepth: 5 });
  const root = fc.record({ environments: section, applications: section, syncs: section, limits: section });
  fc.assert(
    fc.property(fc.oneof(fc.anything(), root), (value) => {
      expect(readDraft(value, someRegistries).limits).toBeDefined();
    }),
  );
});
