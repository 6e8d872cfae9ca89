package twilio

import (
	"bytes"
	"context"
	"errors"
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

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
	"github.com/hubkit/hubkit/channels/twilio/twiliotest"
)

// newRoom opens an account at the fake, with conversations; what it logs goes to logs.
func newRoom(t testing.TB, cfg ConversationsConfig) (*twiliotest.Fake, *Conversations, *bytes.Buffer) {
	t.Helper()
	fake := twiliotest.New(twiliotest.Config{})
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	logs := &bytes.Buffer{}
	account, err := NewAccount(Config{
		AccountSID: fake.AccountSID, AuthToken: fake.AuthToken, BaseURL: server.URL, PublicURL: publicURL,
		Logger: slog.New(slog.NewTextHandler(logs, nil)),
	})
	require.NoError(t, err)
	c, err := account.Conversations(cfg)
	require.NoError(t, err)
	return fake, c, logs
}

func opening() Opening {
	return Opening{
		Key: "ticket-7", Person: channels.Address{Channel: "whatsapp", ID: olena}, Ours: hotline, Name: "housing, uk",
		Attributes: map[string]any{"topic": "housing", "lang": "uk"},
		History: []Line{
			{Text: "Вам потрібна допомога?", At: time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)},
			{Person: true, Text: "так"},
			{Text: ""},
			{Person: true, Text: strings.Repeat("ї", 2000)},
		},
	}
}

func TestOpenTellsTheHistoryBeforeThePersonComes(t *testing.T) {
	fake, c, _ := newRoom(t, ConversationsConfig{ServiceSID: twiliotest.SID("IS", "1"), Inactive: time.Hour, Closed: 24 * time.Hour})
	got, err := c.Open(t.Context(), opening())
	require.NoError(t, err)
	all := fake.Conversations()
	require.Len(t, all, 1)
	o := all[0]
	assert.Equal(t, Opened{SID: o.SID}, got)
	assert.Equal(t, []string{"webhook", "message", "message", "message", "message", "participant"}, o.Order)
	assert.Zero(t, o.Silent, "every write is told to webhooks")
	assert.JSONEq(t, `{"topic":"housing","lang":"uk"}`, o.Attributes)
	assert.Equal(t, [2]string{"PT3600S", "PT86400S"}, [2]string{o.Form.Get("Timers.Inactive"), o.Form.Get("Timers.Closed")})
	assert.Equal(t, "whatsapp:"+olena, o.Participants[0].Get("MessagingBinding.Address"))
	assert.Equal(t, "whatsapp:"+hotline, o.Participants[0].Get("MessagingBinding.ProxyAddress"))
	assert.Equal(t, publicURL+"/webhooks/twilio/conversations", o.Webhooks[0].Get("Configuration.Url"))
	assert.Contains(t, o.Webhooks[0]["Configuration.Filters"], "onMessageAdded")
	var authors, bodies []string
	for _, m := range o.Messages {
		authors, bodies = append(authors, m.Author), append(bodies, m.Body)
	}
	assert.Equal(t, []string{"hub", "hub-person", "hub-person", "hub-person"}, authors)
	assert.Equal(t, "2026-11-27T09:00:00Z", o.Messages[0].Date)
	assert.Equal(t, 2000, strings.Count(strings.Join(bodies[2:], ""), "ї"))
	for _, secret := range []string{"380", "ticket"} {
		assert.NotContains(t, o.UniqueName+o.Name, secret)
	}
	assert.Empty(t, fake.Complaints())
}

// Whatever request fails, opening again with the same key finishes what was begun,
// and nothing is told twice.
func TestOpenGoesOnWhereItStopped(t *testing.T) {
	for _, f := range []channelstest.Fault{channelstest.ServerError, channelstest.TakenDrop, channelstest.TakenServerError, channelstest.Throttle} {
		for at := range 7 {
			fake, c, _ := newRoom(t, ConversationsConfig{})
			for range at {
				fake.FaultOn(twiliotest.Conversations, channelstest.Works)
			}
			fake.FaultOn(twiliotest.Conversations, f)
			_, err := c.Open(t.Context(), opening())
			var e *channels.Error
			require.ErrorAs(t, err, &e, "%s at %d", f, at)
			if f == channelstest.TakenDrop {
				assert.Equal(t, channels.Unknown, e.Cause)
			}
			assert.NotContains(t, err.Error(), "380671234567")
			got, err := c.Open(t.Context(), opening())
			require.NoError(t, err, "%s at %d", f, at)
			all := fake.Conversations()
			require.Len(t, all, 1)
			assert.Equal(t, all[0].SID, got.SID)
			assert.Len(t, all[0].Messages, 4, "%s at %d", f, at)
			assert.Len(t, all[0].Webhooks, 1)
			assert.Len(t, all[0].Participants, 1)
		}
	}
}

