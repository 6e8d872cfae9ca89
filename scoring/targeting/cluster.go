package targeting

import (
	"math"
)

// KishEffect is the design effect of unequal weights: n x sum w² / (sum w)²
// (Kish, 1965). One means that they cost nothing; 1.5 that the sample is worth two
// thirds of its households.
func KishEffect(weight []float64) (float64, error) {
	if len(weight) == 0 {
		return 0, whole("weight", "there is no household")
	}
	if err := weighty("weight", weight, len(weight)); err != nil {
		return 0, err
	}
	var squares float64
	for _, w := range unitWeights(weight, len(weight)) {
		squares += w * w
	}
	return squares / float64(len(weight)), nil
}

// ICC is the intra-cluster correlation by analysis of variance: how much more
// alike two households of one village are than two of any. It is for clusters of
// any sizes (Donner and Koval, 1980) and may be slightly negative.
func ICC(x []float64, cluster []string) (float64, error) {
	r, err := anova(x, cluster)
	return r.icc, err
}

// ClusterEffect is the design effect of drawing clusters: 1 + (m - 1) ICC, with m
// their mean size weighted by size (Kish). It knows neither weights nor strata:
// see Mean for both.
func ClusterEffect(x []float64, cluster []string) (float64, error) {
	r, err := anova(x, cluster)
	if err != nil {
		return 0, err
	}
	return 1 + (r.size-1)*r.icc, nil
}

type variances struct{ icc, size float64 }

func anova(x []float64, cluster []string) (variances, error) {
	if len(x) == 0 || len(x) != len(cluster) {
		return variances{}, whole("cluster", "it has %d rows, and x has %d: both need the same, and at least one", len(cluster), len(x))
	}
	if err := finite("x", x); err != nil {
		return variances{}, err
	}
	names, of := groups(cluster)
	n, k := float64(len(x)), float64(len(names))
	switch {
	case k < 2:
		return variances{}, undefined("ICC", "there is only one cluster")
	case n == k:
		return variances{}, undefined("ICC", "every cluster has only one household")
	case constant(x):
		return variances{}, undefined("ICC", "all values are equal")
	}
	size, mean := make([]float64, len(names)), make([]float64, len(names))
	for i, g := range of {
		size[g]++
		mean[g] += x[i]
	}
	var squares float64
	for g := range mean {
		mean[g] /= size[g]
		squares += size[g] * size[g]
	}
	grand := sum(x) / n
	var within, between float64
	for i, g := range of {
		within += (x[i] - mean[g]) * (x[i] - mean[g])
	}
	for g := range mean {
		between += size[g] * (mean[g] - grand) * (mean[g] - grand)
	}
	between /= k - 1
	within /= n - k
	usual := (n - squares/n) / (k - 1)
	return variances{icc: (between - within) / (between + (usual-1)*within), size: squares / n}, nil
}

// Estimate is a mean or a share of a survey with its doubt.
type Estimate struct {
	Value  float64 // the mean
	StdErr float64 // its standard error
	// DesignEffect is the variance over that of as many households drawn singly,
	// with replacement and equal chances: the survey is worth Households/DesignEffect.
	// NaN where all values are equal, since there is nothing to compare.
	DesignEffect float64
	Households   int // that count
	Clusters     int // of the whole sample
	Strata       int // of the whole sample
	// Freedom is the degrees of freedom: clusters less strata.
	Freedom int
}

