package twiliotest

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Calls is the resource of calls, for [Fake.FaultOn]; CallLists lists them.
const (
	Calls     = "Calls"
	CallLists = "CallLists"
)

// Call is one call that the fake was asked to make.
type Call struct {
	SID      string
	To, From string
	TwiML    string // what goes along
	URL      string // or where it is asked for when the call is answered
	Callback string
	Status   string
	Form     url.Values // all that was sent
	At       time.Time
	Began    time.Time // at the first status that says so; zero while it waits
}

func (f *Fake) callRoutes() []route {
	base := `^/2010-04-01/Accounts/` + f.AccountSID + `/Calls`
	return []route{
		{Calls, http.MethodPost, "api", regexp.MustCompile(base + `\.json$`), f.createCall},
		{CallLists, http.MethodGet, "api", regexp.MustCompile(base + `\.json$`), f.listCalls},
	}
}

// Calls returns the calls made so far, in order.
func (f *Fake) Calls() []Call {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := make([]Call, len(f.calls))
	for i, c := range f.calls {
		all[i] = *c
	}
	return all
}

func (f *Fake) createCall(c *call, _ []string) {
	if !c.only("To", "From", "Url", "Method", "Twiml", "ApplicationSid", "FallbackUrl", "FallbackMethod", "StatusCallback", "StatusCallbackMethod",
		"StatusCallbackEvent*", "SendDigits", "Timeout", "TimeLimit", "Record", "MachineDetection", "MachineDetectionTimeout",
		"MachineDetectionSpeechThreshold", "MachineDetectionSpeechEndThreshold", "MachineDetectionSilenceTimeout", "AsyncAmd",
		"AsyncAmdStatusCallback", "AsyncAmdStatusCallbackMethod", "CallReason", "CallerId", "Trim") {
		return
	}
	one := &Call{
		To: c.form.Get("To"), From: c.form.Get("From"), TwiML: c.form.Get("Twiml"), URL: c.form.Get("Url"),
		Callback: c.form.Get("StatusCallback"), Status: "queued", Form: c.form, At: f.now(),
	}
	if code, words := checkCallFields(one, c.form); code != 0 {
		c.complain(http.StatusBadRequest, code, words)
		return
	}
	one.SID = f.newSID("CA")
	f.calls = append(f.calls, one)
	c.answer(http.StatusCreated, f.showCall(one))
}

var e164 = regexp.MustCompile(`^` + phone + `$`)

// checkCallFields returns the code with which Twilio refuses a call.
func checkCallFields(o *Call, form url.Values) (int, string) {
	switch {
	case o.To == "":
		return 21201, "To is needed"
	case !e164.MatchString(o.To):
		return 21211, "To is not a phone number in E.164"
	case !e164.MatchString(o.From):
		return 21213, "From is a number of the account"
	case (o.TwiML == "") == (o.URL == ""):
		return 21205, "one of Url and Twiml: Twiml is ignored beside Url"
	case utf8.RuneCountInString(o.TwiML) > 4000:
		return 32018, "Twiml is over 4000 characters"
	case o.URL != "" && !absolute(o.URL):
		return 21205, "Url is no URL"
	case o.Callback != "" && !absolute(o.Callback):
		return 21609, "StatusCallback is no URL"
	}
	if o.TwiML != "" {
		if _, err := ReadTwiML([]byte(o.TwiML)); err != nil {
			return 12100, err.Error()
		}
	}
	for name, ok := range map[string]func(string) bool{
		"Timeout": between(1, 600), "TimeLimit": between(1, 14400), "MachineDetectionTimeout": between(3, 59),
		"Method": takes["method"], "StatusCallbackMethod": takes["method"],
		"MachineDetection": func(s string) bool { return s == "Enable" || s == "DetectMessageEnd" },
		"Record":           func(s string) bool { return s == "true" || s == "false" },
		"AsyncAmd":         func(s string) bool { return s == "true" || s == "false" },
	} {
		if form.Has(name) && !ok(form.Get(name)) {
			return 20001, name + " is not valid"
		}
	}
	for _, e := range form["StatusCallbackEvent"] {
		if !slices.Contains([]string{"initiated", "ringing", "answered", "completed"}, e) {
			return 20001, "StatusCallbackEvent " + e + " is none"
		}
	}
	return 0, ""
}

func (f *Fake) showCall(o *Call) map[string]any {
	date := o.At.UTC().Format(time.RFC1123Z)
	updated := date
	var began any
	if !o.Began.IsZero() {
		updated = o.Began.UTC().Format(time.RFC1123Z)
		began = updated
	}
	return map[string]any{
		"sid": o.SID, "account_sid": f.AccountSID, "to": o.To, "from": o.From, "status": o.Status, "direction": "outbound-api",
		"date_created": date, "date_updated": updated, "start_time": began, "end_time": nil, "duration": nil, "answered_by": nil,
		"api_version": "2010-04-01", "price": nil, "price_unit": "USD", "parent_call_sid": nil, "phone_number_sid": nil,
		"uri": "/2010-04-01/Accounts/" + f.AccountSID + "/Calls/" + o.SID + ".json",
	}
}

