import { DatabaseSync } from 'node:sqlite';
import { integer, text } from './sqlite.ts';

/** The last decision about one application. `decision` is JSON as the loop wrote it. */
export interface StoredDecision {
  /** `owner/name`. */
  readonly repo: string;
  readonly application: string;
  readonly decision: string;
  readonly atMs: number;
}

/**
 * Reads the last decisions from a database that a running process may have open: nothing is written and no lock is taken. Throws
 * when the file cannot be opened as a database.
 */
export function readDecisions(file: string): readonly StoredDecision[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const rows = database
      .prepare(
        `SELECT repo.owner || '/' || repo.name AS repo, decision.application, decision.decision, decision.at_ms
         FROM decision JOIN repo ON repo.id = decision.repo_id ORDER BY repo.full_name, decision.application`,
      )
      .all();
    return rows.map((row) => ({
      repo: text(row, 'repo'),
      application: text(row, 'application'),
      decision: text(row, 'decision'),
      atMs: integer(row, 'at_ms'),
    }));
  } finally {
    database.close();
  }
}
