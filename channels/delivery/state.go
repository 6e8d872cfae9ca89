package delivery

import (
	"strconv"

	"github.com/hubkit/hubkit/channels"
)

// State is where a message in a queue stands.
type State uint8

// States. A message begins Queued. Stores keep the numbers: they do not change.
const (
	Queued      State = iota // may be leased when due
	Leased                   // owned by a loop, nothing sent: always safe to return
	Sending                  // the intent is durable: a request may be out
	Unknown                  // may have been sent: to be reconciled
	Accepted                 // the provider gave an id
	Delivered                // it reached the person's device
	Read                     // the person opened it
	Undelivered              // the provider took it and says that it did not arrive
	Failed                   // the provider did not take it, for good; the cause says why
	Held                     // in doubt, and not to be sent again without a person's word
	Cancelled                // withdrawn before it was sent
	Expired                  // its time ran out before it was sent
)

var stateNames = [...]string{
	"queued", "leased", "sending", "unknown", "accepted", "delivered", "read", "undelivered", "failed", "held", "cancelled", "expired",
}

// String returns the state's name in lower case, as stores keep it and metrics show it.
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return "state " + strconv.Itoa(int(s))
}

// ParseState reads what String wrote.
func ParseState(name string) (State, bool) {
	for i, known := range stateNames {
		if known == name {
			return State(i), true
		}
	}
	return 0, false
}

// next lists the states that may follow each state. Staying is always allowed.
var next = [...][]State{
	Queued:      {Leased, Accepted, Delivered, Read, Cancelled, Expired},
	Leased:      {Queued, Sending, Accepted, Delivered, Read, Cancelled, Expired},
	Sending:     {Queued, Unknown, Accepted, Delivered, Read, Undelivered, Failed, Cancelled, Expired},
	Unknown:     {Queued, Accepted, Delivered, Read, Undelivered, Failed, Held},
	Accepted:    {Delivered, Read, Undelivered},
	Delivered:   {Read},
	Read:        {},
	Undelivered: {Delivered, Read}, // what arrives late is recorded, not undone
	Failed:      {},
	Held:        {Queued, Accepted, Delivered, Read, Undelivered, Failed, Cancelled},
	Cancelled:   {},
	Expired:     {},
}

// May reports whether a message in s may go to another state. States never step back:
// once accepted, a message cannot be queued again, whatever arrives late or twice.
func (s State) May(to State) bool {
	if s == to {
		return int(s) < len(next)
	}
	if int(s) >= len(next) {
		return false
	}
	for _, n := range next[s] {
		if n == to {
			return true
		}
	}
	return false
}

// Ended reports whether nothing more will be done for the message.
func (s State) Ended() bool { return s == Read || s == Failed || s == Cancelled || s == Expired }

// Learned returns the state that follows when the provider's news arrives: s itself
// where it brings nothing new. A queued or leased message whose earlier attempt turns
// out to have been accepted is not sent again.
func (s State) Learned(st channels.Stage) State {
	to := s
	switch st {
	case channels.Accepted, channels.Sent:
		to = Accepted
	case channels.Delivered:
		to = Delivered
	case channels.Read:
		to = Read
	case channels.Failed:
		to = Undelivered
	}
	if s.May(to) {
		return to
	}
	return s
}
