package twilio

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
	"github.com/hubkit/hubkit/channels/twilio/twiliotest"
)

func TestAnSMSLeavesAsConfigured(t *testing.T) {
	service := twiliotest.SID("MG", "pool")
	for name, c := range map[string]struct {
		cfg  SMSConfig
		from string
		want url.Values
	}{
		"a number":  {SMSConfig{From: ours}, "", url.Values{"From": {ours}}},
		"a name":    {SMSConfig{From: "Red Cross"}, "", url.Values{"From": {"Red Cross"}}},
		"a service": {SMSConfig{MessagingService: service}, "", url.Values{"MessagingServiceSid": {service}}},
		"a number of a service": {
			SMSConfig{From: ours, MessagingService: service}, "", url.Values{"From": {ours}, "MessagingServiceSid": {service}},
		},
		"a message's own number":  {SMSConfig{From: ours}, "40404", url.Values{"From": {"40404"}}},
		"a message's own service": {SMSConfig{From: ours}, service, url.Values{"MessagingServiceSid": {service}}},
		"smart":                   {SMSConfig{From: ours, Smart: true}, "", url.Values{"From": {ours}, "SmartEncoded": {"true"}}},
		"short links": {
			SMSConfig{MessagingService: service, ShortenURLs: true}, "", url.Values{"MessagingServiceSid": {service}, "ShortenUrls": {"true"}},
		},
	} {
		d := newDesk(t)
		s, err := d.SMS(c.cfg)
		require.NoError(t, err)
		m := plain("Так")
		m.From = c.from
		_, err = s.Send(t.Context(), m)
		require.NoError(t, err, name)
		got := d.Messages()[0].Form
		got.Del("StatusCallback")
		c.want.Set("To", person)
		c.want.Set("Body", "Так")
		assert.Equal(t, c.want, got, name)
	}
}

func TestPicturesNeedMMS(t *testing.T) {
	d := newDesk(t)
	m := plain("Карта")
	m.Media = []channels.Media{{URL: "https://hub.example.org/a.jpg"}, {URL: "https://hub.example.org/b.jpg"}}
	_, err := texter(t, d.Account).Send(t.Context(), m)
	assert.Equal(t, channels.Rejected, channels.CauseOf(err), "nothing is left out silently")
	s, err := d.SMS(SMSConfig{From: ours, MMS: true})
	require.NoError(t, err)
	assert.True(t, s.Limits().Files)
	_, err = s.Send(t.Context(), m)
	require.NoError(t, err)
	assert.Len(t, d.Messages()[0].Media, 2)
	_, err = s.Send(t.Context(), plain("  "))
	require.ErrorIs(t, err, channels.ErrEmpty)
}

func TestAMessageIsScheduledAndTakenBack(t *testing.T) {
	d := newDesk(t)
	s, err := d.SMS(SMSConfig{MessagingService: twiliotest.SID("MG", "pool")})
	require.NoError(t, err)
	m := plain("Завтра")
	m.NotAfter = time.Now().Add(time.Minute)
	for _, wrong := range []time.Duration{0, 14 * time.Minute, 36 * 24 * time.Hour} {
		_, err := s.Schedule(t.Context(), m, time.Now().Add(wrong))
		assert.Equal(t, channels.Rejected, channels.CauseOf(err))
	}
	_, err = texter(t, d.Account).Schedule(t.Context(), m, time.Now().Add(time.Hour))
	assert.Equal(t, channels.Rejected, channels.CauseOf(err), "a number alone cannot schedule")
	require.Zero(t, d.Requests(twiliotest.Messages))

	receipt, err := s.Schedule(t.Context(), m, time.Now().Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, "scheduled", d.Messages()[0].Status)
	assert.Empty(t, d.Messages()[0].Form.Get("ValidityPeriod"), "it would run from now")
	require.NoError(t, d.Cancel(t.Context(), receipt.ID))
	assert.Equal(t, "canceled", d.Messages()[0].Status)
	assert.Equal(t, channels.Rejected, channels.CauseOf(d.Cancel(t.Context(), receipt.ID)), "it is canceled already")
}

func TestCostIsCountedInSegments(t *testing.T) {
	s := texter(t, newDesk(t).Account)
	for text, want := range map[string]int{
		strings.Repeat("a", 160): 1, strings.Repeat("a", 161): 2, strings.Repeat("т", 70): 1, strings.Repeat("т", 71): 2,
	} {
		assert.Equal(t, want, s.Cost(text))
	}
	quoted := "“" + strings.Repeat("a", 99) + "”"
	assert.Equal(t, 2, s.Cost(quoted))
	smart, err := newDesk(t).SMS(SMSConfig{From: ours, Smart: true})
	require.NoError(t, err)
	assert.Equal(t, 1, smart.Cost(quoted))
}

