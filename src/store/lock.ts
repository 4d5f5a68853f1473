import { hostname } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { StoreError, text } from './sqlite.ts';

/**
 * Makes this process the only one on a database file, and says who is there when another one is. Returns how to let go.
 *
 * The lock is a second small database in which a write transaction stays open: the operating system drops its file lock
 * when the process ends, however it ends, so a lock never outlives its owner. Others can still read in it who that is.
 */
export function lockFile(file: string): () => void {
  const lock = new DatabaseSync(`${file}.lock`, { timeout: 0 });
  try {
    lock.exec('BEGIN IMMEDIATE');
    lock.exec('CREATE TABLE IF NOT EXISTS owner (id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL) STRICT');
    lock.prepare('INSERT OR REPLACE INTO owner (id, name) VALUES (1, ?)').run(`${process.pid} on ${hostname()}`);
    lock.exec('COMMIT; BEGIN IMMEDIATE');
  } catch (error) {
    const owner = isBusy(error) ? readOwner(lock) : undefined;
    lock.close();
    if (owner === undefined) throw error;
    throw new StoreError(
      'in-use',
      `The database ${file} is in use by process ${owner}. One data folder serves one process: stop the other one first, or give this one a folder of its own.`,
    );
  }
  return () => lock.close();
}

/** SQLite's primary result codes for "somebody else holds it". */
const busyCodes: readonly unknown[] = [5, 6];

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && busyCodes.includes(error.errcode);
}

function readOwner(lock: DatabaseSync): string {
  try {
    return text(lock.prepare('SELECT name FROM owner').get() ?? {}, 'name');
  } catch {
    // It is only just being taken.
    return 'that is starting now';
  }
}
