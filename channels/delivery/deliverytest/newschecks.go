package deliverytest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/delivery"
)

func (h *run) learn(ctx context.Context, st ...channels.Status) error {
	others, err := h.Queue.Learn(ctx, st)
	if err == nil && len(others) > 0 {
		err = errors.New("news of a message of this queue was handed on")
	}
	return err
}

func monotone(ctx context.Context, h *run) error {
	if err := h.add(ctx, h.message("a", "anna")); err != nil {
		return err
	}
	s, err := h.sending(ctx, "a")
	if err != nil {
		return err
	}
	// The callback may come before the answer of the request is recorded.
	if err := h.learn(ctx, channels.Status{Ref: "a", Stage: channels.Delivered}); err != nil {
		return err
	}
	if err := h.advance(ctx, s, delivery.Accepted, "a"); err != nil {
		return err
	}
	if err := h.is(ctx, "a", delivery.Delivered); err != nil {
		return err
	}
	if err := h.learn(ctx, channels.Status{ID: "id-a", Stage: channels.Read}); err != nil {
		return fmt.Errorf("the receipt was not kept: %w", err)
	}
	for _, stage := range []channels.Stage{channels.Accepted, channels.Failed, channels.Sent, channels.Delivered, channels.Read, channels.Read} {
		if err := h.learn(ctx, channels.Status{Ref: "a", Stage: stage}); err != nil {
			return err
		}
		if err := h.is(ctx, "a", delivery.Read); err != nil {
			return fmt.Errorf("after late news of %s: %w", stage, err)
		}
	}
	h.Later(hold + hold/5)
	got, err := h.leased(ctx, 9)
	if err == nil && len(got.Doubts) > 0 {
		err = errors.New("a message that was read is in doubt")
	}
	return err
}

func learn(ctx context.Context, h *run) error {
	if err := h.add(ctx, h.message("a", "anna"), h.message("b", "borys")); err != nil {
		return err
	}
	s, err := h.leased(ctx, 9, "a", "b")
	if err != nil {
		return err
	}
	if err := h.advance(ctx, s, delivery.Sending, "a", "b"); err != nil {
		return err
	}
	if err := h.advance(ctx, s, delivery.Accepted, "a"); err != nil {
		return err
	}
	// By id after the answer; by reference though the answer was lost, and from then on by id.
	if err := h.learn(ctx,
		channels.Status{ID: "id-a", Stage: channels.Delivered},
		channels.Status{Ref: "b", ID: "id-b", Stage: channels.Sent}); err != nil {
		return err
	}
	if err := errors.Join(h.is(ctx, "a", delivery.Delivered), h.is(ctx, "b", delivery.Accepted)); err != nil {
		return err
	}
	if err := h.learn(ctx, channels.Status{ID: "id-b", Stage: channels.Failed, Cause: channels.Unreachable, Code: "30003"}); err != nil {
		return err
	}
	return h.is(ctx, "b", delivery.Undelivered)
}

func others(ctx context.Context, h *run) error {
	if err := h.add(ctx, h.message("a", "anna")); err != nil {
		return err
	}
	st := []channels.Status{{Ref: "strange", Stage: channels.Sent}, {Ref: "a", Stage: channels.Sent}, {ID: "id-strange", Stage: channels.Sent}, {}}
	got, err := h.Queue.Learn(ctx, st)
	if err != nil {
		return err
	}
	if len(got) != 3 || got[0].Ref != "strange" || got[1].ID != "id-strange" {
		return fmt.Errorf("%d of 3 strange statuses were handed on", len(got))
	}
	return nil
}

func lateNews(ctx context.Context, h *run) error {
	if err := h.add(ctx, h.message("a", "anna"), h.message("b", "borys")); err != nil {
		return err
	}
	s, err := h.sending(ctx, "a")
	if err != nil {
		return err
	}
	if err := h.advance(ctx, s, delivery.Queued, "a"); err != nil {
		return err
	}
	if err := h.learn(ctx, channels.Status{Ref: "a", Stage: channels.Sent}); err != nil {
		return err
	}
	s, err = h.leased(ctx, 9, "b")
	if err != nil {
		return fmt.Errorf("queued again, then known as sent: %w", err)
	}
	if err := h.learn(ctx, channels.Status{Ref: "b", Stage: channels.Delivered}); err != nil {
		return err
	}
	if err := h.refuses(ctx, s, "b"); err != nil {
		return fmt.Errorf("leased again, then known as delivered: %w", err)
	}
	return h.is(ctx, "b", delivery.Delivered)
}

