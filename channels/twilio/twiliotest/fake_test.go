package twiliotest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels/channelstest"
)

const (
	person = "+380501234567"
	ours   = "+15550100"
)

// bench is a fake behind a server.
type bench struct {
	*Fake
	t   *testing.T
	url string
}

func newBench(t *testing.T, cfg Config) *bench {
	t.Helper()
	f := New(cfg)
	srv := httptest.NewServer(f)
	t.Cleanup(srv.Close)
	return &bench{f, t, srv.URL}
}

// ask makes a request signed in, and returns the status and the answer.
func (b *bench) ask(method, path string, body any) (int, map[string]any) {
	b.t.Helper()
	var r io.Reader
	kind := ""
	switch body := body.(type) {
	case nil:
	case url.Values:
		r, kind = strings.NewReader(body.Encode()), "application/x-www-form-urlencoded"
	case string:
		r, kind = strings.NewReader(body), "application/json"
	}
	req, err := http.NewRequestWithContext(b.t.Context(), method, b.url+path, r)
	require.NoError(b.t, err)
	req.Header.Set("Content-Type", kind)
	req.SetBasicAuth(b.user, b.secret)
	res, err := http.DefaultClient.Do(req)
	require.NoError(b.t, err)
	defer res.Body.Close()
	out := map[string]any{}
	raw, err := io.ReadAll(res.Body)
	require.NoError(b.t, err)
	_ = json.Unmarshal(raw, &out) // HTML stays an empty answer
	return res.StatusCode, out
}

func (b *bench) messages() string {
	return "/api.twilio.com/2010-04-01/Accounts/" + b.AccountSID + "/Messages.json"
}

// code returns the code with which a form is refused, 0 for none.
func (b *bench) code(form url.Values) int {
	_, out := b.ask(http.MethodPost, b.messages(), form)
	code, _ := out["code"].(float64)
	return int(code)
}

func fields(pairs ...string) url.Values {
	v := url.Values{"To": {person}, "From": {ours}, "Body": {"x"}}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			v.Del(pairs[i])
		} else {
			v.Add(pairs[i], pairs[i+1])
		}
	}
	return v
}

func TestWhatTwilioWouldRefuseIsRefused(t *testing.T) {
	b := newBench(t, Config{})
	service := SID("MG", "x")
	whatsapp := url.Values{"To": {"whatsapp:" + person}, "From": {"whatsapp:" + ours}, "Body": {"x"}}
	in := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(time.RFC3339) }
	for name, c := range map[string]struct {
		form url.Values
		want int
	}{
		"good":                     {fields(), 0},
		"good on WhatsApp":         {whatsapp, 0},
		"good with a service":      {fields("From", "", "MessagingServiceSid", service), 0},
		"no To":                    {fields("To", ""), 21604},
		"To without a plus":        {url.Values{"To": {"380501234567"}, "From": {ours}, "Body": {"x"}}, 21211},
		"no sender":                {fields("From", ""), 21603},
		"a sender that is none":    {url.Values{"To": {person}, "From": {"a@b"}, "Body": {"x"}}, 21212},
		"across channels":          {url.Values{"To": {"whatsapp:" + person}, "From": {ours}, "Body": {"x"}}, 63007},
		"to itself":                {url.Values{"To": {ours}, "From": {ours}, "Body": {"x"}}, 63031},
		"a bad service":            {fields("MessagingServiceSid", "MG1"), 21705},
		"nothing to say":           {fields("Body", ""), 21602},
		"a long text":              {url.Values{"To": {person}, "From": {ours}, "Body": {strings.Repeat("ї", 1601)}}, 21617},
		"just short enough":        {url.Values{"To": {person}, "From": {ours}, "Body": {strings.Repeat("ї", 1600)}}, 0},
		"two bodies":               {fields("Body", "y"), 20001},
		"an unknown field":         {fields("Boddy", "y"), 20001},
		"content and body":         {fields("ContentSid", SID("HX", "x")), 21620},
		"variables alone":          {fields("ContentVariables", "{}"), 21654},
		"a medium that is no URL":  {fields("MediaUrl", "picture"), 21620},
		"a callback that is none":  {fields("StatusCallback", "status"), 21609},
		"a callback with _":        {fields("StatusCallback", "https://a_b.example/"), 21609},
		"validity":                 {fields("ValidityPeriod", "36001"), 21624},
		"validity of nothing":      {fields("ValidityPeriod", "x"), 21624},
		"a truth that is none":     {fields("SmartEncoded", "yes"), 20001},
		"short links of a number":  {fields("ShortenUrls", "true"), 21603},
		"a schedule without a way": {fields("SendAt", in(time.Hour)), 35115},
		"a schedule of a number":   {fields("SendAt", in(time.Hour), "ScheduleType", "fixed"), 35118},
		"a schedule too soon":      {fields("SendAt", in(time.Minute), "ScheduleType", "fixed", "MessagingServiceSid", service), 35114},
		"a schedule":               {fields("SendAt", in(time.Hour), "ScheduleType", "fixed", "MessagingServiceSid", service), 0},
		"an unknown content":       {fields("Body", "", "ContentSid", SID("HX", "x")), 21655},
	} {
		assert.Equal(t, c.want, b.code(c.form), name)
	}
	two := url.Values{"To": {"whatsapp:" + person}, "From": {"whatsapp:" + ours}, "MediaUrl": {"https://a.example/1", "https://a.example/2"}}
	assert.Equal(t, 21623, b.code(two))
	assert.Len(t, b.Messages(), 5)
	assert.NotEmpty(t, b.Complaints())
}

