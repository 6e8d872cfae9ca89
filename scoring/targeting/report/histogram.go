package report

import (
	"fmt"
	"math"
)

// scores is the histogram of the poor and of the others.
func (b *builder) scores() error {
	l := b.ladder
	if len(l.ranges) < 3 {
		return nil // a single bar says nothing
	}
	from, to := l.ranges[0].at, l.ranges[len(l.ranges)-1].at
	p := &plot{
		title: "Households by score",
		x:     axis{label: b.Score, lo: math.Min(from, to), hi: math.Max(from, to)},
		y:     axis{label: "share of all households for every " + number(b.wide), share: true},
	}
	// A bar is as high as its share for every range of the grid.
	height := func(i int) (poor, others float64) {
		poor, others = l.between(l.ranges[i].rung, l.ranges[i+1].rung)
		n := math.Abs(l.ranges[i+1].at-l.ranges[i].at) / b.wide
		return poor / n, others / n
	}
	tallest, few := 0.0, false
	for i := range len(l.ranges) - 1 {
		if poor, others := height(i); l.safe(l.ranges[i].rung, l.ranges[i+1].rung) {
			tallest = math.Max(tallest, poor+others)
		} else {
			few = true
		}
	}
	if tallest == 0 {
		return nil // everything would be withheld
	}
	p.y.hi = tallest * 1.1
	var rows [][]string
	for i := range len(l.ranges) - 1 {
		x, y := l.ranges[i], l.ranges[i+1]
		x0, x1 := math.Min(x.at, y.at), math.Max(x.at, y.at)
		name := b.rangeName(i)
		if !l.safe(x.rung, y.rung) {
			p.bar("few", x0, x1, 0, tallest*0.03)
			rows = append(rows, []string{name, "few", "few"})
			continue
		}
		poor, others := height(i)
		p.bar(first, x0, x1, 0, poor)
		p.bar(second, x0, x1, poor, poor+others)
		poor, others = l.between(x.rung, y.rung)
		rows = append(rows, []string{name, percent(poor), percent(others)})
	}
	if last := l.ranges[len(l.ranges)-1].rung; last < l.top() {
		poor, others := l.between(last, l.top())
		rows = append(rows, []string{"barred by the card's rules", percent(poor), percent(others)})
	}
	p.rule(math.Max(p.x.lo, math.Min(p.x.hi, b.cutOff)), "selected: "+b.from(b.cutOff))
	key(p, "poor", "not poor")
	p.desc = fmt.Sprintf("Stacked bars of the share of households in each range of the score, poor below and not poor above. Selected are scores %s. The table has the figures.", b.from(b.cutOff))
	say := fmt.Sprintf("A card that targets well puts the poor (full bars) on the side of the selected, and the others (light bars) on the other side. The first and the last range hold all that lies beyond. Ranges with fewer than %d poor households, or fewer than %d others, are joined with their neighbours: such bars are wider and show the mean.", b.Least, b.Least)
	if l.barred {
		say += " Those who are barred have no bar."
	}
	if few {
		say += " Where the cut-off leaves only few on a side, they are marked as few."
	}
	b.add(section{
		ID: "scores", Title: "Scores of the poor and of the others", Say: []string{say},
		Plot: p.svg("scores-plot"), Head: []string{b.Score, "poor", "not poor"}, Rows: rows, After: "Shares are of all households.",
	})
	return nil
}

// rangeName names a range of the histogram, of which the first and the last are
// open.
func (b *builder) rangeName(i int) string {
	l := b.ladder
	needy, other := number(l.ranges[i].at), number(l.ranges[i+1].at)
	more, last := "", i == len(l.ranges)-2
	if last && l.barred && l.ranges[i+1].rung == l.top() {
		more = ", or barred by the card's rules"
	}
	switch low := b.Sample.LowIsNeedier; {
	case low && i == 0:
		return "up to " + other + more
	case low && last:
		return "above " + needy + more
	case low:
		return "above " + needy + " to " + other
	case i == 0:
		return other + " and more" + more
	case last:
		return "below " + needy + more
	}
	return other + " to below " + needy
}

// key explains the two series of bars.
func key(p *plot, one, other string) {
	x, y := width-right-90, top+6.0
	p.add(`<rect class="bar %s" x="%s" y="%s" width="14" height="14"/>`, first, n(x), n(y))
	p.text("name", x+20, y+12, "start", one)
	p.add(`<rect class="bar %s" x="%s" y="%s" width="14" height="14"/>`, second, n(x), n(y+22))
	p.text("name", x+20, y+34, "start", other)
}
