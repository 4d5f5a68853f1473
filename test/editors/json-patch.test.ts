import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonPatchEditor as editor, type JsonPatchWhere } from '../../src/editors/json-patch.ts';
import { describeEditorContract, type EditorSample } from '../contracts/editor.ts';

const tags = fc
  .oneof(
    fc.constantFrom('1.10', '0123', '1e5', 'on', 'null', '2024-01-02', '0x1F', '_', 'v1.0.0-rc.1', '~'),
    fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/),
  )
  .filter((tag) => tag.toLowerCase() !== 'latest');

const image = '/spec/template/spec/containers/0/image';
const label = '/metadata/labels/acme.example~1version';

const samples: fc.Arbitrary<EditorSample<JsonPatchWhere>> = fc
  .record({
    tag: tags,
    isImage: fc.boolean(),
    json: fc.boolean(),
    quote: fc.constantFrom('', '"', "'"),
    op: fc.constantFrom('add', 'replace'),
    valueFirst: fc.boolean(),
    comment: fc.constantFrom('', ' # keep', '   '),
    lineBreak: fc.constantFrom('\n', '\r\n'),
    bom: fc.constantFrom('', '\uFEFF'),
    head: fc.constantFrom('', '# ф\n', '---\n'),
  })
  .filter(({ tag, isImage }) => !isImage || tag !== '~')
  .map(({ tag, isImage, json, quote, op, valueFirst, comment, lineBreak, bom, head }) => {
    const broken = (text: string): string => text.replaceAll('\n', lineBreak);
    const path = isImage ? image : label;
    const [before, after] = isImage ? ['ghcr.io/a/web:v1', `ghcr.io/a/web:${tag}`] : ['1.9', tag];
    const mark = json ? '"' : quote;
    const block = valueFirst
      ? ['- value: ', `${comment}\n  op: ${op}\n  path: ${path}\n`]
      : [`- op: ${op}\n  path: ${path}\n  value: `, `${comment}\n`];
    const fields = [`[\n\t{"op": "${op}", "path": "${path}", "value": `, '},\n\t{"op": "remove", "path": "/x"}\n]'];
    const [start = '', end = ''] = json ? fields : block;
    const lead = bom + broken((json ? '' : head) + start);
    const token = `${mark}${before}${mark}`;
    return {
      text: lead + token + broken(end),
      where: { jsonPatch: ['*'] },
      edit: { artifact: path, version: isImage ? { tag } : { value: tag } },
      span: [lead.length, lead.length + token.length] as const,
      wanted: [[[0, 'value'], after]] as const,
    };
  });

describeEditorContract({ editor, folder: 'json-patch', samples });

describe('find', () => {
  const operation = (fields: string): string => `- {${fields}}\n`;

  test.each([
    [['*'], [image, label]],
    [['*/image'], [image]],
    [[image], [image]],
    [['/metadata/*'], [label]],
    [['image'], []],
  ])('%j selects %j', (jsonPatch, names) => {
    const text = [image, label].map((path) => operation(`op: add, path: ${path}, value: "a:v1"`)).join('');
    expect(editor.find(text, { jsonPatch }).artifacts.map(({ artifact }) => artifact)).toEqual(names);
  });

  test.each([
    ['an image that moves', `op: add, path: ${image}, value: "a:latest"`, image, 'names whatever was pushed last'],
    ['a tag that moves', 'op: add, path: /tag, value: latest', '/tag', 'names whatever was pushed last'],
    ['an image without a tag', `op: add, path: ${image}, value: a/b`, image, 'has no version to move'],
    ['an empty value', 'op: add, path: /tag, value: ', '/tag', 'has no version to move'],
    ['no value', 'op: add, path: /tag', '/tag', '[0].value is missing'],
    ['two values', 'op: add, path: /tag, value: a, value: b', '/tag', 'is written more than once'],
  ])('refuses %s, and names the artifact', (_, fields, artifact, reason) => {
    expect(editor.find(operation(fields), { jsonPatch: ['*'] })).toMatchObject({
      artifacts: [],
      refusals: [{ artifact, line: 1, reason: expect.stringContaining(reason) }],
    });
  });

  test.each([
    'op: remove, path: /a, value: b',
    'op: test, path: /a, value: b',
    'op: move, path: /a, from: /b',
    'op: add, path: a, value: b',
    'op: add, path: /a, value: {b: c}',
    'op: add, path: /a, value: [b]',
    'path: /a, value: b',
  ])('the operation {%s} holds no version', (fields) => {
    expect(editor.find(operation(fields), { jsonPatch: ['*'] })).toEqual({ artifacts: [], refusals: [] });
  });

  test('what follows the first document is ignored, as Kustomize does', () => {
    const text = '- {op: add, path: /a, value: v1}\n---\n- {op: add, path: /a, value: v2}\n';
    expect(editor.find(text, { jsonPatch: ['*'] }).artifacts).toEqual([
      { artifact: '/a', version: { value: 'v1' }, line: 1 },
    ]);
  });
});

test('a list right behind a byte order mark is read and written', () => {
  const text = '\uFEFF- op: add\n  path: /a\n  value: v1\n';
  expect(editor.write(text, { jsonPatch: ['*'] }, [{ artifact: '/a', version: { value: 'v2' } }])).toEqual({
    ok: true,
    text: text.replace('v1', 'v2'),
  });
});

test('leftAlone shows what does not move', () => {
  const text = (value: string): string =>
    `- {op: add, path: /a, value: ${value}}\n- {op: add, path: /b, value: ${value}}\n`;
  expect(editor.leftAlone(text('v1'), text('v2'), { jsonPatch: ['/a'] })).toEqual([
    { path: '[1].value', source: 'v1', target: 'v2' },
  ]);
});