// content posts a content and returns its SID, or the code with which it is refused.
func (b *bench) content(kind, body string) (string, int) {
	b.t.Helper()
	_, out := b.ask(http.MethodPost, "/content.twilio.com/v1/Content", fmt.Sprintf(`{"friendly_name":"n","language":"uk","types":{%q:%s}}`, kind, body))
	code, _ := out["code"].(float64)
	sid, _ := out["sid"].(string)
	return sid, int(code)
}

func TestContentsThatWouldNotBeShownAreRefused(t *testing.T) {
	b := newBench(t, Config{})
	items := func(n int) string {
		var all []string
		for i := range n {
			all = append(all, fmt.Sprintf(`{"id":"i%d","item":"x"}`, i))
		}
		return strings.Join(all, ",")
	}
	list := func(button, items string) string {
		return fmt.Sprintf(`{"body":"x","button":%q,"items":[%s]}`, button, items)
	}
	for name, c := range map[string]struct {
		kind, body string
		want       int
	}{
		"text":               {"twilio/text", `{"body":"x"}`, 0},
		"no text":            {"twilio/text", `{"body":""}`, 63013},
		"an unknown field":   {"twilio/text", `{"body":"x","boddy":"y"}`, 63013},
		"an unknown type":    {"twilio/poem", `{"body":"x"}`, 20001},
		"a bad variable":     {"twilio/text", `{"body":"x {{a b}}"}`, 20001},
		"media":              {"twilio/media", `{"media":["https://a.example/1"]}`, 0},
		"no media":           {"twilio/media", `{"body":"x","media":[]}`, 63013},
		"a place":            {"twilio/location", `{"latitude":0,"longitude":30.5}`, 0},
		"no place":           {"twilio/location", `{"latitude":50}`, 63013},
		"a list":             {"twilio/list-picker", list("Обрати", items(10)), 0},
		"a list of eleven":   {"twilio/list-picker", list("Обрати", items(11)), 63013},
		"an empty list":      {"twilio/list-picker", list("Обрати", ""), 63013},
		"a long row":         {"twilio/list-picker", list("Обрати", `{"id":"i","item":"`+strings.Repeat("x", 25)+`"}`), 63013},
		"a long hint":        {"twilio/list-picker", list("Обрати", `{"id":"i","item":"x","description":"`+strings.Repeat("x", 73)+`"}`), 63013},
		"a long id":          {"twilio/list-picker", list("Обрати", `{"id":"`+strings.Repeat("x", 201)+`","item":"x"}`), 63013},
		"one id twice":       {"twilio/list-picker", list("Обрати", `{"id":"i","item":"x"},{"id":"i","item":"y"}`), 63013},
		"a long button":      {"twilio/list-picker", list(strings.Repeat("x", 21), items(1)), 63013},
		"replies":            {"twilio/quick-reply", `{"body":"x","actions":[{"type":"QUICK_REPLY","title":"x","id":"1"}]}`, 0},
		"a long reply":       {"twilio/quick-reply", `{"body":"x","actions":[{"type":"QUICK_REPLY","title":"` + strings.Repeat("x", 21) + `"}]}`, 63013},
		"a link among them":  {"twilio/quick-reply", `{"body":"x","actions":[{"type":"URL","title":"x","url":"https://a"}]}`, 63013},
		"no replies":         {"twilio/quick-reply", `{"body":"x","actions":[]}`, 63013},
		"a call":             {"twilio/call-to-action", `{"body":"x","actions":[{"type":"PHONE_NUMBER","title":"x","phone":"+15550100"}]}`, 0},
		"a call to nobody":   {"twilio/call-to-action", `{"body":"x","actions":[{"type":"PHONE_NUMBER","title":"x","phone":"555"}]}`, 63013},
		"a link to nowhere":  {"twilio/call-to-action", `{"body":"x","actions":[{"type":"URL","title":"x"}]}`, 63013},
		"a code of nothing":  {"twilio/card", `{"title":"x","actions":[{"type":"COPY_CODE","title":"x"}]}`, 63013},
		"a card":             {"twilio/card", `{"title":"x","subtitle":"y","media":["https://a.example/1"]}`, 0},
		"a card of no words": {"twilio/card", `{"subtitle":"y"}`, 63013},
	} {
		sid, code := b.content(c.kind, c.body)
		assert.Equal(t, c.want, code, name)
		assert.Equal(t, c.want == 0, sid != "", name)
	}
	for body, want := range map[string]int{
		`{"types":{"twilio/text":{"body":"x"}}}`:                                         20001, // no language
		`{"language":"uk","types":{}}`:                                                   92001,
		`{"language":"uk","unknown":1}`:                                                  20001,
		`{"language":"uk","variables":{"a b":"x"},"types":{"twilio/text":{"body":"x"}}}`: 20001,
		`null`: 20001,
	} {
		_, out := b.ask(http.MethodPost, "/content.twilio.com/v1/Content", body)
		assert.EqualValues(t, want, out["code"], body)
	}
}

