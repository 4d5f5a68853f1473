import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { applicationOf, applicationsIn, expansionProblems } from '../src/config/lanes.ts';
import { parseConfig } from '../src/config/parse.ts';
import { recognise } from '../src/config/recognise.ts';
import { describeProblem } from '../src/domain/problem.ts';
import type { Report } from '../src/domain/report.ts';
import { editorOf, editors } from '../src/editors/index.ts';
import { syncSources } from '../src/sources/index.ts';
import { run, withoutHelm, withoutKubectl } from './tools/kubernetes.ts';

/** The worked example config repo: the docs quote it, the demo runs on it, so it must be one that really works. */
const root = new URL('../environments', import.meta.url).pathname;

const parsed = parseConfig(read('.github/pawl.yaml'), { editors, sources: syncSources });
if (!parsed.ok) throw new Error(parsed.problems.map(describeProblem).join('\n'));
const { config, warnings } = parsed;

const applications = readdirSync(join(root, 'apps')).sort();

/** One application in one target: where its files are, and what the controllers call the cluster it goes to. */
interface Place {
  readonly application: string;
  readonly environment: string;
  readonly target: string;
  readonly folder: string;
  readonly cluster: string;
}

const places: readonly Place[] = applications.flatMap((application) =>
  config.environments.flatMap(({ name: environment, targets, namesTargets }) =>
    targets.map((target) => ({
      application,
      environment,
      target,
      folder: ['apps', application, environment, ...(namesTargets ? [target] : [])].join('/'),
      cluster: [environment, ...(namesTargets ? [target] : [])].join('-'),
    })),
  ),
);

const clusters = [...new Set(places.map((place) => place.cluster))];
const helmPlaces = places.filter((place) => existsSync(join(root, place.folder, 'values.yaml')));
const kustomizePlaces = places.filter((place) => !helmPlaces.includes(place));

test('the example has three applications in three environments, production with two clusters', () => {
  expect(applications).toEqual(['api', 'search', 'web']);
  expect(clusters).toEqual(['dev', 'staging', 'production-eu', 'production-us']);
  expect(places).toHaveLength(12);
  expect(helmPlaces.map((place) => place.application)).toEqual(Array(4).fill('search'));
});

describe('pawl.yaml', () => {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' });

  test('fits on a screen', () => {
    expect(read('.github/pawl.yaml').trimEnd().split('\n').length).toBeLessThanOrEqual(30);
  });

  test('is valid without a warning, and every rule in it finds its files', () => {
    expect(warnings).toEqual([]);
    expect(applicationsIn(config, paths)).toEqual(applications);
    expect(expansionProblems(config, paths)).toEqual({ problems: [], warnings: [] });
  });

  test.each(places)('finds the version in $folder, and writes another over it and nothing else', (place) => {
    const found = promotedIn(place).flatMap((file) => {
      const text = read(file.path);
      const { artifacts, refusals } = editorOf(file.editor).find(text, file.where);
      expect(refusals).toEqual([]);
      return artifacts.map((artifact) => ({ ...artifact, file, text }));
    });
    const versions = found.map(({ version }) => Object.values(version).join(' ')).join(' ');
    expect(versions).toContain(tag(place));
    for (const { artifact, version, file, text } of found) {
      const next = Object.fromEntries(Object.entries(version).map(([part, value]) => [part, another(value)]));
      const written = editorOf(file.editor).write(text, file.where, [{ artifact, version: next }]);
      const values = Object.values(version).reduce((all, value) => all.replace(value, another(value)), text);
      expect(written).toEqual({ ok: true, text: values });
    }
  });

  test.each(places)('knows the reports of $application on the cluster $cluster', (place) => {
    const { application, environment, target, cluster } = place;
    const known = [{ application, environment, target }];
    expect(recognise(config, aReport('argocd', { application: `${application}-${cluster}` }))).toEqual(known);
    expect(recognise(config, aReport('flux', { cluster, kustomization: application }))).toEqual(known);
  });
});

