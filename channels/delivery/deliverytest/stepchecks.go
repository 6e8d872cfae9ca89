package deliverytest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/delivery"
)

func fence(ctx context.Context, h *run) error {
	if err := h.add(ctx, h.message("a", "anna"), h.message("b", "borys")); err != nil {
		return err
	}
	old, err := h.leased(ctx, 2, "a", "b")
	if err != nil {
		return err
	}
	h.Later(hold + hold/5)
	now, err := h.leased(ctx, 1, "a")
	if err != nil {
		return err
	}
	if err := h.advance(ctx, old, delivery.Sending, "b", "a"); !errors.Is(err, delivery.ErrLost) {
		return errors.Join(errors.New("the error is not ErrLost"), err)
	}
	for _, ref := range []string{"a", "b"} {
		if got, err := h.State(ctx, ref); err != nil || got == delivery.Sending {
			return errors.Join(errors.New("a part of a refused call was applied"), err)
		}
	}
	return h.advance(ctx, now, delivery.Sending, "a")
}

func outcomes(ctx context.Context, h *run) error {
	if err := h.add(ctx, h.message("a", "anna"), h.message("b", "borys"), h.message("c", "clara")); err != nil {
		return err
	}
	s, err := h.leased(ctx, 9, "a", "b", "c")
	if err != nil {
		return err
	}
	if err := h.advance(ctx, s, delivery.Sending, "a", "b"); err != nil {
		return err
	}
	// The outcomes of one batch and the intents of the next are one commit.
	steps := []delivery.Step{
		{Ref: "a", To: delivery.Accepted, Receipt: channels.Receipt{ID: "id-a"}, Tries: 1},
		{Ref: "b", To: delivery.Failed, Cause: channels.OptedOut, Code: "21610", Tries: 1},
		{Ref: "c", To: delivery.Sending},
	}
	if err := h.Queue.Advance(ctx, s, steps); err != nil {
		return err
	}
	if err := errors.Join(h.is(ctx, "a", delivery.Accepted), h.is(ctx, "b", delivery.Failed), h.is(ctx, "c", delivery.Sending)); err != nil {
		return err
	}
	h.Later(hold + hold/5)
	s, err = h.leased(ctx, 9)
	if err == nil && len(s.Doubts) != 1 {
		err = fmt.Errorf("%d doubts; only c is in doubt", len(s.Doubts))
	}
	return err
}

func retry(ctx context.Context, h *run) error {
	if err := h.add(ctx, h.message("a", "anna")); err != nil {
		return err
	}
	s, err := h.sending(ctx, "a")
	if err != nil {
		return err
	}
	step := delivery.Step{Ref: "a", To: delivery.Queued, Due: h.Now().Add(hold), Cause: channels.Throttled, Tries: 3}
	if err := h.Queue.Advance(ctx, s, []delivery.Step{step}); err != nil {
		return err
	}
	if _, err := h.leased(ctx, 9); err != nil {
		return fmt.Errorf("before it is due: %w", err)
	}
	h.Later(hold + hold/5)
	s, err = h.leased(ctx, 9, "a")
	if err == nil && (len(s.Tries) != 1 || s.Tries[0] != 3) {
		err = fmt.Errorf("its tries are %v, not [3]", s.Tries)
	}
	return err
}

func doubtDue(ctx context.Context, h *run) error {
	if err := h.add(ctx, h.message("a", "anna"), h.message("a2", "anna")); err != nil {
		return err
	}
	s, err := h.sending(ctx, "a")
	if err != nil {
		return err
	}
	step := delivery.Step{Ref: "a", To: delivery.Unknown, Due: h.Now().Add(hold), Cause: channels.Unknown, Tries: 1}
	if err := h.Queue.Advance(ctx, s, []delivery.Step{step}); err != nil {
		return err
	}
	s, err = h.leased(ctx, 9, "a2")
	if err != nil {
		return fmt.Errorf("a message in doubt must not hold up the next one: %w", err)
	}
	if len(s.Doubts) > 0 {
		return errors.New("a doubt came before it was due")
	}
	h.Later(hold + hold/5)
	first, err := h.lease(ctx, 9)
	if err != nil {
		return err
	}
	second, err := h.lease(ctx, 9)
	if err != nil {
		return err
	}
	if len(first.Doubts) != 1 || len(second.Doubts) != 0 {
		return fmt.Errorf("one doubt that is due was given out %d and %d times", len(first.Doubts), len(second.Doubts))
	}
	if first.Doubts[0].Tries != 1 {
		return fmt.Errorf("the doubt's Tries are %d, not 1", first.Doubts[0].Tries)
	}
	step.To, step.Due = delivery.Held, time.Time{}
	if err := h.Queue.Advance(ctx, first, []delivery.Step{step}); err != nil {
		return err
	}
	h.Later(hold + hold/5)
	s, err = h.lease(ctx, 9)
	if err == nil && len(s.Doubts) != 0 {
		err = errors.New("what is held came back by itself")
	}
	return err
}

func idempotent(ctx context.Context, h *run) error {
	if err := h.add(ctx, h.message("a", "anna")); err != nil {
		return err
	}
	s, err := h.sending(ctx, "a")
	if err != nil {
		return err
	}
	if err := h.advance(ctx, s, delivery.Sending, "a"); err != nil {
		return fmt.Errorf("the intent again: %w", err)
	}
	for range 2 {
		if err := h.advance(ctx, s, delivery.Accepted, "a"); err != nil {
			return fmt.Errorf("the outcome again: %w", err)
		}
	}
	return h.is(ctx, "a", delivery.Accepted)
}
