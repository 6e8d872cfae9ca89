package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	modernc "modernc.org/sqlite" // the driver "sqlite"; a caller's own *sql.DB may have another

	"github.com/hubkit/hubkit/crm"
)

// Config is how a database is used. The zero value is right for a hub.
type Config struct {
	// Readers is how many connections read at once. Defaults to 4.
	Readers int
	// Cache is the page cache of the writer, in bytes. Defaults to 64 MiB.
	Cache int64
	// Poll is how soon Watch notices another process. Defaults to 50 ms.
	Poll time.Duration
	// Wait is how long Open, and then each write, waits for another process that
	// holds the file. Defaults to 5 seconds. SQLite counts in milliseconds.
	Wait time.Duration
}

func (c Config) check() (Config, error) {
	if c.Readers < 0 || c.Cache < 0 || c.Poll < 0 || c.Wait < 0 {
		return c, errors.New("crm/sqlite: Config.Readers, Cache, Poll and Wait may not be negative")
	}
	if c.Readers == 0 {
		c.Readers = 4
	}
	if c.Cache == 0 {
		c.Cache = 64 << 20
	}
	if c.Poll == 0 {
		c.Poll = 50 * time.Millisecond
	}
	if c.Wait == 0 {
		c.Wait = 5 * time.Second
	}
	return c, nil
}

// Backend is a crm.Backend in one SQLite file. Safe for concurrent use. Several
// processes may open the same file: they take turns at writing, each waiting
// up to Config.Wait for the other. Not for files on a network.
type Backend struct {
	config Config
	pool   *sql.DB // readers
	owned  *sql.DB // the writer's pool; nil when the caller brought pool
	tables map[crm.Table]*table
	reads  sync.Map // query → *sql.Stmt

	mu     sync.Mutex // one writer
	writer *sql.Conn
	writes map[string]*sql.Stmt
	work   apply
	wal    wal
	closed bool
}

var _ crm.Backend = (*Backend)(nil)

// ErrClosed is returned after Close.
var ErrClosed = errors.New("crm/sqlite: closed")

// Open opens the database at path, makes it when it is not there, and brings
// its tables forward. The directory must exist. A new file, and the log beside it,
// is for its owner alone. Close it after the last Store.
func Open(ctx context.Context, path string, c Config) (*Backend, error) {
	c, err := c.check()
	if err != nil {
		return nil, err
	}
	if err := create(path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("crm/sqlite: open: %w", err)
	}
	write, err := sql.Open("sqlite", dsn(path, c.Cache, c.Wait))
	if err != nil {
		return nil, fmt.Errorf("crm/sqlite: %w", err)
	}
	write.SetMaxOpenConns(1)
	read, err := sql.Open("sqlite", dsn(path, c.Cache/int64(c.Readers), c.Wait)+"&_pragma=query_only(ON)")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("crm/sqlite: %w", err), write.Close())
	}
	read.SetMaxOpenConns(c.Readers)
	read.SetMaxIdleConns(c.Readers)
	b := &Backend{config: c, pool: read, owned: write}
	err = b.start(ctx, write)
	for end := time.Now().Add(c.Wait); isBusy(err) && time.Now().Before(end); err = b.start(ctx, write) {
		select { // another process makes the same database: here SQLite does not wait by itself
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), b.Close())
		case <-time.After(10 * time.Millisecond):
		}
	}
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

var creating sync.Mutex

