package registration

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Evaluator compiles foreign expressions. It is passed to New, Load and Bind,
// never registered globally. Safe for concurrent use.
type Evaluator interface {
	// Language is the name that Foreign conditions use: "xpath".
	Language() string
	// Compile compiles a source against the keys of scope.
	Compile(source string, scope *Shape) (Program, error)
}

// Program is a compiled foreign expression: pure, and safe for concurrent use.
type Program interface {
	// Eval returns a yes or no for a condition, a number for a number; any
	// other state means unknown.
	Eval(a Answers) Value
	// Reads lists the keys it needs, for skip logic, export and proofs.
	Reads() []string
}

// Test is a condition bound to a shape: no map access and no allocation when
// answers have that shape. Safe for concurrent use. The zero Test is always Yes.
type Test struct {
	shape *Shape // of the household, or of the member if up is not nil
	up    *Shape
	x     *node
}

// Quantity is a number bound to a shape, as Test is a condition.
type Quantity struct {
	shape *Shape
	up    *Shape
	x     *node
}

// node is a compiled expression.
type node struct {
	op     opcode
	outer  bool // inside a member: the slot is the household's
	slot   int32
	n      int64
	f      float64
	lo     float64 // bounds of an unanswered number
	hi     float64
	s      string
	args   []node
	prog   Program
	inner  *Shape // the members' of a roster, or what a foreign program sees
	around *Shape // the household's, for a member that reads it
}

type opcode uint8

const (
	opAlways opcode = iota
	opYes
	opIsOption
	opIsWords
	opHasBit
	opHasWord
	opFromOption
	opUpToOption
	opState
	opAll
	opAny
	opNot
	opAnyMember
	opEveryMember
	opEq
	opNe
	opLt
	opLe
	opGt
	opGe
	opForeign
	opNumber
	opValue
	opChosen
	opMembers
	opCount
	opSum
	opSmallest
	opLargest
	opAdd
	opSub
	opMul
	opDiv
	opMin
	opMax
	opForeignNumber
)

var opcodes = map[string]opcode{
	"yes": opYes, "is": opIsOption, "has": opHasBit, "at_least": opFromOption, "at_most": opUpToOption, "state": opState,
	"all": opAll, "any": opAny, "not": opNot, "any_member": opAnyMember, "every_member": opEveryMember,
	"==": opEq, "!=": opNe, "<": opLt, "<=": opLe, ">": opGt, ">=": opGe, "foreign": opForeign,
	"number": opNumber, "value": opValue, "chosen": opChosen, "members": opMembers, "count": opCount, "sum": opSum,
	"smallest": opSmallest, "largest": opLargest, "+": opAdd, "-": opSub, "*": opMul, "/": opDiv, "min": opMin, "max": opMax,
	"foreign_number": opForeignNumber,
}

// ConditionError says what is wrong with a condition.
type ConditionError struct {
	Op  string // the operation, as JSON names it
	Key string // the question, if it is about one
	Say string // what is wrong and what to do
	Err error  // ErrUnknownKey, or what an Evaluator said
}

// Error says what is wrong.
func (e *ConditionError) Error() string {
	if e.Key != "" {
		return fmt.Sprintf("registration: condition %q on %q: %s", e.Op, e.Key, e.Say)
	}
	return fmt.Sprintf("registration: condition %q: %s", e.Op, e.Say)
}

// Unwrap returns the cause.
func (e *ConditionError) Unwrap() error { return e.Err }

// Bind checks the keys and kinds, and compiles foreign parts. The error lists
// every *ConditionError.
func (c Condition) Bind(s *Shape, evs ...Evaluator) (Test, error) { return c.bind(s, nil, evs) }

// Bind checks the keys and kinds, and compiles foreign parts. The error lists
// every *ConditionError.
func (n Number) Bind(s *Shape, evs ...Evaluator) (Quantity, error) { return n.bind(s, nil, evs) }

// bind binds to a member's shape s inside the household's shape up, or to a household's alone.
func (c Condition) bind(s, up *Shape, evs []Evaluator) (Test, error) {
	b := binder{evs: evs}
	x := b.root(c.tree(), s, up, true)
	if len(b.errs) > 0 {
		return Test{}, errors.Join(b.errs...)
	}
	return Test{shape: s, up: up, x: &x}, nil
}