// listCalls lists the newest first, in pages. What waits has not begun, and no time of
// beginning finds it.
func (f *Fake) listCalls(c *call, _ []string) {
	if !c.only("To", "From", "ParentCallSid", "Status", "StartTime", "StartTime<", "StartTime>", "EndTime", "EndTime<", "EndTime>", "PageSize", "Page", "PageToken") {
		return
	}
	size := 50
	if v := c.form.Get("PageSize"); v != "" {
		var err error
		if size, err = strconv.Atoi(v); err != nil || size < 1 || size > 1000 {
			c.complain(http.StatusBadRequest, 20001, "PageSize is 1 to 1000")
			return
		}
	}
	var after time.Time
	if v := c.form.Get("StartTime>"); v != "" {
		var err error
		if after, err = time.Parse(time.RFC3339, v); err != nil {
			c.complain(http.StatusBadRequest, 20001, "StartTime> is a time in RFC 3339")
			return
		}
	}
	page, _ := strconv.Atoi(c.form.Get("Page")) // none is 0
	var all []*Call
	for i := len(f.calls) - 1; i >= 0; i-- {
		one := f.calls[i]
		switch {
		case c.form.Has("To") && one.To != c.form.Get("To"), c.form.Has("From") && one.From != c.form.Get("From"),
			c.form.Has("Status") && one.Status != c.form.Get("Status"), !after.IsZero() && (one.Began.IsZero() || one.Began.Before(after)):
		default:
			all = append(all, one)
		}
	}
	from := min(page*size, len(all))
	to := min(from+size, len(all))
	shown := []any{}
	for _, one := range all[from:to] {
		shown = append(shown, f.showCall(one))
	}
	var next any
	if to < len(all) {
		q := url.Values{}
		for k, vs := range c.form {
			q[k] = vs
		}
		q.Set("Page", strconv.Itoa(page+1))
		q.Set("PageToken", "PA"+all[to-1].SID)
		next = "/2010-04-01/Accounts/" + f.AccountSID + "/Calls.json?" + q.Encode()
	}
	c.answer(http.StatusOK, map[string]any{"calls": shown, "next_page_uri": next, "page": page, "page_size": size})
}

// CallStatus returns the signed callback of a call that the fake made: status is
// "ringing", "in-progress", "completed", "busy" and so on; extra are further fields,
// such as AnsweredBy. Nil: there is no such call, or it asked for none.
func (f *Fake) CallStatus(sid, status string, extra url.Values) *http.Request {
	f.mu.Lock()
	var one Call
	for _, c := range f.calls {
		if c.SID == sid {
			c.Status = status
			if status != "queued" && c.Began.IsZero() {
				c.Began = f.now()
			}
			one = *c
		}
	}
	f.mu.Unlock()
	if one.Callback == "" {
		return nil
	}
	v := f.ring(sid, one.From, one.To, status)
	v.Set("Direction", "outbound-api")
	v.Set("CallbackSource", "call-progress-events")
	v.Set("SequenceNumber", "0")
	v.Set("Timestamp", f.now().UTC().Format(time.RFC1123Z))
	for k, vs := range extra {
		v[k] = vs
	}
	return f.Webhook(one.Callback, v)
}

// ring returns the fields of every request about a call.
func (f *Fake) ring(sid, from, to, status string) url.Values {
	return url.Values{
		"CallSid": {sid}, "AccountSid": {f.AccountSID}, "From": {from}, "To": {to}, "Caller": {from}, "Called": {to},
		"CallStatus": {status}, "Direction": {"inbound"}, "ApiVersion": {"2010-04-01"},
	}
}

// Heard returns what a call that the fake made says when it is answered, until a key is
// waited for: of TwiML that went along, else of what ask returns for the signed request
// to its Url.
func (o *Call) Heard(f *Fake, ask func(*http.Request) []byte) (string, error) {
	document := []byte(o.TwiML)
	if o.URL != "" {
		v := f.ring(o.SID, o.From, o.To, "in-progress")
		v.Set("Direction", "outbound-api")
		document = ask(f.Webhook(o.URL, v))
	}
	v, err := ReadTwiML(document)
	if err != nil {
		return "", err
	}
	for i := range v.Verbs {
		if v.Verbs[i].Name == "Gather" {
			v.Verbs = v.Verbs[:i+1]
			break
		}
	}
	return strings.TrimSpace(v.Spoken()), nil
}

// SetNow replaces the clock.
func (f *Fake) SetNow(now func() time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = now
}
