package delivery_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
	"github.com/hubkit/hubkit/channels/delivery"
	"github.com/hubkit/hubkit/channels/delivery/deliverytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var quiet = slog.New(slog.DiscardHandler)

// stage is a queue, a recorder and a loop in a bubble of time.
type stage struct {
	*deliverytest.Memory
	rec  *channelstest.Recorder
	ch   *channels.Channel
	loop *delivery.Loop
	stop func()
}

// play runs a loop on what is added before and during f.
func play(t *testing.T, listed bool, cfg delivery.Config, f func(t *testing.T, s *stage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &stage{Memory: deliverytest.NewMemory(), rec: channelstest.NewRecorder("sms", channelstest.SMS())}
		var d channels.Driver = s.rec
		if listed {
			d = channelstest.Listing{Recorder: s.rec}
		}
		if cfg.Logger == nil {
			cfg.Logger = quiet
		}
		var err error
		s.ch, err = channels.New(d, channels.Config{Logger: quiet, Breaker: channels.Breaker{Failures: -1}})
		require.NoError(t, err)
		s.loop, err = delivery.New(s.Memory, s.ch, cfg)
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- s.loop.Run(ctx) }()
		s.stop = func() {
			cancel()
			require.NoError(t, <-done)
			done <- nil
		}
		defer func() { s.stop() }()
		f(t, s)
	})
}

func message(ref, to string) channels.Message {
	return channels.Message{Ref: ref, To: channels.Address{Channel: "sms", ID: to}, Lang: "uk", Text: "текст " + ref}
}

func (s *stage) state(ref string) delivery.State {
	r, _ := s.Row(ref)
	return r.State
}

