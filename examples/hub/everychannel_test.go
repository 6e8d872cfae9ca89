package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/segments"
	"github.com/hubkit/hubkit/channels/twilio/twiliotest"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/examples/internal/reference"
)

// phone is a person's telephone on one channel: it shows what the hub sent, and sends
// what the person does with it.
type phone interface {
	address() channels.Address
	// arrive is how a conversation begins there.
	arrive()
	// wait returns what was shown since the last thing the person did, once it holds
	// all of the phrases.
	wait(phrases ...string) string
	// answer gives the answer of a step.
	answer(st step)
}

// One questionnaire, told on every channel as people there tell it, by a hub in a
// process of its own: the stored answers are the same, and what a channel cannot
// take is deferred, and recorded so.
func TestOneQuestionnaireOnEveryChannel(t *testing.T) {
	fake := twiliotest.New(twiliotest.Config{})
	provider := httptest.NewServer(fake)
	t.Cleanup(provider.Close)
	bot := newViberFake(t)
	hub := newProcess(t, t.TempDir())
	tg := &telegramPhone{t: t, hub: hub, user: 5000000042}
	api := httptest.NewServer(tg)
	t.Cleanup(api.Close)
	hub.env = []string{
		"HUB_PUBLIC_URL=" + hub.url(), "TELEGRAM_TOKEN=" + telegramToken, "TELEGRAM_BASE_URL=" + api.URL, "VIBER_TOKEN=" + viberToken, "VIBER_BASE_URL=" + bot.URL, "TWILIO_VOICE_FROM=" + ours,
		"TWILIO_ACCOUNT_SID=" + fake.AccountSID, "TWILIO_AUTH_TOKEN=" + fake.AuthToken, "TWILIO_BASE_URL=" + provider.URL,
		"TWILIO_WHATSAPP_FROM=" + ours, "TWILIO_SMS_FROM=" + ours,
	}
	hub.start()
	tale := newStory(rand.New(rand.NewPCG(2022, 3)), "uk")
	m := mailbox{t: t, fake: fake, hub: hub}
	phones := []phone{
		&whatsapp{mailbox: m, number: "+380670000001"},
		&sms{mailbox: m, number: "+380670000002"},
		&viberPhone{t: t, fake: bot, hub: hub, user: "vbr4uKraine=="},
		tg,
		&caller{mailbox: m, number: "+380670000004"},
	}
	for _, p := range phones {
		tell(t, p, tale)
	}
	web := newPerson(2022, hub.url, &client)
	web.lang, web.story, web.clumsy = "uk", tale, false
	require.NoError(t, web.walk(t.Context()))
	require.Empty(t, fake.Complaints(), "every request is as the provider wants it")
	require.NoError(t, hub.stop())
	s := openData(t, hub.data)
	spoken := tale // an account number has letters, which cannot be keyed
	spoken.answers = maps.Clone(tale.answers)
	delete(spoken.answers, "account")
	at := []channels.Address{web.thread().Address}
	for _, p := range phones {
		at = append(at, p.address())
	}
	for _, a := range at {
		reg := onlyRegistration(t, s, a)
		require.Equal(t, crm.Submitted, reg.Status, a.Channel)
		require.NotNil(t, reg.Score)
		if a.Channel == "voice" {
			spoken.check(t, reg.Answers)
			require.Equal(t, []string{"account"}, reg.Deferred)
			continue
		}
		tale.check(t, reg.Answers)
		require.Empty(t, reg.Deferred, a.Channel)
	}
	var topics []string
	for k, err := range s.Tickets(t.Context(), crm.TicketQuery{Programme: programme.ID}) {
		require.NoError(t, err)
		topics = append(topics, k.Topic)
	}
	require.Equal(t, []string{"deferred"}, topics, "an agent asks the caller for the account")
	cost := 0
	for _, sent := range fake.Messages() {
		if sent.To == "+380670000002" {
			cost += segments.Measure(sent.Body).Segments
		}
	}
	t.Logf("by text message the registration took %d segments to the person", cost)
	require.NotContains(t, hub.logs.String(), "38067000000", "no number in the logs")
}

// ours is our number on every channel of Twilio.
const ours = "+15550100"

