import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/index.ts';
import { unrecognisedKeptMax, unrecognisedListedMax, unrecognisedPerLook } from '../../src/store/reports.ts';
import { rowsPerPage } from '../../src/store/sqlite.ts';

let store: Store;

beforeEach(() => {
  store = openStore({ file: ':memory:', commitDelayMs: 1 });
});

afterEach(() => store.close());

function record(subject: string, receivedAtMs: number, applications: readonly string[] = []) {
  const report = {
    source: 'github-status',
    repository: 'acme/config',
    subject,
    fields: {},
    state: 'healthy',
    revision: undefined,
    operation: '1',
    observedAtMs: 1,
    healthySinceMs: undefined,
    message: '',
    link: undefined,
    successOnly: false,
    sender: 'somebody',
  } as const;
  return store.reports.record(100, report, { receivedAtMs, applications });
}

test('invented subjects are bounded: the oldest go, and never one that something recognised', async () => {
  await record('known', 0, ['web']);
  const count = unrecognisedKeptMax + unrecognisedPerLook;
  await Promise.all(Array.from({ length: count }, (_, index) => record(`invented-${index}`, 1 + index)));
  const kept = new Set((await store.reports.all(100)).map((stored) => stored.report.subject));
  expect(kept.size).toBe(1 + unrecognisedKeptMax);
  const oldestKept = `invented-${unrecognisedPerLook}`;
  const asked = ['known', 'invented-0', `invented-${unrecognisedPerLook - 1}`, oldestKept, `invented-${count - 1}`];
  expect(asked.filter((subject) => kept.has(subject))).toEqual(['known', oldestKept, `invented-${count - 1}`]);
  expect(await store.reports.unrecognised(100)).toHaveLength(unrecognisedListedMax);
});

test('lists more than one page', async () => {
  const subjects = Array.from({ length: rowsPerPage * 2 }, (_, index) => `subject-${index}`);
  await Promise.all(subjects.map((subject) => record(subject, 1)));
  expect(new Set((await store.reports.all(100)).map((stored) => stored.report.subject))).toEqual(new Set(subjects));
});
