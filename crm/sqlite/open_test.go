package sqlite_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/crm/sqlite"
)

// A program that starts while another makes the same database waits for it,
// and is not told that the database is locked.
func TestOpenWaitsForAnotherThatMakesTheDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hub.db")
	other, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	defer other.Close()
	c, err := other.Conn(t.Context())
	require.NoError(t, err)
	// Not in WAL mode yet: there a commit needs the file for itself, and must wait
	// for those that look whether it is free, as Open does.
	_, err = c.ExecContext(t.Context(), "PRAGMA busy_timeout=60000; CREATE TABLE x (y); BEGIN IMMEDIATE; INSERT INTO x VALUES (1)")
	require.NoError(t, err)

	hurried, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err = sqlite.Open(hurried, path, sqlite.Config{Wait: time.Minute})
	require.ErrorIs(t, err, context.DeadlineExceeded, "it waits as long as it may")
	_, err = sqlite.Open(t.Context(), path, sqlite.Config{Wait: 10 * time.Millisecond})
	require.ErrorContains(t, err, "locked", "and no longer than it was told")

	committed := make(chan error, 1)
	done := time.AfterFunc(100*time.Millisecond, func() {
		_, err := c.ExecContext(t.Context(), "COMMIT")
		committed <- err
	})
	defer done.Stop()
	b, err := sqlite.Open(t.Context(), path, sqlite.Config{Wait: time.Minute})
	require.NoError(t, err)
	require.NoError(t, <-committed)
	require.NoError(t, b.Check(t.Context()))
	require.NoError(t, b.Close())
}
