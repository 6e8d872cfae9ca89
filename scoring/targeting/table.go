package targeting

import (
	"maps"
	"math"
	"slices"
)

// Table is the two-by-two table of targeting, in weighted households: who is
// poor, and who is reached.
type Table struct {
	PoorReached   float64 // poor and selected
	PoorMissed    float64 // poor and not selected
	OthersReached float64 // not poor, and selected all the same
	OthersRight   float64 // not poor, and rightly not selected
}

// Errors counts who is reached by a cut and who is not. It reads Poor.
func (s Sample) Errors(c Cut) (Table, error) {
	if err := s.need(true, false); err != nil {
		return Table{}, err
	}
	sel, err := s.Selected(c)
	if err != nil {
		return Table{}, err
	}
	return NewTable(s.Poor, sel, s.Weight)
}

// NewTable counts poor and selected households; weight nil is one each. It is for
// selections that no cut makes, such as those of Select. The error is an *InputError.
func NewTable(poor, selected []bool, weight []float64) (Table, error) {
	if len(poor) == 0 {
		return Table{}, whole("poor", "there is no household")
	}
	if len(selected) != len(poor) {
		return Table{}, whole("selected", "it has %d rows, and poor has %d", len(selected), len(poor))
	}
	if err := weighty("weight", weight, len(poor)); err != nil {
		return Table{}, err
	}
	var t Table
	for i := range poor {
		w := 1.0
		if weight != nil {
			w = weight[i]
		}
		t.add(poor[i], selected[i], w)
	}
	return t, nil
}

func (t *Table) add(poor, selected bool, w float64) {
	switch {
	case poor && selected:
		t.PoorReached += w
	case poor:
		t.PoorMissed += w
	case selected:
		t.OthersReached += w
	default:
		t.OthersRight += w
	}
}

// ErrorsByGroup is Errors within each Group.
func (s Sample) ErrorsByGroup(c Cut) (map[string]Table, error) {
	if err := s.need(true, false); err != nil {
		return nil, err
	}
	if s.Group == nil {
		return nil, whole("Group", "it is needed: the group of each household")
	}
	sel, err := s.Selected(c)
	if err != nil {
		return nil, err
	}
	out := map[string]Table{}
	for i, g := range s.Group {
		w := 1.0
		if s.Weight != nil {
			w = s.Weight[i]
		}
		t := out[g]
		t.add(s.Poor[i], sel[i], w)
		out[g] = t
	}
	return out, nil
}

// groups lists the values of a column in order, and the place of each row's.
func groups(column []string) (names []string, of []int32) {
	place := map[string]int32{}
	for _, g := range column {
		place[g] = 0
	}
	names = slices.Sorted(maps.Keys(place))
	for i, g := range names {
		place[g] = int32(i)
	}
	of = make([]int32, len(column))
	for i, g := range column {
		of[i] = place[g]
	}
	return names, of
}

func rate(name string, part, of float64, say string) (float64, error) {
	if !(of > 0) || math.IsInf(of, 0) {
		return 0, undefined(name, say)
	}
	return part / of, nil
}

const (
	noPoor     = "there is no poor household"
	nobody     = "nobody is selected"
	noOthers   = "every household is poor"
	noHousehld = "there is no household"
	barredAll  = "every household is barred"
)

// Exclusion is the share of the poor who are missed: exclusion error, undercoverage.
// Like all rates, its error is an *UndefinedError where it would divide by nobody.
func (t Table) Exclusion() (float64, error) {
	return rate("exclusion error", t.PoorMissed, t.PoorReached+t.PoorMissed, noPoor)
}

// Inclusion is the share of those reached who are not poor: inclusion error,
// leakage. The denominator is those reached; FalsePositives has the other one.
func (t Table) Inclusion() (float64, error) {
	return rate("inclusion error", t.OthersReached, t.PoorReached+t.OthersReached, nobody)
}

// FalsePositives is the share of those who are not poor who are reached all the
// same, which some call inclusion error.
func (t Table) FalsePositives() (float64, error) {
	return rate("false positive rate", t.OthersReached, t.OthersReached+t.OthersRight, noOthers)
}

// Sensitivity is the share of the poor who are reached: coverage.
func (t Table) Sensitivity() (float64, error) {
	return rate("sensitivity", t.PoorReached, t.PoorReached+t.PoorMissed, noPoor)
}

// Specificity is the share of those who are not poor who are not reached.
func (t Table) Specificity() (float64, error) {
	return rate("specificity", t.OthersRight, t.OthersReached+t.OthersRight, noOthers)
}

// Accuracy is the share of all who are treated as they should be.
func (t Table) Accuracy() (float64, error) {
	return rate("accuracy", t.PoorReached+t.OthersRight, t.All(), noHousehld)
}

// Reach is the share of all who are reached.
func (t Table) Reach() (float64, error) {
	return rate("reach", t.PoorReached+t.OthersReached, t.All(), noHousehld)
}

// All is how many households there are.
func (t Table) All() float64 {
	return t.PoorReached + t.PoorMissed + t.OthersReached + t.OthersRight
}
