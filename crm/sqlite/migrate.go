package sqlite

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
)

//go:embed migrations/*.sql
var migrations embed.FS

// ErrNewer is returned by Open for a database that a later hubkit made.
var ErrNewer = errors.New("crm/sqlite: the database was made by a newer version: upgrade the program")

// ErrMigration is returned by Open for a database whose migrations are not the
// ones this program knows under the same names.
var ErrMigration = errors.New("crm/sqlite: the database was made by an altered migration")

// migrate brings the database forward, each step in a transaction of its own;
// who comes second finds nothing to do. There is no way back: restore a backup.
func migrate(ctx context.Context, c *sql.Conn) error {
	if _, err := c.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS crm_migrations (
		name TEXT PRIMARY KEY, sum TEXT NOT NULL) WITHOUT ROWID`); err != nil {
		return err
	}
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	for _, f := range files {
		text, err := migrations.ReadFile(f)
		if err != nil {
			return err
		}
		if err := step(ctx, c, f, string(text)); err != nil {
			return fmt.Errorf("%s: %w", f, err)
		}
	}
	var n int
	if err := c.QueryRowContext(ctx, "SELECT count(*) FROM crm_migrations").Scan(&n); err != nil {
		return err
	}
	if n > len(files) {
		return ErrNewer
	}
	return nil
}

func step(ctx context.Context, c *sql.Conn, name, text string) (err error) {
	hash := sha256.Sum256([]byte(text))
	sum := hex.EncodeToString(hash[:])
	if _, err := c.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_, _ = c.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		}
	}()
	var known string
	switch err := c.QueryRowContext(ctx, "SELECT sum FROM crm_migrations WHERE name = ?", name).Scan(&known); {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return err
	case known != sum:
		return ErrMigration
	default:
		_, err := c.ExecContext(ctx, "COMMIT")
		return err
	}
	for _, q := range []struct {
		text string
		args []any
	}{
		{text: text},
		{text: "INSERT INTO crm_migrations (name, sum) VALUES (?, ?)", args: []any{name, sum}},
		{text: "COMMIT"},
	} {
		if _, err := c.ExecContext(ctx, q.text, q.args...); err != nil {
			return err
		}
	}
	return nil
}
