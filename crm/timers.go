package crm

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/hubkit/hubkit/channels"
)

// timerLane is the one lane of the queue of timers.
const timerLane = "timers"

type wireTimer struct {
	Channel string `json:"c"`
	ID      string `json:"a"`
	Name    string `json:"n"`
	Data    []byte `json:"d,omitempty"`
}

// Due leases up to n timers that are due, the earliest first. Whoever gets one
// answers it with a Change whose Fired is the timer; when that does not happen
// within lease, somebody gets it again. A timer whose thread was forgotten is
// not returned.
func (s *Store) Due(ctx context.Context, n int, lease time.Duration) ([]Timer, error) {
	now := s.now()
	rows, err := s.claim(ctx, Claim{Table: Timers, Lane: timerLane, Now: now, Until: now.Add(lease), Limit: n})
	if err != nil {
		return nil, err
	}
	ts := make([]Timer, 0, len(rows))
	for _, row := range rows {
		plain, err := s.open(ctx, text(row.Clear[0]), Timers, row.Key, row.Sealed)
		if err != nil {
			return nil, err
		}
		var w wireTimer
		if err := json.Unmarshal(plain, &w); err != nil {
			return nil, err
		}
		programme, _, _ := strings.Cut(row.Key, "/")
		ts = append(ts, Timer{
			Thread: ThreadID{Programme: programme, Address: channels.Address{Channel: w.Channel, ID: w.ID}},
			Name:   w.Name, Due: fromMillis(number(row.Clear[3])), Data: w.Data, Rev: row.Rev,
		})
	}
	return ts, nil
}

// claim claims, and notes the number that the claim took.
func (s *Store) claim(ctx context.Context, c Claim) ([]Row, error) {
	rows, err := s.backend.Claim(ctx, c)
	if err == nil && len(rows) > 0 {
		s.heard.claimed(rows[0].Rev)
	}
	return rows, err
}
