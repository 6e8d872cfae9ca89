package targeting

import (
	"cmp"
	"math"
	"slices"
)

// poorest is the share of the population that CGH looks at.
const poorest = 0.4

// CGH is the Coady-Grosh-Hoddinott ratio of a cut: the share of the selected who
// are among the poorest 40 % by Welfare, over 0.40. One is neutral; 1.25 is the
// median programme of their World Bank review of 2004, and a quarter are below
// one. The poorest 40 % end at the quantile of R's type 7, ties included.
func (s Sample) CGH(c Cut) (float64, error) {
	if err := s.need(false, true); err != nil {
		return 0, err
	}
	sel, err := s.Selected(c)
	if err != nil {
		return 0, err
	}
	benefit := make([]float64, len(sel))
	for i, yes := range sel {
		if yes {
			benefit[i] = 1
		}
	}
	return CGH(s.Welfare, benefit, s.Weight, poorest)
}

// CGH is the share of benefits that goes to the poorest households by welfare,
// over their share of all (0.4). Benefits are amounts, 0 for who gets nothing;
// weight nil is one each.
func CGH(welfare, benefit, weight []float64, poorest float64) (float64, error) {
	if len(welfare) == 0 || len(benefit) != len(welfare) {
		return 0, whole("benefit", "it has %d rows, and welfare has %d: both need the same, and at least one", len(benefit), len(welfare))
	}
	if !(poorest > 0 && poorest <= 1) {
		return 0, whole("poorest", "it is a share of the population, such as 0.4")
	}
	if err := finite("welfare", welfare); err != nil {
		return 0, err
	}
	if err := weighty("benefit", benefit, len(welfare)); err != nil {
		if allZero(benefit) { // the only error that is not of the input
			return 0, undefined("CGH", "nobody gets anything")
		}
		return 0, err
	}
	if err := weighty("weight", weight, len(welfare)); err != nil {
		return 0, err
	}
	q, err := Quantile(welfare, weight, poorest)
	if err != nil {
		return 0, err
	}
	w := unitWeights(weight, len(welfare))
	var low, all float64
	for i, b := range benefit {
		all += w[i] * b
		if welfare[i] <= q {
			low += w[i] * b
		}
	}
	if all == 0 {
		return 0, undefined("CGH", "nobody who counts gets anything")
	}
	return low / all / poorest, nil
}

func allZero(xs []float64) bool {
	return !slices.ContainsFunc(xs, func(x float64) bool { return x != 0 })
}

// Quantile is the quantile p of x as R's type 7 interpolates it. Weights (nil is
// one each) are brought to a mean of one, so that their unit does not matter;
// whole weights of a mean of one repeat the row.
func Quantile(x, weight []float64, p float64) (float64, error) {
	if len(x) == 0 {
		return 0, whole("x", "there is no number")
	}
	if err := finite("x", x); err != nil {
		return 0, err
	}
	if err := weighty("weight", weight, len(x)); err != nil {
		return 0, err
	}
	if !(p >= 0 && p <= 1) {
		return 0, whole("p", "a quantile lies between 0 and 1")
	}
	w := unitWeights(weight, len(x))
	at := rows(len(x))
	slices.SortFunc(at, func(i, j int32) int { return cmp.Compare(x[i], x[j]) })
	place := p * (sum(w) - 1)
	below := math.Floor(place + 1e-9)
	lo, hi, mass := math.NaN(), math.NaN(), 0.0
	for _, i := range at {
		if w[i] == 0 {
			continue
		}
		mass += w[i]
		if math.IsNaN(lo) && past(mass, below) {
			lo = x[i]
		}
		hi = x[i]
		if past(mass, below+1) {
			break
		}
	}
	if math.IsNaN(lo) {
		lo = hi
	}
	return lo + math.Max(0, place-below)*(hi-lo), nil
}

// past is mass > place, for sums that rounding may have made a little too large.
func past(mass, place float64) bool { return mass > place+1e-9*math.Max(1, math.Abs(place)) }

// Incidence is the share of the selected in each part of the population by
// Welfare, the poorest part first: fifths with parts 5. Households that are level
// in Welfare stay in one part, so parts may differ in size; Population has their
// shares.
type Incidence struct {
	Population []float64 // share of all households
	Selected   []float64 // share of those who are selected
	// Households and Reached are the rows of each part, and those of them that are
	// selected, unweighted: withhold what is small before it is published.
	Households, Reached []int
}

// Incidence divides the population by Welfare into parts of the same size.
func (s Sample) Incidence(c Cut, parts int) (Incidence, error) {
	if err := s.need(false, true); err != nil {
		return Incidence{}, err
	}
	if parts < 2 || parts > 100 {
		return Incidence{}, whole("parts", "divide the population into 2 to 100")
	}
	sel, err := s.Selected(c)
	if err != nil {
		return Incidence{}, err
	}
	ends := make([]float64, parts-1)
	for i := range ends {
		if ends[i], err = Quantile(s.Welfare, s.Weight, float64(i+1)/float64(parts)); err != nil {
			return Incidence{}, err
		}
	}
	in := Incidence{Population: make([]float64, parts), Selected: make([]float64, parts), Households: make([]int, parts), Reached: make([]int, parts)}
	w, all, chosen := s.weights(), 0.0, 0.0
	for i, x := range s.Welfare {
		part, _ := slices.BinarySearch(ends, x)
		in.Population[part] += w[i]
		in.Households[part]++
		all += w[i]
		if sel[i] {
			in.Selected[part] += w[i]
			in.Reached[part]++
			chosen += w[i]
		}
	}
	if chosen == 0 {
		return Incidence{}, undefined("incidence", nobody)
	}
	for i := range parts {
		in.Population[i] /= all
		in.Selected[i] /= chosen
	}
	return in, nil
}
