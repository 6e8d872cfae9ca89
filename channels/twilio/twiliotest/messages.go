package twiliotest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/hubkit/hubkit/channels/channelstest"
)

// Message is one message that the fake took.
type Message struct {
	SID        string
	To, From   string // as on the wire: "whatsapp:+380…"; From may be empty with a service
	Body       string // what the person reads: of a content, with its variables filled in
	Status     string
	Code       int // why it failed; 0
	ContentSID string
	Content    *Content          // of ContentSID
	Variables  map[string]string // that were sent, by name
	Media      []string
	Callback   string     // StatusCallback
	Form       url.Values // all that was sent
	At         time.Time
	Left       time.Time // when it left Twilio's queue: at the first status that says so; zero while it waits
}

// moved gives a message the status, and the time of leaving where it waits no more.
func (m *Message) moved(status string, now time.Time) {
	m.Status = status
	switch status {
	case "scheduled", "accepted", "queued", "canceled":
	default:
		if m.Left.IsZero() {
			m.Left = now
		}
	}
}

const phone = `\+[1-9][0-9]{6,14}`

var (
	toForm     = regexp.MustCompile(`^(whatsapp:)?` + phone + `$`)
	fromForm   = regexp.MustCompile(`^((whatsapp:)?` + phone + `|[0-9]{3,8}|[A-Za-z0-9 ]{1,11})$`)
	sidForm    = regexp.MustCompile(`^[A-Z]{2}[0-9a-f]{32}$`)
	manySpaces = regexp.MustCompile(` {5,}`)
)

func (f *Fake) messageRoutes() []route {
	base := `^/2010-04-01/Accounts/` + f.AccountSID + `/Messages`
	return []route{
		{Messages, http.MethodPost, "api", regexp.MustCompile(base + `\.json$`), f.createMessage},
		{Lists, http.MethodGet, "api", regexp.MustCompile(base + `\.json$`), f.listMessages},
		{"Fetches", http.MethodGet, "api", regexp.MustCompile(base + `/(SM[0-9a-f]{32})\.json$`), f.fetchMessage},
		{"Updates", http.MethodPost, "api", regexp.MustCompile(base + `/(SM[0-9a-f]{32})\.json$`), f.updateMessage},
	}
}

// Messages returns what was taken so far, in order.
func (f *Fake) Messages() []Message {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := make([]Message, len(f.messages))
	for i, m := range f.messages {
		all[i] = *m
	}
	return all
}

// Taken returns what was taken so far as channelstest compares it.
func (f *Fake) Taken() []channelstest.Taken {
	var all []channelstest.Taken
	for _, m := range f.Messages() {
		t := channelstest.Taken{ID: m.SID, To: strings.TrimPrefix(m.To, "whatsapp:"), Text: m.Body, At: m.At}
		for _, one := range m.Content.choices() {
			t.Shown = append(t.Shown, one.title)
		}
		all = append(all, t)
	}
	return all
}

func (f *Fake) createMessage(c *call, _ []string) {
	if !c.only("To", "From", "MessagingServiceSid", "Body", "MediaUrl*", "ContentSid", "ContentVariables", "StatusCallback",
		"ScheduleType", "SendAt", "ValidityPeriod", "Attempt", "SmartEncoded", "RiskCheck", "ProvideFeedback", "ShortenUrls", "SendAsMms",
		"PersistentAction*", "ContentRetention", "AddressRetention", "FallbackFrom", "ApplicationSid") {
		return
	}
	m := &Message{
		To: c.form.Get("To"), From: c.form.Get("From"), Body: c.form.Get("Body"), Status: "queued",
		ContentSID: c.form.Get("ContentSid"), Media: c.form["MediaUrl"], Callback: c.form.Get("StatusCallback"), Form: c.form, At: f.now(),
	}
	if code, words := f.check(m, c.form); code != 0 {
		c.complain(http.StatusBadRequest, code, words)
		return
	}
	if m.From == "" {
		m.Status = "accepted"
	}
	if c.form.Get("SendAt") != "" {
		m.Status = "scheduled"
	}
	m.SID = f.newSID("SM")
	f.messages = append(f.messages, m)
	c.answer(http.StatusCreated, f.show(m))
}

