package targeting

import (
	"cmp"
	"math"
	"slices"
)

// Fairness compares groups: whom the cut misses, and whom it reaches wrongly.
// Groups in which somebody could be found again are withheld.
type Fairness struct {
	Total Table // weighted, of everybody
	// Groups that may be shown, in the order of their names.
	Groups []GroupErrors
	// Withheld are the names of the others, and Pooled all of them together;
	// Pooled.Shown is false where even that would tell about few.
	Withheld []string
	Pooled   GroupErrors
	// Least is the smallest number of households that a cell may have.
	Least int
}

// GroupErrors is a group with its two-by-two table.
type GroupErrors struct {
	Group      string
	Shown      bool  // false where it would tell about few
	Households int   // rows of the sample, unweighted
	Table      Table // weighted
}

// DefaultLeast is the smallest cell that is shown if nothing else is said.
const DefaultLeast = 10

// Fairness counts errors within each Group. A group is withheld whole if one of
// its four cells (poor or not, selected or not) has at least one household and
// fewer than least; nought is DefaultLeast, and 1 withholds nothing.
//
// That alone would not do: what is withheld could be found by subtracting the
// groups that are shown from the total. So the next smallest groups are withheld
// too until at least two are, and all of them together have no small cell. Where
// no choice of groups is safe, all are withheld. The total is always shown: do
// not publish it for a sample that is itself so small.
func (s Sample) Fairness(c Cut, least int) (Fairness, error) {
	if least == 0 {
		least = DefaultLeast
	}
	if least < 0 {
		return Fairness{}, whole("least", "a cell cannot have fewer than no households")
	}
	weighted, err := s.ErrorsByGroup(c)
	if err != nil {
		return Fairness{}, err
	}
	heads := s
	heads.Weight = nil
	counts, err := heads.ErrorsByGroup(c)
	if err != nil {
		return Fairness{}, err
	}
	f := Fairness{Least: least}
	var all []GroupErrors
	for g, t := range weighted {
		all = append(all, GroupErrors{Group: g, Households: int(counts[g].All()), Table: t})
		f.Total = f.Total.plus(t)
	}
	// The smallest first, by what is hardest to hide: the smallest cell.
	slices.SortFunc(all, func(a, b GroupErrors) int {
		return cmp.Or(cmp.Compare(counts[a.Group].smallest(), counts[b.Group].smallest()),
			cmp.Compare(a.Households, b.Households), cmp.Compare(a.Group, b.Group))
	})
	hidden := 0
	var pool Table
	hide := func() {
		pool = pool.plus(counts[all[hidden].Group])
		hidden++
	}
	for hidden < len(all) && counts[all[hidden].Group].smallest() < float64(least) {
		hide()
	}
	// One group alone in the pool has a small cell, so that there are two at least.
	for hidden > 0 && hidden < len(all) && pool.smallest() < float64(least) {
		hide()
	}
	for _, g := range all[:hidden] {
		f.Withheld = append(f.Withheld, g.Group)
		f.Pooled.Table = f.Pooled.Table.plus(g.Table)
		f.Pooled.Households += g.Households
	}
	slices.Sort(f.Withheld)
	if f.Pooled.Shown = hidden > 0 && pool.smallest() >= float64(least); !f.Pooled.Shown {
		f.Pooled = GroupErrors{}
	}
	for _, g := range all[hidden:] {
		g.Shown = true
		f.Groups = append(f.Groups, g)
	}
	slices.SortFunc(f.Groups, func(a, b GroupErrors) int { return cmp.Compare(a.Group, b.Group) })
	return f, nil
}

func (t Table) plus(u Table) Table {
	return Table{
		PoorReached: t.PoorReached + u.PoorReached, PoorMissed: t.PoorMissed + u.PoorMissed,
		OthersReached: t.OthersReached + u.OthersReached, OthersRight: t.OthersRight + u.OthersRight,
	}
}

// smallest is the smallest cell in which there is anybody.
func (t Table) smallest() float64 {
	least := math.Inf(1)
	for _, x := range []float64{t.PoorReached, t.PoorMissed, t.OthersReached, t.OthersRight} {
		if x > 0 {
			least = math.Min(least, x)
		}
	}
	return least
}

// Gap is the difference in exclusion error between the group that is missed most
// and the one that is missed least, of the groups that are shown. It needs two
// groups with poor households.
func (f Fairness) Gap() (gap float64, most, least string, err error) {
	high, low := math.Inf(-1), math.Inf(1)
	n := 0
	for _, g := range f.Groups {
		x, err := g.Table.Exclusion()
		if err != nil {
			continue
		}
		n++
		if x > high {
			high, most = x, g.Group
		}
		if x < low {
			low, least = x, g.Group
		}
	}
	if n < 2 {
		return 0, "", "", undefined("the gap between groups", "fewer than two groups with poor households are shown")
	}
	return high - low, most, least, nil
}
