package targeting

import (
	"cmp"
	"math"
	"slices"
)

// KendallTauB is Kendall's rank correlation with correction for ties, in
// O(n log n) by Knight's method (1966). Both columns need two different values.
func KendallTauB(a, b []float64) (float64, error) {
	if err := alike(a, b, 2); err != nil {
		return 0, err
	}
	n := len(a)
	at := rows(n)
	slices.SortFunc(at, func(i, j int32) int {
		return cmp.Or(cmp.Compare(a[i], a[j]), cmp.Compare(b[i], b[j]))
	})
	pairs := func(k int) float64 { return float64(k) * float64(k-1) / 2 }
	var tiedA, tiedBoth, tiedB float64
	for i, runA, runBoth := 1, 1, 1; i <= n; i++ {
		sameA := i < n && a[at[i]] == a[at[i-1]]
		if sameA && b[at[i]] == b[at[i-1]] {
			runBoth++
		} else {
			tiedBoth, runBoth = tiedBoth+pairs(runBoth), 1
		}
		if sameA {
			runA++
		} else {
			tiedA, runA = tiedA+pairs(runA), 1
		}
	}
	ys := make([]float64, n)
	for i, r := range at {
		ys[i] = b[r]
	}
	swaps := inversions(ys, make([]float64, n)) // sorts ys
	for i, run := 1, 1; i <= n; i++ {
		if i < n && ys[i] == ys[i-1] {
			run++
		} else {
			tiedB, run = tiedB+pairs(run), 1
		}
	}
	all := pairs(n)
	if tiedA == all || tiedB == all {
		return 0, undefined("Kendall's tau-b", "all values of a column are equal")
	}
	return (all - tiedA - tiedB + tiedBoth - 2*float64(swaps)) / math.Sqrt(all-tiedA) / math.Sqrt(all-tiedB), nil
}

// inversions sorts xs and counts the pairs that stood the wrong way round.
func inversions(xs, spare []float64) (swaps int64) {
	if len(xs) < 2 {
		return 0
	}
	m := len(xs) / 2
	swaps = inversions(xs[:m], spare[:m]) + inversions(xs[m:], spare[m:])
	copy(spare, xs)
	left, right := spare[:m], spare[m:]
	for k := range xs {
		if len(right) == 0 || len(left) > 0 && left[0] <= right[0] {
			xs[k], left = left[0], left[1:]
		} else {
			xs[k], right = right[0], right[1:]
			swaps += int64(len(left))
		}
	}
	return swaps
}

// Ranks gives ranks from 1 for the smallest; equal values share the mean of
// their ranks.
func Ranks(xs []float64) ([]float64, error) {
	if err := finite("xs", xs); err != nil {
		return nil, err
	}
	return midRanks(xs), nil
}

func midRanks(xs []float64) []float64 {
	at := rows(len(xs))
	slices.SortFunc(at, func(i, j int32) int { return cmp.Compare(xs[i], xs[j]) })
	out := make([]float64, len(xs))
	for i := 0; i < len(at); {
		j := i
		for j < len(at) && xs[at[j]] == xs[at[i]] {
			j++
		}
		for _, r := range at[i:j] {
			out[r] = float64(i+1+j) / 2
		}
		i = j
	}
	return out
}

// Pearson is the product-moment correlation.
func Pearson(a, b []float64) (float64, error) {
	if err := alike(a, b, 2); err != nil {
		return 0, err
	}
	// Brought into [-1, 1] first, so that no square overflows.
	a, b = scaled(a), scaled(b)
	ma, mb := sum(a)/float64(len(a)), sum(b)/float64(len(b))
	var ab, aa, bb float64
	for i := range a {
		da, db := a[i]-ma, b[i]-mb
		ab += da * db
		aa += da * da
		bb += db * db
	}
	if constant(a) || constant(b) || aa == 0 || bb == 0 {
		return 0, undefined("correlation", "all values of a column are equal")
	}
	return math.Max(-1, math.Min(1, ab/math.Sqrt(aa)/math.Sqrt(bb))), nil
}

func scaled(xs []float64) []float64 {
	most := 0.0
	for _, x := range xs {
		most = math.Max(most, math.Abs(x))
	}
	if most == 0 {
		return xs
	}
	out := make([]float64, len(xs))
	for i, x := range xs {
		out[i] = x / most
	}
	return out
}

func constant(xs []float64) bool {
	return !slices.ContainsFunc(xs, func(x float64) bool { return x != xs[0] })
}

// Spearman is the correlation of ranks; equal values share the mean rank.
func Spearman(a, b []float64) (float64, error) {
	if err := alike(a, b, 2); err != nil {
		return 0, err
	}
	return Pearson(midRanks(a), midRanks(b))
}

// RankShift is by how many places households move on average between two scores
// (OECD and JRC, Handbook on Constructing Composite Indicators, 2008).
func RankShift(a, b []float64) (float64, error) {
	if err := alike(a, b, 1); err != nil {
		return 0, err
	}
	ra, rb := midRanks(a), midRanks(b)
	for i := range ra {
		ra[i] = math.Abs(ra[i] - rb[i])
	}
	return sum(ra) / float64(len(ra)), nil
}

// Churn is the share of the k with the greatest scores in a that are not among
// those in b. Where households are level at the edge, each of them counts as
// much as its chance in a fair lottery, so that the order of the rows does not
// matter and the churn of a score with itself may be more than zero: exactly
// what drawing twice would replace.
//
// For two selections that are made, see Compare.
func Churn(a, b []float64, k int) (float64, error) {
	if err := alike(a, b, 1); err != nil {
		return 0, err
	}
	if k < 1 || k > len(a) {
		return 0, whole("k", "%d of %d households is not possible", k, len(a))
	}
	pa, pb := chances(a, k), chances(b, k)
	var lost float64
	for i := range pa {
		lost += pa[i] * (1 - pb[i])
	}
	return lost / float64(k), nil
}

// chances is each row's chance to be among the k greatest.
func chances(xs []float64, k int) []float64 {
	sorted := slices.Clone(xs)
	slices.Sort(sorted)
	edge := sorted[len(xs)-k]
	var above, level float64
	for _, x := range xs {
		if x > edge {
			above++
		} else if x == edge {
			level++
		}
	}
	out := make([]float64, len(xs))
	for i, x := range xs {
		if x > edge {
			out[i] = 1
		} else if x == edge {
			out[i] = (float64(k) - above) / level
		}
	}
	return out
}
