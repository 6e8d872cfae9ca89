package reply

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hubkit/hubkit"
)

// Kind is the kind of answer a question expects.
type Kind uint8

// The kinds of answers.
const (
	Words   Kind = iota // free text
	YesNo               // labels and yes/no words; option 0 is yes, option 1 is no
	One                 // one option
	Many                // several options
	Integer             // a whole number that is not negative
	Decimal             // a number with a fraction
	Date                // a day of the Gregorian calendar
)

// Label is one thing people may say for an option. A label without a language
// is an option's key: people rarely see it, so a key made of digits never
// stands against the number shown beside an option.
type Label struct {
	Option int // 0-based index
	Lang   hubkit.Lang
	Text   string
}

// Spec describes one question; New compiles it once.
type Spec struct {
	Kind Kind
	// Langs are the questionnaire's languages: numbers, months and yes/no words
	// are understood in each, the conversation's language first.
	Langs []hubkit.Lang
	// Labels are all that may be said for an option: labels, short labels and
	// keys in every language, and those of the ways out (don't know, prefer not
	// to say, skip).
	Labels []Label
	// Options counts the options, ways out included. Labels whose Option is not
	// below it are ignored.
	Options int
	// Open says that the answer is typed and the options are only ways out,
	// never chosen by number. Integer, Decimal and Date are always open.
	Open bool
	// DayFirst says that the prompt showed the order day, month, year, which
	// settles 03/04/2024 in languages that are written in both orders.
	DayFirst bool
}

// Expect is a compiled Spec. It is read-only and safe for concurrent use.
type Expect struct {
	kind        Kind
	open        bool
	dayFirst    bool
	options     int
	words       []*vocabulary
	raw         map[string]int // labels as written that mean one option
	folded      map[string][]meaning
	loose       map[string][]meaning
	digitLabels bool // some label is a number: "2 rooms" is not, "2" is
	longest     int  // bytes of the longest label
	single      []int
	spellings   []spelling
}

// meaning is an option a folded text stands for in one language.
type meaning struct {
	option int
	lang   hubkit.Lang
}

// spelling is a label prepared for the search for typing errors.
type spelling struct {
	bare    string
	letters []rune
	script  script
	option  int
}

// New compiles a question. It never fails: labels that fold to nothing are
// found only as they are written, and two options with one label are told
// apart by the conversation's language, or asked about.
func New(s Spec) *Expect {
	e := &Expect{
		kind: s.Kind, open: s.Open || s.Kind >= Integer, dayFirst: s.DayFirst,
		options: max(s.Options, 0),
		raw:     map[string]int{}, folded: map[string][]meaning{}, loose: map[string][]meaning{},
	}
	for _, l := range s.Langs {
		if v := vocabularyOf(l); v != nil && !slices.Contains(e.words, v) {
			e.words = append(e.words, v)
		}
	}
	for i := range e.options {
		e.single = append(e.single, i)
	}
	for _, l := range s.Labels {
		e.index(l)
	}
	for _, l := range s.Labels {
		e.indexRaw(l)
	}
	return e
}

// index puts a label into the folded tables.
func (e *Expect) index(l Label) {
	if l.Option < 0 || l.Option >= e.options {
		return
	}
	f := Fold(l.Text)
	if f == "" {
		return
	}
	if allDigits(f) {
		if l.Lang == "" || e.open {
			return
		}
		e.digitLabels = true
	}
	e.longest = max(e.longest, len(l.Text), len(f))
	m := meaning{l.Option, l.Lang}
	add(e.folded, f, m)
	bare := trimSymbols(f)
	if bare != "" && bare != f && !allDigits(bare) {
		add(e.folded, bare, m)
	}
	if k := loosen(f); k != "" && !allDigits(k) {
		add(e.loose, k, m)
	}
	if letters := []rune(bare); len(letters) > 1 && len(letters) <= maxTypo {
		e.spellings = append(e.spellings, spelling{bare, letters, scriptOf(bare), l.Option})
	}
}

// indexRaw puts a label as written into the table that is asked first, if it
// can only mean one option.
func (e *Expect) indexRaw(l Label) {
	if l.Option < 0 || l.Option >= e.options || l.Text == "" {
		return
	}
	f := Fold(l.Text)
	if allDigits(f) {
		return
	}
	for _, m := range e.folded[f] {
		if m.option != l.Option {
			return
		}
	}
	if o, ok := e.raw[l.Text]; ok && o != l.Option { // symbols that fold to nothing
		delete(e.raw, l.Text)
		return
	}
	e.raw[strings.Clone(l.Text)] = l.Option
}

func add(t map[string][]meaning, key string, m meaning) {
	if !slices.Contains(t[key], m) {
		t[key] = append(t[key], m)
	}
}

// Understand reads a reply. lang is the conversation's language. shown, if not
// nil, lists the option indexes shown, in order: option numbers count in it,
// and no other option is taken. today is the day of the reply in days since
// 1970-01-01, for "yesterday" and two-digit years; 0 means unknown.
//
// The slices of the result are shared and must not be changed.
func (e *Expect) Understand(lang hubkit.Lang, text string, today int64, shown []int) Understood {
	if o, ok := e.raw[text]; ok && e.visible(o, shown) {
		return e.take(o, "exact")
	}
	if n, ok := plainNumber(text); ok {
		switch {
		case e.kind == Integer:
			return Understood{OK: true, Kind: Value, N: n, Rule: "digits", Guess: -1}
		case e.kind == Decimal && (text[0] != '0' || len(text) == 1):
			return Understood{OK: true, Kind: Value, Text: text, Rule: "digits", Guess: -1}
		case !e.open && !e.digitLabels:
			if o := e.numbered(n, shown); o >= 0 {
				return e.take(o, "number")
			}
		}
	}
	if len(text) > MaxLength {
		return refuse(TooLong)
	}
	return e.read(lang, text, today, shown)
}

// take is the answer "option o".
func (e *Expect) take(o int, rule string) Understood {
	if e.kind == Many {
		return Understood{OK: true, Kind: Set, Set: e.single[o : o+1 : o+1], Rule: rule, Guess: -1}
	}
	return Understood{OK: true, Kind: Option, N: int64(o), Rule: rule, Guess: -1}
}

// visible tells whether option o may be taken.
func (e *Expect) visible(o int, shown []int) bool {
	return o >= 0 && o < e.options && (shown == nil || slices.Contains(shown, o))
}

// numbered returns the option with the number n, or -1.
func (e *Expect) numbered(n int64, shown []int) int {
	count := e.options
	if shown != nil {
		count = len(shown)
	}
	if n < 1 || n > int64(count) {
		return -1
	}
	o := int(n - 1)
	if shown != nil {
		o = shown[o]
	}
	if o < 0 || o >= e.options {
		return -1
	}
	return o
}

// plainNumber reads ASCII digits that fit an int64.
func plainNumber(s string) (n int64, ok bool) {
	if s == "" || len(s) > maxDigits {
		return 0, false
	}
	for i := range len(s) {
		d := s[i] - '0'
		if d > 9 {
			return 0, false
		}
		n = n*10 + int64(d)
	}
	return n, true
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i]-'0' > 9 {
			return false
		}
	}
	return s != ""
}

// clean is what is kept of free text: whole characters, no control characters
// but line ends and tabs, nothing invisible at either end.
func clean(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	if strings.IndexFunc(s, isControl) >= 0 {
		s = strings.Map(func(r rune) rune {
			if isControl(r) {
				return -1
			}
			return r
		}, s)
	}
	return strings.TrimFunc(s, isBlank)
}
