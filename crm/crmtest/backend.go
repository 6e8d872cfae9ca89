package crmtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hubkit/hubkit/crm"
)

// Opener makes the backends that TestBackend tries.
type Opener struct {
	// Open returns an empty backend, which the test's Cleanup closes.
	Open func(t *testing.T) crm.Backend
	// Reopen closes b and opens what it kept, as a restart does. Nil for a
	// backend that keeps nothing.
	Reopen func(t *testing.T, b crm.Backend) crm.Backend
}

// TestBackend proves that a backend keeps the contract of crm.Backend. Run it
// with -race.
func TestBackend(t *testing.T, o Opener) {
	for _, c := range []struct {
		name string
		run  func(suite, *testing.T)
	}{
		{"a batch is whole or absent", suite.whole},
		{"a failed guard touches no other batch", suite.guards},
		{"batches of a group see each other", suite.visible},
		{"numbers have no gaps", suite.numbers},
		{"rows come in order and as selected", suite.rows},
		{"a caller may stop, and write, while rows stream", suite.streaming},
		{"what does not fit is refused", suite.refusals},
		{"two claims never share a row", suite.claims},
		{"an ordered claim never overtakes", suite.ordered},
		{"what a dead lease left is in doubt", suite.doubts},
		{"classes go before each other", suite.classes},
		{"the audit chains once a group", suite.chain},
		{"drops remove what they select, never the audit", suite.drops},
		{"watch tells of every commit", suite.watch},
		{"concurrent callers lose nothing", suite.concurrent},
		{"what was committed survives reopening", suite.reopen},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(suite{Opener: o, Backend: o.Open(t)}, t) })
	}
}

type suite struct {
	Opener
	crm.Backend
}

// fact is a row of the simplest keyed table.
func fact(key string, rev int64, value string) crm.Row {
	return crm.Row{Table: crm.Facts, Key: key, Rev: rev, Sealed: []byte(value)}
}

func absent(key string) crm.Guard        { return crm.Guard{Table: crm.Facts, Key: key} }
func at(key string, rev int64) crm.Guard { return crm.Guard{Table: crm.Facts, Key: key, Rev: rev} }
func writes(rows ...crm.Row) crm.Batch   { return crm.Batch{Writes: rows} }
func keyIs(key string) []crm.Where       { return []crm.Where{{Column: "key", Value: key}} }
func said(thread string, n int64) crm.Row {
	return crm.Row{Table: crm.Interactions, Clear: []any{thread, n, int64(0)}, Sealed: fmt.Appendf(nil, "%s %d", thread, n)}
}

func audited(object string) crm.Row {
	return crm.Row{Table: crm.Audit, Clear: []any{"ua", "bot:hub", "turn", object, int64(1), nil}, Sealed: []byte(object)}
}

func waiting(key, thread, lane string, due, part int64) crm.Row {
	return crm.Row{
		Table: crm.Outbox, Key: key, Rev: 1, Sealed: []byte(key),
		Clear: []any{thread, lane, int64(1), due, nil, int64(crm.OpenDue), part, nil, key, nil, nil, int64(1), nil, nil, nil, due},
	}
}

func (s suite) apply(t *testing.T, bs ...crm.Batch) []crm.Outcome {
	t.Helper()
	outs, err := s.Apply(t.Context(), bs)
	if err != nil {
		t.Fatalf("Apply: %v", err)
	}
	if len(outs) != len(bs) {
		t.Fatalf("Apply returned %d outcomes for %d batches", len(outs), len(bs))
	}
	return outs
}

func (s suite) all(t *testing.T, q crm.Select) []crm.Row {
	t.Helper()
	var rs []crm.Row
	for r, err := range s.Rows(t.Context(), q) {
		if err != nil {
			t.Fatalf("Rows: %v", err)
		}
		rs = append(rs, r)
	}
	return rs
}

func (s suite) keys(t *testing.T, q crm.Select) string {
	t.Helper()
	var ks []string
	for _, r := range s.all(t, q) {
		ks = append(ks, r.Key)
	}
	return strings.Join(ks, " ")
}

