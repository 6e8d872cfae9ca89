package scoring

import (
	"maps"
	"math"

	"github.com/hubkit/hubkit/registration"
)

// can says what a condition can be for a household that was asked and answered
// every question. It is sure of a false, and generous with a true.
func (t *tree) can(s scope) (yes, no bool) {
	switch t.Op {
	case "all", "any":
		yes, no = t.Op == "all", t.Op == "any"
		for i := range t.Args {
			y, n := t.Args[i].can(s)
			if t.Op == "all" {
				yes, no = yes && y, no || n
			} else {
				yes, no = yes || y, no && n
			}
		}
		if t.Op == "all" && yes {
			yes = (facts{}).admit(s, t)
		}
		return yes, no
	case "not":
		yes, no = t.Args[0].can(s)
		return no, yes
	case "any_member":
		in, _ := s.inside(t.Key)
		yes, _ = t.Args[0].can(in)
		return yes, true
	case "every_member":
		in, _ := s.inside(t.Key)
		_, no = t.Args[0].can(in)
		return true, no
	case "==", "!=", "<", "<=", ">", ">=":
		a, _ := t.Args[0].reach(s)
		b, _ := t.Args[1].reach(s)
		return compare(t.Op, a, b)
	}
	return true, true
}

// compare says what a comparison of numbers of two ranges can be.
func compare(op string, a, b span) (yes, no bool) {
	switch op {
	case "<":
		return a.lo < b.hi, a.hi >= b.lo
	case "<=":
		return a.lo <= b.hi, a.hi > b.lo
	case ">":
		return a.hi > b.lo, a.lo <= b.hi
	case ">=":
		return a.hi >= b.lo, a.lo < b.hi
	}
	meet := a.lo <= b.hi && b.lo <= a.hi
	one := a == b && a.lo == a.hi
	if op == "==" {
		return meet, !one
	}
	return !one, meet
}

// facts are what the parts of a conjunction demand of each answer: numbers, and
// options by their place in the list, as a range; words and states as a text.
type facts map[string]fact

type fact struct {
	span
	words, state string
	some         bool
}

// admit adds what t demands and says whether an answer can meet all of it.
// What it does not understand it lets pass.
func (f facts) admit(s scope, t *tree) bool {
	switch t.Op {
	case "all":
		for i := range t.Args {
			if !f.admit(s, &t.Args[i]) {
				return false
			}
		}
		// A second look, now that all is known, at what has alternatives.
		for i := range t.Args {
			if t.Args[i].Op == "any" && !f.alternatives(s, &t.Args[i]) {
				return false
			}
		}
	case "any_member":
		in, _ := s.inside(t.Key)
		return (facts{}).admit(in, &t.Args[0])
	case "yes":
		return f.narrow(s, t.Key, 1, 1)
	case "is":
		if i, ok := s.option(t); ok {
			return f.narrow(s, t.Key, i, i)
		}
		return f.say(t.Key, t.Text, "")
	case "at_least", "at_most":
		if i, ok := s.option(t); ok && t.Op == "at_least" {
			return f.narrow(s, t.Key, i, math.Inf(1))
		} else if ok {
			return f.narrow(s, t.Key, math.Inf(-1), i)
		}
	case "state":
		return f.say(t.Key, "", t.Text)
	case "==", "<", "<=", ">", ">=":
		return f.compared(s, t)
	}
	return true
}

func (f facts) alternatives(s scope, t *tree) bool {
	for i := range t.Args {
		if maps.Clone(f).admit(s, &t.Args[i]) {
			return true
		}
	}
	return false
}

func (f facts) compared(s scope, t *tree) bool {
	if t.Args[0].Op != "value" || t.Args[1].Op != "number" {
		return true
	}
	key, x := t.Args[0].Key, t.Args[1].N
	sl, _ := s.slot(key)
	over, under := math.Nextafter(x, math.Inf(1)), math.Nextafter(x, math.Inf(-1))
	switch sl.Kind {
	case registration.KindInteger, registration.KindDate, registration.KindBool, registration.KindConsent:
		over, under = math.Floor(x)+1, math.Ceil(x)-1
	}
	switch t.Op {
	case "==":
		return f.narrow(s, key, x, x)
	case "<":
		return f.narrow(s, key, math.Inf(-1), under)
	case "<=":
		return f.narrow(s, key, math.Inf(-1), x)
	case ">":
		return f.narrow(s, key, over, math.Inf(1))
	}
	return f.narrow(s, key, x, math.Inf(1))
}

// narrow demands an answer between lo and hi.
func (f facts) narrow(s scope, key string, lo, hi float64) bool {
	a, ok := f[key]
	if !ok || !a.some {
		r := endless
		if sl, found := s.slot(key); found && sl.Kind != registration.KindOne {
			r, _ = (&tree{Op: "value", Key: key}).reach(s)
		}
		a.span, a.some = r, true
	}
	a.lo, a.hi = max(a.lo, lo), min(a.hi, hi)
	f[key] = a
	return a.lo <= a.hi && (a.state == "" || a.state == "answered")
}

// say demands a text, or a state.
func (f facts) say(key, words, state string) bool {
	a := f[key]
	if words != "" {
		if a.words != "" && a.words != words {
			return false
		}
		a.words = words
	}
	if state != "" {
		if a.state != "" && a.state != state {
			return false
		}
		a.state = state
	}
	f[key] = a
	return a.state == "" || a.state == "answered" || a.words == "" && !a.some
}

// option is the place of a tree's option in its question's list.
func (s scope) option(t *tree) (float64, bool) {
	sl, _ := s.slot(t.Key)
	for i, o := range sl.Options {
		if o == t.Text {
			return float64(i), true
		}
	}
	return 0, false
}
