package delivery

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/segments"
)

// Loop sends what one lane of a queue holds through one channel. Several loops may
// serve one lane, in one process or in many.
type Loop struct {
	q       Queue
	ch      *channels.Channel
	cfg     Config
	refused atomic.Int32 // throttled in a row
	denied  denials
	worked  atomic.Bool // something was accepted since the loop began
	parked  atomic.Pointer[Parked]
	counts  [Expired + 1]atomic.Int64 // steps recorded, by state
}

// Parked says why a sender rests.
type Parked struct {
	Until time.Time
	Code  string // the provider's code
}

// New returns a loop. The error lists what is wrong with cfg.
func New(q Queue, ch *channels.Channel, cfg Config) (*Loop, error) {
	if q == nil || ch == nil {
		return nil, errors.New("delivery: New needs a queue and a channel")
	}
	_, wakes := q.(Waker)
	cfg, err := cfg.withDefaults(ch.Name(), wakes)
	if err != nil {
		return nil, err
	}
	return &Loop{q: q, ch: ch, cfg: cfg}, nil
}

// Run sends what q holds for ch until ctx ends, as a [Loop] with the default Config does.
func Run(ctx context.Context, q Queue, ch *channels.Channel) error {
	l, err := New(q, ch, Config{})
	if err != nil {
		return err
	}
	return l.Run(ctx)
}

// Parked reports whether the sender rests because its account or configuration is
// refused: what an operator must see.
func (l *Loop) Parked() (Parked, bool) {
	p := l.parked.Load()
	if p == nil || !time.Now().Before(p.Until) {
		return Parked{}, false
	}
	return *p, true
}

// Count returns how often this loop has taken a message to a state, since it began: for
// metrics. Delivered and Read come by [Queue.Learn], and are not counted here.
func (l *Loop) Count(s State) int64 {
	if int(s) >= len(l.counts) {
		return 0
	}
	return l.counts[s].Load()
}

// Run sends until ctx ends and then returns nil: attempts under way are finished, their
// outcomes recorded, and what was leased and not sent is given back.
func (l *Loop) Run(ctx context.Context) error {
	failures := 0
	for ctx.Err() == nil {
		if d := l.cfg.Pace.silence(); d > 0 {
			sleep(ctx, d)
			continue
		}
		s, err := l.q.Lease(ctx, l.cfg.Lane, l.cfg.Slice, l.cfg.Lease)
		if err != nil {
			if ctx.Err() == nil {
				l.cfg.Logger.ErrorContext(ctx, "lease", "error", err)
				sleep(ctx, backoff(failures))
				failures++
			}
			continue
		}
		failures = 0
		if len(s.Items) == 0 && len(s.Doubts) == 0 {
			l.idle(ctx, s.Next)
			continue
		}
		l.settle(ctx, s)
		l.deliver(ctx, s)
	}
	return nil
}

