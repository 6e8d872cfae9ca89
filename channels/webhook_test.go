package channels_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// door is a recorder with a receive of its own.
type door struct {
	*channelstest.Recorder
	receive func(*http.Request, []byte) ([]channels.Event, error)
}

func (d door) Receive(r *http.Request, body []byte) ([]channels.Event, error) {
	return d.receive(r, body)
}

func TestWebhook(t *testing.T) {
	rec := channelstest.NewRecorder("sms", channelstest.SMS())
	event := channels.Event{ID: "e1", From: channels.Address{ID: "+380501234567"}, Text: "canary так", Session: "call"}
	good := func() *http.Request { return rec.Inbound(event) }
	with := func(change func(*http.Request)) *http.Request {
		r := good()
		change(r)
		return r
	}
	heard := func(context.Context, channels.Event) ([]channels.Message, error) {
		return []channels.Message{{Lang: "uk", Text: "Дякуємо", Options: []channels.Option{{ID: "a", Label: "Так"}}}}, nil
	}
	for _, c := range []struct {
		name   string
		r      *http.Request
		hub    channels.HandlerFunc
		driver channels.Driver
		status int
		body   string
	}{
		{"a webhook", good(), heard, nil, 200, "Дякуємо\n1. Так\n"},
		{"GET", with(func(r *http.Request) { r.Method = http.MethodGet }), heard, nil, 405, "Method Not Allowed\n"},
		{"not the provider's", with(func(r *http.Request) { r.Header.Del("X-Token") }), heard, nil, 403, "Forbidden\n"},
		{"not readable", with(func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader("{canary")); r.ContentLength = 7 }), heard, nil, 400, "Bad Request\n"},
		{"announced as too long", with(func(r *http.Request) { r.ContentLength = 2000 }), heard, nil, 413, "Request Entity Too Large\n"},
		{"too long without saying so", with(func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(strings.Repeat("x", 2000))), -1
		}), heard, nil, 413, "Request Entity Too Large\n"},
		{"broken off", with(func(r *http.Request) { r.Body = io.NopCloser(iotest.ErrReader(io.ErrUnexpectedEOF)) }), heard, nil, 400, "Bad Request\n"},
		{"the hub fails", good(), func(context.Context, channels.Event) ([]channels.Message, error) { return nil, errBroken }, nil, 500, "Internal Server Error\n"},
		{"the hub replies with nothing to say", good(), func(context.Context, channels.Event) ([]channels.Message, error) {
			return []channels.Message{{}}, nil
		}, nil, 500, "Internal Server Error\n"},
		{"the hub panics", good(), func(context.Context, channels.Event) ([]channels.Message, error) { panic("canary") }, nil, 500, "internal error\n"},
		{"the driver panics", good(), heard, door{rec, func(*http.Request, []byte) ([]channels.Event, error) { panic(errBroken) }}, 500, "internal error\n"},
		{"nothing known in it", good(), heard, door{rec, func(*http.Request, []byte) ([]channels.Event, error) { return nil, nil }}, 200, ""},
		{"a driver without webhooks", good(), heard, silent{}, 404, "404 page not found\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var logs bytes.Buffer
			d := c.driver
			if d == nil {
				d = rec
			}
			ch := channel(t, d, channels.Config{MaxBody: 1000, Logger: slog.New(slog.NewTextHandler(&logs, nil))})
			w := httptest.NewRecorder()
			ch.Webhook(c.hub).ServeHTTP(w, c.r)
			assert.Equal(t, c.status, w.Code)
			assert.Equal(t, c.body, w.Body.String())
			assert.NotContains(t, logs.String()+w.Body.String(), "canary")
			assert.NotContains(t, logs.String(), "380")
			if c.status == 405 {
				assert.Equal(t, "POST", w.Header().Get("Allow"))
			}
			if c.status >= 400 && c.status != 404 {
				assert.Contains(t, logs.String(), "channel=sms", "what was refused is logged")
			}
		})
	}
}

func TestWebhookHandsOnEventsInOrderCleanedAndCompleted(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	rec := channelstest.NewRecorder("sms", channelstest.SMS())
	d := door{rec, func(r *http.Request, body []byte) ([]channels.Event, error) {
		again, err := io.ReadAll(r.Body)
		if err != nil || !bytes.Equal(again, body) {
			return nil, errors.New("r.Body does not read the body again")
		}
		return []channels.Event{
			{ID: "1", From: channels.Address{ID: "a"}, To: channels.Address{ID: "b"}, Text: "а\x00б\x1b\u009b\r\nв\xff\u200f🇺🇦"},
			{ID: "2", From: channels.Address{Channel: "sms", ID: "a"}, At: now.Add(-time.Hour)},
			{ID: "3", At: now.Add(time.Hour)},
		}, nil
	}}
	var got []channels.Event
	h := channels.HandlerFunc(func(_ context.Context, e channels.Event) ([]channels.Message, error) {
		got = append(got, e)
		return nil, nil
	})
	c := channel(t, d, channels.Config{Now: func() time.Time { return now }})
	w := httptest.NewRecorder()
	c.Webhook(h).ServeHTTP(w, rec.Inbound(channels.Event{ID: "x"}))
	require.Equal(t, 200, w.Code)
	require.Len(t, got, 3)
	assert.Equal(t, "аб\nв\uFFFD\u200f🇺🇦", got[0].Text)
	assert.Equal(t, "sms:a", got[0].From.Reveal())
	assert.Equal(t, "sms:b", got[0].To.Reveal())
	assert.Equal(t, now, got[0].At)
	assert.Equal(t, now.Add(-time.Hour), got[1].At)
	assert.Equal(t, now, got[2].At, "a clock that runs ahead is not believed")
}