// after lets time pass and the loop come to rest.
func after(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func TestRunSendsEverythingOnceAndInOrderForEachPerson(t *testing.T) {
	play(t, false, delivery.Config{}, func(t *testing.T, s *stage) {
		for i := range 300 {
			require.NoError(t, s.Add("sms", message(fmt.Sprint("m", i), fmt.Sprint("person-", i%70))))
		}
		after(10 * time.Second)
		assert.Equal(t, map[delivery.State]int{delivery.Accepted: 300}, s.Counts())
		last := map[string]int{}
		for _, k := range s.rec.Taken() {
			var n int
			_, err := fmt.Sscanf(k.Rendered.Ref, "m%d", &n)
			require.NoError(t, err)
			assert.GreaterOrEqual(t, n, last[k.To])
			last[k.To] = n
			r, _ := s.Row(k.Rendered.Ref)
			assert.Equal(t, k.ID, r.Receipt.ID)
		}
		assert.Len(t, s.rec.Taken(), 300)
	})
}

func TestAnAddedMessageLeavesAtOnce(t *testing.T) {
	play(t, false, delivery.Config{}, func(t *testing.T, s *stage) {
		after(time.Hour) // idle
		begun := time.Now()
		require.NoError(t, s.Add("sms", message("a", "anna")))
		synctest.Wait()
		require.Len(t, s.rec.Taken(), 1)
		assert.Zero(t, s.rec.Taken()[0].At.Sub(begun), "no poll lies between")
	})
}

func TestWhatFollowsFromEachCause(t *testing.T) {
	for _, c := range []struct {
		fault channelstest.Fault
		state delivery.State // soon after
		cause channels.Cause
		sent  int // in two hours
	}{
		{channelstest.Works, delivery.Accepted, channels.None, 1},
		{channelstest.BadContent, delivery.Failed, channels.Rejected, 0},
		{channelstest.NoSuchPerson, delivery.Failed, channels.Unreachable, 0},
		{channelstest.SaidNo, delivery.Failed, channels.OptedOut, 0},
		{channelstest.OutsideWindow, delivery.Failed, channels.Window, 0},
		{channelstest.Down, delivery.Queued, channels.Unavailable, 1},
		{channelstest.Throttle, delivery.Queued, channels.Throttled, 1},
		{channelstest.Denied, delivery.Queued, channels.Misconfigured, 1},
		{channelstest.TakenDrop, delivery.Unknown, channels.Unknown, 1},
		{channelstest.TakenServerError, delivery.Unknown, channels.Unknown, 1},
		{channelstest.ServerError, delivery.Unknown, channels.Unknown, 1},
	} {
		t.Run(c.fault.String(), func(t *testing.T) {
			play(t, true, delivery.Config{}, func(t *testing.T, s *stage) {
				s.rec.Fault(c.fault)
				require.NoError(t, s.Add("sms", message("a", "anna")))
				synctest.Wait()
				r, _ := s.Row("a")
				assert.Equal(t, c.state, r.State, r.State)
				assert.Equal(t, c.cause, r.Cause, r.Cause)
				after(2 * time.Hour)
				assert.Len(t, s.rec.Taken(), c.sent)
				if c.sent == 1 {
					assert.Equal(t, delivery.Accepted, s.state("a"))
				}
			})
		})
	}
}

func TestTheProvidersRetryAfterWins(t *testing.T) {
	play(t, false, delivery.Config{}, func(t *testing.T, s *stage) {
		begun := time.Now()
		s.rec.Fault(channelstest.Throttle)
		require.NoError(t, s.Add("sms", message("a", "anna")))
		after(time.Second)
		require.NoError(t, s.Add("sms", message("b", "borys")))
		after(time.Minute)
		require.Len(t, s.rec.Taken(), 2)
		for _, k := range s.rec.Taken() {
			assert.GreaterOrEqual(t, k.At.Sub(begun), channelstest.ThrottleAfter, "the whole sender is silent")
			assert.Less(t, k.At.Sub(begun), channelstest.ThrottleAfter+time.Second)
		}
		r, _ := s.Row("a")
		assert.Equal(t, 1, r.Tries, "what the sender met is not the message's failure")
	})
}

func TestARefusedAccountParksTheLane(t *testing.T) {
	var logs bytes.Buffer
	cfg := delivery.Config{Batch: 1, Park: 20 * time.Minute, Logger: slog.New(slog.NewTextHandler(&logs, nil))}
	play(t, false, cfg, func(t *testing.T, s *stage) {
		s.rec.Fault(channelstest.Denied, channelstest.Denied)
		for i := range 10 {
			require.NoError(t, s.Add("sms", message(fmt.Sprint("m", i), fmt.Sprint("person-", i))))
		}
		synctest.Wait()
		assert.Equal(t, 1, s.rec.Requests(), "one refusal is enough")
		assert.Equal(t, 10, s.Counts()[delivery.Queued], "what was leased is given back")
		p, resting := s.loop.Parked()
		assert.True(t, resting)
		assert.Equal(t, 20*time.Minute, time.Until(p.Until))
		after(21 * time.Minute)
		assert.Equal(t, 2, s.rec.Requests(), "one attempt to see")
		after(20 * time.Minute)
		assert.Equal(t, 10, s.Counts()[delivery.Accepted])
		_, resting = s.loop.Parked()
		assert.False(t, resting)
		s.stop()
		assert.Contains(t, logs.String(), "level=ERROR")
		assert.NotContains(t, logs.String(), "person-")
	})
}

func TestAMessageThatFailsForLongIsGivenUp(t *testing.T) {
	play(t, false, delivery.Config{Tries: 4}, func(t *testing.T, s *stage) {
		for range 10 {
			s.rec.Fault(channelstest.Down)
		}
		require.NoError(t, s.Add("sms", message("a", "anna")))
		after(24 * time.Hour)
		assert.Equal(t, 4, s.rec.Requests())
		assert.Equal(t, delivery.Failed, s.state("a"))
	})
}

func TestATimeThatRanOutCancels(t *testing.T) {
	play(t, false, delivery.Config{}, func(t *testing.T, s *stage) {
		m := message("a", "anna")
		m.NotAfter = time.Now().Add(5 * time.Second)
		s.rec.Fault(channelstest.Throttle) // 7 s
		require.NoError(t, s.Add("sms", m))
		after(time.Hour)
		assert.Equal(t, delivery.Expired, s.state("a"))
		assert.Empty(t, s.rec.Taken())
	})
}

func TestADoubtIsReconciledNeverBlindlyRepeated(t *testing.T) {
	for _, c := range []struct {
		name   string
		fault  channelstest.Fault
		listed bool
		policy delivery.Policy
		state  delivery.State
		taken  int
	}{
		{"taken, and in the list", channelstest.TakenDrop, true, delivery.ResendAbsent, delivery.Accepted, 1},
		{"not taken, and not in the list", channelstest.ServerError, true, delivery.ResendAbsent, delivery.Accepted, 1},
		{"not in the list, but held by policy", channelstest.ServerError, true, delivery.Hold, delivery.Held, 0},
		{"taken, no list", channelstest.TakenDrop, false, delivery.ResendAbsent, delivery.Held, 1},
		{"not taken, no list", channelstest.ServerError, false, delivery.ResendAbsent, delivery.Held, 0},
		{"taken, no list, rather twice than never", channelstest.TakenDrop, false, delivery.Resend, delivery.Accepted, 2},
		{"not taken, no list, rather twice than never", channelstest.ServerError, false, delivery.Resend, delivery.Accepted, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			play(t, c.listed, delivery.Config{Unknown: c.policy}, func(t *testing.T, s *stage) {
				s.rec.Fault(c.fault)
				require.NoError(t, s.Add("sms", message("a", "anna")))
				after(89 * time.Second)
				assert.Equal(t, delivery.Unknown, s.state("a"), "within the grace")
				assert.Equal(t, 1, s.rec.Requests())
				after(time.Hour)
				assert.Equal(t, c.state, s.state("a"), s.state("a"))
				assert.Len(t, s.rec.Taken(), c.taken)
				if c.listed && c.fault.Taken() {
					r, _ := s.Row("a")
					assert.Equal(t, s.rec.Taken()[0].ID, r.Receipt.ID, "the list gave the id")
				}
			})
		})
	}
}