// idle waits until the queue has something new, something falls due, or it is time to ask.
func (l *Loop) idle(ctx context.Context, due time.Time) {
	d := l.cfg.Poll
	if !due.IsZero() {
		d = min(d, max(time.Until(due), 10*time.Millisecond))
	}
	w, ok := l.q.(Waker)
	if !ok {
		sleep(ctx, d)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	if err := w.Wait(ctx, l.cfg.Lane); err != nil && ctx.Err() == nil {
		l.cfg.Logger.ErrorContext(ctx, "wait", "error", err)
		sleep(ctx, min(d, time.Second))
	}
}

// sleep waits for d, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// deliver sends the items of a slice in batches. The outcomes of one batch are recorded
// in the commit that records the intents of the next.
func (l *Loop) deliver(ctx context.Context, s Slice) {
	// Whoever waits longer than this for the pace may have lost the lease: the rest of
	// it is for the attempt itself.
	latest := time.Now().Add(l.cfg.Lease / 2)
	var outcomes []Step
	for at := 0; at < len(s.Items); at += l.cfg.Batch {
		end := min(at+l.cfg.Batch, len(s.Items))
		if ctx.Err() != nil || l.cfg.Pace.silence() > 0 || time.Now().After(latest) {
			for i := at; i < len(s.Items); i++ {
				outcomes = append(outcomes, l.back(&s.Items[i], tries(s, i)))
			}
			break
		}
		steps := outcomes
		for i := at; i < end; i++ {
			steps = append(steps, Step{Ref: s.Items[i].Ref, To: Sending, Tries: tries(s, i) + 1})
		}
		no, err := l.advance(ctx, s, steps)
		if err != nil {
			return // nothing of this batch was sent, and its lease runs out
		}
		outcomes = l.send(ctx, s, at, end, latest, no)
	}
	if len(outcomes) > 0 {
		_, _ = l.advance(ctx, s, outcomes) // logged there; what is not recorded is in doubt, as it should be
	}
}

func tries(s Slice, i int) int {
	if i < len(s.Tries) {
		return s.Tries[i]
	}
	return 0
}

// back gives a message back unsent.
func (l *Loop) back(m *channels.Message, tries int) Step {
	return Step{Ref: m.Ref, To: Queued, Due: time.Now().Add(l.cfg.Pace.silence()), Tries: tries}
}

// send attempts the items from at to end, all at once, and returns their outcomes.
func (l *Loop) send(ctx context.Context, s Slice, at, end int, latest time.Time, refused Refused) []Step {
	paced, cancel := context.WithDeadline(ctx, latest)
	defer cancel()
	out := make([]Step, end-at, end-at+l.cfg.Batch)
	var wg sync.WaitGroup
	for i := at; i < end; i++ {
		m := &s.Items[i]
		if contains(refused, m.Ref) {
			continue
		}
		step, n := &out[i-at], tries(s, i)
		if end-at == 1 {
			*step = l.attempt(paced, m, n)
			break
		}
		wg.Go(func() { *step = l.attempt(paced, m, n) })
	}
	wg.Wait()
	done := out[:0]
	for _, step := range out {
		if step.Ref != "" {
			done = append(done, step)
		}
	}
	return done
}

func contains(refs []string, ref string) bool {
	for _, r := range refs {
		if r == ref {
			return true
		}
	}
	return false
}

// attempt waits for the pace and sends one message once. An attempt that has begun is
// finished even when ctx ends: the channel's Timeout bounds it.
func (l *Loop) attempt(ctx context.Context, m *channels.Message, tries int) Step {
	if err := l.cfg.Pace.wait(ctx, m.Class, l.cost(m)); err != nil {
		step := l.back(m, tries)
		if soon := time.Now().Add(time.Second); errors.Is(err, errTooSlow) && step.Due.Before(soon) {
			step.Due = soon // the pace has no room within this lease: do not spin
		}
		return step
	}
	if !m.NotAfter.IsZero() && time.Now().After(m.NotAfter) {
		return Step{Ref: m.Ref, To: Expired, Tries: tries}
	}
	stay := context.WithoutCancel(ctx)
	receipt, err := l.ch.Send(stay, *m)
	step := l.outcome(m, tries, receipt, err)
	if step.To == Failed && l.cfg.Failed != nil {
		l.cfg.Failed(stay, *m, step.Cause)
	}
	return step
}

// cost returns how many tokens of the pace a message takes: its segments where the
// channel counts those, else one.
func (l *Loop) cost(m *channels.Message) int {
	if l.cfg.Pace.perSecond == 0 || l.ch.Limits().Unit != channels.Segments {
		return 1
	}
	r, err := l.ch.Render(*m)
	if err != nil {
		return 1
	}
	n := 0
	for _, p := range r.Parts {
		n += segments.Measure(p).Segments
	}
	return max(n, 1)
}

// deniedInARow is after how many messages that were refused for the account or
// configuration, with nothing else between them, a sender that has worked rests.
const deniedInARow = 3

// denials are the messages that were refused for the account or configuration since
// anything else happened.
type denials struct {
	mu   sync.Mutex
	refs map[string]bool
}

// add counts a message once, and returns how many there are.
func (d *denials) add(ref string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.refs == nil {
		d.refs = map[string]bool{}
	}
	if len(d.refs) < deniedInARow {
		d.refs[ref] = true
	}
	return len(d.refs)
}

func (d *denials) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	clear(d.refs)
}

