import type { BuriedJob, Job, Queue, TakenJob } from '../ports/store.ts';
import { integer, integerIfAny, type Row, type Sqlite, text, texts } from './sqlite.ts';

/** Causes kept for one job: enough to say why it is due, few enough for a row that a storm of events adds to. */
export const causesMax = 5;

/** Given-up jobs listed: more would only hide the newest. */
export const buriedJobsMax = 200;

/** What the next due row of a key must be: nothing of its key in hand. Shared by the two questions that ask for it. */
const takeable = `queue WHERE state = 'queued'
  AND NOT EXISTS (SELECT 1 FROM queue AS held WHERE held.key = queue.key AND held.state = 'in hand')`;

/** The queue on SQLite. What was in hand when the process ended is due again, and that try counts. */
export function sqliteQueue(sqlite: Sqlite): Queue {
  const rows = preparedRows(sqlite);
  const grave = preparedGrave(sqlite);
  const nextDue = preparedNextDue(sqlite);

  return {
    add: (job, dueAtMs, cause) => sqlite.write(() => rows.add(job, dueAtMs, cause)),
    async take(nowMs) {
      return rows.next(nowMs) === undefined ? undefined : sqlite.write(() => rows.take(nowMs));
    },
    done: (key) =>
      sqlite.write(() => {
        if (rows.remove(key)) grave.open(key);
      }),
    retry: (key, dueAtMs, reason) => sqlite.write(() => rows.putBack(key, dueAtMs, reason)),
    bury: (key, reason, nowMs) =>
      sqlite.write(() => {
        if (rows.remove(key)) grave.fill(key, reason, nowMs);
      }),
    putBack: (held) => sqlite.write(() => rows.putBackAll(held, 'Whoever took it lost it.')),
    nextDueMs: async () => nextDue(),
    buried: async () => grave.list(),
  };
}

/** Puts everything that was in hand back, once, before anything is taken. */
export function putBackQueue(sqlite: Sqlite): void {
  preparedRows(sqlite).putBackAll(new Set(), 'The process ended while it was in hand.');
}

/** Names of environments and applications hold no slash, so the key can be read back. */
function jobKey(job: Job): string {
  return `${job.repo.id}/${job.application}`;
}

function preparedRows(sqlite: Sqlite) {
  const { find, insert, join, next, take, remove, release, merge, inHand } = preparedStatements(sqlite);

  /** Back in the queue; when the key became due again meanwhile, the two become one row. */
  function putBack(key: string, dueAtMs: number, reason: string): void {
    const held = find.get(key, 'in hand');
    if (held === undefined) return;
    const queued = find.get(key, 'queued');
    if (queued === undefined) {
      release.run(dueAtMs, reason, key);
      return;
    }
    const due = Math.min(dueAtMs, integer(queued, 'due_at_ms'));
    const causes = newestFirst(texts(queued, 'causes'), texts(held, 'causes'));
    merge.run(due, integer(held, 'attempts'), causes, reason, key);
    remove.run(key);
  }

  return {
    putBack,
    putBackAll(held: ReadonlySet<string>, reason: string): void {
      for (const row of inHand.all()) {
        const key = text(row, 'key');
        if (!held.has(key)) putBack(key, integer(row, 'due_at_ms'), reason);
      }
    },
    add(job: Job, dueAtMs: number, cause: string): void {
      const key = jobKey(job);
      const { installationId, id, owner, name } = job.repo;
      const queued = find.get(key, 'queued');
      if (queued === undefined) {
        insert.run(key, installationId, id, owner, name, job.application, dueAtMs, JSON.stringify([cause]));
      } else {
        const causes = newestFirst([cause], texts(queued, 'causes'));
        join.run(installationId, owner, name, Math.min(dueAtMs, integer(queued, 'due_at_ms')), causes, key);
      }
    },
    next: (nowMs: number) => next.get(nowMs),
    take(nowMs: number): TakenJob | undefined {
      const found = next.get(nowMs);
      const row = found === undefined ? undefined : take.get(integer(found, 'sequence'));
      return row === undefined ? undefined : parseTaken(row);
    },
    remove: (key: string) => remove.run(key).changes !== 0,
  };
}

