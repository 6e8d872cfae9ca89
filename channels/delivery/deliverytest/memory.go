package deliverytest

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"sync"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/delivery"
)

// Memory is a delivery.Queue and Waker in memory, for tests. It is safe for concurrent use.
type Memory struct {
	mu      sync.Mutex
	rows    []*Row // in the order they were added
	byRef   map[string]*Row
	byID    map[string]*Row
	epoch   int64
	changed chan struct{} // closed and replaced when something is added
	fresh   bool          // something was added since the last Lease began
}

// Row is one message as the queue keeps it.
type Row struct {
	Lane    string
	Message channels.Message
	State   delivery.State
	Due     time.Time
	Tries   int // as the last step said
	Receipt channels.Receipt
	Cause   channels.Cause
	Code    string
	Intent  time.Time // when it last became Sending

	epoch int64
	until time.Time // of the lease; zero: not leased
}

// NewMemory returns an empty queue.
func NewMemory() *Memory {
	return &Memory{byRef: map[string]*Row{}, byID: map[string]*Row{}, changed: make(chan struct{})}
}

// Add puts messages into a lane, in order. A reference that is there already is an error.
func (q *Memory) Add(lane string, ms ...channels.Message) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, m := range ms {
		if m.Ref == "" || q.byRef[m.Ref] != nil {
			return fmt.Errorf("deliverytest: the reference %q is empty or known", m.Ref)
		}
	}
	for _, m := range ms {
		r := &Row{Lane: lane, Message: m, State: delivery.Queued}
		q.rows = append(q.rows, r)
		q.byRef[m.Ref] = r
	}
	q.wake()
	return nil
}

// Cancel withdraws a message that is not yet sent.
func (q *Memory) Cancel(ref string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if r := q.byRef[ref]; r != nil && (r.State == delivery.Queued || r.State == delivery.Leased) {
		r.State = delivery.Cancelled
	}
}

// Row returns what is known of a message.
func (q *Memory) Row(ref string) (Row, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	r := q.byRef[ref]
	if r == nil {
		return Row{}, false
	}
	return *r, true
}

// Counts returns how many messages are in each state.
func (q *Memory) Counts() map[delivery.State]int {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := map[delivery.State]int{}
	for _, r := range q.rows {
		n[r.State]++
	}
	return n
}

func (q *Memory) wake() {
	q.fresh = true
	close(q.changed)
	q.changed = make(chan struct{})
}

// Wait returns when something was added since the last Lease began.
func (q *Memory) Wait(ctx context.Context, _ string) error {
	q.mu.Lock()
	changed, fresh := q.changed, q.fresh
	q.mu.Unlock()
	if fresh {
		return nil
	}
	select {
	case <-changed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Lease gives out what is due.
func (q *Memory) Lease(ctx context.Context, lane string, n int, d time.Duration) (delivery.Slice, error) {
	if err := ctx.Err(); err != nil {
		return delivery.Slice{}, err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.fresh = false
	now := time.Now()
	q.epoch++
	s := delivery.Slice{Lane: lane, Epoch: q.epoch}
	var due []*Row
	blocked := map[channels.Address]bool{}
	for _, r := range q.rows {
		if r.Lane != lane {
			continue
		}
		q.expire(r, now)
		switch r.State {
		case delivery.Queued:
			if !blocked[r.Message.To] && !r.Due.After(now) {
				due = append(due, r)
			}
			blocked[r.Message.To] = true
		case delivery.Leased, delivery.Sending:
			blocked[r.Message.To] = true
		case delivery.Unknown:
			if len(s.Doubts) < n && r.until.IsZero() && !r.Due.After(now) {
				r.epoch, r.until = s.Epoch, now.Add(d)
				s.Doubts = append(s.Doubts, delivery.Doubt{Message: r.Message, Since: r.Intent, Tries: r.Tries})
			}
		}
	}
	sort.SliceStable(due, func(i, j int) bool { return due[i].Message.Class < due[j].Message.Class })
	for _, r := range due[:min(n, len(due))] {
		r.State, r.epoch, r.until = delivery.Leased, s.Epoch, now.Add(d)
		s.Items = append(s.Items, r.Message)
		s.Tries = append(s.Tries, r.Tries)
	}
	for _, r := range q.rows {
		if r.Lane == lane {
			if at := r.next(); at.After(now) {
				s.Next = earlier(s.Next, at)
			}
		}
	}
	return s, nil
}

// expire takes back what a lease held too long.
func (q *Memory) expire(r *Row, now time.Time) {
	if r.until.IsZero() || r.until.After(now) {
		return
	}
	r.until, r.epoch = time.Time{}, 0
	switch r.State {
	case delivery.Leased:
		r.State = delivery.Queued
	case delivery.Sending:
		r.State, r.Due = delivery.Unknown, now
	}
}

// next returns when something is to be done for the row.
func (r *Row) next() time.Time {
	switch {
	case r.State != delivery.Queued && r.State != delivery.Leased && r.State != delivery.Sending && r.State != delivery.Unknown:
		return time.Time{}
	case !r.until.IsZero():
		return r.until
	}
	return r.Due
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// Advance records steps.
func (q *Memory) Advance(ctx context.Context, s delivery.Slice, steps []delivery.Step) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, step := range steps {
		r := q.byRef[step.Ref]
		if r == nil {
			return errors.New("deliverytest: a step of an unknown message")
		}
		if r.epoch != s.Epoch {
			return delivery.ErrLost
		}
	}
	var refused delivery.Refused
	for _, step := range steps {
		r := q.byRef[step.Ref]
		q.receipt(r, step.Receipt)
		if !r.State.May(step.To) {
			if step.To == delivery.Sending {
				refused = append(refused, step.Ref)
			}
			continue
		}
		if step.To == delivery.Sending && r.State != delivery.Sending {
			r.Intent = time.Now()
		}
		r.State, r.Due, r.Tries, r.Cause, r.Code = step.To, step.Due, step.Tries, step.Cause, step.Code
		if step.To != delivery.Sending {
			r.until = time.Time{}
		}
	}
	if refused != nil {
		return refused
	}
	return nil
}

func (q *Memory) receipt(r *Row, receipt channels.Receipt) {
	if receipt.ID != "" {
		r.Receipt = receipt
		q.byID[receipt.ID] = r
	}
}

// Learn applies news.
func (q *Memory) Learn(ctx context.Context, st []channels.Status) (others []channels.Status, err error) {
	if err := ctx.Err(); err != nil {
		return st, err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, one := range st {
		r := q.byRef[one.Ref]
		if r == nil && one.ID != "" {
			r = q.byID[one.ID]
		}
		if r == nil {
			others = append(others, one)
			continue
		}
		if one.ID != "" && r.Receipt.ID == "" {
			q.receipt(r, channels.Receipt{ID: one.ID, At: one.At})
		}
		if to := r.State.Learned(one.Stage); to != r.State {
			r.State, r.Cause, r.Code = to, one.Cause, one.Code
		}
	}
	return others, nil
}
