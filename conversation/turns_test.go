package conversation_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
	"github.com/hubkit/hubkit/conversation"
	"github.com/hubkit/hubkit/crm"
	r "github.com/hubkit/hubkit/registration"
)

// person begins a thread of its own in English, at the menu.
func person(t *testing.T, h *conversation.Hub, s *crm.Store, id string) *someone {
	t.Helper()
	p := &someone{t: t, h: h, s: s, id: id}
	require.Contains(t, p.say("Hello"), "Choose a language:")
	require.Contains(t, p.say("English"), "How can we help?")
	return p
}

func registrations(t *testing.T, s *crm.Store) (all []crm.Registration) {
	t.Helper()
	for reg, err := range s.Registrations(t.Context(), crm.RegistrationQuery{Programme: "ua"}) {
		require.NoError(t, err)
		all = append(all, reg)
	}
	return all
}

func TestLanguageIsChosenFirst(t *testing.T) {
	s := open(t, t.TempDir())
	for _, c := range []struct{ say, then string }{
		{"2", "Чим допомогти?"}, {"русский", "Чем помочь?"}, {"ENGLISH", "How can we help?"}, {"uk", "Чим допомогти?"}, {"по-русски", "Чем помочь?"},
	} {
		p := &someone{t: t, h: newHub(t, s, menu), s: s, id: "lang-" + c.say}
		ms := p.send(channels.Event{Kind: channels.Started})
		require.Len(t, ms, 1)
		require.Equal(t, "Choose a language:\nВиберіть мову:\nВыберите язык:", ms[0].Text)
		require.Equal(t, []string{"English", "Українська", "Русский"}, []string{ms[0].Options[0].Label, ms[0].Options[1].Label, ms[0].Options[2].Label})
		require.Contains(t, p.say("???"), "Choose a language:", "asked again")
		require.Contains(t, p.say(c.say), c.then)
	}
}

func TestMenuArticleAndBack(t *testing.T) {
	s := open(t, t.TempDir())
	p := person(t, newHub(t, s, menu), s, "m")
	require.Contains(t, p.say("nonsense"), "Sorry")
	require.Equal(t, "Boil water. | How can we help?", p.say("cholera"))
	require.Contains(t, p.say("cash"), "May we keep")
	require.Contains(t, p.say("back"), "How can we help?", "back from the first question is the menu")
	ms := p.send(channels.Event{Option: "menu/start:cash"})
	require.Contains(t, ms[0].Text, "May we keep", "the interview goes on")
}

func TestNothingIsKeptWithoutConsent(t *testing.T) {
	s := open(t, t.TempDir())
	p := person(t, newHub(t, s, menu), s, "n")
	p.say("1")
	require.Contains(t, p.say("I do not agree"), "Then we keep nothing.")
	require.Empty(t, registrations(t, s))
	th, err := s.Thread(t.Context(), crm.ThreadID{Programme: "ua", Address: channels.Address{Channel: "web", ID: "n"}})
	require.NoError(t, err)
	require.False(t, th.Expires.IsZero(), "the thread is forgotten in a few days")
}

func TestConsentIsRecorded(t *testing.T) {
	s := open(t, t.TempDir())
	p := person(t, newHub(t, s, menu), s, "c")
	p.say("1")
	p.say("I agree")
	regs := registrations(t, s)
	require.Len(t, regs, 1)
	require.Equal(t, crm.Draft, regs[0].Status)
	var got []crm.Consent
	for c, err := range s.Consents(t.Context(), "ua", regs[0].ID) {
		require.NoError(t, err)
		got = append(got, c)
	}
	require.Len(t, got, 1)
	require.True(t, got[0].Given)
	require.Equal(t, "1", got[0].Version)
	require.Equal(t, "May we keep your answers?", got[0].Notice)
	require.Equal(t, "web", got[0].Channel)
}

func TestStopUnlessScreensOut(t *testing.T) {
	s := open(t, t.TempDir())
	p := person(t, newHub(t, s, menu), s, "so")
	p.say("1")
	p.say("I agree")
	require.Contains(t, p.say("no"), "Come back any time.")
	require.Equal(t, crm.ScreenedOut, registrations(t, s)[0].Status)
	require.Contains(t, p.say("status"), "ended at an answer")
}

func TestStopIsDurable(t *testing.T) {
	s := open(t, t.TempDir())
	p := person(t, newHub(t, s, menu), s, "st")
	require.Contains(t, p.say("СТОП"), "no more messages", "in any language")
	require.Empty(t, p.say("cash"), "an ordinary message undoes nothing")
	require.Contains(t, p.say("start"), "How can we help?")
}

