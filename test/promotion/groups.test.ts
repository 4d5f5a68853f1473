import { describe, expect, test } from 'vitest';
import { plan } from '../../src/promotion/plan.ts';
import { renderCommit } from '../../src/render/commit.ts';
import { renderPullRequest } from '../../src/render/pull-request.ts';
import { aPullRequest } from '../build/a-snapshot.ts';
import { aSnapshotOf, type Decision, decisionOn, type Told, textsOf } from '../build/a-snapshot-of.ts';

const config = `version: 1
environments: { dev: {}, staging: { after: dev } }
groups:
  shop: { applications: [web, "shop-*"], batch: { staging: 2 } }
applications:
  - path: apps/{application}/{environment}
    promote: [{ images: ["*"] }]
syncs:
  - { source: argocd, application: "{application}-{environment}" }
`;

const file = (tag: string): string => `images:\n- name: app\n  newTag: ${tag}\n`;
const path = (application: string, environment: string): string =>
  `apps/${application}/${environment}/kustomization.yaml`;

/** Applications with the tag they have in dev and in staging. */
function files(tags: Readonly<Record<string, readonly [dev: string, staging: string]>>) {
  return Object.fromEntries(
    Object.entries(tags).flatMap(([name, [dev, staging]]) => [
      [path(name, 'dev'), file(dev)],
      [path(name, 'staging'), file(staging)],
    ]),
  );
}

function decide(told: Omit<Told, 'config' | 'application'>): Decision {
  return decisionOn({ config, application: 'shop', ...told }, 'staging');
}

function bodyOf({ proposal, lane, why }: Decision): string {
  if (proposal === undefined) throw new Error(`nothing is proposed: ${why}`);
  return renderPullRequest({ proposal, why: lane.why, present: undefined }).body;
}

describe('a group', () => {
  test('moves its applications in one pull request, each in its own files, and nobody else', () => {
    const decision = decide({ files: files({ web: ['v2', 'v1'], 'shop-api': ['v7', 'v6'], other: ['v2', 'v1'] }) });
    expect(textsOf(decision)).toEqual({
      [path('web', 'staging')]: file('v2'),
      [path('shop-api', 'staging')]: file('v7'),
    });
    const body = bodyOf(decision);
    expect(body).toContain('| web | `app` | `v1` | **`v2`** |');
    expect(body).toContain('| shop-api | `app` | `v6` | **`v7`** |');
    if (decision.proposal === undefined) throw new Error('nothing is proposed');
    expect(decision.proposal.lane).toEqual({ application: 'shop', environment: 'staging' });
    expect(renderCommit(decision.proposal).body).toContain(
      'Pawl-Application: shop\nPawl-Application: shop-api\nPawl-Application: web',
    );
  });

  test('one application that is not well is reported and left out, the others go on', () => {
    const decision = decide({
      files: files({ web: ['v2', 'v1'], 'shop-api': ['v7', 'v6'] }),
      states: { 'shop-api/dev': 'degraded' },
    });
    expect(textsOf(decision)).toEqual({ [path('web', 'staging')]: file('v2') });
    expect(bodyOf(decision)).toContain(
      '**Not in this pull request:**\n\n- `shop-api` dev does not prove a candidate for staging. dev is degraded: Deployment is not ready',
    );
    expect(bodyOf(decision)).not.toContain('Not moved, since');
  });

  test('one application whose file cannot be read is reported and left out', () => {
    const told = { ...files({ web: ['v2', 'v1'], 'shop-api': ['v7', 'v6'] }), [path('shop-api', 'staging')]: 'a: [' };
    const decision = decide({ files: told });
    expect(textsOf(decision)).toEqual({ [path('web', 'staging')]: file('v2') });
    expect(bodyOf(decision)).toContain('- `shop-api` A file of');
  });

  test('the same version as before is the same candidate, whoever else is not well', () => {
    const told = { files: files({ web: ['v2', 'v1'], 'shop-api': ['v6', 'v6'] }) };
    const well = decide(told).proposal?.candidate.hash;
    const ill = decide({ ...told, states: { 'shop-api/dev': 'failed' } }).proposal?.candidate.hash;
    expect(well).toBe(ill);
  });

  test('a limit keeps pull requests small: the rest waits for the next one', () => {
    const decision = decide({ files: files({ web: ['v2', 'v1'], 'shop-a': ['v2', 'v1'], 'shop-b': ['v2', 'v1'] }) });
    expect(Object.keys(textsOf(decision))).toEqual([path('shop-a', 'staging'), path('shop-b', 'staging')]);
    expect(bodyOf(decision)).toContain('- `web` waits for the next pull request: at most 2 applications move in one.');
  });

  test('a drifted application waits for a decision of its own while others move', () => {
    const told = files({ web: ['v2', 'hotfix'], 'shop-api': ['v7', 'v6'] });
    const before = files({ web: ['v1', 'v1'], 'shop-api': ['v6', 'v6'] });
    const decision = decide({ files: told, merged: [{ before, after: before }] });
    expect(textsOf(decision)).toEqual({ [path('shop-api', 'staging')]: file('v7') });
    expect(decision.proposal?.kind).toBe('move');
    expect(bodyOf(decision)).toContain('- `web` was changed outside promotion and needs a decision of its own');
    const alone = decide({
      files: { ...told, ...files({ 'shop-api': ['v6', 'v6'] }) },
      merged: [{ before, after: before }],
    });
    expect(alone.proposal?.kind).toBe('drift');
    expect(textsOf(alone)).toEqual({ [path('web', 'staging')]: file('v2') });
  });

  test('where all have what is proved, nothing is to do', () => {
    expect(decide({ files: files({ web: ['v1', 'v1'], 'shop-api': ['v6', 'v6'] }) }).lane.why.code).toBe('up-to-date');
  });

  test('where none is well, the lane says why of each', () => {
    const told = { files: files({ web: ['v2', 'v1'], 'shop-api': ['v7', 'v6'] }) };
    const { lane, why } = decide({ ...told, states: { 'web/dev': 'failed', 'shop-api/dev': 'progressing' } });
    expect(lane.why.code).toBe('bad');
    expect(why).toContain('dev is failed');
    expect(why).toContain('dev is progressing');
  });
});

