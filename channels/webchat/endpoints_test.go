package webchat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
)

func header(key, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(key, value) }
}

func TestBadInputIsRefusedAndNothingRecorded(t *testing.T) {
	m := newMemory(nil)
	d := newTest(t, m, func(c *Config) {
		c.MaxText = 100
		c.MaxPhoto = 2000
		c.Uploads = &album{}
		c.Origins = []string{"https://partner.example"}
	})
	_, c := serve(t, d, m)
	stranger := &client{t: t, base: c.base, http: c.http}
	before := len(m.heard())
	old := d.keys.token(session{id: b64.EncodeToString(make([]byte, 16)), since: time.Now().Add(-31 * 24 * time.Hour)})
	foreign := keyring{make([]byte, 32)}.token(session{id: b64.EncodeToString(make([]byte, 16)), since: time.Now()})
	huge := strings.Repeat("ї", 5_000_000) // 10 MB

	for _, tc := range []struct {
		what, method, path, body string
		by                       *client
		edit                     func(*http.Request)
		status                   int
		says                     string
	}{
		{what: "empty body", path: "message", status: 415},
		{what: "no JSON", path: "message", body: "hello", status: 400, says: "one JSON object"},
		{what: "an array", path: "message", body: `[]`, status: 400, says: "one JSON object"},
		{what: "truncated", path: "message", body: `{"client":"a","text":"x"`, status: 400},
		{what: "two objects", path: "message", body: `{"client":"a","text":"x"}{}`, status: 400, says: "follows"},
		{what: "unknown field", path: "message", body: `{"client":"a","text":"x","admin":true}`, status: 400, says: "known fields"},
		{what: "wrong type", path: "message", body: `{"client":"a","text":7}`, status: 400, says: `"text\" has the wrong type`},
		{what: "deep nesting", path: "message", body: strings.Repeat(`{"location":`, 300), status: 400},
		{what: "broken UTF-8", path: "message", body: "{\"client\":\"a\",\"text\":\"\xff\xfe\"}", status: 400, says: "UTF-8"},
		{what: "half a character", path: "message", body: "{\"client\":\"a\",\"text\":\"\xd1\"}", status: 400, says: "UTF-8"},
		{what: "nothing said", path: "message", body: `{"client":"a"}`, status: 400, says: "exactly one"},
		{what: "blank said", path: "message", body: `{"client":"a","text":" \n\u0000\u0007 "}`, status: 400, says: "exactly one"},
		{what: "two kinds", path: "message", body: `{"client":"a","text":"x","option":"y"}`, status: 400, says: "exactly one"},
		{what: "no client id", path: "message", body: `{"text":"x"}`, status: 400, says: "client"},
		{what: "long client id", path: "message", body: `{"client":"` + strings.Repeat("a", 65) + `","text":"x"}`, status: 400, says: "client"},
		{what: "script in client id", path: "message", body: `{"client":"<script>","text":"x"}`, status: 400, says: "client"},
		{what: "the beginning's id", path: "message", body: `{"client":".","text":"x"}`, status: 400, says: "client"},
		{what: "long option", path: "message", body: `{"client":"a","option":"` + strings.Repeat("a", 257) + `"}`, status: 400, says: "option"},
		{what: "control in option", path: "message", body: `{"client":"a","option":"a\u0000"}`, status: 400, says: "option"},
		{what: "long inReplyTo", path: "message", body: `{"client":"a","option":"b","inReplyTo":"` + strings.Repeat("a", 257) + `"}`, status: 400, says: "inReplyTo"},
		{what: "off the earth", path: "message", body: `{"client":"a","location":{"lat":91,"lon":0}}`, status: 400, says: "location"},
		{what: "half a place", path: "message", body: `{"client":"a","location":{"lat":1}}`, status: 400, says: "location"},
		{what: "huge latitude", path: "message", body: `{"client":"a","location":{"lat":1e999,"lon":1}}`, status: 400},
		{what: "invented photo", path: "message", body: `{"client":"a","photo":"aGVsbG8"}`, status: 400, says: "POST photo"},
		{what: "text too long", path: "message", body: `{"client":"a","text":"` + strings.Repeat("ї", 101) + `"}`, status: 413, says: "parts"},
		{what: "10 MB text", path: "message", body: `{"client":"a","text":"` + huge + `"}`, status: 413},
		{what: "10 MB in chunks", path: "message", body: `{"client":"a","text":"` + huge + `"}`, status: 413, edit: func(r *http.Request) {
			r.ContentLength, r.Body = -1, io.NopCloser(r.Body)
		}},
		{what: "a form", path: "message", body: "client=a&text=x", status: 415, edit: header("Content-Type", "application/x-www-form-urlencoded")},
		{what: "no session", path: "message", body: `{"client":"a","text":"x"}`, by: stranger, status: 401, says: "new session"},
		{what: "no session, stream", method: "GET", path: "stream", by: stranger, status: 401, says: "new session"},
		{what: "no session, messages", method: "GET", path: "messages", by: stranger, status: 401, says: "new session"},
		{what: "no session, photo", path: "photo", body: "x", by: stranger, status: 401},
		{what: "changed token", path: "message", body: `{"client":"a","text":"x"}`, status: 401, edit: func(r *http.Request) {
			b := []byte(c.token)
			b[3] ^= 1
			r.Header.Set("Authorization", "Bearer "+string(b))
		}},
		{what: "old token", path: "message", body: `{"client":"a","text":"x"}`, status: 401, edit: header("Authorization", "Bearer "+old)},
		{what: "another hub's token", path: "message", body: `{"client":"a","text":"x"}`, status: 401, edit: header("Authorization", "Bearer "+foreign)},
		{what: "10 kB token", path: "message", body: `{"client":"a","text":"x"}`, status: 401, edit: header("Authorization", "Bearer "+strings.Repeat("A", 10_000))},
		{what: "GET message", method: "GET", path: "message", status: 405},
		{what: "PUT session", method: "PUT", path: "session", body: "{}", status: 405},
		{what: "POST stream", path: "stream", body: "{}", status: 405},
		{what: "HEAD stream", method: "HEAD", path: "stream", status: 405},
		{what: "POST page", path: "", body: "{}", status: 405},
		{what: "nowhere", method: "GET", path: "nowhere", status: 404},
		{what: "a path upwards", method: "GET", path: "assets/chat.html", status: 404},
		{what: "another site", path: "message", body: `{"client":"a","text":"x"}`, status: 403, says: "origins", edit: header("Origin", "https://evil.example")},
		{what: "another site, session", path: "session", body: `{}`, status: 403, edit: header("Sec-Fetch-Site", "cross-site")},
		{what: "another site leaves", method: "DELETE", path: "session", status: 403, edit: header("Origin", "null")},
		{what: "negative place", method: "GET", path: "messages?after=-1", status: 400, says: "sequence"},
		{what: "no number", method: "GET", path: "stream?after=x", status: 400, says: "sequence"},
		{what: "too large a number", method: "GET", path: "stream?after=99999999999999999999", status: 400, says: "sequence"},
		{what: "bad Last-Event-ID", method: "GET", path: "stream", status: 400, says: "sequence", edit: header("Last-Event-ID", "1;drop")},
		{what: "short nonce", path: "session", body: `{"nonce":"AAAA"}`, status: 400, says: "nonce", by: stranger},
		{what: "long campaign", path: "session", body: `{"campaign":"` + strings.Repeat("x", 65) + `"}`, status: 400, says: "campaign", by: stranger},
		{what: "large opening", path: "session", body: `{"campaign":"` + strings.Repeat("x", 2000) + `"}`, status: 413, by: stranger},
		{what: "a script as photo", path: "photo", body: "<script>alert(1)</script>", status: 415, says: "JPEG"},
		{what: "an SVG as photo", path: "photo", body: `<svg xmlns="http://www.w3.org/2000/svg"/>`, status: 415, edit: header("Content-Type", "image/jpeg")},
		{what: "large photo", path: "photo", body: jpegOf(3000), status: 413},
		{what: "large photo in chunks", path: "photo", body: jpegOf(3000), status: 413, edit: func(r *http.Request) {
			r.ContentLength, r.Body = -1, io.NopCloser(r.Body)
		}},
	} {
		t.Run(tc.what, func(t *testing.T) {
			by, method := tc.by, tc.method
			if by == nil {
				by = c
			}
			if method == "" {
				method = "POST"
			}
			var edits []func(*http.Request)
			if tc.edit != nil {
				edits = append(edits, tc.edit)
			}
			res, body := by.do(method, tc.path, tc.body, edits...)
			assert.Equal(t, tc.status, res.StatusCode, body)
			assert.Contains(t, body, tc.says)
			assert.Equal(t, "application/problem+json", res.Header.Get("Content-Type"))
			assert.Equal(t, "no-store", res.Header.Get("Cache-Control"))
			if method != http.MethodHead {
				var p problem
				require.NoError(t, json.Unmarshal([]byte(body), &p))
				assert.Equal(t, tc.status, p.Status)
				assert.NotEmpty(t, p.Detail)
			}
			if tc.status == http.StatusMethodNotAllowed {
				assert.NotEmpty(t, res.Header.Get("Allow"))
			}
		})
	}
	assert.Len(t, m.heard(), before, "nothing that was refused is recorded")
	assert.Empty(t, d.cfg.Uploads.(*album).photos())
	assert.Equal(t, 1, d.cfg.Uploads.(*album).begun, "what says that it is too large is not even begun")
	assert.Zero(t, d.Streams())
}