func TestACallbackSettlesADoubtBeforeAnybodyAsks(t *testing.T) {
	play(t, false, delivery.Config{Unknown: delivery.Resend}, func(t *testing.T, s *stage) {
		s.rec.Fault(channelstest.TakenDrop)
		require.NoError(t, s.Add("sms", message("a", "anna")))
		after(time.Second)
		others, err := delivery.Learn(t.Context(), []channels.Status{{Ref: "a", ID: "x", Stage: channels.Delivered}, {Ref: "z"}}, deliverytest.NewMemory(), s.Memory)
		require.NoError(t, err)
		assert.Equal(t, []channels.Status{{Ref: "z"}}, others)
		after(time.Hour)
		assert.Equal(t, delivery.Delivered, s.state("a"))
		assert.Equal(t, 1, s.rec.Requests())
	})
}

// Rather twice than never is not rather for ever: what stays in doubt at every try
// waits for a person in the end.
func TestResendingHasAnEnd(t *testing.T) {
	for _, listed := range []bool{true, false} {
		play(t, listed, delivery.Config{Unknown: delivery.Resend, Tries: 3}, func(t *testing.T, s *stage) {
			for range 10 {
				s.rec.Fault(channelstest.ServerError)
			}
			require.NoError(t, s.Add("sms", message("a", "anna")))
			after(100 * time.Hour)
			assert.Equal(t, delivery.Held, s.state("a"), s.state("a"))
			assert.Equal(t, 3, s.rec.Requests(), "it was tried as often as Tries says")
		})
	}
}

func TestStoppingFinishesWhatIsUnderWay(t *testing.T) {
	play(t, false, delivery.Config{Batch: 2}, func(t *testing.T, s *stage) {
		s.rec.Fault(channelstest.TakenSilence, channelstest.TakenSilence)
		for i := range 5 {
			require.NoError(t, s.Add("sms", message(fmt.Sprint("m", i), fmt.Sprint("person-", i))))
		}
		after(time.Second)
		assert.Equal(t, 2, s.Counts()[delivery.Sending])
		s.stop()
		assert.Equal(t, map[delivery.State]int{delivery.Unknown: 2, delivery.Queued: 3}, s.Counts())
		assert.Equal(t, 2, s.rec.Requests())
	})
}

// slow is a driver that takes its time.
type slow struct {
	*channelstest.Recorder
	d time.Duration
}

