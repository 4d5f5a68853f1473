import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Version } from '../../src/domain/version.ts';
import { patchesEditor as editor, type PatchesWhere } from '../../src/editors/patches.ts';
import { describeEditorContract, type EditorSample } from '../contracts/editor.ts';

const tags = fc
  .oneof(
    fc.constantFrom('1.10', '0123', '1e5', 'on', 'null', '2024-01-02', '0x1F', '_', 'v1.0.0-rc.1'),
    fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/),
  )
  .filter((tag) => tag.toLowerCase() !== 'latest');
const digests = fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}`);
const versions: fc.Arbitrary<Version> = fc.oneof(
  tags.map((tag) => ({ tag })),
  digests.map((digest) => ({ digest })),
  fc.record({ tag: tags, digest: digests }),
);

const pointer = '/spec/template/spec/containers/0/image';

/** A patch, the artifact it holds, and the text around the image. */
interface Shape {
  readonly artifact: string;
  readonly target: string;
  readonly start: string;
  readonly end: string;
}
const shapes: readonly Shape[] = [
  {
    artifact: 'web/app',
    target: '',
    start:
      '# ф\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n      containers:\n      - name: app\n\n        image: ',
    end: '\n      - {name: two, image: "b:v1"}',
  },
  {
    artifact: 'web/app',
    target: '  target: {kind: Deployment, name: web}\n',
    start: 'metadata: {name: other}\nspec: {template: {spec: {containers: [{name: app, image: ',
    end: '}]}}}',
  },
  {
    artifact: `web:${pointer}`,
    target: '  target:\n    kind: Deployment\n    name: web\n',
    start: `- op: test\n  path: /kind\n  value: x\n- op: replace\n  path: ${pointer}\n  value: `,
    end: '\n- {op: add, path: /spec/replicas, value: 3}',
  },
];

const samples: fc.Arbitrary<EditorSample<PatchesWhere>> = fc
  .record({
    version: versions,
    shape: fc.constantFrom(...shapes),
    json: fc.boolean(),
    name: fc.constantFrom('web', 'ghcr.io/acme/web', 'localhost:5000/a/b'),
    old: fc.constantFrom(':v1', '', ':v1@sha256:abc123'),
    quote: fc.constantFrom('"', "'"),
    list: fc.constantFrom('patches', 'patchesJson6902'),
    header: fc.constantFrom('|', '|-', '|+', '|2-', '|  # why'),
    lineBreak: fc.constantFrom('\n', '\r\n'),
    bom: fc.constantFrom('', '\uFEFF'),
    after: fc.constantFrom('', 'images: []\n', '# end\n'),
  })
  .map(({ version, shape, json, name, old, quote, list, header, lineBreak, bom, after }) => {
    const broken = (text: string): string => text.replaceAll('\n', lineBreak);
    const inner = json
      ? { ...shapes[2], start: `[\n  {"op":"replace","path":"${pointer}","value": `, end: '}\n]' }
      : shape;
    const { target = '', start = '', end = '', artifact = '' } = inner;
    const token = `${json ? '"' : quote}${name}${old}${json ? '"' : quote}`;
    const indented = (text: string): string => text.replaceAll(/\n(?=[^\n])/g, '\n    ');
    const lead = `resources: []\n${list}:\n- path: image.yaml\n-${target.replace(/^ /, '') || ' options: {}\n'}  patch: ${header}\n    `;
    // The header \`|2-\` counts from the indentation of the item.
    const head = bom + broken(lead + indented(start));
    const text = `${name}${version['tag'] === undefined ? '' : `:${version['tag']}`}${version['digest'] === undefined ? '' : `@${version['digest']}`}`;
    const written = `${json ? '"' : quote}${text}${json ? '"' : quote}`;
    const block = (value: string): string => {
      const lines = `${start}${value}${end}`;
      return `${lines}${header.includes('-') ? '' : '\n'}`;
    };
    return {
      text: head + token + broken(`${indented(end)}\n${after}`),
      where: { patches: ['*'] },
      edit: { artifact, version },
      span: [head.length, head.length + token.length] as const,
      wanted: [[[list, 1, 'patch'], block(written)]] as const,
    };
  });

describeEditorContract({ editor, folder: 'patches', samples });

describe('find', () => {
  const operations = (target: string, image = 'a/web:v1'): string =>
    `patches:\n- target: ${target}\n  patch: |\n    - {op: replace, path: ${pointer}, value: "${image}"}\n`;

  test.each([
    ['{kind: Deployment, name: web}', `web:${pointer}`],
    ['{kind: Deployment}', `Deployment:${pointer}`],
    ['{labelSelector: app=web}', `:${pointer}`],
  ])('the target %s names the artifact %s', (target, artifact) => {
    expect(editor.find(operations(target), { patches: ['*'] })).toEqual({
      artifacts: [{ artifact, version: { tag: 'v1' }, line: 4 }],
      refusals: [],
    });
  });

  test.each([
    [[`web:${pointer}`], true],
    [['web:*'], true],
    [['*/image'], true],
    [[pointer], true],
    [['/spec/*'], true],
    [['api:*'], false],
    [['web'], false],
    [['web/*'], false],
  ])('%j selects an image of a JSON patch of web: %s', (patches, selected) => {
    expect(editor.find(operations('{name: web}'), { patches }).artifacts.length > 0).toBe(selected);
  });

  test.each([
    [{ name: 'web-dev' }, pointer],
    [{ kind: 'Deployment' }, `web-dev:${pointer}`],
    [{ name: 'web-*' }, `web-dev:${pointer}`],
    [{ name: 'web-staging' }, undefined],
  ])('where the document is %j, the artifact is %s', (document, artifact) => {
    const text = operations('{kind: Deployment, name: web-dev}');
    const { artifacts } = editor.find(text, { patches: ['*'], document });
    expect(artifacts.map((found) => found.artifact)).toEqual(artifact === undefined ? [] : [artifact]);
  });

  test.each([
    ['latest', 'a/web:latest', 'names whatever was pushed last'],
    ['no tag', 'a/web', 'has no version to move'],
    ['no image', 'a web', 'holds no version of'],
    ['a template', '{{ image }}', 'holds a template expression'],
  ])('refuses %s, and names the artifact and the line of the file', (_, image, reason) => {
    expect(editor.find(operations('{name: web}', image), { patches: ['*'] })).toMatchObject({
      artifacts: [],
      refusals: [{ artifact: `web:${pointer}`, line: 4, reason: expect.stringContaining(reason) }],
    });
  });

  test('an operation without a value is refused, with the line of the file', () => {
    const text = `patches:\n- target: {name: web}\n  patch: |\n    # one\n    - {op: add, path: ${pointer}}\n`;
    expect(editor.find(text, { patches: ['*'] }).refusals).toEqual([
      { artifact: `web:${pointer}`, line: 5, reason: expect.stringContaining('[0].value is missing') },
    ]);
  });

  test('a patch that says nothing of images is no matter, whatever is wrong with it', () => {
    const text =
      'x: &x {patch: "a: ["}\npatches:\n- patch: "a: ["\n- *x\n- patch: >-\n    a:\n    b: [\n- path: x-image.yaml\n- text\n-\n';
    expect(editor.find(text, { patches: ['*'] })).toEqual({ artifacts: [], refusals: [] });
  });

  test.each([
    ['is no YAML', '- patch: |\n    image: [\n', 'The file is not valid YAML'],
    ['is merged in', '- {<<: {patch: "image: a"}}\n', 'only through the merge key'],
    ['is written twice', '- {patch: a, patch: "image: a"}\n', 'is written more than once'],
  ])('a patch that may set an image and %s is refused', (_, item, reason) => {
    const { refusals } = editor.find(`patches:\n${item}`, { patches: ['*'] });
    expect(refusals).toMatchObject([{ reason: expect.stringContaining(reason) }]);
  });

  test('the mark of another bot within a patch is told', () => {
    const text =
      'patches:\n- patch: |\n    metadata: {name: web}\n    containers:\n    - name: app\n      image: a:v1 # {"$imagepolicy": "a:b"}\n';
    expect(editor.find(text, { patches: ['*'] }).artifacts).toMatchObject([
      { artifact: 'web/app', line: 6, owner: expect.stringContaining('Flux') },
    ]);
  });
});