func TestOpenUsesTheConversationThatTwilioMade(t *testing.T) {
	fake, c, _ := newRoom(t, ConversationsConfig{})
	fake.AutoCreate("whatsapp:"+olena, "whatsapp:+15550199") // with another number of ours
	auto := fake.AutoCreate("whatsapp:"+olena, "whatsapp:"+hotline)
	for range 2 {
		got, err := c.Open(t.Context(), opening())
		require.NoError(t, err)
		assert.Equal(t, Opened{SID: auto, Existing: true}, got)
	}
	all := fake.Conversations()
	require.Len(t, all, 2, "the one that cannot be used is taken away")
	assert.Empty(t, all[1].Messages, "the person would be sent it all again")
	assert.Len(t, all[1].Webhooks, 1)
}

// A conversation that is open already is left alone: what was said in it since would
// be sent to the person again.
func TestOpenAgainTellsNothing(t *testing.T) {
	fake, c, _ := newRoom(t, ConversationsConfig{})
	first, err := c.Open(t.Context(), opening())
	require.NoError(t, err)
	o := opening()
	o.History = append(o.History, Line{Text: "Вітаю, я агентка."}, Line{Person: true, Text: "Добрий день"})
	again, err := c.Open(t.Context(), o)
	require.NoError(t, err)
	assert.Equal(t, first, again)
	require.Len(t, fake.Conversations(), 1)
	assert.Len(t, fake.Conversations()[0].Messages, 4)

	require.NoError(t, c.Close(t.Context(), first.SID))
	_, err = c.Open(t.Context(), o)
	var e *channels.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, [2]any{channels.Rejected, "closed"}, [2]any{e.Cause, e.Code})
}

func TestPostAndClose(t *testing.T) {
	fake, c, _ := newRoom(t, ConversationsConfig{Identity: "bot"})
	got, err := c.Open(t.Context(), opening())
	require.NoError(t, err)
	require.NoError(t, c.Post(t.Context(), got.SID, "Добрий день", nil))
	hx := twiliotest.SID("HX", "1")
	require.NoError(t, c.Post(t.Context(), got.SID, "", &channels.Template{Name: hx, Vars: map[string]string{"1": "Олена"}}))
	ms := fake.Conversations()[0].Messages
	assert.Equal(t, "Добрий день", ms[4].Body)
	assert.Equal(t, [2]string{"bot", hx}, [2]string{ms[5].Author, ms[5].ContentSID})
	for _, err := range []error{
		c.Post(t.Context(), got.SID, strings.Repeat("x", 1601), nil),
		c.Post(t.Context(), got.SID, " ", nil),
		c.Post(t.Context(), "../Services/IS1?x=", "x", nil),
		c.Post(t.Context(), got.SID, "", &channels.Template{Name: "welcome"}),
		c.Close(t.Context(), "CH1"),
	} {
		assert.Equal(t, channels.Rejected, channels.CauseOf(err))
	}
	require.NoError(t, c.Close(t.Context(), got.SID))
	assert.Equal(t, "closed", fake.Conversations()[0].State)
	assert.Empty(t, fake.Complaints())
}

func TestOpenRefusesWhatCannotBeOpened(t *testing.T) {
	fake, c, _ := newRoom(t, ConversationsConfig{})
	_, err := c.Open(t.Context(), Opening{Person: channels.Address{Channel: "viber", ID: "x"}, Ours: "555", Name: strings.Repeat("x", 257)})
	var e *channels.Error
	require.ErrorAs(t, err, &e)
	for _, want := range []string{"Key is empty", "Person is no number", "Ours is a number", "longer than 256"} {
		assert.ErrorContains(t, e.Err, want)
	}
	o := opening()
	o.Attributes = map[string]any{"x": strings.Repeat("x", 16<<10)}
	_, err = c.Open(t.Context(), o)
	assert.Equal(t, channels.Rejected, channels.CauseOf(err))
	assert.Zero(t, fake.Requests(twiliotest.Conversations))

	_, err = c.account.Conversations(ConversationsConfig{
		ServiceSID: "IS1", Inactive: time.Second, Closed: time.Minute, OnlyPath: true, Identity: "+1555",
	})
	for _, want := range []string{"ServiceSID is IS", "Inactive is 1s", "Closed is 1m0s", "OnlyPath needs Ours", "Identity is a name"} {
		assert.ErrorContains(t, err, want)
	}
}

var (
	ch = twiliotest.SID("CH", "1")
	im = twiliotest.SID("IM", "1")
)

func message(author, source, body string) url.Values {
	return url.Values{
		"ConversationSid": {ch}, "MessageSid": {im}, "Author": {author}, "Source": {source}, "Body": {body}, "Index": {"3"},
		"DateCreated": {"2026-11-27T09:00:00.123Z"},
	}
}

