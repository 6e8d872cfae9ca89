package targeting_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hubkit/hubkit/scoring/targeting"
)

// cells makes a group with so many households in each cell of its table; the
// selected have a score of 1.
func cells(s *targeting.Sample, group string, poorIn, poorOut, othersIn, othersOut int) {
	for k, n := range []int{poorIn, poorOut, othersIn, othersOut} {
		for range n {
			s.Score = append(s.Score, float64(1-k%2))
			s.Poor = append(s.Poor, k < 2)
			s.Group = append(s.Group, group)
		}
	}
}

func TestFairness(t *testing.T) {
	var s targeting.Sample
	cells(&s, "a", 60, 40, 30, 70)
	cells(&s, "b", 20, 30, 20, 50)
	f, err := s.Fairness(targeting.At(1), 10)
	require.NoError(t, err)
	require.Len(t, f.Groups, 2)
	assert.Empty(t, f.Withheld)
	assert.False(t, f.Pooled.Shown)
	assert.Equal(t, 200, f.Groups[0].Households)
	gap, most, least, err := f.Gap()
	require.NoError(t, err)
	assert.InDelta(t, 0.2, gap, 1e-12)
	assert.Equal(t, "b", most)
	assert.Equal(t, "a", least)

	// c has a small cell: alone it could be found by subtraction, so the next
	// smallest hides with it.
	cells(&s, "c", 3, 40, 30, 70)
	f, err = s.Fairness(targeting.At(1), 10)
	require.NoError(t, err)
	assert.Equal(t, []string{"b", "c"}, f.Withheld)
	require.Len(t, f.Groups, 1)
	assert.Equal(t, "a", f.Groups[0].Group)
	assert.True(t, f.Pooled.Shown)
	assert.Equal(t, targeting.Table{PoorReached: 23, PoorMissed: 70, OthersReached: 50, OthersRight: 120}, f.Pooled.Table)
	_, _, _, err = f.Gap()
	var none *targeting.UndefinedError
	assert.ErrorAs(t, err, &none)

	f, err = s.Fairness(targeting.At(1), 1)
	require.NoError(t, err)
	assert.Len(t, f.Groups, 3, "1 withholds nothing")
	f, err = s.Fairness(targeting.At(1), 1000)
	require.NoError(t, err)
	assert.Empty(t, f.Groups)
	assert.False(t, f.Pooled.Shown)
	_, err = s.Fairness(targeting.At(1), -1)
	assert.ErrorContains(t, err, "least")
}

// Whatever is shown, and whatever follows from it by subtracting from the total,
// has no small cell, and what is withheld is never one group alone among others.
func TestNothingSmallFollows(t *testing.T) {
	const least = 5
	rapid.Check(t, func(t *rapid.T) {
		var s targeting.Sample
		size := rapid.IntRange(0, 12)
		names := []string{"a", "b", "c", "d", "e", "f"}[:rapid.IntRange(1, 6).Draw(t, "groups")]
		for _, g := range names {
			cells(&s, g, size.Draw(t, "1"), size.Draw(t, "2"), size.Draw(t, "3"), size.Draw(t, "4"))
		}
		if len(s.Score) == 0 {
			return
		}
		f, err := s.Fairness(targeting.At(1), least)
		require.NoError(t, err)
		rest := []float64{f.Total.PoorReached, f.Total.PoorMissed, f.Total.OthersReached, f.Total.OthersRight}
		for _, g := range f.Groups {
			for i, x := range []float64{g.Table.PoorReached, g.Table.PoorMissed, g.Table.OthersReached, g.Table.OthersRight} {
				require.False(t, x > 0 && x < least)
				rest[i] -= x
			}
		}
		if len(f.Withheld) > 0 && len(f.Groups) > 0 {
			require.GreaterOrEqual(t, len(f.Withheld), 2)
			require.False(t, slices.ContainsFunc(rest, func(x float64) bool { return x > 0 && x < least }), "%v", rest)
			require.True(t, f.Pooled.Shown)
		}
	})
}
