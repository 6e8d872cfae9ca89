package desk

import (
	"sync"
	"time"
)

// pace slows down guessing: a bucket for each key, emptied by failures and
// refilled by time. It is kept in memory, bounded, and per process.
type pace struct {
	burst float64
	every time.Duration // one more
	now   func() time.Time

	mu      sync.Mutex
	buckets map[string]bucket
}

type bucket struct {
	left float64
	at   time.Time
}

// mostBuckets bounds the memory; a full house forgets whoever is full again.
const mostBuckets = 100_000

func newPace(burst int, every time.Duration, now func() time.Time) *pace {
	return &pace{burst: float64(burst), every: every, now: now, buckets: map[string]bucket{}}
}

// take uses up one attempt; when none is left it says how long to wait.
func (p *pace) take(key string) (wait time.Duration, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	b := p.at(key, now)
	if b.left < 1 {
		return time.Duration((1 - b.left) * float64(p.every)), false
	}
	if len(p.buckets) >= mostBuckets {
		for k := range p.buckets {
			if p.at(k, now).left >= p.burst {
				delete(p.buckets, k)
			}
		}
		if len(p.buckets) >= mostBuckets {
			clear(p.buckets)
		}
	}
	b.left--
	p.buckets[key] = b
	return 0, true
}

// back returns an attempt that was no guess.
func (p *pace) back(key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	b := p.at(key, p.now())
	b.left = min(p.burst, b.left+1)
	p.buckets[key] = b
}

func (p *pace) at(key string, now time.Time) bucket {
	b, ok := p.buckets[key]
	if !ok {
		return bucket{p.burst, now}
	}
	b.left = min(p.burst, b.left+float64(now.Sub(b.at))/float64(p.every))
	b.at = now
	return b
}
