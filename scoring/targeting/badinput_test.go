package targeting_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hubkit/hubkit/scoring/targeting"
)

var nan, inf = math.NaN(), math.Inf(1)

// Bad columns are refused with their place, by every method.
func TestBadColumns(t *testing.T) {
	good := func() targeting.Sample {
		return targeting.Sample{Score: []float64{1, 2, 3}, Poor: []bool{true, false, true}, Welfare: []float64{1, 2, 3}, Weight: []float64{1, 1, 1}, Group: []string{"a", "b", "b"}}
	}
	tests := []struct {
		name   string
		change func(s *targeting.Sample)
		column string
		row    int
	}{
		{"nobody", func(s *targeting.Sample) { *s = targeting.Sample{} }, "Score", -1},
		{"NaN", func(s *targeting.Sample) { s.Score[1] = nan }, "Score", 1},
		{"infinite", func(s *targeting.Sample) { s.Score[2] = -inf }, "Score", 2},
		{"short", func(s *targeting.Sample) { s.Poor = s.Poor[:2] }, "Poor", -1},
		{"empty", func(s *targeting.Sample) { s.Poor = []bool{} }, "Poor", -1},
		{"NaN welfare", func(s *targeting.Sample) { s.Welfare[0] = nan }, "Welfare", 0},
		{"negative weight", func(s *targeting.Sample) { s.Weight[1] = -1 }, "Weight", 1},
		{"NaN weight", func(s *targeting.Sample) { s.Weight[1] = nan }, "Weight", 1},
		{"no weight", func(s *targeting.Sample) { s.Weight = []float64{0, 0, 0} }, "Weight", -1},
		{"tiny weight", func(s *targeting.Sample) { s.Weight = []float64{0, 5e-324, 0} }, "Weight", -1},
		{"too much weight", func(s *targeting.Sample) { s.Weight = []float64{1e100, 1e100, 1} }, "Weight", -1},
		{"long groups", func(s *targeting.Sample) { s.Group = append(s.Group, "c") }, "Group", -1},
		{"short clusters", func(s *targeting.Sample) { s.Cluster = []string{"x"} }, "Cluster", -1},
		{"short strata", func(s *targeting.Sample) { s.Stratum = []string{"x"} }, "Stratum", -1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := good()
			tt.change(&s)
			for name, f := range methods {
				err := f(s)
				var in *targeting.InputError
				require.ErrorAs(t, err, &in, name)
				assert.Equal(t, tt.column, in.Column, name)
				assert.Equal(t, tt.row, in.Row, name)
			}
		})
	}
	for name, f := range methods {
		assert.NoError(t, f(good()), name)
	}
}

// methods are all that read a sample.
var methods = map[string]func(s targeting.Sample) error{
	"Errors":        func(s targeting.Sample) error { _, err := s.Errors(targeting.Top(1)); return err },
	"ErrorsByGroup": func(s targeting.Sample) error { _, err := s.ErrorsByGroup(targeting.Top(1)); return err },
	"Fairness":      func(s targeting.Sample) error { _, err := s.Fairness(targeting.Top(1), 0); return err },
	"CGH":           func(s targeting.Sample) error { _, err := s.CGH(targeting.Top(1)); return err },
	"Incidence":     func(s targeting.Sample) error { _, err := s.Incidence(targeting.Top(1), 5); return err },
	"AUC":           func(s targeting.Sample) error { _, err := s.AUC(); return err },
	"CutOff":        func(s targeting.Sample) error { _, err := s.CutOff(targeting.Top(1)); return err },
	"Mean":          func(s targeting.Sample) error { _, err := s.Mean([]float64{1, 2, 4}, nil); return err },
	"Bootstrap": func(s targeting.Sample) error {
		// Drawings without a poor household are no bad column.
		_, err := targeting.Bootstrap{Samples: 20}.Run(context.Background(), s, targeting.Top(1))
		var none *targeting.UndefinedError
		if errors.As(err, &none) {
			return nil
		}
		return err
	},
}

