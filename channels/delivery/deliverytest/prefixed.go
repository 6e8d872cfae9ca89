package deliverytest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/delivery"
)

// prefix gives the queue references as it wants them, and the checks bare ones.
func (h *Harness) prefix() {
	with := h.Prefix
	add, state, cancel, reopen := h.Add, h.State, h.Cancel, h.Reopen
	h.Queue = dressed(h.Queue, with)
	h.Add = func(ctx context.Context, ms ...channels.Message) error {
		for i := range ms {
			ms[i].Ref = with + ms[i].Ref
		}
		return add(ctx, ms...)
	}
	h.State = func(ctx context.Context, ref string) (delivery.State, error) { return state(ctx, with+ref) }
	if cancel != nil {
		h.Cancel = func(ctx context.Context, ref string) error { return cancel(ctx, with+ref) }
	}
	if reopen != nil {
		h.Reopen = func(t *testing.T) delivery.Queue { return dressed(reopen(t), with) }
	}
}

func dressed(q delivery.Queue, with string) delivery.Queue {
	if w, ok := q.(delivery.Waker); ok {
		return struct {
			prefixed
			delivery.Waker
		}{prefixed{q, with}, w}
	}
	return prefixed{q, with}
}

// prefixed is a queue whose references begin with something.
type prefixed struct {
	delivery.Queue
	with string
}

// Lease leases, and takes the prefix off.
func (p prefixed) Lease(ctx context.Context, lane string, n int, d time.Duration) (delivery.Slice, error) {
	s, err := p.Queue.Lease(ctx, lane, n, d)
	for i := range s.Items {
		s.Items[i].Ref = strings.TrimPrefix(s.Items[i].Ref, p.with)
	}
	for i := range s.Doubts {
		s.Doubts[i].Message.Ref = strings.TrimPrefix(s.Doubts[i].Message.Ref, p.with)
	}
	return s, err
}

// Advance puts the prefix before the references of steps.
func (p prefixed) Advance(ctx context.Context, s delivery.Slice, steps []delivery.Step) error {
	dressed := make([]delivery.Step, len(steps))
	for i, step := range steps {
		step.Ref = p.with + step.Ref
		dressed[i] = step
	}
	err := p.Queue.Advance(ctx, s, dressed)
	var refused delivery.Refused
	if !errors.As(err, &refused) {
		return err
	}
	bare := make(delivery.Refused, len(refused))
	for i, ref := range refused {
		bare[i] = strings.TrimPrefix(ref, p.with)
	}
	return bare
}

// Learn puts the prefix before the references of news.
func (p prefixed) Learn(ctx context.Context, st []channels.Status) ([]channels.Status, error) {
	dressed := make([]channels.Status, len(st))
	for i, one := range st {
		if one.Ref != "" {
			one.Ref = p.with + one.Ref
		}
		dressed[i] = one
	}
	others, err := p.Queue.Learn(ctx, dressed)
	for i := range others {
		others[i].Ref = strings.TrimPrefix(others[i].Ref, p.with)
	}
	return others, err
}