func TestHandOffAndBack(t *testing.T) {
	s := open(t, t.TempDir())
	h := newHub(t, s, menu)
	p := person(t, h, s, "ho")
	require.Contains(t, p.say("housing"), "A person will answer you here")
	require.Empty(t, p.say("My roof is broken"), "the bot is silent")
	th, err := s.Thread(t.Context(), crm.ThreadID{Programme: "ua", Address: channels.Address{Channel: "web", ID: "ho"}})
	require.NoError(t, err)
	require.Equal(t, "housing", th.Owner)
	open := 0
	for k, err := range s.Tickets(t.Context(), crm.TicketQuery{Programme: "ua"}) {
		require.NoError(t, err)
		require.Equal(t, "housing", k.Queue)
		open++
	}
	require.Equal(t, 1, open)
	require.Contains(t, p.say("menu"), "How can we help?", "while nobody took it")
	require.Contains(t, p.say("agent"), "A person will answer you here")
}

func TestPeopleGiveTheThreadBack(t *testing.T) {
	s := open(t, t.TempDir())
	h := newHub(t, s, menu)
	p := person(t, h, s, "gb")
	p.say("1")
	p.say("I agree")
	p.say("agent")
	id := crm.ThreadID{Programme: "ua", Address: channels.Address{Channel: "web", ID: "gb"}}
	require.NoError(t, h.Return(t.Context(), id))
	require.Empty(t, p.read(), "people hold it")
	th, err := s.Thread(t.Context(), id)
	require.NoError(t, err)
	th.Owner = ""
	_, err = s.Commit(t.Context(), crm.Change{By: crm.Actor{Kind: crm.Agent, ID: "a1"}, Thread: &th})
	require.NoError(t, err)
	require.NoError(t, h.Return(t.Context(), id))
	ms := p.read()
	require.Len(t, ms, 1)
	require.Equal(t, "We are back at the questions.\n\nDo you need cash support?", ms[0].Text)
	require.Contains(t, p.say("yes"), "How many people are you?")
	require.ErrorIs(t, h.Return(t.Context(), crm.ThreadID{Programme: "nowhere", Address: id.Address}), conversation.ErrNobody)
}

func TestOnlyPeopleGiveBackWhatTheyTook(t *testing.T) {
	s := open(t, t.TempDir())
	p := person(t, newHub(t, s, menu), s, "tk")
	id := crm.ThreadID{Programme: "ua", Address: channels.Address{Channel: "web", ID: "tk"}}
	th, err := s.Thread(t.Context(), id)
	require.NoError(t, err)
	th.Owner = "agent-7" // took it without a ticket of the hub's
	_, err = s.Commit(t.Context(), crm.Change{By: crm.Actor{Kind: crm.Agent, ID: "agent-7"}, Thread: &th})
	require.NoError(t, err)
	require.Empty(t, p.say("menu"))
	require.Empty(t, p.say("back"))
}

func TestBlockingIsAnOptOut(t *testing.T) {
	s := open(t, t.TempDir())
	p := person(t, newHub(t, s, menu), s, "bl")
	require.Empty(t, p.send(channels.Event{Kind: channels.Stopped}))
	require.Empty(t, p.say("cash"))
	var last crm.Consent
	for c, err := range s.ThreadConsents(t.Context(), crm.ThreadID{Programme: "ua", Address: channels.Address{Channel: "web", ID: "bl"}}) {
		require.NoError(t, err)
		last = c
	}
	require.Equal(t, "messages", last.Purpose)
	require.False(t, last.Given)
}

func TestAttemptsEndWithAPerson(t *testing.T) {
	s := open(t, t.TempDir())
	p := person(t, newHub(t, s, menu), s, "at")
	p.say("1")
	require.Contains(t, p.say("zzz"), "Please choose one")
	p.say("zzz")
	require.Contains(t, p.say("zzz"), "A person will answer you here")
	require.Contains(t, p.say("back"), "We are back at the questions.")
	require.Contains(t, p.say("I agree"), "Do you need cash support?")
}

