package sqlite_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/sqlite"
)

// full is synchronous=FULL in SQLite's own numbers.
const full = 2

// What was acknowledged survives a power cut: whatever writes waits for the disk,
// also in the database of a caller who does not.
func TestEveryCommitWaitsForTheDisk(t *testing.T) {
	_, b := openStore(t, t.TempDir())
	writer, emptying, err := b.Synchronous(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []int{full, full}, []int{writer, emptying})

	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "own.db")+"?_pragma=busy_timeout(5000)&_pragma=synchronous(OFF)")
	require.NoError(t, err)
	defer func() { assert.NoError(t, db.Close()) }()
	own, err := sqlite.Use(t.Context(), db, sqlite.Config{})
	require.NoError(t, err)
	writer, emptying, err = own.Synchronous(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []int{full, full}, []int{writer, emptying})
	db.SetMaxOpenConns(2) // the writer's, and the one that emptied
	var theirs int
	require.NoError(t, db.QueryRow("PRAGMA synchronous").Scan(&theirs))
	assert.Zero(t, theirs, "the caller's connections are as they were")
	require.NoError(t, own.Close())
}

func bytesOf(t testing.TB, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Size()
}

// The log is emptied beside the writing, again and again, and so begins anew
// instead of growing.
func TestTheLogDoesNotGrow(t *testing.T) {
	dir := t.TempDir()
	s, b := openStore(t, dir)
	b.EmptyAt(200)
	log := filepath.Join(dir, "hub.db-wal")
	var early int64
	const turns = 600
	for i := range turns {
		turn(t, s, i%20, fmt.Sprint(i), "x")
		if i == turns/10 {
			early = bytesOf(t, log)
		}
	}
	t.Logf("%d KiB after a tenth, %d KiB in the end", early>>10, bytesOf(t, log)>>10)
	assert.Positive(t, early)
	assert.Less(t, bytesOf(t, log), int64(20<<20), "60 MiB were written")
}

// An erasure is not reported as done while somebody still reads from the log what
// was removed.
func TestScrubSaysThatAReaderHoldsTheLog(t *testing.T) {
	dir := t.TempDir()
	b, err := sqlite.Open(t.Context(), filepath.Join(dir, "hub.db"), sqlite.Config{Wait: 50 * time.Millisecond})
	require.NoError(t, err)
	defer func() { assert.NoError(t, b.Close()) }()
	key, err := crm.NewKeyFile(make([]byte, 32))
	require.NoError(t, err)
	s, err := crm.New(t.Context(), crm.Config{Backend: b, Sealer: key})
	require.NoError(t, err)
	turn(t, s, 1, "m1", "x")
	reader, err := raw(t, dir).BeginTx(t.Context(), nil)
	require.NoError(t, err)
	var n int
	require.NoError(t, reader.QueryRow("SELECT count(*) FROM crm_threads").Scan(&n))
	require.Equal(t, 1, n)
	turn(t, s, 2, "m2", "x")
	require.ErrorContains(t, b.Scrub(t.Context()), "a reader holds the log; try again")
	require.NoError(t, reader.Rollback())
	require.NoError(t, b.Scrub(t.Context()))
	assert.Zero(t, bytesOf(t, filepath.Join(dir, "hub.db-wal")))
}

// Nobody else on the machine reads the database, nor a copy of it.
func TestFilesAreForTheirOwnerAlone(t *testing.T) {
	dir := t.TempDir()
	s, b := openStore(t, dir)
	turn(t, s, 1, "m1", "x")
	require.NoError(t, b.Backup(t.Context(), filepath.Join(dir, "copy.db")))
	for _, name := range []string{"hub.db", "hub.db-wal", "hub.db-shm", "copy.db"} {
		info, err := os.Stat(filepath.Join(dir, name))
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm(), name)
	}
	before := bytesOf(t, filepath.Join(dir, "copy.db"))
	require.ErrorIs(t, b.Backup(t.Context(), filepath.Join(dir, "copy.db")), os.ErrExist)
	assert.Equal(t, before, bytesOf(t, filepath.Join(dir, "copy.db")), "what is there stays")
	require.NoError(t, b.Close())
	require.Error(t, b.Backup(t.Context(), filepath.Join(dir, "late.db")))
	assert.NoFileExists(t, filepath.Join(dir, "late.db"), "no half of a copy")
}
