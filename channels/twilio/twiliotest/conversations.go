package twiliotest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"time"
	"unicode/utf16"
)

// Conversations is the resource of everything written in conversations, for
// [Fake.FaultOn] and [Fake.Requests].
const Conversations = "Conversations"

// Conversation is one conversation, with all that happened in it.
type Conversation struct {
	SID, UniqueName, Name, State string
	Attributes                   string
	Form                         url.Values // as it was made
	Participants                 []url.Values
	Messages                     []ConversationMessage
	Webhooks                     []url.Values
	Order                        []string // what was written, in order: "message", "participant", "webhook"
	Silent                       int      // writes of which no webhook heard
}

// ConversationMessage is one message of a conversation.
type ConversationMessage struct{ SID, Author, Body, ContentSID, Date string }

func (f *Fake) conversationRoutes() []route {
	base := `^/v1(?:/Services/IS[0-9a-f]{32})?`
	one := base + `/Conversations/(CH[0-9a-f]{32})`
	list := func(method, path string, serve func(*call, []string)) route {
		return route{Conversations, method, "conversations", regexp.MustCompile(path + `$`), serve}
	}
	return []route{
		list(http.MethodPost, base+`/Conversations`, f.createConversation),
		list(http.MethodGet, base+`/Conversations/([A-Za-z0-9._-]{1,256})`, f.fetchConversation),
		list(http.MethodPost, one, f.updateConversation),
		list(http.MethodDelete, one, f.deleteConversation),
		list(http.MethodPost, one+`/Participants`, f.createParticipant),
		list(http.MethodGet, one+`/Participants`, f.listParticipants),
		list(http.MethodPost, one+`/Messages`, f.createConversationMessage),
		list(http.MethodGet, one+`/Messages`, f.listConversationMessages),
		list(http.MethodPost, one+`/Webhooks`, f.createConversationWebhook),
		list(http.MethodGet, one+`/Webhooks`, f.listConversationWebhooks),
		list(http.MethodGet, base+`/ParticipantConversations`, f.listParticipantConversations),
	}
}

// Conversations returns the conversations made so far, in order.
func (f *Fake) Conversations() []Conversation {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := make([]Conversation, len(f.conversations))
	for i, o := range f.conversations {
		all[i] = *o
	}
	return all
}

// AutoCreate makes an active conversation with a person in it, as Twilio does for an
// address with auto-creation; it returns its SID.
func (f *Fake) AutoCreate(person, proxy string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	o := &Conversation{SID: f.newSID("CH"), State: "active", Participants: []url.Values{{
		"MessagingBinding.Address": {person}, "MessagingBinding.ProxyAddress": {proxy},
	}}}
	f.conversations = append(f.conversations, o)
	return o.SID
}

func (f *Fake) conversation(name string) *Conversation {
	for _, o := range f.conversations {
		if o.SID == name || o.UniqueName != "" && o.UniqueName == name {
			return o
		}
	}
	return nil
}

var duration = regexp.MustCompile(`^PT([0-9]+)S$`)

// timer checks a state timer, in the form that is sent here.
func timer(s string, least int) bool {
	m := duration.FindStringSubmatch(s)
	if m == nil {
		return false
	}
	n, err := strconv.Atoi(m[1])
	return err == nil && n >= least
}

func isObject(s string) bool {
	var o map[string]any
	return json.Unmarshal([]byte(s), &o) == nil
}

func (f *Fake) createConversation(c *call, _ []string) {
	if !c.only("FriendlyName", "UniqueName", "Attributes", "MessagingServiceSid", "State", "Timers.Inactive", "Timers.Closed", "DateCreated", "DateUpdated") {
		return
	}
	o := &Conversation{
		UniqueName: c.form.Get("UniqueName"), Name: c.form.Get("FriendlyName"), State: "active",
		Attributes: c.form.Get("Attributes"), Form: c.form,
	}
	switch {
	case f.conversation(o.UniqueName) != nil:
		c.refuse(http.StatusConflict, 50353, "Conversation with provided unique name already exists")
		return
	case length(o.Name) > 256 || length(o.UniqueName) > 256:
		c.complain(http.StatusBadRequest, 50350, "names have at most 256 characters")
		return
	case o.Attributes != "" && (!isObject(o.Attributes) || len(o.Attributes) > 16<<10):
		c.complain(http.StatusBadRequest, 50300, "Attributes is a JSON object of at most 16 KB")
		return
	case c.form.Has("Timers.Inactive") && !timer(c.form.Get("Timers.Inactive"), 60), c.form.Has("Timers.Closed") && !timer(c.form.Get("Timers.Closed"), 600):
		c.complain(http.StatusBadRequest, 50351, "timers are ISO 8601: at least 1 and 10 minutes")
		return
	}
	o.SID = f.newSID("CH")
	f.conversations = append(f.conversations, o)
	f.wrote(c, o, "")
	c.answer(http.StatusCreated, f.showConversation(o))
}

// wrote notes a write.
func (f *Fake) wrote(c *call, o *Conversation, what string) {
	if what != "" {
		o.Order = append(o.Order, what)
	}
	if c.r.Header.Get("X-Twilio-Webhook-Enabled") != "true" {
		o.Silent++
	}
}

