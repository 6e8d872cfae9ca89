package channels_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func channel(t testing.TB, d channels.Driver, cfg channels.Config) *channels.Channel {
	t.Helper()
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	c, err := channels.New(d, cfg)
	require.NoError(t, err)
	return c
}

var person = channels.Address{Channel: "sms", ID: "+380501234567"}

func TestNewListsEverythingThatIsWrong(t *testing.T) {
	_, err := channels.New(nil, channels.Config{})
	require.Error(t, err)
	d := channelstest.NewRecorder("My SMS", channels.Limits{Text: -1, List: channels.Menu{Max: -2}, Unit: 77, Window: -1})
	_, err = channels.New(d, channels.Config{Timeout: -1, MaxBody: -1, Words: channels.Words{Press: hubkit.Text{"so": "x"}}})
	for _, want := range []string{"My SMS", "Text is -1", "List.Max is -2", "unit 77", "Window", "Timeout", "MaxBody", "{option}", "{key}"} {
		require.ErrorContains(t, err, want)
	}
}

func TestSendUsesTheDefaultSender(t *testing.T) {
	d := channelstest.NewRecorder("sms", channelstest.SMS())
	c := channel(t, d, channels.Config{From: "8001"})
	for _, from := range []string{"", "8002"} {
		receipt, err := c.Send(t.Context(), channels.Message{To: person, Text: "x", From: from})
		require.NoError(t, err)
		assert.NotEmpty(t, receipt.ID)
		assert.False(t, receipt.At.IsZero())
	}
	assert.Equal(t, "8001", d.Taken()[0].Rendered.From)
	assert.Equal(t, "8002", d.Taken()[1].Rendered.From)
}

// timeless is a driver whose provider does not say when.
type timeless struct{ *channelstest.Recorder }

func (d timeless) Send(ctx context.Context, r channels.Rendered) (channels.Receipt, error) {
	receipt, err := d.Recorder.Send(ctx, r)
	return channels.Receipt{ID: receipt.ID}, err
}

func TestReceiptSaysWhen(t *testing.T) {
	at := time.Date(2026, 2, 24, 5, 0, 0, 0, time.UTC)
	c := channel(t, timeless{channelstest.NewRecorder("sms", channelstest.SMS())}, channels.Config{Now: func() time.Time { return at }})
	receipt, err := c.Send(t.Context(), channels.Message{To: person, Text: "x"})
	require.NoError(t, err)
	assert.Equal(t, channels.Receipt{ID: "sms-1", At: at}, receipt)

	d := channelstest.NewRecorder("sms", channelstest.SMS())
	receipt, err = channel(t, d, channels.Config{Now: func() time.Time { return at }}).Send(t.Context(), channels.Message{To: person, Text: "x"})
	require.NoError(t, err)
	assert.Equal(t, d.Taken()[0].At, receipt.At, "the provider's word goes first")
}

func TestSendGivesEveryErrorACause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for f := channelstest.Throttle; f <= channelstest.OutsideWindow; f++ {
			d := channelstest.NewRecorder("sms", channelstest.SMS())
			d.Fault(f)
			_, err := channel(t, d, channels.Config{}).Send(t.Context(), channels.Message{To: person, Text: "canary"})
			var e *channels.Error
			require.ErrorAs(t, err, &e, f)
			assert.Contains(t, f.Causes(), e.Cause, f)
			assert.NotContains(t, err.Error(), "canary")
			assert.Equal(t, 1, d.Requests(), "nothing is repeated")
		}
	})
}

