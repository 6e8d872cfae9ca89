package twilio

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/twilio/twilio-go/client"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/segments"
)

// ConversationsConfig says where conversations are kept; its zero value is a good start.
type ConversationsConfig struct {
	// ServiceSID is the Conversations service: IS and 32 hexadecimal digits. Defaults
	// to the account's default service.
	ServiceSID string
	// Identity is the author of what we post. Defaults to "hub".
	Identity string
	// Inactive and Closed are after how long without a word a conversation becomes
	// inactive, at least 1 min, and closes, at least 10 min. Default to never.
	Inactive, Closed time.Duration
	// OnlyPath says that people's messages come in by the conversations' webhook and
	// not by the messages' one as well. Leave it false wherever a number has both:
	// each message then arrives on both, under two ids, and only the messages' counts.
	OnlyPath bool
	// Ours is our number by channel, "whatsapp" and "sms", for OnlyPath: events do not
	// name it, and it chooses the programme.
	Ours map[string]string
}

// Conversations opens Twilio conversations beside the messages: at a hand-off, or from
// the start where a programme wants threads, so that agents in Flex join with the
// history. It is no channel: what the hub says goes by Messages, until people take
// over. It is safe for concurrent use.
type Conversations struct {
	account *Account
	cfg     ConversationsConfig
	base    string // "https://conversations.twilio.com/v1" and the service
}

// conversationsPath is where Twilio tells what happens in conversations.
const conversationsPath = "/webhooks/twilio/conversations"

// Limits of Conversations.
const (
	longestPost       = 1600     // characters of a message
	longestName       = 256      // characters of a friendly name
	longestAttributes = 16 << 10 // bytes of a conversation's attributes
	shortestInactive  = time.Minute
	shortestClosed    = 10 * time.Minute
)

// Conversations makes an opener of conversations. The error lists everything that is
// wrong with cfg.
func (a *Account) Conversations(cfg ConversationsConfig) (*Conversations, error) {
	c := &Conversations{account: a, cfg: cfg, base: "https://conversations.twilio.com/v1"}
	c.cfg.Identity = or(cfg.Identity, "hub")
	var errs []error
	wrong := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("twilio: ConversationsConfig."+format, args...))
	}
	if cfg.ServiceSID != "" {
		if !isSID("IS", cfg.ServiceSID) {
			wrong("ServiceSID is IS and 32 hexadecimal digits: copy it from the console")
		}
		c.base += "/Services/" + cfg.ServiceSID
	}
	if cfg.Inactive != 0 && cfg.Inactive < shortestInactive {
		wrong("Inactive is %s; at least %s, or 0 for never", cfg.Inactive, shortestInactive)
	}
	if cfg.Closed != 0 && cfg.Closed < shortestClosed {
		wrong("Closed is %s; at least %s, or 0 for never", cfg.Closed, shortestClosed)
	}
	if cfg.OnlyPath && len(cfg.Ours) == 0 {
		wrong("OnlyPath needs Ours: the number chooses the programme")
	}
	for channel, number := range cfg.Ours {
		if channel != "whatsapp" && channel != "sms" || !e164.MatchString(number) {
			wrong("Ours[%q] is not a number on whatsapp or sms", channel)
		}
	}
	if strings.HasPrefix(c.cfg.Identity, "+") || strings.Contains(c.cfg.Identity, ":") || len(c.cfg.Identity) > longestName {
		wrong("Identity is a name of ours, not an address")
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return c, nil
}

// Opening is a conversation to open.
type Opening struct {
	// Key names what it is for, such as a ticket's id: opening with the same key again
	// goes on where the last attempt stopped, and opens nothing twice.
	Key    string
	Person channels.Address // on "whatsapp" or "sms"
	Ours   string           // our number that they write to: "+1555…"
	Name   string           // what agents see in their list: it should name no person
	// Attributes are what the agents' routing reads, such as topic and language.
	Attributes map[string]any
	History    []Line // what was said before, oldest first
}

// Line is one message of a history.
type Line struct {
	Person bool // the person said it, not the hub
	Text   string
	At     time.Time // zero: unknown
}

// Opened is a conversation with the person in it.
type Opened struct {
	SID string
	// Existing says that the person was in another active conversation with the same
	// number, such as one that Twilio made by itself. It is used, because Twilio allows
	// one. The history is not posted to it: the person would be sent it all again.
	Existing bool
}

