package targeting

import (
	"cmp"
	"crypto/sha256"
	"maps"
	"math"
	"slices"

	"github.com/hubkit/hubkit/scoring"
)

// Select applies the rule to a list. The error is an *InputError.
func (r Rule) Select(list []Applicant) (*Selection, error) {
	hash, err := ListHash(list)
	if err != nil {
		return nil, err
	}
	areas := map[string]*AreaResult{}
	for i := range list {
		a := areas[list[i].Area]
		if a == nil {
			a = &AreaResult{Area: list[i].Area}
			areas[a.Area] = a
		}
		a.Applicants++
	}
	if err := r.check(areas); err != nil {
		return nil, err
	}
	p := newPick(r, hash, list, areas)
	own := map[string][]int32{}
	if len(r.Quotas) > 0 {
		for _, i := range p.order {
			own[list[i].Area] = append(own[list[i].Area], i)
		}
	}
	if r.Lottery.Seed == "" {
		p.blind(own)
		return p.finish(), nil
	}
	for _, q := range r.Quotas {
		p.reserve(own[q.Area], q.Reserved)
	}
	p.open()
	return p.finish(), nil
}

// pick is a selection in the making.
type pick struct {
	*Selection
	list  []Applicant
	order []int32 // the ranking, after the lottery
	areas map[string]*AreaResult
	most  map[string]float64 // of areas that are bounded
	full  map[string]bool
}

func newPick(r Rule, hash string, list []Applicant, areas map[string]*AreaResult) *pick {
	p := &pick{
		Selection: &Selection{Rule: r, ListHash: hash, Fates: make([]Fate, len(list)), Ranks: make([]int, len(list))},
		list:      list, areas: areas, most: map[string]float64{}, full: map[string]bool{},
	}
	draws := r.Lottery.tickets(hash, list)
	var ids []byte
	for i := range list {
		ids = append(append(ids, list[i].ID...), '\n')
	}
	p.who = sha256.Sum256(ids)
	for i := range list {
		if r.Edge == nil || r.compare(scoring.Standing{Points: list[i].Points}, scoring.Standing{Points: *r.Edge}) <= 0 {
			p.order = append(p.order, int32(i))
			p.Fates[i] = Beyond
		}
	}
	slices.SortFunc(p.order, func(i, j int32) int {
		return cmp.Or(r.compare(list[i].Standing, list[j].Standing), draws[i].compare(&draws[j]))
	})
	for rank, i := range p.order {
		p.Ranks[i] = rank + 1
	}
	for _, q := range r.Quotas {
		if q.Most > 0 {
			p.most[q.Area] = q.Most
		}
	}
	return p
}

// over says that a sum is more than a bound, forgiving what adding up costs.
func over(x, bound float64) bool { return x > bound+1e-9*math.Max(1, math.Abs(bound)) }

// level yields the runs of households that have one standing.
func (p *pick) level(order []int32, yield func(run []int32) bool) {
	for len(order) > 0 {
		n := 1
		for n < len(order) && p.Rule.compare(p.list[order[0]].Standing, p.list[order[n]].Standing) == 0 {
			n++
		}
		if !yield(order[:n]) {
			return
		}
		order = order[n:]
	}
}

// fit is how many of a run, the first in the lottery first, can be paid from left.
func (p *pick) fit(run []int32, left float64) int {
	spent := 0.0
	for k, i := range run {
		if spent += p.list[i].cost(); over(spent, left) {
			return k
		}
	}
	return len(run)
}

func (p *pick) take(i int32, f Fate) {
	a := &p.list[i]
	p.Fates[i] = f
	p.Selected++
	p.Spent += a.cost()
	area := p.areas[a.Area]
	area.Selected++
	area.Spent += a.cost()
}

// reserve fills what is reserved for an area from the area's own ranking. Whoever
// is not drawn there competes with all others.
func (p *pick) reserve(own []int32, left float64) {
	p.level(own, func(run []int32) bool {
		n, f := p.fit(run, left), Reserved
		if n < len(run) {
			f = Drawn
		}
		for _, i := range run[:n] {
			p.take(i, f)
			left -= p.list[i].cost()
		}
		return n == len(run)
	})
}

