package crm

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
)

// ErrNotFound is returned for a registration, person or ticket that is not
// stored, or was forgotten.
var ErrNotFound = errors.New("crm: not found")

// Thread reads a thread. One that nobody wrote on yet is not an error: it has
// Rev 0, and is stored by the first Commit.
func (s *Store) Thread(ctx context.Context, id ThreadID) (Thread, error) {
	key, err := s.threadKey(ctx, id)
	if err != nil {
		return Thread{}, err
	}
	row, ok, err := s.row(ctx, Threads, key)
	if err != nil || !ok {
		return Thread{ID: id}, err
	}
	return s.thread(ctx, id.Programme, row)
}

func (s *Store) thread(ctx context.Context, programme string, row Row) (Thread, error) {
	plain, err := s.open(ctx, row.Key, Threads, row.Key, row.Sealed)
	if err != nil {
		return Thread{}, err
	}
	t := Thread{ID: ThreadID{Programme: programme}, Rev: row.Rev, Owner: text(row.Clear[1]), Expires: fromMillis(number(row.Clear[2]))}
	return t, t.decode(plain)
}

// threadOf returns the id behind a thread's key; ErrSealed when there is none.
func (s *Store) threadOf(ctx context.Context, programme, key string) (ThreadID, error) {
	row, ok, err := s.row(ctx, Threads, key)
	if err != nil {
		return ThreadID{}, err
	}
	if !ok {
		return ThreadID{}, ErrSealed
	}
	t, err := s.thread(ctx, programme, row)
	return t.ID, err
}

// Page bounds a list of interactions.
type Page struct {
	After  int64 // only those with a greater Seq
	Before int64 // only those with a smaller Seq; 0: no bound
	Limit  int   // 0: all
	Desc   bool  // the latest first
}

// Interactions streams what was said in a thread. What was forgotten while it
// streams is left out.
func (s *Store) Interactions(ctx context.Context, id ThreadID, p Page) iter.Seq2[Interaction, error] {
	return func(yield func(Interaction, error) bool) {
		key, err := s.threadKey(ctx, id)
		if err != nil {
			yield(Interaction{}, err)
			return
		}
		q := Select{Table: Interactions, Desc: p.Desc, Limit: p.Limit, Where: []Where{
			{Column: "thread", Value: key}, {Column: "seq", Op: Above, Value: p.After},
		}}
		if p.Before > 0 {
			q.Where = append(q.Where, Where{Column: "seq", Op: Below, Value: p.Before})
		}
		s.interactions(ctx, key, id, q)(yield)
	}
}

func (s *Store) interactions(ctx context.Context, thread string, id ThreadID, q Select) iter.Seq2[Interaction, error] {
	return func(yield func(Interaction, error) bool) {
		for row, err := range s.backend.Rows(ctx, q) {
			if err != nil {
				yield(Interaction{}, err)
				return
			}
			at, kind := number(row.Clear[1]), "in"
			if number(row.Clear[2]) == 1 {
				kind = "out"
			}
			plain, err := s.open(ctx, thread, Interactions, saidRow(thread, kind, at), row.Sealed)
			x := Interaction{Seq: row.Seq, At: fromMillis(at)}
			if err == nil {
				err = x.decode(plain, id.Address)
			}
			if !yield(x, err) || err != nil {
				return
			}
		}
	}
}

// Registration reads one registration; ErrNotFound when there is none.
func (s *Store) Registration(ctx context.Context, programme, id string) (Registration, error) {
	row, ok, err := s.row(ctx, Registrations, idKey(programme, id))
	if err != nil {
		return Registration{}, err
	}
	if !ok {
		return Registration{}, ErrNotFound
	}
	return s.registration(ctx, row)
}

func (s *Store) registration(ctx context.Context, row Row) (Registration, error) {
	plain, err := s.open(ctx, row.Key, Registrations, row.Key, row.Sealed)
	if err != nil {
		return Registration{}, err
	}
	var w wireRegistration
	if err := json.Unmarshal(plain, &w); err != nil {
		return Registration{}, err
	}
	r := Registration(w.bareRegistration)
	r.Thread, r.Continued = w.Thread.thread(), w.Continued.thread()
	r.Rev, r.At = row.Rev, fromMillis(number(row.Clear[7]))
	return r, nil
}

