package crm

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hubkit/hubkit/channels"
)

// Pruned counts what Prune removed, or would remove.
type Pruned struct {
	Inbox   int // keys of what came in, older than InboxKept
	Outbox  int // settled messages, older than OutboxKept
	Threads int // whole threads whose Expires has passed without consent
}

// How long Prune keeps what is needed only to recognise repetitions and late
// news. Providers repeat webhooks for hours, and report deliveries for days.
const (
	InboxKept  = 35 * 24 * time.Hour // after an event came in
	OutboxKept = 35 * 24 * time.Hour // after a message was settled
)

// Prune removes what is no longer needed, and counts it; with dry it only
// counts. Run it daily. Threads that expired without consent go with
// everything that belongs to them, and their keys are destroyed.
func (s *Store) Prune(ctx context.Context, dry bool) (Pruned, error) {
	var (
		p    Pruned
		err  error
		now  = s.now()
		gone = []struct {
			n *int
			q Select
		}{
			{&p.Inbox, Select{Table: Inbox, By: "at", Where: []Where{{"at", Below, now.Add(-InboxKept).UnixMilli()}}}},
			{&p.Outbox, Select{Table: Outbox, By: "at", Where: []Where{{"open", Is, nil}, {"at", Below, now.Add(-OutboxKept).UnixMilli()}}}},
		}
	)
	for _, g := range gone {
		if *g.n, err = s.remove(ctx, g.q, dry); err != nil {
			return p, err
		}
	}
	q := Select{Table: Threads, By: "expires", Bare: true, Where: []Where{{"expires", Below, now.UnixMilli()}}}
	for row, err := range s.backend.Rows(ctx, q) {
		if err != nil {
			return p, err
		}
		if !dry {
			err := s.forget(ctx, Actor{Kind: System, ID: "prune"}, "expired", row.Key, &row.Rev)
			if errors.Is(err, ErrStale) {
				continue // it spoke again, and perhaps consented
			}
			if err != nil {
				return p, err
			}
		}
		p.Threads++
	}
	if !dry && p.Threads > 0 {
		err = s.scrub(ctx)
	}
	return p, err
}

// remove drops rows by key in small commits, between which others are served.
func (s *Store) remove(ctx context.Context, q Select, dry bool) (n int, err error) {
	q.Bare = true
	var gone []Row
	flush := func() error {
		if len(gone) == 0 || dry {
			gone = gone[:0]
			return nil
		}
		outs, err := s.group.do(ctx, Batch{Writes: gone})
		gone = nil
		if err == nil {
			err = outs[0].Err
		}
		return err
	}
	for row, err := range s.backend.Rows(ctx, q) {
		if err != nil {
			return n, err
		}
		n++
		gone = append(gone, Row{Table: row.Table, Key: row.Key, Gone: true})
		if len(gone) == 200 {
			if err := flush(); err != nil {
				return n, err
			}
		}
	}
	return n, flush()
}

// Forget destroys the keys of a thread, or of a person or registration by its
// id, with their rows: what is left of them anywhere, in the log and in later
// backups, cannot be read. The photos and documents in Files that they sent go
// with them, also where a registration that stays refers to them. The audit keeps
// that it was done, by whom and why, without any value. It does not reach providers,
// exports, or backups that hold the key. ErrStale when they spoke all the while.
func (s *Store) Forget(ctx context.Context, by Actor, purpose string, id ThreadID) error {
	key, err := s.threadKey(ctx, id)
	if err != nil {
		return err
	}
	return s.forgetNow(ctx, by, purpose, key)
}

// ForgetAbout is Forget for a Person.ID or Registration.ID.
func (s *Store) ForgetAbout(ctx context.Context, by Actor, purpose, programme, id string) error {
	return s.forgetNow(ctx, by, purpose, idKey(programme, id))
}

// forgetNow forgets somebody who may say something meanwhile: what came after the
// first look, such as one more photo, is looked at again.
func (s *Store) forgetNow(ctx context.Context, by Actor, purpose, subject string) error {
	var err error
	for range 10 {
		if err = s.forget(ctx, by, purpose, subject, nil); !errors.Is(err, ErrStale) {
			break
		}
	}
	if err != nil {
		return err
	}
	return s.scrub(ctx)
}

