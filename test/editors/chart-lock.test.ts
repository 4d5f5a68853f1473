import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeChartLock } from '../../src/editors/chart-lock.ts';
import type { Edit } from '../../src/editors/editor.ts';
import { helmChartEditor as editor } from '../../src/editors/helm-chart.ts';
import { editorOf } from '../../src/editors/index.ts';
import { tryRun, withoutHelm } from '../tools/kubernetes.ts';

/** A chart and the lock that Helm 4.1.4 wrote for it, with all that goes into the digest. */
const chart = `apiVersion: v2
name: shop
version: 0.1.0
dependencies:
- name: a
  version: 1.2.3
  repository: file://../a
  condition: a.enabled&<x>
  tags: [web, 'x']
  import-values:
  - data
  - parent: p
    child: c
  alias: aa
- name: b
  repository: "file://../b"
  version: "1.2.3"
  enabled: true
  unknown: x
`;
const lock = `dependencies:
- name: a
  repository: file://../a
  version: 1.2.3
- name: b
  repository: file://../b
  version: 1.2.3
digest: sha256:fc0ffb4a9898c5e057835befa787f88bc8609f7be9ab2e050577b3f71a43f698
generated: "2026-11-25T02:29:24.203669104Z"
`;
/** What Helm works out when both charts have these versions. */
const moved = { aa: '1.3.0', b: '2.0.0' };
const movedDigest = 'sha256:acd078b357dcab3458474bb46f3cbefc84ab9b775641bb362e7e9e47a27aa5a2';
const movedLock = lock
  .replace('version: 1.2.3', 'version: 1.3.0')
  .replace('version: 1.2.3', 'version: 2.0.0')
  .replace(/sha256:[0-9a-f]+/u, movedDigest);

function edited(text: string, versions: Readonly<Record<string, string>>): string {
  const edits = Object.entries(versions).map(([artifact, version]): Edit => ({ artifact, version: { version } }));
  const written = editor.write(text, { dependencies: ['*'] }, edits);
  if (!written.ok) throw new Error(JSON.stringify(written.refusals));
  return written.text;
}

describe('the companion of dependencies', () => {
  test('is Chart.lock, whoever asks', () => {
    for (const one of [editor, editorOf('dependencies')]) {
      expect(one.companion?.file).toBe('Chart.lock');
      expect(one.companion?.write(lock, edited(chart, moved))).toEqual({ ok: true, text: movedLock });
    }
    expect(editorOf('keys').companion).toBeUndefined();
  });
});

