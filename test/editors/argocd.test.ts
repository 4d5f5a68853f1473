import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Version } from '../../src/domain/version.ts';
import { type ArgocdWhere, argocdEditor as editor } from '../../src/editors/argocd.ts';
import { describeEditorContract, type EditorSample } from '../contracts/editor.ts';
import { holes, imageVersions, lineTexts, printImage, revisions } from './some-versions.ts';

const application = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web-ü}
spec:
  sources:
    - chart: podinfo
      repoURL: https://charts.example.com
      targetRevision: «chart»
      helm:
        parameters: [{name: web.tag, value: «parameter»}, {name: other, value: "1.10"}]
        valuesObject:
          image: {repository: ghcr.io/acme/web, tag: «map»} # 1.10
          sidecar: {image: «image»}
          replicas: 1
    - repoURL: git@github.com:acme/config.git
      path: apps/web
      targetRevision: «git»
      kustomize:
        images:
          - «override»
          - other:1.10
    - repoURL: oci://ghcr.io/acme/manifests
      path: .
      targetRevision: «oci»
`;
const embedded = `apiVersion: argoproj.io/v1alpha1
kind: Application
spec:
  source:
    repoURL: https://github.com/acme/config
    path: charts/web
    targetRevision: v1
    helm:
      values: |
        # ü
        api:
          image:
            repository: ghcr.io/acme/api
            tag: «inner» # v1
        replicas: 1