func TestWhatIsSaidArrivesWhole(t *testing.T) {
	for _, tc := range []struct {
		what, body string
		want       channels.Event
	}{
		{"Ukrainian", `{"client":"c","text":"Мене звати Ївга, п’ятий під’їзд"}`, channels.Event{Text: "Мене звати Ївга, п’ятий під’їзд"}},
		{"Arabic with marks", `{"client":"c","text":"\u200fعائلة\u200f ٥"}`, channels.Event{Text: "\u200fعائلة\u200f ٥"}},
		{"joined emoji", `{"client":"c","text":"👩‍👩‍👧 ok"}`, channels.Event{Text: "👩‍👩‍👧 ok"}},
		{"script in a name", `{"client":"c","text":"<script>alert('x')</script>"}`, channels.Event{Text: "<script>alert('x')</script>"}},
		{"several lines", `{"client":"c","text":"  a\r\n\tb\u0000 \n"}`, channels.Event{Text: "a\n\tb"}},
		{"lone surrogate", `{"client":"c","text":"a\ud800b"}`, channels.Event{Text: "a\ufffdb"}},
		{"option", `{"client":"c","option":"sex:f","inReplyTo":"ref-9"}`, channels.Event{Option: "sex:f", InReplyTo: "ref-9"}},
		{"numbers in reply", `{"client":"c","text":"1, 3","inReplyTo":"ref-9"}`, channels.Event{Text: "1, 3", InReplyTo: "ref-9"}},
		{"location", `{"client":"c","location":{"lat":50.45,"lon":-30.5,"accuracy":12}}`, channels.Event{Location: &channels.Location{Lat: 50.45, Lon: -30.5, Accuracy: 12}}},
		{"the middle of the ocean", `{"client":"c","location":{"lat":0,"lon":0}}`, channels.Event{Location: &channels.Location{}}},
	} {
		t.Run(tc.what, func(t *testing.T) {
			m := newMemory(nil)
			now := time.Now()
			d := newTest(t, m, func(c *Config) {
				c.To = channels.Address{ID: "ua"}
				c.Now = func() time.Time { return now }
			})
			_, c := serve(t, d, m)
			res, body := c.do("POST", "message", tc.body)
			require.Equal(t, http.StatusAccepted, res.StatusCode, body)
			assert.Empty(t, body)
			heard := m.heard()
			require.Len(t, heard, 2)
			s, ok := d.keys.session(c.token)
			require.True(t, ok)
			want := tc.want
			want.ID, want.At = heard[1].ID, now
			want.From, want.To = channels.Address{Channel: "web", ID: s.id}, channels.Address{Channel: "web", ID: "ua"}
			assert.Equal(t, want, heard[1])
			assert.Equal(t, channels.Started, heard[0].Kind)
			assert.NotContains(t, heard[1].ID, s.id)
		})
	}
}