func TestVariablesFillAContent(t *testing.T) {
	b := newBench(t, Config{})
	sid, code := b.content("twilio/quick-reply", `{"body":"{{1}}, {{2}}?","actions":[{"type":"QUICK_REPLY","title":"x","id":"1"}]}`)
	require.Zero(t, code)
	send := func(vars string) int {
		return b.code(fields("Body", "", "ContentSid", sid, "ContentVariables", vars))
	}
	for vars, want := range map[string]int{
		`{"1":"Олено","2":"так"}`:                          0,
		`{"1":"Олено"}`:                                    21656,
		`{"1":1,"2":"x"}`:                                  21656,
		`[]`:                                               21656,
		`{"1":"п'ять","2":"x"}`:                            21656,
		`{"1":"п\u0027ять","2":"x"}`:                       0,
		`{"1":"a     b","2":"x"}`:                          63013,
		`{"a b":"x","1":"","2":""}`:                        21656,
		`{"1":"` + strings.Repeat("x", 256) + `","2":"x"}`: 21656,
	} {
		assert.Equal(t, want, send(vars), vars)
	}
	bodies := []string{b.Messages()[0].Body, b.Messages()[1].Body}
	assert.ElementsMatch(t, []string{"Олено, так?", "п'ять, x?"}, bodies)

	four := `{"body":"x","actions":[{"type":"QUICK_REPLY","title":"1","id":"1"},{"type":"QUICK_REPLY","title":"2","id":"2"},{"type":"QUICK_REPLY","title":"3","id":"3"},{"type":"QUICK_REPLY","title":"4","id":"4"}]}`
	sid, code = b.content("twilio/quick-reply", four)
	require.Zero(t, code, "it can be made")
	assert.Equal(t, 63013, b.code(fields("Body", "", "ContentSid", sid)), "but not be sent")
	b.Approve(sid, "approved", "")
	assert.Zero(t, b.code(fields("Body", "", "ContentSid", sid)))

	long, code := b.content("twilio/quick-reply", `{"body":"{{1}}{{2}}{{3}}{{4}}{{5}}","actions":[{"type":"QUICK_REPLY","title":"x","id":"1"}]}`)
	require.Zero(t, code)
	x := strings.Repeat("x", 250)
	assert.Equal(t, 63013, b.code(fields("Body", "", "ContentSid", long, "ContentVariables", fmt.Sprintf(`{"1":%q,"2":%q,"3":%q,"4":%q,"5":%q}`, x, x, x, x, x))))
}