func TestOldButtonsAreKnown(t *testing.T) {
	s := open(t, t.TempDir())
	p := person(t, newHub(t, s, menu), s, "ob")
	p.say("1")
	p.say("I agree")
	p.say("yes")
	p.say("2")
	p.say("30")
	first := p.send(channels.Event{Option: "sex:f"}) // the first member's
	require.Equal(t, "Person 2", first[0].Heading)
	ref := ""
	for e, err := range s.Interactions(t.Context(), crm.ThreadID{Programme: "ua", Address: channels.Address{Channel: "web", ID: "ob"}}, crm.Page{}) {
		require.NoError(t, err)
		if e.Out != nil && e.Out.Message.Text == "Sex?" {
			ref = e.Out.Message.Ref
		}
	}
	p.say("8")
	ms := p.send(channels.Event{Option: "sex:m", InReplyTo: ref})
	require.Contains(t, ms[0].Text, "earlier question", "the first member's button is not the second's answer")
	ms = p.send(channels.Event{Option: "seeking:no"})
	require.Contains(t, ms[0].Text, "earlier question")
	require.Contains(t, p.say("male"), "Please check your answers")
	require.Contains(t, p.say("send"), "Thank you")
	require.JSONEq(t, `{"consent":{"consent":true,"version":"1"},"seeking":true,"size":2,"members":{"rows":[{"age":30,"sex":{"one":"f"}},{"age":8,"sex":{"one":"m"}}]}}`, string(registrations(t, s)[0].Answers))
}

func TestRestartDeletesAnswers(t *testing.T) {
	s := open(t, t.TempDir())
	p := person(t, newHub(t, s, menu), s, "re")
	p.say("1")
	p.say("I agree")
	p.say("yes")
	require.Contains(t, p.say("restart"), "delete your answers")
	require.Contains(t, p.say("no"), "How many people")
	p.say("restart")
	require.Contains(t, p.say("yes"), "How can we help?")
	require.Equal(t, crm.Withdrawn, registrations(t, s)[0].Status)
	require.Contains(t, p.say("1"), "May we keep", "from the first question")
}

func TestWhoIsRegisteredIsTold(t *testing.T) {
	s := open(t, t.TempDir())
	p := person(t, newHub(t, s, menu), s, "wr")
	for _, x := range []string{"1", "I agree", "yes", "1", "30", "male"} {
		p.say(x)
	}
	require.Contains(t, p.say("send"), "Thank you. Your answers have been recorded.")
	require.Contains(t, p.say("1"), "We already have your registration.")
	require.Contains(t, p.say("status"), "We have received your registration.")
}

// What an agent holds, only they give back; what nobody has taken yet, the person may.
func TestOnlyTheAgentGivesBackWhatTheyHold(t *testing.T) {
	s := open(t, t.TempDir())
	p := person(t, newHub(t, s, menu), s, "held")
	p.say("agent")
	id := crm.ThreadID{Programme: "ua", Address: channels.Address{Channel: "web", ID: "held"}}
	th, err := s.Thread(t.Context(), id)
	require.NoError(t, err)
	for k, err := range s.Tickets(t.Context(), crm.TicketQuery{Programme: "ua", Thread: id}) {
		require.NoError(t, err)
		k.Owner, th.Owner = "ann", "ann"
		_, err = s.Commit(t.Context(), crm.Change{By: crm.Actor{Kind: crm.Agent, ID: "ann"}, Thread: &th, Tickets: []crm.Ticket{k}})
		require.NoError(t, err)
	}
	require.Empty(t, p.say("menu"))
	th, err = s.Thread(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, "ann", th.Owner)
}

func TestFiveTimesTheSame(t *testing.T) {
	s := open(t, t.TempDir())
	h := newHub(t, s, menu)
	p := person(t, h, s, "five")
	e := channels.Event{ID: "same", Text: "1", From: channels.Address{Channel: "web", ID: "five"}, To: channels.Address{Channel: "web"}}
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			_, err := h.Handle(t.Context(), e)
			require.NoError(t, err)
		})
	}
	wg.Wait()
	require.Len(t, p.read(), 1, "answered once")
	n := 0
	for x, err := range s.Interactions(t.Context(), crm.ThreadID{Programme: "ua", Address: e.From}, crm.Page{}) {
		require.NoError(t, err)
		if x.In != nil && x.In.ID == "same" {
			n++
		}
	}
	require.Equal(t, 1, n, "recorded once")
}

func TestARepeatedCallGetsTheSameReplies(t *testing.T) {
	s := open(t, t.TempDir())
	h := newHub(t, s, menu)
	e := channels.Event{ID: "call-1", Session: "call", Kind: channels.Started, From: channels.Address{Channel: "web", ID: "v"}, To: channels.Address{Channel: "web"}}
	first, err := h.Handle(t.Context(), e)
	require.NoError(t, err)
	require.Len(t, first, 1)
	again, err := h.Handle(t.Context(), e)
	require.NoError(t, err)
	require.Equal(t, first, again)
}

