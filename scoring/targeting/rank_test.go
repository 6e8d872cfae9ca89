package targeting_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hubkit/hubkit/scoring/targeting"
)

// pairs draws two columns with many ties.
func pairs(t *rapid.T) (a, b []float64) {
	n := rapid.IntRange(2, 40).Draw(t, "n")
	column := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) float64 { return float64(rapid.IntRange(-3, 8).Draw(t, "x")) }), n, n)
	return column.Draw(t, "a"), column.Draw(t, "b")
}

// The quick way to count pairs counts as the slow one does.
func TestKendallCountsPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := pairs(t)
		var agree, tiedA, tiedB, all float64
		for i := range a {
			for j := range i {
				x, y := sign(a[i]-a[j]), sign(b[i]-b[j])
				agree += x * y
				all++
				tiedA += 1 - x*x
				tiedB += 1 - y*y
			}
		}
		got, err := targeting.KendallTauB(a, b)
		if all == tiedA || all == tiedB {
			var none *targeting.UndefinedError
			require.ErrorAs(t, err, &none)
			return
		}
		require.NoError(t, err)
		require.InDelta(t, agree/math.Sqrt((all-tiedA)*(all-tiedB)), got, 1e-12)
	})
}

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// A rank is one more than those below, and half of those level with it.
func TestRanks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := pairs(t)
		ra, err := targeting.Ranks(a)
		require.NoError(t, err)
		rb, err := targeting.Ranks(b)
		require.NoError(t, err)
		var shift float64
		for i := range a {
			want := 0.5
			for _, x := range a {
				if x < a[i] {
					want++
				} else if x == a[i] {
					want += 0.5
				}
			}
			require.Equal(t, want, ra[i])
			shift += math.Abs(ra[i]-rb[i]) / float64(len(a))
		}
		got, err := targeting.RankShift(a, b)
		require.NoError(t, err)
		require.InDelta(t, shift, got, 1e-12)
	})
}

// The area is the chance that a poor household comes before one that is not.
func TestAUCIsAChance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := pairs(t)
		s := targeting.Sample{Score: a, LowIsNeedier: rapid.Bool().Draw(t, "low")}
		for _, x := range b {
			s.Poor = append(s.Poor, x > 2)
			s.Weight = append(s.Weight, 1+math.Abs(x))
		}
		var wins, all float64
		for i := range a {
			for j := range a {
				if s.Poor[i] && !s.Poor[j] {
					x := sign(a[i] - a[j])
					if s.LowIsNeedier {
						x = -x
					}
					wins += (1 + x) / 2 * s.Weight[i] * s.Weight[j]
					all += s.Weight[i] * s.Weight[j]
				}
			}
		}
		got, err := s.AUC()
		if all == 0 {
			var none *targeting.UndefinedError
			require.ErrorAs(t, err, &none)
			return
		}
		require.NoError(t, err)
		require.InDelta(t, wins/all, got, 1e-12)
	})
}

// Every point of the curve is what Errors says of its cut-off.
func TestCurveIsErrorsOfEveryCut(t *testing.T) {
	o := readOracle(t, "testdata")
	for _, low := range []bool{false, true} {
		o.LowIsNeedier = low
		curve, err := o.Curve()
		require.NoError(t, err)
		scores := slices.Clone(o.Score)
		slices.Sort(scores)
		require.Len(t, curve, len(slices.Compact(scores)))
		for _, p := range curve {
			want, err := o.Errors(targeting.At(p.CutOff))
			require.NoError(t, err)
			assert.InDelta(t, want.PoorMissed, p.PoorMissed, 1e-9)
			assert.InDelta(t, want.OthersReached, p.OthersReached, 1e-9)
			reach, err := want.Reach()
			require.NoError(t, err)
			assert.InDelta(t, reach, p.Reach, 1e-9)
		}
		assert.InDelta(t, 1, curve[len(curve)-1].Reach, 1e-12)
		thin := curve.Thin(8)
		assert.LessOrEqual(t, len(thin), 8)
		assert.Equal(t, curve[0], thin[0])
		assert.Equal(t, curve[len(curve)-1], thin[len(thin)-1])
	}
}

