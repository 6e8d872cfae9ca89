package webchat

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// client is one phone that talks to a server over real sockets.
type client struct {
	t     testing.TB
	base  string // ends in a slash
	token string
	http  *http.Client
}

// serve mounts d below /chat/ and returns a phone with a session.
func serve(t testing.TB, d *Driver, m *memory) (*httptest.Server, *client) {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/chat/", d.Serve(m))
	srv := httptest.NewServer(mux)
	t.Cleanup(func() {
		d.Close()
		srv.Close()
	})
	return srv, phone(t, srv, "/chat/")
}

// phone opens a session at a mount.
func phone(t testing.TB, srv *httptest.Server, mount string) *client {
	t.Helper()
	c := &client{t: t, base: srv.URL + mount, http: srv.Client()}
	res, body := c.do("POST", "session", `{"bearer":true}`)
	require.Equal(t, http.StatusCreated, res.StatusCode, body)
	var got struct {
		New   bool
		Token string
	}
	require.NoError(t, json.Unmarshal([]byte(body), &got))
	require.True(t, got.New)
	c.token = got.Token
	return c
}

func (c *client) request(method, path, body string, edit ...func(*http.Request)) *http.Request {
	c.t.Helper()
	var b io.Reader
	if body != "" {
		b = strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(context.Background(), method, c.base+path, b)
	require.NoError(c.t, err)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	for _, e := range edit {
		e(r)
	}
	return r
}

func (c *client) do(method, path, body string, edit ...func(*http.Request)) (*http.Response, string) {
	c.t.Helper()
	res, err := c.http.Do(c.request(method, path, body, edit...))
	require.NoError(c.t, err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	require.NoError(c.t, err)
	return res, string(b)
}

// frame is one server-sent event; a comment has only a comment.
type frame struct{ id, event, data, retry, comment string }

// listen opens a stream; frames comes to an end when the stream does.
func (c *client) listen(path string, edit ...func(*http.Request)) (res *http.Response, frames func() (frame, bool)) {
	c.t.Helper()
	res, err := c.http.Do(c.request("GET", path, "", edit...))
	require.NoError(c.t, err)
	c.t.Cleanup(func() { res.Body.Close() })
	lines := bufio.NewScanner(res.Body)
	return res, func() (f frame, ok bool) {
		for lines.Scan() {
			key, value, _ := strings.Cut(lines.Text(), ":")
			value = strings.TrimSpace(value)
			switch {
			case lines.Text() == "":
				return f, true
			case key == "":
				f.comment = ":" + value
			case key == "id":
				f.id = value
			case key == "event":
				f.event = value
			case key == "data":
				f.data = value
			case key == "retry":
				f.retry = value
			}
		}
		return frame{}, false
	}
}
