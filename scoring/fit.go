package scoring

import (
	"errors"
	"fmt"
	"slices"

	"github.com/hubkit/hubkit/registration"
)

// sound gives answers the card's shape and refuses those that cannot be: eight
// days of seven, and five members of a household of two.
func (c *Card) sound(a registration.Answers) (registration.Answers, error) {
	if a.Shape() != c.shape || !c.ranges.Hold(&a) {
		var err error
		if a, err = c.fit(a); err != nil {
			return a, err
		}
	}
	var e *ContradictionError
	for i := range c.checks {
		if c.checks[i].Eval(a) != registration.No {
			continue
		}
		if e == nil {
			e = &ContradictionError{Card: c.name}
		}
		e.Checks = append(e.Checks, c.spec.Checks[i].ID)
		for _, key := range c.checks[i].Reads() {
			if !slices.Contains(e.Reads, key) {
				e.Reads = append(e.Reads, key)
			}
		}
	}
	if e != nil {
		return registration.Answers{}, e
	}
	return a, nil
}

// fit gives answers the card's shape and refuses numbers that their questions
// do not allow.
func (c *Card) fit(a registration.Answers) (registration.Answers, error) {
	fitted, err := registration.Reshape(a, c.shape)
	if err == nil {
		err = errors.Join(impossible(fitted, c.shape, "")...)
	}
	if err != nil {
		return registration.Answers{}, &AnswersError{Card: c.name, Err: err}
	}
	return fitted, nil
}

func impossible(a registration.Answers, s *registration.Shape, path string) []error {
	var errs []error
	for i := range s.Len() {
		sl := s.At(i)
		switch sl.Kind {
		case registration.KindInteger, registration.KindDecimal, registration.KindDate:
			if x, ok := a.Get(sl.Key).Float(); ok && (x < sl.Min || x > sl.Max) {
				say := fmt.Sprintf("the answer lies outside the range of its question, %s to %s: correct it or record it as not known", number(sl.Min), number(sl.Max))
				errs = append(errs, &registration.ValueError{Key: path + sl.Key, Want: sl.Kind, Got: sl.Kind, Say: say})
			}
		case registration.KindRows:
			n := 0
			for m := range a.Members(sl.Key) {
				n++
				errs = append(errs, impossible(m, sl.Rows, fmt.Sprintf("%s%s[%d].", path, sl.Key, n))...)
			}
			if sl.MaxRows > 0 && n > sl.MaxRows {
				say := fmt.Sprintf("the roster has %d members, and %d are the most", n, sl.MaxRows)
				errs = append(errs, &registration.ValueError{Key: path + sl.Key, Want: sl.Kind, Got: sl.Kind, Say: say})
			}
		}
	}
	return errs
}
