package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/crm"
)

// crowd is people who write at once; each who is done makes room for another
// until the crowd closes.
type crowd struct {
	ctx    context.Context
	url    func() string
	atOnce int
	thinks time.Duration
	plain  bool       // nobody reloads or repeats
	took   *durations // nil: not measured

	closed  atomic.Bool
	group   sync.WaitGroup
	mu      sync.Mutex
	people  []*person
	trouble []error
}

func (c *crowd) open() {
	for range c.atOnce {
		c.group.Go(func() {
			for first := true; first || !c.closed.Load(); first = false {
				p := c.newcomer()
				if err := p.walk(c.ctx); err != nil {
					c.mu.Lock()
					c.trouble = append(c.trouble, err)
					c.mu.Unlock()
					return
				}
			}
		})
	}
}

func (c *crowd) newcomer() *person {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := newPerson(uint64(len(c.people)), c.url, &client)
	p.thinks, p.clumsy, p.took = c.thinks, !c.plain, c.took
	c.people = append(c.people, p)
	return p
}

// close lets everybody finish and returns them.
func (c *crowd) close(t *testing.T) []*person {
	t.Helper()
	c.closed.Store(true)
	c.group.Wait()
	require.NoError(t, errors.Join(c.trouble...))
	return c.people
}

// A hub is killed at random moments, starting up included, while people
// register: everybody finishes, nothing is lost and nothing is said twice.
func TestKilledAtRandomMoments(t *testing.T) {
	kills := full(120, 12)
	hub := openHub(t)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	crowd := &crowd{ctx: ctx, url: hub.url, atOnce: full(24, 16), thinks: 60 * time.Millisecond}
	crowd.open()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	moments := rand.New(rand.NewPCG(seed, 1))
	unopened := 0
	for range kills {
		time.Sleep(time.Duration(moments.IntN(300)) * time.Millisecond) // the moment is what is random
		hub.kill()
		if moments.IntN(6) == 0 { // and once more before it is open
			hub.launch()
			time.Sleep(time.Duration(moments.IntN(80)) * time.Millisecond)
			hub.kill()
			unopened++
		}
		hub.start()
	}
	people := crowd.close(t)
	require.NoError(t, hub.stop())
	said := checkEverything(t, hub.data, people)
	t.Logf("%d kills of an open hub and %d of one that was opening; %d people finished with %d messages", kills, unopened, len(people), said)
}

// checkEverything reads the data of a closed hub and compares it with what the
// people said and heard. It returns how many messages they sent.
func checkEverything(t *testing.T, data string, people []*person) (sent int) {
	t.Helper()
	s := openData(t, data)
	ctx := context.Background()
	for _, p := range people {
		sent += len(p.sent)
		var regs []crm.Registration
		for r, err := range s.Registrations(ctx, crm.RegistrationQuery{Programme: programme.ID, Thread: p.thread()}) {
			require.NoError(t, err)
			regs = append(regs, r)
		}
		if !assert.Len(t, regs, 1, "each person registered once") {
			continue
		}
		assert.Equal(t, crm.Submitted, regs[0].Status)
		assert.Equal(t, p.lang, regs[0].Lang)
		p.story.check(t, regs[0].Answers)
		p.checkRecord(t, s)
	}
	all := 0
	for _, err := range s.Registrations(ctx, crm.RegistrationQuery{Programme: programme.ID}) {
		require.NoError(t, err)
		all++
	}
	assert.Equal(t, len(people), all, "and nobody else")
	return sent
}

// checkRecord compares the stored conversation with the person's: what was
// sent is recorded once each, in order, and what was said is what was heard.
func (p *person) checkRecord(t *testing.T, s *crm.Store) {
	t.Helper()
	var in, out []string
	for x, err := range s.Interactions(context.Background(), p.thread(), crm.Page{}) {
		require.NoError(t, err)
		if x.In != nil {
			in = append(in, x.In.ID)
		} else {
			out = append(out, x.Out.Ref)
		}
	}
	want := []string{p.eventID(".")}
	for _, client := range p.sent {
		want = append(want, p.eventID(client))
	}
	assert.Equal(t, want, in, "every message is recorded once, in order")
	heard := make([]string, len(p.heard))
	for i, h := range p.heard {
		heard[i] = h.Ref
	}
	assert.Equal(t, out, heard, "everything said was heard once, in order")
}
