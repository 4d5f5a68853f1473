import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Version } from '../../src/domain/version.ts';
import { manifestEditor as editor, type ManifestWhere } from '../../src/editors/manifest.ts';
import { describeEditorContract, type EditorSample } from '../contracts/editor.ts';

const tags = fc
  .oneof(
    fc.constantFrom('1.10', '0123', '1e5', 'on', 'null', '2024-01-02', '20240101123456', '0x1F', '_', 'v1.0.0-rc.1'),
    fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/),
  )
  .filter((tag) => tag.toLowerCase() !== 'latest');
const digests = fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}`);
const versions: fc.Arbitrary<Version> = fc.oneof(
  tags.map((tag) => ({ tag })),
  digests.map((digest) => ({ digest })),
  fc.record({ tag: tags, digest: digests }),
);
const names = fc.constantFrom('web', 'ghcr.io/acme/web', 'localhost:5000/a/b', 'registry.example.com/x_y');
const written = fc.constantFrom(':v1', '', ':v1@sha256:abc123', '@sha256:abc123');
const quotes = fc.constantFrom('', '"', "'");

const samples: fc.Arbitrary<EditorSample<ManifestWhere>> = fc
  .record({
    version: versions,
    name: names,
    old: written,
    quote: quotes,
    init: fc.boolean(),
    comment: fc.constantFrom('', ' # keep', '   '),
    before: fc.constantFrom('', '---\n', '# ф\n---\nkind: ConfigMap\nmetadata: {name: other}\n---\n'),
    lineBreak: fc.constantFrom('\n', '\r\n'),
  })
  .map(({ version, name, old, quote, init, comment, before, lineBreak }) => {
    const list = init ? 'initContainers' : 'containers';
    const head = `${before}apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n      ${list}:\n      - image: `;
    const token = `${quote}${name}${old}${quote}`;
    const tail = `${comment}\n        name: app\n      - {name: proxy, image: "envoy:1.10"}\n`;
    const broken = (text: string): string => text.replaceAll('\n', lineBreak);
    const start = broken(head).length;
    const documents = before.includes('kind') ? 1 : 0;
    const text = `${name}${version['tag'] === undefined ? '' : `:${version['tag']}`}${version['digest'] === undefined ? '' : `@${version['digest']}`}`;
    return {
      text: broken(head + token + tail),
      where: { containers: ['app'] },
      edit: { artifact: 'web/app', version },
      span: [start, start + token.length] as const,
      document: documents,
      wanted: [[['spec', 'template', 'spec', list, 0, 'image'], text]] as const,
    };
  });

describeEditorContract({ editor, folder: 'manifest', samples });

describe('find', () => {
  const deployment = (name: string, image: string): string =>
    `kind: Deployment\nmetadata: {name: ${name}}\nspec: {template: {spec: {containers: [{name: app, image: ${image}}]}}}\n`;

  test('every container of every document, in whatever kind of workload', () => {
    const cron =
      'kind: CronJob\nmetadata: {name: tidy}\nspec:\n  jobTemplate: {spec: {template: {spec: {containers: [{name: run, image: "a/b:1"}]}}}}\n';
    const text = `${deployment('web', 'a/web:v1')}---\n${cron}`;
    const { artifacts, refusals } = editor.find(text, { containers: ['*'] });
    expect(refusals).toEqual([]);
    expect(artifacts).toMatchObject([
      { artifact: 'web/app', version: { tag: 'v1' }, line: 3 },
      { artifact: 'tidy/run', version: { tag: '1' } },
    ]);
  });

  test('where the document is named, an artifact is called by its container, the same in every environment', () => {
    const text = `${deployment('web-dev', 'a/web:v1')}---\n${deployment('web-staging', 'a/web:v0')}`;
    const where = { containers: ['app'], document: { kind: 'Deployment', name: 'web-staging' } };
    expect(editor.find(text, where).artifacts).toMatchObject([{ artifact: 'app', version: { tag: 'v0' } }]);
  });

  test.each([
    ['latest', 'a/web:latest', 'names whatever was pushed last'],
    ['no tag', 'a/web', 'web/app has no version to move'],
    ['no image', '"a web"', 'holds no version of web/app'],
    ['a template', '"{{ .Values.image }}"', 'holds a template expression'],
  ])('refuses %s, and names the artifact', (_, image, reason) => {
    const { artifacts, refusals } = editor.find(deployment('web', image), { containers: ['app'] });
    expect(artifacts).toEqual([]);
    expect(refusals).toMatchObject([{ artifact: 'web/app', line: 3, reason: expect.stringContaining(reason) }]);
  });

  test('a mark of another bot is told', () => {
    const text =
      'kind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: app\n    image: a/web:v1 # {"$imagepolicy": "apps:web"}\n';
    expect(editor.find(text, { containers: ['app'] }).artifacts).toMatchObject([
      { artifact: 'web/app', owner: expect.stringContaining('Flux') },
    ]);
  });

  test('one name for two containers is refused', () => {
    const text = `${deployment('web', 'a/web:v1')}---\n${deployment('web', 'a/web:v2')}`;
    const { artifacts, refusals } = editor.find(text, { containers: ['*'] });
    expect(artifacts).toEqual([]);
    expect(refusals).toMatchObject([{ artifact: 'web/app', reason: expect.stringContaining('more than one place') }]);
  });
});
