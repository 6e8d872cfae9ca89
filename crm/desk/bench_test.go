package desk_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/desk"
)

// full is how many households the benchmark's store holds. HUBKIT_BENCH_HOUSEHOLDS
// sets another number: the reference programme has 650,000.
func full(b *testing.B) int {
	if s := os.Getenv("HUBKIT_BENCH_HOUSEHOLDS"); s != "" {
		n, err := strconv.Atoi(s)
		require.NoError(b, err)
		return n
	}
	return 65_000
}

// fill writes generated households, each with a conversation, in big groups.
func fill(b *testing.B, s *crm.Store, n int) (ids []string) {
	b.Helper()
	at := time.Now().Add(-time.Duration(n) * time.Second)
	var proto [64]crm.Registration
	var changes [64]crm.Change
	for i := range proto {
		p := olena()
		p.lang = []hubkit.Lang{"uk", "ru", "en"}[i%3]
		p.ages = make([]int, 1+i%7)
		for j := range p.ages {
			p.ages[j] = (i*13 + j*29) % 90
		}
		if p.income = (i * 977) % 9000; i%5 == 0 {
			p.income = -1
		}
		proto[i], changes[i] = registered(b, p, at)
	}
	ids = make([]string, n)
	var wg sync.WaitGroup
	next := make(chan int)
	for range 256 { // callers that share commits
		wg.Go(func() {
			for i := range next {
				r, c := proto[i%64], changes[i%64]
				r.ID = crm.NewID()
				ids[i] = r.ID
				r.Thread.Address.ID = "h" + strconv.Itoa(i)
				if i%10 < 3 { // some are further on
					agent := crm.Actor{Kind: crm.Agent, ID: "somebody"}
					r.History = slices.Clone(r.History)
					if err := r.Move(crm.InReview, agent, "", at); err != nil {
						b.Error(err)
					}
				}
				c.Registrations = []crm.Registration{r}
				c.Consents = slices.Clone(c.Consents)
				c.Consents[0].About = r.ID
				c.Thread = &crm.Thread{ID: r.Thread, Lang: r.Lang}
				c.Inbound = &channels.Event{ID: r.ID, From: r.Thread.Address, Text: "двоє"}
				for _, text := range []string{"Дякуємо", "Скільки людей живе з вами?", "Дохід за минулий місяць?", "Що з вами сталося?"} {
					c.Outbox = append(c.Outbox, crm.Outgoing{Pull: true, Message: channels.Message{Text: text, Lang: r.Lang}})
				}
				if _, err := s.Commit(b.Context(), c); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
	return ids
}

// filled returns a store full of n households and their ids. HUBKIT_BENCH_DATA
// names a directory in which it is kept, so that the next run need not fill it.
func filled(b *testing.B, n int) (s *crm.Store, ids []string) {
	b.Helper()
	dir := os.Getenv("HUBKIT_BENCH_DATA")
	if dir == "" {
		dir = b.TempDir()
	}
	s = openStoreIn(b, dir, time.Now)
	list := filepath.Join(dir, "ids-"+strconv.Itoa(n))
	if kept, err := os.ReadFile(list); err == nil {
		return s, strings.Fields(string(kept))
	}
	began := time.Now()
	ids = fill(b, s, n)
	b.Logf("%d households written in %v", n, time.Since(began).Round(time.Second))
	require.NoError(b, os.WriteFile(list, []byte(strings.Join(ids, "\n")), 0o600))
	return s, ids
}

// BenchmarkPages serves pages over a full store, without a network, and
// reports the 95th percentile of the server's time in milliseconds.
func BenchmarkPages(b *testing.B) {
	n := full(b)
	s, ids := filled(b, n)
	d, err := desk.New(newConfig(b, s, time.Now))
	require.NoError(b, err)
	h := d.Handler()
	path, err := d.FirstLink(b.Context())
	require.NoError(b, err)
	if path == "" { // the store is kept from an earlier run
		path = "signin"
	}
	req := httptest.NewRequest("POST", "/"+path, strings.NewReader(url.Values{"login": {"root"}, "password": {password}, "again": {password}}.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, req)
	require.Equal(b, http.StatusSeeOther, rec.Code, rec.Body.String())
	cookie := rec.Result().Cookies()[0]

	long := crm.ThreadID{Programme: "ua", Address: channels.Address{Channel: "web", ID: "h" + strconv.Itoa(n/2)}}
	for i := range 100 { // one with a long conversation
		th, err := s.Thread(b.Context(), long)
		require.NoError(b, err)
		_, err = s.Commit(b.Context(), crm.Change{
			By: crm.Actor{Kind: crm.Beneficiary}, Thread: &th, Inbound: &channels.Event{ID: fmt.Sprint(i), From: long.Address, Text: "Ще одне запитання"},
			Outbox: []crm.Outgoing{{Pull: true, Message: channels.Message{Lang: "uk", Text: "Що з вами сталося?"}}},
		})
		require.NoError(b, err)
	}
	middle := s.Registrations(b.Context(), crm.RegistrationQuery{Programme: "ua", Status: crm.Submitted, Limit: n / 2})
	var deep crm.Registration
	if n <= 65_000 {
		for r, err := range middle {
			require.NoError(b, err)
			deep = r
		}
	} else {
		deep, err = s.Registration(b.Context(), "ua", ids[n/2])
		require.NoError(b, err)
	}
	for _, page := range []struct {
		name string
		path func(i int) string
	}{
		{"queue", func(int) string { return "/" }},
		{"queue-newest", func(int) string { return "/?status=all&order=newest" }},
		{"queue-band", func(int) string { return "/?status=submitted&band=high" }},
		{"queue-deep", func(int) string { return fmt.Sprintf("/?after=%d_%s", deep.At.UnixMilli(), deep.ID) }},
		{"queue-language", func(int) string { return "/?lang=ru" }},
		{"queue-mine", func(int) string { return "/?mine=1" }},
		{"case", func(i int) string { return "/p/ua/r/" + ids[(i*7919)%n] }},
		{"case-long", func(int) string { return "/p/ua/r/" + ids[n/2] }},
	} {
		b.Run(page.name, func(b *testing.B) {
			var took []time.Duration
			for i := 0; b.Loop(); i++ {
				req := httptest.NewRequest("GET", page.path(i), nil)
				req.AddCookie(&http.Cookie{Name: cookie.Name, Value: cookie.Value})
				rec := httptest.NewRecorder()
				began := time.Now()
				h.ServeHTTP(rec, req)
				took = append(took, time.Since(began))
				if rec.Code != http.StatusOK {
					b.Fatal(rec.Code, rec.Body.String())
				}
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
		})
	}
}
