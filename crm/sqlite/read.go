package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/hubkit/hubkit/crm"
)

// page is how many rows are read at once. Between pages no connection and no
// snapshot is held, so that a slow caller neither stops others nor the
// emptying of the log.
const page = 256

// Rows implements crm.Backend.
func (b *Backend) Rows(ctx context.Context, q crm.Select) iter.Seq2[crm.Row, error] {
	return func(yield func(crm.Row, error) bool) {
		fail := func(err error) { yield(crm.Row{}, fmt.Errorf("crm/sqlite: %w", err)) }
		s, err := b.selection(q)
		if err != nil {
			fail(err)
			return
		}
		for left := q.Limit; ; {
			n := page
			if q.Limit > 0 {
				n = min(left, page)
			}
			rows, err := s.next(ctx, n)
			if err != nil {
				fail(err)
				return
			}
			for i := range rows {
				if !yield(rows[i], nil) {
					return
				}
			}
			if left -= n; len(rows) < n || (q.Limit > 0 && left <= 0) {
				return
			}
		}
	}
}

// selection pages through a Select by its order.
type selection struct {
	b     *Backend
	t     *table
	bare  bool
	by    string // column of the order
	tie   string // "key" or "seq"; equal to by when that is all
	head  string // SELECT … FROM … WHERE …
	args  []any
	desc  bool
	after []any // values of by and tie of the last row; nil at first
}

func (b *Backend) selection(q crm.Select) (*selection, error) {
	t, ok := b.tables[q.Table]
	if !ok {
		return nil, fmt.Errorf("%w: %q", crm.ErrTable, q.Table)
	}
	s := &selection{b: b, t: t, bare: q.Bare, by: q.By, tie: "key", desc: q.Desc}
	if t.Append {
		s.tie = "seq"
	}
	if s.by == "" {
		s.by = s.tie
	}
	if _, ok := t.kinds[s.by]; !ok {
		return nil, fmt.Errorf("%w: %s.%s", crm.ErrTable, t.Table, s.by)
	}
	where, args, err := t.where(q.Where)
	if err != nil {
		return nil, err
	}
	columns := t.columns
	if q.Bare {
		columns = columns[:len(columns)-1]
	}
	s.head, s.args = "SELECT "+strings.Join(columns, ",")+" FROM "+t.name+where, args
	return s, nil
}

func (s *selection) next(ctx context.Context, n int) ([]crm.Row, error) {
	var q strings.Builder
	q.WriteString(s.head)
	way, order := ">", ""
	if s.desc {
		way, order = "<", " DESC"
	}
	args := s.args
	if s.after != nil {
		if len(s.args) == 0 && !strings.Contains(s.head, " WHERE ") {
			q.WriteString(" WHERE ")
		} else {
			q.WriteString(" AND ")
		}
		if s.by == s.tie {
			q.WriteString(s.by + way + "?")
			args = append(args[:len(args):len(args)], s.after[1])
		} else {
			q.WriteString("(" + s.by + "," + s.tie + ")" + way + "(?,?)")
			args = append(args[:len(args):len(args)], s.after...)
		}
	}
	q.WriteString(" ORDER BY " + s.by + order)
	if s.by != s.tie {
		q.WriteString("," + s.tie + order)
	}
	q.WriteString(" LIMIT ?")
	args = append(args[:len(args):len(args)], n)
	st, err := s.b.read(ctx, q.String())
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	got, err := s.t.scan(rows, s.bare)
	if err != nil || len(got) == 0 {
		return got, err
	}
	last := &got[len(got)-1]
	s.after = []any{s.t.value(last, s.by), s.t.value(last, s.tie)}
	return got, nil
}

// read returns the prepared statement of a query for the readers.
func (b *Backend) read(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := b.reads.Load(query); ok {
		return s.(*sql.Stmt), nil
	}
	s, err := b.pool.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if known, loaded := b.reads.LoadOrStore(query, s); loaded {
		return known.(*sql.Stmt), s.Close()
	}
	return s, nil
}