test('leftAlone shows what does not move within a patch', () => {
  const text = (tag: string, replicas: number): string =>
    `patches:\n- patch: |\n    metadata: {name: web}\n    replicas: ${replicas}\n    containers: [{name: app, image: "a:${tag}"}]\n`;
  expect(editor.leftAlone(text('v1', 1), text('v2', 2), { patches: ['*'] })).toEqual([
    { path: 'patches[0].patch: replicas', source: '1', target: '2' },
  ]);
});

describe('write', () => {
  test('several images of one text on one line', () => {
    const text = `patches:\n- {target: {name: web}, patch: '[{"op":"add","path":"/a/image","value":"x:v1"},{"op":"add","path":"/b/image","value":"y:v1"}]'}\n`;
    const edits = ['a', 'b'].map((key) => ({ artifact: `web:/${key}/image`, version: { tag: 'v2' } }));
    const after = text.replaceAll('v1', 'v2');
    expect(editor.write(text, { patches: ['*'] }, edits)).toEqual({ ok: true, text: after });
    expect(editor.write(after, { patches: ['*'] }, edits)).toEqual({ ok: true, text: after });
  });

  test('a refusal of one of several images of a text names that one, and nothing is written', () => {
    const text =
      'patches:\n- patch: |\n    metadata: {name: web}\n    containers:\n    - {name: a, image: "a:v1"}\n    - {name: b, image: "{{ b }}"}\n';
    const edits = ['a', 'b'].map((name) => ({ artifact: `web/${name}`, version: { tag: 'v2' } }));
    expect(editor.write(text, { patches: ['*'] }, edits)).toEqual({
      ok: false,
      refusals: [{ line: 6, artifact: 'web/b', reason: expect.stringContaining('holds a template expression') }],
    });
  });

  test('many images of one patch take no time', () => {
    const paths = Array.from({ length: 1000 }, (_, index) => `/c/${index}/image`);
    const lines = paths.map((path) => `    - {op: add, path: ${path}, value: "a:v1"}\n`);
    const text = `patches:\n- target: {name: web}\n  patch: |\n${lines.join('')}`;
    expect(editor.find(text, { patches: ['*'] }).artifacts).toHaveLength(1000);
    const edits = paths.map((path) => ({ artifact: `web:${path}`, version: { tag: 'v2' } }));
    expect(editor.write(text, { patches: ['*'] }, edits)).toEqual({ ok: true, text: text.replaceAll('v1', 'v2') });
  });
});
