package sqlite_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/delivery"
	"github.com/hubkit/hubkit/channels/delivery/deliverytest"
	"github.com/hubkit/hubkit/crm"
)

// The outbox keeps the whole contract of delivery.Queue on SQLite, also over a
// restart.
func TestOutboxIsAQueue(t *testing.T) {
	deliverytest.TestQueue(t, func(t *testing.T) deliverytest.Harness {
		dir := t.TempDir()
		s, b := openStore(t, dir)
		return deliverytest.Harness{
			Queue: s.Outbox(),
			Add: func(ctx context.Context, ms ...channels.Message) error {
				for _, m := range ms {
					th, err := s.Thread(ctx, crm.ThreadID{Programme: "ua", Address: m.To})
					if err != nil {
						return err
					}
					if _, err := s.Commit(ctx, crm.Change{By: bot, Thread: &th, Outbox: []crm.Outgoing{{Message: m}}}); err != nil {
						return err
					}
				}
				return nil
			},
			State: func(ctx context.Context, ref string) (delivery.State, error) {
				d, err := s.Delivery(ctx, ref)
				return d.State, err
			},
			Cancel: func(ctx context.Context, ref string) error { return s.Cancel(ctx, ref) },
			Reopen: func(t *testing.T) delivery.Queue {
				require.NoError(t, b.Close())
				s, _ = openStore(t, dir)
				return s.Outbox()
			},
		}
	})
}
