package crm

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/delivery"
)

// Outbox is the queue of messages that must leave, for delivery.Run. Leases
// belong to the Outbox that gave them out: use one for all lanes of a process.
func (s *Store) Outbox() delivery.Queue {
	return &outbox{s: s, leased: map[int64]map[string]Row{}}
}

type outbox struct {
	s *Store

	mu     sync.Mutex
	leased map[int64]map[string]Row // epoch → ref → row as last written here
}

// columns of Outbox
const (
	outThread = iota
	outLane
	outDue
	outUntil
	outOpen
	outPart
	outProvider
	outState
	outAt
)

// Lease implements delivery.Queue. What expired while it waited, or belongs to
// somebody who was forgotten, is settled and not given out.
func (o *outbox) Lease(ctx context.Context, lane string, n int, d time.Duration) (delivery.Slice, error) {
	now := o.s.now()
	rows, err := o.s.claim(ctx, Claim{Table: Outbox, Lane: lane, Now: now, Until: now.Add(d), Limit: n, Ordered: true})
	if err != nil || len(rows) == 0 {
		return delivery.Slice{Lane: lane}, err
	}
	slice := delivery.Slice{Lane: lane, Epoch: rows[0].Rev}
	var (
		held    = make(map[string]Row, len(rows))
		expired []delivery.Step
	)
	for _, row := range rows {
		ref := refOf(row.Key)
		held[ref] = row
		plain, err := o.s.open(ctx, text(row.Clear[outThread]), Outbox, row.Key, row.Sealed)
		if errors.Is(err, ErrSealed) {
			expired = append(expired, delivery.Step{Ref: ref, To: delivery.Cancelled})
			continue
		}
		if err != nil {
			return delivery.Slice{}, err
		}
		var w wireOutgoing
		if err := json.Unmarshal(plain, &w); err != nil {
			return delivery.Slice{}, err
		}
		out := w.outgoing(channels.Address{Channel: w.Channel, ID: w.ID})
		if !out.NotAfter.IsZero() && !now.Before(out.NotAfter) {
			expired = append(expired, delivery.Step{Ref: ref, To: delivery.Expired})
			continue
		}
		slice.Items = append(slice.Items, out.Message)
	}
	o.mu.Lock()
	o.leased[slice.Epoch] = held
	o.mu.Unlock()
	return slice, o.Advance(ctx, slice, expired)
}

func refOf(key string) string {
	_, ref, _ := strings.Cut(key, "/")
	return ref
}

// Advance implements delivery.Queue.
func (o *outbox) Advance(ctx context.Context, s delivery.Slice, steps []delivery.Step) error {
	if len(steps) == 0 {
		return nil
	}
	o.mu.Lock()
	held := o.leased[s.Epoch]
	o.mu.Unlock()
	var (
		at   = o.s.now().UnixMilli()
		bs   = make([]Batch, 0, len(steps))
		rows = make([]Row, 0, len(steps))
	)
	for _, step := range steps {
		o.mu.Lock()
		row, ok := held[step.Ref]
		o.mu.Unlock()
		if !ok {
			return delivery.ErrLost
		}
		row, err := o.moved(ctx, row, step.To, step.Receipt.ID, at)
		if err != nil {
			return err
		}
		if step.To == delivery.Queued {
			row.Clear[outDue] = or(millis(step.Due), at)
		}
		rows = append(rows, row)
		bs = append(bs, Batch{Guards: []Guard{{Table: Outbox, Key: row.Key, Rev: s.Epoch}}, Writes: []Row{row}})
	}
	outs, err := o.s.group.do(ctx, bs...)
	if err != nil {
		return err
	}
	var lost error
	for i := range outs {
		if outs[i].Err != nil && !o.overtaken(ctx, rows[i].Key) {
			lost = delivery.ErrLost
		}
	}
	o.settle(s.Epoch, rows)
	return lost
}

// overtaken reports whether a row changed because news of it came first.
func (o *outbox) overtaken(ctx context.Context, key string) bool {
	row, ok, err := o.s.row(ctx, Outbox, key)
	return err == nil && ok && rank(delivery.State(number(row.Clear[outState]))) > 0
}

// settle remembers what was written, and lets go of what is over.
func (o *outbox) settle(epoch int64, rows []Row) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, row := range rows {
		switch delivery.State(number(row.Clear[outState])) {
		case delivery.Leased, delivery.Sending, delivery.Unknown:
			o.leased[epoch][refOf(row.Key)] = row
		default:
			delete(o.leased[epoch], refOf(row.Key))
		}
	}
	if len(o.leased[epoch]) == 0 {
		delete(o.leased, epoch)
	}
}

