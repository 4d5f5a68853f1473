import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../src/domain/report.ts';
import { flux } from '../../src/sources/flux.ts';
import type { Understood } from '../../src/sources/source.ts';
import { readSample, receivedAtMs, reportsOf, testSyncSource } from '../contracts/sync-source.ts';

const commit = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const otherCommit = '6cb951525937865dced818bbdd78c89b2d2b3045';
const succeeded = 'kustomization-3-reconciliation-succeeded';

testSyncSource({
  source: flux,
  received: { repository: undefined, instance: 'staging-eu1' },
  success: { sample: succeeded, revision: commit, observedAt: '2026-08-20T10:13:41Z' },
  alsoHealthy: [
    'kustomization-3b-reconciliation-succeeded-next-interval',
    'kustomization-oci-source-reconciliation-succeeded',
  ],
});

function parse(payload: unknown, instance = 'staging-eu1'): Understood {
  return flux.parse({ payload, repository: undefined, instance, receivedAtMs });
}

function only(understood: Understood): Report {
  const [report, ...rest] = reportsOf(understood);
  if (report === undefined || rest.length > 0) throw new Error(`not one report: ${JSON.stringify(understood)}`);
  return report;
}

interface Event {
  involvedObject: { kind?: string; apiVersion: string; uid?: string };
  severity: string;
  message: string;
  reason: string;
  timestamp?: string;
  metadata: Record<string, string | undefined>;
}

function changed(sample: string, change: (event: Event) => unknown): unknown {
  const event = readSample('flux', sample);
  change(event as Event);
  return event;
}

function withMetadata(metadata: Record<string, string | undefined>): unknown {
  return changed(succeeded, (event) => {
    event.metadata = { ...event.metadata, ...metadata };
  });
}

describe('a finished reconciliation', () => {
  test('says everything there is to know', () => {
    expect(only(parse(readSample('flux', succeeded)))).toEqual({
      source: 'flux',
      repository: 'acme/gitops-config',
      subject: 'flux:staging-eu1:checkout/checkout',
      fields: {
        cluster: 'staging-eu1',
        environment: 'staging',
        namespace: 'checkout',
        kustomization: 'checkout',
        path: 'envs/staging/checkout',
      },
      state: 'healthy',
      revision: commit,
      operation: `flux:staging-eu1:7d0cdc51-ddcf-4743-b223-83ca5c699632:${commit}:ReconciliationSucceeded`,
      observedAtMs: Date.parse('2026-08-20T10:13:41Z'),
      healthySinceMs: undefined,
      message: 'Reconciliation finished in 36.412907123s, next run in 10m0s',
      link: undefined,
      successOnly: false,
      sender: undefined,
    });
  });

  test('is the same operation at the next interval, observed later', () => {
    const first = only(parse(readSample('flux', succeeded)));
    const next = only(parse(readSample('flux', 'kustomization-3b-reconciliation-succeeded-next-interval')));
    expect(next).toEqual({ ...first, observedAtMs: Date.parse('2026-08-20T10:23:43Z'), message: next.message });
  });

  test.each<[string, (event: Event) => unknown]>([
    ['another severity', (event) => Object.assign(event, { severity: 'trace' })],
    ['another reason', (event) => Object.assign(event, { reason: 'ReconciliationSucceededPartly' })],
    ['another message', (event) => Object.assign(event, { message: 'Kustomization is suspended' })],
  ])('is only believed whole: %s is not', (_, change) => {
    expect(parse(changed(succeeded, change))).toEqual({ ignored: expect.stringContaining('finished reconciliation') });
  });

  test('without a time is as old as its arrival', () => {
    const event = changed(succeeded, (sent) => {
      delete sent.timestamp;
    });
    expect(only(parse(event)).observedAtMs).toBe(receivedAtMs);
  });
});

describe('the revision', () => {
  test.each<[string, Record<string, string | undefined>]>([
    ['of a branch', { revision: `main@sha1:${commit}` }],
    ['of a branch with a slash', { revision: `feature/x@sha1:${commit}` }],
    ['of a tag', { revision: `v1.2.3@sha1:${commit}` }],
    ['alone', { revision: `sha1:${commit}` }],
    ['of Flux before 2.0', { revision: `main/${commit}` }],
    [
      'under the key of older versions',
      { revision: undefined, 'kustomize.toolkit.fluxcd.io/revision': `main@sha1:${commit}` },
    ],
    ['of the origin of an artifact', { revision: 'latest@sha256:3b6c', originRevision: `main@sha1:${commit}` }],
    [
      'of the origin rather than of what was applied',
      { revision: `main@sha1:${otherCommit}`, originRevision: `main@sha1:${commit}` },
    ],
    ['named outright', { commit, revision: `main@sha1:${otherCommit}`, originRevision: `main@sha1:${otherCommit}` }],
    [
      'named outright by an annotation',
      { 'event.toolkit.fluxcd.io/commit': commit, revision: `main@sha1:${otherCommit}` },
    ],
    ['of what was applied when the named one is no commit', { commit: 'HEAD', revision: `main@sha1:${commit}` }],
  ])('%s is read', (_, metadata) => {
    expect(only(parse(withMetadata(metadata))).revision).toBe(commit);
  });

  test.each([
    'latest@sha256:3b6cdcc7adcc9a84d3214ee1c029543789d90b5ae69debe9efa3f66e982875de',
    'sha256:3b6cdcc7adcc9a84d3214ee1c029543789d90b5ae69debe9efa3f66e982875de',
    '6.5.0+3b6cdcc7adcc',
    'main@sha1:4b825dc',
    'main',
    undefined,
  ])('%s is no commit: ignored, with what to set', (revision) => {
    expect(parse(withMetadata({ revision }))).toEqual({
      ignored: expect.stringContaining('flux push artifact --revision'),
    });
  });

  test('is not needed to say that something failed', () => {
    const event = changed('kustomization-build-failed', ({ metadata }) => {
      metadata['revision'] = 'sha256:3b6c';
    });
    expect(only(parse(event))).toMatchObject({ state: 'failed', revision: undefined });
  });
});