// Mean is the weighted mean of x over the rows for which of is true (nil is all),
// with the standard error of a stratified cluster sample by Taylor linearisation,
// clusters drawn with replacement. Rows outside of keep their clusters in the
// count, as a subpopulation needs it. It reads Weight, Cluster and Stratum.
//
// Errors are such means: exclusion error is the mean of missed over the poor.
func (s Sample) Mean(x []float64, of []bool) (Estimate, error) {
	if err := s.Check(); err != nil {
		return Estimate{}, err
	}
	n := len(s.Score)
	if len(x) != n || of != nil && len(of) != n {
		return Estimate{}, whole("x", "x and of need as many rows as Score: %d", n)
	}
	if err := finite("x", x); err != nil {
		return Estimate{}, err
	}
	w := s.weights()
	e := Estimate{}
	var top, bottom float64
	for i := range x {
		if of != nil && !of[i] {
			w[i] = 0
		}
		if w[i] > 0 {
			e.Households++
		}
		top += w[i] * x[i]
		bottom += w[i]
	}
	if bottom == 0 {
		return Estimate{}, undefined("mean", "nobody belongs to it")
	}
	e.Value = top / bottom
	u, err := newDesign(s)
	if err != nil {
		return Estimate{}, err
	}
	e.Clusters, e.Strata, e.Freedom = u.units, len(u.size), u.units-len(u.size)
	totals := make([]float64, u.units)
	var spread float64
	for i := range x {
		z := w[i] * (x[i] - e.Value)
		totals[u.unit[i]] += z / bottom
		spread += z * (x[i] - e.Value)
	}
	e.StdErr = math.Sqrt(u.variance(totals))
	if e.Households > 1 && spread > 0 {
		m := float64(e.Households)
		alone := spread / bottom * m / (m - 1) / m
		e.DesignEffect = e.StdErr * e.StdErr / alone
		return e, nil
	}
	e.DesignEffect = math.NaN()
	return e, nil
}

// design is which cluster a row is in, and which stratum a cluster.
type design struct {
	unit    []int32
	units   int
	stratum []int // of a cluster
	size    []int // clusters of a stratum
}

func newDesign(s Sample) (design, error) {
	n := len(s.Score)
	stratum := make([]int32, n)
	if s.Stratum != nil {
		_, stratum = groups(s.Stratum)
	}
	cluster := rows(n)
	if s.Cluster != nil {
		_, cluster = groups(s.Cluster)
	}
	d := design{unit: make([]int32, n)}
	type key struct{ stratum, cluster int32 }
	seen := map[key]int32{}
	for i := range n {
		k := key{stratum[i], cluster[i]}
		c, ok := seen[k]
		if !ok {
			c = int32(d.units)
			seen[k] = c
			d.units++
			d.stratum = append(d.stratum, int(k.stratum))
			for len(d.size) <= int(k.stratum) {
				d.size = append(d.size, 0)
			}
			d.size[k.stratum]++
		}
		d.unit[i] = c
	}
	for _, m := range d.size {
		if m < 2 {
			return d, whole("Cluster", "a stratum has only one: join it with another stratum, since one cluster says nothing about the doubt")
		}
	}
	return d, nil
}

// variance is that of the sum of totals: of clusters around their stratum's mean.
func (d design) variance(totals []float64) float64 {
	mean := make([]float64, len(d.size))
	for c, z := range totals {
		mean[d.stratum[c]] += z / float64(d.size[d.stratum[c]])
	}
	var v float64
	for c, z := range totals {
		st := d.stratum[c]
		m := float64(d.size[st])
		v += m / (m - 1) * (z - mean[st]) * (z - mean[st])
	}
	return v
}

// ErrorEstimates are the errors of a cut with the doubt of the survey's design.
type ErrorEstimates struct{ Exclusion, Inclusion Estimate }

// Design estimates the errors of a cut, which it takes as fixed, with Mean.
func (s Sample) Design(c Cut) (ErrorEstimates, error) {
	if err := s.need(true, false); err != nil {
		return ErrorEstimates{}, err
	}
	sel, err := s.Selected(c)
	if err != nil {
		return ErrorEstimates{}, err
	}
	missed, wrong := make([]float64, len(sel)), make([]float64, len(sel))
	for i := range sel {
		if !sel[i] {
			missed[i] = 1
		}
		if !s.Poor[i] {
			wrong[i] = 1
		}
	}
	var out ErrorEstimates
	if out.Exclusion, err = s.Mean(missed, s.Poor); err != nil {
		return out, err
	}
	out.Inclusion, err = s.Mean(wrong, sel)
	return out, err
}
