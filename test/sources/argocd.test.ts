import { describe, expect, test } from 'vitest';
import type { Report } from '../../src/domain/report.ts';
import { argocd } from '../../src/sources/argocd.ts';
import type { Understood } from '../../src/sources/source.ts';
import { readSample, receivedAtMs, reportsOf, testSyncSource } from '../contracts/sync-source.ts';

const deployedRevision = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const newerRevision = '9c3a1e7f5b2d4c6e8f0a1b2c3d4e5f60718293a4';

testSyncSource({
  source: argocd,
  received: { repository: undefined, instance: 'eu-west-1' },
  success: { sample: 'deployed', revision: deployedRevision, observedAt: '2026-08-20T10:13:41Z' },
  alsoHealthy: ['deployed-multi-source', 'deployed-hydrated', 'deployed-two-sources-of-one-repo', 'self-healed'],
});

function parse(payload: unknown, instance: string | undefined = 'eu-west-1'): Understood {
  return argocd.parse({ payload, repository: undefined, instance, receivedAtMs });
}

function only(understood: Understood): Report {
  const [report, ...rest] = reportsOf(understood);
  if (report === undefined || rest.length > 0) throw new Error(`not one report: ${JSON.stringify(understood)}`);
  return report;
}

interface Body {
  schema: string;
  app: { uid?: string; labels: Record<string, string> };
  argocd: { instance: string; url: string };
  deployed: { id?: number; deployedAt?: string; sources: { repoURL?: string; revision?: string; path?: string }[] };
  operation: { phase: string; finishedAt?: string; dryRun?: boolean; message: string };
  health: { status: string; lastTransitionTime?: string };
  sync: { status: string; revision?: string };
  hydrator: { hydratedSHA?: string; repoURL?: string; path?: string };
}

/** A sample with something changed in it. */
function changed(sample: string, change: (body: Body) => unknown): unknown {
  const body = readSample('argocd', sample);
  change(body as Body);
  return body;
}

describe('a deployed application', () => {
  test('says everything there is to know', () => {
    expect(only(parse(readSample('argocd', 'deployed')))).toEqual({
      source: 'argocd',
      repository: 'github.com/acme/gitops-config',
      subject: 'argocd:eu-west-1:argocd/checkout-staging',
      fields: {
        instance: 'eu-west-1',
        application: 'checkout-staging',
        namespace: 'argocd',
        project: 'shop',
        path: 'envs/staging/checkout',
        environment: 'staging',
      },
      state: 'healthy',
      revision: deployedRevision,
      operation: 'argocd:eu-west-1:1f6b2c1e-5a0c-4c62-9a9b-0d5c7b6f3a11:7',
      observedAtMs: Date.parse('2026-08-20T10:13:41Z'),
      healthySinceMs: Date.parse('2026-08-20T10:13:41Z'),
      message: 'Synced, Healthy',
      link: 'https://argocd.example.com/applications/argocd/checkout-staging',
      successOnly: false,
      sender: undefined,
    });
  });

  test('that was healthy before the sync is healthy with the new version only since the sync ended', () => {
    const body = changed('deployed', ({ health }) => {
      health.lastTransitionTime = '2026-08-01T00:00:00Z';
    });
    expect(only(parse(body))).toMatchObject({
      observedAtMs: Date.parse('2026-08-20T10:13:08Z'),
      healthySinceMs: Date.parse('2026-08-20T10:13:08Z'),
    });
  });

  test('shows its target, when a label names one', () => {
    expect(only(parse(readSample('argocd', 'degraded'))).fields).toMatchObject({
      environment: 'staging',
      target: 'eu',
    });
  });

  test.each([
    'http://argocd.example.com',
    'javascript:alert(1)//https://argocd.example.com',
    'https://argocd.example.com/" onclick="x',
    'https://argocd.example.com/a)[b](https://evil.example.com',
  ])('has no link when the address of Argo CD is %s', (url) => {
    const body = changed('deployed', (sent) => {
      sent.argocd.url = url;
    });
    expect(only(parse(body)).link).toBeUndefined();
  });
});

