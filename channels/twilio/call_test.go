package twilio

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
	"github.com/hubkit/hubkit/channels/twilio/twiliotest"
)

func notice(ref, text string) channels.Message {
	return channels.Message{Ref: ref, To: channels.Address{Channel: "voice", ID: olena}, Lang: "uk", Text: text, Class: channels.Notice}
}

func TestCallOfOursIsAConversation(t *testing.T) {
	l := newLine(t, VoiceConfig{})
	l.hub = func(_ context.Context, e channels.Event) ([]channels.Message, error) {
		return []channels.Message{{Lang: "uk", Text: "Дякуємо!"}}, nil
	}
	m := notice("survey-1", "Ви отримали допомогу?")
	m.Options = options("Так", "Ні")
	receipt, err := l.channel.Send(t.Context(), m)
	require.NoError(t, err)
	call := l.fake.Calls()[0]
	assert.Equal(t, receipt.ID, call.SID)
	assert.Equal(t, [3]string{olena, hotline, ""}, [3]string{call.To, call.From, call.URL})
	assert.Equal(t, "40", call.Form.Get("Timeout"))
	assert.Equal(t, []string{"initiated", "ringing", "answered", "completed"}, call.Form["StatusCallbackEvent"])

	p, err := l.fake.PickUp(l, call, "")
	require.NoError(t, err)
	assert.Contains(t, p.Heard, "Ви отримали допомогу?")
	require.NoError(t, p.Press("2"))
	e := l.last()
	assert.Equal(t, [4]string{call.SID + "/1", "2", "survey-1", call.SID}, [4]string{e.ID, e.Text, e.InReplyTo, e.Session})
	assert.Equal(t, channels.Address{Channel: "voice", ID: olena}, e.From)
	assert.Equal(t, channels.Address{Channel: "voice", ID: hotline}, e.To)
	assert.Contains(t, p.Heard, "Дякуємо!")
}

func TestLongCallWaitsInTheTable(t *testing.T) {
	l := newLine(t, VoiceConfig{})
	text := strings.Repeat("Гаряча вода буде завтра. ", 300)
	_, err := l.channel.Send(t.Context(), notice("long-1", text))
	require.NoError(t, err)
	call := l.fake.Calls()[0]
	require.Empty(t, call.TwiML)
	require.NotContains(t, call.URL, "вода")
	p, err := l.fake.PickUp(l, call, "human")
	require.NoError(t, err)
	assert.Equal(t, 300, strings.Count(p.Heard, "Гаряча вода буде завтра."))
	assert.Empty(t, l.events, "a call of hotline that is answered is no word of the person")

	l.news(t, call.SID, "in-progress", nil)
	p, err = l.fake.PickUp(l, call, "human")
	require.NoError(t, err)
	assert.NotEmpty(t, p.Heard, "a repeated request is answered alike")
	l.news(t, call.SID, "completed", nil)
	p, err = l.fake.PickUp(l, call, "human")
	require.NoError(t, err)
	assert.Empty(t, p.Heard, "when the call is over, what it said is forgotten")

	// A wrong code, or a restart without a table, says nothing rather than another's words.
	require.NoError(t, l.account.contents.table.Put(t.Context(), keptKey(""), "<Response><Say>of another</Say></Response>"))
	call.URL = strings.Replace(call.URL, "ref=long-1", "ref=long-2", 1)
	p, err = l.fake.PickUp(l, call, "human")
	require.NoError(t, err)
	assert.Empty(t, p.Heard)
	assert.True(t, p.Over)

	// Nor is it kept when no call was made.
	table := l.account.contents.table
	l.fake.FaultOn(twiliotest.Calls, channelstest.Throttle)
	_, err = l.channel.Send(t.Context(), notice("long-4", text))
	require.Error(t, err)
	left, err := table.Get(t.Context(), keptKey("long-4"))
	require.NoError(t, err)
	assert.Empty(t, left)

	_, err = l.channel.Send(t.Context(), notice("long-3", strings.Repeat("Дуже довгий текст. ", 3000)))
	assert.Equal(t, channels.Rejected, channels.CauseOf(err))
	assert.Len(t, l.fake.Calls(), 1)
}

