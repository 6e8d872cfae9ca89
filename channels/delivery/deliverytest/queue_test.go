package deliverytest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/delivery"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func harness() (Harness, *Memory) {
	q := NewMemory()
	return Harness{
		Queue: q,
		Add:   func(_ context.Context, ms ...channels.Message) error { return q.Add("sms", ms...) },
		State: func(_ context.Context, ref string) (delivery.State, error) {
			r, _ := q.Row(ref)
			return r.State, nil
		},
		Cancel: func(_ context.Context, ref string) error { q.Cancel(ref); return nil },
		Reopen: func(*testing.T) delivery.Queue { return q },
	}, q
}

func TestMemoryKeepsTheContract(t *testing.T) {
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h, _ := harness()
				h.complete()
				require.NoError(t, c.run(t.Context(), &run{h, t}))
			})
		})
	}
}

func TestQueueWaitsInEarnestForQueuesWithTheirOwnClock(t *testing.T) {
	TestQueue(t, func(*testing.T) Harness { h, _ := harness(); return h })
}

func TestAQueueMayWantAPrefix(t *testing.T) {
	for _, c := range checks {
		synctest.Test(t, func(t *testing.T) {
			h, q := harness()
			h.Prefix = "ua."
			h.complete()
			require.NoError(t, c.run(t.Context(), &run{h, t}), c.name)
			for _, r := range q.rows {
				require.Regexp(t, `^ua\.\w+$`, r.Message.Ref)
			}
		})
	}
}

// flawed is a queue that breaks the promises it is told to break.
type flawed struct {
	*Memory
	lease   func(s delivery.Slice) delivery.Slice
	hold    time.Duration
	lane    string
	advance func(s delivery.Slice, steps []delivery.Step) error
	learn   func(st []channels.Status) ([]channels.Status, error)
	wait    func(ctx context.Context) error
}

func (f *flawed) Lease(ctx context.Context, lane string, n int, d time.Duration) (delivery.Slice, error) {
	if f.hold > 0 {
		d = f.hold
	}
	if f.lane != "" {
		lane = f.lane
	}
	s, err := f.Memory.Lease(ctx, lane, n, d)
	if f.lease != nil {
		s = f.lease(s)
	}
	return s, err
}

func (f *flawed) Advance(ctx context.Context, s delivery.Slice, steps []delivery.Step) error {
	if f.advance != nil {
		return f.advance(s, steps)
	}
	return f.Memory.Advance(ctx, s, steps)
}

func (f *flawed) Learn(ctx context.Context, st []channels.Status) ([]channels.Status, error) {
	if f.learn != nil {
		return f.learn(st)
	}
	return f.Memory.Learn(ctx, st)
}

func (f *flawed) Wait(ctx context.Context, lane string) error {
	if f.wait != nil {
		return f.wait(ctx)
	}
	return f.Memory.Wait(ctx, lane)
}