// open goes down the ranking of all with what is left of the budget.
func (p *pick) open() {
	var order []int32
	for _, i := range p.order {
		if !p.Fates[i].In() {
			order = append(order, i)
		}
	}
	done := false
	p.level(order, func(run []int32) bool {
		if done {
			for _, i := range run {
				if p.full[p.list[i].Area] {
					p.Fates[i] = AreaFull
				}
			}
			return true
		}
		run = p.bounded(run)
		left := p.Rule.Budget - p.Spent
		n := p.fit(run, left)
		if n < len(run) {
			done = true
			p.split(run, n, left, Beyond)
		}
		for _, i := range run[:n] {
			if p.Fates[i] != Drawn {
				p.Fates[i] = Chosen
			}
			p.take(i, p.Fates[i])
			st := p.list[i].Standing
			p.CutOff = &st
		}
		return true
	})
}

// split says what becomes of a run of which only the first n can be paid from
// left. Where not one of them could be, whoever came first, the lottery decides
// nothing.
func (p *pick) split(run []int32, n int, left float64, otherwise Fate) {
	lost := otherwise
	if slices.ContainsFunc(run, func(i int32) bool { return !over(p.list[i].cost(), left) }) {
		lost = LotteryOut
	}
	for k, i := range run {
		if k < n {
			p.Fates[i] = Drawn
		} else {
			p.Fates[i] = lost
		}
	}
}

// bounded takes out of a run those whose area has a quota that is spent.
func (p *pick) bounded(run []int32) []int32 {
	if len(p.most) == 0 {
		return run
	}
	of := map[string][]int32{}
	for _, i := range run {
		if area := p.list[i].Area; p.full[area] {
			p.Fates[i] = AreaFull
		} else if p.most[area] > 0 {
			of[area] = append(of[area], i)
		}
	}
	out := map[int32]bool{}
	for area, own := range of {
		left := p.most[area] - p.areas[area].Spent
		n := p.fit(own, left)
		if n < len(own) {
			p.full[area] = true
			p.split(own, n, left, AreaFull)
			for _, i := range own[n:] {
				out[i] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(run), func(i int32) bool { return out[i] || p.Fates[i] == AreaFull })
}

func (p *pick) finish() *Selection {
	for _, i := range p.order { // the last that is in overwrites
		if p.Fates[i].In() {
			st := p.list[i].Standing
			p.areas[p.list[i].Area].CutOff = &st
		}
	}
	if p.CutOff != nil {
		for i := range p.list {
			if p.Rule.compare(p.list[i].Standing, *p.CutOff) == 0 {
				p.Level++
				if p.Fates[i].In() {
					p.LevelIn++
				}
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.areas)) {
		p.Areas = append(p.Areas, *p.areas[name])
	}
	return p.Selection
}

// mostGrants is up to where a float64 knows every whole number.
const mostGrants = 1 << 53

// Shares divides a number of grants, up to 2^53, among areas in proportion to what each has,
// such as its people in need, by the method of largest remainders; areas that are
// level there come in the order of their names. Use it to make Quotas.
func Shares(grants int, of map[string]float64) (map[string]int, error) {
	var all float64
	names := slices.Sorted(maps.Keys(of))
	for i, name := range names {
		x := of[name]
		if !(x >= 0) || math.IsInf(x, 0) {
			return nil, &InputError{Column: "of", Row: i, Say: "what an area has must be a number from 0 on"}
		}
		all += x
	}
	if grants < 0 || grants > mostGrants {
		return nil, whole("grants", "there must be 0 to %d to divide", mostGrants)
	}
	if !(all > 0) || math.IsInf(all, 0) {
		return nil, whole("of", "there is nobody to divide among, or what they have adds up to no number")
	}
	out := map[string]int{}
	rest := map[string]float64{}
	left := grants
	for _, name := range names {
		exact := float64(grants) * (of[name] / all)
		out[name] = int(exact)
		rest[name] = exact - float64(out[name])
		left -= out[name]
	}
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(rest[b], rest[a]) })
	// What rounding did to very large numbers is mended one by one.
	for i := 0; left != 0; i = (i + 1) % len(names) {
		switch name := names[i]; {
		case left > 0 && of[name] > 0:
			out[name]++
			left--
		case left < 0 && out[name] > 0:
			out[name]--
			left++
		}
	}
	return out, nil
}