func TestReplayedClientIDIsTheSameEvent(t *testing.T) {
	m := newMemory(nil)
	srv, c := serve(t, newTest(t, m, nil), m)
	other := phone(t, srv, "/chat/")
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() {
			res, err := c.http.Do(c.request("POST", "message", `{"client":"same","text":"hello"}`))
			if assert.NoError(t, err) {
				assert.Equal(t, http.StatusAccepted, res.StatusCode)
				res.Body.Close()
			}
		})
	}
	all.Wait()
	require.Len(t, m.heard(), 3, "two sessions started, one message")
	id := m.heard()[2].ID
	assert.Equal(t, 5, m.seen[id])

	other.do("POST", "message", `{"client":"same","text":"hello"}`)
	require.Len(t, m.heard(), 4, "the same client id in another session is another message")
	assert.NotEqual(t, id, m.heard()[3].ID)
}

func TestSessionBeginsOnceAndIsKept(t *testing.T) {
	m := newMemory(nil)
	now := time.Now()
	d := newTest(t, m, func(c *Config) { c.Now = func() time.Time { return now } })
	_, c := serve(t, d, m)
	c.token = ""
	const nonce = `{"nonce":"AAECAwQFBgcICQoLDA0ODw","campaign":"poster-7"}`

	res, body := c.do("POST", "session", nonce)
	require.Equal(t, http.StatusCreated, res.StatusCode)
	assert.JSONEq(t, `{"new":true}`, body, "the cookie is not for scripts")
	require.Len(t, res.Cookies(), 1)
	cookie := res.Cookies()[0]
	assert.True(t, cookie.HttpOnly)
	assert.Equal(t, http.SameSiteStrictMode, cookie.SameSite)
	assert.Equal(t, "/chat/", cookie.Path)
	assert.False(t, cookie.Secure)
	assert.Equal(t, "poster-7", m.heard()[1].Campaign)

	again, _ := c.do("POST", "session", nonce)
	assert.Equal(t, http.StatusCreated, again.StatusCode)
	assert.Len(t, m.heard(), 2, "the same nonce begins the same session")

	now = now.Add(20 * 24 * time.Hour)
	res, body = c.do("POST", "session", `{}`, func(r *http.Request) { r.AddCookie(cookie) }, header("X-Forwarded-Proto", "https"))
	assert.Equal(t, http.StatusOK, res.StatusCode)
	assert.JSONEq(t, `{"new":false}`, body)
	assert.Len(t, m.heard(), 2)
	renewed := res.Cookies()[0]
	assert.True(t, renewed.Secure)

	for range 2 { // the page that a one-time link opened, and the same page loaded again
		res, _ = c.do("POST", "session", `{"campaign":"go-AAAA"}`, func(r *http.Request) { r.AddCookie(cookie) })
		assert.Equal(t, http.StatusOK, res.StatusCode)
	}
	require.Len(t, m.heard(), 3, "the link is told once")
	assert.Equal(t, "go-AAAA", m.heard()[2].Campaign)
	assert.Equal(t, channels.Started, m.heard()[2].Kind)
	assert.Equal(t, m.heard()[1].From, m.heard()[2].From, "in the conversation that there is")

	res, body = c.do("POST", "session", `{"fresh":true}`, func(r *http.Request) { r.AddCookie(cookie) })
	assert.Equal(t, http.StatusCreated, res.StatusCode)
	assert.JSONEq(t, `{"new":true}`, body)
	require.Len(t, m.heard(), 4)
	assert.NotEqual(t, m.heard()[1].From, m.heard()[3].From, "erased: somebody else may have the phone now")

	now = now.Add(20 * 24 * time.Hour)
	res, _ = c.do("GET", "messages", "", func(r *http.Request) { r.AddCookie(cookie) })
	assert.Equal(t, http.StatusUnauthorized, res.StatusCode, "older than a session lives")
	res, _ = c.do("GET", "messages", "", func(r *http.Request) { r.AddCookie(cookie); r.AddCookie(renewed) })
	assert.Equal(t, http.StatusOK, res.StatusCode, "coming back made it young again")

	res, _ = c.do("DELETE", "session", "")
	assert.Equal(t, http.StatusNoContent, res.StatusCode)
	assert.Equal(t, -1, res.Cookies()[0].MaxAge)
	assert.Empty(t, res.Cookies()[0].Value)
}