// tell tells a story on a phone to its end.
func tell(t *testing.T, p phone, s story) {
	t.Helper()
	p.arrive()
	for _, st := range s.steps {
		if st.key == "account" && p.address().Channel == "voice" {
			continue
		}
		phrases := []string{s.question(t, st.key)}
		switch st.key {
		case "language":
			phrases = []string{"Виберіть мову:"}
			if p.address().Channel == "voice" {
				phrases = []string{"Українська: натисніть 2"} // each language is offered in its own voice
			}
		case "menu":
			phrases = []string{"Чим можемо допомогти?"}
		case "_summary":
			phrases = []string{"перевірте"}
		}
		if st.row >= 0 { // the words are about "you" or "this person"; the heading tells which
			phrases = []string{strconv.Itoa(st.row + 1)}
		}
		p.wait(phrases...)
		p.answer(st)
	}
	p.wait("Чим можемо допомогти?") // thanks, and the menu
}

// question is the words of a question in Ukrainian, for this household.
func (s story) question(t *testing.T, key string) string {
	t.Helper()
	if asks[key] == nil {
		return ""
	}
	c, err := asks[key].Compile(programme.Languages, nil, "household_size", "n")
	require.NoError(t, err)
	text, _ := c.In("uk", hubkit.Args{"household_size": s.answers["household_size"], "n": 1})
	return text
}

func onlyRegistration(t *testing.T, s *crm.Store, a channels.Address) crm.Registration {
	t.Helper()
	var all []crm.Registration
	for r, err := range s.Registrations(t.Context(), crm.RegistrationQuery{Programme: programme.ID, Thread: crm.ThreadID{Programme: programme.ID, Address: a}}) {
		require.NoError(t, err)
		all = append(all, r)
	}
	require.Len(t, all, 1, a.Channel)
	return all[0]
}

// number is what a person types to choose an option: its place in the whole list.
func (st step) number() string {
	key, option, _ := strings.Cut(st.option, ":")
	switch {
	case st.key == "menu", option == "yes", option == "send":
		return "1"
	case option == "no":
		return "2"
	case key == "language":
		return strconv.Itoa(1 + slices.Index(programme.Languages, "uk"))
	}
	q, _ := reference.Form.Find(key)
	for i, o := range q.Options {
		if o.Key == option {
			return strconv.Itoa(i + 1)
		}
	}
	panic("no option " + st.option)
}

// mailbox is one person's messages at Twilio.
type mailbox struct {
	t    *testing.T
	fake *twiliotest.Fake
	hub  *process
	seen int // messages of anybody, before the person's last deed

	patient bool // the hub may be dead: the provider calls it again
}

// since returns the messages to an address since the person's last deed.
func (m *mailbox) since(to string) []twiliotest.Message {
	return slices.DeleteFunc(slices.Clone(m.fake.Messages()[m.seen:]), func(x twiliotest.Message) bool { return x.To != to })
}

// until waits for messages to an address that hold all of the phrases.
func (m *mailbox) until(to string, phrases ...string) string {
	m.t.Helper()
	var text string
	patience := 30 * time.Second
	if m.patient {
		patience = 3 * time.Minute // the hub may rest for a while from a provider that fails
	}
	for end := time.Now().Add(patience); time.Now().Before(end); {
		var b strings.Builder
		for _, x := range m.since(to) {
			b.WriteString(x.Body + "\n")
		}
		text = b.String()
		if text != "" && !slices.ContainsFunc(phrases, func(p string) bool { return !strings.Contains(text, p) }) {
			return text
		}
		require.NoError(m.t, rest(m.t.Context(), 2*time.Millisecond))
	}
	require.FailNow(m.t, "the hub did not say what was waited for", "%q\nin: %s", phrases, text)
	return ""
}

