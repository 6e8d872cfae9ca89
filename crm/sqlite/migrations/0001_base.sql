-- Every table has what its crm.Layout says, and beside it: key and rev, or seq
-- alone where rows are only appended; seq is the number of the commit.

CREATE TABLE crm_heads (
	key       TEXT PRIMARY KEY CHECK (key = 'head'),
	rev       INTEGER NOT NULL DEFAULT 0,
	seq       INTEGER NOT NULL,
	sealed    BLOB,
	retention INTEGER NOT NULL DEFAULT 0 -- 1 inside a transaction that may remove interactions and records
) WITHOUT ROWID;
INSERT INTO crm_heads (key, seq) VALUES ('head', 0);

CREATE TABLE crm_threads (
	id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, rev INTEGER NOT NULL, seq INTEGER NOT NULL,
	programme TEXT NOT NULL, owner TEXT, expires INTEGER, at INTEGER NOT NULL,
	sealed BLOB NOT NULL
);
CREATE INDEX crm_threads_expires ON crm_threads (expires) WHERE expires IS NOT NULL;
CREATE INDEX crm_threads_owner ON crm_threads (programme, owner) WHERE owner IS NOT NULL;

CREATE TABLE crm_interactions (
	seq INTEGER PRIMARY KEY,
	thread TEXT NOT NULL, at INTEGER NOT NULL, out INTEGER NOT NULL,
	sealed BLOB NOT NULL
);
CREATE INDEX crm_interactions_thread ON crm_interactions (thread, seq);

CREATE TABLE crm_inbox (
	key TEXT PRIMARY KEY, rev INTEGER NOT NULL, seq INTEGER NOT NULL,
	thread TEXT NOT NULL, at INTEGER NOT NULL, n INTEGER NOT NULL,
	sealed BLOB
) WITHOUT ROWID;
CREATE INDEX crm_inbox_at ON crm_inbox (at);

CREATE TABLE crm_outbox (
	id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, rev INTEGER NOT NULL, seq INTEGER NOT NULL,
	thread TEXT NOT NULL, lane TEXT NOT NULL, class INTEGER NOT NULL, due INTEGER NOT NULL,
	until INTEGER, open INTEGER, part INTEGER NOT NULL, lease INTEGER,
	ref TEXT NOT NULL, provider TEXT, code TEXT,
	state INTEGER NOT NULL, intent INTEGER, tries INTEGER, cause INTEGER, at INTEGER NOT NULL,
	sealed BLOB
);
CREATE INDEX crm_outbox_due ON crm_outbox (lane, class, due, seq, part) WHERE open = 1;
CREATE INDEX crm_outbox_doubt ON crm_outbox (lane, due) WHERE open >= 2;
CREATE INDEX crm_outbox_ref ON crm_outbox (ref);
CREATE INDEX crm_outbox_thread ON crm_outbox (thread, seq, part) WHERE open IS NOT NULL;
CREATE INDEX crm_outbox_provider ON crm_outbox (provider) WHERE provider IS NOT NULL;
CREATE INDEX crm_outbox_at ON crm_outbox (at) WHERE open IS NULL;

CREATE TABLE crm_registrations (
	id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, rev INTEGER NOT NULL, seq INTEGER NOT NULL,
	programme TEXT NOT NULL, thread TEXT, person TEXT, form TEXT, status TEXT NOT NULL, band TEXT,
	opened INTEGER NOT NULL, at INTEGER NOT NULL,
	sealed BLOB NOT NULL
);
CREATE INDEX crm_registrations_status ON crm_registrations (programme, status, at);
CREATE INDEX crm_registrations_at ON crm_registrations (programme, at);
CREATE INDEX crm_registrations_thread ON crm_registrations (thread) WHERE thread IS NOT NULL;
CREATE INDEX crm_registrations_person ON crm_registrations (person) WHERE person IS NOT NULL;

CREATE TABLE crm_persons (
	id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, rev INTEGER NOT NULL, seq INTEGER NOT NULL,
	programme TEXT NOT NULL, at INTEGER NOT NULL,
	sealed BLOB NOT NULL
);

CREATE TABLE crm_lookups (
	key TEXT PRIMARY KEY, rev INTEGER NOT NULL, seq INTEGER NOT NULL,
	value TEXT NOT NULL, person TEXT NOT NULL,
	sealed BLOB
) WITHOUT ROWID;
CREATE INDEX crm_lookups_value ON crm_lookups (value);
CREATE INDEX crm_lookups_person ON crm_lookups (person);

CREATE TABLE crm_records (
	seq INTEGER PRIMARY KEY,
	thread TEXT, about TEXT NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL,
	sealed BLOB NOT NULL
);
CREATE INDEX crm_records_about ON crm_records (about, seq);
CREATE INDEX crm_records_thread ON crm_records (thread, seq) WHERE thread IS NOT NULL;

CREATE TABLE crm_timers (
	key TEXT PRIMARY KEY, rev INTEGER NOT NULL, seq INTEGER NOT NULL,
	thread TEXT NOT NULL, lane TEXT NOT NULL, class INTEGER NOT NULL, due INTEGER NOT NULL,
	until INTEGER, open INTEGER, part INTEGER NOT NULL, lease INTEGER,
	sealed BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX crm_timers_due ON crm_timers (lane, class, due, seq, part) WHERE open = 1;
CREATE INDEX crm_timers_thread ON crm_timers (thread);

CREATE TABLE crm_tickets (
	key TEXT PRIMARY KEY, rev INTEGER NOT NULL, seq INTEGER NOT NULL,
	programme TEXT NOT NULL, queue TEXT NOT NULL, topic TEXT, thread TEXT NOT NULL, owner TEXT,
	opened INTEGER NOT NULL, closed INTEGER,
	sealed BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX crm_tickets_open ON crm_tickets (programme, opened) WHERE closed IS NULL;
CREATE INDEX crm_tickets_thread ON crm_tickets (thread);

CREATE TABLE crm_facts (
	key TEXT PRIMARY KEY, rev INTEGER NOT NULL, seq INTEGER NOT NULL,
	sealed BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE crm_keys (
	key TEXT PRIMARY KEY, rev INTEGER NOT NULL, seq INTEGER NOT NULL,
	sealed BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE crm_audit (
	seq INTEGER PRIMARY KEY,
	programme TEXT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, object TEXT NOT NULL, at INTEGER NOT NULL, link BLOB,
	sealed BLOB
);
CREATE INDEX crm_audit_object ON crm_audit (object, seq) WHERE action <> 'turn';

-- Append-only means append-only. Only a transaction that says it is retention
-- or erasure may remove interactions and records; nothing removes audit rows.

CREATE TRIGGER crm_interactions_fixed BEFORE UPDATE ON crm_interactions
BEGIN SELECT RAISE(ABORT, 'interactions are append-only'); END;
CREATE TRIGGER crm_interactions_kept BEFORE DELETE ON crm_interactions
WHEN (SELECT retention FROM crm_heads) = 0
BEGIN SELECT RAISE(ABORT, 'interactions are append-only'); END;
CREATE TRIGGER crm_records_fixed BEFORE UPDATE ON crm_records
BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
CREATE TRIGGER crm_records_kept BEFORE DELETE ON crm_records
WHEN (SELECT retention FROM crm_heads) = 0
BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
CREATE TRIGGER crm_audit_fixed BEFORE UPDATE ON crm_audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER crm_audit_kept BEFORE DELETE ON crm_audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
