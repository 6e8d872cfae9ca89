package targeting

import (
	"cmp"
	"context"
	"math"
	"math/bits"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Bootstrap says how intervals are found: the sample is drawn again many times,
// and what a statistic does then is what it might have been. The zero value works.
//
// Without clusters, each time as many households are drawn as there are, with
// replacement, within each stratum. With clusters, whole clusters are drawn, one
// fewer than there are in the stratum, and weights are scaled up for the one (Rao
// and Wu, 1988), so that the interval is right for samples of few villages. The
// cut is found anew in each drawing. Intervals are percentiles.
//
// A drawing never copies a household: it is a count for each, over columns that
// are sorted once. 650,000 households need about 35 bytes each, and 4 more for
// each worker.
type Bootstrap struct {
	Samples int     // how many drawings; defaults to 1,000
	Level   float64 // of the intervals; defaults to 0.95
	// Seed makes the drawings: the same seed gives the same intervals, on any
	// number of workers.
	Seed    uint64
	Workers int // defaults to GOMAXPROCS
}

// Interval is a statistic with its doubt.
type Interval struct {
	Estimate  float64 // of the sample itself
	Low       float64 // below it lie half of the drawings that the level leaves out
	High      float64 // above it the other half
	StdErr    float64 // standard deviation of the drawings
	Undefined int     // drawings in which it had no value; the interval is of the others
}

// Intervals are those of one sample and cut.
type Intervals struct {
	Exclusion, Inclusion, Accuracy, AUC Interval
	CGH                                 *Interval // nil without Welfare
	// Groups has the errors within each group, nil without Group; one that is not
	// defined in the sample is nil.
	Groups  map[string]GroupIntervals
	Samples int     // how many drawings
	Level   float64 // of the intervals
	Seed    uint64  // of the drawings
}

// GroupIntervals are the errors within one group.
type GroupIntervals struct{ Exclusion, Inclusion *Interval }

const mostSamples = 1_000_000

// Run computes them. It reads Poor, and Welfare, Weight, Group, Cluster and
// Stratum if they are there. The error is an *InputError, an *UndefinedError if a
// statistic has no value in the sample or in more than a twentieth of the
// drawings, or that of ctx.
func (b Bootstrap) Run(ctx context.Context, s Sample, c Cut) (Intervals, error) {
	if b.Samples == 0 {
		b.Samples = 1000
	}
	if b.Level == 0 {
		b.Level = 0.95
	}
	if b.Workers == 0 {
		b.Workers = runtime.GOMAXPROCS(0)
	}
	if b.Samples < 2 || b.Samples > mostSamples || !(b.Level > 0 && b.Level < 1) || b.Workers < 1 {
		return Intervals{}, whole("Bootstrap", "use 2 to %d samples, a level between 0 and 1 and at least one worker", mostSamples)
	}
	if err := s.need(true, false); err != nil {
		return Intervals{}, err
	}
	if err := s.checkCut(c); err != nil {
		return Intervals{}, err
	}
	u, err := newUrn(s, c)
	if err != nil {
		return Intervals{}, err
	}
	drawn := make([][]float64, b.Samples)
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(b.Workers, b.Samples) {
		group.Go(func() {
			d := u.newDrawing()
			for i := next.Add(1) - 1; i < int64(b.Samples) && ctx.Err() == nil; i = next.Add(1) - 1 {
				// Each drawing has a stream of its own, whoever makes it.
				d.draw(rand.NewPCG(b.Seed, uint64(i)))
				drawn[i] = d.statistics()
			}
		})
	}
	group.Wait()
	if err := ctx.Err(); err != nil {
		return Intervals{}, err
	}
	return b.intervals(u, drawn)
}

// The places of statistics; those of groups follow in pairs.
const (
	atExclusion = iota
	atInclusion
	atAccuracy
	atAUC
	atCGH
	atGroups
)

func (b Bootstrap) intervals(u *urn, drawn [][]float64) (Intervals, error) {
	whole := u.newDrawing()
	for i := range whole.times {
		whole.times[i] = 1
	}
	estimates := whole.statistics()
	interval := func(at int, name string) (Interval, error) {
		in := Interval{Estimate: estimates[at]}
		if math.IsNaN(in.Estimate) {
			return in, undefined(name, "one of poor, others or selected is empty")
		}
		var xs []float64
		for _, d := range drawn {
			if math.IsNaN(d[at]) {
				in.Undefined++
			} else {
				xs = append(xs, d[at])
			}
		}
		if in.Undefined*20 > len(drawn) || len(xs) < 2 {
			return in, undefined("the interval of "+name, "the sample is too small: many drawings have none of those it is about")
		}
		slices.Sort(xs)
		in.Low, in.High = sortedQuantile(xs, (1-b.Level)/2), sortedQuantile(xs, (1+b.Level)/2)
		in.StdErr = math.Sqrt(variance(xs))
		return in, nil
	}
	out := Intervals{Samples: b.Samples, Level: b.Level, Seed: b.Seed}
	for _, x := range []struct {
		to   *Interval
		at   int
		name string
	}{
		{&out.Exclusion, atExclusion, "exclusion error"},
		{&out.Inclusion, atInclusion, "inclusion error"},
		{&out.Accuracy, atAccuracy, "accuracy"},
		{&out.AUC, atAUC, "AUC"},
	} {
		var err error
		if *x.to, err = interval(x.at, x.name); err != nil {
			return Intervals{}, err
		}
	}
	if u.byWelfare != nil {
		in, err := interval(atCGH, "CGH")
		if err != nil {
			return Intervals{}, err
		}
		out.CGH = &in
	}
	for g, name := range u.names {
		if out.Groups == nil {
			out.Groups = map[string]GroupIntervals{}
		}
		var in GroupIntervals
		// A group may be too small for an interval: that is said by its absence.
		if x, err := interval(atGroups+2*g, name); err == nil {
			in.Exclusion = &x
		}
		if x, err := interval(atGroups+2*g+1, name); err == nil {
			in.Inclusion = &x
		}
		out.Groups[name] = in
	}
	return out, nil
}

func sortedQuantile(xs []float64, p float64) float64 {
	place := p * float64(len(xs)-1)
	lo := int(place)
	hi := min(lo+1, len(xs)-1)
	return xs[lo] + (place-float64(lo))*(xs[hi]-xs[lo])
}

// urn holds the sample sorted from the neediest, so that a drawing is nothing
// but a count for each row.
type urn struct {
	cut       Cut
	n, share  float64   // rows; share of the rows for Top
	at        int       // rows that At selects
	open      int       // rows that a cut can select: the barred come after them
	weight    []float64 // of a mean of one
	poor      []bool
	last      []bool // the last row of those with its score
	byWelfare []int32
	level     []bool // by welfare: the last of those with its welfare
	names     []string
	group     []int32
	strata    []stratum
	unit      []int32 // the row's cluster; nil without clusters
	units     int
}

// stratum is the rows, or with clusters the clusters, that are drawn together.
type stratum struct{ members []int32 }

func newUrn(s Sample, c Cut) (*urn, error) {
	order := s.order()
	n := len(order)
	u := &urn{cut: c, n: float64(n), open: s.open(), poor: make([]bool, n), last: make([]bool, n), weight: make([]float64, n)}
	w := s.weights()
	for i, r := range order {
		u.weight[i], u.poor[i] = w[r], s.Poor[r]
		u.last[i] = i == n-1 || s.compare(r, order[i+1]) != 0
		if c.kind == 'a' && s.in(r, c.x) {
			u.at = i + 1
		}
	}
	if c.kind == 'n' {
		u.share = c.x / u.n
	}
	if s.Welfare != nil {
		u.byWelfare = rows(n)
		slices.SortFunc(u.byWelfare, func(i, j int32) int { return cmp.Compare(s.Welfare[order[i]], s.Welfare[order[j]]) })
		u.level = make([]bool, n)
		for i, r := range u.byWelfare {
			u.level[i] = i == n-1 || s.Welfare[order[u.byWelfare[i+1]]] != s.Welfare[order[r]]
		}
	}
	if s.Group != nil {
		var of []int32
		u.names, of = groups(s.Group)
		u.group = make([]int32, n)
		for i, r := range order {
			u.group[i] = of[r]
		}
	}
	return u, u.divide(s, order)
}

// divide finds the strata and clusters.
func (u *urn) divide(s Sample, order []int32) error {
	if s.Cluster == nil && s.Stratum == nil {
		return nil
	}
	d, err := newDesign(s)
	if err != nil {
		return err
	}
	u.strata = make([]stratum, len(d.size))
	add := func(cluster, member int32) {
		st := &u.strata[d.stratum[cluster]]
		st.members = append(st.members, member)
	}
	if s.Cluster == nil {
		for i, r := range order {
			add(d.unit[r], int32(i))
		}
		return nil
	}
	u.unit, u.units = make([]int32, len(order)), d.units
	for i, r := range order {
		u.unit[i] = d.unit[r]
	}
	for c := range d.stratum {
		add(int32(c), int32(c))
	}
	return nil
}

// drawing is one drawing of the sample: how often each row counts.
type drawing struct {
	*urn
	times  []float32
	counts []float32 // of clusters
	reach  []float64 // of groups: poor reached, poor missed, others reached
}

func (u *urn) newDrawing() *drawing {
	return &drawing{urn: u, times: make([]float32, len(u.poor)), counts: make([]float32, u.units), reach: make([]float64, 3*len(u.names))}
}

func (d *drawing) draw(rnd *rand.PCG) {
	pick := func(n int) int {
		hi, _ := bits.Mul64(rnd.Uint64(), uint64(n))
		return int(hi)
	}
	clear(d.times)
	switch {
	case d.unit != nil:
		clear(d.counts)
		for _, st := range d.strata {
			m := len(st.members)
			up := float32(m) / float32(m-1)
			for range m - 1 {
				d.counts[st.members[pick(m)]] += up
			}
		}
		for i, c := range d.unit {
			d.times[i] = d.counts[c]
		}
	case d.strata != nil:
		for _, st := range d.strata {
			for range st.members {
				d.times[st.members[pick(len(st.members))]]++
			}
		}
	default:
		for range d.times {
			d.times[pick(len(d.times))]++
		}
	}
}

// statistics computes all of them for the drawing; NaN for what is not defined.
func (d *drawing) statistics() []float64 {
	out := make([]float64, atGroups+2*len(d.names))
	for i := range out {
		out[i] = math.NaN()
	}
	var all, drawn float64
	for i, t := range d.times {
		all += float64(t) * d.weight[i]
		drawn += float64(t)
	}
	if all == 0 {
		return out
	}
	// One walk from the neediest: the area under the ROC curve adds, for each of
	// the others, the poor before it and half of those level with it.
	var poor, others, area float64             // so far
	var poorBefore, othersBefore, mass float64 // before the present score
	var reached, wrong float64                 // at the cut
	end := d.at
	cutting := d.cut.kind != 'a'
	for i, t := range d.times {
		x := float64(t) * d.weight[i]
		if d.poor[i] {
			poor += x
		} else {
			others += x
		}
		mass += float64(t)
		if !d.last[i] {
			continue
		}
		area += (others - othersBefore) * (poor + poorBefore) / 2
		poorBefore, othersBefore = poor, others
		switch {
		case cutting && (i == d.open-1 || d.cut.kind == 'n' && enough(mass, d.share*drawn) || d.cut.kind == 's' && enough(poor+others, d.cut.x*all)):
			cutting, end = false, i+1
			reached, wrong = poor, others
		case d.cut.kind == 'a' && i < end:
			reached, wrong = poor, others
		}
	}
	if poor > 0 {
		out[atExclusion] = (poor - reached) / poor
	}
	if reached+wrong > 0 {
		out[atInclusion] = wrong / (reached + wrong)
	}
	out[atAccuracy] = (reached + others - wrong) / all
	if poor > 0 && others > 0 {
		out[atAUC] = area / poor / others
	}
	if d.byWelfare != nil && reached+wrong > 0 {
		out[atCGH] = d.low(end, all) / (reached + wrong) / poorest
	}
	d.errorsOf(out, end)
	return out
}

// low is how many of the first end rows are among the poorest 40 %.
func (d *drawing) low(end int, all float64) (low float64) {
	place := math.Floor(poorest*(all-1) + 1e-9)
	var mass float64
	for i, r := range d.byWelfare {
		x := float64(d.times[r]) * d.weight[r]
		mass += x
		if int(r) < end {
			low += x
		}
		if d.level[i] && past(mass, place) {
			break
		}
	}
	return low
}

// errorsOf adds the errors of groups.
func (d *drawing) errorsOf(out []float64, end int) {
	if d.group == nil {
		return
	}
	clear(d.reach)
	for i, t := range d.times {
		x, g := float64(t)*d.weight[i], 3*d.group[i]
		switch {
		case d.poor[i] && i < end:
			d.reach[g] += x
		case d.poor[i]:
			d.reach[g+1] += x
		case i < end:
			d.reach[g+2] += x
		}
	}
	for g := range d.names {
		in, missed, wrong := d.reach[3*g], d.reach[3*g+1], d.reach[3*g+2]
		if in+missed > 0 {
			out[atGroups+2*g] = missed / (in + missed)
		}
		if in+wrong > 0 {
			out[atGroups+2*g+1] = wrong / (in + wrong)
		}
	}
}
