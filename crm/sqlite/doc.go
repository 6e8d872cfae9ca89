// Package sqlite keeps a crm.Store in one SQLite file, with nothing to install
// and no cgo.
//
//	db, err := sqlite.Open(ctx, "data/hub.db", sqlite.Config{})
//	defer db.Close()
//	store, err := crm.New(ctx, crm.Config{Backend: db, Sealer: key})
//
// The file is in WAL mode with synchronous=FULL: a commit that was acknowledged
// survives a power cut. One connection writes, in groups; others read
// meanwhile. [Use] works in a caller's own *sql.DB instead, beside its tables.
// Several processes may share the file on one machine: they take turns at
// writing, and Watch tells each what the others committed.
//
// [Backend.Backup] copies the file while the hub goes on, [Backend.Check] reads
// all of it for damage, [Backend.Scrub] cuts the log after an erasure. Keep the
// key file's backup apart from the database's.
//
// Interactions and records are append-only: triggers refuse to change or
// remove them outside a transaction of retention or erasure, which sets a mark
// for itself. Audit rows are never removed. The triggers stop mistakes; who can
// write the file can drop them, and is found by Store.Verify.
//
// # Errors
//
// ErrNewer and ErrMigration when the tables are not this program's; ErrCorrupt
// from Check; ErrClosed after Close; otherwise SQLite's own error, such as a full
// disk: then nothing of the group was written, and later commits may work again.
//
// # Design
//
// Guards of a group are read first, winners are decided in memory, and then
// each table is written with few statements of many rows: a third of the cost
// of one statement each. Refused: a savepoint for each change.
// Rows are read in pages and no connection is held while the caller works, so
// that a slow page neither stops the log from being emptied nor runs out of
// connections. Refused: one long snapshot.
// Refused: synchronous=NORMAL, which is not faster in groups and forgets the
// last commits of a power cut; an ORM; a migration library for forty lines.
package sqlite
