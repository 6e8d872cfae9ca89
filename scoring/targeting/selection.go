package targeting

import (
	"crypto/sha256"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/hubkit/hubkit/scoring"
)

// Applicant is one household of a list from which some are selected. Leave out
// who is not eligible.
type Applicant struct {
	// ID names it on the list, which may be published: a pseudonym.
	ID   string
	Area string
	// Cost of its grant, in the budget's unit. Defaults to 1.
	Cost float64
	// Standing is its place by the card: more points first, then greater ties.
	scoring.Standing
}

func (a *Applicant) cost() float64 {
	if a.Cost == 0 {
		return 1
	}
	return a.Cost
}

// Rule says who is selected, so that nothing is left to whoever runs it. The
// neediest come first; households with the same points and ties are ordered by
// the Lottery. It goes down that order until the budget is spent, and does not
// pass over a household for a cheaper one.
type Rule struct {
	// Budget is how much there is, in the unit of costs: the number of grants,
	// if every household costs 1.
	Budget float64
	// LowIsNeedier ranks fewer points first, as for a food consumption score.
	LowIsNeedier bool
	// Edge is the score from which on (up to which, where low is needier) a
	// household can be selected at all; nil is any.
	Edge *float64
	// Quotas bound areas. An area that has none is not bounded.
	Quotas []Quota
	// Lottery decides between equals. Without a seed those are Undecided, and get
	// nothing yet, whose grant hangs on the draw; whoever is in, or out, stays so with
	// any seed.
	Lottery Lottery
}

// compare is negative if a comes before b in the ranking.
func (r *Rule) compare(a, b scoring.Standing) int {
	if r.LowIsNeedier {
		a.Points, b.Points = -a.Points, -b.Points
	}
	return a.Compare(b)
}

// Quota bounds what goes to one area, in the unit of the budget.
type Quota struct {
	Area string
	// Reserved is filled from the area's own list before all others are ranked.
	Reserved float64
	// Most is what the area can get at all; 0 is no bound.
	Most float64
}

// Fate is what became of a household, and why.
type Fate uint8

// The fates. Those from Chosen on got a grant.
const (
	Below      Fate = iota // the score is not as needy as Rule.Edge
	Beyond                 // others came first
	AreaFull               // others of its area came first, and the area's quota is spent
	LotteryOut             // level with others that were drawn
	Undecided              // a lottery decides, which needs a seed: about it, or about what is left for it
	Chosen                 // by its place in the ranking
	Reserved               // by its place in its area, from what is reserved for the area
	Drawn                  // by lottery
)

var fates = [...]string{"below", "beyond", "area_full", "lottery_out", "undecided", "chosen", "reserved", "drawn"}

// String returns the fate's name: "lottery_out".
func (f Fate) String() string {
	if int(f) < len(fates) {
		return fates[f]
	}
	return "fate"
}

// In says whether the household is selected.
func (f Fate) In() bool { return f >= Chosen }

// Selection is who is selected under a rule, and why. The same list and rule
// always make the same one, in whatever order the list is.
type Selection struct {
	Rule     Rule
	ListHash string  // of the list: see ListHash
	Fates    []Fate  // in the order of the list
	Ranks    []int   // from 1, after the lottery; 0 for who is below the Edge
	Selected int     // households
	Spent    float64 // of the budget
	// CutOff is the standing of the last household that was taken in the ranking of
	// all; nil if that took nobody.
	CutOff  *scoring.Standing
	Level   int          // households that have just the standing of the cut-off
	LevelIn int          // those of them that are selected
	Areas   []AreaResult // in the order of their names

	who [sha256.Size]byte // of the ids, in the order of the list
}

// AreaResult is what an area gets.
type AreaResult struct {
	Area       string
	Applicants int               // households of the list
	Selected   int               // those of them that are
	Spent      float64           // of the budget
	CutOff     *scoring.Standing // of the last of it that was selected; nil if nobody was
}

// Count counts the households of a fate.
func (s *Selection) Count(of Fate) (n int) {
	for _, f := range s.Fates {
		if f == of {
			n++
		}
	}
	return n
}

// In says of every household of the list whether it is selected.
func (s *Selection) In() []bool {
	in := make([]bool, len(s.Fates))
	for i, f := range s.Fates {
		in[i] = f.In()
	}
	return in
}

// checkList finds what is wrong with a list.
func checkList(list []Applicant) error {
	if len(list) == 0 {
		return whole("list", "there is no household")
	}
	if len(list) > math.MaxInt32 {
		return whole("list", "more than %d households do not fit", math.MaxInt32)
	}
	seen := make(map[string]struct{}, len(list))
	for i := range list {
		a := &list[i]
		say := ""
		_, twice := seen[a.ID]
		seen[a.ID] = struct{}{}
		switch {
		case a.ID == "" || strings.TrimSpace(a.ID) != a.ID || strings.ContainsFunc(a.ID, unseen):
			say = "an id is needed, without spaces around it and without what cannot be seen: two that look alike would have two tickets"
		case twice:
			say = "its id is there before: a household would have two tickets"
		case strings.ContainsAny(a.Area, "\t\n\r"):
			say = "an area has no tabs and line feeds"
		case !(a.Cost >= 0 && a.Cost <= largest):
			say = "the cost must be a number above 0, or 0 for 1"
		case math.IsNaN(a.Points) || math.IsInf(a.Points, 0):
			say = "the points are no finite number"
		case len(a.Ties) != len(list[0].Ties):
			say = "it has another number of ties than the first household: rank all of them with one card"
		case slices.ContainsFunc(a.Ties, math.IsNaN):
			say = "a tie is not a number"
		}
		if say != "" {
			return &InputError{Column: "list", Row: i, Say: say}
		}
	}
	return nil
}

// unseen says whether a character is one that nobody sees on a list.
func unseen(c rune) bool { return !unicode.IsPrint(c) }

func (r *Rule) check(areas map[string]*AreaResult) error {
	if !(r.Budget > 0 && r.Budget <= largest) {
		return whole("Rule.Budget", "it must be a number above 0")
	}
	if r.Edge != nil && (math.IsNaN(*r.Edge) || math.IsInf(*r.Edge, 0)) {
		return whole("Rule.Edge", "it is no finite number")
	}
	if strings.ContainsAny(r.Lottery.Seed, "\n\r") {
		return whole("Rule.Lottery", "a seed is one line")
	}
	reserved := 0.0
	for i, q := range r.Quotas {
		say := ""
		switch _, known := areas[q.Area]; {
		case !known:
			say = "no household of the list is in this area"
		case slices.ContainsFunc(r.Quotas[:i], func(p Quota) bool { return p.Area == q.Area }):
			say = "the area has a quota already"
		case !(q.Reserved >= 0 && q.Most >= 0 && q.Reserved+q.Most <= largest):
			say = "what is reserved, and the most, must be numbers from 0 on"
		case q.Most > 0 && q.Reserved > q.Most:
			say = "more is reserved for the area than it may get"
		}
		if say != "" {
			return &InputError{Column: "Rule.Quotas", Row: i, Say: say}
		}
		reserved += q.Reserved
	}
	if reserved > r.Budget*(1+1e-12) {
		return whole("Rule.Quotas", "more is reserved than the budget has")
	}
	return nil
}
