package deliverytest

import (
	"context"
	"fmt"
	"slices"
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
	// Now reads the queue's clock. Defaults to time.Now.
	Now func() time.Time
	// Prefix begins every reference, where the queue wants one, such as "ua.".
	Prefix string
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
	if h.Now == nil {
		h.Now = time.Now
	}
	if h.Prefix != "" {
		h.prefix()
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
			step.Receipt = channels.Receipt{ID: "id-" + ref, At: h.Now()}
		}
		if to == delivery.Failed {
			step.Cause, step.Code = channels.Rejected, "1"
		}
		steps = append(steps, step)
	}
	return h.Queue.Advance(ctx, s, steps)
}

// sending leases ref and marks its intent.
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
