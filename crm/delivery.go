package crm

import (
	"context"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/delivery"
)

// Delivery is how far a message of the outbox came.
type Delivery struct {
	State delivery.State
	Cause channels.Cause // of a failure or retry
	Code  string         // the provider's code for it
	Tries int            // how often it was tried
	At    time.Time      // of the last change
}

// Delivery returns how far the message with this Ref came; ErrNotFound for one
// that was never in the outbox (Inline, Pull), or was pruned.
func (s *Store) Delivery(ctx context.Context, ref string) (Delivery, error) {
	row, ok, err := s.sent(ctx, ref, "")
	if err != nil {
		return Delivery{}, err
	}
	if !ok {
		return Delivery{}, ErrNotFound
	}
	return Delivery{
		State: stateOf(row), Cause: channels.Cause(number(row.Clear[outCause])), Code: text(row.Clear[outCode]),
		Tries: int(number(row.Clear[outTries])), At: fromMillis(number(row.Clear[outAt])),
	}, nil
}

// Cancel withdraws a message that has not begun to leave; one that has is left
// alone, and Delivery tells. ErrNotFound as for Delivery.
func (s *Store) Cancel(ctx context.Context, ref string) error {
	known, err := s.alter(ctx, ref, "", func(row Row) (Row, bool, error) {
		if st := stateOf(row); st != delivery.Queued && st != delivery.Leased {
			return row, false, nil
		}
		return moved(changed(row), delivery.Step{To: delivery.Cancelled}, s.now().UnixMilli()), true, nil
	})
	if err == nil && !known {
		return ErrNotFound
	}
	return err
}

// sent finds the outbox row of a message by our Ref or the provider's id.
func (s *Store) sent(ctx context.Context, ref, provider string) (row Row, ok bool, err error) {
	one := func(column, value string) (row Row, ok bool, err error) {
		for row, err = range s.backend.Rows(ctx, Select{Table: Outbox, Limit: 1, Where: []Where{{Column: column, Value: value}}}) {
			return row, err == nil, err
		}
		return Row{}, false, nil
	}
	if validID(ref) {
		if row, ok, err = one("ref", ref); err != nil || ok {
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
	return one("provider", index)
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
