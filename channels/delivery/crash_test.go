package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
	"github.com/hubkit/hubkit/channels/delivery"
	"github.com/hubkit/hubkit/channels/delivery/deliverytest"
	"github.com/stretchr/testify/require"
)

var errDead = errors.New("killed")

// life is one process: it dies at its n-th breath, wherever that is, and from then on
// nothing that it does has an effect.
type life struct {
	mu   sync.Mutex
	left int
	die  context.CancelFunc
}

// breath reports whether the process still lives, and does what is given while it does.
func (l *life) breath(do func()) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.left == 0 {
		return false
	}
	if l.left--; l.left == 0 {
		l.die()
		return false
	}
	if do != nil {
		do()
	}
	return true
}

// mortalQueue dies before a commit, or after it and before its answer.
type mortalQueue struct {
	*deliverytest.Memory
	*life
}

func (q mortalQueue) Lease(ctx context.Context, lane string, n int, d time.Duration) (s delivery.Slice, err error) {
	if !q.breath(func() { s, err = q.Memory.Lease(ctx, lane, n, d) }) || !q.breath(nil) {
		return delivery.Slice{}, errDead
	}
	return s, err
}

func (q mortalQueue) Advance(ctx context.Context, s delivery.Slice, steps []delivery.Step) (err error) {
	if !q.breath(func() { err = q.Memory.Advance(ctx, s, steps) }) || !q.breath(nil) {
		return errDead
	}
	return err
}

func (q mortalQueue) Learn(ctx context.Context, st []channels.Status) (others []channels.Status, err error) {
	if !q.breath(func() { others, err = q.Memory.Learn(ctx, st) }) || !q.breath(nil) {
		return st, errDead
	}
	return others, err
}

func (q mortalQueue) Wait(ctx context.Context, lane string) error {
	if !q.breath(nil) {
		return errDead
	}
	return q.Memory.Wait(ctx, lane)
}

// mortalDriver dies before the provider takes the message, or after.
type mortalDriver struct {
	channels.Driver
	*life
}

func (d mortalDriver) Send(ctx context.Context, r channels.Rendered) (channels.Receipt, error) {
	if !d.breath(nil) {
		return channels.Receipt{}, errDead
	}
	receipt, err := d.Driver.Send(ctx, r)
	if !d.breath(nil) {
		return channels.Receipt{}, errDead
	}
	return receipt, err
}

// mortalLister is a mortalDriver whose provider lists. Where it keeps no reference of
// ours, the list says to whom and what.
type mortalLister struct {
	mortalDriver
	list    channelstest.Listing
	keeps   bool
	channel string
}

func (d mortalLister) Sent(ctx context.Context, from string, since, until time.Time) iter.Seq2[channels.Listed, error] {
	if d.keeps {
		return d.list.Sent(ctx, from, since, until)
	}
	return func(yield func(channels.Listed, error) bool) {
		for _, k := range d.list.Taken() {
			if k.At.Before(since) || k.At.After(until) {
				continue
			}
			if !yield(channels.Listed{Status: channels.Status{ID: k.ID, Stage: channels.Sent, At: k.At}, To: channels.Address{Channel: d.channel, ID: k.To}, Text: k.Text}, nil) {
				return
			}
		}
	}
}

type provider uint8

const (
	keepsRefs provider = iota // lists what it took, with our reference
	keepsText                 // lists what it took, without it
	noList                    // tells nothing
)

