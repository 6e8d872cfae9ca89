package twiliotest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// Content is one content resource.
type Content struct {
	SID, Name, Language string
	Variables           map[string]string          // samples, by name
	Types               map[string]json.RawMessage // as they were posted, by type
	Status              string                     // of approval: unsubmitted, received, pending, approved, rejected
	Reason              string                     // why it was rejected
	Category            string
	At                  time.Time
}

var (
	variableName = regexp.MustCompile(`^[A-Za-z0-9_]{1,16}$`)
	variable     = regexp.MustCompile(`\{\{([^{}]*)\}\}`)
	languageForm = regexp.MustCompile(`^[a-z]{2,3}(_[A-Za-z]{2,4})?$`)
	nameForm     = regexp.MustCompile(`^[a-z0-9_]{1,512}$`)
)

func (f *Fake) contentRoutes() []route {
	const base, hx = `^/v1/Content`, `/(HX[0-9a-f]{32})`
	return []route{
		{Contents, http.MethodPost, "content", regexp.MustCompile(base + `$`), f.createContent},
		{"Fetches", http.MethodGet, "content", regexp.MustCompile(base + hx + `$`), f.fetchContent},
		{"Deletes", http.MethodDelete, "content", regexp.MustCompile(base + hx + `$`), f.deleteContent},
		{Searches, http.MethodGet, "content", regexp.MustCompile(`^/v2/Content$`), f.searchContents},
		{Approvals, http.MethodPost, "content", regexp.MustCompile(base + hx + `/ApprovalRequests/whatsapp$`), f.submit},
		{Approvals, http.MethodGet, "content", regexp.MustCompile(base + hx + `/ApprovalRequests$`), f.approval},
	}
}

// Contents returns the content resources, in the order of their making.
func (f *Fake) Contents() []Content {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := make([]Content, len(f.contents))
	for i, c := range f.contents {
		all[i] = *c
	}
	return all
}

// DeleteContent takes a content resource away, as somebody with the console may.
func (f *Fake) DeleteContent(sid string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.remove(sid)
}

func (f *Fake) content(sid string) *Content {
	for _, c := range f.contents {
		if c.SID == sid {
			return c
		}
	}
	return nil
}

func (f *Fake) remove(sid string) bool {
	for i, c := range f.contents {
		if c.SID == sid {
			f.contents = append(f.contents[:i:i], f.contents[i+1:]...)
			return true
		}
	}
	return false
}

// strict decodes JSON without fields that v does not know.
func strict(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	return d.Decode(v)
}

func (f *Fake) createContent(c *call, _ []string) {
	var in struct {
		FriendlyName string                     `json:"friendly_name"`
		Language     string                     `json:"language"`
		Variables    map[string]string          `json:"variables"`
		Types        map[string]json.RawMessage `json:"types"`
	}
	if err := strict(c.body, &in); err != nil {
		c.complain(http.StatusBadRequest, 20001, "the content is not JSON of known fields: "+err.Error())
		return
	}
	one := &Content{Name: in.FriendlyName, Language: in.Language, Variables: in.Variables, Types: in.Types, Status: "unsubmitted", At: f.now()}
	if code, words := one.check(); code != 0 {
		c.complain(http.StatusBadRequest, code, words)
		return
	}
	one.SID = f.newSID("HX")
	f.contents = append(f.contents, one)
	c.answer(http.StatusCreated, f.showContent(one))
}

// length counts as the phone does that shows it: UTF-16 units.
func length(s string) int { return len(utf16.Encode([]rune(s))) }

// check returns the code with which a content is refused.
func (o *Content) check() (int, string) {
	switch {
	case !languageForm.MatchString(o.Language):
		return 20001, "language is needed: en, uk, pt_BR"
	case len(o.Types) == 0:
		return 92001, "types are needed"
	case len(o.Variables) > 100:
		return 92002, "more than 100 variables"
	}
	for name, sample := range o.Variables {
		if !variableName.MatchString(name) || length(sample) > 255 {
			return 20001, "a variable's name is at most 16 characters, its sample 255"
		}
	}
	for kind, raw := range o.Types {
		read, known := kinds[kind]
		if !known {
			return 20001, "unknown type " + kind
		}
		if words := read(raw); words != "" {
			return 63013, kind + ": " + words
		}
		for _, v := range variable.FindAllStringSubmatch(string(raw), -1) {
			if !variableName.MatchString(v[1]) {
				return 20001, "a variable is {{name}}, without spaces"
			}
		}
	}
	return 0, ""
}

// action is a button.
type action struct {
	Type    string `json:"type"`
	Title   string `json:"title"`
	ID      string `json:"id"`
	URL     string `json:"url"`
	Phone   string `json:"phone"`
	Code    string `json:"code"`
	Webview string `json:"webview_size"`
}

