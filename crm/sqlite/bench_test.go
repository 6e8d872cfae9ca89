//go:build unix

package sqlite_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/delivery"
	"github.com/hubkit/hubkit/crm"
)

// BenchmarkCommit: 512 people at once; one operation is an inbound recorded, a
// thread's state of 1 KB, and a reply queued and settled: sealed and durable.
// With "pull" the commit settles it, as on a web chat; with "push" a delivery
// loop leases it, records its intent, and then that it was accepted.
func BenchmarkCommit(b *testing.B) {
	b.Run("pull", func(b *testing.B) { benchmarkCommit(b, true) })
	b.Run("push", func(b *testing.B) { benchmarkCommit(b, false) })
}

func benchmarkCommit(b *testing.B, pull bool) {
	const people = 512
	ctx := b.Context()
	dir := b.TempDir()
	s, backend := openStore(b, dir)
	threads := make([]crm.Thread, people)
	for p := range threads {
		threads[p] = crm.Thread{ID: webThread(p)}
		r, err := s.Commit(ctx, crm.Change{By: bot, Thread: &threads[p]})
		require.NoError(b, err)
		threads[p].Rev, threads[p].State = r.Rev, bytes.Repeat([]byte{7}, 1024)
	}
	require.NoError(b, backend.Scrub(ctx))
	before := size(b, dir)
	per := (b.N + people - 1) / people
	took := make([]time.Duration, people*per)
	b.ReportAllocs()
	b.ResetTimer()
	busy := cpu()
	var wg sync.WaitGroup
	if !pull {
		wg.Go(func() { settle(b, s, people*per) })
	}
	for p := range threads {
		wg.Go(func() {
			for i := range per {
				start := time.Now()
				r, err := s.Commit(ctx, crm.Change{
					By: bot, Inbound: said(p, fmt.Sprintf("%d-%d", p, i), "Так, нас п'ятеро"), Thread: &threads[p],
					Outbox: []crm.Outgoing{{Pull: pull, Message: channels.Message{
						Text: "Скільки людей живе разом з вами, рахуючи вас?", Lang: "uk",
					}}},
				})
				if err != nil {
					b.Error(err)
					return
				}
				threads[p].Rev = r.Rev
				took[p*per+i] = time.Since(start)
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	b.ReportMetric(float64((cpu()-busy).Nanoseconds())/1000/float64(people*per), "cpu-µs/op")
	slices.Sort(took)
	b.ReportMetric(float64(people*per)/b.Elapsed().Seconds(), "commits/s")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	require.NoError(b, backend.Scrub(ctx))
	b.ReportMetric(float64(size(b, dir)-before)/float64(2*people*per), "B/interaction")
}

// settle delivers n messages to nowhere, as delivery.Run does.
func settle(b *testing.B, s *crm.Store, n int) {
	q := s.Outbox()
	for n > 0 {
		slice, err := q.Lease(b.Context(), "web", 512, time.Minute)
		if err != nil {
			b.Error(err)
			return
		}
		for _, to := range []delivery.State{delivery.Sending, delivery.Accepted} {
			steps := make([]delivery.Step, len(slice.Items))
			for i, m := range slice.Items {
				steps[i] = delivery.Step{Ref: m.Ref, To: to, Receipt: channels.Receipt{ID: m.Ref}}
			}
			if err := q.Advance(b.Context(), slice, steps); err != nil {
				b.Error(err)
				return
			}
		}
		n -= len(slice.Items)
	}
}

// cpu is the processor time of this process: on a busy machine a steadier
// figure than the clock's.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func size(b *testing.B, dir string) (n int64) {
	files, err := os.ReadDir(dir)
	require.NoError(b, err)
	for _, f := range files {
		info, err := f.Info()
		require.NoError(b, err)
		n += info.Size()
	}
	return n
}

// BenchmarkThread reads one of 100,000 threads of 1 KB, with its key not in memory.
func BenchmarkThread(b *testing.B) {
	const people = 100_000
	s, _ := openStore(b, b.TempDir())
	var wg sync.WaitGroup
	for w := range 64 {
		wg.Go(func() {
			for p := w; p < people; p += 64 {
				_, err := s.Commit(b.Context(), crm.Change{By: bot, Thread: &crm.Thread{ID: webThread(p), State: make([]byte, 1024)}})
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i += 7919
		th, err := s.Thread(b.Context(), webThread(i%people))
		if err != nil || th.Rev == 0 {
			b.Fatal(err)
		}
	}
}

// BenchmarkRegistration: 64 callers; one operation is a submitted registration
// with 3 KB of answers, its score, its thread and an interaction.
func BenchmarkRegistration(b *testing.B) {
	const callers = 64
	s, _ := openStore(b, b.TempDir())
	answers := fmt.Appendf(nil, "%q", bytes.Repeat([]byte("a"), 3000))
	per := (b.N + callers - 1) / callers
	b.ResetTimer()
	var wg sync.WaitGroup
	for c := range callers {
		wg.Go(func() {
			for i := range per {
				n := c*per + i
				reg := crm.Registration{ID: crm.NewID(), Programme: "ua", Thread: webThread(n), Answers: answers, Score: &crm.Score{Points: 7, Band: "high"}}
				err := reg.Move(crm.Submitted, bot, "", time.Now())
				if err == nil {
					_, err = s.Commit(b.Context(), crm.Change{
						By: bot, Inbound: said(n, fmt.Sprint(n), "так"), Thread: &crm.Thread{ID: webThread(n)}, Registrations: []crm.Registration{reg},
					})
				}
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(callers*per)/b.Elapsed().Seconds(), "commits/s")
}
