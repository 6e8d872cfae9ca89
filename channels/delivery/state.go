package delivery

import (
	"strconv"

	"github.com/hubkit/hubkit/channels"
)

// State is where a message in a queue stands.
type State uint8

// States. A message begins Queued.
const (
	Queued    State = iota + 1 // may be leased when due
	Leased                     // owned by a loop, nothing sent: always safe to return
	Sending                    // the intent is durable: a request may be out
	Unknown                    // may have been sent: to be reconciled
	Held                       // in doubt, and not to be sent again without a person's word
	Accepted                   // the provider gave an id
	Delivered                  // it reached the person's device
	Read                       // the person opened it
	Failed                     // it will not arrive; the cause says why
	Cancelled                  // withdrawn, or its time ran out, before it was sent
)

var stateNames = [...]string{"", "queued", "leased", "sending", "unknown", "held", "accepted", "delivered", "read", "failed", "cancelled"}

// String returns the state's name in lower case, as stores keep it and metrics show it.
func (s State) String() string {
	if s > 0 && int(s) < len(stateNames) {
		return stateNames[s]
	}
	return "state " + strconv.Itoa(int(s))
}

// ParseState reads what String wrote.
func ParseState(name string) (State, bool) {
	for i := 1; i < len(stateNames); i++ {
		if stateNames[i] == name {
			return State(i), true
		}
	}
	return 0, false
}

// next lists the states that may follow each state. Staying is always allowed.
var next = [...][]State{
	Queued:    {Leased, Accepted, Delivered, Read, Cancelled},
	Leased:    {Queued, Sending, Accepted, Delivered, Read, Cancelled},
	Sending:   {Queued, Unknown, Accepted, Delivered, Read, Failed, Cancelled},
	Unknown:   {Queued, Held, Accepted, Delivered, Read, Failed},
	Held:      {Queued, Accepted, Delivered, Read, Failed, Cancelled},
	Accepted:  {Delivered, Read, Failed},
	Delivered: {Read},
	Read:      {},
	Failed:    {},
	Cancelled: {},
}

// May reports whether a message in s may go to another state. States never step back:
// once accepted, a message cannot be queued again, whatever arrives late or twice.
func (s State) May(to State) bool {
	if s == to {
		return s > 0 && int(s) < len(next)
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
func (s State) Ended() bool { return s == Read || s == Failed || s == Cancelled }

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
		to = Failed
	}
	if s.May(to) {
		return to
	}
	return s
}
