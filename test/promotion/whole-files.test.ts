import { describe, expect, test } from 'vitest';
import { plan } from '../../src/promotion/plan.ts';
import { isDraft } from '../../src/promotion/proposal.ts';
import { renderCommit } from '../../src/render/commit.ts';
import { renderPullRequest } from '../../src/render/pull-request.ts';
import { aBranch, aPullRequest, textFile } from '../build/a-snapshot.ts';
import { aSnapshotOf, type Decision, decisionOn, textsOf } from '../build/a-snapshot-of.ts';

const config = `version: 1
environments: { dev: {}, staging: { after: dev } }
applications:
  - path: apps/{application}/{environment}
    promote:
      - copy: ["config/**", "*.json"]
        except: ["config/secrets/**"]
        keep:
          - { in: config/app.yaml, keys: [replicas, ingress.host] }
      - images: ["*"]
syncs:
  - { source: argocd, application: "{application}-{environment}" }
`;

const kustomization = (tag: string): string => `images:\n- name: web\n  newTag: ${tag}\n`;
const app = (level: string, host: string, replicas: number): string =>
  `# how it runs\nreplicas: ${replicas} # enough\nlog: { level: ${level} }\ningress: { host: "${host}" }\n`;

const dev = {
  'apps/web/dev/kustomization.yaml': kustomization('v2'),
  'apps/web/dev/config/app.yaml': app('debug', 'dev.acme.test', 1),
  'apps/web/dev/config/rules/new.txt': 'allow all\r\n',
  'apps/web/dev/dashboard.json': '{"panels": 2}',
  'apps/web/dev/config/secrets/key.txt': 'dev',
};
const staging = {
  'apps/web/staging/kustomization.yaml': kustomization('v1'),
  'apps/web/staging/config/app.yaml': app('info', 'staging.acme.test', 3),
  'apps/web/staging/dashboard.json': '{"panels": 1}',
  'apps/web/staging/config/secrets/key.txt': 'staging',
  'apps/web/staging/README.md': 'ours',
};

const appOf = (place: string) => ({ [`apps/web/${place}/config/app.yaml`]: app('debug', `${place}.acme.test`, 3) });
function kustomizedAt(tag: string) {
  return { 'apps/web/staging/kustomization.yaml': kustomization(tag) };
}

function bodyOf({ proposal, lane, why }: Decision): string {
  if (proposal === undefined) throw new Error(`nothing is proposed: ${why}`);
  return renderPullRequest({ proposal, why: lane.why, present: undefined }).body;
}

