package twilio

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/twilio/twiliotest"
)

// hub keeps what reaches it.
type hub struct{ events []channels.Event }

func (h *hub) Handle(_ context.Context, e channels.Event) ([]channels.Message, error) {
	h.events = append(h.events, e)
	return nil, nil
}

// both returns the account's two channels and what serves them.
func (d *desk) both(t testing.TB) (h *hub, routes http.Handler) {
	t.Helper()
	w, err := d.WhatsApp(WhatsAppConfig{From: ours})
	require.NoError(t, err)
	s, err := d.SMS(SMSConfig{From: ours, MMS: true})
	require.NoError(t, err)
	cfg := channels.Config{Logger: slog.New(slog.DiscardHandler)}
	wc, err := channels.New(w, cfg)
	require.NoError(t, err)
	sc, err := channels.New(s, cfg)
	require.NoError(t, err)
	h = &hub{}
	return h, Messages(h, wc, sc)
}

// given serves one request and returns the status and the events it brought.
func (d *desk) given(t testing.TB, r *http.Request) (int, []channels.Event) {
	t.Helper()
	h, routes := d.both(t)
	rec := httptest.NewRecorder()
	routes.ServeHTTP(rec, r)
	return rec.Code, h.events
}

func at(channel, id string) channels.Address { return channels.Address{Channel: channel, ID: id} }

