package crm_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/delivery"
	"github.com/hubkit/hubkit/channels/delivery/deliverytest"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/crmtest"
)

func (f fixture) say(t testing.TB, texts ...string) (refs []string) {
	t.Helper()
	var out []crm.Outgoing
	for _, s := range texts {
		out = append(out, crm.Outgoing{Message: channels.Message{Text: s}})
	}
	for _, o := range f.commit(t, crm.Change{Thread: f.thread(t), Outbox: out}).Replies {
		refs = append(refs, o.Ref)
	}
	return refs
}

func lease(t testing.TB, q delivery.Queue) delivery.Slice {
	t.Helper()
	s, err := q.Lease(t.Context(), "whatsapp", 10, time.Minute)
	require.NoError(t, err)
	return s
}

func leasedTexts(s delivery.Slice) string {
	var ts []string
	for _, m := range s.Items {
		ts = append(ts, m.Text)
	}
	return strings.Join(ts, ",")
}

func advance(t testing.TB, q delivery.Queue, s delivery.Slice, to delivery.State, provider string) {
	t.Helper()
	var steps []delivery.Step
	for _, m := range s.Items {
		steps = append(steps, delivery.Step{Ref: m.Ref, To: to, Receipt: channels.Receipt{ID: provider}})
	}
	require.NoError(t, q.Advance(t.Context(), s, steps))
}

func TestOutboxInOrder(t *testing.T) {
	f := newFixture(t)
	q := f.Outbox()
	refs := f.say(t, "one", "two")
	f.say(t, "three")
	s := lease(t, q)
	require.Equal(t, "one", leasedTexts(s), "one at a time for each person")
	assert.Equal(t, olena.Address, s.Items[0].To)
	assert.Equal(t, refs[0], s.Items[0].Ref)
	assert.Empty(t, leasedTexts(lease(t, q)))
	advance(t, q, s, delivery.Sending, "")
	assert.Empty(t, leasedTexts(lease(t, q)), "nothing overtakes what is being sent")
	advance(t, q, s, delivery.Accepted, "SM1")
	s = lease(t, q)
	require.Equal(t, "two", leasedTexts(s))
	advance(t, q, s, delivery.Sending, "")
	advance(t, q, s, delivery.Accepted, "SM2")
	require.Equal(t, "three", leasedTexts(lease(t, q)))
	other, err := q.Lease(t.Context(), "viber", 10, time.Minute)
	require.NoError(t, err)
	assert.Empty(t, other.Items, "another lane")
}

func TestOutboxLaneAndDue(t *testing.T) {
	f := newFixture(t)
	q := f.Outbox()
	f.commit(t, crm.Change{Thread: f.thread(t), Outbox: []crm.Outgoing{
		{Lane: "sms-backup", Due: noon.Add(time.Hour), Message: channels.Message{Text: "later"}},
	}})
	get := func() string {
		s, err := q.Lease(t.Context(), "sms-backup", 1, time.Minute)
		require.NoError(t, err)
		return leasedTexts(s)
	}
	assert.Empty(t, get())
	f.clock.pass(time.Hour)
	assert.Equal(t, "later", get())
}

func TestOutboxAfterACrash(t *testing.T) {
	f := newFixture(t)
	q := f.Outbox()
	f.say(t, "one")
	s := lease(t, q)
	// The process dies before its intent was recorded: the lease ends, and the
	// message is given out again.
	f.clock.pass(time.Minute)
	q2 := f.again(t).Outbox()
	s2 := lease(t, q2)
	require.Equal(t, "one", leasedTexts(s2))
	err := q.Advance(t.Context(), s, []delivery.Step{{Ref: s.Items[0].Ref, To: delivery.Sending}})
	require.ErrorIs(t, err, delivery.ErrLost, "the old holder is told so")
	// The process dies after its intent was recorded: nobody gets it again.
	advance(t, q2, s2, delivery.Sending, "")
	f.clock.pass(time.Hour)
	s3 := lease(t, f.again(t).Outbox())
	assert.Empty(t, s3.Items, "may have been sent: never blindly repeated")
	require.Len(t, s3.Doubts, 1)
	assert.Equal(t, "one", s3.Doubts[0].Message.Text)
	assert.Equal(t, noon.Add(time.Minute), s3.Doubts[0].Since)
	// A third store settles it: what it needs is in the slice and the database.
	require.NoError(t, f.again(t).Outbox().Advance(t.Context(), s3, []delivery.Step{{Ref: s2.Items[0].Ref, To: delivery.Accepted}}))
	require.ErrorIs(t, q2.Advance(t.Context(), s2, []delivery.Step{{Ref: s2.Items[0].Ref, To: delivery.Accepted}}), delivery.ErrLost)
}

