import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { parseConfig } from '../../src/config/parse.ts';
import { appStateShape } from '../../src/sources/argocd-app-state.ts';
import { syncSources } from '../../src/sources/index.ts';
import type { Shape } from '../../src/sources/json.ts';
import { readSample, samplesOf } from '../contracts/sync-source.ts';

const docs = join(import.meta.dirname, '..', '..', 'docs');
const guides = ['argo-cd.md', 'flux.md', 'github-events.md'];

function read(file: string): string {
  return readFileSync(join(docs, file), 'utf8');
}

/** A tree of YAML in which every key may be asked for; what is not there is undefined. */
interface Tree {
  readonly [key: string]: Tree & string & readonly Tree[];
}

function manifests(file: string): readonly Tree[] {
  return parseAllDocuments(read(join('install', file))).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });
}

function ofKind(file: string, kind: string): readonly Tree[] {
  return manifests(file).filter((manifest) => `${manifest['kind']}` === kind);
}

/** The ConfigMap's entries, each of which holds YAML in turn. */
function notifications(file: string): Readonly<Record<string, Tree>> {
  const [configMap] = ofKind(file, 'ConfigMap');
  const entries = Object.entries(configMap?.['data'] ?? {});
  return Object.fromEntries(entries.map(([name, text]) => [name, parse(`${text}`)]));
}

interface Trigger {
  readonly when: string;
  readonly oncePer: string;
  readonly send: readonly string[];
}

function triggersOf(config: Readonly<Record<string, Tree>>, name: string): readonly Trigger[] {
  const triggers: unknown = config[`trigger.${name}`];
  return Array.isArray(triggers) ? triggers : [];
}

const argocdFiles = [
  { file: 'argocd-notifications.yaml', service: 'webhook.pawl', recipient: 'pawl', template: 'pawl-state' },
  { file: 'argocd-notifications-github.yaml', service: 'github', recipient: 'github', template: 'pawl-dispatch' },
];

describe.each(argocdFiles)('$file', ({ file, service, recipient, template }) => {
  const config = notifications(file);

  test('has the service, and whatever is named in it is there', () => {
    expect(config[`service.${service}`]).toBeDefined();
    const subscriptions: unknown = config['subscriptions'];
    expect(subscriptions).toEqual([
      { recipients: [recipient], triggers: ['pawl-deployed', 'pawl-failed'], selector: 'pawl.dev/environment' },
    ]);
    for (const name of ['pawl-deployed', 'pawl-failed']) {
      const triggers = triggersOf(config, name);
      expect(triggers.length).toBeGreaterThan(0);
      for (const trigger of triggers) expect(trigger.send).toEqual([template]);
    }
    expect(config[`template.${template}`]).toBeDefined();
  });

  test('reports a success once it has settled, again after a change of health, and every hour', () => {
    const [deployed, ...others] = triggersOf(config, 'pawl-deployed');
    expect(others).toEqual([]);
    for (const part of [
      "'Succeeded'",
      "'Synced'",
      "'Healthy'",
      'finishedAt)).Seconds() >= 30',
      'len(app.status.history) > 0',
    ]) {
      expect(deployed?.when).toContain(part);
    }
    for (const part of [
      'history[len(app.status.history)-1].id',
      'health?.lastTransitionTime',
      "Format('2006010215')",
    ]) {
      expect(deployed?.oncePer).toContain(part);
    }
  });

  test('says each failure once', () => {
    expect(triggersOf(config, 'pawl-failed').map(({ when, oncePer }) => [when, oncePer])).toEqual([
      ["app.status?.operationState?.phase in ['Failed', 'Error']", 'app.status.operationState.finishedAt'],
      ["app.status?.health?.status == 'Degraded'", 'app.status?.health?.lastTransitionTime'],
    ]);
  });
});

const direct = notifications('argocd-notifications.yaml');
const overGithub = notifications('argocd-notifications-github.yaml');
const directBody = `${direct['template.pawl-state']?.['webhook']?.['pawl']?.['body']}`;

test('the direct endpoint is called with the token and as JSON', () => {
  expect(direct['service.webhook.pawl']).toEqual({
    url: 'https://pawl.example.com/ingest/argocd',
    headers: [
      { name: 'Content-Type', value: 'application/json' },
      { name: 'Authorization', value: 'Bearer $pawl-token' },
    ],
  });
  expect(direct['template.pawl-state']?.['webhook']?.['pawl']?.['method']).toBe('POST');
});

test('the body is written with toJson, and writes every key that is read', () => {
  expect(directBody).toContain('"argocd-app-state/v1"');
  expect(directBody.trimEnd()).toMatch(/\| toJson -}}$/);
  const written = new Set([...directBody.matchAll(/"([^"]*)"/g)].map(([, key]) => key));
  // Labels and health are sent whole.
  const { health, app, ...rest } = appStateShape;
  const { labels, ...ownOfApp } = app;
  expect(directBody).toContain('"health" $st.health');
  expect(directBody).toContain('"labels" $app.metadata.labels');
  expect([...keysOf({ ...rest, app: ownOfApp }), 'health', 'labels'].filter((key) => !written.has(key))).toEqual([]);
});

