package scoring

import (
	"errors"
	"slices"
	"strings"

	"github.com/hubkit/hubkit/registration"
)

// Gap is a question whose answer is not known and matters for the score.
type Gap struct {
	Key     string             // "alone", or "members.age" for a question of members
	State   registration.State // why it is not known; the first member's, of several
	Members []int              // whose answer is not known, from 0; nil outside a roster
	// Lo and Hi bound the score if only this answer became known, and all others
	// stayed worth what they are now.
	Lo, Hi float64
	// Decides says whether this answer alone can change the band or eligibility.
	Decides bool
}

// NextBest lists the questions that are worth asking next, the one that matters
// most for the decision first: those that can change it alone, then those that
// leave the most points open. It is empty when nothing is open. Mind that a
// person who refused to answer should not be asked twice: see Gap.State.
//
// Its errors are those of ScoreInto, except that unknown answers are never one.
func (c *Card) NextBest(a registration.Answers) ([]Gap, error) {
	s, a, err := c.whole(a)
	if err != nil {
		return nil, err
	}
	var gaps []Gap
	for _, key := range c.keys {
		g, ok := missing(a, key)
		if !ok {
			continue
		}
		rs, hangs, rules := c.hanging(s.Reasons, key)
		if !hangs && !rules {
			continue
		}
		_, g.Lo, g.Hi = c.total(rs)
		g.Decides = rules || c.band(g.Lo) != c.band(g.Hi)
		gaps = append(gaps, g)
	}
	slices.SortStableFunc(gaps, func(x, y Gap) int {
		switch wx, wy := x.Hi-x.Lo, y.Hi-y.Lo; {
		case x.Decides != y.Decides:
			return order(y.Decides, x.Decides)
		case wx != wy:
			return order(wy > wx, wx > wy)
		}
		return 0
	})
	return gaps, nil
}

// order is negative if b, positive if a.
func order(a, b bool) int {
	if b {
		return -1
	}
	if a {
		return 1
	}
	return 0
}

// whole scores answers, with those that refuse to be unknown as they are.
func (c *Card) whole(a registration.Answers) (Score, registration.Answers, error) {
	a, err := c.sound(a)
	if err != nil {
		return Score{}, a, err
	}
	var s Score
	err = c.ScoreInto(&s, a)
	if unknown := (*UnknownError)(nil); errors.As(err, &unknown) {
		err = nil
	}
	return s, a, err
}

// missing says whether the answer to a key is not known, and whose.
func missing(a registration.Answers, key string) (Gap, bool) {
	roster, inner, of := strings.Cut(key, ".")
	if !of {
		g := Gap{Key: key, State: a.Get(key).State()}
		return g, open(g.State)
	}
	g, n := Gap{Key: key}, 0
	for m := range a.Members(roster) {
		if st := m.Get(inner).State(); open(st) {
			if g.Members == nil {
				g.State = st
			}
			g.Members = append(g.Members, n)
		}
		n++
	}
	return g, g.Members != nil
}

func open(s registration.State) bool {
	return s != registration.Answered && s != registration.NotAsked
}

// hanging returns the reasons with only those open that hang on a key, and
// whether there are any, or rules.
func (c *Card) hanging(rs []Reason, key string) (out []Reason, criteria, rules bool) {
	out = slices.Clone(rs)
	for i := range out {
		r := &out[i]
		on := r.Truth == registration.Unknown && slices.Contains(c.reads[i], key)
		switch {
		case i >= len(c.terms)+len(c.sets):
			rules = rules || on
		case i >= len(c.terms):
		case on && r.Lo != r.Hi:
			criteria = true
		case on && c.terms[i].policy.do == doRefuse:
			criteria = true
		default:
			r.Lo, r.Hi = r.Points, r.Points
		}
	}
	return out, criteria, rules
}

// total adds up reasons that were changed; the groups' are worked out anew.
func (c *Card) total(rs []Reason) (points, lo, hi float64) {
	points, lo, hi = c.spec.Start, c.spec.Start, c.spec.Start
	for i := range c.terms {
		if c.terms[i].set < 0 {
			points, lo, hi = points+rs[i].Points, lo+rs[i].Lo, hi+rs[i].Hi
		}
	}
	for i := range c.sets {
		r := &rs[len(c.terms)+i]
		p, _ := c.sets[i].count(r, rs, c) // two that hold where one may give nothing
		points, lo, hi = points+p, lo+r.Lo, hi+r.Hi
	}
	return round(points), round(lo), round(hi)
}
