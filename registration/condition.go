package registration

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
)

// Truth has three values; the zero value is Unknown.
type Truth uint8

// The three truths. Unknown is what a condition is when an answer it needs is
// missing, refused or not known to the person, and the others do not decide it.
const (
	Unknown Truth = iota
	No
	Yes
)

// String returns "unknown", "no" or "yes".
func (t Truth) String() string { return [...]string{"unknown", "no", "yes"}[t%3] }

func truth(b bool) Truth {
	if b {
		return Yes
	}
	return No
}

func (t Truth) not() Truth {
	switch t {
	case Yes:
		return No
	case No:
		return Yes
	}
	return Unknown
}

// Condition is a test on answers, as data: opaque in Go, plain in JSON. Make
// one from a question's handle (age.AtLeast(60)), combine them with All, Any
// and Not, and Bind it to a Shape to run it. The zero Condition is always Yes.
//
// Each condition on one question is No if the question was not asked, and
// Unknown if the answer is missing, refused or not known.
type Condition struct{ x *expr }

// Number is a number computed from answers, as data: a count of members, a
// sum, a constant. Where an answer is unknown the number is an interval.
type Number struct{ x *expr }

// expr is a node of the one closed tree of conditions and numbers.
type expr struct {
	Op   string  `json:"op"`
	Key  string  `json:"key,omitempty"`
	Text string  `json:"text,omitempty"` // option, state, language of a foreign part
	Src  string  `json:"source,omitempty"`
	N    float64 `json:"n,omitempty"`
	Args []*expr `json:"args,omitempty"`
}

// exprOps says, for every operation, how many arguments it takes (-1 any
// number) and whether they and the result are conditions or numbers.
var exprOps = map[string]struct {
	args      int
	condition bool // the result
	numbers   bool // the arguments
	key, text bool
	source    bool
}{
	"yes":            {condition: true, key: true},
	"is":             {condition: true, key: true, text: true},
	"has":            {condition: true, key: true, text: true},
	"at_least":       {condition: true, key: true, text: true}, // ordinal of an option
	"at_most":        {condition: true, key: true, text: true},
	"state":          {condition: true, key: true, text: true},
	"all":            {args: -1, condition: true},
	"any":            {args: -1, condition: true},
	"not":            {args: 1, condition: true},
	"any_member":     {args: 1, condition: true, key: true},
	"every_member":   {args: 1, condition: true, key: true},
	"==":             {args: 2, condition: true, numbers: true},
	"!=":             {args: 2, condition: true, numbers: true},
	"<":              {args: 2, condition: true, numbers: true},
	"<=":             {args: 2, condition: true, numbers: true},
	">":              {args: 2, condition: true, numbers: true},
	">=":             {args: 2, condition: true, numbers: true},
	"foreign":        {condition: true, text: true, source: true},
	"number":         {},
	"value":          {key: true},
	"chosen":         {key: true},
	"members":        {key: true},
	"count":          {args: 1, key: true}, // its argument is a condition
	"sum":            {args: 1, numbers: true, key: true},
	"smallest":       {args: 1, numbers: true, key: true},
	"largest":        {args: 1, numbers: true, key: true},
	"+":              {args: -1, numbers: true},
	"-":              {args: 2, numbers: true},
	"*":              {args: -1, numbers: true},
	"/":              {args: 2, numbers: true},
	"min":            {args: -1, numbers: true},
	"max":            {args: -1, numbers: true},
	"foreign_number": {text: true, source: true},
}

// All is Yes if every condition is, No if one is No. All of nothing is Yes.
func All(cs ...Condition) Condition { return Condition{&expr{Op: "all", Args: exprs(cs)}} }

// Any is Yes if one condition is, No if every one is No. Any of nothing is No.
func Any(cs ...Condition) Condition { return Condition{&expr{Op: "any", Args: exprs(cs)}} }

// Not turns Yes into No and No into Yes; Unknown stays Unknown. Mind that Not
// of a condition on a question that was not asked is Yes.
func Not(c Condition) Condition { return Condition{&expr{Op: "not", Args: []*expr{c.tree()}}} }

// Foreign is a condition in another language, such as XPath from an XLSForm.
// Its Evaluator is passed to New, Load or Bind.
func Foreign(lang, source string) Condition {
	return Condition{&expr{Op: "foreign", Text: lang, Src: source}}
}

// ForeignNumber is a number in another language.
func ForeignNumber(lang, source string) Number {
	return Number{&expr{Op: "foreign_number", Text: lang, Src: source}}
}

// tree returns the expression; the zero Condition is All().
func (c Condition) tree() *expr {
	if c.x == nil {
		return &expr{Op: "all"}
	}
	return c.x
}

// tree returns the expression; the zero Number is 0.
func (n Number) tree() *expr {
	if n.x == nil {
		return &expr{Op: "number"}
	}
	return n.x
}

