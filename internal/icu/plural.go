package icu

import (
	"math"
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// Form is a plural category of CLDR.
type Form uint8

// Forms, in CLDR's order after Other, the zero value.
const (
	Other Form = iota
	Zero
	One
	Two
	Few
	Many

	forms = iota
)

// String returns the form's name in a pattern.
func (f Form) String() string {
	return [forms]string{"other", "zero", "one", "two", "few", "many"}[f]
}

func formNamed(s string) (Form, bool) {
	for f := range Form(forms) {
		if f.String() == s {
			return f, true
		}
	}
	return Other, false
}

// Number is a number as a plural rule sees it: by its written digits, so that
// "1" and "1.0" may take different forms. The zero value is no number.
type Number struct {
	ok            bool
	exact         uint64 // for =n
	isExact       bool
	i, v, w, f, t int // CLDR's operands, large ones reduced by fold
}

// Int returns the number n. The sign does not matter to a plural rule.
func Int(n int64) Number {
	if n < 0 {
		u := Uint(uint64(-(n + 1)) + 1)
		u.isExact = false
		return u
	}
	return Uint(uint64(n))
}

// Uint returns the number n.
func Uint(n uint64) Number {
	return Number{ok: true, exact: n, isExact: true, i: fold(n)}
}

// Float returns the number n as it is printed, without trailing zeros.
func Float(n float64) Number {
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return Number{}
	}
	var b [32]byte
	return Decimal(strconv.AppendFloat(b[:0], n, 'f', -1, 64))
}

// Decimal returns the number written in s, such as "12", "-3" or "1.50". What
// is not written so is no number.
func Decimal[S string | []byte](s S) Number {
	n := Number{ok: true}
	negative := len(s) > 0 && s[0] == '-'
	if negative {
		s = s[1:]
	}
	var (
		whole, frac, short digits
		point              = -1
		zeros              int // not yet known to be trailing
	)
	for k := range len(s) {
		c := s[k]
		switch {
		case c == '.' && point < 0 && k > 0:
			point = k
		case c < '0' || c > '9':
			return Number{}
		case point < 0:
			whole.add(c)
		default:
			frac.add(c)
			n.v++
			if c == '0' {
				zeros++
				continue
			}
			for ; zeros > 0; zeros-- {
				short.add('0')
			}
			short.add(c)
		}
	}
	if len(s) == 0 || point == len(s)-1 {
		return Number{}
	}
	n.w = n.v - zeros
	n.i, n.f, n.t = whole.fold(), frac.fold(), short.fold()
	n.exact = whole.n
	n.isExact = !whole.over && n.t == 0 && (!negative || whole.n == 0)
	return n
}

// digits gathers a run of digits, exactly up to 18 of them.
type digits struct {
	n    uint64
	over bool // n lost its leading digits
}

// kept is the power of ten that rules never look above: CLDR's samples and
// x/text agree that a number may be reduced to its last seven digits.
const kept = 10_000_000

func (d *digits) add(c byte) {
	if d.n >= 1e17 {
		d.n, d.over = d.n%kept, true
	}
	d.n = d.n*10 + uint64(c-'0')
}

func (d *digits) fold() int {
	if d.over {
		return int(d.n%kept) + kept
	}
	return fold(d.n)
}

// fold reduces n to its last seven digits, without ever making it small.
func fold(n uint64) int {
	if n >= kept {
		return int(n%kept) + kept
	}
	return int(n)
}

// Rules are the plural rules of one language. They are a value, safe for
// concurrent use.
type Rules struct {
	tag  language.Tag
	base string
}

// RulesFor returns the rules for lang, a BCP 47 tag. A language without known
// rules has the one form Other.
func RulesFor(lang string) Rules {
	tag, err := language.Parse(lang)
	if err != nil {
		tag = language.Und
	}
	base, _ := tag.Base()
	if tag == language.Und {
		return Rules{tag: tag}
	}
	return Rules{tag: tag, base: base.String()}
}

// Form returns the form that n takes.
func (r Rules) Form(n Number) Form {
	if !n.ok {
		return Other
	}
	switch r.base {
	case "":
		return Other
	case "ca", "es", "fr", "it", "pt":
		// Many for whole millions: CLDR 38 and later, golang/go#27052.
		if n.v == 0 && n.i != 0 && n.i%1_000_000 == 0 {
			return Many
		}
	case "he":
		return hebrew(n)
	}
	return fromText[plural.Cardinal.MatchPlural(r.tag, n.i, n.v, n.w, n.f, n.t)]
}

var fromText = [...]Form{
	plural.Other: Other,
	plural.Zero:  Zero,
	plural.One:   One,
	plural.Two:   Two,
	plural.Few:   Few,
	plural.Many:  Many,
}

// hebrew is CLDR's rule since 42, which dropped the form for round tens.
func hebrew(n Number) Form {
	switch {
	case n.i == 1 && n.v == 0, n.i == 0 && n.v != 0:
		return One
	case n.i == 2 && n.v == 0:
		return Two
	}
	return Other
}

// Set is a set of forms.
type Set uint8

// Has reports whether f is in s.
func (s Set) Has(f Form) bool { return s&(1<<f) != 0 }

func (s *Set) add(f Form) { *s |= 1 << f }

// String lists the forms of s, Other last.
func (s Set) String() string {
	var names []string
	for f := Zero; f < forms; f++ {
		if s.Has(f) {
			names = append(names, f.String())
		}
	}
	if s.Has(Other) {
		names = append(names, Other.String())
	}
	return strings.Join(names, ", ")
}

// Forms returns the forms that some number takes in the language, decimals and
// millions included.
func (r Rules) Forms() Set {
	var s Set
	for _, n := range samples {
		s.add(r.Form(Uint(n)))
	}
	for _, d := range decimals {
		s.add(r.Form(Decimal(d)))
	}
	return s
}

// samples and decimals reach every form of every language in CLDR; the tests
// hold them against its data.
var (
	samples = func() []uint64 {
		var ns []uint64
		for n := range uint64(131) {
			ns = append(ns, n)
		}
		return append(ns, 200, 1000, 1001, 1_000_000)
	}()
	decimals = []string{"0.0", "0.1", "0.2", "0.5", "1.0", "1.1", "1.2", "1.5", "1.6", "2.0", "2.1", "3.3", "5.0", "10.0", "10.1", "11.0", "0.00", "0.01", "0.11", "1.31"}
)
