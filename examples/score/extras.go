package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/hubkit/hubkit/scoring"
	"github.com/hubkit/hubkit/scoring/targeting"
	"github.com/hubkit/hubkit/scoring/targeting/report"
)

// extras are the export and the report, if they are asked for.
type extras struct {
	*options
	card     *scoring.Card
	outcomes *outcomes
	export   *export
	ballot   *ballot
	unjoined int // households without outcomes
	unknown  int // households without what the report needs
	sample   targeting.Sample
	names    map[string]string // one copy of each group
}

func (o *options) extras(card *scoring.Card, columns map[string]bool) (*extras, error) {
	e := &extras{options: o, card: card, names: map[string]string{}}
	if o.join != "" {
		var err error
		if e.outcomes, err = readOutcomes(o.join, o.id); err != nil {
			return nil, err
		}
	}
	if o.budget > 0 {
		var err error
		if e.ballot, err = newBallot(o, card); err != nil {
			return nil, err
		}
	}
	if o.report != "" || o.budget > 0 {
		for _, c := range []string{o.poor, o.welfare, o.weight, o.group, o.cluster, o.strata, o.area, o.cost} {
			if c == "" || columns == nil || columns[c] {
				continue
			}
			if _, ok := e.outcomes.cell("", c); !ok {
				return nil, fmt.Errorf("no table has a column %s", c)
			}
		}
	}
	if o.export != "" {
		key, err := readKey(o.key)
		if err != nil {
			return nil, err
		}
		if e.export, err = newExport(o.export, key, e.outcomes); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// cell is what a column says of a household; ok says whether there is the column.
func (o *outcomes) cell(id, column string) (cell string, ok bool) {
	if o == nil {
		return "", false
	}
	i, ok := o.place[column]
	if !ok {
		return "", false
	}
	if row := o.rows[id]; row != nil {
		return row[i], true
	}
	return "", true
}

// add takes in a household that has a score.
func (e *extras) add(h *household, r *result) error {
	if e.outcomes != nil {
		if row := e.outcomes.rows[r.id]; row == nil {
			e.unjoined++
		} else {
			e.outcomes.used++
			if e.export != nil {
				if err := e.export.add(e.card.Name(), r, row); err != nil {
					return err
				}
			}
		}
	}
	cell := func(column string) (string, bool) { return e.cell(h, r, column) }
	if e.ballot != nil {
		if err := e.ballot.add(r, cell); err != nil {
			return err
		}
	}
	if e.report == "" {
		return nil
	}
	return e.collect(h, r, cell)
}

// cell is what the table, or else the outcomes, say of a household; ok says
// whether that is known.
func (e *extras) cell(h *household, r *result, column string) (cell string, ok bool) {
	s, ok := h.cells(column)
	if !ok {
		s, _ = e.outcomes.cell(r.id, column)
	}
	if _, is := e.codes.state(column, s); is {
		return "", false
	}
	return s, true
}

// collect adds a household to the report's sample.
func (e *extras) collect(h *household, r *result, cell func(string) (string, bool)) error {
	number := func(column string) (float64, bool, error) {
		s, ok := cell(column)
		if !ok {
			return 0, false, nil
		}
		x, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return 0, false, &cellError{h.line, column, "the report needs a number"}
		}
		return x, true, nil
	}
	s, known := &e.sample, true
	var poor bool
	var nums [2]float64
	switch c, ok := cell(e.poor); {
	case !ok:
		known = false
	default:
		var err error
		if poor, err = isPoor(c); err != nil {
			return &cellError{h.line, e.poor, err.Error()}
		}
	}
	for i, c := range []string{e.welfare, e.weight} {
		if c == "" {
			continue
		}
		x, ok, err := number(c)
		if err != nil {
			return err
		}
		nums[i], known = x, known && ok
	}
	if !known {
		e.unknown++
		return nil
	}
	s.Score, s.Poor = append(s.Score, r.score.Points), append(s.Poor, poor)
	s.Barred = append(s.Barred, barred(r))
	if e.welfare != "" {
		s.Welfare = append(s.Welfare, nums[0])
	}
	if e.weight != "" {
		s.Weight = append(s.Weight, nums[1])
	}
	for _, x := range []struct {
		column string
		to     *[]string
	}{{e.group, &s.Group}, {e.cluster, &s.Cluster}, {e.strata, &s.Stratum}} {
		if x.column == "" {
			continue
		}
		name, ok := cell(x.column)
		if !ok {
			name = "(not known)"
		}
		if _, ok := e.names[name]; !ok {
			name = strings.Clone(name)
			e.names[name] = name
		}
		*x.to = append(*x.to, e.names[name])
	}
	return nil
}

// abandon takes away an export that is not whole: half a table reads like a whole
// one.
func (e *extras) abandon() {
	if e.export != nil {
		_ = e.export.file.Close()
		_ = os.Remove(e.options.export)
	}
}

// finish ends the export and writes the report.
func (e *extras) finish(ctx context.Context, say io.Writer) error {
	if e.outcomes != nil && !e.quiet {
		fmt.Fprintf(say, "%d households joined, %d have no outcomes, %d outcomes have no score\n", e.outcomes.used, e.unjoined, len(e.outcomes.rows)-e.outcomes.used)
	}
	if e.export != nil {
		e.export.warn(say, e.least)
		if err := e.export.close(); err != nil {
			return err
		}
	}
	var runs []targeting.Run
	if e.ballot != nil {
		var err error
		if runs, err = e.ballot.finish(say, e.quiet); err != nil {
			return err
		}
	}
	if e.report == "" {
		return nil
	}
	s := e.sample
	s.LowIsNeedier = e.low
	cut := targeting.TopShare(e.share)
	switch {
	case e.top != 0:
		cut = targeting.Top(e.top)
	case e.atGiven:
		cut = targeting.At(e.at)
	}
	page := report.Report{
		Title: e.title, Card: e.card.Name(), Hash: e.card.HashString(), Sample: s, Cut: cut, Least: e.least,
		Data: fmt.Sprintf("%d households that have a score and are known to be poor or not.", len(s.Score)),
	}
	if len(runs) > 0 {
		page.Selection = runs[0].Selection
	}
	if len(runs) > 1 {
		page.Runs = runs
	}
	if e.unknown > 0 {
		page.Notes = append(page.Notes, fmt.Sprintf("%d more households have a score and are left out, because the survey does not say whether they are poor, their welfare or their weight.", e.unknown))
	}
	if e.samples > 0 {
		in, err := targeting.Bootstrap{Samples: e.samples, Seed: e.seed}.Run(ctx, s, cut)
		var undefined *targeting.UndefinedError
		switch {
		case errors.As(err, &undefined):
			page.Notes = append(page.Notes, "There are no intervals: "+undefined.Say+".")
		case err != nil:
			return err
		default:
			page.Intervals = &in
		}
	}
	f, err := os.OpenFile(e.report, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	return errors.Join(page.Write(f), f.Close())
}
