package targeting

import "math"

// Heap is how many households lie just within a cut-off and just outside of it.
// Where a cut-off is known, answers may have been bent to reach it.
type Heap struct {
	Within  int // that are selected, less than wide from the cut-off
	Outside int // that are not, and at most wide from it
	// P is how likely so uneven a split is by chance, if a household near the
	// cut-off is as often on one side as on the other: the exact two-sided binomial
	// test. A small P is a reason to look, and no proof: a card's points may have
	// gaps of their own.
	P float64
}

// Heaping compares the rows within wide of a cut-off, unweighted and without the
// Barred. Choose wide so small that the share of households hardly changes over it otherwise.
func (s Sample) Heaping(cutOff, wide float64) (Heap, error) {
	if err := s.Check(); err != nil {
		return Heap{}, err
	}
	if math.IsNaN(cutOff) || !(wide > 0) || math.Abs(cutOff)+wide > largest {
		return Heap{}, whole("wide", "it must be a number above 0, and the cut-off a finite one")
	}
	var h Heap
	for i, x := range s.Score {
		if s.barred(int32(i)) {
			continue
		}
		x -= cutOff
		if s.LowIsNeedier {
			x = -x
		}
		switch {
		case x >= 0 && x < wide:
			h.Within++
		case x < 0 && x >= -wide:
			h.Outside++
		}
	}
	if h.Within+h.Outside == 0 {
		return h, undefined("heaping", "nobody is near the cut-off")
	}
	h.P = coin(h.Within, h.Within+h.Outside)
	return h, nil
}

// coin is the two-sided probability that a fair coin is as uneven as k of n.
func coin(k, n int) float64 {
	k = min(k, n-k)
	choose := func(i int) float64 {
		a, _ := math.Lgamma(float64(n) + 1)
		b, _ := math.Lgamma(float64(i) + 1)
		c, _ := math.Lgamma(float64(n-i) + 1)
		return a - b - c - float64(n)*math.Ln2
	}
	// From the likeliest term on, each smaller one is a ratio of the one before.
	term := math.Exp(choose(k))
	tail := 0.0
	for i := k; i >= 0 && term > 0; i-- {
		tail += term
		term *= float64(i) / float64(n-i+1)
	}
	return math.Min(1, 2*tail)
}
