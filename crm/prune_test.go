package crm_test

import (
	"context"
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/delivery"
	"github.com/hubkit/hubkit/crm"
)

func (f fixture) prune(t testing.TB, dry bool) crm.Pruned {
	t.Helper()
	p, err := f.Prune(t.Context(), dry)
	require.NoError(t, err)
	return p
}

func (f fixture) count(t testing.TB, table crm.Table) int {
	t.Helper()
	return len(collect(t, f.backend.Rows(t.Context(), crm.Select{Table: table})))
}

func TestPruneOld(t *testing.T) {
	f := newFixture(t)
	q := f.Outbox()
	for _, id := range []string{"m1", "m2"} {
		f.commit(t, crm.Change{Inbound: heard(id, "x"), Thread: f.thread(t), Outbox: []crm.Outgoing{{Message: channels.Message{Text: id}}}})
	}
	slice := lease(t, q)
	advance(t, q, slice, delivery.Sending, "")
	advance(t, q, slice, delivery.Accepted, "SM1")
	assert.Zero(t, f.prune(t, false))
	f.clock.pass(crm.InboxKept + time.Second)
	want := crm.Pruned{Inbox: 2, Outbox: 1}
	assert.Equal(t, want, f.prune(t, true))
	assert.Equal(t, 2, f.count(t, crm.Inbox), "a dry run removes nothing")
	assert.Equal(t, want, f.prune(t, false))
	assert.Zero(t, f.count(t, crm.Inbox))
	assert.Equal(t, 1, f.count(t, crm.Outbox), "what still waits is kept")
	assert.Zero(t, f.prune(t, false))
	assert.Len(t, collect(t, f.Interactions(t.Context(), olena, crm.Page{})), 4)
}

// Before consent no word is kept, and soon nothing at all.
func TestBeforeConsent(t *testing.T) {
	f := newFixture(t)
	th := f.thread(t)
	th.Expires = noon.Add(24 * time.Hour)
	event := heard("m1", "мене звати Олена")
	event.Location, event.Campaign = &channels.Location{Lat: 50}, "ad"
	f.commit(t, crm.Change{Inbound: event, Thread: th, Outbox: pull("Чи згодні ви?")})
	xs := collect(t, f.Interactions(t.Context(), olena, crm.Page{}))
	require.Len(t, xs, 2)
	assert.Equal(t, channels.Event{ID: "m1", From: olena.Address, To: channels.Address{Channel: "whatsapp"}, At: noon}, *xs[0].In)
	assert.Equal(t, "Чи згодні ви?", xs[1].Out.Message.Text)
	f.clock.pass(25 * time.Hour)
	assert.Equal(t, crm.Pruned{Threads: 1}, f.prune(t, true))
	assert.Equal(t, crm.Pruned{Threads: 1}, f.prune(t, false))
	for _, table := range []crm.Table{crm.Threads, crm.Interactions, crm.Inbox} {
		assert.Zero(t, f.count(t, table), table)
	}
	assert.Zero(t, f.thread(t).Rev)
	_, err := f.Verify(t.Context())
	require.NoError(t, err)
}

func TestConsentKeepsTheThread(t *testing.T) {
	f := newFixture(t)
	th := f.thread(t)
	th.Expires = noon.Add(24 * time.Hour)
	f.commit(t, crm.Change{Inbound: heard("m1", "Привіт"), Thread: th})
	th = f.thread(t)
	assert.Equal(t, noon.Add(24*time.Hour), th.Expires)
	th.Expires = time.Time{}
	f.commit(t, crm.Change{Inbound: heard("m2", "так"), Thread: th, Consents: []crm.Consent{{Purpose: "processing", Given: true}}})
	f.clock.pass(25 * time.Hour)
	assert.Zero(t, f.prune(t, false))
	xs := collect(t, f.Interactions(t.Context(), olena, crm.Page{}))
	require.Len(t, xs, 2)
	assert.Equal(t, "так", xs[1].In.Text, "the words of consent are kept")
	assert.Len(t, collect(t, f.ThreadConsents(t.Context(), olena)), 1)
}

// meddling is a backend in which something happens after rows were read and
// before their reader acts on them.
type meddling struct {
	crm.Backend
	table crm.Table
	then  func()
}

