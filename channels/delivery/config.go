package delivery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/hubkit/hubkit/channels"
)

// Policy says what becomes of a message in doubt that no callback has settled.
type Policy uint8

// Policies.
const (
	// ResendAbsent sends again what the provider's list shows not to have arrived.
	// Where the provider has no list, the message is held.
	ResendAbsent Policy = iota
	// Hold never sends again by itself.
	Hold
	// Resend also sends again where the provider has no list: somebody may be told
	// twice, and nobody is forgotten.
	Resend
)

// Config says how a loop works; its zero value is a good start.
type Config struct {
	// Lane is which part of the queue this loop serves. Defaults to the channel's name;
	// a channel with several senders has a lane for each.
	Lane string
	// Pace is the sender's speed, shared with other loops of the same sender. Nil:
	// as fast as the provider answers.
	Pace *Pace
	// Slice is how many messages are leased at once. Defaults to 64, and to no more
	// than a second's worth of the pace.
	Slice int
	// Batch is how many attempts run at once, with one commit for their intents.
	// Defaults to 16, and to no more than a quarter of a second's worth of the pace: it is
	// the most that a crash can leave in doubt.
	Batch int
	// Lease is how long a slice is held. Defaults to 2 minutes; it must be more than
	// twice the channel's Timeout.
	Lease time.Duration
	// Grace is how long after the intent the provider is first asked about a message in
	// doubt. Defaults to 90 s: the longest attempt and a minute.
	Grace time.Duration
	// Settle is how long after the intent a message that is not in the provider's list
	// counts as absent. Defaults to 5 minutes: lists lag.
	Settle time.Duration
	// Unknown says what becomes of a message in doubt. Defaults to ResendAbsent.
	Unknown Policy
	// Tries is how often a message is tried whose own failure is temporary. Defaults to
	// 20, about an hour and a half; failures of the whole sender do not count.
	Tries int
	// Park is how long a sender whose account or configuration is refused rests before
	// one more attempt. Defaults to 10 minutes.
	Park time.Duration
	// Poll is how often an idle queue is asked. Defaults to 1 s, and if it is a Waker to
	// a quarter of Lease, at most 1 minute: for what a loop that died held.
	Poll time.Duration
	// Failed, if set, is told of every message that the provider refused for good, with
	// why: a person who opted out there is then known to the rest of the program. It
	// may be told again after a crash.
	Failed func(ctx context.Context, m channels.Message, cause channels.Cause)
	// Logger defaults to slog.Default().
	Logger *slog.Logger
}

// withDefaults returns c complete, or everything that is wrong with it.
func (c Config) withDefaults(lane string, wakes bool) (Config, error) {
	var errs []error
	set := func(name string, d *time.Duration, def time.Duration) {
		if *d < 0 {
			errs = append(errs, fmt.Errorf("delivery: Config.%s is %s; leave it 0 for %s", name, *d, def))
		}
		if *d == 0 {
			*d = def
		}
	}
	count := func(name string, n *int, def int) {
		if *n < 0 {
			errs = append(errs, fmt.Errorf("delivery: Config.%s is %d; leave it 0 for %d", name, *n, def))
		}
		if *n == 0 {
			*n = def
		}
	}
	if c.Lane == "" {
		c.Lane = lane
	}
	if c.Pace == nil {
		c.Pace = unpaced()
	}
	count("Slice", &c.Slice, 64)
	count("Batch", &c.Batch, 16)
	count("Tries", &c.Tries, 20)
	c.Slice = c.Pace.atMost(c.Slice, time.Second)
	c.Batch = c.Pace.atMost(c.Batch, time.Second/4)
	set("Lease", &c.Lease, 2*time.Minute)
	set("Grace", &c.Grace, 90*time.Second)
	set("Settle", &c.Settle, max(5*time.Minute, c.Grace))
	set("Park", &c.Park, 10*time.Minute)
	poll := time.Second
	if wakes { // nothing wakes a loop when the lease of one that died runs out
		poll = min(time.Minute, max(c.Lease/4, 10*time.Millisecond))
	}
	set("Poll", &c.Poll, poll)
	if c.Settle < c.Grace {
		errs = append(errs, fmt.Errorf("delivery: Config.Settle is %s and must not be less than Grace, %s", c.Settle, c.Grace))
	}
	if c.Unknown > Resend {
		errs = append(errs, fmt.Errorf("delivery: Config.Unknown is %d, which is no Policy", c.Unknown))
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	c.Logger = c.Logger.With("lane", c.Lane)
	return c, errors.Join(errs...)
}

// Bounds of the back-off between attempts.
const (
	firstRetry = time.Second
	lastRetry  = 15 * time.Minute
)

// backoff returns how long to wait after the given number of tries: anything up to a
// bound that doubles, so that many messages which failed together do not come together.
func backoff(tries int) time.Duration {
	bound := firstRetry << min(max(tries, 0), 20)
	return rand.N(min(bound, lastRetry)) + 100*time.Millisecond
}