// RegistrationQuery selects registrations of one programme; what is empty does
// not narrow it.
type RegistrationQuery struct {
	Programme string // required
	Thread    ThreadID
	Person    string
	Status    Status
	Band      string
	Limit     int    // 0: all
	Desc      bool   // the latest changed first
	After     Cursor // read on from here
}

// Registrations streams registrations in the order of their last change, the
// earliest first.
func (s *Store) Registrations(ctx context.Context, q RegistrationQuery) iter.Seq2[Registration, error] {
	return func(yield func(Registration, error) bool) {
		sel := Select{Table: Registrations, By: "at", Desc: q.Desc}
		sel.equal("programme", q.Programme)
		if q.Thread != (ThreadID{}) {
			key, err := s.threadKey(ctx, q.Thread)
			if err != nil {
				yield(Registration{}, err)
				return
			}
			sel.equal("thread", key)
		}
		sel.narrow("person", q.Person)
		sel.narrow("status", string(q.Status))
		sel.narrow("band", q.Band)
		read := q.After.after(&sel, q.Programme)
		left := q.Limit
		if q.After == (Cursor{}) {
			sel.Limit = q.Limit
		}
		for row, err := range s.backend.Rows(ctx, sel) {
			var r Registration
			if err == nil {
				if read(row, number(row.Clear[7])) {
					continue
				}
				r, err = s.registration(ctx, row)
			}
			if !yield(r, err) || err != nil {
				return
			}
			if left--; left == 0 {
				return
			}
		}
	}
}

func (q *Select) equal(column string, v any) {
	q.Where = append(q.Where, Where{Column: column, Value: v})
}

func (q *Select) narrow(column, v string) {
	if v != "" {
		q.equal(column, v)
	}
}

// Person reads one person; ErrNotFound when there is none.
func (s *Store) Person(ctx context.Context, programme, id string) (Person, error) {
	row, ok, err := s.row(ctx, Persons, idKey(programme, id))
	if err != nil {
		return Person{}, err
	}
	if !ok {
		return Person{}, ErrNotFound
	}
	plain, err := s.open(ctx, row.Key, Persons, row.Key, row.Sealed)
	if err != nil {
		return Person{}, err
	}
	var p Person
	if err := json.Unmarshal(plain, &p); err != nil {
		return Person{}, err
	}
	p.Rev, p.At = row.Rev, fromMillis(number(row.Clear[1]))
	return p, nil
}

// Find streams the persons whose Find has this normalised value in this field.
func (s *Store) Find(ctx context.Context, programme, field, value string) iter.Seq2[Person, error] {
	return func(yield func(Person, error) bool) {
		x, err := s.sealer.Index(ctx, programme, "find/"+field, value)
		if err != nil {
			yield(Person{}, err)
			return
		}
		q := Select{Table: Lookups, Bare: true}
		q.equal("value", programme+"/"+key16(x))
		for row, err := range s.backend.Rows(ctx, q) {
			var p Person
			if err == nil {
				p, err = s.Person(ctx, programme, text(row.Clear[1])[len(programme)+1:])
			}
			if errors.Is(err, ErrNotFound) {
				continue
			}
			if !yield(p, err) || err != nil {
				return
			}
		}
	}
}

// Notes streams the notes about a registration or person, oldest first.
func (s *Store) Notes(ctx context.Context, programme, about string) iter.Seq2[Note, error] {
	return records[Note](ctx, s, idKey(programme, about), kindNote)
}

// Consents streams the consent records about a registration or person, oldest first.
func (s *Store) Consents(ctx context.Context, programme, about string) iter.Seq2[Consent, error] {
	return records[Consent](ctx, s, idKey(programme, about), kindConsent)
}

