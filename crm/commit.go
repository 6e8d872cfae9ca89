package crm

import (
	"context"
	"errors"

	"github.com/hubkit/hubkit/channels"
)

// Commit writes one Change, whole or not at all, and returns after it is
// durable. It seals before it queues, so that nothing of the caller runs inside
// the writer. It fails with ErrStale (somebody else changed the thread, or one
// of the others that carry a Rev: load and decide again), ErrChange (malformed),
// ErrTransition or ErrHistory (the state machine), or the backend's error, and
// then nothing was written. An inbound that is known already is not an error:
// see Result.Duplicate. When ctx ends in time, nothing is written.
func (s *Store) Commit(ctx context.Context, c Change) (Result, error) {
	programme, err := c.check()
	if err != nil {
		return Result{}, err
	}
	// Only a data key that another process made or destroyed meanwhile is worth
	// trying again for, and only for a Change that rests on nothing read before:
	// everything else is the caller's to decide.
	for range 3 {
		t := turn{sealing: sealing{s: s}, c: &c, programme: programme, at: s.now().UnixMilli()}
		if err := t.build(ctx); err != nil {
			return Result{}, err
		}
		out, err := s.write(ctx, &t.sealing)
		if err == nil {
			return t.result(out), nil
		}
		var g *GuardError
		if !errors.As(err, &g) {
			return Result{}, err
		}
		switch g.Guard.Table {
		case Inbox:
			return s.answered(ctx, programme, g.Guard.Key)
		case Keys:
			s.keys.drop(g.Guard.Key)
			if c.rests() {
				return Result{}, &StaleError{Table: Keys}
			}
		default:
			return Result{}, &StaleError{Table: g.Guard.Table}
		}
	}
	return Result{}, &StaleError{Table: Keys}
}

// answered is the Result of an inbound that was recorded before: the numbers
// after its own are those of its replies.
func (s *Store) answered(ctx context.Context, programme, inbox string) (Result, error) {
	row, ok, err := s.row(ctx, Inbox, inbox)
	if err != nil || !ok {
		return Result{}, err
	}
	thread, n := row.Clear[0].(string), row.Clear[2].(int64)
	r := Result{Duplicate: true, Seq: row.Seq + n - 1}
	id, err := s.threadOf(ctx, programme, thread)
	if errors.Is(err, ErrSealed) {
		return r, nil // forgotten meanwhile: known, and nothing more to say
	}
	if err != nil {
		return Result{}, err
	}
	now := s.now()
	for x, err := range s.interactions(ctx, thread, id, Select{
		Table: Interactions,
		Where: []Where{{Column: "thread", Value: thread}, {Column: "seq", Op: AtLeast, Value: row.Seq}, {Column: "seq", Op: Below, Value: row.Seq + n}},
	}) {
		if err != nil {
			return Result{}, err
		}
		if x.Out != nil && (x.Out.NotAfter.IsZero() || now.Before(x.Out.NotAfter)) {
			r.Replies = append(r.Replies, *x.Out)
		}
	}
	return r, nil
}

// Heard returns what Commit would return for an inbound that is recorded
// already, without writing: a hub that asks first does no work for a repeated
// webhook. known is false for a new one.
func (s *Store) Heard(ctx context.Context, programme string, e channels.Event) (r Result, known bool, err error) {
	key, err := s.inboxKey(ctx, programme, e.From.Channel, e.ID)
	if err != nil {
		return Result{}, false, err
	}
	if _, known, err = s.row(ctx, Inbox, key); err != nil || !known {
		return Result{}, false, err
	}
	r, err = s.answered(ctx, programme, key)
	return r, err == nil, err
}
