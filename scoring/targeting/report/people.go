package report

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/hubkit/hubkit/scoring/targeting"
)

// groups shows whom the card misses more often.
func (b *builder) groups() error {
	if b.Sample.Group == nil {
		return nil
	}
	f, err := b.Sample.Fairness(b.Cut, b.Least)
	if err != nil {
		return err
	}
	if len(f.Withheld) > 0 {
		b.view.Withheld = fmt.Sprintf("Groups that are withheld because somebody could be found again: %s.", join(f.Withheld))
	}
	s := section{ID: "groups", Title: "Is any group missed more often?", Head: []string{"group", "households asked", "selected", "exclusion error", "inclusion error"}}
	shown := f.Groups
	if f.Pooled.Shown {
		f.Pooled.Group = "all others together"
		shown = append(shown, f.Pooled)
	}
	if len(shown) == 0 {
		s.Say = []string{"All groups are withheld: each of them, or what is left of the total without it, has fewer households than may be shown."}
		b.add(s)
		return nil
	}
	p := &plot{title: "Exclusion error by group", x: axis{label: "exclusion error: share of the poor of the group who are missed", hi: 1, share: true}}
	for _, g := range shown {
		p.names = append(p.names, g.Group)
		row := []string{g.Group, count(float64(g.Households))}
		for _, rate := range []func() (float64, error){g.Table.Reach, g.Table.Exclusion, g.Table.Inclusion} {
			x, err := rate()
			if err != nil {
				row = append(row, "–")
				continue
			}
			row = append(row, percent(x))
		}
		if in := b.interval(g.Group); in != nil {
			row[3] += fmt.Sprintf(" (%s to %s)", percent(in.Low), percent(in.High))
		}
		s.Rows = append(s.Rows, row)
	}
	for i, g := range shown {
		if in := b.interval(g.Group); in != nil {
			p.span(first, in.Low, in.High, float64(i))
		}
		if x, err := g.Table.Exclusion(); err == nil {
			p.mark(first, x, float64(i))
		}
	}
	if all, err := f.Total.Exclusion(); err == nil {
		p.rule(all, "all: "+percent(all))
	}
	p.desc = "Marks of the exclusion error of each group, with a line at that of all households. The table has the figures."
	say := "A card may be right on average and miss one group. A dash means that nobody of the group is poor, or nobody is selected."
	if b.Intervals != nil {
		say += " Bars show how sure each figure is: where they overlap widely, the sample is too small to tell groups apart."
	}
	s.Say = []string{say}
	if gap, most, least, err := f.Gap(); err == nil {
		s.Say = append(s.Say, fmt.Sprintf("The poor of %s are missed most often and those of %s least often: %.1f points of percentage apart.", most, least, 100*gap))
	}
	s.Plot = p.svg("groups-plot")
	b.add(s)
	return nil
}

func (b *builder) interval(group string) *targeting.Interval {
	if b.Intervals == nil {
		return nil
	}
	return b.Intervals.Groups[group].Exclusion
}

// cards compares cards under one budget.
func (b *builder) cards() error {
	if len(b.Runs) == 0 {
		return nil
	}
	s := section{
		ID: "cards", Title: "Other cards under the same budget",
		Say:  []string{fmt.Sprintf("Each card gives out the same budget by the same rule. Grants lost are those that %s would give and the other card would not.", b.Runs[0].Name)},
		Head: []string{"card", "grants", "exclusion error", "inclusion error", "grants lost", "churn", "tau-b"},
	}
	p := &plot{title: "Errors of the cards", x: axis{label: "exclusion error (round) and inclusion error (square)", hi: 1, share: true}}
	drawn := false
	for i, run := range b.Runs {
		p.names = append(p.names, run.Name)
		row := []string{run.Name, count(float64(run.Selection.Selected)), "–", "–", count(float64(run.Change.Lost)), "–", "–"}
		if x, err := run.Change.Churn(); err == nil {
			row[5] = percent(x)
		}
		if !b.safe(run.Change.Lost) {
			row[4], row[5] = "few", "few"
		}
		if run.Tau != nil {
			row[6] = fmt.Sprintf("%.2f", *run.Tau)
		}
		if run.Table != nil {
			if x, err := run.Table.Exclusion(); err == nil {
				row[2], drawn = percent(x), true
				p.mark(first, x, float64(i))
			}
			if x, err := run.Table.Inclusion(); err == nil {
				row[3] = percent(x)
				p.mark(second, x, float64(i))
			}
		}
		s.Rows = append(s.Rows, row)
	}
	if drawn {
		p.desc = "Round marks of the exclusion error and square marks of the inclusion error of each card. The table has the figures."
		s.Plot = p.svg("cards-plot")
	}
	b.add(s)
	return nil
}

