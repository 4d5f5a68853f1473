import { expect, test } from 'vitest';
import { takePush, takeReport } from '../../src/reconcile/intake.ts';
import { sweep } from '../../src/reconcile/sweep.ts';
import { aLoopReport, LoopUnderTest, loopRepo } from '../build/a-loop.ts';

const config = `version: 1
environments:
  dev: {}
  production: { after: dev, targets: { found: "clusters/prod-{region}-*", except: ["clusters/*-pr-*"] } }
applications:
  - path: "clusters/{target}/{application}"
    promote: [{ images: ["*"], in: "{environment}.yaml" }]
syncs:
  - source: argocd
    application: "{application}-{environment}[-{target}]"
`;
const [r1, r2] = ['1'.repeat(40), '2'.repeat(40)] as const;
const file = (tag: string): string => `images:\n- name: web\n  newTag: ${tag}\n`;
const base = {
  '.github/pawl.yaml': config,
  'clusters/dev/web/dev.yaml': file('v2'),
  'clusters/prod-eu-1/web/production.yaml': file('v1'),
  'clusters/prod-eu-pr-7/web/production.yaml': file('v1'),
};

test('a new cluster joins without a change of the configuration, one that comes and goes does not', async () => {
  const loop = new LoopUnderTest();
  loop.repo.commit(r1, base);
  await loop.store.repos.put(loopRepo);
  await sweep(loop.context);
  await takeReport(loopRepo, aLoopReport({ name: 'web-dev', revision: r1 }), loop.context);
  await loop.work();
  const written = () => loop.repo.writes.map(({ files }) => Object.keys(files));
  expect(written()).toEqual([['clusters/prod-eu-1/web/production.yaml']]);

  loop.repo.commit(r2, { ...base, 'clusters/prod-us-2/web/production.yaml': file('v0') });
  await takePush(
    loopRepo,
    {
      branch: 'main',
      isDefault: true,
      before: r1,
      after: r2,
      paths: { written: ['clusters/prod-us-2/web/production.yaml'], removed: [] },
    },
    loop.context,
  );
  await loop.work();
  expect(written().at(-1)).toEqual([
    'clusters/prod-eu-1/web/production.yaml',
    'clusters/prod-us-2/web/production.yaml',
  ]);
  expect(loop.repo.writes.at(-1)?.pullRequest.body).toContain('`prod-us-2` (region: us)');
  expect(loop.requests().filter((name) => name === 'readTree')).toHaveLength(1);
});

test('while nothing fits the pattern, the lane says so', async () => {
  const loop = new LoopUnderTest();
  const { 'clusters/prod-eu-1/web/production.yaml': _, ...none } = base;
  loop.repo.commit(r1, none);
  await takeReport(loopRepo, aLoopReport({ name: 'web-dev', revision: r1 }), loop.context);
  await loop.work();
  expect(loop.repo.writes).toEqual([]);
  expect(loop.logged).toContain('production has no targets: nothing in the repo fits clusters/prod-{region}-*.');
});

test('where GitHub cut the list of files, no target is taken to be absent: nothing moves, and that is said', async () => {
  const loop = new LoopUnderTest();
  loop.repo.commit(r1, base);
  loop.repo.complete = false;
  await takeReport(loopRepo, aLoopReport({ name: 'web-dev', revision: r1 }), loop.context);
  await loop.store.queue.add({ repo: loopRepo, application: 'web' }, 0, 'a test');
  await loop.work();
  expect(loop.repo.writes).toEqual([]);
  expect(loop.repo.checks.map(({ summary }) => summary).join()).toContain('its targets cannot be found for certain');
});
