package delivery

import (
	"context"
	"errors"
	"time"

	"github.com/hubkit/hubkit/channels"
)

// Queue holds what must leave. Each method is one durable commit.
type Queue interface {
	// Lease returns due items of a lane, at most one per address, in order.
	Lease(ctx context.Context, lane string, n int, d time.Duration) (Slice, error)
	// Advance records intents and outcomes together; ErrLost when the epoch is old.
	Advance(ctx context.Context, s Slice, steps []Step) error
	// Learn applies later news by Ref or provider id, never stepping back;
	// it returns the statuses that are not this queue's.
	Learn(ctx context.Context, st []channels.Status) (others []channels.Status, err error)
}

// Slice is what one Lease gave out.
type Slice struct {
	Lane  string
	Epoch int64
	Items []channels.Message
}

// Step is what became of one item.
type Step struct {
	Ref     string
	To      State
	Receipt channels.Receipt
	Cause   channels.Cause
	Due     time.Time
}

// State is how far an item came.
type State uint8

// States of an item.
const (
	Queued State = iota
	Leased
	Sending
	Unknown
	Accepted
	Delivered
	Read
	Undelivered
	Failed
	Held
	Cancelled
	Expired
)

// ErrLost is returned by Advance when the lease is somebody else's.
var ErrLost = errors.New("delivery: the lease is lost")
