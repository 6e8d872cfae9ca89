package crm

import (
	"context"
	"sync"
)

// group makes many callers' batches share one Apply. There is no writer
// goroutine: the first caller to come leads, takes everybody who waits, applies
// for all, and hands the lead to the first of those who came meanwhile.
type group struct {
	most  int
	apply func(context.Context, []Batch) ([]Outcome, error)
	after func([]Batch, []Outcome) // tells of what was written, in order

	mu    sync.Mutex
	busy  bool // somebody leads
	queue []*waiting
}

type waiting struct {
	batches []Batch
	outs    []Outcome
	err     error
	turn    chan bool // true: written; false: lead
}

// do returns after the batches are durable, each as its Outcome says, or were
// not written. When ctx ends before a leader took them, they are withdrawn.
func (g *group) do(ctx context.Context, bs ...Batch) ([]Outcome, error) {
	if err := ctx.Err(); err != nil || len(bs) == 0 {
		return nil, err
	}
	w := &waiting{batches: bs, turn: make(chan bool, 1)}
	g.mu.Lock()
	g.queue = append(g.queue, w)
	lead := !g.busy
	g.busy = true
	g.mu.Unlock()
	if lead {
		g.lead(ctx, w)
		return w.outs, w.err
	}
	select {
	case done := <-w.turn:
		if !done {
			g.lead(ctx, w)
		}
	case <-ctx.Done():
		if g.withdraw(w) {
			return nil, ctx.Err()
		}
		if done := <-w.turn; !done {
			g.lead(ctx, w)
		}
	}
	return w.outs, w.err
}

// withdraw takes w out of the queue; false when it was taken already, or leads.
func (g *group) withdraw(w *waiting) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i, o := range g.queue {
		if o == w && len(w.turn) == 0 {
			g.queue = append(g.queue[:i:i], g.queue[i+1:]...)
			return true
		}
	}
	return false
}

// lead applies what waits, w first. A caller that goes away does not undo
// what others wait for.
func (g *group) lead(ctx context.Context, w *waiting) {
	g.mu.Lock()
	n := min(len(g.queue), g.most)
	all := g.queue[:n:n]
	g.queue = g.queue[n:]
	g.mu.Unlock()

	bs := make([]Batch, 0, n)
	for _, o := range all {
		bs = append(bs, o.batches...)
	}
	outs, err := g.apply(context.WithoutCancel(ctx), bs)
	if err == nil {
		g.after(bs, outs)
	}

	g.mu.Lock()
	if len(g.queue) > 0 {
		g.queue[0].turn <- false
	} else {
		g.busy, g.queue = false, nil
	}
	g.mu.Unlock()
	for _, o := range all {
		if o.err = err; err == nil {
			o.outs, outs = outs[:len(o.batches):len(o.batches)], outs[len(o.batches):]
		}
		if o != w {
			o.turn <- true
		}
	}
}
