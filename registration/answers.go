package registration

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
)

// Answers are values by slot of a Shape. They are immutable: With returns a
// copy. Safe for concurrent use.
type Answers struct {
	shape *Shape
	vals  []Value
	up    *Answers // the household around a member
}

// Of builds answers by hand, for tests and researchers: no questionnaire needed.
//
//	registration.Of(map[string]registration.Value{"age": registration.IntValue(70)})
func Of(pairs map[string]Value) Answers {
	s := &Shape{index: make(map[string]int, len(pairs))}
	a := Answers{shape: s, vals: make([]Value, 0, len(pairs))}
	for _, k := range slices.Sorted(maps.Keys(pairs)) {
		v := pairs[k]
		sl := Slot{Key: k, Kind: v.Kind()}
		if sl.Kind == KindRows {
			sl.Rows = v.more.shape
		}
		s.index[k] = len(s.slots)
		s.slots = append(s.slots, sl)
		a.vals = append(a.vals, v)
	}
	return a
}

// Shape returns the shape, which is nil for the zero Answers.
func (a Answers) Shape() *Shape { return a.shape }

// Get returns the answer to a question. For a member of a roster it looks at
// the member first and then at the household around. An unknown key is missing.
func (a Answers) Get(key string) Value {
	for b := &a; b != nil; b = b.up {
		if b.shape == nil {
			continue
		}
		if i, ok := b.shape.index[key]; ok {
			return clean(b.vals[i])
		}
	}
	return Value{}
}

// own is Get without the household around.
func (a Answers) own(key string) Value {
	if a.shape == nil {
		return Value{}
	}
	if i, ok := a.shape.index[key]; ok {
		return clean(a.vals[i])
	}
	return Value{}
}

// clean takes an interview's private mark off an answer that was passed over.
func clean(v Value) Value {
	if v.state == Missing {
		return Value{}
	}
	return v
}

// All yields every key with its answer, in the order of the shape.
func (a Answers) All() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		for i := range a.vals {
			if !yield(a.shape.slots[i].Key, clean(a.vals[i])) {
				return
			}
		}
	}
}

// Members yields the members of a roster; nothing if it was not answered.
// Each member's Get falls back to the household.
func (a Answers) Members(key string) iter.Seq[Answers] {
	v := a.Get(key)
	return func(yield func(Answers) bool) {
		if v.Kind() != KindRows {
			return
		}
		for _, row := range v.more.rows {
			if !yield(Answers{shape: v.more.shape, vals: row, up: &a}) {
				return
			}
		}
	}
}

// With returns a copy with one answer changed. A key that the shape lacks gives ErrUnknownKey,
// a value of the wrong kind a *ValueError.
func (a Answers) With(key string, v Value) (Answers, error) {
	i, ok := -1, false
	if a.shape != nil {
		i, ok = a.shape.index[key]
	}
	if !ok {
		return Answers{}, fmt.Errorf("%w: %q", ErrUnknownKey, key)
	}
	fitted, err := fit(v, &a.shape.slots[i], key)
	if err != nil {
		return Answers{}, err
	}
	b := Answers{shape: a.shape, vals: slices.Clone(a.vals), up: a.up}
	b.vals[i] = fitted
	return b, nil
}

// Equal says whether both hold the same answers under the same keys, in any
// order; a missing answer equals a key that is not there.
func (a Answers) Equal(b Answers) bool {
	return a.covers(b) && b.covers(a)
}

func (a Answers) covers(b Answers) bool {
	for k, v := range b.All() {
		if !a.own(k).Equal(v) {
			return false
		}
	}
	return true
}

// ErrUnknownKey says that no question of the shape has this key.
var ErrUnknownKey = errors.New("registration: no question has this key")

// ValueError says that an answer does not fit its question. It never holds the answer.
type ValueError struct {
	Key  string
	Want Kind
	Got  Kind
	Say  string // what to do
}

