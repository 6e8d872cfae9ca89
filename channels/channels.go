package channels

import (
	"context"
	"iter"
	"net/http"
	"time"

	"github.com/hubkit/hubkit"
)

// Address is where a person is reached: a channel's name and the id there.
// It prints redacted ("whatsapp:…67") by String, GoString and LogValue.
type Address struct {
	Channel string
	ID      string
}

// Message is what to say, before any channel has shaped it.
type Message struct {
	Ref       string // ours, unique: goes into the status callback, so that a lost answer can be resolved
	To        Address
	From      string // sender: number or bot; empty means the channel's default
	Lang      hubkit.Lang
	Heading   string // a line above the text, such as "Person 2 of 4"; may be empty
	Text      string
	Options   []Option // ID is static per question ("sex:f"): a content template is created once
	Several   bool     // more than one option may be chosen
	Open      bool     // the answer is typed; options are only ways out, and are shown without numbers
	Media     []Media
	Spoken    string // for a call; defaults to Text
	Recording string // URL; played instead of Spoken
	Template  *Template
	Class     Class // Reply goes before Notice, Notice before Bulk, within one pace
}

// Option is one answer that can be tapped, or chosen by its 1-based number.
type Option struct {
	ID    string // static: "question:option"
	Label string
	Short string // for buttons; empty means Label
	Hint  string // second line of a list row
}

// Class orders messages within one pace.
type Class uint8

// Classes of messages.
const (
	Reply Class = iota
	Notice
	Bulk
)

// Media is a photo, document or sound, by reference.
type Media struct {
	URL  string // where the driver fetches or sends it
	Type string // MIME
	Name string
	Size int64 // bytes; 0 unknown
}

// Location is a point on the earth.
type Location struct {
	Lat, Lon float64 // degrees, WGS 84
	Accuracy float64 // metres; 0 unknown
	Label    string
}

// Template is an approved template, for writing outside a session window.
type Template struct {
	Name string
	Vars map[string]string
}

// EventKind says what came in.
type EventKind uint8

// Kinds of events.
const (
	Said    EventKind = iota // a message or tap
	Started                  // the conversation was opened; nothing said yet
	Stopped                  // the person blocked or unsubscribed
	News                     // a delivery status
	Ended                    // a call ended
)

// Event is one thing that came in.
type Event struct {
	ID        string // the provider's, unique per channel
	Kind      EventKind
	From, To  Address // To chooses the programme
	At        time.Time
	Text      string
	Option    string // a tapped Option.ID
	InReplyTo string // provider id of the message tapped: which member, which asking
	Media     []Media
	Location  *Location
	Campaign  string // advert referral, deep link
	Session   string // not empty: replies leave in this response (a call)
	Status    *Status
}

// Unit is what a channel counts length in.
type Unit uint8

// Units of length.
const (
	Graphemes Unit = iota
	Runes
	UTF16
	Bytes
	Segments // SMS
)

// Limits is plain data: the parity table and the checks read it.
type Limits struct {
	Text          int
	Unit          Unit
	Buttons       Menu
	List          Menu
	Window        time.Duration // 0: may always write first
	Templates     bool
	Spoken        bool
	OptionsInCall int
}

// Menu is what one kind of choice can hold; the zero value means it cannot.
type Menu struct{ Max, Label, Hint, Body int }

// Form says how options are shown.
type Form uint8

// Forms, from the richest to the plainest.
const (
	Plain   Form = iota // no options
	Buttons             // tapped
	List                // tapped in a list
	Paged               // a list in pages
	Numbers             // numbered lines of text
	Keys                // spoken, answered by keypad
)

// Rendered is a message shaped for one driver; Form says how options are shown.
type Rendered struct {
	Message
	Form  Form
	Parts []string
}

// Receipt is what a provider answered.
type Receipt struct {
	ID string // the provider's id of the message
	At time.Time
}

// Stage is how far a message came. Later stages never step back.
type Stage uint8

// Stages of a message.
const (
	Accepted Stage = iota + 1
	Sent
	Delivered
	Read
	Failed
)

// Status is news of a message that left.
type Status struct {
	Ref   string // ours, if the provider gave it back
	ID    string // the provider's
	Stage Stage
	Cause Cause
	At    time.Time
}

// Cause says why a send failed, and so what to do.
type Cause uint8

// Causes.
const (
	None          Cause = iota
	Rejected            // this content, never again
	Misconfigured       // our sender or account: stop the lane, tell the operator
	Unreachable         // mark the contact
	OptedOut            // the person said no
	Window              // needs a template
	Throttled           // later
	Unavailable         // not processed: later
	Unknown             // may have been sent: reconcile, never blind-retry
)

// Driver is what an adapter implements. It never retries and never waits.
type Driver interface {
	Name() string
	Limits() Limits
	Send(ctx context.Context, r Rendered) (Receipt, error)
}

// Receiver is implemented by drivers with a webhook.
type Receiver interface {
	// Receive verifies and decodes; body is already read and bounded.
	Receive(r *http.Request, body []byte) ([]Event, error)
	// Answer writes the response: TwiML for a call, an empty acknowledgement elsewhere.
	Answer(w http.ResponseWriter, r *http.Request, replies []Rendered) error
}

// Handler is the hub, seen from a channel.
type Handler interface {
	// Handle records e and returns, for an event with a Session, the replies to
	// put in the response. A repeated event returns the same replies again.
	Handle(ctx context.Context, e Event) ([]Message, error)
}

// Table keeps small facts across restarts, such as content ids. crm.Store has one.
type Table interface {
	Get(ctx context.Context, key string) (value string, err error)
	Put(ctx context.Context, key, value string) error
}

// Backlog is what a pulling channel (web chat) reads: it pushes nothing.
type Backlog interface {
	After(ctx context.Context, a Address, seq int64) ([]Entry, error)
	// Wait returns when the address may have something after seq, or ctx ends;
	// it must notice commits of other processes.
	Wait(ctx context.Context, a Address, seq int64) error
}

// Entry is one committed message with its sequence number.
type Entry struct {
	Seq int64
	Message
}

// Reconciler is implemented by drivers whose provider lists what it sent.
type Reconciler interface {
	Sent(ctx context.Context, from string, since, until time.Time) iter.Seq2[Status, error]
}
