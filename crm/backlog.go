package crm

import (
	"context"
	"runtime"
	"slices"
	"sync"

	"github.com/hubkit/hubkit/channels"
)

// Backlog is what a pulling channel such as web chat reads: every message to
// an address, by number, in any of the programmes. It notices commits of other
// processes too.
func (s *Store) Backlog(programmes ...string) channels.Backlog {
	return &backlog{s: s, programmes: programmes}
}

type backlog struct {
	s          *Store
	programmes []string
}

// After implements channels.Backlog: messages with a greater number, in order.
func (b *backlog) After(ctx context.Context, a channels.Address, seq int64) ([]channels.Entry, error) {
	return aside(func() ([]channels.Entry, error) { return b.after(ctx, a, seq) })
}

func (b *backlog) after(ctx context.Context, a channels.Address, seq int64) ([]channels.Entry, error) {
	var es []channels.Entry
	for _, p := range b.programmes {
		id := ThreadID{Programme: p, Address: a}
		key, err := b.s.threadKey(ctx, id)
		if err != nil {
			return nil, err
		}
		for x, err := range b.s.interactions(ctx, key, id, Select{Table: Interactions, Where: []Where{
			{Column: "thread", Value: key}, {Column: "out", Value: int64(1)}, {Column: "seq", Op: Above, Value: seq},
		}}) {
			if err != nil {
				return nil, err
			}
			es = append(es, channels.Entry{Seq: x.Seq, Message: x.Out.Message})
		}
	}
	slices.SortFunc(es, func(x, y channels.Entry) int { return int(x.Seq - y.Seq) })
	return es, nil
}

// Wait implements channels.Backlog. It may return when there is nothing yet:
// the caller asks After again.
func (b *backlog) Wait(ctx context.Context, a channels.Address, seq int64) error {
	keys := make([]string, len(b.programmes))
	for i, p := range b.programmes {
		key, err := b.s.threadKey(ctx, ThreadID{Programme: p, Address: a})
		if err != nil {
			return err
		}
		keys[i] = key
	}
	return b.s.heard.wait(ctx, keys, func() (bool, error) {
		return aside(func() (bool, error) { return b.any(ctx, keys, seq) })
	})
}

// any says whether After would return anything.
func (b *backlog) any(ctx context.Context, keys []string, seq int64) (bool, error) {
	for _, key := range keys {
		for _, err := range b.s.backend.Rows(ctx, Select{Table: Interactions, Bare: true, Limit: 1, Where: []Where{
			{Column: "thread", Value: key}, {Column: "out", Value: int64(1)}, {Column: "seq", Op: Above, Value: seq},
		}}) {
			return err == nil, err
		}
	}
	return false, nil
}

// aside runs read on a stack of its own. A database takes a deep one, and who waits
// for news, in thousands, would keep theirs that deep. A panic is the caller's.
func aside[T any](read func() (T, error)) (v T, err error) {
	var failed any
	ended := false
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() { failed = recover() }()
		v, err = read()
		ended = true
	}()
	<-done
	switch {
	case failed != nil:
		panic(failed)
	case !ended:
		runtime.Goexit() // as read did
	}
	return v, err
}

// bell wakes who waits for a thread. Commits of this store ring it directly.
// For those of other processes one goroutine watches the backend, as long as
// anybody waits and no longer.
type bell struct {
	s *Store

	mu    sync.Mutex
	by    map[string][]chan struct{}
	lanes map[string]int64 // how often something was queued in a lane
	n     int              // who waits
	known int64            // every number up to here has been rung for
	stop  context.CancelFunc
	done  chan struct{}
}

func newBell(s *Store) *bell {
	return &bell{s: s, by: map[string][]chan struct{}{}, lanes: map[string]int64{}}
}

