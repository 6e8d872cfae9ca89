package registration

import (
	"math"
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
			if n, ok := v.Int(); ok {
				args[name] = n // so that plurals work
				continue
			}
			if args[name] = iv.q.label(a, v, iv.lang); v.State() != Answered {
				args[name] = "…"
			}
		}
		return args
	}
}

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
		return append(b, a.options[lang][1-v.n].Say...)
	case KindOne:
		if v.n >= 0 && int(v.n) < a.own {
			return append(b, a.options[lang][v.n].Say...)
		}
	case KindMany:
		n := len(b)
		for i := range a.own {
			if v.n&(1<<i) != 0 {
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
