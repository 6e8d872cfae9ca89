package reply

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hubkit/hubkit"
)

// reading is one reply being understood.
type reading struct {
	*Expect
	lang  hubkit.Lang
	own   *vocabulary // of the conversation's language; may be nil
	today int64
	shown []int
}

// find returns what s means in one of the wanted roles: in the conversation's
// language, else in the questionnaire's other languages if s has two letters
// or more and they agree.
func (r *reading) find(s string, want role) (sense, bool) {
	if len(s) > longestWord {
		return sense{}, false
	}
	return r.findLoose(s, loosen(s), want)
}

// longestWord is more bytes than any entry of a lexicon has.
const longestWord = 64

func (r *reading) findLoose(s, loosened string, want role) (sense, bool) {
	if x := r.own.sense(s, loosened); x.roles&want != 0 {
		return x, true
	}
	if utf8.RuneCountInString(s) < 2 {
		return sense{}, false
	}
	var got sense
	for _, v := range r.words {
		x := v.sense(s, loosened)
		if v == r.own || x.roles&want == 0 {
			continue
		}
		if got.roles != 0 && (x.n != got.n || x.month != got.month || x.roles&want != got.roles&want) {
			return sense{}, false
		}
		got = x
	}
	return got, got.roles != 0
}

// token is a word or a run of digits in a folded text.
type token struct {
	start, end int
	digits     bool
}

// text is a folded text cut into tokens; what is between them are its gaps.
type text struct {
	s    string
	toks []token
}

func cut(s string) text {
	t := text{s: s}
	for i, r := range s {
		kind := isDigit(r)
		if !kind && !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) && (r != '\'' || !letterAround(s, i)) {
			continue
		}
		end := i + utf8.RuneLen(r)
		if n := len(t.toks); n > 0 && t.toks[n-1].end == i && t.toks[n-1].digits == kind {
			t.toks[n-1].end = end
			continue
		}
		t.toks = append(t.toks, token{i, end, kind})
	}
	return t
}

// letterAround tells whether the apostrophe at i stands inside a word.
func letterAround(s string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[i+1:])
	return unicode.IsLetter(before) && unicode.IsLetter(after)
}

func (t text) word(i int) string { return t.s[t.toks[i].start:t.toks[i].end] }

// gap is what stands before token i; gap(len(toks)) is the end.
func (t text) gap(i int) string {
	start, end := 0, len(t.s)
	if i > 0 {
		start = t.toks[i-1].end
	}
	if i < len(t.toks) {
		end = t.toks[i].start
	}
	return t.s[start:end]
}

// phrase finds the longest run of up to four words at i with a wanted role,
// and how many tokens it takes.
func (r *reading) phrase(t text, i int, want role) (x sense, n int) {
	for n := min(4, len(t.toks)-i); n > 0; n-- {
		whole := true
		for j := i; j < i+n; j++ {
			whole = whole && !t.toks[j].digits && (j == i || t.gap(j) == " " || t.gap(j) == ". ")
		}
		if !whole {
			continue
		}
		s, loosened := t.s[t.toks[i].start:t.toks[i+n-1].end], ""
		if len(s) > longestWord {
			continue
		}
		if n == 1 {
			loosened = loosen(s)
		}
		if x, ok := r.findLoose(s, loosened, want); ok {
			return x, n
		}
	}
	return sense{}, 0
}

// numerals reads number words from token i on: "сто двадцять п'ять".
func (r *reading) numerals(t text, i int) (n int64, next int, ok bool) {
	last := int64(-1) // the weight of the word before: 1 units, 10 tens, 100
	for i < len(t.toks) {
		if ok && t.gap(i) != " " && t.gap(i) != "-" {
			break
		}
		j, joined := i, false
		x, took := r.phrase(t, j, isNumeral)
		if took == 0 && ok { // "and" between the words, or written to the next
			if w := t.word(j); r.own != nil && r.own.prefixed && strings.HasPrefix(w, r.own.and) && w != r.own.and {
				if y, found := r.find(w[len(r.own.and):], isNumeral); found {
					x, took, joined = y, 1, true
				}
			} else if _, and := r.find(w, isAnd); and && j+1 < len(t.toks) && t.gap(j+1) == " " {
				j++
				x, took = r.phrase(t, j, isNumeral)
				joined = true
			}
		}
		if took == 0 {
			break
		}
		weight := int64(1)
		switch {
		case x.n >= 100:
			weight = 100
		case x.n >= 20:
			weight = 10
		}
		switch {
		case !ok:
			n = x.n
		case weight == 100 && last == 1 && n == 1: // one hundred
			n = x.n
		case last == 100 && n%100 == 0 && x.n > 0 && x.n < 100:
			n += x.n
		case weight == 1 && last == 10 && x.n > 0 && x.n < 10:
			n += x.n
		case weight == 10 && joined && last == 1 && n%100 > 0 && n%100 < 10 && r.own != nil && r.own.reversed:
			n += x.n
		default:
			return n, i, true
		}
		last, ok = weight, true
		i = j + took
	}
	return n, i, ok
}
