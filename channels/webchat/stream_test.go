package webchat

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/hubkit/hubkit/channels"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// at is the address behind a token.
func at(t testing.TB, d *Driver, c *client) channels.Address {
	s, ok := d.keys.session(c.token)
	require.True(t, ok)
	return address(s)
}

func TestStreamBySequenceNumber(t *testing.T) {
	m := newMemory(nil)
	d := newTest(t, m, nil)
	_, c := serve(t, d, m)
	a := at(t, d, c)
	m.say(a, channels.Message{Text: "one\n\ndata: two", Lang: "uk"}, channels.Message{
		Heading: "1/2", Text: "Стать?", Lang: "uk", Several: true, Open: true,
		Options: []channels.Option{{ID: "sex:f", Label: "Жінка", Short: "Ж", Hint: "h"}},
		Media:   []channels.Media{{URL: "https://x.example/a.jpg", Type: "image/jpeg", Name: "a"}},
		Spoken:  "not for the page", To: a,
	})

	res, next := c.listen("stream")
	assert.Equal(t, "text/event-stream", res.Header.Get("Content-Type"))
	assert.Equal(t, "no-store", res.Header.Get("Cache-Control"))
	assert.Equal(t, "no", res.Header.Get("X-Accel-Buffering"))
	f, _ := next()
	assert.Equal(t, "3000", f.retry)
	f, _ = next()
	assert.Equal(t, "1", f.id)
	assert.JSONEq(t, `{"seq":1,"ref":"ref-1","lang":"uk","text":"one\n\ndata: two"}`, f.data)
	f, _ = next()
	assert.Equal(t, "2", f.id)
	assert.JSONEq(t, `{"seq":2,"ref":"ref-2","lang":"uk","heading":"1/2","text":"Стать?","several":true,"open":true,
		"options":[{"id":"sex:f","label":"Жінка","short":"Ж","hint":"h"}],
		"media":[{"url":"https://x.example/a.jpg","type":"image/jpeg","name":"a"}]}`, f.data)

	m.say(a, channels.Message{Text: "live"})
	m.say(channels.Address{Channel: "web", ID: "somebody else"}, channels.Message{Text: "secret"})
	f, _ = next()
	assert.Equal(t, "3", f.id)

	for _, again := range []struct {
		path string
		edit func(*http.Request)
	}{{"stream?after=2", header("X", "x")}, {"stream", header("Last-Event-ID", "2")}, {"stream?after=0", header("Last-Event-ID", "2")}} {
		_, next := c.listen(again.path, again.edit)
		_, _ = next()
		f, _ = next()
		assert.Equal(t, "3", f.id, "resumes after what was seen")
	}

	_, body := c.do("GET", "messages?after=2", "")
	assert.JSONEq(t, `{"entries":[{"seq":3,"ref":"ref-3","text":"live"}]}`, body)
	_, body = c.do("GET", "messages?after=3", "")
	assert.JSONEq(t, `{"entries":[]}`, body)
}

func TestStreamGivesSignsOfLife(t *testing.T) {
	m := newMemory(nil)
	_, c := serve(t, newTest(t, m, func(c *Config) { c.Heartbeat = 5 * time.Millisecond }), m)
	_, next := c.listen("stream")
	_, _ = next()
	for range 3 {
		f, ok := next()
		require.True(t, ok)
		assert.Equal(t, frame{comment: ":"}, f)
	}
}

func TestNewestStreamOfASessionWins(t *testing.T) {
	m := newMemory(nil)
	d := newTest(t, m, func(c *Config) { c.MaxStreams = 1 })
	srv, c := serve(t, d, m)
	_, first := c.listen("stream")
	_, _ = first()
	_, second := c.listen("stream")
	_, _ = second()
	f, ok := first()
	assert.True(t, ok)
	assert.Equal(t, "moved", f.event)
	_, ok = first()
	assert.False(t, ok, "the older stream ends")
	assert.Equal(t, 1, d.Streams())

	other := phone(t, srv, "/chat/")
	res, body := other.do("GET", "stream", "")
	assert.Equal(t, http.StatusServiceUnavailable, res.StatusCode, body)
	assert.NotEmpty(t, res.Header.Get("Retry-After"))
}

func TestStreamEndsWhenTheServerCloses(t *testing.T) {
	m := newMemory(nil)
	d := newTest(t, m, nil)
	_, c := serve(t, d, m)
	_, next := c.listen("stream")
	_, _ = next()
	d.Close()
	f, ok := next()
	require.True(t, ok)
	assert.Equal(t, "end", f.event)
	retry, err := strconv.Atoi(f.retry)
	require.NoError(t, err)
	assert.GreaterOrEqual(t, retry, 1000)
	_, ok = next()
	assert.False(t, ok)
	res, _ := c.do("GET", "stream", "")
	assert.Equal(t, http.StatusServiceUnavailable, res.StatusCode)
}

