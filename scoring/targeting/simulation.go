package targeting

import (
	"crypto/sha256"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

// Change says what becomes of households when one selection takes the place of
// another: who loses.
type Change struct {
	Kept   int           // selected by both
	Gained int           // selected only by the second
	Lost   int           // selected only by the first
	Groups []GroupChange // in the order of their names
}

// GroupChange is the Change of one group.
type GroupChange struct {
	Group      string
	Kept       int // selected by both
	Gained     int // selected only by the second
	Lost       int // selected only by the first
	Applicants int // households of the list
}

// Churn is the share of the grants of the first selection that go to others.
func (c Change) Churn() (float64, error) {
	return rate("churn", float64(c.Lost), float64(c.Kept+c.Lost), "the first selection took nobody")
}

// Compare counts who gains and who loses between two selections of one list, by
// group: a column with the group of each household, nil for none.
func Compare(from, to *Selection, group []string) (Change, error) {
	if from == nil || to == nil {
		return Change{}, whole("from", "two selections are needed")
	}
	if from.who != to.who && from.who != ([sha256.Size]byte{}) && to.who != ([sha256.Size]byte{}) {
		return Change{}, whole("to", "it is of other households than from, or of the same in another order")
	}
	n := len(from.Fates)
	if len(to.Fates) != n || group != nil && len(group) != n {
		return Change{}, whole("group", "the selections and the groups must be of one list of %d households", n)
	}
	var c Change
	of := map[string]*GroupChange{}
	for i := range n {
		g := &GroupChange{}
		if group != nil {
			if of[group[i]] == nil {
				of[group[i]] = &GroupChange{Group: group[i]}
			}
			g = of[group[i]]
		}
		g.Applicants++
		switch was, is := from.Fates[i].In(), to.Fates[i].In(); {
		case was && is:
			c.Kept, g.Kept = c.Kept+1, g.Kept+1
		case is:
			c.Gained, g.Gained = c.Gained+1, g.Gained+1
		case was:
			c.Lost, g.Lost = c.Lost+1, g.Lost+1
		}
	}
	for _, name := range slices.Sorted(maps.Keys(of)) {
		c.Groups = append(c.Groups, *of[name])
	}
	return c, nil
}

// Contender is a card in a simulation: its name and the standing that it gives
// each household, in the order of the list.
type Contender struct {
	Name      string
	Standings []scoring.Standing
}

// Rank makes a contender of a card. Households that the card cannot score are an
// error with their place: decide what they count as before.
func Rank(c *scoring.Card, households iter.Seq[registration.Answers]) (Contender, error) {
	out := Contender{Name: c.Name()}
	for a := range households {
		st, err := c.Standing(a)
		if err != nil {
			return Contender{}, fmt.Errorf("targeting: household %d: %w", len(out.Standings), err)
		}
		out.Standings = append(out.Standings, st)
	}
	return out, nil
}

// Simulation compares cards that would give out the same budget by the same rule.
// List has the households with their ids, areas and costs; its standings are not
// read.
type Simulation struct {
	Rule Rule
	List []Applicant
	// Poor and Weight, if it is known, tell the errors of each card; Group says who
	// gains and loses. In the order of the list, or nil.
	Poor   []bool
	Weight []float64 // see Poor
	Group  []string  // see Poor
}

// Run is what one card does.
type Run struct {
	Name      string
	Selection *Selection
	Table     *Table // nil without Poor
	// Change is from the first card to this one.
	Change Change
	// Tau is Kendall's tau-b of the points of the first card and of this one; nil
	// where one of them gives everybody the same.
	Tau *float64
}

// Run selects with each card. The first is the one that others are compared with:
// the card in force. The lottery's seed is the same for all, but since the points
// are part of the list that is hashed, each card has a draw of its own.
func (s Simulation) Run(cards ...Contender) ([]Run, error) {
	if len(cards) == 0 {
		return nil, whole("cards", "there is no card")
	}
	var runs []Run
	points := make([][]float64, len(cards))
	for k, card := range cards {
		if len(card.Standings) != len(s.List) {
			return nil, whole("cards", "%s has %d standings, and the list has %d households", card.Name, len(card.Standings), len(s.List))
		}
		if slices.ContainsFunc(cards[:k], func(c Contender) bool { return c.Name == card.Name }) {
			return nil, whole("cards", "two are called %s", card.Name)
		}
		list := slices.Clone(s.List)
		points[k] = make([]float64, len(list))
		for i := range list {
			list[i].Standing = card.Standings[i]
			points[k][i] = card.Standings[i].Points
		}
		sel, err := s.Rule.Select(list)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", card.Name, err)
		}
		run := Run{Name: card.Name, Selection: sel}
		if s.Poor != nil {
			t, err := NewTable(s.Poor, sel.In(), s.Weight)
			if err != nil {
				return nil, err
			}
			run.Table = &t
		}
		first := sel
		if k > 0 {
			first = runs[0].Selection
		}
		if run.Change, err = Compare(first, sel, s.Group); err != nil {
			return nil, err
		}
		if tau, err := KendallTauB(points[0], points[k]); err == nil {
			run.Tau = &tau
		}
		runs = append(runs, run)
	}
	return runs, nil
}
