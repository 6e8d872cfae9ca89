package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/hubkit/hubkit/crm"
)

// Apply implements crm.Backend: one transaction for all batches.
func (b *Backend) Apply(ctx context.Context, bs []crm.Batch) ([]crm.Outcome, error) {
	outs := make([]crm.Outcome, len(bs))
	err := b.transact(ctx, func(seq int64, link []byte) (int64, []byte, error) {
		a := &b.work
		defer a.forget()
		a.b, a.seq = b, seq
		for from := 0; from < len(bs); {
			// What a batch drops, the guards of later ones must not find: a batch with
			// drops has a round of its own.
			to := from + 1
			for to < len(bs) && len(bs[from].Drops) == 0 && len(bs[to].Drops) == 0 {
				to++
			}
			if err := a.round(ctx, bs[from:to], outs[from:to]); err != nil {
				return 0, nil, err
			}
			from = to
		}
		if len(a.audit) > 0 {
			link = crm.Chain(link, a.audit)
			if err := a.insert(ctx, b.tables[crm.Audit], a.audit); err != nil {
				return 0, nil, err
			}
		}
		return a.seq, link, nil
	})
	if err != nil {
		return nil, err
	}
	return outs, nil
}

// transact runs f in one durable transaction, between reading and writing the
// head: the last number and the last link of the audit.
func (b *Backend) transact(ctx context.Context, f func(seq int64, link []byte) (int64, []byte, error)) (err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return ErrClosed
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("crm/sqlite: %w", err)
		}
	}()
	// Cancelling inside would only roll back what others wait for.
	ctx = context.WithoutCancel(ctx)
	if err := b.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = b.exec(ctx, "ROLLBACK") // SQLite may have rolled back itself
		}
	}()
	s, err := b.write(ctx, "SELECT seq, sealed FROM crm_heads")
	if err != nil {
		return err
	}
	var (
		seq  int64
		link []byte
	)
	if err := s.QueryRowContext(ctx).Scan(&seq, &link); err != nil {
		return err
	}
	last, link, err := f(seq, link)
	if err != nil {
		return err
	}
	if last == seq {
		return b.exec(ctx, "ROLLBACK") // nothing was written
	}
	if err := b.exec(ctx, "UPDATE crm_heads SET seq=?, sealed=?", last, link); err != nil {
		return err
	}
	if err := b.exec(ctx, "COMMIT"); err != nil {
		return err
	}
	b.wrote(int(last - seq))
	return nil
}

// write returns the writer's prepared statement of a query.
func (b *Backend) write(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := b.writes[query]; ok {
		return s, nil
	}
	s, err := b.writer.PrepareContext(ctx, query)
	if err == nil {
		b.writes[query] = s
	}
	return s, err
}

func (b *Backend) exec(ctx context.Context, query string, args ...any) error {
	s, err := b.write(ctx, query)
	if err != nil {
		return err
	}
	_, err = s.ExecContext(ctx, args...)
	return err
}

// apply is the work on one group. Its lists are used again for the next.
type apply struct {
	b     *Backend
	seq   int64 // the last number taken
	audit []crm.Row
	args  []any

	// Of one round.
	revs            map[place]int64        // of all that guards look at
	keys            map[crm.Table][]string // of these
	appended, keyed map[crm.Table][]crm.Row
	last            map[string]int // key → its last row
}

// forget lets go of what the group held.
func (a *apply) forget() {
	clear(a.audit)
	clear(a.args[:cap(a.args)])
	a.audit = a.audit[:0]
	a.begin()
}

// begin empties what is of one round.
func (a *apply) begin() {
	if a.revs == nil {
		a.revs, a.keys, a.last = map[place]int64{}, map[crm.Table][]string{}, map[string]int{}
		a.appended, a.keyed = map[crm.Table][]crm.Row{}, map[crm.Table][]crm.Row{}
	}
	clear(a.revs)
	clear(a.last)
	for t, ks := range a.keys {
		clear(ks)
		a.keys[t] = ks[:0]
	}
	for _, lists := range [...]map[crm.Table][]crm.Row{a.appended, a.keyed} {
		for t, rows := range lists {
			clear(rows)
			lists[t] = rows[:0]
		}
	}
}

type place struct {
	table crm.Table
	key   string
}

