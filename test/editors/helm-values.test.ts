import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { helmValuesEditor as editor } from '../../src/editors/helm-values.ts';
import { describeEditorContract, type EditorSample } from '../contracts/editor.ts';

/** Texts a version might be, and texts that break those who do not quote. */
const versions = fc.oneof(
  fc.constantFrom('1.10', '0123', '1e5', '7e12345', 'on', 'y', 'null', '~', '2024-01-02', '12:30:45', '0x1F', '0o17'),
  fc.constantFrom('1_000', '=', '<<', '.inf', '1234567', '12e4567', ' x', 'x ', '- x', 'a: b', 'a #b', '*', '&a', '!t'),
  fc.constantFrom(
    '@x',
    '`x',
    '%x',
    '|',
    '>',
    '?',
    '[',
    '{',
    '},',
    "'",
    '"',
    '\\',
    '\t',
    'a\nb',
    'x:',
    '#',
    '---',
    '...',
  ),
  fc.stringMatching(/^v?[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}(?:-rc\.[0-9])?$/),
  fc.stringMatching(/^ghcr\.io\/[a-z]{1,8}\/[a-z]{1,8}:[a-z0-9._-]{1,12}(?:@sha256:[0-9a-f]{64})?$/),
  fc.stringMatching(/^[0-9a-f]{7}$/),
  fc.stringMatching(/^[-+.0-9_:eExob]{1,8}$/),
  fc.string({ minLength: 1, unit: 'binary', maxLength: 12 }),
  fc.string({ minLength: 1, maxLength: 12 }),
);
const version = versions.filter((text) => text.isWellFormed() && !/\$\{|\{\{|^ENC\[|(?:^|:)latest$/iu.test(text));

const written = fc.constantFrom(
  'v1',
  "'v1'",
  '"v1"',
  '',
  '""',
  '~',
  '1.10',
  '!!str 1.0',
  '&a v1',
  '"v\\x31"',
  "'it''s'",
  'ф😀',
);
const blocks = fc.constantFrom('|\n      v1\n', '>-\n      v1\n      v2\n\n', '|2+ # why\n      x\n\n');

interface Parts {
  readonly head: string;
  readonly token: string;
  readonly tail: string;
  readonly path: readonly (string | number)[];
  /** The key that selects it, where that is not the path itself. */
  readonly key?: string;
}

/** Files in which the value at `app.image.tag` or the like is known by its place. */
const parts: fc.Arbitrary<Parts> = fc.oneof(
  fc.record({ token: written, comment: fc.constantFrom('', ' # {"$imagepolicy": "a:b"}', '\t# ф: x', '   ') }).map(
    ({ token, comment }): Parts => ({
      head: `# top\napp:\n  other: v1   # keep\n  image:\n    tag: `.slice(0, token === '' ? -1 : undefined),
      token,
      tail: `${comment}\n    n: 1.10\n  list:\n  -   a\n  - "b"\n\nlast: |+\n  text  \n\n`,
      path: ['app', 'image', 'tag'],
    }),
  ),
  blocks.map(
    (token): Parts => ({
      head: `app:\n  image:\n    tag: `,
      token: token.trimEnd(),
      tail: `${token.slice(token.trimEnd().length)}    after: { x: 1 , y: [ 1,2 ] }\n`,
      path: ['app', 'image', 'tag'],
    }),
  ),
  written.map(
    (token): Parts => ({
      head: `имя: "x: {y}"\nlist:\n- {a: 😀, ${token === '' ? 'tag:' : 'tag: '}`,
      token,
      tail: `${token === '' ? ' ' : ''}, z: [v1, 'v1']} # {tag: v1}\n- tag: v1\nzz: &z {<<: {q: 1}}`,
      path: ['list', 0, 'tag'],
    }),
  ),
  fc
    .record({ token: written, name: fc.constantFrom('app', 'a b', 'x=y', '1.10', 'ф'), index: fc.nat(2) })
    .map(({ token, name, index }): Parts => {
      const others = ['proxy', 'ap'].map((other) => `- name: ${other}\n  image: v1\n`);
      const head = `containers:\n${others.slice(0, index).join('')}- name: "${name}"\n  image: `;
      const tail = `\n${others.slice(index).join('')}last: v1\n`;
      const path = ['containers', index, 'image'];
      return {
        head: head.slice(0, token === '' ? -1 : undefined),
        token,
        tail,
        path,
        key: `containers[name=${name}].image`,
      };
    }),
  fc
    .record({ token: written, depth: fc.integer({ min: 1, max: 14 }), indent: fc.constantFrom(1, 2, 4) })
    .map(deepParts),
  fc.constantFrom('"v1"', 'null', '1.0').map(
    (token): Parts => ({
      head: `{\n\t"app": {"tag":`,
      token,
      tail: `,\n\t\t"n": 1.50}\n}\n`,
      path: ['app', 'tag'],
    }),
  ),
);

/** A value below ever deeper maps, lists and lists of lists, with a neighbour on every level above and below it. */
function deepParts({ token, depth, indent }: { token: string; depth: number; indent: number }): Parts {
  const levels = Array.from({ length: depth }, (_, level) => ' '.repeat(level * (indent + 4)));
  const opened = levels.map(
    (blanks, level) => `${blanks}a${level}: v1\n${blanks}m${level}:\n${blanks}${' '.repeat(indent)}- - `,
  );
  const closed = levels.map((blanks, level) => `${blanks}z${level}: [v1, {tag: v1}]\n`).toReversed();
  const [first = '', ...others] = opened;
  const inner = ' '.repeat(depth * (indent + 4));
  return {
    head: `${first}${others.map((text) => text.trimStart()).join('')}a: v1\n${inner}tag:${token === '' ? '' : ' '}`,
    token,
    tail: ` # end\n${inner}z: v1\n${closed.join('')}`,
    path: [...levels.flatMap((_, level) => [`m${level}`, 0, 0]), 'tag'],
  };
}

const frames = fc.record({
  bom: fc.boolean(),
  lineBreak: fc.constantFrom('\n', '\r\n'),
  start: fc.constantFrom('', '---\n', '# c\n---\n', '%YAML 1.2\n---\n'),
  cutEnd: fc.boolean(),
});

const samples: fc.Arbitrary<EditorSample<{ keys: readonly string[] }>> = fc
  .tuple(parts, frames, version)
  .map(([{ head, token, tail, path, key: selector }, { bom, lineBreak, start, cutEnd }, value]) => {
    const broken = (text: string): string => text.replaceAll('\n', lineBreak);
    const before = `${bom ? '\uFEFF' : ''}${broken(start + head)}`;
    // An explicit tag and an anchor stay: only what is behind them may change.
    const kept = /^(?:!!str |&a )?/u.exec(token)?.[0].length ?? 0;
    const behind = cutEnd && tail.trimEnd() !== '' ? tail.trimEnd() : tail;
    const spelt = path.reduce<string>(
      (text, one) => (typeof one === 'number' ? `${text}[${one}]` : text === '' ? one : `${text}.${one}`),
      '',
    );
    const key = selector ?? spelt;
    const text = before + broken(token) + broken(behind);
    return {
      text,
      where: { keys: [key] },
      edit: { artifact: key, version: { value } },
      span: [before.length + kept, before.length + broken(token).length],
      wanted: [[path, value]],
    };
  });

describeEditorContract({ editor, folder: 'helm-values', samples });

describe('find', () => {
  test('reads what is written, never what a number or a date would be', () => {
    const text =
      'a: 1.10\nb: "0123"\nc: \'7e12345\'\nd: 2024-01-02 # day\ne: !!str 1e5\nf: &x on\ng: *x\nh:\n  - image: r:v1@sha256:abc\n';
    const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h[0].image'];
    const found = editor.find(text, { keys });
    expect(found.refusals).toEqual([]);
    expect(found.artifacts).toEqual([
      { artifact: 'a', version: { value: '1.10' }, line: 1 },
      { artifact: 'b', version: { value: '0123' }, line: 2 },
      { artifact: 'c', version: { value: '7e12345' }, line: 3 },
      { artifact: 'd', version: { value: '2024-01-02' }, line: 4 },
      { artifact: 'e', version: { value: '1e5' }, line: 5 },
      { artifact: 'f', version: { value: 'on' }, line: 6 },
      { artifact: 'g', version: { value: 'on' }, line: 7 },
      { artifact: 'h[0].image', version: { value: 'r:v1@sha256:abc' }, line: 9 },
    ]);
  });

  test.each([
    ['an empty tag', 'image:\n  tag: ""\n', 'image.tag', 2, "an empty tag means the chart's appVersion"],
    ['no tag', 'image:\n  tag:\n', 'image.tag', 2, "an empty tag means the chart's appVersion"],
    ['null', 'image: null\n', 'image', 1, 'image is empty, so there is no version to move'],
    ['several lines', 'tag: |\n  v1\n', 'tag', 1, 'tag holds several lines of text'],
    ['a missing key', 'tag: v1\n', 'image', 1, 'image is missing. Pawl never adds a key'],
    [
      'a key that is missing below a value',
      'image: v1\n',
      'image.tag',
      1,
      'image.tag is missing: image is a single value.',
    ],
    ['a key without a value', '{image}\n', 'image', 1, 'image has no value: write a colon after it.'],
    ['a map', 'image:\n  tag: v1\n', 'image', 2, 'image is a map, not a single value.'],
    ['a substitution', `tag: v\${V}\n`, 'tag', 1, 'holds a substitution'],
    ['a value behind a merge', 'x: &x {t: v1}\ny: {<<: *x}\n', 'y.t', 2, 'only through the merge key <<'],
    ['a list of merges', 'x: &x {t: v1}\ny: {<<: [*x, {}]}\n', 'y.t', 2, 'only through the merge key <<'],
    ['a path through an alias', 'x: &x {t: v1}\ny: *x\n', 'y.t', 2, 'y.t is reached only through the alias *x'],
    ['a map with a tag', 'x: !env {t: v1}\n', 'x.t', 1, 'x carries the tag !env'],
    ['an item that is not there', 'c:\n- {name: a, i: v1}\n', 'c[name=b].i', 2, 'no item of c has the name b'],
    [
      'an item that is there twice',
      'c:\n- {name: a, i: v1}\n- {name: a, i: v2}\n',
      'c[name=a].i',
      2,
      '2 items have the name a, in lines 2 and 3',
    ],
    ['an item by its position', 'c:\n- {i: v1, name: a}\n', 'c[0].i', 2, 'the items have names: write `c[name=a].i`.'],
    ['a tag that moves', 'i:\n  tag: latest\n', 'i.tag', 2, '`latest` names whatever was pushed last'],
    ['a tag that moves, in capitals', 'imageTag: "Latest"\n', 'imageTag', 1, '`latest` names whatever was pushed last'],
    ['a tag that moves beside an empty digest', 'tag: latest\ndigest: ""\n', 'tag', 1, 'promote the digest with it'],
    ['an image with a tag that moves', 'i: r:5000/web:latest\n', 'i', 1, '`latest` names whatever was pushed last'],
    ['a digest beside', 'tag: v1\ndigest: sha256:abc\n', 'tag', 1, 'Add digest to keys.'],
    [
      'a digest merged in',
      'b: &b {digest: sha256:abc}\ni:\n  <<: *b\n  tag: v1\n',
      'i.tag',
      4,
      'Add i.digest to keys.',
    ],
    ['a tag beside', 'i:\n  digest: sha256:abc\n  tag: v1\n', 'i.digest', 2, 'Add i.tag to keys.'],
    ['no text at all', '', 'tag', undefined, 'The file is empty.'],
    ['only a comment', '# c\n---\n', 'tag', 2, 'tag is missing: The document is empty.'],
    ['two documents', 'tag: v1\n---\n', 'tag', 2, 'Helm reads only the first'],
    ['a template', '{{- if .x }}\ntag: v1\n{{- end }}\n', 'tag', 1, 'a template cannot be edited safely'],
  ])('refuses %s', (_, text, key, line, reason) => {
    const found = editor.find(text, { keys: [key] });
    expect(found.artifacts).toEqual([]);
    expect(found.refusals).toMatchObject([{ line, reason: expect.stringContaining(reason) }]);
  });

  test('a tag and a digest that are both selected are two artifacts', () => {
    const found = editor.find('i:\n  tag: v1\n  digest: sha256:abc\n', { keys: ['i.tag', 'i["digest"]'] });
    expect(found.refusals).toEqual([]);
    expect(found.artifacts.map(({ artifact }) => artifact)).toEqual(['i.tag', 'i["digest"]']);
  });

  test.each([
    ['tag: latest\ndigest: sha256:abc\n', ['tag', 'digest']],
    ['c: [{name: a, imageTag: latest, imageDigest: x}]\n', ['c[name=a].imageTag', 'c[name=a].imageDigest']],
    ['image: r/web:latest@sha256:abc\n', ['image']],
    ['image: {tag: latest@sha256:abc}\n', ['image.tag']],
    ['image: {tag: latest-1}\n', ['image.tag']],
    ['image: {repository: latest}\n', ['image.repository']],
  ])('%j says for good which image runs', (text, keys) => {
    const found = editor.find(text, { keys });
    expect(found.refusals).toEqual([]);
    expect(found.artifacts.map(({ artifact }) => artifact)).toEqual(keys);
  });

  test('a digest that is selected and empty does not hold a tag that moves', () => {
    const { artifacts, refusals } = editor.find('tag: latest\ndigest: ""\n', { keys: ['tag', 'digest'] });
    expect(artifacts).toEqual([]);
    expect(refusals.map(({ line }) => line)).toEqual([1, 2]);
  });

  test('an item is found by its name wherever it stands', () => {
    const keys = ['containers[name=app].image'];
    const files = [
      '[{name: app, image: a:1}, {name: proxy, image: p:1}]',
      '[{name: proxy, image: p:2}, {name: app, image: a:2}]',
    ];
    const found = files.map((list) => editor.find(`containers: ${list}\n`, { keys }).artifacts);
    expect(found.flat().map(({ version }) => version)).toEqual([{ value: 'a:1' }, { value: 'a:2' }]);
  });

  test.each(['digest: ""', 'digest: ~', 'digest:', 'digests: x'])('a tag may move alone beside "%s"', (line) => {
    expect(editor.find(`tag: v1\n${line}\n`, { keys: ['tag'] })).toMatchObject({
      artifacts: [{ artifact: 'tag' }],
      refusals: [],
    });
  });

  test('a key that is no path is refused, wherever it comes from', () => {
    const reason = expect.stringContaining('"a..b" is no path to a value');
    expect(editor.find('a: v1\n', { keys: ['a..b'] })).toEqual({
      artifacts: [],
      refusals: [{ line: undefined, artifact: 'a..b', reason }],
    });
  });

  test('one key that cannot be read does not hide the others', () => {
    const found = editor.find('a: v1\nb: [x]\n', { keys: ['a', 'b'] });
    expect(found.artifacts).toHaveLength(1);
    expect(found.refusals).toHaveLength(1);
  });
});

describe('write', () => {
  test('a version with other fields than value is refused', () => {
    const written = editor.write('tag: v1\n', { keys: ['tag'] }, [
      { artifact: 'tag', version: { value: 'v2', digest: 'x' } },
    ]);
    expect(written).toEqual({
      ok: false,
      refusals: [{ line: undefined, artifact: 'tag', reason: expect.stringContaining('must be one text') }],
    });
  });

  test('two edits of one value are refused', () => {
    const edits = ['tag', '["tag"]'].map((artifact) => ({ artifact, version: { value: artifact } }));
    const written = editor.write('tag: v1\n', { keys: ['tag', '["tag"]'] }, edits);
    expect(written).toEqual({ ok: false, refusals: [{ line: undefined, reason: expect.stringContaining('by hand') }] });
  });

  test('two edits of one empty value are refused', () => {
    const edits = ['tag', '["tag"]'].map((artifact) => ({ artifact, version: { value: 'v2' } }));
    expect(editor.write('tag:\n', { keys: ['tag', '["tag"]'] }, edits)).toMatchObject({ ok: false });
  });

  test('half a surrogate pair cannot be written', () => {
    const written = editor.write('tag: v1\n', { keys: ['tag'] }, [{ artifact: 'tag', version: { value: '\uD800' } }]);
    expect(written).toEqual({
      ok: false,
      refusals: [{ line: 1, artifact: 'tag', reason: expect.stringContaining('cannot be written in YAML') }],
    });
  });

  test('no edit leaves the text as it is', () => {
    expect(editor.write('tag:   v1', { keys: ['tag'] }, [])).toEqual({ ok: true, text: 'tag:   v1' });
  });
});

describe('leftAlone', () => {
  const source = 'image:\n  tag: v2\nreplicas: 3\nenv:\n- name: A\n  value: x\n- name: B\n  value: y\nonly: here\n';
  const target = 'image:\n  tag: v1\nreplicas: 5\nenv:\n- name: B\n  value: z\n- name: A\n  value: x\nextra: [a, b]\n';

  test('lists what differs and does not move, items of a list by name', () => {
    expect(editor.leftAlone(source, target, { keys: ['image.tag'] })).toEqual([
      { path: 'replicas', source: '3', target: '5' },
      { path: 'env[B].value', source: 'y', target: 'z' },
      { path: 'only', source: 'here', target: undefined },
      { path: 'extra[0]', source: undefined, target: 'a' },
      { path: 'extra[1]', source: undefined, target: 'b' },
    ]);
  });

  test('what moves by its name is not listed, at whatever index each file has it', () => {
    const paths = editor
      .leftAlone(source, target, { keys: ['image.tag', 'env[name=B].value'] })
      .map(({ path }) => path);
    expect(paths).toEqual(['replicas', 'only', 'extra[0]', 'extra[1]']);
  });

  test('what moves by its index is not listed', () => {
    expect(editor.leftAlone('a: [x, y]\n', 'a: [x, z]\n', { keys: ['a[1]'] })).toEqual([]);
  });

  test('has nothing to say about files that cannot be read', () => {
    expect(editor.leftAlone('a: [', target, { keys: ['a'] })).toEqual([]);
  });
});

describe('options', () => {
  test.each([
    [{ keys: [] }, 'keys'],
    [{ keys: ['a..b'] }, '"a..b" is no path to a value'],
    [{ keys: ['a.__proto__.b'] }, 'goes through __proto__'],
    [{ keys: ['a', '["a"]'] }, 'is named twice'],
    [{ keys: ['a[name=x].b', 'a[name=x]["b"]'] }, 'is named twice'],
    [{ keys: ['a[name="x"].b'] }, 'an item of a list as [name=app]'],
    [{ keys: ['a'], file: 'x' }, 'file'],
    [{}, 'keys'],
  ])('refuses %j', (value, problem) => {
    const parsed = editor.options.safeParse(value);
    expect(parsed.success).toBe(false);
    expect(JSON.stringify(parsed.error?.issues)).toContain(JSON.stringify(problem).slice(1, -1));
  });

  test('the schema can be published with its explanations', () => {
    expect(z.toJSONSchema(editor.options, { io: 'input' })).toMatchObject({
      additionalProperties: false,
      properties: { keys: { type: 'array', description: expect.stringContaining('Values that may move') } },
    });
  });
});
