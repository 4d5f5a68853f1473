import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Version } from '../../src/domain/version.ts';
import { fluxEditor as editor, type FluxWhere } from '../../src/editors/flux.ts';
import { describeEditorContract, type EditorSample } from '../contracts/editor.ts';
import { digests, holes, imageVersions, lineTexts, printImage, revisions, tags } from './some-versions.ts';

const template = `# ü
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {name: web}
spec:
  url: oci://ghcr.io/acme/charts/web/
  ref: {"tag": «oci»}
---
apiVersion: source.toolkit.fluxcd.io/v1beta2
kind: GitRepository
metadata: {name: web}
spec:
  url: ssh://git@github.com/acme/web.git
  ref:
    branch: main
    commit: «commit»   # ф
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web}
spec:
  chart: {spec: {chart: podinfo, version: «chart», sourceRef: {kind: HelmRepository, name: web}}}
  values:
    image: {tag: «tag», repository: ghcr.io/acme/web}
    digested:
      image:
        digest: «digest»
        registry: ghcr.io
    sidecars:
      - name: first
        image: a/b:1.10
      - name: second
        image: «image» # keep
    "key.with dots": «value»
    replicas: 1.10
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: web}
spec:
  images:
    - newTag: «newTag»
      name: ghcr.io/acme/web
      newName: registry.example.com/web
  postBuild: {substitute: {TAG: «substitute», OTHER: 1e3}}
`;
const filled = {
  oci: '1.0.0',
  commit: 'abc',
  chart: '1.0.0',
  tag: 'v1',
  digest: 'sha256:abc',
  image: 'c/d:1',
  value: 'x',
  newTag: 'v1',
  substitute: 'v1',
};

interface Kind {
  readonly selector: string;
  readonly artifact: string;
  readonly document: number;
  readonly path: readonly (string | number)[];
  readonly old: readonly string[];
  readonly version: fc.Arbitrary<Version>;
  readonly text?: (version: Version) => string;
}

const one = (part: string, texts: fc.Arbitrary<string>): fc.Arbitrary<Version> =>
  texts.map((text) => ({ [part]: text }));
const oci = { selector: 'oci/*', artifact: 'oci/ghcr.io/acme/charts/web', document: 0, path: ['spec', 'ref', 'tag'] };
const values = ['spec', 'values'];
const kinds: Readonly<Record<string, Kind>> = {
  oci: { ...oci, old: ['1.0.0', '', 'latest'], version: one('tag', tags) },
  commit: {
    selector: 'git/github.com/*',
    artifact: 'git/github.com/acme/web',
    document: 1,
    path: ['spec', 'ref', 'commit'],
    old: ['abc', '', 'null'],
    version: one('commit', fc.stringMatching(/^[0-9a-f]{40}$/)),
  },
  chart: {
    selector: 'chart/*',
    artifact: 'chart/podinfo',
    document: 2,
    path: ['spec', 'chart', 'spec', 'version'],
    old: ['1.0.0', '~1', 'x'],
    version: one('version', revisions),
  },
  tag: {
    selector: 'value/i*',
    artifact: 'value/image',
    document: 2,
    path: [...values, 'image', 'tag'],
    old: ['v1', '1.10', 'v1@sha256:abc123'],
    version: imageVersions.filter(({ tag }) => tag !== undefined),
    text: (version) => printImage('', version).slice(1),
  },
  digest: {
    selector: 'value/digested.image',
    artifact: 'value/digested.image',
    document: 2,
    path: [...values, 'digested', 'image', 'digest'],
    old: ['sha256:abc', ''],
    version: one('digest', digests),
  },
  image: {
    selector: 'value/*second*',
    artifact: 'value/sidecars[name=second].image',
    document: 2,
    path: [...values, 'sidecars', 1, 'image'],
    old: ['c/d:1', 'c/d:1@sha256:abc', 'c/d@sha256:abc'],
    version: imageVersions,
    text: (version) => printImage('c/d', version),
  },
  value: {
    selector: 'value/["key.with dots"]',
    artifact: 'value/["key.with dots"]',
    document: 2,
    path: [...values, 'key.with dots'],
    old: ['x', '', '~', '1.10'],
    version: one('value', lineTexts),
  },
  newTag: {
    selector: 'image/*',
    artifact: 'image/ghcr.io/acme/web',
    document: 3,
    path: ['spec', 'images', 0, 'newTag'],
    old: ['v1', 'latest'],
    version: one('newTag', tags),
  },
  substitute: {
    selector: 'substitute/TAG',
    artifact: 'substitute/TAG',
    document: 3,
    path: ['spec', 'postBuild', 'substitute', 'TAG'],
    old: ['v1', '1.10'],
    version: one('value', lineTexts),
  },
};