// Media streams the media references about a registration or person, oldest first.
func (s *Store) Media(ctx context.Context, programme, about string) iter.Seq2[MediaRef, error] {
	return records[MediaRef](ctx, s, idKey(programme, about), kindMedia)
}

// ThreadConsents streams the consents given in a thread about the thread
// itself, oldest first.
func (s *Store) ThreadConsents(ctx context.Context, id ThreadID) iter.Seq2[Consent, error] {
	return inThread[Consent](ctx, s, id, kindConsent)
}

// ThreadNotes streams the notes about the thread itself, oldest first.
func (s *Store) ThreadNotes(ctx context.Context, id ThreadID) iter.Seq2[Note, error] {
	return inThread[Note](ctx, s, id, kindNote)
}

func inThread[T any](ctx context.Context, s *Store, id ThreadID, kind string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		key, err := s.threadKey(ctx, id)
		if err != nil {
			var zero T
			yield(zero, err)
			return
		}
		records[T](ctx, s, key, kind)(yield)
	}
}

func records[T any](ctx context.Context, s *Store, subject, kind string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		q := Select{Table: Records}
		q.equal("about", subject)
		q.equal("kind", kind)
		for row, err := range s.backend.Rows(ctx, q) {
			var v T
			if err == nil {
				var plain []byte
				plain, err = s.open(ctx, subject, Records, saidRow(subject, kind, number(row.Clear[3])), row.Sealed)
				if err == nil {
					err = json.Unmarshal(plain, &v)
				}
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}

// TicketQuery selects tickets of one programme; what is empty does not narrow it.
type TicketQuery struct {
	Programme string // required
	Queue     string
	Topic     string
	Owner     string
	Thread    ThreadID
	Closed    bool   // closed ones instead of open ones
	Limit     int    // 0: all
	After     Cursor // read on from here
}

// Tickets streams tickets, the longest waiting first.
func (s *Store) Tickets(ctx context.Context, q TicketQuery) iter.Seq2[Ticket, error] {
	return func(yield func(Ticket, error) bool) {
		sel := Select{Table: Tickets, By: "opened"}
		sel.equal("programme", q.Programme)
		if q.Closed {
			sel.Where = append(sel.Where, Where{Column: "closed", Op: Above, Value: int64(0)})
		} else {
			sel.equal("closed", nil)
		}
		if q.Thread != (ThreadID{}) {
			key, err := s.threadKey(ctx, q.Thread)
			if err != nil {
				yield(Ticket{}, err)
				return
			}
			sel.equal("thread", key)
		}
		sel.narrow("queue", q.Queue)
		sel.narrow("topic", q.Topic)
		sel.narrow("owner", q.Owner)
		read := q.After.after(&sel, q.Programme)
		left := q.Limit
		if q.After == (Cursor{}) {
			sel.Limit = q.Limit
		}
		for row, err := range s.backend.Rows(ctx, sel) {
			var k Ticket
			if err == nil {
				if read(row, number(row.Clear[5])) {
					continue
				}
				k, err = s.ticket(ctx, row)
			}
			if !yield(k, err) || err != nil {
				return
			}
			if left--; left == 0 {
				return
			}
		}
	}
}

// Ticket reads one ticket; ErrNotFound when there is none.
func (s *Store) Ticket(ctx context.Context, programme, id string) (Ticket, error) {
	row, ok, err := s.row(ctx, Tickets, idKey(programme, id))
	if err != nil {
		return Ticket{}, err
	}
	if !ok {
		return Ticket{}, ErrNotFound
	}
	return s.ticket(ctx, row)
}

func (s *Store) ticket(ctx context.Context, row Row) (k Ticket, err error) {
	plain, err := s.open(ctx, text(row.Clear[3]), Tickets, row.Key, row.Sealed)
	if err != nil {
		return Ticket{}, err
	}
	var w wireTicket
	if err := json.Unmarshal(plain, &w); err != nil {
		return Ticket{}, err
	}
	k = Ticket(w.bareTicket)
	k.Thread, k.Rev = w.Thread.thread(), row.Rev
	return k, nil
}
