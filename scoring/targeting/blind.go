package targeting

import (
	"math"
	"slices"
)

// blind is a selection before the lottery's seed is drawn. Where not all of a run
// of equals can be taken, who is taken is not known, and with costs that differ
// neither is what is spent: so it goes down the ranking with the least and the most
// that may be spent by then. Whoever is in, or out, is so with any seed; all others
// are Undecided.
type blind struct {
	*pick
	spent  span             // by those who are Undecided, beside pick.Spent
	of     map[string]*span // the same, by area
	kept   map[string]span  // what a draw within the reserved of an area spends
	within map[int32]bool   // those that it draws from
	closed map[string]bool  // areas that may be full
	end    ending
}

// span is an amount that is not known: from lo to hi.
type span struct{ lo, hi float64 }

func (s span) plus(t span) span { return span{s.lo + t.lo, s.hi + t.hi} }

// less is what is left of x.
func (s span) less(x float64) span { return span{x - s.hi, x - s.lo} }

// ending says whether the budget is spent: whether anybody further down can be
// selected.
type ending uint8

const (
	goesOn ending = iota
	mayEnd
	ended
)

func (p *pick) blind(own map[string][]int32) {
	b := &blind{pick: p, of: map[string]*span{}, kept: map[string]span{}, within: map[int32]bool{}, closed: map[string]bool{}}
	for area := range p.areas {
		b.of[area] = &span{}
	}
	for _, q := range p.Rule.Quotas {
		b.reserve(q.Area, own[q.Area], q.Reserved)
	}
	var order []int32
	for _, i := range p.order {
		if !p.Fates[i].In() {
			order = append(order, i)
		}
	}
	b.level(order, func(run []int32) bool {
		b.run(run)
		return true
	})
}

// reserve is pick.reserve: a run that does not fit keeps the money of its draw.
func (b *blind) reserve(area string, own []int32, left float64) {
	b.level(own, func(run []int32) bool {
		if b.fit(run, left) == len(run) {
			for _, i := range run {
				b.take(i, Reserved)
				left -= b.list[i].cost()
			}
			return true
		}
		if s := b.draw(run, left); s.hi > 0 {
			b.kept[area] = s
			b.hold(area, s)
			for _, i := range run {
				b.within[i] = true
				b.Fates[i] = Undecided
			}
		}
		return false
	})
}

func (b *blind) hold(area string, s span) {
	b.spent = b.spent.plus(s)
	*b.of[area] = b.of[area].plus(s)
}

// draw is what a draw among a run spends that does not fit into what is left. It
// stops at the first that cannot be paid, so that less than the dearest is over.
func (b *blind) draw(run []int32, left float64) span {
	least, most, all := math.Inf(1), 0.0, 0.0
	for _, i := range run {
		c := b.list[i].cost()
		least, most, all = math.Min(least, c), math.Max(most, c), all+c
	}
	switch {
	case over(least, left):
		return span{}
	case least == most:
		x := float64(b.fit(run, left)) * least
		return span{x, x}
	}
	return span{math.Max(0, left-most), math.Min(left, all)}
}

// need is what households of one area and standing cost that have no grant yet.
func (b *blind) need(area string, own []int32) (s span) {
	drawn := false
	for _, i := range own {
		s = s.plus(span{b.list[i].cost(), b.list[i].cost()})
		drawn = drawn || b.within[i]
	}
	if drawn {
		k := b.kept[area]
		s = span{s.lo - k.hi, s.hi - k.lo}
	}
	return s
}

// payable says whether any of a run could be paid from what is left.
func (b *blind) payable(run []int32, left float64) bool {
	return slices.ContainsFunc(run, func(i int32) bool { return !over(b.list[i].cost(), left) })
}

// mark gives a fate to those who are not within a draw of what is reserved: they may
// have been drawn there.
func (b *blind) mark(run []int32, f Fate) {
	for _, i := range run {
		if !b.within[i] {
			b.Fates[i] = f
		}
	}
}

// run decides about one run of equals in the ranking of all.
func (b *blind) run(run []int32) {
	if b.end == ended {
		for _, i := range run {
			if b.full[b.list[i].Area] {
				b.mark([]int32{i}, AreaFull)
			}
		}
		return
	}
	var names []string
	own := map[string][]int32{}
	for _, i := range run {
		area := b.list[i].Area
		if own[area] == nil {
			names = append(names, area)
		}
		own[area] = append(own[area], i)
	}
	slices.Sort(names) // sums do not hang on the order of the list
	var sure, open []int32
	var need span
	held, all := map[string]span{}, map[string]span{}
	for _, area := range names {
		s, fate := b.bounded(area, own[area])
		switch fate {
		case AreaFull:
			b.mark(own[area], AreaFull)
			continue
		case Undecided:
			open = append(open, own[area]...)
			held[area] = s
		default:
			sure = append(sure, own[area]...)
		}
		need, all[area] = need.plus(s), s
	}
	left := b.spent.plus(span{b.Spent, b.Spent}).less(b.Rule.Budget)
	switch {
	case len(sure)+len(open) == 0:
	case b.end == goesOn && !over(need.hi, left.lo):
		b.choose(sure)
		b.mark(open, Undecided)
		for _, area := range names {
			b.hold(area, held[area])
		}
	case !b.payable(sure, left.hi) && !b.payable(open, left.hi):
		b.mark(sure, Beyond)
		b.mark(open, Beyond)
		if b.end = ended; len(sure) == 0 && need.lo == 0 {
			b.end = mayEnd // the bound of an area may have drawn nobody
		}
	default:
		b.mark(sure, Undecided)
		b.mark(open, Undecided)
		if b.end = mayEnd; over(need.lo, left.hi) {
			b.end = ended
		}
		// From here on everything is under the condition that it went on.
		for _, area := range names {
			b.hold(area, all[area])
		}
		b.spent.hi = math.Min(b.spent.hi, b.Rule.Budget-b.Spent)
	}
}

// choose takes a run of which all can be paid: also those whom a draw within the
// reserved would have left.
func (b *blind) choose(run []int32) {
	for _, i := range run {
		if area := b.list[i].Area; b.within[i] {
			k := b.kept[area]
			b.hold(area, span{-k.lo, -k.hi})
			b.kept[area] = span{}
		}
		b.take(i, Chosen)
		st := b.list[i].Standing
		b.CutOff = &st
	}
}

// bounded says what an area's own bound makes of its households in a run, and what
// they may cost: Chosen if all of them are within the bound, AreaFull if none is.
func (b *blind) bounded(area string, own []int32) (span, Fate) {
	need, most := b.need(area, own), b.most[area]
	if most == 0 {
		return need, Chosen
	}
	spent := b.areas[area].Spent
	left := b.of[area].plus(span{spent, spent}).less(most)
	switch {
	case b.full[area]:
		return span{}, AreaFull
	case !b.closed[area] && !over(need.hi, left.lo):
		return need, Chosen
	case !b.payable(own, left.hi):
		b.full[area] = true
		return span{}, AreaFull
	}
	s := span{0, math.Min(need.hi, left.hi)}
	if !b.closed[area] && left.lo == left.hi && need.lo == need.hi {
		s = b.draw(own, left.hi) // all is known but who is drawn
	}
	b.closed[area] = true
	b.full[area] = over(need.lo, left.hi)
	return s, Undecided
}
