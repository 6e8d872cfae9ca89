package crm

import (
	"context"
	"errors"
	"iter"
	"time"
)

// Backend stores rows that are already sealed. crm/sqlite is one; who writes
// another proves it with crmtest.TestBackend. All methods are safe for
// concurrent use, and several processes may share what is underneath if the
// backend says so.
type Backend interface {
	// Apply commits the batches durably together, in order: a batch whose guards
	// hold is written whole, one with a failed guard not at all and without
	// touching the others, and each sees what those before it wrote. One audit
	// link is chained over all. The outcomes are in the order of the batches; an
	// error means that none of them was written.
	Apply(ctx context.Context, bs []Batch) ([]Outcome, error)
	// Rows streams what q selects. It holds nothing while the caller works, who
	// may call the backend meanwhile: a row that changes then is seen as it was
	// or as it is, and twice only if the column of the order changed.
	Rows(ctx context.Context, q Select) iter.Seq2[Row, error]
	// Claim leases rows of a queue to one caller, durably; two callers never get
	// the same row before the lease ends. A claim that finds something takes one
	// number, which becomes the Rev and the lease of all its rows: whoever still
	// holds an older one fails a guard on it.
	Claim(ctx context.Context, c Claim) ([]Row, error)
	// Watch yields the store's last number whenever it has grown beyond after,
	// whichever process committed, until ctx ends. It may skip numbers, never
	// the last. It yields an error last, ctx's or its own.
	Watch(ctx context.Context, after int64) iter.Seq2[int64, error]
}

// Batch is one Change as rows.
type Batch struct {
	Guards []Guard
	// Writes are inserted, or replace the row of the same key. Rows of append
	// tables take the batch's numbers in order.
	Writes []Row
	// Drops removes whatever is selected, before Writes: retention and erasure
	// alone use it. Audit rows cannot be dropped.
	Drops []Select
	// Audit rows, of the table Audit, take the numbers after those of Writes.
	// The backend chains them: see Chain.
	Audit []Row
}

// Guard is a condition on one row: its revision equals Rev, or there is no
// such row when Rev is 0.
type Guard struct {
	Table Table
	Key   string
	Rev   int64
}

// Outcome is what became of one Batch.
type Outcome struct {
	// Seq is the first number the batch took; numbers of a store are taken
	// without gaps, at least one for each batch.
	Seq int64
	// Err is nil, or a *GuardError.
	Err error
}

// GuardError says which guard of a batch did not hold: the first, in order.
type GuardError struct{ Guard Guard }

// Error names the table only; the key stays out of logs.
func (e *GuardError) Error() string {
	return "crm: guard on " + string(e.Guard.Table) + " did not hold"
}

// Row is one row of a table.
type Row struct {
	Table Table
	// Key begins with the programme; empty in append tables.
	Key string
	// Rev is what guards compare; 0 in append tables.
	Rev int64
	// Seq is set by the backend: in append tables the row's own number, in others
	// the first number of the batch that made the row, which replacing it keeps.
	Seq int64
	// Clear holds an int64, string, []byte or nil for each column of the Layout.
	Clear []any
	// Sealed is everything else.
	Sealed []byte
	// Gone removes the row of this Key instead of writing it.
	Gone bool
}

// Op compares a column with a value.
type Op uint8

// Comparisons. A column that is nil matches only Is nil.
const (
	Is Op = iota // equal; a nil Value means the column is nil
	Below
	AtLeast
	Above
	Not // differs, and is not nil
)

// Where is one condition on a clear column, or on "key" or "seq".
type Where struct {
	Column string
	Op     Op
	Value  any // an int64, string or []byte; nil with Is alone
}

// Select says which rows, and in which order.
type Select struct {
	Table Table
	Where []Where // all must hold
	// By is the column of the order, which must not be nil in any row selected;
	// ties are in the order of keys or numbers. Defaults to "seq" in append
	// tables and "key" in others.
	By    string
	Desc  bool // the greatest first
	Limit int  // 0: all
	// Bare leaves Row.Sealed out.
	Bare bool
}

// Claim leases rows of a queue. First, up to Limit, those in doubt: OpenBusy rows
// whose lease has ended, which become OpenDoubt, and OpenDoubt rows that are due
// and not leased. Then, up to Limit, those to be done: OpenDue, due and not
// leased, in the order of class, due, Seq, part and key.
type Claim struct {
	Table Table
	Lane  string
	Now   time.Time
	Until time.Time // end of the lease
	Limit int
	// Ordered gives out only the first row of each thread in this lane that is
	// OpenDue or OpenBusy, by Seq and part, so that nothing overtakes.
	Ordered bool
}

// ErrTable is returned for a table or column that does not exist.
var ErrTable = errors.New("crm: no such table or column")
