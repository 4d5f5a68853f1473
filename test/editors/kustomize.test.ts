import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Version } from '../../src/domain/version.ts';
import { kustomizeEditor as editor, type KustomizeWhere } from '../../src/editors/kustomize.ts';
import { describeEditorContract, type EditorSample } from '../contracts/editor.ts';

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;

const tags = fc.oneof(
  fc.constantFrom(
    '1.10',
    '0123',
    '1e5',
    '7e12345',
    'on',
    'n',
    'null',
    '2024-01-02',
    '0x1F',
    '0o17',
    '1_000',
    'latest',
    '_',
  ),
  fc.stringMatching(/^v?[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{1,2}(?:-rc\.[0-9])?$/),
  fc.stringMatching(/^[0-9a-f]{7}$/),
  fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,10}$/),
  fc.stringMatching(/^[a-z]{1,3}@sha256:[0-9a-f]{64}$/),
);
const digests = fc.constantFrom(digest('a'), digest('1'), 'sha256:bbb', 'sha512:0123');
const versions: fc.Arbitrary<Version> = fc.oneof(
  fc.record({ newTag: tags }),
  fc.record({ digest: digests }),
  fc.record({ newTag: tags, digest: digests }),
);
/** A moving tag without its digest is no version, and is never found. */
const pinned = versions.filter(({ newTag, digest }) => digest !== undefined || newTag?.toLowerCase() !== 'latest');

/** How entries may be written: in lines in any order of fields, or in braces. */
interface Layout {
  readonly flow: boolean;
  readonly margin: string;
  readonly gap: string;
  readonly quote: string;
  readonly comment: string;
  readonly nameFirst: boolean;
}
const layouts: fc.Arbitrary<Layout> = fc.record({
  flow: fc.boolean(),
  margin: fc.constantFrom('', '  ', '    '),
  gap: fc.constantFrom(' ', '   '),
  quote: fc.constantFrom('', "'", '"'),
  comment: fc.constantFrom('', ' # why: {x}', '  '),
  nameFirst: fc.boolean(),
});

function entry(name: string, version: Version, { flow, margin, gap, quote, comment, nameFirst }: Layout): string {
  const fields = Object.entries(version).map(([key, text]) => `${key}: ${quote}${text}${quote}`);
  const named = [`name: ${name}`, 'newName: "r/x"'];
  const all = nameFirst ? [...named, ...fields, 'tagSuffix: -a'] : [...fields, ...named];
  if (flow) return `${margin}-${gap}{${all.join(', ')}}${comment}\n`;
  return `${margin}-${gap}${all.join(`${comment}\n${margin} ${gap}`)}${comment}\n`;
}

const quotable: fc.Arbitrary<Version> = fc.oneof(
  fc.constant({ newTag: 'v1' }),
  fc.constant({ digest: digest('9') }),
  fc.constant({ newTag: 'v1', digest: digest('9') }),
  fc.constant({}),
);

const samples: fc.Arbitrary<EditorSample<KustomizeWhere>> = fc
  .record({
    layout: layouts,
    current: fc.option(quotable, { nil: undefined }),
    version: pinned,
    newName: fc.constantFrom(undefined, '', 'ghcr.io/acme/web', 'r/x', 'localhost:5000/a'),
    lineBreak: fc.constantFrom('\n', '\r\n'),
    bom: fc.constantFrom('', '\uFEFF'),
    cut: fc.boolean(),
    tail: fc.constantFrom(
      '',
      'resources: [ a, b ]\n',
      '\n# end\npatches:\n- patch: |-\n    x   \n',
      '---\nimages:\n- name: web\n',
    ),
    others: fc.subarray(['api', 'ghcr.io/acme/job']),
    between: fc.constantFrom('', '\n', '# the site\n'),
  })
  .map(({ layout, current, version: tagged, newName, lineBreak, bom, cut, tail, others, between }) => {
    const broken = (text: string): string => text.replaceAll('\n', lineBreak);
    const head = bom + broken('# имя 😀\nkind: Component\n');
    const rest = others.map((name) => entry(name, { newTag: 'v1' }, layout)).join('');
    const listed = current === undefined ? '' : entry('web', current, layout);
    const lead = head + broken(rest + listed === '' ? '' : `images:\n${rest}${between}`);
    const text = lead + broken(listed + tail);
    const whole = cut ? text.trimEnd() : text;
    // An entry may change from its dash to the end of its last line; one that is added may stand anywhere behind the head.
    const line = broken(listed).length - lineBreak.length;
    const span = current === undefined ? [head.length, whole.length] : [lead.length, lead.length + line];
    const [start = 0, end = 0] = span.map((offset) => Math.min(offset, whole.length));
    const index = others.length;
    // Undefined where the name does not move, empty where it is to go.
    const version: Version = { ...(newName ? { newName } : {}), ...tagged };
    const kept = current === undefined ? undefined : 'r/x';
    return {
      text: whole,
      where: { images: ['*'], ...(newName === undefined ? {} : { newName: true }) },
      edit: { artifact: 'web', version },
      span: [start, end],
      wanted: [
        ...(current === undefined ? ([[['images', index, 'name'], 'web']] as const) : []),
        [['images', index, 'newTag'], version['newTag']],
        [['images', index, 'digest'], version['digest']],
        [['images', index, 'newName'], newName === undefined ? kept : version['newName']],
      ],
    };
  });

