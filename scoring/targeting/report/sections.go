package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/hubkit/hubkit/scoring/targeting"
)

// builder fills a view, part by part.
type builder struct {
	Report
	view   *view
	curve  targeting.Curve
	table  targeting.Table
	cutOff float64
	ladder *scoreLadder
	fifths *fifths // nil without Welfare
	wide   float64 // of a range of the histogram
}

func (b *builder) add(s section) { b.view.Sections = append(b.view.Sections, s) }

// safe says whether households can be shown as a cell.
func (b *builder) safe(n int) bool { return n == 0 || n >= b.Least }

// glance has the figures that a meeting begins with.
func (b *builder) glance() (err error) {
	if b.cutOff, err = b.Sample.CutOff(b.Cut); err != nil {
		return err
	}
	if b.table, err = b.Sample.Errors(b.Cut); err != nil {
		return err
	}
	if b.curve, err = b.Sample.Curve(); err != nil {
		return err
	}
	if err = b.climb(); err != nil {
		return err
	}
	reach, err := b.table.Reach()
	if err != nil {
		return err
	}
	missed, err := b.table.Exclusion()
	if err != nil {
		return err
	}
	wrong, err := b.table.Inclusion()
	if err != nil {
		return err
	}
	b.view.Barred = b.barred()
	in := b.Intervals
	doubt := func(x *targeting.Interval, write func(float64) string) string {
		if x == nil {
			return ""
		}
		return fmt.Sprintf("%s to %s", write(x.Low), write(x.High))
	}
	decimals := func(x float64) string { return fmt.Sprintf("%.2f", x) }
	var exclusion, inclusion, auc, cgh *targeting.Interval
	if in != nil {
		exclusion, inclusion, auc, cgh = &in.Exclusion, &in.Inclusion, &in.AUC, in.CGH
	}
	b.view.Tiles = []tile{
		{"Selected", percent(reach), "", "of all households: " + b.Score + " " + b.from(b.cutOff)},
		{"Exclusion error", percent(missed), doubt(exclusion, percent), fmt.Sprintf("of 100 poor households, %.0f get nothing", 100*missed)},
		{"Inclusion error", percent(wrong), doubt(inclusion, percent), fmt.Sprintf("of 100 grants, %.0f go to households that are not poor", 100*wrong)},
		{"AUC", decimals(b.curve.AUC()), doubt(auc, decimals), "0.5 is a coin, 1 tells the poor apart without fail"},
	}
	if b.Sample.Welfare == nil {
		return nil
	}
	if err := b.divide(); err != nil {
		return err
	}
	x, err := b.Sample.CGH(b.Cut)
	switch {
	case err != nil:
		return err
	case !b.fifths.safeAt(poorest):
		b.view.Tiles = append(b.view.Tiles, tile{"CGH", "–", "", "CGH is withheld: fewer than " + households(b.Least) + " of the poorest 40%, or of the others, are selected or are not"})
	default:
		b.view.Tiles = append(b.view.Tiles, tile{"CGH", decimals(x), doubt(cgh, decimals), "1 is what a lottery among all would do; more reaches the poorest 40% more often"})
	}
	return nil
}

// barred says how many the card's rules bar, who are among the missed if they are
// poor.
func (b *builder) barred() string {
	n := 0
	for _, is := range b.Sample.Barred {
		if is {
			n++
		}
	}
	number := households(n)
	switch {
	case n == 0:
		return ""
	case !b.safe(n):
		number = fmt.Sprintf("Fewer than %s", households(b.Least))
	}
	return number + " of the sample are barred by the card's own rules: whatever the score, no cut-off selects them. The poor among them count as missed."
}

// households writes how many there are.
func households(n int) string {
	if n == 1 {
		return "1 household"
	}
	return count(float64(n)) + " households"
}

// drawn are the points of curves that may be shown, at most so many.
func (b *builder) drawn(most int) (points targeting.Curve) {
	for _, e := range b.ladder.points {
		points = append(points, b.curve[e.rung-1])
	}
	return points.Thin(most)
}

// shown are points for a table: spread out, with the cut among them. Its name says
// which it is.
func (b *builder) shown(most int) (rows targeting.Curve, name func(targeting.Point) string) {
	rows = b.drawn(most)
	at := b.rung(b.cutOff, 0)
	if at > 0 {
		here := b.curve[at-1]
		if !slices.ContainsFunc(rows, func(q targeting.Point) bool { return q.CutOff == here.CutOff }) {
			rows = append(rows, here)
			slices.SortFunc(rows, func(p, q targeting.Point) int { return cmp.Compare(p.Reach, q.Reach) })
		}
		return rows, func(p targeting.Point) string {
			if p.CutOff == here.CutOff {
				return b.from(b.cutOff) + " (this cut)"
			}
			return b.from(p.CutOff)
		}
	}
	return rows, func(p targeting.Point) string { return b.from(p.CutOff) }
}