// Whole weights are repeated rows.
func TestWeightsRepeatRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := pairs(t)
		s := targeting.Sample{Score: a, Welfare: b}
		var long targeting.Sample
		for i := range a {
			n := rapid.IntRange(0, 3).Draw(t, "times")
			if i == 0 {
				n = 1 // somebody counts
			}
			s.Weight = append(s.Weight, float64(n))
			s.Poor = append(s.Poor, rapid.Bool().Draw(t, "poor"))
			for range n {
				long.Score, long.Poor = append(long.Score, a[i]), append(long.Poor, s.Poor[i])
			}
		}
		cut := targeting.At(2)
		x, err := s.Errors(cut)
		require.NoError(t, err)
		y, err := long.Errors(cut)
		require.NoError(t, err)
		require.Equal(t, y, x)
	})
}

// Tenfold weights change nothing: they are proportions.
func TestWeightsAreProportions(t *testing.T) {
	o := readOracle(t, "testdata")
	more := o.Sample
	more.Weight = nil
	for _, w := range o.Weight {
		more.Weight = append(more.Weight, w*10)
	}
	for _, f := range []func(targeting.Sample) (float64, error){
		targeting.Sample.AUC,
		func(s targeting.Sample) (float64, error) { return s.CGH(targeting.TopShare(0.3)) },
		func(s targeting.Sample) (float64, error) { return s.CutOff(targeting.TopShare(0.3)) },
		func(s targeting.Sample) (float64, error) { return targeting.Quantile(s.Welfare, s.Weight, 0.4) },
		func(s targeting.Sample) (float64, error) { return targeting.KishEffect(s.Weight) },
	} {
		x, err := f(o.Sample)
		require.NoError(t, err)
		y, err := f(more)
		require.NoError(t, err)
		assert.InDelta(t, x, y, 1e-9)
	}
}

func TestChurn(t *testing.T) {
	a := []float64{9, 8, 7, 6, 5}
	for _, tt := range []struct {
		b    []float64
		k    int
		want float64
	}{
		{[]float64{9, 8, 7, 6, 5}, 2, 0},
		{[]float64{90, 80, 70, 6, 5}, 2, 0},
		{[]float64{9, 5, 7, 6, 8}, 2, 0.5},    // b loses its place to e
		{[]float64{5, 6, 7, 8, 9}, 2, 1},      // nobody stays
		{[]float64{9, 7, 7, 7, 5}, 2, 1. / 3}, // b, c and d are level: b stays with 1/3
		{[]float64{9, 5, 5, 5, 1}, 3, 2. / 9}, // b, c and d share two places
	} {
		got, err := targeting.Churn(a, tt.b, tt.k)
		require.NoError(t, err)
		assert.InDelta(t, tt.want, got, 1e-12, "%v", tt.b)
	}
	// A score against itself, where the edge is level: each of two is replaced half the time.
	got, err := targeting.Churn([]float64{3, 1, 1}, []float64{3, 1, 1}, 2)
	require.NoError(t, err)
	assert.InDelta(t, 0.25, got, 1e-12)
}

// The table of cut-offs is what Errors says of each, group by group.
func TestPassing(t *testing.T) {
	o := readOracle(t, "testdata")
	cuts := []float64{70, 82, 90}
	got, err := o.Passing(cuts...)
	require.NoError(t, err)
	assert.Equal(t, []string{"A", "B", "C"}, got.Groups)
	for j, c := range cuts {
		want, err := o.ErrorsByGroup(targeting.At(c))
		require.NoError(t, err)
		for i, g := range got.Groups {
			reach, err := want[g].Reach()
			require.NoError(t, err)
			assert.InDelta(t, reach, got.Shares[i][j], 1e-12)
		}
	}
	o.Group = nil
	got, err = o.Passing(82)
	require.NoError(t, err)
	assert.Equal(t, []int{152}, got.Households)
	curve, err := o.Curve()
	require.NoError(t, err)
	for _, p := range curve {
		if p.CutOff == 82 {
			assert.InDelta(t, p.Reach, got.Shares[0][0], 1e-12)
		}
	}
}

// Fifths by hand: eight households, two of them level.
func TestIncidence(t *testing.T) {
	s := targeting.Sample{
		Score:   []float64{8, 7, 6, 5, 4, 3, 2, 1},
		Welfare: []float64{10, 20, 20, 30, 40, 50, 60, 70},
	}
	in, err := s.Incidence(targeting.Top(4), 4)
	require.NoError(t, err)
	// R: quantile(welfare, c(.25, .5, .75)) is 20, 35, 52.5.
	assert.Equal(t, []float64{3. / 8, 1. / 8, 2. / 8, 2. / 8}, in.Population)
	assert.Equal(t, []float64{3. / 4, 1. / 4, 0, 0}, in.Selected)
	assert.Equal(t, []int{3, 1, 2, 2}, in.Households)
	assert.Equal(t, []int{3, 1, 0, 0}, in.Reached)
}
