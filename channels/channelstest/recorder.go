package channelstest

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/hubkit/hubkit/channels"
)

// Recorder is a driver that keeps what it is given. It is its own provider: faults are
// ordered with Fault, and webhooks are made with Inbound. It is safe for concurrent use.
// Its provider lists nothing; see [Listing].
type Recorder struct {
	name   string
	limits channels.Limits

	mu       sync.Mutex
	faults   []Fault
	requests int
	taken    []Taken
}

// Taken is one message that a provider took.
type Taken struct {
	ID       string            // the provider's
	To       string            // the id part of the address
	Text     string            // what the person reads or hears
	Shown    []string          // the labels that can be tapped, in order; none where choices are written or read aloud
	Rendered channels.Rendered // as the driver was given it; empty where a fake provider cannot know
	At       time.Time
}

// NewRecorder returns a recorder with a channel's name and limits.
func NewRecorder(name string, l channels.Limits) *Recorder {
	return &Recorder{name: name, limits: l}
}

// Name returns the channel's name.
func (r *Recorder) Name() string { return r.name }

// Limits returns the limits.
func (r *Recorder) Limits() channels.Limits { return r.limits }

// Fault makes the next sends fail, one for each fault given; [Works] lets one through.
func (r *Recorder) Fault(fs ...Fault) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults = append(r.faults, fs...)
}

// Taken returns what was taken so far, in order.
func (r *Recorder) Taken() []Taken {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Taken(nil), r.taken...)
}

// Requests returns how often Send reached the provider, taken or not.
func (r *Recorder) Requests() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.requests
}

// Send takes the message, or fails as ordered.
func (r *Recorder) Send(ctx context.Context, m channels.Rendered) (channels.Receipt, error) {
	if err := ctx.Err(); err != nil {
		return channels.Receipt{}, &channels.Error{Cause: channels.Unavailable, Err: err}
	}
	f, receipt := r.take(m)
	switch f {
	case Works:
		return receipt, nil
	case Throttle:
		return channels.Receipt{}, &channels.Error{Cause: channels.Throttled, Code: "429", After: ThrottleAfter}
	case Down:
		return channels.Receipt{}, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	case ServerError, TakenServerError:
		return channels.Receipt{}, channels.HTTPError(http.StatusBadGateway, nil, time.Time{})
	case TakenDrop:
		return channels.Receipt{}, &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	case TakenSilence:
		<-ctx.Done()
		return channels.Receipt{}, ctx.Err()
	}
	return channels.Receipt{}, &channels.Error{Cause: f.Causes()[0]}
}

func (r *Recorder) take(m channels.Rendered) (Fault, channels.Receipt) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f := Works
	if len(r.faults) > 0 {
		f, r.faults = r.faults[0], r.faults[1:]
	}
	r.requests++
	if !f.Taken() {
		return f, channels.Receipt{}
	}
	t := Taken{ID: r.name + "-" + strconv.Itoa(len(r.taken)+1), To: m.To.ID, Text: m.Body(), Shown: labels(tappable(&m)), Rendered: m, At: time.Now()}
	r.taken = append(r.taken, t)
	return f, channels.Receipt{ID: t.ID, At: t.At}
}

// tappable returns what the person can tap on r.
func tappable(r *channels.Rendered) []channels.Option {
	switch r.Form {
	case channels.Buttons, channels.List, channels.Paged:
		return r.Shown
	}
	return nil
}

// Listing is a Recorder whose provider lists what it took, with our references.
type Listing struct{ *Recorder }

// Sent lists what was taken.
func (l Listing) Sent(_ context.Context, from string, since, until time.Time) iter.Seq2[channels.Listed, error] {
	return func(yield func(channels.Listed, error) bool) {
		for _, t := range l.Taken() {
			m := t.Rendered.Message
			if m.From != from || t.At.Before(since) || t.At.After(until) {
				continue
			}
			if !yield(channels.Listed{Status: channels.Status{Ref: m.Ref, ID: t.ID, Stage: channels.Accepted, At: t.At}}, nil) {
				return
			}
		}
	}
}

// token proves that a request comes from the recorder's own provider.
const token = "recorder-token"

// payload is the recorder's webhook.
type payload struct {
	ID, From, To, Text, Option, InReplyTo, Session, Ref string
	Kind                                                channels.EventKind
	Stage                                               channels.Stage
	Cause                                               channels.Cause
}

// Inbound returns the webhook of an event: its ids, text, option, the message
// tapped, session, kind and status are carried over.
func (r *Recorder) Inbound(e channels.Event) *http.Request {
	p := payload{ID: e.ID, From: e.From.ID, To: e.To.ID, Text: e.Text, Option: e.Option, InReplyTo: e.InReplyTo, Session: e.Session, Kind: e.Kind}
	if e.Status != nil {
		p.Ref, p.Stage, p.Cause = e.Status.Ref, e.Status.Stage, e.Status.Cause
	}
	body, err := json.Marshal(p)
	if err != nil {
		panic(err) // strings and numbers always encode
	}
	req, err := http.NewRequest(http.MethodPost, "/webhooks/"+r.name, strings.NewReader(string(body))) //nolint:noctx // a request to be received, not sent
	if err != nil {
		panic(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Token", token)
	return req
}

// Receive decodes what Inbound made.
func (r *Recorder) Receive(req *http.Request, body []byte) ([]channels.Event, error) {
	if subtle.ConstantTimeCompare([]byte(req.Header.Get("X-Token")), []byte(token)) != 1 {
		return nil, channels.ErrSignature
	}
	var p payload
	if err := json.Unmarshal(body, &p); err != nil || p.ID == "" || p.From == "" {
		return nil, errors.Join(channels.ErrMalformed, err)
	}
	e := channels.Event{
		ID: p.ID, Kind: p.Kind, From: channels.Address{Channel: r.name, ID: p.From}, To: channels.Address{Channel: r.name, ID: p.To},
		Text: p.Text, Option: p.Option, InReplyTo: p.InReplyTo, Session: p.Session,
	}
	if p.Kind == channels.News {
		e.Status = &channels.Status{Ref: p.Ref, Stage: p.Stage, Cause: p.Cause}
	}
	return []channels.Event{e}, nil
}

// Answer writes the replies, one line for each.
func (r *Recorder) Answer(w http.ResponseWriter, _ *http.Request, replies []channels.Rendered) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	for i := range replies {
		if _, err := fmt.Fprintln(w, replies[i].Body()); err != nil {
			return err
		}
	}
	return nil
}
