package africastalking_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/africastalking"
	"github.com/hubkit/hubkit/channels/channelstest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const hook = "/webhooks/africastalking?secret=" + secret

//readme:harness
func TestDriver(t *testing.T) {
	channelstest.TestDriver(t, func(t *testing.T) channelstest.Harness {
		p := newProvider(t)
		locked := func(f func()) { p.mu.Lock(); defer p.mu.Unlock(); f() }
		return channelstest.Harness{
			Driver:   p.driver(t),
			To:       person,
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
			Inbound: func(id, text string) *http.Request {
				return callback(hook, values("date", "2026-01-02T03:04:05Z", "from", person, "id", id, "text", text, "to", "8008", "cost", "0", "networkCode", "64110"))
			},
			News: func(id, _ string, s channels.Stage) *http.Request {
				word := map[channels.Stage]string{channels.Delivered: "Success", channels.Failed: "Failed"}[s]
				return callback(hook, values("id", id, "status", word, "phoneNumber", person, "networkCode", "64110", "retryCount", "0"))
			},
		}
	})
}

//readme:end

// send sends one message while the provider answers in one way.
func send(t *testing.T, p *provider, answer func(http.ResponseWriter)) (channels.Receipt, error) {
	p.mu.Lock()
	p.answer = answer
	p.mu.Unlock()
	return p.driver(t).Send(t.Context(), rendered("Вам потрібна допомога?"))
}

func rendered(text string) channels.Rendered {
	return channels.Rendered{Message: channels.Message{Ref: "r", To: channels.Address{Channel: "sms", ID: person}}, Parts: []string{text}}
}

func TestEveryCodeHasItsCause(t *testing.T) {
	p := newProvider(t)
	// The table of the provider's documentation, with what each class means for us.
	for _, c := range []struct {
		code int
		name string
		want channels.Cause
	}{
		{100, "Processed", channels.None},
		{101, "Sent", channels.None},
		{102, "Queued", channels.None},
		{401, "RiskHold", channels.Misconfigured},
		{402, "InvalidSenderId", channels.Misconfigured},
		{403, "InvalidPhoneNumber", channels.Unreachable},
		{404, "UnsupportedNumberType", channels.Unreachable},
		{405, "InsufficientBalance", channels.Misconfigured},
		{406, "UserInBlacklist", channels.OptedOut},
		{407, "CouldNotRoute", channels.Unreachable},
		{409, "DoNotDisturbRejection", channels.Throttled},
		{500, "InternalServerError", channels.Unavailable},
		{501, "GatewayError", channels.Unavailable},
		{502, "RejectedByGateway", channels.Rejected},
		{599, "SomethingNew", channels.Unknown},
	} {
		id := "None"
		if c.want == channels.None {
			id = "ATPid_7"
		}
		receipt, err := send(t, p, func(w http.ResponseWriter) { recipients(w, c.code, person, c.name, id) })
		assert.Equal(t, c.want, channels.CauseOf(err), c.name)
		if c.want == channels.None {
			assert.Equal(t, "ATPid_7", receipt.ID)
			continue
		}
		assert.Contains(t, err.Error(), fmt.Sprintf("(code %d)", c.code))
		assert.Zero(t, receipt)
	}
}

func TestAnswersThatAreNotPlain(t *testing.T) {
	p := newProvider(t)
	body := func(status int, text string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			w.WriteHeader(status)
			fmt.Fprint(w, text)
		}
	}
	const one = `{"statusCode":101,"number":"%s","status":"Success","cost":"KES 0.8","messageId":"%s"}`
	for _, c := range []struct {
		name   string
		answer func(http.ResponseWriter)
		want   channels.Cause
	}{
		{"no recipient, sender unknown", body(201, `{"SMSMessageData":{"Message":"InvalidSenderId","Recipients":[]}}`), channels.Misconfigured},
		{"no recipient, another reason", body(201, `{"SMSMessageData":{"Message":"Sent to 0/1","Recipients":[]}}`), channels.Unknown},
		{"somebody else", body(201, `{"SMSMessageData":{"Recipients":[`+fmt.Sprintf(one, "+256700000000", "ATXid_1")+`]}}`), channels.Unknown},
		{"not the first", body(201, `{"SMSMessageData":{"Recipients":[`+fmt.Sprintf(one, "+256700000000", "ATXid_1")+`,`+fmt.Sprintf(one, person, "ATXid_2")+`]}}`), channels.None},
		{"no id", body(201, `{"SMSMessageData":{"Recipients":[`+fmt.Sprintf(one, person, "None")+`]}}`), channels.Unknown},
		{"200", body(200, `{"SMSMessageData":{"Recipients":[`+fmt.Sprintf(one, person, "ATXid_3")+`]}}`), channels.None},
		{"HTML", body(201, `<html>`), channels.Unknown},
		{"half an answer", body(201, `{"SMSMessageData":{"Recip`), channels.Unknown},
		{"nothing", body(201, ``), channels.Unknown},
		{"null", body(201, `null`), channels.Unknown},
		{"do not disturb", body(409, `{}`), channels.Throttled},
		{"moved", body(302, ``), channels.Misconfigured},
		{"not there", body(404, `no such page`), channels.Misconfigured},
		{"not understood", body(400, `missing`), channels.Rejected},
		{"unavailable", body(503, `<html>`), channels.Unknown},
	} {
		receipt, err := send(t, p, c.answer)
		assert.Equal(t, c.want, channels.CauseOf(err), c.name)
		assert.Equal(t, c.want == channels.None, receipt.ID != "", c.name)
		if err != nil {
			assert.NotContains(t, err.Error(), "256")
		}
	}
}

