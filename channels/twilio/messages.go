package twilio

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/hubkit/hubkit/channels"
)

// Messages serves what comes in by the Messages API, for the channels of one account:
// the webhook of a number on every channel, and the status callbacks. Mount it at
// both:
//
//	mux.Handle("POST /webhooks/twilio/messages", messages)
//	mux.Handle("POST /webhooks/twilio/status", messages)
//
// A request goes to the channel named "whatsapp" where From and To begin with
// "whatsapp:", else to the one named "sms"; where there is none, it is answered 404.
func Messages(h channels.Handler, cs ...*channels.Channel) http.Handler {
	hooks := map[string]http.Handler{}
	for _, c := range cs {
		if c != nil {
			hooks[c.Name()] = c.Webhook(h)
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Who it is for is looked up before it is believed: the channel verifies it.
		head, err := io.ReadAll(io.LimitReader(r.Body, longestPeek))
		if err != nil {
			http.Error(w, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
			return
		}
		r.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(head), r.Body), r.Body}
		name := smsName
		if form, err := url.ParseQuery(string(head)); err == nil && strings.HasPrefix(form.Get("From"), whatsappPrefix) {
			name = whatsappName
		}
		if hook, ok := hooks[name]; ok {
			hook.ServeHTTP(w, r)
			return
		}
		http.NotFound(w, r)
	})
}

// longestPeek is how much of a body Messages reads to find the channel; Twilio's are
// far shorter.
const longestPeek = 1 << 20

const (
	whatsappName   = "whatsapp"
	whatsappPrefix = "whatsapp:"
	smsName        = "sms"
)

var (
	phoneForm  = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	senderForm = regexp.MustCompile(`^(\+[1-9][0-9]{6,14}|[0-9]{3,8}|[A-Za-z0-9 ]{1,11})$`)
)

// sender is what the channels of the Messages API have in common.
type sender struct {
	a             *Account
	name, prefix  string // "whatsapp", "whatsapp:"
	from, service string
	reworded      bool // Twilio may list other words than were sent
}

// newSender checks who sends.
func (a *Account) newSender(name, prefix, from, service string, form *regexp.Regexp) (sender, error) {
	s := sender{a: a, name: name, prefix: prefix, from: from, service: service}
	var errs []error
	switch {
	case from == "" && service == "":
		errs = append(errs, fmt.Errorf("twilio: %s needs From, MessagingService or both", name))
	case from != "" && !form.MatchString(from):
		errs = append(errs, fmt.Errorf("twilio: %s: From is not a sender: write a number as +15550100, without %s", name, whatsappPrefix))
	}
	if service != "" && !isSID("MG", service) {
		errs = append(errs, fmt.Errorf("twilio: %s: MessagingService is MG and 32 hexadecimal digits", name))
	}
	return s, errors.Join(errs...)
}

// Name returns the channel's name.
func (s *sender) Name() string { return s.name }

// params begins a message to the person of r.
func (s *sender) params(r *channels.Rendered) (*api.CreateMessageParams, error) {
	if !phoneForm.MatchString(r.To.ID) {
		return nil, &channels.Error{Cause: channels.Unreachable, Code: "21211", Err: errors.New("the address is no phone number in E.164")}
	}
	p := (&api.CreateMessageParams{}).SetTo(s.prefix + r.To.ID)
	from, service := s.from, s.service
	switch {
	case r.From == "":
	case isSID("MG", r.From):
		from, service = "", r.From
	case senderForm.MatchString(r.From):
		from = r.From
	default:
		return nil, &channels.Error{Cause: channels.Rejected, Code: "21212", Err: errors.New("Message.From is neither a number nor a Messaging Service")}
	}
	if from != "" {
		p.SetFrom(s.prefix + from)
	}
	if service != "" {
		p.SetMessagingServiceSid(service)
	}
	if u := s.a.callback(statusPath, r.Ref); u != "" {
		p.SetStatusCallback(u)
	}
	if !r.NotAfter.IsZero() {
		left := int(r.NotAfter.Sub(s.a.now()) / time.Second)
		if left < 1 {
			return nil, &channels.Error{Cause: channels.Rejected, Err: errors.New("Message.NotAfter has passed")}
		}
		if left < longestValidity {
			p.SetValidityPeriod(left)
		}
	}
	return p, nil
}

// longestValidity is how many seconds Twilio keeps a message at most, and by default.
const longestValidity = 36000

