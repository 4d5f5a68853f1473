import { expect, test } from 'vitest';
import { githubDeployment } from '../../src/sources/github-deployment.ts';
import type { Understood } from '../../src/sources/source.ts';
import { readSample, receivedAtMs, reportsOf, testSyncSource } from '../contracts/sync-source.ts';

const commit = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

testSyncSource({
  source: githubDeployment,
  received: { repository: 'acme/gitops-config', instance: undefined },
  success: { sample: 'success', revision: commit, observedAt: '2026-08-20T10:13:47Z' },
  alsoHealthy: [],
});

function parse(payload: unknown): Understood {
  return githubDeployment.parse({ payload, repository: 'acme/gitops-config', instance: undefined, receivedAtMs });
}

interface Payload {
  deployment: Record<string, unknown>;
  deployment_status: Record<string, unknown>;
}

function changed(change: (payload: Payload) => void): unknown {
  const payload = readSample('github-deployment', 'success');
  change(payload as Payload);
  return payload;
}

test("Argo CD's deployment says everything there is to know", () => {
  expect(reportsOf(parse(readSample('github-deployment', 'success')))).toEqual([
    {
      source: 'github-deployment',
      repository: 'acme/gitops-config',
      subject: 'github-deployment:acme-argocd[bot]:staging/checkout-staging',
      fields: { environment: 'staging/checkout-staging' },
      state: 'healthy',
      revision: commit,
      operation: 'github-deployment:2846351921:healthy',
      observedAtMs: Date.parse('2026-08-20T10:13:47Z'),
      healthySinceMs: undefined,
      message: 'checkout-staging synced and healthy',
      link: 'https://argocd.example.com/applications/argocd/checkout-staging',
      successOnly: true,
      sender: 'acme-argocd[bot]',
    },
  ]);
});

test.each([
  ['failure', 'failed', 'The rollout did not finish in time'],
  ['error', 'failed', 'Deployment failed'],
  ['in-progress', 'progressing', 'Deployment progressing'],
  ['queued', 'progressing', 'Deployment progressing'],
  ['pending', 'progressing', 'Deployment progressing'],
])('%s is %s', (sample, state, message) => {
  const reports = reportsOf(parse(readSample('github-deployment', sample)));
  expect(reports).toMatchObject([{ state, message, revision: commit, sender: 'github-actions[bot]' }]);
});

test.each(['waiting', 'SUCCESS', 'abandoned'])(
  'a state GitHub has not had so far, such as %s, is under way',
  (state) => {
    const payload = changed((sent) => Object.assign(sent.deployment_status, { state }));
    expect(reportsOf(parse(payload))).toMatchObject([{ state: 'progressing' }]);
  },
);

test('a deployment whose place was taken is ignored', () => {
  expect(parse(readSample('github-deployment', 'inactive'))).toEqual({
    ignored: expect.stringContaining('newer deployment'),
  });
});

test('the environment is that of the status, which may differ from that of the deployment', () => {
  const moved = changed((sent) => Object.assign(sent.deployment, { environment: 'elsewhere' }));
  const without = changed((sent) => Object.assign(sent.deployment_status, { environment: null }));
  expect(reportsOf(parse(moved))[0]?.fields).toEqual({ environment: 'staging/checkout-staging' });
  expect(reportsOf(parse(without))[0]?.fields).toEqual({ environment: 'staging/checkout-staging' });
});

test('an environment that cannot be a name is ignored', () => {
  const payload = changed((sent) => Object.assign(sent.deployment_status, { environment: 'a\u0000b' }));
  expect(parse(payload)).toEqual({ ignored: expect.stringContaining('environment') });
});

test.each<[string, (payload: Payload) => unknown]>([
  ['a branch instead of a commit', (sent) => Object.assign(sent.deployment, { sha: 'main' })],
  ['no id', (sent) => Object.assign(sent.deployment, { id: '7' })],
  ['no state', (sent) => Object.assign(sent.deployment_status, { state: null })],
])('%s is malformed', (_, change) => {
  expect(parse(changed((sent) => void change(sent)))).toMatchObject({ malformed: 'shape' });
});
