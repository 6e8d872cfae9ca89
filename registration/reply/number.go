package reply

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxDigits is how many digits a number may have before and after its sign:
// any eighteen fit an int64.
const maxDigits = 18

// quantity is one number found in a reply.
type quantity struct {
	whole    string // digits; "" when n is from words
	n        int64
	fraction string // digits after the sign
	either   bool   // the fraction has three digits and may be thousands
	rule     string
}

// integer reads the answer to an Integer question.
func (r *reading) integer(s string) Understood {
	q, why := r.quantity(s)
	if why != Clear {
		return refuse(why)
	}
	if q.either {
		q.n, q.fraction, q.rule = q.n*1000+number(q.fraction), "", "grouped"
	}
	if q.fraction != "" {
		return refuse(Fraction)
	}
	return Understood{OK: true, Kind: Value, N: q.n, Rule: q.rule, Guess: -1}
}

// decimal reads the answer to a Decimal question.
func (r *reading) decimal(s string) Understood {
	q, why := r.quantity(s)
	if why != Clear {
		return refuse(why)
	}
	if q.either {
		return refuse(AmbiguousDecimal)
	}
	t := strconv.FormatInt(q.n, 10)
	if f := strings.TrimRight(q.fraction, "0"); f != "" {
		t += "." + f
	}
	if q.fraction != "" {
		q.rule = "decimal"
	}
	return Understood{OK: true, Kind: Value, Text: t, Rule: q.rule, Guess: -1}
}

// quantity finds the one number in s: digits or words, with units and words of
// no weight around it. Anything else in s is a reason not to take it.
func (r *reading) quantity(s string) (quantity, Why) {
	t := cut(s)
	var got quantity
	count, unknown, about, signed, money := 0, false, false, false, false
	for i := 0; i < len(t.toks); {
		gap := t.gap(i)
		switch w := weighGap(gap, i == 0, t.toks[i].digits); {
		case w == Signed:
			signed = true
		case w == Approximate:
			about = true
		case w == Currency:
			money = true
		case w != Clear:
			unknown = true
		}
		var q quantity
		next, ok := i, false
		if t.toks[i].digits {
			var why Why
			if q, next, why = r.digits(t, i); why != Clear {
				return q, why
			}
			if strings.HasSuffix(gap, ".") || strings.HasSuffix(gap, ",") || strings.HasSuffix(gap, "٫") { // .5
				if q.fraction != "" || next != i+1 {
					return q, NotUnderstood
				}
				q = quantity{fraction: t.word(i), rule: "decimal"}
			}
			ok = true
		} else if n, after, words := r.numerals(t, i); words {
			q, next, ok = quantity{n: n, rule: "numeral"}, after, true
		}
		if ok {
			q, next, ok = r.thousands(t, q, next)
			if !ok {
				return q, NotUnderstood
			}
			if count > 0 && (q.n != got.n || q.fraction != got.fraction) {
				return q, TwoNumbers
			}
			if count == 0 {
				got = q
			}
			count++
			i = next
			continue
		}
		x, n := r.phrase(t, i, isUnit|isMoney|isAround|isAbout)
		if n == 0 {
			unknown, n = true, 1
		}
		if x.roles&isMoney != 0 {
			money = true
		} else if x.roles&isAbout != 0 {
			about = true
		} else if x.roles&isUnit != 0 && got.rule == "digits" {
			got.rule = "unit"
		}
		i += n
	}
	switch w := weighGap(t.gap(len(t.toks)), len(t.toks) == 0, false); {
	case w == Signed || w == Approximate:
		about = true
	case w == Currency:
		money = true
	case w != Clear:
		unknown = true
	}
	switch {
	case money:
		return got, Currency
	case about:
		return got, Approximate
	case signed:
		return got, Signed
	case unknown || count == 0:
		return got, NotUnderstood
	}
	return got, Clear
}

