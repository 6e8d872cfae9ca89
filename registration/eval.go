package registration

import "math"

// Eval runs the test. Answers of another shape are reshaped first, which
// allocates; answers that do not fit the shape are unknown.
func (t *Test) Eval(a Answers) Truth {
	if t.x == nil {
		return Yes
	}
	if a.shape != t.shape {
		var err error
		if a, err = Reshape(a, t.shape); err != nil {
			return Unknown
		}
	}
	if a.up != nil {
		return t.x.eval(a.up.vals, a.vals)
	}
	return t.x.eval(a.vals, nil)
}

// Eval computes the number. Answers of another shape are reshaped first, which
// allocates; answers that do not fit the shape leave it wholly unknown.
func (q *Quantity) Eval(a Answers) Amount {
	if q.x == nil {
		return Amount{}
	}
	if a.shape != q.shape {
		var err error
		if a, err = Reshape(a, q.shape); err != nil {
			return Amount{Lo: math.Inf(-1), Hi: math.Inf(1)}
		}
	}
	if a.up != nil {
		return q.x.amount(a.up.vals, a.vals)
	}
	return q.x.amount(a.vals, nil)
}

// value returns the answer that n reads: a member's or the household's.
func (n *node) value(top, row []Value) *Value {
	if row != nil && !n.outer {
		return &row[n.slot]
	}
	return &top[n.slot]
}

// eval runs a condition on a household and, inside a roster, one of its members.
func (n *node) eval(top, row []Value) Truth {
	switch n.op {
	case opAlways:
		return Yes
	case opAll:
		t := Yes
		for i := range n.args {
			switch n.args[i].eval(top, row) {
			case No:
				return No
			case Unknown:
				t = Unknown
			}
		}
		return t
	case opAny:
		t := No
		for i := range n.args {
			switch n.args[i].eval(top, row) {
			case Yes:
				return Yes
			case Unknown:
				t = Unknown
			}
		}
		return t
	case opNot:
		return n.args[0].eval(top, row).not()
	case opEq, opNe, opLt, opLe, opGt, opGe:
		return n.compare(top, row)
	case opForeign:
		b, ok := n.prog.Eval(n.answers(top, row)).Bool()
		if !ok {
			return Unknown
		}
		return truth(b)
	case opState:
		return truth(clean(*n.value(top, row)).state == State(n.n))
	}
	v := n.value(top, row)
	if v.state != Answered {
		if v.state == NotAsked {
			return No
		}
		return Unknown
	}
	switch n.op {
	case opYes:
		return truth(v.n != 0)
	case opIsOption:
		return truth(v.n == n.n)
	case opIsWords:
		return truth(v.s == n.s)
	case opFromOption:
		return truth(v.n >= n.n)
	case opUpToOption:
		return truth(v.n <= n.n)
	case opHasBit:
		return truth(v.n&(1<<n.n) != 0)
	case opHasWord:
		return truth(hasWord(v.s, n.s))
	case opAnyMember, opEveryMember:
		return n.members(v, top)
	}
	return Unknown
}

func (n *node) members(v *Value, top []Value) Truth {
	decided, t := Yes, No
	if n.op == opEveryMember {
		decided, t = No, Yes
	}
	for _, r := range v.more.rows {
		switch n.args[0].eval(top, r) {
		case decided:
			return decided
		case Unknown:
			t = Unknown
		}
	}
	return t
}

// answers gives a foreign program what it sees.
func (n *node) answers(top, row []Value) Answers {
	if row != nil && !n.outer {
		return Answers{shape: n.inner, vals: row, up: &Answers{shape: n.around, vals: top}}
	}
	return Answers{shape: n.inner, vals: top}
}

func (n *node) compare(top, row []Value) Truth {
	l, r := &n.args[0], &n.args[1]
	if l.op == opValue && r.op == opNumber {
		v := l.value(top, row)
		if v.state != Answered {
			if v.state == NotAsked {
				return No
			}
			return Unknown
		}
		f := float64(v.n)
		if v.kind == KindDecimal {
			f = math.Float64frombits(uint64(v.n))
		}
		return compare(n.op, f, f, r.f, r.f)
	}
	a, b := l.amount(top, row), r.amount(top, row)
	if a.Absent || b.Absent {
		return No
	}
	return compare(n.op, a.Lo, a.Hi, b.Lo, b.Hi)
}

// compare compares two intervals: Yes or No if every pair of values agrees.
func compare(op opcode, alo, ahi, blo, bhi float64) Truth {
	switch op {
	case opLt:
		return sure(ahi < blo, alo >= bhi)
	case opLe:
		return sure(ahi <= blo, alo > bhi)
	case opGt:
		return sure(alo > bhi, ahi <= blo)
	case opGe:
		return sure(alo >= bhi, ahi < blo)
	case opEq:
		return sure(alo == ahi && blo == bhi && alo == blo, ahi < blo || alo > bhi)
	case opNe:
		return sure(ahi < blo || alo > bhi, alo == ahi && blo == bhi && alo == blo)
	}
	return Unknown
}