func TestKeysRotate(t *testing.T) {
	m := newMemory(nil)
	_, c := serve(t, newTest(t, m, nil), m)
	newer := newTest(t, m, func(c *Config) { c.Keys = [][]byte{make([]byte, 40), testKey} })
	_, ok := newer.alive(c.token)
	assert.True(t, ok)
	s, _ := newer.alive(c.token)
	without := newTest(t, m, func(c *Config) { c.Keys = [][]byte{make([]byte, 40)} })
	_, ok = without.alive(c.token)
	assert.False(t, ok)
	_, ok = without.alive(newer.keys.token(s))
	assert.True(t, ok)
	_, ok = newer.photoOf(s, c.token)
	assert.False(t, ok, "a signature serves for one use")
}

func TestPaceOfASession(t *testing.T) {
	m := newMemory(nil)
	now := time.Now()
	srv, c := serve(t, newTest(t, m, func(c *Config) {
		c.PerMinute, c.NewPerMinute = 3, 2
		c.Now = func() time.Time { return now }
	}), m)
	for range 3 {
		res, _ := c.do("POST", "message", `{"client":"a","text":"x"}`)
		assert.Equal(t, http.StatusAccepted, res.StatusCode)
	}
	res, body := c.do("POST", "message", `{"client":"a","text":"x"}`)
	assert.Equal(t, http.StatusTooManyRequests, res.StatusCode, body)
	assert.Equal(t, "20", res.Header.Get("Retry-After"))

	other := phone(t, srv, "/chat/")
	res, _ = other.do("POST", "message", `{"client":"a","text":"x"}`)
	assert.Equal(t, http.StatusAccepted, res.StatusCode, "another session is not held up")

	res, _ = other.do("POST", "session", `{}`, func(r *http.Request) { r.Header.Del("Authorization") })
	assert.Equal(t, http.StatusServiceUnavailable, res.StatusCode, "sessions begin at a pace")
	assert.Equal(t, "30", res.Header.Get("Retry-After"))

	now = now.Add(20 * time.Second)
	res, _ = c.do("POST", "message", `{"client":"b","text":"x"}`)
	assert.Equal(t, http.StatusAccepted, res.StatusCode)
}

