package targeting

import (
	"fmt"
	"math"
)

// Cut says who is selected. Households with the score of the cut-off are all
// selected, so that no two with one score are treated differently; where that is
// too many, Select decides by a lottery. Who is Barred is never selected, and the
// place goes to the next. Make one with At, Top or TopShare.
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
// quarter, and those that are level with the last of them. Where so many are
// Barred that fewer remain, it selects all who are not.
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

// checkCut checks a cut against those that it can select.
func (s Sample) checkCut(c Cut) error {
	n := s.open()
	if err := c.check(n); err != nil {
		return err
	}
	if n == 0 {
		return undefined("the cut-off", barredAll)
	}
	return nil
}

// CutOff returns the score of the last household that is selected: for At the
// score itself.
func (s Sample) CutOff(c Cut) (float64, error) {
	if err := s.Check(); err != nil {
		return 0, err
	}
	if err := s.checkCut(c); err != nil {
		return 0, err
	}
	if c.kind == 'a' {
		return c.x, nil
	}
	open := s.order()[:s.open()]
	if c.kind == 'n' {
		return s.Score[open[int(c.x)-1]], nil
	}
	w := s.weights()
	target := c.x * sum(w)
	mass := 0.0
	for _, i := range open {
		if mass += w[i]; enough(mass, target) {
			return s.Score[i], nil
		}
	}
	return s.Score[open[len(open)-1]], nil
}

// Selected says of every row whether it is selected.
func (s Sample) Selected(c Cut) ([]bool, error) {
	off, err := s.CutOff(c)
	if err != nil {
		return nil, err
	}
	out := make([]bool, len(s.Score))
	for i := range s.Score {
		out[i] = s.in(int32(i), off)
	}
	return out, nil
}

// in says whether a cut-off selects a row.
func (s Sample) in(i int32, off float64) bool {
	switch {
	case s.barred(i):
		return false
	case s.LowIsNeedier:
		return s.Score[i] <= off
	}
	return s.Score[i] >= off
}
