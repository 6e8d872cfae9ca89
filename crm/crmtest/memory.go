package crmtest

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"

	"github.com/hubkit/hubkit/crm"
)

// Memory is a crm.Backend that forgets everything with the process: for tests,
// and for trying things out. Safe for concurrent use.
type Memory struct {
	mu      sync.Mutex
	seq     int64
	link    []byte
	layouts map[crm.Table]crm.Layout
	rows    map[crm.Table]map[string]crm.Row // by key, or by number in append tables
	grown   chan struct{}                    // closed and replaced when seq grows
}

var _ crm.Backend = (*Memory)(nil)

// NewMemory returns an empty Memory.
func NewMemory() *Memory {
	m := &Memory{layouts: map[crm.Table]crm.Layout{}, rows: map[crm.Table]map[string]crm.Row{}, grown: make(chan struct{})}
	for _, l := range crm.Layouts() {
		m.layouts[l.Table] = l
		m.rows[l.Table] = map[string]crm.Row{}
	}
	m.setHead()
	return m
}

func (m *Memory) setHead() {
	m.rows[crm.Heads]["head"] = crm.Row{Table: crm.Heads, Key: "head", Seq: m.seq, Sealed: bytes.Clone(m.link)}
}

// Apply implements crm.Backend.
func (m *Memory) Apply(_ context.Context, bs []crm.Batch) ([]crm.Outcome, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range bs {
		if err := m.fits(&bs[i]); err != nil {
			return nil, err
		}
	}
	outs := make([]crm.Outcome, len(bs))
	var audit []crm.Row
	for i := range bs {
		b := &bs[i]
		if g := m.failed(b.Guards); g != nil {
			outs[i].Err = &crm.GuardError{Guard: *g}
			continue
		}
		outs[i].Seq = m.seq + 1
		for _, q := range b.Drops {
			for k, r := range m.rows[q.Table] {
				if m.matches(&r, q.Where) {
					delete(m.rows[q.Table], k)
				}
			}
		}
		for _, r := range b.Writes {
			m.put(r, outs[i].Seq)
		}
		for _, r := range b.Audit {
			m.seq++
			r.Seq, r.Clear = m.seq, slices.Clone(r.Clear)
			audit = append(audit, r)
		}
		m.seq = max(m.seq, outs[i].Seq)
	}
	if len(audit) > 0 {
		m.link = crm.Chain(m.link, audit)
		for _, r := range audit {
			m.rows[crm.Audit][number(r.Seq)] = r
		}
	}
	m.changed()
	return outs, nil
}

func (m *Memory) changed() {
	m.setHead()
	close(m.grown)
	m.grown = make(chan struct{})
}

// fits finds before anything is written what cannot be.
func (m *Memory) fits(b *crm.Batch) error {
	for _, r := range b.Writes {
		l, ok := m.layouts[r.Table]
		if !ok || (!r.Gone && len(r.Clear) != len(l.Columns)) || (!l.Append && r.Key == "") {
			return fmt.Errorf("crmtest: %w: a row of %q does not fit its layout", crm.ErrTable, r.Table)
		}
	}
	for _, g := range b.Guards {
		if l, ok := m.layouts[g.Table]; !ok || l.Append {
			return fmt.Errorf("crmtest: %w: a guard on %q", crm.ErrTable, g.Table)
		}
	}
	for _, q := range b.Drops {
		if _, ok := m.layouts[q.Table]; !ok || q.Table == crm.Audit || q.Table == crm.Heads {
			return fmt.Errorf("crmtest: %w: %q cannot be dropped from", crm.ErrTable, q.Table)
		}
		if err := m.known(q); err != nil {
			return err
		}
	}
	return nil
}

func (m *Memory) failed(gs []crm.Guard) *crm.Guard {
	for i, g := range gs {
		if m.rows[g.Table][g.Key].Rev != g.Rev {
			return &gs[i]
		}
	}
	return nil
}

