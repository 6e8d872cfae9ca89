package registration

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Shape is the order of keys that answers and compiled conditions share: a
// condition bound to a shape reads answers of that shape by position, without
// a map. A Shape is immutable and safe for concurrent use.
type Shape struct {
	slots []Slot
	index map[string]int
}

// Slot describes one answer of a Shape.
type Slot struct {
	Key      string
	Kind     Kind
	Options  []string // keys in order, for KindOne and KindMany
	Min, Max float64  // the range of a valid number; Max < Min or both 0 means open
	Rows     *Shape   // the members' shape, for KindRows
	MaxRows  int      // how many members at most, for KindRows
}

// NewShape makes a shape without a questionnaire, for answers that come from
// elsewhere, such as a survey's table. The error lists duplicate and empty keys, and what answers cannot hold.
func NewShape(slots ...Slot) (*Shape, error) {
	var errs []error
	seen := make(map[string]bool, len(slots))
	for i, sl := range slots {
		if seen[sl.Key] || sl.Key == "" {
			errs = append(errs, fmt.Errorf("registration: shape: key %q at position %d is empty or used twice", sl.Key, i))
		}
		if sl.Kind == KindMany && len(sl.Options) > 64 {
			errs = append(errs, fmt.Errorf("registration: shape: %q has %d options; several of at most 64 can be chosen", sl.Key, len(sl.Options)))
		}
		if sl.Kind == KindRows && sl.Rows == nil {
			errs = append(errs, fmt.Errorf("registration: shape: roster %q has no shape for its members", sl.Key))
		}
		if sl.Rows != nil && slices.ContainsFunc(sl.Rows.slots, func(in Slot) bool { return in.Rows != nil || in.Kind == KindRows }) {
			errs = append(errs, fmt.Errorf("registration: shape: roster %q has a roster inside it: put both into the household", sl.Key))
		}
		seen[sl.Key] = true
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return newShape(slots), nil
}

// newShape makes a shape of slots that are known to be right.
func newShape(slots []Slot) *Shape {
	s := &Shape{slots: slices.Clone(slots), index: make(map[string]int, len(slots))}
	for i := range s.slots {
		sl := &s.slots[i]
		if sl.Min == 0 && sl.Max == 0 || sl.Max < sl.Min || math.IsNaN(sl.Min+sl.Max) {
			sl.Min, sl.Max = math.Inf(-1), math.Inf(1)
		}
		s.index[sl.Key] = i
	}
	return s
}

// Len returns the number of slots.
func (s *Shape) Len() int { return len(s.slots) }

// At returns the slot at position i.
func (s *Shape) At(i int) Slot { return s.slots[i] }

// Find returns the position of a key.
func (s *Shape) Find(key string) (i int, ok bool) {
	i, ok = s.index[key]
	return i, ok
}

// option returns the ordinal of an option's key, or -1.
func (sl *Slot) option(key string) int { return slices.Index(sl.Options, key) }

// unionShape is the shape of members given by hand: every key once, in order of appearance.
func unionShape(members []Answers) *Shape {
	s := &Shape{index: map[string]int{}}
	for _, m := range members {
		for k, v := range m.All() {
			if i, ok := s.index[k]; ok {
				if s.slots[i].Kind == KindNone {
					s.slots[i].Kind = v.Kind()
				}
				continue
			}
			s.index[k] = len(s.slots)
			s.slots = append(s.slots, Slot{Key: k, Kind: v.Kind(), Min: math.Inf(-1), Max: math.Inf(1)})
		}
	}
	return s
}
