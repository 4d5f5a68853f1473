import { existsSync, realpathSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Store } from '../ports/store.ts';
import { putBackInbox, sqliteInbox } from './inbox.ts';
import { sqliteJournal } from './journal.ts';
import { lockFile } from './lock.ts';
import { migrate, readMigrations } from './migrate.ts';
import { putBackQueue, sqliteQueue } from './queue.ts';
import { sqliteReports } from './reports.ts';
import { sqliteRepos } from './repos.ts';
import { type Sqlite, StoreError, shareCommits } from './sqlite.ts';

export interface StoreOptions {
  /** The database file; its folder must exist. `:memory:` keeps everything in memory, for tests. */
  readonly file: string;
  /** How long writes wait for others to share a flush to the disk, for tests: 0 commits each at once. */
  readonly commitDelayMs?: number;
}

/** Another reader of the file, such as a backup, may hold it this long before a write fails. */
const busyTimeoutMs = 5_000;

/** Size the write-ahead log is cut back to after a storm, in bytes. */
const journalBytesMax = 64 * 1024 * 1024;

/**
 * Opens the store on a SQLite file, brings its schema up to date and makes what was in hand due again. Throws `StoreError`
 * when another process has the file open, when the file is damaged, or when a later version wrote it.
 */
export function openStore(options: StoreOptions): Store {
  const inMemory = options.file === ':memory:';
  const file = inMemory || !existsSync(options.file) ? options.file : realpathSync(options.file);
  const unlock = inMemory ? () => undefined : lockFile(file);
  const release = [unlock];
  try {
    const database = openDatabase(file);
    release.unshift(() => database.close());
    const sqlite = shareCommits(database, options.commitDelayMs);
    return composeStore(sqlite, () => letGo(release));
  } catch (error) {
    letGo(release);
    throw error;
  }
}

function letGo(release: readonly (() => void)[]): void {
  for (const step of release) step();
}

function openDatabase(file: string): DatabaseSync {
  const database = openFile(file);
  try {
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF;
      PRAGMA journal_size_limit = ${journalBytesMax}`);
    refuseDamaged(database, file);
    migrate(database, readMigrations());
    return database;
  } catch (error) {
    database.close();
    if (error instanceof StoreError) throw error;
    throw isDamage(error) ? damaged(file) : unusable(file, error);
  }
}

function openFile(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true, defensive: true });
  } catch (error) {
    throw unusable(file, error);
  }
}

/** Most often the file belongs to the user that another version of the container ran as. */
function unusable(file: string, error: unknown): StoreError {
  const why = error instanceof Error ? error.message : String(error);
  return new StoreError(
    'unusable',
    `The database ${file} cannot be opened and written (${why}). Give it to the user that Pawl runs as.`,
  );
}

function refuseDamaged(database: DatabaseSync, file: string): void {
  const finding = database.prepare('PRAGMA quick_check(1)').get();
  if (finding?.['quick_check'] !== 'ok') throw damaged(file);
}

/** SQLite's result codes for a file that is broken or no database at all. */
const damageCodes: readonly unknown[] = [11, 26];

function isDamage(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && damageCodes.includes(error.errcode);
}

function damaged(file: string): StoreError {
  return new StoreError(
    'damaged',
    `The database ${file} is damaged. Move it away with its -wal and -shm files and start again: promotions may be late, none is lost.`,
  );
}

function composeStore(sqlite: Sqlite, release: () => void): Store {
  putBackInbox(sqlite);
  putBackQueue(sqlite);
  const probe = sqlite.prepare('UPDATE probe SET count = count + 1');
  let open = true;

  return {
    inbox: sqliteInbox(sqlite),
    queue: sqliteQueue(sqlite),
    reports: sqliteReports(sqlite),
    repos: sqliteRepos(sqlite),
    journal: sqliteJournal(sqlite),
    async ready() {
      try {
        await sqlite.write(() => probe.run());
        return true;
      } catch {
        return false;
      }
    },
    async close() {
      if (!open) return;
      open = false;
      sqlite.finish();
      release();
    },
  };
}