func (s suite) head(t *testing.T) crm.Row {
	t.Helper()
	rs := s.all(t, crm.Select{Table: crm.Heads})
	if len(rs) != 1 {
		t.Fatalf("the table heads has %d rows, not one", len(rs))
	}
	return rs[0]
}

func guardErr(err error) *crm.GuardError {
	var g *crm.GuardError
	errors.As(err, &g)
	return g
}

func (s suite) whole(t *testing.T) {
	outs := s.apply(t, crm.Batch{
		Guards: []crm.Guard{absent("ua/a")},
		Writes: []crm.Row{fact("ua/a", 1, "one"), fact("ua/b", 1, "two"), said("ua/t", 1)},
		Audit:  []crm.Row{audited("ua/a")},
	})
	if outs[0].Err != nil {
		t.Fatalf("a batch whose guards hold was refused: %v", outs[0].Err)
	}
	outs = s.apply(t, crm.Batch{
		Guards: []crm.Guard{at("ua/a", 1), absent("ua/b")},
		Writes: []crm.Row{fact("ua/a", 2, "other"), fact("ua/c", 1, "three"), said("ua/t", 2)},
		Audit:  []crm.Row{audited("ua/c")},
	})
	g := guardErr(outs[0].Err)
	if g == nil || g.Guard.Key != "ua/b" {
		t.Fatalf("the second guard fails, and the outcome says %v", outs[0].Err)
	}
	if got := s.keys(t, crm.Select{Table: crm.Facts}); got != "ua/a ua/b" {
		t.Errorf("a refused batch left rows: facts are %q", got)
	}
	if r := s.all(t, crm.Select{Table: crm.Facts, Where: keyIs("ua/a")})[0]; r.Rev != 1 || string(r.Sealed) != "one" {
		t.Errorf("a refused batch changed a row to rev %d", r.Rev)
	}
	if n := len(s.all(t, crm.Select{Table: crm.Interactions})); n != 1 {
		t.Errorf("a refused batch appended: %d interactions", n)
	}
	if n := len(s.all(t, crm.Select{Table: crm.Audit})); n != 1 {
		t.Errorf("a refused batch was audited: %d rows", n)
	}
}

func (s suite) guards(t *testing.T) {
	s.apply(t, writes(fact("ua/a", 7, "x")))
	outs := s.apply(t,
		crm.Batch{Guards: []crm.Guard{at("ua/a", 6)}, Writes: []crm.Row{fact("ua/1", 1, "")}},
		crm.Batch{Guards: []crm.Guard{at("ua/a", 7)}, Writes: []crm.Row{fact("ua/2", 1, "")}},
		crm.Batch{Guards: []crm.Guard{absent("ua/a")}, Writes: []crm.Row{fact("ua/3", 1, "")}},
		crm.Batch{Guards: []crm.Guard{at("ua/none", 1)}, Writes: []crm.Row{fact("ua/4", 1, "")}},
		crm.Batch{Guards: []crm.Guard{absent("ua/none")}, Writes: []crm.Row{fact("ua/5", 1, "")}},
	)
	for i, want := range []bool{false, true, false, false, true} {
		if (outs[i].Err == nil) != want {
			t.Errorf("batch %d: won is %v: %v", i, outs[i].Err == nil, outs[i].Err)
		}
	}
	if got := s.keys(t, crm.Select{Table: crm.Facts}); got != "ua/2 ua/5 ua/a" {
		t.Errorf("facts are %q", got)
	}
}

