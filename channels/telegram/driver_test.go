package telegram

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"hash/fnv"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// marked is the id of a message in a chat, made here anew.
func marked(message, chat string) string {
	h := hmac.New(sha256.New, []byte(token))
	h.Write([]byte("chat " + chat))
	return message + "." + base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:9])
}

func TestDriver(t *testing.T) {
	channelstest.TestDriver(t, func(t *testing.T) channelstest.Harness {
		p := newProvider(t)
		locked := func(f func()) { p.mu.Lock(); defer p.mu.Unlock(); f() }
		return channelstest.Harness{
			Driver: p.driver(t),
			To:     olena,
			Taken: func() (out []channelstest.Taken) {
				locked(func() {
					for _, one := range p.taken {
						one.ID = marked(one.ID, one.To)
						out = append(out, one)
					}
				})
				return out
			},
			Requests: func() (n int) { locked(func() { n = p.tries }); return },
			Fault: func(f channelstest.Fault) {
				locked(func() { p.fault = f })
				if f == channelstest.Down {
					p.Close()
				}
			},
			Faults: []channelstest.Fault{
				channelstest.Works, channelstest.Throttle, channelstest.ServerError, channelstest.TakenServerError, channelstest.TakenDrop,
				channelstest.TakenSilence, channelstest.Denied, channelstest.NoSuchPerson, channelstest.SaidNo, channelstest.BadContent, channelstest.Down,
			},
			Trust: channelstest.Token,
			Inbound: func(id, text string) *http.Request {
				n := fnv.New32()
				_, _ = n.Write([]byte(id))
				return webhook(fmt.Sprintf(`{"update_id":%d,"message":{"message_id":5,"from":{"id":%s,"is_bot":false},"chat":{"id":%s,"type":"private"},"date":1767323045,"text":%s}}`,
					n.Sum32(), olena, olena, quote(text)))
			},
			Tap: func(id string, i int) *http.Request {
				message, _, _ := strings.Cut(id, ".")
				return p.pressed(message, i)
			},
		}
	})
}

func TestThePresetOfTestsIsThisDriver(t *testing.T) {
	assert.Equal(t, channelstest.Telegram(), newProvider(t).driver(t).Limits())
}

func send(t *testing.T, p *provider, m channels.Message) error {
	t.Helper()
	c, err := channels.New(p.driver(t), channels.Config{Breaker: channels.Breaker{Failures: -1}})
	require.NoError(t, err)
	_, err = c.Send(t.Context(), m)
	return err
}

func TestButtons(t *testing.T) {
	p := newProvider(t)
	m := to(olena)
	m.Text = "Оберіть"
	fits, long := "q:"+strings.Repeat("я", 30)+"x", "q:"+strings.Repeat("я", 31) // 63 and 64 bytes
	m.Options = []channels.Option{{ID: "cash:yes", Label: "Так"}, {ID: fits, Label: "Ні"}, {ID: long, Label: "Не знаю"}, {ID: "\xff", Label: "Інше"}}
	require.NoError(t, send(t, p, m))
	rows := p.seen[0].Markup.Inline
	require.Len(t, rows, 4)
	for i, want := range []string{"ocash:yes", "o" + fits, "n3", "n4"} {
		assert.Equal(t, want, rows[i][0].Data)
	}
	assert.Equal(t, "Так", rows[0][0].Text)

	many := to(olena)
	many.Text = "Область?"
	for i := range 30 {
		many.Options = append(many.Options, channels.Option{ID: strings.Repeat("x", 70) + fmt.Sprint(i+1), Label: fmt.Sprint("Область ", i+1)})
	}
	many.Page = 2
	require.NoError(t, send(t, p, many))
	assert.Equal(t, "n24", p.seen[1].Markup.Inline[0][0].Data, "numbers count over the whole list")
	many.Page = 1
	require.NoError(t, send(t, p, many))
	assert.Equal(t, "o"+channels.MoreID(2), p.seen[2].Markup.Inline[23][0].Data)

	require.NoError(t, send(t, p, channels.Message{To: m.To, Text: "Дякуємо"}))
	assert.True(t, p.seen[3].Markup.Remove, "an older keyboard goes")
}