func TestWebhookFinishesWhenTheProviderHangsUp(t *testing.T) {
	rec := channelstest.NewRecorder("sms", channelstest.SMS())
	ctx, cancel := context.WithCancel(t.Context())
	h := channels.HandlerFunc(func(ctx context.Context, _ channels.Event) ([]channels.Message, error) {
		cancel()
		_, bounded := ctx.Deadline()
		assert.True(t, bounded)
		return nil, ctx.Err()
	})
	w := httptest.NewRecorder()
	r := rec.Inbound(channels.Event{ID: "x", From: channels.Address{ID: "a"}}).WithContext(ctx)
	channel(t, rec, channels.Config{}).Webhook(h).ServeHTTP(w, r)
	assert.Equal(t, 200, w.Code, "what was received is recorded")
}

func TestWebhookLetsAHandlerAbort(t *testing.T) {
	rec := channelstest.NewRecorder("sms", channelstest.SMS())
	h := channels.HandlerFunc(func(context.Context, channels.Event) ([]channels.Message, error) { panic(http.ErrAbortHandler) })
	assert.PanicsWithError(t, http.ErrAbortHandler.Error(), func() {
		channel(t, rec, channels.Config{}).Webhook(h).ServeHTTP(httptest.NewRecorder(), rec.Inbound(channels.Event{ID: "x", From: channels.Address{ID: "a"}}))
	})
}

// page is a driver that serves endpoints of its own.
type page struct{ silent }

func (page) Serve(h channels.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = h.Handle(r.Context(), channels.Event{ID: "from the page"})
		_, _ = io.WriteString(w, r.URL.Path)
	})
}

func TestWebhookOfADriverThatServesItself(t *testing.T) {
	got := ""
	h := channels.HandlerFunc(func(_ context.Context, e channels.Event) ([]channels.Message, error) {
		got = e.ID
		return nil, nil
	})
	w := httptest.NewRecorder()
	channel(t, page{}, channels.Config{}).Webhook(h).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/chat/stream", nil))
	assert.Equal(t, "/chat/stream", w.Body.String())
	assert.Equal(t, "from the page", got)
}

func FuzzWebhook(f *testing.F) {
	for _, s := range []string{`{"ID":"1","From":"2","Text":"так"}`, `{"ID":"1","From":"2","Text":"نعم\u0000"}`, "", "{", "\xff", `{"ID":"👋🏽","From":"\u202e","Kind":200}`} {
		f.Add([]byte(s))
	}
	rec := channelstest.NewRecorder("sms", channelstest.SMS())
	c := channel(f, rec, channels.Config{})
	h := c.Webhook(channels.HandlerFunc(func(_ context.Context, e channels.Event) ([]channels.Message, error) {
		return []channels.Message{{Text: e.Text}}, nil
	}))
	f.Fuzz(func(t *testing.T, body []byte) {
		r := rec.Inbound(channels.Event{ID: "x"})
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		assert.Contains(t, []int{200, 400, 500}, w.Code)
	})
}

func BenchmarkWebhook(b *testing.B) {
	rec := channelstest.NewRecorder("sms", channelstest.SMS())
	h := channel(b, rec, channels.Config{}).Webhook(channels.HandlerFunc(func(context.Context, channels.Event) ([]channels.Message, error) { return nil, nil }))
	e := channels.Event{ID: "e1", From: channels.Address{ID: "+380501234567"}, Text: "так"}
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(httptest.NewRecorder(), rec.Inbound(e))
	}
}

// A call in a language without the words that tell its keys is not broken off: the
// driver is given what cannot be said, without parts.
func TestWebhookOfACallWithoutWords(t *testing.T) {
	rec := channelstest.NewRecorder("voice", channelstest.Voice())
	d := &caller{Recorder: rec}
	var logs bytes.Buffer
	ch := channel(t, d, channels.Config{Logger: slog.New(slog.NewTextHandler(&logs, nil))})
	w := httptest.NewRecorder()
	ch.Webhook(channels.HandlerFunc(func(context.Context, channels.Event) ([]channels.Message, error) {
		return []channels.Message{
			{Lang: "so", Text: "canary", Ref: "1"},
			{Lang: "so", Text: "canary", Ref: "2", Options: []channels.Option{{ID: "a", Label: "Haa"}}},
		}, nil
	})).ServeHTTP(w, rec.Inbound(channels.Event{ID: "1", Session: "call", From: channels.Address{ID: "+380501234567"}}))
	assert.Equal(t, http.StatusOK, w.Code)
	require.Len(t, d.replies, 2)
	assert.Equal(t, []string{"canary"}, d.replies[0].Parts)
	assert.Empty(t, d.replies[1].Parts)
	assert.Equal(t, "2", d.replies[1].Ref)
	assert.Contains(t, logs.String(), "lang=so")
	assert.NotContains(t, logs.String(), "canary")
}

// caller keeps what a call is answered with.
type caller struct {
	*channelstest.Recorder
	replies []channels.Rendered
}

func (c *caller) Answer(_ http.ResponseWriter, _ *http.Request, replies []channels.Rendered) error {
	c.replies = replies
	return nil
}