func sure(yes, no bool) Truth {
	if yes {
		return Yes
	}
	if no {
		return No
	}
	return Unknown
}

// amount computes a number on a household and, inside a roster, one of its members.
func (n *node) amount(top, row []Value) Amount {
	switch n.op {
	case opNumber:
		return exactly(n.f)
	case opValue, opChosen, opMembers:
		v := n.value(top, row)
		switch {
		case v.state == NotAsked:
			return Amount{Absent: true}
		case v.state != Answered:
			return Amount{Lo: n.lo, Hi: n.hi}
		case n.op == opChosen:
			return exactly(float64(v.count()))
		case n.op == opMembers:
			return exactly(float64(len(v.more.rows)))
		case v.kind == KindDecimal:
			return exactly(math.Float64frombits(uint64(v.n)))
		}
		return exactly(float64(v.n))
	case opCount:
		return n.count(top, row)
	case opSum, opSmallest, opLargest:
		return n.fold(top, row)
	case opForeignNumber:
		f, ok := n.prog.Eval(n.answers(top, row)).Float()
		if !ok || math.IsNaN(f) || math.IsInf(f, 0) {
			return Amount{Lo: math.Inf(-1), Hi: math.Inf(1)}
		}
		return exactly(f)
	}
	return n.arithmetic(top, row)
}

func (n *node) count(top, row []Value) Amount {
	v := n.value(top, row)
	switch v.state {
	case Answered:
	case NotAsked:
		return Amount{Absent: true}
	default:
		return Amount{Lo: 0, Hi: n.hi}
	}
	var a Amount
	for _, r := range v.more.rows {
		switch n.args[0].eval(top, r) {
		case Yes:
			a.Lo++
			a.Hi++
		case Unknown:
			a.Hi++
		}
	}
	return a
}

// fold adds up, or takes the smallest or largest, over the members.
func (n *node) fold(top, row []Value) Amount {
	v := n.value(top, row)
	switch v.state {
	case Answered:
	case NotAsked:
		return Amount{Absent: true}
	default:
		return Amount{Lo: math.Inf(-1), Hi: math.Inf(1)}
	}
	acc, some := Amount{}, false
	for _, r := range v.more.rows {
		b := n.args[0].amount(top, r)
		if b.Absent {
			continue
		}
		switch {
		case n.op == opSum:
			acc.Lo += b.Lo
			acc.Hi += b.Hi
		case !some:
			acc = b
		case n.op == opSmallest:
			acc.Lo, acc.Hi = min(acc.Lo, b.Lo), min(acc.Hi, b.Hi)
		default:
			acc.Lo, acc.Hi = max(acc.Lo, b.Lo), max(acc.Hi, b.Hi)
		}
		some = true
	}
	acc.Absent = !some && n.op != opSum
	return acc
}

func (n *node) arithmetic(top, row []Value) Amount {
	var acc Amount
	some, absent := false, true
	for i := range n.args {
		b := n.args[i].amount(top, row)
		absent = absent && b.Absent
		if b.Absent && (n.op == opMin || n.op == opMax) {
			continue
		}
		if !some {
			acc, some = b, true
			continue
		}
		switch n.op {
		case opAdd:
			acc.Lo, acc.Hi = acc.Lo+b.Lo, acc.Hi+b.Hi
		case opSub:
			acc.Lo, acc.Hi = acc.Lo-b.Hi, acc.Hi-b.Lo
		case opMul:
			acc.Lo, acc.Hi = spread(acc, b, func(x, y float64) float64 { return x * y })
		case opDiv:
			if b.Lo <= 0 && b.Hi >= 0 {
				acc = Amount{Lo: math.Inf(-1), Hi: math.Inf(1)}
				continue
			}
			acc.Lo, acc.Hi = spread(acc, b, func(x, y float64) float64 { return x / y })
		case opMin:
			acc.Lo, acc.Hi = min(acc.Lo, b.Lo), min(acc.Hi, b.Hi)
		case opMax:
			acc.Lo, acc.Hi = max(acc.Lo, b.Lo), max(acc.Hi, b.Hi)
		}
	}
	acc.Absent = absent && len(n.args) > 0
	if math.IsNaN(acc.Lo) || math.IsNaN(acc.Hi) { // infinity minus infinity
		acc.Lo, acc.Hi = math.Inf(-1), math.Inf(1)
	}
	return acc
}

// spread is the range of f over the corners of two intervals; 0 times an
// infinite end is 0, since the end itself is never taken.
func spread(a, b Amount, f func(x, y float64) float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, x := range [...]float64{a.Lo, a.Hi} {
		for _, y := range [...]float64{b.Lo, b.Hi} {
			z := f(x, y)
			if math.IsNaN(z) {
				z = 0
			}
			lo, hi = min(lo, z), max(hi, z)
		}
	}
	return lo, hi
}

// hasWord says whether one of the words of list is w.
func hasWord(list, w string) bool {
	for len(list) > 0 {
		i := 0
		for i < len(list) && list[i] != ' ' {
			i++
		}
		if list[:i] == w {
			return true
		}
		if i == len(list) {
			break
		}
		list = list[i+1:]
	}
	return false
}