func TestTapIsOfWhatWasTaken(t *testing.T) {
	b := newBench(t, Config{})
	replies, _ := b.content("twilio/quick-reply", `{"body":"Так?","actions":[{"type":"QUICK_REPLY","title":"Так","id":"q:yes"},{"type":"QUICK_REPLY","title":"Ні","id":"q:no"}]}`)
	list, _ := b.content("twilio/list-picker", `{"body":"Хто?","button":"Обрати","items":[{"id":"w:f","item":"Жінка"},{"id":"w:m","item":"Чоловік"}]}`)
	require.Zero(t, b.code(fields("Body", "", "ContentSid", replies)))
	require.Zero(t, b.code(fields("Body", "", "ContentSid", list)))
	require.Zero(t, b.code(fields()))
	taken := b.Taken()
	assert.Equal(t, []string{"Так", "Ні"}, taken[0].Shown)
	assert.Equal(t, []string{"Жінка", "Чоловік"}, taken[1].Shown)
	assert.Nil(t, taken[2].Shown)
	for i, want := range []map[string]string{
		{"ButtonPayload": "q:no", "ButtonText": "Ні", "ListId": "", "OriginalRepliedMessageSid": taken[0].ID},
		{"ButtonPayload": "", "ListId": "w:m", "ListTitle": "Чоловік", "OriginalRepliedMessageSid": taken[1].ID},
	} {
		r := b.Tap("https://hub.example.org", taken[i].ID, 1)
		require.NoError(t, r.ParseForm())
		for name, value := range want {
			assert.Equal(t, value, r.PostForm.Get(name), name)
		}
		assert.Equal(t, b.Messages()[i].To, r.PostForm.Get("From"))
	}
	assert.Nil(t, b.Tap("https://hub.example.org", taken[0].ID, 2), "no such choice")
	assert.Nil(t, b.Tap("https://hub.example.org", taken[2].ID, 0), "nothing to tap")
	assert.Nil(t, b.Tap("https://hub.example.org", SID("SM", "0"), 0), "no such message")
}

