package viber

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func recorded(t testing.TB) map[string]string {
	files, err := filepath.Glob("testdata/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	out := map[string]string{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		require.NoError(t, err)
		out[strings.TrimSuffix(filepath.Base(f), ".json")] = string(b)
	}
	return out
}

func TestRecordedCallbacks(t *testing.T) {
	d, err := New(Config{Token: token, Sender: "x", Bot: "dovidka"})
	require.NoError(t, err)
	at := time.Date(2026, 1, 2, 3, 4, 5, 123e6, time.UTC)
	lat := &channels.Location{Lat: 50.4501, Lon: 30.5234}
	news := func(s channels.Stage) *channels.Status {
		return &channels.Status{ID: "4912661846655238144", Stage: s, At: at}
	}
	failed := news(channels.Failed)
	failed.Cause, failed.Code = channels.Unavailable, "failed"
	want := map[string]*channels.Event{
		"webhook": nil, "client-status": nil,
		"subscribed":           {ID: "subscribed/4912661846655238141", Kind: channels.Started},
		"unsubscribed":         {ID: "unsubscribed/4912661846655238142", Kind: channels.Stopped},
		"conversation-started": {ID: "conversation_started/4912661846655238143", Kind: channels.Started, Campaign: "плакат 7", Session: "4912661846655238143"},
		"delivered":            {ID: "delivered/4912661846655238144", Kind: channels.News, Status: news(channels.Delivered)},
		"seen":                 {ID: "seen/4912661846655238144", Kind: channels.News, Status: news(channels.Read)},
		"failed":               {ID: "failed/4912661846655238144", Kind: channels.News, Status: failed},
		"text":                 {ID: "message/4912661846655238145", Text: "Так, потрібна 👋🏽\u200f نعم"},
		"tap":                  {ID: "message/4912661846655238146", Option: "cash:yes", InReplyTo: "01J9"},
		"picture": {ID: "message/4912661846655238147", Text: "паспорт", Media: []channels.Media{
			{URL: "https://media.example/p?x=1", Type: "image/png", Name: "p.png", Size: 345678},
		}},
		"video":    {ID: "message/4912661846655238148", Media: []channels.Media{{URL: "https://media.example/v", Type: "video/mp4", Size: 9}}},
		"file":     {ID: "message/4912661846655238149", Media: []channels.Media{{URL: "https://media.example/f", Type: "application/pdf", Name: "довідка.pdf", Size: 10000}}},
		"location": {ID: "message/4912661846655238151", Location: lat},
		"contact":  {ID: "message/4912661846655238152", Text: "+380501234567"},
		"sticker":  {ID: "message/4912661846655238153"},
		"url":      {ID: "message/4912661846655238154", Text: "https://example.org/x"},
	}
	all := recorded(t)
	require.Len(t, all, len(want))
	for name, body := range all {
		es, err := d.Receive(webhook(body), []byte(body))
		require.NoError(t, err, name)
		e := want[name]
		if e == nil {
			assert.Empty(t, es, name)
			continue
		}
		require.Len(t, es, 1, name)
		e.At, e.From, e.To = at, channels.Address{Channel: "viber", ID: olena}, channels.Address{Channel: "viber", ID: "dovidka"}
		assert.Equal(t, *e, es[0], name)
	}
}

// unread are the documented fields that the driver leaves alone, so that a field it
// should read cannot be forgotten: names, photos and what the app says of itself.
var unread = []string{
	"contact.name", "desc", "duration", "silent", "subscribed", "sticker_id", "thumbnail", "type",
	"user.api_version", "user.avatar", "user.country", "user.language", "user.name",
}

func TestRecordedCallbacksSurviveARoundTrip(t *testing.T) {
	for name, body := range recorded(t) {
		var c callback
		require.NoError(t, json.Unmarshal([]byte(body), &c))
		again, err := encode(c)
		require.NoError(t, err)
		before, after := tree(t, body), tree(t, string(again))
		for path, v := range after {
			assert.Equal(t, before[path], v, "%s: %s", name, path)
		}
		for path, v := range before {
			short := strings.NewReplacer("sender.", "user.", "message.", "").Replace(path)
			if _, ok := after[path]; !ok && v != `""` {
				assert.Contains(t, unread, short, "%s: %s is not read", name, path)
			}
		}
	}
}

// tree returns the leaves of a JSON object by path, as they are written.
func tree(t *testing.T, body string) map[string]string {
	out := map[string]string{}
	var walk func(prefix string, raw json.RawMessage)
	walk = func(prefix string, raw json.RawMessage) {
		var m map[string]json.RawMessage
		if json.Unmarshal(raw, &m) != nil {
			out[strings.TrimSuffix(prefix, ".")] = string(raw)
			return
		}
		for k, v := range m {
			walk(prefix+k+".", v)
		}
	}
	walk("", json.RawMessage(body))
	return out
}

