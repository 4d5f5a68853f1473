import { describe, expect, test } from 'vitest';
import { plan } from '../../src/promotion/plan.ts';
import { renderPullRequest } from '../../src/render/pull-request.ts';
import { aBranch, aPullRequest, textFile } from '../build/a-snapshot.ts';
import { aSnapshotOf, decisionOn, textsOf } from '../build/a-snapshot-of.ts';

const config = `version: 1
environments: { dev: {}, staging: { after: dev } }
applications:
  - path: apps/{application}/{environment}
    promote:
      - containers: ["*"]
      - keys: [image.tag]
syncs:
  - { source: argocd, application: "{application}-{environment}" }
`;

function deployment(web: string, proxy: string): string {
  return `kind: Deployment
metadata: { name: web }
spec:
  template:
    spec:
      containers:
      - { name: web, image: ${web} }
      - { name: proxy, image: ${proxy} }
`;
}

const dev = {
  'apps/web/dev/deployment.yaml': deployment('"a/web:v2"', '"envoy:1.31"'),
  'apps/web/dev/values.yaml': 'image:\n  tag: v2\n',
};
const staging = {
  'apps/web/staging/deployment.yaml': deployment('"a/web:v1"', '"envoy:1.30"'),
  'apps/web/staging/values.yaml': 'image:\n  tag: v1\n',
};
const path = 'apps/web/staging/deployment.yaml';

describe('what cannot be moved for certain stays, and the rest moves', () => {
  test('a source that names no version', () => {
    const decision = decisionOn(
      {
        config,
        files: { ...staging, ...dev, 'apps/web/dev/deployment.yaml': deployment('"a/web:v2"', '"envoy:latest"') },
      },
      'staging',
    );
    expect(textsOf(decision)[path]).toBe(deployment('"a/web:v2"', '"envoy:1.30"'));
    expect(decision.proposal?.leftOut).toMatchObject([
      {
        path: 'apps/web/dev/deployment.yaml',
        line: 8,
        artifact: 'web/proxy',
        reason: expect.stringContaining('latest'),
      },
    ]);
  });

  test('a target that cannot be edited, which the pull request tells with file and line', () => {
    const { proposal, lane, ...decision } = decisionOn(
      { config, files: { ...dev, ...staging, [path]: deployment('"a/web:v1"', '"{{ .Values.proxy }}"') } },
      'staging',
    );
    expect(textsOf({ proposal, lane, ...decision })[path]).toContain('a/web:v2');
    if (proposal === undefined) throw new Error('nothing is proposed');
    const { body } = renderPullRequest({ proposal, why: lane.why, present: undefined });
    expect(body).toContain('**Not moved, since it cannot be done for certain:**');
    expect(body).toContain(`- \`${path}:8\` `);
    expect(body).toContain('holds a template expression');
  });

  test('a file that cannot be read at all keeps back what it holds, not the other files', () => {
    const decision = decisionOn({ config, files: { ...dev, ...staging, [path]: 'a: [' } }, 'staging');
    expect(textsOf(decision)).toEqual({ 'apps/web/staging/values.yaml': 'image:\n  tag: v2\n' });
  });

  test('a file that does not exist is said, and not made', () => {
    const { 'apps/web/staging/values.yaml': _, ...files } = { ...dev, ...staging };
    const decision = decisionOn({ config, files }, 'staging');
    expect(Object.keys(textsOf(decision))).toEqual([path]);
    expect(decision.proposal?.leftOut).toMatchObject([
      { path: 'apps/web/staging/values.yaml', reason: expect.stringContaining('does not exist. Create it first') },
    ]);
  });

  test('a container that the target does not have is said', () => {
    const only =
      'kind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: web, image: "a/web:v1"}]}}}\n';
    const decision = decisionOn({ config, files: { ...dev, ...staging, [path]: only } }, 'staging');
    expect(textsOf(decision)[path]).toBe(only.replace('v1', 'v2'));
    expect(decision.proposal?.leftOut).toMatchObject([
      { path, reason: expect.stringContaining('web/proxy is not in this file') },
    ]);
  });

  test('where nothing can be moved, the lane says why and no pull request is opened', () => {
    const files = { ...dev, ...staging, [path]: 'a: [', 'apps/web/staging/values.yaml': 'image: [' };
    const { proposal, lane, why } = decisionOn({ config, files }, 'staging');
    expect(proposal).toBeUndefined();
    expect(lane.why.code).toBe('refused');
    expect(why).toContain(`${path}:1 The file is not valid YAML`);
    expect(why).toContain('apps/web/staging/values.yaml:1 The file is not valid YAML');
  });

  test('a field of the target that another bot writes waits for one of the two to let go', () => {
    const { lane, why } = decisionOn(
      { config: containersOnly, files: { ...dev, ...staging, [path]: ownedDeployment } },
      'staging',
    );
    expect(lane.why.code).toBe('owned');
    expect(why).toContain('web/web is written by Flux image automation (a `$imagepolicy` marker) here');
  });
});

