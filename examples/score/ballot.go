package main

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
	"github.com/hubkit/hubkit/scoring/targeting"
)

// ballot is the list of those who may be selected, with their standings by every
// card. It holds the whole list in memory.
type ballot struct {
	*options
	cards   []*scoring.Card // the first one in force
	sim     targeting.Simulation
	ranks   []targeting.Contender
	poor    bool // every household is known to be poor or not
	names   map[string]string
	barred  int // by the card's rules
	without int // that another card cannot score
}

func newBallot(o *options, card *scoring.Card) (*ballot, error) {
	b := &ballot{options: o, cards: []*scoring.Card{card}, poor: o.poor != "", names: map[string]string{}}
	if o.against != "" {
		for path := range strings.SplitSeq(o.against, ",") {
			c, err := readCard(path, "", card.Shape())
			if err != nil {
				return nil, err
			}
			b.cards = append(b.cards, c)
		}
	}
	for _, c := range b.cards {
		b.ranks = append(b.ranks, targeting.Contender{Name: c.Name()})
	}
	b.sim.Rule = targeting.Rule{Budget: o.budget, LowIsNeedier: o.low, Lottery: targeting.Lottery{Seed: o.lottery}}
	return b, nil
}

// add puts a household on the list, unless a rule of the card bars it. One whose
// eligibility is not known is on it.
func (b *ballot) add(r *result, cell func(string) (string, bool)) error {
	if barred(r) {
		b.barred++
		return nil
	}
	standings := make([]scoring.Standing, len(b.cards))
	for i, c := range b.cards {
		st, err := c.Standing(r.from)
		if err != nil {
			b.without++
			return nil
		}
		standings[i] = st
	}
	a := targeting.Applicant{ID: strings.Clone(r.id)}
	if b.area != "" {
		name, _ := cell(b.area)
		if _, ok := b.names[name]; !ok {
			name = strings.Clone(name)
			b.names[name] = name
		}
		a.Area = b.names[name]
	}
	if b.cost != "" {
		s, _ := cell(b.cost)
		x, err := strconv.ParseFloat(s, 64)
		if err != nil || !(x > 0) || math.IsInf(x, 0) {
			return &cellError{r.line, b.cost, "the cost of a grant is a number above 0"}
		}
		a.Cost = x
	}
	if b.poor {
		s, ok := cell(b.options.poor)
		poor, err := isPoor(s)
		b.poor = ok && err == nil
		b.sim.Poor = append(b.sim.Poor, poor)
	}
	b.sim.List = append(b.sim.List, a)
	for i := range standings {
		b.ranks[i].Standings = append(b.ranks[i].Standings, standings[i])
	}
	return nil
}

// barred says that a rule of the card bars a household, whatever its points. One
// whose eligibility is not known is not barred.
func barred(r *result) bool { return r.score.Eligible == registration.No }

var errPoor = errors.New("who is poor is said by 1 or 0, yes or no")

func isPoor(cell string) (bool, error) {
	switch strings.ToLower(cell) {
	case "1", "yes", "true":
		return true, nil
	case "0", "no", "false":
		return false, nil
	}
	return false, errPoor
}

// finish selects with every card and writes what came of it.
func (b *ballot) finish(say io.Writer, quiet bool) ([]targeting.Run, error) {
	if !b.poor {
		b.sim.Poor = nil // a part of the list would not tell about the whole
	}
	if b.area != "" {
		for _, a := range b.sim.List {
			b.sim.Group = append(b.sim.Group, a.Area)
		}
	}
	runs, err := b.sim.Run(b.ranks...)
	if err != nil {
		return nil, err
	}
	if !quiet {
		for i, run := range runs {
			b.tell(say, run, i > 0)
		}
		fmt.Fprintf(say, "%d households are barred by the card's rules", b.barred)
		if b.without > 0 {
			fmt.Fprintf(say, ", %d cannot be scored by every card", b.without)
		}
		fmt.Fprintln(say)
	}
	if b.public != "" {
		if err := b.publish(); err != nil {
			return nil, err
		}
	}
	if b.selection == "" {
		return runs, nil
	}
	return runs, b.write(runs[0].Selection)
}

// publish writes the list by the card in force as it is hashed.
func (b *ballot) publish() error {
	for i := range b.sim.List {
		b.sim.List[i].Standing = b.ranks[0].Standings[i]
	}
	f, err := os.OpenFile(b.public, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	return errors.Join(targeting.WriteList(w, b.sim.List), w.Flush(), f.Close())
}

// tell says which cut-off, and who loses.
func (b *ballot) tell(say io.Writer, run targeting.Run, other bool) {
	s := run.Selection
	fmt.Fprintf(say, "%s: %d of %d households get a grant, %s of %s is spent", run.Name, s.Selected, len(s.Fates), number(s.Spent), number(s.Rule.Budget))
	if s.CutOff != nil {
		fmt.Fprintf(say, "; the cut-off is %s, where %d of %d are selected", number(s.CutOff.Points), s.LevelIn, s.Level)
	}
	fmt.Fprintln(say)
	if n := s.Count(targeting.Undecided); n > 0 {
		fmt.Fprintf(say, "  %d are level and wait for a lottery: publish the list's hash %s, draw a seed in public, and give it with -lottery\n", n, s.ListHash)
	}
	if other {
		fmt.Fprintf(say, "  against the first card %d lose a grant and %d gain one\n", run.Change.Lost, run.Change.Gained)
		for _, g := range run.Change.Groups {
			if g.Lost+g.Gained > 0 {
				fmt.Fprintf(say, "    %s: %d lose, %d gain, of %d\n", g.Group, g.Lost, g.Gained, g.Applicants)
			}
		}
	}
}

// write writes who is selected by the card in force.
func (b *ballot) write(s *targeting.Selection) error {
	f, err := os.OpenFile(b.selection, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	w := csv.NewWriter(f)
	_ = w.Write([]string{"id", "area", "points", "rank", "selected", "why"}) // Flush tells
	for i, a := range b.sim.List {
		_ = w.Write([]string{a.ID, a.Area, number(b.ranks[0].Standings[i].Points), strconv.Itoa(s.Ranks[i]), yesNo(s.Fates[i].In()), s.Fates[i].String()})
	}
	w.Flush()
	return errors.Join(w.Error(), f.Close())
}