// create makes an empty file for its owner alone. It is closed again before any
// Open goes on: closing a file ends the locks that SQLite has on it in this process.
func create(path string) error {
	creating.Lock()
	defer creating.Unlock()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func isBusy(err error) bool {
	e, ok := errors.AsType[*modernc.Error](err)
	return ok && e.Code()&0xff == busy
}

// busy is SQLITE_BUSY, in https://www.sqlite.org/rescode.html.
const busy = 5

// Use works on the caller's own database, with any driver for SQLite, beside
// the caller's own tables: its are named crm_…. One connection of the pool is
// kept for writing, and is set to synchronous=FULL. Close gives it back and
// leaves db open. Who may read the file is the caller's to say.
func Use(ctx context.Context, db *sql.DB, c Config) (*Backend, error) {
	c, err := c.check()
	if err != nil {
		return nil, err
	}
	if most := db.Stats().MaxOpenConnections; most == 1 {
		return nil, errors.New("crm/sqlite: the *sql.DB has one connection at most: allow at least 2, for one writer and one reader")
	}
	b := &Backend{config: c, pool: db}
	if err := b.start(ctx, db); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

// dsn carries the pragmas, so that every connection of a pool has them.
func dsn(path string, cache int64, wait time.Duration) string {
	q := url.Values{}
	for _, p := range []string{
		fmt.Sprintf("busy_timeout(%d)", wait.Milliseconds()), "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(ON)",
		"secure_delete(ON)", "temp_store(MEMORY)", fmt.Sprintf("cache_size(-%d)", max(cache/1024, 256)),
	} {
		q.Add("_pragma", p)
	}
	q.Set("_txlock", "immediate")
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath(), RawQuery: q.Encode()}
	return u.String()
}

func (b *Backend) start(ctx context.Context, from *sql.DB) (err error) {
	defer func() {
		if err == nil {
			return
		}
		err = fmt.Errorf("crm/sqlite: open: %w", err)
		if b.writer != nil {
			err = errors.Join(err, b.writer.Close())
			b.writer = nil
		}
	}()
	if b.writer, err = from.Conn(ctx); err != nil {
		return err
	}
	if b.wal.life == nil {
		b.wal.life, b.wal.stop = context.WithCancel(context.WithoutCancel(ctx))
	}
	b.wal.full = fullWAL
	b.writes = map[string]*sql.Stmt{}
	b.tables = map[crm.Table]*table{}
	for _, l := range crm.Layouts() {
		b.tables[l.Table] = newTable(l)
	}
	for _, p := range []string{
		fmt.Sprintf("PRAGMA busy_timeout=%d", b.config.Wait.Milliseconds()), "PRAGMA synchronous=FULL", "PRAGMA secure_delete=ON",
		fmt.Sprintf("PRAGMA wal_autocheckpoint=%d", tooFull),
	} {
		if err := b.pragma(ctx, p); err != nil {
			return err
		}
	}
	var mode string
	if err := b.writer.QueryRowContext(ctx, "PRAGMA journal_mode=WAL").Scan(&mode); err != nil {
		return err
	}
	if mode != "wal" {
		return fmt.Errorf("journal mode is %q, and must be wal: the file cannot be written, or lies on a network", mode)
	}
	return migrate(ctx, b.writer)
}

// pragma runs one, and drops the value that some of them answer.
func (b *Backend) pragma(ctx context.Context, p string) error {
	rows, err := b.writer.QueryContext(ctx, p)
	if err != nil {
		return err
	}
	for rows.Next() { // the answer is not needed
	}
	return errors.Join(rows.Err(), rows.Close())
}

// Close waits for the write under way and closes what Open opened.
func (b *Backend) Close() error {
	b.mu.Lock()
	closed := b.closed
	b.closed = true
	b.mu.Unlock()
	if closed {
		return nil
	}
	if b.wal.stop != nil {
		b.wal.stop()
	}
	b.wal.work.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	var errs []error
	for _, s := range b.writes {
		errs = append(errs, s.Close())
	}
	b.reads.Range(func(_, s any) bool {
		errs = append(errs, s.(*sql.Stmt).Close())
		return true
	})
	if b.writer != nil {
		errs = append(errs, b.writer.Close())
	}
	if b.owned != nil {
		errs = append(errs, b.pool.Close(), b.owned.Close())
	}
	return errors.Join(errs...)
}

// Backup writes a consistent copy to path, which must not exist yet, while the
// hub goes on. It is sealed like the original, and for its owner alone: back up the
// key elsewhere. After an error there is no file.
func (b *Backend) Backup(ctx context.Context, path string) error {
	if err := create(path); err != nil {
		return fmt.Errorf("crm/sqlite: backup: %w", err)
	}
	if err := b.copyInto(ctx, path); err != nil {
		return fmt.Errorf("crm/sqlite: backup: %w", errors.Join(err, os.Remove(path)))
	}
	return nil
}

func (b *Backend) copyInto(ctx context.Context, path string) error {
	c, err := b.pool.Conn(ctx)
	if err != nil {
		return err
	}
	// SQLite counts writing the copy as writing. What the connection was before,
	// it must be again when it goes back to the pool.
	var only int
	err = c.QueryRowContext(ctx, "PRAGMA query_only").Scan(&only)
	if err == nil {
		_, err = c.ExecContext(ctx, "PRAGMA query_only=OFF")
	}
	if err == nil {
		_, err = c.ExecContext(ctx, "VACUUM INTO ?", path)
	}
	_, after := c.ExecContext(context.WithoutCancel(ctx), fmt.Sprintf("PRAGMA query_only=%d", only))
	return errors.Join(err, after, c.Close())
}

// ErrCorrupt is returned by Check.
var ErrCorrupt = errors.New("crm/sqlite: the database is damaged: restore a backup")

// Check reads the whole file and returns ErrCorrupt with what SQLite's
// integrity check found.
func (b *Backend) Check(ctx context.Context) error {
	rows, err := b.pool.QueryContext(ctx, "PRAGMA integrity_check")
	if err != nil {
		return fmt.Errorf("crm/sqlite: check: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return fmt.Errorf("crm/sqlite: check: %w", err)
		}
		if line != "ok" {
			return fmt.Errorf("%w: %s", ErrCorrupt, line)
		}
	}
	return rows.Err()
}
