import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Version } from '../../src/domain/version.ts';
import { helmValuesEditor as editor, type HelmValuesWhere } from '../../src/editors/helm-values.ts';
import { describeEditorContract, type EditorSample } from '../contracts/editor.ts';

const tags = fc.oneof(
  fc.constantFrom('1.10', '0123', '1e5', 'on', 'null', '2024-01-02', '20240101123456', '0x1F', '_', 'v1.0.0-rc.1'),
  fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/).filter((tag) => tag.toLowerCase() !== 'latest'),
);
const digests = fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}`);
const repositories = fc.stringMatching(/^[a-z]{1,5}(?::[0-9]{4})?(?:\/[a-z0-9._-]{1,5}){1,2}$/);

/** The part of a file between two places, what it reads as afterwards, and the version that is asked for. */
interface Image {
  readonly head: string;
  readonly moving: string;
  readonly tail: string;
  readonly version: Version;
  readonly where: Omit<HelmValuesWhere, 'keys'>;
  readonly wanted: readonly (readonly [key: string, text: string | undefined])[];
}

const quoted = (text: string): fc.Arbitrary<string> => fc.constantFrom(text, `"${text}"`, `'${text}'`);

const inBlock: fc.Arbitrary<Image> = fc
  .record({
    tag: tags,
    digest: digests,
    repository: repositories,
    old: fc.constantFrom('v1', '1.10', '"0123"', "'on'", '""', '~', '!!str 1.0'),
    comment: fc.constantFrom('', ' # keep', '\t# {"$imagepolicy": "a:b"}', '  '),
    oldRepository: quoted('docker.io/acme/web'),
    key: fc.constantFrom('repository', 'image', 'name'),
    all: fc.boolean(),
  })
  // A part that stays keeps its spelling, and a bare `1.10` is no text for every reader.
  .filter(({ tag, old }) => tag !== old)
  .map(({ tag, digest, repository, old, comment, oldRepository, key, all }) => ({
    head: `\n    ${key}: ${all ? '' : `${oldRepository}\n    tag: `}`,
    moving: `${all ? `${oldRepository}\n    tag: ` : ''}${old}${comment}\n    # ф\n    digest: sha256:abc123`,
    tail: '\n    pullPolicy: Always\n',
    version: { ...(all ? { repository } : {}), tag, digest },
    where: all ? { with: ['repository'] } : {},
    wanted: [...(all ? [[key, repository] as const] : []), ['tag', tag], ['digest', digest]],
  }));

const inFlow: fc.Arbitrary<Image> = fc
  .record({ tag: tags, digest: digests, quote: fc.constantFrom('', '"', "'"), json: fc.boolean() })
  .map(({ tag, digest, quote, json }) => ({
    head: json ? ' {"repository": "acme/web",\n    "tag": ' : ' { repository: acme/web, tag: ',
    moving: json ? '"v1@sha256:abc123"' : `${quote}v1@sha256:abc123${quote}`,
    tail: json ? ',\n    "n": [1.50]}\n' : ' }  # {tag: v1}\n',
    version: { tag, digest },
    where: {},
    wanted: [['tag', `${tag}@${digest}`]],
  }));

const inOneText: fc.Arbitrary<Image> = fc
  .record({
    version: fc.oneof(
      tags.map((tag) => ({ tag })),
      fc.record({ tag: tags, digest: digests }),
    ),
    name: repositories,
    old: fc.constantFrom(':v1', ':v1@sha256:abc123', '@sha256:abc123', ''),
    quote: fc.constantFrom('', '"', "'"),
  })
  .map(({ version, name, old, quote }): Image => {
    const digest = 'digest' in version ? `@${version.digest}` : '';
    const wanted = [['', `${name}:${version.tag}${digest}`]] as const;
    return {
      head: ' ',
      moving: `${quote}${name}${old}${quote}`,
      tail: ' # keep\n',
      version,
      where: { only: 'tag' },
      wanted,
    };
  });

const frames = fc.record({
  bom: fc.boolean(),
  lineBreak: fc.constantFrom('\n', '\r\n'),
  start: fc.constantFrom(
    '',
    '---\n',
    '# ф: x\n---\n',
    'kind: ConfigMap\nmetadata: {name: web}\nspec: {web: {image: x}}\n---\n',
  ),
  key: fc.constantFrom('spec.web.image', 'spec.*.image', '*.w*.image', '/spec/web/image'),
  pinned: fc.boolean(),
});