func TestMalformedCallbacks(t *testing.T) {
	d := newProvider(t).driver(t)
	for _, body := range []string{
		"", "null!", "[]", `"x"`, `{"event":"message"}`, `{"event":"message","message_token":1,"sender":{"id":"a"}}`,
		`{"event":"message","message_token":1,"message":{"type":"text","text":"x"}}`,
		`{"event":"message","sender":{"id":"a"},"message":{"type":"text","text":"x"}}`,
		`{"event":"seen","message_token":1}`, `{"event":"seen","user_id":"a"}`, `{"event":"seen","user_id":"a","message_token":"x"}`,
		`{"event":"unsubscribed","user_id":7,"message_token":1}`, `{"event":"conversation_started","message_token":1,"user":null}`,
	} {
		es, err := d.Receive(webhook(body), []byte(body))
		require.ErrorIs(t, err, channels.ErrMalformed, body)
		assert.Empty(t, es)
	}
	for _, body := range []string{`null`, `{}`, `{"event":"new_thing","user":{"id":"a"}}`} {
		es, err := d.Receive(webhook(body), []byte(body))
		require.NoError(t, err, body)
		assert.Empty(t, es)
	}
}

func said(t require.TestingT, d *Driver, message string) channels.Event {
	body := fmt.Sprintf(`{"event":"message","message_token":1,"sender":{"id":"a"},"message":%s}`, message)
	es, err := d.Receive(webhook(body), []byte(body))
	require.NoError(t, err)
	require.Len(t, es, 1)
	return es[0]
}

func TestAPlaceIsNeverInvented(t *testing.T) {
	d := newProvider(t).driver(t)
	for location, there := range map[string]bool{
		`{"lat":0,"lon":0}`: true, `{"lat":-90,"lon":180}`: true,
		`{}`: false, `null`: false, `{"lat":1}`: false, `{"lon":1}`: false, `{"lat":90.1,"lon":0}`: false, `{"lat":0,"lon":-181}`: false,
	} {
		e := said(t, d, `{"type":"location","location":`+location+`}`)
		assert.Equal(t, there, e.Location != nil, location)
	}
}

func TestContactNumbers(t *testing.T) {
	for given, want := range map[string]string{
		"380501234567": "+380501234567", "+380501234567": "+380501234567", " 12025550100 ": "+12025550100",
		"0501234567": "0501234567", "101": "101", "": "", "050 123": "050 123",
	} {
		assert.Equal(t, want, international(given), given)
	}
}

// Whatever a person types is text; only what a button sends is a tap.
func TestTypedTextIsNeverATap(t *testing.T) {
	d := newProvider(t).driver(t)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"cash:yes", "hub:more:2", "menu/start:a", "hubkit:tap", "hubkit:tap:", " hubkit:tap:x", "так"})).Draw(t, "text")
		text = strings.ToValidUTF8(text, "\uFFFD")
		e := said(t, d, `{"type":"text","text":`+quote(text)+`}`)
		assert.Empty(t, e.Option)
		assert.Equal(t, text, e.Text)

		id := rapid.StringMatching(`[a-z/]{1,20}:[a-z0-9:_]{1,60}`).Draw(t, "id")
		r := channels.Rendered{Message: channels.Message{Ref: "r"}, Form: channels.List, Parts: []string{"?"}, Shown: []channels.Option{{ID: id, Label: "A"}}}
		ms, failed := d.compose(r)
		require.Nil(t, failed)
		e = said(t, d, `{"type":"text","text":`+quote(ms[0].Keyboard.Buttons[0].ActionBody)+`}`)
		assert.Equal(t, id, e.Option, "what we issue comes back as it was")
		assert.Empty(t, e.Text)
	})
}

func FuzzReceive(f *testing.F) {
	for _, body := range recorded(f) {
		f.Add([]byte(body))
	}
	for _, text := range []string{"Так, мені потрібна їжа", "نعم \u200f١\u202e", "👩‍👩‍👧\u0000", "hubkit:tap:"} {
		f.Add([]byte(`{"event":"message","message_token":9223372036854775807,"sender":{"id":"a"},"message":{"type":"text","text":` + quote(text) + `}}`))
	}
	f.Add([]byte(`{"event":"message","message_token":1e3,"sender":{"id":"a"},"message":{"type":"location","location":{"lat":1e308,"lon":-0}}}`))
	d, err := New(Config{Token: token, Sender: "x"})
	require.NoError(f, err)
	kinds := []channels.EventKind{channels.Said, channels.Started, channels.Stopped, channels.News}
	f.Fuzz(func(t *testing.T, body []byte) {
		es, err := d.Receive(webhook(string(body)), body)
		if err != nil {
			require.ErrorIs(t, err, channels.ErrMalformed)
			require.Empty(t, es)
			return
		}
		for _, e := range es {
			require.NotEmpty(t, e.From.ID)
			require.True(t, slices.Contains(kinds, e.Kind))
			require.Equal(t, e.Kind == channels.News, e.Status != nil)
			require.False(t, e.Option != "" && e.Text != "")
			if e.Location != nil {
				require.True(t, e.Location.Lat >= -90 && e.Location.Lat <= 90 && e.Location.Lon >= -180 && e.Location.Lon <= 180)
			}
			for _, m := range e.Media {
				require.NotEmpty(t, m.URL)
				require.NotEmpty(t, m.Type)
				require.GreaterOrEqual(t, m.Size, int64(0))
			}
		}
		wrong := webhook(string(body) + " ")
		_, err = d.Receive(wrong, body)
		require.ErrorIs(t, err, channels.ErrSignature)
	})
}

func BenchmarkReceive(b *testing.B) {
	d, err := New(Config{Token: token, Sender: "x"})
	require.NoError(b, err)
	body := recorded(b)["text"]
	r := webhook(body)
	b.ReportAllocs()
	for b.Loop() {
		if es, err := d.Receive(r, []byte(body)); err != nil || len(es) != 1 {
			b.Fatal(err)
		}
	}
}
