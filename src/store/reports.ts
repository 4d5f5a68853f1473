import type { Report, SyncState } from '../domain/report.ts';
import type { LookedAt, Recorded, ReportNote, Reports, StoredReport } from '../ports/store.ts';
import {
  breathe,
  integer,
  integerIfAny,
  type Row,
  rowsPerPage,
  type Sqlite,
  text,
  textIfAny,
  texts,
} from './sqlite.ts';

/** Reports listed as unrecognised: a person reads them to write a recogniser, and a few show the pattern. */
export const unrecognisedListedMax = 100;

/**
 * Subjects of a repo kept though nothing recognised them, give or take those of one look: whoever may write to the repo can
 * invent new ones for ever.
 */
export const unrecognisedKeptMax = 20_000;

/** New subjects of a repo between two looks whether there are too many: a look reads the whole list. */
export const unrecognisedPerLook = 200;

/**
 * GitHub tells whole seconds: a deployment can be pending and done at the same time, and then what arrives later counts. A
 * failure counts more in whatever order they arrive.
 */
const isBad: Readonly<Record<SyncState, boolean>> = {
  healthy: false,
  progressing: false,
  degraded: true,
  failed: true,
};

const columns = 'report, received_at_ms, applications, bad_since_ms, fingerprint';

/** The newest report of every subject, on SQLite. */
export function sqliteReports(sqlite: Sqlite): Reports {
  const find = preparedFind(sqlite);
  const put = preparedPut(sqlite);
  const lists = preparedLists(sqlite);

  function record(repoId: number, report: Report, note: ReportNote): Recorded {
    const before = find(repoId, report.subject);
    if (before !== undefined && !replaces(report, before.report)) return { kind: 'late' };
    put.report(repoId, next(before, report, note));
    if (!sameTexts(before?.applications ?? [], note.applications)) {
      put.applications(repoId, report.subject, note.applications);
    }
    if (before === undefined && note.applications.length === 0) put.forgetOldest(repoId);
    return { kind: 'recorded', before };
  }

  function assign(repoId: number, subject: string, applications: readonly string[]): void {
    const before = find(repoId, subject);
    if (before === undefined || sameTexts(before.applications, applications)) return;
    put.report(repoId, { ...before, applications });
    put.applications(repoId, subject, applications);
  }

  function fingerprint(repoId: number, looked: LookedAt, content: string): void {
    const before = find(repoId, looked.subject);
    if (before?.report.revision !== looked.revision || before?.report.state !== looked.state) return;
    if (before !== undefined) put.report(repoId, { ...before, fingerprint: content });
  }

  return {
    record: (repoId, report, note) => sqlite.write(() => record(repoId, report, note)),
    of: async (repoId, application) => lists.of(repoId, application),
    unrecognised: async (repoId) => lists.unrecognised(repoId),
    all: (repoId) => readAll(repoId, lists.page),
    assign: (repoId, subject, applications) => sqlite.write(() => assign(repoId, subject, applications)),
    fingerprint: (repoId, looked, content) => sqlite.write(() => fingerprint(repoId, looked, content)),
  };
}

/** Whether a report takes the place of the one known: the same again does, since it renews the evidence. */
function replaces(report: Report, known: Report): boolean {
  if (report.observedAtMs !== known.observedAtMs) return report.observedAtMs > known.observedAtMs;
  return isBad[report.state] || !isBad[known.state];
}

function next(before: StoredReport | undefined, report: Report, note: ReportNote): StoredReport {
  return {
    report,
    receivedAtMs: note.receivedAtMs,
    applications: note.applications,
    badSinceMs: badSince(before, report, note),
    fingerprint: sameLook(before?.report, report) ? before?.fingerprint : undefined,
  };
}

/** Starts with the first failure in a row and ends with health. Trying again neither starts nor ends it. */
function badSince(before: StoredReport | undefined, { state }: Report, note: ReportNote): number | undefined {
  if (state === 'healthy') return undefined;
  return before?.badSinceMs ?? (isBad[state] ? note.receivedAtMs : undefined);
}

