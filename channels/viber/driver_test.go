package viber

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDriver(t *testing.T) {
	channelstest.TestDriver(t, func(t *testing.T) channelstest.Harness {
		p := newProvider(t)
		locked := func(f func()) { p.mu.Lock(); defer p.mu.Unlock(); f() }
		return channelstest.Harness{
			Driver:   p.driver(t),
			To:       olena,
			Taken:    func() (out []channelstest.Taken) { locked(func() { out = append(out, p.taken...) }); return },
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
			Trust: channelstest.Signed,
			Inbound: func(id, text string) *http.Request {
				return webhook(fmt.Sprintf(`{"event":"message","timestamp":1767323045000,"message_token":%s,"sender":{"id":%q},"message":{"type":"text","text":%s}}`,
					number(id), olena, quote(text)))
			},
			Tap: p.pressed,
			News: func(id, _ string, s channels.Stage) *http.Request {
				return webhook(fmt.Sprintf(`{"event":%q,"timestamp":1767323045000,"message_token":%s,"user_id":%q}`, s.String(), id, olena))
			},
		}
	})
}

// The promise of a session is of one event only: the conversation that was opened.
func TestWelcomeLeavesInTheResponse(t *testing.T) {
	p := newProvider(t)
	c, err := channels.New(p.driver(t), channels.Config{})
	require.NoError(t, err)
	opened := webhook(fmt.Sprintf(`{"event":"conversation_started","timestamp":1767323045000,"message_token":4912661846655238145,"type":"open","context":"poster-7","user":{"id":%q,"name":"Олена"},"subscribed":false}`, olena))
	hello, question := to(olena), to(olena)
	hello.Text, question.Text = "Вітаємо!", "Оберіть мову"
	question.Options = []channels.Option{{ID: "language:uk", Label: "Українська"}, {ID: "language:en", Label: "English"}}
	question.Ref = "01J9.q"
	hub := channels.HandlerFunc(func(_ context.Context, e channels.Event) ([]channels.Message, error) {
		assert.Equal(t, channels.Started, e.Kind)
		assert.Equal(t, "poster-7", e.Campaign)
		assert.NotEmpty(t, e.Session)
		return []channels.Message{hello, question}, nil
	})
	w := httptest.NewRecorder()
	c.Webhook(hub).ServeHTTP(w, opened)
	require.Equal(t, 200, w.Code)
	var m got
	require.NoError(t, strict(w.Body.Bytes(), &m))
	p.check(m, true)
	assert.Equal(t, "Вітаємо!\n\nОберіть мову", *m.Text)
	assert.Equal(t, "01J9.q", m.Tracking)
	require.Len(t, m.Keyboard.Buttons, 2)
	assert.Equal(t, "Українська", m.Keyboard.Buttons[0].Text)
	assert.Empty(t, p.seen, "a push would fail: nobody has subscribed")
}

func TestWelcomeWithMedia(t *testing.T) {
	d := newProvider(t).driver(t)
	say := func(text string, media ...channels.Media) channels.Rendered {
		m := to(olena)
		m.Media = media
		return channels.Rendered{Message: m, Parts: []string{text}}
	}
	photo := channels.Media{URL: "https://hub.example/a.jpg", Type: "image/jpeg"}
	file := channels.Media{URL: "https://hub.example/a.pdf", Type: "application/pdf"}
	answer := func(rs ...channels.Rendered) (string, error) {
		w := httptest.NewRecorder()
		err := d.Answer(w, webhook("{}"), rs)
		return w.Body.String(), err
	}
	got, err := answer(say("Вітаємо!", photo), say("Мова?"))
	require.NoError(t, err)
	assert.Contains(t, got, `"type":"picture"`)
	assert.Contains(t, got, `"text":"Вітаємо!\n\nМова?"`)
	got, err = answer(say("Вітаємо!", photo, file))
	require.NoError(t, err)
	assert.Contains(t, got, `"text":"Вітаємо!\n\nhttps://hub.example/a.jpg\n\nhttps://hub.example/a.pdf"`)

	_, err = answer(say(strings.Repeat("я", 6000)), say(strings.Repeat("я", 1000)))
	require.ErrorContains(t, err, "one message", "nothing is cut")
	_, err = answer(say("x", channels.Media{URL: "vault:1"}))
	assert.Equal(t, channels.Rejected, channels.CauseOf(err))
	got, err = answer()
	require.NoError(t, err)
	assert.Empty(t, got)
}