// check returns the code with which Twilio refuses a message.
func (f *Fake) check(m *Message, form url.Values) (int, string) {
	service := form.Get("MessagingServiceSid")
	whatsapp := strings.HasPrefix(m.To, "whatsapp:")
	switch {
	case m.To == "":
		return 21604, "To is needed"
	case !toForm.MatchString(m.To):
		return 21211, "To is not a phone number in E.164"
	case m.From == "" && service == "":
		return 21603, "From or MessagingServiceSid is needed"
	case m.From != "" && !fromForm.MatchString(m.From):
		return 21212, "From is not valid"
	case m.From != "" && strings.HasPrefix(m.From, "whatsapp:") != whatsapp:
		return 63007, "From and To are on different channels"
	case m.From == m.To:
		return 63031, "From and To are the same"
	case service != "" && (!sidForm.MatchString(service) || !strings.HasPrefix(service, "MG")):
		return 21705, "MessagingServiceSid is MG and 32 digits"
	case m.Body == "" && len(m.Media) == 0 && m.ContentSID == "":
		return 21602, "Body, MediaUrl or ContentSid is needed"
	case m.ContentSID != "" && (m.Body != "" || len(m.Media) > 0):
		return 21620, "a content is sent without Body and MediaUrl"
	case len(utf16.Encode([]rune(m.Body))) > 1600:
		return 21617, "Body is over 1600 characters"
	case len(m.Media) > 10, whatsapp && len(m.Media) > 1:
		return 21623, "too many media"
	case form.Has("ContentVariables") && m.ContentSID == "":
		return 21654, "ContentVariables need a ContentSid"
	}
	for _, u := range m.Media {
		if p, err := url.Parse(u); err != nil || p.Host == "" {
			return 21620, "MediaUrl is not a URL"
		}
	}
	if code, words := f.checkOptions(form); code != 0 {
		return code, words
	}
	if m.ContentSID == "" {
		return 0, ""
	}
	return f.fill(m, form.Get("ContentVariables"))
}

// checkOptions checks the fields that say how a message is sent.
func (f *Fake) checkOptions(form url.Values) (int, string) {
	if v := form.Get("StatusCallback"); v != "" {
		u, err := url.Parse(v)
		if err != nil || u.Host == "" || len(v) > 4000 || strings.Contains(u.Host, "_") {
			return 21609, "StatusCallback is not a URL that can be called"
		}
	}
	if form.Has("ValidityPeriod") {
		if n, err := strconv.Atoi(form.Get("ValidityPeriod")); err != nil || n < 1 || n > 36000 {
			return 21624, "ValidityPeriod is 1 to 36000 seconds"
		}
	}
	for _, name := range []string{"SmartEncoded", "ShortenUrls", "SendAsMms", "ProvideFeedback"} {
		if v := form.Get(name); v != "" && v != "true" && v != "false" {
			return 20001, name + " is true or false"
		}
	}
	if form.Get("ShortenUrls") == "true" && !form.Has("MessagingServiceSid") {
		return 21603, "ShortenUrls needs a Messaging Service"
	}
	if form.Has("SendAt") != form.Has("ScheduleType") || form.Has("ScheduleType") && form.Get("ScheduleType") != "fixed" {
		return 35115, "SendAt goes with ScheduleType fixed"
	}
	if form.Has("SendAt") {
		at, err := time.Parse(time.RFC3339, form.Get("SendAt"))
		switch wait := at.Sub(f.now()); {
		case !form.Has("MessagingServiceSid"):
			return 35118, "scheduling needs a Messaging Service"
		case err != nil || wait < 300*time.Second || wait > 35*24*time.Hour:
			return 35114, "SendAt is 5 minutes to 35 days ahead"
		}
	}
	return 0, ""
}

// fill puts the variables into the content.
func (f *Fake) fill(m *Message, variables string) (int, string) {
	if m.Content = f.content(m.ContentSID); m.Content == nil {
		return 21655, "ContentSid is not known"
	}
	if variables != "" {
		if err := json.Unmarshal([]byte(variables), &m.Variables); err != nil {
			return 21656, "ContentVariables is a JSON object of strings"
		}
	}
	if strings.Contains(variables, "'") {
		return 21656, "an apostrophe in ContentVariables"
	}
	if len(m.Variables) > 100 {
		return 92002, "more than 100 variables"
	}
	for name, value := range m.Variables {
		switch {
		case !variableName.MatchString(name):
			return 21656, "a variable's name is at most 16 characters"
		case len(utf16.Encode([]rune(value))) > 255:
			return 21656, "a variable's value is over 255 characters"
		case manySpaces.MatchString(value):
			return 63013, "more than 4 spaces in a row"
		}
	}
	body, missing := m.Content.read(m.Variables)
	if missing != "" {
		return 21656, "the variable " + missing + " has no value"
	}
	if n := len(utf16.Encode([]rune(body))); n > m.Content.longest() {
		return 63013, fmt.Sprintf("the content's text has %d characters", n)
	}
	m.Body = body
	return m.Content.inSession()
}

