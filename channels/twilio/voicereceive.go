package twilio

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
)

// ring is one request of Twilio about a call.
type ring struct {
	standing
	sid      string
	status   string // of the call
	inbound  bool
	news     bool // a status callback: nothing can be said in the answer
	person   channels.Address
	ours     channels.Address
	about    string // ref of the message that is this call of ours; empty where its code is wrong
	machine  bool   // a machine answered
	keys     string
	speech   string
	finished bool // the call is over
	form     url.Values
}

// ringOf reads a request whose signature was checked.
func ringOf(a *Account, r *http.Request, body []byte) (*ring, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, channels.ErrMalformed
	}
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, channels.ErrMalformed
	}
	c := &ring{
		sid: form.Get("CallSid"), status: form.Get("CallStatus"), keys: form.Get("Digits"), speech: form.Get("SpeechResult"), form: form,
		inbound: !strings.HasPrefix(form.Get("Direction"), "outbound"),
	}
	if !isSID("CA", c.sid) {
		return nil, channels.ErrMalformed
	}
	if c.standing, err = standingOf(q); err != nil {
		return nil, err
	}
	c.about = a.reference(q)
	person, ours := form.Get("From"), form.Get("To")
	if !c.inbound {
		person, ours = ours, person
	}
	c.person = channels.Address{Channel: "voice", ID: person}
	c.ours = channels.Address{Channel: "voice", ID: ours}
	if withheld(person) {
		c.person.ID = c.sid
	}
	switch c.status {
	case "completed", "busy", "failed", "no-answer", "canceled":
		c.finished = true
	}
	c.news = form.Get("CallbackSource") == "call-progress-events" || q.Has("ref") && c.way == "" || c.finished && c.turn == 0 && c.way == ""
	by := form.Get("AnsweredBy")
	c.machine = strings.HasPrefix(by, "machine") || by == "fax"
	return c, nil
}

// withheld reports whether a number is none: callers who hide theirs must not become
// one person. Twilio gives words, or the words as keyed on a telephone.
func withheld(number string) bool {
	switch strings.ToLower(strings.TrimPrefix(number, "+")) {
	case "", "anonymous", "unknown", "restricted", "unavailable", "private", "blocked",
		"266696687", "8656696", "7378742833", "86282452253", "2562533":
		return true
	}
	return false
}

// Receive verifies and decodes a request about a call. The first of a call from a
// person is Started; keys and speech are Said, with the number of what was chosen as
// Text and the ref of the question in InReplyTo; an end is Ended. Calls of ours give
// News by their status callbacks. A request that only moves inside the channel, such
// as the ringing of a desk, is no event.
//
// Event ids are the call's SID and a number that its URL carries, so a repeated request
// has the same id.
func (v *Voice) Receive(r *http.Request, body []byte) ([]channels.Event, error) {
	if err := v.account.verify(r, body); err != nil {
		return nil, err
	}
	c, err := ringOf(v.account, r, body)
	if err != nil {
		return nil, err
	}
	if e, ok := v.event(c); ok {
		return []channels.Event{e}, nil
	}
	return nil, nil
}

// event returns what a request means for the hub, if anything.
func (v *Voice) event(c *ring) (channels.Event, bool) {
	e := channels.Event{From: c.person, To: c.ours, At: c.at()}
	switch {
	case c.news && !c.inbound:
		e.Kind, e.Status = channels.News, v.progress(c)
		e.ID = c.sid + "/" + c.status
		return e, e.Status.Stage > 0
	case c.news:
		e.Kind, e.ID = channels.Ended, c.sid+"/ended"
		return e, c.finished
	case c.way == begins && c.machine && v.cfg.Machines == Nobody:
		e.Kind, e.ID = channels.News, c.sid+"/machine"
		e.Status = &channels.Status{Ref: c.about, ID: c.sid, Stage: channels.Failed, Cause: channels.Unavailable, Code: "machine"}
		return e, true
	case c.finished:
		e.Kind, e.ID = channels.Ended, c.sid+"/ended"
		return e, c.inbound
	}
	e.ID, e.Session = c.sid+"/"+strconv.Itoa(c.turn), c.sid
	h, said := c.says()
	switch {
	case said:
		e.Kind, e.Text, e.Option = channels.Said, h.text, h.option
		if _, page := channels.ParseMore(h.option); !page {
			e.InReplyTo = c.ref
		}
		if c.way == wishes {
			e.Text, _ = v.text(v.words.Wish, c.lang)
		}
		return e, true
	case c.turn == 0 && c.way == "" && c.inbound:
		e.Kind = channels.Started
		return e, true
	}
	return e, false
}

// says returns what the caller says with the request.
func (c *ring) says() (heard, bool) {
	switch c.way {
	case "":
		if c.turn == 0 {
			return heard{}, false
		}
		if c.keys == "" && c.speech != "" {
			return heard{text: c.speech}, true
		}
		h := c.hear(c.keys)
		return h, !h.star
	case afterStar:
		h := c.starred("*" + strings.TrimRight(c.keys, "#"))
		if c.keys == "" || c.keys == "#" || c.keys == "*" {
			h = heard{option: channels.MoreID(max(c.page, 1))}
		}
		return h, true
	case turnPage:
		return heard{option: channels.MoreID(max(c.next, 1))}, true
	case askAgain:
		return heard{option: channels.MoreID(max(c.page, 1))}, true
	case toPerson:
		return heard{text: askPerson}, true
	case wishes:
		return heard{option: channels.CallBackID}, c.keys == "1"
	}
	return heard{}, false
}

// at returns when, if Twilio says so.
func (c *ring) at() time.Time {
	at, err := time.Parse(time.RFC1123Z, c.form.Get("Timestamp"))
	if err != nil {
		return time.Time{}
	}
	return at
}

// body reads a request again, which the webhook left to be read.
func bodyOf(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body, nil
}

// text returns a text in a language, its base or the fallback, and the language used.
func (v *Voice) text(t hubkit.Text, l hubkit.Lang) (string, hubkit.Lang) {
	if s, ok := in(t, l); ok {
		return s, l
	}
	s, _ := in(t, v.cfg.Fallback)
	return s, v.cfg.Fallback
}
