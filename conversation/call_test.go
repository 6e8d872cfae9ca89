package conversation_test

import (
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
	"github.com/hubkit/hubkit/conversation"
	"github.com/hubkit/hubkit/crm"
)

// A caller is put through to the people of the queue, also when they call again, and
// who reaches nobody waits with a ticket that says so.
func TestCallIsPutThroughToPeople(t *testing.T) {
	s := open(t, t.TempDir())
	voice, err := channels.New(channelstest.NewRecorder("voice", channelstest.Voice()), channels.Config{})
	require.NoError(t, err)
	h, err := conversation.New(conversation.Config{
		Store: s, Channels: []*channels.Channel{voice}, Logger: slog.New(slog.DiscardHandler),
		Programmes: []conversation.Programme{{ID: "ua", Languages: []hubkit.Lang{"uk"}, Start: menu}},
	})
	require.NoError(t, err)
	person := channels.Address{Channel: "voice", ID: "+380671234567"}
	say := func(id string, kind channels.EventKind, text, option string) []channels.Message {
		t.Helper()
		ms, err := h.Handle(t.Context(), channels.Event{
			ID: id, Session: "call", Kind: kind, From: person, To: channels.Address{Channel: "voice", ID: "+15550100"}, Text: text, Option: option,
		})
		require.NoError(t, err)
		return ms
	}
	tickets := func() (all []crm.Ticket) {
		for k, err := range s.Tickets(t.Context(), crm.TicketQuery{Programme: "ua"}) {
			require.NoError(t, err)
			all = append(all, k)
		}
		return all
	}
	say("1/0", channels.Started, "", "")
	ms := say("1/1", channels.Said, "3", "")
	require.Len(t, ms, 1)
	assert.Equal(t, [2]string{"Дякуємо. Вам допоможе наш працівник. Те, що ви скажете, буде збережено.", "housing"}, [2]string{ms[0].Text, ms[0].Queue})
	assert.Equal(t, ms, say("1/1", channels.Said, "3", ""), "a repeated webhook is put through alike")
	assert.Empty(t, say("1/2", channels.Said, "5", ""), "with people the hub is silent")

	ms = say("2/0", channels.Started, "", "")
	require.Len(t, ms, 1)
	assert.Equal(t, "housing", ms[0].Queue)
	require.Len(t, tickets(), 1)
	assert.Equal(t, "housing", tickets()[0].Topic)

	assert.Empty(t, say("2/1", channels.Said, "Будь ласка, передзвоніть мені.", channels.CallBackID))
	require.Len(t, tickets(), 1)
	k := tickets()[0]
	assert.Equal(t, [2]string{"housing", "call-back"}, [2]string{k.Queue, k.Topic})
	assert.True(t, k.Closed.IsZero())

	// Without a hand-off before, the wish is one.
	person.ID = "+380671234568"
	say("3/0", channels.Started, "", "")
	ms = say("3/1", channels.Said, "Будь ласка, передзвоніть мені.", channels.CallBackID)
	require.Len(t, ms, 1)
	assert.Equal(t, "help", ms[0].Queue)
	require.Len(t, tickets(), 2)
}

// The choice of a language is read in pages like any other, and 0 reaches a person
// from there too.
func TestLanguagesOnACall(t *testing.T) {
	limits := channelstest.Voice()
	limits.OptionsInCall = 2
	voice, err := channels.New(channelstest.NewRecorder("voice", limits), channels.Config{})
	require.NoError(t, err)
	h, err := conversation.New(conversation.Config{
		Store: open(t, t.TempDir()), Channels: []*channels.Channel{voice}, Logger: slog.New(slog.DiscardHandler),
		Programmes: []conversation.Programme{{ID: "ua", Languages: []hubkit.Lang{"en", "uk", "ru"}, Start: menu}},
	})
	require.NoError(t, err)
	say := func(id, text, option string) channels.Message {
		t.Helper()
		kind := channels.Said
		if text+option == "" {
			kind = channels.Started
		}
		ms, err := h.Handle(t.Context(), channels.Event{
			ID: id, Session: "call", Kind: kind, From: channels.Address{Channel: "voice", ID: id[:1]}, To: channels.Address{Channel: "voice", ID: "+15550100"}, Text: text, Option: option,
		})
		require.NoError(t, err)
		require.Len(t, ms, 1)
		return ms[0]
	}
	heard := func(m channels.Message) string {
		r, err := voice.Render(m)
		require.NoError(t, err)
		return r.Body()
	}
	assert.NotContains(t, heard(say("1/0", "", "")), "Русский")
	second := heard(say("1/1", "", channels.MoreID(2)))
	assert.Contains(t, second, "Русский: нажмите 3.")
	assert.NotContains(t, second, "English")
	assert.Equal(t, hubkit.Lang("ru"), say("1/2", "3", "").Lang)

	say("2/0", "", "")
	m := say("2/1", "agent", "")
	assert.Equal(t, [2]string{"help", "Thank you. A person will help you. They keep what you tell them."}, [2]string{m.Queue, m.Text})
}
