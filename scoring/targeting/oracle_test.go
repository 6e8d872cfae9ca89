package targeting_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/scoring/targeting"
)

// oracle is a sample with two scores, six items and what the statistics of it are.
type oracle struct {
	targeting.Sample
	ids   []int
	b     []float64
	items [][]float64
	want  map[string]float64
}

// readOracle reads the tables in a folder with the sample and what is expected.
func readOracle(t testing.TB, dir string) oracle {
	t.Helper()
	o := oracle{want: map[string]float64{}, items: make([][]float64, 6)}
	number := func(s string) float64 {
		x, err := strconv.ParseFloat(s, 64)
		require.NoError(t, err)
		return x
	}
	for _, row := range readCSV(t, filepath.Join(dir, "stats_input.csv")) {
		o.ids = append(o.ids, int(number(row["id"])))
		o.Welfare = append(o.Welfare, number(row["welfare"]))
		o.Score = append(o.Score, number(row["score_a"]))
		o.b = append(o.b, number(row["score_b"]))
		o.Poor = append(o.Poor, row["poor"] == "1")
		o.Weight = append(o.Weight, number(row["weight"]))
		o.Group = append(o.Group, row["group"])
		for i := range o.items {
			o.items[i] = append(o.items[i], number(row["item"+strconv.Itoa(i+1)]))
		}
	}
	for _, row := range readCSV(t, filepath.Join(dir, "stats_expected.csv")) {
		o.want[row["statistic"]] = number(row["value"])
	}
	return o
}

func readCSV(t testing.TB, path string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	var out []map[string]string
	for _, cells := range all[1:] {
		row := map[string]string{}
		for i, c := range cells {
			row[all[0][i]] = c
		}
		out = append(out, row)
	}
	return out
}

// The statistics of the tables are those that are expected, to 1e-9: of the copy
// here, and of the corpus where there is one.
func TestStatistics(t *testing.T) {
	checkStatistics(t, "testdata")
	if corpora := os.Getenv("HUBKIT_CORPORA"); corpora != "" {
		checkStatistics(t, filepath.Join(corpora, "scoring", "stats"))
	}
}

func checkStatistics(t *testing.T, dir string) {
	o := readOracle(t, dir)
	seen := 0
	check := func(statistic string) func(got float64, err error) {
		t.Helper()
		want, ok := o.want[statistic]
		for name, x := range o.want {
			// "cutoff score_a (45th largest, ties selected)"
			if start, number := strings.CutSuffix(statistic, "*"); number && strings.HasPrefix(name, start) {
				want, ok = x, true
			}
		}
		require.True(t, ok, statistic)
		seen++
		return func(got float64, err error) {
			t.Helper()
			require.NoError(t, err, statistic)
			assert.InDelta(t, want, got, 1e-9, statistic)
		}
	}
	plain := o.Sample
	plain.Weight = nil
	second := plain
	second.Score = o.b
	poor := 0
	for _, p := range o.Poor {
		if p {
			poor++
		}
	}
	cut := targeting.Top(poor)

	check("kendall_tau_b a~b")(targeting.KendallTauB(o.Score, o.b))
	check("spearman a~b")(targeting.Spearman(o.Score, o.b))
	check("pearson a~b")(targeting.Pearson(o.Score, o.b))
	check("auc score_a poor")(plain.AUC())
	check("auc score_b poor")(second.AUC())
	check("cronbach_alpha items (raw)")(targeting.CronbachAlpha(o.items...))
	check("kr20=alpha check")(targeting.CronbachAlpha(o.items...))
	check("cutoff score_a (*")(plain.CutOff(cut))
	table, err := plain.Errors(cut)
	require.NoError(t, err)
	check("selected n")(table.PoorReached+table.OthersReached, nil)
	check("exclusion error (undercoverage) = poor not selected / poor")(table.Exclusion())
	check("inclusion error (leakage) = nonpoor selected / selected")(table.Inclusion())
	check("accuracy")(table.Accuracy())
	weighted, err := o.Errors(cut)
	require.NoError(t, err)
	check("exclusion error weighted")(weighted.Exclusion())
	check("inclusion error weighted")(weighted.Inclusion())
	check("CGH = share of selected in bottom 40% (welfare<=q40 type7)/0.4")(plain.CGH(cut))
	groups, err := plain.ErrorsByGroup(cut)
	require.NoError(t, err)
	for g, t := range groups {
		check("exclusion " + g)(t.Exclusion())
	}
	check("mean abs rank shift a->b (average ranks)")(targeting.RankShift(o.Score, o.b))
	sel, err := plain.Selected(cut)
	require.NoError(t, err)
	check("cohen_kappa sel~poor")(targeting.Agreement(sel, o.Poor, nil))
	assert.Equal(t, len(o.want), seen, "every expected statistic is checked")
}