func TestApprovalAndSearch(t *testing.T) {
	b := newBench(t, Config{})
	sid, _ := b.content("twilio/text", `{"body":"x"}`)
	base := "/content.twilio.com/v1/Content/" + sid
	for body, want := range map[string]int{
		`{"name":"A b","category":"UTILITY"}`:             20001,
		`{"name":"a","category":"NEWS"}`:                  20001,
		`{"name":"a","category":"UTILITY","unknown":"x"}`: 20001,
	} {
		_, out := b.ask(http.MethodPost, base+"/ApprovalRequests/whatsapp", body)
		assert.EqualValues(t, want, out["code"], body)
	}
	status, _ := b.ask(http.MethodPost, base+"/ApprovalRequests/whatsapp", `{"name":"a","category":"UTILITY","allow_category_change":true}`)
	assert.Equal(t, http.StatusCreated, status)
	status, _ = b.ask(http.MethodPost, base+"/ApprovalRequests/whatsapp", `{"name":"a","category":"UTILITY"}`)
	assert.Equal(t, http.StatusBadRequest, status, "twice")
	b.Approve(sid, "rejected", "why")
	_, out := b.ask(http.MethodGet, base+"/ApprovalRequests", nil)
	assert.Equal(t, "rejected", out["whatsapp"].(map[string]any)["status"])
	assert.Equal(t, "why", out["whatsapp"].(map[string]any)["rejection_reason"])
	list, _ := b.content("twilio/list-picker", `{"body":"x","button":"x","items":[{"id":"i","item":"x"}]}`)
	status, _ = b.ask(http.MethodPost, "/content.twilio.com/v1/Content/"+list+"/ApprovalRequests/whatsapp", `{"name":"a","category":"UTILITY"}`)
	assert.Equal(t, http.StatusBadRequest, status, "a list cannot be approved")

	for text, want := range map[string]int{
		"Hello {{1}}, you are {{2}}.":     http.StatusCreated,
		"{{1}}, you are {{2}}.":           http.StatusBadRequest,
		" {{1}}, you are {{2}}.":          http.StatusBadRequest,
		"Hello {{1}}, you are {{2}}":      http.StatusBadRequest,
		"Hello {{1}} {{2}}, are you?":     http.StatusBadRequest,
		"Hello {{1}}{{2}}, are you?":      http.StatusBadRequest,
		"Hello {{1}}, you have no {{3}}.": http.StatusBadRequest,
	} {
		_, made := b.ask(http.MethodPost, "/content.twilio.com/v1/Content", fmt.Sprintf(`{"friendly_name":"v","language":"en","variables":{"1":"Olena","2":"34"},"types":{"twilio/text":{"body":%q}}}`, text))
		status, _ = b.ask(http.MethodPost, fmt.Sprintf("/content.twilio.com/v1/Content/%s/ApprovalRequests/whatsapp", made["sid"]), `{"name":"a","category":"UTILITY"}`)
		assert.Equal(t, want, status, text)
	}

	path, pages := "/content.twilio.com/v2/Content?ContentName=n&PageSize=1", 0
	for path != "" {
		pages++
		status, out = b.ask(http.MethodGet, path, nil)
		require.Equal(t, http.StatusOK, status)
		require.Len(t, out["contents"], 1)
		next, _ := out["meta"].(map[string]any)["next_page_url"].(string)
		path = strings.Replace(next, "https://", "/", 1)
	}
	assert.Equal(t, 2, pages)
	status, out = b.ask(http.MethodGet, base, nil)
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, "n", out["friendly_name"])
	status, _ = b.ask(http.MethodDelete, base, nil)
	assert.Equal(t, http.StatusNoContent, status)
	for _, c := range [][2]string{{http.MethodGet, base}, {http.MethodDelete, base}, {http.MethodGet, base + "/ApprovalRequests"}, {http.MethodPost, base + "/ApprovalRequests/whatsapp"}} {
		status, _ = b.ask(c[0], c[1], "{}")
		assert.Equal(t, http.StatusNotFound, status, c[1])
	}
}

