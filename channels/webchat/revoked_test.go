package webchat

import (
	"encoding/json"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
)

// A session that was revoked is over at once, wherever its token is; the others
// go on, and whoever had it begins another.
func TestARevokedSessionIsOver(t *testing.T) {
	m := newMemory(nil)
	var stolen atomic.Pointer[channels.Address]
	d := newTest(t, m, func(c *Config) {
		c.Heartbeat = 20 * time.Millisecond
		c.Revoked = func(a channels.Address) bool { s := stolen.Load(); return s != nil && *s == a }
	})
	srv, c := serve(t, d, m)
	other := phone(t, srv, "/chat/")
	a := at(t, d, c)
	_, next := c.listen("stream")
	_, _ = next()
	res, body := c.do("POST", "message", `{"client":"a","text":"ще я"}`)
	require.Equal(t, http.StatusAccepted, res.StatusCode, body)

	stolen.Store(&a)
	f, ok := next()
	for ok && f.event == "" {
		f, ok = next()
	}
	assert.Equal(t, "end", f.event, "its stream ends")
	for _, ask := range []struct{ method, path, body string }{
		{"POST", "message", `{"client":"b","text":"вже не я"}`}, {"GET", "messages?after=0", ""}, {"GET", "stream", ""},
	} {
		res, body := c.do(ask.method, ask.path, ask.body)
		assert.Equal(t, http.StatusUnauthorized, res.StatusCode, body)
	}
	m.say(a, channels.Message{Text: "secret"})
	assert.NotContains(t, allSaid(m.heard()), "вже не я")

	res, body = other.do("POST", "message", `{"client":"c","text":"інша людина"}`)
	assert.Equal(t, http.StatusAccepted, res.StatusCode, body)
	res, body = c.do("POST", "session", `{"bearer":true}`)
	require.Equal(t, http.StatusCreated, res.StatusCode, body)
	assert.NotContains(t, body, c.token)
}

// The nonce of a session that was revoked does not bring it back.
func TestARevokedSessionDoesNotComeBackByItsNonce(t *testing.T) {
	m := newMemory(nil)
	var stolen atomic.Pointer[channels.Address]
	d := newTest(t, m, func(c *Config) {
		c.Revoked = func(a channels.Address) bool { s := stolen.Load(); return s != nil && *s == a }
	})
	_, c := serve(t, d, m)
	const open = `{"bearer":true,"fresh":true,"nonce":"AAAAAAAAAAAAAAAAAAAAAA"}`
	for range 2 {
		_, body := c.do("POST", "session", open)
		c.token = tokenIn(t, body)
	}
	a := at(t, d, c)
	stolen.Store(&a)
	_, body := c.do("POST", "session", open)
	c.token = tokenIn(t, body)
	assert.NotEqual(t, a, at(t, d, c))
	res, body := c.do("GET", "messages?after=0", "")
	assert.Equal(t, http.StatusOK, res.StatusCode, body)
}

func tokenIn(t *testing.T, body string) string {
	t.Helper()
	var got struct{ Token string }
	require.NoError(t, json.Unmarshal([]byte(body), &got))
	return got.Token
}
