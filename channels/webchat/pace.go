package webchat

import (
	"sync"
	"time"
)

// pace lets every key do something so many times in a while, in bursts of the
// same size. It remembers one moment per key (the generic cell rate algorithm)
// and forgets keys that have rested.
type pace struct {
	every, burst time.Duration

	mu    sync.Mutex
	due   map[string]time.Time // when the key will have rested
	sweep int                  // size at which rested keys are dropped
}

func newPace(times int64, in time.Duration) *pace {
	return &pace{
		every: max(in/time.Duration(times), 1),
		burst: in,
		due:   map[string]time.Time{},
		sweep: 1024,
	}
}

// take returns 0 and counts, or returns how long to wait and counts nothing.
func (p *pace) take(key string, now time.Time) time.Duration { return p.takeSome(key, 1, now) }

// takeSome is take for several at once.
func (p *pace) takeSome(key string, n int64, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	due := p.due[key]
	if due.Before(now) {
		due = now
	}
	due = due.Add(time.Duration(n) * p.every)
	if wait := due.Sub(now) - p.burst; wait > 0 {
		return wait
	}
	p.due[key] = due
	if len(p.due) >= p.sweep {
		for k, d := range p.due {
			if !d.After(now) {
				delete(p.due, k)
			}
		}
		p.sweep = max(1024, 2*len(p.due))
	}
	return 0
}

// giveBack undoes a takeSome.
func (p *pace) giveBack(key string, n int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if due, ok := p.due[key]; ok {
		p.due[key] = due.Add(-time.Duration(n) * p.every)
	}
}
