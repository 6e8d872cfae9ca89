package webchat

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
)

// still is a backlog in which nothing is ever said; its hub forgets at once.
type still struct{}

func (still) After(context.Context, channels.Address, int64) ([]channels.Entry, error) {
	return nil, nil
}

func (still) Wait(ctx context.Context, _ channels.Address, _ int64) error {
	<-ctx.Done()
	return ctx.Err()
}

func (still) Handle(context.Context, channels.Event) ([]channels.Message, error) { return nil, nil }

// idle opens n streams over real sockets on loopback and returns the bytes that
// one more costs the process, both ends of the socket in it.
func idle(t testing.TB, n int) float64 {
	d, err := New(Config{Backlog: still{}, Keys: [][]byte{testKey}})
	require.NoError(t, err)
	srv := httptest.NewServer(d.Serve(still{}))
	defer srv.Close()
	defer d.Close()
	held := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapInuse + m.StackInuse
	}
	before := held()
	conns := make([]net.Conn, 0, n)
	defer func() {
		for _, c := range conns {
			c.Close()
		}
	}()
	now := time.Now()
	for range n {
		c, err := net.Dial("tcp", srv.Listener.Addr().String())
		require.NoError(t, err)
		conns = append(conns, c)
		_, err = fmt.Fprintf(c, "GET /stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", d.keys.token(d.keys.begin(nil, now)))
		require.NoError(t, err)
	}
	require.Eventually(t, func() bool { return d.Streams() == n }, time.Minute, 5*time.Millisecond)
	for _, c := range conns { // every stream has said that it is there
		b := make([]byte, 12)
		_, err := io.ReadFull(c, b)
		require.NoError(t, err)
		require.Equal(t, "HTTP/1.1 200", string(b))
	}
	return float64(held()-before) / float64(n)
}

// A stream that waits may cost 60 kB, so that 5,000 stay under 300 MB.
func TestIdleStreamsAreLight(t *testing.T) {
	per := idle(t, 500)
	t.Logf("%.1f kB a stream", per/1000)
	require.Less(t, per, 60e3)
}

func BenchmarkIdleStreams5000(b *testing.B) {
	for b.Loop() {
		per := idle(b, 5000)
		b.ReportMetric(per/1000, "kB/stream")
		b.ReportMetric(per*5000/1e6, "MB")
	}
}

func BenchmarkMessage(b *testing.B) {
	d, err := New(Config{Backlog: still{}, Keys: [][]byte{testKey}, PerMinute: 1_000_000_000})
	require.NoError(b, err)
	h := d.Serve(still{})
	token := d.keys.token(d.keys.begin(nil, time.Now()))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		r := httptest.NewRequest("POST", "/chat/message", strings.NewReader(fmt.Sprintf(`{"client":"m%d","option":"sex:f","inReplyTo":"ref-9"}`, i)))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != http.StatusAccepted {
			b.Fatal(errors.New(w.Body.String()))
		}
	}
}

// BenchmarkQuiet measures the machine: quote other figures as multiples of it.
func BenchmarkQuiet(b *testing.B) {
	block := make([]byte, 64<<10)
	for b.Loop() {
		sha256.Sum256(block)
	}
}