// thresholds shows what every cut-off would do.
func (b *builder) thresholds() error {
	p := &plot{
		title: "Errors by how many are selected",
		x:     axis{label: "share of all households selected", hi: 1, share: true},
		y:     axis{label: "error", hi: 1, share: true},
	}
	var missed, wrong []point
	for _, q := range b.drawn(200) {
		e, err := q.Exclusion()
		if err != nil {
			return err
		}
		missed = append(missed, point{q.Reach, e})
		if i, err := q.Inclusion(); err == nil {
			wrong = append(wrong, point{q.Reach, i})
		}
	}
	p.line(first, missed)
	p.line(second, wrong)
	p.beside(first, "exclusion error", missed, 0.05, 12, -4, "start")
	p.beside(second, "inclusion error", wrong, 0.82, 0, 24, "middle")
	reach, err := b.table.Reach()
	if err != nil {
		return err
	}
	e, err := b.table.Exclusion()
	if err != nil {
		return err
	}
	i, err := b.table.Inclusion()
	if err != nil {
		return err
	}
	p.rule(reach, "here: "+percent(reach))
	p.mark(first, reach, e)
	p.mark(second, reach, i)
	p.desc = fmt.Sprintf("Exclusion error falls and inclusion error rises as more households are selected. At %s selected they are %s and %s. The table has the figures.", percent(reach), percent(e), percent(i))
	var rows [][]string
	points, name := b.shown(12)
	for _, q := range points {
		x, err := q.Exclusion()
		if err != nil {
			return err
		}
		y := "–"
		if in, err := q.Inclusion(); err == nil {
			y = percent(in)
		}
		rows = append(rows, []string{name(q), percent(q.Reach), percent(x), y})
	}
	b.add(section{
		ID: "thresholds", Title: "Which cut-off?",
		Say:  []string{"Fewer grants miss more of the poor; more grants reach more who are not poor. Moving the cut-off trades one error for the other: only a better card lowers both."},
		Plot: p.svg("thresholds-plot"), Head: []string{"selected: " + b.Score, "selected", "exclusion error", "inclusion error"}, Rows: rows,
	})
	return nil
}

// roc shows how well scores tell the poor apart.
func (b *builder) roc() error {
	p := &plot{
		title: "ROC curve",
		x:     axis{label: "share of those who are not poor who are selected", hi: 1, share: true},
		y:     axis{label: "share of the poor who are selected", hi: 1, share: true},
	}
	points := []point{{0, 0}}
	for _, q := range b.drawn(200) {
		x, err := q.FalsePositives()
		if err != nil {
			return err
		}
		y, err := q.Sensitivity()
		if err != nil {
			return err
		}
		points = append(points, point{x, y})
	}
	coin := []point{{0, 0}, {0.7, 0.7}, {1, 1}}
	p.line("chance", coin)
	p.line(first, points)
	p.beside("chance", "a coin", coin, 0.7, 14, 12, "start")
	p.beside(first, "this card", points, 0.45, 12, 24, "start")
	x, err := b.table.FalsePositives()
	if err != nil {
		return err
	}
	y, err := b.table.Sensitivity()
	if err != nil {
		return err
	}
	p.mark(first, x, y)
	p.desc = fmt.Sprintf("The curve of the card lies above the diagonal of a coin; the area under it is %.2f. This cut selects %s of the poor and %s of the others. The table has the figures.", b.curve.AUC(), percent(y), percent(x))
	var rows [][]string
	table, name := b.shown(10)
	for _, q := range table {
		x, err := q.FalsePositives()
		if err != nil {
			return err
		}
		y, err := q.Sensitivity()
		if err != nil {
			return err
		}
		rows = append(rows, []string{name(q), percent(x), percent(y)})
	}
	b.add(section{
		ID: "roc", Title: "Does the score tell the poor apart?",
		Say:  []string{fmt.Sprintf("Of a poor household and one that is not, the poor one has the needier score in %.0f of 100 cases, ties counted as one half (AUC %.3f).", 100*b.curve.AUC(), b.curve.AUC())},
		Plot: p.svg("roc-plot"), Head: []string{"selected: " + b.Score, "of the not poor", "of the poor"}, Rows: rows,
	})
	return nil
}

// join writes names as a list.
func join(names []string) string {
	if len(names) > 12 {
		return strings.Join(names[:12], ", ") + fmt.Sprintf(" and %d more", len(names)-12)
	}
	return strings.Join(names, ", ")
}
