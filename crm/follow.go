package crm

import "context"

// heardIn is added to a thread's key where what the person says rings, apart
// from what is said to them: a person's page need not wake for its own words.
const heardIn = "<"

// bellOf is what an interaction rings.
func bellOf(r *Row) string {
	if number(r.Clear[2]) == 1 {
		return text(r.Clear[0])
	}
	return text(r.Clear[0]) + heardIn
}

// Follow returns when a thread has an interaction with a greater number than
// seq, of either side and committed by any process, or ctx ends. It may return
// when there is nothing yet: the caller asks Interactions again.
func (s *Store) Follow(ctx context.Context, id ThreadID, seq int64) error {
	key, err := s.threadKey(ctx, id)
	if err != nil {
		return err
	}
	return s.heard.wait(ctx, []string{key, key + heardIn}, func() (bool, error) {
		for _, err := range s.backend.Rows(ctx, Select{Table: Interactions, Bare: true, Limit: 1, Where: []Where{
			{Column: "thread", Value: key}, {Column: "seq", Op: Above, Value: seq},
		}}) {
			return err == nil, err
		}
		return false, nil
	})
}
