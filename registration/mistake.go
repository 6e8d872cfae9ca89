package registration

import (
	"fmt"
	"strings"
)

// Mistake is one thing an author must mend, in words that need no knowledge of
// programming.
type Mistake struct {
	Kind string // stable name: "duplicate_key"; see the package's tests for all of them
	At   string // where: "household_size", "members.age", "screening > part 3"; "" for the whole
	Say  string // what is wrong and what to do
}

// Error says where and what.
func (m *Mistake) Error() string {
	if m.At == "" {
		return m.Say
	}
	return m.At + ": " + m.Say
}

// Mistakes is all that is wrong with a questionnaire, in the order of its parts.
type Mistakes []*Mistake

// Error lists every mistake on a line of its own.
func (ms Mistakes) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "registration: the questionnaire has %d mistake", len(ms))
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
