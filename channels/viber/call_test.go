package viber

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hubkit/hubkit/channels"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEveryStatusHasItsCause(t *testing.T) {
	p := newProvider(t)
	// The table of Viber's documentation, with what each class means for us.
	for status1, want := range map[int]channels.Cause{
		1: channels.Misconfigured, 2: channels.Misconfigured, 3: channels.Rejected, 4: channels.Rejected, 5: channels.Unreachable,
		6: channels.OptedOut, 7: channels.Misconfigured, 8: channels.Misconfigured, 9: channels.Misconfigured, 10: channels.Misconfigured,
		11: channels.Unreachable, 12: channels.Throttled, 13: channels.Rejected, 14: channels.Rejected, 15: channels.Misconfigured,
		16: channels.Rejected, 17: channels.Rejected, 18: channels.Rejected, 19: channels.Misconfigured, 20: channels.Misconfigured,
		21: channels.Unreachable, 22: channels.Rejected, 23: channels.Misconfigured, 24: channels.Misconfigured,
		25: channels.Unavailable, 999: channels.Unavailable, -1: channels.Unavailable,
	} {
		p.answer = func(w http.ResponseWriter, _ got) bool { status(w, status1); return true }
		m := to(olena)
		m.Text = "Так"
		err := send(t, p, m)
		assert.Equal(t, want, channels.CauseOf(err), "%d", status1)
		assert.Contains(t, err.Error(), fmt.Sprintf("(code %d)", status1))
		assert.NotContains(t, err.Error(), "olena", "what Viber says may hold an id")
	}
}

func TestAnswersThatAreNotPlain(t *testing.T) {
	p := newProvider(t)
	for _, c := range []struct {
		name string
		code int
		body string
		want channels.Cause
	}{
		{"taken", 200, `{"status":0,"message_token":1}`, channels.None},
		{"no token", 200, `{"status":0}`, channels.Unknown},
		{"token zero", 200, `{"status":0,"message_token":0}`, channels.Unknown},
		{"no status", 200, `{"message_token":1}`, channels.Unknown},
		{"status null", 200, `null`, channels.Unknown},
		{"HTML", 200, `<html>`, channels.Unknown},
		{"half", 200, `{"status":0,"message_to`, channels.Unknown},
		{"nothing", 200, ``, channels.Unknown},
		{"endless", 200, `{"status":0,"x":"` + strings.Repeat("x", 2<<20) + `"}`, channels.Unknown},
		{"moved", 301, ``, channels.Misconfigured},
		{"not there", 404, ``, channels.Misconfigured},
		{"forbidden", 403, ``, channels.Misconfigured},
		{"bad request", 400, ``, channels.Rejected},
		{"unavailable", 503, `<html>`, channels.Unknown},
	} {
		p.answer = func(w http.ResponseWriter, _ got) bool {
			w.WriteHeader(c.code)
			fmt.Fprint(w, c.body)
			return true
		}
		m := to(olena)
		m.Text = "Так"
		assert.Equal(t, c.want, channels.CauseOf(send(t, p, m)), c.name)
	}
}

func TestTokensAreExact(t *testing.T) {
	p := newProvider(t)
	p.answer = func(w http.ResponseWriter, _ got) bool {
		fmt.Fprint(w, `{"status":0,"message_token":18446744073709551615}`)
		return true
	}
	receipt, err := p.driver(t).Send(t.Context(), channels.Rendered{Message: to(olena), Parts: []string{"Так"}})
	require.NoError(t, err)
	assert.Equal(t, "18446744073709551615", receipt.ID)
}

func TestTheTokenStaysHere(t *testing.T) {
	visited := false
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visited = true }))
	defer other.Close()
	p := newProvider(t)
	p.answer = func(w http.ResponseWriter, _ got) bool {
		w.Header().Set("Location", other.URL)
		w.WriteHeader(http.StatusTemporaryRedirect)
		return true
	}
	m := to(olena)
	m.Text = "Так"
	assert.Equal(t, channels.Misconfigured, channels.CauseOf(send(t, p, m)))
	assert.False(t, visited)
}

func TestAccount(t *testing.T) {
	p := newProvider(t)
	d := p.driver(t)
	a, err := d.AccountInfo(t.Context())
	require.NoError(t, err)
	assert.Equal(t, Account{Name: "Довідка", URI: "dovidka", Webhook: "https://hub.example", Events: []string{"seen"}, Subscribers: 35}, a)

	require.NoError(t, d.SetWebhook(t.Context(), "https://hub.example/webhooks/viber"))
	assert.JSONEq(t, `{"url":"https://hub.example/webhooks/viber","send_name":false,"send_photo":false,
		"event_types":["delivered","seen","failed","subscribed","unsubscribed","conversation_started"]}`, p.hooks[0])
	for _, bad := range []string{"", "hub.example", "/webhooks", "https://%zz"} {
		assert.Equal(t, channels.Misconfigured, channels.CauseOf(d.SetWebhook(t.Context(), bad)), bad)
	}
	assert.Len(t, p.hooks, 1)

	wrong, err := New(Config{Token: "wrong", Sender: "x", BaseURL: p.URL, Client: &http.Client{}})
	require.NoError(t, err)
	_, err = wrong.AccountInfo(t.Context())
	assert.Equal(t, channels.Misconfigured, channels.CauseOf(err))
	assert.Equal(t, channels.Misconfigured, channels.CauseOf(wrong.SetWebhook(t.Context(), "https://hub.example")))
}

func TestDeepLink(t *testing.T) {
	assert.Equal(t, "viber://pa?chatURI=dovidka", DeepLink("dovidka", ""))
	assert.Equal(t, "viber://pa?chatURI=dovidka&context=%D0%BF%D0%BB%D0%B0%D0%BA%D0%B0%D1%82%207%2B%26%3D", DeepLink("dovidka", "плакат 7+&="))
}

func TestNewRefuses(t *testing.T) {
	for _, c := range []struct {
		c    Config
		want []string
	}{
		{Config{}, []string{"Token", "Sender"}},
		{Config{Token: "t", Sender: strings.Repeat("я", 29)}, []string{"Sender"}},
		{Config{Token: "t", Sender: "x", BaseURL: "chatapi.viber.com"}, []string{"BaseURL"}},
		{Config{Token: "t", Sender: "x", BaseURL: "file:///x"}, []string{"BaseURL"}},
	} {
		d, err := New(c.c)
		assert.Nil(t, d)
		for _, want := range c.want {
			require.ErrorContains(t, err, want)
		}
	}
	d, err := New(Config{Token: "t", Sender: strings.Repeat("я", 28), Name: "viber-help"})
	require.NoError(t, err)
	assert.Equal(t, "viber-help", d.Name())
}
