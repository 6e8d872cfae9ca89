package conversation

import "context"

// Run sends what the store's outbox holds until ctx ends.
func (h *Hub) Run(ctx context.Context) error {
	if err := h.prepare(ctx); err != nil {
		return err
	}
	<-ctx.Done()
	return ctx.Err()
}