func TestConversationEvents(t *testing.T) {
	at := time.Date(2026, 11, 27, 9, 0, 0, 123e6, time.UTC)
	media := message("agent@example.org", "SDK", "")
	media.Set("Media", `[{"Sid":"`+twiliotest.SID("ME", "1")+`","Filename":"a.jpg","ContentType":"image/jpeg","Size":7}]`)
	for name, c := range map[string]struct {
		event  string
		fields url.Values
		want   *ConversationEvent
	}{
		"an agent": {
			"onMessageAdded", message("agent@example.org", "SDK", "Добрий день\x00"),
			&ConversationEvent{ID: ch + "/" + im, Kind: AgentSaid, SID: ch, Agent: "agent@example.org", Text: "Добрий день", At: at},
		},
		"an agent's photo": {
			"onMessageAdded", media,
			&ConversationEvent{ID: ch + "/" + im, Kind: AgentSaid, SID: ch, Agent: "agent@example.org", At: at, Media: []channels.Media{{
				URL:  "https://mcs.us1.twilio.com/v1/Services/" + twiliotest.SID("IS", "service") + "/Media/" + twiliotest.SID("ME", "1"),
				Type: "image/jpeg", Name: "a.jpg", Size: 7,
			}}},
		},
		"ourselves":                   {"onMessageAdded", message("hub", "SDK", "x"), nil},
		"our history":                 {"onMessageAdded", message("hub-person", "sdk", "x"), nil},
		"another program":             {"onMessageAdded", message("other", "api", "x"), nil},
		"a person, who is heard once": {"onMessageAdded", message("whatsapp:"+olena, "WhatsApp", "так"), nil},
		"what blocks":                 {"onMessageAdd", message("agent@example.org", "SDK", "x"), nil},
		"what nobody knows":           {"onUserUpdated", url.Values{"ConversationSid": {ch}}, nil},
		"a person comes":              {"onParticipantAdded", url.Values{"ConversationSid": {ch}, "ParticipantSid": {"MB1"}, "MessagingBinding.Address": {olena}}, nil},
		"an agent comes": {
			"onParticipantAdded",
			url.Values{"ConversationSid": {ch}, "ParticipantSid": {"MB1"}, "Identity": {"agent@example.org"}},
			&ConversationEvent{ID: ch + "/MB1/onParticipantAdded", Kind: Joined, SID: ch, Agent: "agent@example.org"},
		},
		"an agent goes": {
			"onParticipantRemoved",
			url.Values{"ConversationSid": {ch}, "ParticipantSid": {"MB1"}, "Identity": {"agent@example.org"}},
			&ConversationEvent{ID: ch + "/MB1/onParticipantRemoved", Kind: Left, SID: ch, Agent: "agent@example.org"},
		},
		"it closes": {
			"onConversationStateUpdated",
			url.Values{"ConversationSid": {ch}, "StateFrom": {"active"}, "StateTo": {"closed"}, "StateUpdated": {"2026-11-27T09:00:00.123Z"}},
			&ConversationEvent{ID: ch + "/closed/2026-11-27T09:00:00.123Z", Kind: Became, SID: ch, State: "closed", At: at},
		},
	} {
		fake, room, _ := newRoom(t, ConversationsConfig{})
		var got *ConversationEvent
		h := room.Webhook(func(_ context.Context, e ConversationEvent) error { got = &e; return nil })
		w := httptest.NewRecorder()
		h.ServeHTTP(w, fake.ConversationWebhook(publicURL, c.event, c.fields))
		assert.Equal(t, http.StatusNoContent, w.Code, name)
		assert.Equal(t, c.want, got, name)
	}
}

// What a program wrote is not a person's word, where theirs come by no other path either.
func TestAnotherProgramIsNoPerson(t *testing.T) {
	fake, room, _ := newRoom(t, ConversationsConfig{OnlyPath: true, Ours: map[string]string{"whatsapp": hotline, "sms": hotline}})
	heard := 0
	h := room.Webhook(func(context.Context, ConversationEvent) error { heard++; return nil })
	for _, source := range []string{"API", "api", "WHATSAPP"} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, fake.ConversationWebhook(publicURL, "onMessageAdded", message("whatsapp:"+olena, source, "так")))
		assert.Equal(t, http.StatusNoContent, w.Code, source)
	}
	assert.Equal(t, 1, heard)
}

