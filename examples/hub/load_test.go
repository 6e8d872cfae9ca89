package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Thousands of phones keep the page open and say nothing: the hub stays small,
// goes on answering, and is as it was when they have left.
func TestThousandsOfIdleStreams(t *testing.T) {
	hub := openHub(t)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	phones := full(5000, 2000)
	hub.gauge("go_goroutines")
	before := hub.gauge("go_goroutines")
	small, _ := hub.memory()
	var first int
	for wave := range full(2, 1) {
		lines := openStreams(t, ctx, hub, phones)
		require.Eventually(t, func() bool { return hub.gauge("hubkit_webchat_streams") == phones }, 2*time.Minute, 50*time.Millisecond)

		// Among them somebody registers.
		p := newPerson(uint64(9000+wave), hub.url, &client)
		p.streams = true
		began := time.Now()
		require.NoError(t, p.walk(ctx))
		took := time.Since(began)
		now, peak := hub.memory()
		t.Logf("wave %d: %d streams, %d MiB (%d MiB before, %d MiB peak); one registration beside them took %s", wave, phones, now, small, peak, took.Round(time.Millisecond))
		assert.Less(t, peak, mostMemory)
		if wave == 0 {
			first = now
		}
		assert.LessOrEqual(t, now, first+first/4, "a wave leaves nothing behind for the next")

		for _, l := range lines {
			require.NoError(t, l.Close())
		}
		require.Eventually(t, func() bool {
			return hub.gauge("hubkit_webchat_streams") == 0 && hub.gauge("go_goroutines") <= before+20
		}, 2*time.Minute, 50*time.Millisecond, "the streams end with their lines")
	}
	require.NoError(t, hub.stop())
}

// openStreams opens sessions and their streams, and waits until each says
// something.
func openStreams(t *testing.T, ctx context.Context, hub *process, n int) []net.Conn {
	t.Helper()
	lines := make([]net.Conn, n)
	var group sync.WaitGroup
	next := make(chan int)
	for range 64 {
		group.Go(func() {
			for i := range next {
				p := newPerson(0, hub.url, &client)
				p.nonce = "" // somebody else each time
				if !assert.NoError(t, p.arrive(ctx)) {
					continue
				}
				c, err := (&net.Dialer{}).DialContext(ctx, "tcp", hub.addr)
				if !assert.NoError(t, err) {
					continue
				}
				lines[i] = c
				_, err = fmt.Fprintf(c, "GET /chat/stream HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer %s\r\n\r\n", p.token)
				assert.NoError(t, err)
				r := bufio.NewReaderSize(c, 512)
				for line := ""; err == nil && !strings.HasPrefix(line, "data: "); {
					line, err = r.ReadString('\n')
				}
				assert.NoError(t, err, "the stream says something")
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	group.Wait()
	require.False(t, t.Failed())
	return lines
}

// 512 people register at once over HTTP, each over again, until the time is up.
func TestFiveHundredAtOnce(t *testing.T) {
	hub := openHub(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Duration(full(20, 8))*time.Second)
	defer cancel()
	crowd := &crowd{ctx: ctx, url: hub.url, atOnce: 512, plain: true, took: &durations{}}
	began := time.Now()
	crowd.open()
	crowd.group.Wait()
	took := time.Since(began)
	for _, err := range crowd.trouble {
		require.ErrorIs(t, err, context.DeadlineExceeded, "nothing ends it but the time")
	}
	all := crowd.took.sorted()
	require.NotEmpty(t, all)
	_, peak := hub.memory()
	t.Logf("%d messages in %s: %.0f interactions/s over HTTP, p50 %s, p99 %s; %d MiB at the peak",
		len(all), took.Round(time.Millisecond), float64(len(all))/took.Seconds(), all[len(all)/2], all[len(all)*99/100], peak)
	assert.Less(t, peak, mostMemory)
	assert.Zero(t, hub.gauge("hubkit_turns_failed_total"))
	require.NoError(t, hub.stop())
	openData(t, hub.data)
}

// durations is how long each message took to be acknowledged.
type durations struct {
	mu  sync.Mutex
	all []time.Duration
}

func (d *durations) add(took time.Duration) {
	if d == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.all = append(d.all, took)
}

func (d *durations) sorted() []time.Duration {
	slices.Sort(d.all)
	return d.all
}