func TestAMessageIsFetchedCanceledAndRedacted(t *testing.T) {
	b := newBench(t, Config{})
	require.Zero(t, b.code(fields("SendAt", time.Now().Add(time.Hour).UTC().Format(time.RFC3339), "ScheduleType", "fixed", "MessagingServiceSid", SID("MG", "x"))))
	sid := b.Messages()[0].SID
	one := strings.TrimSuffix(b.messages(), ".json") + "/" + sid + ".json"
	_, out := b.ask(http.MethodGet, one, nil)
	assert.Equal(t, "scheduled", out["status"])
	_, out = b.ask(http.MethodPost, one, url.Values{"Status": {"canceled"}})
	assert.Equal(t, "canceled", out["status"])
	_, out = b.ask(http.MethodPost, one, url.Values{"Body": {""}})
	assert.Equal(t, "", out["body"])
	for _, form := range []url.Values{{"Status": {"canceled"}}, {"Body": {"other"}}, {"Unknown": {"x"}}} {
		status, _ := b.ask(http.MethodPost, one, form)
		assert.Equal(t, http.StatusBadRequest, status, form)
	}
	gone := strings.Replace(one, sid, SID("SM", "gone"), 1)
	status, _ := b.ask(http.MethodGet, gone, nil)
	assert.Equal(t, http.StatusNotFound, status)
	status, _ = b.ask(http.MethodPost, gone, url.Values{"Body": {""}})
	assert.Equal(t, http.StatusNotFound, status)
	for _, q := range []string{"?PageSize=0", "?DateSent%3E=yesterday", "?Unknown=1"} {
		status, _ := b.ask(http.MethodGet, b.messages()+q, nil)
		assert.Equal(t, http.StatusBadRequest, status, q)
	}
}

// Twilio filters by when a message left: what waits has no such time.
func TestNoTimeFindsWhatWaits(t *testing.T) {
	now := time.Date(2026, 11, 27, 10, 0, 0, 0, time.UTC)
	b := newBench(t, Config{Now: func() time.Time { return now }})
	require.Zero(t, b.code(fields("StatusCallback", "https://hub.example.org/s")))
	sid := b.Messages()[0].SID
	list := func(query string) []any {
		status, out := b.ask(http.MethodGet, b.messages()+query, nil)
		require.Equal(t, http.StatusOK, status)
		return out["messages"].([]any)
	}
	since := func(at time.Time) string { return "?DateSent%3E=" + at.Format(time.RFC3339) }
	assert.Empty(t, list(since(now.Add(-time.Hour))))
	require.Len(t, list(""), 1)
	assert.Nil(t, list("")[0].(map[string]any)["date_sent"])
	created := now
	now = now.Add(time.Hour)
	require.NotNil(t, b.Status(sid, "sent", 0))
	sent := now
	now = now.Add(time.Hour)
	require.NotNil(t, b.Status(sid, "delivered", 0))
	assert.Len(t, list(since(sent)), 1)
	assert.Empty(t, list(since(sent.Add(time.Second))))
	assert.Empty(t, list("?DateSent%3C="+created.Format(time.RFC3339)))
	row := list("")[0].(map[string]any)
	assert.Equal(t, []any{created.Format(time.RFC1123Z), sent.Format(time.RFC1123Z)}, []any{row["date_created"], row["date_sent"]})
}

func TestWhoDoesNotSignInIsRefused(t *testing.T) {
	b := newBench(t, Config{APIKey: SID("SK", "x"), APISecret: "s"})
	require.Zero(t, b.code(fields()))
	res, err := http.Post(b.url+b.messages(), "application/x-www-form-urlencoded", strings.NewReader(fields().Encode()))
	require.NoError(t, err)
	defer res.Body.Close()
	assert.Equal(t, http.StatusUnauthorized, res.StatusCode)
	status, out := b.ask(http.MethodGet, "/elsewhere.twilio.com/v1", nil)
	assert.Equal(t, http.StatusNotFound, status)
	assert.EqualValues(t, 20404, out["code"])
	status, _ = b.ask(http.MethodPost, b.messages()+"?To=x", fields())
	assert.Equal(t, http.StatusBadRequest, status, "a form has no query")
	status, _ = b.ask(http.MethodGet, b.messages()+"?a=%zz", nil)
	assert.Equal(t, http.StatusBadRequest, status)
}

