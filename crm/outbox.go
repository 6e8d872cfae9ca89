package crm

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/delivery"
)

// Outbox is the queue of messages that must leave, for delivery.Run. It is a
// delivery.Waker too, and notices what other processes queue.
func (s *Store) Outbox() delivery.Queue {
	return &outbox{s: s, held: map[int64]map[string]Row{}, began: map[string]int64{}}
}

type outbox struct {
	s *Store

	mu    sync.Mutex
	held  map[int64]map[string]Row // epoch → ref → the row as last known here
	began map[string]int64         // lane → the bell's count when the last Lease began
}

var _ delivery.Waker = (*outbox)(nil)

// Columns of Outbox.
const (
	outThread = iota
	outLane
	outClass
	outDue
	outUntil
	outOpen
	outPart
	outLease
	outRef
	outProvider
	outCode
	outState
	outIntent
	outTries
	outCause
	outAt
)

// Lease implements delivery.Queue. What may no longer be sent, because its time
// ran out while it waited, is settled and not given out.
func (o *outbox) Lease(ctx context.Context, lane string, n int, d time.Duration) (delivery.Slice, error) {
	o.mu.Lock()
	o.began[lane] = o.s.heard.count(lane)
	o.mu.Unlock()
	now := o.s.now()
	rows, err := o.s.claim(ctx, Claim{Table: Outbox, Lane: lane, Now: now, Until: now.Add(d), Limit: n, Ordered: true})
	if err != nil {
		return delivery.Slice{}, err
	}
	slice := delivery.Slice{Lane: lane}
	if len(rows) == 0 {
		slice.Next, err = o.next(ctx, lane, now)
		return slice, err
	}
	slice.Epoch = rows[0].Rev
	held := make(map[string]Row, len(rows))
	var late []delivery.Step
	for _, row := range rows {
		m, err := o.message(ctx, row)
		if errors.Is(err, ErrSealed) {
			continue // forgotten this moment, and removed
		}
		if err != nil {
			return delivery.Slice{}, err
		}
		held[m.Ref] = row
		tries := int(number(row.Clear[outTries]))
		switch {
		case number(row.Clear[outOpen]) == OpenDoubt:
			slice.Doubts = append(slice.Doubts, delivery.Doubt{Message: m, Since: fromMillis(number(row.Clear[outIntent])), Tries: tries})
		case !m.NotAfter.IsZero() && !now.Before(m.NotAfter):
			late = append(late, delivery.Step{Ref: m.Ref, To: delivery.Cancelled, Tries: tries})
		default:
			slice.Items = append(slice.Items, m)
			slice.Tries = append(slice.Tries, tries)
		}
	}
	o.mu.Lock()
	o.held[slice.Epoch] = held
	o.forgetOld(now)
	o.mu.Unlock()
	return slice, o.Advance(ctx, slice, late)
}

// message opens a row of the outbox.
func (o *outbox) message(ctx context.Context, row Row) (channels.Message, error) {
	plain, err := o.s.open(ctx, text(row.Clear[outThread]), Outbox, row.Key, row.Sealed)
	if err != nil {
		return channels.Message{}, err
	}
	var w wireOutgoing
	if err := json.Unmarshal(plain, &w); err != nil {
		return channels.Message{}, err
	}
	return w.outgoing(channels.Address{Channel: w.Channel, ID: w.ID}).Message, nil
}

// forgetOld lets go of rows whose lease has ended: if they are advanced all the
// same, they are read again.
func (o *outbox) forgetOld(now time.Time) {
	for epoch, rows := range o.held {
		for ref, row := range rows {
			if number(row.Clear[outUntil]) <= now.UnixMilli() {
				delete(rows, ref)
			}
		}
		if len(rows) == 0 {
			delete(o.held, epoch)
		}
	}
}

