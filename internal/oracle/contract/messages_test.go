package contract

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/twilio"
	"github.com/hubkit/hubkit/channels/twilio/twiliotest"
)

const (
	person = "+380501234567"
	ours   = "+15550100"
)

// checked returns an account whose requests go through a checker to a fake.
func checked(t *testing.T) (*twilio.Account, *twiliotest.Fake, *checker) {
	t.Helper()
	fake := twiliotest.New(twiliotest.Config{})
	c := newChecker(t, fake)
	account, err := twilio.NewAccount(twilio.Config{
		AccountSID: fake.AccountSID, AuthToken: fake.AuthToken, PublicURL: "https://hub.example.org", HTTP: &http.Client{Transport: c},
	})
	require.NoError(t, err)
	t.Cleanup(func() {
		assert.Empty(t, c.faults, "what the documents do not allow")
		assert.Empty(t, fake.Complaints(), "what the fake does not allow")
	})
	return account, fake, c
}

// The checker refuses answers of another shape, too.
func TestTheCheckerRefusesAnswers(t *testing.T) {
	c := newChecker(t, http.NotFoundHandler())
	messages := "https://api.twilio.com/2010-04-01/Accounts/" + twiliotest.SID("AC", "x") + "/Messages.json"
	for body, want := range map[string]string{
		`{"sid":"` + twiliotest.SID("SM", "x") + `","status":"queued"}`: "", `{"status":"levitating"}`: "status", `{"num_segments":1}`: "num_segments",
		`{"sid":"SM1"}`: "sid", `[]`: "object",
	} {
		w := httptest.NewRecorder()
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_, err := w.WriteString(body)
		require.NoError(t, err)
		err = c.answer(httptest.NewRequest(http.MethodPost, messages, nil), w)
		if want == "" {
			require.NoError(t, err)
		} else {
			require.ErrorContains(t, err, want, body)
		}
	}
}

// Each form of a message, on each channel, and all that surrounds it.
func TestMessagesKeepTheContract(t *testing.T) {
	account, fake, c := checked(t)
	service := twiliotest.SID("MG", "pool")
	w, err := account.WhatsApp(twilio.WhatsAppConfig{From: ours})
	require.NoError(t, err)
	s, err := account.SMS(twilio.SMSConfig{From: ours, MessagingService: service, MMS: true, Smart: true, ShortenURLs: true})
	require.NoError(t, err)
	for _, driver := range []channels.Driver{w, s} {
		ch, err := channels.New(driver, channels.Config{})
		require.NoError(t, err)
		for _, n := range []int{0, 1, 3, 4, 10, 12} {
			m := channels.Message{Ref: fmt.Sprint("r", n), To: channels.Address{Channel: ch.Name(), ID: person}, Lang: "uk", Text: "Де ви живете? п'ять", NotAfter: time.Now().Add(time.Hour)}
			for i := range n {
				m.Options = append(m.Options, channels.Option{ID: fmt.Sprint("q:", i), Label: fmt.Sprint("Варіант ", i), Hint: "або ні"})
			}
			_, err := ch.Send(t.Context(), m)
			require.NoError(t, err)
		}
		_, err = ch.Send(t.Context(), channels.Message{To: channels.Address{Channel: ch.Name(), ID: person}, Text: "Карта", Media: []channels.Media{{URL: "https://hub.example.org/a.jpg"}}})
		require.NoError(t, err)
		for _, err := range driver.(channels.Reconciler).Sent(t.Context(), "", time.Now().Add(-time.Hour), time.Now()) {
			require.NoError(t, err)
		}
	}
	receipt, err := s.Schedule(t.Context(), channels.Rendered{
		Message: channels.Message{Ref: "later", To: channels.Address{Channel: "sms", ID: person}}, Parts: []string{"Завтра"},
	}, time.Now().Add(time.Hour))
	require.NoError(t, err)
	require.NoError(t, account.Cancel(t.Context(), receipt.ID))
	require.NoError(t, account.Redact(t.Context(), receipt.ID))
	photo := fake.File("image/jpeg", []byte("photo"))
	require.NoError(t, account.DeleteFile(t.Context(), channels.Media{URL: photo.URL}))
	assert.Len(t, fake.Messages(), 15)
	for _, call := range []string{
		"POST /2010-04-01/Accounts/{AccountSid}/Messages.json", "GET /2010-04-01/Accounts/{AccountSid}/Messages.json",
		"POST /2010-04-01/Accounts/{AccountSid}/Messages/{Sid}.json", "DELETE /2010-04-01/Accounts/{AccountSid}/Messages/{MessageSid}/Media/{Sid}.json", "POST /v1/Content", "GET /v2/Content",
	} {
		assert.NotZero(t, c.seen[call], call)
	}
}

// Each kind of content, made, submitted and asked for.
func TestContentsKeepTheContract(t *testing.T) {
	account, fake, c := checked(t)
	reply := []twilio.Action{{Type: twilio.Reply, Title: "Так", ID: "q:yes"}}
	cs := []twilio.Content{
		{Kind: twilio.TextContent, Name: "hello", Lang: "uk", Category: twilio.Utility, Body: "Добрий день, {{1}}!", Samples: map[string]string{"1": "Олено"}},
		{Kind: twilio.MediaContent, Lang: "uk", Body: "Карта", Media: []string{"https://hub.example.org/a.jpg"}},
		{Kind: twilio.QuickReply, Name: "reminder", Lang: "pt-BR", Category: twilio.Marketing, Body: "Continuar?", Actions: reply},
		{Kind: twilio.ListPicker, Lang: "uk", Body: "Де?", Button: "Обрати", Items: []twilio.Item{{ID: "q:1", Title: "Київ", Hint: "місто"}, {ID: "q:2", Title: "Львів"}}},
		{Kind: twilio.CallToAction, Name: "open", Lang: "en", Category: twilio.Utility, Body: "Go on?", Actions: []twilio.Action{
			{Type: twilio.Link, Title: "Open", URL: "https://hub.example.org"}, {Type: twilio.Phone, Title: "Call", Phone: ours},
		}},
		{Kind: twilio.Card, Lang: "en", Body: "Open today", Subtitle: "9 to 17", Media: []string{"https://hub.example.org/a.jpg"}, Actions: append(reply,
			twilio.Action{Type: twilio.CopyCode, Title: "Copy", Code: "A1"})},
	}
	_, err := account.Sync(t.Context(), cs, twilio.SyncConfig{Submit: true})
	require.NoError(t, err)
	assert.Len(t, fake.Contents(), len(cs))
	for _, call := range []string{
		"POST /v1/Content", "GET /v2/Content", "POST /v1/Content/{ContentSid}/ApprovalRequests/whatsapp", "GET /v1/Content/{Sid}/ApprovalRequests",
	} {
		assert.NotZero(t, c.seen[call], call)
	}
}
