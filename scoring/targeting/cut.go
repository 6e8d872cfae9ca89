package targeting

import (
	"fmt"
	"math"
)

// Cut says who is selected. Households with the score of the cut-off are all
// selected, so that no two with one score are treated differently; where that is
// too many, Select decides by a lottery. Make one with At, Top or TopShare.
type Cut struct {
	kind byte
	x    float64
}

// At selects from a score on, that score included; up to it, where low is needier.
func At(score float64) Cut { return Cut{'a', score} }

// Top selects the n neediest rows, and those that are level with the last of
// them. Weights do not matter.
func Top(n int) Cut { return Cut{'n', float64(n)} }

// TopShare selects the neediest share of the weighted households, 0.25 for a
// quarter, and those that are level with the last of them.
func TopShare(share float64) Cut { return Cut{'s', share} }

// String returns the cut in words.
func (c Cut) String() string {
	switch c.kind {
	case 'a':
		return fmt.Sprintf("from a score of %g on", c.x)
	case 'n':
		return fmt.Sprintf("the %g neediest", c.x)
	case 's':
		return fmt.Sprintf("the neediest %g %%", math.Round(c.x*1e6)/1e4)
	}
	return "no cut"
}

func (c Cut) check(n int) error {
	switch {
	case c.kind == 'a' && !math.IsNaN(c.x) && !math.IsInf(c.x, 0),
		c.kind == 'n' && c.x >= 1 && c.x <= float64(n),
		c.kind == 's' && c.x > 0 && c.x <= 1:
		return nil
	case c.kind == 'n':
		return whole("Cut", "Top(%g) of %d households is not possible", c.x, n)
	case c.kind == 's':
		return whole("Cut", "TopShare(%g) is no share: use more than 0 and at most 1", c.x)
	case c.kind == 'a':
		return whole("Cut", "At needs a finite score")
	}
	return whole("Cut", "say who is selected: At, Top or TopShare")
}

// CutOff returns the score of the last household that is selected: for At the
// score itself.
func (s Sample) CutOff(c Cut) (float64, error) {
	if err := s.Check(); err != nil {
		return 0, err
	}
	if err := c.check(len(s.Score)); err != nil {
		return 0, err
	}
	if c.kind == 'a' {
		return c.x, nil
	}
	at := s.order()
	if c.kind == 'n' {
		return s.Score[at[int(c.x)-1]], nil
	}
	w := s.weights()
	target := c.x * sum(w)
	mass := 0.0
	for _, i := range at {
		if mass += w[i]; enough(mass, target) {
			return s.Score[i], nil
		}
	}
	return s.Score[at[len(at)-1]], nil
}

// Selected says of every row whether it is selected.
func (s Sample) Selected(c Cut) ([]bool, error) {
	off, err := s.CutOff(c)
	if err != nil {
		return nil, err
	}
	out := make([]bool, len(s.Score))
	for i, x := range s.Score {
		out[i] = s.in(x, off)
	}
	return out, nil
}

func (s Sample) in(score, off float64) bool {
	if s.LowIsNeedier {
		return score <= off
	}
	return score >= off
}
