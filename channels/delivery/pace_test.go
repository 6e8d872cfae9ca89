package delivery

import (
	"context"
	"fmt"
	"math"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNewPaceRefuses(t *testing.T) {
	for _, c := range [][2]float64{{0, 0}, {-1, 0}, {math.NaN(), 0}, {math.Inf(1), 0}, {1, -0.1}, {1, 1}, {1, math.NaN()}} {
		_, err := NewPace(c[0], c[1])
		require.Error(t, err, "%v", c)
	}
}

func TestPaceKeepsItsSpeed(t *testing.T) {
	for _, c := range []struct {
		perSecond float64
		n, weight int
		want      time.Duration
	}{
		{1, 10, 1, 9 * time.Second},
		{80, 800, 1, 9900 * time.Millisecond},
		{1, 5, 3, 14 * time.Second}, // segments
	} {
		synctest.Test(t, func(t *testing.T) {
			p, err := NewPace(c.perSecond, 0)
			require.NoError(t, err)
			begun := time.Now()
			for range c.n {
				require.NoError(t, p.wait(t.Context(), channels.Reply, c.weight))
			}
			assert.InDelta(t, c.want.Seconds(), time.Since(begun).Seconds(), 0.05)
		})
	}
}

func TestBulkLeavesTheReserve(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, err := NewPace(10, 0.5)
		require.NoError(t, err)
		begun := time.Now()
		for range 51 {
			require.NoError(t, p.wait(t.Context(), channels.Bulk, 1))
		}
		assert.InDelta(t, 10, time.Since(begun).Seconds(), 0.1, "half the speed")
		assert.NoError(t, p.wait(t.Context(), channels.Reply, 1))
		assert.InDelta(t, 10, time.Since(begun).Seconds(), 0.1, "and a reply leaves at once")
	})
}

func TestAReplyGoesBeforeAllThatWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, err := NewPace(1, 0)
		require.NoError(t, err)
		require.NoError(t, p.wait(t.Context(), channels.Reply, 1)) // the one in hand
		var mu sync.Mutex
		var order []channels.Class
		var wg sync.WaitGroup
		for _, class := range []channels.Class{channels.Notice, channels.Notice, channels.Notice, channels.Reply, channels.Notice, channels.Reply} {
			wg.Go(func() {
				if p.wait(t.Context(), class, 1) == nil {
					mu.Lock()
					order = append(order, class)
					mu.Unlock()
				}
			})
			synctest.Wait()
		}
		wg.Wait()
		want := []channels.Class{channels.Notice, channels.Reply, channels.Reply, channels.Notice, channels.Notice, channels.Notice}
		assert.Equal(t, want, order, "only who already had the turn goes first")
	})
}

func TestWhoStopsWaitingHoldsNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, err := NewPace(1, 0)
		require.NoError(t, err)
		require.NoError(t, p.wait(t.Context(), channels.Reply, 1))
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i)*100*time.Millisecond)
				defer cancel()
				_ = p.wait(ctx, channels.Class(i%3), 1) // most of them give up
			})
		}
		wg.Wait()
		done := make(chan error, 1)
		go func() { done <- p.wait(t.Context(), channels.Bulk, 1) }()
		require.NoError(t, <-done)
		assert.False(t, p.busy)
	})
}

func TestATurnThatComesTooLateIsPassedOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := unpaced()
		for range 50 {
			require.NoError(t, p.enter(t.Context(), channels.Bulk))
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- p.enter(ctx, channels.Bulk) }()
			synctest.Wait()
			cancel()
			p.leave() // both at once: either may be noticed first
			if <-done == nil {
				p.leave()
			}
			require.False(t, p.busy)
		}
	})
}

func TestPauseRefusesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, p := range map[string]*Pace{"unpaced": unpaced(), "paced": func() *Pace { p, _ := NewPace(10, 0); return p }()} {
			p.pause(time.Minute)
			p.pause(time.Second) // a shorter one does not cut it
			begun := time.Now()
			require.ErrorIs(t, p.wait(t.Context(), channels.Reply, 1), errPaused, name)
			assert.Less(t, time.Since(begun), time.Second)
			assert.Positive(t, p.silence())
			time.Sleep(time.Minute)
			require.NoError(t, p.wait(t.Context(), channels.Reply, 1), name)
		}
	})
}

func TestAtMost(t *testing.T) {
	for _, c := range []struct {
		perSecond float64
		want      int
	}{{1, 1}, {3, 1}, {40, 10}, {1000, 64}} {
		p, err := NewPace(c.perSecond, 0)
		require.NoError(t, err)
		assert.Equal(t, c.want, p.atMost(64, time.Second/4), fmt.Sprint(c.perSecond))
	}
	assert.Equal(t, 64, unpaced().atMost(64, time.Second))
}

func TestBackoffIsBoundedAndSpread(t *testing.T) {
	for tries, most := range map[int]time.Duration{-1: time.Second, 0: time.Second, 3: 8 * time.Second, 9: 512 * time.Second, 10: 15 * time.Minute, 1000: 15 * time.Minute} {
		least, longest := time.Hour, time.Duration(0)
		for range 200 {
			d := backoff(tries)
			least, longest = min(least, d), max(longest, d)
		}
		assert.LessOrEqual(t, longest, most+100*time.Millisecond)
		assert.Less(t, least, most/4, "full jitter")
		assert.Greater(t, longest, most/2)
	}
}
