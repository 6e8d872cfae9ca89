package twilio

import (
	"strconv"
	"strings"

	"github.com/hubkit/hubkit/channels"
)

// kind is how the answer to a question is keyed.
type kind byte

const (
	nothing kind = 0   // no question is open
	choice  kind = 'c' // one option's number
	several kind = 's' // numbers one after another, then #
	typed   kind = 'd' // digits, then #
)

// asked is what an answer on the keypad is understood by. It travels in the URL to
// which Twilio sends the answer, so it holds no label and nothing of a person.
type asked struct {
	kind  kind
	ref   string   // of the message that asked
	count int      // options in all, on every page
	page  int      // of a list in pages, from 1
	next  int      // page that # reads; 0 where there is one page
	ways  []string // option ids of the ways out of a question that is answered with digits
}

// manyOptions is from how many options on a number has two digits.
const manyOptions = 10

// askedBy returns what a message asks.
func askedBy(r *channels.Rendered) asked {
	a := asked{kind: typed, ref: r.Ref, page: max(r.Page, 1)}
	if len(r.Shown) == 0 {
		return a
	}
	a.count = len(r.Options)
	switch {
	case r.Message.Open:
		a.ways = make([]string, len(r.Shown))
		for i := range r.Shown {
			a.ways[i] = r.Shown[i].ID
		}
	case r.Several:
		a.kind = several
	default:
		a.kind = choice
		last := r.Shown[len(r.Shown)-1].ID
		if next, ok := channels.ParseMore(last); ok {
			a.next = next
		} else if len(r.Shown) < a.count {
			a.next = 1 // after the last page, the first again
		}
	}
	return a
}

// one reports whether a single key answers.
func (a *asked) one() bool { return a.kind == choice && a.count < manyOptions }

// heard is what keys mean.
type heard struct {
	text   string // what the caller says with them
	option string // what is chosen with them
	star   bool   // * alone: the keys that work everywhere are to be read out
}

// Words of the hub's own commands, which are understood in every language.
const (
	askPerson   = "agent"
	askBack     = "back"
	askLanguage = "language"
)

// way returns what a key means that works at any question.
func (a *asked) way(key string) (heard, bool) {
	switch key {
	case "0":
		return heard{text: askPerson}, true
	case "9":
		return heard{option: channels.MoreID(a.page)}, true
	case "7":
		return heard{text: askBack}, true
	case "8":
		return heard{text: askLanguage}, true
	}
	return heard{}, false
}

// hear understands the keys pressed. What they cannot mean is passed on as it is, so
// that the hub says that it was not understood.
func (a *asked) hear(keys string) heard {
	keys = strings.TrimSpace(keys)
	bare := strings.TrimRight(keys, "#")
	switch {
	case bare == "*":
		return heard{star: true}
	case bare == "" && a.next > 0:
		return heard{option: channels.MoreID(a.next)}
	case bare == "":
		return heard{option: channels.MoreID(a.page)}
	case bare[0] == '*':
		return a.starred(bare)
	}
	switch a.kind {
	case choice:
		return a.chosen(bare)
	case several:
		return a.severally(bare)
	}
	// Between digits, star is the decimal point, or parts a date.
	return heard{text: strings.ReplaceAll(bare, "*", ".")}
}

// starred understands a star and what follows: a way out of this question, else one
// of the keys that work everywhere.
func (a *asked) starred(keys string) heard {
	if n, ok := number(keys[1:]); ok && n > 0 && n <= len(a.ways) {
		return heard{option: a.ways[n-1]}
	}
	if h, ok := a.way(keys[1:]); ok {
		return h
	}
	return heard{text: keys}
}

// chosen understands the number of an option. 0 is never one, and 9 only of nine.
func (a *asked) chosen(keys string) heard {
	n, ok := number(keys)
	switch {
	case !ok:
		return heard{text: keys}
	case n == 0, n == 9 && a.count < 9:
		h, _ := a.way(strconv.Itoa(n))
		return h
	}
	return heard{text: strconv.Itoa(n)}
}

// severally understands the numbers of options, as the hub reads them: "1 3". With
// nine options or less each digit is one; with more, star stands between them.
func (a *asked) severally(keys string) heard {
	if n, ok := number(keys); ok && (n == 0 || n == 9 && a.count < 9) {
		h, _ := a.way(strconv.Itoa(n))
		return h
	}
	var parts []string
	if a.count < manyOptions {
		parts = strings.Split(strings.ReplaceAll(keys, "*", ""), "")
	} else {
		for part := range strings.SplitSeq(keys, "*") {
			if n, ok := number(part); ok {
				parts = append(parts, strconv.Itoa(n))
			} else if part != "" {
				return heard{text: keys}
			}
		}
	}
	return heard{text: strings.Join(parts, " ")}
}

// number reads a short run of digits.
func number(s string) (int, bool) {
	if s == "" || len(s) > 6 {
		return 0, false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}
