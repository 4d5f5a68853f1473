import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { integer, StoreError, text } from './sqlite.ts';

/** One step of the schema, as a file `0001-what-it-does.sql`. Steps are applied in order and never taken back. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

const folder = new URL('./migrations/sqlite/', import.meta.url);

/** The migrations that belong to this version of the code, in order. */
export function readMigrations(): readonly Migration[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql'));
  return files.sort().map((file) => ({
    number: Number.parseInt(file, 10),
    name: file,
    sql: readFileSync(new URL(file, folder), 'utf8'),
  }));
}

/**
 * Brings a database to the newest schema, each step in a transaction of its own, and records it. Refuses a database that a
 * later version wrote, and one whose recorded steps are not these.
 */
export function migrate(database: DatabaseSync, migrations: readonly Migration[]): void {
  database.exec(
    'CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL) STRICT',
  );
  const applied = database.prepare('SELECT number, name, sha256 FROM migration ORDER BY number').all();
  for (const row of applied) {
    const same = migrations.find((migration) => migration.number === integer(row, 'number'));
    if (same === undefined) throw newer(text(row, 'name'));
    if (hash(same.sql) !== text(row, 'sha256')) throw changed(same.name);
  }
  for (const migration of migrations.slice(applied.length)) apply(database, migration);
}

function apply(database: DatabaseSync, migration: Migration): void {
  database.exec('BEGIN EXCLUSIVE');
  try {
    database.exec(migration.sql);
    const record = database.prepare('INSERT INTO migration (number, name, sha256) VALUES (?, ?, ?)');
    record.run(migration.number, migration.name, hash(migration.sql));
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function hash(sql: string): string {
  return createHash('sha256').update(sql).digest('hex');
}

function newer(name: string): StoreError {
  return new StoreError(
    'newer',
    `The database was written by a later version of Pawl (it has ${name}, which this version does not know). Start that version, or move the database file away: nothing is lost but time.`,
  );
}

function changed(name: string): StoreError {
  return new StoreError(
    'changed',
    `The schema step ${name} is not the one this database was made with. Use the released code, or move the database file away: nothing is lost but time.`,
  );
}
