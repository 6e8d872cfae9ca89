package deliverytest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/delivery"
)

// Harness is a queue to be tested. Queue, Add and State are needed.
type Harness struct {
	Queue delivery.Queue
	// Lane is where Add puts messages. Defaults to "sms".
	Lane string
	// Channel is the channel of the addresses that the suite makes up. Defaults to "sms".
	Channel string
	// Add queues messages, in order.
	Add func(ctx context.Context, ms ...channels.Message) error
	// State returns where a message stands.
	State func(ctx context.Context, ref string) (delivery.State, error)
	// Cancel withdraws a message that is not yet sent. Nil: not checked.
	Cancel func(ctx context.Context, ref string) error
	// Reopen closes the queue and opens it again from what is durable. Nil: not checked.
	Reopen func(t *testing.T) delivery.Queue
	// Later lets d pass by the queue's clock. Defaults to time.Sleep.
	Later func(d time.Duration)
}

// TestQueue checks the queue of each fresh harness against the contract of [delivery.Queue].
func TestQueue(t *testing.T, fresh func(t *testing.T) Harness) {
	t.Helper()
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) {
			h := fresh(t)
			if h.Queue == nil || h.Add == nil || h.State == nil {
				t.Fatal("deliverytest: a Harness needs Queue, Add and State")
			}
			if c.needs != nil && !c.needs(&h) {
				t.Skip("the harness does not declare it")
			}
			h.complete()
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			if err := c.run(ctx, &run{h, t}); err != nil {
				t.Errorf("%v\nWhy it matters: %s", err, c.why)
			}
		})
	}
}

func (h *Harness) complete() {
	if h.Lane == "" {
		h.Lane = "sms"
	}
	if h.Channel == "" {
		h.Channel = "sms"
	}
	if h.Later == nil {
		h.Later = time.Sleep
	}
}

// run is one check's harness and test.
type run struct {
	Harness
	t *testing.T
}

// hold is how long the suite leases; short, because some queues wait in earnest.
const hold = 300 * time.Millisecond

type check struct {
	name, why string
	needs     func(*Harness) bool
	run       func(context.Context, *run) error
}

var checks = []check{
	{"a message comes out as it went in", "what is changed here is said wrongly to somebody", nil, fidelity},
	{"replies before notices before bulk, and older before newer", "a person waits for the reply; nobody waits for a campaign", nil, order},
	{"one at a time for each address, in order", "the second half of a text must not overtake the first", nil, inTurn},
	{"what is leased is leased once", "what two loops hold is told twice", nil, once},
	{"many loops at once", "what two loops hold is told twice", nil, atOnce},
	{"a lease runs out", "what a dead loop holds is never sent", nil, expiry},
	{"an intent whose loop died is in doubt", "sent again it is told twice; forgotten it is never sent", nil, doubt},
	{"an old epoch advances nothing", "a loop that comes back from the dead must not overwrite what another did", nil, fence},
	{"outcomes are kept", "what is accepted and not recorded is sent again", nil, outcomes},
	{"a retry waits until it is due", "a provider that asks for time and gets none closes the door", nil, retry},
	{"a doubt is looked at when due, by one", "two who settle one doubt may both send again", nil, doubtDue},
	{"advancing twice is advancing once", "a loop repeats a commit whose answer was lost", nil, idempotent},
	{"states never step back", "news comes late and doubled; a delivered message must not be sent again", nil, monotone},
	{"news by reference and by id", "a callback alone settles a doubt, even if the id was never stored", nil, learn},
	{"news of others is handed on", "outbox and ledger share one webhook", nil, others},
	{"what turns out to have been sent is not sent again", "the callback of the first attempt may come after the retry was queued", nil, lateNews},
	{"what is cancelled is refused", "pause, opt-out and cancel must count until the last moment", func(h *Harness) bool { return h.Cancel != nil }, cancelled},
	{"lanes are apart", "a parked sender must not stop another", nil, lanes},
	{"nothing due says when", "a loop that does not know must ask again and again", nil, nextDue},
	{"a waker wakes", "a reply that waits for the next poll is slow", func(h *Harness) bool { _, ok := h.Queue.(delivery.Waker); return ok }, wakes},
	{"reopened, everything is there", "a crash must not lose an intent: the mark is all that keeps a message from being told twice", func(h *Harness) bool { return h.Reopen != nil }, reopened},
}

