package delivery

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hubkit/hubkit/channels"
)

// ErrLost is returned by Queue.Advance when the slice's lease has run out and its items
// may be in other hands. Nothing of the call is applied.
var ErrLost = errors.New("delivery: the lease was lost: it ran out before the outcome was recorded")

// Refused is returned by Queue.Advance, which has applied everything else, for steps to
// Sending of messages that may not be sent any more: cancelled, or known by now to have
// been sent. It holds their references.
type Refused []string

// Error says how many messages were refused.
func (r Refused) Error() string {
	return fmt.Sprintf("delivery: %d messages may not be sent any more", len(r))
}

// Queue holds what must leave. crm.Store's outbox and broadcast's ledger are queues.
// Each method is one durable commit, and safe for concurrent use, also from several
// processes. deliverytest.TestQueue is the contract in full.
type Queue interface {
	// Lease gives a loop up to n messages of a lane that are due, and the messages in
	// doubt that are due for a look, for the time d.
	//
	// Items are ordered by class, then by age, with at most one for each address: a
	// message waits while an earlier one to its address is queued, leased or sending.
	// Before that, what an expired lease held is taken back: Leased becomes Queued, and
	// Sending becomes Unknown, due for a look at once.
	Lease(ctx context.Context, lane string, n int, d time.Duration) (Slice, error)
	// Advance records steps of a leased slice: all of them or none. A step that State.May
	// forbids changes nothing but keeps the receipt; one to Sending is reported in
	// Refused. Doing the same again changes nothing. ErrLost when the epoch is old.
	Advance(ctx context.Context, s Slice, steps []Step) error
	// Learn applies news by Ref or provider id, as State.Learned says, whoever holds the
	// lease. It returns the statuses that are not this queue's.
	Learn(ctx context.Context, st []channels.Status) (others []channels.Status, err error)
}

// Waker is implemented by queues that can say when something was added, so that a loop
// need not ask.
type Waker interface {
	// Wait returns when the lane may have something new since the last Lease began, or
	// ctx ends.
	Wait(ctx context.Context, lane string) error
}

// Slice is what a loop holds for a while.
type Slice struct {
	Lane   string
	Epoch  int64              // fences: an older epoch cannot advance what a newer one holds
	Items  []channels.Message // to be sent
	Tries  []int              // how often each item was tried before; nil: never
	Doubts []Doubt            // to be looked for at the provider
	Next   time.Time          // when the lane next has something due, later than now; zero: unknown
}

// Doubt is a message that may have been sent.
type Doubt struct {
	Message channels.Message
	Since   time.Time // when its intent was recorded
	Tries   int       // how often it was tried, as its last Step said
}

// Step is one change of one message.
type Step struct {
	Ref     string
	To      State
	Receipt channels.Receipt // the provider's id, once there is one
	Cause   channels.Cause   // of a failure or retry
	Code    string           // the provider's code for it
	Due     time.Time        // for Queued: not to be sent before; for Unknown: when to look
	Tries   int              // how often tried so far: Lease gives it back
}

// Learn passes statuses from queue to queue until one knows them, and returns those
// that none does: news of messages that were pruned, or that are not ours. A hub calls
// it with what its webhooks bring.
func Learn(ctx context.Context, st []channels.Status, qs ...Queue) (others []channels.Status, err error) {
	for _, q := range qs {
		if len(st) == 0 {
			return nil, nil
		}
		if st, err = q.Learn(ctx, st); err != nil {
			return st, err
		}
	}
	return st, nil
}
