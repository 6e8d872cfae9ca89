package scoringtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

// Law says whether something is true of a household: nil if so, else what is
// not. It must be pure.
type Law func(a registration.Answers) error

// Asked is any handle of a question, such as age.
type Asked interface {
	// Data returns the question as plain data.
	Data() registration.Question
}

// Check fails the test if a household breaks a law, and shows the smallest part
// of the household that still does.
func Check(t testing.TB, a registration.Answers, laws ...Law) {
	t.Helper()
	for _, law := range laws {
		if err := law(a); err != nil {
			small, err := Shrink(a, law)
			t.Errorf("%v\nfor the household %s", err, show(small))
		}
	}
}

func show(a registration.Answers) string {
	b, err := json.Marshal(a)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// NeverFalls fails the test if the points fall when the answer goes through the
// values in their order: older, never less. A question of members is changed
// for each member in turn.
func NeverFalls(t testing.TB, s scoring.Scorer, a registration.Answers, q Asked, values ...any) {
	t.Helper()
	Check(t, a, Monotone(s, q, values...))
}

// NeverRises fails the test if the points rise when the answer goes through the
// values in their order: more income, never more points.
func NeverRises(t testing.TB, s scoring.Scorer, a registration.Answers, q Asked, values ...any) {
	t.Helper()
	reversed := slices.Clone(values)
	slices.Reverse(reversed)
	Check(t, a, Monotone(s, q, reversed...))
}

// Ignores fails the test if an answer matters that must not: the language, the
// sex, the religion. Every option, both ends of a range and every state are tried.
func Ignores(t testing.TB, s scoring.Scorer, a registration.Answers, keys ...string) {
	t.Helper()
	Check(t, a, Blind(s, keys...))
}

// Monotone is the law of NeverFalls.
func Monotone(s scoring.Scorer, q Asked, values ...any) Law {
	key := q.Data().Key
	return func(a registration.Answers) error {
		return draftOf(a).places(s, key, func(c draft, row map[string]registration.Value, where string) error {
			var before scoring.Score
			for i, x := range values {
				v, err := valueOf(c.shapeOf(s), key, x)
				if err != nil {
					return err
				}
				row[key] = v
				sc, err := s.Score(c.answers())
				if err != nil {
					return fmt.Errorf("%s = %v: %w", where, x, err)
				}
				if i > 0 && sc.Points < before.Points {
					return fmt.Errorf("the points fall from %v to %v when %s goes from %v to %v", before.Points, sc.Points, where, values[i-1], x)
				}
				before = sc
			}
			return nil
		})
	}
}

// Blind is the law of Ignores.
func Blind(s scoring.Scorer, keys ...string) Law {
	return func(a registration.Answers) error {
		want, werr := s.Score(a)
		for _, key := range keys {
			err := draftOf(a).places(s, key, func(c draft, row map[string]registration.Value, where string) error {
				sl, _ := anySlot(c.shapeOf(s), key)
				for _, v := range variants(sl, row[key]) {
					row[key] = v
					got, err := s.Score(c.answers())
					if (err == nil) != (werr == nil) || err == nil && !same(got, want) {
						return fmt.Errorf("%s matters, and must not: %s with one answer, %s with another", where, brief(want, werr), brief(got, err))
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	}
}

// variants are answers of a question that differ.
func variants(sl registration.Slot, now registration.Value) []registration.Value {
	kind := sl.Kind
	if kind == registration.KindNone {
		kind = now.Kind()
	}
	var vs []registration.Value
	for _, st := range []registration.State{registration.Missing, registration.DontKnow, registration.Refused, registration.NotAsked} {
		vs = append(vs, registration.StateValue(st))
	}
	switch kind {
	case registration.KindBool:
		vs = append(vs, registration.BoolValue(false), registration.BoolValue(true))
	case registration.KindInteger, registration.KindDecimal:
		for _, f := range []float64{sl.Min, math.Trunc((sl.Min + sl.Max) / 2), sl.Max, 0, 1, 7} {
			if f >= sl.Min && f <= sl.Max && math.Abs(f) < 1<<53 {
				vs = append(vs, registration.IntValue(int64(f)))
			}
		}
	case registration.KindOne:
		for _, o := range sl.Options {
			vs = append(vs, registration.OptionValue(o))
		}
		if len(sl.Options) == 0 {
			vs = append(vs, registration.OptionValue("a"), registration.OptionValue("b"))
		}
	case registration.KindMany:
		vs = append(vs, registration.OptionsValue(), registration.OptionsValue(sl.Options...))
	case registration.KindWords:
		vs = append(vs, registration.WordsValue("a"), registration.WordsValue("Їжак 🦔 أهلا"))
	}
	return vs
}

// Pure is the law that the same answers give the same score: again, after
// another household's, and from several goroutines at once.
func Pure(s scoring.Scorer) Law {
	return func(a registration.Answers) error {
		want, werr := s.Score(a)
		_, _ = s.Score(registration.Answers{})
		got := make([]error, 4)
		var wg sync.WaitGroup
		for i := range got {
			wg.Go(func() {
				if sc, err := s.Score(a); !same(sc, want) || (err == nil) != (werr == nil) {
					got[i] = fmt.Errorf("the same answers give %s and then %s", brief(want, werr), brief(sc, err))
				}
			})
		}
		wg.Wait()
		return errors.Join(got...)
	}
}

// RoundTrip is the law that answers give the same score when they were written
// as JSON and read back.
func RoundTrip(s scoring.Scorer) Law {
	return func(a registration.Answers) error {
		want, werr := s.Score(a)
		b, err := json.Marshal(a)
		if err != nil {
			return err
		}
		var read registration.Answers
		if err := json.Unmarshal(b, &read); err != nil {
			return err
		}
		if got, err := s.Score(read); !same(got, want) || (err == nil) != (werr == nil) {
			return fmt.Errorf("%s became %s by writing the answers as JSON and reading them back", brief(want, werr), brief(got, err))
		}
		return nil
	}
}

// MemberOrder is the law that the order of a household's members never matters.
func MemberOrder(s scoring.Scorer) Law {
	return func(a registration.Answers) error {
		want, werr := s.Score(a)
		d := draftOf(a)
		for _, roster := range slices.Sorted(maps.Keys(d.rosters)) {
			rows := d.rosters[roster]
			for range rows { // every rotation, forwards and backwards
				rows = append(rows[1:len(rows):len(rows)], rows[0])
				for range 2 {
					slices.Reverse(rows)
					c := d.clone()
					c.rosters[roster] = rows
					if got, err := s.Score(c.answers()); !same(got, want) || (err == nil) != (werr == nil) {
						return fmt.Errorf("the order of %s matters: %s one way, %s another", roster, brief(want, werr), brief(got, err))
					}
				}
			}
		}
		return nil
	}
}

// CriteriaOrder is the law that the order in which a card's criteria are written
// never matters. It does not hold for a card with a group that takes the first.
func CriteriaOrder(c *scoring.Card) Law {
	spec := c.Spec()
	spec.Criteria = slices.Clone(spec.Criteria)
	slices.Reverse(spec.Criteria)
	reversed, broken := scoring.New(spec, c.Shape())
	return func(a registration.Answers) error {
		if broken != nil {
			return fmt.Errorf("%w: the card cannot be written in another order: %w", errUntested, broken)
		}
		want, werr := c.Score(a)
		if got, err := reversed.Score(a); !same(got, want) || (err == nil) != (werr == nil) {
			return fmt.Errorf("the order of the criteria matters: %s one way, %s the other", brief(want, werr), brief(got, err))
		}
		return nil
	}
}

// Interval is the law of missing answers: the points lie in [Lo, Hi], and when
// an answer is taken away, the interval then still holds the points that there
// were. It is for scorers that keep open what they do not know, as cards do
// whose criteria have the policy Bounds.
func Interval(s scoring.Scorer) Law {
	const slack = 1e-9
	return func(a registration.Answers) error {
		full, err := s.Score(a)
		if err != nil {
			return nil //nolint:nilerr // what cannot be scored has no interval
		}
		if full.Points < full.Lo-slack || full.Points > full.Hi+slack {
			return fmt.Errorf("%v points lie outside their own interval from %v to %v", full.Points, full.Lo, full.Hi)
		}
		d := draftOf(a)
		hide := func(c draft, where string) error {
			less, err := s.Score(c.answers())
			if err == nil && (full.Lo < less.Lo-slack || full.Hi > less.Hi+slack) {
				return fmt.Errorf("without %s the score is said to lie between %v and %v, and with it, it lies between %v and %v", where, less.Lo, less.Hi, full.Lo, full.Hi)
			}
			return nil
		}
		unknown := registration.StateValue(registration.DontKnow)
		for _, k := range slices.Sorted(maps.Keys(d.vals)) {
			if d.vals[k].State() != registration.Answered {
				continue
			}
			c := d.clone()
			c.vals[k] = unknown
			if err := hide(c, k); err != nil {
				return err
			}
		}
		for _, roster := range slices.Sorted(maps.Keys(d.rosters)) {
			for i, row := range d.rosters[roster] {
				for _, k := range slices.Sorted(maps.Keys(row)) {
					if row[k].State() != registration.Answered {
						continue
					}
					c := d.clone()
					c.rosters[roster][i][k] = unknown
					if err := hide(c, fmt.Sprintf("%s.%d.%s", roster, i+1, k)); err != nil {
						return err
					}
				}
			}
		}
		return nil
	}
}

// Unchanged is the law that two versions of a rule agree on band, points and
// eligibility.
func Unchanged(before, after scoring.Scorer) Law {
	return func(a registration.Answers) error {
		x, xerr := before.Score(a)
		y, yerr := after.Score(a)
		if (xerr == nil) != (yerr == nil) || xerr == nil && !same(x, y) {
			return fmt.Errorf("%s gives %s, %s gives %s", x.Card, brief(x, xerr), y.Card, brief(y, yerr))
		}
		return nil
	}
}

// same compares what a score decides; the order of criteria may differ in the
// last digits.
func same(a, b scoring.Score) bool {
	near := func(x, y float64) bool { return x == y || math.Abs(x-y) <= 1e-9 }
	return near(a.Points, b.Points) && near(a.Lo, b.Lo) && near(a.Hi, b.Hi) && a.Band == b.Band && a.Eligible == b.Eligible
}

// brief is a score in one line.
func brief(s scoring.Score, err error) string {
	if err != nil {
		return "an error (" + err.Error() + ")"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%v points", s.Points)
	if s.Lo != s.Hi {
		fmt.Fprintf(&b, " (%v to %v)", s.Lo, s.Hi)
	}
	if s.Band != "" {
		fmt.Fprintf(&b, ", band %s", s.Band)
	}
	fmt.Fprintf(&b, ", eligible: %s", s.Eligible)
	return b.String()
}
