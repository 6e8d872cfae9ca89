package sqlite

import (
	"context"
	"errors"
	"fmt"
)

// Limit lets the database grow to so many pages, as a full disk does.
func (b *Backend) Limit(ctx context.Context, pages int) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.pragma(ctx, fmt.Sprintf("PRAGMA max_page_count=%d", pages))
}

// Synchronous is how the writer, and a reader while it empties the log, wait for
// the disk.
func (b *Backend) Synchronous(ctx context.Context) (writer, emptying int, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	err = b.writer.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&writer)
	c, more := b.pool.Conn(ctx)
	if err := errors.Join(err, more); err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	back, err := durable(ctx, c)
	if err != nil {
		return 0, 0, err
	}
	defer back()
	err = c.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&emptying)
	return writer, emptying, err
}

// EmptyAt has the log emptied when it has grown by so many pages.
func (b *Backend) EmptyAt(pages int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wal.full = pages
}