describe('writeChartLock', () => {
  test('moves the versions and the digest, keeps the time, and a second time nothing', () => {
    expect(writeChartLock(lock, edited(chart, moved))).toEqual({ ok: true, text: movedLock });
    expect(writeChartLock(movedLock, edited(chart, moved))).toEqual({ ok: true, text: movedLock });
    expect(writeChartLock(lock, chart)).toEqual({ ok: true, text: lock });
  });

  test('moves one version and leaves the other', () => {
    const written = writeChartLock(lock, edited(chart, { b: '1.2.4' }));
    expect(written).toMatchObject({ ok: true, text: expect.stringContaining('b\n  version: 1.2.4\ndigest') });
    expect(written).toMatchObject({ ok: true, text: expect.stringContaining('a\n  version: 1.2.3\n- name') });
  });

  const dress = [
    (text: string): string => text.replaceAll('\n', '\r\n'),
    (text: string): string => `\uFEFF# ф\n---\n${text.trimEnd()}`,
    (text: string): string => text.replaceAll(/version: (\S+)/gu, 'version: "$1" # keep'),
    (text: string): string => text.replace(/digest: (\S+)/u, "digest:   '$1'   # keep"),
    (text: string): string => text.replaceAll(/^ {2}/gmu, '    ').replaceAll(/^- /gmu, '  - '),
  ];

  test('keeps every other byte, however the lock is written', () => {
    fc.assert(
      fc.property(fc.subarray(dress), (worn) => {
        const [before, after] = [lock, movedLock].map((text) => worn.reduce((now, put) => put(now), text));
        expect(writeChartLock(before ?? '', edited(chart, moved))).toEqual({ ok: true, text: after });
      }),
    );
  });

  test('takes the address of a repository that Chart.yaml calls by a name on the machine', () => {
    const main =
      'dependencies:\n- {name: a, version: 1.2.3, repository: "@acme"}\n- {name: b, version: 1.2.3, repository: "alias:acme"}\n';
    const url = 'http://127.0.0.1:9/charts';
    // Helm accepts this digest where `acme` stands for the address.
    const digest = 'sha256:e43c83dfab80a20fe4c11ed6e67aff4e589f7bd06936e3e4ac64b9f97bf5ec96';
    const locked = ['a', 'b'].map((name) => `- {name: ${name}, repository: "${url}", version: 1.2.3}\n`).join('');
    const text = `dependencies:\n${locked}digest: ${digest}\n`;
    expect(writeChartLock(text, main)).toEqual({ ok: true, text });
    expect(writeChartLock(text, main.replace('1.2.3', '1.2.4'))).toMatchObject({ ok: true });
  });

  const replaced = (text: string, one: string | RegExp, other: string): string => {
    const result = text.replace(one, other);
    expect(result).not.toBe(text);
    return result;
  };

  test.each<[string, (text: string) => string, (text: string) => string, number | undefined, string]>([
    [
      'a range',
      (main) => replaced(main, '"1.2.3"', '">=1.0.0"'),
      (text) => text,
      undefined,
      'a range of versions of b (`>=1.0.0`)',
    ],
    [
      'part of a version',
      (main) => replaced(main, '"1.2.3"', '"1.2"'),
      (text) => text,
      undefined,
      'a range of versions of b',
    ],
    ['no version', (main) => replaced(main, '"1.2.3"', '""'), (text) => text, undefined, 'a range of versions of b'],
    [
      'one dependency more',
      (main) => `${main}- {name: c, version: 1.0.0}\n`,
      (text) => text,
      undefined,
      'the same dependencies',
    ],
    [
      'one less',
      (main) => main.slice(0, main.indexOf('- name: b')),
      (text) => text,
      undefined,
      'the same dependencies',
    ],
    [
      'another name',
      (main) => main,
      (text) => replaced(text, 'name: b', 'name: c'),
      undefined,
      'the same dependencies',
    ],
    [
      'another repository',
      (main) => main,
      (text) => replaced(text, 'file://../b', 'file://../c'),
      undefined,
      'from the same repositories',
    ],
    [
      'a lock that is out of date',
      (main) => replaced(main, 'enabled: true', 'enabled: false'),
      (text) => text,
      8,
      'does not fit what is locked',
    ],
    [
      'another spelling of the version',
      (main) => main,
      (text) => replaced(text, '1.2.3', 'v1.2.3'),
      8,
      'exactly as the repository of that chart does',
    ],
    ['no digest', (main) => main, (text) => replaced(text, /digest.*\n/u, ''), 1, 'digest is missing'],
    ['no dependencies', (main) => main, () => 'digest: x\n', undefined, 'Chart.lock has no list of dependencies'],
    ['an empty lock', (main) => main, () => '', undefined, 'Chart.lock is not one YAML document'],
    ['a lock that is no YAML', (main) => main, () => 'a: [', 1, 'The file is not valid YAML'],
    [
      'a chart that is no YAML',
      () => 'a: [',
      (text) => text,
      undefined,
      'Chart.yaml cannot be read: The file is not valid YAML',
    ],
    [
      'an alias',
      (main) => `x: &x [web, x]\n${replaced(main, "[web, 'x']", '*x')}`,
      (text) => text,
      undefined,
      'Line 6 of Chart.yaml begins a dependency',
    ],
    [
      'a merge',
      (main) => replaced(main, 'unknown: x', '<<: {alias: z}'),
      (text) => text,
      undefined,
      'Pawl cannot read as Helm does',
    ],
    [
      'a number',
      (main) => replaced(main, "'x'", '1'),
      (text) => text,
      undefined,
      'texts that look like numbers in quotes',
    ],
    [
      'a condition that is none',
      (main) => replaced(main, 'enabled: true', 'enabled: yes'),
      (text) => text,
      undefined,
      'Line 15 of Chart.yaml',
    ],
    [
      'a list that is none',
      (main) => replaced(main, "[web, 'x']", '{web: x}'),
      (text) => text,
      undefined,
      'Line 5 of Chart.yaml',
    ],
    [
      'a map of more than texts',
      (main) => replaced(main, 'child: c', 'child: [c]'),
      (text) => text,
      undefined,
      'Line 5 of Chart.yaml',
    ],
    [
      'a name twice',
      (main) => main,
      (text) => replaced(text, 'name: b', 'name: b\n  name: b'),
      5,
      'Line 5 of Chart.lock',
    ],
  ])('refuses %s', (_, main, text, line, reason) => {
    const written = writeChartLock(text(lock), main(chart));
    expect(written).toEqual({ ok: false, refusals: [{ line, reason: expect.stringContaining(reason) }] });
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.nat(lock.length), fc.nat(chart.length), fc.string({ maxLength: 5 }), (at, from, text) => {
        const wounded = lock.slice(0, at) + text + lock.slice(at + 1);
        expect(typeof writeChartLock(wounded, chart).ok).toBe('boolean');
        expect(typeof writeChartLock(lock, chart.slice(0, from) + text + chart.slice(from + 1)).ok).toBe('boolean');
      }),
    );
  });
});

describe('helm', () => {
  const helm = (folder: string, ...command: readonly string[]) =>
    tryRun('helm', command, {
      cwd: folder,
      env: { HELM_CACHE_HOME: folder, HELM_CONFIG_HOME: folder, HELM_DATA_HOME: folder },
    });

  test.skipIf(withoutHelm)('builds the chart from the lock as it is written here', () => {
    const folder = mkdtempSync(join(tmpdir(), 'chart-lock-'));
    const put = (path: string, text: string): void => {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), text);
    };
    const build = () => helm(folder, 'dependency', 'build', 'shop');
    put('a/Chart.yaml', 'apiVersion: v2\nname: a\nversion: 1.3.0\n');
    put('b/Chart.yaml', 'apiVersion: v2\nname: b\nversion: 2.0.0\n');
    const main = edited(chart, moved);
    put('shop/Chart.yaml', main);
    put('shop/Chart.lock', lock);
    expect(build().stderr).toContain('the lock file (Chart.lock) is out of sync');
    const written = writeChartLock(lock, main);
    put('shop/Chart.lock', written.ok ? written.text : '');
    expect(build()).toMatchObject({ status: 0, stderr: '' });
    rmSync(folder, { recursive: true });
  });
});