describe('sources', () => {
  test('of several kinds: the chart has no revision, the values of the config repo have', () => {
    expect(only(parse(readSample('argocd', 'deployed-multi-source')))).toMatchObject({
      repository: 'github.com/acme/gitops-config',
      subject: 'argocd:eu-west-1:argocd/search-staging',
      revision: deployedRevision,
      operation: 'argocd:eu-west-1:7c2a7f1e-9d7d-4bb1-8f55-2f6cf4a3d0aa:44',
    });
  });

  test.each(['Failed', 'Succeeded'])(
    'that are charts are never named, not even when something is wrong (%s)',
    (phase) => {
      const body = changed('deployed-multi-source', ({ operation, health }) => {
        operation.phase = phase;
        health.status = 'Degraded';
      });
      expect(only(parse(body)).repository).toBe('github.com/acme/gitops-config');
    },
  );

  test('of one repo are told apart by path or reference, those of another repo stand alone', () => {
    const reports = reportsOf(parse(readSample('argocd', 'deployed-two-sources-of-one-repo')));
    expect(
      reports.map(({ repository, subject, fields, revision }) => [repository, subject, fields['path'], revision]),
    ).toEqual([
      [
        'github.com/acme/gitops-config',
        'argocd:eu-west-1:argocd/search-staging#charts/search',
        'charts/search',
        deployedRevision,
      ],
      ['github.com/acme/gitops-config', 'argocd:eu-west-1:argocd/search-staging#$values', undefined, deployedRevision],
      [
        'github.com/acme/search',
        'argocd:eu-west-1:argocd/search-staging',
        'deploy/crds',
        '6cb951525937865dced818bbdd78c89b2d2b3045',
      ],
    ]);
  });

  test('that repeat each other count once, at two commits they count twice', () => {
    const twice = (revision: string) =>
      changed('deployed', ({ deployed }) => {
        deployed.sources.push({ ...deployed.sources[0], revision });
      });
    expect(reportsOf(parse(twice(deployedRevision)))).toHaveLength(1);
    expect(reportsOf(parse(twice(newerRevision))).map((report) => report.subject)).toEqual([
      'argocd:eu-west-1:argocd/checkout-staging#envs/staging/checkout',
      'argocd:eu-west-1:argocd/checkout-staging#envs/staging/checkout@1',
    ]);
  });

  test.each([
    'main',
    '4b825dc',
    '2.2.3',
    'sha256:3b6cdcc7adcc9a84d3214ee1c029543789d90b5ae69debe9efa3f66e982875de',
    '',
  ])('at %j are at no commit, so nothing is proved', (revision) => {
    const body = changed('deployed', ({ deployed }) => {
      for (const source of deployed.sources) source.revision = revision;
    });
    expect(parse(body)).toEqual({ ignored: expect.stringContaining('full commit id') });
  });
});

describe('the source hydrator', () => {
  test('the revision is the commit that was rendered, in the repo and path it is in', () => {
    const body = changed('deployed-hydrated', ({ hydrator, deployed }) => {
      hydrator.repoURL = 'https://github.com/acme/dry-config.git';
      hydrator.path = 'apps/cart';
      for (const source of deployed.sources) source.repoURL = 'https://github.com/acme/rendered';
    });
    expect(only(parse(body))).toMatchObject({
      repository: 'github.com/acme/dry-config',
      fields: { path: 'apps/cart' },
      revision: '6cb951525937865dced818bbdd78c89b2d2b3045',
      state: 'healthy',
    });
  });

  test('when another commit was hydrated since, the rendered one is not known', () => {
    expect(parse(readSample('argocd', 'hydrated-since'))).toEqual({ ignored: expect.stringContaining('hydrated') });
  });

  test('when it was hydrated since and Argo CD found nothing to do, the newer commit is what runs', () => {
    const body = changed('hydrated-since', ({ sync, hydrator }) => {
      if (hydrator.hydratedSHA !== undefined) sync.revision = hydrator.hydratedSHA;
    });
    expect(only(parse(body))).toMatchObject({ state: 'healthy', revision: 'fedcba9876543210fedcba9876543210fedcba98' });
  });

  test('a body without the place of the dry commit, as a shorter template sends it, means the synced repo', () => {
    const body = changed('deployed-hydrated', ({ hydrator }) => {
      delete hydrator.repoURL;
      delete hydrator.path;
    });
    expect(only(parse(body))).toMatchObject({ repository: 'github.com/acme/dry-config', fields: { path: 'cart' } });
  });
});

