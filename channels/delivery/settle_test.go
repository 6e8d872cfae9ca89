package delivery_test

import (
	"context"
	"errors"
	"iter"
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

// archive is a driver whose provider lists what it took as the test wants it.
type archive struct {
	*channelstest.Recorder
	refs  bool          // the list has our references
	mute  bool          // the list has no texts, as that of calls
	words string        // what the list says in place of the text, as of a template
	lag   time.Duration // how late a message appears in the list
	fails int           // how often the list cannot be read
	asked []time.Time
}

func (a *archive) Sent(_ context.Context, from string, since, until time.Time) iter.Seq2[channels.Listed, error] {
	a.asked = append(a.asked, time.Now())
	return func(yield func(channels.Listed, error) bool) {
		if a.fails > 0 {
			a.fails--
			yield(channels.Listed{}, errors.New("502"))
			return
		}
		for _, k := range a.Taken() {
			m := k.Rendered.Message
			if m.From != from || time.Since(k.At) < a.lag || k.At.Before(since) || k.At.After(until) {
				continue
			}
			st := channels.Listed{Status: channels.Status{ID: k.ID, Stage: channels.Sent, At: k.At}, To: m.To, Text: k.Text}
			if a.mute || a.words != "" {
				st.Text = a.words
			}
			if a.refs {
				st = channels.Listed{Status: channels.Status{Ref: m.Ref, ID: k.ID, Stage: channels.Sent, At: k.At}}
			}
			if !yield(st, nil) {
				return
			}
		}
	}
}

// template is a message that leaves as a template.
func template(ref, to string) channels.Message {
	m := message(ref, to)
	m.Template = &channels.Template{Name: "reminder"}
	return m
}

// queued gives the archive a recorder, and returns a queue of messages for it.
func queued(t *testing.T, a *archive, ms ...channels.Message) *deliverytest.Memory {
	t.Helper()
	a.Recorder = channelstest.NewRecorder("sms", channelstest.SMS())
	q := deliverytest.NewMemory()
	require.NoError(t, q.Add("sms", ms...))
	return q
}

func TestReconcile(t *testing.T) {
	same := func(ref, to string) channels.Message {
		m := message(ref, to)
		m.Text = "same words"
		return m
	}
	for _, c := range []struct {
		name   string
		a      archive
		faults []channelstest.Fault
		ms     []channels.Message
		taken  map[string]int
		states map[delivery.State]int
	}{
		{
			"a list that lags is waited for",
			archive{refs: true, lag: 3 * time.Minute},
			[]channelstest.Fault{channelstest.TakenDrop},
			[]channels.Message{message("a", "anna")},
			map[string]int{"a": 1},
			map[delivery.State]int{delivery.Accepted: 1},
		},
		{
			"a list that cannot be read proves nothing",
			archive{refs: true, fails: 5},
			[]channelstest.Fault{channelstest.TakenDrop},
			[]channels.Message{message("a", "anna")},
			map[string]int{"a": 1},
			map[delivery.State]int{delivery.Accepted: 1},
		},
		{
			"the same words said before, and known, are another message",
			archive{},
			[]channelstest.Fault{channelstest.Works, channelstest.ServerError},
			[]channels.Message{same("a", "anna"), same("b", "anna")},
			map[string]int{"a": 1, "b": 1},
			map[delivery.State]int{delivery.Accepted: 2},
		},
		{
			"the same words to somebody else are another message",
			archive{},
			[]channelstest.Fault{channelstest.TakenDrop, channelstest.ServerError},
			[]channels.Message{same("a", "anna"), same("b", "borys")},
			map[string]int{"a": 1, "b": 1},
			map[delivery.State]int{delivery.Accepted: 2},
		},
		{
			"the same words to one person twice, both in doubt and one taken: a person decides",
			archive{},
			[]channelstest.Fault{channelstest.TakenDrop, channelstest.ServerError},
			[]channels.Message{same("a", "anna"), same("b", "anna")},
			map[string]int{"a": 1},
			map[delivery.State]int{delivery.Held: 2},
		},
		{
			"a list without texts tells by the person",
			archive{mute: true},
			[]channelstest.Fault{channelstest.TakenDrop, channelstest.ServerError},
			[]channels.Message{message("a", "anna"), message("b", "borys")},
			map[string]int{"a": 1, "b": 1},
			map[delivery.State]int{delivery.Accepted: 2},
		},
		{
			"the words of a template are the provider's",
			archive{words: "Добрий день, Олено!"},
			[]channelstest.Fault{channelstest.TakenDrop, channelstest.ServerError},
			[]channels.Message{template("a", "anna"), template("b", "borys")},
			map[string]int{"a": 1, "b": 1},
			map[delivery.State]int{delivery.Accepted: 2},
		},
		{
			"other words than ours are another message",
			archive{words: "Добрий день, Олено!"},
			[]channelstest.Fault{channelstest.TakenDrop},
			[]channels.Message{message("a", "anna")},
			map[string]int{"a": 2},
			map[delivery.State]int{delivery.Accepted: 1},
		},
		{
			"a list without texts, and two in doubt to one person: a person decides",
			archive{mute: true},
			[]channelstest.Fault{channelstest.TakenDrop, channelstest.ServerError},
			[]channels.Message{message("a", "anna"), message("b", "anna")},
			map[string]int{"a": 1},
			map[delivery.State]int{delivery.Held: 2},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := c.a
				q := queued(t, &a, c.ms...)
				// One after the other, so that the faults meet the messages in order.
				a.Fault(c.faults...)
				once(t, q, &a, delivery.Config{Batch: 1}, time.Hour)
				taken := map[string]int{}
				for _, k := range a.Taken() {
					taken[k.Rendered.Ref]++
				}
				assert.Equal(t, c.taken, taken)
				assert.Equal(t, c.states, q.Counts())
			})
		})
	}
}

func TestTheListOfTheDefaultSenderIsAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &archive{refs: true}
		q := queued(t, a, message("a", "anna"))
		a.Fault(channelstest.TakenDrop)
		ch, err := channels.New(a, channels.Config{From: "8001", Logger: quiet})
		require.NoError(t, err)
		l, err := delivery.New(q, ch, delivery.Config{Logger: quiet})
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		require.NoError(t, l.Run(ctx))
		assert.Len(t, a.Taken(), 1)
		assert.Equal(t, 1, q.Counts()[delivery.Accepted])
	})
}

func TestADeadLoopsIntentIsNotLookedForTooEarly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &archive{refs: true}
		q := queued(t, a, message("a", "anna"))
		s, err := q.Lease(t.Context(), "sms", 1, 10*time.Second)
		require.NoError(t, err)
		begun := time.Now()
		require.NoError(t, q.Advance(t.Context(), s, []delivery.Step{{Ref: "a", To: delivery.Sending}}))
		once(t, q, a, delivery.Config{}, time.Hour)
		require.Len(t, a.asked, 2, "once after the grace, once more before it counts as absent")
		assert.Equal(t, 90*time.Second, a.asked[0].Sub(begun).Round(time.Second))
		assert.Equal(t, 5*time.Minute, a.asked[1].Sub(begun).Round(time.Second))
		assert.Len(t, a.Taken(), 1)
	})
}

// counted counts leases.
type counted struct {
	*deliverytest.Memory
	leases []time.Time
}

func (q *counted) Lease(ctx context.Context, lane string, n int, d time.Duration) (delivery.Slice, error) {
	s, err := q.Memory.Lease(ctx, lane, n, d)
	if len(s.Items) > 0 {
		q.leases = append(q.leases, time.Now())
	}
	return s, err
}

func TestASlowProviderDoesNotOutlastTheLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := &counted{Memory: deliverytest.NewMemory()}
		rec := channelstest.NewRecorder("sms", channelstest.SMS())
		for i := range 10 {
			require.NoError(t, q.Add("sms", message(string(rune('a'+i)), string(rune('a'+i)))))
			rec.Fault(channelstest.TakenSilence)
		}
		begun := time.Now()
		once(t, q, rec, delivery.Config{Batch: 1, Lease: 2 * time.Minute}, 100*time.Second)
		require.GreaterOrEqual(t, len(q.leases), 2)
		assert.Less(t, q.leases[1].Sub(begun), 2*time.Minute, "what could not be tried in half the lease is leased anew")
	})
}

func TestAPaceSlowerThanTheLeaseDoesNotSpin(t *testing.T) {
	pace, err := delivery.NewPace(1.0/200, 0)
	require.NoError(t, err)
	synctest.Test(t, func(t *testing.T) {
		q := &counted{Memory: deliverytest.NewMemory()}
		rec := channelstest.NewRecorder("sms", channelstest.SMS())
		for i := range 5 {
			require.NoError(t, q.Add("sms", message(string(rune('a'+i)), string(rune('a'+i)))))
		}
		once(t, q, rec, delivery.Config{Pace: pace}, 700*time.Second)
		assert.Len(t, rec.Taken(), 4, "at 0, 200, 400 and 600 s")
		assert.Less(t, len(q.leases), 5*700, "each is tried once a second at most")
	})
}
