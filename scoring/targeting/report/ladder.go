package report

import (
	"math"
	"slices"
)

// ladder counts households of two kinds from one end of an order on: at rung 0
// there is nobody, at the last rung everybody. Whatever is shown of it is shown
// between rungs, so that what may be shown is a choice of rungs.
type ladder struct {
	kinds [2][]int // at or before each rung, unweighted
	least int
}

// safe says whether the households between two rungs may be shown: of each kind
// none, or enough.
func (l *ladder) safe(i, j int) bool {
	for _, k := range l.kinds {
		if n := k[j] - k[i]; n != 0 && n < l.least {
			return false
		}
	}
	return true
}

func (l *ladder) top() int { return len(l.kinds[0]) - 1 }

// edge is where something could end: a range, a cut-off, a fifth.
type edge struct {
	at    float64
	rung  int
	fixed bool // it is known from elsewhere on the page, whatever is left out
}

// apart leaves out edges, which are in the order of their rungs, until what lies
// between any two that remain may be shown: sums of such steps may be too, so that
// nothing is found by subtraction. Only between two fixed ones it may not.
func (l *ladder) apart(edges []edge) (kept []edge) {
	for _, e := range edges {
		if !e.fixed {
			if len(kept) == 0 || l.safe(kept[len(kept)-1].rung, e.rung) {
				kept = append(kept, e)
			}
			continue
		}
		for n := len(kept); n > 0 && !kept[n-1].fixed && !l.safe(kept[n-1].rung, e.rung); n-- {
			kept = kept[:n-1]
		}
		kept = append(kept, e)
	}
	return kept
}

// scoreLadder has a rung for each score from the neediest on, and, where some are
// barred, one more for them.
type scoreLadder struct {
	ladder
	scores []float64    // of the rungs from 1 on
	shares [2][]float64 // of all households, weighted, at or before each rung
	barred bool
	ranges []edge // of the histogram, from the neediest on
	points []edge // of the curves
}

// climb makes the ladder of the sample and chooses what is shown of it: the ranges
// of the histogram, and then the points of curves, which must not lie within a few
// households of a range's end either.
func (b *builder) climb() error {
	heads := b.Sample
	heads.Weight = nil
	counts, err := heads.Curve()
	if err != nil {
		return err
	}
	l := &scoreLadder{ladder: ladder{least: b.Least}}
	l.push(0, 0, 0, 0)
	all := b.table.All()
	for i, p := range counts {
		l.scores = append(l.scores, p.CutOff)
		l.push(int(p.PoorReached), int(p.OthersReached), b.curve[i].PoorReached/all, b.curve[i].OthersReached/all)
	}
	last, weighted := counts[len(counts)-1], b.curve[len(b.curve)-1]
	if missed := int(last.PoorMissed + last.OthersRight); missed > 0 {
		l.barred = true
		l.push(int(last.PoorReached+last.PoorMissed), int(last.OthersReached+last.OthersRight),
			(weighted.PoorReached+weighted.PoorMissed)/all, (weighted.OthersReached+weighted.OthersRight)/all)
	}
	b.ladder = l
	cut := edge{b.cutOff, b.rung(b.cutOff, 0), true}
	l.ranges = b.grid(cut)
	edges := []edge{{rung: 0, fixed: true}, cut}
	for _, r := range l.ranges {
		edges = append(edges, edge{r.at, r.rung, true})
	}
	for k, x := range l.scores {
		if k+1 != cut.rung {
			edges = append(edges, edge{x, k + 1, false})
		}
	}
	edges = append(edges, edge{rung: l.top(), fixed: true})
	slices.SortStableFunc(edges, func(x, y edge) int {
		if x.rung != y.rung {
			return x.rung - y.rung
		}
		return fixedFirst(x, y)
	})
	for _, e := range l.apart(edges) {
		n := len(l.points)
		if e.rung > 0 && e.rung <= len(l.scores) && (n == 0 || l.points[n-1].rung < e.rung) {
			l.points = append(l.points, e)
		}
	}
	return nil
}

func fixedFirst(x, y edge) int {
	switch {
	case x.fixed == y.fixed:
		return 0
	case x.fixed:
		return -1
	}
	return 1
}

func (l *scoreLadder) push(poor, others int, poorShare, othersShare float64) {
	l.kinds[0], l.kinds[1] = append(l.kinds[0], poor), append(l.kinds[1], others)
	l.shares[0], l.shares[1] = append(l.shares[0], poorShare), append(l.shares[1], othersShare)
}

// between is the share of all households between two rungs, by kind.
func (l *scoreLadder) between(i, j int) (poor, others float64) {
	return math.Max(0, l.shares[0][j]-l.shares[0][i]), math.Max(0, l.shares[1][j]-l.shares[1][i])
}

// rung is how many scores a cut-off selects, forgiving a little.
func (b *builder) rung(at, slack float64) int {
	return len(b.ladder.scores) - func() (n int) {
		for _, x := range b.ladder.scores {
			if b.Sample.LowIsNeedier && x > at+slack || !b.Sample.LowIsNeedier && x < at-slack {
				n++
			}
		}
		return n
	}()
}

// grid divides the scores into about two dozen ranges, of which one begins at the
// cut-off (ends there, where low is needier), and joins those that are few with
// their neighbours. It is empty where a histogram would say nothing.
func (b *builder) grid(cut edge) []edge {
	const most = 24
	l := b.ladder
	lo, hi := slices.Min(l.scores), slices.Max(l.scores)
	if lo == hi || math.Abs(cut.at-lo) > 10*(hi-lo) {
		return nil // a single bar, or a cut far away
	}
	b.wide = (hi - lo) / most
	if t := ticks(lo, hi, most); len(t) > 1 {
		b.wide = t[1] - t[0]
	}
	slack := b.wide * 1e-9
	first := math.Floor((lo-cut.at)/b.wide - 1e-9)
	end := math.Ceil((hi-cut.at)/b.wide + 1e-9)
	if b.Sample.LowIsNeedier {
		// Ranges hold their upper end and not their lower one.
		if math.Ceil((hi-cut.at)/b.wide-1e-9) < end {
			end--
		}
	} else if first+1 <= (lo-cut.at)/b.wide+1e-9 {
		first++
	}
	var edges []edge
	for k := math.Min(first, 0); k <= math.Max(end, 0); k++ {
		at := cut.at + k*b.wide
		edges = append(edges, edge{at: at, rung: b.rung(at, slack), fixed: k == 0})
	}
	if !b.Sample.LowIsNeedier {
		slices.Reverse(edges)
	}
	// The ends hold all that lies beyond them.
	edges[0].rung, edges[0].fixed = 0, true
	n := len(edges) - 1
	edges[n].rung, edges[n].fixed = len(l.scores), true
	if l.barred && !l.safe(len(l.scores), l.top()) {
		edges[n].rung = l.top() // and the barred, of whom there are few
	}
	return l.apart(edges)
}
