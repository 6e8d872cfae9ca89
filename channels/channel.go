package channels

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"strconv"
	"time"

	"github.com/hubkit/hubkit"
)

// Config says how a channel behaves; its zero value is a good start.
type Config struct {
	// From is the sender, a number or bot, of messages that name none. Defaults to
	// the driver's own.
	From string
	// Words adds languages to the built-in connecting words, or replaces them.
	Words Words
	// Timeout bounds one attempt at sending. Defaults to 30 s: providers answer
	// late under load, and an attempt given up early is a message in doubt.
	Timeout time.Duration
	// Breaker stops calling a provider that is down.
	Breaker Breaker
	// MaxBody is the longest webhook body in bytes. Defaults to 1 MiB.
	MaxBody int64
	// HandleTimeout bounds the hub's work on one webhook, which goes on when the
	// provider hangs up. Defaults to 12 s: Twilio waits 15 s.
	HandleTimeout time.Duration
	// Logger defaults to slog.Default().
	Logger *slog.Logger
	// Now defaults to time.Now.
	Now func() time.Time
}

// Channel is one way to reach people: a driver, rendering within its limits, errors
// with a cause, a circuit breaker and webhooks. It is safe for concurrent use.
type Channel struct {
	driver  Driver
	name    string
	limits  Limits
	phrases *Phrases
	cfg     Config
	fuse    *fuse
	log     *slog.Logger
}

