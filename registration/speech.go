package registration

import (
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/hubkit/hubkit"
)

// speech is a compiled text: by language, as it stands or with variables.
type speech struct {
	lit      []string // by language; "" if there are variables
	used     []hubkit.Lang
	compiled *hubkit.Compiled
	vars     []string   // the variables it uses
	members  [][]string // by language and member of a roster, where it needs only {n}
}

// in returns the text in a language, which costs nothing without variables.
func (s *speech) in(q *Questionnaire, lang int, args func() hubkit.Args) (string, hubkit.Lang) {
	if s == nil || s.compiled == nil {
		return "", ""
	}
	if s.lit[lang] != "" {
		return s.lit[lang], s.used[lang]
	}
	var a hubkit.Args
	if args != nil {
		a = args()
	}
	return s.compiled.In(q.langs[lang], a)
}

// say is one of the interview's own phrases.
func (q *Questionnaire) say(id string, lang int, args hubkit.Args) string {
	s, _ := q.says[id].in(q, lang, func() hubkit.Args { return args })
	return s
}

// args gives a text's variables their values: earlier answers as they would be
// read aloud, and n, the member's number.
func (iv *Interview) args(s *speech, row int) func() hubkit.Args {
	return func() hubkit.Args {
		args := make(hubkit.Args, len(s.vars))
		for _, name := range s.vars {
			if name == "n" && row >= 0 {
				args[name] = row + 1
				continue
			}
			a, ok := iv.q.byKey[name]
			if !ok {
				continue
			}
			v := clean(*iv.value(a, row))
			switch n, whole := v.Int(); {
			case whole:
				args[name] = n // so that plurals work
			case v.State() != Answered:
				args[name] = "…"
			case v.kind == KindOne:
				args[name] = optionArg{say: iv.q.label(a, v, iv.lang), key: v.s}
			case v.kind == KindBool || v.kind == KindConsent:
				args[name] = optionArg{say: iv.q.label(a, v, iv.lang), key: [...]string{"no", "yes"}[v.n&1]}
			default:
				args[name] = iv.q.label(a, v, iv.lang)
			}
		}
		return args
	}
}

// optionArg is a chosen option in a text: {sex} prints its label, and
// {sex, select, f {…} other {…}} goes by its key in every language.
type optionArg struct{ say, key string }

func (o optionArg) String() string { return o.say }
func (o optionArg) Word() string   { return o.key }

// label is an answer in words.
func (q *Questionnaire) label(a *asking, v Value, lang int) string {
	return string(q.appendLabel(nil, a, v, lang))
}

func (q *Questionnaire) appendLabel(b []byte, a *asking, v Value, lang int) []byte {
	switch v.State() {
	case DontKnow:
		return append(b, q.say("unknown", lang, nil)...)
	case Refused:
		return append(b, q.say("refuse", lang, nil)...)
	case Missing, NotAsked:
		return b
	}
	switch v.kind {
	case KindBool, KindConsent:
		if a.kind == v.kind {
			return append(b, a.options[lang][1-v.n&1].Say...)
		}
	case KindOne:
		if i := slices.Index(a.keys, v.s); i >= 0 {
			return append(b, a.options[lang][i].Say...)
		}
	case KindMany:
		n := len(b)
		for i, k := range a.keys {
			if hasWord(v.s, k) {
				if len(b) > n {
					b = append(b, ", "...)
				}
				b = append(b, a.options[lang][i].Say...)
			}
		}
		return b
	case KindInteger:
		return strconv.AppendInt(b, v.n, 10)
	case KindDate:
		return appendDay(b, v.n)
	case KindPlace:
		b = strconv.AppendFloat(b, v.more.place.Lat, 'f', -1, 64)
		return strconv.AppendFloat(append(b, ", "...), v.more.place.Lon, 'f', -1, 64)
	case KindFile:
		return append(b, "✓"...)
	case KindRows:
		return strconv.AppendInt(b, int64(len(v.more.rows)), 10)
	}
	return append(b, v.s...)
}

// appendDay writes a day as day.month.year, the order of the prompts.
func appendDay(b []byte, days int64) []byte {
	return time.Unix(days*86400, 0).UTC().AppendFormat(b, "02.01.2006")
}

func dayText(days int64) string { return string(appendDay(nil, days)) }

// plain writes a bound without needless decimals.
func plain(f float64) string {
	if f == math.Trunc(f) && math.Abs(f) < 1e15 {
		return strconv.FormatInt(int64(f), 10)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}
