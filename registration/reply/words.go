package reply

import (
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/hubkit/hubkit"
)

// lexicon is one language's words, as a person wrote them down: forms are
// separated by "|". A language is one file with one lexicon and a line in
// vocabularies.
type lexicon struct {
	lang     hubkit.Lang
	aliases  []hubkit.Lang
	yes, no  string // single letters only for the conversation's own language
	polite   string // may stand beside yes or no, of no weight: please, thanks
	affirm   string // may stand beside yes, and against no: I do, I want it
	deny     string // may stand beside no, and against yes: I do not
	and      string // between two options
	prefixed bool   // the word for "and" is written to the next word
	option   string // before an option's number: option, number
	numerals []numeral
	reversed bool   // five-and-twenty
	thousand string // after a number
	unit     string // after a number, of no weight: years, people
	money    string // another currency than was asked for: dollars
	around   string // before a number, of no weight: we are
	about    string // makes a number inexact

	groupSpace bool // 12 000
	bothOrders bool // written day-month and month-day in different countries
	years      foreignYears
	months     [12]string
	dateWord   string // of no weight in a date: of, year
	today      string
	yesterday  string
	before     string // the day before yesterday
	day, week  string // units of "ago"
	ago        string
}

// numeral is one number's words in all genders and cases.
type numeral struct {
	n     int64
	forms string
}

// role is what a word can be; a word can be several.
type role uint32

const (
	isYes role = 1 << iota
	isNo
	isPolite
	isAffirm
	isDeny
	isAnd
	isOption
	isNumeral
	isThousand
	isUnit
	isMoney
	isAround
	isAbout
	isDateWord
	isToday
	isYesterday
	isBefore
	isDay
	isWeek
	isAgo
	isMonth
)

// sense is all that a word can mean in one language.
type sense struct {
	roles role
	n     int64
	month int
}

// vocabulary is a lexicon folded for looking up.
type vocabulary struct {
	*lexicon
	build func() *tables
}

// tables are a lexicon's words by folded and by loosened form.
type tables struct {
	folded, loose map[string]sense
}

// vocabularies are read-only; their tables are built when first needed.
var vocabularies = []*vocabulary{
	learn(&english), learn(&ukrainian), learn(&russian), learn(&arabicWords),
	learn(&french), learn(&spanish), learn(&swahili),
	learn(&polish), learn(&romanian), learn(&turkish), learn(&persian), learn(&pashto),
	learn(&somali), learn(&amharic), learn(&urdu), learn(&tigrinya), learn(&hausa),
}

// vocabularyOf returns the words of a language, by its tag or the tag's first
// part; nil if there are none.
func vocabularyOf(l hubkit.Lang) *vocabulary {
	for {
		for _, v := range vocabularies {
			if v.lang == l {
				return v
			}
			for _, a := range v.aliases {
				if a == l {
					return v
				}
			}
		}
		i := strings.LastIndexAny(string(l), "-_")
		if i < 0 {
			return nil
		}
		l = l[:i]
	}
}

func learn(l *lexicon) *vocabulary {
	return &vocabulary{l, sync.OnceValue(func() *tables { return tablesOf(l) })}
}

func tablesOf(l *lexicon) *tables {
	t := &tables{map[string]sense{}, map[string]sense{}}
	for _, w := range []struct {
		forms string
		role  role
	}{
		{l.yes, isYes},
		{l.no, isNo},
		{l.polite, isPolite},
		{l.affirm, isAffirm},
		{l.deny, isDeny},
		{l.and, isAnd},
		{l.option, isOption},
		{l.thousand, isThousand},
		{l.unit, isUnit},
		{l.money, isMoney},
		{l.around, isAround},
		{l.about, isAbout},
		{l.dateWord, isDateWord},
		{l.today, isToday},
		{l.yesterday, isYesterday},
		{l.before, isBefore},
		{l.day, isDay},
		{l.week, isWeek},
		{l.ago, isAgo},
	} {
		t.add(w.forms, func(s *sense) { s.roles |= w.role })
	}
	for _, x := range l.numerals {
		t.add(x.forms, func(s *sense) { s.roles |= isNumeral; s.n = x.n })
	}
	for i, forms := range l.months {
		t.add(forms, func(s *sense) { s.roles |= isMonth; s.month = i + 1 })
	}
	return t
}

func (t *tables) add(forms string, set func(*sense)) {
	if forms == "" {
		return
	}
	for f := range strings.SplitSeq(forms, "|") {
		key := Fold(f)
		s := t.folded[key]
		set(&s)
		t.folded[key] = s
		if k := loosen(key); utf8.RuneCountInString(k) >= 3 {
			s := t.loose[k]
			set(&s)
			t.loose[k] = s
		}
	}
}

// sense returns what folded text means; the loosened text, if not empty, is
// tried when the folded one is unknown.
func (v *vocabulary) sense(s, loosened string) sense {
	if v == nil {
		return sense{}
	}
	t := v.build()
	if x, ok := t.folded[s]; ok || loosened == "" {
		return x
	}
	return t.loose[loosened]
}
