package sqlite

import (
	"context"
	"fmt"
)

// Limit lets the database grow to so many pages, as a full disk does.
func (b *Backend) Limit(ctx context.Context, pages int) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.pragma(ctx, fmt.Sprintf("PRAGMA max_page_count=%d", pages))
}