func TestTheKeyIsNotTakenElsewhere(t *testing.T) {
	visited := false
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visited = true }))
	defer other.Close()
	p := newProvider(t)
	_, err := send(t, p, func(w http.ResponseWriter) {
		w.Header().Set("Location", other.URL)
		w.WriteHeader(http.StatusTemporaryRedirect)
	})
	assert.Equal(t, channels.Misconfigured, channels.CauseOf(err))
	assert.False(t, visited, "a redirect would have carried the key to another host")
}

func TestWhatIsSent(t *testing.T) {
	p := newProvider(t)
	d := p.driver(t)
	m := rendered("Дивіться: їжа & вода +1")
	m.From = "9009"
	m.Media = []channels.Media{{URL: "https://hub.example/map.jpg"}}
	_, err := d.Send(t.Context(), m)
	require.NoError(t, err)
	assert.Equal(t, url.Values{
		"username": {"hub"}, "to": {person}, "from": {"9009"}, "bulkSMSMode": {"1"},
		"message": {"Дивіться: їжа & вода +1\nhttps://hub.example/map.jpg"},
	}, p.forms[0])

	shared, err := africastalking.New(africastalking.Config{Username: "hub", APIKey: "api-key", Secret: secret, BaseURL: p.URL + "/"})
	require.NoError(t, err)
	_, err = shared.Send(t.Context(), rendered("Так"))
	require.NoError(t, err)
	assert.False(t, p.forms[1].Has("from"), "without a sender the provider's own is used")

	m.Media = []channels.Media{{URL: "telegram:file/abc"}}
	_, err = d.Send(t.Context(), m)
	assert.Equal(t, channels.Rejected, channels.CauseOf(err), "a reference of ours is no link")
	for _, id := range []string{"", "256772123456", person + "," + "+256700000000", "+0772123456", "HELPDESK", person + "\n", "+25677２123456"} {
		bad := rendered("Так")
		bad.To.ID = id
		_, err = d.Send(t.Context(), bad)
		assert.Equal(t, channels.Unreachable, channels.CauseOf(err), "%q", id)
	}
	assert.Len(t, p.forms, 2, "nothing else was sent")
}

func TestNewRefuses(t *testing.T) {
	for _, c := range []struct {
		c    africastalking.Config
		want []string
	}{
		{africastalking.Config{}, []string{"Username and APIKey", "Secret"}},
		{africastalking.Config{Username: "u", APIKey: "k", Secret: strings.Repeat("a", 23)}, []string{"Secret"}},
		{africastalking.Config{Username: "u", APIKey: "k", Secret: secret + "/"}, []string{"Secret"}},
		{africastalking.Config{Username: "u", APIKey: "k", Secret: secret, BaseURL: "api.example"}, []string{"BaseURL"}},
		{africastalking.Config{Username: "u", APIKey: "k", Secret: secret, BaseURL: "ftp://api.example"}, []string{"BaseURL"}},
	} {
		_, err := africastalking.New(c.c)
		for _, want := range c.want {
			require.ErrorContains(t, err, want)
		}
	}
	d, err := africastalking.New(africastalking.Config{Username: "u", APIKey: "k", Secret: secret, Name: "sms-uganda"})
	require.NoError(t, err)
	assert.Equal(t, "sms-uganda", d.Name())
}

