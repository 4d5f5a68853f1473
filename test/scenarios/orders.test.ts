import { expect, test } from 'vitest';
import { configFile, kustomization, wideLimits } from '../harness/config-repo.ts';
import { evidenceTable, top } from '../harness/reading.ts';
import { tellStories } from '../harness/story.ts';

/** Two environments side by side that one follows; and an application that skips both. */
const config = `version: 1
environments:
  dev: {}
  staging: { after: dev }
  load: { after: dev }
  live: { after: [staging, load] }
applications:
  - path: apps/{application}/{environment}
    promote: [{ images: ["*"] }]
  - name: docs
    path: apps/docs/{environment}
    order: { dev: , live: dev }
    promote: [{ images: ["*"] }]
syncs:
  - source: argocd
    application: "{application}-{environment}"
${wideLimits}`;
const at = (application: string, environment: string) => `apps/${application}/${environment}/kustomization.yaml`;
const versions = { dev: '1.1', staging: '1.0', load: '1.0', live: '1.0' };
const files = Object.fromEntries(
  ['shop', 'docs'].flatMap((application) =>
    Object.entries(versions).map(([environment, version]) => [
      at(application, environment),
      kustomization(application, version),
    ]),
  ),
);
const story = tellStories({ files: { [configFile]: config, ...files } });

const docs = (environment: string) => ({ application: 'docs', environment });
const shop = (environment: string) => ({ application: 'shop', environment });
const checkAt = (commit: string) => story().github.checkRuns(story().repo, commit)[0]?.output.summary;

test('the check tells the order of all and those that differ', () => {
  expect(checkAt('main')).toContain('Promotion order: dev, staging, load, live.');
  expect(checkAt('main')).toContain('Order of docs alone: dev, live.');
});

test('an application with an order of its own goes its own way', async () => {
  await story().runs(docs('dev'));
  expect(story().pulls(docs('staging'))).toEqual([]);
  const { title, body } = story().open(docs('live'));
  expect(title).toBe('Promote docs 1.1 to live');
  expect(evidenceTable(body).map(([where]) => where)).toEqual(['dev']);
  await story().merge(docs('live'));
  await story().runs(docs('live'));
  expect(top(story().newest(docs('live')).body)[1]).toMatch(/^\*\*Live in live since /);
});

test('what is reported of an environment that it skips changes nothing', async () => {
  await story().runs({ ...docs('staging'), state: 'degraded' });
  await story().runs({ ...docs('load'), state: 'degraded' });
  expect(story().pulls(docs('staging'))).toEqual([]);
  expect(story().decided(docs('live'))).toMatchObject({ code: 'up-to-date' });
});

test('two environments side by side are promoted into at once, and the next waits for both', async () => {
  await story().runs(shop('dev'));
  for (const one of ['staging', 'load']) expect(story().open(shop(one)).title).toBe(`Promote shop 1.1 to ${one}`);
  await story().merge(shop('staging'));
  await story().runs(shop('staging'));
  expect(story().pulls(shop('live'))).toEqual([]);
  expect(story().decided(shop('live')).text).toBe(
    [
      'staging and load do not prove a candidate for live.',
      '  load has not reported yet. Awaited: Argo CD: Application `shop-load`.',
    ].join('\n'),
  );
  await story().merge(shop('load'));
  await story().runs(shop('load'));
  expect(evidenceTable(story().open(shop('live')).body).map(([where]) => where)).toEqual(['staging', 'load']);
});

test('one of the two that turns bad, or is ahead of the other, stops what is open', async () => {
  const { number } = story().open(shop('live'));
  await story().runs({ ...shop('load'), state: 'degraded' });
  expect(story().open(shop('live'))).toMatchObject({ number, draft: true });
  await story().runs(shop('load'));
  expect(story().open(shop('live'))).toMatchObject({ number, draft: false });

  await story().push({ [at('shop', 'dev')]: kustomization('shop', '1.2') });
  await story().runs(shop('dev'));
  await story().merge(shop('staging'));
  await story().runs(shop('staging'));
  expect(story().open(shop('live'))).toMatchObject({ number, draft: true });
  expect(top(story().open(shop('live')).body)[1]).toContain('Not every target of staging and load runs the same');

  await story().merge(shop('load'));
  await story().runs(shop('load'));
  expect(story().open(shop('live'))).toMatchObject({ number, draft: false, title: 'Promote shop 1.2 to live' });
  await story().merge(shop('live'));
  await story().runs(shop('live'));
  expect(top(story().newest(shop('live')).body)[1]).toMatch(/^\*\*Live in live since /);
});

test('an order that changes opens and closes what it has to', async () => {
  await story().push({ [at('docs', 'dev')]: kustomization('docs', '1.2') });
  await story().runs(docs('dev'));
  expect(story().openCount(docs('live'))).toBe(1);
  const longer = config.replace('{ dev: , live: dev }', '{ dev: , staging: dev, live: staging }');
  const pushed = await story().push({ [configFile]: longer });
  expect(checkAt(pushed)).toContain('Order of docs alone: dev, staging, live.');
  expect(story().open(docs('staging')).title).toBe('Promote docs 1.2 to staging');
  expect(story().open(docs('live'))).toMatchObject({ draft: true });
  await story().merge(docs('staging'));
  await story().runs(docs('staging'));
  expect(story().open(docs('live'))).toMatchObject({ draft: false, title: 'Promote docs 1.2 to live' });
});
