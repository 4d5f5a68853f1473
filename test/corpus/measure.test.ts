import { describe, expect, test } from 'vitest';
import type { EditorLookup } from './choice.ts';
import { type CorpusFile, corpusFiles } from './corpus-files.ts';
import { type Measured, measure, ownEditors } from './measure.ts';
import { isFlawless, renderReport } from './report.ts';
import { scan } from './scalars.ts';

const folder = new URL('../fixtures/corpus/', import.meta.url).pathname;

describe('a folder of hard files', () => {
  const measured = measure(corpusFiles(`${folder}plain`));

  test('every version is edited minimally and right, or refused for a reason that is right', () => {
    expect(renderReport(measured)).toBe(
      [
        'files                                    11  1 of them no YAML as they stand',
        'versions found                           44',
        'edits tried                              83',
        'minimal and right                        55  66.3 %',
        '  by keys                                41',
        '  by containers                           7',
        '  by images                               7',
        'refused                                  28  33.7 %',
        '  anchor that is repeated elsewhere       4',
        '  duplicate                               4',
        '  empty tag or version                    4',
        '  position in a list with names           4',
        '  encrypted                               2',
        '  several lines of text                   2',
        '  substitution                            2',
        '  tag other than !!str                    2',
        '  template                                2',
        '  value only through a merge              2',
        'wrong                                     0',
      ].join('\n'),
    );
    expect(isFlawless(measured)).toBe(true);
  });
});

test('a folder of every dialect: nothing is wrong, and nothing refused but for a good reason', () => {
  expect(isFlawless(measure(corpusFiles(`${folder}dialects`)))).toBe(true);
});

describe('versions are found', () => {
  const found = [...corpusFiles(`${folder}dialects`)].flatMap(({ path, text }) => {
    const scanned = scan(text);
    return scanned.ok ? scanned.scalars.map((scalar) => ({ file: path, source: text, scalar })) : [];
  });

  test('in whatever dialect a file is written', () => {
    const lines = found.map(({ file, scalar: { line, places, form } }) => {
      const way = places.map(({ document, segments }) => [document, ...segments].join('/')).join(' › ');
      return `${file}:${line} ${way} ${form.kind}`;
    });
    expect(lines).toEqual([
      'Chart.yaml:3 0/version whole',
      'Chart.yaml:4 0/appVersion whole',
      'Chart.yaml:7 0/dependencies/0/version whole',
      'application.yaml:9 0/spec/source/targetRevision whole',
      'application.yaml:13 0/spec/source/helm/parameters/0/value whole',
      'application.yaml:20 0/spec/source/helm/values › 0/image/tag whole',
      'flux.yaml:6 0/spec/ref/tag whole',
      'flux.yaml:16 1/spec/chart/spec/version whole',
      'flux.yaml:18 1/spec/values/image/tag whole',
      'flux.yaml:27 2/spec/postBuild/substitute/WEB_VERSION whole',
      'kustomization.yaml:2 0/resources/0 ref',
      'kustomization.yaml:3 0/resources/1 ref',
      'kustomization.yaml:7 0/helmCharts/0/version whole',
      'kustomization.yaml:12 0/configMapGenerator/0/literals/1 assigned',
      'kustomization.yaml:18 0/patches/0/patch › 0/0/value image',
      'kustomization.yaml:29 0/patches/1/patch › 0/spec/template/spec/containers/0/image image',
    ]);
  });

  test('with the characters they are written with, also in a text within a text', () => {
    for (const { source, scalar } of found) {
      const token = source.slice(...(scalar.span ?? [0, 0]));
      expect(token).toBe(`${scalar.quote}${scalar.text}${scalar.quote}`);
      expect(source.split('\n')[scalar.line - 1]).toContain(token);
    }
  });

  test('in a block with Windows line breaks', () => {
    const text = 'spec:\r\n  values: |\r\n    a: ü\r\n    tag: v1\r\n';
    const scanned = scan(text);
    expect(scanned.ok && scanned.scalars.map(({ span, line }) => [text.slice(...(span ?? [0, 0])), line])).toEqual([
      ['v1', 4],
    ]);
  });
});

describe('the judge finds', () => {
  const before = 'image:\r\n  tag: "v1" # keep\r\n  pullPolicy: Always\r\n';
  const file: CorpusFile = { path: 'values.yaml', text: before, named: true };

  const withDamage = (damage: (text: string) => string): Measured => {
    const lookup: EditorLookup = (key) => {
      const own = ownEditors(key);
      if (own === undefined) return undefined;
      return {
        ...own,
        write(text, where, edits) {
          const written = own.write(text, where, edits);
          return written.ok ? { ok: true, text: damage(written.text) } : written;
        },
      };
    };
    return measure([file], lookup);
  };

  test('nothing wrong with an edit that is right', () => {
    expect(renderReport(withDamage((text) => text))).toMatch(/^wrong +0$/mu);
  });

  test.each<[string, (text: string) => string, string]>([
    ['quotes that changed', (text) => text.replace(/"(.*)"/u, "'$1'"), 'the quotes changed'],
    ['quotes that are gone', (text) => text.replaceAll('"', ''), 'the quotes changed'],
    ['a comment that is lost', (text) => text.replace(' # keep', ''), 'characters outside of the scalar changed'],
    ['another value that changed', (text) => text.replace('Always', 'Never'), 'pullPolicy"] changed too'],
    ['other line breaks', (text) => text.replaceAll('\r\n', '\n'), 'characters outside of the scalar changed'],
    ['another version', (text) => text.replace(/"(.*)"/u, '"$10"'), 'YAML 1.1 reads "v9.8.7-rc.10"'],
    ['a further document', (text) => `${text}---\r\na: b\r\n`, 'the file has 2 documents, not 1'],
    ['a text that is no YAML', (text) => `${text}  - [`, 'the file is no YAML any more'],
    ['an edit that goes on and on', (text) => `${text}# more\r\n`, 'a second time changes something'],
  ])('%s', (_, damage, problem) => {
    const measured = withDamage(damage);
    expect(isFlawless(measured)).toBe(false);
    const report = renderReport(measured);
    expect(report).toMatch(/^wrong +2$/mu);
    expect(report).toContain('values.yaml:2 0:/image/tag (keys): ');
    expect(report).toContain(problem);
  });

  test('a number where a text was asked for', () => {
    const measured = measure([{ ...file, text: 'tag: v1\n' }], (key) => {
      const own = ownEditors(key);
      if (own === undefined) return undefined;
      return {
        ...own,
        write(text, where, edits) {
          const written = own.write(text, where, edits);
          return written.ok ? { ok: true, text: written.text.replaceAll('"', '') } : written;
        },
      };
    });
    expect(renderReport(measured)).toContain('YAML 1.2 reads 1.1, not "1.10"');
  });
});

test('a refusal for a reason that is none is not accepted, and its place is told', () => {
  const refusal = { line: 1, reason: 'tag has 3 legs.' };
  const measured = measure([{ path: 'a.yaml', text: 'tag: v1\n', named: true }], (key) => {
    const own = ownEditors(key);
    return own && { ...own, write: () => ({ ok: false, refusals: [refusal] }) };
  });
  expect(isFlawless(measured)).toBe(false);
  expect(renderReport(measured)).toContain('  NOT ACCEPTED: tag has N legs.');
  expect(renderReport(measured)).toContain('a.yaml:1 0:/tag: tag has N legs.');
});