func TestSharing(t *testing.T) {
	p := newProvider(t)
	m := to(olena)
	m.Text, m.Wants, m.Open = "Ваш номер?", channels.WantPhone, true
	m.Options = []channels.Option{{ID: "phone:none", Label: "Немає телефону", Short: "Немає"}}
	require.NoError(t, send(t, p, m))
	rows := p.seen[0].Markup.Rows
	require.Len(t, rows, 2)
	assert.Equal(t, "Надіслати мій номер", rows[0][0].Text)
	assert.True(t, rows[0][0].Contact)
	assert.Equal(t, "Немає телефону", rows[1][0].Text, "a key sends its words: the whole label is understood")
	assert.True(t, p.seen[0].Markup.OneTime)

	m.Wants, m.Options = channels.WantPlace, nil
	require.NoError(t, send(t, p, m))
	assert.True(t, p.seen[1].Markup.Rows[0][0].Location)

	m.Wants = channels.WantDigits
	require.NoError(t, send(t, p, m))
	assert.True(t, p.seen[2].Markup.Remove)

	m.Wants = channels.WantPlace
	for i := range 30 {
		m.Options = append(m.Options, channels.Option{ID: fmt.Sprint("place:", i), Label: fmt.Sprint(i)})
	}
	require.NoError(t, send(t, p, m))
	assert.Len(t, p.seen[3].Markup.Inline, 24, "pages turn by buttons only")

	m.Options = []channels.Option{{ID: "place:none", Label: strings.Repeat("довго ", 20)}}
	require.NoError(t, send(t, p, m))
	assert.Len(t, p.seen[4].Markup.Rows, 1, "what is too long for a button stands in the text")
	assert.Contains(t, p.seen[4].Text, "довго")
}

func TestMedia(t *testing.T) {
	p := newProvider(t)
	media := func(url, kind string, size int64) channels.Media {
		return channels.Media{URL: url, Type: kind, Size: size}
	}
	const there = "https://hub.example/x"
	for _, c := range []struct {
		name  string
		text  string
		media []channels.Media
		want  []string
	}{
		{"a photo with its caption", "Карта", []channels.Media{media(there, "image/jpeg", 0)}, []string{"sendPhoto " + there + " Карта"}},
		{"a longer text follows", strings.Repeat("я", 1025), []channels.Media{media(there, "image/png", 9)}, []string{"sendPhoto " + there + " ", "sendMessage  " + strings.Repeat("я", 1025)}},
		{"alone", "", []channels.Media{media(there, "application/pdf", 9)}, []string{"sendDocument " + there + " "}},
		{"a voice", "Слухайте", []channels.Media{media(there, "audio/ogg", 9)}, []string{"sendVoice " + there + " Слухайте"}},
		{"what Telegram does not fetch is a link", "Карта", []channels.Media{media(there, "image/jpeg", 6<<20), media(there, "text/csv", 1)}, []string{"sendMessage  " + there, "sendMessage  " + there, "sendMessage  Карта"}},
		{"a file it has", "Ваш файл", []channels.Media{media("telegram:file/BQAC", "text/csv", 1<<30)}, []string{"sendDocument BQAC Ваш файл"}},
	} {
		p.seen = nil
		m := to(olena)
		m.Text, m.Media = c.text, c.media
		require.NoError(t, send(t, p, m), c.name)
		var sent []string
		for i, s := range p.seen {
			sent = append(sent, s.method+" "+s.Photo+s.Voice+s.Document+" "+s.Text+s.Caption)
			assert.Equal(t, i == len(p.seen)-1, s.Markup != nil, "only the last one is answered")
		}
		assert.Equal(t, c.want, sent, c.name)
	}
	for _, bad := range []string{"", "http://hub.example/x", "telegram:file/", "vault:1"} {
		m := to(olena)
		m.Text, m.Media = "Карта", []channels.Media{{URL: bad}}
		assert.Equal(t, channels.Rejected, channels.CauseOf(send(t, p, m)), bad)
	}
}