// conversation is a conversation as Twilio answers it, as far as it is read.
type conversation struct {
	SID   string `json:"sid"`
	State string `json:"state"`
}

// Open opens a conversation: with the history first and the person after, so that they
// are not sent again what they have read; with a webhook of ours; with the timers of
// the configuration. Where it stops half-way, with a *channels.Error, call it again.
func (c *Conversations) Open(ctx context.Context, o Opening) (Opened, error) {
	if err := c.check(&o); err != nil {
		return Opened{}, &channels.Error{Cause: channels.Rejected, Err: err}
	}
	made, resumed, err := c.create(ctx, &o)
	if err != nil {
		return Opened{}, err
	}
	at := "/Conversations/" + made.SID
	if resumed {
		// Who is in it has the history: whatever was said since is not posted to them.
		if there, err := c.holds(ctx, at, o.Person); there || err != nil {
			return Opened{SID: made.SID}, err
		}
	}
	if err := c.listen(ctx, at, resumed); err != nil {
		return Opened{}, err
	}
	if err := c.tell(ctx, at, o.History, resumed); err != nil {
		return Opened{}, err
	}
	err = c.write(ctx, at+"/Participants", url.Values{
		"MessagingBinding.Address": {wireAddress(o.Person)}, "MessagingBinding.ProxyAddress": {wireAddress(channels.Address{Channel: o.Person.Channel, ID: o.Ours})},
	}, nil)
	switch {
	case err == nil, faultCode(err) == 50433: // the person is in it already
		return Opened{SID: made.SID}, nil
	case faultCode(err) == 50416:
		return c.instead(ctx, &o, at)
	}
	return Opened{}, err
}

// wireAddress writes an address as Twilio does.
func wireAddress(a channels.Address) string {
	if a.Channel == "whatsapp" {
		return "whatsapp:" + a.ID
	}
	return a.ID
}

// check reports everything that is wrong with an opening.
func (c *Conversations) check(o *Opening) error {
	var errs []error
	if o.Key == "" {
		errs = append(errs, errors.New("twilio: Opening.Key is empty: give it the ticket's id"))
	}
	if o.Person.Channel != "whatsapp" && o.Person.Channel != "sms" || !e164.MatchString(o.Person.ID) {
		errs = append(errs, errors.New("twilio: Opening.Person is no number on whatsapp or sms"))
	}
	if !e164.MatchString(o.Ours) {
		errs = append(errs, errors.New("twilio: Opening.Ours is a number such as +1555…"))
	}
	if len([]rune(o.Name)) > longestName {
		errs = append(errs, fmt.Errorf("twilio: Opening.Name is longer than %d characters", longestName))
	}
	if c.account.public.host == "" {
		errs = append(errs, errors.New("twilio: Config.PublicURL is needed to hear of a conversation"))
	}
	return errors.Join(errs...)
}

// uniqueName returns the name by which a conversation is found again. It tells nothing:
// a name stands in URLs and in Twilio's console.
func uniqueName(key string) string {
	sum := sha256.Sum256([]byte("hubkit: conversation\n" + key))
	return "hub-" + hex.EncodeToString(sum[:16])
}

// create makes the conversation, or finds the one that an earlier attempt made.
func (c *Conversations) create(ctx context.Context, o *Opening) (made conversation, resumed bool, err error) {
	attributes, err := json.Marshal(o.Attributes)
	if err != nil || len(attributes) > longestAttributes {
		return made, false, &channels.Error{Cause: channels.Rejected, Err: errors.New("twilio: Opening.Attributes are no JSON of at most 16 KB")}
	}
	form := url.Values{"UniqueName": {uniqueName(o.Key)}}
	if len(o.Attributes) > 0 {
		form.Set("Attributes", string(attributes))
	}
	if o.Name != "" {
		form.Set("FriendlyName", o.Name)
	}
	for name, d := range map[string]time.Duration{"Timers.Inactive": c.cfg.Inactive, "Timers.Closed": c.cfg.Closed} {
		if d > 0 {
			form.Set(name, "PT"+strconv.Itoa(int(d.Seconds()))+"S")
		}
	}
	err = c.write(ctx, "/Conversations", form, &made)
	if faultCode(err) == 50353 { // it exists
		resumed = true
		err = c.account.ask(ctx, http.MethodGet, c.base+"/Conversations/"+uniqueName(o.Key), nil, &made)
	}
	switch {
	case err != nil:
		return made, resumed, err
	case !isSID("CH", made.SID):
		return made, resumed, &channels.Error{Cause: channels.Unknown, Err: errors.New("twilio: a conversation was answered without a SID")}
	case made.State == "closed":
		return made, resumed, &channels.Error{Cause: channels.Rejected, Code: "closed", Err: errors.New("twilio: the conversation of this key is closed: use another key")}
	}
	return made, resumed, nil
}