`;
const set = `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
spec:
  generators:
    - matrix:
        generators:
          - git: {repoURL: https://github.com/acme/config, revision: HEAD}
          - list:
              elements:
                - {cluster: dev, tag: v9}
                - cluster: staging
                  tag: «element»
                  other: 1.10
  template:
    spec: {source: {repoURL: https://github.com/acme/config, targetRevision: "{{ .tag }}"}}
`;

interface Kind {
  readonly template: string;
  readonly selector: string;
  readonly path: readonly (string | number)[];
  readonly old: readonly string[];
  readonly version: fc.Arbitrary<Version>;
  /** What the scalar reads as with a version. */
  readonly text: (version: Version) => string;
  readonly quotes?: readonly string[];
}

const one = (part: string, texts: fc.Arbitrary<string>): Pick<Kind, 'version' | 'text'> => ({
  version: texts.map((text) => ({ [part]: text })),
  text: (version) => version[part] ?? '',
});
const sources = ['spec', 'sources'];

const kinds: Readonly<Record<string, Kind>> = {
  chart: {
    ...one('version', revisions),
    template: application,
    selector: 'chart/podinfo',
    path: [...sources, 0, 'targetRevision'],
    old: ['1.0.0', '~1.0', 'null', ''],
  },
  git: {
    ...one('ref', revisions),
    template: application,
    selector: 'git/github.com/acme/config',
    path: [...sources, 1, 'targetRevision'],
    old: ['v1', 'main', ''],
  },
  oci: {
    ...one('version', revisions),
    template: application,
    selector: 'oci/*',
    path: [...sources, 2, 'targetRevision'],
    old: ['1.0.0', 'latest'],
  },
  parameter: {
    ...one('value', lineTexts),
    template: application,
    selector: 'parameter/web.tag',
    path: [...sources, 0, 'helm', 'parameters', 0, 'value'],
    old: ['v1', '1.10'],
  },
  map: {
    version: imageVersions.filter(({ tag }) => tag !== undefined),
    text: (version) => printImage('', version).slice(1),
    template: application,
    selector: 'value/image',
    path: [...sources, 0, 'helm', 'valuesObject', 'image', 'tag'],
    old: ['v1', 'latest', 'v1@sha256:abc123'],
  },
  image: {
    version: imageVersions,
    text: (version) => printImage('localhost:5000/acme/proxy', version),
    template: application,
    selector: 'value/sidecar.image',
    path: [...sources, 0, 'helm', 'valuesObject', 'sidecar', 'image'],
    old: ['localhost:5000/acme/proxy:v1', 'localhost:5000/acme/proxy@sha256:abc123'],
  },
  override: {
    version: imageVersions,
    text: (version) => printImage('web=ghcr.io/acme/web', version),
    template: application,
    selector: 'image/web',
    path: [...sources, 1, 'kustomize', 'images', 0],
    old: ['web=ghcr.io/acme/web:v1', 'web=ghcr.io/acme/web', 'web=ghcr.io/acme/web:v1@sha256:abc123'],
  },
  element: {
    ...one('value', lineTexts),
    template: set,
    selector: 'element[cluster=staging]/tag',
    path: ['spec', 'generators', 0, 'matrix', 'generators', 1, 'list', 'elements', 1, 'tag'],
    old: ['v1', '', 'null'],
  },
  inner: {
    version: imageVersions.filter(({ tag }) => tag !== undefined),
    text: (version) => printImage('', version).slice(1),
    template: embedded,
    selector: 'value/api.image',
    path: ['spec', 'source', 'helm', 'values'],
    old: ['v1', '1.10', 'v1@sha256:abc123'],
    quotes: ['"', "'"],
  },
};
const names: Readonly<Record<string, string>> = { oci: 'oci/ghcr.io/acme/manifests' };
const filled = {
  chart: '1.0.0',
  git: 'v1',
  oci: '1.0.0',
  parameter: 'v1',
  map: 'v1',
  image: 'a/b:v1',
  override: 'c:1',
  inner: 'v1',
  element: 'v1',
};

const samples: fc.Arbitrary<EditorSample<ArgocdWhere>> = fc
  .constantFrom(...Object.entries(kinds))
  .chain(([hole, kind]) =>
    fc.record({
      hole: fc.constant(hole),
      kind: fc.constant(kind),
      version: kind.version,
      old: fc.constantFrom(...kind.old),
      quote: fc.constantFrom(...(kind.quotes ?? ['', '"', "'"])),
      lineBreak: fc.constantFrom('\n', '\r\n'),
      before: fc.constantFrom('', '---\n', '\uFEFF', '# ф\n---\nkind: ConfigMap\nmetadata: {name: other}\n---\n'),
    }),
  )
  .map(({ hole, kind, version, old, quote, lineBreak, before }) => {
    const token = `${quote}${old}${quote}`;
    const { text, span, inner } = holes(before + kind.template, { hole, token, filled, lineBreak });
    const written = `${quote}${kind.text(version)}${quote}`;
    const wanted = hole === 'inner' ? inner(written) : kind.text(version);
    return {
      text,
      where: { argocd: [kind.selector] },
      edit: { artifact: names[hole] ?? kind.selector, version },
      span,
      document: before.includes('kind') ? 1 : 0,
      wanted: [[kind.path, wanted]] as const,
    };
  });

describeEditorContract({ editor, folder: 'argocd', samples });

const app = (spec: string): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: web\nspec:\n${spec.replaceAll(/^(?=.)/gmu, '  ')}`;

const find = (text: string, ...argocd: readonly string[]) => editor.find(text, { argocd });

describe('find', () => {
  const several = app(`sources:
- {repoURL: 'https://github.com/acme/config.git', path: charts/web, targetRevision: v1}
- {repoURL: 'git@github.com:acme/config', ref: values, targetRevision: v2}
- {repoURL: 'ssh://git@github.com/acme/other.git', path: ., targetRevision: 0c1d2e3}
`);

  test('several sources of one repository are told apart by folder or reference', () => {
    const { artifacts, refusals } = find(several, 'git/*');
    expect(refusals).toEqual([]);
    expect(artifacts).toMatchObject([
      { artifact: 'git/github.com/acme/config//charts/web', version: { ref: 'v1' }, line: 7 },
      { artifact: 'git/github.com/acme/config//$values', version: { ref: 'v2' } },
      { artifact: 'git/github.com/acme/other', version: { ref: '0c1d2e3' } },
    ]);
  });

  test('a name that several have says how to select one of them', () => {
    const { artifacts, refusals } = find(several, 'git/github.com/acme/config', 'git/github.com/acme/other');
    expect(artifacts).toMatchObject([{ artifact: 'git/github.com/acme/other' }]);
    expect(refusals).toMatchObject([
      {
        artifact: 'git/github.com/acme/config',
        reason: expect.stringContaining(
          '`git/github.com/acme/config//charts/web` or `git/github.com/acme/config//$values`',
        ),
      },
    ]);
  });

  test('a selector that names the folder finds it where there is no other, under the same name', () => {
    const text = app('source: {repoURL: "https://github.com/acme/config", path: ./charts/web, targetRevision: v1}\n');
    const artifact = 'git/github.com/acme/config//charts/web';
    expect(find(text, artifact).artifacts).toMatchObject([{ artifact }]);
    expect(find(text, 'git/*').artifacts).toMatchObject([{ artifact: 'git/github.com/acme/config' }]);
  });

  test('a list of sources beats a single one, a map of values the text', () => {
    const text = app(`source: {repoURL: r, chart: dead, targetRevision: '1'}
sources:
- {repoURL: r, chart: alive, targetRevision: '2', helm: {valuesObject: {image: {tag: v2}}, values: 'image: {tag: v1}'}}
`);
    expect(find(text, 'chart/*', 'value/image').artifacts).toMatchObject([
      { artifact: 'chart/alive', version: { version: '2' } },
      { artifact: 'value/image', version: { tag: 'v2' } },
    ]);
  });

  test('the dry source of a hydrator is one too', () => {
    const text = app('sourceHydrator: {drySource: {repoURL: "https://h/r", path: a, targetRevision: v1}}\n');
    expect(find(text, 'git/h/r').artifacts).toMatchObject([{ version: { ref: 'v1' } }]);
  });

  test.each([
    ['git/h/r', 'repoURL: https://h/r', 'HEAD', 'names whatever was pushed last'],
    ['git/h/r', 'repoURL: https://h/r', 'main', 'names whatever was pushed last'],
    ['git/h/r', 'repoURL: https://h/r', 'refs/heads/v1', 'names whatever was pushed last'],
    ['git/h/r', 'repoURL: https://h/r', 'v1.*', 'is a range of versions'],
    ['chart/c', 'repoURL: https://h/r\n  chart: c', '1.2.x', 'is a range of versions'],
    ['chart/c', 'repoURL: https://h/r\n  chart: c', '"*"', 'is a range of versions'],
    ['oci/h/r', 'repoURL: oci://h/r', 'latest', 'names whatever was pushed last'],
    ['oci/h/r', 'repoURL: oci://h/r', '^1.0.0', 'is a range of versions'],
  ])('%s with %s at %s is no version, and can get one', (artifact, source, revision, reason) => {
    const text = app(`source:\n  ${source}\n  targetRevision: ${revision}\n`);
    const { artifacts, refusals } = find(text, artifact);
    expect(artifacts).toEqual([]);
    expect(refusals).toMatchObject([{ artifact, reason: expect.stringContaining(reason), present: { artifact } }]);
    const [part = ''] = Object.keys(refusals[0]?.present?.version ?? {});
    const written = editor.write(text, { argocd: [artifact] }, [{ artifact, version: { [part]: 'v7' } }]);
    expect(written).toEqual({
      ok: true,
      text: text.replace(`targetRevision: ${revision}`, `targetRevision: ${revision.startsWith('"') ? '"v7"' : 'v7'}`),
    });
  });

  test('a revision that is not written is refused, and so is a template', () => {
    const missing = app('source: {repoURL: r, chart: c}\n');
    expect(find(missing, 'chart/c').refusals).toMatchObject([
      { artifact: 'chart/c', reason: expect.stringContaining('targetRevision is missing') },
    ]);
    const template = app('source: {repoURL: r, chart: c, targetRevision: "{{ .Values.version }}"}\n');
    expect(find(template, 'chart/c').refusals).toMatchObject([
      { artifact: 'chart/c', reason: expect.stringContaining('template expression') },
    ]);
  });

  test.each([
    ['an alias', 'x: &s {chart: c}\nsource: *s\n'],
    ['a merge key', 'x: &s {chart: c}\nsource: {<<: *s, repoURL: r, targetRevision: v1}\n'],
    ['a key twice', 'source: {chart: a, chart: b, repoURL: r, targetRevision: v1}\n'],
  ])('a source that is known only through %s is refused', (_, spec) => {
    const { artifacts, refusals } = find(app(spec), 'chart/*');
    expect(artifacts).toEqual([]);
    expect(refusals).toMatchObject([{ reason: expect.stringContaining('cannot be told what this source is') }]);
    expect(find(app(spec), 'parameter/*').refusals).toEqual([]);
  });

  test('a star alone means versions, not parameters and values', () => {
    const text = app(`source:
  chart: c
  repoURL: r
  targetRevision: 1.0.0
  helm:
    parameters: [{name: domain, value: dev.example.com}]
    valuesObject:
      host: dev.example.com
      image: {repository: a/b, tag: v1}
      list: [{name: x, image: 'c/d:2'}]
      other: {name: x, tag: v1}
      sidecarImage: e/f@sha256:abc123
      port: a:8080
`);
    const names = (...selectors: readonly string[]) =>
      find(text, ...selectors).artifacts.map(({ artifact }) => artifact);
    const images = ['value/sidecarImage', 'value/image', 'value/list[name=x].image'];
    expect(names('*')).toEqual(['chart/c', ...images]);
    expect(names('value/*')).toEqual(images);
    expect(names('value/*', 'value/image').toSorted()).toEqual(images.toSorted());
    expect(names('value/*', 'value/image.tag')).toEqual([
      'value/image.tag',
      ...images.filter((name) => name !== 'value/image'),
    ]);
    expect(names('value/list*')).toEqual(images.slice(2));
    expect(names('parameter/*')).toEqual(['parameter/domain']);
    expect(names('p*')).toEqual([]);
    expect(names('value/host', 'value/other', 'value/host')).toEqual(['value/host', 'value/other']);
  });

  test('a value and a part of it are not selected both', () => {
    const text = app('source: {helm: {valuesObject: {image: {tag: v1}}}}\n');
    const { artifacts, refusals } = find(text, 'value/image', 'value/image.tag');
    expect(artifacts).toMatchObject([{ artifact: 'value/image' }]);
    expect(refusals).toMatchObject([
      { artifact: 'value/image.tag', reason: expect.stringContaining('is part of value/image') },
    ]);
  });

  test.each([
    ['value/a.b', 'a: {c: 1}', 'is missing'],
    ['value/a', 'a: {c: 1}', 'no image with a tag or a digest'],
    ['value/a', 'a: []', 'not a single value'],
    ['value/a.image', 'a: {image: b}', 'has no version to move'],
    ['value/a.image', 'a: {image: "b c"}', 'holds no version'],
    ['value/image', 'image: {tag: "a b"}', 'holds no version'],
    ['value/image', 'image: {tag: ""}', 'has no version to move'],
    ['value/image', 'image: {repository: a, tag: latest}', 'names whatever was pushed last'],
    ['value/image', 'image: {tag: "v1@sha256:abc123", digest: "sha256:abc123"}', 'holds its digest twice'],
    ['value/image.tag', 'image: {tag: v1, digest: "sha256:abc123"}', 'Select `value/image.digest` too'],
    ['value/image.tag', 'image: {tag: latest}', 'names whatever was pushed last'],
    ['value/revision', 'revision: main', 'names whatever was pushed last'],
    ['value/l[0]', 'l: [{name: a}]', 'by its position'],
    ['value/image', 'x: &x {tag: v1}\nimage: *x', 'Select the value inside it'],
    ['value/image', 'x: &x {tag: v1}\nimage: {<<: *x, digest: "sha256:abc123"}', 'only through the merge key'],
  ])('%s in `%s` is refused, in a map and in a text', (artifact, values, reason) => {
    const indented = values.replaceAll(/^/gmu, '      ');
    for (const key of ['valuesObject:', 'values: |']) {
      const text = app(`source:\n  helm:\n    ${key}\n${indented}\n    releaseName: x\n`);
      const { artifacts, refusals } = find(text, artifact);
      expect(artifacts).toEqual([]);
      expect(refusals).toMatchObject([{ artifact, line: expect.any(Number), reason: expect.stringContaining(reason) }]);
      expect(refusals[0]?.line).toBeGreaterThanOrEqual(9);
    }
  });

  test('tag and digest that are selected one by one move together', () => {
    const text = app('source: {helm: {valuesObject: {webTag: latest, webDigest: "sha256:abc123"}}}\n');
    const { artifacts } = find(text, 'value/webTag', 'value/webDigest');
    expect(artifacts).toMatchObject([{ artifact: 'value/webTag' }, { artifact: 'value/webDigest' }]);
    expect(artifacts[0]?.unit).toBe(artifacts[1]?.unit);
    expect(artifacts[0]?.unit).toBeDefined();
  });

  test('a tag and the digest beside it move together among parameters too', () => {
    const parameters = `parameters: [{name: image.tag, value: latest}, {name: image.digest, value: 'sha256:abc123'}]`;
    const text = app(`source: {repoURL: r, chart: c, targetRevision: '1', helm: {${parameters}}}\n`);
    const { artifacts } = find(text, 'parameter/image.*');
    expect(artifacts).toMatchObject([
      { artifact: 'parameter/image.tag', version: { value: 'latest' } },
      { artifact: 'parameter/image.digest', version: { value: 'sha256:abc123' } },
    ]);
    expect(artifacts[0]?.unit).toBe(artifacts[1]?.unit);
    expect(artifacts[0]?.unit).toBeDefined();
    expect(find(text, 'parameter/image.tag')).toMatchObject({
      artifacts: [],
      refusals: [{ artifact: 'parameter/image.tag', line: 6, reason: expect.stringContaining('Select both') }],
    });
    const empty = text.replace("'sha256:abc123'", "''");
    expect(find(empty, 'parameter/image.tag').refusals).toMatchObject([
      { reason: expect.stringContaining('names whatever was pushed last') },
    ]);
  });

  test('a text with many images is read once', () => {
    const images = Array.from({ length: 500 }, (_, index) => `      - {name: a${index}, image: 'a/b:v1'}\n`).join('');
    const text = app(`source:\n  helm:\n    values: |\n      images:\n${images}`);
    const before = performance.now();
    expect(find(text, 'value/*').artifacts).toHaveLength(500);
    expect(performance.now() - before).toBeLessThan(10_000);
  }, 60_000);

  test('values that are no text with YAML in it are refused for every value', () => {
    const text = app(
      'source:\n  chart: c\n  targetRevision: 1.0.0\n  helm:\n    values: >\n      image: {tag: v1}\n      a: b\n',
    );
    expect(find(text, 'value/image').refusals).toMatchObject([
      { artifact: 'value/image', reason: expect.stringContaining('folded') },
    ]);
    const { artifacts, refusals } = find(text, '*');
    expect(artifacts).toMatchObject([{ artifact: 'chart/c' }]);
    expect(refusals).toMatchObject([{ artifact: 'value/*', reason: expect.stringContaining('folded') }]);
  });

  test('a value in two sources is refused, one that only one has is not', () => {
    const text = app(`sources:
- {repoURL: r, chart: a, targetRevision: '1', helm: {valuesObject: {image: {tag: v1}}, parameters: [{name: p, value: '1'}]}}
- {repoURL: r, chart: b, targetRevision: '1', helm: {values: "{image: {tag: v2}, other: x}", parameters: [{name: p, value: '2'}]}}
`);
    const { artifacts, refusals } = find(text, 'value/image', 'value/other', 'parameter/*');
    expect(artifacts.map(({ artifact }) => artifact)).toEqual(['parameter/a/p', 'parameter/b/p', 'value/other']);
    expect(refusals).toMatchObject([
      { artifact: 'value/image', reason: expect.stringContaining('more than one place') },
    ]);
  });

  test('documents of other kinds and of other applications are not looked at', () => {
    const one = (name: string, kind = 'Application', group = 'argoproj.io/v1alpha1'): string =>
      `apiVersion: ${group}\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: {source: {chart: ${name}, repoURL: r, targetRevision: 1.0.0}}\n`;
    const text = [one('a'), one('b'), one('c', 'AppProject'), one('d', 'Application', 'app.k8s.io/v1')].join('---\n');
    expect(find(text, 'chart/*').artifacts.map(({ artifact }) => artifact)).toEqual(['chart/a', 'chart/b']);
    const where = { argocd: ['chart/*'], document: { name: 'b' } };
    expect(editor.find(text, where).artifacts.map(({ artifact }) => artifact)).toEqual(['chart/b']);
  });
});

describe('leftAlone', () => {
  test('lists what does not move, within a text too', () => {
    const source = embedded
      .replace('«inner»', 'v2')
      .replace('replicas: 1', 'replicas: 2')
      .replace('targetRevision: v1', 'targetRevision: v2');
    const target = embedded.replace('«inner»', 'v1');
    const differences = editor.leftAlone(source, target, { argocd: ['value/api.image', 'git/*'] });
    expect(differences).toEqual([{ path: 'spec.source.helm.values: replicas', source: '2', target: '1' }]);
  });
});

describe('options', () => {
  test.each([
    'chart/a',
    '*',
    'git/*//charts/*',
    'value/a["b.c"].d',
    'element[cluster={environment}]/tag',
    'element/a.b',
    'a',
  ])('allow %s', (selector) => {
    expect(editor.options.safeParse({ argocd: [selector] }).success).toBe(true);
  });

  test.each([
    ['charts/a', 'no kind of artifact'],
    ['elements[a=b]/c', 'no kind of artifact'],
    ['value/a..b', 'no path to a value'],
    ['value/', 'no path to a value'],
    ['element[a]/b', 'names no value of an element'],
    ['element[a=b]', 'names no value of an element'],
    ['element[a=b]/*', 'names no value of an element'],
    ['chart/a\n', 'on one line'],
    ['', ''],
  ])('refuse %j', (selector, message) => {
    const parsed = editor.options.safeParse({ argocd: [selector] });
    expect(parsed.success).toBe(false);
    expect(parsed.error?.message).toContain(message);
  });
});
