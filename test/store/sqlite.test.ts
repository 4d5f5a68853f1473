import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  changesPerCommitMax,
  deleteInPages,
  integer,
  rowsPerPage,
  shareCommits,
  text,
} from '../../src/store/sqlite.ts';
import { scratchFolder } from './scratch-folder.ts';

let folder: string;
let file: string;
let database: DatabaseSync;

beforeEach(() => {
  folder = scratchFolder();
  file = join(folder, 'test.sqlite');
  database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  database.exec('CREATE TABLE item (id INTEGER PRIMARY KEY) STRICT');
});

afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

/** What another connection sees, which is what is committed. */
function committed(): readonly number[] {
  const reader = new DatabaseSync(file, { readOnly: true });
  const ids = reader.prepare('SELECT id FROM item ORDER BY id').all();
  reader.close();
  return ids.map((row) => integer(row, 'id'));
}

function inserting(commitDelayMs?: number) {
  const sqlite = shareCommits(database, commitDelayMs);
  const insert = sqlite.prepare('INSERT INTO item (id) VALUES (?)');
  return { sqlite, insert: (id: number) => sqlite.write(() => insert.run(id).changes) };
}

test.each([undefined, 1])(
  'writes of the same moment share one commit, and none is told before it: %s',
  async (delayMs) => {
    const { insert } = inserting(delayMs);
    const before = statSync(`${file}-wal`).size;
    const writes = Promise.all(Array.from({ length: 100 }, (_, id) => insert(id)));
    expect(committed()).toEqual([]);
    await writes;
    expect(committed()).toHaveLength(100);
    // A commit writes at least one page of 4 KiB to the log; a hundred of them would be 400 KiB.
    expect(statSync(`${file}-wal`).size - before).toBeLessThan(50_000);
  },
);

test('more than one commit holds are committed in several', async () => {
  const { insert } = inserting(60_000);
  const full = Array.from({ length: changesPerCommitMax }, (_, id) => insert(id));
  await Promise.all(full);
  expect(committed()).toHaveLength(changesPerCommitMax);
});

test('without a delay a write is committed before the call returns', () => {
  const { insert } = inserting(0);
  void insert(1);
  expect(committed()).toEqual([1]);
});

test('a change that throws is undone alone and rejects alone', async () => {
  const { sqlite, insert } = inserting(1);
  const bad = sqlite.write(() => {
    database.exec('INSERT INTO item (id) VALUES (50)');
    throw new Error('changed its mind');
  });
  const results = await Promise.allSettled([insert(1), bad, insert(2), insert(1), insert(3)]);
  expect(results.map((result) => result.status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
  expect(committed()).toEqual([1, 2, 3]);
});

test('when the transaction fails every change in it rejects, nothing in memory follows, and the next one works', async () => {
  const { sqlite, insert } = inserting(1);
  const blocker = new DatabaseSync(file);
  blocker.exec('BEGIN IMMEDIATE');
  let followed = 0;
  const follow = sqlite.write(
    () => 1,
    () => {
      followed += 1;
    },
  );
  const results = await Promise.allSettled([insert(1), follow, insert(2)]);
  expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(followed).toBe(0);
  blocker.close();
  await insert(3);
  expect(committed()).toEqual([3]);
});

test('a disk that is full fails the whole transaction and keeps what was there', async () => {
  const { sqlite, insert } = inserting(1);
  await insert(1);
  const pages = integer(database.prepare('PRAGMA page_count').get() ?? {}, 'page_count');
  database.exec(`CREATE TABLE big (data TEXT) STRICT; PRAGMA max_page_count = ${pages + 2}`);
  const big = sqlite.write(() => database.prepare('INSERT INTO big (data) VALUES (?)').run('x'.repeat(1_000_000)));
  const results = await Promise.allSettled([big]);
  expect(results.map((result) => result.status)).toEqual(['rejected']);
  database.exec('PRAGMA max_page_count = 100000');
  await insert(2);
  expect(committed()).toEqual([1, 2]);
});

test('finishing commits what waits and refuses what comes later', async () => {
  const { sqlite, insert } = inserting(60_000);
  const write = insert(1);
  sqlite.finish();
  expect(await write).toBe(1);
  await expect(insert(2)).rejects.toThrow('The store is closed');
});

test('deletes page by page, other writes in between', async () => {
  const { sqlite, insert } = inserting(1);
  await Promise.all(Array.from({ length: rowsPerPage * 2 + 7 }, (_, id) => insert(id)));
  const pages: number[] = [];
  await deleteInPages(sqlite, () => {
    const query = `DELETE FROM item WHERE id IN (SELECT id FROM item LIMIT ${rowsPerPage})`;
    pages.push(Number(database.prepare(query).run().changes));
    return pages.at(-1) ?? 0;
  });
  expect(pages).toEqual([rowsPerPage, rowsPerPage, 7]);
  expect(committed()).toEqual([]);
});

test('a column of another type than the schema promises is an error, not a guess', () => {
  expect(() => text({ name: 1 }, 'name')).toThrow('Column name holds no text.');
  expect(() => integer({ count: null }, 'count')).toThrow('Column count holds no number.');
});
