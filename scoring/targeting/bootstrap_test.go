package targeting_test

import (
	"context"
	"crypto/sha256"
	"math/bits"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/scoring/targeting"
)

// A drawing is what happens when the rows that were drawn are written out one
// after the other and the statistics computed from that: drawn here by the rule
// that the documentation gives, with columns made longer instead of counted.
func TestBootstrapIsResampling(t *testing.T) {
	o := readOracle(t, "testdata")
	s := o.Sample
	s.Weight = nil
	n := len(s.Score)
	cut := targeting.TopShare(0.3)
	got, err := targeting.Bootstrap{Samples: 200, Seed: 7, Workers: 1}.Run(context.Background(), s, cut)
	require.NoError(t, err)

	// Rows are drawn from the list in the order of need.
	at := make([]int, n)
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(i, j int) int {
		switch {
		case s.Score[i] > s.Score[j]:
			return -1
		case s.Score[i] < s.Score[j]:
			return 1
		}
		return 0
	})
	var exclusion, cgh, auc, groupB []float64
	for sample := range 200 {
		rnd := rand.NewPCG(7, uint64(sample))
		var d targeting.Sample
		for range n {
			hi, _ := bits.Mul64(rnd.Uint64(), uint64(n))
			r := at[hi]
			d.Score = append(d.Score, s.Score[r])
			d.Poor = append(d.Poor, s.Poor[r])
			d.Welfare = append(d.Welfare, s.Welfare[r])
			d.Group = append(d.Group, s.Group[r])
		}
		table, err := d.Errors(cut)
		require.NoError(t, err)
		x, err := table.Exclusion()
		require.NoError(t, err)
		exclusion = append(exclusion, x)
		x, err = d.CGH(cut)
		require.NoError(t, err)
		cgh = append(cgh, x)
		x, err = d.AUC()
		require.NoError(t, err)
		auc = append(auc, x)
		groups, err := d.ErrorsByGroup(cut)
		require.NoError(t, err)
		x, err = groups["B"].Inclusion()
		require.NoError(t, err)
		groupB = append(groupB, x)
	}
	check := func(name string, xs []float64, in targeting.Interval) {
		for _, end := range []struct{ p, got float64 }{{0.025, in.Low}, {0.975, in.High}} {
			want, err := targeting.Quantile(xs, nil, end.p)
			require.NoError(t, err)
			assert.InDelta(t, want, end.got, 1e-9, name)
		}
		assert.Zero(t, in.Undefined)
	}
	check("exclusion", exclusion, got.Exclusion)
	check("CGH", cgh, *got.CGH)
	check("AUC", auc, got.AUC)
	check("inclusion of B", groupB, *got.Groups["B"].Inclusion)
}

// With clusters a drawing takes, in each stratum of m, m - 1 clusters with
// replacement and weights their households by m / (m - 1): here with weights, by
// the ordinary statistics.
func TestBootstrapDrawsClusters(t *testing.T) {
	o := readOracle(t, "testdata")
	s := o.Sample
	s.Stratum = o.Group
	strata := map[string][]string{} // clusters in the order of the table
	for i, g := range o.Group {
		c := g + strconv.Itoa(o.ids[i]%map[string]int{"A": 3, "B": 6, "C": 9}[g])
		s.Cluster = append(s.Cluster, c)
		if !slices.Contains(strata[g], c) {
			strata[g] = append(strata[g], c)
		}
	}
	cut := targeting.At(80)
	got, err := targeting.Bootstrap{Samples: 100, Seed: 9, Workers: 1}.Run(context.Background(), s, cut)
	require.NoError(t, err)
	var exclusion, auc []float64
	for sample := range 100 {
		rnd := rand.NewPCG(9, uint64(sample))
		times := map[string]float64{}
		for _, g := range []string{"A", "B", "C"} {
			m := len(strata[g])
			for range m - 1 {
				hi, _ := bits.Mul64(rnd.Uint64(), uint64(m))
				times[strata[g][hi]] += float64(m) / float64(m-1)
			}
		}
		d := s
		d.Weight = nil
		for i, c := range s.Cluster {
			d.Weight = append(d.Weight, s.Weight[i]*times[c])
		}
		table, err := d.Errors(cut)
		require.NoError(t, err)
		x, err := table.Exclusion()
		require.NoError(t, err)
		exclusion = append(exclusion, x)
		x, err = d.AUC()
		require.NoError(t, err)
		auc = append(auc, x)
	}
	for _, x := range []struct {
		drawn []float64
		in    targeting.Interval
	}{{exclusion, got.Exclusion}, {auc, got.AUC}} {
		low, err := targeting.Quantile(x.drawn, nil, 0.025)
		require.NoError(t, err)
		assert.InDelta(t, low, x.in.Low, 1e-6) // counts are of single precision
		high, err := targeting.Quantile(x.drawn, nil, 0.975)
		require.NoError(t, err)
		assert.InDelta(t, high, x.in.High, 1e-6)
	}
}

