import { describe, expect, test } from 'vitest';
import type { Report } from '../../src/domain/report.ts';
import { githubStatus } from '../../src/sources/github-status.ts';
import type { Understood } from '../../src/sources/source.ts';
import { readSample, receivedAtMs, reportsOf, testSyncSource } from '../contracts/sync-source.ts';

const commit = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

testSyncSource({
  source: githubStatus,
  received: { repository: 'Acme/gitops-config', instance: undefined },
  success: { sample: 'flux-succeeded', revision: commit, observedAt: '2026-08-20T10:13:42Z' },
  alsoHealthy: ['argocd-healthy', 'plain-success'],
});

function parse(payload: unknown, repository: string | undefined = 'Acme/gitops-config'): Understood {
  return githubStatus.parse({ payload, repository, instance: undefined, receivedAtMs });
}

function only(understood: Understood): Report {
  const [report, ...rest] = reportsOf(understood);
  if (report === undefined || rest.length > 0) throw new Error(`not one report: ${JSON.stringify(understood)}`);
  return report;
}

function changed(sample: string, values: Record<string, unknown>): unknown {
  return Object.assign({}, readSample('github-status', sample), values);
}

test("Argo CD's status says everything there is to know", () => {
  expect(only(parse(readSample('github-status', 'argocd-healthy')))).toEqual({
    source: 'github-status',
    repository: 'acme/gitops-config',
    subject: 'github-status:acme-argocd[bot]:argocd/eu-west-1/staging/checkout-staging',
    fields: { context: 'argocd/eu-west-1/staging/checkout-staging' },
    state: 'healthy',
    revision: commit,
    operation: `github-status:argocd/eu-west-1/staging/checkout-staging:${commit}:healthy:Healthy, sync finished 2026-08-20T10:13:08Z`,
    observedAtMs: Date.parse('2026-08-20T10:13:47Z'),
    healthySinceMs: undefined,
    message: 'Healthy, sync finished 2026-08-20T10:13:08Z',
    link: 'https://argocd.example.com/applications/argocd/checkout-staging',
    successOnly: true,
    sender: 'acme-argocd[bot]',
  });
});

test.each([
  ['flux-succeeded', 'healthy', false],
  ['flux-health-check-failed', 'degraded', false],
  ['flux-build-failed', 'failed', false],
  ['argocd-degraded-called-success', 'degraded', true],
  ['plain-success', 'healthy', true],
  ['plain-error', 'failed', true],
  ['pending', 'progressing', true],
])('%s is %s, and can only say successes: %s', (sample, state, successOnly) => {
  expect(only(parse(readSample('github-status', sample)))).toMatchObject({ state, successOnly, revision: commit });
});

describe('a success that Flux may have written', () => {
  test.each([
    'dependency not ready',
    'health check canceled',
    'progressing',
    'new artifact',
    'upgrade succeeded',
    'rollback succeeded',
  ])('with the description %j proves nothing', (description) => {
    expect(parse(changed('flux-succeeded', { description }))).toEqual({
      ignored: expect.stringContaining('target URL'),
    });
  });

  test.each([
    ['Rolled out', null],
    ['rolled out to 3 of 3', ''],
    ['rolled out', 'https://ci.example.com/1'],
    [null, null],
  ])('is not one with the description %j and the target %j', (description, target_url) => {
    expect(only(parse(changed('flux-succeeded', { description, target_url }))).state).toBe('healthy');
  });
});

describe("a success with a health of Argo CD's in front", () => {
  test.each([
    ['Healthy', 'healthy'],
    ['Healthy and synced', 'healthy'],
    ['Degraded', 'degraded'],
    ['Progressing, sync finished', 'progressing'],
    ['Suspended', 'progressing'],
    ['Missing', 'progressing'],
    ['Unknown', 'progressing'],
  ])('%j is %s', (description, state) => {
    expect(only(parse(changed('argocd-healthy', { description }))).state).toBe(state);
  });
});

test('a state that is not known is under way', () => {
  expect(only(parse(changed('flux-succeeded', { state: 'skipped' }))).state).toBe('progressing');
});

test('a second sync of the same commit is another operation, the hourly repetition is not', () => {
  const first = only(parse(readSample('github-status', 'argocd-healthy')));
  const hourLater = only(parse(changed('argocd-healthy', { updated_at: '2026-08-20T11:13:47Z' })));
  const second = only(parse(changed('argocd-healthy', { description: 'Healthy, sync finished 2026-08-20T12:00:00Z' })));
  expect(hourLater.operation).toBe(first.operation);
  expect(hourLater.observedAtMs).toBeGreaterThan(first.observedAtMs);
  expect(second.operation).not.toBe(first.operation);
});

test.each(['', 'a\u202eb', 'x'.repeat(301), 'two\nlines'])('the context %j is not taken for a name', (context) => {
  expect(parse(changed('flux-succeeded', { context }))).toEqual({ ignored: expect.stringContaining('context') });
});

test.each([{ sha: 'main' }, { sha: null }, { state: undefined }, { context: 7 }])('%j is malformed', (values) => {
  expect(parse(changed('flux-succeeded', values))).toMatchObject({ malformed: 'shape' });
});

test('an event about no repo is malformed', () => {
  const received = { payload: readSample('github-status', 'flux-succeeded'), instance: undefined, receivedAtMs };
  expect(githubStatus.parse({ ...received, repository: undefined })).toMatchObject({ malformed: 'shape' });
});