function keysOf(shape: Shape): readonly string[] {
  if (typeof shape === 'string') return [];
  if (Array.isArray(shape)) return shape.flatMap(keysOf);
  return Object.entries(shape).flatMap(([key, inner]) => [key, ...keysOf(inner)]);
}

test('the dispatch carries the very same body, under the event type that is read, in keys GitHub takes', () => {
  const github = overGithub['template.pawl-dispatch']?.['github'];
  const dispatch = github?.['repositoryDispatch'];
  expect(`${dispatch?.['client_payload']}`).toBe(directBody);
  expect(dispatch?.['event_type']).toBe('argocd-app-state');
  for (const sample of samplesOf('argocd')) {
    expect(Object.keys(Object.assign({}, readSample('argocd', sample))).length).toBeLessThanOrEqual(10);
  }
});

test('status and deployment say successes, and a deployment asks for nothing else', () => {
  const status = overGithub['template.pawl-commit-status'];
  expect(`${status?.['message']}`).toMatch(/^\{\{ \.app\.status\.health\.status }}, /);
  expect(`${status?.['github']?.['status']?.['state']}`).toBe('success');
  expect(overGithub['template.pawl-deployment']?.['github']?.['deployment']).toMatchObject({
    state: 'success',
    requiredContexts: [],
    autoMerge: false,
  });
});

describe.each(['flux.yaml', 'flux-github-status.yaml'])('%s', (file) => {
  const alerts = ofKind(file, 'Alert');

  test('every Alert has its Provider, in its namespace, and watches what is labelled', () => {
    const providers = ofKind(file, 'Provider').map(({ metadata }) => metadata?.['name']);
    expect(providers).toHaveLength(1);
    for (const { metadata, spec } of alerts) {
      expect(metadata?.['namespace']).toBe('flux-system');
      expect(providers).toContain(spec?.['providerRef']?.['name']);
      expect(spec?.['eventSources']).toEqual([
        { kind: 'Kustomization', name: '*', namespace: 'flux-system', matchLabels: { 'pawl.dev/watch': 'true' } },
      ]);
    }
  });
});

test("Flux's success and failure have an Alert each, with the constants that are read", () => {
  const alerts = ofKind('flux.yaml', 'Alert').map(({ spec }) => spec);
  expect(alerts.map((spec) => `${spec?.['eventSeverity']}`)).toEqual(['info', 'error']);
  const [success, failure] = alerts;
  const [pattern] = Object.assign([], success?.['inclusionList']);
  const events = samplesOf('flux').filter((sample) => isIncluded(readSample('flux', sample), `${pattern}`));
  expect(events).toEqual([
    'kustomization-3-reconciliation-succeeded',
    'kustomization-3b-reconciliation-succeeded-next-interval',
    'kustomization-oci-source-reconciliation-succeeded',
  ]);
  expect(failure?.['inclusionList']).toBeUndefined();
  for (const spec of alerts) {
    expect(Object.keys(spec?.['eventMetadata'] ?? {}).sort()).toEqual(['cluster', 'environment', 'repository']);
  }
  const [provider] = ofKind('flux.yaml', 'Provider');
  expect(provider?.['spec']).toEqual({
    type: 'generic-hmac',
    address: 'https://pawl.example.com/ingest/flux',
    timeout: '30s',
    secretRef: { name: 'pawl-hmac' },
  });
});

function isIncluded(event: unknown, pattern: string): boolean {
  return new RegExp(pattern).test(`${(event as { message: string }).message}`);
}

test("the context of Flux's status is made from metadata the Alert sets", () => {
  const [provider] = ofKind('flux-github-status.yaml', 'Provider');
  const [alert] = ofKind('flux-github-status.yaml', 'Alert');
  const used = [...`${provider?.['spec']?.['commitStatusExpr']}`.matchAll(/event\.metadata\.(\w+)/g)].map(
    ([, key]) => key,
  );
  expect(Object.keys(alert?.['spec']?.['eventMetadata'] ?? {})).toEqual(used);
  expect(`${alert?.['spec']?.['eventSeverity']}`).toBe('info');
  expect(alert?.['spec']?.['inclusionList']).toBeUndefined();
});

/** The example repo has copies of two files to install. Only what names its own instances may differ. */
const example = join('..', '..', 'environments');

test("the example's Argo CD notifications are those to install, but for the name of the instance", () => {
  const [toInstall, ofExample] = ['argocd-notifications.yaml', join(example, 'argocd', 'notifications.yaml')].map(
    (file) => {
      const [configMap] = ofKind(file, 'ConfigMap');
      const { context, ...shared } = entriesOf(configMap?.['data']);
      expect(Object.keys(parse(`${context}`))).toEqual(['argocdUrl', 'argocdInstance']);
      return shared;
    },
  );
  expect(Object.keys(toInstall ?? {}).sort()).toEqual([
    'service.webhook.pawl',
    'subscriptions',
    'template.pawl-state',
    'trigger.pawl-deployed',
    'trigger.pawl-failed',
  ]);
  expect(ofExample).toEqual(toInstall);
});

