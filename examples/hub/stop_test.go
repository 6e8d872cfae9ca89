package main

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/crm"
)

// A hub that is asked to stop finishes what it began: whatever it recorded it
// also acknowledged, streams are told to come back, and the next process goes
// on where it stopped.
func TestStopsWithoutBreakingOff(t *testing.T) {
	hub := openHub(t)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()

	// Persons who hold streams open, and persons who send one message after another on lines of their own.
	lines := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	const many = 40
	people := make([]*person, many)
	acknowledged := make([]map[string]bool, many)
	for i := range people {
		p := newPerson(uint64(3000+i), hub.url, lines)
		p.clumsy = false
		require.NoError(t, p.arrive(ctx))
		people[i], acknowledged[i] = p, map[string]bool{}
	}
	goodbyes := make(chan string, many)
	for _, p := range people {
		go func() { goodbyes <- lastEvent(ctx, p) }()
	}
	require.Eventually(t, func() bool { return hub.gauge("hubkit_webchat_streams") == many }, time.Minute, 10*time.Millisecond)

	var group sync.WaitGroup
	started := make(chan struct{}, many)
	for i, p := range people {
		group.Go(func() {
			for n := 0; ; n++ {
				m := message{Client: "s" + string(rune('a'+n%26)) + string(rune('a'+n/26)), Text: "1"}
				body, err := json.Marshal(m)
				assert.NoError(t, err)
				status, _, _, err := p.once(ctx, "POST", "message", body)
				if err != nil {
					return // the hub is gone
				}
				acknowledged[i][p.eventID(m.Client)] = status == http.StatusAccepted
				if n == 3 {
					started <- struct{}{}
				}
			}
		})
	}
	for range many {
		<-started
	}
	began := time.Now()
	require.NoError(t, hub.stop(), "it ends with exit code 0")
	assert.Less(t, time.Since(began), 15*time.Second, "it did not wait for the streams until its patience of 20 s ended")
	group.Wait()
	for range many {
		assert.Equal(t, "end", <-goodbyes, "a stream is told to come back")
	}

	s := openData(t, hub.data)
	recorded := 0
	for i, p := range people {
		stored := map[string]bool{}
		for x, err := range s.Interactions(ctx, p.thread(), crm.Page{}) {
			require.NoError(t, err)
			if x.In != nil && x.In.ID != p.eventID(".") {
				stored[x.In.ID] = true
				assert.True(t, acknowledged[i][x.In.ID], "a recorded message was not acknowledged")
				recorded++
			}
		}
		for id, ok := range acknowledged[i] {
			assert.True(t, !ok || stored[id], "an acknowledged message was not recorded")
		}
	}
	t.Logf("%d messages of %d people until it stopped after %s", recorded, many, time.Since(began).Round(time.Millisecond))
}

// lastEvent listens to a stream until it ends, and returns the name of the
// last event.
func lastEvent(ctx context.Context, p *person) (name string) {
	r, err := http.NewRequestWithContext(ctx, "GET", p.url()+"/chat/stream", nil)
	if err != nil {
		return err.Error()
	}
	r.Header.Set("Authorization", "Bearer "+p.token)
	res, err := p.http.Do(r)
	if err != nil {
		return err.Error()
	}
	defer res.Body.Close()
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		if event, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			name = event
		}
	}
	return name
}
