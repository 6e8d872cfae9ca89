package twilio

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
	"github.com/hubkit/hubkit/channels/twilio/twiliotest"
)

const (
	olena   = "+380671234567"
	hotline = "+15550100"
)

// line is the channel of calls beside a fake Twilio.
type line struct {
	fake    *twiliotest.Fake
	account *Account
	voice   *Voice
	channel *channels.Channel
	hub     func(context.Context, channels.Event) ([]channels.Message, error)
	events  []channels.Event
}

// ServeHTTP is the hub's webhook.
func (l *line) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.channel.Webhook(channels.HandlerFunc(func(ctx context.Context, e channels.Event) ([]channels.Message, error) {
		l.events = append(l.events, e)
		if l.hub == nil {
			return nil, nil
		}
		return l.hub(ctx, e)
	})).ServeHTTP(w, r)
}

// newLine opens an account at the fake, with a channel of calls.
func newLine(t testing.TB, cfg VoiceConfig, more ...func(*Config)) *line {
	t.Helper()
	fake := twiliotest.New(twiliotest.Config{})
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	c := Config{
		AccountSID: fake.AccountSID, AuthToken: fake.AuthToken, BaseURL: server.URL, PublicURL: publicURL,
		Logger: slog.New(slog.DiscardHandler),
	}
	for _, f := range more {
		f(&c)
	}
	account, err := NewAccount(c)
	require.NoError(t, err)
	if cfg.From == "" {
		cfg.From = hotline
	}
	voice, err := account.Voice(cfg)
	require.NoError(t, err)
	channel, err := channels.New(voice, channels.Config{Logger: c.Logger})
	require.NoError(t, err)
	return &line{fake: fake, account: account, voice: voice, channel: channel}
}

// last returns the event that came last.
func (l *line) last() channels.Event {
	if len(l.events) == 0 {
		return channels.Event{}
	}
	return l.events[len(l.events)-1]
}

func TestVoiceKeepsEveryPromise(t *testing.T) {
	channelstest.TestDriver(t, func(t *testing.T) channelstest.Harness {
		l := newLine(t, VoiceConfig{Speech: true})
		ask := func(r *http.Request) []byte {
			w := httptest.NewRecorder()
			l.ServeHTTP(w, r)
			return w.Body.Bytes()
		}
		return channelstest.Harness{
			Driver: l.voice, To: olena, Trust: channelstest.Signed, Session: true,
			Taken: func() (all []channelstest.Taken) {
				for _, c := range l.fake.Calls() {
					text, err := c.Heard(l.fake, ask)
					require.NoError(t, err)
					all = append(all, channelstest.Taken{ID: c.SID, To: c.To, Text: text, At: c.At})
				}
				return all
			},
			Requests: func() int { return l.fake.Requests(twiliotest.Calls) },
			Fault:    func(f channelstest.Fault) { l.fake.FaultOn(twiliotest.Calls, f) },
			Faults: []channelstest.Fault{
				channelstest.Works, channelstest.Throttle, channelstest.ServerError, channelstest.TakenServerError, channelstest.TakenDrop,
				channelstest.TakenSilence, channelstest.Denied, channelstest.NoSuchPerson, channelstest.BadContent,
			},
			Inbound: func(id, text string) *http.Request {
				return l.fake.Webhook(publicURL+voicePath+"?a=d&t=1", url.Values{
					"CallSid": {twiliotest.SID("CA", id)}, "From": {olena}, "To": {hotline}, "CallStatus": {"in-progress"}, "Direction": {"inbound"},
					"SpeechResult": {text},
				})
			},
			News: func(id, _ string, s channels.Stage) *http.Request {
				return l.fake.CallStatus(id, map[channels.Stage]string{channels.Delivered: "completed", channels.Failed: "busy"}[s], nil)
			},
		}
	})
}

func options(labels ...string) []channels.Option {
	os := make([]channels.Option, len(labels))
	for i, l := range labels {
		os[i] = channels.Option{ID: "q:" + l, Label: l}
	}
	return os
}