// r_expected.csv was made by testdata/oracle.R, with packages that know nothing of
// this one.
func TestStatisticsOfR(t *testing.T) {
	o := readOracle(t, "testdata")
	want := map[string]float64{}
	for _, row := range readCSV(t, "testdata/r_expected.csv") {
		x, err := strconv.ParseFloat(row["value"], 64)
		require.NoError(t, err)
		want[row["statistic"]] = x
	}
	seen := 0
	check := func(statistic string) func(got float64, err error) {
		t.Helper()
		x, ok := want[statistic]
		require.True(t, ok, statistic)
		seen++
		return func(got float64, err error) {
			t.Helper()
			require.NoError(t, err, statistic)
			assert.InDelta(t, x, got, 1e-9, statistic)
		}
	}
	check("auc weighted")(o.AUC())

	bands := func(xs []float64) []int {
		out := make([]int, len(xs))
		for i, x := range xs {
			for _, edge := range []float64{70, 80, 90} {
				if x >= edge {
					out[i]++
				}
			}
		}
		return out
	}
	a, b := bands(o.Score), bands(o.b)
	check("kappa nominal")(targeting.Kappa(a, b, nil, targeting.Nominal))
	check("kappa linear")(targeting.Kappa(a, b, nil, targeting.Linear))
	check("kappa squared")(targeting.Kappa(a, b, nil, targeting.Squared))
	check("kappa squared weighted")(targeting.Kappa(a, b, o.Weight, targeting.Squared))

	for _, q := range []float64{0, 0.1, 0.25, 0.4, 0.777, 1} {
		check("quantile " + strconv.FormatFloat(q, 'g', -1, 64))(targeting.Quantile(o.Welfare, nil, q))
	}
	check("kish")(targeting.KishEffect(o.Weight))

	for name, at := range map[string][2]float64{"heaping 82 5": {82, 5}, "heaping 90 3": {90, 3}, "heaping 70 10": {70, 10}} {
		h, err := o.Heaping(at[0], at[1])
		check(name)(h.P, err)
	}
	var many targeting.Sample
	for i := range 1000 {
		many.Score = append(many.Score, map[bool]float64{true: 0.5, false: -0.5}[i < 650])
	}
	h, err := many.Heaping(0, 1)
	check("heaping 650 of 1000")(h.P, err)
	assert.InEpsilon(t, want["heaping 650 of 1000"], h.P, 1e-9)
	assert.Equal(t, 650, h.Within)
	assert.Equal(t, 350, h.Outside)

	households := o.Sample
	o.Stratum = o.Group
	for i, g := range o.Group {
		o.Cluster = append(o.Cluster, g+strconv.Itoa(o.ids[i]%7))
	}
	icc, err := targeting.ICC(o.Welfare, o.Cluster)
	check("icc")(icc, err)

	estimate := func(name string, e targeting.Estimate, err error) {
		t.Helper()
		check(name+" value")(e.Value, err)
		check(name+" se")(e.StdErr, err)
		check(name+" deff")(e.DesignEffect, err)
	}
	mean, err := o.Mean(o.Welfare, nil)
	estimate("welfare", mean, err)
	assert.Equal(t, 18, mean.Freedom)
	check("freedom")(float64(mean.Freedom), nil)
	errs, err := o.Design(targeting.Top(45))
	estimate("exclusion", errs.Exclusion, err)
	estimate("inclusion", errs.Inclusion, err)
	mean, err = households.Mean(o.Welfare, nil)
	estimate("welfare, households", mean, err)
	assert.Equal(t, len(want), seen, "every expected statistic is checked")
}