// refuses marks an intent that must be refused.
func (h *run) refuses(ctx context.Context, s delivery.Slice, ref string) error {
	err := h.advance(ctx, s, delivery.Sending, ref)
	var refused delivery.Refused
	if !errors.As(err, &refused) || len(refused) != 1 || refused[0] != ref {
		return errors.Join(errors.New("the error is not Refused with its reference"), err)
	}
	return nil
}

func cancelled(ctx context.Context, h *run) error {
	if err := h.add(ctx, h.message("a", "anna"), h.message("b", "borys"), h.message("c", "clara")); err != nil {
		return err
	}
	if err := h.Cancel(ctx, "a"); err != nil {
		return err
	}
	s, err := h.leased(ctx, 9, "b", "c")
	if err != nil {
		return err
	}
	if err := h.Cancel(ctx, "b"); err != nil {
		return err
	}
	err = h.advance(ctx, s, delivery.Sending, "b", "c")
	var refused delivery.Refused
	if !errors.As(err, &refused) || !slices.Equal(refused, []string{"b"}) {
		return errors.Join(errors.New("the error is not Refused with one reference"), err)
	}
	return errors.Join(h.is(ctx, "b", delivery.Cancelled), h.is(ctx, "c", delivery.Sending))
}

func lanes(ctx context.Context, h *run) error {
	if err := h.add(ctx, h.message("a", "anna")); err != nil {
		return err
	}
	s, err := h.Queue.Lease(ctx, h.Lane+"-other", 9, hold)
	if err != nil {
		return err
	}
	if len(s.Items) > 0 {
		return errors.New("a message was leased from another lane")
	}
	_, err = h.leased(ctx, 9, "a")
	return err
}

func nextDue(ctx context.Context, h *run) error {
	if err := h.add(ctx, h.message("a", "anna")); err != nil {
		return err
	}
	s, err := h.sending(ctx, "a")
	if err != nil {
		return err
	}
	due := h.Now().Add(10 * hold)
	if err := h.Queue.Advance(ctx, s, []delivery.Step{{Ref: "a", To: delivery.Queued, Due: due, Tries: 1}}); err != nil {
		return err
	}
	s, err = h.leased(ctx, 9)
	if err != nil {
		return err
	}
	if !s.Next.IsZero() && s.Next.Sub(due).Abs() > time.Second {
		return fmt.Errorf("the slice's Next is %s away from when the retry is due", s.Next.Sub(due))
	}
	return nil
}

func wakes(ctx context.Context, h *run) error {
	w := h.Queue.(delivery.Waker)
	if _, err := h.leased(ctx, 9); err != nil {
		return err
	}
	short, cancel := context.WithTimeout(ctx, hold/5)
	err := w.Wait(short, h.Lane)
	early := short.Err() == nil
	cancel()
	if err == nil && early {
		return errors.New("Wait returned while there was nothing")
	}
	// Added before Wait is called, and after the Lease: not to be missed.
	if err := h.add(ctx, h.message("a", "anna")); err != nil {
		return err
	}
	if err := h.waits(ctx, w); err != nil {
		return fmt.Errorf("added before Wait: %w", err)
	}
	if _, err := h.leased(ctx, 9, "a"); err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() { done <- h.waits(ctx, w) }()
	if err := h.add(ctx, h.message("b", "borys")); err != nil {
		return err
	}
	return <-done
}

func (h *run) waits(ctx context.Context, w delivery.Waker) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := w.Wait(ctx, h.Lane); err != nil {
		return fmt.Errorf("Wait did not wake: %w", err)
	}
	return nil
}

func reopened(ctx context.Context, h *run) error {
	if err := h.add(ctx, h.message("a", "anna"), h.message("b", "borys"), h.message("c", "clara")); err != nil {
		return err
	}
	s, err := h.leased(ctx, 2, "a", "b")
	if err != nil {
		return err
	}
	if err := h.advance(ctx, s, delivery.Sending, "a", "b"); err != nil {
		return err
	}
	if err := h.advance(ctx, s, delivery.Accepted, "b"); err != nil {
		return err
	}
	h.Queue = h.Reopen(h.t)
	h.Later(hold + hold/5)
	s, err = h.leased(ctx, 9, "c")
	if err != nil {
		return err
	}
	if len(s.Doubts) != 1 || s.Doubts[0].Message.Ref != "a" {
		return errors.New("the intent was forgotten")
	}
	return h.learn(ctx, channels.Status{ID: "id-b", Stage: channels.Delivered})
}