func TestOnlyTheSecretIsBelieved(t *testing.T) {
	d := newProvider(t).driver(t)
	body := values("from", person, "id", "1", "text", "так", "to", "8008")
	for target, believed := range map[string]bool{
		hook:                                   true,
		"/webhooks/africastalking/" + secret:   true,
		"/webhooks/africastalking":             false,
		"/webhooks/africastalking?secret=":     false,
		"/":                                    false,
		"/x?secret=" + secret[1:]:              false,
		"/x?secret=" + strings.ToUpper(secret): false,
		"/x?Secret=" + secret:                  false,
		"/" + secret + "?secret=wrong":         false,
	} {
		es, err := d.Receive(callback(target, body), []byte(body))
		if believed {
			require.NoError(t, err, target)
			assert.Len(t, es, 1)
			continue
		}
		require.ErrorIs(t, err, channels.ErrSignature, target)
		assert.Empty(t, es)
	}
}

// What names a message is kept as a key: what is longer than any name is none.
func TestNamesAreBounded(t *testing.T) {
	d := newProvider(t).driver(t)
	receive := func(body string) error {
		_, err := d.Receive(callback(hook, body), []byte(body))
		return err
	}
	for n, want := range map[int]error{200: nil, 201: channels.ErrMalformed, 100 << 10: channels.ErrMalformed} {
		long := strings.Repeat("7", n)
		for _, body := range []string{
			values("from", person, "id", long, "text", "так", "to", "8008"),
			values("from", long, "id", "1", "text", "так", "to", "8008"),
			values("from", person, "id", "1", "text", "так", "to", long),
			values("id", long, "status", "Success", "phoneNumber", person),
			values("senderId", long, "phoneNumber", person),
		} {
			require.ErrorIs(t, receive(body), want)
		}
	}
}

// Two people who opt out are two events, and so is one who does it again after coming back.
func TestEachOptOutIsAnEvent(t *testing.T) {
	d := newProvider(t).driver(t)
	seen := map[string]bool{}
	for range 3 {
		body := values("senderId", "8008", "phoneNumber", person)
		es, err := d.Receive(callback(hook, body), []byte(body))
		require.NoError(t, err)
		require.Len(t, es, 1)
		assert.Equal(t, channels.Stopped, es[0].Kind)
		assert.False(t, seen[es[0].ID])
		seen[es[0].ID] = true
	}
}

// The recorded callbacks of testdata, and what each of them means.
func TestRecordedCallbacks(t *testing.T) {
	d := newProvider(t).driver(t)
	at := func(id string) channels.Address { return channels.Address{Channel: "sms", ID: id} }
	report := func(status string, st channels.Status) channels.Event {
		return channels.Event{ID: st.ID + "/" + status, Kind: channels.News, From: at(person), Status: &st}
	}
	want := map[string]channels.Event{
		"incoming":         {ID: "0a1b-incoming", From: at(person), To: at("8008"), Text: "Ndiyo, asante 👋🏽", At: time.Date(2026, 3, 1, 9, 15, 30, 0, time.UTC)},
		"incoming-plus":    {ID: "0a1b-plus", From: at(person), To: at("8008"), Text: "1", At: time.Date(2026, 3, 1, 9, 15, 30, 250e6, time.UTC)},
		"incoming-date":    {ID: "0a1b-date", From: at(person), To: at("8008"), Text: "نعم"},
		"incoming-empty":   {ID: "0a1b-empty", From: at(person), To: at("8008")},
		"report-success":   report("Success", channels.Status{ID: "ATXid_01", Stage: channels.Delivered}),
		"report-buffered":  report("Buffered", channels.Status{ID: "ATXid_01", Stage: channels.Sent}),
		"report-blacklist": report("Failed", channels.Status{ID: "ATXid_02", Stage: channels.Failed, Cause: channels.OptedOut, Code: "UserInBlackList"}),
		"report-absent":    report("AbsentSubscriber", channels.Status{ID: "ATXid_03", Stage: channels.Failed, Cause: channels.Unavailable, Code: "AbsentSubscriber"}),
		"report-misspelt":  report("Rejected", channels.Status{ID: "ATXid_04", Stage: channels.Failed, Cause: channels.Unreachable, Code: "NotNetworkSubcriber"}),
		"report-strange":   report("Failed", channels.Status{ID: "ATXid_05", Stage: channels.Failed, Cause: channels.Unavailable, Code: "Failed"}),
		"optout":           {Kind: channels.Stopped, From: at(person), To: at("8008")},
		"report-new-word":  {}, "subscription": {}, "ussd-end": {},
	}
	files, err := filepath.Glob("testdata/*.form")
	require.NoError(t, err)
	require.Len(t, files, len(want))
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".form")
		body, err := os.ReadFile(file)
		require.NoError(t, err)
		body = []byte(strings.TrimSpace(string(body)))
		if form, err := url.ParseQuery(string(body)); assert.NoError(t, err) && name != "incoming-plus" {
			assert.Equal(t, form.Encode(), string(body), "%s reads and writes alike", name)
		}
		es, err := d.Receive(callback(hook, string(body)), body)
		require.NoError(t, err, name)
		if want[name].From.IsZero() {
			assert.Empty(t, es, name)
			continue
		}
		require.Len(t, es, 1, name)
		got := es[0]
		if got.Kind == channels.Stopped {
			assert.NotContains(t, got.ID, "772123456", "ids are logged")
			got.ID = ""
		}
		assert.True(t, want[name].At.Equal(got.At), name)
		expected := want[name]
		expected.At, got.At = time.Time{}, time.Time{}
		if expected.Status != nil {
			assert.Equal(t, *expected.Status, *got.Status, name)
			expected.Status, got.Status = nil, nil
		}
		assert.True(t, fmt.Sprintf("%#v", expected) == fmt.Sprintf("%#v", got) && expected.From == got.From && expected.To == got.To, "%s: %#v", name, got)
	}
}

