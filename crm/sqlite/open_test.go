package sqlite_test

import (
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
	_, err = c.ExecContext(t.Context(), "CREATE TABLE x (y); BEGIN IMMEDIATE; INSERT INTO x VALUES (1)") // not in WAL mode yet
	require.NoError(t, err)
	done := time.AfterFunc(300*time.Millisecond, func() { _, _ = c.ExecContext(t.Context(), "COMMIT") })
	defer done.Stop()
	b, err := sqlite.Open(t.Context(), path, sqlite.Config{})
	require.NoError(t, err)
	require.NoError(t, b.Check(t.Context()))
	require.NoError(t, b.Close())
}
