package reply_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration/reply"
)

// questions are one of each kind, with how many options each has.
var questions = []struct {
	e       *reply.Expect
	options int
}{{yesNo, 3}, {regions, 4}, {needs, 9}, {people, 1}, {amount, 1}, {when, 1}, {words, 1}}

// seeds are replies of every kind in several scripts.
var seeds = []string{
	"", "1", "yes", "так", "Ні, дякую", "نعم", "\u200f١", "👍🏽", "1️⃣", "🔟", "1,3 5", "2-4", "13", "п’ять", "٤٠ سنة", "خمسة وعشرون", "12 000 грн", "1.234,5",
	"24 лютого 2022 року", "03/04/2024", "3 дня назад", "15 كانون الثاني ١٩٩٠", "\xff\xfe", "№ 5", "2½", "e\u200d\u0301", "i\u0307İı", "ـــ", "ا\u064e\u0653", "\u0345ᾳ", "ﷺ", "²³", "ǅ", "ſ", "K", "ﬃ",
	strings.Repeat("1,", 600), strings.Repeat("один і ", 200), strings.Repeat("\u0301", 500),
}

// check holds for every reply to every question.
func check(t interface {
	Helper()
	Fatalf(string, ...any)
}, text string, lang hubkit.Lang, shown []int,
) {
	t.Helper()
	for _, q := range questions {
		u := q.e.Understand(lang, text, today, shown)
		in := func(o int) bool {
			return o >= 0 && o < q.options && (shown == nil || slices.Contains(shown, o))
		}
		switch {
		case u.OK != (u.Why == reply.Clear), u.OK != (u.Kind != reply.Nothing), u.OK && u.Guess != -1, u.OK && u.Rule == "":
			t.Fatalf("%q: contradictory %+v", text, u)
		case u.Kind == reply.Option && !in(int(u.N)), u.Guess != -1 && !in(u.Guess):
			t.Fatalf("%q: option not shown: %+v", text, u)
		case u.Kind == reply.Set && (len(u.Set) == 0 || !slices.IsSorted(u.Set) || !slices.ContainsFunc(u.Set, in) || slices.ContainsFunc(u.Set, func(o int) bool { return !in(o) })):
			t.Fatalf("%q: bad set: %+v", text, u)
		case !utf8.ValidString(u.Text):
			t.Fatalf("%q: broken text", text)
		}
	}
	f := reply.Fold(text)
	if again := reply.Fold(f); again != f {
		t.Fatalf("Fold(%q) = %q (%+q), then %q (%+q)", text, f, f, again, again)
	}
}

func TestInvariantsOfSeeds(t *testing.T) {
	for _, s := range seeds {
		for _, l := range []hubkit.Lang{"en", "uk", "ru", "ar", "fa-AF", "xx", ""} {
			check(t, s, l, nil)
			check(t, s, l, []int{2, 0})
			check(t, s, l, []int{-1, 99})
		}
	}
}

func TestInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.SampledFrom(seeds).Draw(t, "a"), rapid.String().Draw(t, "b")
		check(t, a+b, rapid.SampledFrom(threeLangs).Draw(t, "lang"), nil)
		check(t, b+a, "uk", []int{2, 0})
	})
}

func FuzzUnderstand(f *testing.F) {
	for _, s := range seeds {
		f.Add(s, "uk", false)
		f.Add(s, "ar", true)
	}
	f.Fuzz(func(t *testing.T, text, lang string, some bool) {
		var shown []int
		if some {
			shown = []int{2, 0, 7}
		}
		check(t, text, hubkit.Lang(lang), shown)
	})
}

// Every label, however it is dressed, means its own option in every language.
func TestDressedLabels(t *testing.T) {
	dress := []func(string) string{
		strings.ToUpper, strings.ToLower, strings.ToTitle,
		func(s string) string { return "\u200f" + s + "\u200e" },
		func(s string) string { return "\u2068" + s + "\u2069." },
		func(s string) string { return "  " + s + " !!" },
		func(s string) string { return "«" + s + "»" },
		func(s string) string { return s + " 🙂" },
		func(s string) string { return strings.ReplaceAll(s, " ", "\u00a0") },
		func(s string) string { return strings.ReplaceAll(s, "'", "’") },
		func(s string) string { return strings.ReplaceAll(s, "ё", "е") },
	}
	for _, q := range []struct {
		e    *reply.Expect
		opts [][4]string
	}{
		{regions, [][4]string{{"Kyiv region", "Київська область", "Киевская область", "منطقة كييف"}, {"Kharkiv region", "Харківська область", "Харьковская область", "منطقة خاركيف"}}},
		{yesNo, [][4]string{{"Yes", "Так", "Да", "نعم"}, {"No", "Ні", "Нет", "لا"}, {"Don't know", "Не знаю", "Не знаю", "لا أعرف"}}},
		{needs, [][4]string{{"Food", "Їжа", "Еда", "طعام"}, {"Water", "Вода", "Вода", "ماء"}, {"Shelter", "Житло", "Жильё", "مأوى"}}},
	} {
		for o, names := range q.opts {
			for _, name := range names {
				for i, d := range dress {
					for _, lang := range threeLangs {
						u := q.e.Understand(lang, d(name), 0, nil)
						got := u.N
						if len(u.Set) == 1 {
							got = int64(u.Set[0])
						}
						assert.Truef(t, u.OK && got == int64(o), "dress %d of %q in %s: %+v", i, name, lang, u)
					}
				}
			}
		}
	}
}

