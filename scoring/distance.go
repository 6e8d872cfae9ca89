package scoring

import (
	"math"
	"slices"

	"github.com/hubkit/hubkit/registration"
)

// Distance says how far a score is from the bands beside its own.
type Distance struct {
	Band     string // its own
	Up, Down *Step  // nil at the highest and the lowest band
}

// Step is the way to a neighbouring band.
type Step struct {
	Band string
	// Points that are missing to its edge, or that must fall away.
	Points float64
	// Past says that the edge itself is not enough: the points must go past it.
	Past bool
	// By lists the criteria that could make the step alone, in the order of the
	// card: it would be another band if these were different.
	By []Lever
}

// Lever is a criterion that could change the band alone.
type Lever struct {
	ID string
	// Needs is how many points it would have to give, at least (or at most, on the
	// way down); now it gives Points.
	Points, Needs float64
}

// Distance says how far a score of this card is from the next bands, and which
// criteria alone would change the band if they were different. Criteria whose
// reasons are for other roles are left out. It is the answer to "why not me?",
// and must not become advice on what to answer.
//
// A score of another card, or without a band, gives the zero Distance.
func (c *Card) Distance(s Score, roles ...string) Distance {
	b := c.band(s.Points)
	if s.Hash != c.hash || s.Band == "" || b < 0 || len(s.Reasons) != len(c.says) {
		return Distance{}
	}
	d := Distance{Band: s.Band}
	if b+1 < len(c.edges) {
		e := c.edges[b+1]
		d.Up = c.step(s, roles, b+1, round(e.x-s.Points), e.open, up)
	}
	if b > 0 {
		e := c.edges[b]
		d.Down = c.step(s, roles, b-1, round(s.Points-e.x), !e.open, down)
	}
	return d
}

// The ways to go.
const (
	up   = 1.0
	down = -1.0
)

func (c *Card) step(s Score, roles []string, band int, points float64, past bool, way float64) *Step {
	st := &Step{Band: c.spec.Bands[band].ID, Points: points, Past: past}
	rs := make([]Reason, len(s.Reasons))
	for i := range c.terms {
		t := &c.terms[i]
		if !mayRead(c.spec.Criteria[i].Only, roles) {
			continue
		}
		// What it would have to give, were no group in between; groups only dampen.
		needs := round(s.Reasons[i].Points + way*points)
		far := t.hi
		if way < 0 {
			far = t.lo
		}
		if t.per == nil {
			if needs = far; needs == s.Reasons[i].Points {
				continue
			}
		}
		copy(rs, s.Reasons)
		for j := range c.terms {
			rs[j].Lo, rs[j].Hi = rs[j].Points, rs[j].Points
		}
		r := &rs[i]
		r.Points, r.Lo, r.Hi, r.Truth = far, far, far, registration.No
		if far != 0 {
			r.Truth = registration.Yes
		}
		if total, _, _ := c.total(rs); way*float64(c.band(total)-band) >= 0 {
			st.By = append(st.By, Lever{ID: c.spec.Criteria[i].ID, Points: s.Reasons[i].Points, Needs: needs})
		}
	}
	return st
}

// mayRead says whether a reader of these roles may see a reason.
func mayRead(only, roles []string) bool {
	return len(only) == 0 || slices.ContainsFunc(roles, func(role string) bool { return slices.Contains(only, role) })
}

// Tie says who comes first among households of equal points, before a lottery
// does.
type Tie struct {
	ID  string              `json:"id"`
	By  registration.Number `json:"by"`
	Low bool                `json:"low,omitempty"` // the lower number comes first
}

// Standing is a household's place in a ranking.
type Standing struct {
	Points float64   // greater comes first
	Ties   []float64 // greater comes first; what is not known counts as the least
}

// Standing scores answers for a ranking: the points, then the card's Ties.
func (c *Card) Standing(a registration.Answers) (Standing, error) {
	s, fitted, err := c.whole(a)
	if err != nil {
		return Standing{}, err
	}
	st := Standing{Points: s.Points}
	for i := range c.ties {
		n := c.ties[i].Eval(fitted)
		x := n.Lo
		if c.spec.Ties[i].Low {
			x = -n.Hi
		}
		if n.Absent || math.IsNaN(x) {
			x = math.Inf(-1)
		}
		st.Ties = append(st.Ties, x)
	}
	return st, nil
}

// Compare is negative if s comes before t in the ranking, zero if only a lottery
// can tell.
func (s Standing) Compare(t Standing) int {
	if s.Points != t.Points {
		return order(s.Points < t.Points, s.Points > t.Points)
	}
	for i := range min(len(s.Ties), len(t.Ties)) {
		if x, y := s.Ties[i], t.Ties[i]; x != y {
			return order(x < y, x > y)
		}
	}
	return 0
}
