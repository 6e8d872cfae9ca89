package scoring

import (
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/hubkit/hubkit/registration"
)

// scoreJSON is how JSON writes a score.
type scoreJSON struct {
	Card     string       `json:"card"`
	Hash     string       `json:"hash,omitempty"`
	Points   float64      `json:"points"`
	Lo       float64      `json:"lo"`
	Hi       float64      `json:"hi"`
	Band     string       `json:"band,omitempty"`
	Eligible string       `json:"eligible"`
	Reasons  []reasonJSON `json:"reasons,omitempty"`
}

type reasonJSON struct {
	Line   int32   `json:"line"`
	Truth  string  `json:"truth"`
	Points float64 `json:"points,omitempty"`
	Lo     float64 `json:"lo,omitempty"`
	Hi     float64 `json:"hi,omitempty"`
}

// MarshalJSON writes the score with its hash in hexadecimal and truths as "yes",
// "no" and "unknown", so that it can be stored and explained years later.
func (s Score) MarshalJSON() ([]byte, error) {
	j := scoreJSON{Card: s.Card, Points: s.Points, Lo: s.Lo, Hi: s.Hi, Band: s.Band, Eligible: s.Eligible.String()}
	if s.Hash != [32]byte{} {
		j.Hash = hex.EncodeToString(s.Hash[:])
	}
	for _, r := range s.Reasons {
		j.Reasons = append(j.Reasons, reasonJSON{r.Criterion, r.Truth.String(), r.Points, r.Lo, r.Hi})
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *Score) UnmarshalJSON(b []byte) error {
	var j scoreJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return fmt.Errorf("scoring: this JSON does not hold a score: %w", err)
	}
	out := Score{Card: j.Card, Points: j.Points, Lo: j.Lo, Hi: j.Hi, Band: j.Band}
	if n, err := hex.Decode(out.Hash[:], []byte(j.Hash[:min(len(j.Hash), 64)])); err != nil || len(j.Hash) > 64 || n != 0 && n != 32 {
		return fmt.Errorf("scoring: this JSON does not hold a score: its hash is not of 64 hexadecimal digits")
	}
	var ok bool
	if out.Eligible, ok = truthOf(j.Eligible); !ok {
		return fmt.Errorf("scoring: this JSON does not hold a score: eligible must be yes, no or unknown")
	}
	for _, r := range j.Reasons {
		t, ok := truthOf(r.Truth)
		if !ok {
			return fmt.Errorf("scoring: this JSON does not hold a score: a truth must be yes, no or unknown")
		}
		out.Reasons = append(out.Reasons, Reason{r.Line, t, r.Points, r.Lo, r.Hi})
	}
	*s = out
	return nil
}

func truthOf(s string) (registration.Truth, bool) {
	for _, t := range []registration.Truth{registration.Unknown, registration.No, registration.Yes} {
		if t.String() == s {
			return t, true
		}
	}
	return registration.Unknown, false
}