// moved returns the row in another state. What left is kept without its
// message, which the interaction has: only to know the news that come later.
func (o *outbox) moved(ctx context.Context, row Row, to delivery.State, provider string, at int64) (Row, error) {
	clear := make([]any, len(row.Clear))
	copy(clear, row.Clear)
	row.Clear = clear
	row.Clear[outState], row.Clear[outAt] = int64(to), at
	switch to {
	case delivery.Queued:
		row.Clear[outOpen], row.Clear[outUntil] = int64(OpenDue), nil
	case delivery.Leased:
		row.Clear[outOpen] = int64(OpenDue)
	case delivery.Sending, delivery.Unknown:
		row.Clear[outOpen] = int64(OpenHeld)
	default:
		row.Clear[outOpen], row.Clear[outUntil], row.Sealed = nil, nil, nil
	}
	if provider != "" {
		index, err := o.s.providerIndex(ctx, provider)
		if err != nil {
			return Row{}, err
		}
		row.Clear[outProvider] = index
	}
	return row, nil
}

// providerIndex hides the provider's id of a message, which leads to a person
// for whoever may ask the provider.
func (s *Store) providerIndex(ctx context.Context, id string) (string, error) {
	x, err := s.sealer.Index(ctx, house, "provider", id)
	return key16(x), err
}

// rank orders the states that news bring; 0 for those before any news.
func rank(s delivery.State) int {
	switch s {
	case delivery.Accepted:
		return 1
	case delivery.Undelivered, delivery.Failed:
		return 2
	case delivery.Delivered:
		return 3
	case delivery.Read:
		return 4
	default:
		return 0
	}
}

func stateOf(s channels.Status) delivery.State {
	switch s.Stage {
	case channels.Delivered:
		return delivery.Delivered
	case channels.Read:
		return delivery.Read
	case channels.Failed:
		return delivery.Undelivered
	case channels.Accepted, channels.Sent:
		return delivery.Accepted
	default:
		return delivery.Queued
	}
}

// Learn implements delivery.Queue.
func (o *outbox) Learn(ctx context.Context, st []channels.Status) (others []channels.Status, err error) {
	for _, s := range st {
		known, err := o.learn(ctx, s)
		if err != nil {
			return others, err
		}
		if !known {
			others = append(others, s)
		}
	}
	return others, nil
}

func (o *outbox) learn(ctx context.Context, s channels.Status) (known bool, err error) {
	for range 5 {
		row, ok, err := o.s.sent(ctx, s.Ref, s.ID)
		if err != nil || !ok {
			return false, err
		}
		to := stateOf(s)
		if rank(to) <= rank(delivery.State(number(row.Clear[outState]))) {
			return true, nil
		}
		was := row.Rev
		row, err = o.moved(ctx, row, to, s.ID, o.s.now().UnixMilli())
		if err != nil {
			return true, err
		}
		// A negative Rev is in no lease: whoever holds one finds that news came first.
		if row.Rev = -was; was < 0 {
			row.Rev = was - 1
		}
		outs, err := o.s.group.do(ctx, Batch{Guards: []Guard{{Table: Outbox, Key: row.Key, Rev: was}}, Writes: []Row{row}})
		if err != nil {
			return true, err
		}
		if outs[0].Err == nil {
			return true, nil
		}
	}
	return true, &StaleError{Table: Outbox}
}

// sent finds the outbox row of a message by our Ref or the provider's id.
func (s *Store) sent(ctx context.Context, ref, provider string) (row Row, ok bool, err error) {
	if programme, _, ours := strings.Cut(ref, "."); ours && validID(ref) {
		if row, ok, err = s.row(ctx, Outbox, idKey(programme, ref)); err != nil || ok {
			return row, ok, err
		}
	}
	if provider == "" {
		return Row{}, false, nil
	}
	index, err := s.providerIndex(ctx, provider)
	if err != nil {
		return Row{}, false, err
	}
	for row, err = range s.backend.Rows(ctx, Select{Table: Outbox, Limit: 1, Where: []Where{{Column: "provider", Value: index}}}) {
		return row, err == nil, err
	}
	return Row{}, false, nil
}

// lately is how many of a thread's latest messages Asked looks through for one
// that went through no outbox.
const lately = 50

// Asked returns the message that an Event.InReplyTo names, by the provider's
// id or our Ref: which member, or which asking, was tapped. ok is false when the
// thread has no such message.
func (s *Store) Asked(ctx context.Context, id ThreadID, inReplyTo string) (o Outgoing, ok bool, err error) {
	thread, err := s.threadKey(ctx, id)
	if err != nil || inReplyTo == "" {
		return Outgoing{}, false, err
	}
	q := Select{Table: Interactions, Desc: true, Limit: lately, Where: []Where{
		{Column: "thread", Value: thread}, {Column: "out", Value: int64(1)},
	}}
	row, queued, err := s.sent(ctx, inReplyTo, inReplyTo)
	if err != nil {
		return Outgoing{}, false, err
	}
	if queued {
		if text(row.Clear[outThread]) != thread {
			return Outgoing{}, false, nil
		}
		q.equal("seq", row.Seq+number(row.Clear[outPart]))
	}
	for x, err := range s.interactions(ctx, thread, id, q) {
		if err != nil {
			return Outgoing{}, false, err
		}
		if queued || x.Out.Ref == inReplyTo {
			return *x.Out, true, nil
		}
	}
	return Outgoing{}, false, nil
}