func (h *run) message(ref, to string) channels.Message {
	return channels.Message{Ref: ref, To: channels.Address{Channel: h.Channel, ID: to}, Lang: "uk", Text: "текст " + ref, Class: channels.Notice}
}

func (h *run) add(ctx context.Context, ms ...channels.Message) error { return h.Add(ctx, ms...) }

func (h *run) lease(ctx context.Context, n int) (delivery.Slice, error) {
	return h.Queue.Lease(ctx, h.Lane, n, hold)
}

func refs(s delivery.Slice) []string {
	var rs []string
	for _, m := range s.Items {
		rs = append(rs, m.Ref)
	}
	return rs
}

// leased leases and compares the references.
func (h *run) leased(ctx context.Context, n int, want ...string) (delivery.Slice, error) {
	s, err := h.lease(ctx, n)
	if err == nil && !slices.Equal(refs(s), want) {
		err = fmt.Errorf("leased %q, not %q", refs(s), want)
	}
	return s, err
}

func (h *run) advance(ctx context.Context, s delivery.Slice, to delivery.State, rs ...string) error {
	var steps []delivery.Step
	for _, ref := range rs {
		step := delivery.Step{Ref: ref, To: to, Tries: 1}
		if to == delivery.Accepted {
			step.Receipt = channels.Receipt{ID: "id-" + ref, At: time.Now()}
		}
		if to == delivery.Failed {
			step.Cause, step.Code = channels.Rejected, "1"
		}
		steps = append(steps, step)
	}
	return h.Queue.Advance(ctx, s, steps)
}

// sent leases ref and marks its intent.
func (h *run) sending(ctx context.Context, ref string) (delivery.Slice, error) {
	s, err := h.leased(ctx, 1, ref)
	if err != nil {
		return s, err
	}
	return s, h.advance(ctx, s, delivery.Sending, ref)
}

func (h *run) is(ctx context.Context, ref string, want delivery.State) error {
	got, err := h.State(ctx, ref)
	if err == nil && got != want {
		err = fmt.Errorf("%s is %s, not %s", ref, got, want)
	}
	return err
}

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
	steps := []delivery.Step{{Ref: "a1", To: delivery.Queued, Due: time.Now().Add(time.Hour), Tries: 1}, {Ref: "b1", To: delivery.Accepted}}
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
		return fmt.Errorf("the error is %v, not ErrLost", err)
	}
	if err := h.is(ctx, "a", delivery.Leased); err != nil {
		return err
	}
	if got, err := h.State(ctx, "b"); err != nil || got == delivery.Sending {
		return errors.New("a part of a refused call was applied")
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
	step := delivery.Step{Ref: "a", To: delivery.Queued, Due: time.Now().Add(hold), Cause: channels.Throttled, Tries: 3}
	if err := h.Queue.Advance(ctx, s, []delivery.Step{step}); err != nil {
		return err
	}
	if _, err := h.leased(ctx, 9); err != nil {
		return fmt.Errorf("before it is due: %w", err)
	}
	h.Later(hold + hold/5)
	s, err = h.leased(ctx, 9, "a")
	if err == nil && (len(s.Tries) != 1 || s.Tries[0] != 3) {
		err = fmt.Errorf("Tries are %v, not [3]", s.Tries)
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
	step := delivery.Step{Ref: "a", To: delivery.Unknown, Due: time.Now().Add(hold), Cause: channels.Unknown, Tries: 1}
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
	return h.is(ctx, "b", delivery.Failed)
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
		return fmt.Errorf("the error is %v, not Refused with its reference", err)
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
		return fmt.Errorf("the error is %v, not Refused with one reference", err)
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
	due := time.Now().Add(10 * hold)
	if err := h.Queue.Advance(ctx, s, []delivery.Step{{Ref: "a", To: delivery.Queued, Due: due, Tries: 1}}); err != nil {
		return err
	}
	s, err = h.leased(ctx, 9)
	if err != nil {
		return err
	}
	if !s.Next.IsZero() && s.Next.Sub(due).Abs() > time.Second {
		return fmt.Errorf("Next is %s away from when the retry is due", s.Next.Sub(due))
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
