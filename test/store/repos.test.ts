import { expect, test } from 'vitest';
import { openStore } from '../../src/store/index.ts';
import { rowsPerPage } from '../../src/store/sqlite.ts';

test('removing a repo forgets more than one page of its reports', async () => {
  const store = openStore({ file: ':memory:', commitDelayMs: 1 });
  const report = {
    source: 'flux',
    repository: 'acme/config',
    fields: {},
    state: 'healthy',
    revision: undefined,
    operation: '1',
    observedAtMs: 1,
    healthySinceMs: undefined,
    message: '',
    link: undefined,
    successOnly: false,
    sender: undefined,
  } as const;
  const subjects = Array.from({ length: rowsPerPage * 2 + 1 }, (_, index) => `subject-${index}`);
  const note = { receivedAtMs: 1, applications: ['web'] };
  await Promise.all(subjects.map((subject) => store.reports.record(100, { ...report, subject }, note)));
  expect(await store.reports.of(100, 'web')).toHaveLength(subjects.length);
  await store.repos.remove(100);
  expect(await store.reports.all(100)).toEqual([]);
  expect(await store.reports.of(100, 'web')).toEqual([]);
  await store.close();
});