func TestThePresetOfTestsIsThisDriver(t *testing.T) {
	assert.Equal(t, channelstest.Viber(), newProvider(t).driver(t).Limits())
}

func send(t *testing.T, p *provider, m channels.Message) error {
	t.Helper()
	c, err := channels.New(p.driver(t), channels.Config{Breaker: channels.Breaker{Failures: -1}})
	require.NoError(t, err)
	_, err = c.Send(t.Context(), m)
	return err
}

func TestKeyboard(t *testing.T) {
	p := newProvider(t)
	m := to(olena)
	m.Text = "Ваш <номер> & \"ім'я\"?"
	m.Wants = channels.WantPhone
	m.Open = true
	m.Options = []channels.Option{{ID: "phone:none", Label: `Немає <телефону> & "SIM"`}}
	require.NoError(t, send(t, p, m))
	got := p.seen[0]
	assert.Equal(t, m.Text, *got.Text, "a text is plain")
	require.Len(t, got.Keyboard.Buttons, 2)
	share, out := got.Keyboard.Buttons[0], got.Keyboard.Buttons[1]
	assert.Equal(t, "share-phone", share.ActionType)
	assert.Equal(t, "Надіслати мій номер", share.Text)
	assert.False(t, share.Silent)
	assert.Equal(t, 3, got.Min)
	assert.Equal(t, "reply", out.ActionType)
	assert.Equal(t, "hubkit:tap:phone:none", out.ActionBody)
	assert.Equal(t, "Немає &lt;телефону&gt; &amp; &quot;SIM&quot;", out.Text)
	assert.Equal(t, 6, out.Columns)
	assert.True(t, out.Silent)

	m.Wants, m.Options = channels.WantPlace, nil
	require.NoError(t, send(t, p, m))
	assert.Equal(t, "location-picker", p.seen[1].Keyboard.Buttons[0].ActionType)
	m.Wants = channels.WantDigits
	require.NoError(t, send(t, p, m))
	assert.Nil(t, p.seen[2].Keyboard)
	assert.Zero(t, p.seen[2].Min)

	many := to(olena)
	many.Text = "Область?"
	for i := range 30 {
		many.Options = append(many.Options, channels.Option{ID: fmt.Sprint("oblast:", i+1), Label: fmt.Sprint("Область ", i+1)})
	}
	many.Page = 2
	require.NoError(t, send(t, p, many))
	assert.Len(t, p.seen[3].Keyboard.Buttons, 8, "22 and the row for more on the first page")
	assert.Equal(t, "hubkit:tap:oblast:23", p.seen[3].Keyboard.Buttons[0].ActionBody)
	many.Page = 1
	require.NoError(t, send(t, p, many))
	assert.Equal(t, "hubkit:tap:"+channels.MoreID(2), p.seen[4].Keyboard.Buttons[22].ActionBody)
}

func TestAnOldAppGetsTheQuestionWithoutTheButton(t *testing.T) {
	p := newProvider(t)
	old := func(w http.ResponseWriter, m got) bool {
		if m.Min > 0 {
			status(w, 13)
		}
		return m.Min > 0
	}
	p.answer = old
	m := to(olena)
	m.Text, m.Wants, m.Open = "Ваш номер?", channels.WantPhone, true
	require.NoError(t, send(t, p, m))
	require.Len(t, p.seen, 2)
	assert.Nil(t, p.seen[1].Keyboard)
	m.Options = []channels.Option{{ID: "phone:none", Label: "Немає"}}
	require.NoError(t, send(t, p, m))
	require.Len(t, p.seen[3].Keyboard.Buttons, 1)
	assert.Equal(t, "hubkit:tap:phone:none", p.seen[3].Keyboard.Buttons[0].ActionBody)
	assert.Len(t, p.taken, 2, "nobody is told twice")

	p.answer = func(w http.ResponseWriter, _ got) bool { status(w, 13); return true }
	m.Wants = channels.WantText
	assert.Equal(t, channels.Rejected, channels.CauseOf(send(t, p, m)))
	assert.Len(t, p.seen, 5, "nothing was there to leave out")
}