const samples: fc.Arbitrary<EditorSample<FluxWhere>> = fc
  .constantFrom(...Object.entries(kinds))
  .chain(([hole, kind]) =>
    fc.record({
      hole: fc.constant(hole),
      kind: fc.constant(kind),
      version: kind.version,
      old: fc.constantFrom(...kind.old),
      quote: fc.constantFrom('', '"', "'"),
      lineBreak: fc.constantFrom('\n', '\r\n'),
      before: fc.constantFrom('', '---\n', '\uFEFF', '# ф\n---\nkind: ConfigMap\nmetadata: {name: other}\n---\n'),
    }),
  )
  .map(({ hole, kind, version, old, quote, lineBreak, before }) => {
    const { text, span } = holes(before + template, { hole, token: `${quote}${old}${quote}`, filled, lineBreak });
    const wanted = kind.text?.(version) ?? Object.values(version).join('');
    return {
      text,
      where: { flux: [kind.selector] },
      edit: { artifact: kind.artifact, version },
      span,
      document: kind.document + (before.includes('kind') ? 1 : 0),
      wanted: [[kind.path, wanted]] as const,
    };
  });

describeEditorContract({ editor, folder: 'flux', samples });

const resource = (group: string, kind: string, spec: string): string =>
  `apiVersion: ${group}.toolkit.fluxcd.io/v1\nkind: ${kind}\nmetadata: {name: web}\nspec:\n${spec.replaceAll(/^(?=.)/gmu, '  ')}`;
const release = (spec: string): string => resource('helm', 'HelmRelease', spec);
const find = (text: string, ...flux: readonly string[]) => editor.find(text, { flux });

