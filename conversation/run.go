package conversation

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/delivery"
	"github.com/hubkit/hubkit/crm"
)

// Run sends what the store's outbox holds, on every channel that pushes, until
// ctx ends, and then returns nil once the attempts under way are recorded. At its
// start and once a day it has the store forget what need not be kept. It
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
		cfg := h.loops[name]
		cfg.Failed = h.optedOut(cfg.Failed)
		loop, err := delivery.New(h.outbox, ch, cfg)
		if err != nil {
			return err
		}
		h.running.Store(name, loop)
		wg.Go(func() {
			if err := loop.Run(ctx); err != nil {
				mu.Lock()
				errs = append(errs, err)
				mu.Unlock()
				stop()
			}
		})
	}
	wg.Go(func() { h.prune(ctx) })
	<-ctx.Done()
	wg.Wait()
	return errors.Join(errs...)
}

// optedOut hears from providers that a person wants no messages, as if the person had
// left the channel, and tells whoever else wants to know what failed.
func (h *Hub) optedOut(next func(context.Context, channels.Message, channels.Cause)) func(context.Context, channels.Message, channels.Cause) {
	return func(ctx context.Context, m channels.Message, cause channels.Cause) {
		if cause == channels.OptedOut {
			e := channels.Event{
				ID: "opted-out." + m.Ref, Kind: channels.Stopped, At: h.now(),
				From: m.To, To: channels.Address{Channel: m.To.Channel, ID: m.From},
			}
			if _, err := h.Handle(ctx, e); err != nil {
				h.log.ErrorContext(ctx, "that a person opted out could not be kept", "channel", m.To.Channel, "error", err)
			}
		}
		if next != nil {
			next(ctx, m, cause)
		}
	}
}

// prune forgets, every day, those who consented to nothing, and old marks of duplicates.
func (h *Hub) prune(ctx context.Context) {
	daily := time.NewTicker(24 * time.Hour)
	defer daily.Stop()
	for {
		if _, err := h.store.Prune(ctx, false); err != nil && ctx.Err() == nil {
			h.log.ErrorContext(ctx, "what need not be kept was not forgotten; it is tried again tomorrow", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-daily.C:
		}
	}
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