func TestMalformedCallbacks(t *testing.T) {
	d := newProvider(t).driver(t)
	for _, body := range []string{
		"%zz", "text=hi", "text=hi&id=1", "text=hi&from=%2B256772123456", "status=Success&phoneNumber=%2B256772123456",
		"senderId=8008", "status=Failed&id=1",
	} {
		es, err := d.Receive(callback(hook, body), []byte(body))
		require.ErrorIs(t, err, channels.ErrMalformed, body)
		assert.Empty(t, es)
	}
}

func TestReportsInAnyOrderHaveTheirOwnIDs(t *testing.T) {
	d := newProvider(t).driver(t)
	ids := map[string]bool{}
	for _, status := range []string{"Sent", "Success", "Success", "Failed"} {
		body := values("id", "ATXid_9", "status", status, "phoneNumber", person)
		es, err := d.Receive(callback(hook, body), []byte(body))
		require.NoError(t, err)
		ids[es[0].ID] = true
	}
	assert.Len(t, ids, 3, "one for each status: a repeat is known, and the next status is news")
}

func FuzzReceive(f *testing.F) {
	for _, pairs := range [][]string{
		{"from", person, "id", "1", "text", "так, потрібна їжа", "to", "8008", "date", "2026-03-01 09:15:30"},
		{"from", person, "id", "2", "text", "نعم\u200f ١", "to", "8008"},
		{"from", person, "id", "3", "text", "👩‍👩‍👧\u0000\u202e", "to", "8008"},
		{"id", "ATXid_1", "status", "Failed", "phoneNumber", person, "failureReason", "UserInBlackList"},
		{"senderId", "8008", "phoneNumber", person},
	} {
		f.Add(values(pairs...))
	}
	f.Add("=&=&;=%zz")
	d, err := africastalking.New(africastalking.Config{Username: "u", APIKey: "k", Secret: secret})
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, body string) {
		es, err := d.Receive(callback(hook, ""), []byte(body))
		if err != nil {
			require.ErrorIs(t, err, channels.ErrMalformed)
			require.Empty(t, es)
			return
		}
		for _, e := range es {
			require.NotEmpty(t, e.ID)
			require.NotEmpty(t, e.From.ID)
			require.Equal(t, e.Kind == channels.News, e.Status != nil)
			if e.Status != nil {
				require.NotZero(t, e.Status.Stage)
				require.Equal(t, e.Status.Stage == channels.Failed, e.Status.Cause != channels.None)
			}
		}
		unsigned, err := d.Receive(callback("/x?secret=", ""), []byte(body))
		require.ErrorIs(t, err, channels.ErrSignature)
		require.Empty(t, unsigned)
	})
}

func BenchmarkReceive(b *testing.B) {
	d, err := africastalking.New(africastalking.Config{Username: "u", APIKey: "k", Secret: secret})
	require.NoError(b, err)
	body := values("date", "2026-01-02T03:04:05Z", "from", person, "id", "0a1b", "text", "Так, потрібна допомога", "to", "8008")
	r := callback(hook, body)
	b.ReportAllocs()
	for b.Loop() {
		if es, err := d.Receive(r, []byte(body)); err != nil || len(es) != 1 {
			b.Fatal(err)
		}
	}
}