const samples: fc.Arbitrary<EditorSample<HelmValuesWhere>> = fc
  .tuple(fc.oneof(inBlock, inFlow, inOneText), frames)
  .map(([{ head, moving, tail, version, where, wanted }, { bom, lineBreak, start, key, pinned }]) => {
    const broken = (text: string): string => text.replaceAll('\n', lineBreak);
    const several = start.includes('kind');
    const before = `${start}kind: Website\nspec:\n  web:\n   other: {tag: v1}\n   image:${head}`;
    const from = broken(before).length + (bom ? 1 : 0);
    const to = from + broken(moving).length;
    return {
      text: `${bom ? '\uFEFF' : ''}${broken(before + moving + tail)}last: v1`,
      where: { keys: [key], ...where, ...(several || pinned ? { document: { kind: 'Website' } } : {}) },
      edit: { artifact: 'spec.web.image', version },
      span: [from, to] as const,
      document: several ? 1 : 0,
      wanted: wanted.map(([name, text]) => [['spec', 'web', 'image', ...(name === '' ? [] : [name])], text] as const),
    };
  });

describeEditorContract({ editor, folder: 'helm-values-images', samples });

describe('find', () => {
  test.each([
    ['a map without a repository', 'image: {tag: v1}\n', ['image']],
    ['a map without a tag and a digest', 'image: {repository: r}\n', ['image']],
    ['a map whose repository is a map', 'image: {image: {a: b}, tag: v1}\n', ['image']],
    ['a list', 'image: [{repository: r, tag: v1}]\n', ['image']],
  ])('refuses %s, which is no image', (_, text, keys) => {
    expect(editor.find(text, { keys })).toEqual({
      artifacts: [],
      refusals: [
        { line: 1, artifact: 'image', reason: expect.stringMatching(/^image is a (?:map|list), not a single/) },
      ],
    });
  });

  test('a digest that is selected beside its tag by a pattern moves with it', () => {
    const text = 'a: {tag: latest, digest: sha256:abc}\nb: {tag: v1}\n';
    expect(editor.find(text, { keys: ['*.tag', '*.digest'] })).toEqual({
      artifacts: [
        { artifact: 'a.tag', version: { value: 'latest' }, line: 1, unit: 'a' },
        { artifact: 'b.tag', version: { value: 'v1' }, line: 2, unit: 'b' },
        { artifact: 'a.digest', version: { value: 'sha256:abc' }, line: 1, unit: 'a' },
      ],
      refusals: [],
    });
  });

  test('a digest beside a tag that a pattern found is refused as beside any other', () => {
    const { refusals } = editor.find('a: {tag: v1, digest: sha256:abc}\n', { keys: ['*.tag'] });
    expect(refusals).toMatchObject([{ artifact: 'a.tag', reason: expect.stringContaining('Add a.digest to keys.') }]);
  });

  test('a position in a list whose items have names is refused in a pointer too', () => {
    const { refusals } = editor.find('c:\n- {name: web, image: r/web:v1}\n', { keys: ['/c/0/image'] });
    expect(refusals).toMatchObject([
      { artifact: 'c[0].image', line: 2, reason: expect.stringContaining('write `c[name=web].image`') },
    ]);
  });

  test('more values than a person would name are a mistake', () => {
    const text = Array.from({ length: 502 }, (_, index) => `k${index}: v1\n`).join('');
    expect(editor.find(text, { keys: ['k*1*', 'k*', 'k7'] })).toEqual({
      artifacts: [{ artifact: 'k7', version: { value: 'v1' }, line: 8 }],
      refusals: [{ line: undefined, reason: expect.stringContaining('The keys with `*` fit 501 values') }],
    });
  });

  test('aliases that multiply and long maps take no time', () => {
    const bomb = Array.from({ length: 25 }, (_, level) => {
      const items = level === 0 ? 'k: v' : Array.from({ length: 9 }, (__, n) => `k${n}: *l${level - 1}`).join(', ');
      return `l${level}: &l${level} {${items}}\n`;
    });
    const keys = [Array.from({ length: 24 }, () => '*').join('.')];
    expect(editor.find(bomb.join(''), { keys }).artifacts).toEqual([]);
    const long = Array.from({ length: 20_000 }, (_, index) => `k${index}: {tag: v1}\n`).join('');
    expect(editor.find(long, { keys: ['*.tag'] }).refusals).toHaveLength(1);
    expect(
      editor.find(long, { keys: Array.from({ length: 90 }, (_, index) => `k${index}*.tag`) }).refusals,
    ).toHaveLength(1);
  });
});

