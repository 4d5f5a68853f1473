import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRevision, type Report } from '../../src/domain/report.ts';
import { isPlain } from '../../src/domain/text.ts';
import type { Received, SyncSource, Understood } from '../../src/sources/source.ts';

const fixtures = join(import.meta.dirname, '..', 'fixtures', 'sources');

/** What a sync source must show besides its own tests. Samples are files below test/fixtures/sources/<name of the source>. */
export interface SourceContract {
  readonly source: SyncSource;
  /** How its requests arrive, as the front door says. */
  readonly received: Pick<Received, 'repository' | 'instance'>;
  /** A success, and what is known of it. */
  readonly success: { readonly sample: string; readonly revision: string; readonly observedAt: string };
  /** Samples that prove success too. Every other sample of the folder must not. */
  readonly alsoHealthy: readonly string[];
}

/** Later than every time in the samples. */
export const receivedAtMs = Date.parse('2026-08-21T00:00:00Z');
const dayMs = 86_400_000;

/** Size of what is kept of a sample, in bytes of JSON: the inbox holds many. */
const projectionBytesMax = 2_000;

export function readSample(source: string, sample: string): unknown {
  return JSON.parse(readFileSync(join(fixtures, source, `${sample}.json`), 'utf8'));
}

/** Names of all samples of a source, without the descriptions of the requests they came with. */
export function samplesOf(source: string): readonly string[] {
  const files = readdirSync(join(fixtures, source)).filter((file) => !file.endsWith('.request.json'));
  return files.map((file) => file.replace(/\.json$/, '')).sort();
}

export function reportsOf(understood: Understood): readonly Report[] {
  return 'reports' in understood ? understood.reports : [];
}

export function testSyncSource({ source, received, success, alsoHealthy }: SourceContract): void {
  const parse = (payload: unknown, atMs = receivedAtMs) => source.parse({ ...received, payload, receivedAtMs: atMs });
  const sample = (name: string) => readSample(source.name, name);
  const others = samplesOf(source.name).filter((name) => name !== success.sample && !alsoHealthy.includes(name));

  describe(`${source.name} keeps the contract of a sync source`, () => {
    test.each([success.sample, ...alsoHealthy])('%s proves success', (name) => {
      const reports = reportsOf(parse(sample(name)));
      expect(reports.length).toBeGreaterThan(0);
      expect(reports.map((report) => report.state)).toEqual(reports.map(() => 'healthy'));
      expect(reports.every((report) => report.revision !== undefined)).toBe(true);
    });

    test('the success is at the known revision and time, whenever it arrives', () => {
      const known = { revision: success.revision, observedAtMs: Date.parse(success.observedAt), source: source.name };
      expect(reportsOf(parse(sample(success.sample)))[0]).toMatchObject(known);
      expect(parse(sample(success.sample), receivedAtMs + dayMs)).toEqual(parse(sample(success.sample)));
    });

    test('a time that is yet to come counts as the time of arrival', () => {
      const earlyMs = Date.parse(success.observedAt) - dayMs;
      for (const report of reportsOf(parse(sample(success.sample), earlyMs))) expect(report.observedAtMs).toBe(earlyMs);
    });

    test.each(others)('%s proves nothing', (name) => {
      const understood = parse(sample(name));
      expect(reportsOf(understood).filter((report) => report.state === 'healthy')).toEqual([]);
      if ('ignored' in understood) expect(understood.ignored).toMatch(/^[A-Z].{20,}\.$/);
      if ('malformed' in understood) expect(understood.reason).toMatch(/^[A-Z].{20,}\.$/);
    });

    test('no payload makes it throw, and what it reports is always fit to be kept', () => {
      fc.assert(
        fc.property(payloads(sample(success.sample)), (payload) => {
          for (const report of reportsOf(parse(payload))) expectFit(report, source);
        }),
        { numRuns: 500 },
      );
    });

    test('what is kept of a payload says the same as the payload', () => {
      for (const name of samplesOf(source.name)) {
        expect(parse(source.project(sample(name)))).toEqual(parse(sample(name)));
        expect(JSON.stringify(source.project(sample(name))).length).toBeLessThan(projectionBytesMax);
      }
      fc.assert(
        fc.property(payloads(sample(success.sample)), (payload) => {
          const kept = source.project(payload);
          expect(parse(kept)).toEqual(parse(payload));
          expect(source.project(kept)).toEqual(kept);
          expect(JSON.parse(JSON.stringify(kept))).toEqual(kept);
        }),
        { numRuns: 500 },
      );
    });

    test('a GitHub event keeps its repo, installation and sender', () => {
      if (source.event === undefined) return;
      expect(source.project(sample(success.sample))).toMatchObject({
        repository: { id: 486124893, name: 'gitops-config', full_name: 'acme/gitops-config', owner: { login: 'acme' } },
        installation: { id: 51234567 },
        sender: { login: expect.any(String), id: expect.any(Number), type: 'Bot' },
      });
    });
  });
}

function expectFit(report: Report, source: SyncSource): void {
  expect(report.source).toBe(source.name);
  expect(Object.keys(source.fields)).toEqual(expect.arrayContaining(Object.keys(report.fields)));
  for (const text of [report.repository, report.subject, report.operation, ...Object.values(report.fields)]) {
    expect(isPlain(text, 2_000)).toBe(true);
  }
  if (report.message !== '') expect(isPlain(report.message, 300)).toBe(true);
  if (report.revision !== undefined) expect(isRevision(report.revision)).toBe(true);
  if (report.link !== undefined) expect(report.link).toMatch(/^https:\/\/[^\s"<>()[\]]+$/);
  expect(report.observedAtMs).toBeGreaterThan(0);
  expect(report.observedAtMs).toBeLessThanOrEqual(receivedAtMs);
  if (report.state === 'healthy') expect(report.revision).toBeDefined();
  if (report.healthySinceMs !== undefined) expect(report.healthySinceMs).toBeLessThanOrEqual(report.observedAtMs);
  if (source.successOnly) expect(report.successOnly).toBe(true);
}

/** Any JSON, and more often the sample with one value somewhere in it replaced by any JSON or left out. */
function payloads(sample: unknown): fc.Arbitrary<unknown> {
  const paths = pathsOf(sample);
  const replaced = fc
    .tuple(fc.constantFrom(...paths), fc.oneof(fc.jsonValue(), fc.constant(undefined), oddTexts))
    .map(([path, value]) => replaceAt(sample, path, value));
  return fc.oneof({ weight: 1, arbitrary: fc.jsonValue() }, { weight: 4, arbitrary: replaced });
}

const oddTexts = fc.constantFrom(
  '',
  ' ',
  '\u202egnp.exe',
  'a\u0000b',
  '\ud800',
  'x'.repeat(5_000),
  '__proto__',
  '2099-01-01T00:00:00Z',
);

function pathsOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}

function replaceAt(value: unknown, path: readonly string[], replacement: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined || typeof value !== 'object' || value === null) return replacement;
  const entries = Object.entries(value).map(([name, inner]) => [
    name,
    name === key ? replaceAt(inner, rest, replacement) : inner,
  ]);
  return Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}