func TestShortNoticeIsRepeatedAsOftenAsItFits(t *testing.T) {
	l := newLine(t, VoiceConfig{})
	m := notice("n1", strings.Repeat("Приходьте о дев'ятій. ", 42))
	m.Wants = channels.WantDigits
	_, err := l.channel.Send(t.Context(), m)
	require.NoError(t, err)
	call := l.fake.Calls()[0]
	assert.NotEmpty(t, call.TwiML)
	assert.Equal(t, 2, strings.Count(call.TwiML, "<Gather"), "three times would be over 4,000 characters")
}

func TestMachines(t *testing.T) {
	m := notice("m1", "Приходьте завтра.")
	t.Run("beep", func(t *testing.T) {
		l := newLine(t, VoiceConfig{Machines: Beep})
		receipt, err := l.channel.Send(t.Context(), m)
		require.NoError(t, err)
		call := l.fake.Calls()[0]
		assert.Equal(t, "DetectMessageEnd", call.Form.Get("MachineDetection"))
		assert.NotEmpty(t, call.TwiML)
		assert.Equal(t, channels.Sent, l.news(t, receipt.ID, "in-progress", nil).Stage, "who answers is not known yet")
		assert.Equal(t, channels.Delivered, l.news(t, receipt.ID, "completed", url.Values{"AnsweredBy": {"machine_end_beep"}}).Stage)
	})
	t.Run("nobody", func(t *testing.T) {
		l := newLine(t, VoiceConfig{Machines: Nobody})
		receipt, err := l.channel.Send(t.Context(), m)
		require.NoError(t, err)
		call := l.fake.Calls()[0]
		assert.Equal(t, "Enable", call.Form.Get("MachineDetection"))
		p, err := l.fake.PickUp(l, call, "machine_start")
		require.NoError(t, err)
		assert.True(t, p.Over)
		assert.Empty(t, p.Heard)
		require.Len(t, l.events, 1)
		want := channels.Status{Ref: "m1", ID: receipt.ID, Stage: channels.Failed, Cause: channels.Unavailable, Code: "machine"}
		assert.Equal(t, want, *l.last().Status)
		p, err = l.fake.PickUp(l, call, "human")
		require.NoError(t, err)
		assert.Contains(t, p.Heard, "Приходьте завтра.")
		got := l.news(t, receipt.ID, "completed", url.Values{"AnsweredBy": {"machine_start"}})
		got.At = time.Time{}
		assert.Equal(t, want, got)
	})
}

// news gives the status of a call to the hub and returns what it is told.
func (l *line) news(t *testing.T, sid, status string, extra url.Values) channels.Status {
	t.Helper()
	r := l.fake.CallStatus(sid, status, extra)
	require.NotNil(t, r)
	before := len(l.events)
	l.serve(t, r)
	require.Len(t, l.events, before+1)
	require.Equal(t, channels.News, l.last().Kind)
	return *l.last().Status
}

