import { expect, test } from 'vitest';
import { checkRun } from '../../src/sources/check-run.ts';
import type { Understood } from '../../src/sources/source.ts';
import { readSample, receivedAtMs, reportsOf, testSyncSource } from '../contracts/sync-source.ts';

const commit = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

testSyncSource({
  source: checkRun,
  received: { repository: 'acme/gitops-config', instance: undefined },
  success: { sample: 'promoter-success', revision: commit, observedAt: '2026-08-20T10:13:50Z' },
  alsoHealthy: ['argocd-notifications-success'],
});

function parse(payload: unknown): Understood {
  return checkRun.parse({ payload, repository: 'acme/gitops-config', instance: undefined, receivedAtMs });
}

function changed(values: Record<string, unknown>): unknown {
  const payload = readSample('check-run', 'promoter-success');
  Object.assign((payload as { check_run: object }).check_run, values);
  return payload;
}

test('a check of a promoter says everything there is to know', () => {
  expect(reportsOf(parse(readSample('check-run', 'promoter-success')))).toEqual([
    {
      source: 'check-run',
      repository: 'acme/gitops-config',
      subject: 'check-run:acme-promoter:argocd-health/environment/staging',
      fields: { name: 'argocd-health/environment/staging', app: 'acme-promoter' },
      state: 'healthy',
      revision: commit,
      operation: 'check-run:29381100001:healthy',
      observedAtMs: Date.parse('2026-08-20T10:13:50Z'),
      healthySinceMs: undefined,
      message: '3/3 apps are healthy',
      link: 'https://argocd.example.com/applications?labels=environment%3Dstaging',
      successOnly: false,
      sender: 'acme-promoter',
    },
  ]);
});

test.each([
  ['promoter-failure', 'degraded', '0/3 apps are healthy'],
  ['promoter-in-progress', 'progressing', '1/3 apps are healthy'],
  ['promoter-queued', 'progressing', 'Waiting for Argo CD to see the commit'],
  ['timed-out', 'failed', 'No answer in 30 minutes'],
])('%s is %s', (sample, state, message) => {
  expect(reportsOf(parse(readSample('check-run', sample)))).toMatchObject([{ state, message, revision: commit }]);
});

test.each([
  ['action_required', 'failed'],
  ['startup_failure', 'failed'],
  ['brand_new', 'progressing'],
  [null, 'progressing'],
])('the conclusion %s is %s', (conclusion, state) => {
  expect(reportsOf(parse(changed({ conclusion })))).toMatchObject([{ state }]);
});

test('a conclusion counts only once the run is completed', () => {
  expect(reportsOf(parse(changed({ status: 'in_progress' })))).toMatchObject([{ state: 'progressing' }]);
});

test.each(['neutral', 'skipped', 'cancelled', 'stale'])('a run that ended as %s found out nothing', (sample) => {
  expect(parse(readSample('check-run', sample))).toEqual({ ignored: expect.stringContaining(sample) });
});

test('a pressed button is no result', () => {
  expect(parse(readSample('check-run', 'rerequested'))).toEqual({ ignored: expect.stringContaining('button') });
});

test("the check of Argo CD's notifications can only say successes", () => {
  const [report] = reportsOf(parse(readSample('check-run', 'argocd-notifications-success')));
  expect(report).toMatchObject({ state: 'healthy', successOnly: true, sender: 'acme-argocd' });
});

test('without a summary the message is the title, without both how it ended', () => {
  const output = (summary: unknown, title: unknown) =>
    reportsOf(parse(changed({ output: { summary, title } })))[0]?.message;
  expect(output('', 'A title')).toBe('A title');
  expect(output(null, null)).toBe('success');
});

test('a name that cannot be seen whole is ignored', () => {
  expect(parse(changed({ name: 'a\u200bb' }))).toEqual({ ignored: expect.stringContaining('name') });
  expect(parse(changed({ app: null }))).toEqual({ ignored: expect.stringContaining('App') });
});

test.each([{ head_sha: 'main' }, { id: null }, { status: 1 }])('%j is malformed', (values) => {
  expect(parse(changed(values))).toMatchObject({ malformed: 'shape' });
});
