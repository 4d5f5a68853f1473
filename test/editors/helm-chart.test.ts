import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { helmChartEditor as editor, type HelmChartWhere } from '../../src/editors/helm-chart.ts';
import { describeEditorContract, type EditorSample } from '../contracts/editor.ts';

const versions = fc.oneof(
  fc.constantFrom('1.2.3', 'v0.0.0', '10.20.30-rc.1+build.5', '2024.01.02', '1.2.3.4', '1.0.0-0123', '0123abc'),
  fc.stringMatching(/^v?[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}(?:-[a-z0-9.]{1,5})?$/).filter((text) => !/\.x/i.test(text)),
);

const samples: fc.Arbitrary<EditorSample<HelmChartWhere>> = fc
  .record({
    version: versions,
    old: fc.constantFrom('1.2.3', '"1.2.3"', "'^1.2'", '', '~', '!!str 1.10', '&v 1.0.0'),
    comment: fc.constantFrom('', ' # keep', '   ', '\t# ф'),
    alias: fc.constantFrom('', 'cache'),
    flow: fc.boolean(),
    before: fc.constantFrom('', '# ф\n', '---\napiVersion: v2\nname: shop\n', '%YAML 1.2\n---\n'),
    bom: fc.boolean(),
    lineBreak: fc.constantFrom('\n', '\r\n'),
    other: fc.boolean(),
  })
  .map(({ version, old, comment, alias, flow, before, bom, lineBreak, other }) => {
    const broken = (text: string): string => text.replaceAll('\n', lineBreak);
    const others = other ? '- name: web\n  version: "1.10"\n' : '';
    const name = alias === '' ? '' : flow ? `, alias: ${alias}` : `\n  alias: ${alias}`;
    const open = flow ? `- {name: redis${name}, version:` : `- name: redis${name}\n  version:`;
    const head = `${bom ? '\uFEFF' : ''}${broken(`${before}dependencies:\n${others}${open}${old === '' ? '' : ' '}`)}`;
    const kept = /^(?:!!str |&v )?/u.exec(old)?.[0].length ?? 0;
    const tail = flow ? ` , repository: "@x"}${comment}\n` : `${comment}\n  repository: "@x"\n`;
    return {
      text: head + old + broken(`${tail}- {name: last, version: 1.0.0}\n`),
      where: { dependencies: [alias === '' ? 'redis' : 'c*'] },
      edit: { artifact: alias === '' ? 'redis' : alias, version: { version } },
      span: [head.length + kept, head.length + old.length] as const,
      wanted: [[['dependencies', other ? 1 : 0, 'version'], version]] as const,
    };
  });

describeEditorContract({ editor, folder: 'helm-chart', samples });

describe('leftAlone', () => {
  test('lists what else differs, and dependencies that may not move', () => {
    const chart = (web: string, api: string, version: string): string =>
      `version: ${version}\ndependencies:\n- {name: web, version: ${web}}\n- {name: api, version: ${api}}\n`;
    const left = editor.leftAlone(chart('1.1.0', '1.1.0', '0.2.0'), chart('1.0.0', '1.0.0', '0.1.0'), {
      dependencies: ['web'],
    });
    expect(left).toEqual([
      { path: 'version', source: '0.2.0', target: '0.1.0' },
      { path: 'dependencies[api].version', source: '1.1.0', target: '1.0.0' },
    ]);
  });
});

describe('options', () => {
  test.each([{}, { dependencies: [] }, { dependencies: [''] }, { dependencies: ['a'], keys: ['b'] }])(
    'refuses %j',
    (value) => {
      expect(editor.options.safeParse(value).success).toBe(false);
    },
  );
});
