import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { helmChartsEditor as editor, type HelmChartsWhere } from '../../src/editors/helm-charts.ts';
import { describeEditorContract, type EditorSample } from '../contracts/editor.ts';

const versions = fc
  .oneof(
    fc.constantFrom('1.10', '0123', '1e3', 'on', 'null', '2024-01-02', '1.2.3+build.5', 'v1.0.0-rc.1', '0x1F', '_'),
    fc.stringMatching(/^[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{1,2}(?:-[a-z]{1,5})?$/),
  )
  .filter((version) => !/^x$/i.test(version));

const samples: fc.Arbitrary<EditorSample<HelmChartsWhere>> = fc
  .record({
    version: versions,
    old: fc.constantFrom('18.1.0', '1.10', '>=1.2.3', ''),
    quote: fc.constantFrom('', '"', "'"),
    flow: fc.boolean(),
    byRelease: fc.boolean(),
    twice: fc.boolean(),
    comment: fc.constantFrom('', ' # keep: {x}', '   '),
    lineBreak: fc.constantFrom('\n', '\r\n'),
    bom: fc.constantFrom('', '\uFEFF'),
    tail: fc.constantFrom('', '---\nhelmCharts: [{name: redis, version: 1}]\n', '# ende 😀'),
  })
  .map(({ version, old, quote, flow, byRelease, twice, comment, lineBreak, bom, tail }) => {
    const broken = (text: string): string => text.replaceAll('\n', lineBreak);
    const other = twice ? '- {name: redis, releaseName: queue, version: 1.0.0}\n' : '- {name: nginx, version: 1.0.0}\n';
    const start = flow ? '- {name: redis, repo: r, version: ' : '- name: redis\n  repo: r\n  version: ';
    const end = flow ? `, releaseName: cache}${comment}\n` : `${comment}\n  releaseName: cache\n`;
    const head = `${bom}${broken(`# карты\nkind: Kustomization\nhelmCharts:\n${other}${start}`)}`;
    // A range begins with a character that is none of a bare word, and what is empty may be glued to the comma.
    const token = quote === '' && !/^\w/u.test(old) ? `'${old}'` : `${quote}${old}${quote}`;
    return {
      text: head + token + broken(end + tail),
      where: { helmCharts: byRelease ? ['redis/*'] : ['*'] },
      edit: { artifact: byRelease || twice ? 'redis/cache' : 'redis', version: { version } },
      span: [head.length, head.length + token.length] as const,
      wanted: [[['helmCharts', 1, 'version'], version]] as const,
    };
  });

describeEditorContract({ editor, folder: 'helm-charts', samples });

describe('find', () => {
  const chart = (fields: string): string => `helmCharts:\n- {name: redis, repo: r, ${fields}}\n`;

  test.each([
    ['a range', 'version: "~18.1"', '`~18.1` is a range of versions'],
    ['a version with an x', 'version: 18.x', 'is a range of versions'],
    ['an empty version', 'version: ""', 'redis has no version to move'],
    ['no version', 'namespace: a', 'helmCharts[0].version is missing'],
    ['two versions', 'version: 1, version: 2', 'is written more than once'],
    ['a template', 'version: "{{ .v }}"', 'holds a template expression'],
  ])('refuses %s, and names the artifact', (_, fields, reason) => {
    expect(editor.find(chart(fields), { helmCharts: ['*'] })).toMatchObject({
      artifacts: [],
      refusals: [{ artifact: 'redis', line: 2, reason: expect.stringContaining(reason) }],
    });
  });

  test('a range is told, so that a version may take its place', () => {
    const [refusal] = editor.find(chart('version: ^18'), { helmCharts: ['*'] }).refusals;
    expect(refusal?.present).toEqual({ artifact: 'redis', version: { version: '^18' }, line: 2 });
  });

  test.each([
    [['redis'], ['redis']],
    [['redis/cache'], ['redis/cache']],
    [['redis', 'redis/cache'], ['redis/cache']],
    [['*'], ['redis']],
    [['*/*'], ['redis/cache']],
    [['red'], []],
    [['redis/queue'], []],
  ])('%j selects %j of a chart that is rendered once', (helmCharts, names) => {
    const found = editor.find(chart('releaseName: cache, version: 1.0.0'), { helmCharts });
    expect([found.artifacts.map(({ artifact }) => artifact), found.refusals]).toEqual([names, []]);
  });

  test('two releases of one name are refused, since nothing tells them apart', () => {
    const text = 'helmCharts:\n- {name: redis, repo: r, version: 1.0.0}\n- {name: redis, repo: r, version: 1.1.0}\n';
    const { artifacts, refusals } = editor.find(text, { helmCharts: ['*'] });
    expect([artifacts, refusals.map(({ artifact }) => artifact)]).toEqual([[], ['redis/']]);
  });

  test('an entry whose name is merged in is refused, since it may be any', () => {
    const text = 'x: &x {name: redis}\nhelmCharts:\n- {<<: *x, version: 1.0.0}\n';
    expect(editor.find(text, { helmCharts: ['*'] }).refusals).toEqual([
      { line: 3, reason: 'helmCharts[0] has its name twice or only through the merge key <<. Write it out once.' },
    ]);
  });

  test('a renovate comment is told', () => {
    const text = 'helmCharts:\n- name: redis\n  repo: r\n  # renovate: datasource=helm\n  version: 1.0.0\n';
    expect(editor.find(text, { helmCharts: ['*'] }).artifacts).toMatchObject([
      { artifact: 'redis', owner: expect.stringContaining('Renovate') },
    ]);
  });

  test.each(['resources: []\n', 'helmCharts:\n', 'helmCharts: []\n', 'helmCharts: [{version: 1.0.0}]\n'])(
    '%j holds no charts and nothing wrong',
    (text) => {
      expect(editor.find(text, { helmCharts: ['*'] })).toEqual({ artifacts: [], refusals: [] });
    },
  );

  test('what is no list is refused', () => {
    expect(editor.find('helmCharts: {name: redis}\n', { helmCharts: ['*'] }).refusals).toEqual([
      { line: 1, reason: 'helmCharts is a map; only a list that is written there can be edited.' },
    ]);
  });
});

test('leftAlone shows what does not move', () => {
  const text = (version: string, tag: string): string =>
    `helmCharts:\n- {name: redis, repo: r, version: ${version}, valuesInline: {tag: ${tag}}}\n- {name: b, repo: r, version: ${version}}\n`;
  expect(editor.leftAlone(text('1.0.0', 'a'), text('2.0.0', 'b'), { helmCharts: ['redis'] })).toEqual([
    { path: 'helmCharts[redis].valuesInline.tag', source: 'a', target: 'b' },
    { path: 'helmCharts[b].version', source: '1.0.0', target: '2.0.0' },
  ]);
});