const ownedDeployment = `kind: Deployment
metadata: { name: web }
spec:
  template:
    spec:
      containers:
      - name: web
        image: a/web:v1 # {"$imagepolicy": "apps:web"}
`;

/** The configuration with containers of one name alone. */
const containersOnly = config
  .replace('containers: ["*"]', 'containers: [web]')
  .replace('      - keys: [image.tag]\n', '');

describe('one file for several environments', () => {
  test('keys with a placeholder: each environment has its own field of the file', () => {
    const one = `version: 1
environments: { dev: {}, staging: { after: dev }, production: { after: staging } }
applications:
  - name: web
    path: .
    promote:
      - { keys: ["{environment}.image.tag"], in: versions.yaml }
syncs:
  - { source: argocd, application: "{application}-{environment}" }
`;
    const text = '# all\ndev: {image: {tag: v3}}\nstaging: {image: {tag: v2}}\nproduction: {image: {tag: v1}}\n';
    const told = { config: one, files: { 'versions.yaml': text } };
    expect(textsOf(decisionOn(told, 'staging'))).toEqual({ 'versions.yaml': text.replace('v2', 'v3') });
    expect(textsOf(decisionOn(told, 'production'))).toEqual({ 'versions.yaml': text.replace('v1', 'v2') });
    const { proposal } = decisionOn(told, 'staging');
    expect(proposal?.changes.map(({ artifact }) => artifact)).toEqual(['{environment}.image.tag']);
    // What the other environments run has changed since: that is no difference between dev and staging.
    const changed = { ...told, synced: { 'versions.yaml': text.replace('v1', 'v0') } };
    expect(decisionOn(changed, 'staging').proposal?.leftAlone).toEqual([]);
    expect(proposal?.leftAlone).toEqual([]);
  });

  test('documents with a placeholder: each environment has its own document', () => {
    const one = `version: 1
environments: { dev: {}, staging: { after: dev } }
applications:
  - name: web
    path: clusters
    promote:
      - { containers: ["*"], document: { name: "web-{environment}" }, in: web.yaml }
syncs:
  - { source: argocd, application: "{application}-{environment}" }
`;
    const document = (environment: string, tag: string): string =>
      deployment(`"a/web:${tag}"`, '"envoy:1.30"').replace('name: web }', `name: web-${environment} }`);
    const text = `${document('dev', 'v2')}---\n${document('staging', 'v1')}`;
    const decision = decisionOn({ config: one, files: { 'clusters/web.yaml': text } }, 'staging');
    expect(textsOf(decision)).toEqual({ 'clusters/web.yaml': text.replace('web:v1', 'web:v2') });
  });
});

test('an open pull request lets go of a file that has to be left out since', () => {
  const first = decisionOn({ config, files: { ...dev, ...staging } }, 'staging');
  const branchFiles = Object.fromEntries(
    Object.entries(textsOf(first)).map(([name, text]) => [name, textFile(text ?? '') ?? { kind: 'missing' as const }]),
  );
  const candidate = first.proposal?.candidate.hash;
  const decide = (values: string) => {
    const snapshot = aSnapshotOf({ config, files: { ...dev, ...staging, 'apps/web/staging/values.yaml': values } });
    const lanes = snapshot.lanes.map((lane) => ({
      ...lane,
      pullRequests: [aPullRequest({ candidate })],
      branches: [aBranch('', { files: branchFiles })],
    }));
    return plan({ ...snapshot, lanes }).lanes[0]?.actions.map(({ kind }) => kind);
  };
  expect(decide('image:\n  tag: v1\n')).toEqual(['describe']);
  expect(decide('image:\n  tag: v1 # {"$imagepolicy": "flux-system:web:tag"}\n')).toEqual(['propose']);
});

describe('tag and digest of one image', () => {
  const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
  const variables = (tag: string, digit: string): string =>
    `IMAGE_TAG=${tag}\nIMAGE_DIGEST=${digest(digit)}\nOTHER_TAG=${digit}.0.0\n`;
  const literals = (tag: string, digit: string): string =>
    `configMapGenerator:\n- name: web\n  literals:\n${variables(tag, digit).replaceAll(/^(?=.)/gmu, '  - ')}`;

  test.each([
    ['variables', '.env', variables],
    ['literals', 'kustomization.yaml', literals],
  ])('stay together where one of them cannot be read: %s', (editor, name, text) => {
    const rule = `{ ${editor}: ["*"] }`;
    const told = (tag: string) => ({
      config: config.replace('containers: ["*"]', rule.slice(2, -2)),
      files: { [`apps/web/dev/${name}`]: text(tag, '2'), [`apps/web/staging/${name}`]: text('v1', '1') },
    });
    expect(textsOf(decisionOn(told('v2'), 'staging'))).toEqual({ [`apps/web/staging/${name}`]: text('v2', '2') });
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what Flux fills in
    const moved = textsOf(decisionOn(told('${TAG}'), 'staging'))[`apps/web/staging/${name}`];
    expect(moved).toBe(text('v1', '1').replace('1.0.0', '2.0.0'));
  });
});