func exprs(cs []Condition) []*expr {
	out := make([]*expr, len(cs))
	for i, c := range cs {
		out[i] = c.tree()
	}
	return out
}

// Constant is a number that no answer changes.
func Constant(f float64) Number { return Number{&expr{Op: "number", N: f}} }

func numbers(op string, ns []Number) Number {
	out := make([]*expr, len(ns))
	for i, n := range ns {
		out[i] = n.tree()
	}
	return Number{&expr{Op: op, Args: out}}
}

// Plus adds numbers.
func (n Number) Plus(more ...Number) Number { return numbers("+", append([]Number{n}, more...)) }

// Minus subtracts a number.
func (n Number) Minus(m Number) Number { return numbers("-", []Number{n, m}) }

// Times multiplies numbers.
func (n Number) Times(more ...Number) Number { return numbers("*", append([]Number{n}, more...)) }

// Over divides by a number. A division by zero, or by what may be zero, is unknown.
func (n Number) Over(m Number) Number { return numbers("/", []Number{n, m}) }

// Smallest is the smallest of several numbers.
func Smallest(ns ...Number) Number { return numbers("min", ns) }

// Largest is the largest of several numbers.
func Largest(ns ...Number) Number { return numbers("max", ns) }

func (n Number) compare(op string, m Number) Condition {
	return Condition{&expr{Op: op, Args: []*expr{n.tree(), m.tree()}}}
}

// AtLeast is n >= f.
func (n Number) AtLeast(f float64) Condition { return n.compare(">=", Constant(f)) }

// AtMost is n <= f.
func (n Number) AtMost(f float64) Condition { return n.compare("<=", Constant(f)) }

// MoreThan is n > f.
func (n Number) MoreThan(f float64) Condition { return n.compare(">", Constant(f)) }

// LessThan is n < f.
func (n Number) LessThan(f float64) Condition { return n.compare("<", Constant(f)) }

// Equals is n == f.
func (n Number) Equals(f float64) Condition { return n.compare("==", Constant(f)) }

// Compare compares two numbers: op is one of == != < <= > >=. Another op is an
// authoring mistake, found when the condition is bound.
func (n Number) Compare(op string, m Number) Condition { return n.compare(op, m) }

// MarshalJSON writes the condition as a tree of {"op", "key", "args", ...}.
func (c Condition) MarshalJSON() ([]byte, error) { return json.Marshal(c.tree()) }

// UnmarshalJSON reads what MarshalJSON wrote. What is wrong is found by Bind.
func (c *Condition) UnmarshalJSON(b []byte) error {
	c.x = new(expr)
	return unmarshalExpr(b, c.x)
}

// MarshalJSON writes the number as a tree of {"op", "key", "args", ...}.
func (n Number) MarshalJSON() ([]byte, error) { return json.Marshal(n.tree()) }

// UnmarshalJSON reads what MarshalJSON wrote. What is wrong is found by Bind.
func (n *Number) UnmarshalJSON(b []byte) error {
	n.x = new(expr)
	return unmarshalExpr(b, n.x)
}

func unmarshalExpr(b []byte, x *expr) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(x); err != nil {
		return fmt.Errorf("registration: condition: %w", err)
	}
	return nil
}

func (x *expr) depth() int {
	if x == nil {
		return 0
	}
	d := 0
	for _, a := range x.Args {
		d = max(d, a.depth())
	}
	return d + 1
}

// Reads lists the keys that the condition names, each once: "age" for a
// question, "members.age" for what is asked of a roster's members. Foreign
// parts are not looked into, and what a condition on members reads of the
// household is listed as the members': Test.Reads knows better.
func (c Condition) Reads() []string { return reads(c.tree()) }

// Reads lists the keys that the number needs, like Condition.Reads.
func (n Number) Reads() []string { return reads(n.tree()) }

func reads(x *expr) []string {
	var keys []string
	x.walk("", func(key string) {
		if !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	})
	return keys
}

func (x *expr) walk(prefix string, visit func(key string)) {
	if x == nil {
		return
	}
	if x.Key != "" {
		visit(prefix + x.Key)
	}
	switch x.Op {
	case "any_member", "every_member", "count", "sum", "smallest", "largest":
		prefix = x.Key + "."
	}
	for _, a := range x.Args {
		a.walk(prefix, visit)
	}
}

// Amount is a number with what is not known about it: the true value lies in
// [Lo, Hi]. The ends are infinite where a question declares no range.
type Amount struct {
	Lo, Hi float64
	Absent bool // a question that was not asked: 0 in a sum, and every comparison with it is No
}

// Known returns the value, if the answers leave only one.
func (a Amount) Known() (f float64, ok bool) {
	return a.Lo, a.Lo == a.Hi && !math.IsInf(a.Lo, 0)
}

func exactly(f float64) Amount { return Amount{Lo: f, Hi: f} }
