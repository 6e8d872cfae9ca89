package broadcast

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
)

// Policy says what becomes of a recipient whose message may or may not have
// left, and of whom the provider cannot be asked.
type Policy string

// Policies for sends in doubt.
const (
	Hold   Policy = "hold"   // leave it and report it: nobody is told twice
	Resend Policy = "resend" // send again once the provider says that it has no such message
)

// Campaign is one thing to be told to many, as data. The audience is not in it.
type Campaign struct {
	ID        string      `json:"id"`        // unique in its programme
	Programme string      `json:"programme"` // whose people, keys and senders
	Purpose   string      `json:"purpose"`   // what the consent must be for: "messages"
	Text      hubkit.Text `json:"text,omitempty"`
	Template  string      `json:"template,omitempty"` // approved template, for outside the session window
	Channels  []string    `json:"channels"`           // by preference; the next is tried when one fails
	// NotBefore and NotAfter bound when it leaves; a message that did not leave
	// by NotAfter is dropped. The zero time is no bound.
	NotBefore time.Time `json:"not_before,omitzero"`
	NotAfter  time.Time `json:"not_after,omitzero"`
	Unknown   Policy    `json:"unknown,omitempty"` // defaults to Hold
}

// ErrCampaign is matched by every complaint about a campaign.
var ErrCampaign = errors.New("broadcast: this campaign cannot be sent")

// Check reports all that is wrong with the campaign for recipients who speak
// these languages.
func (c Campaign) Check(languages []hubkit.Lang, fb hubkit.Fallback, vars ...string) error {
	var errs []error
	fail := func(format string, a ...any) {
		errs = append(errs, fmt.Errorf("%w: "+format, append([]any{ErrCampaign}, a...)...))
	}
	if c.ID == "" || c.Programme == "" {
		fail("it needs an ID and a Programme")
	}
	if c.Purpose == "" {
		fail("it has no Purpose: consent is given for a purpose")
	}
	if len(c.Channels) == 0 {
		fail("it names no channel to leave by")
	}
	if len(c.Text) == 0 && c.Template == "" {
		fail("it says nothing: give it a Text or a Template")
	}
	if !c.NotAfter.IsZero() && !c.NotAfter.After(c.NotBefore) {
		fail("it ends before it begins")
	}
	switch c.Unknown {
	case "", Hold, Resend:
	default:
		fail("%q is no policy for sends in doubt: use Hold or Resend", c.Unknown)
	}
	if len(c.Text) > 0 {
		if _, err := c.Text.Compile(languages, fb, vars...); err != nil {
			errs = append(errs, fmt.Errorf("%w: %w", ErrCampaign, err))
		}
	}
	return errors.Join(errs...)
}

// Hash is the SHA-256 of the campaign's JSON: approval is for a hash, and a
// campaign of the same ID and another hash is another one.
func (c Campaign) Hash() [32]byte {
	b, _ := json.Marshal(c) // strings and times: they always have a JSON
	return sha256.Sum256(b)
}

// Texts yields the campaign's text in its place.
func (c Campaign) Texts() iter.Seq[hubkit.Entry] {
	return func(yield func(hubkit.Entry) bool) {
		if len(c.Text) > 0 {
			yield(hubkit.Entry{ID: "campaign/" + c.Programme + "/" + c.ID, Text: c.Text})
		}
	}
}

// Recipient is one person of an audience, frozen when the campaign is planned.
type Recipient struct {
	Key  string             // stable: a second row with it is a duplicate
	Lang hubkit.Lang        // of the person
	To   []channels.Address // one for each channel that reaches them
	Zone string             // IANA time zone, for quiet hours; "" means the programme's
	Vars hubkit.Args        // of the text
	Line int                // of the file the audience came from, for reports; 0 none
}

// Audience yields recipients, or what is wrong with one of them; it is read once.
type Audience = iter.Seq2[Recipient, error]