func (m *Memory) put(r crm.Row, first int64) {
	t := m.rows[r.Table]
	switch {
	case m.layouts[r.Table].Append:
		m.seq++
		r.Seq = m.seq
		t[number(r.Seq)] = copied(r)
	case r.Gone:
		delete(t, r.Key)
	default:
		r.Seq = first
		if old, ok := t[r.Key]; ok {
			r.Seq = old.Seq
		}
		t[r.Key] = copied(r)
	}
}

func number(n int64) string { return fmt.Sprintf("%020d", n) }

func copied(r crm.Row) crm.Row {
	r.Clear, r.Sealed = slices.Clone(r.Clear), bytes.Clone(r.Sealed)
	return r
}

// value returns a column of a row; nil when it is empty.
func (m *Memory) value(r *crm.Row, column string) any {
	switch column {
	case "key":
		return r.Key
	case "rev":
		return r.Rev
	case "seq":
		return r.Seq
	}
	for i, c := range m.layouts[r.Table].Columns {
		if c.Name == column {
			return r.Clear[i]
		}
	}
	return nil
}

func (m *Memory) matches(r *crm.Row, ws []crm.Where) bool {
	for _, w := range ws {
		v := m.value(r, w.Column)
		if v == nil || w.Value == nil {
			if w.Op != crm.Is || v != w.Value {
				return false
			}
			continue
		}
		n := compare(v, w.Value)
		if ok := [...]bool{crm.Is: n == 0, crm.Below: n < 0, crm.AtLeast: n >= 0, crm.Above: n > 0, crm.Not: n != 0}[w.Op]; !ok {
			return false
		}
	}
	return true
}

func compare(x, y any) int {
	switch x := x.(type) {
	case int64:
		y, _ := y.(int64)
		return cmp.Compare(x, y)
	case string:
		y, _ := y.(string)
		return cmp.Compare(x, y)
	case []byte:
		y, _ := y.([]byte)
		return bytes.Compare(x, y)
	}
	return 0
}

// known finds columns that do not exist, and comparisons with nil.
func (m *Memory) known(q crm.Select) error {
	l, ok := m.layouts[q.Table]
	if !ok {
		return fmt.Errorf("crmtest: %w: %q", crm.ErrTable, q.Table)
	}
	names := []string{"seq", q.By}
	if !l.Append {
		names = append(names, "key", "rev")
	}
	for _, c := range l.Columns {
		names = append(names, c.Name)
	}
	for _, w := range q.Where {
		if !slices.Contains(names, w.Column) || w.Column == "" || (w.Value == nil && w.Op != crm.Is) {
			return fmt.Errorf("crmtest: %w: %s.%s", crm.ErrTable, q.Table, w.Column)
		}
	}
	if q.By != "" && !slices.Contains(append(names[:1:1], names[2:]...), q.By) {
		return fmt.Errorf("crmtest: %w: %s.%s", crm.ErrTable, q.Table, q.By)
	}
	return nil
}

