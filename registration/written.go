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
		return iv.again("between", hubkit.Args{"min": iv.number(*a.q.Min), "max": iv.number(*a.q.Max)}), true
	case low:
		return iv.again("least", hubkit.Args{"min": iv.number(*a.q.Min)}), true
	}
	return iv.again("most", hubkit.Args{"max": iv.number(*a.q.Max)}), true
}

// commas are the languages, of those whose words are understood, that write a
// comma before the fraction of a number (Unicode CLDR).
var commas = map[hubkit.Lang]bool{"uk": true, "ru": true, "fr": true, "es": true, "pl": true, "ro": true, "tr": true}

// number writes a bound as the interview's language does.
func (iv *Interview) number(f float64) string {
	s := plain(f)
	if commas[iv.q.langs[iv.lang].Base()] {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}

func (iv *Interview) dated(a *asking, u reply.Understood, today int64) Heard {
	if a.q.Past && today != 0 && u.N > today {
		return iv.again("date_past", nil)
	}
	if a.q.Min != nil && (float64(u.N) < *a.q.Min || float64(u.N) > *a.q.Max) { // a range of days has both ends
		return iv.again("date_between", hubkit.Args{"min": dayText(int64(*a.q.Min)), "max": dayText(int64(*a.q.Max))})
	}
	return iv.accept(a, dayValue(u.N), u.Rule)
}

// worded hears a text, which a pattern or a checker may have to accept.
func (iv *Interview) worded(a *asking, u reply.Understood) Heard {
	text := u.Text
	if n := utf8.RuneCountInString(text); n < a.least || n > a.most {
		return iv.between("length", "exact_length", a.least, a.most)
	}
	if a.pattern != nil && !a.pattern.MatchString(text) {
		return iv.again("pattern", nil)
	}
	text, ok := a.checked(text)
	switch {
	case !ok && a.q.Form == FormWords:
		return iv.again("pattern", nil)
	case !ok:
		return iv.again(helps[a.q.Form], nil)
	}
	return iv.accept(a, WordsValue(text), u.Rule)
}

// checked gives the canonical form of a text by the first checker that accepts it.
func (a *asking) checked(text string) (canonical string, ok bool) {
	if len(a.checkers) == 0 {
		return text, true
	}
	for _, c := range a.checkers {
		if s, err := c.Check(text); err == nil {
			return s, true
		}
	}
	return "", false
}

// coordinates hears "50.45, 30.52", in any digits, and also "50,45 30,52".
func (iv *Interview) coordinates(a *asking, text string) Heard {
	text = reply.Fold(text)
	between := func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '\n' }
	if !strings.Contains(text, ".") && strings.Count(strings.Trim(text, ","), ",") >= 2 {
		between = func(r rune) bool { return r == ' ' || r == ';' || r == '\n' }
	}
	parts := strings.FieldsFunc(text, between)
	if len(parts) == 2 {
		for i, p := range parts {
			parts[i] = strings.Replace(strings.Trim(p, ","), ",", ".", 1)
		}
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
	if !p.ok() {
		return iv.again("location", nil)
	}
	return iv.accept(a, PlaceValue(p), "place")
}

// filed hears photos or documents: the first that fits is the answer, and if
// none does, what is wrong with the first is said.
func (iv *Interview) filed(a *asking, files []File) Heard {
	if i := slices.IndexFunc(files, a.fits); i >= 0 {
		return iv.accept(a, FileValue(files[i]), "file")
	}
	if a.q.MaxBytes > 0 && files[0].Size > a.q.MaxBytes {
		return iv.again("file_size", hubkit.Args{"max": iv.number(max(math.Floor(float64(a.q.MaxBytes)/1e5)/10, 0.1))})
	}
	return iv.again("file_type", nil)
}

// fits says whether a file is an answer.
func (a *asking) fits(f File) bool {
	return f.Ref != "" && a.takes(f.Type) && (a.q.MaxBytes == 0 || f.Size <= a.q.MaxBytes)
}

// takes says whether a file of a media type is an answer.
func (a *asking) takes(mediaType string) bool {
	t, _, err := mime.ParseMediaType(mediaType)
	if err != nil {
		return false
	}
	image := strings.HasPrefix(t, "image/")
	switch {
	case len(a.types) > 0:
		major, _, _ := strings.Cut(t, "/")
		return slices.Contains(a.types, t) || slices.Contains(a.types, major+"/*")
	case a.q.Form == FormPhoto:
		return image
	}
	return image || t == "application/pdf"
}
