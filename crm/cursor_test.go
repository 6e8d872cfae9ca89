package crm_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/crm"
)

// Twelve registrations of which many have one time: pages of every size show
// each once, in both directions.
func TestListsAreReadPageByPage(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	bot := crm.Actor{Kind: crm.Bot}
	for i := range 12 {
		if i%4 == 0 {
			f.clock.pass(time.Second)
		}
		id := crm.ThreadID{Programme: "ua", Address: channels.Address{Channel: "web", ID: fmt.Sprint(i)}}
		_, err := f.Commit(ctx, crm.Change{
			By: bot, Registrations: []crm.Registration{{ID: fmt.Sprintf("r%02d", i), Programme: "ua"}},
			Tickets: []crm.Ticket{{ID: fmt.Sprintf("t%02d", i), Queue: "help", Thread: id}},
		})
		require.NoError(t, err)
	}
	for _, size := range []int{1, 2, 3, 5, 12, 50} {
		for _, desc := range []bool{false, true} {
			var got []string
			for after := (crm.Cursor{}); ; {
				n := 0
				for r, err := range f.Registrations(ctx, crm.RegistrationQuery{Programme: "ua", Limit: size, Desc: desc, After: after}) {
					require.NoError(t, err)
					got = append(got, r.ID)
					after = crm.Cursor{At: r.At, ID: r.ID}
					n++
				}
				require.LessOrEqual(t, n, size)
				if n == 0 {
					break
				}
			}
			var want []string
			for i := range 12 {
				at := i
				if desc {
					at = 11 - i
				}
				want = append(want, fmt.Sprintf("r%02d", at))
			}
			assert.Equal(t, want, got, "pages of %d, descending %t", size, desc)
		}
		var got []string
		for after := (crm.Cursor{}); len(got) < 12; {
			for k, err := range f.Tickets(ctx, crm.TicketQuery{Programme: "ua", Limit: size, After: after}) {
				require.NoError(t, err)
				got = append(got, k.ID)
				after = crm.Cursor{At: k.Opened, ID: k.ID}
			}
		}
		assert.Len(t, got, 12)
		assert.Equal(t, "t11", got[11])
	}
}

func TestReadsAreRecorded(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	by := crm.Actor{Kind: crm.Agent, ID: "7f3a"}
	require.NoError(t, f.Record(ctx, "ua", by, "read", "r1", "r2"))
	require.NoError(t, f.Record(ctx, "ua", by, "list"))
	require.NoError(t, f.Record(ctx, "", crm.Actor{Kind: crm.System}, "signin.refused"))
	var got []string
	for e, err := range f.AuditTrail(ctx, "", 0) {
		require.NoError(t, err)
		got = append(got, e.Actor+" "+e.Action+" "+e.Object)
	}
	assert.Equal(t, []string{"agent:7f3a read ua/r1", "agent:7f3a read ua/r2", "agent:7f3a list ua", "system signin.refused _"}, got)
	_, err := f.Verify(ctx)
	require.NoError(t, err, "the chain holds over them")
	require.ErrorIs(t, f.Record(ctx, "ua", crm.Actor{}, "read"), crm.ErrChange)
	require.ErrorIs(t, f.Record(ctx, "ua", by, ""), crm.ErrChange)
}

// Who follows a thread hears both sides of it, and nobody else's.
func TestFollow(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	other := f.again(t) // another process
	id := crm.ThreadID{Programme: "ua", Address: channels.Address{Channel: "web", ID: "olena"}}
	th := crm.Thread{ID: id}
	in := func(s *crm.Store, n int) int64 {
		res, err := s.Commit(ctx, crm.Change{
			By: crm.Actor{Kind: crm.Beneficiary}, Thread: &th,
			Inbound: &channels.Event{ID: fmt.Sprint(n), From: id.Address, Text: "привіт"},
		})
		require.NoError(t, err)
		th.Rev = res.Rev
		return res.Seq
	}
	seq := in(f.Store, 0)
	require.NoError(t, f.Follow(ctx, id, seq-1), "what is there already is not waited for")
	for i, s := range []*crm.Store{f.Store, other} {
		woken := make(chan error, 1)
		go func(after int64) { woken <- f.Follow(ctx, id, after) }(seq)
		seq = in(s, i+1)
		select {
		case err := <-woken:
			require.NoError(t, err)
		case <-time.After(time.Minute):
			require.Fail(t, "nobody was woken")
		}
	}
}
