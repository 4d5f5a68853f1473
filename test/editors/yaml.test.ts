import { describe, expect, test } from 'vitest';
import { readYaml, type YamlFile, type YamlNode } from '../../src/editors/yaml.ts';

function read(text: string): YamlFile {
  const result = readYaml(text);
  if (!result.ok) throw new Error(result.refusal.reason);
  return result.file;
}

/** A node as the text it stands for, with what matters about it. */
function show(file: YamlFile, node: YamlNode | undefined): unknown {
  if (node === undefined) return undefined;
  switch (node.kind) {
    case 'scalar':
      return [node.style, node.text, file.text.slice(node.start, node.end)];
    case 'alias':
      return ['alias', node.name, show(file, node.target)];
    case 'list':
      return node.items.map((item) => show(file, item));
    case 'map':
      return new Map(
        node.entries.map(({ key, value }) => [key.kind === 'scalar' ? key.text : key.kind, show(file, value)]),
      );
  }
}

function value(text: string): unknown {
  const file = read(text);
  const root = file.documents[0]?.root;
  return show(file, root?.kind === 'map' ? root.entries.at(-1)?.value : undefined);
}

describe('readYaml', () => {
  test.each([
    ['a: 1.10', ['plain', '1.10', '1.10']],
    ['a: 7e12345 # c', ['plain', '7e12345', '7e12345']],
    ["a: 'it''s'", ['single', "it's", "'it''s'"]],
    ['a: "x\\u0041\\n"', ['double', 'xA\n', '"x\\u0041\\n"']],
    ['a: |-\n  x\n  y\nb: 1'.replace('\nb: 1', ''), ['block', 'x\ny', '|-\n  x\n  y']],
    ['a: >\r\n  x\r\n  y\r\n', ['block', 'x y\n', '>\r\n  x\r\n  y\r\n']],
    ['a:', ['plain', '', '']],
    ['a: &x !!str y', ['plain', 'y', 'y']],
    ['a: x\n  y', ['plain', 'x y', 'x\n  y']],
    ['\uFEFFa: é😀', ['plain', 'é😀', 'é😀']],
    ['b: &x v\na: *x', ['alias', 'x', ['plain', 'v', 'v']]],
    ['b: &x v\nc: &x w\na: *x', ['alias', 'x', ['plain', 'w', 'w']]],
    ['a: *x', ['alias', 'x', undefined]],
    ['a: &x [*x]', [['alias', 'x', undefined]]],
    [
      'a: [1, {b: c, d}, []]',
      [
        ['plain', '1', '1'],
        new Map([
          ['b', ['plain', 'c', 'c']],
          ['d', undefined],
        ]),
        [],
      ],
    ],
    ['a: !!timestamp x', ['plain', 'x', 'x']],
    ['a: !!binary "xx"', ['double', 'xx', '"xx"']],
    ['a: {{ x }}', new Map([['map', undefined]])],
  ])('%j', (text, expected) => {
    expect(value(text)).toEqual(expected);
  });

  test('counts the aliases of a node, and keeps tags in full', () => {
    const root = read('a: &x !!str v\nb: [*x, *x]\n*x : 1\n').documents[0]?.root;
    const first = root?.kind === 'map' ? root.entries[0]?.value : undefined;
    expect(first).toMatchObject({ anchor: 'x', tag: 'tag:yaml.org,2002:str', aliases: [18, 22, 26] });
  });

  test.each([
    ['a: 1\n', [5]],
    ['a: 1\n# c\n\n', [10]],
    ['a: 1\n# c\n---\nb: 2\n...\n# d\n', [9, 18]],
    ['---\n---\n', [4, 8]],
    ['a: |\n  ...\nb: 1', [15]],
    ['', []],
    ['# c', []],
  ])('%j has documents that end at %j', (text, ends) => {
    expect(read(text).documents.map(({ end }) => end)).toEqual(ends);
  });

  test.each([
    ['a: [', 1, 'The file is not valid YAML: '],
    ['a: 1\n\tb: 2', 2, 'Correct it.'],
    ['a: 1\nb: {{ x }}y', 2, 'a template cannot be edited safely'],
    ['a: 1\n{{ x }}\n', 2, 'It holds {{ … }}'],
    ['a: b: c', 1, 'Nested mappings are not allowed'],
    ['a: 1\n---\n"x\n', 4, 'not valid YAML'],
    ['a: "x"#y', 1, 'not valid YAML'],
    ['a: \0', 1, 'U+0000'],
    ['a: 1\nsops:\n  mac: x\n', 2, 'The file is encrypted'],
    ['a: 1\n---\nsops: {lastmodified: "x"}\n', 3, 'The file is encrypted'],
    ['apiVersion: v1\nkind: SealedSecret\n', 2, 'The file is encrypted'],
  ])('refuses %j', (text, line, reason) => {
    expect(readYaml(text)).toEqual({ ok: false, refusal: { line, reason: expect.stringContaining(reason) } });
  });

  test.each(['a:', '-'])('refuses lines that each open a level with %j', (opening) => {
    const nested = (depth: number): string =>
      Array.from({ length: depth }, (_, level) => ' '.repeat(level) + opening).join('\n');
    expect(readYaml(`${nested(63)} 1`).ok).toBe(true);
    const refusal = { line: expect.any(Number), reason: expect.stringContaining('nested more than 64 deep') };
    expect(readYaml(`${nested(66)} 1`)).toEqual({ ok: false, refusal });
  });

  test.each(['sops: {enabled: true}\n', 'sops: x\n', 'kind: Secret\n', 'a: {sops: {mac: x}}\n'])(
    '%j is not encrypted',
    (text) => {
      expect(readYaml(text).ok).toBe(true);
    },
  );

  test('never throws on what exhausts the parser', () => {
    expect(readYaml(`${' '.repeat(10)}`.repeat(10)).ok).toBe(true);
    expect(readYaml('{"":'.repeat(60)).ok).toBe(false);
  });
});