// Error names the question and what was expected.
func (e *ValueError) Error() string {
	if e.Say != "" {
		return fmt.Sprintf("registration: answer to %q: %s", e.Key, e.Say)
	}
	return fmt.Sprintf("registration: answer to %q is of kind %s, but the question takes %s", e.Key, e.Got, e.Want)
}

// Reshape returns the answers in the order of s, so that what is bound to s
// reads them without a map. Answers that s does not know are left out. The
// error lists every answer that does not fit its slot: the wrong kind, or an
// option that is not in the list.
func Reshape(a Answers, s *Shape) (Answers, error) {
	if a.shape == s {
		return a, nil
	}
	vals, err := reshape(a, s, "")
	if err != nil {
		return Answers{}, err
	}
	return Answers{shape: s, vals: vals}, nil
}

func reshape(a Answers, s *Shape, path string) ([]Value, error) {
	vals := make([]Value, len(s.slots))
	var errs []error
	for i := range s.slots {
		v, err := fit(a.own(s.slots[i].Key), &s.slots[i], path+s.slots[i].Key)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		vals[i] = v
	}
	return vals, errors.Join(errs...)
}

// fit makes v an answer of slot sl: ordinals and option bits are filled in.
func fit(v Value, sl *Slot, path string) (Value, error) {
	v = clean(v)
	if v.state != Answered || sl.Kind == KindNone {
		return v, nil
	}
	if v.kind == KindInteger && sl.Kind == KindDecimal {
		return DecimalValue(float64(v.n)), nil
	}
	if v.kind == KindBool && sl.Kind == KindConsent {
		return ConsentValue(v.n != 0, ""), nil
	}
	if v.kind != sl.Kind {
		return Value{}, &ValueError{Key: path, Want: sl.Kind, Got: v.kind}
	}
	switch v.kind {
	case KindOne:
		if len(sl.Options) == 0 {
			return v, nil
		}
		if v.n = int64(sl.option(v.s)); v.n < 0 {
			return Value{}, &ValueError{Key: path, Want: sl.Kind, Got: v.kind, Say: "the option is not in the question's list: use one of its option keys"}
		}
	case KindMany:
		if len(sl.Options) == 0 {
			return v, nil
		}
		var set uint64
		for _, k := range strings.Fields(v.s) {
			o := sl.option(k)
			if o < 0 {
				return Value{}, &ValueError{Key: path, Want: sl.Kind, Got: v.kind, Say: "an option is not in the question's list: use its option keys"}
			}
			set |= 1 << o
		}
		return manyValue(set, sl.Options), nil
	case KindRows:
		rows := make([][]Value, len(v.more.rows))
		var errs []error
		for i := range v.more.rows {
			r, err := reshape(Answers{shape: v.more.shape, vals: v.more.rows[i]}, sl.Rows, fmt.Sprintf("%s[%d].", path, i+1))
			errs = append(errs, err)
			rows[i] = r
		}
		return Value{state: Answered, kind: KindRows, more: &more{shape: sl.Rows, rows: rows}}, errors.Join(errs...)
	}
	return v, nil
}

// manyValue is the answer with the options of set, in the order of the list.
func manyValue(set uint64, options []string) Value {
	var b strings.Builder
	for i, k := range options {
		if set&(1<<i) != 0 {
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(k)
		}
	}
	return Value{state: Answered, kind: KindMany, n: int64(set), s: b.String()}
}

// clone copies values deeply, without an interview's private marks.
func clone(vals []Value) []Value {
	out := make([]Value, len(vals))
	for i, v := range vals {
		v = clean(v)
		if v.state == Answered && v.kind == KindRows {
			rows := make([][]Value, len(v.more.rows))
			for j := range rows {
				rows[j] = clone(v.more.rows[j])
			}
			v.more = &more{shape: v.more.shape, rows: rows}
		}
		out[i] = v
	}
	return out
}
