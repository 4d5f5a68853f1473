import { expect, test } from 'vitest';
import { argocd } from '../../src/sources/argocd.ts';
import { githubDispatch } from '../../src/sources/github-dispatch.ts';
import type { Understood } from '../../src/sources/source.ts';
import { readSample, receivedAtMs, reportsOf, testSyncSource } from '../contracts/sync-source.ts';

const commit = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

testSyncSource({
  source: githubDispatch,
  received: { repository: 'Acme/GitOps-Config', instance: undefined },
  success: { sample: 'deployed', revision: commit, observedAt: '2026-08-20T10:13:41Z' },
  alsoHealthy: ['deployed-two-sources-of-one-repo'],
});

function parse(payload: unknown, repository = 'Acme/GitOps-Config'): Understood {
  return githubDispatch.parse({ payload, repository, instance: undefined, receivedAtMs });
}

test.each(['deployed', 'degraded', 'sync-error'])(
  '%s says the same as over the direct endpoint, with the sender',
  (sample) => {
    const received = {
      payload: readSample('argocd', sample),
      repository: undefined,
      instance: 'eu-west-1',
      receivedAtMs,
    };
    const [direct] = reportsOf(argocd.parse(received));
    const [dispatched] = reportsOf(parse(readSample('github-dispatch', sample)));
    expect(dispatched).toEqual({
      ...direct,
      source: 'github-dispatch',
      subject: direct?.subject.replace('argocd:', 'github-dispatch:acme-argocd[bot]:'),
      repository: 'acme/gitops-config',
      sender: 'acme-argocd[bot]',
    });
  },
);

test('sources of other repos are left out: who may write here must not speak for them', () => {
  const reports = reportsOf(parse(readSample('github-dispatch', 'deployed-two-sources-of-one-repo')));
  expect(reports.map((report) => [report.repository, report.subject])).toEqual([
    ['acme/gitops-config', 'github-dispatch:acme-argocd[bot]:eu-west-1:argocd/search-staging#charts/search'],
    ['acme/gitops-config', 'github-dispatch:acme-argocd[bot]:eu-west-1:argocd/search-staging#$values'],
  ]);
  expect(parse(readSample('github-dispatch', 'another-repo'))).toEqual({
    ignored: expect.stringContaining('other repos'),
  });
  expect(reportsOf(parse(readSample('github-dispatch', 'another-repo'), 'acme/other-config'))).toHaveLength(1);
});

test.each([
  ['flux-health-check-passed', 'never sends the event of a success'],
  ['unrelated', 'not argocd-app-state'],
])('%s is ignored: %s', (sample, why) => {
  expect(parse(readSample('github-dispatch', sample))).toEqual({ ignored: expect.stringContaining(why) });
});

test('a payload that is not of our template is malformed, with what is missing', () => {
  const payload = { action: 'argocd-app-state', client_payload: { schema: 'argocd-app-state/v2' } };
  expect(parse(payload)).toMatchObject({ malformed: 'shape', reason: expect.stringContaining('argocd-app-state/v1') });
  expect(parse({ client_payload: {} })).toMatchObject({ malformed: 'shape' });
});
