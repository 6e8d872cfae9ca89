package channelstest

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/hubkit/hubkit/channels"
)

// Harness is a driver beside a fake of its provider. Driver, To and Taken are needed;
// every other field declares a feature, and what is left zero is not checked.
type Harness struct {
	Driver channels.Driver
	To     string // the id of a person whom the fake accepts, of at least nine characters
	From   string // the sender; empty for the driver's default

	// Taken returns what the fake provider took so far, in order: To, Text and Shown as
	// they went over the wire, ID as it answered.
	Taken func() []Taken
	// Requests returns how many attempts the fake saw. Nil: not checked.
	Requests func() int
	// Fault makes the fake fail the next attempt; Faults lists those it can.
	Fault  func(Fault)
	Faults []Fault

	// Inbound returns a webhook, as the provider sends and signs it, of a person at To
	// who writes the text. Calling it again with the same id is the provider's repeat.
	Inbound func(id, text string) *http.Request
	// Tap returns the webhook of that person who taps a choice: the i-th, from 0, of
	// those that the message with that provider id showed. Make it of what the fake took,
	// as the provider does, and not of what the driver was given. It is needed where
	// something comes in and the driver's limits have Buttons or List.
	Tap func(id string, i int) *http.Request
	// Trust says what proves that a webhook is the provider's.
	Trust Trust
	// Session says that replies to what Inbound makes leave in the response.
	Session bool
	// News returns the webhook of a status of the message with that provider id and
	// reference of ours. Nil: the provider has none.
	News func(id, ref string, s channels.Stage) *http.Request
}

// Trust is what proves that a webhook is the provider's.
type Trust uint8

// Kinds of trust.
const (
	Unproven Trust = iota // the provider signs nothing; the URL is secret
	Token                 // a header holds a secret; the body is not covered
	Signed                // a signature covers the body
)

// TestDriver checks the driver of each fresh harness against the promises of
// [channels.Driver], [channels.Receiver] and [channels.Reconciler].
func TestDriver(t *testing.T, fresh func(t *testing.T) Harness) {
	t.Helper()
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) {
			h := fresh(t)
			if h.Driver == nil || h.To == "" || h.Taken == nil {
				t.Fatal("channelstest: a Harness needs Driver, To and Taken")
			}
			if c.needs != nil && !c.needs(&h) {
				t.Skip("the harness does not declare it")
			}
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			if err := c.run(ctx, &h); err != nil {
				t.Errorf("%v\nWhy it matters: %s", err, c.why)
			}
		})
	}
}

// check is one promise.
type check struct {
	name, why string
	needs     func(*Harness) bool
	run       func(context.Context, *Harness) error
}

var checks = append(append([]check{
	{"name and limits", "addresses, logs and stored outboxes name the channel for years, and rendering trusts the limits", nil, nameAndLimits},
}, sendChecks...), receiveChecks...)