func (n Number) bind(s, up *Shape, evs []Evaluator) (Quantity, error) {
	b := binder{evs: evs}
	x := b.root(n.tree(), s, up, false)
	if len(b.errs) > 0 {
		return Quantity{}, errors.Join(b.errs...)
	}
	return Quantity{shape: s, up: up, x: &x}, nil
}

// Reads lists the keys that the test needs, each once: "age" for a question of
// the shape, "members.age" for one of a roster's members. Foreign parts are in it.
func (t *Test) Reads() []string { return t.x.readsOf(t.shape) }

// Reads lists the keys that the number needs, like Test.Reads.
func (q *Quantity) Reads() []string { return q.x.readsOf(q.shape) }

func (n *node) readsOf(s *Shape) []string {
	var keys []string
	if n != nil {
		n.reads(s, "", func(key string) {
			if !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		})
	}
	return keys
}

// reads visits what n reads; prefix is that of the roster whose members s is
// the shape of, when it was come to from the household.
func (n *node) reads(s *Shape, prefix string, visit func(key string)) {
	switch n.op {
	case opForeign, opForeignNumber:
		for _, k := range n.prog.Reads() {
			if _, own := n.inner.index[k]; own {
				k = prefix + k
			}
			visit(k)
		}
	case opYes, opIsOption, opIsWords, opHasBit, opHasWord, opFromOption, opUpToOption, opState, opValue, opChosen, opMembers:
		visit(n.key(s, prefix))
	case opAnyMember, opEveryMember, opCount, opSum, opSmallest, opLargest:
		key := n.key(s, prefix)
		visit(key)
		n.args[0].reads(n.inner, key+".", visit)
		return
	}
	for i := range n.args {
		n.args[i].reads(s, prefix, visit)
	}
}

func (n *node) key(s *Shape, prefix string) string {
	if n.outer {
		return n.around.slots[n.slot].Key
	}
	return prefix + s.slots[n.slot].Key
}

type binder struct {
	evs  []Evaluator
	errs []error
}

func (b *binder) fail(x *expr, err error, format string, a ...any) node {
	b.errs = append(b.errs, &ConditionError{Op: x.Op, Key: x.Key, Say: fmt.Sprintf(format, a...), Err: err})
	return node{}
}

// maxDepth bounds the nesting of a condition, which may come from outside.
const maxDepth = 64

func (b *binder) root(x *expr, s, up *Shape, condition bool) node {
	if x.depth() > maxDepth {
		return b.fail(x, nil, "it is nested more than %d deep: split it with a calculated answer", maxDepth)
	}
	return b.node(x, s, up, condition)
}

func (b *binder) node(x *expr, s, up *Shape, condition bool) node {
	if x == nil {
		return b.fail(&expr{}, nil, "a part inside it is empty")
	}
	spec, ok := exprOps[x.Op]
	switch {
	case !ok:
		return b.fail(x, nil, "there is no such operation")
	case spec.condition != condition && condition:
		return b.fail(x, nil, "a condition is needed here, and this is a number: compare it with something")
	case spec.condition != condition:
		return b.fail(x, nil, "a number is needed here, and this is a condition")
	case spec.args >= 0 && len(x.Args) != spec.args:
		return b.fail(x, nil, "it needs %d parts inside it (\"args\") and has %d", spec.args, len(x.Args))
	case !spec.key && x.Key != "", !spec.text && x.Text != "", !spec.source && x.Src != "", x.Op != "number" && x.N != 0:
		return b.fail(x, nil, "it holds something that means nothing here: a key, text, source or number")
	case math.IsNaN(x.N) || math.IsInf(x.N, 0):
		return b.fail(x, nil, "the constant is not a finite number")
	}
	n := node{op: opcodes[x.Op], f: x.N, s: x.Text}
	var sl *Slot
	if spec.key {
		i, found := s.index[x.Key]
		if !found && up != nil {
			i, found = up.index[x.Key]
			n.outer, n.around = found, up
			s = up
		}
		if !found {
			return b.fail(x, ErrUnknownKey, "no question has this key%s", b.hint(x.Key, s))
		}
		n.slot, sl = int32(i), &s.slots[i]
		n.lo, n.hi = sl.Min, sl.Max
		if msg := n.settle(x, sl); msg != "" {
			return b.fail(x, nil, "%s", msg)
		}
	}
	switch n.op {
	case opAnyMember, opEveryMember, opCount, opSum, opSmallest, opLargest:
		n.inner, n.hi = sl.Rows, float64(sl.MaxRows)
		if sl.MaxRows == 0 {
			n.hi = math.Inf(1)
		}
		n.args = []node{b.node(x.Args[0], sl.Rows, s, n.op == opAnyMember || n.op == opEveryMember || n.op == opCount)}
	case opForeign, opForeignNumber:
		n.prog = b.foreign(x, s)
		n.inner, n.around = s, up
	default:
		for _, a := range x.Args {
			n.args = append(n.args, b.node(a, s, up, !spec.numbers))
		}
		if (n.op == opMin || n.op == opMax) && len(n.args) == 0 {
			return b.fail(x, nil, "it needs at least one number")
		}
	}
	return n
}

