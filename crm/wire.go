package crm

import (
	"encoding/binary"
	"encoding/json"
	"time"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
)

// What is sealed is JSON with short names. wireEvent and wireMessage are the
// channels' own types with other tags: a field added there does not compile
// here until it is given a name, so that none is forgotten.

type wireEvent struct {
	ID        string             `json:"i,omitempty"`
	Kind      channels.EventKind `json:"k,omitempty"`
	From      channels.Address   `json:"-"` // the thread's
	To        channels.Address   `json:"-"` // kept as wireInteraction.Us
	At        time.Time          `json:"-"` // kept as wireInteraction.At
	Text      string             `json:"t,omitempty"`
	Option    string             `json:"o,omitempty"`
	InReplyTo string             `json:"r,omitempty"`
	Media     []channels.Media   `json:"m,omitempty"`
	Location  *channels.Location `json:"l,omitempty"`
	Campaign  string             `json:"c,omitempty"`
	Session   string             `json:"s,omitempty"`
	Status    *channels.Status   `json:"-"` // kept as wireInteraction.News
}

type wireStatus struct {
	Ref   string         `json:"r,omitempty"`
	ID    string         `json:"i,omitempty"`
	Stage channels.Stage `json:"s,omitempty"`
	Cause channels.Cause `json:"c,omitempty"`
	Code  string         `json:"e,omitempty"`
	At    time.Time      `json:"a,omitzero"`
}

type wireMessage struct {
	Ref       string             `json:"-"` // kept as wireOutgoing.Ref
	To        channels.Address   `json:"-"` // the thread's
	From      string             `json:"f,omitempty"`
	Lang      hubkit.Lang        `json:"l,omitempty"`
	Heading   string             `json:"h,omitempty"`
	Text      string             `json:"t,omitempty"`
	Options   []channels.Option  `json:"o,omitempty"`
	Several   bool               `json:"v,omitempty"`
	Open      bool               `json:"w,omitempty"`
	Page      int                `json:"g,omitempty"`
	Part      int                `json:"q,omitempty"`
	Wants     channels.Want      `json:"k,omitempty"`
	Media     []channels.Media   `json:"m,omitempty"`
	Spoken    string             `json:"s,omitempty"`
	Recording string             `json:"r,omitempty"`
	Queue     string             `json:"u,omitempty"`
	Template  *channels.Template `json:"p,omitempty"`
	Class     channels.Class     `json:"c,omitempty"`
	NotAfter  time.Time          `json:"-"` // kept as wireOutgoing.NotAfter
}

type wireOutgoing struct {
	Ref      string      `json:"r"`
	Message  wireMessage `json:"m"`
	NotAfter int64       `json:"n,omitempty"`
	Inline   bool        `json:"i,omitempty"`
	Pull     bool        `json:"p,omitempty"`
	// Channel and ID are the address, in the outbox only.
	Channel string `json:"c,omitempty"`
	ID      string `json:"a,omitempty"`
}

type wireInteraction struct {
	Kind ActorKind     `json:"b"`
	By   string        `json:"y,omitempty"`
	At   int64         `json:"a,omitempty"` // the provider's time
	Us   string        `json:"u,omitempty"` // our number or bot that was written to
	In   *wireEvent    `json:"i,omitempty"`
	News *wireStatus   `json:"n,omitempty"`
	Out  *wireOutgoing `json:"o,omitempty"`
}

// wireID is a ThreadID that does not redact its address.
type wireID struct {
	Programme string `json:"p,omitempty"`
	Channel   string `json:"c,omitempty"`
	ID        string `json:"a,omitempty"`
}

func toWire(t ThreadID) wireID { return wireID{t.Programme, t.Address.Channel, t.Address.ID} }

func (w wireID) thread() ThreadID {
	return ThreadID{Programme: w.Programme, Address: channels.Address{Channel: w.Channel, ID: w.ID}}
}

// bareRegistration and bareTicket are sealed with their thread beside them.
type (
	bareRegistration Registration
	bareTicket       Ticket
	wireRegistration struct {
		bareRegistration
		Thread    wireID `json:"Thread,omitzero"`
		Continued wireID `json:"Continued,omitzero"`
		Rev       int64  `json:",omitempty"` // the row's
		At        int64  `json:",omitempty"` // the row's
	}
	wireTicket struct {
		bareTicket
		Thread wireID `json:"Thread,omitzero"`
		Rev    int64  `json:",omitempty"` // the row's
	}
)

type wireThread struct {
	Channel string      `json:"c"`
	ID      string      `json:"a"`
	Lang    hubkit.Lang `json:"l,omitempty"`
	About   []string    `json:"p,omitempty"`
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// null keeps a zero out of a column.
func null[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

func (t *Thread) encode() ([]byte, error) {
	head, err := json.Marshal(wireThread{t.ID.Address.Channel, t.ID.Address.ID, t.Lang, t.About})
	if err != nil {
		return nil, err
	}
	b := make([]byte, 0, binary.MaxVarintLen32+len(head)+len(t.State))
	b = binary.AppendUvarint(b, uint64(len(head)))
	b = append(b, head...)
	return append(b, t.State...), nil
}

func (t *Thread) decode(b []byte) error {
	n, k := binary.Uvarint(b)
	if k <= 0 || uint64(len(b)-k) < n {
		return ErrSealed
	}
	var w wireThread
	if err := json.Unmarshal(b[k:k+int(n)], &w); err != nil {
		return err
	}
	t.ID.Address = channels.Address{Channel: w.Channel, ID: w.ID}
	t.Lang, t.About = w.Lang, w.About
	t.State = b[k+int(n):]
	return nil
}

func (o *Outgoing) wire() *wireOutgoing {
	return &wireOutgoing{
		Ref: o.Ref, Message: wireMessage(o.Message), NotAfter: millis(o.NotAfter), Inline: o.Inline, Pull: o.Pull,
	}
}

func (w *wireOutgoing) outgoing(to channels.Address) Outgoing {
	m := channels.Message(w.Message)
	m.Ref, m.To, m.NotAfter = w.Ref, to, fromMillis(w.NotAfter)
	return Outgoing{Ref: w.Ref, Message: m, NotAfter: m.NotAfter, Inline: w.Inline, Pull: w.Pull}
}

func inbound(by Actor, e channels.Event, consented bool) ([]byte, error) {
	if !consented {
		e = channels.Event{ID: e.ID, Kind: e.Kind, From: e.From, To: e.To, At: e.At}
	}
	e2 := wireEvent(e)
	return json.Marshal(wireInteraction{Kind: by.Kind, By: by.ID, At: millis(e.At), Us: e.To.ID, In: &e2, News: (*wireStatus)(e.Status)})
}

func outbound(by Actor, o *Outgoing) ([]byte, error) {
	return json.Marshal(wireInteraction{Kind: by.Kind, By: by.ID, Out: o.wire()})
}

func (x *Interaction) decode(b []byte, with channels.Address) error {
	var w wireInteraction
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	x.By = Actor{Kind: w.Kind, ID: w.By}
	if w.In != nil {
		e := channels.Event(*w.In)
		if w.News != nil {
			e.Status = (*channels.Status)(w.News)
		}
		e.From, e.To, e.At = with, channels.Address{Channel: with.Channel, ID: w.Us}, fromMillis(w.At)
		x.In = &e
	}
	if w.Out != nil {
		o := w.Out.outgoing(with)
		x.Out = &o
	}
	return nil
}
