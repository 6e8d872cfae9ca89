package report

import (
	"fmt"
	"math"
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
	if b.Sample.Welfare != nil {
		x, err := b.Sample.CGH(b.Cut)
		if err != nil {
			return err
		}
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

// bin is a range of scores with its share of all households.
type bin struct {
	poor, others   float64
	nPoor, nOthers int
}

// bins divides the scores into about two dozen ranges, of which one begins at the
// cut-off (ends there, where low is needier). Ranges at both ends that would have
// to be withheld are one with their neighbours.
func (b *builder) bins() (start, wide float64, bins []bin) {
	const most = 24
	s := &b.Sample
	lo, hi := slices.Min(s.Score), slices.Max(s.Score)
	wide = (hi - lo) / most
	if t := ticks(lo, hi, most); len(t) > 1 {
		wide = t[1] - t[0]
	}
	place := func(x float64) int {
		if s.LowIsNeedier {
			return int(math.Ceil((x-start)/wide-1e-9)) - 1
		}
		return int(math.Floor((x-start)/wide + 1e-9))
	}
	start = b.cutOff + math.Floor((lo-b.cutOff)/wide-1e-9)*wide
	if start+wide <= lo && !s.LowIsNeedier {
		start += wide
	}
	bins = make([]bin, max(place(hi), 0)+1)
	var all float64
	for i, x := range s.Score {
		w := 1.0
		if s.Weight != nil {
			w = s.Weight[i]
		}
		all += w
		if s.Barred != nil && s.Barred[i] {
			continue // on neither side of the cut-off
		}
		k := &bins[max(0, min(place(x), len(bins)-1))]
		if s.Poor[i] {
			k.poor += w
			k.nPoor++
		} else {
			k.others += w
			k.nOthers++
		}
	}
	for i := range bins {
		k := &bins[i]
		k.poor /= all
		k.others /= all
	}
	for len(bins) > 2 && !b.shows(bins[0]) && start+wide*1.5 < b.cutOff {
		bins[1] = bins[1].plus(bins[0])
		bins, start = bins[1:], start+wide
	}
	for end := len(bins) - 1; end > 1 && !b.shows(bins[end]) && start+wide*(float64(end)-0.5) > b.cutOff; end-- {
		bins[end-1] = bins[end-1].plus(bins[end])
		bins = bins[:end]
	}
	return start, wide, bins
}

func (k bin) plus(l bin) bin {
	return bin{k.poor + l.poor, k.others + l.others, k.nPoor + l.nPoor, k.nOthers + l.nOthers}
}

func (b *builder) shows(k bin) bool { return b.safe(k.nPoor) && b.safe(k.nOthers) }

// scores is the histogram of the poor and of the others.
func (b *builder) scores() error {
	s := &b.Sample
	if lo, hi := slices.Min(s.Score), slices.Max(s.Score); lo == hi || math.Abs(b.cutOff-lo) > 10*(hi-lo) {
		return nil // a single bar, or a cut far away, says nothing
	}
	start, wide, bins := b.bins()
	tallest, few := 0.0, false
	for _, k := range bins {
		if b.shows(k) {
			tallest = math.Max(tallest, k.poor+k.others)
		}
	}
	if tallest == 0 {
		return nil // everything would be withheld
	}
	p := &plot{
		title: "Households by score",
		x:     axis{label: b.Score, lo: start, hi: start + float64(len(bins))*wide},
		y:     axis{label: "share of all households", hi: tallest * 1.1, share: true},
	}
	var rows [][]string
	for i, k := range bins {
		x0 := start + float64(i)*wide
		name := fmt.Sprintf("%s to below %s", number(x0), number(x0+wide))
		if s.LowIsNeedier {
			name = fmt.Sprintf("above %s to %s", number(x0), number(x0+wide))
		}
		switch i {
		case 0:
			name = strings.TrimPrefix(strings.TrimPrefix(name, number(x0)+" to "), "above "+number(x0)+" ")
		case len(bins) - 1:
			name = number(x0) + " and more"
			if s.LowIsNeedier {
				name = "above " + number(x0)
			}
		}
		if !b.shows(k) {
			few = true
			p.bar("few", x0, x0+wide, 0, tallest*0.03)
			rows = append(rows, []string{name, "few", "few"})
			continue
		}
		p.bar(first, x0, x0+wide, 0, k.poor)
		p.bar(second, x0, x0+wide, k.poor, k.poor+k.others)
		rows = append(rows, []string{name, percent(k.poor), percent(k.others)})
	}
	p.rule(math.Max(p.x.lo, math.Min(p.x.hi, b.cutOff)), "selected: "+b.from(b.cutOff))
	key(p, "poor", "not poor")
	p.desc = fmt.Sprintf("Stacked bars of the share of households in each range of the score, poor below and not poor above. Selected are scores %s. The table has the figures.", b.from(b.cutOff))
	say := "A card that targets well puts the poor (full bars) on the side of the selected, and the others (light bars) on the other side. The first and the last range hold all that lies beyond."
	if b.view.Barred != "" {
		say += " Those who are barred are not in it."
	}
	if few {
		say += fmt.Sprintf(" Ranges with fewer than %d poor households, or fewer than %d others, are marked as few.", b.Least, b.Least)
	}
	b.add(section{
		ID: "scores", Title: "Scores of the poor and of the others", Say: []string{say},
		Plot: p.svg("scores-plot"), Head: []string{b.Score, "poor", "not poor"}, Rows: rows, After: "Shares are of all households.",
	})
	return nil
}

// key explains the two series of bars.
func key(p *plot, one, other string) {
	x, y := width-right-90, top+6.0
	p.add(`<rect class="bar %s" x="%s" y="%s" width="14" height="14"/>`, first, n(x), n(y))
	p.text("name", x+20, y+12, "start", one)
	p.add(`<rect class="bar %s" x="%s" y="%s" width="14" height="14"/>`, second, n(x), n(y+22))
	p.text("name", x+20, y+34, "start", other)
}

// shown are points for a table: spread out, with the cut among them, and without
// small cells.
func (b *builder) shown(most int) (rows targeting.Curve) {
	heads := b.Sample
	heads.Weight = nil
	counts, err := heads.Curve()
	if err != nil {
		return nil
	}
	byCut := map[float64]targeting.Table{}
	for _, p := range counts {
		byCut[p.CutOff] = p.Table
	}
	thin := b.curve.Thin(most)
	for _, p := range b.curve {
		if p.CutOff == b.cutOff && !slices.ContainsFunc(thin, func(q targeting.Point) bool { return q.CutOff == p.CutOff }) {
			thin = append(thin, p)
		}
	}
	slices.SortFunc(thin, func(p, q targeting.Point) int { return int(math.Copysign(1, p.Reach-q.Reach)) })
	for _, p := range thin {
		t := byCut[p.CutOff]
		ok := true
		for _, x := range []float64{t.PoorReached, t.PoorMissed, t.OthersReached, t.OthersRight} {
			ok = ok && b.safe(int(x))
		}
		if ok {
			rows = append(rows, p)
		}
	}
	return rows
}

// thresholds shows what every cut-off would do.
func (b *builder) thresholds() error {
	p := &plot{
		title: "Errors by how many are selected",
		x:     axis{label: "share of all households selected", hi: 1, share: true},
		y:     axis{label: "error", hi: 1, share: true},
	}
	var missed, wrong []point
	for _, q := range b.drawn() {
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
	for _, q := range b.shown(12) {
		x, err := q.Exclusion()
		if err != nil {
			return err
		}
		y := "–"
		if in, err := q.Inclusion(); err == nil {
			y = percent(in)
		}
		name := b.from(q.CutOff)
		if q.CutOff == b.cutOff {
			name += " (this cut)"
		}
		rows = append(rows, []string{name, percent(q.Reach), percent(x), y})
	}
	b.add(section{
		ID: "thresholds", Title: "Which cut-off?",
		Say:  []string{"Fewer grants miss more of the poor; more grants reach more who are not poor. Moving the cut-off trades one error for the other: only a better card lowers both."},
		Plot: p.svg("thresholds-plot"), Head: []string{"selected: " + b.Score, "selected", "exclusion error", "inclusion error"}, Rows: rows,
	})
	return nil
}

// drawn are the points of the curves in plots: without the first, which hang on few
// households.
func (b *builder) drawn() (points targeting.Curve) {
	enough := float64(b.Least) / float64(len(b.Sample.Score))
	for _, q := range b.curve.Thin(200) {
		if q.Reach >= enough {
			points = append(points, q)
		}
	}
	return points
}

// roc shows how well scores tell the poor apart.
func (b *builder) roc() error {
	p := &plot{
		title: "ROC curve",
		x:     axis{label: "share of those who are not poor who are selected", hi: 1, share: true},
		y:     axis{label: "share of the poor who are selected", hi: 1, share: true},
	}
	points := []point{{0, 0}}
	for _, q := range b.drawn() {
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
	for _, q := range b.shown(10) {
		x, err := q.FalsePositives()
		if err != nil {
			return err
		}
		y, err := q.Sensitivity()
		if err != nil {
			return err
		}
		name := b.from(q.CutOff)
		if q.CutOff == b.cutOff {
			name += " (this cut)"
		}
		rows = append(rows, []string{name, percent(x), percent(y)})
	}
	b.add(section{
		ID: "roc", Title: "Does the score tell the poor apart?",
		Say:  []string{fmt.Sprintf("Of a poor household and one that is not, the poor one has the needier score in %.0f of 100 cases, ties counted as one half (AUC %.3f).", 100*b.curve.AUC(), b.curve.AUC())},
		Plot: p.svg("roc-plot"), Head: []string{"selected: " + b.Score, "of the not poor", "of the poor"}, Rows: rows,
	})
	return nil
}

// welfare shows who gets the grants, from the poorest fifth on.
func (b *builder) welfare() error {
	if b.Sample.Welfare == nil {
		return nil
	}
	in, err := b.Sample.Incidence(b.Cut, 5)
	if err != nil {
		return err
	}
	p := &plot{
		title: "Who gets the grants",
		x:     axis{label: "share", hi: math.Ceil(slices.Max(slices.Concat(in.Population, in.Selected))*10+0.5) / 10, share: true},
		names: []string{"poorest fifth", "second fifth", "third fifth", "fourth fifth", "richest fifth"},
	}
	var rows [][]string
	for i, name := range p.names {
		p.add(`<rect class="bar s1" x="%s" y="%s" width="%s" height="12"/>`, n(p.px(0)), n(p.py(float64(i))-13), n(p.px(in.Selected[i])-p.px(0)))
		p.add(`<rect class="bar s2" x="%s" y="%s" width="%s" height="9"/>`, n(p.px(0)), n(p.py(float64(i))+1), n(p.px(in.Population[i])-p.px(0)))
		rows = append(rows, []string{name, percent(in.Selected[i]), percent(in.Population[i])})
	}
	x := width - right - 150
	p.add(`<rect class="bar s1" x="%s" y="%s" width="14" height="12"/>`, n(x), n(p.py(3)))
	p.text("name", x+20, p.py(3)+11, "start", "of the grants")
	p.add(`<rect class="bar s2" x="%s" y="%s" width="14" height="12"/>`, n(x), n(p.py(3)+22))
	p.text("name", x+20, p.py(3)+33, "start", "of all households")
	p.desc = fmt.Sprintf("Bars of the share of grants and of households in each fifth by welfare. The poorest fifth gets %s of the grants, the richest %s. The table has the figures.", percent(in.Selected[0]), percent(in.Selected[4]))
	b.add(section{
		ID: "welfare", Title: "Who gets the grants?",
		Say:  []string{"Households in five parts by welfare, the poorest first. A grant is counted once for each selected household, whatever its amount."},
		Plot: p.svg("welfare-plot"), Head: []string{"part by welfare", "of the grants", "of all households"}, Rows: rows,
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
