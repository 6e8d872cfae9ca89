package registration

import (
	"math"
	"mime"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration/reply"
)

// written hears what was typed into an open question.
func (iv *Interview) written(a *asking, u reply.Understood, today int64) Heard {
	switch a.q.Form {
	case FormInteger:
		if h, bad := iv.outside(a, float64(u.N)); bad {
			return h
		}
		return iv.accept(a, IntValue(u.N), u.Rule)
	case FormDecimal:
		v, ok := parsedDecimal(u.Text)
		if !ok {
			return iv.again("decimal", nil)
		}
		if _, digits, _ := strings.Cut(u.Text, "."); a.q.Places > 0 && len(digits) > a.q.Places {
			return iv.again("decimal_places", hubkit.Args{"max": a.q.Places})
		}
		f, _ := v.Float()
		if h, bad := iv.outside(a, f); bad {
			return h
		}
		return iv.accept(a, v, u.Rule)
	case FormDate:
		return iv.dated(a, u, today)
	case FormLocation:
		return iv.coordinates(a, u.Text)
	case FormPhoto, FormDocument:
		return iv.again(helps[a.q.Form], nil)
	}
	return iv.worded(a, u)
}

// outside says that a number is out of its range.
func (iv *Interview) outside(a *asking, f float64) (Heard, bool) {
	low, high := a.q.Min != nil && f < *a.q.Min, a.q.Max != nil && f > *a.q.Max
	switch {
	case !low && !high:
		return Heard{}, false
	case a.q.Min != nil && a.q.Max != nil:
		return iv.again("between", hubkit.Args{"min": plain(*a.q.Min), "max": plain(*a.q.Max)}), true
	case low:
		return iv.again("least", hubkit.Args{"min": plain(*a.q.Min)}), true
	}
	return iv.again("most", hubkit.Args{"max": plain(*a.q.Max)}), true
}

func (iv *Interview) dated(a *asking, u reply.Understood, today int64) Heard {
	if a.q.Past && today != 0 && u.N > today {
		return iv.again("date_past", nil)
	}
	low, high := a.q.Min != nil && float64(u.N) < *a.q.Min, a.q.Max != nil && float64(u.N) > *a.q.Max
	if low || high {
		lo, hi := int64(math.MinInt32), int64(math.MaxInt32)
		if a.q.Min != nil {
			lo = int64(*a.q.Min)
		}
		if a.q.Max != nil {
			hi = int64(*a.q.Max)
		}
		return iv.again("date_between", hubkit.Args{"min": dayText(lo), "max": dayText(hi)})
	}
	return iv.accept(a, dayValue(u.N), u.Rule)
}

// worded hears a text, which a pattern or a checker may have to accept.
func (iv *Interview) worded(a *asking, u reply.Understood) Heard {
	text := u.Text
	least, most := 1, 1000
	if a.q.Min != nil {
		least = int(*a.q.Min)
	}
	if a.q.Max != nil {
		most = int(*a.q.Max)
	}
	if n := utf8.RuneCountInString(text); n < least || n > most {
		return iv.again("length", hubkit.Args{"min": least, "max": most})
	}
	if a.pattern != nil && !a.pattern.MatchString(text) {
		return iv.again("pattern", nil)
	}
	if len(a.checkers) > 0 {
		canonical, ok := "", false
		for _, c := range a.checkers {
			if s, err := c.Check(text); err == nil {
				canonical, ok = s, true
				break
			}
		}
		if !ok {
			phrase := helps[a.q.Form]
			if a.q.Form == FormWords {
				phrase = "pattern"
			}
			return iv.again(phrase, nil)
		}
		text = canonical
	}
	return iv.accept(a, WordsValue(text), u.Rule)
}

// coordinates hears "50.45, 30.52".
func (iv *Interview) coordinates(a *asking, text string) Heard {
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '\n' })
	if len(parts) == 2 {
		lat, err1 := strconv.ParseFloat(parts[0], 64)
		lon, err2 := strconv.ParseFloat(parts[1], 64)
		if err1 == nil && err2 == nil {
			return iv.located(a, Place{Lat: lat, Lon: lon})
		}
	}
	return iv.again("location", nil)
}

// located hears a place.
func (iv *Interview) located(a *asking, p Place) Heard {
	if !(math.Abs(p.Lat) <= 90 && math.Abs(p.Lon) <= 180) || math.IsNaN(p.Accuracy) || math.IsInf(p.Accuracy, 0) {
		return iv.again("location", nil)
	}
	return iv.accept(a, PlaceValue(p), "place")
}

// filed hears a photo or document.
func (iv *Interview) filed(a *asking, f File) Heard {
	if a.q.MaxBytes > 0 && f.Size > a.q.MaxBytes {
		return iv.again("file_size", hubkit.Args{"max": plain(math.Round(float64(a.q.MaxBytes)/1e5) / 10)})
	}
	t, _, err := mime.ParseMediaType(f.Type)
	ok := err == nil
	switch {
	case len(a.q.Accept) > 0:
		ok = ok && slices.Contains(a.q.Accept, t)
	case a.q.Form == FormPhoto:
		ok = ok && strings.HasPrefix(t, "image/")
	default:
		ok = ok && (strings.HasPrefix(t, "image/") || t == "application/pdf")
	}
	if !ok || f.Ref == "" {
		return iv.again("file_type", nil)
	}
	return iv.accept(a, FileValue(f), "file")
}
