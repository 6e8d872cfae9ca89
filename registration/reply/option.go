package reply

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hubkit/hubkit"
)

// read is Understand after the table of labels as written has missed.
func (e *Expect) read(lang hubkit.Lang, raw string, today int64, shown []int) Understood {
	r := &reading{e, lang, vocabularyOf(lang), today, shown}
	if e.kind == Words && e.open {
		return r.free(raw)
	}
	plain := normalise(raw)
	if len(plain) > 2*MaxLength { // one character may stand for a sentence
		return refuse(TooLong)
	}
	s := trimEdges(plain)
	if s == "" {
		return refuse(Empty)
	}
	if !e.open && signed(plain) {
		return refuse(Signed)
	}
	o, rule, why := r.option(s)
	if o >= 0 {
		return e.take(o, rule)
	}
	switch {
	case e.kind == Words && (why == NotUnderstood || why == OutOfList):
		return r.free(raw)
	case e.kind == Words:
		return refuse(why)
	case why == SeveralOptions:
		return refuse(why)
	case e.kind == Integer:
		return r.orGuess(r.integer(plain), s)
	case e.kind == Decimal:
		return r.orGuess(r.decimal(plain), s)
	case e.kind == Date:
		return r.orGuess(r.date(s), s)
	case e.kind == YesNo:
		if u, ok := r.yesNo(s); ok {
			return u
		}
	}
	if u, ok := r.several(s); ok {
		return u
	}
	return r.orGuess(refuse(why), s)
}

// free takes words as they are, unless they are a way out's label.
func (r *reading) free(raw string) Understood {
	s := clean(raw)
	if s == "" {
		return refuse(Empty)
	}
	if len(r.folded) > 0 && len(s) <= 4*r.longest+32 {
		if o, _ := r.label(r.folded, Fold(s)); o >= 0 {
			return r.take(o, "label")
		}
	}
	return Understood{OK: true, Kind: Value, Text: s, Rule: "text", Guess: -1}
}

// orGuess adds a guess to a reply that was not understood.
func (r *reading) orGuess(u Understood, s string) Understood {
	if !u.OK && u.Why == NotUnderstood {
		u.Guess, u.Rule = r.guess(s)
	}
	return u
}

// option reads one option: its number, its label, its number in words.
func (r *reading) option(s string) (o int, rule string, why Why) {
	o, rule, several := r.anyLabel(s)
	if several {
		return -1, "", SeveralOptions
	}
	if r.open {
		if o < 0 {
			why = NotUnderstood
		}
		return o, rule, why
	}
	if o >= 0 && strings.IndexFunc(s, isDigit) < 0 {
		return o, rule, Clear
	}
	n, rest, ok := int64(0), "", false
	if strings.IndexFunc(s, isDigit) >= 0 {
		n, rest, ok = r.leadingNumber(s)
	}
	if ok {
		byNumber := r.numbered(n, r.shown)
		if rest == "" && o < 0 {
			o, why = r.byNumber(n)
			return o, "number", why
		}
		if rest == "" {
			if byNumber >= 0 && o != byNumber {
				return -1, "", SeveralOptions
			}
			return o, rule, Clear
		}
		if o < 0 { // "1. Kyiv"
			switch named, _, _ := r.anyLabel(rest); {
			case named >= 0 && named == byNumber:
				return named, "number", Clear
			case named >= 0 && (r.kind != Many || !allDigits(rest)): // "1 2" may be two numbers
				return -1, "", SeveralOptions
			}
		}
	}
	if o >= 0 {
		return o, rule, Clear
	}
	t := cut(s)
	first := 0
	if _, n := r.phrase(t, 0, isOption); n > 0 && len(t.toks) > n {
		first = n
	}
	if n, next, words := r.numerals(t, first); words && next == len(t.toks) && strings.Trim(t.gap(next), " .)") == "" {
		o, why = r.byNumber(n)
		return o, "numeral", why
	}
	return -1, "", NotUnderstood
}

// byNumber returns the one option that n stands for: by its place among those
// shown, or by a label that is this number.
func (r *reading) byNumber(n int64) (o int, why Why) {
	o = r.numbered(n, r.shown)
	if r.digitLabels {
		labelled, several := r.label(r.folded, strconv.FormatInt(n, 10))
		if several || o >= 0 && labelled >= 0 && o != labelled {
			return -1, SeveralOptions
		}
		o = max(o, labelled)
	}
	if o < 0 {
		return -1, OutOfList
	}
	return o, Clear
}

// anyLabel looks s up as a label: folded, without the emoji around it, loosely.
func (r *reading) anyLabel(s string) (o int, rule string, several bool) {
	if o, several = r.label(r.folded, s); o >= 0 || several {
		return o, "label", several
	}
	if bare := trimSymbols(s); bare != s && bare != "" && !allDigits(bare) && (r.kind != YesNo || !strings.ContainsAny(s, thumbs)) {
		if o, several = r.label(r.folded, bare); o >= 0 || several {
			return o, "label", several
		}
	}
	if len(s) <= 4*r.longest+32 && !allDigits(s) {
		if o, several = r.label(r.loose, loosen(s)); o >= 0 || several {
			return o, "loose", several
		}
	}
	return -1, "", false
}

// label returns the one option that key stands for among those shown, the
// conversation's language deciding between two.
func (r *reading) label(table map[string][]meaning, key string) (o int, several bool) {
	o, own, owns := -1, -1, false
	for _, m := range table[key] {
		if !r.visible(m.option, r.shown) {
			continue
		}
		if o >= 0 && m.option != o {
			several = true
		}
		o = m.option
		if m.lang == r.lang {
			owns = owns || own >= 0 && own != m.option
			own = m.option
		}
	}
	if several && own >= 0 && !owns {
		return own, false
	}
	if several {
		return -1, true
	}
	return o, false
}