// listen adds our webhook, unless an earlier attempt did.
func (c *Conversations) listen(ctx context.Context, at string, resumed bool) error {
	mine := c.account.public.url(conversationsPath)
	if resumed {
		var list struct {
			Webhooks []struct {
				Configuration struct {
					URL string `json:"url"`
				} `json:"configuration"`
			} `json:"webhooks"`
		}
		if err := c.account.ask(ctx, http.MethodGet, c.base+at+"/Webhooks?PageSize=5", nil, &list); err != nil {
			return err
		}
		for _, w := range list.Webhooks {
			if w.Configuration.URL == mine {
				return nil
			}
		}
	}
	return c.write(ctx, at+"/Webhooks", url.Values{
		"Target": {"webhook"}, "Configuration.Url": {mine}, "Configuration.Method": {"post"},
		"Configuration.Filters": {"onMessageAdded", "onParticipantAdded", "onParticipantRemoved", "onConversationStateUpdated"},
	}, nil)
}

// holds reports whether a person is in a conversation. They come last, so that one who
// is there has been told all.
func (c *Conversations) holds(ctx context.Context, at string, person channels.Address) (bool, error) {
	next := c.base + at + "/Participants?PageSize=50"
	for range mostPages {
		var page struct {
			Participants []struct {
				Binding struct {
					Address string `json:"address"`
				} `json:"messaging_binding"`
			} `json:"participants"`
			Meta meta `json:"meta"`
		}
		if err := c.account.ask(ctx, http.MethodGet, next, nil, &page); err != nil {
			return false, err
		}
		for _, p := range page.Participants {
			if p.Binding.Address == wireAddress(person) {
				return true, nil
			}
		}
		if next = page.Meta.Next; !strings.HasPrefix(next, "https://conversations.") {
			break
		}
	}
	return false, nil
}

// bodies returns what a line is posted as.
func (l Line) bodies() []string {
	if strings.TrimSpace(l.Text) == "" {
		return nil
	}
	return segments.Split(l.Text, segments.UTF16, longestPost)
}

