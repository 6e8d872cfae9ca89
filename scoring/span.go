package scoring

import (
	"encoding/json"
	"math"

	"github.com/hubkit/hubkit/registration"
)

// span is a range of numbers.
type span struct{ lo, hi float64 }

func (s span) hull(t span) span { return span{min(s.lo, t.lo), max(s.hi, t.hi)} }

func (s span) bounded() bool { return finite(s.lo) && finite(s.hi) }

var endless = span{math.Inf(-1), math.Inf(1)}

// tree is a condition or a number as its JSON shows it: what the proofs read.
type tree struct {
	Op     string  `json:"op"`
	Key    string  `json:"key"`
	Text   string  `json:"text"`
	Source string  `json:"source"`
	N      float64 `json:"n"`
	Args   []tree  `json:"args"`
}

// treeOf reads the tree of a condition or number.
func treeOf(v json.Marshaler) tree {
	var t tree
	if b, err := v.MarshalJSON(); err == nil {
		_ = json.Unmarshal(b, &t) // New has bound it: it is sound
	}
	return t
}

// scope is where a tree's keys are looked up: among the household's answers or,
// inside a roster, first among the member's.
type scope struct{ row, top *registration.Shape }

func (s scope) slot(key string) (registration.Slot, bool) {
	for _, sh := range []*registration.Shape{s.row, s.top} {
		if sh == nil {
			continue
		}
		if i, ok := sh.Find(key); ok {
			return sh.At(i), true
		}
	}
	return registration.Slot{}, false
}

// inside is the scope of a roster's members.
func (s scope) inside(key string) (scope, float64) {
	sl, ok := s.slot(key)
	if !ok || sl.Rows == nil {
		return s, math.Inf(1)
	}
	most := float64(sl.MaxRows)
	if sl.MaxRows == 0 {
		most = math.Inf(1)
	}
	return scope{sl.Rows, s.top}, most
}

// reach is all that a number can be, when it is not absent; absent says whether
// it may be, because a question was not asked.
func (t *tree) reach(s scope) (r span, absent bool) {
	switch t.Op {
	case "number":
		return span{t.N, t.N}, false
	case "value":
		sl, ok := s.slot(t.Key)
		switch {
		case !ok:
			return endless, true
		case sl.Kind == registration.KindBool || sl.Kind == registration.KindConsent:
			return span{0, 1}, true
		}
		return span{sl.Min, sl.Max}, true
	case "chosen":
		sl, _ := s.slot(t.Key)
		if len(sl.Options) == 0 {
			return span{0, math.Inf(1)}, true
		}
		return span{0, float64(len(sl.Options))}, true
	case "members", "count":
		_, most := s.inside(t.Key)
		return span{0, most}, true
	case "sum", "smallest", "largest":
		in, most := s.inside(t.Key)
		each, _ := t.Args[0].reach(in)
		if t.Op == "sum" {
			return span{times(min(each.lo, 0), most), times(max(each.hi, 0), most)}, true
		}
		return each, true
	case "+", "-", "*", "/", "min", "max":
		return t.arithmetic(s)
	}
	return endless, true // foreign
}

func (t *tree) arithmetic(s scope) (span, bool) {
	acc, all := span{}, true
	choice := t.Op == "min" || t.Op == "max"
	var outer span
	for i := range t.Args {
		b, absent := t.Args[i].reach(s)
		all = all && absent
		if absent && !choice && !(t.Op == "/" && i > 0) {
			b = b.hull(span{}) // it counts as 0 beside others that are not absent; what is divided by it is not known
		}
		if i == 0 {
			acc, outer = b, b
			continue
		}
		outer = outer.hull(b)
		switch t.Op {
		case "+":
			acc = span{acc.lo + b.lo, acc.hi + b.hi}
		case "-":
			acc = span{acc.lo - b.hi, acc.hi - b.lo}
		case "*":
			acc = corners(acc, b)
		case "/":
			if b.lo <= 0 && b.hi >= 0 {
				acc = endless
				continue
			}
			acc = corners(acc, span{1 / b.hi, 1 / b.lo})
		}
	}
	if choice { // any of them may be absent
		acc = outer
	}
	if acc.lo != acc.lo || acc.hi != acc.hi {
		acc = endless
	}
	return acc, all
}

// times is a product in which nothing of something endless is nothing.
func times(a, b float64) float64 {
	if a == 0 || b == 0 {
		return 0
	}
	return a * b
}

func corners(a, b span) span {
	p, q, r, s := times(a.lo, b.lo), times(a.lo, b.hi), times(a.hi, b.lo), times(a.hi, b.hi)
	return span{min(p, q, r, s), max(p, q, r, s)}
}