// create makes one attempt at sending.
func (s *sender) create(ctx context.Context, p *api.CreateMessageParams) (channels.Receipt, error) {
	var m *api.ApiV2010Message
	err := s.a.do(ctx, func(h *client.RequestHandler) (err error) {
		m, err = api.NewApiService(h).CreateMessage(p)
		return err
	})
	if err != nil {
		return channels.Receipt{}, err
	}
	if m.Sid == nil || *m.Sid == "" {
		return channels.Receipt{}, &channels.Error{Cause: channels.Unknown, Err: errNoSID}
	}
	receipt := channels.Receipt{ID: *m.Sid}
	if m.DateCreated != nil {
		receipt.At, _ = time.Parse(time.RFC1123Z, *m.DateCreated) // zero: now
	}
	return receipt, nil
}

// longestList is how many pages of a list are read: a list that does not end is a
// fault, of Twilio or of the time asked for.
const longestList = 1000

// Sent lists the messages of a sender: a number, a Messaging Service, or those of the
// driver where from is empty. They carry no reference of ours: see channels.Listed.
//
// Twilio can filter by when a message left, which one that waits in its queue, for ten
// hours at most, has not. So the list is read from its newest row back to the time asked
// for; where its end is not found, the error says so, and nothing counts as absent.
func (s *sender) Sent(ctx context.Context, from string, since, until time.Time) iter.Seq2[channels.Listed, error] {
	return func(yield func(channels.Listed, error) bool) {
		service := ""
		switch {
		case isSID("MG", from):
			service, from = from, ""
		case from == "" && s.from != "":
			from = s.from
		case from == "":
			service = s.service
		}
		since, until = since.Truncate(time.Second), until.Add(time.Second)
		q := url.Values{"PageSize": {"200"}}
		if from != "" {
			q.Set("From", s.prefix+from)
		}
		// twilio-go drops digits behind a dot from queries, and its lists cannot stop.
		at := s.a.rest("/Messages.json?%s", q.Encode())
		for range longestList {
			var page struct {
				Messages []api.ApiV2010Message `json:"messages"`
				Next     string                `json:"next_page_uri"`
			}
			if err := s.a.ask(ctx, http.MethodGet, at, nil, &page); err != nil {
				yield(channels.Listed{}, err)
				return
			}
			old := len(page.Messages) > 0
			for i := range page.Messages {
				m := &page.Messages[i]
				old = old && before(since, text(m.DateCreated), text(m.DateUpdated), text(m.DateSent))
				l, ok := s.listed(m, service)
				if ok && !l.At.Before(since) && l.At.Before(until) && !yield(l, nil) {
					return
				}
			}
			if page.Next == "" || old {
				return
			}
			next := "https://api.twilio.com" + page.Next
			if next == at || !strings.HasPrefix(next, s.a.rest("/Messages.json?")) {
				break
			}
			at = next
		}
		yield(channels.Listed{}, &channels.Error{Cause: channels.Unavailable, Err: errors.New("the list of messages does not end")})
	}
}

// before reports whether a row of a list is older than since by every time that it has:
// whichever of them Twilio sorts by, rows that were made later come before it.
func before(since time.Time, created string, more ...string) bool {
	for _, s := range append(more, created) {
		if s == "" && created != "" {
			continue // it has not happened yet
		}
		if at, err := time.Parse(time.RFC1123Z, s); err != nil || !at.Before(since) {
			return false
		}
	}
	return true
}

// listed reads one row of the list, and reports whether it is one that this channel sent.
func (s *sender) listed(m *api.ApiV2010Message, service string) (channels.Listed, bool) {
	to := text(m.To)
	stage, known := stages[text(m.Status)]
	if !known {
		stage = channels.Accepted // a word of tomorrow is no absence
	}
	id, mine := s.person(to)
	if !mine || !strings.HasPrefix(text(m.Direction), "outbound") || service != "" && text(m.MessagingServiceSid) != service {
		return channels.Listed{}, false
	}
	at, err := time.Parse(time.RFC1123Z, text(m.DateCreated))
	if err != nil {
		return channels.Listed{}, false
	}
	l := channels.Listed{
		Status: channels.Status{ID: text(m.Sid), Stage: stage, At: at},
		To:     channels.Address{Channel: s.name, ID: id}, Text: text(m.Body),
	}
	if s.reworded {
		l.Text = "" // nothing is said against it
	}
	if stage == channels.Failed {
		if m.ErrorCode != nil {
			l.Code = strconv.Itoa(*m.ErrorCode)
		}
		l.Cause = failure(l.Code)
	}
	return l, true
}

// person returns the id of an address on the wire, and whether it is of this channel.
func (s *sender) person(wire string) (id string, mine bool) {
	id, mine = strings.CutPrefix(wire, s.prefix)
	return id, mine && id != "" && !strings.Contains(id, ":")
}

// text returns what p points to, "" for nil.
func text(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}
