package main

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// phone is a browser with its cookie.
type phone struct {
	t    *testing.T
	http http.Client
	base string
}

func (p *phone) do(method, path, body string) string {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.base+path, strings.NewReader(body))
	require.NoError(p.t, err)
	r.Header.Set("Content-Type", "application/json")
	res, err := p.http.Do(r)
	require.NoError(p.t, err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	require.NoError(p.t, err)
	require.Less(p.t, res.StatusCode, 300, "%s", b)
	return string(b)
}

// last is what the hub said last.
func (p *phone) last() string {
	p.t.Helper()
	var got struct{ Entries []struct{ Text string } }
	require.NoError(p.t, json.Unmarshal([]byte(p.do("GET", "messages", "")), &got))
	require.NotEmpty(p.t, got.Entries)
	return got.Entries[len(got.Entries)-1].Text
}

// open serves the hub on new or old data until the returned function is called.
func (p *phone) open(dir string) (closed func()) {
	p.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(p.t, err)
	p.base = "http://" + l.Addr().String() + "/chat/"
	ctx, cancel := context.WithCancel(p.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, dir, l) }()
	return func() {
		cancel()
		assert.ErrorIs(p.t, <-ended, net.ErrClosed)
		p.http.CloseIdleConnections()
	}
}

func TestARegistrationOutlivesARestart(t *testing.T) {
	dir := t.TempDir()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	p := &phone{t: t, http: http.Client{Jar: jar}}
	closed := p.open(dir)
	assert.Contains(t, p.do("GET", "", ""), "<html")
	p.do("POST", "session", "{}")
	assert.Contains(t, p.last(), "Choose a language")
	p.do("POST", "message", `{"client":"1","text":"українська"}`)
	assert.Equal(t, "Чи можна зберегти ваші відповіді?", p.last())
	closed()

	closed = p.open(dir) // on another port: a cookie belongs to the host
	defer closed()
	assert.Equal(t, "Чи можна зберегти ваші відповіді?", p.last())
	p.do("POST", "message", `{"client":"2","text":"так"}`)
	assert.Equal(t, "Скільки людей живе з вами?", p.last())
	p.do("POST", "message", `{"client":"3","text":"п’ять"}`)
	p.do("POST", "message", `{"client":"3","text":"п’ять"}`) // the line was bad
	p.do("POST", "message", `{"client":"4","text":"статус"}`)
	assert.Contains(t, p.last(), "отримали")
}