// A call from its beginning to its end: what is heard, and what the hub is told.
func TestCallIsAQuestionnaire(t *testing.T) {
	l := newLine(t, VoiceConfig{Rest: -1})
	l.hub = func(_ context.Context, e channels.Event) ([]channels.Message, error) {
		m := channels.Message{To: e.From, Lang: "uk", Ref: "r" + e.ID[strings.LastIndexByte(e.ID, '/'):]}
		switch {
		case e.Kind == channels.Started, e.Option == channels.MoreID(1):
			m.Text, m.Options = "Потрібна допомога?", options("Так", "Ні")
		case e.Text == "1":
			m.Text, m.Wants = "Скільки вас?", channels.WantDigits
		case e.Text == "back":
			m.Text = "Назад"
		default:
			m.Text = "Дякуємо!"
		}
		return []channels.Message{m}, nil
	}
	p, err := l.fake.Dial(l, publicURL, olena, hotline)
	require.NoError(t, err)
	e := l.last()
	assert.Equal(t, channels.Event{
		ID: p.SID + "/0", Kind: channels.Started, Session: p.SID, At: e.At,
		From: channels.Address{Channel: "voice", ID: olena}, To: channels.Address{Channel: "voice", ID: hotline},
	}, e)
	assert.Equal(t, DefaultVoiceWords().Keys["uk"]+" Потрібна допомога? Так: натисніть 1. Ні: натисніть 2. ", p.Heard)

	require.NoError(t, p.Wait())
	assert.Equal(t, "Потрібна допомога? Так: натисніть 1. Ні: натисніть 2. ", p.Heard, "silence: the question again, without the keys")
	require.Len(t, l.events, 1, "silence is nothing that the hub hears of")

	require.NoError(t, p.Press("*"))
	assert.Equal(t, DefaultVoiceWords().Ways["uk"]+" ", p.Heard)
	require.Len(t, l.events, 1)
	require.NoError(t, p.Press("9"))
	assert.Equal(t, p.SID+"/1", l.last().ID)
	assert.Equal(t, channels.MoreID(1), l.last().Option)
	assert.Equal(t, "Потрібна допомога? Так: натисніть 1. Ні: натисніть 2. ", p.Heard)

	require.NoError(t, p.Press("1"))
	e = l.last()
	assert.Equal(t, [5]string{p.SID + "/2", "1", "", "r/1", p.SID}, [5]string{e.ID, e.Text, e.Option, e.InReplyTo, e.Session})
	assert.Equal(t, channels.Said, e.Kind)
	assert.Equal(t, "Скільки вас? "+DefaultVoiceWords().Enter["uk"]+" ", p.Heard)

	require.NoError(t, p.Press("12*5#"))
	assert.Equal(t, "12.5", l.last().Text)
	assert.Equal(t, "Дякуємо! ", p.Heard)
	require.NoError(t, p.Wait())
	assert.Equal(t, DefaultVoiceWords().Goodbye["uk"]+" ", p.Heard, "nothing was asked: it is not said again")
	assert.True(t, p.Over)
}

func TestSilenceEndsACallAfterTwoRepeats(t *testing.T) {
	l := newLine(t, VoiceConfig{})
	l.hub = func(context.Context, channels.Event) ([]channels.Message, error) {
		return []channels.Message{{Lang: "en", Text: "Cash?", Options: options("Yes", "No")}}, nil
	}
	p, err := l.fake.Dial(l, publicURL, olena, hotline)
	require.NoError(t, err)
	asked := 0
	for !p.Over {
		asked += strings.Count(p.Heard, "Cash?")
		require.NoError(t, p.Wait())
	}
	assert.Equal(t, 3, asked)
	assert.Contains(t, p.Heard, "Goodbye")
	assert.Len(t, l.events, 1)
}

