package conversation_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
	"github.com/hubkit/hubkit/channels/delivery"
	"github.com/hubkit/hubkit/conversation"
	"github.com/hubkit/hubkit/crm"
)

// sms is a channel of numbered texts that pushes what is said.
type sms struct {
	mu   sync.Mutex
	sent []channels.Rendered
	more chan struct{}
}

func (*sms) Name() string            { return "sms" }
func (*sms) Limits() channels.Limits { return channelstest.SMS() }

func (d *sms) Send(_ context.Context, r channels.Rendered) (channels.Receipt, error) {
	d.mu.Lock()
	d.sent = append(d.sent, r)
	d.mu.Unlock()
	d.more <- struct{}{}
	return channels.Receipt{ID: "sm-" + r.Ref}, nil
}

func (d *sms) last() channels.Rendered {
	<-d.more
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.sent[len(d.sent)-1]
}

func TestTheOutboxLeavesByTheLoop(t *testing.T) {
	s := open(t, t.TempDir())
	d := &sms{more: make(chan struct{}, 100)}
	ch, err := channels.New(d, channels.Config{From: "7474"})
	require.NoError(t, err)
	h, err := conversation.New(conversation.Config{
		Store: s, Channels: []*channels.Channel{ch}, Logger: slog.New(slog.DiscardHandler),
		Programmes: []conversation.Programme{{ID: "ua", Languages: []hubkit.Lang{"en"}, Start: conversation.Ask{Form: english}}},
	})
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx) }()

	from := channels.Address{Channel: "sms", ID: "+256700000001"}
	say := func(id, text string) string {
		_, err := h.Handle(t.Context(), channels.Event{ID: id, Text: text, From: from, To: channels.Address{Channel: "sms", ID: "7474"}})
		require.NoError(t, err)
		r := d.last()
		return r.Body()
	}
	require.Contains(t, say("1", "Hello"), "How many people are you?")
	require.Contains(t, say("2", "3"), "Thank you")
	_, err = h.Handle(t.Context(), channels.Event{
		ID: "dlr-1", Kind: channels.News, From: from,
		Status: &channels.Status{Ref: d.sent[0].Ref, ID: "sm-" + d.sent[0].Ref, Stage: channels.Delivered},
	})
	require.NoError(t, err)
	stop()
	require.NoError(t, <-ended)
	require.Len(t, d.sent, 2, "each reply left once")
	n := 0
	for reg, err := range s.Registrations(t.Context(), crm.RegistrationQuery{Programme: "ua"}) {
		require.NoError(t, err)
		require.Equal(t, crm.Submitted, reg.Status)
		n++
	}
	require.Equal(t, 1, n)
}

// A process was killed with a lease in hand: the next one is told when that ends, and
// does not sleep over it.
func TestTheEndOfALeaseIsTold(t *testing.T) {
	for _, sending := range []bool{false, true} {
		s := open(t, t.TempDir())
		a := channels.Address{Channel: "sms", ID: "+256700000009"}
		_, err := s.Commit(t.Context(), crm.Change{
			By: crm.Actor{Kind: crm.Bot}, Purpose: "x", Thread: &crm.Thread{ID: crm.ThreadID{Programme: "ua", Address: a}},
			Outbox: []crm.Outgoing{{Ref: crm.NewRef("ua"), Lane: "sms", Message: channels.Message{To: a, Text: "hi", Lang: "en"}}},
		})
		require.NoError(t, err)
		dead, alive := s.Outbox(), s.Outbox()
		l, err := dead.Lease(t.Context(), "sms", 1, time.Hour)
		require.NoError(t, err)
		require.Len(t, l.Items, 1)
		if sending {
			require.NoError(t, dead.Advance(t.Context(), l, []delivery.Step{{Ref: l.Items[0].Ref, To: delivery.Sending}}))
		}
		n, err := alive.Lease(t.Context(), "sms", 1, time.Hour)
		require.NoError(t, err)
		require.Empty(t, n.Items)
		require.WithinDuration(t, time.Now().Add(time.Hour), n.Next, time.Minute, "sending: %v", sending)
	}
}