func TestBadCuts(t *testing.T) {
	s := targeting.Sample{Score: []float64{1, 2}, Poor: []bool{true, false}}
	for _, c := range []targeting.Cut{{}, targeting.Top(0), targeting.Top(3), targeting.TopShare(0), targeting.TopShare(1.01), targeting.TopShare(nan), targeting.At(nan), targeting.At(inf)} {
		_, err := s.Errors(c)
		var in *targeting.InputError
		require.ErrorAs(t, err, &in, c.String())
		assert.Equal(t, "Cut", in.Column)
		_, err = targeting.Bootstrap{}.Run(context.Background(), s, c)
		require.ErrorAs(t, err, &in)
	}
}

// What divides by nobody has no value, and says so.
func TestUndefined(t *testing.T) {
	scores := []float64{1, 2, 3}
	none, all, flat := make([]bool, 3), []bool{true, true, true}, []float64{5, 5, 5}
	first := func(_ any, err error) error { return err }
	table := func(poor, sel []bool) targeting.Table {
		tb, err := targeting.NewTable(poor, sel, nil)
		require.NoError(t, err)
		return tb
	}
	for name, err := range map[string]error{
		"exclusion, no poor":       first(table(none, all).Exclusion()),
		"sensitivity, no poor":     first(table(none, all).Sensitivity()),
		"inclusion, nobody":        first(table(all, none).Inclusion()),
		"false positives, no rich": first(table(all, none).FalsePositives()),
		"specificity, no rich":     first(table(all, none).Specificity()),
		"accuracy, empty":          first(targeting.Table{}.Accuracy()),
		"AUC, no poor":             first(targeting.Sample{Score: scores, Poor: none}.AUC()),
		"AUC, all poor":            first(targeting.Sample{Score: scores, Poor: all}.AUC()),
		"CGH, nobody":              first(targeting.Sample{Score: scores, Welfare: scores}.CGH(targeting.At(9))),
		"incidence, nobody":        first(targeting.Sample{Score: scores, Welfare: scores}.Incidence(targeting.At(9), 5)),
		"CGH, nothing":             first(targeting.CGH(scores, []float64{0, 0, 0}, nil, 0.4)),
		"tau, ties":                first(targeting.KendallTauB(scores, flat)),
		"rho, ties":                first(targeting.Spearman(flat, scores)),
		"r, ties":                  first(targeting.Pearson(flat, scores)),
		"kappa, one":               first(targeting.Agreement(all, all, nil)),
		"alpha, flat":              first(targeting.CronbachAlpha(flat, flat)),
		"ICC, one cluster":         first(targeting.ICC(scores, []string{"a", "a", "a"})),
		"ICC, all alone":           first(targeting.ICC(scores, []string{"a", "b", "c"})),
		"ICC, flat":                first(targeting.ICC(flat, []string{"a", "a", "c"})),
		"mean of nobody":           first(targeting.Sample{Score: scores}.Mean(scores, none)),
		"heap of nobody":           first(targeting.Sample{Score: scores}.Heaping(9, 1)),
		"passing, no weight":       first(targeting.Sample{Score: scores, Group: []string{"a", "b", "b"}, Weight: []float64{0, 1, 1}}.Passing(1)),
		"churn of nobody":          first(targeting.Change{}.Churn()),
		"bootstrap, no poor":       first(targeting.Bootstrap{}.Run(context.Background(), targeting.Sample{Score: scores, Poor: none}, targeting.Top(1))),
		"bootstrap, too small":     first(targeting.Bootstrap{}.Run(context.Background(), targeting.Sample{Score: scores, Poor: []bool{true, false, false}}, targeting.Top(1))),
	} {
		var undef *targeting.UndefinedError
		require.ErrorAs(t, err, &undef, name)
		assert.Contains(t, err.Error(), "is not defined: ", name)
	}
}