func TestWhatAPersonSends(t *testing.T) {
	d := newDesk(t)
	asked := twiliotest.SID("SM", "asked")
	wa := "whatsapp:" + person
	for _, c := range []struct {
		name string
		in   twiliotest.Inbound
		want channels.Event
	}{
		{"words", twiliotest.Inbound{From: wa, Body: "Так"}, channels.Event{Text: "Так"}},
		{
			"a button",
			twiliotest.Inbound{From: wa, Body: "Так", Button: "seeking:yes", InReplyTo: asked},
			channels.Event{Text: "Так", Option: "seeking:yes", InReplyTo: asked},
		},
		{"a row", twiliotest.Inbound{From: wa, Body: "Ні", Row: "sex:f", InReplyTo: asked}, channels.Event{Text: "Ні", Option: "sex:f", InReplyTo: asked}},
		{
			"a row whose label is only in ListTitle",
			twiliotest.Inbound{From: wa, Row: "sex:f", Extra: url.Values{"ListTitle": {"Жінка"}}},
			channels.Event{Text: "Жінка", Option: "sex:f"},
		},
		{"the row for more", twiliotest.Inbound{From: wa, Body: "Ще", Row: "hub:more:2"}, channels.Event{Text: "Ще", Option: "hub:more:2"}},
		{
			"a place",
			twiliotest.Inbound{From: wa, Extra: url.Values{"Latitude": {"50.4501"}, "Longitude": {"30.5234"}, "Label": {"Дім"}, "Address": {"Київ"}}},
			channels.Event{Location: &channels.Location{Lat: 50.4501, Lon: 30.5234, Label: "Дім, Київ"}},
		},
		{
			"a place without a name",
			twiliotest.Inbound{From: wa, Extra: url.Values{"Latitude": {"-1"}, "Longitude": {"0"}, "Address": {"Київ"}}},
			channels.Event{Location: &channels.Location{Lat: -1, Label: "Київ"}},
		},
		{"no place on this earth", twiliotest.Inbound{From: wa, Extra: url.Values{"Latitude": {"91"}, "Longitude": {"0"}}}, channels.Event{}},
		{"half a place", twiliotest.Inbound{From: wa, Extra: url.Values{"Latitude": {"NaN"}, "Longitude": {"30"}}}, channels.Event{}},
		{"the other half", twiliotest.Inbound{From: wa, Extra: url.Values{"Latitude": {"50"}, "Longitude": {"nan"}}}, channels.Event{}},
		{"no number for a place", twiliotest.Inbound{From: wa, Extra: url.Values{"Latitude": {"NaN"}, "Longitude": {""}}}, channels.Event{}},
		{
			"files",
			twiliotest.Inbound{From: wa, Media: []twiliotest.Media{{URL: "https://api.twilio.com/0", Type: "image/jpeg"}, {URL: "https://api.twilio.com/1", Type: "audio/ogg"}}},
			channels.Event{Media: []channels.Media{{URL: "https://api.twilio.com/0", Type: "image/jpeg"}, {URL: "https://api.twilio.com/1", Type: "audio/ogg"}}},
		},
		{"a million files", twiliotest.Inbound{From: wa, Extra: url.Values{"NumMedia": {"1000000"}}}, channels.Event{}},
		{"more files than there can be", twiliotest.Inbound{From: wa, Media: slices.Repeat([]twiliotest.Media{{URL: "https://a.example/1"}}, 40)}, channels.Event{
			Media: slices.Repeat([]channels.Media{{URL: "https://a.example/1"}}, 30),
		}},
		{"minus one file", twiliotest.Inbound{From: wa, Extra: url.Values{"NumMedia": {"-1"}}}, channels.Event{}},
		{
			"from an advert",
			twiliotest.Inbound{From: wa, Body: "Hi", Extra: url.Values{"ReferralSourceId": {"1200"}, "ReferralSourceType": {"ad"}, "ReferralCtwaClid": {"Af"}, "ReferralHeadline": {"x"}}},
			channels.Event{Text: "Hi", Campaign: "ad:1200"},
		},
		{"from a post", twiliotest.Inbound{From: wa, Body: "Hi", Extra: url.Values{"ReferralSourceId": {"7"}}}, channels.Event{Text: "Hi", Campaign: "ad:7"}},
		{"from a click", twiliotest.Inbound{From: wa, Body: "Hi", Extra: url.Values{"ReferralCtwaClid": {"Af"}}}, channels.Event{Text: "Hi", Campaign: "ctwa:Af"}},
		{"stop on WhatsApp is the hub's", twiliotest.Inbound{From: wa, Body: "STOP"}, channels.Event{Text: "STOP"}},
		{
			"stop that a service obeyed",
			twiliotest.Inbound{From: wa, Body: "СТОП", Extra: url.Values{"OptOutType": {"STOP"}}},
			channels.Event{Kind: channels.Stopped, Text: "СТОП"},
		},
		{"start again", twiliotest.Inbound{From: wa, Body: "START", Extra: url.Values{"OptOutType": {"START"}}}, channels.Event{Text: "START"}},
		{"text message", twiliotest.Inbound{From: person, Body: "2"}, channels.Event{Text: "2"}},
		{"stop by text message", twiliotest.Inbound{From: person, Body: " stop\n"}, channels.Event{Kind: channels.Stopped, Text: " stop\n"}},
		{"a sentence with stop", twiliotest.Inbound{From: person, Body: "stop it"}, channels.Event{Text: "stop it"}},
		{"from a short code", twiliotest.Inbound{From: "40404", Body: "x"}, channels.Event{Text: "x"}},
		{"nothing", twiliotest.Inbound{From: person}, channels.Event{}},
		{"fields of next year", twiliotest.Inbound{From: person, Body: "x", Extra: url.Values{"Neue": {"Felder", "zweimal"}}}, channels.Event{Text: "x"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.in.ID = c.name
			status, events := d.given(t, d.Inbound(publicURL, c.in))
			require.Equal(t, http.StatusOK, status)
			require.Len(t, events, 1)
			got := events[0]
			channel := "sms"
			if strings.HasPrefix(c.in.From, "whatsapp:") {
				channel = "whatsapp"
			}
			c.want.ID = twiliotest.SID("SM", c.name)
			c.want.From, c.want.To = at(channel, strings.TrimPrefix(c.in.From, "whatsapp:")), at(channel, ours)
			assert.False(t, got.At.IsZero())
			got.At = c.want.At
			assert.Equal(t, c.want, got)
			kept, err := got.Reveal()
			require.NoError(t, err)
			assert.NotContains(t, string(kept), "Olena", "the name of the profile is nobody's to keep")
		})
	}
}

