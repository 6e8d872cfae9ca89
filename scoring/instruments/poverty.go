package instruments

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/hubkit/hubkit/registration"
)

// Ages says who depends on others: those up to Young and those from Old on.
type Ages struct{ Young, Old int }

// The ages that are in use. Which agency uses which is commonly reported and not
// confirmed.
var (
	agesUN  = Ages{14, 65}
	agesWFP = Ages{17, 60}
)

// UNAges are 0 to 14 and 65 and older.
func UNAges() Ages { return agesUN }

// WFPAges are 0 to 17 and 60 and older, as WFP and UNHCR count.
func WFPAges() Ages { return agesWFP }

// Dependants is how many members depend on others, by age.
func (a Ages) Dependants(members registration.RosterPart, age registration.IntegerQuestion) registration.Number {
	return members.Count(registration.Any(age.AtMost(a.Young), age.AtLeast(a.Old)))
}

// DependencyRatio is dependants for each member of working age. In a household
// without anybody of working age it counts as if there were one, so that the
// ratio is the number of dependants; the published definitions leave this open.
func (a Ages) DependencyRatio(members registration.RosterPart, age registration.IntegerQuestion) registration.Number {
	able := members.Count(registration.All(age.AtLeast(a.Young+1), age.AtMost(a.Old-1)))
	return a.Dependants(members, age).Over(registration.Largest(able, registration.Constant(1)))
}

// Poverty holds the measures of Alkire and Foster (Journal of Public Economics
// 95, 2011).
type Poverty struct {
	H  float64 // the share of people who are poor
	A  float64 // the mean share of deprivations among the poor; 0 if nobody is
	M0 float64 // H times A
	// By indicator: the share of people who are poor and deprived in it, and the
	// part of M0 that it makes up.
	Censored, Contribution []float64
}

// AlkireFoster counts people: deprived says, for each, in which indicators; the
// weights of the indicators are divided by their sum; a person whose weighted
// share of deprivations is at least k is poor. people weighs the persons (a
// survey's weights, times the household's size); nil weighs all alike.
func AlkireFoster(deprived [][]bool, weights []float64, k float64, people []float64) (Poverty, error) {
	if len(weights) == 0 {
		return Poverty{}, errors.New("instruments: there are no weights: give each indicator one")
	}
	var sum float64
	for _, w := range weights {
		if !(w > 0) || math.IsInf(w, 0) {
			return Poverty{}, errors.New("instruments: the weight of an indicator must be a number above 0")
		}
		sum += w
	}
	if !(k > 0 && k <= 1) || len(deprived) == 0 || people != nil && len(people) != len(deprived) {
		return Poverty{}, errors.New("instruments: the cut-off must be above 0 and at most 1, and there must be people, each with a weight if any has")
	}
	if math.IsInf(sum, 0) {
		return Poverty{}, errors.New("instruments: the weights of the indicators together are too large for a number")
	}
	p := Poverty{Censored: make([]float64, len(weights)), Contribution: make([]float64, len(weights))}
	var all, poor, intensity float64
	for i, row := range deprived {
		if len(row) != len(weights) {
			return Poverty{}, fmt.Errorf("instruments: person %d has %d indicators, and there are weights for %d", i+1, len(row), len(weights))
		}
		w := 1.0
		if people != nil {
			if w = people[i]; !(w >= 0) || math.IsInf(w, 0) {
				return Poverty{}, fmt.Errorf("instruments: the weight of person %d is no number from 0 on", i+1)
			}
		}
		var c float64
		for j, d := range row {
			if d {
				c += weights[j]
			}
		}
		all += w
		if c /= sum; c > 0 && c >= k-1e-12 { // thirds are not exact
			poor += w
			intensity += w * c
			for j, d := range row {
				if d {
					p.Censored[j] += w
				}
			}
		}
	}
	if all == 0 || math.IsInf(all, 0) {
		return Poverty{}, errors.New("instruments: the weights of all people are 0, or together too large for a number")
	}
	p.H = poor / all
	if poor > 0 {
		p.A = intensity / poor
	}
	p.M0 = p.H * p.A
	for j := range weights {
		p.Censored[j] /= all
		if p.M0 > 0 {
			p.Contribution[j] = weights[j] / sum * p.Censored[j] / p.M0
		}
	}
	return p, nil
}

// PPI is a conversion table of the Poverty Probability Index: from a score of 0
// to 100 to the likelihood, in percent, of living below each poverty line. The
// tables belong to their publishers: bring your own.
type PPI struct {
	Lines []string
	rows  map[int][]float64 // NaN where a cell is empty
}