func TestBadNumbers(t *testing.T) {
	x, short := []float64{1, 2, 3}, []float64{1, 2}
	first := func(_ any, err error) error { return err }
	for name, err := range map[string]error{
		"tau, NaN":        first(targeting.KendallTauB(x, []float64{1, nan, 3})),
		"tau, lengths":    first(targeting.KendallTauB(x, short)),
		"tau, one":        first(targeting.KendallTauB(x[:1], x[:1])),
		"rho, inf":        first(targeting.Spearman([]float64{inf, 1, 2}, x)),
		"r, lengths":      first(targeting.Pearson(short, x)),
		"ranks, NaN":      first(targeting.Ranks([]float64{nan})),
		"shift, empty":    first(targeting.RankShift(nil, nil)),
		"churn, k":        first(targeting.Churn(x, x, 4)),
		"churn, none":     first(targeting.Churn(x, x, 0)),
		"kappa, lengths":  first(targeting.Kappa([]int{1}, nil, nil, targeting.Nominal)),
		"kappa, negative": first(targeting.Kappa([]int{-1}, []int{0}, nil, targeting.Nominal)),
		"kappa, huge":     first(targeting.Kappa([]int{math.MaxInt}, []int{0}, nil, targeting.Nominal)),
		"alpha, one item": first(targeting.CronbachAlpha(x)),
		"alpha, lengths":  first(targeting.CronbachAlpha(x, short)),
		"alpha, huge":     first(targeting.CronbachAlpha([]float64{math.MaxFloat64, -math.MaxFloat64}, []float64{1, 2})),
		"quantile, p":     first(targeting.Quantile(x, nil, 1.1)),
		"quantile, NaN":   first(targeting.Quantile(x, nil, nan)),
		"quantile, empty": first(targeting.Quantile(nil, nil, 0.5)),
		"CGH, lengths":    first(targeting.CGH(x, short, nil, 0.4)),
		"CGH, negative":   first(targeting.CGH(x, []float64{1, -1, 1}, nil, 0.4)),
		"CGH, share":      first(targeting.CGH(x, x, nil, 0)),
		"Kish, empty":     first(targeting.KishEffect(nil)),
		"ICC, lengths":    first(targeting.ICC(x, nil)),
		"one cluster":     first(targeting.Sample{Score: x, Cluster: []string{"a", "a", "a"}}.Mean(x, nil)),
		"lonely cluster":  first(targeting.Bootstrap{}.Run(context.Background(), targeting.Sample{Score: x, Poor: []bool{true, false, true}, Cluster: []string{"a", "b", "c"}, Stratum: []string{"s", "s", "t"}}, targeting.Top(1))),
		"bootstrap":       first(targeting.Bootstrap{Samples: 1}.Run(context.Background(), targeting.Sample{Score: x}, targeting.Top(1))),
		"level":           first(targeting.Bootstrap{Level: 1}.Run(context.Background(), targeting.Sample{Score: x}, targeting.Top(1))),
		"no groups":       first(targeting.Sample{Score: x, Poor: make([]bool, 3)}.ErrorsByGroup(targeting.Top(1))),
		"heaping, wide":   first(targeting.Sample{Score: x}.Heaping(1, 0)),
		"heaping, NaN":    first(targeting.Sample{Score: x}.Heaping(nan, 1)),
		"passing, none":   first(targeting.Sample{Score: x}.Passing()),
		"passing, NaN":    first(targeting.Sample{Score: x}.Passing(nan)),
		"parts":           first(targeting.Sample{Score: x, Welfare: x}.Incidence(targeting.Top(1), 1)),
		"table, lengths":  first(targeting.NewTable(make([]bool, 2), make([]bool, 1), nil)),
		"table, empty":    first(targeting.NewTable(nil, nil, nil)),
		"shares, none":    first(targeting.Shares(3, nil)),
		"shares, NaN":     first(targeting.Shares(3, map[string]float64{"a": nan})),
	} {
		var in *targeting.InputError
		require.ErrorAs(t, err, &in, name)
	}
}

