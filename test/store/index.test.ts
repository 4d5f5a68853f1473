import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import { openStore, type StoreOptions } from '../../src/store/index.ts';
import { storeContract, type TestStore } from '../contracts/store.ts';
import { insertUntilKilled } from './insert-until-killed.ts';
import { scratchFolder } from './scratch-folder.ts';

async function openTestStore(change: Pick<StoreOptions, 'commitDelayMs'>): Promise<TestStore> {
  const folder = scratchFolder();
  const options = { file: join(folder, 'pawl.sqlite'), ...change };
  let current = openStore(options);
  return {
    store: current,
    async reopen() {
      await current.close();
      current = openStore(options);
      return current;
    },
    async discard() {
      await current.close();
      rmSync(folder, { recursive: true });
    },
  };
}

storeContract('SQLite, each write at once', () => openTestStore({ commitDelayMs: 0 }));
storeContract('SQLite, writes that share a commit', () => openTestStore({}));

describe('the SQLite file', () => {
  let folder: string;
  let file: string;
  const opened: Store[] = [];
  const children: ChildProcess[] = [];

  beforeEach(() => {
    folder = scratchFolder();
    file = join(folder, 'pawl.sqlite');
  });

  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    for (const store of opened.splice(0)) await store.close();
    rmSync(folder, { recursive: true });
  });

  function open(): Store {
    const store = openStore({ file });
    opened.push(store);
    return store;
  }

  /** A process of its own that inserts without end and prints the id of every delivery that was acknowledged. */
  function startInserting(): { readonly child: ChildProcess; acknowledged(count: number): Promise<readonly string[]> } {
    const child = spawn(process.execPath, [insertUntilKilled, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const ids: string[] = [];
    const lines = createInterface({ input: child.stdout });
    return {
      child,
      async acknowledged(count) {
        for await (const line of lines) {
          ids.push(line);
          if (ids.length === count) child.kill('SIGKILL');
        }
        return ids;
      },
    };
  }

  test('that cannot be opened is one clear word, not a stack', () => {
    mkdirSync(file);
    expect(() => openStore({ file })).toThrow(
      expect.objectContaining({
        kind: 'unusable',
        message: expect.stringContaining('Give it to the user that Pawl runs as.'),
      }),
    );
  });

  test('a process killed in the middle of inserting loses nothing it acknowledged, nor keeps the file locked', async () => {
    const ids = await startInserting().acknowledged(400);
    expect(ids.length).toBeGreaterThanOrEqual(400);
    const store = open();
    const kept = new Set<string>();
    for (;;) {
      const taken = await store.inbox.take(1, 100);
      if (taken.length === 0) break;
      for (const { delivery } of taken) kept.add(delivery.id);
    }
    expect(ids.filter((id) => !kept.has(id))).toEqual([]);
  });

  test('a second process is refused and told which one is there', async () => {
    const { child } = startInserting();
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    expect(open).toThrow(`The database ${file} is in use by process ${child.pid} on `);
  });

  test('a second store in the same process is refused until the first is closed', async () => {
    const first = open();
    expect(open).toThrow(`in use by process ${process.pid} on `);
    await first.close();
    open();
  });

  test('writes survive without closing: they are on the disk when the promise resolves', async () => {
    const store = open();
    await store.repos.setFact(1, 'swept', 'yes');
    const reader = new DatabaseSync(file, { readOnly: true });
    expect(reader.prepare('SELECT value FROM repo_fact').get()).toEqual({ value: 'yes' });
    reader.close();
  });

  test.each([
    ['a file that is no database', (path: string) => writeFileSync(path, 'hello '.repeat(1_000)), 'is damaged'],
    [
      'a database of a later version',
      (path: string) =>
        change(path, "INSERT INTO migration (number, name, sha256) VALUES (9999, '9999-later.sql', 'x')"),
      'written by a later version of Pawl (it has 9999-later.sql',
    ],
    [
      'a database made by other steps',
      (path: string) => change(path, "UPDATE migration SET sha256 = 'x' WHERE number = 1"),
      'The schema step 0001-initial.sql is not the one',
    ],
  ])('%s is refused and left unlocked', async (_what, spoil, message) => {
    await openStore({ file }).close();
    spoil(file);
    expect(open).toThrow(message);
    expect(open).toThrow(message);
  });

  test('a page that is broken is found when it opens', async () => {
    const store = open();
    for (let index = 0; index < 50; index += 1) await store.repos.setFact(index, 'fact', 'x'.repeat(500));
    await store.close();
    change(file, "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 3 WHERE name = 'opened'");
    expect(open).toThrow('is damaged. Move it away');
  });

  test('looks stay quick with 60,000 reports', { timeout: 30_000 }, async () => {
    const store = openStore({ file: ':memory:', commitDelayMs: 1 });
    opened.push(store);
    const names = Array.from({ length: 10_000 }, (_, index) => `app-${index}`);
    for (const environment of ['dev', 'test', 'staging', 'eu', 'us', 'asia']) {
      await Promise.all(names.map((name) => store.reports.record(1, aReport(`${name}-${environment}`), note(name))));
    }
    const timesMs: number[] = [];
    for (const name of names.slice(0, 200)) {
      const startedMs = performance.now();
      expect(await store.reports.of(1, name)).toHaveLength(6);
      await store.reports.unrecognised(1);
      await store.queue.nextDueMs();
      timesMs.push(performance.now() - startedMs);
    }
    expect(timesMs.sort((a, b) => a - b)[100]).toBeLessThan(5);
  });
});

function change(file: string, sql: string): void {
  const database = new DatabaseSync(file, { defensive: false });
  database.exec(sql);
  database.close();
}

function note(application: string) {
  return { receivedAtMs: 1, applications: [application] };
}

function aReport(subject: string) {
  return {
    source: 'argocd',
    repository: 'acme/config',
    subject,
    fields: { application: subject },
    state: 'healthy',
    revision: 'a'.repeat(40),
    operation: '1',
    observedAtMs: 1,
    healthySinceMs: undefined,
    message: 'ok',
    link: undefined,
    successOnly: false,
    sender: undefined,
  } as const;
}