func (s suite) visible(t *testing.T) {
	outs := s.apply(t,
		crm.Batch{Guards: []crm.Guard{absent("ua/a")}, Writes: []crm.Row{fact("ua/a", 1, "one")}},
		crm.Batch{Guards: []crm.Guard{absent("ua/a")}, Writes: []crm.Row{fact("ua/a", 1, "late")}},
		crm.Batch{Guards: []crm.Guard{at("ua/a", 1)}, Writes: []crm.Row{fact("ua/a", 2, "two")}},
		crm.Batch{Guards: []crm.Guard{at("ua/a", 2)}, Writes: []crm.Row{{Table: crm.Facts, Key: "ua/a", Gone: true}}},
		crm.Batch{Guards: []crm.Guard{absent("ua/a")}, Writes: []crm.Row{fact("ua/a", 5, "again"), fact("ua/a", 6, "twice")}},
	)
	for i, want := range []bool{true, false, true, true, true} {
		if (outs[i].Err == nil) != want {
			t.Errorf("batch %d: won is %v: %v", i, outs[i].Err == nil, outs[i].Err)
		}
	}
	rs := s.all(t, crm.Select{Table: crm.Facts})
	if len(rs) != 1 || rs[0].Rev != 6 || string(rs[0].Sealed) != "twice" {
		t.Errorf("facts are %v", rs)
	}
	made := s.apply(t, writes(fact("ua/b", 1, "")))[0].Seq
	s.apply(t, writes(fact("ua/b", 2, "")))
	if r := s.all(t, crm.Select{Table: crm.Facts, Where: keyIs("ua/b")})[0]; r.Seq != made {
		t.Errorf("replacing a row changed the number it was made at from %d to %d", made, r.Seq)
	}
}

func (s suite) numbers(t *testing.T) {
	start := s.head(t).Seq
	outs := s.apply(t,
		writes(said("ua/t", 1), said("ua/t", 2)),
		writes(fact("ua/a", 1, "")),
		crm.Batch{Guards: []crm.Guard{at("ua/a", 9)}, Writes: []crm.Row{said("ua/t", 3)}},
		crm.Batch{Writes: []crm.Row{fact("ua/b", 1, ""), said("ua/t", 4)}, Audit: []crm.Row{audited("x"), audited("y")}},
		writes(said("ua/t", 5)),
	)
	for i, want := range []int64{1, 3, 0, 4, 7} {
		if want > 0 && outs[i].Seq != start+want {
			t.Errorf("batch %d took %d first, not %d", i, outs[i].Seq-start, want)
		}
	}
	if end := s.head(t).Seq; end != start+7 {
		t.Errorf("the head is %d, not %d", end-start, 7)
	}
	for i, r := range s.all(t, crm.Select{Table: crm.Interactions}) {
		if want := []int64{1, 2, 4, 7}[i]; r.Seq != start+want {
			t.Errorf("interaction %d has number %d, not %d", i, r.Seq-start, want)
		}
	}
}

