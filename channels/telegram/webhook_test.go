package telegram

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOnlyTheSecretIsBelieved(t *testing.T) {
	d := newProvider(t).driver(t)
	body := recorded(t)["text"]
	for _, given := range []string{"", secret[1:], secret + "x", strings.ToUpper(secret), "Bearer " + secret} {
		r := webhook(body)
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", given)
		es, err := d.Receive(r, []byte(body))
		require.ErrorIs(t, err, channels.ErrSignature, given)
		assert.Empty(t, es)
	}
}

// hubServer serves the driver's webhook by a real server, as Telegram meets it.
func hubServer(t *testing.T, d *Driver) *httptest.Server {
	c, err := channels.New(d, channels.Config{})
	require.NoError(t, err)
	srv := httptest.NewServer(c.Webhook(channels.HandlerFunc(func(context.Context, channels.Event) ([]channels.Message, error) { return nil, nil })))
	t.Cleanup(srv.Close)
	return srv
}

// post posts an update and reads the whole response.
func post(t *testing.T, srv *httptest.Server, body string) int {
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL, strings.NewReader(body))
	require.NoError(t, err)
	r.Header = webhook(body).Header
	res, err := srv.Client().Do(r)
	require.NoError(t, err)
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	assert.Empty(t, answer, "the body may hold a call: it holds none")
	return res.StatusCode
}

func TestATapIsConfirmed(t *testing.T) {
	p := newProvider(t)
	srv := hubServer(t, p.driver(t))
	assert.Equal(t, 200, post(t, srv, recorded(t)["tap"]))
	assert.Equal(t, 200, post(t, srv, recorded(t)["text"]))
	assert.Equal(t, 200, post(t, srv, recorded(t)["tap-foreign"]))
	srv.Close() // waits for what goes on after the responses
	assert.Equal(t, []string{
		`answerCallbackQuery {"callback_query_id":"3007000000000000001"}`,
		`answerCallbackQuery {"callback_query_id":"3007000000000000001"}`,
	}, p.other, "also the tap of a button that is not ours: its spinner turns as well")
}

func TestASlowConfirmationKeepsNobodyWaiting(t *testing.T) {
	p := newProvider(t)
	asked, let := make(chan struct{}), make(chan struct{})
	p.ack = func(w http.ResponseWriter, _ *http.Request) {
		close(asked)
		<-let
		refuse(w, 400, "Bad Request: query is too old and response timeout expired or query ID is invalid", "")
	}
	srv := hubServer(t, p.driver(t))
	assert.Equal(t, 200, post(t, srv, recorded(t)["tap"]), "the response came while the confirmation hangs")
	select {
	case <-asked:
	case <-time.After(time.Minute):
		t.Error("the tap was never confirmed")
	}
	close(let)
}

func TestATapThatIsNotRecordedIsNotConfirmed(t *testing.T) {
	p := newProvider(t)
	c, err := channels.New(p.driver(t), channels.Config{})
	require.NoError(t, err)
	w := httptest.NewRecorder()
	c.Webhook(channels.HandlerFunc(func(context.Context, channels.Event) ([]channels.Message, error) {
		return nil, io.ErrUnexpectedEOF
	})).ServeHTTP(w, webhook(recorded(t)["tap"]))
	assert.Equal(t, 500, w.Code)
	assert.Empty(t, p.other, "Telegram sends it again")
}

func TestSetWebhookAndMe(t *testing.T) {
	p := newProvider(t)
	d := p.driver(t)
	require.NoError(t, d.SetWebhook(t.Context(), "https://hub.example/webhooks/telegram"))
	require.Len(t, p.other, 1)
	method, body, _ := strings.Cut(p.other[0], " ")
	assert.Equal(t, "setWebhook", method)
	assert.JSONEq(t, `{"url":"https://hub.example/webhooks/telegram","secret_token":"`+secret+`","allowed_updates":["message","callback_query","my_chat_member"]}`, body)
	for _, bad := range []string{"", "hub.example", "/webhooks", "https://%zz"} {
		assert.Equal(t, channels.Misconfigured, channels.CauseOf(d.SetWebhook(t.Context(), bad)), bad)
	}
	bot, err := d.Me(t.Context())
	require.NoError(t, err)
	assert.Equal(t, Bot{ID: 123456, Username: "dovidka_bot"}, bot)

	wrong, err := New(Config{Token: "1:wrong", BaseURL: p.URL, Client: &http.Client{}})
	require.NoError(t, err)
	_, err = wrong.Me(t.Context())
	assert.Equal(t, channels.Misconfigured, channels.CauseOf(err))
	assert.Equal(t, channels.Misconfigured, channels.CauseOf(wrong.SetWebhook(t.Context(), "https://hub.example")))
}

func TestDeepLink(t *testing.T) {
	link, err := DeepLink("dovidka_bot", "poster-7")
	require.NoError(t, err)
	assert.Equal(t, "https://t.me/dovidka_bot?start=poster-7", link)
	link, err = DeepLink("dovidka_bot", "")
	require.NoError(t, err)
	assert.Equal(t, "https://t.me/dovidka_bot", link)
	for _, bad := range [][2]string{{"", "x"}, {"a/b_c", "x"}, {"dovidka_bot", "плакат"}, {"dovidka_bot", strings.Repeat("x", 65)}, {"dovidka_bot", "a b"}} {
		_, err = DeepLink(bad[0], bad[1])
		require.ErrorIs(t, err, ErrLink)
	}
}
