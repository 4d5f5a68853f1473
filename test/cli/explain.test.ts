import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reason } from '../../src/domain/reason.ts';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/index.ts';
import { noonMs } from '../build/a-snapshot.ts';

const folder = mkdtempSync(join(tmpdir(), 'pawl-explain-'));
let store: Store;

beforeAll(async () => {
  store = openStore({ file: join(folder, 'pawl.db') });
  await store.repos.put({ installationId: 1, id: 7, owner: 'acme', name: 'config' });
  const why = reason('waiting', 'staging does not prove a candidate for production.', [
    reason('waiting', 'staging has not reported yet.'),
  ]);
  const lanes = [
    { lane: 'web in staging', why: reason('up-to-date', 'web in staging already has web 1.1.') },
    { lane: 'web in production', why, failure: 'A rule of the repo refuses it' },
  ];
  await store.journal.decided(7, 'web', JSON.stringify({ lanes }), noonMs);
});

afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

function explain(args: readonly string[], dataFolder = folder) {
  const script = new URL('../../src/cli/explain.ts', import.meta.url).pathname;
  return spawnSync(process.execPath, [script, ...args], {
    encoding: 'utf8',
    env: { ...process.env, DATA_DIR: dataFolder },
  });
}

test('prints why, with what it rests on, while the process has the store open', () => {
  const { stdout, status } = explain([]);
  expect(status).toBe(0);
  expect(stdout).toBe(`acme/config, web (decided 24 Nov 2026, 10:00 UTC)
web in staging: web in staging already has web 1.1.
web in production: staging does not prove a candidate for production.
  staging has not reported yet.
  It could not be carried out: A rule of the repo refuses it

`);
});

test('an application without a decision is said to have none', () => {
  const { stderr, status } = explain(['acme/config', 'api']);
  expect(status).toBe(1);
  expect(stderr).toContain(
    'No decision about acme/config api yet: nothing was reported about it. Known: acme/config web.',
  );
});

test('a folder without a database is a clear error', () => {
  const { stderr, status } = explain([], '/nowhere');
  expect(status).toBe(1);
  expect(stderr).toContain('Set DATA_DIR to the data folder of Pawl.');
});