func TestAListThatMayBeRewordedIsWithoutWords(t *testing.T) {
	for _, cfg := range []SMSConfig{{From: ours, Smart: true}, {From: ours}} {
		d := newDesk(t)
		s, err := d.SMS(cfg)
		require.NoError(t, err)
		_, err = s.Send(t.Context(), plain("“Так”"))
		require.NoError(t, err)
		for l, err := range s.Sent(t.Context(), "", time.Now().Add(-time.Minute), time.Now()) {
			require.NoError(t, err)
			assert.Equal(t, cfg.Smart, l.Text == "")
		}
	}
}

func TestTheListOfWhatLeft(t *testing.T) {
	now := time.Date(2026, 11, 27, 10, 0, 0, 700_000_000, time.UTC)
	fake := twiliotest.New(twiliotest.Config{Now: func() time.Time { return now }})
	d := newDesk(t, func(c *Config) {
		c.HTTP = &http.Client{Transport: inProcess(fake)}
		c.BaseURL = ""
	})
	s, err := d.SMS(SMSConfig{From: ours})
	require.NoError(t, err)
	w, err := d.WhatsApp(WhatsAppConfig{MessagingService: twiliotest.SID("MG", "pool")})
	require.NoError(t, err)
	var want []string
	for i := range 450 { // three pages
		receipt, err := s.Send(t.Context(), plain(fmt.Sprint("number ", i)))
		require.NoError(t, err)
		want = append(want, receipt.ID)
		now = now.Add(time.Second)
	}
	m := plain("whatsapp")
	m.To.Channel = "whatsapp"
	wr, err := w.Send(t.Context(), m)
	require.NoError(t, err)
	fake.Status(want[7], "undelivered", 30005)

	list := func(r channels.Reconciler, from string, since, until time.Time) (ids []string, all map[string]channels.Listed) {
		all = map[string]channels.Listed{}
		for l, err := range r.Sent(t.Context(), from, since, until) {
			require.NoError(t, err)
			ids = append(ids, l.ID)
			all[l.ID] = l
		}
		return ids, all
	}
	start := time.Date(2026, 11, 27, 10, 0, 0, 700_000_000, time.UTC)
	ids, all := list(s, "", start, now)
	require.ElementsMatch(t, want, ids)
	assert.Equal(t, 3, fake.Requests(twiliotest.Lists))
	assert.Equal(t, at("sms", person), all[want[3]].To)
	assert.Equal(t, "number 3", all[want[3]].Text)
	assert.Equal(t, channels.Accepted, all[want[3]].Stage)
	assert.Equal(t, start.Add(3*time.Second).Truncate(time.Second), all[want[3]].At.UTC())
	assert.Equal(t, channels.Status{ID: want[7], Stage: channels.Failed, Cause: channels.Unreachable, Code: "30005", At: all[want[7]].At}, all[want[7]].Status)

	ids, _ = list(s, "", start.Add(100*time.Second), start.Add(109*time.Second))
	assert.Len(t, ids, 11, "whole seconds, on both sides")
	ids, _ = list(s, "+15550199", start, now)
	assert.Empty(t, ids)
	ids, all = list(w, "", start, now)
	assert.Equal(t, []string{wr.ID}, ids, "a service's own, on its own channel")
	assert.Empty(t, all[wr.ID].Text, "what Twilio lists of a content is nobody's promise")
	ids, _ = list(w, twiliotest.SID("MG", "another"), start, now)
	assert.Empty(t, ids)

	// Who has seen enough asks no further page.
	before := fake.Requests(twiliotest.Lists)
	for range s.Sent(t.Context(), "", start, now) {
		break
	}
	assert.Equal(t, before+1, fake.Requests(twiliotest.Lists))

	fake.FaultOn(twiliotest.Lists, channelstest.ServerError)
	for _, err := range s.Sent(t.Context(), "", start, now) {
		require.Error(t, err, "a broken list is not an empty one")
	}
}