func (s slow) Send(ctx context.Context, r channels.Rendered) (channels.Receipt, error) {
	select {
	case <-time.After(s.d):
	case <-ctx.Done():
	}
	return s.Recorder.Send(ctx, r)
}

func TestAnAttemptThatHasBegunIsFinished(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := deliverytest.NewMemory()
		require.NoError(t, q.Add("sms", message("a", "anna")))
		begun := time.Now()
		once(t, q, slow{channelstest.NewRecorder("sms", channelstest.SMS()), 10 * time.Second}, delivery.Config{}, time.Second)
		assert.Equal(t, map[delivery.State]int{delivery.Accepted: 1}, q.Counts())
		assert.Equal(t, 10*time.Second, time.Since(begun))
	})
}

func TestSegmentsWeighOnThePace(t *testing.T) {
	pace, err := delivery.NewPace(1, 0)
	require.NoError(t, err)
	synctest.Test(t, func(t *testing.T) {
		q := deliverytest.NewMemory()
		rec := channelstest.NewRecorder("sms", channelstest.SMS())
		for i := range 4 {
			m := message(fmt.Sprint("m", i), fmt.Sprint("person-", i))
			m.Text = strings.Repeat("я", 134) // two segments
			require.NoError(t, q.Add("sms", m))
		}
		begun := time.Now()
		once(t, q, rec, delivery.Config{Pace: pace}, time.Minute)
		require.Len(t, rec.Taken(), 4)
		assert.InDelta(t, 7, rec.Taken()[3].At.Sub(begun).Seconds(), 0.5)
	})
}

func TestARepliesWayThroughACampaign(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pace, err := delivery.NewPace(10, 0.2)
		require.NoError(t, err)
		outbox, ledger := deliverytest.NewMemory(), deliverytest.NewMemory()
		rec := channelstest.NewRecorder("sms", channelstest.SMS())
		for i := range 500 {
			m := message(fmt.Sprint("bulk", i), fmt.Sprint("person-", i))
			m.Class = channels.Bulk
			require.NoError(t, ledger.Add("sms", m))
		}
		done := make(chan struct{}, 2)
		for _, q := range []delivery.Queue{outbox, ledger} {
			go func() { once(t, q, rec, delivery.Config{Pace: pace}, time.Minute); done <- struct{}{} }()
		}
		time.Sleep(20 * time.Second)
		asked := time.Now()
		require.NoError(t, outbox.Add("sms", message("reply", "olena")))
		<-done
		<-done
		for _, k := range rec.Taken() {
			if k.Rendered.Ref == "reply" {
				assert.Less(t, k.At.Sub(asked), 200*time.Millisecond)
			}
		}
		assert.Equal(t, 1, outbox.Counts()[delivery.Accepted])
		assert.InDelta(t, 480, ledger.Counts()[delivery.Accepted], 10, "eight a second")
	})
}

// faulty is a queue whose calls fail when told to.
type faulty struct {
	*deliverytest.Memory
	lease, advance atomic.Int32
	lost           atomic.Bool
	advances       atomic.Int32
}

func (q *faulty) Lease(ctx context.Context, lane string, n int, d time.Duration) (delivery.Slice, error) {
	if q.lease.Add(-1) >= 0 {
		return delivery.Slice{}, errors.New("the database restarts")
	}
	return q.Memory.Lease(ctx, lane, n, d)
}

func (q *faulty) Advance(ctx context.Context, s delivery.Slice, steps []delivery.Step) error {
	q.advances.Add(1)
	if q.advance.Add(-1) >= 0 {
		return errors.New("the database restarts")
	}
	if q.lost.Load() && steps[0].To != delivery.Sending {
		return delivery.ErrLost
	}
	return q.Memory.Advance(ctx, s, steps)
}

// once runs a loop on q for a while.
func once(t *testing.T, q delivery.Queue, d channels.Driver, cfg delivery.Config, long time.Duration) {
	t.Helper()
	cfg.Logger = quiet
	ch, err := channels.New(d, channels.Config{Logger: quiet})
	require.NoError(t, err)
	l, err := delivery.New(q, ch, cfg)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), long)
	defer cancel()
	require.NoError(t, l.Run(ctx))
}

func TestAQueueThatFailsForAWhileStopsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := &faulty{Memory: deliverytest.NewMemory()}
		rec := channelstest.NewRecorder("sms", channelstest.SMS())
		q.lease.Store(3)
		q.advance.Store(4)
		require.NoError(t, q.Add("sms", message("a", "anna"), message("b", "borys")))
		once(t, q, rec, delivery.Config{}, 10*time.Minute)
		assert.Equal(t, 2, q.Counts()[delivery.Accepted])
		assert.Len(t, rec.Taken(), 2)
	})
}

func TestALostLeaseStillTellsWhatWasAccepted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := &faulty{Memory: deliverytest.NewMemory()}
		q.lost.Store(true)
		rec := channelstest.NewRecorder("sms", channelstest.SMS())
		require.NoError(t, q.Add("sms", message("a", "anna")))
		once(t, q, rec, delivery.Config{Unknown: delivery.Resend}, time.Hour)
		assert.Equal(t, 1, q.Counts()[delivery.Accepted])
		assert.Len(t, rec.Taken(), 1)
	})
}

func TestOutcomesShareACommitWithTheNextIntents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := &faulty{Memory: deliverytest.NewMemory()}
		for i := range 64 {
			require.NoError(t, q.Add("sms", message(fmt.Sprint("m", i), fmt.Sprint("person-", i))))
		}
		once(t, q, channelstest.NewRecorder("sms", channelstest.SMS()), delivery.Config{}, time.Minute)
		assert.Equal(t, 64, q.Counts()[delivery.Accepted])
		assert.EqualValues(t, 5, q.advances.Load(), "four batches: five commits, not eight")
	})
}

func TestACancelledMessageIsNotSentAtTheLastMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := &cancelling{Memory: deliverytest.NewMemory()}
		rec := channelstest.NewRecorder("sms", channelstest.SMS())
		require.NoError(t, q.Add("sms", message("a", "anna"), message("b", "borys")))
		once(t, q, rec, delivery.Config{}, time.Minute)
		assert.Equal(t, map[delivery.State]int{delivery.Cancelled: 1, delivery.Accepted: 1}, q.Counts())
		require.Len(t, rec.Taken(), 1)
		assert.Equal(t, "b", rec.Taken()[0].Rendered.Ref)
	})
}

// cancelling withdraws a message between its lease and its intent.
type cancelling struct{ *deliverytest.Memory }

func (q *cancelling) Lease(ctx context.Context, lane string, n int, d time.Duration) (delivery.Slice, error) {
	s, err := q.Memory.Lease(ctx, lane, n, d)
	q.Cancel("a")
	return s, err
}

func TestTwoLoopsShareALane(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := deliverytest.NewMemory()
		rec := channelstest.NewRecorder("sms", channelstest.SMS())
		for i := range 200 {
			require.NoError(t, q.Add("sms", message(fmt.Sprint("m", i), fmt.Sprint("person-", i%50))))
		}
		done := make(chan struct{})
		go func() { defer close(done); once(t, q, rec, delivery.Config{Slice: 8}, time.Minute) }()
		once(t, q, rec, delivery.Config{Slice: 8}, time.Minute)
		<-done
		assert.Equal(t, 200, q.Counts()[delivery.Accepted])
		assert.Len(t, rec.Taken(), 200)
	})
}

func TestNewListsEverythingThatIsWrong(t *testing.T) {
	_, err := delivery.New(nil, nil, delivery.Config{})
	require.Error(t, err)
	ch, err := channels.New(channelstest.NewRecorder("sms", channelstest.SMS()), channels.Config{})
	require.NoError(t, err)
	_, err = delivery.New(deliverytest.NewMemory(), ch, delivery.Config{Slice: -1, Batch: -2, Tries: -3, Lease: -4, Grace: time.Hour, Settle: time.Minute, Unknown: 9})
	for _, want := range []string{"Slice is -1", "Batch is -2", "Tries is -3", "Lease is -4", "Settle is 1m", "Unknown is 9"} {
		require.ErrorContains(t, err, want)
	}
	require.Error(t, delivery.Run(t.Context(), nil, ch))
}
