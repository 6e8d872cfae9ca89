package targeting

import (
	"fmt"
	"math"
)

// InputError says what is wrong with the data, and where. It never holds a value.
type InputError struct {
	Column string // "Weight"
	Row    int    // from 0, as in the slice; -1 when it concerns the whole column
	Say    string // what is wrong and what to do
}

// Error says where and what.
func (e *InputError) Error() string {
	if e.Row < 0 {
		return fmt.Sprintf("targeting: %s: %s", e.Column, e.Say)
	}
	return fmt.Sprintf("targeting: %s, row %d: %s", e.Column, e.Row, e.Say)
}

// UndefinedError says that a statistic has no value on the data: there is no
// poor household, or all scores are equal. It is never silently zero.
type UndefinedError struct {
	Statistic string // "AUC"
	Say       string // why
}

// Error says which statistic, and why.
func (e *UndefinedError) Error() string {
	return fmt.Sprintf("targeting: %s is not defined: %s", e.Statistic, e.Say)
}

func whole(column, format string, a ...any) error {
	return &InputError{Column: column, Row: -1, Say: fmt.Sprintf(format, a...)}
}

func undefined(statistic, say string) error {
	return &UndefinedError{Statistic: statistic, Say: say}
}

// largest is the largest number that is taken: squares of many can be added up.
const largest = 1e100

// finite checks a column of numbers.
func finite(column string, xs []float64) error {
	for i, x := range xs {
		if math.IsNaN(x) || math.Abs(x) > largest {
			return &InputError{Column: column, Row: i, Say: "it is not a finite number of a possible size: leave the household out, or say what it counts as"}
		}
	}
	return nil
}

// weighty checks weights for n rows; nil is one each.
func weighty(column string, w []float64, n int) error {
	if w == nil {
		return nil
	}
	if len(w) != n {
		return whole(column, "it has %d rows and not %d", len(w), n)
	}
	if err := finite(column, w); err != nil {
		return err
	}
	var sum float64
	for i, x := range w {
		if x < 0 {
			return &InputError{Column: column, Row: i, Say: "it is negative"}
		}
		sum += x
	}
	if sum < 1/largest || sum > largest {
		return whole(column, "its sum is zero, or of an impossible size: nobody would count")
	}
	return nil
}

// alike checks that two columns of numbers have the same rows, at least least.
func alike(a, b []float64, least int) error {
	if len(a) != len(b) {
		return whole("b", "it has %d rows, and a has %d", len(b), len(a))
	}
	if len(a) < least {
		return whole("a", "it has %d rows, and %d are needed", len(a), least)
	}
	if err := finite("a", a); err != nil {
		return err
	}
	return finite("b", b)
}