// round decides which batches win, in memory, and writes all that won table by
// table. A batch with drops is alone.
func (a *apply) round(ctx context.Context, bs []crm.Batch, outs []crm.Outcome) error {
	a.begin()
	if err := a.revisions(ctx, bs); err != nil {
		return err
	}
	for i := range bs {
		if g := failed(bs[i].Guards, a.revs); g != nil {
			outs[i].Err = &crm.GuardError{Guard: *g}
			continue
		}
		outs[i].Seq = a.seq + 1
		if err := a.drop(ctx, bs[i].Drops); err != nil {
			return err
		}
		for _, r := range bs[i].Writes {
			t, ok := a.b.tables[r.Table]
			if !ok || (!r.Gone && len(r.Clear) != len(t.Columns)) || (!t.Append && r.Key == "") {
				return fmt.Errorf("%w: a row of %q does not fit its layout", crm.ErrTable, r.Table)
			}
			if t.Append {
				a.seq++
				r.Seq = a.seq
				a.appended[r.Table] = append(a.appended[r.Table], r)
				continue
			}
			r.Seq = outs[i].Seq
			if r.Gone {
				r.Rev = 0
			}
			a.revs[place{r.Table, r.Key}] = r.Rev
			a.keyed[r.Table] = append(a.keyed[r.Table], r)
		}
		for _, r := range bs[i].Audit {
			a.seq++
			r.Seq = a.seq
			r.Clear = slices.Clone(r.Clear)
			a.audit = append(a.audit, r)
		}
		a.seq = max(a.seq, outs[i].Seq)
	}
	for _, l := range crm.Layouts() { // always in the same order
		t := a.b.tables[l.Table]
		if err := a.insert(ctx, t, a.appended[l.Table]); err != nil {
			return err
		}
		if err := a.upsert(ctx, t, a.keyed[l.Table]); err != nil {
			return err
		}
	}
	return nil
}

func failed(gs []crm.Guard, revs map[place]int64) *crm.Guard {
	for i := range gs {
		if revs[place{gs[i].Table, gs[i].Key}] != gs[i].Rev {
			return &gs[i]
		}
	}
	return nil
}

// chunks are how many rows, or keys, one statement takes.
var chunks = [...]int{64, 16, 4, 1}

// revisions reads what all guards look at; absent rows are 0.
func (a *apply) revisions(ctx context.Context, bs []crm.Batch) error {
	for i := range bs {
		for _, g := range bs[i].Guards {
			p := place{g.Table, g.Key}
			if _, seen := a.revs[p]; !seen {
				a.revs[p] = 0
				a.keys[g.Table] = append(a.keys[g.Table], g.Key)
			}
		}
	}
	for table, ks := range a.keys {
		t, ok := a.b.tables[table]
		if len(ks) > 0 && (!ok || t.Append) {
			return fmt.Errorf("%w: a guard on %q", crm.ErrTable, table)
		}
		for len(ks) > 0 {
			n := chunk(len(ks))
			if err := a.lookUp(ctx, t, ks[:n]); err != nil {
				return err
			}
			ks = ks[n:]
		}
	}
	return nil
}

func chunk(n int) int {
	for _, c := range chunks {
		if c <= n {
			return c
		}
	}
	return 1
}

func (a *apply) lookUp(ctx context.Context, t *table, keys []string) error {
	s, err := a.b.write(ctx, "SELECT key, rev FROM "+t.name+" WHERE key IN (?"+strings.Repeat(",?", len(keys)-1)+")")
	if err != nil {
		return err
	}
	a.args = a.args[:0]
	for _, k := range keys {
		a.args = append(a.args, k)
	}
	rows, err := s.QueryContext(ctx, a.args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var (
		key sql.RawBytes
		rev int64
	)
	for rows.Next() {
		if err := rows.Scan(&key, &rev); err != nil {
			return err
		}
		a.revs[place{t.Table, string(key)}] = rev
	}
	return rows.Err()
}

func (a *apply) insert(ctx context.Context, t *table, rows []crm.Row) error {
	for len(rows) > 0 {
		n := chunk(len(rows))
		s, err := a.b.write(ctx, t.insert(n))
		if err != nil {
			return err
		}
		a.args = a.args[:0]
		for i := range rows[:n] {
			a.args = t.values(a.args, &rows[i])
		}
		if _, err := s.ExecContext(ctx, a.args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// upsert writes the last row of each key, and removes those that are gone.
func (a *apply) upsert(ctx context.Context, t *table, rows []crm.Row) error {
	if len(rows) == 0 {
		return nil
	}
	clear(a.last)
	for i := range rows {
		a.last[rows[i].Key] = i
	}
	kept := rows[:0]
	for i, r := range rows {
		switch {
		case a.last[r.Key] != i:
		case r.Gone:
			if err := a.b.exec(ctx, "DELETE FROM "+t.name+" WHERE key=?", r.Key); err != nil {
				return err
			}
		default:
			kept = append(kept, r)
		}
	}
	return a.insert(ctx, t, kept)
}

// drop removes what is selected, and opens the append-only tables for it.
func (a *apply) drop(ctx context.Context, qs []crm.Select) error {
	if len(qs) == 0 {
		return nil
	}
	if err := a.b.exec(ctx, "UPDATE crm_heads SET retention=1"); err != nil {
		return err
	}
	for _, q := range qs {
		t, ok := a.b.tables[q.Table]
		if !ok || q.Table == crm.Audit || q.Table == crm.Heads {
			return fmt.Errorf("%w: %q cannot be dropped from", crm.ErrTable, q.Table)
		}
		where, args, err := t.where(q.Where)
		if err != nil {
			return err
		}
		if err := a.b.exec(ctx, "DELETE FROM "+t.name+where, args...); err != nil {
			return err
		}
	}
	return a.b.exec(ctx, "UPDATE crm_heads SET retention=0")
}