func (f *Fake) showConversation(o *Conversation) map[string]any {
	return map[string]any{
		"sid": o.SID, "account_sid": f.AccountSID, "chat_service_sid": SID("IS", "service"), "unique_name": o.UniqueName, "friendly_name": o.Name,
		"state": o.State, "attributes": o.Attributes,
	}
}

// found finds the conversation of a call, or refuses.
func (f *Fake) found(c *call, name string) *Conversation {
	o := f.conversation(name)
	if o == nil {
		c.refuse(http.StatusNotFound, 20404, "no such conversation")
	}
	return o
}

func (f *Fake) fetchConversation(c *call, args []string) {
	if o := f.found(c, args[0]); o != nil {
		c.answer(http.StatusOK, f.showConversation(o))
	}
}

func (f *Fake) updateConversation(c *call, args []string) {
	if !c.only("State", "FriendlyName", "UniqueName", "Attributes", "Timers.Inactive", "Timers.Closed", "MessagingServiceSid") {
		return
	}
	o := f.found(c, args[0])
	if o == nil {
		return
	}
	if s := c.form.Get("State"); s != "" {
		if !slices.Contains([]string{"active", "inactive", "closed"}, s) || o.State == "closed" && s != "closed" {
			c.complain(http.StatusBadRequest, 50350, "State is active, inactive or closed, and closed is the end")
			return
		}
		o.State = s
	}
	f.wrote(c, o, "")
	c.answer(http.StatusOK, f.showConversation(o))
}

var binding = regexp.MustCompile(`^(whatsapp:)?` + phone + `$`)

func (f *Fake) createParticipant(c *call, args []string) {
	if !c.only("Identity", "MessagingBinding.Address", "MessagingBinding.ProxyAddress", "MessagingBinding.ProjectedAddress", "Attributes", "RoleSid", "DateCreated", "DateUpdated") {
		return
	}
	o := f.found(c, args[0])
	if o == nil {
		return
	}
	person, proxy := c.form.Get("MessagingBinding.Address"), c.form.Get("MessagingBinding.ProxyAddress")
	if c.form.Get("Identity") == "" && (!binding.MatchString(person) || !binding.MatchString(proxy)) {
		c.complain(http.StatusBadRequest, 50407, "a messaging binding is two addresses")
		return
	}
	for _, other := range f.conversations {
		for _, p := range other.Participants {
			if p.Get("MessagingBinding.Address") != person || p.Get("MessagingBinding.ProxyAddress") != proxy || other.State == "closed" {
				continue
			}
			if other == o {
				c.refuse(http.StatusConflict, 50433, "Participant already exists")
			} else {
				c.refuse(http.StatusConflict, 50416, "A binding for this participant and proxy address already exists in "+other.SID)
			}
			return
		}
	}
	o.Participants = append(o.Participants, c.form)
	f.wrote(c, o, "participant")
	c.answer(http.StatusCreated, map[string]any{"sid": f.newSID("MB"), "conversation_sid": o.SID})
}

func (f *Fake) deleteConversation(c *call, args []string) {
	o := f.found(c, args[0])
	if o == nil {
		return
	}
	f.conversations = slices.DeleteFunc(f.conversations, func(other *Conversation) bool { return other == o })
	c.w.WriteHeader(http.StatusNoContent)
}

func (f *Fake) listParticipants(c *call, args []string) {
	o := f.found(c, args[0])
	if o == nil || !c.only("PageSize", "Page", "PageToken") {
		return
	}
	all := make([]any, len(o.Participants))
	for i, p := range o.Participants {
		one := map[string]any{"conversation_sid": o.SID, "identity": p.Get("Identity"), "messaging_binding": nil}
		if a := p.Get("MessagingBinding.Address"); a != "" {
			one["messaging_binding"] = map[string]any{"address": a, "proxy_address": p.Get("MessagingBinding.ProxyAddress")}
		}
		all[i] = one
	}
	c.page(all, "participants")
}

func (f *Fake) createConversationMessage(c *call, args []string) {
	if !c.only("Author", "Body", "MediaSid", "ContentSid", "ContentVariables", "Attributes", "Subject", "DateCreated", "DateUpdated") {
		return
	}
	o := f.found(c, args[0])
	if o == nil {
		return
	}
	m := ConversationMessage{Author: c.form.Get("Author"), Body: c.form.Get("Body"), ContentSID: c.form.Get("ContentSid"), Date: c.form.Get("DateCreated")}
	_, err := time.Parse(time.RFC3339, m.Date)
	vars := map[string]string{}
	switch {
	case o.State == "closed":
		c.refuse(http.StatusBadRequest, 50422, "the conversation is closed")
		return
	case m.ContentSID == "" && (m.Body == "" || len(utf16.Encode([]rune(m.Body))) > 1600):
		c.complain(http.StatusBadRequest, 50504, "Body has 1 to 1600 characters")
		return
	case m.ContentSID != "" && !sidForm.MatchString(m.ContentSID), m.Date != "" && err != nil,
		c.form.Has("ContentVariables") && json.Unmarshal([]byte(c.form.Get("ContentVariables")), &vars) != nil:
		c.complain(http.StatusBadRequest, 20001, "ContentSid, ContentVariables or DateCreated is not valid")
		return
	}
	m.SID = f.newSID("IM")
	o.Messages = append(o.Messages, m)
	f.wrote(c, o, "message")
	c.answer(http.StatusCreated, map[string]any{"sid": m.SID, "conversation_sid": o.SID, "author": m.Author, "body": m.Body, "index": len(o.Messages) - 1})
}