func (m *meddling) Rows(ctx context.Context, q crm.Select) iter.Seq2[crm.Row, error] {
	return func(yield func(crm.Row, error) bool) {
		for r, err := range m.Backend.Rows(ctx, q) {
			if then := m.then; then != nil && q.Table == m.table && q.By == "expires" {
				m.then = nil
				then()
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// Who consents while the clean-up is on its way to them is not forgotten.
func TestConsentAtTheLastMoment(t *testing.T) {
	f := newFixture(t)
	th := f.thread(t)
	th.Expires = noon.Add(24 * time.Hour)
	f.commit(t, crm.Change{Inbound: heard("m1", "Привіт"), Thread: th})
	f.clock.pass(25 * time.Hour)
	slow := &meddling{Backend: f.backend, table: crm.Threads, then: func() {
		th := f.thread(t)
		th.Expires = time.Time{}
		f.commit(t, crm.Change{Inbound: heard("m2", "так"), Thread: th})
	}}
	s, err := crm.New(t.Context(), crm.Config{Backend: slow, Sealer: f.key, Now: f.clock.Now})
	require.NoError(t, err)
	p, err := s.Prune(t.Context(), false)
	require.NoError(t, err)
	assert.Nil(t, slow.then, "it was on its way")
	assert.Zero(t, p)
	assert.NotZero(t, f.thread(t).Rev)
	assert.Len(t, collect(t, f.Interactions(t.Context(), olena, crm.Page{})), 2)
}

func TestForget(t *testing.T) {
	f := newFixture(t)
	sow(t, f.Store)
	before, err := f.Verify(t.Context())
	require.NoError(t, err)
	other := f.again(t) // has the keys cached
	_, err = other.Thread(t.Context(), olena)
	require.NoError(t, err)
	th := f.thread(t)

	require.ErrorIs(t, f.Forget(t.Context(), crm.Actor{}, "request", olena), crm.ErrChange)
	require.ErrorIs(t, f.Forget(t.Context(), ann, "", olena), crm.ErrChange)
	require.NoError(t, f.Forget(t.Context(), ann, "request", olena))
	require.NoError(t, f.ForgetAbout(t.Context(), ann, "request", "ua", "p"))
	require.NoError(t, f.ForgetAbout(t.Context(), ann, "request", "ua", "r"))
	for _, l := range crm.Layouts() {
		want := map[crm.Table]int{crm.Facts: 2, crm.Keys: 2, crm.Heads: 1, crm.Audit: f.count(t, crm.Audit)}[l.Table]
		assert.Equal(t, want, f.count(t, l.Table), l.Table)
	}
	_, err = f.Verify(t.Context(), before)
	require.NoError(t, err, "the chain survives erasure")
	trail := collect(t, f.AuditTrail(t.Context(), "ua/p", 0))
	require.NotEmpty(t, trail)
	last := trail[len(trail)-1]
	assert.Equal(t, "agent:ann", last.Actor)
	assert.Equal(t, "forget.request", last.Action)

	// Nobody goes on with a key that was destroyed.
	_, err = f.Commit(t.Context(), crm.Change{By: bot, Thread: th})
	require.ErrorIs(t, err, crm.ErrStale)
	fresh, err := other.Thread(t.Context(), olena)
	require.NoError(t, err)
	require.Zero(t, fresh.Rev)
	fresh.State = []byte("new life")
	_, err = other.Commit(t.Context(), crm.Change{By: bot, Thread: &fresh, Inbound: heard("again", "Привіт")})
	require.NoError(t, err, "a person may come back")
	assert.Equal(t, []byte("new life"), f.thread(t).State, "readable by who had the old key")
	th.State = []byte("old life")
	_, err = f.Commit(t.Context(), crm.Change{By: bot, Thread: th})
	require.ErrorIs(t, err, crm.ErrStale, "what was read before is not written into the new thread")
}

func TestForgottenMessagesAreNotSent(t *testing.T) {
	f := newFixture(t)
	f.say(t, "one")
	require.NoError(t, f.Forget(t.Context(), ann, "request", olena))
	assert.Empty(t, lease(t, f.Outbox()).Items)
}

func TestVerifyFindsAnotherChain(t *testing.T) {
	f := newFixture(t)
	f.commit(t, crm.Change{Thread: f.thread(t)})
	head, err := f.Verify(t.Context())
	require.NoError(t, err)
	assert.NotZero(t, head.Seq)
	f.commit(t, crm.Change{Thread: f.thread(t)})
	_, err = f.Verify(t.Context(), head, crm.Head{})
	require.NoError(t, err)
	g := newFixture(t) // as if everything had been replaced
	g.commit(t, crm.Change{Thread: g.thread(t)})
	_, err = g.Verify(t.Context(), head)
	var broken *crm.AuditError
	require.ErrorAs(t, err, &broken)
	require.True(t, errors.Is(err, crm.ErrAudit))
	assert.Equal(t, head.Seq, broken.Seq)
	head.Seq += 100
	_, err = f.Verify(t.Context(), head)
	require.ErrorIs(t, err, crm.ErrAudit, "cut off")
}
