package cardfile

import (
	"fmt"
	"slices"
	"strings"
)

// Mistake is one thing that is wrong with a file.
type Mistake struct {
	Line   int    // from 1; 0 when it concerns the whole
	Column string // of a table, by its name; "" elsewhere
	Say    string // what is wrong and what to do
}

// Error says where and what.
func (m *Mistake) Error() string {
	switch {
	case m.Line == 0:
		return m.Say
	case m.Column != "":
		return fmt.Sprintf("line %d, column %q: %s", m.Line, m.Column, m.Say)
	}
	return fmt.Sprintf("line %d: %s", m.Line, m.Say)
}

// Mistakes is all that is wrong with a file, in the order of its lines.
type Mistakes []*Mistake

// Error lists every mistake on a line of its own.
func (ms Mistakes) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "cardfile: the card has %d mistake", len(ms))
	if len(ms) != 1 {
		b.WriteByte('s')
	}
	b.WriteByte(':')
	for _, m := range ms {
		b.WriteString("\n  - ")
		b.WriteString(m.Error())
	}
	return b.String()
}

// Unwrap returns each Mistake, so that errors.As finds one.
func (ms Mistakes) Unwrap() []error {
	errs := make([]error, len(ms))
	for i, m := range ms {
		errs[i] = m
	}
	return errs
}

func (ms Mistakes) sorted() Mistakes {
	slices.SortStableFunc(ms, func(a, b *Mistake) int { return a.Line - b.Line })
	return ms
}