// weighGap says what the signs before a token, or at the end, do to a number.
func weighGap(gap string, first, digits bool) Why {
	if strings.ContainsAny(gap, "~≈±<>≤≥") {
		return Approximate
	}
	if strings.Contains(gap, "+") {
		return Signed
	}
	if strings.ContainsAny(gap, "/\\=%^|½") || strings.ContainsRune(gap, utf8.RuneError) {
		return NotUnderstood
	}
	for _, c := range gap {
		switch {
		case c == '₴':
		case unicode.Is(unicode.Sc, c), strings.ContainsRune("💲💴💵💶💷", c):
			return Currency
		case unicode.Is(unicode.Sm, c), strings.ContainsRune("°٪‰‱", c):
			return NotUnderstood
		}
	}
	if digits && strings.HasSuffix(gap, "-") && (first || strings.HasPrefix(gap, " ")) {
		return Signed
	}
	return Clear
}

// thousands multiplies q by the word after it: 5 тис, 1.5k.
func (r *reading) thousands(t text, q quantity, next int) (quantity, int, bool) {
	if next >= len(t.toks) || strings.Trim(t.gap(next), " ") != "" {
		return q, next, true
	}
	_, n := r.phrase(t, next, isThousand)
	if n == 0 {
		return q, next, true
	}
	if q.either || len(q.fraction) > 3 || q.n > 1e12 {
		return q, next, false
	}
	q.n *= 1000
	if q.fraction != "" {
		q.n += number((q.fraction + "00")[:3])
	}
	q.fraction, q.rule = "", "unit"
	return q, next + n, true
}

// digits reads the number that begins at token i, with its group and decimal
// signs.
func (r *reading) digits(t text, i int) (q quantity, next int, why Why) {
	parts := []string{t.word(i)}
	var signs []string
	for next = i + 1; next < len(t.toks) && t.toks[next].digits; next++ {
		sign := t.gap(next)
		if sign == "-" || sign == "/" {
			return q, next, TwoNumbers
		}
		if sign == " " {
			grouped := r.own != nil && r.own.groupSpace && len(t.word(next)) == 3 && len(parts[0]) <= 3
			if !grouped || len(signs) > 0 && signs[len(signs)-1] != " " {
				break
			}
		} else if utf8.RuneCountInString(sign) != 1 || !strings.Contains(".,'٬٫،", sign) {
			break
		}
		if sign == "،" {
			sign = ","
		}
		signs = append(signs, sign)
		parts = append(parts, t.word(next))
	}
	q, why = interpret(parts, signs)
	if why != Clear {
		return q, next, why
	}
	q.whole = strings.TrimLeft(q.whole, "0")
	if len(q.whole) > maxDigits || len(q.fraction) > maxDigits {
		return q, next, TooLong
	}
	q.n = number(q.whole)
	return q, next, Clear
}

// interpret tells groups from a fraction.
func interpret(parts, signs []string) (quantity, Why) {
	if len(signs) == 0 {
		return quantity{whole: parts[0], rule: "digits"}, Clear
	}
	last := signs[len(signs)-1]
	mixed := signs[0] != last
	if !mixed && len(signs) == 1 {
		switch last {
		case ".", ",":
			either := len(parts[1]) == 3 && len(parts[0]) <= 3 && parts[0][0] != '0'
			return quantity{whole: parts[0], fraction: parts[1], either: either, rule: "digits"}, Clear
		case "٫":
			return quantity{whole: parts[0], fraction: parts[1], rule: "digits"}, Clear
		}
	}
	groups := len(parts)
	if mixed {
		groups--
		if !strings.Contains(".,٫", last) {
			return quantity{}, TwoNumbers
		}
	}
	for i := 1; i < groups; i++ {
		if len(parts[i]) != 3 || signs[i-1] != signs[0] || signs[0] == "٫" {
			return quantity{}, TwoNumbers
		}
	}
	if len(parts[0]) > 3 || parts[0][0] == '0' {
		return quantity{}, TwoNumbers
	}
	q := quantity{whole: strings.Join(parts[:groups], ""), rule: "grouped"}
	if mixed {
		q.fraction = parts[groups]
	}
	return q, Clear
}

// number reads at most eighteen digits; "" is 0.
func number(s string) (n int64) {
	for i := range len(s) {
		n = n*10 + int64(s[i]-'0')
	}
	return n
}