// show returns a message as Twilio answers it.
func (f *Fake) show(m *Message) map[string]any {
	var code, service, from, sent any
	if m.Code != 0 {
		code = m.Code
	}
	if s := m.Form.Get("MessagingServiceSid"); s != "" {
		service = s
	}
	if m.From != "" {
		from = m.From
	}
	date := m.At.UTC().Format(time.RFC1123Z)
	updated := date
	if !m.Left.IsZero() {
		updated = m.Left.UTC().Format(time.RFC1123Z)
		sent = updated
	}
	return map[string]any{
		"sid": m.SID, "account_sid": f.AccountSID, "to": m.To, "from": from, "messaging_service_sid": service,
		"body": m.Body, "status": m.Status, "direction": "outbound-api", "num_segments": "1", "num_media": strconv.Itoa(len(m.Media)),
		"error_code": code, "error_message": nil, "price": nil, "price_unit": "USD", "api_version": "2010-04-01",
		"date_created": date, "date_updated": updated, "date_sent": sent,
		"uri": "/2010-04-01/Accounts/" + f.AccountSID + "/Messages/" + m.SID + ".json",
	}
}

func (f *Fake) find(sid string) *Message {
	for _, m := range f.messages {
		if m.SID == sid {
			return m
		}
	}
	return nil
}

func (f *Fake) fetchMessage(c *call, args []string) {
	m := f.find(args[0])
	if m == nil {
		c.refuse(http.StatusNotFound, 20404, "no such message")
		return
	}
	c.answer(http.StatusOK, f.show(m))
}

func (f *Fake) updateMessage(c *call, args []string) {
	if !c.only("Body", "Status") {
		return
	}
	m := f.find(args[0])
	switch {
	case m == nil:
		c.refuse(http.StatusNotFound, 20404, "no such message")
		return
	case c.form.Get("Status") == "canceled" && m.Status == "scheduled":
		m.Status = "canceled"
	case c.form.Has("Body") && c.form.Get("Body") == "":
		m.Body = ""
	default:
		c.complain(http.StatusBadRequest, 20001, "only a scheduled message is canceled, and only an empty Body redacts")
		return
	}
	c.answer(http.StatusOK, f.show(m))
}

// listMessages lists the newest first, in pages. What waits has not left, and no time of
// leaving finds it.
func (f *Fake) listMessages(c *call, _ []string) {
	if !c.only("To", "From", "DateSent", "DateSent<", "DateSent>", "PageSize", "Page", "PageToken") {
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
	var after, before time.Time
	for name, t := range map[string]*time.Time{"DateSent>": &after, "DateSent<": &before} {
		if v := c.form.Get(name); v != "" {
			at, err := time.Parse(time.RFC3339, v)
			if err != nil {
				c.complain(http.StatusBadRequest, 20001, name+" is a time in RFC 3339")
				return
			}
			*t = at
		}
	}
	page, _ := strconv.Atoi(c.form.Get("Page")) // none is 0
	var all []*Message
	for _, m := range f.messages {
		switch left := m.Left.Truncate(time.Second); {
		case c.form.Get("To") != "" && m.To != c.form.Get("To"),
			c.form.Get("From") != "" && m.From != c.form.Get("From"),
			!(after.IsZero() && before.IsZero()) && m.Left.IsZero(),
			!after.IsZero() && left.Before(after), !before.IsZero() && left.After(before):
		default:
			all = append(all, m)
		}
	}
	slices.SortStableFunc(all, func(a, b *Message) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.SID, a.SID)) })
	from := min(page*size, len(all))
	to := min(from+size, len(all))
	shown := make([]any, 0, size)
	for _, m := range all[from:to] {
		shown = append(shown, f.show(m))
	}
	var next any
	if to < len(all) {
		q := url.Values{}
		for k, vs := range c.form {
			q[k] = vs
		}
		q.Set("Page", strconv.Itoa(page+1))
		q.Set("PageSize", strconv.Itoa(size))
		q.Set("PageToken", "PA"+all[to-1].SID)
		next = "/2010-04-01/Accounts/" + f.AccountSID + "/Messages.json?" + q.Encode()
	}
	c.answer(http.StatusOK, map[string]any{"messages": shown, "next_page_uri": next, "page": page, "page_size": size})
}