func TestFaultsComeInOrder(t *testing.T) {
	b := newBench(t, Config{})
	b.Fault(channelstest.Works, channelstest.Throttle, channelstest.ServerError, channelstest.TakenServerError)
	b.Refuse(Messages, 400, 63016)
	b.Refuse(Messages, 502, 0)
	var got []int
	for range 7 {
		status, _ := b.ask(http.MethodPost, b.messages(), fields())
		got = append(got, status)
	}
	assert.Equal(t, []int{201, 429, 503, 500, 400, 502, 201}, got)
	assert.Len(t, b.Messages(), 3)
	assert.Len(t, b.Taken(), 3)
	assert.Equal(t, 7, b.Requests(Messages))
	assert.Empty(t, b.Complaints(), "what the test ordered is nobody's mistake")
}

func TestSignIsAsTwiliosOwnPackage(t *testing.T) {
	raw, err := os.ReadFile("../testdata/signatures.json")
	require.NoError(t, err)
	var all []struct{ Name, URL, Type, Body, Signature string }
	require.NoError(t, json.Unmarshal(raw, &all))
	require.NotEmpty(t, all)
	for _, v := range all {
		var form url.Values
		if v.Type == "application/x-www-form-urlencoded" {
			form, err = url.ParseQuery(v.Body)
			require.NoError(t, err)
		}
		assert.Equal(t, v.Signature, Sign("0123456789abcdef0123456789abcdef", v.URL, form), v.Name)
	}
}

func TestWebhooksAreMadeAsTwilioMakesThem(t *testing.T) {
	f := New(Config{})
	form := func(r *http.Request) url.Values {
		require.NoError(t, r.ParseForm())
		return r.PostForm
	}
	v := form(f.Inbound("https://hub.example.org", Inbound{ID: "1", From: "whatsapp:" + person, Body: "Так", Button: "q:yes", InReplyTo: SID("SM", "0"), Media: []Media{{"https://a.example/1", "image/jpeg"}}}))
	for name, want := range map[string]string{
		"MessageSid": SID("SM", "1"), "AccountSid": f.AccountSID, "From": "whatsapp:" + person, "To": "whatsapp:" + ours, "Body": "Так", "MessageType": "interactive",
		"ButtonPayload": "q:yes", "ButtonText": "Так", "OriginalRepliedMessageSid": SID("SM", "0"), "NumMedia": "1", "MediaUrl0": "https://a.example/1", "WaId": person[1:],
	} {
		assert.Equal(t, want, v.Get(name), name)
	}
	v = form(f.Inbound("https://hub.example.org", Inbound{From: person, Body: "2"}))
	assert.Equal(t, ours, v.Get("To"))
	assert.NotContains(t, v, "ProfileName")
	assert.Nil(t, f.Status(SID("SM", "x"), "sent", 0), "there is no such message")

	b := newBench(t, Config{})
	require.Zero(t, b.code(fields("StatusCallback", "https://hub.example.org/webhooks/twilio/status?ref=1")))
	r := b.Status(b.Messages()[0].SID, "undelivered", 30005)
	assert.Equal(t, "https://hub.example.org/webhooks/twilio/status?ref=1", r.URL.String())
	v = form(r)
	assert.Equal(t, []string{"undelivered", "30005", person, ours}, []string{v.Get("MessageStatus"), v.Get("ErrorCode"), v.Get("To"), v.Get("From")})
	_, out := b.ask(http.MethodGet, strings.TrimSuffix(b.messages(), ".json")+"/"+b.Messages()[0].SID+".json", nil)
	assert.EqualValues(t, 30005, out["error_code"])
	assert.Equal(t, "READ", form(b.Status(b.Messages()[0].SID, "read", 0)).Get("EventType"))
	assert.Contains(t, f.JSON("https://hub.example.org/x?a=1", "{}").URL.RawQuery, "a=1&bodySHA256=")
}
