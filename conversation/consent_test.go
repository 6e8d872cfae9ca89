package conversation_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/conversation"
	"github.com/hubkit/hubkit/crm"
	r "github.com/hubkit/hubkit/registration"
)

// whole is a registration from the menu to the end.
var whole = []string{"1", "I agree", "yes", "1", "30", "male", "send"}

func statuses(t *testing.T, s *crm.Store) (all []crm.Status) {
	t.Helper()
	for _, reg := range registrations(t, s) {
		all = append(all, reg.Status)
	}
	return all
}

func TestWhoStartsAgainIsRegistered(t *testing.T) {
	s := open(t, t.TempDir())
	p := person(t, newHub(t, s, menu), s, "again")
	for _, x := range []string{"1", "I agree", "yes", "restart", "yes"} {
		p.say(x)
	}
	for _, x := range whole {
		p.say(x)
	}
	require.Equal(t, []crm.Status{crm.Withdrawn, crm.Submitted}, statuses(t, s))
	require.JSONEq(t, "{}", string(registrations(t, s)[0].Answers), "what was to be deleted is gone")
	require.Contains(t, p.say("status"), "We have received your registration.")
}

func TestWhoWasScreenedOutMayRegister(t *testing.T) {
	s := open(t, t.TempDir())
	p := person(t, newHub(t, s, menu), s, "screened")
	for _, x := range []string{"1", "I agree", "no"} {
		p.say(x)
	}
	for _, x := range whole {
		p.say(x)
	}
	require.Equal(t, []crm.Status{crm.ScreenedOut, crm.Submitted}, statuses(t, s))
}

func TestADamagedStateLosesNoRegistration(t *testing.T) {
	s := open(t, t.TempDir())
	p := person(t, newHub(t, s, menu), s, "damaged")
	p.say("1")
	p.say("I agree")
	id := crm.ThreadID{Programme: "ua", Address: channels.Address{Channel: "web", ID: "damaged"}}
	th, err := s.Thread(t.Context(), id)
	require.NoError(t, err)
	th.State = []byte("not a state")
	_, err = s.Commit(t.Context(), crm.Change{By: crm.Actor{Kind: crm.System}, Thread: &th})
	require.NoError(t, err)
	p.h = newHub(t, s, menu)
	p.say("hello")
	for _, x := range whole {
		p.say(x)
	}
	require.Equal(t, []crm.Status{crm.Draft, crm.Submitted}, statuses(t, s))
}

func TestConsentTakenBack(t *testing.T) {
	s := open(t, t.TempDir())
	p := person(t, newHub(t, s, menu), s, "back")
	for _, x := range []string{"1", "I agree", "yes", "change", "1"} {
		p.say(x)
	}
	require.Contains(t, p.say("I do not agree"), "Then we keep nothing.")
	reg := registrations(t, s)[0]
	require.Equal(t, crm.Withdrawn, reg.Status)
	require.JSONEq(t, "{}", string(reg.Answers))
	th, err := s.Thread(t.Context(), crm.ThreadID{Programme: "ua", Address: channels.Address{Channel: "web", ID: "back"}})
	require.NoError(t, err)
	require.False(t, th.Expires.IsZero(), "the thread is forgotten")
	var given []bool
	for c, err := range s.Consents(t.Context(), "ua", reg.ID) {
		require.NoError(t, err)
		given = append(given, c.Given)
	}
	require.ElementsMatch(t, []bool{true, false}, given)
}

func TestTwoQuestionnairesWaitForEachOther(t *testing.T) {
	pets := r.MustNew(r.Spec{ID: "pets", Version: "1", Languages: []hubkit.Lang{"en", "uk", "ru"}, Parts: r.Parts(
		r.Consent("agrees", "1", three("May we ask about animals?", "Можна запитати про тварин?", "Можно спросить о животных?")),
		r.Integer("pets", three("How many pets?", "Скільки тварин?", "Сколько животных?")))})
	two := conversation.Menu{Ask: menu.Ask, Items: []conversation.Item{menu.Items[0], {Key: "pets", Label: three("Pets", "Тварини", "Животные"), Open: conversation.Ask{Form: pets}}}}
	s := open(t, t.TempDir())
	p := person(t, newHub(t, s, two), s, "both")
	for _, x := range []string{"1", "I agree", "yes"} {
		p.say(x)
	}
	require.Contains(t, p.say("menu"), "How can we help?")
	require.Contains(t, p.say("2"), "May we ask about animals?")
	p.say("I agree")
	p.say("menu")
	require.Contains(t, p.say("1"), "How many people are you?", "the first goes on where it was left")
	p.say("1")
	p.say("30")
	p.say("male")
	require.Contains(t, p.say("send"), "Thank you.")
	require.Contains(t, p.say("2"), "How many pets?", "and so does the second")
	require.Contains(t, p.say("3"), "Thank you.")
	require.Contains(t, p.say("1"), "We already have your registration.")
	require.Contains(t, p.say("2"), "We already have your registration.")
	require.Equal(t, []crm.Status{crm.Submitted, crm.Submitted}, statuses(t, s))
}

func TestWhatIsWrittenToAPersonIsKept(t *testing.T) {
	s := open(t, t.TempDir())
	p := person(t, newHub(t, s, menu), s, "ill")
	require.Contains(t, p.say("agent"), "keeps what you write")
	p.say("My child is ill, please call me")
	last := ""
	for x, err := range s.Interactions(t.Context(), crm.ThreadID{Programme: "ua", Address: channels.Address{Channel: "web", ID: "ill"}}, crm.Page{}) {
		require.NoError(t, err)
		if x.In != nil {
			last = x.In.Text
		}
	}
	require.Equal(t, "My child is ill, please call me", last)
	require.Contains(t, p.say("help"), "You can write at any time")
	require.Contains(t, p.say("status"), "no registration")
}

// desk is agents who are away until they are called again.
type desk struct {
	mu    sync.Mutex
	away  bool
	takes []string
	told  chan struct{}
}

func (d *desk) Take(_ context.Context, k crm.Ticket) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.away {
		return errors.New("nobody is here")
	}
	d.takes = append(d.takes, k.ID)
	close(d.told)
	return nil
}

func (d *desk) Drop(context.Context, crm.ThreadID) error { return nil }

func TestAgentsAreToldAgainAfterAStart(t *testing.T) {
	s := open(t, t.TempDir())
	d := &desk{away: true, told: make(chan struct{})}
	begin := func() *conversation.Hub {
		ch, err := channels.New(page{}, channels.Config{})
		require.NoError(t, err)
		h, err := conversation.New(conversation.Config{
			Store: s, Channels: []*channels.Channel{ch}, Agents: d, Logger: slog.New(slog.DiscardHandler),
			Programmes: []conversation.Programme{{ID: "ua", Languages: []hubkit.Lang{"en", "uk", "ru"}, Start: menu}},
		})
		require.NoError(t, err)
		return h
	}
	p := person(t, begin(), s, "told")
	p.say("agent")
	require.Empty(t, d.takes)
	d.mu.Lock()
	d.away = false
	d.mu.Unlock()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- begin().Run(ctx) }()
	<-d.told
	stop()
	require.NoError(t, <-ended)
	require.Len(t, d.takes, 1)
}