// post gives the hub a webhook, as the provider does: within a second it is answered.
func (m *mailbox) post(r *http.Request) {
	m.t.Helper()
	m.seen = len(m.fake.Messages())
	body, err := io.ReadAll(r.Body)
	require.NoError(m.t, err)
	for {
		ctx, cancel := context.WithTimeout(m.t.Context(), time.Minute)
		defer cancel()
		r := r.Clone(ctx)
		r.RequestURI, r.Body = "", io.NopCloser(bytes.NewReader(body))
		res, err := client.Do(r)
		if m.patient && (err != nil || res.StatusCode >= 500) {
			require.NoError(m.t, rest(m.t.Context(), 30*time.Millisecond))
			continue
		}
		require.NoError(m.t, err)
		require.NoError(m.t, res.Body.Close())
		require.Contains(m.t, []int{http.StatusOK, http.StatusNoContent}, res.StatusCode)
		return
	}
}

// whatsapp is a phone where people tap.
type whatsapp struct {
	mailbox
	number string
}

func (p *whatsapp) address() channels.Address {
	return channels.Address{Channel: "whatsapp", ID: p.number}
}

func (p *whatsapp) say(in twiliotest.Inbound) {
	in.From, in.To = "whatsapp:"+p.number, "whatsapp:"+ours
	p.post(p.fake.Inbound(p.hub.url(), in))
}

func (p *whatsapp) arrive() { p.say(twiliotest.Inbound{Body: "Привіт"}) }

func (p *whatsapp) wait(phrases ...string) string {
	p.t.Helper()
	return p.until("whatsapp:"+p.number, phrases...)
}

// answer taps the option, turning the pages of a list until it is there.
func (p *whatsapp) answer(st step) {
	p.t.Helper()
	if st.option == "" {
		p.say(twiliotest.Inbound{Body: st.text})
		return
	}
	for range 6 {
		all := p.since("whatsapp:" + p.number)
		now := all[len(all)-1]
		require.NotNil(p.t, now.Content, "%s is asked with something to tap, not %q", st.key, now.Body)
		tapped := twiliotest.Inbound{InReplyTo: now.SID}
		more := ""
		for _, o := range offered(p.t, now.Content) {
			if strings.HasPrefix(o.ID, "hub:more:") {
				more = o.ID
			}
			if o.ID == st.option {
				tapped.Body = o.Label
			}
		}
		_, list := now.Content.Types["twilio/list-picker"]
		switch {
		case tapped.Body == "" && more != "":
			p.say(twiliotest.Inbound{InReplyTo: now.SID, Row: more, Body: "Ще"})
			p.wait(reference.Region.Ask["uk"])
			continue
		case list:
			tapped.Row = st.option
		default:
			tapped.Button = st.option
		}
		require.NotEmpty(p.t, tapped.Body, "%s offers %s", st.key, st.option)
		p.say(tapped)
		return
	}
	require.FailNow(p.t, "the option is on no page", st.option)
}

// offered reads what a content resource lets people tap.
func offered(t *testing.T, c *twiliotest.Content) (out []offer) {
	t.Helper()
	var list struct{ Items []struct{ ID, Item string } }
	var quick struct{ Actions []struct{ ID, Title string } }
	if raw, ok := c.Types["twilio/list-picker"]; ok {
		require.NoError(t, json.Unmarshal(raw, &list))
	}
	if raw, ok := c.Types["twilio/quick-reply"]; ok {
		require.NoError(t, json.Unmarshal(raw, &quick))
	}
	for _, i := range list.Items {
		out = append(out, offer{i.ID, i.Item})
	}
	for _, a := range quick.Actions {
		out = append(out, offer{a.ID, a.Title})
	}
	return out
}

// sms is a phone without anything to tap: people write numbers.
type sms struct {
	mailbox
	number string
}

func (p *sms) address() channels.Address { return channels.Address{Channel: "sms", ID: p.number} }

func (p *sms) say(text string) {
	p.post(p.fake.Inbound(p.hub.url(), twiliotest.Inbound{From: p.number, To: ours, Body: text}))
}

func (p *sms) arrive() { p.say("Привіт") }

func (p *sms) wait(phrases ...string) string {
	p.t.Helper()
	return p.until(p.number, phrases...)
}

func (p *sms) answer(st step) {
	p.t.Helper()
	if st.option == "" {
		p.say(st.text)
		return
	}
	n := st.number()
	p.wait("\n" + n + ". ") // also when it is in the last of several messages
	p.say(n)
}