describeEditorContract({ editor, folder: 'kustomize', samples });

const all = { images: ['*'] };

describe('find', () => {
  test('reads the parts that are there, as they are written', () => {
    const text = `images:
- name: web
  newTag: 1.10
- newTag: 'v2' # site
  name: api
  digest: ${digest('a')}
- {name: job, digest: "${digest('b')}"}
- name: moved
  newName: elsewhere
- name: same
  newTag: &tag v3@${digest('c')}
- name: again
  newTag: *tag
`;
    expect(editor.find(text, all)).toEqual({
      artifacts: [
        { artifact: 'web', version: { newTag: '1.10' }, line: 3 },
        { artifact: 'api', version: { newTag: 'v2', digest: digest('a') }, line: 4 },
        { artifact: 'job', version: { digest: digest('b') }, line: 7 },
        { artifact: 'same', version: { newTag: `v3@${digest('c')}` }, line: 11 },
        { artifact: 'again', version: { newTag: `v3@${digest('c')}` }, line: 13 },
      ],
      refusals: [],
    });
  });

  test.each(['latest', '"Latest"', 'LATEST'])('the tag %s is refused, whatever else the entry says', (tag) => {
    expect(editor.find(`images:\n- name: web\n  newName: r/web\n  newTag: ${tag}\n`, all)).toEqual({
      artifacts: [],
      refusals: [
        {
          line: 4,
          reason: expect.stringContaining('`latest` names whatever was pushed last'),
          artifact: 'web',
          present: { artifact: 'web', version: { newTag: tag.replaceAll('"', '') }, line: 4 },
        },
      ],
    });
  });

  test.each([
    [['web'], ['web']],
    [['*'], ['web', 'ghcr.io/acme/web', 'ghcr.io/acme/api', 'ghcr.io/other/web']],
    [['ghcr.io/acme/*'], ['ghcr.io/acme/web', 'ghcr.io/acme/api']],
    [['*/web'], ['ghcr.io/acme/web', 'ghcr.io/other/web']],
    [
      ['ghcr.io/*/web', 'web'],
      ['web', 'ghcr.io/acme/web', 'ghcr.io/other/web'],
    ],
    [['*a*/*b*'], ['ghcr.io/acme/web']],
    [['we'], []],
    [['webweb*'], []],
    [['ghcr.io/acme/web*web'], []],
  ])('%j selects %j', (images, names) => {
    const text = ['web', 'ghcr.io/acme/web', 'ghcr.io/acme/api', 'ghcr.io/other/web'].map(
      (name) => `- {name: ${name}, newTag: v1}\n`,
    );
    const found = editor.find(`images:\n${text.join('')}`, { images });
    expect(found.artifacts.map(({ artifact }) => artifact)).toEqual(names);
  });

  test('a pattern of many stars takes no time', () => {
    const images = [`${'*a'.repeat(1000)}b`];
    const text = `images:\n- {name: ${'a'.repeat(5000)}, newTag: v1}\n`;
    expect(editor.find(text, { images }).artifacts).toEqual([]);
  });

  test.each([
    [
      'an image listed twice',
      '- {name: web, newTag: v1}\n- name: web\n',
      2,
      'web is listed more than once, in lines 2 and 3',
    ],
    [
      'an empty tag',
      '- name: web\n  newTag: ""\n',
      3,
      'images[0].newTag is empty, which Kustomize takes for no newTag',
    ],
    ['a tag of null', '- {name: web, newTag: ~}\n', 2, 'images[0].newTag is empty'],
    ['a tag of several lines', '- name: web\n  newTag: |\n    v1\n', 3, 'images[0].newTag holds several lines'],
    [
      'a part that is merged in',
      '- {name: web, newTag: v1, <<: {digest: x}}\n',
      2,
      'images[0].digest has a value only through',
    ],
    ['an entry that is an alias of nothing', '- *x\n', 2, 'images[0] is the alias *x'],
    ['an entry without a name', '- newTag: v1\n', 2, 'images[0] has no single name'],
    ['an entry with two names', '- {name: web, name: api}\n', 2, 'images[0] has no single name'],
    ['an entry that is a text', '- web:v1\n', 2, 'images[0] is a single value; an image is a map with a name'],
    ['an entry with a tag', '- !x {name: web, newTag: v1}\n', 2, 'images[0] carries the tag !x'],
  ])('refuses %s', (_, items, line, reason) => {
    const found = editor.find(`images:\n${items}`, all);
    expect(found.refusals).toContainEqual(expect.objectContaining({ line, reason: expect.stringContaining(reason) }));
    expect(found.artifacts).toEqual([]);
  });

  test.each([
    ['nothing selected is read', '- name: api\n  newTag: ""\n- name: api\n'],
    ['an alias of an entry that is not selected is no matter', '- &x {name: api, newTag: v1}\n- *x\n'],
  ])('%s', (_, items) => {
    expect(editor.find(`images:\n${items}`, { images: ['web'] })).toEqual({ artifacts: [], refusals: [] });
  });

  test.each(['resources: []\n', 'images:\n', 'images: []\n'])('%j holds no images and nothing wrong', (text) => {
    expect(editor.find(text, all)).toEqual({ artifacts: [], refusals: [] });
  });

  test.each([
    ['', undefined, 'The file is empty'],
    ['- a\n', 1, 'The file is a list, not a kustomization.'],
    ['images: *x\n', 1, 'images is the alias *x; only a list'],
    ['a: 1\napiVersion: v1\n', 2, 'its apiVersion is another'],
    ['<<: {images: []}\n', 1, 'images has a value only through the merge key'],
  ])('refuses the file %j', (text, line, reason) => {
    expect(editor.find(text, all)).toEqual({
      artifacts: [],
      refusals: [{ line, reason: expect.stringContaining(reason) }],
    });
  });
});