// next returns when the lane has something due, later than now, or a lease in it ends:
// what a loop that died held is then to be given out again.
func (o *outbox) next(ctx context.Context, lane string, now time.Time) (at time.Time, err error) {
	for _, open := range []int64{OpenDue, OpenDoubt} {
		q := Select{Table: Outbox, By: "due", Limit: 1, Bare: true, Where: []Where{
			{"lane", Is, lane}, {"open", Is, open}, {"due", Above, now.UnixMilli()},
		}}
		for row, err := range o.s.backend.Rows(ctx, q) {
			if err != nil {
				return at, err
			}
			at = earlier(at, fromMillis(number(row.Clear[outDue])))
		}
	}
	for _, open := range []int64{OpenDue, OpenBusy, OpenDoubt} {
		q := Select{Table: Outbox, Limit: 64, Bare: true, Where: []Where{
			{"lane", Is, lane}, {"open", Is, open}, {"until", Above, now.UnixMilli()},
		}}
		for row, err := range o.s.backend.Rows(ctx, q) {
			if err != nil {
				return at, err
			}
			at = earlier(at, fromMillis(number(row.Clear[outUntil])))
		}
	}
	return at, nil
}

// earlier returns the earlier of two times, of which a may be zero.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

// Wait implements delivery.Waker.
func (o *outbox) Wait(ctx context.Context, lane string) error {
	o.mu.Lock()
	began := o.began[lane]
	o.mu.Unlock()
	return o.s.heard.wait(ctx, []string{laneKey(lane)}, func() (bool, error) {
		return o.s.heard.count(lane) != began, nil
	})
}

// Advance implements delivery.Queue. It trusts what it knows of the rows, guards
// it, and reads them only when news came between.
func (o *outbox) Advance(ctx context.Context, s delivery.Slice, steps []delivery.Step) error {
	if len(steps) == 0 {
		return nil
	}
	for fresh := range 5 {
		rows, err := o.rows(ctx, s.Epoch, steps, fresh > 0)
		if err != nil {
			return err
		}
		b, refused, err := o.batch(ctx, rows, steps)
		if err != nil {
			return err
		}
		outs, err := o.s.group.do(ctx, b)
		if err != nil {
			return err
		}
		if outs[0].Err != nil {
			continue
		}
		o.mu.Lock()
		if held := o.held[s.Epoch]; held != nil {
			for _, row := range b.Writes {
				held[text(row.Clear[outRef])] = row
			}
		}
		o.mu.Unlock()
		if refused != nil {
			return refused
		}
		return nil
	}
	return &StaleError{Table: Outbox}
}

// rows returns the row of each step's message; a row without a key for one that
// was forgotten. ErrLost when one is not in this lease any more.
func (o *outbox) rows(ctx context.Context, epoch int64, steps []delivery.Step, fresh bool) (map[string]Row, error) {
	rows := make(map[string]Row, len(steps))
	for _, step := range steps {
		if _, ok := rows[step.Ref]; ok {
			continue
		}
		o.mu.Lock()
		row, ok := o.held[epoch][step.Ref]
		o.mu.Unlock()
		if !ok || fresh {
			var err error
			if row, ok, err = o.s.sent(ctx, step.Ref, ""); err != nil {
				return nil, err
			}
		}
		if ok && number(row.Clear[outLease]) != epoch {
			return nil, delivery.ErrLost
		}
		rows[step.Ref] = row
	}
	return rows, nil
}

// batch applies the steps to the rows.
func (o *outbox) batch(ctx context.Context, rows map[string]Row, steps []delivery.Step) (b Batch, refused delivery.Refused, err error) {
	now := o.s.now().UnixMilli()
	for _, step := range steps {
		row := rows[step.Ref]
		if row.Key == "" {
			if step.To == delivery.Sending {
				refused = append(refused, step.Ref)
			}
			continue
		}
		if !slices.ContainsFunc(b.Guards, func(g Guard) bool { return g.Key == row.Key }) {
			b.Guards = append(b.Guards, Guard{Table: Outbox, Key: row.Key, Rev: row.Rev})
		}
		if row, err = o.receipt(ctx, row, step.Receipt.ID); err != nil {
			return b, nil, err
		}
		switch may := stateOf(row).May(step.To); {
		case may:
			row = moved(row, step, now)
		case step.To == delivery.Sending:
			refused = append(refused, step.Ref)
		}
		rows[step.Ref] = row
		b.Writes = append(b.Writes, row)
	}
	return b, refused, nil
}