func TestCallerWithoutAVoiceIsGivenToPeople(t *testing.T) {
	l := newLine(t, VoiceConfig{Desks: map[string]Desk{"": {Numbers: []string{"+380440000000"}}}})
	l.hub = func(_ context.Context, e channels.Event) ([]channels.Message, error) {
		m := channels.Message{Lang: "so", Text: "Ma u baahan tahay lacag?"}
		if e.Text == "agent" {
			m.Text, m.Queue = "Qof ayaa kula hadli doona.", "help"
		}
		return []channels.Message{m}, nil
	}
	p, err := l.fake.Dial(l, publicURL, olena, hotline)
	require.NoError(t, err)
	assert.Equal(t, []string{"+380440000000"}, p.Rung)
	assert.Contains(t, p.Heard, DefaultVoiceWords().Unspoken["en"])
	assert.NotContains(t, p.Heard, "Ma u baahan")
	require.Len(t, l.events, 2)
	assert.Equal(t, "agent", l.last().Text)
	assert.Equal(t, p.SID+"/1", l.last().ID)

	// A hub that says nothing else, and gives the call to nobody, is not asked for ever.
	l.events = nil
	l.hub = func(context.Context, channels.Event) ([]channels.Message, error) {
		return []channels.Message{{Lang: "so", Text: "Ma u baahan tahay lacag?"}}, nil
	}
	p, err = l.fake.Dial(l, publicURL, olena, hotline)
	require.NoError(t, err)
	assert.Equal(t, []string{"+380440000000"}, p.Rung)
	assert.Len(t, l.events, 2)

	// So is one with a voice, but without the words that tell the keys.
	l.events = nil
	l.hub = func(_ context.Context, e channels.Event) ([]channels.Message, error) {
		if e.Text == "agent" {
			return []channels.Message{{Lang: "pl", Text: "Pomoże Pani człowiek.", Queue: "help"}}, nil
		}
		return []channels.Message{{Lang: "pl", Text: "Potrzebna pomoc?", Options: options("Tak", "Nie")}}, nil
	}
	p, err = l.fake.Dial(l, publicURL, olena, hotline)
	require.NoError(t, err)
	assert.Equal(t, []string{"+380440000000"}, p.Rung)
	assert.Contains(t, p.Heard, "Pomoże Pani człowiek.")

	// The same with a recording needs nobody.
	l.hub = func(context.Context, channels.Event) ([]channels.Message, error) {
		return []channels.Message{{Lang: "so", Text: "Ma u baahan tahay lacag?", Recording: "https://r.example.org/so/cash.mp3", Options: options("Haa", "Maya")}}, nil
	}
	p, err = l.fake.Dial(l, publicURL, olena, hotline)
	require.NoError(t, err)
	assert.Contains(t, p.Heard, "https://r.example.org/so/cash.mp3\n")
	require.NoError(t, p.Press("2"))
	assert.Equal(t, "2", l.last().Text)
}

func TestEachLineIsReadInItsTongue(t *testing.T) {
	l := newLine(t, VoiceConfig{})
	l.hub = func(context.Context, channels.Event) ([]channels.Message, error) {
		return []channels.Message{{Lang: "en", Text: "Choose a language:", Options: []channels.Option{
			{ID: "language:en", Label: "English"}, {ID: "language:uk", Label: "Українська", Lang: "uk"}, {ID: "language:ar", Label: "العربية", Lang: "ar"},
		}}}, nil
	}
	p, err := l.fake.Dial(l, publicURL, olena, hotline)
	require.NoError(t, err)
	var got [][2]string
	for _, v := range p.Last.Verbs[0].Verbs {
		got = append(got, [2]string{v.Attrs["voice"], v.Text})
	}
	assert.Equal(t, [][2]string{
		{"Polly.Joanna", "Choose a language:"},
		{"Polly.Joanna", "English: press 1."},
		{"Google.uk-UA-Standard-A", "Українська: натисніть 2."},
		{"Polly.Zeina", "العربية: اضغط 3."},
	}, got, "and the keys that work everywhere wait until the language is known")
}

func TestCallersWhoHideTheirNumberAreNotOnePerson(t *testing.T) {
	l := newLine(t, VoiceConfig{})
	seen := map[channels.Address]bool{}
	for _, from := range []string{"anonymous", "Anonymous", "+266696687", "", "Restricted"} {
		p, err := l.fake.Dial(l, publicURL, from, hotline)
		require.NoError(t, err)
		assert.Equal(t, channels.Address{Channel: "voice", ID: p.SID}, l.last().From)
		assert.False(t, seen[l.last().From])
		seen[l.last().From] = true
	}
	_, err := l.channel.Send(t.Context(), channels.Message{Ref: "r", To: l.last().From, Lang: "en", Text: "x"})
	assert.Equal(t, channels.Unreachable, channels.CauseOf(err))
}