// The middle of an interval is the statistic itself, weights and all.
func TestBootstrapEstimates(t *testing.T) {
	o := readOracle(t, "testdata")
	for _, cut := range []targeting.Cut{targeting.Top(45), targeting.TopShare(0.3), targeting.At(82)} {
		got, err := targeting.Bootstrap{Samples: 50}.Run(context.Background(), o.Sample, cut)
		require.NoError(t, err)
		table, err := o.Errors(cut)
		require.NoError(t, err)
		for _, x := range []struct {
			in   targeting.Interval
			want func() (float64, error)
		}{
			{got.Exclusion, table.Exclusion},
			{got.Inclusion, table.Inclusion},
			{got.Accuracy, table.Accuracy},
			{got.AUC, o.AUC},
			{*got.CGH, func() (float64, error) { return o.CGH(cut) }},
		} {
			want, err := x.want()
			require.NoError(t, err)
			assert.InDelta(t, want, x.in.Estimate, 1e-9, cut)
			assert.Less(t, x.in.Low, x.in.High)
		}
		assert.Len(t, got.Groups, 3)
	}
}

// The standard error of drawing clusters comes near to that of Taylor's series,
// which R agrees with (TestStatisticsOfR).
func TestBootstrapOfClusters(t *testing.T) {
	o := readOracle(t, "testdata")
	o.Stratum = o.Group
	for i, g := range o.Group {
		o.Cluster = append(o.Cluster, g+string(rune('0'+o.ids[i]%7)))
	}
	cut := targeting.At(82)
	got, err := targeting.Bootstrap{Samples: 4000, Seed: 3}.Run(context.Background(), o.Sample, cut)
	require.NoError(t, err)
	want, err := o.Design(cut)
	require.NoError(t, err)
	assert.InEpsilon(t, want.Exclusion.StdErr, got.Exclusion.StdErr, 0.1)
	assert.InEpsilon(t, want.Inclusion.StdErr, got.Inclusion.StdErr, 0.1)
}

// How many workers there are changes nothing; the seed changes everything.
func TestBootstrapIsRepeatable(t *testing.T) {
	o := readOracle(t, "testdata")
	run := func(seed uint64, workers int) targeting.Intervals {
		in, err := targeting.Bootstrap{Samples: 100, Seed: seed, Workers: workers}.Run(context.Background(), o.Sample, targeting.Top(45))
		require.NoError(t, err)
		return in
	}
	assert.Equal(t, run(1, 1), run(1, 7))
	assert.NotEqual(t, run(1, 1).Exclusion, run(2, 1).Exclusion)
}

func TestBootstrapStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := targeting.Bootstrap{}.Run(ctx, readOracle(t, "testdata").Sample, targeting.Top(45))
	assert.ErrorIs(t, err, context.Canceled)
}

// caseload is a made-up population with scores in whole points.
func caseload(n int) targeting.Sample {
	rnd := rand.New(rand.NewPCG(1, 2))
	var s targeting.Sample
	for range n {
		welfare := rnd.ExpFloat64() * 3000
		s.Welfare = append(s.Welfare, welfare)
		s.Poor = append(s.Poor, welfare < 1500)
		s.Score = append(s.Score, float64(rnd.IntN(40)+int(4000/(welfare+200))))
		s.Weight = append(s.Weight, 1+rnd.Float64())
	}
	return s
}

var yardstick [32]byte

// BenchmarkYardstick is the SHA-256 of 64 KiB, to compare machines by.
func BenchmarkYardstick(b *testing.B) {
	data := make([]byte, 64<<10)
	for b.Loop() {
		yardstick = sha256.Sum256(data)
	}
}

// BenchmarkBootstrap draws 1,000 samples of 650,000 households: at most a minute
// on two cores.
func BenchmarkBootstrap(b *testing.B) {
	s := caseload(650_000)
	b.ReportAllocs()
	for b.Loop() {
		_, err := targeting.Bootstrap{Samples: 1000, Workers: 2}.Run(context.Background(), s, targeting.TopShare(0.25))
		require.NoError(b, err)
	}
	b.ReportMetric(float64(runtime.GOMAXPROCS(0)), "procs")
}
