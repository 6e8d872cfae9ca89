package conversation_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
)

// script is one registration by number and word, from the first message on.
var script = []string{
	"Привіт", "2", "1", "Погоджуюся", "Так", "3", "34", "1", "61", "2", "7", "1", "Надіслати",
}

// BenchmarkHubSQLite has 512 people register at once. One operation is one
// interaction: the inbound recorded, the state kept, the reply committed and
// with it delivered, sealed and durable.
func BenchmarkHubSQLite(b *testing.B) {
	dir := b.TempDir()
	s := open(b, dir)
	h := newHub(b, s, menu)
	const people = 512
	var next atomic.Int64
	var wg sync.WaitGroup
	took := make([][]time.Duration, people)
	b.ResetTimer()
	for w := range people {
		wg.Go(func() {
			for life := 0; ; life++ {
				for i, text := range script {
					if next.Add(1) > int64(b.N) {
						return
					}
					began := time.Now()
					id := fmt.Sprintf("p%d.%d", w, life)
					_, err := h.Handle(b.Context(), channels.Event{ID: fmt.Sprintf("%s.%d", id, i), Text: text, From: channels.Address{Channel: "web", ID: id}})
					if err != nil {
						b.Error(err)
						return
					}
					took[w] = append(took[w], time.Since(began))
				}
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	all := slices.Concat(took...)
	slices.Sort(all)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "interactions/s")
	if len(all) > 0 {
		b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, "p99-ms")
	}
	var size int64
	files, err := filepath.Glob(filepath.Join(dir, "hub.db*"))
	require.NoError(b, err)
	for _, f := range files {
		st, err := os.Stat(f)
		require.NoError(b, err)
		size += st.Size()
	}
	b.ReportMetric(float64(size)/float64(b.N), "disk-B/op")
}