func TestOutboxRetries(t *testing.T) {
	f := newFixture(t)
	q := f.Outbox()
	f.say(t, "one")
	s := lease(t, q)
	advance(t, q, s, delivery.Sending, "")
	require.NoError(t, q.Advance(t.Context(), s, []delivery.Step{{Ref: s.Items[0].Ref, To: delivery.Queued, Due: noon.Add(time.Minute)}}))
	assert.Empty(t, leasedTexts(lease(t, q)))
	f.clock.pass(time.Minute)
	assert.Equal(t, "one", leasedTexts(lease(t, q)))
}

func TestOutboxExpiry(t *testing.T) {
	f := newFixture(t)
	q := f.Outbox()
	f.commit(t, crm.Change{Thread: f.thread(t), Outbox: []crm.Outgoing{
		{Message: channels.Message{Text: "too late"}, NotAfter: noon.Add(time.Minute)},
		{Message: channels.Message{Text: "still good"}},
	}})
	f.clock.pass(time.Minute)
	assert.Empty(t, leasedTexts(lease(t, q)), "settled, not sent")
	assert.Equal(t, "still good", leasedTexts(lease(t, q)), "and nobody waits for it")
}

func TestInlineAndPullNeverLeaveByTheQueue(t *testing.T) {
	f := newFixture(t)
	f.commit(t, crm.Change{Inbound: heard("m", "x"), Thread: f.thread(t), Outbox: []crm.Outgoing{
		{Inline: true, Message: channels.Message{Text: "a"}}, {Pull: true, Message: channels.Message{Text: "b"}},
	}})
	assert.Empty(t, leasedTexts(lease(t, f.Outbox())))
}

func TestNews(t *testing.T) {
	f := newFixture(t)
	q := f.Outbox()
	learn := func(st ...channels.Status) []channels.Status {
		others, err := q.Learn(t.Context(), st)
		require.NoError(t, err)
		return others
	}
	refs := f.say(t, "one", "two", "three")
	s := lease(t, q)
	advance(t, q, s, delivery.Sending, "")
	// The status callback comes before the answer to our request.
	assert.Empty(t, learn(channels.Status{Ref: refs[0], ID: "SM1", Stage: channels.Delivered}))
	advance(t, q, s, delivery.Accepted, "SM1")
	assert.Equal(t, delivery.Delivered, f.state(t, refs[0]), "news are not undone by what is older")
	assert.Empty(t, learn(channels.Status{ID: "SM1", Stage: channels.Read}), "known by the provider's id alone")
	assert.Empty(t, learn(channels.Status{ID: "SM1", Stage: channels.Sent}))
	assert.Equal(t, delivery.Read, f.state(t, refs[0]), "never stepping back")

	// A crash leaves the second in doubt; its status callback settles it.
	s = lease(t, q)
	require.Equal(t, "two", leasedTexts(s))
	advance(t, q, s, delivery.Sending, "")
	assert.Empty(t, learn(channels.Status{Ref: refs[1], ID: "SM2", Stage: channels.Sent}))
	assert.Equal(t, "three", leasedTexts(lease(t, q)))

	foreign := channels.Status{Ref: "ua.unknown", ID: "SM9", Stage: channels.Sent}
	assert.Equal(t, []channels.Status{foreign}, learn(foreign, channels.Status{Ref: refs[1], Stage: channels.Delivered}))
	assert.Len(t, learn(channels.Status{}, channels.Status{Ref: "../../x", ID: "\x00"}), 2)
}

func (f fixture) state(t testing.TB, ref string) delivery.State {
	t.Helper()
	d, err := f.Delivery(t.Context(), ref)
	require.NoError(t, err)
	return d.State
}

