package channels

import (
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"
)

// Breaker says when a channel stops calling a provider that is down. Only Unavailable
// and Unknown count as failures: a provider that refuses one message is well.
type Breaker struct {
	// Failures in a row after which calls stop. Defaults to 5; negative: never.
	Failures int
	// Pause is how long calls stop; then one is let through to see. Defaults to 30 s.
	Pause time.Duration
}

// errFailure is what the breaker counts.
var errFailure = errors.New("failure")

// fuse is a circuit breaker that knows when it will close again.
type fuse struct {
	breaker *gobreaker.TwoStepCircuitBreaker[struct{}]
	now     func() time.Time
	until   atomic.Int64 // Unix nanoseconds
}

func newFuse(b Breaker, now func() time.Time, log *slog.Logger) *fuse {
	f := &fuse{now: now}
	if b.Failures < 0 {
		return f
	}
	f.breaker = gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
		Timeout:     b.Pause,
		ReadyToTrip: func(n gobreaker.Counts) bool { return int64(n.ConsecutiveFailures) >= int64(b.Failures) },
		OnStateChange: func(_ string, from, to gobreaker.State) {
			if to == gobreaker.StateOpen {
				f.until.Store(now().Add(b.Pause).UnixNano())
			}
			log.Warn("circuit breaker", "from", from.String(), "to", to.String())
		},
	})
	return f
}

// allow returns what to call with the outcome, or an error while the provider rests.
func (f *fuse) allow() (done func(Cause), closed *Error) {
	if f.breaker == nil {
		return func(Cause) {}, nil
	}
	report, err := f.breaker.Allow()
	if err != nil {
		after := time.Unix(0, f.until.Load()).Sub(f.now())
		return nil, &Error{Cause: Unavailable, After: max(after, time.Second), Code: "circuit open", Err: err}
	}
	return func(c Cause) {
		if c == Unavailable || c == Unknown {
			report(errFailure)
			return
		}
		report(nil)
	}, nil
}