// settle fits the operation to the slot's kind; it returns what is wrong.
func (n *node) settle(x *expr, sl *Slot) string {
	kind := func(ks ...Kind) string {
		for _, k := range ks {
			if sl.Kind == k || sl.Kind == KindNone {
				return ""
			}
		}
		return fmt.Sprintf("it does not fit a question whose answer is %s", sl.Kind)
	}
	option := func() string {
		if len(sl.Options) == 0 { // answers made by hand: keys only
			return ""
		}
		if n.n = int64(sl.option(x.Text)); n.n < 0 {
			return fmt.Sprintf("%q is not one of its options (%s)", x.Text, strings.Join(sl.Options, ", "))
		}
		return ""
	}
	switch n.op {
	case opYes:
		return kind(KindBool, KindConsent)
	case opIsOption:
		if sl.Kind == KindWords {
			n.op = opIsWords
			return ""
		}
		if msg := kind(KindOne); msg != "" {
			return msg
		}
		if len(sl.Options) == 0 {
			n.op = opIsWords
		}
		return option()
	case opFromOption, opUpToOption:
		if msg := kind(KindOne); msg != "" {
			return msg
		}
		if len(sl.Options) == 0 {
			return "the order of its options is not known: bind the condition to a questionnaire's shape"
		}
		return option()
	case opHasBit:
		if msg := kind(KindMany); msg != "" {
			return msg
		}
		if len(sl.Options) == 0 {
			n.op = opHasWord
		}
		return option()
	case opState:
		for i, name := range stateNames {
			if name == x.Text {
				n.n = int64(i)
				return ""
			}
		}
		return fmt.Sprintf("%q is not a state: use one of %s", x.Text, strings.Join(stateNames[:], ", "))
	case opValue:
		return kind(KindInteger, KindDecimal, KindDate, KindBool, KindConsent)
	case opChosen:
		n.lo, n.hi = 0, float64(len(sl.Options))
		return kind(KindMany)
	case opMembers, opAnyMember, opEveryMember, opCount, opSum, opSmallest, opLargest:
		if sl.Kind != KindRows {
			return "it does not fit: this is not a roster"
		}
		if n.op == opMembers {
			n.lo, n.hi = 0, float64(sl.MaxRows)
			if sl.MaxRows == 0 {
				n.hi = math.Inf(1)
			}
		}
	}
	return ""
}

func (b *binder) foreign(x *expr, s *Shape) Program {
	for _, ev := range b.evs {
		if ev.Language() == x.Text {
			p, err := ev.Compile(x.Src, s)
			if err != nil {
				b.fail(x, err, "it is not valid %s: %v", x.Text, err)
			}
			return p
		}
	}
	b.fail(x, nil, "there is no evaluator for the language %q: pass one in Evaluators", x.Text)
	return nil
}

// hint names the roster that has the key, if one does.
func (b *binder) hint(key string, s *Shape) string {
	for i := range s.slots {
		if r := s.slots[i].Rows; r != nil {
			if _, ok := r.index[key]; ok {
				return fmt.Sprintf(" here: it is asked of each member of %q, so use %s.Any or %s.Count", s.slots[i].Key, s.slots[i].Key, s.slots[i].Key)
			}
		}
	}
	return ""
}