/** Whether a look at the one was a look at the other: another state at the same revision is decided on anew. */
function sameLook(known: Report | undefined, report: Report): boolean {
  return known?.revision === report.revision && known?.state === report.state;
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

function preparedFind(sqlite: Sqlite): (repoId: number, subject: string) => StoredReport | undefined {
  const find = sqlite.prepare(`SELECT ${columns} FROM report WHERE repo_id = ? AND subject = ?`);
  return (repoId, subject) => {
    const row = find.get(repoId, subject);
    return row === undefined ? undefined : parseStored(row);
  };
}

function preparedPut(sqlite: Sqlite) {
  const put = sqlite.prepare(
    `INSERT INTO report (repo_id, subject, report, received_at_ms, applications, recognised, bad_since_ms, fingerprint)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (repo_id, subject) DO UPDATE SET report = excluded.report, received_at_ms = excluded.received_at_ms,
       applications = excluded.applications, recognised = excluded.recognised, bad_since_ms = excluded.bad_since_ms,
       fingerprint = excluded.fingerprint`,
  );
  const untie = sqlite.prepare('DELETE FROM report_application WHERE repo_id = ? AND subject = ?');
  const tie = sqlite.prepare(
    'INSERT OR IGNORE INTO report_application (repo_id, application, subject) VALUES (?, ?, ?)',
  );
  const forgetOldest = sqlite.prepare(
    `DELETE FROM report WHERE rowid IN (SELECT rowid FROM report WHERE repo_id = ? AND recognised = 0
       ORDER BY received_at_ms DESC LIMIT -1 OFFSET ${unrecognisedKeptMax})`,
  );
  const newByRepo = new Map<number, number>();
  return {
    report(repoId: number, stored: StoredReport): void {
      const { report, receivedAtMs, applications, badSinceMs, fingerprint } = stored;
      const tied = JSON.stringify(applications);
      const recognised = applications.length === 0 ? 0 : 1;
      const values = [JSON.stringify(report), receivedAtMs, tied, recognised, badSinceMs ?? null, fingerprint ?? null];
      put.run(repoId, report.subject, ...values);
    },
    applications(repoId: number, subject: string, applications: readonly string[]): void {
      untie.run(repoId, subject);
      for (const application of applications) tie.run(repoId, application, subject);
    },
    forgetOldest(repoId: number): void {
      const count = (newByRepo.get(repoId) ?? 0) + 1;
      newByRepo.set(repoId, count % unrecognisedPerLook);
      if (count === unrecognisedPerLook) forgetOldest.run(repoId);
    },
  };
}

function preparedLists(sqlite: Sqlite) {
  const of = sqlite.prepare(
    `SELECT ${columns} FROM report WHERE repo_id = ?1 AND subject IN
       (SELECT subject FROM report_application WHERE repo_id = ?1 AND application IN (?2, '*')) ORDER BY subject`,
  );
  const unrecognised = sqlite.prepare(
    `SELECT ${columns} FROM report WHERE repo_id = ? AND recognised = 0
     ORDER BY received_at_ms DESC, subject LIMIT ${unrecognisedListedMax}`,
  );
  const page = sqlite.prepare(
    `SELECT ${columns} FROM report WHERE repo_id = ? AND subject > ? ORDER BY subject LIMIT ${rowsPerPage}`,
  );
  return {
    of: (repoId: number, application: string) => of.all(repoId, application).map(parseStored),
    unrecognised: (repoId: number) => unrecognised.all(repoId).map(parseStored),
    page: (repoId: number, after: string) => page.all(repoId, after).map(parseStored),
  };
}

type ReadPage = (repoId: number, after: string) => readonly StoredReport[];

/** A repo may have tens of thousands: other work runs between the pages. */
async function readAll(repoId: number, readPage: ReadPage): Promise<readonly StoredReport[]> {
  const all: StoredReport[] = [];
  let page = readPage(repoId, '');
  while (page.length > 0) {
    all.push(...page);
    const last = page.at(-1)?.report.subject;
    if (last === undefined || page.length < rowsPerPage) break;
    await breathe();
    page = readPage(repoId, last);
  }
  return all;
}

function parseStored(row: Row): StoredReport {
  return {
    report: parseReport(text(row, 'report')),
    receivedAtMs: integer(row, 'received_at_ms'),
    applications: texts(row, 'applications'),
    badSinceMs: integerIfAny(row, 'bad_since_ms'),
    fingerprint: textIfAny(row, 'fingerprint'),
  };
}

/** JSON leaves out what is undefined; a Report has every key. We wrote the text ourselves from a Report. */
function parseReport(json: string): Report {
  const written = JSON.parse(json) as Report;
  return {
    ...written,
    revision: written.revision,
    healthySinceMs: written.healthySinceMs,
    link: written.link,
    sender: written.sender,
  };
}
