package channels

import "context"

// Table keeps small facts across restarts, such as content ids. crm.Store has one.
// It is safe for concurrent use.
type Table interface {
	// Get returns the value of key, and "" without an error when there is none.
	Get(ctx context.Context, key string) (value string, err error)
	// Put stores value durably under key; "" forgets it.
	Put(ctx context.Context, key, value string) error
}

// Backlog is what a pulling channel (web chat) reads: it pushes nothing. crm.Store
// has one. It is safe for concurrent use.
type Backlog interface {
	// After returns what was committed for the address after seq, oldest first.
	After(ctx context.Context, a Address, seq int64) ([]Entry, error)
	// Wait returns when the address may have something after seq, or ctx ends;
	// it must notice commits of other processes.
	Wait(ctx context.Context, a Address, seq int64) error
}

// Entry is one committed message with its sequence number.
type Entry struct {
	Seq int64 // rises with every committed message; unique per address
	Message
}
