package icu

import (
	"fmt"
	"strconv"
	"strings"
)

// Format says p with the values of args. It never panics: a variable that is
// missing or nil is left out, a plural or select on it says "other".
//
// Whole numbers are printed in Latin digits without grouping, decimals with a
// point and as many digits as they need, booleans as true and false, other
// types as fmt.Sprint does.
func (p *Pattern) Format(r Rules, args map[string]any) string {
	var b strings.Builder
	b.Grow(p.size)
	say(&b, p.Nodes, r, args)
	return b.String()
}

func say(b *strings.Builder, ns []Node, r Rules, args map[string]any) {
	for i := range ns {
		switch n := &ns[i]; n.Kind {
		case Literal:
			b.WriteString(n.Text)
		case Variable:
			write(b, args[n.Text])
		case Plural:
			say(b, n.byNumber(number(args[n.Text]), r), r, args)
		case Select:
			say(b, n.byWord(args[n.Text]), r, args)
		}
	}
}

// byNumber returns the words for num: an exact number, else its form, else other.
func (n *Node) byNumber(num Number, r Rules) []Node {
	if num.isExact {
		for i := range n.Cases {
			if c := &n.Cases[i]; c.exact && c.n == num.exact {
				return c.Nodes
			}
		}
	}
	var other []Node
	form := r.Form(num)
	for i := range n.Cases {
		switch c := &n.Cases[i]; {
		case c.exact:
		case c.form == form:
			return c.Nodes
		case c.form == Other:
			other = c.Nodes
		}
	}
	return other
}

// Worded is a value that is printed as its String and selected by its Word,
// which stays the same in every language.
type Worded interface{ Word() string }

// byWord returns the words for v by its Word, or as it would be printed; else other.
func (n *Node) byWord(v any) []Node {
	if w, ok := v.(Worded); ok {
		v = w.Word()
	}
	var tmp [32]byte
	s, isString := v.(string)
	word := tmp[:0]
	if !isString {
		word = appendValue(word, v)
	}
	var other []Node
	for i := range n.Cases {
		c := &n.Cases[i]
		if (isString && c.Key == s) || (!isString && c.Key == string(word)) {
			return c.Nodes
		}
		if c.Key == "other" {
			other = c.Nodes
		}
	}
	return other
}

// write prints v without allocating, for the types that texts usually take.
func write(b *strings.Builder, v any) {
	if s, ok := v.(string); ok {
		b.WriteString(s)
		return
	}
	var tmp [32]byte
	b.Write(appendValue(tmp[:0], v))
}

func appendValue(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return b
	case string:
		return append(b, v...)
	case bool:
		return strconv.AppendBool(b, v)
	case float64:
		return strconv.AppendFloat(b, v, 'f', -1, 64)
	case float32:
		return strconv.AppendFloat(b, float64(v), 'f', -1, 32)
	}
	if n, u, ok := integer(v); ok {
		if u {
			return strconv.AppendUint(b, uint64(n), 10)
		}
		return strconv.AppendInt(b, n, 10)
	}
	return append(b, fmt.Sprint(v)...)
}

// number reads v as a plural does: strings by their digits.
func number(v any) Number {
	switch v := v.(type) {
	case nil, bool:
		return Number{}
	case string:
		return Decimal(v)
	case float64:
		return Float(v)
	}
	if n, u, ok := integer(v); ok {
		if u {
			return Uint(uint64(n))
		}
		return Int(n)
	}
	var tmp [32]byte
	return Decimal(appendValue(tmp[:0], v))
}

// integer returns v's bits, and whether they are unsigned.
func integer(v any) (bits int64, unsigned, ok bool) {
	switch v := v.(type) {
	case int:
		return int64(v), false, true
	case int64:
		return v, false, true
	case int32:
		return int64(v), false, true
	case int16:
		return int64(v), false, true
	case int8:
		return int64(v), false, true
	case uint:
		return int64(v), true, true
	case uint64:
		return int64(v), true, true
	case uint32:
		return int64(v), true, true
	case uint16:
		return int64(v), true, true
	case uint8:
		return int64(v), true, true
	}
	return 0, false, false
}
