package conversation

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hubkit/hubkit/channels/delivery"
	"github.com/hubkit/hubkit/registration"
)

// tally counts what the hub does, without anything personal.
type tally struct {
	stale, failed, hurried atomic.Int64
	outcomes               [16]atomic.Int64

	mu sync.Mutex
	by map[string]*channelTally
}

type channelTally struct {
	events, duplicates int64
	buckets            [len(buckets) + 1]int64
	seconds            float64
}

// buckets are the upper ends, in seconds, of the histogram of turns.
var buckets = [...]float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5}

func (t *tally) heard(channel string, duplicate bool, took time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.by == nil {
		t.by = map[string]*channelTally{}
	}
	c := t.by[channel]
	if c == nil {
		c = &channelTally{}
		t.by[channel] = c
	}
	c.events++
	if duplicate {
		c.duplicates++
	}
	s := took.Seconds()
	c.seconds += s
	i := 0
	for i < len(buckets) && s > buckets[i] {
		i++
	}
	c.buckets[i]++
}

// turn counts a turn that was committed; one that was decided again, or was a
// repeat, counts once.
func (t *tally) turn(d *turn) {
	if d.outcome > 0 && int(d.outcome) < len(t.outcomes) {
		t.outcomes[d.outcome].Add(1)
	}
	if d.hurried {
		t.hurried.Add(1)
	}
}

var outcomeNames = map[registration.HeardOutcome]string{
	registration.Accepted: "accepted", registration.Added: "added", registration.Again: "again", registration.Guessed: "guessed",
	registration.Stale: "stale", registration.Skipped: "skipped", registration.NeedsPerson: "needs_person", registration.Closed: "closed",
}

// WriteMetrics writes the hub's counters in the text format of Prometheus.
// They hold no personal data.
func (h *Hub) WriteMetrics(w io.Writer) error {
	t := &h.tally
	p := &printer{w: w}
	p.head("hubkit_turns_stale_total", "counter", "Turns decided anew because the thread changed meanwhile.")
	p.line("hubkit_turns_stale_total %d\n", t.stale.Load())
	p.head("hubkit_turns_failed_total", "counter", "Turns that could not be kept; the provider sends them again.")
	p.line("hubkit_turns_failed_total %d\n", t.failed.Load())
	p.head("hubkit_turns_hurried_total", "counter", "Messages beyond the rate of one thread, recorded and not answered.")
	p.line("hubkit_turns_hurried_total %d\n", t.hurried.Load())
	p.head("hubkit_replies_total", "counter", "Replies to questionnaires by what became of them.")
	for o := registration.Accepted; o <= registration.Closed; o++ {
		p.line("hubkit_replies_total{outcome=%q} %d\n", outcomeNames[o], t.outcomes[o].Load())
	}
	p.head("hubkit_messages_total", "counter", "Messages of this process by channel and by what became of them: held ones wait for a person.")
	h.eachLoop(func(name string, l *delivery.Loop) {
		for _, s := range []delivery.State{delivery.Accepted, delivery.Unknown, delivery.Failed, delivery.Held, delivery.Expired} {
			p.line("hubkit_messages_total{channel=%q,state=%q} %d\n", name, s.String(), l.Count(s))
		}
	})
	p.head("hubkit_sender_parked", "gauge", "1 while a channel's sender rests because its account or configuration is refused.")
	h.eachLoop(func(name string, l *delivery.Loop) {
		n := 0
		if _, parked := l.Parked(); parked {
			n = 1
		}
		p.line("hubkit_sender_parked{channel=%q} %d\n", name, n)
	})
	t.mu.Lock()
	defer t.mu.Unlock()
	p.head("hubkit_events_total", "counter", "Events that came in, by channel.")
	for name, c := range t.by {
		p.line("hubkit_events_total{channel=%q} %d\n", name, c.events)
	}
	p.head("hubkit_events_duplicate_total", "counter", "Events that were known already, by channel.")
	for name, c := range t.by {
		p.line("hubkit_events_duplicate_total{channel=%q} %d\n", name, c.duplicates)
	}
	p.head("hubkit_turn_seconds", "histogram", "Time from an event to its durable answer, by channel.")
	for name, c := range t.by {
		var sum int64
		for i, b := range buckets {
			sum += c.buckets[i]
			p.line("hubkit_turn_seconds_bucket{channel=%q,le=\"%g\"} %d\n", name, b, sum)
		}
		p.line("hubkit_turn_seconds_bucket{channel=%q,le=\"+Inf\"} %d\n", name, c.events)
		p.line("hubkit_turn_seconds_sum{channel=%q} %g\n", name, c.seconds)
		p.line("hubkit_turn_seconds_count{channel=%q} %d\n", name, c.events)
	}
	return p.err
}

// eachLoop visits the channels that push, in the order of their names.
func (h *Hub) eachLoop(visit func(name string, l *delivery.Loop)) {
	for _, name := range slices.Sorted(maps.Keys(h.channels)) {
		if l, ok := h.running.Load(name); ok {
			visit(name, l.(*delivery.Loop))
		}
	}
}

// printer writes until the first error.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) head(name, kind, help string) {
	p.line("# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

func (p *printer) line(format string, a ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, a...)
	}
}