func TestNewsOfACall(t *testing.T) {
	l := newLine(t, VoiceConfig{})
	receipt, err := l.channel.Send(t.Context(), notice("n1", "Добрий день"))
	require.NoError(t, err)
	ids := map[string]bool{}
	for _, c := range []struct {
		status string
		extra  url.Values
		want   channels.Status
	}{
		{"initiated", nil, channels.Status{Stage: channels.Accepted}},
		{"ringing", nil, channels.Status{Stage: channels.Sent}},
		{"in-progress", nil, channels.Status{Stage: channels.Delivered}},
		{"completed", url.Values{"CallDuration": {"12"}}, channels.Status{Stage: channels.Delivered}},
		{"busy", nil, channels.Status{Stage: channels.Failed, Cause: channels.Unavailable, Code: "busy"}},
		{"no-answer", nil, channels.Status{Stage: channels.Failed, Cause: channels.Unavailable, Code: "no-answer"}},
		{"canceled", nil, channels.Status{Stage: channels.Failed, Cause: channels.Unavailable, Code: "canceled"}},
		{"failed", url.Values{"SipResponseCode": {"503"}}, channels.Status{Stage: channels.Failed, Cause: channels.Unavailable, Code: "503"}},
		{"failed", url.Values{"SipResponseCode": {"404"}}, channels.Status{Stage: channels.Failed, Cause: channels.Unreachable, Code: "404"}},
	} {
		got := l.news(t, receipt.ID, c.status, c.extra)
		assert.WithinDuration(t, time.Now(), got.At, time.Minute)
		c.want.Ref, c.want.ID, c.want.At = "n1", receipt.ID, got.At
		assert.Equal(t, c.want, got, c.status)
		ids[l.last().ID] = true
	}
	assert.Len(t, ids, 8)

	// Of a code that is not hotline the reference is not believed, and the SID still tells.
	r := l.fake.CallStatus(receipt.ID, "ringing", nil)
	u := strings.Replace(r.URL.String(), "ref=n1", "ref=n2", 1)
	l.serve(t, l.fake.Webhook(u, url.Values{"CallSid": {receipt.ID}, "CallStatus": {"ringing"}, "Direction": {"outbound-api"}, "From": {hotline}, "To": {olena}}))
	assert.Equal(t, channels.Status{ID: receipt.ID, Stage: channels.Sent}, *l.last().Status)
}

// The end of a call that a person made is told once, however it is told.
func TestEndOfACall(t *testing.T) {
	l := newLine(t, VoiceConfig{})
	p, err := l.fake.Dial(l, publicURL, olena, hotline)
	require.NoError(t, err)
	form := url.Values{"CallSid": {p.SID}, "From": {olena}, "To": {hotline}, "CallStatus": {"completed"}, "Direction": {"inbound"}}
	for _, query := range []string{"", "?a=c&n=2&t=3"} {
		l.serve(t, l.fake.Webhook(publicURL+voicePath+query, form))
		assert.Equal(t, [2]any{channels.Ended, p.SID + "/ended"}, [2]any{l.last().Kind, l.last().ID})
		assert.Empty(t, l.last().Session, "nothing can be said any more")
	}
	n := len(l.events)
	form.Set("CallStatus", "in-progress")
	form.Set("CallbackSource", "call-progress-events")
	l.serve(t, l.fake.Webhook(publicURL+voicePath, form))
	assert.Len(t, l.events, n, "that a call goes on is no event")
}

func TestSendRefusesBeforeAnyRequest(t *testing.T) {
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	l := newLine(t, VoiceConfig{}, func(c *Config) { c.Now = func() time.Time { return now } })
	bare, err := l.account.Voice(VoiceConfig{})
	require.NoError(t, err)
	for name, c := range map[string]struct {
		voice *Voice
		m     func(*channels.Message)
		cause channels.Cause
		code  string
	}{
		"no number":     {l.voice, func(m *channels.Message) { m.To.ID = "CA1" }, channels.Unreachable, "not-a-number"},
		"no from":       {bare, func(*channels.Message) {}, channels.Misconfigured, "no-from"},
		"no voice":      {l.voice, func(m *channels.Message) { m.Lang = "so" }, channels.Rejected, "no-voice"},
		"bad recording": {l.voice, func(m *channels.Message) { m.Recording = "notice.mp3" }, channels.Rejected, "no-voice"},
		"a template":    {l.voice, func(m *channels.Message) { m.Text, m.Template = "", &channels.Template{Name: "x"} }, channels.Rejected, "nothing-to-say"},
		"a picture": {l.voice, func(m *channels.Message) {
			m.Text, m.Media = "", []channels.Media{{URL: "https://m.example.org/1", Type: "image/png"}}
		}, channels.Rejected, "nothing-to-say"},
		"too late": {l.voice, func(m *channels.Message) { m.NotAfter = now.Add(4 * time.Second) }, channels.Rejected, "too-late"},
	} {
		m := notice("r", "Добрий день")
		c.m(&m)
		_, err := c.voice.Send(t.Context(), channels.Rendered{Message: m, Parts: []string{m.Text}})
		var e *channels.Error
		require.ErrorAs(t, err, &e, name)
		assert.Equal(t, [2]any{c.cause, c.code}, [2]any{e.Cause, e.Code}, name)
		assert.NotContains(t, err.Error(), "380671234567")
	}
	assert.Empty(t, l.fake.Calls())

	m := notice("r", "Добрий день")
	m.NotAfter = now.Add(20 * time.Second)
	_, err = l.channel.Send(t.Context(), m)
	require.NoError(t, err)
	assert.Equal(t, "20", l.fake.Calls()[0].Form.Get("Timeout"), "the phone does not ring when it is too late")
}