func TestHalfSentIsInDoubt(t *testing.T) {
	for first, want := range map[bool]channels.Cause{true: channels.Throttled, false: channels.Unknown} {
		p := newProvider(t)
		p.answer = func(w http.ResponseWriter, m got) bool {
			no := (m.method == "sendPhoto") == first
			if no {
				refuse(w, 429, "Too Many Requests", `"retry_after":3`)
			}
			return no
		}
		m := to(olena)
		m.Text, m.Media = strings.Repeat("я", 2000), []channels.Media{{URL: "https://hub.example/x", Type: "image/jpeg"}}
		assert.Equal(t, want, channels.CauseOf(send(t, p, m)), "repeating all would tell the first part twice")
	}
}

func TestWhatIsRefusedBeforeItLeaves(t *testing.T) {
	p := newProvider(t)
	for _, id := range []string{"", "0", "-100123", "@olena", "7e5", "99999999999999999999"} {
		m := to(id)
		m.Text = "Так"
		assert.Equal(t, channels.Unreachable, channels.CauseOf(send(t, p, m)), id)
	}
	m := to(olena)
	m.Text, m.From = "Так", "654321"
	assert.Equal(t, channels.Misconfigured, channels.CauseOf(send(t, p, m)))
	_, err := p.driver(t).Send(t.Context(), channels.Rendered{Message: to(olena)})
	assert.Equal(t, channels.Rejected, channels.CauseOf(err))
	assert.Empty(t, p.seen)
	m.From = "123456"
	require.NoError(t, send(t, p, m), "its own id is the To of events, and so the From of replies")
}

func TestIDsAreOneForEachMessageAndTellNobody(t *testing.T) {
	p := newProvider(t)
	p.answer = func(w http.ResponseWriter, _ got) bool {
		fmt.Fprint(w, `{"ok":true,"result":{"message_id":42,"date":1767323045}}`)
		return true
	}
	ids := map[string]bool{}
	for _, person := range []string{olena, "700123457"} {
		r, err := p.driver(t).Send(t.Context(), channels.Rendered{Message: to(person), Parts: []string{"Так"}})
		require.NoError(t, err)
		assert.Equal(t, marked("42", person), r.ID)
		assert.NotContains(t, r.ID, "7001234")
		assert.Equal(t, time.Unix(1767323045, 0).UTC(), r.At)
		ids[r.ID] = true
	}
	assert.Len(t, ids, 2, "message 42 of one chat is not message 42 of another")
}

func TestNewRefuses(t *testing.T) {
	for _, c := range []struct {
		c    Config
		want []string
	}{
		{Config{}, []string{"Token"}},
		{Config{Token: "AAE", Secret: "short", BaseURL: "x"}, []string{"Token", "Secret", "BaseURL"}},
		{Config{Token: "1:a/../b"}, []string{"Token"}},
		{Config{Token: token, Secret: strings.Repeat("a", 257)}, []string{"Secret"}},
		{Config{Token: token, BaseURL: "mailto:x"}, []string{"BaseURL"}},
	} {
		d, err := New(c.c)
		assert.Nil(t, d)
		for _, want := range c.want {
			require.ErrorContains(t, err, want)
		}
		assert.NotContains(t, err.Error(), "AAE")
	}
	a, err := New(Config{Token: token, Name: "telegram-help"})
	require.NoError(t, err)
	b, err := New(Config{Token: token + "x"})
	require.NoError(t, err)
	assert.Equal(t, "telegram-help", a.Name())
	assert.True(t, secretOK.MatchString(a.cfg.Secret))
	assert.NotEqual(t, a.cfg.Secret, b.cfg.Secret, "each bot has its own secret")
}