describe('kubectl kustomize', () => {
  test.skipIf(withoutKubectl).each(kustomizePlaces)('builds $folder with the version it names', (place) => {
    const images = deployedImages(run('kubectl', ['kustomize', place.folder], { cwd: root }));
    expect(images.length).toBeGreaterThan(0);
    for (const image of images) expect(image).toBe(versionInKustomization(place));
  });

  test.skipIf(withoutKubectl).each(helmPlaces)(
    'builds $folder so that Flux renders the chart with its values',
    (place) => {
      const documents = parseAllDocuments(run('kubectl', ['kustomize', place.folder], { cwd: root })).map((each) =>
        each.toJS(),
      );
      const values = documents.find((each) => each.kind === 'ConfigMap');
      const release = documents.find((each) => each.kind === 'HelmRelease');
      expect(values.data['values.yaml']).toBe(read(`${place.folder}/values.yaml`));
      expect(release.spec.valuesFrom).toEqual([{ kind: 'ConfigMap', name: values.metadata.name }]);
      expect(values.metadata.name).toMatch(/^search-values-\w{10}$/);
      expect(existsSync(join(root, release.spec.chart.spec.chart, 'Chart.yaml'))).toBe(true);
    },
  );

  test.skipIf(withoutKubectl).each(clusters)('builds flux/%s whose alerts name that cluster', (cluster) => {
    const documents = parseAllDocuments(run('kubectl', ['kustomize', `flux/${cluster}`], { cwd: root })).map((each) =>
      each.toJS(),
    );
    const alerts = documents.filter((each) => each.kind === 'Alert');
    expect(alerts.map((each) => each.metadata.name).sort()).toEqual(['pawl-failure', 'pawl-success']);
    for (const { spec } of alerts) {
      expect(spec.eventMetadata).toEqual({
        cluster,
        environment: cluster.split('-')[0],
        repository: 'acme/environments',
      });
    }
  });

  test.skipIf(withoutKubectl)('builds argocd with every Application and the notifications', () => {
    const kinds = parseAllDocuments(run('kubectl', ['kustomize', 'argocd'], { cwd: root })).map(
      (each) => each.toJS().kind,
    );
    expect(kinds.sort()).toEqual([...Array(12).fill('Application'), 'ConfigMap']);
  });
});

describe('helm', () => {
  test.skipIf(withoutHelm).each(helmPlaces)('renders the chart with the values of $folder', (place) => {
    const rendered = run('helm', ['template', 'search', 'charts/search', '--values', `${place.folder}/values.yaml`], {
      cwd: root,
    });
    const { image, host, replicaCount } = parse(read(`${place.folder}/values.yaml`));
    expect(deployedImages(rendered)).toEqual([`${image.repository}:${image.tag}`]);
    expect(rendered).toContain(`replicas: ${replicaCount}\n`);
    expect(rendered).toContain(`host: ${host}\n`);
  });
});