func TestVoiceRefusesWhatCannotWork(t *testing.T) {
	l := newLine(t, VoiceConfig{})
	_, err := l.account.Voice(VoiceConfig{
		From: "hub", Speakers: map[hubkit.Lang]Speaker{"uk": {Voice: "Google.ru-RU-Standard-A", Language: "uk-UA"}, "en": {Voice: "alice", Language: "en-US"}},
		Recordings: VoiceWords{Keys: hubkit.Text{"so": "keys.mp3"}}, Options: 10, Wait: -1, Repeats: 9, Machines: 7,
		Desks: map[string]Desk{"help": {Numbers: []string{"agent"}, Whisper: "call", Lang: "so", Hours: &Hours{
			Zone: "Kyiv", Week: map[time.Weekday][]Span{9: nil, time.Monday: {{"9:00", "25:00"}, {"09:00", "09:00"}}}, Closed: []string{"25.12."},
		}}},
	})
	for _, want := range []string{
		"From is a number", `"uk" speaks uk-UA with Google.ru-RU-Standard-A, a voice of another language`, `"en" has the voice alice`,
		`Recordings: keys in "so" is not the address`, "Options is 10", "Wait is -1ns", "Repeats is 9", "Machines is 7", `Desks["help"]: number 0 is neither`,
		"Zone \"Kyiv\" is no time zone", "has a day 9", `Monday is from "9:00" until "25:00"`, "Monday from 09:00 until 09:00 is no time", `"25.12." is no date`,
		`there is no voice for its Whisper in "so"`,
	} {
		assert.ErrorContains(t, err, want)
	}
	assert.ErrorContains(t, l.voice.Check("uk", "so"), `"so" has no voice: give it one in Speakers`)
	assert.ErrorContains(t, l.voice.Check("pl"), `"pl" has no words for keys`)
	assert.NoError(t, l.voice.Check("en", "uk", "ru", "ar", "fr", "es", "fr-CA"))
}

// A language without a voice is complete when all is recorded.
func TestRecordedLanguagePassesTheCheck(t *testing.T) {
	var recorded VoiceWords
	for _, d := range &voiceWordList {
		*d.text(&recorded) = hubkit.Text{"so": "https://r.example.org/so/" + d.id + ".mp3"}
	}
	l := newLine(t, VoiceConfig{Recordings: recorded, Recorded: []hubkit.Lang{"so"}})
	require.NoError(t, l.voice.Check("so", "en"))
	n := 0
	for e := range l.voice.Texts() {
		n++
		assert.NotEmpty(t, e.Context)
		for _, lang := range []hubkit.Lang{"en", "uk", "ru", "ar", "fr", "es"} {
			assert.NotEmpty(t, e.Text[lang], "%s in %s", e.ID, lang)
		}
	}
	assert.Len(t, voiceWordList, n)
}

func TestSpeechIsHeardWhereItIsUnderstood(t *testing.T) {
	l := newLine(t, VoiceConfig{Speech: true, Speakers: map[hubkit.Lang]Speaker{"en": {Voice: "Polly.Joanna", Language: "en-US"}}})
	lang := hubkit.Lang("uk")
	l.hub = func(context.Context, channels.Event) ([]channels.Message, error) {
		return []channels.Message{{Ref: "q7", Lang: lang, Text: "?", Options: options("Так, звичайно", "Ні")}}, nil
	}
	p, err := l.fake.Dial(l, publicURL, olena, hotline)
	require.NoError(t, err)
	a := p.Last.Verbs[0].Attrs
	assert.Equal(t, [4]string{"dtmf speech", "uk-UA", "auto", "Так звичайно, Ні"}, [4]string{a["input"], a["language"], a["speechTimeout"], a["hints"]})
	require.NoError(t, p.Say("так звичайно"))
	assert.Equal(t, [2]string{"так звичайно", "q7"}, [2]string{l.last().Text, l.last().InReplyTo})

	lang = "en" // whose speaker does not listen here
	p, err = l.fake.Dial(l, publicURL, olena, hotline)
	require.NoError(t, err)
	assert.Equal(t, "dtmf", p.Last.Verbs[0].Attrs["input"])
}

