package reply

import (
	"slices"
	"strings"
)

// splitters are the signs between options, from the strongest down; a label
// may hold the weaker ones.
var splitters = [...]string{"\n;؛", ",،、•", "/&+"}

// several reads more than one option: "1,3 5", "2-4", "food and water". For a
// question with one answer it tells that several were given.
func (r *reading) several(s string) (Understood, bool) {
	if r.open {
		return Understood{}, false
	}
	set, why := r.split(s, 0, nil, NotUnderstood)
	if why != Clear {
		if r.kind == Many && why == OutOfList && r.runTogether(s) {
			return refuse(SeveralOptions), true
		}
		if r.kind == Many && why != NotUnderstood {
			return refuse(why), true
		}
		return Understood{}, false
	}
	slices.Sort(set)
	set = slices.Compact(set)
	switch {
	case len(set) == 0:
		return Understood{}, false
	case r.kind == Many:
		return Understood{OK: true, Kind: Set, Set: set, Rule: "several", Guess: -1}, true
	case len(set) == 1:
		return r.take(set[0], "several"), true
	}
	return refuse(SeveralOptions), true
}

// collect adds the options of s to set, splitting by ever weaker signs; all of
// s must be options.
func (r *reading) collect(s string, level int, set []int) ([]int, Why) {
	s = strings.TrimSpace(s)
	if s == "" {
		return set, Clear
	}
	o, _, why := r.option(trimEdges(s))
	if o >= 0 {
		return append(set, o), Clear
	}
	if why == SeveralOptions {
		return set, why
	}
	return r.split(s, level, set, why)
}

// split is collect for a text that is no option as a whole, for which why is
// the reason.
func (r *reading) split(s string, level int, set []int, why Why) ([]int, Why) {
	for ; level < len(splitters); level++ {
		if strings.ContainsAny(s, splitters[level]) {
			return r.all(strings.FieldsFunc(s, func(c rune) bool {
				return strings.ContainsRune(splitters[level], c)
			}), level+1, set)
		}
	}
	if level == len(splitters) {
		if parts := r.splitAnd(s); len(parts) > 1 {
			return r.all(parts, level+1, set)
		}
	}
	if strings.IndexFunc(s, isDigit) >= 0 {
		return r.numbers(s, set, why)
	}
	return set, why
}

func (r *reading) all(parts []string, level int, set []int) (_ []int, why Why) {
	for _, p := range parts {
		if set, why = r.collect(p, level, set); why != Clear {
			return set, why
		}
	}
	return set, Clear
}

// splitAnd splits at the languages' words for "and", in Arabic and Hebrew at
// the letter written to the next word when that word then is an option.
func (r *reading) splitAnd(s string) []string {
	var parts []string
	start := 0
	t := cut(s)
	for i := 1; i < len(t.toks); i++ {
		tok := t.toks[i]
		if _, ok := r.find(t.word(i), isAnd); ok || r.singleAnd(t.word(i)) {
			parts = append(parts, s[start:tok.start])
			start = tok.end
			continue
		}
		for _, v := range r.andPrefixes() {
			if after, ok := strings.CutPrefix(s[tok.start:], v); ok && t.gap(i) == " " && !strings.HasPrefix(after, " ") && tok.start-start <= 4*r.longest+32 {
				if o, _, _ := r.option(trimEdges(s[start:tok.start])); o >= 0 {
					parts = append(parts, s[start:tok.start])
					start = tok.start + len(v)
				}
				break
			}
		}
	}
	return append(parts, s[start:])
}

// singleAnd knows "and" of one letter (і, и, y, i, و) in any of the
// questionnaire's languages: between options it has no other meaning.
func (r *reading) singleAnd(w string) bool {
	return slices.ContainsFunc(r.words, func(v *vocabulary) bool { return v.sense(w, "").roles&isAnd != 0 })
}

func (r *reading) andPrefixes() []string {
	var p []string
	for _, v := range r.words {
		if v.prefixed && !slices.Contains(p, v.and) {
			p = append(p, v.and)
		}
	}
	if r.own != nil && r.own.prefixed && !slices.Contains(p, r.own.and) {
		p = append(p, r.own.and)
	}
	return p
}

// numbers reads "1 3 5", "1.3" and "2-4": option numbers and nothing else.
func (r *reading) numbers(s string, set []int, why Why) ([]int, Why) {
	t := cut(s)
	for _, tok := range t.toks {
		if !tok.digits {
			return set, why
		}
	}
	if strings.Trim(t.gap(0)+t.gap(len(t.toks)), " .()") != "" {
		return set, NotUnderstood
	}
	for i := 0; i < len(t.toks); i++ {
		if len(t.word(i)) > maxDigits {
			return set, OutOfList
		}
		from := number(t.word(i))
		to := from
		if i+1 < len(t.toks) && strings.Trim(t.gap(i+1), " ") == "-" {
			i++
			if len(t.word(i)) > maxDigits {
				return set, OutOfList
			}
			if to = number(t.word(i)); to <= from {
				return set, NotUnderstood
			}
		} else if i+1 < len(t.toks) && strings.Trim(t.gap(i+1), " .()") != "" {
			return set, NotUnderstood
		}
		if r.numbered(from, r.shown) < 0 || r.numbered(to, r.shown) < 0 {
			return set, OutOfList
		}
		if to > from && i+1 < len(t.toks) && strings.Contains(t.gap(i+1), "-") { // 1-2-3
			return set, NotUnderstood
		}
		for n := from; n <= to; n++ {
			o, why := r.byNumber(n)
			if o < 0 {
				return set, why
			}
			if len(set) == 0 || !slices.Contains(set, o) {
				set = append(set, o)
			}
		}
	}
	return set, Clear
}

// runTogether tells whether s is digits that each are an option: "13".
func (r *reading) runTogether(s string) bool {
	if !allDigits(s) || len(s) < 2 {
		return false
	}
	for i := range len(s) {
		if r.numbered(int64(s[i]-'0'), r.shown) < 0 {
			return false
		}
	}
	return true
}