describe('whole files', () => {
  test('are added and changed as they were synced; kept values, excluded and unlisted files stay', () => {
    const decision = decisionOn({ config, files: { ...dev, ...staging } }, 'staging');
    expect(textsOf(decision)).toEqual({
      'apps/web/staging/kustomization.yaml': kustomization('v2'),
      'apps/web/staging/config/app.yaml': app('debug', 'staging.acme.test', 3),
      'apps/web/staging/config/rules/new.txt': 'allow all\r\n',
      'apps/web/staging/dashboard.json': '{"panels": 2}',
    });
    expect(decision.proposal?.kind).toBe('first');
    const body = bodyOf(decision);
    expect(body).toMatch(/\| web \| `config\/rules\/new\.txt` \| `no file` \| \*\*`1 line \([0-9a-f]{7}\)`\*\* \|/);
    expect(body).toContain('`apps/web/staging/config/rules/new.txt` (added)');
  });

  test('are those of the synced revision, not of the head', () => {
    const synced = { 'apps/web/dev/dashboard.json': '{"panels": 7}' };
    const decision = decisionOn({ config, files: { ...dev, ...staging }, synced }, 'staging');
    expect(textsOf(decision)['apps/web/staging/dashboard.json']).toBe('{"panels": 7}');
  });

  test("that are only in the target are removed, the first time with a person's consent", () => {
    const files = { ...dev, ...staging, 'apps/web/staging/config/old.txt': 'old' };
    const first = decisionOn({ config, files }, 'staging');
    expect(textsOf(first)).toMatchObject({ 'apps/web/staging/config/old.txt': undefined });
    expect(Object.keys(textsOf(first))).toContain('apps/web/staging/config/old.txt');
    expect(first.proposal?.kind).toBe('drift');
    expect(bodyOf(first)).toContain(
      '**Only in staging, so the merge removes them:** keep one by naming it under `except`.\n\n- `apps/web/staging/config/old.txt`',
    );
    expect(bodyOf(first)).not.toContain('Changed outside promotion');
    const after = { ...staging, 'apps/web/staging/config/old.txt': 'old' };
    // A merge that left it there, by promotions before files were copied, for instance, is no consent.
    const other = decisionOn({ config, files, merged: [{ before: after, after }] }, 'staging');
    expect(other.proposal?.kind).toBe('drift');
    expect(bodyOf(other)).toContain('- `apps/web/staging/config/old.txt`');
    const before = { ...after, 'apps/web/staging/config/old.txt': 'older' };
    const later = decisionOn({ config, files, merged: [{ before, after }] }, 'staging');
    expect(later.proposal?.kind).toBe('move');
    expect(bodyOf(later)).toContain('`apps/web/staging/config/old.txt` (removed)');
    expect(later.proposal && renderCommit(later.proposal).body).toContain('no file');
  });

  test('are not removed because the source has none of them any more', () => {
    const gone = Object.fromEntries(
      Object.keys(dev)
        .filter((path) => !path.includes('kustom'))
        .map((path) => [path, undefined]),
    );
    const decision = decisionOn(
      { config, files: { ...staging, 'apps/web/dev/kustomization.yaml': kustomization('v2') }, synced: gone },
      'staging',
    );
    expect(textsOf(decision)).toEqual({ 'apps/web/staging/kustomization.yaml': kustomization('v2') });
  });

  test('are not removed either because one of several folders is gone', () => {
    const two = config
      .replace('copy: ["config/**", "*.json"]', 'copy: ["**"]\n        in: config')
      .replace('      - images', '      - { copy: ["**"], in: rules }\n      - images');
    const files = {
      'apps/web/dev/config/a.txt': 'a',
      'apps/web/staging/config/b.txt': 'b',
      'apps/web/staging/rules/c.txt': 'c',
    };
    expect(textsOf(decisionOn({ config: two, files }, 'staging'))).toEqual({
      'apps/web/staging/config/a.txt': 'a',
      'apps/web/staging/config/b.txt': undefined,
    });
  });

  test('go back with everything else only when asked, and alone as a new state of the source', () => {
    const json = (panels: number): string => `{"panels": ${panels}}`;
    const before = { ...staging, 'apps/web/staging/dashboard.json': json(1), ...kustomizedAt('v1') };
    const after = { ...staging, 'apps/web/staging/dashboard.json': json(2), ...kustomizedAt('v2') };
    const { 'apps/web/dev/config/rules/new.txt': _, ...source } = {
      ...dev,
      'apps/web/dev/dashboard.json': json(1),
      'apps/web/dev/config/app.yaml': app('info', 'a', 1),
    };
    const merged = [{ before, after }];
    const alone = decisionOn({ config, files: { ...source, ...after }, merged }, 'staging');
    expect(alone.proposal?.kind).toBe('move');
    expect(textsOf(alone)).toEqual({ 'apps/web/staging/dashboard.json': json(1) });
    const older = { 'apps/web/dev/kustomization.yaml': kustomization('v1') };
    const back = decisionOn({ config, files: { ...source, ...older, ...after }, merged }, 'staging');
    expect(back.lane.why.code).toBe('rolled-back');
  });

  test('a change in the target since the last promotion is drift', () => {
    const before = {
      ...staging,
      'apps/web/staging/dashboard.json': '{"panels": 0}',
      'apps/web/staging/kustomization.yaml': kustomization('v1'),
    };
    const decision = decisionOn(
      { config, files: { ...dev, ...staging }, merged: [{ before, after: before }] },
      'staging',
    );
    expect(decision.proposal?.drifts.map(({ change }) => change.artifact)).toContain('dashboard.json');
    expect(decision.proposal?.kind).toBe('drift');
  });

  test('go again where the lane was without them once, unless all is as it was then', () => {
    const old = { ...staging, 'apps/web/staging/config/app.yaml': app('debug', 'staging.acme.test', 3) };
    const dashboard = { 'apps/web/staging/dashboard.json': '{"panels": 2}' };
    const added = { ...old, 'apps/web/staging/config/new.txt': 'new' };
    const merged = [{ before: old, after: added }];
    const source = { 'apps/web/dev/kustomization.yaml': kustomization('v1'), ...appOf('dev') };
    const told = (panels: string) => ({
      config,
      merged,
      files: { ...added, ...source, 'apps/web/dev/dashboard.json': panels },
    });
    expect(textsOf(decisionOn(told('{"panels": 2}'), 'staging'))).toEqual({
      ...dashboard,
      'apps/web/staging/config/new.txt': undefined,
    });
    expect(decisionOn(told('{"panels": 1}'), 'staging').lane.why.code).toBe('rolled-back');
  });

  test('with a value to keep in a file that is no YAML stay out, the others move', () => {
    const files = { ...dev, ...staging, 'apps/web/staging/config/app.yaml': 'a: [' };
    const decision = decisionOn({ config, files }, 'staging');
    expect(Object.keys(textsOf(decision))).not.toContain('apps/web/staging/config/app.yaml');
    expect(Object.keys(textsOf(decision))).toContain('apps/web/staging/dashboard.json');
    expect(decision.proposal?.leftOut).toMatchObject([{ path: 'apps/web/staging/config/app.yaml' }]);
  });
});

