package twilio

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hubkit/hubkit/channels"
)

// ConversationKind says what happened in a conversation.
type ConversationKind uint8

// Kinds of what happens.
const (
	AgentSaid  ConversationKind = iota + 1 // somebody who joined by Flex or the SDK; Twilio has sent it to the person
	PersonSaid                             // the person; only with ConversationsConfig.OnlyPath
	Joined                                 // an agent came
	Left                                   // an agent went
	Became                                 // the state changed: "active", "inactive", "closed"
)

// ConversationEvent is one thing that happened in a conversation.
type ConversationEvent struct {
	ID    string // the same for a repeated webhook
	Kind  ConversationKind
	SID   string           // of the conversation
	Agent string           // identity, of AgentSaid, Joined and Left
	From  channels.Address // the person, of PersonSaid
	To    channels.Address // our number, of PersonSaid
	Text  string
	Media []channels.Media
	State string // of Became
	At    time.Time
}

// Event returns what a person said as an event for the hub; ok is false for any other
// kind.
func (e ConversationEvent) Event() (out channels.Event, ok bool) {
	if e.Kind != PersonSaid {
		return channels.Event{}, false
	}
	return channels.Event{ID: e.ID, Kind: channels.Said, From: e.From, To: e.To, Text: e.Text, Media: e.Media, At: e.At}, true
}

// Receive verifies and decodes a webhook of conversations. None is returned for what
// concerns nobody: our own messages, whatever else was made by REST, what blocks a
// message before it is published, and people's messages unless they come by no other
// path.
func (c *Conversations) Receive(r *http.Request, body []byte) (*ConversationEvent, error) {
	if err := c.account.verify(r, body); err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, channels.ErrMalformed
	}
	e := &ConversationEvent{SID: form.Get("ConversationSid")}
	if !isSID("CH", e.SID) || form.Get("EventType") == "" {
		return nil, channels.ErrMalformed
	}
	e.At = isoTime(form.Get("DateCreated"))
	switch form.Get("EventType") {
	case "onMessageAdded":
		return c.said(e, form)
	case "onParticipantAdded", "onParticipantRemoved":
		e.Agent = form.Get("Identity")
		if e.Agent == "" { // a person, by a messaging binding
			return nil, nil
		}
		e.Kind = Joined
		if form.Get("EventType") == "onParticipantRemoved" {
			e.Kind = Left
		}
		e.ID = e.SID + "/" + form.Get("ParticipantSid") + "/" + form.Get("EventType")
		return e, nil
	case "onConversationStateUpdated":
		e.Kind, e.State = Became, form.Get("StateTo")
		if at := isoTime(form.Get("StateUpdated")); !at.IsZero() {
			e.At = at
		}
		e.ID = e.SID + "/" + e.State + "/" + form.Get("StateUpdated")
		return e, nil
	}
	return nil, nil
}

// said decodes a message.
func (c *Conversations) said(e *ConversationEvent, form url.Values) (*ConversationEvent, error) {
	author, source := form.Get("Author"), strings.ToUpper(form.Get("Source"))
	if !isSID("IM", form.Get("MessageSid")) {
		return nil, channels.ErrMalformed
	}
	e.ID = e.SID + "/" + form.Get("MessageSid")
	e.Text = channels.Clean(form.Get("Body"))
	switch {
	case source == "API" || c.mine(author): // ours, or another program's: never an answer to it
		return nil, nil
	case source == "SDK":
		e.Kind, e.Agent = AgentSaid, author
	case !c.cfg.OnlyPath: // it comes by the messages' webhook too
		return nil, nil
	default:
		number, whatsapp := strings.CutPrefix(author, "whatsapp:")
		e.Kind, e.From = PersonSaid, channels.Address{Channel: "sms", ID: number}
		if whatsapp || source == "WHATSAPP" {
			e.From.Channel = "whatsapp"
		}
		e.To = channels.Address{Channel: e.From.Channel, ID: c.cfg.Ours[e.From.Channel]}
		if number == "" || e.To.ID == "" {
			return nil, channels.ErrMalformed
		}
	}
	var err error
	e.Media, err = c.media(form)
	return e, err
}

// media reads the files of a message.
func (c *Conversations) media(form url.Values) ([]channels.Media, error) {
	if form.Get("Media") == "" {
		return nil, nil
	}
	var files []struct {
		Sid, Filename, ContentType string
		Size                       int64
	}
	if err := json.Unmarshal([]byte(form.Get("Media")), &files); err != nil {
		return nil, channels.ErrMalformed
	}
	service := or(form.Get("ChatServiceSid"), c.cfg.ServiceSID)
	var all []channels.Media
	for _, f := range files {
		if !isSID("ME", f.Sid) || !isSID("IS", service) {
			return nil, channels.ErrMalformed
		}
		all = append(all, channels.Media{
			URL:  "https://mcs." + or(c.account.cfg.Region, "us1") + ".twilio.com/v1/Services/" + service + "/Media/" + f.Sid,
			Type: f.ContentType, Name: f.Filename, Size: max(f.Size, 0),
		})
	}
	return all, nil
}

// isoTime reads a time as Conversations write it; zero where it cannot.
func isoTime(s string) time.Time {
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}
	}
	return at
}

// longestConversationWebhook bounds the body of a webhook: 32 KB of text, as a form.
const longestConversationWebhook = 1 << 20

// Webhook serves POST /webhooks/twilio/conversations, and hands what happens to handle,
// which may be given one event twice and must know it by its ID. It answers within
// the 5 s that Twilio waits only if handle does. Errors are 405, 413, 403, 400, and 500
// where handle failed.
func (c *Conversations) Webhook(handle func(context.Context, ConversationEvent) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		refuse := func(status int) {
			c.account.log.WarnContext(r.Context(), "twilio: a conversation's webhook was refused", "status", status)
			http.Error(w, http.StatusText(status), status)
		}
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			refuse(http.StatusMethodNotAllowed)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, longestConversationWebhook))
		var long *http.MaxBytesError
		if errors.As(err, &long) {
			refuse(http.StatusRequestEntityTooLarge)
			return
		}
		if err != nil {
			refuse(http.StatusBadRequest)
			return
		}
		e, err := c.Receive(r, body)
		switch {
		case errors.Is(err, channels.ErrSignature):
			refuse(http.StatusForbidden)
			return
		case err != nil:
			refuse(http.StatusBadRequest)
			return
		}
		// What was received is recorded even if Twilio does not wait.
		if e != nil && handle(context.WithoutCancel(r.Context()), *e) != nil {
			refuse(http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
}