func TestReadingHasItsOwnPace(t *testing.T) {
	m := newMemory(nil)
	now := time.Now()
	_, c := serve(t, newTest(t, m, func(c *Config) { c.Now = func() time.Time { return now } }), m)
	for range 1200 {
		res, _ := c.do("GET", "messages", "")
		require.Equal(t, http.StatusOK, res.StatusCode)
	}
	for _, path := range []string{"messages", "stream"} {
		res, _ := c.do("GET", path, "")
		assert.Equal(t, http.StatusTooManyRequests, res.StatusCode)
		assert.NotEmpty(t, res.Header.Get("Retry-After"))
	}
	res, _ := c.do("POST", "message", `{"client":"a","text":"x"}`)
	assert.Equal(t, http.StatusAccepted, res.StatusCode)
}

func TestAHubThatPanicsMeansLater(t *testing.T) {
	var log strings.Builder
	m := newMemory(func(e channels.Event) []channels.Message {
		if e.Kind == channels.Said {
			panic("secret " + e.Text)
		}
		return nil
	})
	_, c := serve(t, newTest(t, m, func(c *Config) { c.Logger = slog.New(slog.NewTextHandler(&log, nil)) }), m)
	res, body := c.do("POST", "message", `{"client":"a","text":"x"}`)
	assert.Equal(t, http.StatusServiceUnavailable, res.StatusCode)
	assert.NotContains(t, body, "secret")
	assert.Contains(t, log.String(), "type=string")
	assert.NotContains(t, log.String(), "secret")
}

func TestWhatWasReadIsRecordedThoughTheLineDrops(t *testing.T) {
	begun, gone := make(chan struct{}), make(chan error, 1)
	var request context.Context
	hub := channels.HandlerFunc(func(ctx context.Context, e channels.Event) ([]channels.Message, error) {
		if e.Kind == channels.Said {
			close(begun)
			<-request.Done() // the phone has gone
			gone <- ctx.Err()
		}
		return nil, nil
	})
	chat := newTest(t, newMemory(nil), nil).Serve(hub)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		request = r.Context()
		chat.ServeHTTP(w, r)
	}))
	defer srv.Close()
	c := phone(t, srv, "/")
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-begun
		cancel()
	}()
	_, err := c.http.Do(c.request("POST", "message", `{"client":"a","text":"x"}`).WithContext(ctx))
	require.ErrorIs(t, err, context.Canceled)
	assert.NoError(t, <-gone)
}

func TestAnAbortedHandlerCutsTheLine(t *testing.T) {
	hub := channels.HandlerFunc(func(_ context.Context, e channels.Event) ([]channels.Message, error) {
		if e.Kind == channels.Said {
			panic(http.ErrAbortHandler)
		}
		return nil, nil
	})
	srv := httptest.NewServer(newTest(t, newMemory(nil), nil).Serve(hub))
	defer srv.Close()
	c := phone(t, srv, "/")
	_, err := c.http.Do(c.request("POST", "message", `{"client":"a","text":"x"}`))
	assert.ErrorIs(t, err, io.EOF)
}

