package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEveryRefusalHasItsCause(t *testing.T) {
	p := newProvider(t)
	// Telegram's usual words, with what each class means for us.
	for _, c := range []struct {
		code  int
		words string
		more  string
		want  channels.Cause
	}{
		{400, "Bad Request: chat not found", "", channels.Unreachable},
		{400, "Bad Request: can't parse entities", "", channels.Rejected},
		{400, "Bad Request: message text is empty", "", channels.Rejected},
		{400, "Bad Request: message is too long", "", channels.Rejected},
		{400, "Bad Request: BUTTON_DATA_INVALID", "", channels.Rejected},
		{400, "Bad Request: reply markup is too long", "", channels.Rejected},
		{400, "Bad Request: failed to get HTTP URL content", "", channels.Rejected},
		{400, "Bad Request: PEER_ID_INVALID", "", channels.Unreachable},
		{400, "Bad Request: group chat was upgraded to a supergroup chat", `"migrate_to_chat_id":-100123`, channels.Unreachable},
		{401, "Unauthorized", "", channels.Misconfigured},
		{403, "Forbidden: bot was blocked by the user", "", channels.OptedOut},
		{403, "Forbidden: user is deactivated", "", channels.Unreachable},
		{403, "Forbidden: bot can't initiate conversation with a user", "", channels.Unreachable},
		{404, "Not Found", "", channels.Misconfigured},
		{409, "Conflict: terminated by other getUpdates request", "", channels.Misconfigured},
		{413, "Request Entity Too Large", "", channels.Rejected},
		{429, "Too Many Requests: retry after 9", `"retry_after":9`, channels.Throttled},
		{500, "Internal Server Error", "", channels.Unknown},
		{502, "Bad Gateway", "", channels.Unknown},
	} {
		p.answer = func(w http.ResponseWriter, _ got) bool {
			refuse(w, c.code, c.words+" "+olena, c.more)
			return true
		}
		m := to(olena)
		m.Text = "Так"
		err := send(t, p, m)
		assert.Equal(t, c.want, channels.CauseOf(err), c.words)
		assert.Contains(t, err.Error(), fmt.Sprint("(code ", c.code))
		assert.NotContains(t, err.Error(), olena, "what Telegram says may hold an id")
	}
}

func TestAnswersThatAreNotPlain(t *testing.T) {
	p := newProvider(t)
	for _, c := range []struct {
		name  string
		code  int
		body  string
		want  channels.Cause
		after time.Duration
	}{
		{"taken", 200, `{"ok":true,"result":{"message_id":1,"date":1}}`, channels.None, 0},
		{"no date", 200, `{"ok":true,"result":{"message_id":1}}`, channels.None, 0},
		{"no message_id", 200, `{"ok":true,"result":{"date":1}}`, channels.Unknown, 0},
		{"no result", 200, `{"ok":true}`, channels.Unknown, 0},
		{"another result", 200, `{"ok":true,"result":true}`, channels.Unknown, 0},
		{"not ok, no code", 200, `{"ok":false}`, channels.Unknown, 0},
		{"null", 200, `null`, channels.Unknown, 0},
		{"HTML", 200, `<html>`, channels.Unknown, 0},
		{"half", 200, `{"ok":true,"result":{"mess`, channels.Unknown, 0},
		{"nothing", 200, ``, channels.Unknown, 0},
		{"moved", 302, ``, channels.Misconfigured, 0},
		{"not there", 404, `<html>`, channels.Misconfigured, 0},
		{"a proxy's 403", 403, `<html>`, channels.Unreachable, 0},
		{"a proxy's 429", 429, `<html>`, channels.Throttled, 30 * time.Second},
		{"a long silence", 429, `{"ok":false,"error_code":429,"parameters":{"retry_after":999999999999}}`, channels.Throttled, 24 * time.Hour},
		{"a wrong silence", 429, `{"ok":false,"error_code":429,"parameters":{"retry_after":-4}}`, channels.Throttled, 30 * time.Second},
		{"unavailable", 503, `<html>`, channels.Unknown, 30 * time.Second},
	} {
		p.answer = func(w http.ResponseWriter, _ got) bool {
			if c.code >= 429 {
				w.Header().Set("Retry-After", "30")
			}
			w.WriteHeader(c.code)
			fmt.Fprint(w, c.body)
			return true
		}
		m := to(olena)
		m.Text = "Так"
		err := send(t, p, m)
		assert.Equal(t, c.want, channels.CauseOf(err), c.name)
		var e *channels.Error
		if errors.As(err, &e) {
			assert.Equal(t, c.after, e.After, c.name)
		}
	}
}

// everything returns all that an error, and what it wraps, would print.
func everything(err error) string {
	var b strings.Builder
	for ; err != nil; err = errors.Unwrap(err) {
		fmt.Fprintf(&b, "%v %+v %#v\n", err, err, err)
	}
	return b.String()
}

func TestTheTokenIsInNoError(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	slow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // else the server does not notice who leaves
		<-r.Context().Done()
	}))
	defer slow.Close()
	drop := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	defer drop.Close()
	bad := "http://127.0.0.1:1/%zz"
	photo := channels.Media{URL: "telegram:file/x"}
	for name, base := range map[string]string{"gone": gone.URL, "slow": slow.URL, "drop": drop.URL, "no TLS": strings.Replace(drop.URL, "http", "https", 1)} {
		d, err := New(Config{Token: token, BaseURL: base})
		require.NoError(t, err)
		for _, f := range []func(context.Context) error{
			func(ctx context.Context) error {
				_, err := d.Send(ctx, channels.Rendered{Message: to(olena), Parts: []string{"Так"}})
				return err
			},
			func(ctx context.Context) error { _, err := d.Me(ctx); return err },
			func(ctx context.Context) error { _, err := d.Open(ctx, photo); return err },
			func(ctx context.Context) error { return d.SetWebhook(ctx, "https://hub.example") },
		} {
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			err := f(ctx)
			cancel()
			require.Error(t, err, name)
			assert.NotContains(t, everything(err), "AAE-secret", name)
			assert.NotContains(t, everything(err), "/bot", name)
			var u *url.Error
			assert.False(t, errors.As(err, &u), "the URL holds the token")
		}
	}
	_, err := New(Config{Token: token, BaseURL: bad})
	require.Error(t, err)
	assert.NotContains(t, everything(err), "AAE-secret")
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