func TestSendRefusesWhatCannotBeRight(t *testing.T) {
	d := channelstest.NewRecorder("sms", channelstest.SMS())
	c := channel(t, d, channels.Config{})
	_, err := c.Send(t.Context(), channels.Message{To: person})
	require.ErrorIs(t, err, channels.ErrEmpty)
	assert.Equal(t, channels.Rejected, channels.CauseOf(err))
	_, err = c.Send(t.Context(), channels.Message{To: channels.Address{Channel: "viber", ID: "canary"}, Text: "x"})
	assert.Equal(t, channels.Rejected, channels.CauseOf(err))
	assert.NotContains(t, err.Error(), "canary")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = c.Send(ctx, channels.Message{To: person, Text: "x"})
	assert.Equal(t, channels.Unavailable, channels.CauseOf(err), "nothing has left")
	assert.Zero(t, d.Requests())
}

var long = strings.TrimSpace(strings.Repeat("Довгий абзац про допомогу.\n\n", 85))

func TestSendOfSeveralParts(t *testing.T) {
	d := channelstest.NewRecorder("whatsapp", channelstest.WhatsApp())
	c := channel(t, d, channels.Config{})
	m := channels.Message{
		Ref: "r", To: channels.Address{Channel: "whatsapp", ID: "+380501234567"}, Lang: "uk", Text: long,
		Options: []channels.Option{{ID: "a:b", Label: "Так"}}, Media: []channels.Media{{URL: "https://x/1.jpg"}},
	}
	_, err := c.Send(t.Context(), m)
	require.NoError(t, err)
	taken := d.Taken()
	require.Len(t, taken, 2)
	for i, k := range taken {
		last := i == len(taken)-1
		assert.Len(t, k.Rendered.Parts, 1)
		assert.Equal(t, last, k.Rendered.Form == channels.Buttons)
		assert.Equal(t, last, len(k.Rendered.Shown) == 1)
		assert.Equal(t, last, len(k.Rendered.Media) == 1, "a photo is sent once")
	}

	d.Fault(channelstest.Works, channelstest.Throttle)
	_, err = c.Send(t.Context(), m)
	assert.Equal(t, channels.Unknown, channels.CauseOf(err), "a part has left: the whole is not repeated")
	d.Fault(channelstest.Works, channelstest.SaidNo)
	_, err = c.Send(t.Context(), m)
	assert.Equal(t, channels.OptedOut, channels.CauseOf(err), "an end is an end")
	d.Fault(channelstest.Throttle)
	_, err = c.Send(t.Context(), m)
	assert.Equal(t, channels.Throttled, channels.CauseOf(err), "nothing has left yet")
}

func TestSplitMakesMessagesThatLeaveInOnePiece(t *testing.T) {
	d := channelstest.NewRecorder("whatsapp", channelstest.WhatsApp())
	c := channel(t, d, channels.Config{})
	m := channels.Message{Ref: "r", To: channels.Address{Channel: "whatsapp", ID: "+380501234567"}, Lang: "uk", Text: long, Options: []channels.Option{{ID: "a:b", Label: "Так"}}}
	ms, err := c.Split(m)
	require.NoError(t, err)
	require.Len(t, ms, 2)
	assert.Equal(t, "r.1", ms[0].Ref)
	assert.Equal(t, "r", ms[1].Ref, "the one with the options keeps the reference")
	whole, err := c.Render(m)
	require.NoError(t, err)
	for i, piece := range ms {
		_, err := c.Send(t.Context(), piece)
		require.NoError(t, err)
		again, err := c.Split(piece)
		require.NoError(t, err)
		assert.Equal(t, []channels.Message{piece}, again, "a piece is not split again")
		assert.Equal(t, whole.Parts[i], d.Taken()[i].Text)
	}
	assert.Len(t, d.Taken(), 2)

	short := channels.Message{Ref: "s", Text: "x"}
	ms, err = c.Split(short)
	require.NoError(t, err)
	assert.Equal(t, []channels.Message{short}, ms)
	_, err = c.Split(channels.Message{})
	require.ErrorIs(t, err, channels.ErrEmpty)
	ms[0].Part = 9
	_, err = c.Send(t.Context(), ms[0])
	require.NoError(t, err, "a part beyond the last is the last")
}

func TestBreakerSparesAProviderThatIsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var logs bytes.Buffer
		d := channelstest.NewRecorder("sms", channelstest.SMS())
		c := channel(t, d, channels.Config{Breaker: channels.Breaker{Failures: 3, Pause: time.Minute}, Logger: slog.New(slog.NewTextHandler(&logs, nil))})
		m := channels.Message{To: person, Text: "x"}
		d.Fault(channelstest.Down, channelstest.TakenDrop, channelstest.Down)
		for range 3 {
			_, err := c.Send(t.Context(), m)
			require.Error(t, err)
		}
		time.Sleep(20 * time.Second)
		_, err := c.Send(t.Context(), m)
		var e *channels.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, channels.Unavailable, e.Cause)
		assert.Equal(t, 40*time.Second, e.After, "the rest of the pause")
		assert.Equal(t, 3, d.Requests(), "the provider is left alone")
		assert.Contains(t, logs.String(), "to=open")

		time.Sleep(41 * time.Second)
		_, err = c.Send(t.Context(), m)
		require.NoError(t, err)
		_, err = c.Send(t.Context(), m)
		require.NoError(t, err, "closed again after one success")
	})
}

func TestBreakerDoesNotCountWhatIsNotTheProvidersHealth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := channelstest.NewRecorder("sms", channelstest.SMS())
		c := channel(t, d, channels.Config{Breaker: channels.Breaker{Failures: 2}})
		for range 5 {
			d.Fault(channelstest.Throttle, channelstest.NoSuchPerson, channelstest.BadContent)
			for range 3 {
				_, _ = c.Send(t.Context(), channels.Message{To: person, Text: "x"})
			}
		}
		assert.Equal(t, 15, d.Requests())
		// Our own haste is no failure of the provider.
		for range 5 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
			d.Fault(channelstest.TakenSilence)
			_, err := c.Send(ctx, channels.Message{To: person, Text: "x"})
			assert.Equal(t, channels.Unknown, channels.CauseOf(err))
			cancel()
		}
		assert.Equal(t, 20, d.Requests())
		off := channel(t, d, channels.Config{Breaker: channels.Breaker{Failures: -1}})
		for range 30 {
			d.Fault(channelstest.Down)
			_, _ = off.Send(t.Context(), channels.Message{To: person, Text: "x"})
		}
		assert.Equal(t, 50, d.Requests())
	})
}

func TestReconciler(t *testing.T) {
	r := channelstest.NewRecorder("sms", channelstest.SMS())
	_, ok := channel(t, r, channels.Config{}).Reconciler()
	assert.False(t, ok)
	_, ok = channel(t, channelstest.Listing{Recorder: r}, channels.Config{}).Reconciler()
	assert.True(t, ok)
}

func TestSendTimesOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := channelstest.NewRecorder("sms", channelstest.SMS())
		d.Fault(channelstest.TakenSilence)
		start := time.Now()
		_, err := channel(t, d, channels.Config{}).Send(t.Context(), channels.Message{To: person, Text: "x"})
		assert.Equal(t, channels.Unknown, channels.CauseOf(err))
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, 30*time.Second, time.Since(start))
	})
}

func BenchmarkSend(b *testing.B) {
	d := silent{}
	c := channel(b, d, channels.Config{})
	m := channels.Message{To: person, Lang: "uk", Text: "Вам потрібна грошова допомога?", Options: []channels.Option{{ID: "a", Label: "Так"}, {ID: "b", Label: "Ні"}}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Send(b.Context(), m); err != nil {
			b.Fatal(err)
		}
	}
}

// silent takes everything at no cost.
type silent struct{}

func (silent) Name() string            { return "sms" }
func (silent) Limits() channels.Limits { return channelstest.SMS() }
func (silent) Send(context.Context, channels.Rendered) (channels.Receipt, error) {
	return channels.Receipt{ID: "1", At: time.Unix(1, 0)}, nil
}

var errBroken = errors.New("canary broken")
