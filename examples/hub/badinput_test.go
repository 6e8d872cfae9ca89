package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/crm"
)

// Whatever comes in gets a clear status, stores nothing wrongly, and leaves
// the hub and the person's conversation as they were.
func TestBadInputIsRefused(t *testing.T) {
	hub := openHub(t)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	p := newPerson(1, hub.url, &client)
	p.clumsy = false
	require.NoError(t, p.arrive(ctx))
	const json = "application/json"
	big := strings.Repeat("ї", 5<<20) // 10 MB
	for _, c := range []struct {
		method, path, token, mime, body string
		want                            int
	}{
		// Sessions.
		{"POST", "/chat/message", "", json, `{"client":"a","text":"x"}`, 401},
		{"POST", "/chat/message", "AAAA", json, `{"client":"a","text":"x"}`, 401},
		{"POST", "/chat/message", p.token[:len(p.token)-2] + "AA", json, `{"client":"a","text":"x"}`, 401},
		{"POST", "/chat/message", strings.Repeat("A", 5000), json, `{"client":"a","text":"x"}`, 401},
		{"GET", "/chat/stream", "", "", "", 401},
		{"GET", "/chat/messages", "null", "", "", 401},
		{"POST", "/chat/session", "", json, `{"nonce":"short"}`, 400},
		{"POST", "/chat/session", "", json, `{"nonce":"` + strings.Repeat("A", 2000) + `"}`, 413},
		{"POST", "/chat/session", "", json, `{"campaign":"` + strings.Repeat("c", 65) + `"}`, 400},
		// Methods and paths.
		{"GET", "/chat/message", p.token, "", "", 405},
		{"PUT", "/chat/message", p.token, json, `{}`, 405},
		{"POST", "/chat/stream", p.token, json, `{}`, 405},
		{"DELETE", "/chat/", p.token, "", "", 405},
		{"BREW", "/chat/session", "", "", "", 405},
		{"POST", "/healthz", "", "", "", 405},
		{"DELETE", "/metrics", "", "", "", 405},
		{"GET", "/chat/photo", p.token, "", "", 405},
		{"POST", "/chat/photo", p.token, "image/svg+xml", "<svg onload=alert(1)>", 415},
		{"POST", "/chat/photo", "", "image/png", "x", 401},
		{"GET", "/nothing", "", "", "", 404},
		{"GET", "/chat/..%2f..%2fhub.key", p.token, "", "", 404},
		{"GET", "/chat/%00", p.token, "", "", 404},
		// Bodies.
		{"POST", "/chat/message", p.token, json, ``, 400},
		{"POST", "/chat/message", p.token, json, `{`, 400},
		{"POST", "/chat/message", p.token, json, `[]`, 400},
		{"POST", "/chat/message", p.token, json, `null`, 400},
		{"POST", "/chat/message", p.token, json, `{"client":"a","text":"x"}{}`, 400},
		{"POST", "/chat/message", p.token, json, `{"client":"a","text":"x","admin":true}`, 400},
		{"POST", "/chat/message", p.token, json, `{"client":"a","text":7}`, 400},
		{"POST", "/chat/message", p.token, json, strings.Repeat(`{"text":`, 2000), 400},
		{"POST", "/chat/message", p.token, json, "{\"client\":\"a\",\"text\":\"\xff\xfe\"}", 400},
		{"POST", "/chat/message", p.token, json, "{\"client\":\"a\",\"text\":\"\xd0\"}", 400},
		{"POST", "/chat/message", p.token, json, `{"client":"a"}`, 400},
		{"POST", "/chat/message", p.token, json, `{"client":"a","text":"  \u0007 "}`, 400},
		{"POST", "/chat/message", p.token, json, `{"client":"a","text":"x","option":"adult:yes"}`, 400},
		{"POST", "/chat/message", p.token, json, `{"client":"","text":"x"}`, 400},
		{"POST", "/chat/message", p.token, json, `{"client":".","text":"x"}`, 400},
		{"POST", "/chat/message", p.token, json, `{"client":"' OR 1=1","text":"x"}`, 400},
		{"POST", "/chat/message", p.token, json, `{"client":"a","location":{"lat":91,"lon":0}}`, 400},
		{"POST", "/chat/message", p.token, json, `{"client":"a","photo":"AAAA"}`, 400},
		{"POST", "/chat/message", p.token, "text/plain", `{"client":"a","text":"x"}`, 415},
		{"POST", "/chat/message", p.token, "", `{"client":"a","text":"x"}`, 415},
		{"POST", "/chat/message", p.token, json, `{"client":"a","text":"` + strings.Repeat("ї", 4001) + `"}`, 413},
		{"POST", "/chat/message", p.token, json, `{"client":"a","text":"` + big + `"}`, 413},
		{"GET", "/chat/messages?after=-1", p.token, "", "", 400},
		{"GET", "/chat/messages?after=%D1%8F", p.token, "", "", 400},
		{"GET", "/chat/stream?after=99999999999999999999", p.token, "", "", 400},
	} {
		r, err := http.NewRequestWithContext(ctx, c.method, hub.url()+c.path, strings.NewReader(c.body))
		require.NoError(t, err)
		r.Header.Set("Content-Type", c.mime)
		if c.token != "" {
			r.Header.Set("Authorization", "Bearer "+c.token)
		}
		res, err := p.http.Do(r)
		if !assert.NoError(t, err, "%s %s is answered", c.method, c.path) {
			continue
		}
		b, err := io.ReadAll(res.Body)
		assert.NoError(t, err)
		res.Body.Close()
		about := fmt.Sprintf("%s %s %.60s: %s", c.method, c.path, c.body, b)
		assert.Equal(t, c.want, res.StatusCode, about)
		if c.want == http.StatusMethodNotAllowed {
			assert.NotEmpty(t, res.Header.Get("Allow"), about)
		}
	}

	// Requests from another site's page, and requests that are no HTTP.
	r, err := http.NewRequestWithContext(ctx, "POST", hub.url()+"/chat/session", strings.NewReader(`{}`))
	require.NoError(t, err)
	r.Header.Set("Content-Type", json)
	r.Header.Set("Origin", "https://evil.example")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	res, err := p.http.Do(r)
	require.NoError(t, err)
	res.Body.Close()
	assert.Equal(t, http.StatusForbidden, res.StatusCode)
	for _, c := range []struct{ raw, want string }{
		{"\x16\x03\x01\x02\x00\x01\x00\x01\r\n\r\n", "400"},
		{"GET / HTTP/1.1\r\n\r\n", "400"}, // no Host
		{"GET / HTTP/9.9\r\nHost: x\r\n\r\n", "505"},
		{"GET /" + strings.Repeat("a", 64<<10) + " HTTP/1.1\r\nHost: x\r\n\r\n", "431"},
		{"GET / HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("a", 64<<10) + "\r\n\r\n", "431"},
		{"POST /chat/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: -1\r\n\r\n", "400"},
		{"POST /chat/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400"},
		{"POST /chat/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n{", "413"},
	} {
		assert.Contains(t, raw(t, hub.addr, c.raw), "HTTP/1.1 "+c.want, "%.40q", c.raw)
	}

	// What is strange, but may be said, is recorded and answered.
	require.NoError(t, p.say(ctx, message{Option: "language:uk"}))
	require.NoError(t, p.listen(ctx, 2))
	for _, text := range []string{
		"<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "'; DROP TABLE threads; --", "{name}", "%s%n", "\u202e\u2066абв", strings.Repeat("ї", 4000), "🤷🏽‍♀️", "\x00\x07дзвінок",
	} {
		require.NoError(t, p.say(ctx, message{Text: text}))
		n := len(p.heard) + 1
		require.NoError(t, p.listen(ctx, n))
		require.Len(t, p.heard, n)
		assert.NotEmpty(t, p.heard[n-1].offers("menu/start:cash"), "asked again")
	}
	require.NoError(t, p.reload(ctx))

	assert.Equal(t, "ok\n", hub.get("/healthz"))
	assert.NotContains(t, hub.logs.String(), "panic")
	assert.NotContains(t, hub.logs.String(), "evil")
	require.NoError(t, hub.stop())
	p.checkRecord(t, openData(t, hub.data)) // nothing that was refused is stored
}

// raw sends bytes and returns the beginning of the answer.
func raw(t *testing.T, addr, bytes string) string {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	defer c.Close()
	require.NoError(t, c.SetDeadline(time.Now().Add(time.Minute)))
	_, _ = io.WriteString(c, bytes) // it may be refused before it is read
	line, _ := bufio.NewReader(c).ReadString('\n')
	return line
}

// People who send or read too slowly are dropped, and hold nothing.
func TestTheSlowAreDropped(t *testing.T) {
	if !long {
		t.Skip("waits for half a minute: set HUBKIT_TEST_LONG")
	}
	hub := openHub(t)
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	p := newPerson(1, hub.url, &client)
	require.NoError(t, p.arrive(ctx))
	require.NoError(t, hub.stop())
	s := openData(t, hub.data)
	for range 40 { // more to read than the system keeps for a slow reader
		th, err := s.Thread(ctx, p.thread())
		require.NoError(t, err)
		c := crm.Change{By: crm.Actor{Kind: crm.System}, Thread: &th}
		for range 20 {
			c.Outbox = append(c.Outbox, crm.Outgoing{Pull: true, Message: channels.Message{To: th.ID.Address, Lang: "uk", Text: strings.Repeat("ї", 8000)}})
		}
		_, err = s.Commit(ctx, c)
		require.NoError(t, err)
	}
	hub.start()
	before := hub.gauge("go_goroutines")

	var lines []net.Conn
	dial := func(request string) {
		c, err := net.Dial("tcp", hub.addr)
		require.NoError(t, err)
		require.NoError(t, c.(*net.TCPConn).SetReadBuffer(4<<10))
		_, err = io.WriteString(c, request)
		require.NoError(t, err)
		lines = append(lines, c)
	}
	head := "Host: x\r\nContent-Type: application/json\r\nAuthorization: Bearer " + p.token + "\r\n"
	dial("GET /chat/stream HTTP/1.1\r\n" + head + "\r\n") // and never reads
	for range 100 {
		dial("GET /chat/messages HTTP/1.1\r\nHost: ")                                             // half a head
		dial("POST /healthz HTTP/1.1\r\n" + head + "Content-Length: 500\r\n\r\n{")                // where none is wanted
		dial("POST /chat/message HTTP/1.1\r\n" + head + "Content-Length: 500\r\n\r\n{\"client\"") // half a body
	}
	require.Eventually(t, func() bool { return hub.gauge("hubkit_webchat_streams") == 1 }, time.Minute, 20*time.Millisecond)
	require.Eventually(t, func() bool {
		return hub.gauge("hubkit_webchat_streams") == 0 && hub.gauge("go_goroutines") <= before+10
	}, 2*time.Minute, 100*time.Millisecond)
	for _, c := range lines {
		c.Close()
	}
}
