package targeting_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hubkit/hubkit/scoring/targeting"
)

// Eight households by hand: two of the four poor are barred.
func barred() targeting.Sample {
	return targeting.Sample{
		Score:   []float64{9, 8, 7, 6, 5, 4, 3, 2},
		Poor:    []bool{true, true, false, true, true, false, false, false},
		Barred:  []bool{true, false, false, true, false, false, true, false},
		Welfare: []float64{1, 2, 5, 3, 4, 6, 7, 8},
		Group:   []string{"a", "a", "a", "a", "b", "b", "b", "b"},
	}
}

func TestBarred(t *testing.T) {
	s := barred()
	for _, tt := range []struct {
		cut  targeting.Cut
		off  float64
		want []bool
	}{
		{targeting.At(6), 6, []bool{false, true, true, false, false, false, false, false}},
		{targeting.At(0), 0, []bool{false, true, true, false, true, true, false, true}},
		{targeting.Top(3), 5, []bool{false, true, true, false, true, false, false, false}},
		{targeting.TopShare(0.25), 7, []bool{false, true, true, false, false, false, false, false}},
		{targeting.TopShare(0.9), 2, []bool{false, true, true, false, true, true, false, true}}, // all who may be
	} {
		off, err := s.CutOff(tt.cut)
		require.NoError(t, err)
		assert.Equal(t, tt.off, off, tt.cut)
		got, err := s.Selected(tt.cut)
		require.NoError(t, err)
		assert.Equal(t, tt.want, got, tt.cut)
		table, err := s.Errors(tt.cut)
		require.NoError(t, err)
		assert.Equal(t, 4.0, table.PoorReached+table.PoorMissed, "the barred are still poor")
		assert.Equal(t, 8.0, table.All())
		if tt.cut == targeting.Top(3) {
			continue // three of eight, and not of forty times as many
		}
		in, err := targeting.Bootstrap{Samples: 50}.Run(context.Background(), many(s), tt.cut)
		require.NoError(t, err)
		missed, err := table.Exclusion()
		require.NoError(t, err)
		assert.InDelta(t, missed, in.Exclusion.Estimate, 1e-12, tt.cut)
		wrong, err := table.Inclusion()
		require.NoError(t, err)
		assert.InDelta(t, wrong, in.Inclusion.Estimate, 1e-12, tt.cut)
		assert.Greater(t, in.Exclusion.Low, missed/2)
	}
	p, err := s.Passing(6)
	require.NoError(t, err)
	assert.Equal(t, [][]float64{{2. / 4}, {0}}, p.Shares)
	h, err := s.Heaping(6, 3)
	require.NoError(t, err)
	assert.Equal(t, 2, h.Within)
	assert.Equal(t, 2, h.Outside)
	_, err = s.Errors(targeting.Top(6))
	assert.ErrorContains(t, err, "Top(6) of 5 households")

	for i := range s.Barred {
		s.Barred[i] = true
	}
	var none *targeting.UndefinedError
	_, err = s.Curve()
	require.ErrorAs(t, err, &none)
	for _, cut := range []targeting.Cut{targeting.At(6), targeting.TopShare(0.5)} {
		_, err = s.Errors(cut)
		require.ErrorAs(t, err, &none)
		_, err = targeting.Bootstrap{}.Run(context.Background(), s, cut)
		require.ErrorAs(t, err, &none)
	}
	s.Barred = s.Barred[1:]
	var in *targeting.InputError
	require.ErrorAs(t, s.Check(), &in)
	assert.Equal(t, "Barred", in.Column)
}

// many repeats a sample forty times.
func many(s targeting.Sample) targeting.Sample {
	return targeting.Sample{Score: slices.Repeat(s.Score, 40), Poor: slices.Repeat(s.Poor, 40), Barred: slices.Repeat(s.Barred, 40)}
}

// Whoever is barred does as if the score were worse than any: for AUC, for the
// curve, for every drawing of a bootstrap.
func TestBarredIsWorstOfAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := pairs(t)
		s := targeting.Sample{Score: a, LowIsNeedier: rapid.Bool().Draw(t, "low"), Barred: make([]bool, len(a))}
		worst := targeting.Sample{Score: slices.Clone(a), LowIsNeedier: s.LowIsNeedier}
		out := -1000.0
		if s.LowIsNeedier {
			out = 1000
		}
		anybody := false
		for i, x := range b {
			s.Poor = append(s.Poor, x > 2)
			s.Weight = append(s.Weight, 1+float64(i%3))
			if s.Barred[i] = rapid.IntRange(0, 3).Draw(t, "barred") == 0; s.Barred[i] {
				worst.Score[i] = out
			} else {
				anybody = true
			}
		}
		worst.Poor, worst.Weight = s.Poor, s.Weight
		got, err := s.Curve()
		want, werr := worst.Curve()
		if !anybody || werr != nil {
			require.Error(t, err)
			return
		}
		require.NoError(t, err)
		require.Equal(t, want[:len(got)], got)
		require.InDelta(t, want.AUC(), got.AUC(), 1e-12)

		off := float64(rapid.IntRange(-3, 8).Draw(t, "cut"))
		x, err := targeting.Bootstrap{Samples: 30}.Run(context.Background(), s, targeting.At(off))
		y, werr := targeting.Bootstrap{Samples: 30}.Run(context.Background(), worst, targeting.At(off))
		require.Equal(t, werr, err)
		require.Equal(t, y, x)
	})
}