test("the example's Flux notifications are those to install, but for the cluster that each overlay names", () => {
  const file = join(example, 'flux', 'base', 'notifications.yaml');
  const toInstall = manifests('flux.yaml').map(withoutCluster);
  expect(toInstall).toHaveLength(3);
  expect(manifests(file).map(withoutCluster)).toEqual(toInstall);
  const metadata = ofKind(file, 'Alert').map(({ spec }) => spec?.['eventMetadata']);
  expect(metadata).toEqual(Array(2).fill({ cluster: '', environment: '', repository: 'acme/environments' }));
});

function entriesOf(tree: object | undefined): Readonly<Record<string, unknown>> {
  return { ...tree };
}

function withoutCluster({ spec, ...manifest }: Tree): unknown {
  const { eventMetadata, ...shared } = entriesOf(spec);
  return { ...manifest, spec: shared, constants: Object.keys(eventMetadata ?? {}) };
}

test('what notification-controller is needed is said in the same words everywhere', () => {
  const versions = '1.8.4 or later, or 1.5 to 1.7';
  for (const file of ['flux.md', 'install/flux.yaml', '../environments/flux/base/notifications.yaml'])
    expect(read(file)).toContain(`notification-controller ${versions}`);
});

/** Every block of YAML in a guide, with the line it begins at. */
function yamlBlocks(guide: string): readonly { readonly line: number; readonly text: string }[] {
  const text = read(guide);
  return [...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map((match) => ({
    line: text.slice(0, match.index).split('\n').length + 1,
    text: match[1] ?? '',
  }));
}

const blocks = guides.flatMap((guide) => yamlBlocks(guide).map((block) => ({ guide, ...block })));
const syncBlocks = blocks.filter(({ text }) => text.startsWith('syncs:'));

test.each(blocks)('the YAML in $guide at line $line is valid', ({ text }) => {
  for (const document of parseAllDocuments(text)) expect([...document.errors, ...document.warnings]).toEqual([]);
});

const editors = {
  images: { summary: '', options: z.strictObject({ images: z.array(z.string()) }), defaultFile: 'kustomization.yaml' },
};
const restOfConfig = `version: 1
environments:
  dev: {}
  staging: { after: dev }
  production: { after: staging, targets: [eu, us] }
applications:
  - path: apps/{application}/{environment}[/{target}]
    promote:
      - images: ["*"]
`;

test.each(syncBlocks)('the syncs in $guide at line $line are a valid configuration', ({ text }) => {
  expect(parseConfig(`${restOfConfig}${text}`, { editors, sources: syncSources })).toMatchObject({ ok: true });
});

test('the guides show how to recognise the reports of every source', () => {
  const shown = syncBlocks.flatMap(({ text }) => [...text.matchAll(/source: (\S+)/g)].map(([, name]) => name));
  expect([...new Set(shown)].sort()).toEqual(Object.keys(syncSources).sort());
});

/** The rows of the table that begins with these columns, as texts of their cells. */
function tableOf(guide: string, columns: readonly string[]): readonly (readonly string[])[] {
  const tables = read(guide)
    .split('\n\n')
    .map((block) => block.split('\n').map(cellsOf));
  const table = tables.find(([header]) => columns.every((column, index) => header?.[index] === column));
  return (table ?? []).slice(2);
}

function cellsOf(line: string): readonly string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

test.each([
  ['argo-cd.md', 'argocd'],
  ['flux.md', 'flux'],
] as const)('%s lists the fields of %s, all and no others', (guide, name) => {
  const listed = tableOf(guide, ['field', 'what it holds']).map(([field]) => field);
  expect(listed).toEqual(Object.keys(syncSources[name].fields).map((field) => `\`${field}\``));
});

test('the table of channels names every source, and which can say successes only', () => {
  const channels = tableOf('github-events.md', [
    '`source`',
    'written by',
    'says success',
    'says failure',
    'sees it turn bad',
  ]);
  for (const { name, successOnly } of Object.values(syncSources)) {
    const rows = channels.filter(([source]) => source?.includes(`\`${name}\``));
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.some(([, , , , seesBad]) => seesBad === 'yes')).toBe(!successOnly);
  }
});

test.each(guides)('%s links to files that exist', (guide) => {
  const links = [...read(guide).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, link]) => link ?? '');
  expect(links.length).toBeGreaterThan(0);
  expect(links.filter((link) => !existsSync(join(docs, dirname(guide), link)))).toEqual([]);
});

test('every file to copy is named in a guide', () => {
  const text = guides.map(read).join('\n');
  const unnamed = readdirSync(join(docs, 'install')).filter(
    (file) => /^(argocd|flux)/.test(file) && !text.includes(file),
  );
  expect(unnamed).toEqual([]);
});