func TestStreamEndsWithTheContextOfTheServer(t *testing.T) {
	m := newMemory(nil)
	d := newTest(t, m, func(c *Config) { c.Heartbeat = 300 * time.Millisecond })
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	srv := httptest.NewUnstartedServer(http.StripPrefix("/hub", d.Serve(m)))
	srv.Config.BaseContext = func(net.Listener) context.Context { return ctx }
	srv.Config.ReadTimeout, srv.Config.WriteTimeout = 2*time.Second, 2*time.Second
	srv.Start()
	defer srv.Close()
	c := phone(t, srv, "/hub/")
	_, next := c.listen("stream")
	_, _ = next()

	// Signs of life are the clock: together they last longer than the timeouts.
	for range 10 {
		f, ok := next()
		require.True(t, ok, "the server's timeouts are not for streams")
		assert.Equal(t, frame{comment: ":"}, f)
	}
	m.say(at(t, d, c), channels.Message{Text: "x"})
	for f, ok := next(); f.id != "1"; f, ok = next() {
		require.True(t, ok)
	}

	stop()
	f, ok := next()
	for ok && f.comment != "" {
		f, ok = next()
	}
	require.True(t, ok)
	assert.Equal(t, "end", f.event)
}

func TestShutdownDoesNotWaitForStreams(t *testing.T) {
	m := newMemory(nil)
	d := newTest(t, m, nil)
	srv, c := serve(t, d, m)
	srv.Config.RegisterOnShutdown(d.Close)
	_, next := c.listen("stream")
	_, _ = next()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.NoError(t, srv.Config.Shutdown(ctx))
	f, _ := next()
	assert.Equal(t, "end", f.event)
}

func TestStreamOverHTTP2(t *testing.T) {
	m := newMemory(nil)
	d := newTest(t, m, func(c *Config) { c.Heartbeat = 1600 * time.Millisecond; c.Patience = 1200 * time.Millisecond })
	srv := httptest.NewUnstartedServer(d.Serve(m))
	srv.EnableHTTP2 = true
	srv.Config.ReadTimeout, srv.Config.WriteTimeout = 2*time.Second, 2*time.Second
	srv.StartTLS()
	defer srv.Close()
	defer d.Close()
	c := phone(t, srv, "/")
	res, next := c.listen("stream")
	require.Equal(t, 2, res.ProtoMajor)
	_, _ = next()
	for range 3 { // longer than every timeout: silence is no slow reader
		f, ok := next()
		require.True(t, ok)
		assert.Equal(t, frame{comment: ":"}, f)
	}
}

func TestABacklogThatFailsEndsTheStreamWithAHint(t *testing.T) {
	m := newMemory(nil)
	d := newTest(t, m, nil)
	_, c := serve(t, d, m)
	_, next := c.listen("stream")
	_, _ = next()
	m.setFail(errBroken)
	m.say(at(t, d, c), channels.Message{Text: "x"})
	f, ok := next()
	require.True(t, ok)
	assert.Equal(t, frame{event: "end", retry: "5000"}, f)
	_, ok = next()
	assert.False(t, ok)
}

func TestASlowReaderIsDropped(t *testing.T) {
	m := newMemory(nil)
	d := newTest(t, m, func(c *Config) { c.Patience = 300 * time.Millisecond })
	srv, c := serve(t, d, m)
	addr := at(t, d, c)

	conn, err := net.Dial("tcp", srv.Listener.Addr().String())
	require.NoError(t, err)
	defer conn.Close() // never read from: every write waits for its deadline
	require.NoError(t, conn.(*net.TCPConn).SetReadBuffer(4096))
	_, err = io.WriteString(conn, "GET /chat/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "+c.token+"\r\n\r\n")
	require.NoError(t, err)
	require.Eventually(t, func() bool { return d.Streams() == 1 }, time.Minute, time.Millisecond)

	long := strings.Repeat("x", 1<<20)
	for range 16 { // more than the sockets hold
		m.say(addr, channels.Message{Text: long})
	}
	require.Eventually(t, func() bool { return d.Streams() == 0 }, time.Minute, 5*time.Millisecond)
}

func TestALeavingReaderLeavesNothing(t *testing.T) {
	m := newMemory(nil)
	d := newTest(t, m, nil)
	srv, _ := serve(t, d, m)
	for range 20 {
		c := phone(t, srv, "/chat/")
		ctx, cancel := context.WithCancel(t.Context())
		res, err := c.http.Do(c.request("GET", "stream", "").WithContext(ctx))
		require.NoError(t, err)
		cancel()
		res.Body.Close()
	}
	require.Eventually(t, func() bool { return d.Streams() == 0 }, time.Minute, time.Millisecond)
}

func TestEntriesThatComeWhileReadingAreNotMissed(t *testing.T) {
	m := newMemory(nil)
	d := newTest(t, m, nil)
	_, c := serve(t, d, m)
	a := at(t, d, c)
	const n = 500
	go func() {
		for i := range n {
			m.say(a, channels.Message{Text: strconv.Itoa(i)})
		}
	}()
	_, next := c.listen("stream")
	_, _ = next()
	for i := range n {
		f, ok := next()
		require.True(t, ok)
		var e shown
		require.NoError(t, json.Unmarshal([]byte(f.data), &e))
		require.Equal(t, strconv.Itoa(i), e.Text)
	}
}
