import type { Delivery, Inbox, TakenDelivery } from '../ports/store.ts';
import { deleteInPages, integer, type Row, rowsPerPage, type Sqlite, text, textIfAny } from './sqlite.ts';

/** Given-up deliveries kept for a person to look at: more would only hide the newest. */
export const buriedDeliveriesMax = 1_000;

const columns = 'key, delivery, body_hash, origin, event, line, instance, received_at_ms, payload, attempts';

/** The inbox on SQLite. What was in hand when the process ended is due again, and that try counts. */
export function sqliteInbox(sqlite: Sqlite): Inbox {
  const takeNext = preparedTake(sqlite);
  const add = preparedAdd(sqlite);
  const settle = preparedSettle(sqlite);
  const putBack = preparedPutBack(sqlite);
  const prune = preparedPrune(sqlite);
  let waiting = countWaiting(sqlite);

  return {
    add: (delivery) =>
      sqlite.write(
        () => add(delivery),
        (added) => {
          if (added !== 'known') waiting += 1;
        },
      ),
    async take(nowMs, atMost, exceptLines = new Set()) {
      const wanted = { nowMs, atMost, exceptLines };
      return takeNext.isAny(wanted) ? sqlite.write(() => takeNext.take(wanted)) : [];
    },
    async done(key, nowMs) {
      await sqlite.write(() => settle.done(key, nowMs), leave);
    },
    retry: (key, dueAtMs, reason) => sqlite.write(() => settle.retry(key, dueAtMs, reason)),
    async bury(key, reason) {
      await sqlite.write(() => settle.bury(key, reason), leave);
    },
    putBack: (held) => sqlite.write(() => putBack(held)),
    waiting: async () => waiting,
    async prune(beforeMs) {
      await deleteInPages(sqlite, () => prune.done(beforeMs));
      await deleteInPages(sqlite, () => prune.buried());
    },
  };

  function leave(left: number): void {
    waiting -= left;
  }
}

/** Makes everything that was in hand due again, once, before anything is taken. */
export function putBackInbox(sqlite: Sqlite): void {
  preparedPutBack(sqlite)(new Set());
}

function preparedPutBack(sqlite: Sqlite): (held: ReadonlySet<number>) => void {
  const putBack = sqlite.prepare(
    "UPDATE inbox SET state = 'due' WHERE state = 'in hand' AND key NOT IN (SELECT value FROM json_each(?))",
  );
  return (held) => {
    putBack.run(JSON.stringify([...held]));
  };
}

/** Counted once when the database opens and kept in memory afterwards: it is asked for with every request. */
function countWaiting(sqlite: Sqlite): number {
  const row = sqlite.prepare("SELECT count(*) AS waiting FROM inbox WHERE state IN ('due', 'in hand')").get() ?? {};
  return integer(row, 'waiting');
}

function preparedAdd(sqlite: Sqlite): (delivery: Delivery) => 'added' | 'known' | 'reused' {
  const insert = sqlite.prepare(
    `INSERT INTO inbox
       (delivery, body_hash, origin, event, line, instance, received_at_ms, payload, state, due_at_ms, attempts)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'due', ?, 0) ON CONFLICT (delivery, body_hash) DO NOTHING`,
  );
  const another = sqlite.prepare('SELECT 1 FROM inbox WHERE delivery = ? AND body_hash <> ? LIMIT 1');
  const revive = sqlite.prepare(
    `UPDATE inbox SET state = 'due', due_at_ms = ?, attempts = 0, reason = NULL
     WHERE delivery = ? AND body_hash = ? AND state = 'buried'`,
  );
  return (delivery) => {
    const { id, bodyHash, origin, event, line, instance, receivedAtMs } = delivery;
    const payload = JSON.stringify(delivery.payload ?? null);
    const values = [id, bodyHash, origin, event, line, instance ?? null, receivedAtMs, payload, receivedAtMs];
    if (insert.run(...values).changes === 0) {
      return revive.run(receivedAtMs, id, bodyHash).changes === 0 ? 'known' : 'added';
    }
    return another.get(id, bodyHash) === undefined ? 'added' : 'reused';
  };
}

interface Wanted {
  readonly nowMs: number;
  readonly atMost: number;
  readonly exceptLines: ReadonlySet<string>;
}

function preparedTake(sqlite: Sqlite) {
  const next = sqlite.prepare(
    `SELECT key FROM inbox WHERE state = 'due' AND due_at_ms <= ? AND line NOT IN (SELECT value FROM json_each(?))
     ORDER BY due_at_ms, key LIMIT ?`,
  );
  const take = sqlite.prepare(
    `UPDATE inbox SET state = 'in hand', attempts = attempts + 1 WHERE key = ? RETURNING ${columns}`,
  );
  const find = ({ nowMs, exceptLines }: Wanted, atMost: number) =>
    next.all(nowMs, JSON.stringify([...exceptLines]), atMost);
  return {
    isAny: (wanted: Wanted) => find(wanted, 1).length > 0,
    take: (wanted: Wanted): readonly TakenDelivery[] =>
      find(wanted, wanted.atMost).flatMap((found) => {
        const row = take.get(integer(found, 'key'));
        return row === undefined ? [] : [parseTaken(row)];
      }),
  };
}

function preparedSettle(sqlite: Sqlite) {
  const done = sqlite.prepare(
    "UPDATE inbox SET state = 'done', payload = NULL, done_at_ms = ? WHERE key = ? AND state = 'in hand'",
  );
  const retry = sqlite.prepare(
    "UPDATE inbox SET state = 'due', due_at_ms = ?, reason = ? WHERE key = ? AND state = 'in hand'",
  );
  const bury = sqlite.prepare("UPDATE inbox SET state = 'buried', reason = ? WHERE key = ? AND state = 'in hand'");
  return {
    done: (key: number, nowMs: number) => Number(done.run(nowMs, key).changes),
    retry(key: number, dueAtMs: number, reason: string): void {
      retry.run(dueAtMs, reason, key);
    },
    bury: (key: number, reason: string) => Number(bury.run(reason, key).changes),
  };
}

function preparedPrune(sqlite: Sqlite) {
  const done = sqlite.prepare(
    `DELETE FROM inbox WHERE key IN (SELECT key FROM inbox WHERE state = 'done' AND done_at_ms < ? LIMIT ${rowsPerPage})`,
  );
  const buried = sqlite.prepare(
    `DELETE FROM inbox WHERE key IN
       (SELECT key FROM inbox WHERE state = 'buried' ORDER BY key DESC LIMIT ${rowsPerPage} OFFSET ${buriedDeliveriesMax})`,
  );
  return {
    done: (beforeMs: number) => Number(done.run(beforeMs).changes),
    buried: () => Number(buried.run().changes),
  };
}

function parseTaken(row: Row): TakenDelivery {
  return {
    key: integer(row, 'key'),
    attempts: integer(row, 'attempts') - 1,
    delivery: {
      id: text(row, 'delivery'),
      origin: parseOrigin(text(row, 'origin')),
      event: text(row, 'event'),
      line: text(row, 'line'),
      bodyHash: text(row, 'body_hash'),
      receivedAtMs: integer(row, 'received_at_ms'),
      instance: textIfAny(row, 'instance'),
      payload: JSON.parse(text(row, 'payload')),
    },
  };
}

function parseOrigin(origin: string): Delivery['origin'] {
  switch (origin) {
    case 'github':
    case 'argocd':
    case 'flux':
      return origin;
    default:
      throw new TypeError(`No delivery comes from ${origin}.`);
  }
}
