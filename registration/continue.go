package registration

import (
	"errors"
	"fmt"
	"math/bits"
	"unicode/utf8"

	"github.com/hubkit/hubkit"
)

// Continue begins an interview in which some answers are known already: from
// an earlier version of the questionnaire, from an agent, or from the last
// registration of the same household. Only what is missing is asked, and what
// no longer fits: another version of a consent, an option or a number out of
// range, an answer that breaks a Must. l may be "", as in Begin; then a known
// answer to the Language question decides. Keys that the questionnaire lacks
// are left out: rename them first for a mapping of versions. The error lists
// every answer of the wrong kind, as Reshape does, or else every roster with too
// many members.
func (q *Questionnaire) Continue(l hubkit.Lang, known Answers) (*Interview, error) {
	a, err := Reshape(known, q.shape)
	if err != nil {
		return nil, err
	}
	if err := q.crowded(a); err != nil {
		return nil, err
	}
	iv := &Interview{q: q, vals: clone(a.vals), row: -1}
	for _, r := range q.rosters {
		iv.follow(r)
	}
	for _, b := range q.askings {
		iv.prepare(b)
	}
	if l == "" && q.language != nil {
		s, _ := iv.vals[q.language.slot].Option()
		l = hubkit.Lang(s)
	}
	if q.language != nil {
		iv.vals[q.language.slot] = Value{}
	}
	for i, have := range q.langs {
		if have == l {
			iv.speakIn(i)
		}
	}
	iv.settle(0, -1)
	return iv, nil
}

// crowded lists the rosters with more members than they take: to ask of the
// first few alone would drop the others in silence.
func (q *Questionnaire) crowded(a Answers) error {
	var errs []error
	for _, r := range q.rosters {
		if n, _ := a.vals[r.slot].Rows(); n > r.most {
			say := fmt.Sprintf("it has %d members, and the roster takes at most %d: a larger AtMost would hold them", n, r.most)
			errs = append(errs, &ValueError{Key: r.key, Want: KindRows, Got: KindRows, Say: say})
		}
	}
	return errors.Join(errs...)
}

// follow answers "is there another?" for the members that are known, each but
// the last of whom was followed by one.
func (iv *Interview) follow(r *roster) {
	v := &iv.vals[r.slot]
	if r.another == nil || v.state != Answered {
		return
	}
	for i, row := range v.more.rows {
		if i+1 < len(v.more.rows) && row[r.another.slot].state == Missing {
			row[r.another.slot] = BoolValue(true)
		}
	}
}

// prepare takes out the answers to a that are not valid or not its own.
func (iv *Interview) prepare(a *asking) {
	check := func(v *Value) {
		if a.kind == KindNone || v.state == Answered && !a.valid(*v) {
			*v = Value{}
		}
	}
	if a.roster == nil {
		check(&iv.vals[a.slot])
		return
	}
	if v := &iv.vals[a.roster.slot]; v.state == Answered {
		for _, row := range v.more.rows {
			check(&row[a.slot])
		}
	}
}

// valid says whether an answer lies in the question's own limits.
func (a *asking) valid(v Value) bool {
	switch a.kind {
	case KindInteger, KindDecimal, KindDate:
		f, _ := v.Float()
		return (a.q.Min == nil || f >= *a.q.Min) && (a.q.Max == nil || f <= *a.q.Max)
	case KindWords:
		n := utf8.RuneCountInString(v.s)
		_, ok := a.checked(v.s)
		return ok && n >= a.least && n <= a.most && (a.pattern == nil || a.pattern.MatchString(v.s))
	case KindMany:
		set := uint64(v.n)
		n := bits.OnesCount64(set)
		return n <= a.most && (n >= a.least || set&a.alone != 0) && (set&a.alone == 0 || n == 1)
	case KindFile:
		return a.fits(v.more.file)
	}
	return true
}
