package telegram

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
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

func TestRecordedUpdates(t *testing.T) {
	d := newProvider(t).driver(t)
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	file := func(id, kind, name string, size int64) []channels.Media {
		return []channels.Media{{URL: "telegram:file/" + id, Type: kind, Name: name, Size: size}}
	}
	want := map[string]*channels.Event{
		"unblocked": nil, "group": nil, "edited": nil, "poll-kind": nil, "pinned": nil, "tap-foreign": nil,
		"text":           {ID: "860000001", At: at, Text: "Так, потрібна 👋🏽\u200f نعم"},
		"start":          {ID: "860000002", At: at, Text: "/start"},
		"start-payload":  {ID: "860000003", At: at, Text: "/start", Campaign: "poster-7"},
		"reply":          {ID: "860000004", At: at, Text: "три", InReplyTo: marked("41", olena)},
		"photo":          {ID: "860000005", At: at, Text: "дах", Media: file("AgACAgQAAx_x", "image/jpeg", "", 120345)},
		"document":       {ID: "860000006", At: at, Media: file("BQACAgQAAx_d", "application/pdf", "довідка.pdf", 48213)},
		"voice":          {ID: "860000007", At: at, Media: file("AwACAgQAAx_v", "audio/ogg", "", 9000)},
		"video-note":     {ID: "860000008", At: at, Media: file("DQACAgQAAx_n", "video/mp4", "", 90000)},
		"contact-own":    {ID: "860000009", At: at, Text: "+380501234567", InReplyTo: marked("44", olena)},
		"contact-other":  {ID: "860000010", At: at},
		"contact-nobody": {ID: "860000011", At: at},
		"location":       {ID: "860000012", At: at, Location: &channels.Location{Lat: 50.4501, Lon: 30.5234, Accuracy: 12.5}},
		"venue":          {ID: "860000013", At: at, Location: &channels.Location{Lat: 50.4501, Lon: 30.5234, Label: "Школа 5"}},
		"sticker":        {ID: "860000014", At: at},
		"tap":            {ID: "860000016", Option: "cash:yes", Text: "Так", InReplyTo: marked("42", olena)},
		"tap-number":     {ID: "860000017", Text: "17", InReplyTo: marked("42", olena)},
		"tap-old":        {ID: "860000019", Option: "cash:no", InReplyTo: marked("12", olena)},
		"blocked":        {ID: "860000020", At: at, Kind: channels.Stopped},
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
		e.From, e.To = channels.Address{Channel: "telegram", ID: olena}, channels.Address{Channel: "telegram", ID: "123456"}
		assert.Equal(t, *e, es[0], name)
	}
}

// unread are the documented fields that the driver leaves alone, so that a field it
// should read cannot be forgotten: names above all.
var unread = regexp.MustCompile(`(^|\.)(first_name|username|language_code|title|is_bot|text|chat_instance|edit_date|until_date|duration|length|emoji|vcard|entities|pinned_message|old_chat_member|file_unique_id|address|location|user)(\.|$)|^(edited_message|poll_answer)\.`)

func TestRecordedUpdatesSurviveARoundTrip(t *testing.T) {
	for name, body := range recorded(t) {
		var u update
		require.NoError(t, json.Unmarshal([]byte(body), &u))
		again, err := json.Marshal(u)
		require.NoError(t, err)
		before, after := tree(t, body), tree(t, string(again))
		for path, v := range after {
			if was, ok := before[path]; ok {
				assert.JSONEq(t, was, v, "%s: %s", name, path)
			} else {
				assert.Contains(t, []string{"0", "false"}, v, "%s: %s was not in it", name, path)
			}
		}
		for path := range before {
			if _, ok := after[path]; !ok {
				assert.Regexp(t, unread, path, "%s: %s is not read", name, path)
			}
		}
	}
}

// tree returns the leaves of JSON by path, as they are written.
func tree(t *testing.T, body string) map[string]string {
	out := map[string]string{}
	var walk func(prefix string, raw json.RawMessage)
	walk = func(prefix string, raw json.RawMessage) {
		var m map[string]json.RawMessage
		var l []json.RawMessage
		switch {
		case json.Unmarshal(raw, &m) == nil:
			for k, v := range m {
				walk(prefix+k+".", v)
			}
		case json.Unmarshal(raw, &l) == nil:
			for i, v := range l {
				walk(fmt.Sprintf("%s%d.", prefix, i), v)
			}
		default:
			out[strings.TrimSuffix(prefix, ".")] = string(raw)
		}
	}
	walk("", json.RawMessage(body))
	return out
}

func TestMalformedUpdates(t *testing.T) {
	d := newProvider(t).driver(t)
	for _, body := range []string{
		"", "null", "{}", "[]", `{"update_id":"1"}`, `{"update_id":1.5}`, `{"update_id":1,"message":[]}`,
		`{"update_id":1,"callback_query":{"id":"1","data":"ox"}}`,
		`{"update_id":1,"message":{"from":{"id":-5},"chat":{"type":"private"},"text":"x"}}`,
	} {
		es, err := d.Receive(webhook(body), []byte(body))
		require.ErrorIs(t, err, channels.ErrMalformed, body)
		assert.Empty(t, es)
	}
	for _, body := range []string{
		`{"update_id":1}`, `{"update_id":1,"message":null}`, `{"update_id":1,"message":{"chat":{"type":"private"},"text":"x"}}`,
		`{"update_id":1,"message":{"from":{"id":5,"is_bot":true},"chat":{"id":5,"type":"private"},"text":"x"}}`,
		`{"update_id":1,"my_chat_member":{"from":{"id":5},"chat":{"id":-1,"type":"group"},"new_chat_member":{"status":"kicked"}}}`,
		`{"update_id":1,"callback_query":{"id":"1","from":{"id":5},"data":"ox","message":{"message_id":1,"chat":{"id":-1,"type":"group"}}}}`,
	} {
		es, err := d.Receive(webhook(body), []byte(body))
		require.NoError(t, err, body)
		assert.Empty(t, es, body)
	}
}

