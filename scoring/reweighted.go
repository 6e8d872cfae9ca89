package scoring

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"
	"slices"
)

// Reweighted returns the card with other points for its criteria, in their
// order, for studies of how much the weights matter. Such a card is not proven:
// a cap may never bind, and its lowest and highest band go on for ever. It is
// not for use; its version says so. Defaults for unknown answers stay.
func (c *Card) Reweighted(points []float64) (*Card, error) {
	if len(points) != len(c.terms) || slices.ContainsFunc(points, func(x float64) bool { return !finite(x) }) {
		return nil, fmt.Errorf("scoring: card %s: to weigh it anew, give each of its %d criteria a finite number of points", c.name, len(c.terms))
	}
	d := *c
	d.spec.Version += "~"
	d.spec.Criteria, d.terms = slices.Clone(c.spec.Criteria), slices.Clone(c.terms)
	d.lo, d.hi = math.Inf(-1), math.Inf(1)
	for i, x := range points {
		t := &d.terms[i]
		d.spec.Criteria[i].Points, t.points = x, x
		if t.span = (span{min(x, 0), max(x, 0)}); t.per != nil {
			t.lo, t.hi = t.worth(t.number.lo, t.number.hi)
			t.span = t.hull(span{})
		}
	}
	d.lines = layOut(d.terms)
	if len(c.edges) > 0 {
		d.edges = slices.Clone(c.edges)
		d.edges[0], d.top = end{math.Inf(-1), true}, end{math.Inf(1), true}
	}
	b, err := json.Marshal(&d.spec)
	if err != nil {
		return nil, fmt.Errorf("scoring: card %s: %w", c.name, err)
	}
	d.json, d.hash, d.name = b, sha256.Sum256(b), c.name+"~"
	return &d, nil
}