// scan reads and closes rows.
func (t *table) scan(rows *sql.Rows, bare bool) (got []crm.Row, err error) {
	defer func() {
		if e := rows.Close(); err == nil {
			err = e
		}
	}()
	for rows.Next() {
		r := crm.Row{Table: t.Table, Clear: make([]any, len(t.Columns))}
		dest := make([]any, 0, len(t.columns))
		if !t.Append {
			dest = append(dest, &r.Key, &r.Rev)
		}
		dest = append(dest, &r.Seq)
		for i := range r.Clear {
			dest = append(dest, &r.Clear[i])
		}
		if !bare {
			dest = append(dest, &r.Sealed)
		}
		if err := rows.Scan(dest...); err != nil {
			return nil, err
		}
		for i, c := range t.Columns {
			// A driver may give text as bytes.
			if v, ok := r.Clear[i].([]byte); ok && c.Kind == crm.String {
				r.Clear[i] = string(v)
			}
		}
		got = append(got, r)
	}
	return got, rows.Err()
}

func (t *table) value(r *crm.Row, column string) any {
	switch column {
	case "key":
		return r.Key
	case "rev":
		return r.Rev
	case "seq":
		return r.Seq
	}
	for i, c := range t.Columns {
		if c.Name == column {
			return r.Clear[i]
		}
	}
	return nil
}

// Claim implements crm.Backend.
func (b *Backend) Claim(ctx context.Context, c crm.Claim) ([]crm.Row, error) {
	t, ok := b.tables[c.Table]
	if !ok || !t.Queue {
		return nil, fmt.Errorf("crm/sqlite: %w: %q is not a queue", crm.ErrTable, c.Table)
	}
	now := c.Now.UnixMilli()
	var rows []crm.Row
	err := b.transact(ctx, func(seq int64, link []byte) (int64, []byte, error) {
		claim := func(set, which string, limit int) error {
			if limit <= 0 {
				return nil
			}
			s, err := b.write(ctx, "UPDATE "+t.name+" SET rev=?, lease=?, until=?"+set+" WHERE key IN (SELECT key FROM "+t.name+
				" q WHERE lane=? AND due<=? AND "+which+" ORDER BY due, seq, part, key LIMIT ?) RETURNING "+strings.Join(t.columns, ","))
			if err != nil {
				return err
			}
			found, err := s.QueryContext(context.WithoutCancel(ctx), seq+1, seq+1, c.Until.UnixMilli(), c.Lane, now, now, limit)
			if err != nil {
				return err
			}
			got, err := t.scan(found, false)
			t.sortClaimed(got)
			rows = append(rows, got...)
			return err
		}
		doubt := fmt.Sprintf("open>=%d AND (until<=? OR open=%d AND until IS NULL)", crm.OpenBusy, crm.OpenDoubt)
		if err := claim(fmt.Sprintf(", open=%d", crm.OpenDoubt), doubt, c.Limit); err != nil {
			return 0, nil, err
		}
		doubts := len(rows)
		for class := range crm.Classes { // each by itself, so that the index leads straight to what is due
			open := fmt.Sprintf("open=%d AND class=%d AND (until<=? OR until IS NULL)", crm.OpenDue, class)
			if c.Ordered {
				open += " AND NOT EXISTS (SELECT 1 FROM " + t.name + " o WHERE o.thread=q.thread AND o.lane=q.lane" +
					fmt.Sprintf(" AND o.open IS NOT NULL AND o.open<%d", crm.OpenDoubt) + " AND (o.seq,o.part)<(q.seq,q.part))"
			}
			if err := claim("", open, c.Limit-len(rows)+doubts); err != nil {
				return 0, nil, err
			}
		}
		if len(rows) == 0 {
			return seq, link, nil
		}
		return seq + 1, link, nil
	})
	if err != nil {
		return nil, err
	}
	return rows, nil
}

// Watch implements crm.Backend by looking at the head every Config.Poll.
func (b *Backend) Watch(ctx context.Context, after int64) iter.Seq2[int64, error] {
	return func(yield func(int64, error) bool) {
		tick := time.NewTicker(b.config.Poll)
		defer tick.Stop()
		for {
			var seq int64
			s, err := b.read(ctx, "SELECT seq FROM crm_heads")
			if err == nil {
				err = s.QueryRowContext(ctx).Scan(&seq)
			}
			if ctx.Err() != nil {
				yield(after, ctx.Err())
				return
			}
			if err != nil {
				yield(after, fmt.Errorf("crm/sqlite: %w", err))
				return
			}
			if seq > after {
				after = seq
				if !yield(seq, nil) {
					return
				}
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
				yield(after, ctx.Err())
				return
			}
		}
	}
}
