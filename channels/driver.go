package channels

import (
	"context"
	"iter"
	"net/http"
	"time"
)

// Driver is what an adapter implements. It never retries and never waits: package
// delivery decides what follows from an error. It is safe for concurrent use.
//
// A driver also implements [Receiver] or [Server] when something comes in by HTTP,
// and [Reconciler] when its provider lists what was sent. Prove it with channelstest.
type Driver interface {
	// Name is the channel's name in addresses, logs and metrics: lower-case
	// letters, digits, - and _. It never changes.
	Name() string
	// Limits says what the provider can show. It never changes.
	Limits() Limits
	// Send makes one attempt at sending one message and returns the provider's
	// id. An error is an *Error with a Cause; any other error is classified by
	// CauseOf, where a message that may have left is Unknown.
	Send(ctx context.Context, r Rendered) (Receipt, error)
}

// Receiver is implemented by drivers with a webhook. [Channel.Webhook] serves it.
type Receiver interface {
	// Receive verifies and decodes; body is already read and bounded, and r.Body
	// reads it again. It returns ErrSignature for a request that is not the
	// provider's and ErrMalformed for one it cannot read. Unknown kinds of events
	// are no error: it returns none.
	Receive(r *http.Request, body []byte) ([]Event, error)
	// Answer writes the response: TwiML for a call, an empty acknowledgement elsewhere.
	// A reply to a call that has no words for it ([ErrWords]) comes without Parts: it
	// cannot be said, and the caller is for people.
	Answer(w http.ResponseWriter, r *http.Request, replies []Rendered) error
}

// Server is implemented by drivers that bring HTTP endpoints of their own instead of
// a webhook, such as web chat with its page and its stream of events.
// [Channel.Webhook] returns what it serves.
type Server interface {
	// Serve returns the endpoints, which hand what comes in to h.
	Serve(h Handler) http.Handler
}

// Reconciler is implemented by drivers whose provider lists what it sent.
type Reconciler interface {
	// Sent lists the messages of a sender (empty: the driver's default) accepted
	// from since up to until, by the provider's clock. They carry Ref where the
	// provider keeps it, else To and Text.
	Sent(ctx context.Context, from string, since, until time.Time) iter.Seq2[Listed, error]
}

// Handler is the hub, seen from a channel. It is safe for concurrent use.
type Handler interface {
	// Handle records e and returns, for an event with a Session, the replies to
	// put in the response. A repeated event returns the same replies again. An
	// error means that e is not recorded and should be sent again.
	Handle(ctx context.Context, e Event) ([]Message, error)
}

// HandlerFunc is a function as a [Handler].
type HandlerFunc func(ctx context.Context, e Event) ([]Message, error)

// Handle calls f.
func (f HandlerFunc) Handle(ctx context.Context, e Event) ([]Message, error) { return f(ctx, e) }