function preparedStatements(sqlite: Sqlite) {
  return {
    find: sqlite.prepare('SELECT due_at_ms, attempts, causes FROM queue WHERE key = ? AND state = ?'),
    insert: sqlite.prepare(
      `INSERT INTO queue (key, state, installation_id, repo_id, owner, name, application, due_at_ms, attempts, causes)
       VALUES (?, 'queued', ?, ?, ?, ?, ?, ?, 0, ?)`,
    ),
    join: sqlite.prepare(
      `UPDATE queue SET installation_id = ?, owner = ?, name = ?, due_at_ms = ?, causes = ?
       WHERE key = ? AND state = 'queued'`,
    ),
    next: sqlite.prepare(`SELECT sequence FROM ${takeable} AND due_at_ms <= ? ORDER BY due_at_ms, sequence LIMIT 1`),
    take: sqlite.prepare(
      `UPDATE queue SET state = 'in hand', attempts = attempts + 1 WHERE sequence = ?
       RETURNING key, attempts, causes, installation_id, repo_id, owner, name, application`,
    ),
    inHand: sqlite.prepare("SELECT key, due_at_ms FROM queue WHERE state = 'in hand'"),
    remove: sqlite.prepare("DELETE FROM queue WHERE key = ? AND state = 'in hand'"),
    release: sqlite.prepare(
      "UPDATE queue SET state = 'queued', due_at_ms = ?, reason = ? WHERE key = ? AND state = 'in hand'",
    ),
    merge: sqlite.prepare(
      "UPDATE queue SET due_at_ms = ?, attempts = ?, causes = ?, reason = ? WHERE key = ? AND state = 'queued'",
    ),
  };
}

function newestFirst(newer: readonly string[], older: readonly string[]): string {
  return JSON.stringify([...new Set([...newer, ...older])].slice(0, causesMax));
}

function preparedGrave(sqlite: Sqlite) {
  const fill = sqlite.prepare(
    `INSERT INTO queue_buried (key, reason, at_ms) VALUES (?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET reason = excluded.reason, at_ms = excluded.at_ms`,
  );
  const shorten = sqlite.prepare(
    `DELETE FROM queue_buried WHERE key IN
       (SELECT key FROM queue_buried ORDER BY at_ms DESC, key LIMIT -1 OFFSET ${buriedJobsMax})`,
  );
  const open = sqlite.prepare('DELETE FROM queue_buried WHERE key = ?');
  const list = sqlite.prepare('SELECT key, reason, at_ms FROM queue_buried ORDER BY at_ms DESC, key');
  return {
    fill(key: string, reason: string, atMs: number): void {
      fill.run(key, reason, atMs);
      shorten.run();
    },
    /** What was done after all is no longer given up on. */
    open(key: string): void {
      open.run(key);
    },
    list: () => list.all().map(parseBuried),
  };
}

function parseBuried(row: Row): BuriedJob {
  const key = text(row, 'key');
  const [repoId, application = ''] = key.split('/');
  return { key, repoId: Number(repoId), application, reason: text(row, 'reason'), atMs: integer(row, 'at_ms') };
}

/** A row behind one in hand is left out: it cannot be taken yet, and a loop that waits for this time would spin. */
function preparedNextDue(sqlite: Sqlite): () => number | undefined {
  const soonest = sqlite.prepare(
    `SELECT min(due_at_ms) AS due_at_ms FROM (
       SELECT * FROM (SELECT due_at_ms FROM inbox WHERE state = 'due' ORDER BY due_at_ms LIMIT 1)
       UNION ALL
       SELECT * FROM (SELECT due_at_ms FROM ${takeable} ORDER BY due_at_ms LIMIT 1))`,
  );
  return () => integerIfAny(soonest.get() ?? { due_at_ms: null }, 'due_at_ms');
}

function parseTaken(row: Row): TakenJob {
  return {
    key: text(row, 'key'),
    attempts: integer(row, 'attempts') - 1,
    causes: texts(row, 'causes'),
    job: {
      repo: {
        installationId: integer(row, 'installation_id'),
        id: integer(row, 'repo_id'),
        owner: text(row, 'owner'),
        name: text(row, 'name'),
      },
      application: text(row, 'application'),
    },
  };
}
