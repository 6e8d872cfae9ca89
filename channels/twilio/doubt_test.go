package twilio

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
	"github.com/hubkit/hubkit/channels/delivery"
	"github.com/hubkit/hubkit/channels/delivery/deliverytest"
)

// A message whose answer was lost is told once: the callback says so, and where it does
// not come, Twilio's list; what was not taken is sent again, once.
func TestNobodyIsToldTwice(t *testing.T) {
	text := question("text", "Дякуємо!", 0)
	tapped := question("tapped", "Так?", 3)
	template := question("template", "", 0)
	template.Template = &channels.Template{Name: "reminder", Vars: map[string]string{"name": "Олено", "id": "1"}}
	for _, c := range []struct {
		name   string
		fault  channelstest.Fault
		called bool // the callback comes
		want   delivery.State
	}{
		{"taken, and the callback comes", channelstest.TakenDrop, true, delivery.Delivered},
		{"taken, and only the list tells", channelstest.TakenDrop, false, delivery.Accepted},
		{"taken with a server error, and only the list tells", channelstest.TakenServerError, false, delivery.Accepted},
		{"not taken", channelstest.ServerError, false, delivery.Accepted},
		{"not taken, and surely so", channelstest.Throttle, false, delivery.Accepted},
	} {
		for _, m := range []channels.Message{text, tapped, template} {
			t.Run(c.name+"/"+m.Ref, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					d := inside(t)
					r := reminder()
					_, err := d.Sync(t.Context(), []Content{r}, SyncConfig{})
					require.NoError(t, err)
					w, err := d.WhatsApp(WhatsAppConfig{From: ours})
					require.NoError(t, err)
					ch, err := channels.New(w, channels.Config{Logger: slog.New(slog.DiscardHandler)})
					require.NoError(t, err)
					q := deliverytest.NewMemory()
					loop, err := delivery.New(q, ch, delivery.Config{Logger: slog.New(slog.DiscardHandler)})
					require.NoError(t, err)
					ctx, cancel := context.WithCancel(t.Context())
					var wg sync.WaitGroup
					wg.Go(func() { assert.NoError(t, loop.Run(ctx)) })

					d.Fault(c.fault)
					require.NoError(t, q.Add("whatsapp", m))
					time.Sleep(10 * time.Second)
					if c.called {
						r := d.Status(d.Messages()[0].SID, "delivered", 0)
						body, err := io.ReadAll(r.Body)
						require.NoError(t, err)
						es, err := w.Receive(r, body)
						require.NoError(t, err)
						_, err = q.Learn(ctx, []channels.Status{*es[0].Status})
						require.NoError(t, err)
					}
					time.Sleep(time.Hour)
					cancel()
					wg.Wait()
					assert.Len(t, d.Messages(), 1)
					row, ok := q.Row(m.Ref)
					require.True(t, ok)
					assert.Equal(t, c.want, row.State)
					assert.Equal(t, d.Messages()[0].SID, row.Receipt.ID)
				})
			})
		}
	}
}

// A number sends one segment a second: a message may wait in Twilio's queue for hours,
// where no time of leaving finds it, and it is told once.
func TestWhatWaitsInTheQueueIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := inside(t)
		s, err := d.SMS(SMSConfig{From: ours})
		require.NoError(t, err)
		ch, err := channels.New(s, channels.Config{Logger: slog.New(slog.DiscardHandler)})
		require.NoError(t, err)
		q := deliverytest.NewMemory()
		loop, err := delivery.New(q, ch, delivery.Config{Logger: slog.New(slog.DiscardHandler)})
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { assert.NoError(t, loop.Run(ctx)) })
		d.Fault(channelstest.TakenDrop)
		require.NoError(t, q.Add("sms", channels.Message{Ref: "r1", To: at("sms", person), Lang: "uk", Text: "Гроші надійшли."}))
		time.Sleep(11 * time.Hour)
		cancel()
		wg.Wait()
		require.Len(t, d.Messages(), 1)
		assert.True(t, d.Messages()[0].Left.IsZero(), "it waits still")
		row, ok := q.Row("r1")
		require.True(t, ok)
		assert.Equal(t, delivery.Accepted, row.State)
	})
}
