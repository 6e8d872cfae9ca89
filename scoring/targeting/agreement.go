package targeting

import "math"

// Distance is how far apart two categories are for Cohen's kappa.
type Distance byte

// The distances. Linear and Squared take the categories as steps of one order,
// such as bands.
const (
	Nominal Distance = iota // any two categories differ alike
	Linear                  // by how many steps they lie apart
	Squared                 // by the square of that
)

// mostCategories keeps the table of Kappa small.
const mostCategories = 1000

// Kappa is Cohen's kappa: how far two ratings of the same households agree
// beyond chance. Ratings are categories numbered from 0, such as the places of
// bands; weight nil is one each. It is not defined where both give everybody one
// same category.
func Kappa(a, b []int, weight []float64, d Distance) (float64, error) {
	if len(a) == 0 || len(a) != len(b) {
		return 0, whole("b", "it has %d rows, and a has %d: both need the same, and at least one", len(b), len(a))
	}
	if err := weighty("weight", weight, len(a)); err != nil {
		return 0, err
	}
	k := 0
	for i := range a {
		if min(a[i], b[i]) < 0 || max(a[i], b[i]) >= mostCategories {
			return 0, &InputError{Column: "a, b", Row: i, Say: "categories are numbered from 0 to 999"}
		}
		k = max(k, a[i]+1, b[i]+1)
	}
	w := unitWeights(weight, len(a))
	both := make([]float64, k*k)
	inA, inB := make([]float64, k), make([]float64, k)
	for i := range a {
		both[a[i]*k+b[i]] += w[i]
		inA[a[i]] += w[i]
		inB[b[i]] += w[i]
	}
	var seen, chance float64
	n := sum(w)
	for i := range k {
		for j := range k {
			x := math.Abs(float64(i - j))
			switch d {
			case Nominal:
				x = math.Min(x, 1)
			case Squared:
				x *= x
			}
			seen += x * both[i*k+j]
			chance += x * inA[i] * inB[j] / n
		}
	}
	if chance == 0 {
		return 0, undefined("kappa", "both ratings give everybody one same category")
	}
	return 1 - seen/chance, nil
}

// Agreement is Kappa for two selections.
func Agreement(a, b []bool, weight []float64) (float64, error) {
	number := func(xs []bool) []int {
		out := make([]int, len(xs))
		for i, x := range xs {
			if x {
				out[i] = 1
			}
		}
		return out
	}
	return Kappa(number(a), number(b), weight, Nominal)
}

// CronbachAlpha says how far items measure one thing: k/(k-1) x (1 - sum of the
// items' variances / variance of their total), with variances over n-1. Each item
// is a column of all households; at least two of each are needed. For items of 0
// and 1 it is the Kuder-Richardson formula 20.
func CronbachAlpha(items ...[]float64) (float64, error) {
	if len(items) < 2 {
		return 0, whole("items", "there are %d, and 2 are needed", len(items))
	}
	total := make([]float64, len(items[0]))
	var apart float64
	for _, item := range items {
		if err := alike(items[0], item, 2); err != nil {
			return 0, err
		}
		for i, x := range item {
			total[i] += x
		}
		apart += variance(item)
	}
	together := variance(total)
	if constant(total) || !(together > 0) {
		return 0, undefined("Cronbach's alpha", "the total is the same for everybody")
	}
	k := float64(len(items))
	return k / (k - 1) * (1 - apart/together), nil
}

// variance is over n-1.
func variance(xs []float64) float64 {
	mean := sum(xs) / float64(len(xs))
	var ss float64
	for _, x := range xs {
		ss += (x - mean) * (x - mean)
	}
	return ss / float64(len(xs)-1)
}
