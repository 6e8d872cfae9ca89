package conversation

import (
	"context"
	"errors"
	"sync"

	"github.com/hubkit/hubkit/channels/delivery"
	"github.com/hubkit/hubkit/crm"
)

// Run sends what the store's outbox holds, on every channel that pushes, until
// ctx ends, and then returns nil once the attempts under way are recorded. It
// begins with what an earlier process left: leases that ran out, and sends in
// doubt. Handle may be called before, during and after.
func (h *Hub) Run(ctx context.Context) error {
	if err := h.prepare(ctx); err != nil {
		return err
	}
	if err := h.remind(ctx); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		errs []error
	)
	for name, ch := range h.channels {
		if ch.Limits().Pulled {
			continue
		}
		loop, err := delivery.New(h.outbox, ch, h.loops[name])
		if err != nil {
			return err
		}
		wg.Go(func() {
			if err := loop.Run(ctx); err != nil {
				mu.Lock()
				errs = append(errs, err)
				mu.Unlock()
				stop()
			}
		})
	}
	<-ctx.Done()
	wg.Wait()
	return errors.Join(errs...)
}

// remind tells the agents of every open ticket once more: a process may have
// died between a change and telling them.
func (h *Hub) remind(ctx context.Context) error {
	if h.agents == nil {
		return nil
	}
	for _, p := range h.programmes {
		for ticket, err := range h.store.Tickets(ctx, crm.TicketQuery{Programme: p.ID}) {
			if err != nil {
				return err
			}
			if err := h.agents.Take(ctx, ticket); err != nil {
				h.log.WarnContext(ctx, "agents were not told", "programme", p.ID, "queue", ticket.Queue, "error", err)
			}
		}
	}
	return nil
}