func TestAHubThatFailsMeansLater(t *testing.T) {
	m := newMemory(nil)
	srv, c := serve(t, newTest(t, m, nil), m)
	m.setFail(errBroken)
	for _, r := range []*http.Request{
		c.request("POST", "message", `{"client":"a","text":"x"}`),
		c.request("GET", "messages", ""),
		(&client{t: t, base: c.base}).request("POST", "session", `{}`),
	} {
		res, err := srv.Client().Do(r)
		require.NoError(t, err)
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		assert.Equal(t, http.StatusServiceUnavailable, res.StatusCode)
		assert.NotEmpty(t, res.Header.Get("Retry-After"))
		assert.NotContains(t, string(body), errBroken.Error())
		assert.Empty(t, res.Cookies())
	}
	m.setFail(&channels.Error{Cause: channels.Throttled, After: time.Minute})
	res, _ := c.do("POST", "message", `{"client":"a","text":"x"}`)
	assert.Equal(t, "60", res.Header.Get("Retry-After"), "the hub knows better when")
	m.setFail(nil)
	res, _ = c.do("POST", "message", `{"client":"a","text":"x"}`)
	assert.Equal(t, http.StatusAccepted, res.StatusCode)
}

func TestLogsHoldNothingPersonal(t *testing.T) {
	var log strings.Builder
	m := newMemory(nil)
	a := &album{}
	d := newTest(t, m, func(c *Config) { c.Logger = slog.New(slog.NewTextHandler(&log, nil)); c.Uploads = a })
	_, c := serve(t, d, m)
	m.setFail(fmt.Errorf("insert: %w", errors.New("secret words of "+at(t, d, c).ID)))
	a.fail = errors.New("secret photo")
	c.do("POST", "message", `{"client":"a","text":"secret text"}`)
	c.do("GET", "messages", "")
	c.do("POST", "photo", jpegOf(100))
	assert.Equal(t, 3, strings.Count(log.String(), "level=WARN"))
	assert.NotContains(t, log.String(), "secret")
	assert.NotContains(t, log.String(), at(t, d, c).ID)
	assert.NotContains(t, log.String(), c.token)
}

// album keeps photos for tests.
type album struct {
	mu    sync.Mutex
	begun int
	kept  []string
	fail  error
}

func (a *album) Save(_ context.Context, mime string, r io.Reader) (channels.Media, error) {
	b, err := io.ReadAll(r)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.begun++
	if err = errors.Join(err, a.fail); err != nil {
		return channels.Media{}, err
	}
	a.kept = append(a.kept, string(b))
	return channels.Media{URL: "photo:1", Type: mime, Size: int64(len(b))}, nil
}

func (a *album) setFail(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.fail = err
}

func (a *album) photos() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]string(nil), a.kept...)
}

// jpegOf is n bytes that begin as a JPEG does.
func jpegOf(n int) string { return "\xff\xd8\xff\xe0" + strings.Repeat("x", n-4) }

func TestPhoto(t *testing.T) {
	m, a := newMemory(nil), &album{}
	d := newTest(t, m, func(c *Config) { c.Uploads = a; c.MaxPhoto = 2000 })
	srv, c := serve(t, d, m)
	other := phone(t, srv, "/chat/")

	res, body := c.do("POST", "photo", jpegOf(2000), header("Content-Type", "image/jpeg"))
	require.Equal(t, http.StatusCreated, res.StatusCode, body)
	assert.Equal(t, []string{jpegOf(2000)}, a.photos())
	var got map[string]string
	require.NoError(t, json.Unmarshal([]byte(body), &got))
	message := `{"client":"p","text":"my roof","photo":"` + got["photo"] + `"}`

	res, _ = other.do("POST", "message", message)
	assert.Equal(t, http.StatusBadRequest, res.StatusCode, "a photo belongs to its session")
	res, body = c.do("POST", "message", message)
	require.Equal(t, http.StatusAccepted, res.StatusCode, body)
	last := m.heard()[len(m.heard())-1]
	assert.Equal(t, []channels.Media{{URL: "photo:1", Type: "image/jpeg", Size: 2000}}, last.Media)
	assert.Equal(t, "my roof", last.Text)

	res, _ = c.do("POST", "photo", jpegOf(4))
	assert.Equal(t, http.StatusCreated, res.StatusCode, "shorter than what is looked at")
	a.fail = errBroken
	res, _ = c.do("POST", "photo", jpegOf(100))
	assert.Equal(t, http.StatusServiceUnavailable, res.StatusCode)

	_, without := serve(t, newTest(t, m, nil), m)
	res, _ = without.do("POST", "photo", jpegOf(100))
	assert.Equal(t, http.StatusNotFound, res.StatusCode, "off without Uploads")
}