// Digits of every script that Unicode knows are understood: the oracle is the
// order of the standard library's table of decimal digits.
func TestDigitsOfEveryScript(t *testing.T) {
	n := int64(0)
	seen := 0
	var last rune
	for _, r := range allOf(unicode.Nd) {
		if r != last+1 {
			n = 0
		}
		u := people.Understand("en", string(r), 0, nil)
		assert.Truef(t, u.OK && u.N == n, "%U: %+v", r, u)
		last, n = r, (n+1)%10
		seen++
	}
	assert.Greater(t, seen, 600)
}

func allOf(t *unicode.RangeTable) (rs []rune) {
	for _, x := range t.R16 {
		for r := rune(x.Lo); r <= rune(x.Hi); r += rune(x.Stride) {
			rs = append(rs, r)
		}
	}
	for _, x := range t.R32 {
		for r := rune(x.Lo); r <= rune(x.Hi); r += rune(x.Stride) {
			rs = append(rs, r)
		}
	}
	return rs
}

// Days agrees with the standard library on every day there is.
func TestDays(t *testing.T) {
	for d := time.Date(1582, 1, 1, 0, 0, 0, 0, time.UTC); d.Year() < 2203; d = d.AddDate(0, 0, 1) {
		got, ok := reply.Days(d.Year(), int(d.Month()), d.Day())
		if !ok || got != floorDiv(d.Unix(), 86400) {
			t.Fatalf("%s: %d", d, got)
		}
	}
	for _, bad := range [][3]int{{2023, 2, 29}, {1900, 2, 29}, {2024, 13, 1}, {2024, 0, 1}, {2024, 4, 31}, {2024, 1, 0}} {
		_, ok := reply.Days(bad[0], bad[1], bad[2])
		assert.Falsef(t, ok, "%v", bad)
	}
}

func floorDiv(a, b int64) int64 {
	if a < 0 {
		return -((-a + b - 1) / b)
	}
	return a / b
}

// A typing error is a question back, never an answer, and never between two
// options that are equally near.
func TestTyposOnlyAsk(t *testing.T) {
	e := reply.New(reply.Spec{Kind: reply.One, Options: 2, Labels: []reply.Label{{0, "en", "Married"}, {1, "en", "Carried"}}})
	for _, s := range []string{"xarried", "arried", "marred", "amrried", "Marriedd"} {
		u := e.Understand("en", s, 0, nil)
		assert.Falsef(t, u.OK, "%q", s)
	}
	assert.Equal(t, -1, e.Understand("en", "xarried", 0, nil).Guess, "a tie")
	assert.Equal(t, 0, e.Understand("en", "marreid", 0, nil).Guess, "a swap counts one")
	assert.Equal(t, 1, e.Understand("en", "carrid", 0, nil).Guess)
}

func TestFold(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"  Так! ", "так"},
		{"П’ять", "п'ять"},
		{"пʼять", "п'ять"},
		{"пятниця", "пятниця"},
		{"１２", "12"},
		{"①", "1"},
		{"№5", "5"},
		{"٤٢", "42"},
		{"إجابة", "اجابه"},
		{"على", "علی"},
		{"كتاب", "کتاب"},
		{"مـــا", "ما"},
		{"HAYIR", "hayir"},
		{"hayır", "hayir"},
		{"İYİ", "iyi"},
		{"«Так»", "так"},
		{"5–7", "5-7"},
		{"Straße", "strasse"},
		{"50%", "50%"},
		{"?", "?"},
		{"", ""},
		{"60+", "60+"},
		{"a\u00a0\tb", "a b"},
	} {
		assert.Equalf(t, c.want, reply.Fold(c.in), "%q", c.in)
	}
}
