package delivery_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
	"github.com/hubkit/hubkit/channels/delivery"
)

// endless is a queue that costs nothing: what is measured is the loop.
type endless struct {
	items []channels.Message
	left  int
	stop  context.CancelFunc
}

func (q *endless) Lease(context.Context, string, int, time.Duration) (delivery.Slice, error) {
	if q.left <= 0 {
		q.stop()
		return delivery.Slice{}, nil
	}
	n := min(len(q.items), q.left)
	q.left -= n
	return delivery.Slice{Lane: "sms", Epoch: 1, Items: q.items[:n]}, nil
}

func (q *endless) Advance(context.Context, delivery.Slice, []delivery.Step) error { return nil }

func (q *endless) Learn(_ context.Context, st []channels.Status) ([]channels.Status, error) {
	return st, nil
}

// freeDriver is a provider that takes everything at once.
type freeDriver struct{}

func (freeDriver) Name() string            { return "sms" }
func (freeDriver) Limits() channels.Limits { return channelstest.WhatsApp() }
func (freeDriver) Send(context.Context, channels.Rendered) (channels.Receipt, error) {
	return channels.Receipt{ID: "1", At: time.Unix(1, 0)}, nil
}

// BenchmarkLoop is the loop's own cost of one message, rendering included: no store, no network.
func BenchmarkLoop(b *testing.B) {
	for _, batch := range []int{1, 16, 64} {
		b.Run(fmt.Sprint("batch=", batch), func(b *testing.B) {
			ch, err := channels.New(freeDriver{}, channels.Config{Logger: quiet})
			if err != nil {
				b.Fatal(err)
			}
			ctx, cancel := context.WithCancel(b.Context())
			q := &endless{left: b.N, stop: cancel}
			for i := range 64 {
				m := message(fmt.Sprint("m", i), "anna")
				m.To.Channel = "sms"
				q.items = append(q.items, m)
			}
			l, err := delivery.New(q, ch, delivery.Config{Logger: quiet, Batch: batch})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			b.ResetTimer()
			if err := l.Run(ctx); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// BenchmarkYardstick is what speeds are quoted in: the SHA-256 of 64 KiB.
func BenchmarkYardstick(b *testing.B) {
	buf := make([]byte, 64<<10)
	for b.Loop() {
		sha256.Sum256(buf)
	}
}