func TestRowsThatAreNotOursAreLeftOut(t *testing.T) {
	row := func(to, status, direction, created string) string {
		return fmt.Sprintf(`{"sid":"SM1","to":%q,"status":%q,"direction":%q,"date_created":%q}`, to, status, direction, created)
	}
	created := time.Now().UTC().Format(time.RFC1123Z)
	for name, c := range map[string]struct {
		row  string
		want int
	}{
		"ours":                 {row(person, "sent", "outbound-api", created), 1},
		"a reply by TwiML":     {row(person, "sent", "outbound-reply", created), 1},
		"what came in":         {row(person, "delivered", "inbound", created), 0},
		"of another channel":   {row("whatsapp:"+person, "sent", "outbound-api", created), 0},
		"to nobody":            {row("", "sent", "outbound-api", created), 0},
		"a status of tomorrow": {row(person, "levitating", "outbound-api", created), 1},
		"without a time":       {row(person, "sent", "outbound-api", ""), 0},
	} {
		a := account(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, `{"messages":[%s]}`, c.row) })
		got := 0
		for _, err := range texter(t, a).Sent(t.Context(), "", time.Now().Add(-time.Minute), time.Now()) {
			require.NoError(t, err)
			got++
		}
		assert.Equal(t, c.want, got, name)
	}
}

func TestAListThatDoesNotEnd(t *testing.T) {
	for _, next := range []string{"/2010-04-01/Accounts/" + accountID + "/Messages.json?Page=1", "/elsewhere", "https://evil.example/"} {
		asked := 0
		a := account(t, func(w http.ResponseWriter, r *http.Request) {
			asked++
			fmt.Fprintf(w, `{"messages":[null,{}],"next_page_uri":%q}`, next)
		})
		var got error
		for l, err := range texter(t, a).Sent(t.Context(), "", time.Now(), time.Now()) {
			assert.Zero(t, l)
			got = err
		}
		assert.Equal(t, channels.Unavailable, channels.CauseOf(got), next)
		assert.LessOrEqual(t, asked, 2)
	}
}

// What waits in Twilio's queue has not left, and a page that is older than the time
// asked for ends the list, whichever time Twilio sorts by.
func TestTheListGoesBackToTheTimeAskedFor(t *testing.T) {
	start := time.Date(2026, 11, 27, 10, 0, 0, 0, time.UTC)
	created := func(d time.Duration) string { return start.Add(d).Format(time.RFC1123Z) }
	row := func(sid, made, updated, sent string) string {
		if sent != "null" {
			sent = strconv.Quote(sent)
		}
		return fmt.Sprintf(`{"sid":%q,"to":%q,"status":"queued","direction":"outbound-api","date_created":%q,"date_updated":%q,"date_sent":%s}`, sid, person, made, updated, sent)
	}
	old, young := created(-time.Hour), created(time.Minute)
	for name, c := range map[string]struct {
		first string
		pages int
		want  []string
	}{
		"a page of old rows":        {row("SM0", old, old, old), 1, nil},
		"old, and waiting still":    {row("SM0", old, old, "null"), 1, nil},
		"old and young":             {row("SM0", old, old, old) + "," + row("SM1", young, young, "null"), 2, []string{"SM1", "SM9"}},
		"old, and sent just now":    {row("SM0", old, young, young), 2, []string{"SM9"}},
		"old, and updated just now": {row("SM0", old, young, "null"), 2, []string{"SM9"}},
		"no rows yet":               {"", 2, []string{"SM9"}},
		"a row without a time":      {row("SM0", "", "", "null"), 2, []string{"SM9"}},
	} {
		asked := 0
		a := account(t, func(w http.ResponseWriter, r *http.Request) {
			asked++
			assert.Empty(t, slices.DeleteFunc(slices.Collect(maps.Keys(r.URL.Query())), func(k string) bool { return k == "From" || k == "PageSize" || k == "Page" }), "no time filters")
			if asked == 1 {
				fmt.Fprintf(w, `{"messages":[%s],"next_page_uri":"/2010-04-01/Accounts/%s/Messages.json?Page=1"}`, c.first, accountID)
				return
			}
			fmt.Fprintf(w, `{"messages":[%s]}`, row("SM9", young, young, "null"))
		})
		var got []string
		for l, err := range texter(t, a).Sent(t.Context(), "", start, start.Add(time.Hour)) {
			require.NoError(t, err)
			got = append(got, l.ID)
		}
		assert.Equal(t, c.want, got, name)
		assert.Equal(t, c.pages, asked, name)
	}
}

// inProcess is a fake as a transport, so that a test's clock can be told.
func inProcess(fake *twiliotest.Fake) http.RoundTripper {
	return round(func(r *http.Request) (res *http.Response, err error) {
		defer func() {
			if p := recover(); p != nil { // the fake breaks the connection
				res, err = nil, io.ErrUnexpectedEOF
			}
		}()
		rec := httptest.NewRecorder()
		server := r.Clone(r.Context())
		if server.Body == nil {
			server.Body = http.NoBody
		}
		server.Host = r.URL.Host
		fake.ServeHTTP(rec, server)
		return rec.Result(), nil
	})
}
