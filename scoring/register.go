package scoring

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/hubkit/hubkit/registration"
)

// Register holds the dated versions of one card, and says which of them applied
// on a day. It is immutable and safe for concurrent use.
//
// Several versions may apply at once, such as an old one to people who were
// enrolled under it: then the one that began last is meant, and every Score
// names its version.
type Register struct{ cards []*Card }

// ErrNoVersion says that no version of the card applied on the day, or that there
// is no such version.
var ErrNoVersion = errors.New("scoring: there is no such version of the card")

// NewRegister puts versions of one card in the order of their days. The error
// lists versions that cannot be told apart: of another card, with the same
// version or the same first day.
func NewRegister(cards ...*Card) (*Register, error) {
	r := &Register{cards: slices.Clone(cards)}
	slices.SortStableFunc(r.cards, func(a, b *Card) int { return strings.Compare(string(a.spec.ValidFrom), string(b.spec.ValidFrom)) })
	var errs []error
	for i, c := range r.cards {
		for _, b := range r.cards[:i] {
			switch {
			case b.ID() != c.ID():
				errs = append(errs, fmt.Errorf("scoring: register: %s and %s are versions of different cards: a register holds one", b.name, c.name))
			case b.Version() == c.Version():
				errs = append(errs, fmt.Errorf("scoring: register: two cards are called %s: every change needs a version of its own", c.name))
			case b.spec.ValidFrom == c.spec.ValidFrom:
				errs = append(errs, fmt.Errorf("scoring: register: %s and %s begin on the same day: it is not clear which applies", b.name, c.name))
			}
		}
	}
	if len(cards) == 0 {
		errs = append(errs, errors.New("scoring: register: there is no card in it"))
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return r, nil
}

// Versions returns the cards, the earliest first.
func (r *Register) Versions() []*Card { return slices.Clone(r.cards) }

// On returns the card that applied on a day: of those that are valid, the one
// that began last. The error is ErrNoVersion.
func (r *Register) On(d Day) (*Card, error) {
	if err := d.Check(); err != nil || d == "" {
		return nil, fmt.Errorf("%w: %q is not a day", ErrNoVersion, string(d))
	}
	for _, c := range slices.Backward(r.cards) {
		if c.spec.AppliesOn(d) {
			return c, nil
		}
	}
	return nil, fmt.Errorf("%w: none of %s applies on %s", ErrNoVersion, r.cards[0].ID(), d)
}

// Version returns the card of a version. The error is ErrNoVersion.
func (r *Register) Version(v string) (*Card, error) {
	for _, c := range r.cards {
		if c.Version() == v {
			return c, nil
		}
	}
	return nil, fmt.Errorf("%w: %s@%s", ErrNoVersion, r.cards[0].ID(), v)
}

// Of returns the card that gave a score, to explain it years later. The error is
// ErrNoVersion.
func (r *Register) Of(s Score) (*Card, error) {
	for _, c := range r.cards {
		if c.hash == s.Hash {
			return c, nil
		}
	}
	return nil, fmt.Errorf("%w: none has the hash of this score of %s", ErrNoVersion, s.Card)
}

// ScoreOn scores answers with the card that applied on a day.
func (r *Register) ScoreOn(d Day, a registration.Answers) (Score, error) {
	c, err := r.On(d)
	if err != nil {
		return Score{}, err
	}
	return c.Score(a)
}

// Drift says what a change from one card to another does to households.
type Drift struct {
	From, To string           // names of the cards
	Total    Shift            // of all households
	Groups   map[string]Shift // by the group that the households were given
}

// Shift counts households by what a change of card does to them.
type Shift struct {
	Households   int               // all of them
	Higher       int               // that come into a higher band of the list
	Lower        int               // that come into a lower one
	Gained, Lost int               // that become eligible, that no longer are
	Unscored     int               // that one of the cards could not score
	Moves        map[[2]string]int // how many went from band to band, those that stayed too
	Points       float64           // the sum of the changes of points
}

// NewDrift scores households, each with a group such as its region, with two
// cards and counts who changes band or eligibility. Bands are compared by their
// place in their card's list.
func NewDrift(from, to Scorer, households iter.Seq2[string, registration.Answers]) Drift {
	d := Drift{Groups: map[string]Shift{}}
	for group, a := range households {
		s, err1 := from.Score(a)
		t, err2 := to.Score(a)
		if err1 == nil && err2 == nil {
			d.From, d.To = s.Card, t.Card
		}
		g := d.Groups[group]
		for _, sh := range []*Shift{&d.Total, &g} {
			sh.add(s, t, place(from, s.Band), place(to, t.Band), err1 != nil || err2 != nil)
		}
		d.Groups[group] = g
	}
	return d
}

// place is the place of a band in its card's list, or -1.
func place(s Scorer, band string) int {
	c, ok := s.(*Card)
	if !ok {
		return -1
	}
	return slices.IndexFunc(c.spec.Bands, func(b Band) bool { return b.ID == band })
}

func (sh *Shift) add(s, t Score, from, to int, unscored bool) {
	sh.Households++
	if unscored {
		sh.Unscored++
		return
	}
	if sh.Moves == nil {
		sh.Moves = map[[2]string]int{}
	}
	sh.Moves[[2]string{s.Band, t.Band}]++
	sh.Points += t.Points - s.Points
	if from >= 0 && to > from {
		sh.Higher++
	}
	if to >= 0 && to < from {
		sh.Lower++
	}
	switch was, is := s.Eligible == registration.Yes, t.Eligible == registration.Yes; {
	case is && !was:
		sh.Gained++
	case was && !is:
		sh.Lost++
	}
}

// String prints the drift as a table, one line a group.
func (d Drift) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s → %s\n", d.From, d.To)
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "group\thouseholds\thigher\tlower\tgained\tlost\tunscored\tpoints\t")
	line := func(name string, s Shift) {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%+.4g\t\n", name, s.Households, s.Higher, s.Lower, s.Gained, s.Lost, s.Unscored, s.Points)
	}
	for _, g := range slices.Sorted(maps.Keys(d.Groups)) {
		line(g, d.Groups[g])
	}
	line("all", d.Total)
	_ = w.Flush() // into memory
	return b.String()
}