// outcome says what follows from an attempt.
func (l *Loop) outcome(m *channels.Message, tries int, receipt channels.Receipt, err error) Step {
	step := Step{Ref: m.Ref, Receipt: receipt, Cause: channels.CauseOf(err), Tries: tries + 1}
	var e *channels.Error
	after := time.Duration(0)
	if errors.As(err, &e) {
		step.Code, after = e.Code, e.After
	}
	now := time.Now()
	if step.Cause != channels.Throttled {
		l.refused.Store(0)
	}
	if step.Cause != channels.Misconfigured {
		l.denied.forget()
	}
	switch step.Cause {
	case channels.None:
		l.worked.Store(true)
		step.To = Accepted
		return step
	case channels.Unknown:
		step.To, step.Due = Unknown, now.Add(l.cfg.Grace)
	case channels.Misconfigured:
		step.To, step.Due = Queued, now.Add(l.cfg.Park)
		if l.denied.add(m.Ref) < deniedInARow && l.worked.Load() {
			// Others were accepted a moment ago: it may be about this message alone, and
			// one person must not silence all. It is tried again, and not for ever.
			if tries+1 >= l.cfg.Tries {
				step.To = Failed
			}
			break
		}
		// Every further message would fail alike: rest, and let somebody look.
		l.cfg.Pace.pause(l.cfg.Park)
		l.parked.Store(&Parked{Until: now.Add(l.cfg.Park), Code: step.Code})
		l.cfg.Logger.Error("the sender is refused and rests: check its account and configuration", "code", step.Code, "rest", l.cfg.Park)
		step.Tries = tries
	case channels.Throttled, channels.Unavailable:
		step.To = Queued
		switch {
		case after > 0:
			l.cfg.Pace.pause(after)
			step.Due, step.Tries = now.Add(after), tries // the sender's fault, not the message's
		case tries+1 >= l.cfg.Tries:
			step.To = Failed
		default:
			step.Due = now.Add(backoff(tries))
			if step.Cause == channels.Throttled {
				if n := l.refused.Add(1); n >= 3 {
					l.cfg.Pace.pause(backoff(int(n)))
				}
			}
		}
	default:
		step.To = Failed
	}
	l.cfg.Logger.Info("not accepted", "ref", m.Ref, "cause", step.Cause.String(), "code", step.Code, "to", step.To.String())
	return step
}

// advance records steps, again and again until the queue takes them or says that the
// lease is lost. When ctx has ended it gives up after a few times. The error means that
// nothing was recorded.
func (l *Loop) advance(ctx context.Context, s Slice, steps []Step) (Refused, error) {
	stay := context.WithoutCancel(ctx) // what happened is recorded, also at the end
	for n := 0; ; n++ {
		limited, cancel := context.WithTimeout(stay, 10*time.Second)
		err := l.q.Advance(limited, s, steps)
		cancel()
		var refused Refused
		switch {
		case err == nil, errors.As(err, &refused):
			for i := range steps {
				l.counts[steps[i].To].Add(1)
			}
			return refused, nil
		case errors.Is(err, ErrLost):
			l.cfg.Logger.WarnContext(ctx, "lease lost", "epoch", s.Epoch)
			l.tell(stay, steps)
			return nil, err
		}
		l.cfg.Logger.ErrorContext(ctx, "advance", "error", err, "try", n)
		if ctx.Err() != nil && n >= 3 {
			return nil, err
		}
		sleep(stay, min(backoff(n), 5*time.Second))
	}
}

// tell makes known what a lost lease could not record: that messages were accepted.
func (l *Loop) tell(ctx context.Context, steps []Step) {
	var st []channels.Status
	for _, step := range steps {
		if step.To == Accepted {
			st = append(st, channels.Status{Ref: step.Ref, ID: step.Receipt.ID, Stage: channels.Accepted, At: step.Receipt.At})
		}
	}
	if len(st) == 0 {
		return
	}
	if _, err := l.q.Learn(ctx, st); err != nil {
		l.cfg.Logger.ErrorContext(ctx, "learn", "error", err)
	}
}