func TestMedia(t *testing.T) {
	p := newProvider(t)
	https := func(kind, name string, size int64) channels.Media {
		return channels.Media{URL: "https://hub.example/x", Type: kind, Name: name, Size: size}
	}
	for _, c := range []struct {
		name  string
		text  string
		media []channels.Media
		want  []string
	}{
		{"a picture with its caption", "Карта", []channels.Media{https("image/jpeg", "", 0)}, []string{"picture Карта"}},
		{"a longer text follows", strings.Repeat("я", 513), []channels.Media{https("image/jpeg", "", 1000)}, []string{"picture ", "text " + strings.Repeat("я", 513)}},
		{"a picture alone", "", []channels.Media{https("image/jpeg", "", 1)}, []string{"picture "}},
		{"too large, or not JPEG, is a file", "Карта", []channels.Media{https("image/jpeg", "m.jpg", 2<<20), https("image/png", "m.png", 9)}, []string{"file ", "file ", "text Карта"}},
		{"of unknown size is a link", "Карта", []channels.Media{https("application/pdf", "m.pdf", 0)}, []string{"url ", "text Карта"}},
		{"without an extension is a link", "Карта", []channels.Media{https("application/pdf", "m", 9)}, []string{"url ", "text Карта"}},
		{"a video", "Карта", []channels.Media{https("video/mp4", "", 9), https("video/mp4", "", 27<<20)}, []string{"video ", "url ", "text Карта"}},
	} {
		p.seen = nil
		m := to(olena)
		m.Text, m.Media = c.text, c.media
		require.NoError(t, send(t, p, m), c.name)
		var sent []string
		for _, s := range p.seen {
			text := ""
			if s.Text != nil {
				text = *s.Text
			}
			sent = append(sent, s.Type+" "+text)
			assert.Equal(t, "01J9", s.Tracking)
		}
		assert.Equal(t, c.want, sent, c.name)
	}
	m := to(olena)
	m.Text, m.Media = "Карта", []channels.Media{{URL: "http://hub.example/x"}}
	assert.Equal(t, channels.Rejected, channels.CauseOf(send(t, p, m)))
	m.Media[0].URL = "https://" + strings.Repeat("x", 2000)
	assert.Equal(t, channels.Rejected, channels.CauseOf(send(t, p, m)))
}

func TestHalfSentIsInDoubt(t *testing.T) {
	for first, want := range map[bool]channels.Cause{true: channels.Throttled, false: channels.Unknown} {
		p := newProvider(t)
		p.answer = func(w http.ResponseWriter, m got) bool {
			refuse := (m.Type == "url") == first
			if refuse {
				status(w, 12)
			}
			return refuse
		}
		m := to(olena)
		m.Text, m.Media = "Карта", []channels.Media{{URL: "https://hub.example/x"}}
		assert.Equal(t, want, channels.CauseOf(send(t, p, m)), "repeating all would tell the first part twice")
	}
}

func TestWhatIsRefusedBeforeItLeaves(t *testing.T) {
	p := newProvider(t)
	m := to(olena)
	m.Text, m.From = "Так", "another-bot"
	assert.Equal(t, channels.Misconfigured, channels.CauseOf(send(t, p, m)))
	m.From, m.To.ID = "", ""
	assert.Equal(t, channels.Unreachable, channels.CauseOf(send(t, p, m)))
	m = to(olena)
	m.Ref, m.Text = strings.Repeat("r", 31<<10), "Так"
	assert.Equal(t, channels.Rejected, channels.CauseOf(send(t, p, m)))
	_, err := p.driver(t).Send(t.Context(), channels.Rendered{Message: to(olena)})
	assert.Equal(t, channels.Rejected, channels.CauseOf(err))
	assert.Empty(t, p.seen)
}

// The largest message that the limits allow fits a request, in the widest letters.
func TestTheLargestMessageFits(t *testing.T) {
	p := newProvider(t)
	m := to(olena)
	m.Text, m.Wants = strings.Repeat("漢", 4000), channels.WantPlace
	for i := range 23 {
		m.Options = append(m.Options, channels.Option{ID: fmt.Sprint(strings.Repeat("q", 60), ":", i), Label: strings.Repeat(`"`, 60)})
	}
	require.NoError(t, send(t, p, m))
	require.Len(t, p.seen, 1)
	assert.Len(t, p.seen[0].Keyboard.Buttons, 24)
	m.Options, m.Text = nil, strings.Repeat("漢", 7000)
	require.NoError(t, send(t, p, m))
	assert.Len(t, p.seen, 2)
}
