package sqlite_test

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/sqlite"
)

var bot = crm.Actor{Kind: crm.Bot, ID: "hub"}

func openStore(t testing.TB, dir string) (*crm.Store, *sqlite.Backend) {
	t.Helper()
	b, err := sqlite.Open(context.Background(), filepath.Join(dir, "hub.db"), sqlite.Config{})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, b.Close()) })
	key, err := crm.OpenKeyFile(filepath.Join(dir, "hub.key"))
	require.NoError(t, err)
	s, err := crm.New(context.Background(), crm.Config{Backend: b, Sealer: key})
	require.NoError(t, err)
	return s, b
}

func webThread(i int) crm.ThreadID {
	return crm.ThreadID{Programme: "ua", Address: channels.Address{Channel: "web", ID: fmt.Sprintf("session-%d", i)}}
}

func said(i int, id, text string) *channels.Event {
	return &channels.Event{ID: id, From: webThread(i).Address, At: time.Now(), Text: text}
}

func TestFirst(t *testing.T) {
	ctx := context.Background()
	s, b := openStore(t, t.TempDir())
	th, err := s.Thread(ctx, webThread(1))
	require.NoError(t, err)
	require.Zero(t, th.Rev)
	th.State = []byte("hello")
	change := crm.Change{By: bot, Inbound: said(1, "m1", "Привіт"), Thread: &th, Outbox: []crm.Outgoing{{Pull: true, Message: channels.Message{Text: "Вітаємо"}}}}
	r, err := s.Commit(ctx, change)
	require.NoError(t, err)
	th2, err := s.Thread(ctx, webThread(1))
	require.NoError(t, err)
	require.Equal(t, "hello", string(th2.State))
	require.Equal(t, webThread(1), th2.ID)
	es, err := s.Backlog("ua").After(ctx, webThread(1).Address, 0)
	require.NoError(t, err)
	require.Len(t, es, 1)
	require.Equal(t, "Вітаємо", es[0].Text)
	require.Equal(t, r.Seq, es[0].Seq)
	dup, err := s.Commit(ctx, change)
	require.NoError(t, err)
	require.True(t, dup.Duplicate)
	require.Len(t, dup.Replies, 1)
	change.Inbound = said(1, "m2", "x")
	_, err = s.Commit(ctx, change)
	require.ErrorIs(t, err, crm.ErrStale)
	_, err = s.Verify(ctx)
	require.NoError(t, err)
	require.NoError(t, b.Check(ctx))
}

func BenchmarkCommit(b *testing.B) {
	ctx := context.Background()
	s, _ := openStore(b, b.TempDir())
	const people = 512
	state := bytes.Repeat([]byte{7}, 1024)
	b.ReportAllocs()
	b.ResetTimer()
	var wg sync.WaitGroup
	per := b.N/people + 1
	for p := range people {
		wg.Go(func() {
			th, err := s.Thread(ctx, webThread(p))
			if err != nil {
				b.Error(err)
				return
			}
			for i := range per {
				th.State = state
				r, err := s.Commit(ctx, crm.Change{
					By: bot, Inbound: said(p, fmt.Sprintf("%d-%d", p, i), "Так, нас п'ятеро"), Thread: &th,
					Outbox: []crm.Outgoing{{Pull: true, Message: channels.Message{Text: "Скільки людей живе разом з вами, рахуючи вас?", Lang: "uk"}}},
				})
				if err != nil {
					b.Error(err)
					return
				}
				th.Rev = r.Rev
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(per*people)/b.Elapsed().Seconds(), "commits/s")
}