func (s suite) rows(t *testing.T) {
	var rs []crm.Row
	for i := range int64(600) {
		rs = append(rs, said([]string{"ua/odd", "ua/even"}[i%2], i))
	}
	s.apply(t, writes(rs...))
	even := crm.Where{Column: "thread", Value: "ua/even"}
	got := s.all(t, crm.Select{Table: crm.Interactions, Where: []crm.Where{even}})
	if len(got) != 300 || !slices.IsSortedFunc(got, func(x, y crm.Row) int { return int(x.Seq - y.Seq) }) {
		t.Errorf("%d rows of one thread, or out of order", len(got))
	}
	if string(got[0].Sealed) != "ua/even 1" || got[0].Clear[1] != int64(1) || got[0].Clear[0] != "ua/even" {
		t.Errorf("a row came back as %v %q", got[0].Clear, got[0].Sealed)
	}
	got = s.all(t, crm.Select{Table: crm.Interactions, Desc: true, Limit: 290, Bare: true, Where: []crm.Where{even, {Column: "at", Op: crm.Below, Value: int64(500)}}})
	if len(got) != 250 || got[0].Clear[1] != int64(499) || got[0].Sealed != nil {
		t.Errorf("backwards: %d rows", len(got))
	}
	got = s.all(t, crm.Select{Table: crm.Interactions, Limit: 280, Where: []crm.Where{{Column: "at", Op: crm.AtLeast, Value: int64(10)}, {Column: "at", Op: crm.Above, Value: int64(10)}}})
	if len(got) != 280 || got[0].Clear[1] != int64(11) {
		t.Errorf("bounded: %d rows", len(got))
	}
	ticket := func(key, owner string, opened int64, closed any) crm.Row {
		var o any
		if owner != "" {
			o = owner
		}
		return crm.Row{Table: crm.Tickets, Key: key, Rev: 1, Sealed: []byte("s"), Clear: []any{"ua", "q", nil, "ua/t", o, opened, closed}}
	}
	s.apply(t, writes(ticket("ua/3", "", 5, nil), ticket("ua/1", "ann", 9, nil), ticket("ua/2", "", 5, nil), ticket("ua/4", "ann", 1, int64(7))))
	for _, c := range []struct {
		want string
		q    crm.Select
	}{
		{"ua/1 ua/2 ua/3 ua/4", crm.Select{}},
		{"ua/4 ua/2 ua/3 ua/1", crm.Select{By: "opened"}},
		{"ua/1 ua/3 ua/2 ua/4", crm.Select{By: "opened", Desc: true}},
		{"ua/2 ua/3", crm.Select{Where: []crm.Where{{Column: "owner"}}}},
		{"ua/1 ua/4", crm.Select{Where: []crm.Where{{Column: "owner", Value: "ann"}}}},
		{"ua/4", crm.Select{Where: []crm.Where{{Column: "closed", Op: crm.Above, Value: int64(0)}}}},
		{"ua/1 ua/4", crm.Select{Where: []crm.Where{{Column: "owner", Op: crm.Not, Value: "bob"}}}},
		{"", crm.Select{Where: []crm.Where{{Column: "owner", Op: crm.Not, Value: "ann"}}}},
		{"ua/2", crm.Select{By: "opened", Limit: 1, Where: []crm.Where{{Column: "closed"}}}},
		{"", crm.Select{Where: keyIs("ua/5")}},
	} {
		c.q.Table = crm.Tickets
		if got := s.keys(t, c.q); got != c.want {
			t.Errorf("%+v selects %q, not %q", c.q, got, c.want)
		}
	}
}

func (s suite) streaming(t *testing.T) {
	var rs []crm.Row
	for i := range 700 {
		rs = append(rs, fact(fmt.Sprintf("ua/%04d", i), 1, "x"))
	}
	s.apply(t, writes(rs...))
	n := 0
	for r, err := range s.Rows(t.Context(), crm.Select{Table: crm.Facts}) {
		if err != nil {
			t.Fatalf("Rows: %v", err)
		}
		for range s.Rows(t.Context(), crm.Select{Table: crm.Facts, Where: keyIs(r.Key)}) {
			n++
		}
		if n%100 == 0 {
			s.apply(t, writes(fact(r.Key, 2, "y")))
		}
	}
	if n != 700 {
		t.Errorf("%d rows of 700, read and written while streaming", n)
	}
	for range s.Rows(t.Context(), crm.Select{Table: crm.Facts}) {
		break
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range s.Rows(ctx, crm.Select{Table: crm.Facts}) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("Rows of an ended context yields %v", err)
		}
		break
	}
}

