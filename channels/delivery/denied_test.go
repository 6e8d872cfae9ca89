package delivery_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
	"github.com/hubkit/hubkit/channels/delivery"
	"github.com/hubkit/hubkit/channels/delivery/deliverytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// picky refuses the account for some addresses, as a provider does for a country that
// is not enabled, and takes what goes to all others.
type picky struct{ *channelstest.Recorder }

func (p picky) Send(ctx context.Context, r channels.Rendered) (channels.Receipt, error) {
	if strings.HasPrefix(r.To.ID, "+93") {
		return channels.Receipt{}, &channels.Error{Cause: channels.Misconfigured, Code: "21408"}
	}
	return p.Recorder.Send(ctx, r)
}

// One person whom our account may not write to silences nobody else, and is not tried
// for ever.
func TestOneRefusedAddressSilencesNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := deliverytest.NewMemory()
		rec := picky{channelstest.NewRecorder("sms", channelstest.SMS())}
		ch, err := channels.New(rec, channels.Config{Logger: slog.New(slog.DiscardHandler)})
		require.NoError(t, err)
		loop, err := delivery.New(q, ch, delivery.Config{Tries: 4, Logger: slog.New(slog.DiscardHandler)})
		require.NoError(t, err)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- loop.Run(ctx) }()
		require.NoError(t, q.Add("sms", message("first", "anna-0001")))
		synctest.Wait()
		require.NoError(t, q.Add("sms", message("abroad", "+93700000001")))
		for i := range 100 {
			require.NoError(t, q.Add("sms", message(fmt.Sprint("m", i), fmt.Sprintf("anna-%04d", i))))
			time.Sleep(time.Second) // of the fake clock
		}
		synctest.Wait()
		assert.Len(t, rec.Taken(), 101, "all others were told within the second")
		_, parked := loop.Parked()
		assert.False(t, parked)
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		r, _ := q.Row("abroad")
		assert.Equal(t, delivery.Failed, r.State, r.State)
		stop()
		require.NoError(t, <-ended)
	})
}