// tell posts the history, from where an earlier attempt stopped.
func (c *Conversations) tell(ctx context.Context, at string, history []Line, resumed bool) error {
	told := 0
	if resumed {
		var err error
		if told, err = c.told(ctx, at); err != nil {
			return err
		}
	}
	for _, l := range history {
		for _, body := range l.bodies() {
			if told > 0 {
				told--
				continue
			}
			form := url.Values{"Body": {body}, "Author": {c.cfg.Identity}}
			if l.Person {
				form.Set("Author", c.cfg.Identity+personSuffix)
			}
			if !l.At.IsZero() {
				form.Set("DateCreated", l.At.UTC().Format(time.RFC3339))
			}
			if err := c.write(ctx, at+"/Messages", form, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// personSuffix marks, behind our identity, what the person said before.
const personSuffix = "-person"

// told counts the messages of the history that are posted already.
func (c *Conversations) told(ctx context.Context, at string) (int, error) {
	n := 0
	next := c.base + at + "/Messages?Order=asc&PageSize=100"
	for range mostPages {
		var page struct {
			Messages []struct {
				Author string `json:"author"`
			} `json:"messages"`
			Meta meta `json:"meta"`
		}
		if err := c.account.ask(ctx, http.MethodGet, next, nil, &page); err != nil {
			return 0, err
		}
		for _, m := range page.Messages {
			if c.mine(m.Author) {
				n++
			}
		}
		if next = page.Meta.Next; !strings.HasPrefix(next, "https://conversations.") {
			break
		}
	}
	return n, nil
}

// meta leads from page to page.
type meta struct {
	Next string `json:"next_page_url"`
}

// mine reports whether we wrote as this author.
func (c *Conversations) mine(author string) bool {
	return author == c.cfg.Identity || author == c.cfg.Identity+personSuffix
}

// instead finds the active conversation in which the person is already, listens to it,
// and deletes the one that was just made, so that its key is free.
func (c *Conversations) instead(ctx context.Context, o *Opening, made string) (Opened, error) {
	proxy := wireAddress(channels.Address{Channel: o.Person.Channel, ID: o.Ours})
	next := c.base + "/ParticipantConversations?" + url.Values{"Address": {wireAddress(o.Person)}, "PageSize": {"50"}}.Encode()
	for range mostPages {
		var page struct {
			Conversations []struct {
				SID     string `json:"conversation_sid"`
				State   string `json:"conversation_state"`
				Binding struct {
					Proxy string `json:"proxy_address"`
				} `json:"participant_messaging_binding"`
			} `json:"conversations"`
			Meta meta `json:"meta"`
		}
		if err := c.account.ask(ctx, http.MethodGet, next, nil, &page); err != nil {
			return Opened{}, err
		}
		for _, other := range page.Conversations {
			if other.State == "closed" || other.Binding.Proxy != proxy || !isSID("CH", other.SID) {
				continue
			}
			if err := c.listen(ctx, "/Conversations/"+other.SID, true); err != nil {
				return Opened{}, err
			}
			return Opened{SID: other.SID, Existing: true}, c.account.ask(ctx, http.MethodDelete, c.base+made, nil, nil)
		}
		if next = page.Meta.Next; !strings.HasPrefix(next, "https://conversations.") {
			break
		}
	}
	return Opened{}, &channels.Error{Cause: channels.Unavailable, Code: "50416", Err: errors.New("twilio: the person is in a conversation that is not listed yet")}
}

// Post says something in a conversation, to everybody in it: a text of at most 1,600
// characters, or a content resource with its variables.
func (c *Conversations) Post(ctx context.Context, sid, text string, t *channels.Template) error {
	form := url.Values{"Author": {c.cfg.Identity}}
	switch {
	case !isSID("CH", sid):
		return &channels.Error{Cause: channels.Rejected, Err: errors.New("twilio: a conversation's SID is CH and 32 hexadecimal digits")}
	case t != nil && !isSID("HX", t.Name):
		return &channels.Error{Cause: channels.Rejected, Err: errors.New("twilio: a conversation knows a template by its SID: HX and 32 hexadecimal digits")}
	case t != nil:
		vars, err := json.Marshal(t.Vars)
		if err != nil {
			return &channels.Error{Cause: channels.Rejected, Err: err}
		}
		form.Set("ContentSid", t.Name)
		if len(t.Vars) > 0 {
			form.Set("ContentVariables", string(vars))
		}
	case strings.TrimSpace(text) == "" || !segments.UTF16.Fits(text, longestPost):
		return &channels.Error{Cause: channels.Rejected, Err: fmt.Errorf("twilio: a message in a conversation has 1 to %d characters", longestPost)}
	default:
		form.Set("Body", text)
	}
	return c.write(ctx, "/Conversations/"+sid+"/Messages", form, nil)
}

// Close closes a conversation. The person's next message is the hub's again.
func (c *Conversations) Close(ctx context.Context, sid string) error {
	if !isSID("CH", sid) {
		return &channels.Error{Cause: channels.Rejected, Err: errors.New("twilio: a conversation's SID is CH and 32 hexadecimal digits")}
	}
	return c.write(ctx, "/Conversations/"+sid, url.Values{"State": {"closed"}}, nil)
}

// write makes one change, of which webhooks hear: without the header Twilio tells
// nobody what is done by REST.
func (c *Conversations) write(ctx context.Context, path string, form url.Values, out any) error {
	return c.account.do(ctx, func(h *client.RequestHandler) error {
		res, err := h.Post(c.base+path, form, map[string]any{
			"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Webhook-Enabled": "true",
		}, "")
		if err != nil {
			return err
		}
		defer res.Body.Close()
		if out == nil {
			return nil
		}
		return json.NewDecoder(res.Body).Decode(out)
	})
}

// faultCode returns Twilio's code of an error; 0 where there is none.
func faultCode(err error) int {
	var f *Fault
	if errors.As(err, &f) {
		return f.Code
	}
	return 0
}