describe('what is not a success', () => {
  test.each([
    [
      'kustomization-health-check-failed',
      'degraded',
      'HealthCheckFailed',
      'health check failed after 5m0.027s: timeout',
    ],
    ['kustomization-build-failed', 'failed', 'BuildFailed', "'<base>': evalsymlink failure' & more"],
  ])('%s is reported as %s', (sample, state, reason, message) => {
    const report = only(parse(readSample('flux', sample)));
    expect(report).toMatchObject({ state, revision: commit, subject: 'flux:staging-eu1:checkout/checkout' });
    expect(report.operation).toContain(`:${commit}:${reason}`);
    expect(report.message).toContain(message);
  });

  test.each([
    ['kustomization-1-applied-progressing', 'still being applied'],
    ['kustomization-2-health-check-passed', 'still being applied'],
    ['kustomization-dependency-not-ready', 'waits for another one'],
    ['kustomization-health-check-canceled', 'newer revision'],
    ['gitrepository-new-artifact', 'nothing about what runs'],
    ['ocirepository-new-artifact', 'nothing about what runs'],
    ['helmrelease-upgrade-succeeded', 'before its tests'],
    ['helmrelease-upgrade-succeeded-oci', 'wait: true'],
    ['helmrelease-upgrade-failed', 'chart version, not a commit'],
    ['helmrelease-rollback-succeeded', 'rolled back has failed'],
  ])('%s is ignored: %s', (sample, why) => {
    expect(parse(readSample('flux', sample))).toEqual({ ignored: expect.stringContaining(why) });
  });

  test('a Kustomization file of Kustomize itself is not one of Flux', () => {
    const event = changed(succeeded, ({ involvedObject }) => {
      involvedObject.apiVersion = 'kustomize.config.k8s.io/v1beta1';
    });
    expect(parse(event)).toEqual({ ignored: expect.stringContaining('Flux Kustomization') });
  });
});

describe('who sent it', () => {
  test('an event of another cluster than the key is for is refused, whatever it is about', () => {
    for (const sample of [succeeded, 'gitrepository-new-artifact', 'kustomization-build-failed']) {
      expect(parse(readSample('flux', sample), 'production-eu1')).toMatchObject({
        malformed: 'instance',
        reason: expect.stringContaining('eventMetadata'),
      });
    }
  });

  test.each(['cluster', 'repository'])('an event without %s is refused, with what to set', (key) => {
    expect(parse(withMetadata({ [key]: undefined }))).toMatchObject({
      malformed: 'shape',
      reason: expect.stringMatching(new RegExp(`metadata.${key}.*eventMetadata`)),
    });
  });

  test('what only a tenant can have written does not name the cluster or the repo', () => {
    const metadata = { repository: undefined, 'event.toolkit.fluxcd.io/repository': 'evil/repo' };
    expect(parse(withMetadata(metadata))).toMatchObject({ malformed: 'shape' });
  });

  test.each([
    ['acme/gitops-config', 'acme/gitops-config'],
    ['Acme/GitOps-Config', 'acme/gitops-config'],
    ['https://github.com/acme/gitops-config.git', 'github.com/acme/gitops-config'],
  ])('the repository %s is %s', (repository, expected) => {
    expect(only(parse(withMetadata({ repository }))).repository).toBe(expected);
  });

  test.each([null, 1, 'x', [], {}, { involvedObject: [] }])('%j is refused', (payload) => {
    expect(parse(payload)).toMatchObject({ malformed: 'shape' });
  });
});

const folder = join(import.meta.dirname, '..', 'fixtures', 'sources', 'flux');
const requests = readdirSync(folder).filter((file) => file.endsWith('.request.json'));

test.each(requests)('%s is signed over the bytes of its body', (file) => {
  const request = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const body = readFileSync(join(folder, request.bodyFile));
  const signature = createHmac('sha256', request.hmacKey).update(body).digest('hex');
  expect(request.headers['X-Signature']).toBe(`sha256=${signature}`);
  expect(request.headers['Content-Length']).toBe(String(body.length));
});