describe('what is not a success', () => {
  test.each([
    [
      'degraded',
      'degraded',
      deployedRevision,
      'Synced, Degraded: Deployment "checkout" exceeded its progress deadline',
    ],
    ['sync-failed', 'failed', newerRevision, 'Sync Failed: one or more objects failed to apply'],
    [
      'sync-error',
      'failed',
      undefined,
      'Sync Error: ComparisonError: Failed to load target state: <helm> "quoted" & bad line2',
    ],
    ['suspended', 'progressing', deployedRevision, 'Synced, Suspended'],
    ['progressing', 'progressing', deployedRevision, 'Synced, Progressing'],
    ['running', 'progressing', deployedRevision, 'Running, OutOfSync, Healthy'],
  ])('%s is reported as %s', (sample, state, revision, message) => {
    const report = only(parse(readSample('argocd', sample)));
    expect(report).toMatchObject({ state, revision, healthySinceMs: undefined });
    expect(report.message).toContain(message);
    expect(report.subject).toBe('argocd:eu-west-1:argocd/checkout-staging');
  });

  test('a failure is newer than the success before it, and another operation', () => {
    const success = only(parse(readSample('argocd', 'deployed')));
    for (const sample of ['degraded', 'sync-failed', 'running']) {
      const report = only(parse(readSample('argocd', sample)));
      expect(report.observedAtMs).toBeGreaterThan(success.observedAtMs);
      expect(report.operation).not.toBe(success.operation);
    }
  });

  test.each(['Healthy', 'Missing', 'Unknown', 'Paused', 'healthy', ''])(
    'health %s while OutOfSync is under way',
    (status) => {
      const body = changed('deployed', ({ health, sync }) => {
        health.status = status;
        sync.status = 'OutOfSync';
      });
      expect(only(parse(body)).state).toBe('progressing');
    },
  );

  test.each(['Missing', 'Unknown', 'Paused', 'healthy', ''])('health %s is under way', (status) => {
    const body = changed('deployed', ({ health }) => {
      health.status = status;
    });
    expect(only(parse(body)).state).toBe('progressing');
  });

  test.each(['Terminating', 'Running', 'Paused', 'succeeded', ''])(
    'phase %s is under way, whatever the health',
    (phase) => {
      const body = changed('deployed', ({ operation }) => {
        operation.phase = phase;
      });
      expect(only(parse(body)).state).toBe('progressing');
    },
  );

  test('a dry run and a part of a sync are neither proof nor its opposite', () => {
    expect(parse(readSample('argocd', 'dry-run'))).toEqual({ ignored: expect.stringContaining('dry run') });
    expect(parse(readSample('argocd', 'partial'))).toEqual({ ignored: expect.stringContaining('some resources only') });
  });

  test.each(['dry-run', 'partial'])('but what goes wrong in a %s still counts', (sample) => {
    const failed = changed(sample, ({ operation }) => {
      operation.phase = 'Failed';
    });
    const degraded = changed(sample, ({ health }) => {
      health.status = 'Degraded';
    });
    expect(only(parse(failed)).state).toBe('failed');
    expect(only(parse(degraded)).state).toBe('degraded');
  });

  test('self-healing at the deployed commit is the same sync again, healthy since it healed', () => {
    expect(only(parse(readSample('argocd', 'self-healed')))).toMatchObject({
      operation: only(parse(readSample('argocd', 'deployed'))).operation,
      healthySinceMs: Date.parse('2026-08-20T12:00:40Z'),
    });
  });

  test.each([
    ['no-history', 'revisionHistoryLimit'],
    ['deployed-chart-only', 'charts and registries have none'],
  ])('%s says why it proves nothing', (sample, why) => {
    expect(parse(readSample('argocd', sample))).toEqual({ ignored: expect.stringContaining(why) });
  });

  test('a first sync that failed without a repo is ignored', () => {
    const body = changed('sync-error', ({ deployed }) => {
      deployed.sources = [];
    });
    expect(parse(body)).toEqual({ ignored: expect.stringContaining('no Git repo') });
  });
});

describe('a body that is not ours', () => {
  test.each(['us-east-1', undefined])('is refused when the token is of %s', (instance) => {
    for (const sample of ['deployed', 'degraded', 'dry-run']) {
      const understood = argocd.parse({
        payload: readSample('argocd', sample),
        repository: undefined,
        instance,
        receivedAtMs,
      });
      expect(understood).toEqual({ malformed: 'instance', reason: expect.stringContaining('argocdInstance') });
    }
  });

  test.each<[string, (body: Body) => unknown]>([
    ['schema', (body) => Object.assign(body, { schema: 'argocd-app-state/v2' })],
    ['app.uid', (body) => Object.assign(body.app, { uid: null })],
    ['argocd.instance', (body) => Object.assign(body.argocd, { instance: '' })],
    ['operation.dryRun', (body) => Object.assign(body.operation, { dryRun: 'false' })],
  ])('names %s as what is missing', (what, change) => {
    const understood = parse(changed('deployed', change));
    expect(understood).toMatchObject({ malformed: 'shape', reason: expect.stringContaining(what) });
    expect(understood).toMatchObject({ reason: expect.stringContaining('toJson') });
  });

  test.each([null, 1, 'x', [], {}])('%j is refused', (payload) => {
    expect(parse(payload)).toMatchObject({ malformed: 'shape' });
  });
});

test('a body without any time is as old as its arrival', () => {
  const body = changed('deployed', ({ operation, deployed, health }) => {
    delete operation.finishedAt;
    delete deployed.deployedAt;
    delete health.lastTransitionTime;
    Object.assign(operation, { startedAt: null });
  });
  expect(only(parse(body))).toMatchObject({ observedAtMs: receivedAtMs, healthySinceMs: undefined });
});