describe('write', () => {
  const write = (text: string, version: Version): unknown => editor.write(text, all, [{ artifact: 'web', version }]);

  test.each([
    [{}, 'is empty'],
    [{ value: 'v1' }, 'has the field value; an image has newTag and digest'],
    [{ newTag: '-v1' }, 'no registry allows'],
    [{ newTag: `v${'1'.repeat(128)}` }, 'no registry allows'],
    [{ newTag: 'v1@sha256:abc' }, 'no registry allows'],
    [{ newTag: 'v1\n' }, 'no registry allows'],
    [{ newTag: 'v1', digest: 'abc' }, 'a digest that is none'],
  ])('refuses the version %j', (version, reason) => {
    expect(write('images:\n- name: web\n  newTag: v1\n', version)).toEqual({
      ok: false,
      refusals: [{ line: undefined, reason: expect.stringContaining(reason), artifact: 'web' }],
    });
  });

  test('refuses two versions for one image', () => {
    const edits = ['v1', 'v2'].map((newTag) => ({ artifact: 'web', version: { newTag } }));
    expect(editor.write('resources: []\n', all, edits)).toMatchObject({ ok: false, refusals: [{}, {}] });
  });
});

describe('leftAlone', () => {
  const source =
    'resources:\n- ../base\nimages:\n- name: web\n  newName: r/web\n  newTag: v2\n- name: api\n  newTag: v2\n';
  const target =
    'resources:\n- ../base\n- pdb.yaml\nimages:\n- name: api\n  newTag: v1\n- name: web\n  newTag: v1\n---\nx: 1\n';

  test('an image is known by its name, and its newName is not moved', () => {
    expect(editor.leftAlone(source, target, all)).toEqual([
      { path: 'images[web].newName', source: 'r/web', target: undefined },
      { path: 'resources[1]', source: undefined, target: 'pdb.yaml' },
    ]);
  });

  test('newName is not shown where it moves', () => {
    const where = { images: ['*'], newName: true };
    expect(editor.leftAlone(source, target, where)).toEqual([
      { path: 'resources[1]', source: undefined, target: 'pdb.yaml' },
    ]);
  });

  test('versions of images that are not selected are shown', () => {
    expect(editor.leftAlone(source, target, { images: ['web'] })).toContainEqual({
      path: 'images[api].newTag',
      source: 'v2',
      target: 'v1',
    });
  });

  test('a chart is not taken for an image of the same place and name', () => {
    const chart = (name: string): string => `helmCharts:\n- name: ${name}\nimages:\n- name: web\n  newTag: v1\n`;
    expect(editor.leftAlone(chart('a'), chart('b'), all)).toEqual([
      { path: 'helmCharts[a].name', source: 'a', target: undefined },
      { path: 'helmCharts[b].name', source: undefined, target: 'b' },
    ]);
  });

  test('an image only one of them has is not listed by its name', () => {
    expect(
      editor.leftAlone('images:\n- {name: web, newTag: v1}\n', 'images:\n- {name: api, newTag: v1}\n', all),
    ).toEqual([]);
  });
});

describe('options', () => {
  test.each([{ images: [] }, { images: [''] }, { images: ['a b'] }, { images: ['*'], file: 'x' }, {}])(
    'refuses %j',
    (value) => {
      expect(editor.options.safeParse(value).success).toBe(false);
    },
  );

  test('the schema can be published with its explanations', () => {
    expect(z.toJSONSchema(editor.options, { io: 'input' })).toMatchObject({
      additionalProperties: false,
      properties: { images: { type: 'array', description: expect.stringContaining('Images that may move') } },
    });
  });
});
