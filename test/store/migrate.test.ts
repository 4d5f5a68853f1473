import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Migration, migrate, readMigrations } from '../../src/store/migrate.ts';

let database: DatabaseSync;

beforeEach(() => {
  database = new DatabaseSync(':memory:');
});

afterEach(() => database.close());

const first: Migration = { number: 1, name: '0001-first.sql', sql: 'CREATE TABLE one (a TEXT) STRICT;' };
const second: Migration = { number: 2, name: '0002-second.sql', sql: 'CREATE TABLE two (a TEXT) STRICT;' };

function tables(): readonly unknown[] {
  return database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .all()
    .map((row) => row['name']);
}

test('applies what is new, in order, each once', () => {
  migrate(database, [first]);
  expect(tables()).toEqual(['migration', 'one']);
  migrate(database, [first, second]);
  migrate(database, [first, second]);
  expect(tables()).toEqual(['migration', 'one', 'two']);
  expect(database.prepare('SELECT number, name FROM migration').all()).toEqual([
    { number: 1, name: '0001-first.sql' },
    { number: 2, name: '0002-second.sql' },
  ]);
});

test('a step that fails leaves nothing of itself, and those before it stay', () => {
  const broken = { ...second, sql: 'CREATE TABLE half (a TEXT) STRICT; CREATE TABLE half (a TEXT) STRICT;' };
  expect(() => migrate(database, [first, broken])).toThrow('already exists');
  expect(tables()).toEqual(['migration', 'one']);
  migrate(database, [first, second]);
  expect(tables()).toEqual(['migration', 'one', 'two']);
});

test('refuses a database that a later version wrote', () => {
  migrate(database, [first, second]);
  expect(() => migrate(database, [first])).toThrow('it has 0002-second.sql, which this version does not know');
});

test('refuses a step that was changed after it was applied', () => {
  migrate(database, [first]);
  expect(() => migrate(database, [{ ...first, sql: `${first.sql} -- edited` }])).toThrow(
    '0001-first.sql is not the one',
  );
});

test('the files are numbered from 1 without a gap, and every table is strict', () => {
  const migrations = readMigrations();
  expect(migrations.map((migration) => migration.number)).toEqual(migrations.map((_, index) => index + 1));
  migrate(database, migrations);
  const loose = database.prepare(
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
  );
  expect(loose.all()).toEqual([]);
});

test('a database of the first version keeps what waits in it', () => {
  const migrations = readMigrations();
  migrate(database, migrations.slice(0, 1));
  database.exec(
    `INSERT INTO inbox (delivery, body_hash, origin, event, received_at_ms, payload, state, due_at_ms, attempts)
     VALUES ('one', 'aa', 'github', 'push', 1, '{}', 'due', 1, 0)`,
  );
  migrate(database, migrations);
  expect(database.prepare('SELECT delivery, line, state FROM inbox').all()).toEqual([
    { delivery: 'one', line: '', state: 'due' },
  ]);
});