// With auto-creation Twilio tells one message twice: as SM… to the messages' webhook
// and as IM… to the conversations'. The hub hears it once, by whichever path it has.
func TestOneMessageOnTwoWebhooksIsHeardOnce(t *testing.T) {
	for _, only := range []bool{false, true} {
		cfg := ConversationsConfig{OnlyPath: only}
		if only {
			cfg.Ours = map[string]string{"whatsapp": hotline}
		}
		fake, room, _ := newRoom(t, cfg)
		var heard []channels.Event
		hub := channels.HandlerFunc(func(_ context.Context, e channels.Event) ([]channels.Message, error) {
			heard = append(heard, e)
			return nil, nil
		})
		mux := http.NewServeMux()
		mux.Handle("POST /webhooks/twilio/conversations", room.Webhook(func(ctx context.Context, e ConversationEvent) error {
			if said, ok := e.Event(); ok {
				_, err := hub.Handle(ctx, said)
				return err
			}
			return nil
		}))
		if !only {
			whatsapp, err := room.account.WhatsApp(WhatsAppConfig{From: hotline})
			require.NoError(t, err)
			channel, err := channels.New(whatsapp, channels.Config{})
			require.NoError(t, err)
			mux.Handle("POST /webhooks/twilio/messages", channel.Webhook(hub))
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, fake.Inbound(publicURL, twiliotest.Inbound{From: "whatsapp:" + olena, To: "whatsapp:" + hotline, Body: "так"}))
			require.Less(t, w.Code, 300)
		}
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, fake.ConversationWebhook(publicURL, "onMessageAdded", message("whatsapp:"+olena, "WHATSAPP", "так")))
		require.Equal(t, http.StatusNoContent, w.Code)
		require.Len(t, heard, 1)
		assert.Equal(t, "так", heard[0].Text)
		assert.Equal(t, channels.Address{Channel: "whatsapp", ID: olena}, heard[0].From)
		assert.Equal(t, channels.Address{Channel: "whatsapp", ID: hotline}, heard[0].To)
	}
}

func TestConversationWebhookRefuses(t *testing.T) {
	fake, room, logs := newRoom(t, ConversationsConfig{})
	fails := errors.New("about " + olena)
	h := room.Webhook(func(context.Context, ConversationEvent) error { return fails })
	good := func() *http.Request {
		return fake.ConversationWebhook(publicURL, "onMessageAdded", message("agent@example.org", "SDK", "таємниця"))
	}
	unsigned := good()
	unsigned.Header.Del("X-Twilio-Signature")
	huge := good()
	huge.Body = io.NopCloser(strings.NewReader(strings.Repeat("x", 1<<20+1)))
	get := good()
	get.Method = http.MethodGet
	badMedia := message("agent@example.org", "SDK", "x")
	badMedia.Set("Media", `[{"Sid":"../../x"}]`)
	for name, c := range map[string]struct {
		r    *http.Request
		want int
	}{
		"unsigned":   {unsigned, http.StatusForbidden},
		"huge":       {huge, http.StatusRequestEntityTooLarge},
		"GET":        {get, http.StatusMethodNotAllowed},
		"no SID":     {fake.ConversationWebhook(publicURL, "onMessageAdded", nil), http.StatusBadRequest},
		"no event":   {fake.ConversationWebhook(publicURL, "", url.Values{"ConversationSid": {ch}}), http.StatusBadRequest},
		"bad media":  {fake.ConversationWebhook(publicURL, "onMessageAdded", badMedia), http.StatusBadRequest},
		"hub failed": {good(), http.StatusInternalServerError},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, c.r)
		assert.Equal(t, c.want, w.Code, name)
		assert.NotContains(t, w.Body.String(), "380671234567")
	}
	for _, secret := range []string{"380671234567", "таємниця", "agent@"} {
		assert.NotContains(t, logs.String(), secret)
	}
}

func FuzzConversationWebhook(f *testing.F) {
	fake, room, _ := newRoom(f, ConversationsConfig{OnlyPath: true, Ours: map[string]string{"sms": hotline}})
	f.Add(message("agent@example.org", "SDK", "Добрий день").Encode() + "&EventType=onMessageAdded")
	f.Add(message(olena, "SMS", "так").Encode() + "&EventType=onMessageAdded&Media=%5B%7B%7D%5D")
	f.Add("EventType=onConversationStateUpdated&ConversationSid=" + ch + "&StateTo=closed")
	f.Add("EventType=onParticipantAdded&ConversationSid=" + ch + "&Identity=a")
	f.Fuzz(func(t *testing.T, body string) {
		form, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		r := fake.Webhook(publicURL+conversationsPath, form)
		sent, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		e, err := room.Receive(r, sent)
		if err != nil || e == nil {
			return
		}
		said, person := e.Event()
		if e.ID == "" || e.Kind == 0 || !isSID("CH", e.SID) || person != (e.Kind == PersonSaid) || person && (said.From.ID == "" || said.To.ID == "") {
			t.Fatalf("%q: %v", body, e)
		}
	})
}