func TestWebhooksThatAreNotForUs(t *testing.T) {
	d := newDesk(t)
	for name, c := range map[string]struct {
		r    *http.Request
		want int
	}{
		"another channel of Twilio": {d.Inbound(publicURL, twiliotest.Inbound{From: "messenger:1234", Body: "x"}), http.StatusBadRequest},
		"from nobody":               {d.Inbound(publicURL, twiliotest.Inbound{Body: "x"}), http.StatusBadRequest},
		"whatsapp and nothing else": {d.Inbound(publicURL, twiliotest.Inbound{From: "whatsapp:", Body: "x"}), http.StatusBadRequest},
		"without an id":             {d.Webhook(publicURL+"/webhooks/twilio/messages", url.Values{"From": {person}, "Body": {"x"}}), http.StatusBadRequest},
		"a status without an id":    {d.Webhook(publicURL+"/webhooks/twilio/status", url.Values{"To": {person}, "MessageStatus": {"sent"}}), http.StatusBadRequest},
		"a status of nobody":        {d.Webhook(publicURL+"/webhooks/twilio/status", url.Values{"MessageSid": {"SM1"}, "MessageStatus": {"sent"}}), http.StatusBadRequest},
		"JSON":                      {d.JSON(publicURL+"/webhooks/twilio/messages", `{"From":"+380501234567"}`), http.StatusBadRequest},
		"for another host":          {d.Inbound("https://other.example", twiliotest.Inbound{From: person, Body: "x"}), http.StatusForbidden},
	} {
		status, events := d.given(t, c.r)
		assert.Equal(t, c.want, status, name)
		assert.Empty(t, events, name)
	}
	huge := httptest.NewRequest(http.MethodPost, "/webhooks/twilio/messages", strings.NewReader("From="+strings.Repeat("x", 3<<20)))
	status, events := d.given(t, huge)
	assert.Equal(t, http.StatusRequestEntityTooLarge, status)
	assert.Empty(t, events)

	broken := httptest.NewRequest(http.MethodPost, "/webhooks/twilio/messages", io.MultiReader(strings.NewReader("From="), brokenReader{}))
	status, _ = d.given(t, broken)
	assert.Equal(t, http.StatusBadRequest, status)
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestARouteServesTheChannelsItHas(t *testing.T) {
	d := newDesk(t)
	s, err := channels.New(texter(t, d.Account), channels.Config{Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	h := &hub{}
	routes := Messages(h, nil, s)
	for from, want := range map[string]int{person: http.StatusOK, "whatsapp:" + person: http.StatusNotFound} {
		rec := httptest.NewRecorder()
		routes.ServeHTTP(rec, d.Inbound(publicURL, twiliotest.Inbound{From: from, Body: "x"}))
		assert.Equal(t, want, rec.Code)
	}
	assert.Len(t, h.events, 1)
}

func TestWhatBecameOfAMessage(t *testing.T) {
	d := newDesk(t)
	receipt, err := texter(t, d.Account).Send(t.Context(), plain("Так"))
	require.NoError(t, err)
	for _, c := range []struct {
		word  string
		code  int
		stage channels.Stage
		cause channels.Cause
	}{
		{"queued", 0, channels.Accepted, channels.None},
		{"sending", 0, channels.Accepted, channels.None},
		{"sent", 0, channels.Sent, channels.None},
		{"delivered", 0, channels.Delivered, channels.None},
		{"partially_delivered", 0, channels.Delivered, channels.None},
		{"read", 0, channels.Read, channels.None},
		{"failed", 30008, channels.Failed, channels.Unavailable},
		{"undelivered", 30005, channels.Failed, channels.Unreachable},
		{"undelivered", 21610, channels.Failed, channels.OptedOut},
		{"undelivered", 63016, channels.Failed, channels.Window},
		{"undelivered", 0, channels.Failed, channels.Unavailable},
		{"canceled", 0, channels.Failed, channels.Rejected},
	} {
		status, events := d.given(t, d.Status(receipt.ID, c.word, c.code))
		require.Equal(t, http.StatusOK, status)
		require.Len(t, events, 1, c.word)
		e := events[0]
		assert.Equal(t, channels.News, e.Kind)
		assert.Equal(t, receipt.ID+"/"+c.word, e.ID)
		assert.Equal(t, at("sms", person), e.From)
		assert.Equal(t, at("sms", ours), e.To)
		assert.Equal(t, "01J9", e.Status.Ref)
		assert.Equal(t, receipt.ID, e.Status.ID)
		assert.Equal(t, c.stage, e.Status.Stage, c.word)
		assert.Equal(t, c.cause, e.Status.Cause, c.word)
	}
	status, events := d.given(t, d.Status(receipt.ID, "levitating", 0))
	assert.Equal(t, http.StatusOK, status, "a word that Twilio adds is no fault")
	assert.Empty(t, events)
}

func TestAReferenceWithAWrongCodeIsDropped(t *testing.T) {
	d := newDesk(t)
	form := url.Values{"MessageSid": {"SM1"}, "MessageStatus": {"sent"}, "To": {person}, "From": {ours}}
	for query, want := range map[string]string{
		"": "", "?ref=01J9": "", "?ref=01J9&mac=": "", "?ref=01J9&mac=AAAAAAAAAAAAAAAAAAAAAA": "",
		"?" + strings.SplitN(d.callback(statusPath, "01J9"), "?", 2)[1]: "01J9",
	} {
		_, events := d.given(t, d.Webhook(publicURL+statusPath+query, form))
		require.Len(t, events, 1)
		assert.Equal(t, want, events[0].Status.Ref, query)
		assert.Equal(t, "SM1", events[0].Status.ID)
	}
}

func TestAWebhookIsAcknowledgedWithoutWords(t *testing.T) {
	d := newDesk(t)
	_, routes := d.both(t)
	rec := httptest.NewRecorder()
	routes.ServeHTTP(rec, d.Inbound(publicURL, twiliotest.Inbound{From: person, Body: "x"}))
	assert.Equal(t, "text/xml; charset=utf-8", rec.Header().Get("Content-Type"))
	assert.Equal(t, `<?xml version="1.0" encoding="UTF-8"?><Response/>`, rec.Body.String())
}

func FuzzReceive(f *testing.F) {
	d := newDesk(f)
	w, err := d.WhatsApp(WhatsAppConfig{From: ours})
	require.NoError(f, err)
	s, err := d.SMS(SMSConfig{From: ours})
	require.NoError(f, err)
	for _, seed := range []string{
		"MessageSid=SM1&From=whatsapp%3A%2B380501234567&To=whatsapp%3A%2B15550100&Body=x&NumMedia=1&MediaUrl0=https://a.example/1&Latitude=1&Longitude=2",
		"MessageSid=SM1&MessageStatus=failed&ErrorCode=30003&To=%2B380501234567&From=%2B15550100",
		"MessageSid=SM1&From=%2B380501234567&Body=STOP&ListId=hub:more:2&OriginalRepliedMessageSid=SM2", "", "=&=&;=%zz",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		form, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		for _, driver := range []channels.Receiver{w, s} {
			r := d.Webhook(publicURL+messagesPath, form)
			b, err := io.ReadAll(r.Body)
			require.NoError(t, err)
			es, err := driver.Receive(r, b)
			if err != nil {
				require.ErrorIs(t, err, channels.ErrMalformed)
				require.Empty(t, es)
				continue
			}
			for _, e := range es {
				require.NotEmpty(t, e.ID)
				require.NotEmpty(t, e.From.ID)
				require.Equal(t, driver.(channels.Driver).Name(), e.From.Channel)
				require.Equal(t, e.Kind == channels.News, e.Status != nil)
				require.LessOrEqual(t, len(e.Media), mostMedia)
				if e.Location != nil {
					require.True(t, e.Location.Lat >= -90 && e.Location.Lat <= 90 && e.Location.Lon >= -180 && e.Location.Lon <= 180)
				}
			}
		}
	})
}