// page cuts a list, and tells where it goes on.
func (c *call) page(all []any, key string) {
	size, number := 50, 0
	if n, err := strconv.Atoi(c.form.Get("PageSize")); err == nil && n > 0 {
		size = min(n, 100)
	}
	if n, err := strconv.Atoi(c.form.Get("Page")); err == nil && n > 0 {
		number = n
	}
	from := min(number*size, len(all))
	to := min(from+size, len(all))
	var next any
	if to < len(all) {
		q := c.r.URL.Query()
		q.Set("Page", strconv.Itoa(number+1))
		q.Set("PageToken", "PT")
		_, path, _ := cutHost(c.r.URL.Path)
		next = "https://conversations.twilio.com" + path + "?" + q.Encode()
	}
	c.answer(http.StatusOK, map[string]any{key: all[from:to], "meta": map[string]any{"next_page_url": next, "page": number, "page_size": size, "key": key}})
}

// cutHost divides /HOST/PATH.
func cutHost(path string) (host, rest string, ok bool) {
	for i := 1; i < len(path); i++ {
		if path[i] == '/' {
			return path[1:i], path[i:], true
		}
	}
	return "", path, false
}

func (f *Fake) listConversationMessages(c *call, args []string) {
	o := f.found(c, args[0])
	if o == nil || !c.only("Order", "PageSize", "Page", "PageToken") {
		return
	}
	all := make([]any, len(o.Messages))
	for i, m := range o.Messages {
		all[i] = map[string]any{"sid": m.SID, "author": m.Author, "body": m.Body, "index": i}
	}
	c.page(all, "messages")
}

func (f *Fake) createConversationWebhook(c *call, args []string) {
	if !c.only("Target", "Configuration.Url", "Configuration.Method", "Configuration.Filters*", "Configuration.Triggers*", "Configuration.FlowSid", "Configuration.ReplayAfter") {
		return
	}
	o := f.found(c, args[0])
	if o == nil {
		return
	}
	method := c.form.Get("Configuration.Method")
	switch {
	case len(o.Webhooks) >= 5:
		c.refuse(http.StatusBadRequest, 50361, "too many webhooks")
		return
	case c.form.Get("Target") != "webhook" || !absolute(c.form.Get("Configuration.Url")) || method != "get" && method != "post":
		c.complain(http.StatusBadRequest, 20001, "a webhook has Target webhook, a URL and the method get or post")
		return
	}
	o.Webhooks = append(o.Webhooks, c.form)
	f.wrote(c, o, "webhook")
	c.answer(http.StatusCreated, map[string]any{"sid": f.newSID("WH"), "target": "webhook"})
}

func (f *Fake) listConversationWebhooks(c *call, args []string) {
	o := f.found(c, args[0])
	if o == nil || !c.only("PageSize", "Page", "PageToken") {
		return
	}
	if v := c.form.Get("PageSize"); v != "" && !between(1, 5)(v) {
		c.complain(http.StatusBadRequest, 20001, "PageSize of webhooks is 1 to 5")
		return
	}
	all := make([]any, len(o.Webhooks))
	for i, w := range o.Webhooks {
		all[i] = map[string]any{"target": "webhook", "configuration": map[string]any{"url": w.Get("Configuration.Url"), "method": w.Get("Configuration.Method")}}
	}
	c.page(all, "webhooks")
}

func (f *Fake) listParticipantConversations(c *call, _ []string) {
	if !c.only("Identity", "Address", "PageSize", "Page", "PageToken") {
		return
	}
	all := []any{}
	for _, o := range f.conversations {
		for _, p := range o.Participants {
			if p.Get("MessagingBinding.Address") == c.form.Get("Address") {
				all = append(all, map[string]any{
					"conversation_sid": o.SID, "conversation_state": o.State,
					"participant_messaging_binding": map[string]any{
						"type": "sms", "address": p.Get("MessagingBinding.Address"), "proxy_address": p.Get("MessagingBinding.ProxyAddress"),
					},
				})
			}
		}
	}
	c.page(all, "conversations")
}

// ConversationWebhook returns the signed webhook of an event in a conversation, posted
// to /webhooks/twilio/conversations: onMessageAdded and so on, with its fields.
func (f *Fake) ConversationWebhook(publicURL, event string, fields url.Values) *http.Request {
	v := url.Values{"EventType": {event}, "AccountSid": {f.AccountSID}, "ChatServiceSid": {SID("IS", "service")}, "RetryCount": {"0"}}
	for k, vs := range fields {
		v[k] = vs
	}
	return f.Webhook(publicURL+"/webhooks/twilio/conversations", v)
}