describe('a file that the target does not have', () => {
  const creating = (create: string): string => `version: 1
environments: { dev: {}, staging: { after: dev } }
applications:
  - path: apps/{application}/{environment}
    promote:
      - { keys: [image.tag], create: ${create} }
syncs:
  - { source: argocd, application: "{application}-{environment}" }
`;
  const text = 'image:\n  tag: v2\nreplicas: 1\nhost: dev.acme.test # ours\n';
  const files = { 'apps/web/dev/values.yaml': text };

  test('is made where the configuration says so, like that of the source', () => {
    const decision = decisionOn({ config: creating('true'), files }, 'staging');
    expect(textsOf(decision)).toEqual({ 'apps/web/staging/values.yaml': text });
    expect(decision.proposal?.toFillIn).toEqual([]);
    expect(bodyOf(decision)).toContain('`apps/web/staging/values.yaml` (added)');
  });

  test('leaves the listed values to a person, and says so', () => {
    const decision = decisionOn({ config: creating('{ leave: [replicas, host] }'), files }, 'staging');
    expect(textsOf(decision)).toEqual({
      'apps/web/staging/values.yaml': 'image:\n  tag: v2\nreplicas: set-by-a-person\nhost: set-by-a-person # ours\n',
    });
    expect(bodyOf(decision)).toContain(
      '- `apps/web/staging/values.yaml: replicas`\n- `apps/web/staging/values.yaml: host`',
    );
  });

  test('is no draft any more once a person has filled it in on the branch', () => {
    const told = { config: creating('{ leave: [replicas] }'), files };
    const path = 'apps/web/staging/values.yaml';
    const proposal = decisionOn(told, 'staging').proposal;
    const draftWith = (replicas: string) => {
      const snapshot = aSnapshotOf(told);
      const branch = aBranch(
        '',
        { files: { [path]: textFile(text.replace('replicas: 1', `replicas: ${replicas}`)) } },
        ['mona'],
      );
      const pullRequests = [aPullRequest({ candidate: proposal?.candidate.hash, draft: true })];
      const lanes = snapshot.lanes.map((lane) => ({ ...lane, pullRequests, branches: [branch] }));
      const [action] = plan({ ...snapshot, lanes }).lanes[0]?.actions ?? [];
      return action?.kind === 'describe' ? action.draft : undefined;
    };
    expect(draftWith('set-by-a-person')).toBe(true);
    expect(draftWith('3')).toBe(false);
  });

  test('is only said where the configuration says nothing', () => {
    const config = creating('true').replace(', create: true', '');
    const { lane, why } = decisionOn({ config, files }, 'staging');
    expect(lane.why.code).toBe('absent');
    expect(why).toContain('apps/web/staging/values.yaml does not exist. Create it first');
  });
});

describe('a value to keep', () => {
  const path = 'apps/web/staging/config/app.yaml';
  const decide = (source: string, target: string) =>
    decisionOn(
      { config, files: { ...dev, ...staging, 'apps/web/dev/config/app.yaml': source, [path]: target } },
      'staging',
    );

  test('is never lost because the copied file has no such key', () => {
    const decision = decide('log: debug\n', 'log: info\nreplicas: 5\n');
    expect(Object.keys(textsOf(decision))).not.toContain(path);
    expect(decision.proposal?.leftOut).toMatchObject([
      { path, line: 2, reason: expect.stringContaining('replicas is to be kept, and the file that is copied has no') },
    ]);
  });

  test('that the target does not have yet is for a person to fill in before the merge', () => {
    const decision = decide('log: debug\nreplicas: 1\n', 'log: info\n');
    expect(textsOf(decision)[path]).toBe('log: debug\nreplicas: set-by-a-person\n');
    expect(decision.proposal?.toFillIn).toEqual([`${path}: replicas`]);
    expect(decision.proposal && isDraft(decision.proposal)).toBe(true);
  });

  test.each([
    ['that is reached through an alias only', 'base: &b { host: a }\ningress: *b\n'],
    ['that is merged in', 'base: &b { replicas: 1 }\n<<: *b\n'],
    ['that is written twice', 'replicas: 1\nreplicas: 2\n'],
    ['in one of several documents', 'log: debug\n---\nreplicas: 1\n'],
  ])('%s keeps the file back', (_, source) => {
    const decision = decide(source, 'log: info\nreplicas: 5\n');
    expect(Object.keys(textsOf(decision))).not.toContain(path);
    expect(decision.proposal?.leftOut).toHaveLength(1);
  });

  test('only what is in the file is left to fill in', () => {
    const text = 'image: { tag: v2 }\nreplicas: 1\n';
    const creating = `version: 1
environments: { dev: {}, staging: { after: dev } }
applications:
  - path: apps/{application}/{environment}
    promote: [{ keys: [image.tag], create: { leave: [replicas, host] } }]
syncs: [{ source: argocd, application: "{application}-{environment}" }]
`;
    const decision = decisionOn({ config: creating, files: { 'apps/web/dev/values.yaml': text } }, 'staging');
    expect(decision.proposal?.toFillIn).toEqual(['apps/web/staging/values.yaml: replicas']);
    const list = decisionOn(
      { config: creating, files: { 'apps/web/dev/values.yaml': `${text}host: [a]\n` } },
      'staging',
    );
    expect(list.proposal).toBeUndefined();
    expect(list.why).toContain(
      "apps/web/staging/values.yaml cannot be made like the source's file: apps/web/dev/values.yaml:3",
    );
  });
});