// The test of the tests: for every check, a queue that breaks its promise fails it.
func TestEveryCheckFindsTheQueueThatBreaksIt(t *testing.T) {
	steps := func(f *flawed, change func(*delivery.Step)) {
		f.advance = func(s delivery.Slice, steps []delivery.Step) error {
			steps = slices.Clone(steps)
			for i := range steps {
				change(&steps[i])
			}
			return f.Memory.Advance(context.Background(), s, steps)
		}
	}
	swallow := func(target error) func(*flawed, *Harness) {
		return func(f *flawed, _ *Harness) {
			f.advance = func(s delivery.Slice, steps []delivery.Step) error {
				err := f.Memory.Advance(context.Background(), s, steps)
				var refused delivery.Refused
				if target == nil && errors.As(err, &refused) || target != nil && errors.Is(err, target) {
					return nil
				}
				return err
			}
		}
	}
	proven := map[string]bool{}
	for _, c := range []struct {
		check, name string
		spoil       func(f *flawed, h *Harness)
	}{
		{"a message comes out as it went in", "no heading", func(f *flawed, _ *Harness) {
			f.lease = func(s delivery.Slice) delivery.Slice {
				for i := range s.Items {
					s.Items[i].Heading = ""
				}
				return s
			}
		}},
		{"replies before notices before bulk, and older before newer", "last in, first out", func(f *flawed, _ *Harness) {
			f.lease = func(s delivery.Slice) delivery.Slice { slices.Reverse(s.Items); return s }
		}},
		{"one at a time for each address, in order", "addresses ignored", func(f *flawed, h *Harness) {
			h.Add = func(_ context.Context, ms ...channels.Message) error {
				for i := range ms {
					ms[i].To.ID += ms[i].Ref
				}
				return f.Add("sms", ms...)
			}
		}},
		{"what is leased is leased once", "given out again", func(f *flawed, _ *Harness) {
			var first *delivery.Slice
			f.lease = func(s delivery.Slice) delivery.Slice {
				if first == nil {
					first = &s
				}
				return *first
			}
		}},
		{"many loops at once", "read, then written", func(f *flawed, _ *Harness) {
			var mu sync.Mutex
			var last delivery.Slice
			f.lease = func(s delivery.Slice) delivery.Slice {
				mu.Lock()
				defer mu.Unlock()
				if len(last.Items) > 0 {
					s, last = last, delivery.Slice{}
					return s
				}
				last = s
				return s
			}
		}},
		{"a lease runs out", "a lease for ever", func(f *flawed, _ *Harness) { f.hold = time.Hour }},
		{"an intent whose loop died is in doubt", "intents forgotten", func(f *flawed, _ *Harness) {
			f.lease = func(s delivery.Slice) delivery.Slice { s.Doubts = nil; return s }
		}},
		{"an old epoch advances nothing", "no fence", swallow(delivery.ErrLost)},
		{"outcomes are kept", "failures forgotten", func(f *flawed, _ *Harness) {
			f.advance = func(s delivery.Slice, steps []delivery.Step) error {
				kept := slices.DeleteFunc(slices.Clone(steps), func(s delivery.Step) bool { return s.To == delivery.Failed })
				return f.Memory.Advance(context.Background(), s, kept)
			}
		}},
		{"a retry waits until it is due", "due at once", func(f *flawed, _ *Harness) { steps(f, func(s *delivery.Step) { s.Due = time.Time{} }) }},
		{"a retry waits until it is due", "tries forgotten", func(f *flawed, _ *Harness) { steps(f, func(s *delivery.Step) { s.Tries = 0 }) }},
		{"a doubt is looked at when due, by one", "due at once", func(f *flawed, _ *Harness) { steps(f, func(s *delivery.Step) { s.Due = time.Time{} }) }},
		{"advancing twice is advancing once", "an error the second time", func(f *flawed, _ *Harness) {
			done := map[delivery.State]bool{}
			f.advance = func(s delivery.Slice, steps []delivery.Step) error {
				if done[steps[0].To] {
					return errors.New("done already")
				}
				done[steps[0].To] = true
				return f.Memory.Advance(context.Background(), s, steps)
			}
		}},
		{"states never step back", "receipts forgotten", func(f *flawed, _ *Harness) {
			steps(f, func(s *delivery.Step) { s.Receipt = channels.Receipt{} })
		}},
		{"news by reference and by id", "references ignored", func(f *flawed, _ *Harness) {
			f.learn = func(st []channels.Status) ([]channels.Status, error) {
				for i := range st {
					st[i].Ref = ""
				}
				return f.Memory.Learn(context.Background(), st)
			}
		}},
		{"news of others is handed on", "kept", func(f *flawed, _ *Harness) {
			f.learn = func(st []channels.Status) ([]channels.Status, error) {
				_, err := f.Memory.Learn(context.Background(), st)
				return nil, err
			}
		}},
		{"what turns out to have been sent is not sent again", "sent again", swallow(nil)},
		{"what is cancelled is refused", "sent all the same", swallow(nil)},
		{"lanes are apart", "one lane for all", func(f *flawed, _ *Harness) { f.lane = "sms" }},
		{"nothing due says when", "any time", func(f *flawed, _ *Harness) {
			f.lease = func(s delivery.Slice) delivery.Slice { s.Next = time.Now().Add(time.Hour); return s }
		}},
		{"a waker wakes", "sleeps on", func(f *flawed, _ *Harness) {
			f.wait = func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
		}},
		{"a waker wakes", "never sleeps", func(f *flawed, _ *Harness) { f.wait = func(context.Context) error { return nil } }},
		{"reopened, everything is there", "in memory only", func(_ *flawed, h *Harness) { h.Reopen = func(*testing.T) delivery.Queue { return NewMemory() } }},
	} {
		t.Run(c.check+"/"+c.name, func(t *testing.T) {
			proven[c.check] = true
			synctest.Test(t, func(t *testing.T) {
				h, q := harness()
				f := &flawed{Memory: q}
				h.Queue = f
				h.complete()
				c.spoil(f, &h)
				i := slices.IndexFunc(checks, func(one check) bool { return one.name == c.check })
				require.GreaterOrEqual(t, i, 0, "no such check")
				require.Error(t, checks[i].run(t.Context(), &run{h, t}))
			})
		})
	}
	for _, c := range checks {
		assert.True(t, proven[c.name], "no queue above breaks the promise %q: what does the check prove?", c.name)
		assert.NotEmpty(t, c.why)
	}
}

func TestMemoryRefusesKnownReferences(t *testing.T) {
	q := NewMemory()
	require.NoError(t, q.Add("sms", channels.Message{Ref: "a"}))
	require.Error(t, q.Add("sms", channels.Message{Ref: "b"}, channels.Message{Ref: "a"}))
	require.Error(t, q.Add("sms", channels.Message{}))
	_, ok := q.Row("b")
	assert.False(t, ok, "all or none")
	assert.Equal(t, map[delivery.State]int{delivery.Queued: 1}, q.Counts())
}