func TestDelivery(t *testing.T) {
	f := newFixture(t)
	q := f.Outbox()
	refs := f.say(t, "one", "two")
	s := lease(t, q)
	advance(t, q, s, delivery.Sending, "")
	f.clock.pass(time.Second)
	require.NoError(t, q.Advance(t.Context(), s, []delivery.Step{{Ref: refs[0], To: delivery.Failed, Cause: channels.OptedOut, Code: "21610", Tries: 2}}))
	d, err := f.Delivery(t.Context(), refs[0])
	require.NoError(t, err)
	assert.Equal(t, crm.Delivery{State: delivery.Failed, Cause: channels.OptedOut, Code: "21610", Tries: 2, At: noon.Add(time.Second)}, d)
	require.NoError(t, f.Cancel(t.Context(), refs[0]), "too late is no error")
	assert.Equal(t, delivery.Failed, f.state(t, refs[0]))
	require.NoError(t, f.Cancel(t.Context(), refs[1]))
	assert.Equal(t, delivery.Cancelled, f.state(t, refs[1]))
	_, err = f.Delivery(t.Context(), "none")
	require.ErrorIs(t, err, crm.ErrNotFound)
	require.ErrorIs(t, f.Cancel(t.Context(), "none"), crm.ErrNotFound)
}

func TestAsked(t *testing.T) {
	f := newFixture(t)
	q := f.Outbox()
	refs := f.say(t, "one", "two")
	for _, sid := range []string{"SM1", "SM2"} {
		slice := lease(t, q)
		advance(t, q, slice, delivery.Sending, "")
		advance(t, q, slice, delivery.Accepted, sid)
	}
	pulled := f.commit(t, crm.Change{Thread: f.thread(t), Outbox: []crm.Outgoing{{Pull: true, Message: channels.Message{Text: "three"}}}}).Replies[0].Ref
	for reply, want := range map[string]string{"SM1": "one", "SM2": "two", refs[1]: "two", pulled: "three"} {
		o, ok, err := f.Asked(t.Context(), olena, reply)
		require.NoError(t, err)
		require.True(t, ok, want)
		assert.Equal(t, want, o.Message.Text)
	}
	stranger := olena
	stranger.Address.ID = "+1"
	for _, c := range []struct {
		id    crm.ThreadID
		reply string
	}{{olena, "SM3"}, {olena, ""}, {stranger, "SM1"}, {stranger, pulled}} {
		_, ok, err := f.Asked(t.Context(), c.id, c.reply)
		require.NoError(t, err)
		assert.False(t, ok)
	}
}

// The outbox keeps the whole contract of delivery.Queue.
func TestOutboxIsAQueue(t *testing.T) {
	deliverytest.TestQueue(t, func(t *testing.T) deliverytest.Harness {
		key, err := crm.NewKeyFile(make([]byte, 32))
		require.NoError(t, err)
		backend := crmtest.NewMemory()
		open := func(t *testing.T) *crm.Store {
			s, err := crm.New(t.Context(), crm.Config{Backend: backend, Sealer: key})
			require.NoError(t, err)
			return s
		}
		s := open(t)
		return queueHarness(s, func(t *testing.T) delivery.Queue { return open(t).Outbox() })
	})
}

// queueHarness puts a store's outbox to the suite. Each address has a thread.
func queueHarness(s *crm.Store, reopen func(*testing.T) delivery.Queue) deliverytest.Harness {
	return deliverytest.Harness{
		Queue: s.Outbox(),
		Add: func(ctx context.Context, ms ...channels.Message) error {
			for _, m := range ms {
				th, err := s.Thread(ctx, crm.ThreadID{Programme: "ua", Address: m.To})
				if err != nil {
					return err
				}
				if _, err := s.Commit(ctx, crm.Change{By: bot, Thread: &th, Outbox: []crm.Outgoing{{Message: m}}}); err != nil {
					return err
				}
			}
			return nil
		},
		State: func(ctx context.Context, ref string) (delivery.State, error) {
			d, err := s.Delivery(ctx, ref)
			return d.State, err
		},
		Cancel: s.Cancel,
		Reopen: reopen,
	}
}
