package crm

import (
	"time"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
)

// ThreadID is one address under one programme: the unit of order, session,
// window, pace and outbox. A thread may speak for several persons, and a
// person may have several threads.
type ThreadID struct {
	Programme string
	Address   channels.Address
}

// Thread is what is remembered of one conversation between turns.
type Thread struct {
	ID ThreadID
	// Rev is 0 for a thread that is not stored yet; Commit returns the next one in
	// Result.Rev. A Change whose Thread.Rev is not the stored one fails with ErrStale.
	Rev int64
	// State is the conversation's own encoding; sealed at rest.
	State []byte
	// Lang is the language chosen; sealed at rest.
	Lang hubkit.Lang
	// About lists the ids of the persons the thread speaks for; sealed at rest.
	About []string
	// Owner is "" for the bot, else the id of the agent or queue that holds the
	// thread. Kept in clear, for the queue's page.
	Owner string
	// Expires is set while the person has not consented to anything: until then
	// only the address, the language, the state and the inbox key are kept, the
	// words that come in are not, and Prune removes the thread after Expires.
	// The zero time keeps the thread.
	Expires time.Time
}
