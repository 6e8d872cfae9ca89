package crmtest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/hubkit/hubkit/crm"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func (s suite) claim(t *testing.T, now time.Time, n int, ordered bool) []crm.Row {
	t.Helper()
	rs, err := s.Claim(t.Context(), crm.Claim{
		Table: crm.Outbox, Lane: "sms", Now: now, Until: now.Add(time.Minute), Limit: n, Ordered: ordered,
	})
	if err != nil {
		t.Fatalf("Claim: %v", err)
	}
	return rs
}

func claimed(rs []crm.Row) (keys string) {
	for _, r := range rs {
		keys += r.Key + " "
	}
	return keys
}

func (s suite) claims(t *testing.T) {
	const rows, workers = 300, 6
	due := noon.UnixMilli()
	var ws []crm.Row
	for i := range rows {
		ws = append(ws, waiting(fmt.Sprintf("ua/%03d", i), fmt.Sprintf("ua/t%d", i), "sms", due, 0))
	}
	ws = append(ws, waiting("ua/later", "ua/l", "sms", due+1, 0), waiting("ua/other", "ua/o", "viber", due, 0))
	s.apply(t, writes(ws...))
	var (
		mu  sync.Mutex
		got = map[string]int{}
		wg  sync.WaitGroup
	)
	for range workers {
		wg.Go(func() {
			for {
				rs, err := s.Claim(t.Context(), crm.Claim{Table: crm.Outbox, Lane: "sms", Now: noon, Until: noon.Add(time.Minute), Limit: 7})
				if err != nil || len(rs) == 0 {
					if err != nil {
						t.Errorf("Claim: %v", err)
					}
					return
				}
				if len(rs) > 7 {
					t.Errorf("a claim of 7 gave %d", len(rs))
				}
				mu.Lock()
				for _, r := range rs {
					got[r.Key]++
					if r.Rev != rs[0].Rev || r.Rev <= 1 || len(r.Sealed) == 0 {
						t.Errorf("a claimed row has rev %d and %d sealed bytes", r.Rev, len(r.Sealed))
					}
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(got) != rows {
		t.Errorf("%d rows of %d were claimed", len(got), rows)
	}
	for k, n := range got {
		if n != 1 {
			t.Errorf("%s was claimed %d times", k, n)
		}
	}
	if rs := s.claim(t, noon.Add(59*time.Second), rows, false); claimed(rs) != "ua/later " {
		t.Errorf("before the leases end, %d rows are claimed again", len(rs))
	}
	again := s.claim(t, noon.Add(time.Minute), 3, false)
	if claimed(again) != "ua/000 ua/001 ua/002 " {
		t.Errorf("after the leases end, the claim gives %s", claimed(again))
	}
	// Who held the old lease is told so.
	outs := s.apply(t,
		crm.Batch{Guards: []crm.Guard{{Table: crm.Outbox, Key: "ua/000", Rev: again[0].Rev - 1}}},
		crm.Batch{Guards: []crm.Guard{{Table: crm.Outbox, Key: "ua/000", Rev: again[0].Rev}}},
	)
	if outs[0].Err == nil || outs[1].Err != nil {
		t.Errorf("guards on the revision of a lease: %v", outs)
	}
}

func (s suite) ordered(t *testing.T) {
	due := noon.UnixMilli()
	// The thread's first message waits for later, the second is due.
	s.apply(t, writes(waiting("ua/z1", "ua/a", "sms", due+5000, 0), waiting("ua/a2", "ua/a", "sms", due, 1)))
	s.apply(t, writes(waiting("ua/a3", "ua/a", "sms", due, 0), waiting("ua/b1", "ua/b", "sms", due, 0)))
	if got := claimed(s.claim(t, noon, 9, true)); got != "ua/b1 " {
		t.Errorf("at first the claim gives %q", got)
	}
	now := noon.Add(5 * time.Second)
	first := s.claim(t, now, 9, true)
	if claimed(first) != "ua/z1 " {
		t.Errorf("when the first is due, the claim gives %q", claimed(first))
	}
	if got := claimed(s.claim(t, now, 9, true)); got != "" {
		t.Errorf("while the first is leased, the claim gives %q", got)
	}
	settle := func(r crm.Row, open, until any) {
		r.Clear[4], r.Clear[5] = until, open
		s.apply(t, writes(r))
	}
	later := now.Add(time.Hour)
	settle(first[0], int64(crm.OpenBusy), later.UnixMilli()) // being sent: nothing may overtake it, and it is not given out again
	if got := claimed(s.claim(t, now.Add(time.Minute), 9, true)); got != "ua/b1 " {
		t.Errorf("while the first is busy, the claim gives %q", got)
	}
	settle(first[0], nil, nil)
	second := s.claim(t, now, 9, true)
	if claimed(second) != "ua/a2 " {
		t.Errorf("after the first, the claim gives %q", claimed(second))
	}
	settle(second[0], int64(crm.OpenDoubt), nil) // in doubt: holds nothing back
	if got := claimed(s.claim(t, now, 9, true)); got != "ua/a2 ua/a3 " {
		t.Errorf("after the second, the claim gives %q", got)
	}
}

func (s suite) doubts(t *testing.T) {
	due := noon.UnixMilli()
	row := func(key string, open int64, due int64, until any) crm.Row {
		r := waiting(key, key, "sms", due, 0)
		r.Clear[4], r.Clear[5] = until, open
		return r
	}
	s.apply(t, writes(
		row("ua/due", crm.OpenDue, due, nil),
		row("ua/busy", crm.OpenBusy, due, due+1),
		row("ua/dead", crm.OpenBusy, due, due),
		row("ua/doubt", crm.OpenDoubt, due, nil),
		row("ua/doubt-later", crm.OpenDoubt, due+1, nil),
		row("ua/doubt-leased", crm.OpenDoubt, due, due+1),
	))
	claim := func(now time.Time) string {
		rs, err := s.Claim(t.Context(), crm.Claim{Table: crm.Outbox, Lane: "sms", Now: now, Until: now.Add(time.Minute), Limit: 3})
		if err != nil {
			t.Fatalf("Claim: %v", err)
		}
		for _, r := range rs {
			if r.Clear[7] != r.Rev {
				t.Errorf("the lease of a claimed row is %v, and its rev %d", r.Clear[7], r.Rev)
			}
		}
		return claimed(rs)
	}
	if got := claim(noon); got != "ua/dead ua/doubt ua/due " {
		t.Errorf("a claim gives %q", got)
	}
	for _, r := range s.all(t, crm.Select{Table: crm.Outbox, Where: keyIs("ua/dead")}) {
		if r.Clear[5] != int64(crm.OpenDoubt) {
			t.Errorf("what was busy under a dead lease is %v, not in doubt", r.Clear[5])
		}
	}
	if got := claim(noon.Add(time.Millisecond)); got != "ua/busy ua/doubt-leased ua/doubt-later " {
		t.Errorf("a little later it gives %q", got)
	}
	if got := claim(noon.Add(2 * time.Minute)); got != "ua/busy ua/dead ua/doubt ua/due " {
		t.Errorf("after the leases it gives %q", got)
	}
}

func (s suite) classes(t *testing.T) {
	due := noon.UnixMilli()
	for i, class := range []int64{2, 1, 0, 2, 0} {
		r := waiting(fmt.Sprint("ua/", i), fmt.Sprint("ua/t", i), "sms", due+int64(i), 0)
		r.Clear[2] = class
		s.apply(t, writes(r))
	}
	if got := claimed(s.claim(t, noon.Add(time.Second), 3, true)); got != "ua/2 ua/4 ua/1 " {
		t.Errorf("three of three classes: %q", got)
	}
	if got := claimed(s.claim(t, noon.Add(time.Second), 9, true)); got != "ua/0 ua/3 " {
		t.Errorf("and the others: %q", got)
	}
}
