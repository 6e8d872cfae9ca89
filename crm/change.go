package crm

import (
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/hubkit/hubkit/channels"
)

// Change is everything one turn writes, as data: the store commits it whole or
// not at all, and many callers' Changes with one fsync. All parts belong to
// one programme. The caller gives the Change away: it must not be altered
// while Commit runs.
type Change struct {
	By      Actor
	Purpose string // why, for the audit: "turn", "review", "correction"; defaults to "turn"
	// Programme is needed only where nothing else in the Change names it, as with
	// a Note about a registration.
	Programme string

	// Inbound is recorded once by channel and ID. It needs Thread.
	Inbound *channels.Event
	// Thread is written when its Rev is the stored one. Inbound, Outbox and
	// Timers need it.
	Thread        *Thread
	Persons       []Person
	Registrations []Registration
	// Outbox is what to say, in order.
	Outbox   []Outgoing
	Timers   []Timer
	Tickets  []Ticket
	Notes    []Note
	Consents []Consent
	Media    []MediaRef
	// Fired is the timer, from Store.Due, that this Change answers: it is
	// removed, and the Change fails with ErrStale when somebody else answered it.
	Fired *Timer
}

// Outgoing is one message to a person, with how it leaves.
type Outgoing struct {
	// Ref is ours and unique over all programmes: news of a delivery bring it
	// back. Defaults to Message.Ref, or else to NewRef; Message.Ref is set to it.
	Ref     string
	Message channels.Message
	// NotAfter is when the message is no longer worth sending; a call's reply
	// expires with the call. Defaults to Message.NotAfter, which is set to it; the
	// zero time never expires.
	NotAfter time.Time
	// Lane is the sender's queue that delivers it; defaults to the address's
	// channel. Unused with Inline and Pull.
	Lane string
	// Due is when it may leave; the zero time is at once.
	Due time.Time
	// Inline: it leaves in the response to Inbound, and expires with it.
	Inline bool
	// Pull: the person's page fetches it from the Backlog. Being committed is
	// being delivered, so nothing waits in the outbox.
	Pull bool
}

// Result of one Change.
type Result struct {
	// Seq is the number of the last interaction written, or of the commit when
	// there was none.
	Seq int64
	// Rev is the thread's new revision; 0 without a Thread.
	Rev int64
	// Duplicate: Inbound was known, and nothing was written.
	Duplicate bool
	// Replies is what that inbound is, or was, answered with; those whose
	// NotAfter has passed are left out.
	Replies []Outgoing
}

// ErrStale is returned when something was changed by somebody else since it
// was read: load it and decide again. It is matched by *StaleError.
var ErrStale = errors.New("crm: changed since it was read; load and decide again")

// StaleError says which kind of row was stale. It matches ErrStale.
type StaleError struct{ Table Table }

// Error names the table only.
func (e *StaleError) Error() string {
	return fmt.Sprintf("%v (%s)", ErrStale, e.Table)
}

// Is reports whether target is ErrStale.
func (e *StaleError) Is(target error) bool { return target == ErrStale }

// ErrChange is matched by every complaint about a malformed Change; the
// joined error lists all of them.
var ErrChange = errors.New("crm: malformed change")

// check returns the one programme that the Change belongs to, and every mistake
// that can be seen without the store.
func (c *Change) check() (programme string, err error) {
	var errs []error
	bad := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("%w: "+format, append([]any{ErrChange}, args...)...))
	}
	belongs := func(what, p string) {
		switch {
		case !validProgramme(p):
			bad("%s: programme must be 1 to %d of a–z, 0–9, - and _", what, maxProgramme)
		case programme == "":
			programme = p
		case programme != p:
			bad("%s belongs to another programme", what)
		}
	}
	id := func(what, id string) {
		if !validID(id) {
			bad("%s: id must be 1 to %d printable characters without '/'", what, maxID)
		}
	}
	inThread := func(what string, t ThreadID) {
		belongs(what, t.Programme)
		if t.Address.Channel == "" || t.Address.ID == "" {
			bad("%s: the thread's address is empty", what)
		}
	}
	if !c.By.Kind.known() {
		bad("By must name an actor")
	}
	if c.Programme != "" {
		belongs("Programme", c.Programme)
	}
	if c.Thread != nil {
		inThread("Thread", c.Thread.ID)
	}
	if c.Thread == nil && (c.Inbound != nil || len(c.Outbox) > 0) {
		bad("Inbound and Outbox need Thread")
	}
	if c.Inbound != nil && (c.Inbound.ID == "" || c.Inbound.From.Channel == "") {
		bad("Inbound needs an ID and a channel in From, by which it is recorded once")
	}
	if c.Inbound != nil && (len(c.Inbound.ID) > maxEventID || !utf8.ValidString(c.Inbound.ID)) {
		bad("Inbound.ID must be UTF-8 of at most %d bytes", maxEventID)
	}
	for i := range c.Outbox {
		o := &c.Outbox[i]
		if o.Inline && o.Pull {
			bad("Outbox[%d] is both Inline and Pull", i)
		}
		if o.Inline && c.Inbound == nil {
			bad("Outbox[%d] is Inline, and there is no Inbound to answer", i)
		}
		if o.Ref = or(o.Ref, o.Message.Ref); o.Ref != "" {
			id("Outbox", o.Ref)
		}
	}
	for _, p := range c.Persons {
		belongs("Persons", p.Programme)
		id("Persons", p.ID)
	}
	for i := range c.Registrations {
		r := &c.Registrations[i]
		belongs("Registrations", r.Programme)
		id("Registrations", r.ID)
		if r.Thread != (ThreadID{}) {
			inThread("Registrations", r.Thread)
		}
	}
	for i := range c.Timers {
		inThread("Timers", c.Timers[i].Thread)
		id("Timers", c.Timers[i].Name)
	}
	if c.Fired != nil {
		inThread("Fired", c.Fired.Thread)
		if c.Fired.Rev == 0 {
			bad("Fired was not leased by Store.Due")
		}
	}
	for i := range c.Tickets {
		inThread("Tickets", c.Tickets[i].Thread)
		id("Tickets", c.Tickets[i].ID)
	}
	about := func(what, a string) {
		if a == "" && c.Thread == nil {
			bad("%s needs About or Thread", what)
		}
	}
	for i := range c.Notes {
		about("Notes", c.Notes[i].About)
	}
	for i := range c.Consents {
		about("Consents", c.Consents[i].About)
		if c.Consents[i].Purpose == "" {
			bad("Consents[%d] has no purpose", i)
		}
	}
	for i := range c.Media {
		about("Media", c.Media[i].About)
	}
	if programme == "" && len(errs) == 0 {
		bad("nothing in it names a programme")
	}
	return programme, errors.Join(errs...)
}

// rests reports whether the Change replaces something that was read.
func (c *Change) rests() bool {
	return (c.Thread != nil && c.Thread.Rev > 0) ||
		slices.ContainsFunc(c.Persons, func(p Person) bool { return p.Rev > 0 }) ||
		slices.ContainsFunc(c.Registrations, func(r Registration) bool { return r.Rev > 0 }) ||
		slices.ContainsFunc(c.Tickets, func(k Ticket) bool { return k.Rev > 0 })
}

func validProgramme(p string) bool {
	if p == "" || len(p) > maxProgramme {
		return false
	}
	for i := range len(p) {
		c := p[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

func validID(s string) bool {
	if s == "" || len(s) > maxID {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || c == '/' {
			return false
		}
	}
	return true
}
