-- Times are epoch milliseconds by our clock unless the name says otherwise. Lists and objects are JSON texts.

-- Every delivery, verified and recorded once. The payload goes when the delivery is done; the row stays for a while, so
-- that the same delivery sent again is known.
CREATE TABLE inbox (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  delivery TEXT NOT NULL,
  body_hash TEXT NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('github', 'argocd', 'flux')),
  event TEXT NOT NULL,
  instance TEXT,
  received_at_ms INTEGER NOT NULL,
  payload TEXT,
  state TEXT NOT NULL CHECK (state IN ('due', 'in hand', 'done', 'buried')),
  due_at_ms INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  reason TEXT,
  done_at_ms INTEGER
) STRICT;

CREATE UNIQUE INDEX inbox_delivery ON inbox (delivery, body_hash);
CREATE INDEX inbox_due ON inbox (due_at_ms, key) WHERE state = 'due';
CREATE INDEX inbox_done ON inbox (done_at_ms) WHERE state = 'done';
CREATE INDEX inbox_buried ON inbox (key) WHERE state = 'buried';

-- One row of a key waits at most, and one is in hand at most.
CREATE TABLE queue (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'in hand')),
  installation_id INTEGER NOT NULL,
  repo_id INTEGER NOT NULL,
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  application TEXT NOT NULL,
  due_at_ms INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  causes TEXT NOT NULL,
  reason TEXT,
  UNIQUE (key, state)
) STRICT;

CREATE INDEX queue_due ON queue (due_at_ms, sequence) WHERE state = 'queued';

-- Jobs given up on, until the same key is done after all.
CREATE TABLE queue_buried (
  key TEXT PRIMARY KEY,
  reason TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;

-- The newest report of every subject. `applications` is what the rows of report_application say, at hand for reading.
CREATE TABLE report (
  repo_id INTEGER NOT NULL,
  subject TEXT NOT NULL,
  report TEXT NOT NULL,
  received_at_ms INTEGER NOT NULL,
  applications TEXT NOT NULL,
  recognised INTEGER NOT NULL CHECK (recognised IN (0, 1)),
  bad_since_ms INTEGER,
  fingerprint TEXT,
  PRIMARY KEY (repo_id, subject)
) STRICT;

CREATE INDEX report_unrecognised ON report (repo_id, received_at_ms) WHERE recognised = 0;

CREATE TABLE report_application (
  repo_id INTEGER NOT NULL,
  application TEXT NOT NULL,
  subject TEXT NOT NULL,
  PRIMARY KEY (repo_id, application, subject),
  FOREIGN KEY (repo_id, subject) REFERENCES report (repo_id, subject) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX report_application_subject ON report_application (repo_id, subject);

-- `full_name` is in lower case, as GitHub compares names. `seen` orders repos by when they were put last.
CREATE TABLE repo (
  id INTEGER PRIMARY KEY,
  installation_id INTEGER NOT NULL,
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  full_name TEXT NOT NULL,
  seen INTEGER NOT NULL
) STRICT;

CREATE INDEX repo_full_name ON repo (full_name, seen);
CREATE INDEX repo_seen ON repo (seen);

CREATE TABLE repo_fact (
  repo_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (repo_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE opened (
  repo_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  lane TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (repo_id, number)
) STRICT;

CREATE INDEX opened_at ON opened (repo_id, at_ms);

CREATE TABLE decision (
  repo_id INTEGER NOT NULL,
  application TEXT NOT NULL,
  decision TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (repo_id, application)
) STRICT;

-- Written by the readiness probe: a disk that is full or read-only shows only when something is written.
CREATE TABLE probe (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  count INTEGER NOT NULL
) STRICT;

INSERT INTO probe (id, count) VALUES (1, 0);
