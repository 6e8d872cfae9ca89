package targeting

import "math"

// Point is what one cut-off would do.
type Point struct {
	CutOff float64 // the score from which on (up to which, where low is needier) all are selected
	Reach  float64 // share of all who are selected
	Table
}

// Curve has one Point for each score that there is, the neediest first: the last
// selects everybody who is not Barred. It is the threshold curve and the ROC curve
// at once.
type Curve []Point

// Curve computes it. It reads Poor, and needs poor households and others, and
// somebody who is not Barred.
func (s Sample) Curve() (Curve, error) {
	if err := s.need(true, false); err != nil {
		return nil, err
	}
	var poor, others float64
	w := s.Weight
	weight := func(i int32) float64 {
		if w == nil {
			return 1
		}
		return w[i]
	}
	for i, p := range s.Poor {
		if p {
			poor += weight(int32(i))
		} else {
			others += weight(int32(i))
		}
	}
	if poor == 0 {
		return nil, undefined("curve", noPoor)
	}
	if others == 0 {
		return nil, undefined("curve", noOthers)
	}
	var out Curve
	var reached, wrong float64
	at := s.order()[:s.open()]
	if len(at) == 0 {
		return nil, undefined("curve", barredAll)
	}
	for i := 0; i < len(at); {
		score := s.Score[at[i]]
		for ; i < len(at) && s.Score[at[i]] == score; i++ {
			if s.Poor[at[i]] {
				reached += weight(at[i])
			} else {
				wrong += weight(at[i])
			}
		}
		out = append(out, Point{
			CutOff: score, Reach: (reached + wrong) / (poor + others),
			Table: Table{PoorReached: reached, PoorMissed: math.Max(0, poor-reached), OthersReached: wrong, OthersRight: math.Max(0, others-wrong)},
		})
	}
	return out, nil
}

// AUC is the area under the ROC curve: how likely a poor household has a needier
// score than one that is not poor, ties counted as one half. One half is a coin.
// Those who are Barred come last, level with each other.
func (c Curve) AUC() float64 {
	if len(c) == 0 {
		return math.NaN()
	}
	last := c[len(c)-1]
	var area, poor, others float64
	for _, p := range c {
		area += (p.OthersReached - others) * (poor + p.PoorReached) / 2
		poor, others = p.PoorReached, p.OthersReached
	}
	// The area counts, for each of the others, the poor before it: those with a
	// needier score.
	allPoor, allOthers := poor+last.PoorMissed, others+last.OthersRight
	area += last.OthersRight * (poor + allPoor) / 2
	return area / allPoor / allOthers
}

// AUC is the area under the ROC curve of the scores: see Curve.AUC.
func (s Sample) AUC() (float64, error) {
	c, err := s.Curve()
	if err != nil {
		return 0, err
	}
	return c.AUC(), nil
}

// Thin returns at most n points: those whose reach lies nearest to even steps,
// the first and the last always among them. It is for plots and tables.
func (c Curve) Thin(n int) Curve {
	if len(c) <= n || n < 2 {
		return c
	}
	out := make(Curve, 0, n)
	first, last := c[0].Reach, c[len(c)-1].Reach
	for i := range c {
		step := first + (last-first)*float64(len(out))/float64(n-1)
		// Keep a point if the next would be further from the step that is due.
		if i == 0 || i == len(c)-1 || len(out) < n-1 && c[i].Reach >= step {
			out = append(out, c[i])
		}
	}
	return out
}
