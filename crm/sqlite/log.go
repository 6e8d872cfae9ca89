package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"
)

// wal is the write-ahead log, which is emptied into the file beside the writing:
// a commit that empties it makes everybody wait who writes then, and that is the
// slowest hundredth of them.
type wal struct {
	life context.Context // until Close
	stop context.CancelFunc
	work sync.WaitGroup

	turn sync.Mutex // one empties; taken before Backend.mu

	// Guarded by Backend.mu.
	full  int  // how many pages it may grow before it is emptied
	grown int  // about how many pages were written since
	busy  bool // somebody empties, or is about to
}

const (
	// fullWAL is wal.full but in tests.
	fullWAL = 8 << 10
	// tooFull is when a commit empties the log itself, because nobody could:
	// the log begins anew only when no reader is in it.
	tooFull = 32 << 10
	// pagesOfCommit is about how many pages a commit of one row writes. In a
	// large group two rows share a page.
	pagesOfCommit = 12
)

// wrote counts what a commit added to the log, and has it emptied in time. The
// writer is locked.
func (b *Backend) wrote(rows int) {
	b.wal.grown += pagesOfCommit + rows/2
	if b.wal.grown < b.wal.full || b.wal.busy {
		return
	}
	b.wal.busy = true
	b.wal.work.Go(b.empty)
}

// empty copies the log into the file while others write, and then, while they
// wait, the little that came meanwhile: only a log that is copied whole begins
// anew. What fails here is tried again after as many pages, and at the latest
// by a commit.
func (b *Backend) empty() {
	b.wal.turn.Lock()
	defer b.wal.turn.Unlock()
	c, err := b.pool.Conn(b.wal.life)
	if err == nil {
		defer func() { _ = c.Close() }()
		var back func()
		if back, err = durable(b.wal.life, c); err == nil {
			defer back()
			_, err = checkpoint(b.wal.life, c, "PASSIVE")
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if err == nil && !b.closed {
		_, _ = checkpoint(b.wal.life, c, "PASSIVE")
	}
	b.wal.grown, b.wal.busy = 0, false
}

// durable makes a connection of the caller's own wait for the disk, until back:
// the log may be written over only when the file has what was in it.
func durable(ctx context.Context, c *sql.Conn) (back func(), err error) {
	var was int
	if err := c.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&was); err != nil {
		return nil, err
	}
	if was >= syncFull {
		return func() {}, nil
	}
	if _, err := c.ExecContext(ctx, fmt.Sprintf("PRAGMA synchronous=%d", syncFull)); err != nil {
		return nil, err
	}
	return func() {
		_, _ = c.ExecContext(context.WithoutCancel(ctx), fmt.Sprintf("PRAGMA synchronous=%d", was))
	}, nil
}

// syncFull is FULL in https://www.sqlite.org/pragma.html#pragma_synchronous.
const syncFull = 2

// checkpoint moves the log into the file; done when all of it was moved.
func checkpoint(ctx context.Context, c *sql.Conn, mode string) (done bool, err error) {
	var busy, frames, moved int
	err = c.QueryRowContext(ctx, "PRAGMA wal_checkpoint("+mode+")").Scan(&busy, &frames, &moved)
	return busy == 0, err
}

// Scrub empties the write-ahead log into the file and cuts it, so that what
// was removed is nowhere any more. crm.Store calls it after erasure. It fails
// when a reader holds the log for longer than Config.Wait: try again.
func (b *Backend) Scrub(ctx context.Context) error {
	b.wal.turn.Lock()
	defer b.wal.turn.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return ErrClosed
	}
	for end := time.Now().Add(b.config.Wait); ; {
		done, err := checkpoint(ctx, b.writer, "TRUNCATE")
		if err != nil {
			return fmt.Errorf("crm/sqlite: scrub: %w", err)
		}
		if done {
			return nil
		}
		if time.Now().After(end) {
			return errors.New("crm/sqlite: scrub: a reader holds the log; try again")
		}
		select { // another process empties it: for that, SQLite does not wait by itself
		case <-ctx.Done():
			return fmt.Errorf("crm/sqlite: scrub: %w", ctx.Err())
		case <-time.After(10 * time.Millisecond):
		}
	}
}
