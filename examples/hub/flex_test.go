package main

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/twilio/twiliotest"
	"github.com/hubkit/hubkit/crm"
)

// Who asks for a person on WhatsApp is joined by an agent in Flex, who reads what was
// said; what the agent says there is on record, once; the same message of the person
// on the conversations' webhook is not a second one; and when the conversation is
// closed the bot goes on.
func TestAgentsInFlexJoinWithTheHistory(t *testing.T) {
	fake := twiliotest.New(twiliotest.Config{})
	provider := httptest.NewServer(fake)
	t.Cleanup(provider.Close)
	hub := newProcess(t, t.TempDir())
	hub.env = []string{
		"HUB_PUBLIC_URL=" + hub.url(), "TWILIO_WHATSAPP_FROM=" + ours, "TWILIO_CONVERSATIONS_SERVICE_SID=" + twiliotest.SID("IS", "service"),
		"TWILIO_ACCOUNT_SID=" + fake.AccountSID, "TWILIO_AUTH_TOKEN=" + fake.AuthToken, "TWILIO_BASE_URL=" + provider.URL,
	}
	hub.start()
	p := &whatsapp{mailbox: mailbox{t: t, fake: fake, hub: hub}, number: "+380670000021"}
	p.arrive()
	p.wait("Виберіть мову:")
	p.answer(step{key: "language", option: "language:uk"})
	p.wait("Чим можемо допомогти?")
	p.answer(step{key: "menu", option: "menu/start:person"})
	p.wait("Вам відповість наш працівник")

	var talk twiliotest.Conversation
	await(t, []string{"yes"}, func() string {
		for _, c := range fake.Conversations() {
			if len(c.Participants) > 0 && len(c.Webhooks) > 0 {
				talk = c
				return "yes"
			}
		}
		return ""
	})
	var told strings.Builder
	for _, m := range talk.Messages {
		told.WriteString(m.Body + "\n")
	}
	require.Contains(t, told.String(), "Чим можемо допомогти?", "the agent reads what was said")
	require.Equal(t, "whatsapp:"+p.number, talk.Participants[0].Get("MessagingBinding.Address"))
	require.NotContains(t, talk.UniqueName+talk.Name+talk.Attributes, p.number)

	event := func(kind string, fields ...string) *http.Request {
		v := url.Values{"ConversationSid": {talk.SID}}
		for i := 0; i < len(fields); i += 2 {
			v.Set(fields[i], fields[i+1])
		}
		return fake.ConversationWebhook(hub.url(), kind, v)
	}
	agentSays := []string{"MessageSid", twiliotest.SID("IM", "agent"), "Index", "9", "Author", "oksana", "Body", "Добрий день, чим допомогти?", "Source", "SDK", "DateCreated", time.Now().UTC().Format(time.RFC3339)}
	p.post(event("onMessageAdded", agentSays...))
	p.post(event("onMessageAdded", agentSays...)) // Twilio says it again
	p.say(twiliotest.Inbound{ID: "flat", Body: "Мені потрібне житло"})
	p.post(event("onMessageAdded", "MessageSid", twiliotest.SID("IM", "person"), "Index", "10", "Author", "whatsapp:"+p.number, "Body", "Мені потрібне житло", "Source", "WHATSAPP"))
	p.post(event("onConversationStateUpdated", "StateTo", "closed", "StateFrom", "active", "Reason", "API"))
	p.wait("Чим можемо допомогти?")
	require.NoError(t, hub.stop())

	s := openData(t, hub.data)
	id := crm.ThreadID{Programme: programme.ID, Address: channels.Address{Channel: "whatsapp", ID: p.number}}
	var agent, flat int
	for x, err := range s.Interactions(t.Context(), id, crm.Page{}) {
		require.NoError(t, err)
		switch {
		case x.Out != nil && x.Out.Message.Text == "Добрий день, чим допомогти?":
			agent++
			require.Equal(t, crm.Actor{Kind: crm.Agent, ID: "oksana"}, x.By)
		case x.In != nil && x.In.Text == "Мені потрібне житло":
			flat++
		}
	}
	require.Equal(t, 1, agent)
	require.Equal(t, 1, flat)
	for _, m := range fake.Messages() {
		require.NotEqual(t, "Добрий день, чим допомогти?", m.Body, "Twilio has sent it; we do not")
	}
	th, err := s.Thread(t.Context(), id)
	require.NoError(t, err)
	require.Empty(t, th.Owner)
	require.Empty(t, fake.Complaints())
}

// A provider that is silent for half a minute does not keep webhooks waiting, and what
// does not prove to be a provider's is refused and stored nowhere.
func TestWebhooksAreAnsweredWithinASecond(t *testing.T) {
	silent := make(chan struct{})
	provider := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-silent:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(func() { close(silent); provider.Close() })
	fake := twiliotest.New(twiliotest.Config{})
	hub := newProcess(t, t.TempDir())
	hub.env = []string{
		"HUB_PUBLIC_URL=" + hub.url(), "TWILIO_WHATSAPP_FROM=" + ours, "TWILIO_SMS_FROM=" + ours, "TWILIO_VOICE_FROM=" + ours, "TWILIO_CONVERSATIONS_SERVICE_SID=" + twiliotest.SID("IS", "service"),
		"TWILIO_ACCOUNT_SID=" + fake.AccountSID, "TWILIO_AUTH_TOKEN=" + fake.AuthToken, "TWILIO_BASE_URL=" + provider.URL,
		"VIBER_TOKEN=" + viberToken, "VIBER_BASE_URL=" + provider.URL,
		"AFRICASTALKING_USERNAME=sandbox", "AFRICASTALKING_API_KEY=key", "AFRICASTALKING_BASE_URL=" + provider.URL,
	}
	hub.start()
	p := &whatsapp{mailbox: mailbox{t: t, fake: fake, hub: hub}, number: "+380670000031"}
	slowest := time.Duration(0)
	for _, text := range []string{"Привіт", "українська", "1", "Погоджуюся", "агент", "Допоможіть"} {
		began := time.Now()
		p.say(twiliotest.Inbound{Body: text})
		slowest = max(slowest, time.Since(began))
	}
	require.Less(t, slowest, 10*time.Second, "it did not wait for the provider; a busy machine takes its time")
	t.Logf("the slowest of 6 was answered after %s", slowest)

	for _, path := range []string{"/webhooks/twilio/messages", "/webhooks/twilio/status", "/webhooks/twilio/voice", "/webhooks/twilio/conversations", "/webhooks/viber", "/webhooks/africastalking"} {
		for _, body := range []string{"", "From=whatsapp%3A%2B380670000032&To=whatsapp%3A%2B15550100&MessageSid=SM1&Body=x", `{"event":"message"}`} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, hub.url()+path, strings.NewReader(body))
			require.NoError(t, err)
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("X-Twilio-Signature", "AAAA")
			r.Header.Set("X-Viber-Content-Signature", "00")
			res, err := client.Do(r)
			require.NoError(t, err)
			require.NoError(t, res.Body.Close())
			require.Equal(t, http.StatusForbidden, res.StatusCode, path)
		}
	}
	hub.kill() // its sends are still waiting
	s := openData(t, hub.data)
	for _, ch := range []string{"whatsapp", "sms", "voice", "viber", "africastalking"} {
		for _, err := range s.Interactions(t.Context(), crm.ThreadID{Programme: programme.ID, Address: channels.Address{Channel: ch, ID: "+380670000032"}}, crm.Page{}) {
			require.NoError(t, err)
			t.Fatal("something unproven was stored")
		}
	}
}