func TestWhatButtonsSendIsHeardStrictly(t *testing.T) {
	for data, want := range map[string]channels.Event{
		"ocash:yes": {Option: "cash:yes"}, "on3": {Option: "n3"}, "oo": {Option: "o"}, "n3": {Text: "3"}, "n120": {Text: "120"},
	} {
		var e channels.Event
		assert.True(t, choose(&e, data), data)
		assert.Equal(t, want, e)
	}
	for _, data := range []string{"", "o", "n", "n0", "n-1", "n+1", "n03", "nx", "n99999999999999999999", "x", "cash:yes", "n١"} {
		var e channels.Event
		assert.False(t, choose(&e, data), data)
	}
}

// What a button is given comes back as the option, or as its number.
func TestButtonsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-z_]{1,70}:[a-z0-9:]{0,30}`), rapid.SampledFrom([]string{"n1", "o", "питання:так", "\xff"})).Draw(t, "id")
		number := rapid.IntRange(1, 5000).Draw(t, "number")
		if id == "" {
			return // rendering refuses it
		}
		sent := data(id, number)
		if n := len(sent); n < 1 || n > 64 {
			t.Fatalf("%d bytes", n)
		}
		var e channels.Event
		if !choose(&e, sent) {
			t.Fatalf("%q was not heard", sent)
		}
		if byID := e.Option == id && e.Text == ""; !byID && (e.Option != "" || e.Text != fmt.Sprint(number)) {
			t.Fatalf("%q came back as %q, %q", id, e.Option, e.Text)
		}
	})
}

func TestAPlaceIsNeverInvented(t *testing.T) {
	d := newProvider(t).driver(t)
	for location, there := range map[string]bool{
		`{"latitude":0,"longitude":0}`: true, `{"latitude":-90,"longitude":180,"horizontal_accuracy":-3}`: true,
		`{}`: false, `{"latitude":1}`: false, `{"longitude":1}`: false, `{"latitude":90.1,"longitude":0}`: false, `{"latitude":0,"longitude":-181}`: false,
	} {
		body := `{"update_id":1,"message":{"message_id":1,"from":{"id":5},"chat":{"id":5,"type":"private"},"location":` + location + `}}`
		es, err := d.Receive(webhook(body), []byte(body))
		require.NoError(t, err)
		require.Len(t, es, 1, "something was said")
		assert.Equal(t, there, es[0].Location != nil, location)
		if there {
			assert.Zero(t, es[0].Location.Accuracy)
		}
	}
}

func FuzzReceive(f *testing.F) {
	for _, body := range recorded(f) {
		f.Add([]byte(body))
	}
	for _, text := range []string{"Так, мені потрібна їжа", "نعم \u200f١\u202e", "👩‍👩‍👧\u0000", "/start \u200f", "/start "} {
		f.Add([]byte(`{"update_id":9007199254740993,"message":{"message_id":1,"from":{"id":5},"chat":{"id":5,"type":"private"},"text":` + quote(text) + `}}`))
	}
	f.Add([]byte(`{"update_id":-1,"callback_query":{"id":"","from":{"id":9223372036854775807},"data":"n9223372036854775807","message":{"reply_markup":{"inline_keyboard":[[],null]},"chat":{"type":"private"}}}}`))
	d, err := New(Config{Token: token, Secret: secret})
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, body []byte) {
		es, err := d.Receive(webhook(string(body)), body)
		if err != nil {
			require.ErrorIs(t, err, channels.ErrMalformed)
			require.Empty(t, es)
			return
		}
		for _, e := range es {
			require.NotEmpty(t, e.ID)
			require.Regexp(t, `^[1-9][0-9]*$`, e.From.ID)
			require.True(t, slices.Contains([]channels.EventKind{channels.Said, channels.Stopped}, e.Kind))
			if e.Location != nil {
				require.True(t, e.Location.Lat >= -90 && e.Location.Lat <= 90 && e.Location.Lon >= -180 && e.Location.Lon <= 180 && e.Location.Accuracy >= 0)
			}
			for _, m := range e.Media {
				require.True(t, strings.HasPrefix(m.URL, fileScheme))
				require.NotContains(t, m.URL, token)
				require.NotEmpty(t, m.Type)
				require.GreaterOrEqual(t, m.Size, int64(0))
			}
		}
	})
}

func BenchmarkReceive(b *testing.B) {
	d, err := New(Config{Token: token, Secret: secret})
	require.NoError(b, err)
	for _, name := range []string{"text", "tap"} {
		body := recorded(b)[name]
		r := webhook(body)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if es, err := d.Receive(r, []byte(body)); err != nil || len(es) != 1 {
					b.Fatal(err)
				}
			}
		})
	}
}
