package delivery

import (
	"context"
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
