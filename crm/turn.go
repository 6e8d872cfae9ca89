package crm

import (
	"context"
	"crypto/cipher"
	"encoding/json"
	"math/rand/v2"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/delivery"
)

// turn turns one Change into a Batch.
type turn struct {
	sealing
	c         *Change
	programme string
	at        int64
	thread    string // key; "" without
	rev       int64  // new one of the thread; 0 without
	said      int64  // interactions so far
}

func (t *turn) build(ctx context.Context) error {
	for _, step := range []func(context.Context) error{
		t.inThread, t.registrations, t.persons, t.recordsOf, t.timers, t.tickets, t.files,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	t.audit()
	return nil
}

func (t *turn) guard(table Table, key string, rev int64) {
	t.batch.Guards = append(t.batch.Guards, Guard{Table: table, Key: key, Rev: rev})
}

func (t *turn) put(r Row) { t.batch.Writes = append(t.batch.Writes, r) }

// inThread writes what was said, and the thread itself.
func (t *turn) inThread(ctx context.Context) error {
	c := t.c
	if c.Thread == nil {
		return nil
	}
	th := c.Thread
	var err error
	if t.thread, err = t.s.threadKey(ctx, th.ID); err != nil {
		return err
	}
	if c.Inbound != nil {
		// The first guard: a repeated inbound is a duplicate even when it is stale.
		inbox, err := t.s.inboxKey(ctx, t.programme, c.Inbound.From.Channel, c.Inbound.ID)
		if err != nil {
			return err
		}
		t.guard(Inbox, inbox, 0)
		n := int64(1 + len(c.Outbox))
		t.put(Row{Table: Inbox, Key: inbox, Rev: 1, Clear: []any{t.thread, t.at, n}})
	}
	t.guard(Threads, t.thread, th.Rev)
	key, err := t.keyFor(ctx, t.thread)
	if err != nil {
		return err
	}
	if c.Inbound != nil {
		plain, err := inbound(Actor{Kind: Beneficiary}, *c.Inbound, th.Expires.IsZero())
		if err != nil {
			return err
		}
		t.say(t.seal(key, Interactions, saidRow(t.thread, "in", t.at), plain), 0)
	}
	for i := range c.Outbox {
		o := &c.Outbox[i]
		if o.Ref == "" {
			o.Ref = NewRef(t.programme)
		}
		if o.NotAfter.IsZero() {
			o.NotAfter = o.Message.NotAfter
		}
		o.Message.Ref, o.Message.To, o.Message.NotAfter = o.Ref, th.ID.Address, o.NotAfter
		by := c.By
		if by.Kind == Beneficiary {
			by = Actor{Kind: Bot} // what a person brings about, the bot says
		}
		plain, err := outbound(by, o)
		if err != nil {
			return err
		}
		seq := t.say(t.seal(key, Interactions, saidRow(t.thread, "out", t.at), plain), 1)
		if o.Inline || o.Pull {
			continue
		}
		if err := t.queue(key, th.ID.Address, o, seq); err != nil {
			return err
		}
	}
	// A thread that was forgotten may begin again: random first revisions keep
	// what was read of the one from being written into the other.
	if t.rev = th.Rev + 1; th.Rev == 0 {
		t.rev = rand.Int64N(1<<40) + 1
	}
	plain, err := th.encode()
	if err != nil {
		return err
	}
	t.put(Row{
		Table: Threads, Key: t.thread, Rev: t.rev,
		Clear:  []any{t.programme, null(th.Owner), null(millis(th.Expires)), t.at},
		Sealed: t.seal(key, Threads, t.thread, plain),
	})
	return nil
}

// say appends an interaction and returns its place among the batch's numbers.
func (t *turn) say(sealed []byte, out int64) (place int64) {
	t.put(Row{Table: Interactions, Clear: []any{t.thread, t.at, out}, Sealed: sealed})
	t.said++
	return t.said - 1
}

// queue puts a message into the outbox, for a delivery loop to send.
func (t *turn) queue(key cipher.AEAD, to channels.Address, o *Outgoing, place int64) error {
	w := o.wire()
	w.Channel, w.ID = to.Channel, to.ID
	plain, err := json.Marshal(w)
	if err != nil {
		return err
	}
	row := idKey(t.programme, o.Ref)
	t.guard(Outbox, row, 0)
	t.put(Row{
		Table: Outbox, Key: row, Rev: 1,
		Clear: []any{
			t.thread, or(o.Lane, to.Channel), int64(min(o.Message.Class, Classes-1)), or(millis(o.Due), t.at),
			nil, int64(OpenDue), place, nil, o.Ref, nil, nil, int64(delivery.Queued), nil, nil, nil, t.at,
		},
		Sealed: t.seal(key, Outbox, row, plain),
	})
	return nil
}

func (t *turn) registrations(ctx context.Context) error {
	for i := range t.c.Registrations {
		r := &t.c.Registrations[i]
		var old *Registration
		if r.Rev > 0 {
			was, err := t.s.Registration(ctx, r.Programme, r.ID)
			if err != nil {
				return err
			}
			if was.Rev != r.Rev {
				return &StaleError{Table: Registrations}
			}
			old, r.Opened = &was, was.Opened
		}
		if err := r.follows(old); err != nil {
			return err
		}
		if r.Opened.IsZero() {
			r.Opened = fromMillis(t.at)
		}
		row := idKey(r.Programme, r.ID)
		t.guard(Registrations, row, r.Rev)
		key, err := t.keyFor(ctx, row)
		if err != nil {
			return err
		}
		thread := t.thread
		if r.Thread != (ThreadID{}) {
			if thread, err = t.s.threadKey(ctx, r.Thread); err != nil {
				return err
			}
		}
		plain, err := json.Marshal(wireRegistration{bareRegistration: bareRegistration(*r), Thread: toWire(r.Thread), Continued: toWire(r.Continued)})
		if err != nil {
			return err
		}
		var band any
		if r.Score != nil {
			band = null(r.Score.Band)
		}
		t.put(Row{
			Table: Registrations, Key: row, Rev: r.Rev + 1,
			Clear: []any{
				r.Programme, null(thread), null(r.Person), null(r.Form.ID), string(r.Status), band,
				millis(r.Opened), t.at,
			},
			Sealed: t.seal(key, Registrations, row, plain),
		})
		known := 0
		if old != nil {
			known = len(old.History)
		}
		for _, step := range r.History[known:] {
			t.audited(step.By, "registration."+string(step.To), row)
		}
	}
	return nil
}

func (t *turn) persons(ctx context.Context) error {
	for i := range t.c.Persons {
		p := &t.c.Persons[i]
		row := idKey(p.Programme, p.ID)
		t.guard(Persons, row, p.Rev)
		key, err := t.keyFor(ctx, row)
		if err != nil {
			return err
		}
		stored := *p
		stored.Rev, stored.At = 0, time.Time{}
		plain, err := json.Marshal(stored)
		if err != nil {
			return err
		}
		if p.Rev > 0 {
			t.batch.Drops = append(t.batch.Drops, Select{Table: Lookups, Where: []Where{{Column: "person", Value: row}}})
		}
		for field, value := range p.Find {
			x, err := t.s.sealer.Index(ctx, p.Programme, "find/"+field, value)
			if err != nil {
				return err
			}
			at := p.Programme + "/" + key16(x)
			t.put(Row{Table: Lookups, Key: at + "/" + p.ID, Rev: 1, Clear: []any{at, row}})
		}
		t.put(Row{
			Table: Persons, Key: row, Rev: p.Rev + 1, Clear: []any{p.Programme, t.at},
			Sealed: t.seal(key, Persons, row, plain),
		})
		t.audited(t.c.By, "person", row)
	}
	return nil
}

// recordsOf appends notes, consents and media references.
func (t *turn) recordsOf(ctx context.Context) error {
	add := func(kind, about string, v any) error {
		subject := t.thread
		if about != "" {
			subject = idKey(t.programme, about)
		}
		key, err := t.keyFor(ctx, subject)
		if err != nil {
			return err
		}
		plain, err := json.Marshal(v)
		if err != nil {
			return err
		}
		t.put(Row{
			Table: Records, Clear: []any{null(t.thread), subject, kind, t.at},
			Sealed: t.seal(key, Records, saidRow(subject, kind, t.at), plain),
		})
		t.audited(t.c.By, kind, subject)
		return nil
	}
	now := fromMillis(t.at)
	for _, n := range t.c.Notes {
		n.By, n.At = t.c.By, now
		if err := add(kindNote, n.About, n); err != nil {
			return err
		}
	}
	for _, k := range t.c.Consents {
		if k.At.IsZero() {
			k.At = now
		}
		if err := add(kindConsent, k.About, k); err != nil {
			return err
		}
	}
	for _, m := range t.c.Media {
		m.At = now
		if err := add(kindMedia, m.About, m); err != nil {
			return err
		}
	}
	return nil
}

const (
	kindNote    = "note"
	kindConsent = "consent"
	kindMedia   = "media"
)

func (t *turn) timers(ctx context.Context) error {
	if f := t.c.Fired; f != nil {
		thread, err := t.s.threadKey(ctx, f.Thread)
		if err != nil {
			return err
		}
		row := thread + "/" + f.Name
		t.guard(Timers, row, f.Rev)
		t.put(Row{Table: Timers, Key: row, Gone: true})
	}
	for i := range t.c.Timers {
		m := &t.c.Timers[i]
		thread, err := t.s.threadKey(ctx, m.Thread)
		if err != nil {
			return err
		}
		row := thread + "/" + m.Name
		if m.Due.IsZero() {
			t.put(Row{Table: Timers, Key: row, Gone: true})
			continue
		}
		key, err := t.keyFor(ctx, thread)
		if err != nil {
			return err
		}
		plain, err := json.Marshal(wireTimer{m.Thread.Address.Channel, m.Thread.Address.ID, m.Name, m.Data})
		if err != nil {
			return err
		}
		t.put(Row{
			Table: Timers, Key: row, Rev: 1,
			Clear:  []any{thread, timerLane, int64(0), millis(m.Due), nil, int64(OpenDue), int64(0), nil},
			Sealed: t.seal(key, Timers, row, plain),
		})
	}
	return nil
}

func (t *turn) tickets(ctx context.Context) error {
	for i := range t.c.Tickets {
		k := &t.c.Tickets[i]
		thread, err := t.s.threadKey(ctx, k.Thread)
		if err != nil {
			return err
		}
		row := idKey(t.programme, k.ID)
		t.guard(Tickets, row, k.Rev)
		key, err := t.keyFor(ctx, thread)
		if err != nil {
			return err
		}
		if k.Opened.IsZero() {
			k.Opened = fromMillis(t.at)
		}
		plain, err := json.Marshal(wireTicket{bareTicket: bareTicket(*k), Thread: toWire(k.Thread)})
		if err != nil {
			return err
		}
		t.put(Row{
			Table: Tickets, Key: row, Rev: k.Rev + 1,
			Clear: []any{
				t.programme, k.Queue, null(k.Topic), thread, null(k.Owner), millis(k.Opened), null(millis(k.Closed)),
			},
			Sealed: t.seal(key, Tickets, row, plain),
		})
		t.audited(t.c.By, "ticket", row)
	}
	return nil
}

func (t *turn) audited(by Actor, action, object string) {
	t.batch.Audit = append(t.batch.Audit, auditRow(t.programme, by, action, object, t.at, nil))
}

// audit ends the batch with the row of the change itself, which commits to
// every byte that the change wrote.
func (t *turn) audit() {
	object := t.thread
	if object == "" {
		object = t.programme
	}
	t.batch.Audit = append(t.batch.Audit, auditRow(t.programme, t.c.By, or(t.c.Purpose, "turn"), object, t.at, digest(t.batch.Writes)))
}

func (t *turn) result(out Outcome) Result {
	r := Result{Seq: out.Seq, Rev: t.rev, Replies: t.c.Outbox}
	if t.said > 0 {
		r.Seq += t.said - 1
	}
	return r
}