func TestTwoHubsOneStore(t *testing.T) {
	s := open(t, t.TempDir())
	a, b := newHub(t, s, menu), newHub(t, s, menu)
	p := person(t, a, s, "two")
	for i, x := range []string{"1", "I agree", "yes", "1", "30", "male"} {
		p.h = a
		if i%2 == 0 {
			p.h = b // its copy of the thread is behind: the store says so
		}
		p.say(x)
	}
	require.Contains(t, p.say("send"), "Thank you")
}

func TestManyAtOnceKeepTheirOrder(t *testing.T) {
	s := open(t, t.TempDir())
	h := newHub(t, s, menu)
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			p := &someone{t: t, h: h, s: s, id: fmt.Sprint("many", i)}
			for _, x := range []string{"hi", "1", "1", "I agree", "yes", "2", "30", "1", "5", "2", "send"} {
				p.say(x)
			}
		})
	}
	wg.Wait()
	regs := registrations(t, s)
	require.Len(t, regs, 40)
	for _, reg := range regs {
		require.Equal(t, crm.Submitted, reg.Status)
		require.JSONEq(t, `{"consent":{"consent":true,"version":"1"},"seeking":true,"size":2,"members":{"rows":[{"age":30,"sex":{"one":"f"}},{"age":5,"sex":{"one":"m"}}]}}`, string(reg.Answers))
	}
}

func TestAFloodIsRecordedAndAnsweredOnce(t *testing.T) {
	s := open(t, t.TempDir())
	noon := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC) // it stands still: a slow machine is no slow writer
	h := newHubAt(t, s, menu, func() time.Time { return noon })
	p := person(t, h, s, "flood")
	warned := 0
	for range 100 {
		for _, m := range p.send(channels.Event{Text: "9"}) {
			if strings.Contains(m.Text, "faster than we can read") {
				warned++
			}
		}
	}
	require.Equal(t, 1, warned)
	n := 0
	for _, err := range s.Interactions(t.Context(), crm.ThreadID{Programme: "ua", Address: channels.Address{Channel: "web", ID: "flood"}}, crm.Page{}) {
		require.NoError(t, err)
		n++
	}
	require.Greater(t, n, 100, "every message is recorded")
}

func TestAnInterviewFinishesOnTheVersionItBegan(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	p := person(t, newHub(t, s, menu), s, "old")
	p.say("1")
	p.say("I agree")
	p.say("yes")

	pets := r.Integer("pets", text{"en": "How many pets?", "uk": "Скільки тварин?", "ru": "Сколько животных?"})
	newer := r.MustNew(r.Spec{ID: "test", Version: "2", Languages: []hubkit.Lang{"en", "uk", "ru"}, Parts: r.Parts(consent, pets)})
	p.h = newHub(t, s, conversation.Menu{Ask: menu.Ask, Items: []conversation.Item{{Key: "cash", Label: menu.Items[0].Label, Open: conversation.Ask{Form: newer}}}})
	require.Contains(t, p.say("1"), "Age?", "the older version goes on")
	p.say("30")
	p.say("male")
	require.Contains(t, p.say("send"), "Thank you")
	require.Equal(t, "1", registrations(t, s)[0].Form.Version)
}

func TestADamagedStateBeginsAnew(t *testing.T) {
	s := open(t, t.TempDir())
	p := person(t, newHub(t, s, menu), s, "dam")
	p.say("1")
	id := crm.ThreadID{Programme: "ua", Address: channels.Address{Channel: "web", ID: "dam"}}
	th, err := s.Thread(t.Context(), id)
	require.NoError(t, err)
	th.State[len(th.State)/2] ^= 1
	_, err = s.Commit(t.Context(), crm.Change{By: crm.Actor{Kind: crm.System}, Thread: &th})
	require.NoError(t, err)
	p.h = newHub(t, s, menu)
	require.Contains(t, p.say("I agree"), "How can we help?")
}

func TestAnythingCanBeSaid(t *testing.T) {
	s := open(t, t.TempDir())
	p := person(t, newHub(t, s, menu), s, "any")
	p.say("1")
	for _, x := range []string{"", "\x00\xff\xfe", strings.Repeat("ї", 5000), "<script>alert(1)</script>", "\u202e\u2066", "{name}", "'; DROP TABLE threads; --", "🤷‍♀️"} {
		ms := p.send(channels.Event{Text: x})
		require.NotEmpty(t, ms, "%q is answered", x)
		if strings.Contains(ms[0].Text, "A person will answer") {
			p.say("back")
		}
	}
	require.Contains(t, p.say("I agree"), "Do you need cash support?")
}