func (s suite) refusals(t *testing.T) {
	for name, b := range map[string]crm.Batch{
		"a table that does not exist": writes(crm.Row{Table: "none", Key: "ua/a", Rev: 1}),
		"a row without a key":         writes(crm.Row{Table: crm.Facts, Rev: 1}),
		"too few columns":             writes(crm.Row{Table: crm.Persons, Key: "ua/a", Rev: 1, Clear: []any{"ua"}}),
		"a guard on an append table":  {Guards: []crm.Guard{{Table: crm.Interactions, Key: "ua/a"}}},
		"a drop of audit rows":        {Drops: []crm.Select{{Table: crm.Audit}}},
		"a drop by an unknown column": {Drops: []crm.Select{{Table: crm.Facts, Where: []crm.Where{{Column: "none", Value: "x"}}}}},
	} {
		if _, err := s.Apply(t.Context(), []crm.Batch{writes(fact("ua/beside", 1, "")), b}); !errors.Is(err, crm.ErrTable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := s.keys(t, crm.Select{Table: crm.Facts}); got != "" {
		t.Errorf("an Apply that failed left %q", got)
	}
	for _, q := range []crm.Select{
		{Table: "none"},
		{Table: crm.Facts, By: "none"},
		{Table: crm.Facts, Where: []crm.Where{{Column: "none", Value: "x"}}},
		{Table: crm.Threads, Where: []crm.Where{{Column: "owner", Op: crm.Above}}},
		{Table: crm.Interactions, Where: keyIs("ua/a")},
	} {
		for _, err := range s.Rows(t.Context(), q) {
			if !errors.Is(err, crm.ErrTable) {
				t.Errorf("%+v: %v", q, err)
			}
		}
	}
	if _, err := s.Claim(t.Context(), crm.Claim{Table: crm.Facts, Limit: 1}); !errors.Is(err, crm.ErrTable) {
		t.Errorf("a claim on a table that is no queue: %v", err)
	}
}

func (s suite) chain(t *testing.T) {
	s.apply(t, writes(fact("ua/quiet", 1, "")))
	if h := s.head(t); len(h.Sealed) != 0 {
		t.Error("a group without audit rows made a link")
	}
	for g := range 3 {
		s.apply(t,
			crm.Batch{Audit: []crm.Row{audited(fmt.Sprint("a", g)), audited(fmt.Sprint("b", g))}},
			crm.Batch{Guards: []crm.Guard{at("ua/none", 1)}, Audit: []crm.Row{audited("refused")}},
			crm.Batch{Writes: []crm.Row{said("ua/t", 1)}, Audit: []crm.Row{audited(fmt.Sprint("c", g))}},
		)
	}
	rs := s.all(t, crm.Select{Table: crm.Audit})
	if len(rs) != 9 {
		t.Fatalf("%d audit rows, not 9", len(rs))
	}
	var link []byte
	for g := range 3 {
		group := rs[g*3 : g*3+3]
		if group[0].Clear[5] != nil || group[1].Clear[5] != nil {
			t.Errorf("group %d has a link before its last row", g)
		}
		stored, _ := group[2].Clear[5].([]byte)
		stored = bytes.Clone(stored)
		link = crm.Chain(link, group)
		if !bytes.Equal(link, stored) {
			t.Errorf("the link of group %d is not crm.Chain of its rows", g)
		}
	}
	if !bytes.Equal(s.head(t).Sealed, link) {
		t.Error("the head is not the last link")
	}
}

func (s suite) drops(t *testing.T) {
	s.apply(t, crm.Batch{
		Writes: []crm.Row{fact("ua/a", 1, ""), fact("ua/b", 1, ""), said("ua/t", 1), said("ua/u", 2), said("ua/t", 3)},
		Audit:  []crm.Row{audited("x")},
	})
	outs := s.apply(t,
		crm.Batch{Guards: []crm.Guard{at("ua/a", 1)}, Drops: []crm.Select{
			{Table: crm.Facts, Where: keyIs("ua/a")},
			{Table: crm.Interactions, Where: []crm.Where{{Column: "thread", Value: "ua/t"}}},
		}},
		crm.Batch{Guards: []crm.Guard{at("ua/b", 2)}, Drops: []crm.Select{{Table: crm.Facts}}},
		crm.Batch{Guards: []crm.Guard{absent("ua/a")}, Writes: []crm.Row{fact("ua/a", 4, "")}},
	)
	if outs[0].Err != nil || outs[1].Err == nil || outs[2].Err != nil {
		t.Errorf("outcomes: %v", outs)
	}
	if got := s.keys(t, crm.Select{Table: crm.Facts}); got != "ua/a ua/b" {
		t.Errorf("facts are %q", got)
	}
	if rs := s.all(t, crm.Select{Table: crm.Interactions}); len(rs) != 1 || rs[0].Clear[0] != "ua/u" {
		t.Errorf("%d interactions are left, not the one of the other thread", len(rs))
	}
	if n := len(s.all(t, crm.Select{Table: crm.Audit})); n != 1 {
		t.Errorf("%d audit rows, not 1", n)
	}
}

func (s suite) watch(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	start := s.head(t).Seq
	s.apply(t, writes(fact("ua/before", 1, "")))
	seen := start
	for seq, err := range s.Watch(ctx, start) {
		if err != nil {
			t.Fatalf("Watch ended at %d: %v", seq-start, err)
		}
		if seq <= seen {
			t.Errorf("Watch yields %d after %d", seq-start, seen-start)
		}
		if seen = seq; seen >= start+4 {
			break
		}
		s.apply(t, writes(fact("ua/now", 1, "")))
	}
	ctx, cancel = context.WithCancel(t.Context())
	cancel()
	for _, err := range s.Watch(ctx, seen+100) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("Watch of an ended context yields %v", err)
		}
	}
}