// actions checks buttons.
func actions(list []action, most int, types ...string) string {
	if len(list) < 1 || len(list) > most {
		return fmt.Sprintf("1 to %d actions", most)
	}
	for _, a := range list {
		known := false
		for _, t := range types {
			known = known || t == a.Type
		}
		switch {
		case !known:
			return "unknown action " + a.Type
		case a.Title == "" || length(a.Title) > 20:
			return "an action's title is 1 to 20 characters"
		case length(a.ID) > 200:
			return "an action's id is at most 200 characters"
		case a.Type == "URL" && !strings.HasPrefix(a.URL, "http"):
			return "the action URL needs a url"
		case a.Type == "PHONE_NUMBER" && !regexp.MustCompile(`^`+phone+`$`).MatchString(a.Phone):
			return "the action PHONE_NUMBER needs a phone in E.164"
		case a.Type == "COPY_CODE" && a.Code == "":
			return "the action COPY_CODE needs a code"
		}
	}
	return ""
}

// kinds are the types of contents; each returns what is wrong.
var kinds = map[string]func(json.RawMessage) string{
	"twilio/text": func(raw json.RawMessage) string {
		var t struct {
			Body string `json:"body"`
		}
		return first(strict(raw, &t), t.Body == "" || length(t.Body) > 1600, "body is 1 to 1600 characters")
	},
	"twilio/media": func(raw json.RawMessage) string {
		var t struct {
			Body  string   `json:"body"`
			Media []string `json:"media"`
		}
		return first(strict(raw, &t), len(t.Media) != 1 || length(t.Body) > 1024, "one media, and a body of at most 1024 characters")
	},
	"twilio/location": func(raw json.RawMessage) string {
		var t struct {
			Latitude  *float64 `json:"latitude"`
			Longitude *float64 `json:"longitude"`
			Label     string   `json:"label"`
			ID        string   `json:"id"`
			Address   string   `json:"address"`
		}
		return first(strict(raw, &t), t.Latitude == nil || t.Longitude == nil, "latitude and longitude are needed")
	},
	"twilio/list-picker":    checkList,
	"twilio/quick-reply":    checkReplies,
	"twilio/call-to-action": checkCall,
	"twilio/card":           checkCard,
}

func first(err error, wrong bool, words string) string {
	switch {
	case err != nil:
		return err.Error()
	case wrong:
		return words
	}
	return ""
}

func checkList(raw json.RawMessage) string {
	var t struct {
		Body   string `json:"body"`
		Button string `json:"button"`
		Items  []struct {
			ID          string `json:"id"`
			Item        string `json:"item"`
			Description string `json:"description"`
		} `json:"items"`
	}
	if words := first(strict(raw, &t), t.Body == "" || length(t.Body) > 1024 || t.Button == "" || length(t.Button) > 20 || len(t.Items) < 1 || len(t.Items) > 10,
		"body of at most 1024 characters, button of at most 20, 1 to 10 items"); words != "" {
		return words
	}
	ids := map[string]bool{}
	for _, it := range t.Items {
		if it.ID == "" || length(it.ID) > 200 || ids[it.ID] || it.Item == "" || length(it.Item) > 24 || length(it.Description) > 72 {
			return "an item has an id of its own of at most 200 characters, an item of at most 24 and a description of at most 72"
		}
		ids[it.ID] = true
	}
	return ""
}

func checkReplies(raw json.RawMessage) string {
	var t struct {
		Body    string   `json:"body"`
		Actions []action `json:"actions"`
	}
	if words := first(strict(raw, &t), t.Body == "" || length(t.Body) > 1024, "body is 1 to 1024 characters"); words != "" {
		return words
	}
	return actions(t.Actions, 10, "QUICK_REPLY")
}

func checkCall(raw json.RawMessage) string {
	var t struct {
		Body    string   `json:"body"`
		Actions []action `json:"actions"`
	}
	if words := first(strict(raw, &t), t.Body == "" || length(t.Body) > 1024, "body is 1 to 1024 characters"); words != "" {
		return words
	}
	return actions(t.Actions, 3, "URL", "PHONE_NUMBER", "COPY_CODE", "VOICE_CALL")
}

func checkCard(raw json.RawMessage) string {
	var t struct {
		Title    string   `json:"title"`
		Subtitle string   `json:"subtitle"`
		Body     string   `json:"body"`
		Media    []string `json:"media"`
		Actions  []action `json:"actions"`
	}
	if words := first(strict(raw, &t), t.Title == "" || length(t.Title) > 1024 || length(t.Subtitle) > 60 || len(t.Media) > 1,
		"title of at most 1024 characters, subtitle of at most 60, one media"); words != "" {
		return words
	}
	if len(t.Actions) == 0 {
		return ""
	}
	return actions(t.Actions, 10, "URL", "PHONE_NUMBER", "QUICK_REPLY", "COPY_CODE", "VOICE_CALL")
}

