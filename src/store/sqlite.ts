import type { DatabaseSync, StatementSync } from 'node:sqlite';

/**
 * One open database as the parts of the store use it. Reads are done at once. Writes made within the same moment share one
 * transaction and so one flush to the disk, which is what a write costs.
 */
export interface Sqlite {
  prepare(sql: string): StatementSync;
  /**
   * Runs `change` in the next shared transaction and resolves once that is on the disk. A change that throws is undone alone and
   * rejects alone; when the transaction itself fails, every change in it rejects. `afterCommit` is for what is kept in memory.
   */
  write<Result>(change: () => Result, afterCommit?: (result: Result) => void): Promise<Result>;
  /** Commits what waits and refuses every later write. */
  finish(): void;
}

/**
 * `in-use` = another process has the database open; `damaged` = SQLite finds it broken; `newer` = a later version of Pawl wrote
 * it; `changed` = a migration is not the one that was applied; `closed` = the store was closed before the call.
 */
export type StoreErrorKind = 'in-use' | 'damaged' | 'unusable' | 'newer' | 'changed' | 'closed';

export class StoreError extends Error {
  readonly kind: StoreErrorKind;

  constructor(kind: StoreErrorKind, message: string) {
    super(message);
    this.name = 'StoreError';
    this.kind = kind;
  }
}

/** Writes in one transaction: more would keep the process from answering for longer than a few milliseconds. */
export const changesPerCommitMax = 500;

interface Waiting {
  /** Makes the change and returns what is to be told once it is on the disk. */
  make(): () => void;
  fail(error: unknown): void;
}

/**
 * Shares transactions between the writes of the same turn of the event loop, or of the same `commitDelayMs` where one is given.
 * With 0 every write is committed before the call returns, each for itself: for tests that need one order of events.
 */
export function shareCommits(database: DatabaseSync, commitDelayMs?: number): Sqlite {
  const steps = prepareSteps(database);
  let waiting: Waiting[] = [];
  let cancel: (() => void) | undefined;
  let finished = false;

  function commit(): void {
    cancel?.();
    cancel = undefined;
    const batch = waiting;
    waiting = [];
    if (batch.length > 0) commitTogether(steps, batch);
  }

  function enqueue(change: Waiting): void {
    waiting.push(change);
    if (commitDelayMs === 0 || waiting.length >= changesPerCommitMax) commit();
    else cancel ??= later(commit, commitDelayMs);
  }

  return {
    prepare: (sql) => database.prepare(sql),
    write<Result>(change: () => Result, afterCommit?: (result: Result) => void): Promise<Result> {
      if (finished)
        return Promise.reject(new StoreError('closed', 'The store is closed; nothing more can be written.'));
      return new Promise((resolve, reject) => {
        enqueue({
          make: () => {
            const result = change();
            return () => {
              afterCommit?.(result);
              resolve(result);
            };
          },
          fail: reject,
        });
      });
    },
    finish() {
      commit();
      finished = true;
    },
  };
}

/**
 * A flush to the disk keeps the process from everything else, so what arrives meanwhile is worked on in one turn and shares the
 * next flush: under load many do without any of them waiting for it, and a write that is alone is not kept waiting. Answers how to
 * call it off.
 */
function later(commit: () => void, delayMs: number | undefined): () => void {
  if (delayMs === undefined) {
    const waiting = setImmediate(commit);
    return () => clearImmediate(waiting);
  }
  const timer = setTimeout(commit, delayMs);
  return () => clearTimeout(timer);
}

/** The statements around changes, prepared once. */
interface Steps {
  inTransaction(): boolean;
  readonly begin: StatementSync;
  readonly commit: StatementSync;
  readonly rollback: StatementSync;
  readonly mark: StatementSync;
  readonly keep: StatementSync;
  readonly undo: StatementSync;
}

function prepareSteps(database: DatabaseSync): Steps {
  return {
    inTransaction: () => database.isTransaction,
    begin: database.prepare('BEGIN IMMEDIATE'),
    commit: database.prepare('COMMIT'),
    rollback: database.prepare('ROLLBACK'),
    mark: database.prepare('SAVEPOINT change'),
    keep: database.prepare('RELEASE change'),
    undo: database.prepare('ROLLBACK TO change'),
  };
}

function commitTogether(steps: Steps, batch: readonly Waiting[]): void {
  let told: readonly (() => void)[];
  try {
    steps.begin.run();
    told = batch.map((change) => makeAlone(steps, change));
    steps.commit.run();
  } catch (error) {
    // SQLite may have rolled back by itself, for instance when the disk is full.
    if (steps.inTransaction()) steps.rollback.run();
    for (const change of batch) change.fail(error);
    return;
  }
  for (const tell of told) tell();
}

/** A savepoint for each change: one that throws takes nothing of the others with it. */
function makeAlone(steps: Steps, change: Waiting): () => void {
  steps.mark.run();
  try {
    const tell = change.make();
    steps.keep.run();
    return tell;
  } catch (error) {
    if (!steps.inTransaction()) throw error;
    steps.undo.run();
    steps.keep.run();
    return () => change.fail(error);
  }
}

/** Rows handled between two looks at other work, where a list may be long. */
export const rowsPerPage = 500;

/** Lets other work run between two pages of a long list. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Deletes page by page until a page is not full, so that nobody waits long behind it. `statement` deletes at most one page. */
export async function deleteInPages(sqlite: Sqlite, deletePage: () => number): Promise<void> {
  let deleted = rowsPerPage;
  while (deleted === rowsPerPage) deleted = await sqlite.write(deletePage);
}

export type Row = Readonly<Record<string, unknown>>;

/** Column of a row as a text. The schema promises its type; anything else is our mistake and throws. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`Column ${column} holds no text.`);
  return value;
}

export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new TypeError(`Column ${column} holds no number.`);
  return value;
}

export function textIfAny(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column);
}

export function integerIfAny(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : integer(row, column);
}

/** Column that holds a JSON list of texts. */
export function texts(row: Row, column: string): readonly string[] {
  const value: unknown = JSON.parse(text(row, column));
  if (!Array.isArray(value)) throw new TypeError(`Column ${column} holds no list.`);
  return value.map(String);
}