describe('find', () => {
  test.each([
    [
      'a range of charts',
      release("chart: {spec: {chart: c, version: '>=1.0.0'}}\n"),
      'chart/c',
      'is a range of versions',
    ],
    ['no version of a chart', release('chart: {spec: {chart: c}}\n'), 'chart/c', 'spec.chart.spec.version is missing'],
    ['an empty version', release('chart: {spec: {chart: c, version: }}\n'), 'chart/c', 'has no version to move'],
    ['no reference', resource('source', 'OCIRepository', 'url: oci://h/r\n'), 'oci/h/r', 'spec.ref is missing'],
    [
      'a reference of nothing',
      resource('source', 'OCIRepository', 'url: oci://h/r\nref: {}\n'),
      'oci/h/r',
      'spec.ref.tag is missing',
    ],
    [
      'latest',
      resource('source', 'OCIRepository', 'url: oci://h/r\nref: {tag: latest}\n'),
      'oci/h/r',
      'names whatever was pushed last',
    ],
    [
      'a range beside a tag',
      resource('source', 'OCIRepository', 'url: oci://h/r\nref: {tag: v1, semver: 1.x}\n'),
      'oci/h/r',
      'a range that stands for another version',
    ],
    [
      'a range merged in',
      resource('source', 'OCIRepository', 'x: &x {semver: 1.x}\nurl: oci://h/r\nref: {<<: *x, tag: v1}\n'),
      'oci/h/r',
      'only through the merge key',
    ],
    [
      'a branch',
      resource('source', 'GitRepository', 'url: https://h/r.git\nref: {branch: main}\n'),
      'git/h/r',
      'pin a tag in its place, or a commit beside it',
    ],
    [
      'a branch by its full name',
      resource('source', 'GitRepository', 'url: https://h/r.git\nref: {name: refs/heads/main}\n'),
      'git/h/r',
      'names whatever was pushed last',
    ],
    [
      'a moving tag',
      resource('source', 'GitRepository', 'url: https://h/r.git\nref: {tag: latest}\n'),
      'git/h/r',
      'names whatever was pushed last',
    ],
    ['no revision', resource('source', 'GitRepository', 'url: https://h/r.git\n'), 'git/h/r', 'spec.ref is missing'],
    [
      'an alias of a reference',
      resource('source', 'GitRepository', 'x: &x {tag: v1}\nurl: https://h/r\nref: *x\n'),
      'git/h/r',
      'only through the alias',
    ],
    [
      'the tag latest',
      resource('kustomize', 'Kustomization', 'images: [{name: a, newTag: latest}]\n'),
      'image/a',
      'names whatever was pushed last',
    ],
    [
      'an image twice',
      resource('kustomize', 'Kustomization', 'images: [{name: a, newTag: v1}, {name: a, newTag: v2}]\n'),
      'image/a',
      'more than one place',
    ],
    [
      'an image that is an alias',
      resource('kustomize', 'Kustomization', 'x: &x {name: a, newTag: v1}\nimages: [*x]\n'),
      'image/a',
      'only through the alias',
    ],
    [
      'a substitute twice',
      resource('kustomize', 'Kustomization', 'postBuild: {substitute: {A: v1, A: v2}}\n'),
      'substitute/A',
      'written more than once',
    ],
    [
      'a substitute called tag that is latest',
      resource('kustomize', 'Kustomization', 'postBuild: {substitute: {web_tag: latest}}\n'),
      'substitute/web_tag',
      'names whatever was pushed last',
    ],
    ['a value where none are', release('interval: 1h\n'), 'value/image', 'no values of a chart are written here'],
    [
      'a value behind an alias',
      release('x: &x {image: {tag: v1}}\nvalues: *x\n'),
      'value/image',
      'only through the alias',
    ],
  ])('refuses %s', (_, text, artifact, reason) => {
    const { artifacts, refusals } = find(text, artifact);
    expect(artifacts).toEqual([]);
    expect(refusals).toMatchObject([{ artifact, reason: expect.stringContaining(reason) }]);
  });

  test.each<readonly [string, string, string, Version]>([
    [
      'a release of any version of the API',
      release('chart: {spec: {chart: c, version: 1.10}}\n').replace('/v1', '/v2beta2'),
      'chart/c',
      { version: '1.10' },
    ],
    [
      'a chart of its own',
      resource('source', 'HelmChart', 'chart: c\nversion: 1.0.0\nsourceRef: {kind: HelmRepository}\n'),
      'chart/c',
      { version: '1.0.0' },
    ],
    [
      'a digest alone',
      resource('source', 'OCIRepository', 'url: oci://h/r\nref: {digest: "sha256:abc"}\n'),
      'oci/h/r',
      { digest: 'sha256:abc' },
    ],
    [
      'latest with its digest',
      resource('source', 'OCIRepository', 'url: oci://h/r\nref: {tag: latest, digest: "sha256:abc"}\n'),
      'oci/h/r',
      { tag: 'latest', digest: 'sha256:abc' },
    ],
    [
      'a commit beside a branch',
      resource('source', 'GitRepository', 'url: h:r\nref: {branch: main, commit: abc}\n'),
      'git/h/r',
      { commit: 'abc' },
    ],
    [
      'the full name of a tag',
      resource('source', 'GitRepository', 'url: h:r\nref: {name: refs/tags/v1}\n'),
      'git/h/r',
      { name: 'refs/tags/v1' },
    ],
    [
      'newTag that holds a digest',
      resource('kustomize', 'Kustomization', 'images: [{name: a, newTag: "v1@sha256:abc"}]\n'),
      'image/a',
      { newTag: 'v1@sha256:abc' },
    ],
  ])('reads %s', (_, text, artifact, version) => {
    expect(find(text, artifact)).toMatchObject({ artifacts: [{ artifact, version }], refusals: [] });
  });

  test.each([
    [
      'a chart of a Git repository',
      release('chart: {spec: {chart: ./c, version: 1.0.0, sourceRef: {kind: GitRepository}}}\n'),
    ],
    ['a chart of a bucket', resource('source', 'HelmChart', 'chart: ./c\nversion: 1.0.0\nsourceRef: {kind: Bucket}\n')],
    ['a release that refers to its chart', release('chartRef: {kind: OCIRepository, name: c}\n')],
    [
      'a Kustomization of Kustomize',
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nimages: [{name: a, newTag: v1}]\n',
    ],
    [
      'a release of something else',
      release('chart: {spec: {chart: c, version: 1.0.0}}\n').replace('helm.toolkit.fluxcd.io', 'example.com'),
    ],
    ['an image that is only renamed', resource('kustomize', 'Kustomization', 'images: [{name: a, newName: b}]\n')],
    [
      'a repository without a URL',
      resource('source', 'GitRepository', 'ref: {tag: v1}\n') +
        '---\n' +
        resource('source', 'OCIRepository', 'ref: {tag: v1}\n'),
    ],
    [
      'substitutes, values and hosts',
      resource('kustomize', 'Kustomization', 'postBuild: {substitute: {A: v1}}\n') +
        '---\n' +
        release('values: {host: "a:80", tag: v1}\n'),
    ],
    ['values of a Kustomization', resource('kustomize', 'Kustomization', 'values: {image: "a:v1"}\n')],
  ])('a star does not mean %s', (_, text) => {
    expect(find(text, '*')).toEqual({ artifacts: [], refusals: [] });
  });
});

