import type { Repo } from '../domain/repo.ts';
import { fullName } from '../domain/repo.ts';
import type { Repos } from '../ports/store.ts';
import { deleteInPages, integer, type Row, rowsPerPage, type Sqlite, text } from './sqlite.ts';

const columns = 'id, installation_id, owner, name';

/** Repos and small facts about them, on SQLite. */
export function sqliteRepos(sqlite: Sqlite): Repos {
  const { put, byId, byName, all, fact, setFact } = preparedStatements(sqlite);
  const removal = preparedRemoval(sqlite);

  return {
    put: (repo) =>
      sqlite.write(() => {
        put.run(repo.id, repo.installationId, repo.owner, repo.name, fullName(repo).toLowerCase());
      }),
    async remove(repoId) {
      await sqlite.write(() => removal.repo(repoId));
      await deleteInPages(sqlite, () => removal.reports(repoId));
    },
    byId: async (repoId) => parseRepo(byId.get(repoId)),
    byName: async (name) => parseRepo(byName.get(name.toLowerCase())),
    all: async () => all.all().flatMap((row) => parseRepo(row) ?? []),
    async fact(repoId, name) {
      const row = fact.get(repoId, name);
      return row === undefined ? undefined : text(row, 'value');
    },
    setFact: (repoId, name, value) =>
      sqlite.write(() => {
        setFact.run(repoId, name, value);
      }),
  };
}

function preparedStatements(sqlite: Sqlite) {
  return {
    put: sqlite.prepare(
      `INSERT INTO repo (id, installation_id, owner, name, full_name, seen)
       VALUES (?, ?, ?, ?, ?, (SELECT coalesce(max(seen), 0) + 1 FROM repo))
       ON CONFLICT (id) DO UPDATE SET installation_id = excluded.installation_id, owner = excluded.owner,
         name = excluded.name, full_name = excluded.full_name, seen = excluded.seen`,
    ),
    byId: sqlite.prepare(`SELECT ${columns} FROM repo WHERE id = ?`),
    // After a rename another repo may have taken the name: the one seen last has it now.
    byName: sqlite.prepare(`SELECT ${columns} FROM repo WHERE full_name = ? ORDER BY seen DESC LIMIT 1`),
    all: sqlite.prepare(`SELECT ${columns} FROM repo ORDER BY full_name, id`),
    fact: sqlite.prepare('SELECT value FROM repo_fact WHERE repo_id = ? AND name = ?'),
    setFact: sqlite.prepare(
      `INSERT INTO repo_fact (repo_id, name, value) VALUES (?, ?, ?)
       ON CONFLICT (repo_id, name) DO UPDATE SET value = excluded.value`,
    ),
  };
}

/** With a repo goes everything known of it: when the App is installed again, old reports must not speak for it. */
function preparedRemoval(sqlite: Sqlite) {
  const statements = ['repo WHERE id', 'repo_fact WHERE repo_id', 'opened WHERE repo_id', 'decision WHERE repo_id'].map(
    (rows) => sqlite.prepare(`DELETE FROM ${rows} = ?`),
  );
  const reports = sqlite.prepare(
    `DELETE FROM report WHERE rowid IN (SELECT rowid FROM report WHERE repo_id = ? LIMIT ${rowsPerPage})`,
  );
  return {
    repo(repoId: number): void {
      for (const statement of statements) statement.run(repoId);
    },
    reports: (repoId: number) => Number(reports.run(repoId).changes),
  };
}

function parseRepo(row: Row | undefined): Repo | undefined {
  if (row === undefined) return undefined;
  return {
    installationId: integer(row, 'installation_id'),
    id: integer(row, 'id'),
    owner: text(row, 'owner'),
    name: text(row, 'name'),
  };
}