func (s suite) concurrent(t *testing.T) {
	const callers, each = 16, 20
	var wg sync.WaitGroup
	for c := range callers {
		wg.Go(func() {
			for i := range each {
				key := fmt.Sprintf("ua/%d", c)
				outs, err := s.Apply(t.Context(), []crm.Batch{{
					Guards: []crm.Guard{at(key, int64(i))},
					Writes: []crm.Row{fact(key, int64(i)+1, "x"), said(key, int64(i))},
					Audit:  []crm.Row{audited(key)},
				}})
				if err != nil || outs[0].Err != nil {
					t.Errorf("caller %d: %v %v", c, err, outs)
					return
				}
				for _, err := range s.Rows(t.Context(), crm.Select{Table: crm.Facts, Where: keyIs(key)}) {
					if err != nil {
						t.Errorf("caller %d reads: %v", c, err)
					}
				}
			}
		})
	}
	wg.Wait()
	if n := len(s.all(t, crm.Select{Table: crm.Interactions})); n != callers*each {
		t.Errorf("%d interactions of %d", n, callers*each)
	}
	for _, r := range s.all(t, crm.Select{Table: crm.Facts}) {
		if r.Rev != each {
			t.Errorf("a row is at rev %d of %d", r.Rev, each)
		}
	}
}

func (s suite) reopen(t *testing.T) {
	if s.Reopen == nil {
		t.Skip("the backend keeps nothing")
	}
	for i := range 5 {
		s.apply(t, crm.Batch{
			Writes: []crm.Row{fact(fmt.Sprintf("ua/%d", i), int64(i)+1, "kept"), said("ua/t", int64(i))},
			Audit:  []crm.Row{audited("x")},
		})
	}
	before, head := s.all(t, crm.Select{Table: crm.Facts}), s.head(t)
	s.Backend = s.Reopen(t, s.Backend)
	after := s.all(t, crm.Select{Table: crm.Facts})
	if len(after) != len(before) {
		t.Fatalf("%d rows of %d survived", len(after), len(before))
	}
	for i := range after {
		if after[i].Key != before[i].Key || after[i].Rev != before[i].Rev || !bytes.Equal(after[i].Sealed, before[i].Sealed) {
			t.Errorf("row %d is %v, and was %v", i, after[i], before[i])
		}
	}
	if h := s.head(t); h.Seq != head.Seq || !bytes.Equal(h.Sealed, head.Sealed) {
		t.Errorf("the head is %d, and was %d", h.Seq, head.Seq)
	}
	if outs := s.apply(t, crm.Batch{Guards: []crm.Guard{at("ua/4", 5)}, Writes: []crm.Row{said("ua/t", 9)}}); outs[0].Err != nil || outs[0].Seq != head.Seq+1 {
		t.Errorf("the first batch after reopening: %v", outs[0])
	}
}