// TableProblem is something in a conversion table that its user must know.
type TableProblem struct {
	Line  int    // of the file
	Score int    // -1 when it concerns no score
	Name  string // of the poverty line; "" when it concerns none
	Say   string
}

// Error says where and what.
func (p *TableProblem) Error() string {
	return fmt.Sprintf("line %d: %s", p.Line, p.Say)
}

// ReadPPI reads a conversion table from CSV: a column score and one for each
// poverty line. Published tables have gaps: it repairs nothing and reports
// everything, as a list of *TableProblem: scores that are absent, doubled or
// outside 0 to 100, cells that are empty or no percentage, likelihoods that rise
// with the score, columns with no name or the same. The table is nil only if it
// cannot be used at all.
func ReadPPI(r io.Reader) (*PPI, error) {
	b := bufio.NewReader(r)
	if mark, _ := b.Peek(3); string(mark) == "\ufeff" {
		_, _ = b.Discard(3)
	}
	c := csv.NewReader(b)
	header, err := c.Read()
	at := slices.Index(header, "score")
	switch {
	case errors.Is(err, io.EOF):
		return nil, errors.New("instruments: the conversion table cannot be read: it is empty")
	case err != nil:
		return nil, fmt.Errorf("instruments: the conversion table is no CSV: %w", err)
	case at < 0 || len(header) < 2:
		return nil, errors.New(`instruments: the conversion table needs a column "score" and one for each poverty line`)
	case slices.Contains(header[at+1:], "score"):
		return nil, errors.New(`instruments: the conversion table has two columns "score": take one out`)
	}
	p := &PPI{Lines: slices.Delete(slices.Clone(header), at, at+1), rows: map[int][]float64{}}
	var errs []error
	note := func(line, score int, name, format string, a ...any) {
		errs = append(errs, &TableProblem{Line: line, Score: score, Name: name, Say: fmt.Sprintf(format, a...)})
	}
	for j, name := range p.Lines {
		switch {
		case name == "":
			note(1, -1, "", "a column has no name: name the poverty line")
		case slices.Contains(p.Lines[:j], name):
			note(1, -1, name, "two columns have the name %s; the first is used", name)
		}
	}
	lines := map[int]int{} // of scores
	last := 1
	for {
		cells, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("instruments: the conversion table is no CSV: %w", err)
		}
		line, _ := c.FieldPos(0)
		last = line
		score, err := strconv.Atoi(cells[at])
		if err != nil || score < 0 || score > 100 {
			note(line, -1, "", "%q is no score from 0 to 100", cells[at])
			continue
		}
		if _, dup := p.rows[score]; dup {
			note(line, score, "", "the score %d stands twice; the first is kept", score)
			continue
		}
		var likely []float64
		for j, cell := range slices.Delete(slices.Clone(cells), at, at+1) {
			x, ok := percentage(cell)
			switch {
			case cell == "":
				note(line, score, p.Lines[j], "there is no likelihood for %s", p.Lines[j])
			case !ok:
				note(line, score, p.Lines[j], "%q is no percentage", cell)
			}
			likely = append(likely, x)
		}
		p.rows[score], lines[score] = likely, line
	}
	before := make([]int, len(p.Lines)) // the score that last had a likelihood
	for j := range before {
		before[j] = -1
	}
	for s := 0; s <= 100; s++ {
		row, ok := p.rows[s]
		if !ok {
			note(last, s, "", "the score %d is absent", s)
			continue
		}
		for j, x := range row {
			if math.IsNaN(x) {
				continue
			}
			if b := before[j]; b >= 0 && x > p.rows[b][j] {
				note(lines[s], s, p.Lines[j], "the likelihood for %s rises from score %d to %d", p.Lines[j], b, s)
			}
			before[j] = s
		}
	}
	return p, errors.Join(errs...)
}

// percentage reads a number from 0 to 100 in plain digits; it is NaN if there is none.
func percentage(cell string) (x float64, ok bool) {
	if !strings.ContainsAny(cell, "xX_") {
		if x, err := strconv.ParseFloat(cell, 64); err == nil && x >= 0 && x <= 100 {
			return x, true
		}
	}
	return math.NaN(), false
}

// Likelihood returns the likelihood in percent; ok is false where the table has
// none.
func (p *PPI) Likelihood(score int, line string) (percent float64, ok bool) {
	j := slices.Index(p.Lines, line)
	row, known := p.rows[score]
	if j < 0 || !known || math.IsNaN(row[j]) {
		return 0, false
	}
	return row[j], true
}
