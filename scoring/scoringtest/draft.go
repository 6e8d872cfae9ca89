package scoringtest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

// draft is a household that can be changed.
type draft struct {
	shape   *registration.Shape // that the household had
	vals    map[string]registration.Value
	rosters map[string][]map[string]registration.Value
}

func draftOf(a registration.Answers) draft {
	d := draft{shape: a.Shape(), vals: map[string]registration.Value{}, rosters: map[string][]map[string]registration.Value{}}
	for k, v := range a.All() {
		if v.Kind() != registration.KindRows {
			d.vals[k] = v
			continue
		}
		d.rosters[k] = []map[string]registration.Value{}
		for m := range a.Members(k) {
			row := map[string]registration.Value{}
			for mk, mv := range m.All() {
				row[mk] = mv
			}
			d.rosters[k] = append(d.rosters[k], row)
		}
	}
	return d
}

func (d draft) clone() draft {
	c := draft{shape: d.shape, vals: maps.Clone(d.vals), rosters: map[string][]map[string]registration.Value{}}
	for k, rows := range d.rosters {
		for _, row := range rows {
			c.rosters[k] = append(c.rosters[k], maps.Clone(row))
		}
		if rows != nil && c.rosters[k] == nil {
			c.rosters[k] = []map[string]registration.Value{}
		}
	}
	return c
}

func (d draft) answers() registration.Answers {
	vals := maps.Clone(d.vals)
	for k, rows := range d.rosters {
		members := make([]registration.Answers, len(rows))
		for i, row := range rows {
			members[i] = registration.Of(row)
		}
		vals[k] = registration.RowsValue(members...)
	}
	return registration.Of(vals)
}

// fitted returns the answers in the shape that the household had, so that what
// was taken away is missing and not unheard of.
func (d draft) fitted() registration.Answers {
	a := d.answers()
	if d.shape == nil {
		return a
	}
	if f, err := registration.Reshape(a, d.shape); err == nil {
		return f
	}
	return a
}

// places calls f with a copy of d in which one asking of a question has been
// found, and the place to write its answer: the household's, or each member's
// in turn. The key may name the roster: "members.age".
func (d draft) places(s scoring.Scorer, key string, f func(c draft, row map[string]registration.Value, where string) error) error {
	shape := d.shapeOf(s)
	if _, in := d.vals[key]; in || knows(shape, key) {
		c := d.clone()
		return f(c, c.vals, key)
	}
	found := false
	for _, roster := range slices.Sorted(maps.Keys(d.rosters)) {
		for i, row := range d.rosters[roster] {
			if _, in := row[key]; !in && !knowsMember(shape, roster, key) {
				continue
			}
			found = true
			c := d.clone()
			if err := f(c, c.rosters[roster][i], fmt.Sprintf("%s.%d.%s", roster, i+1, key)); err != nil {
				return err
			}
		}
	}
	if !found && !anyRoster(shape, key) {
		return fmt.Errorf("%w: no question has the key %q", errUntested, key)
	}
	return nil
}

// errUntested says that a law could not be looked at.
var errUntested = errors.New("nothing was tested")

// shapeOf returns the shape that says what the keys mean: the scorer's, or else
// the household's.
func (d draft) shapeOf(s scoring.Scorer) *registration.Shape {
	if sh := shapeOf(s); sh != nil {
		return sh
	}
	return d.shape
}

// shapeOf returns the shape of a scorer that has one, such as a card.
func shapeOf(s scoring.Scorer) *registration.Shape {
	if sh, ok := s.(interface{ Shape() *registration.Shape }); ok {
		return sh.Shape()
	}
	return nil
}

func knows(s *registration.Shape, key string) bool {
	_, ok := slotOf(s, key)
	return ok
}

func slotOf(s *registration.Shape, key string) (registration.Slot, bool) {
	if s == nil {
		return registration.Slot{}, false
	}
	if i, ok := s.Find(key); ok {
		return s.At(i), true
	}
	return registration.Slot{}, false
}

func knowsMember(s *registration.Shape, roster, key string) bool {
	sl, ok := slotOf(s, roster)
	return ok && knows(sl.Rows, key)
}

func anyRoster(s *registration.Shape, key string) bool {
	for i := range lenOf(s) {
		if sl := s.At(i); knows(sl.Rows, key) {
			return true
		}
	}
	return false
}

func lenOf(s *registration.Shape) int {
	if s == nil {
		return 0
	}
	return s.Len()
}

// anySlot finds the slot of a question of the household or of members.
func anySlot(s *registration.Shape, key string) (registration.Slot, bool) {
	if sl, ok := slotOf(s, key); ok {
		return sl, true
	}
	for i := range lenOf(s) {
		if sl, ok := slotOf(s.At(i).Rows, key); ok {
			return sl, true
		}
	}
	return registration.Slot{}, false
}

// valueOf makes an answer of a Go value: a bool, a number, an option or words as
// the question has it, a time.Time for a date, a State, or a Value.
func valueOf(s *registration.Shape, key string, x any) (registration.Value, error) {
	sl, _ := anySlot(s, key)
	switch x := x.(type) {
	case registration.Value:
		return x, nil
	case registration.State:
		return registration.StateValue(x), nil
	case bool:
		return registration.BoolValue(x), nil
	case int:
		return registration.IntValue(int64(x)), nil
	case int64:
		return registration.IntValue(x), nil
	case float64:
		return registration.DecimalValue(x), nil
	case time.Time:
		return registration.DateValue(x.Year(), x.Month(), x.Day()), nil
	case []string:
		return registration.OptionsValue(x...), nil
	case string:
		if sl.Kind == registration.KindWords {
			return registration.WordsValue(x), nil
		}
		return registration.OptionValue(x), nil
	}
	return registration.Value{}, fmt.Errorf("%T is no answer: use a bool, a number, a string, a time.Time, a State or a Value", x)
}