// crash sends n messages in many short lives and one long one, and returns the queue and
// how often each was taken.
func crash(t *testing.T, seed uint64, p provider, policy delivery.Policy, callbacks bool) (q *deliverytest.Memory, taken map[string]int) {
	r := rand.New(rand.NewPCG(seed, 7))
	q = deliverytest.NewMemory()
	rec := channelstest.NewRecorder("sms", channelstest.SMS())
	const n = 40
	for i := range n {
		require.NoError(t, q.Add("sms", message(fmt.Sprint("m", i), fmt.Sprint("person-", i%15))))
	}
	for range 60 {
		rec.Fault(channelstest.Works, []channelstest.Fault{
			channelstest.Works, channelstest.TakenDrop, channelstest.TakenServerError, channelstest.TakenSilence,
			channelstest.ServerError, channelstest.Down, channelstest.Throttle,
		}[r.IntN(7)])
	}
	for lives := 0; ; lives++ {
		l := &life{left: 1 + r.IntN(60)}
		if lives >= 25 {
			l.left = -1 // lives on
		}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Hour)
		l.die = cancel
		driver := mortalDriver{rec, l}
		var d channels.Driver = driver
		if p != noList {
			d = mortalLister{driver, channelstest.Listing{Recorder: rec}, p == keepsRefs, "sms"}
		}
		ch, err := channels.New(d, channels.Config{Logger: quiet})
		require.NoError(t, err)
		loop, err := delivery.New(mortalQueue{q, l}, ch, delivery.Config{Logger: quiet, Batch: 1 + r.IntN(8), Slice: 12, Unknown: policy})
		require.NoError(t, err)
		require.NoError(t, loop.Run(ctx))
		cancel()
		if callbacks {
			var st []channels.Status
			for _, k := range rec.Taken() {
				st = append(st, channels.Status{Ref: k.Rendered.Ref, ID: k.ID, Stage: channels.Sent}, channels.Status{Ref: k.Rendered.Ref, ID: k.ID, Stage: channels.Delivered})
			}
			_, err := q.Learn(t.Context(), channelstest.Noise(r, st))
			require.NoError(t, err)
		}
		if l.left < 0 {
			break
		}
		time.Sleep(time.Duration(r.IntN(300)) * time.Second)
	}
	taken = map[string]int{}
	for _, k := range rec.Taken() {
		taken[k.Rendered.Ref]++
	}
	return q, taken
}

// Killed at any moment, over and over, with a provider that takes and then drops.
func TestKilledAtAnyMoment(t *testing.T) {
	for _, c := range []struct {
		name      string
		p         provider
		policy    delivery.Policy
		callbacks bool
		check     func(state delivery.State, taken int) string
	}{
		{"a list with our references: nobody is lost, nobody told twice", keepsRefs, delivery.ResendAbsent, false, exactlyOnce},
		{"a list without them: the same", keepsText, delivery.ResendAbsent, false, exactlyOnce},
		{"a list, and callbacks doubled and out of order: the same", keepsRefs, delivery.ResendAbsent, true, exactlyOnce},
		{"no list: nobody is told twice, and who may be lost is held", noList, delivery.ResendAbsent, false, func(state delivery.State, taken int) string {
			switch {
			case taken > 1:
				return "told twice"
			case taken == 0 && state != delivery.Held:
				return "lost without a word"
			}
			return ""
		}},
		{"no list, rather twice than never: nobody is lost", noList, delivery.Resend, false, func(state delivery.State, taken int) string {
			if taken == 0 || state != delivery.Accepted {
				return "lost"
			}
			return ""
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			kills, held, twice := 0, 0, 0
			for seed := range uint64(30) {
				synctest.Test(t, func(t *testing.T) {
					q, taken := crash(t, seed, c.p, c.policy, c.callbacks)
					kills += 25
					for i := range 40 {
						ref := fmt.Sprint("m", i)
						row, _ := q.Row(ref)
						if bad := c.check(row.State, taken[ref]); bad != "" {
							t.Errorf("seed %d: %s is %s and was taken %d times: %s", seed, ref, row.State, taken[ref], bad)
						}
						if row.State == delivery.Held {
							held++
						}
						if taken[ref] > 1 {
							twice++
						}
					}
				})
			}
			t.Logf("%d kills, %d messages: %d held, %d told twice", kills, 30*40, held, twice)
			if c.policy == delivery.Resend && twice == 0 {
				t.Error("no crash hit the moment in doubt: the test proves nothing")
			}
		})
	}
}

func exactlyOnce(state delivery.State, taken int) string {
	switch {
	case taken == 0:
		return "lost"
	case taken > 1:
		return "told twice"
	case state != delivery.Accepted && state != delivery.Delivered:
		return "not known as sent"
	}
	return ""
}
