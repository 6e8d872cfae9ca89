package crm_test

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/crm"
)

func pull(texts ...string) (out []crm.Outgoing) {
	for _, s := range texts {
		out = append(out, crm.Outgoing{Pull: true, Message: channels.Message{Text: s}})
	}
	return out
}

func entries(t testing.TB, b channels.Backlog, seq int64) (texts []string, last int64) {
	t.Helper()
	es, err := b.After(t.Context(), olena.Address, seq)
	require.NoError(t, err)
	for _, e := range es {
		assert.Greater(t, e.Seq, last)
		assert.Equal(t, olena.Address, e.To)
		texts, last = append(texts, e.Text), e.Seq
	}
	return texts, last
}

func TestBacklog(t *testing.T) {
	f := newFixture(t)
	b := f.Backlog("ua", "sd")
	r := f.commit(t, crm.Change{Inbound: heard("m", "x"), Thread: f.thread(t), Outbox: pull("one", "two")})
	texts, last := entries(t, b, 0)
	assert.Equal(t, []string{"one", "two"}, texts)
	assert.Equal(t, r.Seq, last)
	texts, _ = entries(t, b, last-1)
	assert.Equal(t, []string{"two"}, texts, "a stream that broke between two messages of one turn")
	sudan := olena
	sudan.Programme = "sd"
	f.commit(t, crm.Change{Thread: &crm.Thread{ID: sudan}, Outbox: pull("three")})
	texts, _ = entries(t, b, last)
	assert.Equal(t, []string{"three"}, texts)
}

// Wait wakes for a commit of its own store and of another process's.
func TestBacklogWait(t *testing.T) {
	for name, writer := range map[string]func(fixture) *crm.Store{
		"own":     func(f fixture) *crm.Store { return f.Store },
		"another": func(f fixture) *crm.Store { return f.again(t) },
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			f := newFixture(t)
			w := writer(f)
			b := f.Backlog("ua")
			const n = 50
			done := make(chan error, 1)
			go func() {
				for i := range n {
					th, err := w.Thread(ctx, olena)
					if err == nil {
						_, err = w.Commit(ctx, crm.Change{By: bot, Thread: &th, Outbox: pull(string(rune('a' + i)))})
					}
					if err != nil {
						done <- err
						return
					}
				}
				done <- nil
			}()
			var seq int64
			for got := 0; got < n; {
				require.NoError(t, b.Wait(ctx, olena.Address, seq))
				texts, last := entries(t, b, seq)
				got, seq = got+len(texts), max(seq, last)
			}
			require.NoError(t, <-done)
		})
	}
}

func TestBacklogWaitEnds(t *testing.T) {
	f := newFixture(t)
	b := f.Backlog("ua")
	f.commit(t, crm.Change{Thread: f.thread(t), Outbox: pull("one")})
	_, last := entries(t, b, 0)
	require.NoError(t, b.Wait(t.Context(), olena.Address, 0), "there is something already")
	ctx, cancel := context.WithCancel(t.Context())
	waited := make(chan error)
	go func() { waited <- b.Wait(ctx, olena.Address, last) }()
	cancel()
	assert.ErrorIs(t, <-waited, context.Canceled)
}

// What a backend does to who waits for news, it does to the caller: a panic can be
// recovered there, and the process goes on.
func TestBacklogPanicsInItsCaller(t *testing.T) {
	f := newFixture(t)
	s, err := crm.New(t.Context(), crm.Config{Backend: &meanwhile{Backend: f.backend, table: crm.Interactions, always: func() { panic("broken") }}, Sealer: f.key})
	require.NoError(t, err)
	log := s.Backlog("ua")
	require.PanicsWithValue(t, "broken", func() { _, _ = log.After(t.Context(), olena.Address, 0) })
	require.PanicsWithValue(t, "broken", func() { _ = log.Wait(t.Context(), olena.Address, 0) })
	left := make(chan struct{})
	go func() {
		defer close(left)
		s, err := crm.New(t.Context(), crm.Config{Backend: &meanwhile{Backend: f.backend, table: crm.Interactions, always: runtime.Goexit}, Sealer: f.key})
		if assert.NoError(t, err) {
			_, _ = s.Backlog("ua").After(t.Context(), olena.Address, 0)
			assert.Fail(t, "it went on without an answer")
		}
	}()
	<-left
}