describe('write', () => {
  test.each([
    [{ value: '' }, 'must be one text, under `value`, that is not empty'],
    [{}, 'must be one text'],
    [{ tag: 'v1', digest: '' }, 'must not have an empty digest'],
  ])('refuses the version %j for an image in one text', (version, reason) => {
    const where: HelmValuesWhere = { keys: ['image'], emptyTag: 'appVersion' };
    expect(editor.write('image: r/web:v1\n', where, [{ artifact: 'image', version }])).toEqual({
      ok: false,
      refusals: [{ line: undefined, artifact: 'image', reason: expect.stringContaining(reason) }],
    });
  });
});

describe('leftAlone', () => {
  test('the parts of an image that move are not listed, those that stay are', () => {
    const [source, target] = ['docker.io, repository: a/web, tag: v2', 'ghcr.io, repository: b/web, tag: v1'].map(
      (text) => `image: {registry: ${text}}\nn: 1\n`,
    );
    const left = (where: HelmValuesWhere): readonly string[] =>
      editor.leftAlone(source ?? '', target ?? '', where).map(({ path }) => path);
    expect(left({ keys: ['image'] })).toEqual(['image.registry', 'image.repository']);
    expect(left({ keys: ['*'], with: ['repository'] })).toEqual(['image.registry']);
  });

  test('what a pattern fits is not listed', () => {
    const left = editor.leftAlone('a: {tag: v2}\nb: 1\n', 'a: {tag: v1}\nb: 2\n', { keys: ['*.tag'] });
    expect(left.map(({ path }) => path)).toEqual(['b']);
  });
});

describe('options', () => {
  test('know a JSON pointer by its path with dots', () => {
    expect(editor.options.parse({ keys: ['/spec/image', 'a.*'] })).toEqual({ keys: ['spec.image', 'a.*'] });
  });

  test.each([
    [{ keys: ['a.**'] }, 'holds `**`'],
    [{ keys: ['a.b', '/a/b'] }, 'a.b is named twice'],
    [{ keys: ['a'], with: [] }, 'with'],
    [{ keys: ['a'], with: ['tag'] }, 'with'],
    [{ keys: ['a'], only: 'digest' }, 'only'],
    [{ keys: ['a'], only: 'tag', with: ['registry'] }, '`with` makes more move than the tag and `only` less'],
    [{ keys: ['a'], emptyTag: true }, 'emptyTag'],
    [{ keys: ['a'], document: { labels: 'x' } }, 'labels'],
  ])('refuses %j', (value, problem) => {
    const parsed = editor.options.safeParse(value);
    expect(parsed.success).toBe(false);
    expect(JSON.stringify(parsed.error?.issues)).toContain(problem);
  });
});

describe('a tag beside a digest', () => {
  const digest = `sha256:${'a'.repeat(64)}`;

  test.each([
    ['image.tag', `image: {tag: v1, sha: ${'a'.repeat(64)}}`, 'image.sha stands beside image.tag'],
    ['IMAGE_TAG', `IMAGE_TAG: v1\nIMAGE_DIGEST: ${digest}`, 'IMAGE_DIGEST stands beside IMAGE_TAG'],
    ['imageSha', `imageTag: v1\nimageSha: ${'a'.repeat(64)}`, 'imageTag stands beside imageSha'],
    ['image.tag', `x: &x {sha: a}\nimage: {tag: v1, <<: *x}`, 'image.sha stands beside image.tag'],
  ])('%s in %j does not move alone', (key, text, reason) => {
    expect(editor.find(text, { keys: [key] })).toMatchObject({
      artifacts: [],
      refusals: [{ artifact: key, reason: expect.stringContaining(reason) }],
    });
  });

  test('moves with it', () => {
    const text = `IMAGE_TAG: latest\nIMAGE_DIGEST: ${digest}\n`;
    const { artifacts } = editor.find(text, { keys: ['IMAGE_TAG', 'IMAGE_DIGEST'] });
    expect(artifacts.map(({ unit }) => unit)).toEqual(['IMAGE', 'IMAGE']);
  });

  test.each([`{tag: v1, sha: ""}`, '{tag: v1, sha:  }', '{tag: v1, sha: ~}'])('moves alone in %s', (image) => {
    expect(editor.find(`image: ${image}\n`, { keys: ['image.tag'] }).artifacts).toHaveLength(1);
  });

  test('a branch under a key that is a revision is none', () => {
    expect(editor.find('targetRevision: HEAD\n', { keys: ['targetRevision'] })).toMatchObject({
      artifacts: [],
      refusals: [
        { reason: expect.stringContaining('whatever was pushed last'), present: { version: { value: 'HEAD' } } },
      ],
    });
  });
});
