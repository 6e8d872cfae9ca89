package deliverytest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/delivery"
)

func fidelity(ctx context.Context, h *run) error {
	m := channels.Message{
		Ref: "whole", To: channels.Address{Channel: h.Channel, ID: "+15550100"}, From: "8001", Lang: "fa-AF", Heading: "Особа 2 з 4",
		Text: "هل تحتاج؟ 👨‍👩‍👧‍👦\n«так»", Options: []channels.Option{{ID: "q:1", Label: "Так", Short: "Т", Hint: "п"}}, Several: true, Open: true,
		Page: 2, Part: 1, Media: []channels.Media{{URL: "https://example.org/1.jpg", Type: "image/jpeg", Name: "1.jpg", Size: 7}},
		Spoken: "слова", Recording: "https://example.org/1.mp3", Template: &channels.Template{Name: "t", Vars: map[string]string{"1": "x"}},
		Class: channels.Bulk, NotAfter: time.Date(2099, 1, 2, 3, 4, 5, 0, time.UTC),
	}
	if err := h.add(ctx, m); err != nil {
		return err
	}
	s, err := h.leased(ctx, 5, "whole")
	if err != nil {
		return err
	}
	want, err := m.Reveal()
	if err != nil {
		return err
	}
	got, err := s.Items[0].Reveal()
	if err != nil {
		return err
	}
	if string(got) != string(want) {
		return fmt.Errorf("it came out as\n%s\nnot\n%s", got, want)
	}
	return nil
}

func order(ctx context.Context, h *run) error {
	for i, class := range []channels.Class{channels.Bulk, channels.Notice, channels.Reply, channels.Bulk, channels.Reply} {
		m := h.message(fmt.Sprint("m", i), fmt.Sprint("person-", i))
		m.Class = class
		if err := h.add(ctx, m); err != nil {
			return err
		}
	}
	if _, err := h.leased(ctx, 3, "m2", "m4", "m1"); err != nil {
		return err
	}
	_, err := h.leased(ctx, 3, "m0", "m3")
	return err
}

func inTurn(ctx context.Context, h *run) error {
	if err := h.add(ctx, h.message("a1", "anna"), h.message("a2", "anna"), h.message("b1", "borys")); err != nil {
		return err
	}
	urgent := h.message("a3", "anna")
	urgent.Class = channels.Reply
	if err := h.add(ctx, urgent); err != nil {
		return err
	}
	s, err := h.leased(ctx, 9, "a1", "b1")
	if err != nil {
		return err
	}
	if err := h.advance(ctx, s, delivery.Sending, "a1", "b1"); err != nil {
		return err
	}
	if _, err := h.leased(ctx, 9); err != nil {
		return fmt.Errorf("while one is sending: %w", err)
	}
	steps := []delivery.Step{{Ref: "a1", To: delivery.Queued, Due: h.Now().Add(time.Hour), Tries: 1}, {Ref: "b1", To: delivery.Accepted}}
	if err := h.Queue.Advance(ctx, s, steps); err != nil {
		return err
	}
	if _, err := h.leased(ctx, 9); err != nil {
		return fmt.Errorf("while the first waits for its retry: %w", err)
	}
	return nil
}

func once(ctx context.Context, h *run) error {
	if err := h.add(ctx, h.message("a", "anna"), h.message("b", "borys")); err != nil {
		return err
	}
	s, err := h.leased(ctx, 1, "a")
	if err != nil {
		return err
	}
	other, err := h.leased(ctx, 9, "b")
	if err != nil {
		return err
	}
	if s.Epoch == other.Epoch && s.Epoch == 0 {
		return errors.New("the slices have no epoch")
	}
	_, err = h.leased(ctx, 9)
	return err
}

func atOnce(ctx context.Context, h *run) error {
	const n = 120
	for i := range n {
		if err := h.add(ctx, h.message(fmt.Sprint("m", i), fmt.Sprint("person-", i))); err != nil {
			return err
		}
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	seen, errs := map[string]int{}, []error{}
	for range 4 {
		wg.Go(func() {
			for {
				s, err := h.Queue.Lease(ctx, h.Lane, 7, time.Minute)
				if err == nil && len(s.Items) == 0 {
					return
				}
				if err == nil {
					err = h.advance(ctx, s, delivery.Sending, refs(s)...)
				}
				if err == nil {
					err = h.advance(ctx, s, delivery.Accepted, refs(s)...)
				}
				mu.Lock()
				for _, ref := range refs(s) {
					seen[ref]++
				}
				if err != nil {
					errs = append(errs, err)
				}
				mu.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	for i := range n {
		if k := seen[fmt.Sprint("m", i)]; k != 1 {
			return fmt.Errorf("a message was leased %d times", k)
		}
	}
	return nil
}

func expiry(ctx context.Context, h *run) error {
	if err := h.add(ctx, h.message("a", "anna")); err != nil {
		return err
	}
	if _, err := h.leased(ctx, 1, "a"); err != nil {
		return err
	}
	h.Later(hold + hold/5)
	_, err := h.leased(ctx, 1, "a")
	return err
}

func doubt(ctx context.Context, h *run) error {
	if err := h.add(ctx, h.message("a", "anna")); err != nil {
		return err
	}
	if _, err := h.sending(ctx, "a"); err != nil {
		return err
	}
	if err := h.is(ctx, "a", delivery.Sending); err != nil {
		return err
	}
	h.Later(hold + hold/5)
	s, err := h.leased(ctx, 9)
	if err != nil {
		return err
	}
	if len(s.Doubts) != 1 || s.Doubts[0].Message.Ref != "a" || s.Doubts[0].Message.Text != "текст a" {
		return fmt.Errorf("there are %d doubts; it should be one, with its message", len(s.Doubts))
	}
	if s.Doubts[0].Since.IsZero() {
		return errors.New("the doubt does not say when the intent was recorded")
	}
	if err := h.is(ctx, "a", delivery.Unknown); err != nil {
		return err
	}
	if err := h.advance(ctx, s, delivery.Accepted, "a"); err != nil {
		return err
	}
	return h.is(ctx, "a", delivery.Accepted)
}