// New makes a channel of a driver. The error lists everything that is wrong with the
// driver's name and limits and with cfg.
func New(d Driver, cfg Config) (*Channel, error) {
	if d == nil {
		return nil, errors.New("channels: New needs a driver")
	}
	var errs []error
	c := &Channel{driver: d, name: d.Name(), limits: d.Limits(), cfg: cfg}
	if !nameOK(c.name) {
		errs = append(errs, fmt.Errorf("channels: a driver's name is of lower-case letters, digits, - and _, not %q", c.name))
	}
	if err := c.limits.check(); err != nil {
		errs = append(errs, fmt.Errorf("channels: driver %s: %w", c.name, err))
	}
	var err error
	if c.phrases, err = cfg.Words.Compile(); err != nil {
		errs = append(errs, err)
	}
	for _, f := range []struct {
		name string
		d    time.Duration
	}{{"Timeout", cfg.Timeout}, {"HandleTimeout", cfg.HandleTimeout}, {"Breaker.Pause", cfg.Breaker.Pause}} {
		if f.d < 0 {
			errs = append(errs, fmt.Errorf("channels: Config.%s is %s; leave it 0 for the default", f.name, f.d))
		}
	}
	if cfg.MaxBody < 0 {
		errs = append(errs, fmt.Errorf("channels: Config.MaxBody is %d; leave it 0 for the default", cfg.MaxBody))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	c.cfg.Timeout = or(cfg.Timeout, 30*time.Second)
	c.cfg.HandleTimeout = or(cfg.HandleTimeout, 12*time.Second)
	c.cfg.MaxBody = or(cfg.MaxBody, 1<<20)
	c.cfg.Breaker.Failures = or(cfg.Breaker.Failures, 5)
	c.cfg.Breaker.Pause = or(cfg.Breaker.Pause, 30*time.Second)
	if c.cfg.Now == nil {
		c.cfg.Now = time.Now
	}
	c.log = cfg.Logger
	if c.log == nil {
		c.log = slog.Default()
	}
	c.log = c.log.With("channel", c.name)
	c.fuse = newFuse(c.cfg.Breaker, c.cfg.Now, c.log)
	return c, nil
}

// or returns v, or def where v is zero.
func or[T comparable](v, def T) T {
	var zero T
	if v == zero {
		return def
	}
	return v
}

// Name returns the driver's name: the Channel of its addresses.
func (c *Channel) Name() string { return c.name }

// From returns the sender of messages that name none; empty: the driver's own.
func (c *Channel) From() string { return c.cfg.From }

// Limits returns what the driver can show.
func (c *Channel) Limits() Limits { return c.limits }

// Texts yields the connecting words, for translators and checks.
func (c *Channel) Texts() iter.Seq[hubkit.Entry] { return c.phrases.Texts() }

// Render shapes m for this channel, with the default sender where m names none.
func (c *Channel) Render(m Message) (Rendered, error) {
	if m.From == "" {
		m.From = c.cfg.From
	}
	return Render(c.limits, c.phrases, m)
}

// Split returns m as messages that each leave in one piece: m alone where its text
// fits, else copies with Part set, in order. The last one keeps m.Ref, the options
// and the media; those before have ".1", ".2" added to it.
//
// Queue what Split returns, so that each piece has its own state and a fault between
// two pieces repeats neither.
func (c *Channel) Split(m Message) ([]Message, error) {
	r, err := c.Render(m)
	if err != nil {
		return nil, err
	}
	if len(r.Parts) <= 1 || m.Part > 0 {
		return []Message{m}, nil
	}
	ms := make([]Message, len(r.Parts))
	for i := range ms {
		ms[i] = m
		ms[i].Part = i + 1
		if i < len(ms)-1 {
			ms[i].Ref = m.Ref + "." + strconv.Itoa(i+1)
		}
	}
	return ms, nil
}

// Send renders m and makes one attempt at sending it. The error is an [*Error];
// nothing is ever repeated here.
//
// A message in several parts leaves part by part. When one fails after another has
// left, a cause that would have it repeated becomes Unknown: see [Channel.Split].
func (c *Channel) Send(ctx context.Context, m Message) (Receipt, error) {
	pieces, err := c.pieces(m)
	if err != nil {
		return Receipt{}, &Error{Cause: Rejected, Err: err}
	}
	var receipt Receipt
	for i := range pieces {
		got, err := c.attempt(ctx, pieces[i])
		if err != nil {
			if i > 0 && !err.Cause.Final() {
				err = &Error{Cause: Unknown, Code: err.Code, Err: err}
			}
			return receipt, err
		}
		receipt = got
	}
	return receipt, nil
}

// pieces renders m as the driver gets it: one part at a time.
func (c *Channel) pieces(m Message) ([]Rendered, error) {
	if !m.To.IsZero() && m.To.Channel != c.name {
		return nil, errors.New("channels: the message is addressed to another channel")
	}
	r, err := c.Render(m)
	if err != nil {
		return nil, err
	}
	if m.Part > 0 {
		// A part beyond the last, after limits have grown, is the last: the
		// question itself is never lost.
		return []Rendered{r.part(min(m.Part, len(r.Parts)) - 1)}, nil
	}
	if len(r.Parts) == 1 {
		return []Rendered{r}, nil
	}
	rs := make([]Rendered, len(r.Parts))
	for i := range rs {
		rs[i] = r.part(i)
	}
	return rs, nil
}

// attempt calls the driver once.
func (c *Channel) attempt(ctx context.Context, r Rendered) (Receipt, *Error) {
	if err := ctx.Err(); err != nil {
		return Receipt{}, &Error{Cause: Unavailable, Err: err}
	}
	done, closed := c.fuse.allow()
	if closed != nil {
		return Receipt{}, closed
	}
	limited, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	receipt, err := c.driver.Send(limited, r)
	cause := CauseOf(err)
	if ctx.Err() != nil && cause == Unknown {
		done(None) // our own haste says nothing about the provider
	} else {
		done(cause)
	}
	if err != nil {
		var e *Error
		if !errors.As(err, &e) || e.Cause != cause {
			e = &Error{Cause: cause, Err: err}
		}
		return receipt, e
	}
	if receipt.At.IsZero() {
		receipt.At = c.cfg.Now()
	}
	return receipt, nil
}

// Reconciler returns the driver's list of what was sent, if its provider keeps one.
func (c *Channel) Reconciler() (Reconciler, bool) {
	r, ok := c.driver.(Reconciler)
	return r, ok
}