// ring tells of a group that this store committed, in order.
func (b *bell) ring(bs []Batch, outs []Outcome) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range bs {
		if outs[i].Err != nil {
			continue
		}
		n := int64(len(bs[i].Audit))
		for j := range bs[i].Writes {
			r := &bs[i].Writes[j]
			if r.Table == Outbox && !r.Gone && r.Rev == 1 {
				b.queued(text(r.Clear[outLane]))
			}
			if r.Table != Interactions && r.Table != Records {
				continue
			}
			n++
			if b.n > 0 && r.Table == Interactions {
				b.wake(bellOf(r))
			}
		}
		b.took(outs[i].Seq, max(n, 1))
	}
}

// claimed tells of a claim of this store, which took one number.
func (b *bell) claimed(seq int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.took(seq, 1)
}

func (b *bell) took(seq, n int64) {
	if seq == b.known+1 {
		b.known += n
	}
}

func (b *bell) queued(lane string) {
	b.lanes[lane]++
	b.wake(laneKey(lane))
}

// count grows whenever something is queued in a lane.
func (b *bell) count(lane string) int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.lanes[lane]; !ok {
		b.lanes[lane] = 0
	}
	return b.lanes[lane]
}

// laneKey is what who waits for a lane waits under, beside the keys of threads.
func laneKey(lane string) string { return "lane " + lane }

func (b *bell) wake(thread string) {
	for _, c := range b.by[thread] {
		select {
		case c <- struct{}{}:
		default: // woken already
		}
	}
}

// wait returns when one of the threads has something to say, or ctx ends.
// There looks once, after wait has begun to listen, so that nothing falls between.
func (b *bell) wait(ctx context.Context, threads []string, there func() (bool, error)) error {
	c := make(chan struct{}, 1)
	if err := b.listen(ctx, threads, c); err != nil {
		return err
	}
	defer b.leave(threads, c)
	if ok, err := there(); ok || err != nil {
		return err
	}
	select {
	case <-c:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (b *bell) listen(ctx context.Context, threads []string, c chan struct{}) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.n == 0 {
		// Nobody listened: whatever was committed until now, this waiter finds by
		// looking.
		for head, err := range b.s.backend.Rows(ctx, Select{Table: Heads, Bare: true}) {
			if err != nil {
				return err
			}
			b.known = max(b.known, head.Seq)
		}
		b.watch(ctx)
	}
	b.n++
	for _, t := range threads {
		b.by[t] = append(b.by[t], c)
	}
	return nil
}

func (b *bell) leave(threads []string, c chan struct{}) {
	b.mu.Lock()
	for _, t := range threads {
		b.by[t] = slices.DeleteFunc(b.by[t], func(o chan struct{}) bool { return o == c })
		if len(b.by[t]) == 0 {
			delete(b.by, t)
		}
	}
	b.n--
	var done chan struct{}
	if b.n == 0 {
		b.stop()
		done = b.done
	}
	b.mu.Unlock()
	if done != nil {
		<-done
	}
}

// watch follows the backend until the last waiter leaves. Called with mu held.
func (b *bell) watch(ctx context.Context) {
	ctx, b.stop = context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	b.done = done
	from := b.known
	go func() {
		defer close(done)
		for seq, err := range b.s.backend.Watch(ctx, from) {
			if err != nil {
				return
			}
			b.catchUp(ctx, seq)
		}
	}()
}

// catchUp rings for what other processes committed up to seq.
func (b *bell) catchUp(ctx context.Context, seq int64) {
	b.mu.Lock()
	from := b.known
	b.mu.Unlock()
	if seq <= from {
		return
	}
	var threads []string
	for row, err := range b.s.backend.Rows(ctx, Select{Table: Interactions, Bare: true, Where: []Where{
		{Column: "seq", Op: Above, Value: from}, {Column: "seq", Op: Below, Value: seq + 1},
	}}) {
		if err != nil {
			if ctx.Err() == nil {
				b.s.log.ErrorContext(ctx, "crm: cannot follow other processes", "error", err)
			}
			return
		}
		threads = append(threads, bellOf(&row))
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, t := range threads {
		b.wake(t)
	}
	for lane := range b.lanes { // theirs may have queued something
		b.queued(lane)
	}
	b.known = max(b.known, seq)
}