// selection says who is selected under a rule, and how to check it.
func (b *builder) selection() error {
	sel := b.Selection
	if sel == nil {
		return nil
	}
	s := section{ID: "selection", Title: "Who is selected", Head: []string{"area", "applicants", "selected", "share", "spent", "cut-off"}}
	s.Say = append(s.Say, fmt.Sprintf("A budget of %s is given to %s of %s households; %s is spent.",
		number(sel.Rule.Budget), count(float64(sel.Selected)), count(float64(len(sel.Fates))), number(sel.Spent)))
	if sel.CutOff != nil {
		s.Say = append(s.Say, fmt.Sprintf("The last that were taken in the ranking of all have a score of %s; %s of the %s households with just this standing are selected.",
			number(sel.CutOff.Points), count(float64(sel.LevelIn)), count(float64(sel.Level))))
	}
	drawn, out := sel.Count(targeting.Drawn), sel.Count(targeting.LotteryOut)
	switch undecided := sel.Count(targeting.Undecided); {
	case undecided > 0:
		s.Say = append(s.Say, fmt.Sprintf("%s households are level with others of whom not all can be selected: nothing is decided about them before a lottery.", count(float64(undecided))))
	case drawn+out > 0:
		s.Say = append(s.Say, fmt.Sprintf("A lottery decided for %s households and against %s.", count(float64(drawn)), count(float64(out))))
	}
	if n := sel.Count(targeting.Below); n > 0 {
		s.Say = append(s.Say, fmt.Sprintf("%s households are below the score that is needed at all.", count(float64(n))))
	}
	few := b.fewAreas(sel.Areas)
	for _, a := range sel.Areas {
		name := a.Area
		if name == "" {
			name = "(no area)"
		}
		row := []string{name, "few", "few", "–", "–", "–"}
		if !few[a.Area] {
			row = []string{name, count(float64(a.Applicants)), count(float64(a.Selected)), percent(float64(a.Selected) / float64(a.Applicants)), number(a.Spent), "–"}
			if a.CutOff != nil {
				row[5] = number(a.CutOff.Points)
			}
		}
		s.Rows = append(s.Rows, row)
	}
	if drawn+out > 0 {
		s.After = "Anybody who has the list can repeat the lottery. The hash of the list was to be made public before the seed was drawn. The ticket of a household, of which the smaller wins, is:"
		s.Commands = fmt.Sprintf("LISTHASH=%s\nSEED='%s'\nprintf 'hubkit lottery 1\\n%%s\\n%%s\\n%%s\\n' \"$LISTHASH\" \"$SEED\" \"$ID\" | sha256sum", sel.ListHash, strings.ReplaceAll(sel.Rule.Lottery.Seed, "'", `'\''`))
	}
	b.add(s)
	return nil
}

// fewAreas are those that are withheld: with a small cell, and as many of the next
// smallest that none can be found by subtracting the others from all.
func (b *builder) fewAreas(areas []targeting.AreaResult) map[string]bool {
	sorted := slices.Clone(areas)
	smallest := func(a targeting.AreaResult) int {
		least := math.MaxInt
		for _, x := range []int{a.Selected, a.Applicants - a.Selected} {
			if x > 0 {
				least = min(least, x)
			}
		}
		return least
	}
	slices.SortStableFunc(sorted, func(x, y targeting.AreaResult) int { return smallest(x) - smallest(y) })
	few := map[string]bool{} // one alone has a small cell, so that there are two at least
	var pool targeting.AreaResult
	for _, a := range sorted {
		if smallest(a) >= b.Least && (len(few) == 0 || smallest(pool) >= b.Least) {
			break
		}
		few[a.Area] = true
		pool.Applicants += a.Applicants
		pool.Selected += a.Selected
	}
	return few
}

// design says what the way of sampling costs.
func (b *builder) design() error {
	s := &b.Sample
	if s.Weight != nil {
		x, err := targeting.KishEffect(s.Weight)
		if err != nil {
			return err
		}
		b.view.Design = append(b.view.Design, fmt.Sprintf("Unequal weights have a design effect of %.2f (Kish): the sample of %s households is worth one of %s with equal weights.",
			x, count(float64(len(s.Score))), count(float64(len(s.Score))/x)))
	}
	if s.Cluster == nil && s.Stratum == nil {
		return nil
	}
	e, err := s.Design(b.Cut)
	var undefined *targeting.UndefinedError
	switch {
	case errors.As(err, &undefined):
		return nil // everybody of a kind is treated alike: there is no doubt to divide
	case err != nil:
		return err
	}
	b.view.Design = append(b.view.Design, fmt.Sprintf("%s clusters in %s strata were drawn. By Taylor linearisation, with the cut-off taken as fixed, the exclusion error has a standard error of %.1f points of percentage (design effect %.2f) and the inclusion error one of %.1f (%.2f), with %d degrees of freedom.",
		count(float64(e.Exclusion.Clusters)), count(float64(e.Exclusion.Strata)), 100*e.Exclusion.StdErr, e.Exclusion.DesignEffect, 100*e.Inclusion.StdErr, e.Inclusion.DesignEffect, e.Exclusion.Freedom))
	return nil
}
