package delivery

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/hubkit/hubkit/channels"
	"golang.org/x/time/rate"
)

var (
	// errPaused is returned by Pace.wait while the sender must be silent.
	errPaused = errors.New("delivery: the sender pauses")
	// errTooSlow is returned at once when the tokens would come after ctx's deadline.
	errTooSlow = errors.New("delivery: the pace is too slow for the deadline")
)

// Pace is the speed of one sender, shared by every loop that sends from it. Replies go
// before notices and notices before bulk, and bulk leaves a part of the speed unused for
// them. It is safe for concurrent use.
type Pace struct {
	all, bulk *rate.Limiter
	perSecond float64

	mu    sync.Mutex
	busy  bool
	line  [channels.Bulk + 1][]chan struct{} // who waits, by class
	until time.Time                          // silent until then
}

// NewPace returns a pace of so many messages a second (SMS: segments), of which the
// share reserve, from 0 up to but not including 1, is kept for replies and notices.
// Take 95 % of what the provider allows: its queue is no substitute for pacing, because
// what waits there can be neither stopped nor overtaken.
func NewPace(perSecond, reserve float64) (*Pace, error) {
	if !(perSecond > 0) || perSecond > 1e6 {
		return nil, fmt.Errorf("delivery: a pace of %g a second: use a number above 0", perSecond)
	}
	if !(reserve >= 0 && reserve < 1) {
		return nil, fmt.Errorf("delivery: a reserve of %g: use a share from 0 up to 1, such as 0.2", reserve)
	}
	burst := max(1, int(perSecond/10))
	slow := perSecond * (1 - reserve)
	return &Pace{
		all: rate.NewLimiter(rate.Limit(perSecond), burst), bulk: rate.NewLimiter(rate.Limit(slow), max(1, int(slow/10))),
		perSecond: perSecond,
	}, nil
}

// unpaced has no speed limit and can still pause.
func unpaced() *Pace {
	return &Pace{all: rate.NewLimiter(rate.Inf, 1), bulk: rate.NewLimiter(rate.Inf, 1)}
}

// wait takes n tokens for a message of a class, right before its attempt. It returns
// errPaused at once while the sender pauses, and the error of ctx when that ends first.
func (p *Pace) wait(ctx context.Context, class channels.Class, n int) error {
	class = min(class, channels.Bulk)
	if class == channels.Bulk {
		if err := take(ctx, p.bulk, n); err != nil {
			return err
		}
	}
	if err := p.enter(ctx, class); err != nil {
		return err
	}
	defer p.leave()
	if p.silence() > 0 {
		return errPaused
	}
	if err := take(ctx, p.all, n); err != nil {
		return err
	}
	if p.silence() > 0 {
		return errPaused
	}
	return nil
}

func take(ctx context.Context, l *rate.Limiter, n int) error {
	if l.Limit() == rate.Inf {
		return ctx.Err()
	}
	for n > 0 {
		k := min(n, l.Burst())
		if err := l.WaitN(ctx, k); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return errTooSlow
		}
		n -= k
	}
	return nil
}

// enter waits for the caller's turn: one at a time waits for a token, so that a reply
// which comes later still goes before the bulk that waits.
func (p *Pace) enter(ctx context.Context, class channels.Class) error {
	p.mu.Lock()
	if !p.busy {
		p.busy = true
		p.mu.Unlock()
		return nil
	}
	turn := make(chan struct{})
	p.line[class] = append(p.line[class], turn)
	p.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	p.mu.Lock()
	for i, c := range p.line[class] {
		if c == turn {
			p.line[class] = append(p.line[class][:i:i], p.line[class][i+1:]...)
			p.mu.Unlock()
			return ctx.Err()
		}
	}
	p.mu.Unlock()
	p.leave() // the turn came just then: pass it on
	return ctx.Err()
}

func (p *Pace) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for class := range p.line {
		if len(p.line[class]) > 0 {
			close(p.line[class][0])
			p.line[class] = p.line[class][1:]
			return
		}
	}
	p.busy = false
}

// pause makes the sender silent for d.
func (p *Pace) pause(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if until := time.Now().Add(d); until.After(p.until) {
		p.until = until
	}
}

// silence returns how long the sender still pauses.
func (p *Pace) silence() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.until.IsZero() {
		return 0
	}
	return max(0, time.Until(p.until))
}

// atMost returns how many of n messages the pace lets through in d, at least one.
func (p *Pace) atMost(n int, d time.Duration) int {
	if p.perSecond == 0 {
		return n
	}
	return max(1, min(n, int(p.perSecond*d.Seconds())))
}
