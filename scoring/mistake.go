package scoring

import (
	"errors"
	"fmt"
	"strings"
)

// Mistake is one thing that is wrong with a card, in words for the committee
// that wrote it.
type Mistake struct {
	Kind string // stable name: "band_gap"; the package's tests have all of them
	At   string // where: "criterion small_child", "band low"
	Say  string // what is wrong and what to do
}

// Error says where and what.
func (m *Mistake) Error() string {
	if m.At == "" {
		return m.Say
	}
	return m.At + ": " + m.Say
}

// Mistakes is all that is wrong with a card, in the order of its parts.
type Mistakes []*Mistake

// Error lists every mistake on a line of its own.
func (ms Mistakes) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "scoring: the card has %d mistake", len(ms))
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

// ErrCardJSON says that JSON does not hold a card.
var ErrCardJSON = errors.New("scoring: this JSON does not hold a card")

// UnknownError says that a criterion refuses to be scored while an answer is
// not known: ask for it, or change the criterion's policy.
type UnknownError struct {
	Card     string
	Criteria []string // ids
	Reads    []string // keys of the questions that these read and that are not known
}

// Error names the criteria and the questions.
func (e *UnknownError) Error() string {
	say := fmt.Sprintf("scoring: card %s: not scored, because these criteria refuse unknown answers: %s", e.Card, strings.Join(e.Criteria, ", "))
	if len(e.Reads) > 0 {
		say += "; ask for " + strings.Join(e.Reads, ", ")
	}
	return say
}

// AmbiguousError says that two criteria hold in a group in which only one may.
type AmbiguousError struct {
	Card, Group string
	Criteria    []string // ids of those that hold
}

// Error names the group and its criteria.
func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("scoring: card %s: only one criterion of the group %q may hold, and these do: %s", e.Card, e.Group, strings.Join(e.Criteria, ", "))
}

// AnswersError says that answers do not fit the card: an answer of the wrong
// kind, an option that is not in the list, a number outside its range (eight
// days of seven). It never holds an answer. Err lists every
// *registration.ValueError.
type AnswersError struct {
	Card string
	Err  error
}

// Error lists what does not fit.
func (e *AnswersError) Error() string {
	return fmt.Sprintf("scoring: card %s: the answers do not fit: %v", e.Card, e.Err)
}

// Unwrap returns the list.
func (e *AnswersError) Unwrap() error { return e.Err }

// ContradictionError says that answers which may each be right cannot be so
// together: ask again. It never holds an answer.
type ContradictionError struct {
	Card   string
	Checks []string // ids of the checks that they fail
	Reads  []string // keys of the questions that these read
}

// Error names the checks and the questions.
func (e *ContradictionError) Error() string {
	return fmt.Sprintf("scoring: card %s: answers contradict each other (%s): look again at %s", e.Card, strings.Join(e.Checks, ", "), strings.Join(e.Reads, ", "))
}

// RangeError says that the points are not a number, too large for one, or
// outside every band, because an answer is outside what its question allows.
type RangeError struct{ Card string }

// Error says what to do.
func (e *RangeError) Error() string {
	return fmt.Sprintf("scoring: card %s: the points lie outside what the card can give: an answer is outside the range of its question, correct it or record it as not known", e.Card)
}