// forgets begins the action of every erasure in the audit.
const forgets = "forget."

func (s *Store) forget(ctx context.Context, by Actor, purpose, subject string, rev *int64) error {
	if !by.Kind.known() || purpose == "" {
		return fmt.Errorf("%w: to forget somebody takes an actor and a purpose", ErrChange)
	}
	programme, _, _ := strings.Cut(subject, "/")
	where := func(t Table, column string) Select {
		return Select{Table: t, Where: []Where{{Column: column, Value: subject}}}
	}
	b := Batch{
		Drops: []Select{
			where(Keys, "key"), where(Threads, "key"), where(Persons, "key"), where(Registrations, "key"),
			where(Interactions, "thread"), where(Timers, "thread"), where(Tickets, "thread"),
			where(Records, "about"), where(Lookups, "person"),
		},
		Audit: []Row{auditRow(programme, by, forgets+purpose, subject, s.now().UnixMilli(), nil)},
	}
	if rev != nil {
		b.Guards = []Guard{{Table: Threads, Key: subject, Rev: *rev}}
	} else {
		for _, t := range []Table{Threads, Persons, Registrations} {
			row, _, err := s.row(ctx, t, subject)
			if err != nil {
				return err
			}
			b.Guards = append(b.Guards, Guard{Table: t, Key: subject, Rev: row.Rev})
		}
	}
	if err := s.forgetSaid(ctx, programme, subject, &b); err != nil {
		return err
	}
	if err := s.forgetKept(ctx, subject, &b); err != nil {
		return err
	}
	outs, err := s.group.do(ctx, b)
	if err == nil {
		err = outs[0].Err
	}
	if g, ok := errors.AsType[*GuardError](err); ok {
		return &StaleError{Table: g.Guard.Table}
	}
	if err == nil {
		s.keys.drop(subject)
	}
	return err
}

// forgetKept adds the files that records about a subject refer to.
func (s *Store) forgetKept(ctx context.Context, subject string, b *Batch) error {
	for m, err := range records[MediaRef](ctx, s, subject, kindMedia) {
		if errors.Is(err, ErrSealed) {
			return nil // unreadable already
		}
		if err != nil {
			return err
		}
		if err := s.forgetFiles(ctx, []channels.Media{m.Media}, b); err != nil {
			return err
		}
	}
	return nil
}

// forgetSaid adds what was kept of a thread's messages outside of it. Inbox and
// outbox are found through the interactions, so that these hot tables need no
// index by thread.
func (s *Store) forgetSaid(ctx context.Context, programme, thread string, b *Batch) error {
	id, err := s.threadOf(ctx, programme, thread)
	if errors.Is(err, ErrSealed) {
		return nil // no thread, or unreadable already
	}
	if err != nil {
		return err
	}
	since := s.now().Add(-max(InboxKept, OutboxKept)).UnixMilli()
	for x, err := range s.interactions(ctx, thread, id, Select{Table: Interactions, Desc: true, Where: []Where{{"thread", Is, thread}}}) {
		switch {
		case errors.Is(err, ErrSealed):
			return nil
		case err != nil:
			return err
		}
		if x.In != nil {
			if err := s.forgetFiles(ctx, x.In.Media, b); err != nil {
				return err
			}
		}
		switch {
		case x.At.UnixMilli() < since: // pruned already
		case x.In != nil:
			key, err := s.inboxKey(ctx, programme, x.In.From.Channel, x.In.ID)
			if err != nil {
				return err
			}
			b.Writes = append(b.Writes, Row{Table: Inbox, Key: key, Gone: true})
		case !x.Out.Inline && !x.Out.Pull:
			b.Writes = append(b.Writes, Row{Table: Outbox, Key: idKey(programme, x.Out.Ref), Gone: true})
		}
	}
	return nil
}

// Scrubber is a Backend that keeps removed bytes somewhere until it is told to
// let go of them, such as a write-ahead log.
type Scrubber interface {
	// Scrub returns when what was removed is nowhere any more.
	Scrub(ctx context.Context) error
}

func (s *Store) scrub(ctx context.Context) error {
	if b, ok := s.backend.(Scrubber); ok {
		return b.Scrub(ctx)
	}
	return nil
}