func TestListOfCallsGoesOnOverPages(t *testing.T) {
	start := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	now := start
	var l *line
	l = newLine(t, VoiceConfig{}, func(c *Config) {
		c.Now, c.BaseURL = func() time.Time { return now }, ""
		c.HTTP = &http.Client{Transport: tripper(func(r *http.Request) (*http.Response, error) { // no sockets for a thousand calls
			w := httptest.NewRecorder()
			l.fake.ServeHTTP(w, r)
			return w.Result(), nil
		})}
	})
	l.fake.SetNow(func() time.Time { return now })
	want := map[string]bool{}
	for i := range 1203 {
		now = start.Add(time.Duration(i) * time.Second)
		receipt, err := l.voice.Send(t.Context(), channels.Rendered{Message: notice("r", "x"), Parts: []string{"x"}})
		require.NoError(t, err)
		if i >= 3 {
			want[receipt.ID] = true
		}
		if i%10 == 0 { // the others wait for their turn
			l.fake.CallStatus(receipt.ID, "ringing", nil)
		}
	}
	got, stages := map[string]bool{}, map[channels.Stage]int{}
	for c, err := range l.voice.Sent(t.Context(), "", start.Add(3*time.Second), now.Add(time.Second)) {
		require.NoError(t, err)
		assert.False(t, got[c.ID])
		assert.Equal(t, olena, c.To.ID)
		stages[c.Stage]++
		got[c.ID] = true
	}
	assert.Equal(t, want, got)
	assert.Equal(t, map[channels.Stage]int{channels.Accepted: 1080, channels.Sent: 120}, stages)

	asked := l.fake.Requests(twiliotest.CallLists)
	for range l.voice.Sent(t.Context(), "", now.Add(-time.Minute), now.Add(time.Second)) {
	}
	assert.Equal(t, 2, l.fake.Requests(twiliotest.CallLists)-asked, "a page of young and old, and one of old calls that would end it")
	asked = l.fake.Requests(twiliotest.CallLists)
	for range l.voice.Sent(t.Context(), "", now.Add(time.Minute), now.Add(time.Hour)) {
		require.Fail(t, "none is as young")
	}
	assert.Equal(t, 1, l.fake.Requests(twiliotest.CallLists)-asked, "the first page is older")

	l.fake.Refuse("CallLists", 503, 0)
	for _, err := range l.voice.Sent(t.Context(), "", start, now) {
		var e *channels.Error
		require.True(t, errors.As(err, &e))
	}
}

func TestSoundsArePlayed(t *testing.T) {
	l := newLine(t, VoiceConfig{})
	m := notice("s1", "Послухайте.")
	m.Media = []channels.Media{{URL: "https://m.example.org/a.mp3", Type: "audio/mpeg"}, {URL: "https://m.example.org/a.png", Type: "image/png"}}
	_, err := l.channel.Send(t.Context(), m)
	require.NoError(t, err)
	p, err := l.fake.PickUp(l, l.fake.Calls()[0], "")
	require.NoError(t, err)
	assert.Equal(t, "Послухайте.\nhttps://m.example.org/a.mp3\n", strings.TrimLeft(p.Heard, "\n"))
}
