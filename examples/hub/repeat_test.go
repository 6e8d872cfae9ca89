package main

import (
	"context"
	"encoding/json"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every message of a registration arrives five times at once: it is recorded
// once and answered once.
func TestFiveAtOnceAreOne(t *testing.T) {
	hub := openHub(t)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	var people []*person
	for seed := range uint64(4) { // 5 × 22 messages are more than one person may send in a minute
		p := newPerson(1000+seed, hub.url, &client)
		p.clumsy = false
		people = append(people, p)
		require.NoError(t, p.arrive(ctx))
		for i, st := range p.story.steps {
			require.NoError(t, p.listen(ctx, i+1))
			m := st.reply(p.heard[i], p.rng)
			if i%4 == int(seed) {
				m.Client = "five"
				if i >= 4 {
					m.Client += string(rune('a' + i))
				}
				p.fiveTimes(t, ctx, m)
				continue
			}
			require.NoError(t, p.say(ctx, m))
		}
		require.NoError(t, p.listen(ctx, len(p.story.steps)+2))
		require.NoError(t, p.reload(ctx))
		require.Len(t, p.heard, len(p.story.steps)+2)
	}
	require.Positive(t, hub.gauge(`hubkit_events_duplicate_total{channel="web"}`))
	require.NoError(t, hub.stop())
	checkEverything(t, hub.data, people)
}

func (p *person) fiveTimes(t *testing.T, ctx context.Context, m message) {
	t.Helper()
	p.sent = append(p.sent, m.Client)
	body, err := json.Marshal(m)
	require.NoError(t, err)
	var group sync.WaitGroup
	for range 5 {
		group.Go(func() {
			status, b, _, err := p.once(ctx, "POST", "message", body)
			assert.NoError(t, err)
			assert.Equal(t, http.StatusAccepted, status, "%s", b)
		})
	}
	group.Wait()
}

// Two processes on the same data take turns: people whose every request goes
// to another one than the last notice nothing. They also start together on
// new data and end with one key and one session key.
func TestTwoProcessesOnTheSameData(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	hubs := []*process{newProcess(t, data), newProcess(t, data)}
	var opened []<-chan struct{}
	for _, h := range hubs {
		opened = append(opened, h.launch())
	}
	for i, h := range hubs {
		select {
		case <-opened[i]:
		case <-h.exited:
			require.FailNow(t, "a hub did not open", h.logs.tail())
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	var turn sync.Mutex
	n := 0
	crowd := &crowd{ctx: ctx, atOnce: 12, url: func() string {
		turn.Lock()
		defer turn.Unlock()
		n++
		return hubs[n%2].url()
	}}
	crowd.open()
	people := crowd.close(t)
	for _, h := range hubs {
		require.Positive(t, h.gauge(`hubkit_events_total{channel="web"}`))
		require.NoError(t, h.stop())
	}
	checkEverything(t, data, people)
}