func TestNewReportsEverything(t *testing.T) {
	_, err := conversation.New(conversation.Config{Programmes: []conversation.Programme{
		{ID: "a"},
		{ID: "a", Languages: []hubkit.Lang{"en", "uk"}, Start: conversation.Menu{Ask: text{"en": "?"}, Items: []conversation.Item{{Key: "X"}, {Key: "y", Label: text{"en": "Y"}}}}},
		{ID: "b", Languages: []hubkit.Lang{"fr"}, Start: conversation.Ask{Form: form}},
		{ID: "c", Languages: []hubkit.Lang{"en"}, Start: conversation.HandOff{}},
	}})
	require.ErrorIs(t, err, conversation.ErrProgramme)
	for _, want := range []string{
		"Store is missing", "Channels is empty", `two programmes are named "a"`, "list at least one", "item 1 needs a key", `the item "y" opens nothing`,
		`does not speak "fr"`, `give Programme.Words these texts in it, or a fall-back: again, back`, "names no queue", "only one may take",
	} {
		require.ErrorContains(t, err, want)
	}
}

func TestReplyAndMessage(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	got := conversation.Reply(channels.Event{Text: "Yes", Option: "q:yes", At: at, Location: &channels.Location{Lat: 50, Lon: 30}, Media: []channels.Media{{URL: "m1", Type: "image/jpeg", Size: 7}}})
	require.Equal(t, r.Reply{Option: "q:yes", At: at, Place: &r.Place{Lat: 50, Lon: 30}, Files: []r.File{{Ref: "m1", Type: "image/jpeg", Size: 7}}}, got)
	m := conversation.Message(r.Prompt{Text: "Q?", Notes: []string{"N"}, Hint: "H", Heading: "P1", Options: []r.PromptOption{{ID: "q:a", Say: "A"}}}, "Sorry.")
	require.Equal(t, "Sorry.\n\nN\n\nQ?\n\nH", m.Text)
	require.Equal(t, []channels.Option{{ID: "q:a", Label: "A"}}, m.Options)
	require.Empty(t, m.Spoken)
	m = conversation.Message(r.Prompt{Text: "Q?", Notes: []string{"N"}, Hint: "H", Spoken: "Say Q."}, "Sorry.")
	require.Equal(t, "Sorry.\n\nN\n\nSay Q.", m.Spoken, "what leads to a question is heard on a call too")
	b, err := json.Marshal(got)
	require.NoError(t, err)
	require.NotEmpty(t, b)
}

// Who leaves a channel where only they can come back is answered when they write
// again; who said STOP is not, there as anywhere, until they say START.
func TestWhoLeftAndWritesAgainIsAnswered(t *testing.T) {
	s := open(t, t.TempDir())
	for name, reopens := range map[string]bool{"bot": true, "line": false} {
		ch, err := channels.New(channelstest.NewRecorder(name, channels.Limits{Reopens: reopens}), channels.Config{})
		require.NoError(t, err)
		h, err := conversation.New(conversation.Config{
			Store: s, Channels: []*channels.Channel{ch}, Logger: slog.New(slog.DiscardHandler),
			Programmes: []conversation.Programme{{ID: "ua", Languages: []hubkit.Lang{"en"}, Start: menu}},
		})
		require.NoError(t, err)
		who := channels.Address{Channel: name, ID: "olena-1"}
		hears(t, h, who, channels.Event{Text: "Hello"})
		hears(t, h, who, channels.Event{Kind: channels.Stopped})
		said := len(texts(t, s, who))
		hears(t, h, who, channels.Event{Text: "Are you there?"})
		require.Equal(t, reopens, len(texts(t, s, who)) > said, name)
		hears(t, h, who, channels.Event{Text: "stop"})
		said = len(texts(t, s, who))
		hears(t, h, who, channels.Event{Kind: channels.Stopped})
		hears(t, h, who, channels.Event{Text: "Are you there?"})
		require.Len(t, texts(t, s, who), said, name)
		hears(t, h, who, channels.Event{Text: "start"})
		require.Greater(t, len(texts(t, s, who)), said, name)
		hears(t, h, who, channels.Event{Kind: channels.Stopped})
		hears(t, h, who, channels.Event{Text: "stop"})
		said = len(texts(t, s, who))
		hears(t, h, who, channels.Event{Text: "Are you there?"})
		require.Len(t, texts(t, s, who), said, "STOP in words holds also after a block: %s", name)
		require.NoError(t, h.Return(t.Context(), crm.ThreadID{Programme: "ua", Address: who}))
		require.Len(t, texts(t, s, who), said, "nor does an agent who gives the thread back break it: %s", name)
	}
}