describe('members with an order of their own', () => {
  const ordered = `version: 1
environments: { dev: {}, staging: { after: dev }, production: { after: staging } }
groups: { shop: { applications: [api, web] } }
applications:
  - name: api
    path: apps/api/{environment}
    order: { dev: , production: dev }
    promote: [{ images: ["*"] }]
  - path: apps/{application}/{environment}
    promote: [{ images: ["*"] }]
syncs:
  - { source: argocd, application: "{application}-{environment}" }
`;
  const tags = {
    [path('api', 'dev')]: file('v7'),
    [path('api', 'production')]: file('v6'),
    [path('web', 'dev')]: file('v3'),
    [path('web', 'staging')]: file('v2'),
    [path('web', 'production')]: file('v1'),
  };

  test('each comes from where its own order says, and none skips an environment', () => {
    const told = { config: ordered, application: 'shop', files: tags };
    const decision = decisionOn(told, 'production');
    expect(textsOf(decision)).toEqual({
      [path('api', 'production')]: file('v7'),
      [path('web', 'production')]: file('v2'),
    });
    expect(decision.proposal?.candidate.from).toEqual(['dev', 'staging']);
    expect(textsOf(decisionOn(told, 'staging'))).toEqual({ [path('web', 'staging')]: file('v3') });
  });

  test('one that is only read in an environment is not written there', () => {
    const config = ordered.replace('{ dev: , production: dev }', '{ dev: , staging: , production: [dev, staging] }');
    const files = { ...tags, [path('api', 'staging')]: file('v5') };
    expect(textsOf(decisionOn({ config, application: 'shop', files }, 'staging'))).toEqual({
      [path('web', 'staging')]: file('v3'),
    });
  });
});

describe('a limit starves nobody', () => {
  const all = files({ web: ['v9', 'v1'], 'shop-a': ['v9', 'v1'], 'shop-b': ['v9', 'v1'] });
  const namesOf = (decision: Decision) => Object.keys(textsOf(decision)).map((one) => one.split('/')[1]);

  test('the next pull request goes on behind the last one, though the first ones have newer versions again', () => {
    const before = files({ web: ['v9', 'v1'], 'shop-a': ['v9', 'v0'], 'shop-b': ['v9', 'v0'] });
    const after = files({ web: ['v9', 'v1'], 'shop-a': ['v9', 'v1'], 'shop-b': ['v9', 'v1'] });
    expect(namesOf(decide({ files: all }))).toEqual(['shop-a', 'shop-b']);
    expect(namesOf(decide({ files: all, merged: [{ before, after }] }))).toEqual(['web']);
  });

  test('those that people declined together make room for the others', () => {
    const declined = decide({ files: all }).proposal?.candidate.hash ?? '';
    const snapshot = aSnapshotOf({ config, application: 'shop', files: all });
    const decisions = { declined: [{ candidate: declined, pullRequest: 1, by: 'mona', atMs: 0 }] };
    const lanes = snapshot.lanes.map((lane) => ({ ...lane, decisions: { ok: true, decisions } as const }));
    const [lane] = plan({ ...snapshot, lanes }).lanes;
    const [action] = lane?.actions ?? [];
    expect(action?.kind === 'propose' ? action.proposal.files.map((one) => one.path) : []).toEqual([
      path('web', 'staging'),
    ]);
  });
});

describe('what became of a merge', () => {
  const before = files({ web: ['v2', 'v1'], 'shop-api': ['v7', 'v6'] });
  const after = files({ web: ['v2', 'v2'], 'shop-api': ['v7', 'v6'] });

  /** The newest merge brought web alone. */
  function followed(states: NonNullable<Told['states']>) {
    const snapshot = aSnapshotOf({ config, application: 'shop', files: after, states, merged: [{ before, after }] });
    const lanes = snapshot.lanes.map((lane) => ({
      ...lane,
      pullRequests: [aPullRequest({ number: 90, state: 'merged' })],
    }));
    const [lane] = plan({ ...snapshot, lanes }).lanes;
    return lane?.actions.flatMap((action) => (action.kind === 'follow' ? [action.outcome.state] : []));
  }

  test('is told by the applications it moved, whoever else is ill', () => {
    expect(followed({ 'shop-api/staging': 'degraded' })).toEqual(['live']);
  });
});
