package channels

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"time"
)

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

// String returns the kind's name in lower case, for logs.
func (k EventKind) String() string { return name(eventNames[:], int(k)) }

var eventNames = [...]string{"said", "started", "stopped", "news", "ended"}

// Event is one thing that came in.
type Event struct {
	ID        string    // the provider's, unique per channel: a repeated webhook has the same
	Kind      EventKind // what it is
	From, To  Address   // From is the person; To, our number or bot, chooses the programme
	At        time.Time // when, by the provider's clock if it says
	Text      string    // what the person wrote, or the label of what they tapped
	Option    string    // a tapped Option.ID
	InReplyTo string    // provider id of the message tapped: which member, which asking
	Media     []Media   // photos, documents, sounds that came along
	Location  *Location // a shared place
	Campaign  string    // advert referral, deep link
	Session   string    // not empty: replies leave in this response (a call)
	Status    *Status   // for News
}

// LogValue shows the id, kind and channel: nothing of what was said, nor by whom.
func (e Event) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("id", e.ID), slog.String("kind", e.Kind.String()), slog.String("channel", e.From.Channel))
}

// Format writes what [Event.LogValue] shows, for every verb.
func (e Event) Format(f fmt.State, _ rune) { format(f, "Event", e) }

// Reveal returns the whole event as JSON, addresses included, to be stored under
// seal. [RevealedEvent] reads it.
func (e Event) Reveal() ([]byte, error) {
	return json.Marshal(struct {
		bareEvent
		From, To revealed
	}{bareEvent(e), revealed(e.From), revealed(e.To)})
}

// RevealedEvent reads what [Event.Reveal] wrote.
func RevealedEvent(b []byte) (Event, error) {
	var e Event
	err := json.Unmarshal(b, &e)
	return e, err
}

// bareEvent is an Event without its methods.
type bareEvent Event