// A webhook that Twilio repeats is the same event and gets the same document.
func TestRepeatedRequestIsAnsweredAlike(t *testing.T) {
	l := newLine(t, VoiceConfig{})
	l.hub = func(_ context.Context, e channels.Event) ([]channels.Message, error) {
		return []channels.Message{{Ref: "ref", Lang: "en", Text: "One?", Options: options("a", "b")}}, nil
	}
	var documents []string
	for range 2 {
		w := httptest.NewRecorder()
		l.ServeHTTP(w, l.fake.Webhook(publicURL+voicePath+"?a=c&n=2&p=1&q=x&t=3", url.Values{
			"CallSid": {twiliotest.SID("CA", "1")}, "From": {olena}, "To": {hotline}, "Direction": {"inbound"}, "CallStatus": {"in-progress"}, "Digits": {"2"},
		}))
		documents = append(documents, w.Body.String())
	}
	assert.Equal(t, documents[0], documents[1])
	assert.Contains(t, documents[0], "t=4")
	require.Len(t, l.events, 2)
	l.events[1].At = l.events[0].At
	assert.Equal(t, l.events[0], l.events[1])
}

func TestNoURLHoldsWhatPeopleReadOrWhoTheyAre(t *testing.T) {
	l := newLine(t, VoiceConfig{Desks: map[string]Desk{"help": {Numbers: []string{"+380440000000"}, Whisper: "A call.", Lang: "en"}}})
	l.hub = func(context.Context, channels.Event) ([]channels.Message, error) {
		return []channels.Message{{Ref: "ref", Lang: "uk", Text: "Таємниця", Options: options("Підпис")[:1:1], Open: true}}, nil
	}
	w := httptest.NewRecorder()
	l.ServeHTTP(w, l.fake.Webhook(publicURL+voicePath, url.Values{"CallSid": {twiliotest.SID("CA", "1")}, "From": {olena}, "To": {hotline}, "CallStatus": {"ringing"}}))
	v, err := twiliotest.ReadTwiML(w.Body.Bytes())
	require.NoError(t, err)
	u, err := url.Parse(v.Verbs[0].Attrs["action"])
	require.NoError(t, err)
	for _, secret := range []string{"Таємниця", "380671234567", "Digits"} {
		assert.NotContains(t, u.RawQuery, url.QueryEscape(secret))
	}
	assert.Equal(t, "ref", u.Query().Get("q"))
}

// What Twilio posts that is no call, or of no version known here, is malformed.
func TestReceiveRefusesWhatItCannotRead(t *testing.T) {
	l := newLine(t, VoiceConfig{})
	call := url.Values{"CallSid": {twiliotest.SID("CA", "1")}, "From": {olena}, "To": {hotline}}
	for _, c := range []struct {
		query string
		form  url.Values
	}{
		{"", url.Values{"MessageSid": {"SM1"}}},
		{"", url.Values{"CallSid": {"CA1"}}},
		{"?t=-1", call},
		{"?t=x", call},
		{"?a=z&t=1", call},
		{"?t=99999999999999999999", call},
	} {
		r := l.fake.Webhook(publicURL+voicePath+c.query, c.form)
		body, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		_, err = l.voice.Receive(r, body)
		assert.ErrorIs(t, err, channels.ErrMalformed, "%s %v", c.query, c.form)
	}
}

// serve gives a request to the hub, which must accept it.
func (l *line) serve(t *testing.T, r *http.Request) {
	t.Helper()
	w := httptest.NewRecorder()
	l.ServeHTTP(w, r)
	require.Less(t, w.Code, 300)
}

// discard is a response that nobody reads.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(b []byte) (int, error) { return len(b), nil }
func (discard) WriteHeader(int)             {}