// leadingNumber splits "1. Kyiv", "option 2", "(3)".
func (r *reading) leadingNumber(s string) (n int64, rest string, ok bool) {
	t := cut(s)
	i := 0
	if _, n := r.phrase(t, 0, isOption); n > 0 {
		i = n
	}
	if i >= len(t.toks) || !t.toks[i].digits || i == 0 && t.toks[0].start > 0 {
		return 0, "", false
	}
	d := t.word(i)
	if len(d) > maxDigits {
		return 0, "", false
	}
	tail := s[t.toks[i].end:]
	rest = strings.TrimFunc(tail, func(c rune) bool { return c == ' ' || unicode.IsPunct(c) })
	if rest == "" && strings.ContainsAny(tail, "%/+-") {
		return 0, "", false
	}
	return number(d), rest, true
}

// Emoji that mean yes and no, in answer to a YesNo question only.
const (
	thumbsUp   = "👍✅👌✔"
	thumbsDown = "👎❌"
	thumbs     = thumbsUp + thumbsDown
)

// yesNo reads words and emoji for yes and no: all of them must agree, and what
// stands beside them must not deny a yes or affirm a no.
func (r *reading) yesNo(s string) (Understood, bool) {
	if x, ok := r.find(s, isYes|isNo); ok {
		return r.yesOrNo(x.roles&isYes != 0, x.roles&isNo != 0, "yesno")
	}
	yes := strings.ContainsAny(s, thumbsUp)
	no := strings.ContainsAny(s, thumbsDown)
	if yes || no {
		bare := trimSymbols(s)
		if bare == "" {
			return r.yesOrNo(yes, no, "emoji")
		}
		if o, _, _ := r.option(bare); o >= 0 {
			yes, no = yes || o == 0, no || o == 1
			if o > 1 {
				return Understood{}, false
			}
			return r.yesOrNo(yes, no, "label")
		}
	}
	t := cut(s)
	worded, affirmed, denied := false, false, false
	for i := 0; i < len(t.toks); {
		if g := t.gap(i); strings.ContainsAny(g, "/+<>=%") {
			return Understood{}, false
		}
		x, n := r.phrase(t, i, isYes|isNo|isPolite|isAffirm|isDeny)
		if n == 0 {
			return Understood{}, false
		}
		if x.roles&(isYes|isNo) != 0 {
			worded = true
			yes, no = yes || x.roles&isYes != 0, no || x.roles&isNo != 0
		}
		affirmed, denied = affirmed || x.roles&isAffirm != 0, denied || x.roles&isDeny != 0
		i += n
	}
	if !worded {
		return Understood{}, false
	}
	return r.yesOrNo(yes || affirmed, no || denied, "yesno")
}

func (r *reading) yesOrNo(yes, no bool, rule string) (Understood, bool) {
	o := 0
	switch {
	case yes && no:
		return refuse(SeveralOptions), true
	case no:
		o = 1
	}
	if !r.visible(o, r.shown) {
		return Understood{}, false
	}
	return r.take(o, rule), true
}

// guess finds the option that s may have been meant for: one label with few
// typing errors and a clear margin to every other option's, or the one label
// that s is whole words of.
func (r *reading) guess(s string) (o int, rule string) {
	bare := trimSymbols(s)
	n := utf8.RuneCountInString(bare)
	if n <= 3 || n > maxTypo {
		return -1, ""
	}
	letters, script := []rune(bare), scriptOf(bare)
	best, second, at := maxTypo, maxTypo, -1
	for _, sp := range r.spellings {
		if sp.script != script || !r.visible(sp.option, r.shown) {
			continue
		}
		allowed := errorsAllowed(min(n, len(sp.letters)))
		d := distance(letters, sp.letters, allowed+1) // one more, for the margin
		if d > allowed+1 {
			continue
		}
		switch {
		case d < best:
			if at != sp.option {
				second = best
			}
			best, at = d, sp.option
		case sp.option != at:
			second = min(second, d)
		}
	}
	if at >= 0 && second > best && r.withinErrors(letters, at, best) {
		return at, "typo"
	}
	if at < 0 {
		at = r.partOf(bare)
		if at >= 0 {
			return at, "part"
		}
	}
	return -1, ""
}

// withinErrors checks that a label of option o allows best errors: the nearest
// may have been found one beyond, to know the margin.
func (r *reading) withinErrors(letters []rune, o, best int) bool {
	return slices.ContainsFunc(r.spellings, func(sp spelling) bool {
		allowed := errorsAllowed(min(len(letters), len(sp.letters)))
		return sp.option == o && best <= allowed && distance(letters, sp.letters, allowed) == best
	})
}

// partOf returns the only option with a label that contains s as whole words.
func (r *reading) partOf(s string) int {
	at := -1
	for _, sp := range r.spellings {
		if sp.option == at || !r.visible(sp.option, r.shown) || !containsWords(sp.bare, s) {
			continue
		}
		if at >= 0 {
			return -1
		}
		at = sp.option
	}
	return at
}

func containsWords(label, s string) bool {
	i := strings.Index(label, s)
	if i < 0 {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(label[:i])
	after, _ := utf8.DecodeRuneInString(label[i+len(s):])
	return !unicode.IsLetter(before) && !unicode.IsLetter(after)
}

// signed says whether a text is a number with a sign: "-1" is no way to write
// the first option.
func signed(s string) bool {
	s = strings.TrimLeft(s, " ")
	for _, sign := range []string{"-", "+", "−", "–"} {
		if rest, ok := strings.CutPrefix(s, sign); ok {
			return rest != "" && rest[0] >= '0' && rest[0] <= '9'
		}
	}
	return false
}