describe('Argo CD', () => {
  const found = clusters.flatMap((cluster) => documentsIn(`argocd/${cluster}.yaml`));

  test('has one Application for each application in each target', () => {
    expect(found.map((each) => each.metadata.name).sort()).toEqual(
      places.map((place) => `${place.application}-${place.cluster}`).sort(),
    );
  });

  test.each(places)('applies $folder to the cluster $cluster and reports it', (place) => {
    const one = found.find((each) => each.metadata.name === `${place.application}-${place.cluster}`);
    expect(one.metadata.labels).toEqual({ 'pawl.dev/environment': place.environment });
    expect(one.spec.destination).toEqual({ name: place.cluster, namespace: place.application });
    const { path, helm } = one.spec.source;
    expect(existsSync(join(root, path, helm === undefined ? 'kustomization.yaml' : 'Chart.yaml'))).toBe(true);
    expect(helm === undefined ? path : helm.valueFiles).toEqual(
      helm === undefined ? place.folder : [`/${place.folder}/values.yaml`],
    );
  });

  test('subscribes every Application that carries the label', () => {
    const { data } = parse(read('argocd/notifications.yaml'));
    const subscriptions: { selector: string; recipients: string[]; triggers: string[] }[] = parse(data.subscriptions);
    expect(subscriptions.map((each) => each.selector)).toEqual(['pawl.dev/environment']);
    for (const { recipients, triggers } of subscriptions) {
      for (const recipient of recipients) expect(data).toHaveProperty([`service.webhook.${recipient}`]);
      for (const trigger of triggers) {
        const conditions: { send: string[] }[] = parse(data[`trigger.${trigger}`]);
        for (const template of conditions.flatMap((each) => each.send)) {
          expect(Object.keys(parse(data[`template.${template}`]).webhook)).toEqual(recipients);
        }
      }
    }
  });
});

describe('Flux', () => {
  test.each(clusters)('has one Kustomization for each application on the cluster %s', (cluster) => {
    const found = documentsIn(`flux/${cluster}/apps.yaml`);
    const expected = places.filter((place) => place.cluster === cluster);
    expect(found.map((each) => [each.metadata.name, each.spec.path])).toEqual(
      expected.map((place) => [place.application, `./${place.folder}`]),
    );
    for (const each of found) {
      expect(existsSync(join(root, each.spec.path, 'kustomization.yaml'))).toBe(true);
      expect(each.spec.wait, 'without it a success says only that something was applied').toBe(true);
      expect(each.metadata.labels).toEqual({ 'pawl.dev/watch': 'true' });
    }
  });
});

test('the table in the README tells the versions in the files', () => {
  const rows = applications.map((application) => {
    const versions = ['dev', 'staging', 'production'].map((environment) => {
      const here = places.filter((place) => place.application === application && place.environment === environment);
      return [...new Set(here.map((place) => tag(place)))].join(' and ');
    });
    return `| ${versions.join(' | ')} |`;
  });
  for (const row of rows) expect(read('README.md')).toContain(row);
});

/** The files of a place that promotion may write to. */
function promotedIn({ application, environment, target }: Place) {
  const lanes = applicationOf(config, application)?.environments ?? [];
  const lane = lanes.find((each) => each.environment.name === environment);
  const files = lane?.targets.find((each) => each.target === target)?.files ?? [];
  return files.filter((file) => existsSync(join(root, file.path)));
}

/** A version of the same form, with another last character. */
function another(value: string): string {
  return value.slice(0, -1) + (value.endsWith('7') ? '8' : '7');
}

function aReport(source: Report['source'], fields: Report['fields']): Report {
  return {
    source,
    fields,
    repository: 'acme/environments',
    subject: 'one',
    state: 'healthy',
    revision: undefined,
    operation: '1',
    observedAtMs: 0,
    healthySinceMs: undefined,
    message: '',
    link: undefined,
    successOnly: false,
    sender: undefined,
  };
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function documentsIn(path: string) {
  return parseAllDocuments(read(path)).map((each) => each.toJS());
}

function deployedImages(manifests: string): readonly string[] {
  return [...manifests.matchAll(/^ +(?:- )?image: "?([^"\n]+)"?$/gm)].map(([, image = '']) => image);
}

function versionInKustomization(place: Place): string {
  const { images } = parse(read(`${place.folder}/kustomization.yaml`));
  const [{ name, newTag, digest }] = images;
  return digest === undefined ? `${name}:${newTag}` : `${name}:${newTag}@${digest}`;
}

function tag(place: Place): string {
  if (helmPlaces.includes(place)) return parse(read(`${place.folder}/values.yaml`)).image.tag;
  return parse(read(`${place.folder}/kustomization.yaml`)).images[0].newTag;
}
