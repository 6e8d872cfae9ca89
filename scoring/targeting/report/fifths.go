package report

import (
	"fmt"
	"math"

	"github.com/hubkit/hubkit/scoring/targeting"
)

// fifths are five parts of the households by welfare, the poorest first, and who of
// them gets a grant: the two kinds of the ladder are those who do and those who do
// not.
type fifths struct {
	targeting.Incidence
	ladder
	edges []edge
}

// poorest is where the poorest 40 % end, which CGH is about.
const poorest = 2

// divide makes the fifths, and joins neighbours where a part would tell of few.
func (b *builder) divide() error {
	in, err := b.Sample.Incidence(b.Cut, 5)
	if err != nil {
		return err
	}
	f := &fifths{Incidence: in, ladder: ladder{kinds: [2][]int{{0}, {0}}, least: b.Least}}
	for i, n := range in.Households {
		f.kinds[0] = append(f.kinds[0], f.kinds[0][i]+in.Reached[i])
		f.kinds[1] = append(f.kinds[1], f.kinds[1][i]+n-in.Reached[i])
	}
	var edges []edge
	for i := range f.top() + 1 {
		edges = append(edges, edge{float64(i), i, i == 0 || i == f.top() || i == poorest && f.safeAt(poorest)})
	}
	f.edges = f.apart(edges)
	b.fifths = f
	return nil
}

// safeAt says whether the parts before a rung, and those after it, may be shown.
func (f *fifths) safeAt(rung int) bool { return f.safe(0, rung) && f.safe(rung, f.top()) }

// name names the parts between two rungs.
func (f *fifths) name(i, j int) string {
	names := [...]string{"poorest", "second", "third", "fourth", "richest"}
	if j == i+1 {
		return names[i] + " fifth"
	}
	return names[i] + " to " + names[j-1] + " fifth"
}

// welfare shows who gets the grants, from the poorest fifth on.
func (b *builder) welfare() error {
	f := b.fifths
	if f == nil {
		return nil
	}
	s := section{ID: "welfare", Title: "Who gets the grants?"}
	if len(f.edges) < 3 {
		s.Say = []string{fmt.Sprintf("Withheld: fifths by welfare have fewer than %s that are selected, or that are not.", households(b.Least))}
		b.add(s)
		return nil
	}
	p := &plot{title: "Who gets the grants", x: axis{label: "share", share: true}}
	var grants, all []float64
	joined := false
	for k, to := range f.edges[1:] {
		i, j := f.edges[k].rung, to.rung
		var x, y float64
		for part := i; part < j; part++ {
			x, y = x+f.Selected[part], y+f.Population[part]
		}
		grants, all = append(grants, x), append(all, y)
		p.names = append(p.names, f.name(i, j))
		p.x.hi = math.Max(p.x.hi, math.Max(x, y))
		joined = joined || j > i+1
	}
	p.x.hi = math.Ceil(p.x.hi*10+0.5) / 10
	for k, name := range p.names {
		y := float64(k)
		p.add(`<rect class="bar s1" x="%s" y="%s" width="%s" height="12"/>`, n(p.px(0)), n(p.py(y)-13), n(p.px(grants[k])-p.px(0)))
		p.add(`<rect class="bar s2" x="%s" y="%s" width="%s" height="9"/>`, n(p.px(0)), n(p.py(y)+1), n(p.px(all[k])-p.px(0)))
		s.Rows = append(s.Rows, []string{name, percent(grants[k]), percent(all[k])})
	}
	last := len(p.names) - 1
	x, y := width-right-150, p.py(float64(last-1))
	p.add(`<rect class="bar s1" x="%s" y="%s" width="14" height="12"/>`, n(x), n(y))
	p.text("name", x+20, y+11, "start", "of the grants")
	p.add(`<rect class="bar s2" x="%s" y="%s" width="14" height="12"/>`, n(x), n(y+22))
	p.text("name", x+20, y+33, "start", "of all households")
	p.desc = fmt.Sprintf("Bars of the share of grants and of households in each part by welfare. The %s gets %s of the grants, the %s %s. The table has the figures.", p.names[0], percent(grants[0]), p.names[last], percent(grants[last]))
	say := "Households in five parts by welfare, the poorest first. A grant is counted once for each selected household, whatever its amount."
	if joined {
		say += fmt.Sprintf(" Fifths of which fewer than %s are selected, or are not, are told together with their neighbours.", households(b.Least))
	}
	s.Say, s.Plot, s.Head = []string{say}, p.svg("welfare-plot"), []string{"part by welfare", "of the grants", "of all households"}
	b.add(s)
	return nil
}
