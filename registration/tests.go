package registration

import "math"

// Tests are many conditions bound to one shape, laid out so that the common
// ones, on one answer of the household, run in a few nanoseconds: what a card
// of many criteria evaluates. Safe for concurrent use.
type Tests struct {
	shape  *Shape
	leaves []leaf
}

// leaf is a condition on one answer, or a Test where it is more than that.
type leaf struct {
	how    uint8
	slot   int32
	lo, hi int64 // bounds of a whole number, or the bits of those of a float
	test   *Test
}

const (
	leafTest uint8 = iota
	leafInt
	leafFloat
	leafBit
)

// NewTests lays out conditions that are bound to one shape.
func NewTests(ts ...Test) Tests {
	all := Tests{leaves: make([]leaf, len(ts))}
	for i := range ts {
		if all.shape == nil {
			all.shape = ts[i].shape
		}
		if all.leaves[i] = leafOf(&ts[i]); ts[i].shape != all.shape {
			all.leaves[i].how = leafTest
		}
	}
	return all
}

func leafOf(t *Test) leaf {
	l := leaf{test: t}
	if t.x == nil || t.up != nil {
		return l
	}
	x := t.x
	switch x.op {
	case opYes:
		return leaf{leafInt, x.slot, 1, math.MaxInt64, t}
	case opIsOption:
		return leaf{leafInt, x.slot, x.n, x.n, t}
	case opFromOption:
		return leaf{leafInt, x.slot, x.n, math.MaxInt64, t}
	case opUpToOption:
		return leaf{leafInt, x.slot, math.MinInt64, x.n, t}
	case opHasBit:
		return leaf{leafBit, x.slot, 1 << x.n, 0, t}
	case opEq, opLt, opLe, opGt, opGe:
		if x.args[0].op != opValue || x.args[1].op != opNumber {
			return l
		}
		lo, hi := math.Inf(-1), math.Inf(1)
		switch f := x.args[1].f; x.op {
		case opEq:
			lo, hi = f, f
		case opLt:
			hi = math.Nextafter(f, lo)
		case opLe:
			hi = f
		case opGt:
			lo = math.Nextafter(f, hi)
		default:
			lo = f
		}
		return leaf{leafFloat, x.args[0].slot, int64(math.Float64bits(lo)), int64(math.Float64bits(hi)), t}
	}
	return l
}

// Eval runs the test at index i, as Test.Eval does.
func (ts *Tests) Eval(i int, a *Answers) Truth {
	l := &ts.leaves[i]
	if l.how == leafTest || a.shape != ts.shape || a.up != nil {
		return l.test.Eval(*a)
	}
	v := &a.vals[l.slot]
	if v.state != Answered {
		if v.state == NotAsked {
			return No
		}
		return Unknown
	}
	switch l.how {
	case leafInt:
		return truth(v.n >= l.lo && v.n <= l.hi)
	case leafBit:
		return truth(v.n&l.lo != 0)
	}
	f := float64(v.n)
	if v.kind == KindDecimal {
		f = math.Float64frombits(uint64(v.n))
	}
	return truth(f >= math.Float64frombits(uint64(l.lo)) && f <= math.Float64frombits(uint64(l.hi)))
}