// Rows implements crm.Backend.
func (m *Memory) Rows(ctx context.Context, q crm.Select) iter.Seq2[crm.Row, error] {
	return func(yield func(crm.Row, error) bool) {
		if err := m.known(q); err != nil {
			yield(crm.Row{}, err)
			return
		}
		for _, r := range m.selected(q) {
			if err := ctx.Err(); err != nil {
				yield(crm.Row{}, err)
				return
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

func (m *Memory) selected(q crm.Select) []crm.Row {
	m.mu.Lock()
	defer m.mu.Unlock()
	var rs []crm.Row
	if key, ok := oneKey(q); ok {
		if r, ok := m.rows[q.Table][key]; ok && m.matches(&r, q.Where) {
			rs = append(rs, copied(r))
		}
	} else {
		for _, r := range m.rows[q.Table] {
			if m.matches(&r, q.Where) {
				rs = append(rs, copied(r))
			}
		}
	}
	tie := "key"
	if m.layouts[q.Table].Append {
		tie = "seq"
	}
	by := cmp.Or(q.By, tie)
	slices.SortFunc(rs, func(x, y crm.Row) int {
		n := cmp.Or(compare(m.value(&x, by), m.value(&y, by)), compare(m.value(&x, tie), m.value(&y, tie)))
		if q.Desc {
			return -n
		}
		return n
	})
	if q.Limit > 0 && len(rs) > q.Limit {
		rs = rs[:q.Limit]
	}
	for i := range rs {
		if q.Bare {
			rs[i].Sealed = nil
		}
	}
	return rs
}

func oneKey(q crm.Select) (string, bool) {
	for _, w := range q.Where {
		if k, ok := w.Value.(string); ok && w.Column == "key" && w.Op == crm.Is {
			return k, true
		}
	}
	return "", false
}

// Claim implements crm.Backend.
func (m *Memory) Claim(_ context.Context, c crm.Claim) ([]crm.Row, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.layouts[c.Table].Queue {
		return nil, fmt.Errorf("crmtest: %w: %q is not a queue", crm.ErrTable, c.Table)
	}
	var open []crm.Row
	for _, r := range m.rows[c.Table] {
		if m.value(&r, "lane") == c.Lane && m.value(&r, "open") != nil {
			open = append(open, copied(r))
		}
	}
	place := func(x, y *crm.Row) int {
		return cmp.Or(cmp.Compare(x.Seq, y.Seq), compare(m.value(x, "part"), m.value(y, "part")), cmp.Compare(x.Key, y.Key))
	}
	now := c.Now.UnixMilli()
	var due, doubts []crm.Row
	column := func(name string) int {
		return slices.IndexFunc(m.layouts[c.Table].Columns, func(c crm.Column) bool { return c.Name == name })
	}
	free := func(r *crm.Row) bool {
		until, leased := m.value(r, "until").(int64)
		return m.value(r, "due").(int64) <= now && (!leased || until <= now)
	}
	inOrder := func(x, y crm.Row) int {
		return cmp.Or(compare(m.value(&x, "class"), m.value(&y, "class")), compare(m.value(&x, "due"), m.value(&y, "due")), place(&x, &y))
	}
	slices.SortFunc(open, inOrder)
	for i := range open {
		r := &open[i]
		if m.value(r, "open") != int64(crm.OpenDue) && free(r) && len(doubts) < c.Limit {
			r.Clear[column("open")] = int64(crm.OpenDoubt)
			doubts = append(doubts, *r)
		}
	}
	first := map[any]*crm.Row{}
	for i := range open {
		r := &open[i]
		thread := m.value(r, "thread")
		if f := first[thread]; m.value(r, "open") != int64(crm.OpenDoubt) && (f == nil || place(r, f) < 0) {
			first[thread] = r
		}
	}
	for i := range open {
		r := &open[i]
		if m.value(r, "open") == int64(crm.OpenDue) && free(r) && len(due) < c.Limit && (!c.Ordered || first[m.value(r, "thread")] == r) {
			due = append(due, *r)
		}
	}
	due = append(doubts, due...)
	if len(due) == 0 {
		return nil, nil
	}
	m.seq++
	for i := range due {
		due[i].Rev, due[i].Clear[column("lease")], due[i].Clear[column("until")] = m.seq, m.seq, c.Until.UnixMilli()
		m.rows[c.Table][due[i].Key] = copied(due[i])
	}
	m.changed()
	return due, nil
}

// Watch implements crm.Backend.
func (m *Memory) Watch(ctx context.Context, after int64) iter.Seq2[int64, error] {
	return func(yield func(int64, error) bool) {
		for {
			m.mu.Lock()
			seq, grown := m.seq, m.grown
			m.mu.Unlock()
			if seq > after {
				after = seq
				if !yield(seq, nil) {
					return
				}
				continue
			}
			select {
			case <-grown:
			case <-ctx.Done():
				yield(after, ctx.Err())
				return
			}
		}
	}
}