// changed returns a copy of the row that may be altered.
func changed(row Row) Row {
	row.Clear = slices.Clone(row.Clear)
	row.Rev++ // never reaches the next epoch, which is greater than any count of writes
	return row
}

// receipt keeps the provider's id, hidden: it leads to a person for whoever may
// ask the provider.
func (o *outbox) receipt(ctx context.Context, row Row, id string) (Row, error) {
	row = changed(row)
	if id == "" {
		return row, nil
	}
	index, err := o.s.providerIndex(ctx, id)
	row.Clear[outProvider] = index
	return row, err
}

func (s *Store) providerIndex(ctx context.Context, id string) (string, error) {
	x, err := s.sealer.Index(ctx, house, "provider", id)
	return key16(x), err
}

// stateOf is the state that a row stands for: a lease, and its end, are kept in
// other columns.
func stateOf(row Row) delivery.State {
	st := delivery.State(number(row.Clear[outState]))
	switch {
	case st == delivery.Queued && row.Clear[outUntil] != nil:
		return delivery.Leased
	case st == delivery.Sending && number(row.Clear[outOpen]) == OpenDoubt:
		return delivery.Unknown
	default:
		return st
	}
}

// moved puts an own copy of a row into another state. What left is kept without
// its message, which the interaction has: only to know the news that come later.
func moved(row Row, step delivery.Step, now int64) Row {
	c := row.Clear
	if step.To == delivery.Sending && stateOf(row) != delivery.Sending {
		c[outIntent] = now
	}
	c[outTries], c[outCause], c[outCode], c[outAt] = null(int64(step.Tries)), null(int64(step.Cause)), null(step.Code), now
	switch step.To {
	case delivery.Leased:
	case delivery.Queued:
		c[outState], c[outOpen], c[outUntil] = int64(step.To), int64(OpenDue), nil
		c[outDue] = or(millis(step.Due), number(c[outDue]))
	case delivery.Sending:
		c[outState], c[outOpen] = int64(step.To), int64(OpenBusy)
	case delivery.Unknown:
		c[outState], c[outOpen], c[outUntil] = int64(step.To), int64(OpenDoubt), nil
		c[outDue] = or(millis(step.Due), now)
	case delivery.Held: // may be sent yet, by a person's word
		c[outState], c[outOpen], c[outUntil] = int64(step.To), nil, nil
	default:
		c[outState], c[outOpen], c[outUntil], row.Sealed = int64(step.To), nil, nil, nil
	}
	return row
}

// Learn implements delivery.Queue.
func (o *outbox) Learn(ctx context.Context, st []channels.Status) (others []channels.Status, err error) {
	for i, s := range st {
		known, err := o.learn(ctx, s)
		if err != nil {
			return append(others, st[i:]...), err
		}
		if !known {
			others = append(others, s)
		}
	}
	return others, nil
}

func (o *outbox) learn(ctx context.Context, s channels.Status) (known bool, err error) {
	return o.s.alter(ctx, s.Ref, s.ID, func(row Row) (Row, bool, error) {
		was := row
		id := s.ID
		if row.Clear[outProvider] != nil {
			id = ""
		}
		row, err := o.receipt(ctx, row, id)
		if err != nil {
			return row, false, err
		}
		if to := stateOf(was).Learned(s.Stage); to != stateOf(was) {
			step := delivery.Step{To: to, Cause: s.Cause, Code: s.Code, Tries: int(number(row.Clear[outTries]))}
			return moved(row, step, o.s.now().UnixMilli()), true, nil
		}
		return row, id != "", nil
	})
}

// alter changes the outbox row of a message, whoever holds it.
func (s *Store) alter(ctx context.Context, ref, provider string, f func(Row) (r Row, write bool, err error)) (known bool, err error) {
	for range 5 {
		row, ok, err := s.sent(ctx, ref, provider)
		if err != nil || !ok {
			return false, err
		}
		guard := Guard{Table: Outbox, Key: row.Key, Rev: row.Rev}
		row, write, err := f(row)
		if err != nil || !write {
			return true, err
		}
		outs, err := s.group.do(ctx, Batch{Guards: []Guard{guard}, Writes: []Row{row}})
		if err != nil || outs[0].Err == nil {
			return true, err
		}
	}
	return true, &StaleError{Table: Outbox}
}
