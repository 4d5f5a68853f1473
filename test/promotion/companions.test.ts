import { describe, expect, test } from 'vitest';
import { decisionOn, textsOf } from '../build/a-snapshot-of.ts';

const config = `version: 1
environments: { dev: {}, staging: { after: dev } }
applications:
  - path: charts/{application}/{environment}
    promote:
      - dependencies: ["*"]
syncs:
  - { source: argocd, application: "{application}-{environment}" }
`;

const chart = (version: string): string =>
  `apiVersion: v2\nname: shop\nversion: 0.1.0\ndependencies:\n- name: redis\n  version: ${version}\n  repository: https://charts.acme.test\n`;
const lock = (version: string, digest: string): string =>
  `dependencies:\n- name: redis\n  repository: https://charts.acme.test\n  version: ${version}\ndigest: sha256:${digest}\ngenerated: "2026-11-25T02:29:24Z"\n`;
/** What Helm works out for the two charts above. */
const digests = {
  '1.0.0': 'ae8e54ca92bf7c28324d403c6c065288c051b2276912e23571e2b39594f02672',
  '1.1.0': '08eea49468f92884ad7f30e9fe119124fe3283c0a854934f42d0b2c331b1e6e2',
};

const files = {
  'charts/shop/dev/Chart.yaml': chart('1.1.0'),
  'charts/shop/staging/Chart.yaml': chart('1.0.0'),
};

describe('a lock file beside an edited chart', () => {
  test('goes along, with the digest that Helm checks', () => {
    const told = { ...files, 'charts/shop/staging/Chart.lock': lock('1.0.0', digests['1.0.0']) };
    const decision = decisionOn({ config, application: 'shop', files: told }, 'staging');
    expect(textsOf(decision)).toEqual({
      'charts/shop/staging/Chart.yaml': chart('1.1.0'),
      'charts/shop/staging/Chart.lock': lock('1.1.0', digests['1.1.0']),
    });
  });

  test('keeps the edit back when it does not fit what stands there', () => {
    const told = { ...files, 'charts/shop/staging/Chart.lock': lock('0.9.0', digests['1.0.0']) };
    const { proposal, why } = decisionOn({ config, application: 'shop', files: told }, 'staging');
    expect(proposal).toBeUndefined();
    expect(why).toContain('charts/shop/staging/Chart.lock');
  });

  test('is not missed where there is none', () => {
    const decision = decisionOn({ config, application: 'shop', files }, 'staging');
    expect(textsOf(decision)).toEqual({ 'charts/shop/staging/Chart.yaml': chart('1.1.0') });
  });
});

describe('several rules for one file', () => {
  const two = `version: 1
environments: { dev: {}, staging: { after: dev } }
applications:
  - path: apps/{application}/{environment}
    promote:
      - { keys: [web.tag] }
      - { keys: [api.tag] }
syncs:
  - { source: argocd, application: "{application}-{environment}" }
`;
  const text = (web: string, api: string, replicas: number): string =>
    `web: { tag: ${web} }\napi: { tag: ${api} }\nreplicas: ${replicas}\n`;

  test('left alone is what none of them moves', () => {
    const told = {
      'apps/web/dev/values.yaml': text('v2', 'v2', 1),
      'apps/web/staging/values.yaml': text('v1', 'v1', 3),
    };
    const decision = decisionOn({ config: two, files: told }, 'staging');
    expect(textsOf(decision)).toEqual({ 'apps/web/staging/values.yaml': text('v2', 'v2', 3) });
    expect(decision.proposal?.leftAlone).toEqual([
      {
        kind: 'value',
        path: 'apps/web/staging/values.yaml',
        difference: { path: 'replicas', source: '1', target: '3' },
      },
    ]);
  });
});

describe('a unit in one file of several environments', () => {
  const one = `version: 1
environments: { dev: {}, staging: { after: dev } }
applications:
  - name: web
    path: .
    promote:
      - { keys: ["{environment}.image.tag", "{environment}.image.digest", "{environment}.proxy"], in: all.yaml }
syncs:
  - { source: argocd, application: "{application}-{environment}" }
`;

  test('stays whole: a digest that cannot be written keeps its tag back, and nothing else', () => {
    const text = (tag: string, digest: string, proxy: string): string =>
      `dev: { image: { tag: v2, digest: "sha256:222" }, proxy: p2 }\nstaging: { image: { tag: ${tag}, digest: ${digest} }, proxy: ${proxy} }\n`;
    const broken = text('v1', '[x]', 'p1');
    expect(textsOf(decisionOn({ config: one, files: { 'all.yaml': broken } }, 'staging'))).toEqual({
      'all.yaml': text('v1', '[x]', 'p2'),
    });
    const whole = text('v1', '"sha256:111"', 'p1');
    expect(textsOf(decisionOn({ config: one, files: { 'all.yaml': whole } }, 'staging'))).toEqual({
      'all.yaml': text('v2', '"sha256:222"', 'p2'),
    });
  });
});
