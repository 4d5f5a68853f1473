import type { Journal } from '../ports/store.ts';
import { integer, type Sqlite, text } from './sqlite.ts';

/** How long an opened pull request is remembered: limits look back an hour, people a few weeks. */
export const openedKeptMs = 30 * 24 * 60 * 60 * 1_000;

/** What was done and decided, on SQLite. */
export function sqliteJournal(sqlite: Sqlite): Journal {
  const { opened, forget, openedSince, decided, decisions } = preparedStatements(sqlite);

  return {
    opened: (repoId, lane, number, atMs) =>
      sqlite.write(() => {
        opened.run(repoId, number, lane, atMs);
        forget.run(repoId, atMs - openedKeptMs);
      }),
    openedSince: async (repoId, sinceMs) => integer(openedSince.get(repoId, sinceMs) ?? {}, 'count'),
    decided: (repoId, application, decision, atMs) =>
      sqlite.write(() => {
        decided.run(repoId, application, decision, atMs);
      }),
    decisions: async (repoId) =>
      decisions.all(repoId).map((row) => ({
        application: text(row, 'application'),
        decision: text(row, 'decision'),
        atMs: integer(row, 'at_ms'),
      })),
  };
}

function preparedStatements(sqlite: Sqlite) {
  return {
    // The same number again is the same pull request: it counts once, from when it was opened.
    opened: sqlite.prepare(
      'INSERT INTO opened (repo_id, number, lane, at_ms) VALUES (?, ?, ?, ?) ON CONFLICT (repo_id, number) DO NOTHING',
    ),
    forget: sqlite.prepare('DELETE FROM opened WHERE repo_id = ? AND at_ms < ?'),
    openedSince: sqlite.prepare('SELECT count(*) AS count FROM opened WHERE repo_id = ? AND at_ms >= ?'),
    decided: sqlite.prepare(
      `INSERT INTO decision (repo_id, application, decision, at_ms) VALUES (?, ?, ?, ?)
       ON CONFLICT (repo_id, application) DO UPDATE SET decision = excluded.decision, at_ms = excluded.at_ms`,
    ),
    decisions: sqlite.prepare(
      'SELECT application, decision, at_ms FROM decision WHERE repo_id = ? ORDER BY application',
    ),
  };
}
