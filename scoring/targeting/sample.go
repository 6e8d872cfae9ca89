package targeting

import (
	"cmp"
	"math"
	"slices"
)

// Sample is households whose true state is known, as columns: one entry each,
// in one order. A survey's table becomes one; the scores are those of the card
// under study. Only Score is always needed; every method says what else.
type Sample struct {
	// Score is the card's points. More is needier, unless LowIsNeedier says that
	// less is, as for a food consumption score or predicted consumption.
	Score        []float64
	LowIsNeedier bool // see Score
	// Barred says whom the card's own rules bar, whatever the score: no Cut selects
	// them, and they count among the poor or the others like everybody. Nil bars
	// nobody.
	Barred []bool
	// Poor says who truly is in need, by the survey's own measure.
	Poor []bool
	// Welfare orders households from the poorest, the lowest, such as consumption
	// per head.
	Welfare []float64
	// Weight is how many households one stands for. Only its proportions matter.
	// Defaults to one each.
	Weight []float64
	// Group is what errors are compared by: the region, the sex of the head.
	Group []string
	// Cluster is the unit that was sampled first, such as the village, and Stratum
	// the list that it was drawn from. Default to households drawn from one list.
	Cluster, Stratum []string
}

// Check says what is wrong with the columns: lengths that differ, numbers that
// are not finite, negative weights. Its error is an *InputError. Every method
// checks first.
func (s Sample) Check() error {
	n := len(s.Score)
	if n == 0 {
		return whole("Score", "there is no household")
	}
	if n > math.MaxInt32 {
		return whole("Score", "more than %d households do not fit", math.MaxInt32)
	}
	for _, c := range []struct {
		name string
		n    int
		is   bool
	}{
		{"Barred", len(s.Barred), s.Barred != nil},
		{"Poor", len(s.Poor), s.Poor != nil},
		{"Welfare", len(s.Welfare), s.Welfare != nil},
		{"Weight", len(s.Weight), s.Weight != nil},
		{"Group", len(s.Group), s.Group != nil},
		{"Cluster", len(s.Cluster), s.Cluster != nil},
		{"Stratum", len(s.Stratum), s.Stratum != nil},
	} {
		if c.is && c.n != n {
			return whole(c.name, "it has %d rows, and Score has %d", c.n, n)
		}
	}
	if err := finite("Score", s.Score); err != nil {
		return err
	}
	if err := finite("Welfare", s.Welfare); err != nil {
		return err
	}
	return weighty("Weight", s.Weight, n)
}

// need checks the columns and that those a method reads are there.
func (s Sample) need(poor, welfare bool) error {
	if err := s.Check(); err != nil {
		return err
	}
	if poor && s.Poor == nil {
		return whole("Poor", "it is needed: who is truly in need")
	}
	if welfare && s.Welfare == nil {
		return whole("Welfare", "it is needed: households from the poorest on")
	}
	return nil
}

// barred says whether no cut selects a row.
func (s Sample) barred(i int32) bool { return s.Barred != nil && s.Barred[i] }

// open is how many rows a cut can select.
func (s Sample) open() (n int) {
	for i := range s.Score {
		if !s.barred(int32(i)) {
			n++
		}
	}
	return n
}

// compare orders rows from the neediest; those that are barred come last, level.
func (s Sample) compare(i, j int32) int {
	if a, b := s.barred(i), s.barred(j); a || b {
		return truth(a) - truth(b)
	}
	if s.LowIsNeedier {
		return cmp.Compare(s.Score[i], s.Score[j])
	}
	return cmp.Compare(s.Score[j], s.Score[i])
}

// order returns the rows from the neediest on.
func (s Sample) order() []int32 {
	at := rows(len(s.Score))
	slices.SortStableFunc(at, s.compare)
	return at
}

func truth(is bool) int {
	if is {
		return 1
	}
	return 0
}

func rows(n int) []int32 {
	at := make([]int32, n)
	for i := range at {
		at[i] = int32(i)
	}
	return at
}

// weights returns the weights with a mean of one, so that their unit does not
// matter, and never nil.
func (s Sample) weights() []float64 {
	return unitWeights(s.Weight, len(s.Score))
}

func unitWeights(w []float64, n int) []float64 {
	out := make([]float64, n)
	if w == nil {
		for i := range out {
			out[i] = 1
		}
		return out
	}
	mean := 0.0
	for _, x := range w {
		mean += x / float64(n)
	}
	for i, x := range w {
		out[i] = x / mean
	}
	return out
}

// enough is mass >= target, forgiving what adding up many weights costs.
func enough(mass, target float64) bool { return mass >= target-1e-9*math.Max(1, target) }

// sum adds up, with a correction for what rounding loses.
func sum(xs []float64) float64 {
	var total, lost float64
	for _, x := range xs {
		t := total + x
		if math.Abs(total) >= math.Abs(x) {
			lost += (total - t) + x
		} else {
			lost += (x - t) + total
		}
		total = t
	}
	return total + lost
}