test('a substituted tag and its digest move together', () => {
  const text = resource(
    'kustomize',
    'Kustomization',
    'postBuild: {substitute: {WEB_TAG: v1, WEB_DIGEST: "sha256:abc"}}\n',
  );
  const { artifacts } = find(text, 'substitute/*');
  expect(artifacts).toMatchObject([{ artifact: 'substitute/WEB_TAG' }, { artifact: 'substitute/WEB_DIGEST' }]);
  expect(artifacts[0]?.unit).toBe(artifacts[1]?.unit);
  expect(find(text, 'substitute/WEB_TAG')).toMatchObject({
    artifacts: [],
    refusals: [{ artifact: 'substitute/WEB_TAG', reason: expect.stringContaining('Select both') }],
  });
});

describe('leftAlone', () => {
  test('lists what does not move', () => {
    const text = (tag: string, host: string): string => release(`values: {image: {tag: ${tag}}, host: ${host}}\n`);
    expect(editor.leftAlone(text('v2', 'a'), text('v1', 'b'), { flux: ['value/*'] })).toEqual([
      { path: 'spec.values.host', source: 'a', target: 'b' },
    ]);
  });
});

describe('options', () => {
  test.each(['substitute/TAG', 'oci/*', 'value/image-{environment}.tag'])('allow %s', (selector) => {
    expect(editor.options.safeParse({ flux: [selector], document: { name: 'web-{environment}' } }).success).toBe(true);
  });

  test.each(['parameter/a', 'element[a=b]/c', 'value/[0]'])('refuse %s', (selector) => {
    expect(editor.options.safeParse({ flux: [selector] }).success).toBe(false);
  });
});
