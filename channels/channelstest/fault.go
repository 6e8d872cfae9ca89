package channelstest

import (
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/hubkit/hubkit/channels"
)

// Fault is one way in which a provider fails, by what truly happens to the message.
type Fault uint8

// Faults.
const (
	Works            Fault = iota // no fault: the message is taken and answered
	Throttle                      // refused for now: 429 with Retry-After of [ThrottleAfter]; not taken
	Down                          // nothing listens; not taken
	ServerError                   // answers 5xx; not taken, though nobody can tell
	TakenServerError              // takes the message, answers 5xx
	TakenDrop                     // takes the message, then the connection breaks
	TakenSilence                  // takes the message and never answers
	Denied                        // our credentials or sender are refused; not taken
	NoSuchPerson                  // the address cannot be reached; not taken
	SaidNo                        // the person opted out; not taken
	BadContent                    // this content is refused; not taken
	OutsideWindow                 // a template is needed; not taken
)

// ThrottleAfter is how long a provider with the fault Throttle asks to wait.
const ThrottleAfter = 7 * time.Second

// String returns the fault's name.
func (f Fault) String() string {
	if int(f) < len(faults) {
		return faults[f].name
	}
	return "fault " + strconv.Itoa(int(f))
}

// Taken reports whether the provider takes the message in spite of the fault.
func (f Fault) Taken() bool { return int(f) < len(faults) && faults[f].taken }

// Causes returns the causes that a driver may give for the fault; the first is best.
func (f Fault) Causes() []channels.Cause {
	if int(f) < len(faults) {
		return faults[f].causes
	}
	return nil
}

var faults = [...]struct {
	name   string
	taken  bool
	causes []channels.Cause
}{
	Works:            {"works", true, []channels.Cause{channels.None}},
	Throttle:         {"throttle", false, []channels.Cause{channels.Throttled}},
	Down:             {"down", false, []channels.Cause{channels.Unavailable, channels.Unknown}},
	ServerError:      {"server error", false, []channels.Cause{channels.Unknown, channels.Unavailable}},
	TakenServerError: {"taken, then a server error", true, []channels.Cause{channels.Unknown}},
	TakenDrop:        {"taken, then the connection drops", true, []channels.Cause{channels.Unknown}},
	TakenSilence:     {"taken, then silence", true, []channels.Cause{channels.Unknown}},
	Denied:           {"denied", false, []channels.Cause{channels.Misconfigured}},
	NoSuchPerson:     {"no such person", false, []channels.Cause{channels.Unreachable}},
	SaidNo:           {"said no", false, []channels.Cause{channels.OptedOut, channels.Unreachable}},
	BadContent:       {"bad content", false, []channels.Cause{channels.Rejected}},
	OutsideWindow:    {"outside the window", false, []channels.Cause{channels.Window}},
}

// Noise returns the statuses as they arrive in life: some doubled, all in any order.
func Noise(r *rand.Rand, st []channels.Status) []channels.Status {
	var out []channels.Status
	for _, s := range st {
		for range 1 + r.IntN(3) {
			out = append(out, s)
		}
	}
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}