// text returns the type that people see on WhatsApp, and its text.
func (o *Content) text() (kind, body string, buttons int) {
	for kind, raw := range o.Types {
		var t struct {
			Body    string   `json:"body"`
			Title   string   `json:"title"`
			Actions []action `json:"actions"`
		}
		_ = json.Unmarshal(raw, &t) // it was checked when it was made
		if kind == "twilio/text" && len(o.Types) > 1 {
			continue
		}
		if t.Body == "" {
			t.Body = t.Title
		}
		return kind, t.Body, len(t.Actions)
	}
	return "", "", 0
}

// choice is what a person can tap, and what a tap brings back.
type choice struct {
	title, id string
	row       bool // of a list
}

// choices returns what a person can tap to answer, in order.
func (o *Content) choices() []choice {
	if o == nil {
		return nil
	}
	kind, _, _ := o.text()
	var t struct {
		Actions []action `json:"actions"`
		Items   []struct {
			ID   string `json:"id"`
			Item string `json:"item"`
		} `json:"items"`
	}
	_ = json.Unmarshal(o.Types[kind], &t) // it was checked when it was made
	var all []choice
	for _, a := range t.Actions {
		if a.Type == "QUICK_REPLY" {
			all = append(all, choice{title: a.Title, id: a.ID})
		}
	}
	for _, it := range t.Items {
		all = append(all, choice{title: it.Item, id: it.ID, row: true})
	}
	return all
}

// read returns the text with its variables, and the name of one that has no value.
func (o *Content) read(vars map[string]string) (body, missing string) {
	_, body, _ = o.text()
	body = variable.ReplaceAllStringFunc(body, func(s string) string {
		name := strings.Trim(s, "{}")
		v, ok := vars[name]
		if !ok {
			if v, ok = o.Variables[name]; !ok {
				missing = name
			}
		}
		return v
	})
	return body, missing
}

func (o *Content) longest() int {
	if kind, _, _ := o.text(); kind == "twilio/text" {
		return 1600
	}
	return 1024
}

// inSession returns why a content cannot be shown in a session without approval.
func (o *Content) inSession() (int, string) {
	kind, _, buttons := o.text()
	if kind == "twilio/list-picker" || o.Status == "approved" {
		return 0, ""
	}
	if buttons > 3 {
		return 63013, "more than 3 buttons need an approved template"
	}
	return 0, ""
}

func (f *Fake) showContent(o *Content) map[string]any {
	base := "https://content.twilio.com/v1/Content/" + o.SID
	date := o.At.UTC().Format(time.RFC3339)
	return map[string]any{
		"sid": o.SID, "account_sid": f.AccountSID, "friendly_name": o.Name, "language": o.Language, "variables": o.Variables, "types": o.Types,
		"date_created": date, "date_updated": date, "url": base,
		"links": map[string]string{"approval_create": base + "/ApprovalRequests/whatsapp", "approval_fetch": base + "/ApprovalRequests"},
	}
}

func (f *Fake) fetchContent(c *call, args []string) {
	if o := f.content(args[0]); o != nil {
		c.answer(http.StatusOK, f.showContent(o))
		return
	}
	c.refuse(http.StatusNotFound, 20404, "no such content")
}

func (f *Fake) deleteContent(c *call, args []string) {
	if !f.remove(args[0]) {
		c.refuse(http.StatusNotFound, 20404, "no such content")
		return
	}
	c.w.WriteHeader(http.StatusNoContent)
}

// searchContents finds by a part of the name, as Twilio does.
func (f *Fake) searchContents(c *call, _ []string) {
	if !c.only("ContentName", "Content", "Language*", "ContentType*", "ChannelEligibility*", "DateCreatedAfter", "DateCreatedBefore",
		"SortByDate", "SortByContentName", "PageSize", "Page", "PageToken") {
		return
	}
	size, page := 50, 0
	if v, err := strconv.Atoi(c.form.Get("PageSize")); err == nil && v > 0 {
		size = min(v, 1000)
	}
	if v, err := strconv.Atoi(c.form.Get("Page")); err == nil && v > 0 {
		page = v
	}
	all := []any{}
	for _, o := range f.contents {
		if strings.Contains(o.Name, c.form.Get("ContentName")) {
			all = append(all, f.showContent(o))
		}
	}
	from := min(page*size, len(all))
	to := min(from+size, len(all))
	var next any
	if to < len(all) {
		next = "https://content.twilio.com/v2/Content?" + url.Values{
			"ContentName": {c.form.Get("ContentName")}, "PageSize": {strconv.Itoa(size)}, "Page": {strconv.Itoa(page + 1)}, "PageToken": {"PT"},
		}.Encode()
	}
	c.answer(http.StatusOK, map[string]any{"contents": all[from:to], "meta": map[string]any{"next_page_url": next, "page": page, "page_size": size, "key": "contents"}})
}
