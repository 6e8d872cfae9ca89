package scoring

import (
	"encoding/json"

	"github.com/hubkit/hubkit"
)

// Policy says what a criterion is worth while an answer that it needs is
// missing, refused or not known to the person. The zero Policy is Bounds.
// Whatever the policy, the Truth of the reason stays Unknown.
type Policy struct {
	do      string
	points  float64
	because hubkit.Text
}

const (
	doBounds  = ""
	doZero    = "zero"
	doWorst   = "worst"
	doBest    = "best"
	doRefuse  = "refuse"
	doDefault = "default"
)

// Bounds counts what is certain and keeps the rest open: Score.Lo and Score.Hi
// bound what the score may become. What is certain is the amount, between the
// least and the most possible, that lies nearest to zero: nothing for a
// condition that is unknown, and 2 points for 2 known small children and a
// third person of unknown age. It is the default.
func Bounds() Policy { return Policy{} }

// Zero counts nothing at all and leaves nothing open, as most published
// indices do with a missing answer.
func Zero() Policy { return Policy{do: doZero} }

// Worst counts the fewest points that are possible, and leaves nothing open.
func Worst() Policy { return Policy{do: doWorst} }

// Best counts the most points that are possible, and leaves nothing open.
func Best() Policy { return Policy{do: doBest} }

// Refuse gives no band and an *UnknownError while the criterion is not known:
// the question must be asked first.
func Refuse() Policy { return Policy{do: doRefuse} }

// Default counts a fixed number of points and says why, such as the average of
// the region. The reason may use the variables of Criterion.Because.
func Default(points float64, because hubkit.Text) Policy {
	return Policy{do: doDefault, points: points, because: because}
}

// String returns the policy's name as JSON has it.
func (p Policy) String() string {
	if p.do == doBounds {
		return "bounds"
	}
	return p.do
}

// policyJSON is how JSON writes a policy.
type policyJSON struct {
	Do      string      `json:"do"`
	Points  *float64    `json:"points,omitempty"` // of a default, 0 too
	Because hubkit.Text `json:"because,omitempty"`
}

// IsZero says whether it is Bounds, which JSON leaves out.
func (p Policy) IsZero() bool { return p.do == doBounds }

// MarshalJSON writes the policy: {"do":"zero"}.
func (p Policy) MarshalJSON() ([]byte, error) {
	j := policyJSON{Do: p.String(), Because: p.because}
	if p.do == doDefault || p.points != 0 {
		j.Points = &p.points
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads what MarshalJSON wrote. What is wrong is found by New.
func (p *Policy) UnmarshalJSON(b []byte) error {
	var j policyJSON
	if err := strict(b, &j); err != nil {
		return err
	}
	if j.Do == "bounds" {
		j.Do = doBounds
	}
	*p = Policy{do: j.Do, because: j.Because}
	if j.Points != nil {
		p.points = *j.Points
	}
	return nil
}
