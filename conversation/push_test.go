package conversation_test

import (
	"context"
	"log/slog"
	"strings"
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
	var metrics strings.Builder
	require.NoError(t, h.WriteMetrics(&metrics))
	require.Contains(t, metrics.String(), `hubkit_messages_total{channel="sms",state="accepted"} 2`)
	require.Contains(t, metrics.String(), `hubkit_messages_total{channel="sms",state="held"} 0`)
	require.Contains(t, metrics.String(), `hubkit_sender_parked{channel="sms"} 0`)
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

// refusing is a provider with whom somebody opted out.
type refusing struct {
	sms
	refuse bool
}

func (d *refusing) Send(ctx context.Context, r channels.Rendered) (channels.Receipt, error) {
	if d.refuse {
		d.more <- struct{}{}
		return channels.Receipt{}, &channels.Error{Cause: channels.OptedOut, Code: "21610"}
	}
	return d.sms.Send(ctx, r)
}

// Who opted out with the provider has opted out with us: the consent says so, and
// nothing more is said to them; whether the provider says it at once or later.
func TestWhoOptedOutWithTheProviderIsLeftAlone(t *testing.T) {
	for _, later := range []bool{false, true} {
		s := open(t, t.TempDir())
		d := &refusing{sms: sms{more: make(chan struct{}, 100)}, refuse: !later}
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
		phone := channels.Address{Channel: "sms", ID: "+256700000021"}
		hears(t, h, phone, channels.Event{Text: "Hello"})
		<-d.more
		if later {
			_, err = h.Handle(t.Context(), channels.Event{
				ID: "news", Kind: channels.News, From: phone, To: channels.Address{Channel: "sms", ID: "7474"},
				Status: &channels.Status{ID: "sm-1", Stage: channels.Failed, Cause: channels.OptedOut},
			})
			require.NoError(t, err)
		}
		stop()
		require.NoError(t, <-ended)
		said := len(texts(t, s, phone))
		hears(t, h, phone, channels.Event{Text: "3"})
		require.Len(t, texts(t, s, phone), said, "later: %v", later)
		given := true
		for c, err := range s.ThreadConsents(t.Context(), crm.ThreadID{Programme: "ua", Address: phone}) {
			require.NoError(t, err)
			if c.Purpose == "messages" {
				given = c.Given
			}
		}
		require.False(t, given)
	}
}
