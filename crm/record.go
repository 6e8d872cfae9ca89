package crm

import (
	"time"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
)

// Consent is one answer to one notice, kept so that years later it can be
// shown what was read, in which words, and what was said. There is one for
// each purpose: processing, each partner, follow-up.
type Consent struct {
	Purpose string
	Given   bool // false: refused, or withdrawn
	Notice  string
	// NoticeHash is the SHA-256 of the exact text that was shown, in hexadecimal.
	NoticeHash string
	Version    string
	Lang       hubkit.Lang
	Channel    string
	Message    string // the inbound message's id at the provider; sealed
	About      string // a Person.ID or Registration.ID; empty for the thread itself
	By         Actor  // who answered; an agent or helper where somebody else did
	At         time.Time
}

// Note is what staff write for each other about a registration, person or
// thread. It is never shown to the person by hubkit, and is part of what a
// person may ask to see.
type Note struct {
	About string // a Registration.ID or Person.ID; empty for the thread itself
	Text  string
	By    Actor // set by Commit to Change.By
	At    time.Time
}

// MediaRef is a photo, document or sound that was received: where its sealed
// bytes are kept, not the bytes.
type MediaRef struct {
	ID     string // in the programme's media store
	About  string // a Registration.ID or Person.ID; empty for the thread itself
	Answer string // key of the question it answers; may be empty
	Media  channels.Media
	SHA256 string // of the bytes, in hexadecimal
	At     time.Time
}

// Interaction is one thing that was said, by either side. Interactions are
// append-only: nothing changes one, and only retention and erasure remove it.
type Interaction struct {
	Seq int64 // strictly increasing over the whole store
	At  time.Time
	By  Actor
	// In is what came in; its words are absent where the thread had not
	// consented. Exactly one of In and Out is set.
	In *channels.Event
	// Out is what was said to the person.
	Out *Outgoing
}

// Timer asks for a thread to be looked at later: a reminder, an expiry, an
// escalation. It survives restarts, and Store.Due gives it to one worker.
type Timer struct {
	Thread ThreadID
	// Name is unique in its thread: setting a timer of the same name replaces
	// it. It is kept in clear, so it must say nothing about the person.
	Name string
	// Due is when; the zero time cancels the timer.
	Due  time.Time
	Data []byte // the conversation's own; sealed
	// Rev is set by Store.Due; Change.Fired hands it back.
	Rev int64
}

// Ticket is a thread waiting for, or held by, a person of the programme.
type Ticket struct {
	ID     string
	Rev    int64 // 0 when new; Commit fails with ErrStale when it is not the stored one
	Queue  string
	Topic  string // in clear: a word of the programme's own list, never free text
	Thread ThreadID
	Owner  string // agent's id; "" while nobody took it
	Lang   hubkit.Lang
	Note   string // why it was handed over; sealed
	Opened time.Time
	Closed time.Time // zero while open
}
