package registration

import "math"

// Tests are many conditions bound to one shape, laid out so that the common
// ones, on one answer of the household, run in a nanosecond or two: what a card
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
		slot := x.args[0].slot
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
		switch t.shape.slots[slot].Kind {
		case KindInteger, KindBool, KindConsent, KindDate:
			if a, b, ok := wholes(lo, hi); ok {
				return leaf{leafInt, slot, a, b, t}
			}
		}
		return leaf{leafFloat, slot, int64(math.Float64bits(lo)), int64(math.Float64bits(hi)), t}
	}
	return l
}

// wholes are the first and the last whole number of a range, if it has one and
// its ends are numbers of which a float64 has every neighbour.
func wholes(lo, hi float64) (first, last int64, ok bool) {
	const exact = 1 << 53
	first, last = math.MinInt64, math.MaxInt64
	if !math.IsInf(lo, -1) {
		if lo = math.Ceil(lo); math.Abs(lo) >= exact {
			return 0, 0, false
		}
		first = int64(lo)
	}
	if !math.IsInf(hi, 1) {
		if hi = math.Floor(hi); math.Abs(hi) >= exact {
			return 0, 0, false
		}
		last = int64(hi)
	}
	return first, last, first <= last
}

// EvalInto runs the tests from index first on, one for each element of out,
// each as Test.Eval does.
func (ts *Tests) EvalInto(out []Truth, first int, a *Answers) {
	leaves := ts.leaves[first:]
	leaves = leaves[:len(out)]
	direct := a.shape == ts.shape && a.up == nil
	for i := range leaves {
		l := &leaves[i]
		if l.how == leafTest || !direct {
			out[i] = l.test.Eval(*a)
			continue
		}
		v := &a.vals[l.slot]
		if v.state != Answered {
			if out[i] = Unknown; v.state == NotAsked {
				out[i] = No
			}
			continue
		}
		// Without branches on the answer: households differ, and a processor that
		// guesses wrong costs more than the comparison.
		var holds uint8
		switch l.how {
		case leafInt:
			holds = one(v.n >= l.lo) & one(v.n <= l.hi)
		case leafBit:
			holds = one(v.n&l.lo != 0)
		default:
			f := float64(v.n)
			if v.kind == KindDecimal {
				f = math.Float64frombits(uint64(v.n))
			}
			holds = one(f >= math.Float64frombits(uint64(l.lo))) & one(f <= math.Float64frombits(uint64(l.hi)))
		}
		out[i] = No + Truth(holds)
	}
}

// one is 1 for true, without a branch.
func one(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}