func TestBadSelections(t *testing.T) {
	good := []targeting.Applicant{household("a", "n", 1), household("b", "s", 2)}
	tests := []struct {
		name string
		rule targeting.Rule
		list []targeting.Applicant
		want string
	}{
		{"empty list", targeting.Rule{Budget: 1}, nil, "there is no household"},
		{"no budget", targeting.Rule{}, good, "Rule.Budget"},
		{"NaN budget", targeting.Rule{Budget: nan}, good, "Rule.Budget"},
		{"NaN least", targeting.Rule{Budget: 1, Edge: ptr(nan)}, good, "Rule.Edge"},
		{"two lines of seed", targeting.Rule{Budget: 1, Lottery: targeting.Lottery{Seed: "1\n2"}}, good, "one line"},
		{"no id", targeting.Rule{Budget: 1}, []targeting.Applicant{household("", "", 1)}, "row 0: an id is needed"},
		{"tab in id", targeting.Rule{Budget: 1}, []targeting.Applicant{household("a\tb", "", 1)}, "an id is needed"},
		{"line in area", targeting.Rule{Budget: 1}, []targeting.Applicant{household("a", "x\ny", 1)}, "an area has no tabs"},
		{"twice", targeting.Rule{Budget: 1}, []targeting.Applicant{good[0], good[0]}, "row 1: its id is there before"},
		{"NaN points", targeting.Rule{Budget: 1}, []targeting.Applicant{household("a", "", nan)}, "points"},
		{"NaN tie", targeting.Rule{Budget: 1}, []targeting.Applicant{household("a", "", 1, nan)}, "tie"},
		{"other ties", targeting.Rule{Budget: 1}, []targeting.Applicant{household("a", "", 1, 1), household("b", "", 1)}, "another number of ties"},
		{"negative cost", targeting.Rule{Budget: 1}, []targeting.Applicant{{ID: "a", Cost: -1}}, "cost"},
		{"unknown area", targeting.Rule{Budget: 1, Quotas: []targeting.Quota{{Area: "x"}}}, good, "no household of the list"},
		{"area twice", targeting.Rule{Budget: 1, Quotas: []targeting.Quota{{Area: "n"}, {Area: "n"}}}, good, "has a quota already"},
		{"NaN quota", targeting.Rule{Budget: 1, Quotas: []targeting.Quota{{Area: "n", Reserved: nan}}}, good, "must be numbers"},
		{"more than the most", targeting.Rule{Budget: 9, Quotas: []targeting.Quota{{Area: "n", Reserved: 2, Most: 1}}}, good, "more is reserved for the area"},
		{"more than there is", targeting.Rule{Budget: 1, Quotas: []targeting.Quota{{Area: "n", Reserved: 2}}}, good, "than the budget"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tt.rule.Select(tt.list)
			var in *targeting.InputError
			require.ErrorAs(t, err, &in)
			assert.Contains(t, err.Error(), tt.want)
		})
	}
	_, err := targeting.Compare(&targeting.Selection{Fates: make([]targeting.Fate, 1)}, &targeting.Selection{}, nil)
	assert.ErrorContains(t, err, "one list")
	_, err = targeting.Simulation{Rule: targeting.Rule{Budget: 1}, List: good}.Run()
	assert.ErrorContains(t, err, "there is no card")
}

// Whatever numbers come, a result is a number or an error.
func TestNoSilentNaN(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 8).Draw(t, "n")
		number := rapid.SliceOfN(rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, 1, nan, inf, -inf, math.MaxFloat64, math.SmallestNonzeroFloat64})), n, n)
		s := targeting.Sample{Score: number.Draw(t, "score"), Welfare: number.Draw(t, "welfare"), Weight: number.Draw(t, "weight"), Poor: make([]bool, n)}
		for i := range s.Poor {
			s.Poor[i] = rapid.Bool().Draw(t, "poor")
		}
		fine := func(x float64, err error) {
			require.True(t, err != nil || !math.IsNaN(x) && !math.IsInf(x, 0), "%v", x)
		}
		fine(s.AUC())
		fine(s.CGH(targeting.TopShare(0.5)))
		fine(s.CutOff(targeting.TopShare(0.5)))
		fine(targeting.KendallTauB(s.Score, s.Welfare))
		fine(targeting.Spearman(s.Score, s.Welfare))
		fine(targeting.Pearson(s.Score, s.Welfare))
		fine(targeting.RankShift(s.Score, s.Welfare))
		fine(targeting.CronbachAlpha(s.Score, s.Welfare))
		fine(targeting.KishEffect(s.Weight))
		fine(targeting.Quantile(s.Score, s.Weight, 0.3))
		e, err := s.Mean(s.Welfare, nil)
		fine(e.Value, err)
		fine(e.StdErr, err)
		tb, err := s.Errors(targeting.TopShare(0.5))
		if err == nil {
			fine(tb.Exclusion())
			fine(tb.Inclusion())
		}
	})
}
