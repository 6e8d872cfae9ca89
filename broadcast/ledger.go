package broadcast

import (
	"context"

	"github.com/hubkit/hubkit/channels/delivery"
)

// Ledger is one row for each recipient of each campaign: a delivery.Queue that
// can also be planned and counted. Safe for concurrent use.
type Ledger interface {
	delivery.Queue
	// Plan freezes one page of recipients and the cursor behind it in one commit;
	// repeating it changes nothing. A known campaign with another hash is refused.
	Plan(ctx context.Context, c Campaign, page []Recipient, cursor string) error
	// Counts returns how many recipients of a campaign are in each state.
	Counts(ctx context.Context, campaign string) (map[string]int64, error)
}
