package hubkit_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
)

var (
	thanks = hubkit.Text{"en": "Thank you.", "uk": "Дякуємо.", "ru": "Спасибо."}
	people = hubkit.Text{
		"en": "{name}, {n, plural, one {# person lives} other {# people live}} with you.",
		"uk": "{name}, з вами {n, plural, one {живе # людина} few {живуть # людини} many {живуть # людей} other {живе # людини}}.",
		"ar": "{name}، {n, plural, zero {لا أحد} one {شخص واحد} two {شخصان} few {# أشخاص} many {# شخصا} other {# شخص}}.",
	}
	three = []hubkit.Lang{"en", "uk", "ru"}
)

func compile(t testing.TB, text hubkit.Text, need []hubkit.Lang, fb hubkit.Fallback, vars ...string) *hubkit.Compiled {
	t.Helper()
	c, err := text.Compile(need, fb, vars...)
	require.NoError(t, err)
	return c
}

func TestIn(t *testing.T) {
	c := compile(t, people, []hubkit.Lang{"en", "uk", "ar"}, nil, "n", "name")
	assert.Equal(t, []string{"n", "name"}, c.Vars())
	tests := []struct {
		want hubkit.Lang
		n    any
		say  string
		used hubkit.Lang
	}{
		{"en", 1, "Olena, 1 person lives with you.", "en"},
		{"en", 4, "Olena, 4 people live with you.", "en"},
		{"uk", 1, "Olena, з вами живе 1 людина.", "uk"},
		{"uk", 23, "Olena, з вами живуть 23 людини.", "uk"},
		{"uk", 12, "Olena, з вами живуть 12 людей.", "uk"},
		{"uk", 0.5, "Olena, з вами живе 0.5 людини.", "uk"},
		{"ar", 2, "Olena، شخصان.", "ar"},
		{"ar", 103, "Olena، 103 أشخاص.", "ar"},
		{"uk-UA", 5, "Olena, з вами живуть 5 людей.", "uk"},
		{"fr", 5, "Olena, 5 people live with you.", "en"},
		{"", 5, "Olena, 5 people live with you.", "en"},
		{"\xff{", 5, "Olena, 5 people live with you.", "en"},
	}
	for _, tt := range tests {
		s, used := c.In(tt.want, hubkit.Args{"n": tt.n, "name": "Olena"})
		assert.Equal(t, tt.say, s)
		assert.Equal(t, tt.used, used, "%s", tt.want)
		_, ok := c.Literal(tt.want)
		assert.False(t, ok, "a text with variables is no literal")
	}
	s, _ := c.In("uk", nil)
	assert.Equal(t, ", з вами живе  людини.", s, "what is missing is left out")
}

func TestLiteral(t *testing.T) {
	c := compile(t, thanks, three, nil)
	for l, want := range thanks {
		s, ok := c.Literal(l)
		assert.True(t, ok)
		assert.Equal(t, want, s)
		said, used := c.In(l, hubkit.Args{"unused": 1})
		assert.Equal(t, want, said)
		assert.Equal(t, l, used)
	}
	s, ok := c.Literal("uk-PL")
	assert.True(t, ok)
	assert.Equal(t, "Дякуємо.", s)
	assert.Empty(t, c.Vars())
}

func TestNilCompiledSaysNothing(t *testing.T) {
	var c *hubkit.Compiled
	s, used := c.In("en", nil)
	assert.Empty(t, s)
	assert.Empty(t, used)
	_, ok := c.Literal("en")
	assert.False(t, ok)
	assert.Nil(t, c.Vars())
}

func TestFallback(t *testing.T) {
	text := hubkit.Text{"en": "Hello", "fa": "سلام", "ru": "Здравствуйте", "pt": "Olá"}
	tests := []struct {
		name string
		need []hubkit.Lang
		fb   hubkit.Fallback
		want hubkit.Lang
		used hubkit.Lang // empty: refused
	}{
		{"itself", []hubkit.Lang{"ru"}, nil, "ru", "ru"},
		{"nothing falls by itself", []hubkit.Lang{"en", "uk"}, nil, "uk", ""},
		{"only as written", []hubkit.Lang{"en", "uk"}, hubkit.Fallback{"uk": {"en"}}, "uk", "en"},
		{"to Russian if a programme writes it", []hubkit.Lang{"en", "uk"}, hubkit.Fallback{"uk": {"ru", "en"}}, "uk", "ru"},
		{"BCP 47 parent by default", []hubkit.Lang{"en", "fa-AF"}, nil, "fa-AF", "fa"},
		{"a chain replaces the parent", []hubkit.Lang{"en", "fa-AF"}, hubkit.Fallback{"fa-AF": {"en"}}, "fa-AF", "en"},
		{"an empty chain forbids the parent", []hubkit.Lang{"en", "fa-AF"}, hubkit.Fallback{"fa-AF": {}}, "fa-AF", ""},
		{"first that has a text", []hubkit.Lang{"ps"}, hubkit.Fallback{"ps": {"fa-AF", "ar", "en", "fa"}}, "ps", "en"},
		{"a chain is not continued", []hubkit.Lang{"ps", "en"}, hubkit.Fallback{"ps": {"fa-AF"}, "fa-AF": {"fa"}}, "ps", ""},
		{"over two parents", []hubkit.Lang{"pt-AO"}, nil, "pt-AO", "pt"},
		{"not into another script", []hubkit.Lang{"en", "sr-Latn"}, nil, "sr-Latn", ""},
		{"not needed, but written", []hubkit.Lang{"en"}, hubkit.Fallback{"uk": {"ru"}}, "uk", "ru"},
		{"not needed, and its chain leads nowhere", []hubkit.Lang{"en", "fa"}, hubkit.Fallback{"fa-AF": {"ps"}}, "fa-AF", "en"},
		{"not needed", []hubkit.Lang{"en"}, nil, "ru", "en"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := text.Compile(tt.need, tt.fb)
			if tt.used == "" {
				require.ErrorContains(t, err, "no text in this language")
				assert.Nil(t, c)
				return
			}
			require.NoError(t, err)
			s, used := c.In(tt.want, nil)
			assert.Equal(t, tt.used, used)
			assert.Equal(t, text[tt.used], s, "a message falls back whole")
		})
	}
}

// One call reports all mistakes of all languages, in words that a translator
// can act on, always in the same order.
func TestCompileReportsEverything(t *testing.T) {
	text := hubkit.Text{
		"en": "{name} has {n, plural, one {# child} few {# childs}}",
		"uk": "Увага: {n, plural, one {# дитина} other {# дітей}} {ім'я}",
		"ar": "\u200f{n, plural, other {#}",
		"fr": "   ",
		"ua": "Дякуємо",
		"de": "{broken",
	}
	e := hubkit.Entry{ID: "form/children", Text: text, Vars: []string{"n", "name"}}
	_, err := e.Compile([]hubkit.Lang{"en", "uk", "ar", "fr"}, nil)
	require.Error(t, err)
	want := strings.Join([]string{
		`form/children: its language "ua": not a language tag as this library spells it: write "uk"`,
		`form/children: en, character 12, at "{n, plural, one {# c…": the form "other" is missing: add other {…} with the words for everything else`,
		`form/children: uk, character 52, at "{ім'я}": after { comes the name of a variable (letters, digits and _), then } or a comma: write '{' if people shall see a brace`,
		`form/children: ar, character 2, at "{n, plural, other {#…": the { here is never closed: add the } that is missing, or write '{' if people shall see a brace`,
		`form/children: fr: there is no text in this language: write one, or name a fall-back`,
	}, "\n")
	assert.Equal(t, want, err.Error())

	var te *hubkit.TextError
	require.ErrorAs(t, err, &te)
	assert.Equal(t, "form/children", te.ID)

	e.Text = hubkit.Text{
		"en": "{name} has {n, plural, one {# child} few {# childs} other {#}}",
		"uk": "{n, plural, one {# дитина} other {# дітей}} {имя}",
	}
	_, err = e.Compile([]hubkit.Lang{"en", "uk"}, nil)
	require.Error(t, err)
	for _, fragment := range []string{
		`en, character 38, at "few {# childs} other…": this language has no plural form "few" (it has one, other)`,
		`uk, character 1, at "{n, plural, one {# д…": the plural form "few" is missing`,
		`the plural form "many" is missing, which this language needs for numbers such as 0, 5, 6`,
		`uk, character 45, at "{имя}": {имя} is not a variable of this message: use {n}, {name}, spelled exactly so`,
	} {
		assert.ErrorContains(t, err, fragment)
	}
	assert.Len(t, strings.Split(err.Error(), "\n"), 4)
}

func TestCompileRefusesUnsoundLanguages(t *testing.T) {
	_, err := thanks.Compile(nil, nil)
	require.ErrorContains(t, err, "name at least one")
	_, err = thanks.Compile([]hubkit.Lang{"en", "ua", "en"}, hubkit.Fallback{"uk": {"uk"}})
	require.ErrorIs(t, err, hubkit.ErrLang)
	assert.Equal(t, `language needed "ua": not a language tag as this library spells it: write "uk"
language needed "en" is named twice: remove one
fall-back of "uk" goes in a circle: take "uk" out of its own chain`, err.Error())
	_, err = hubkit.Text(nil).Compile([]hubkit.Lang{"en", "uk"}, hubkit.Fallback{"uk": {"en"}})
	require.ErrorContains(t, err, "uk: there is no text in this language nor in its fall-backs [\"en\"]")
}

// A translation that nobody can be shown must not stop a programme.
func TestUnreachableTranslationsAreLeftAlone(t *testing.T) {
	text := hubkit.Text{"en": "Hi", "fr": "{broken", "de": "{x}"}
	compile(t, text, []hubkit.Lang{"en"}, nil)
	_, err := text.Compile([]hubkit.Lang{"en", "uk"}, hubkit.Fallback{"uk": {"fr"}})
	require.ErrorContains(t, err, "fr, character 1")
}

// A fault in a text that several languages fall back to is reported once.
func TestFaultOfAFallbackIsReportedOnce(t *testing.T) {
	_, err := hubkit.Text{"en": "{x}"}.Compile(three, hubkit.Fallback{"uk": {"en"}, "ru": {"en"}})
	require.Error(t, err)
	assert.Equal(t, 1, strings.Count(err.Error(), "\n")+1)
}

func TestLimit(t *testing.T) {
	tests := []struct {
		text  string
		limit int
		want  string
	}{
		{"п'ять", 5, ""},
		{"п'ять", 4, "has 5 characters, and 4 are the most"},
		{"Hi {name}", 3, ""},
		{"Hi {name}", 2, "has 3 characters even without the values"},
		{"{name, select, a {12345} other {1}}", 1, ""},
		{strings.Repeat("x", 5000), 0, ""},
		{"{", 1, "never closed"},
	}
	for _, tt := range tests {
		_, err := hubkit.Entry{Text: hubkit.Text{"uk": tt.text}, Vars: []string{"name"}, Limit: tt.limit}.Compile([]hubkit.Lang{"uk"}, nil)
		if tt.want == "" {
			assert.NoError(t, err, tt.text)
		} else {
			assert.ErrorContains(t, err, tt.want)
		}
	}
}

func TestCheck(t *testing.T) {
	entries := []hubkit.Entry{
		{ID: "a", Text: thanks},
		{ID: "b", Text: hubkit.Text{"en": "{x}", "uk": "{"}},
		{ID: "a", Text: thanks},
		{ID: "", Text: thanks},
		{ID: "c", Text: people, Vars: []string{"n", "name"}},
	}
	err := hubkit.Check(slices.Values(entries), []hubkit.Lang{"en", "uk"}, nil)
	require.Error(t, err)
	lines := strings.Split(err.Error(), "\n")
	require.Len(t, lines, 4)
	for i, start := range []string{"b: en, character 1", "b: uk, character 1", "a: another text has the same ID", "this text has no ID"} {
		assert.True(t, strings.HasPrefix(lines[i], start), lines[i])
	}
	assert.NoError(t, hubkit.Check(slices.Values(entries[:1]), three, nil))
	assert.NoError(t, hubkit.Check(slices.Values([]hubkit.Entry(nil)), three, nil))

	err = hubkit.Check(slices.Values(entries), []hubkit.Lang{"ua"}, nil)
	require.ErrorIs(t, err, hubkit.ErrLang)
	assert.NotContains(t, err.Error(), "\n", "wrong languages are said once, not once a text")
}

func TestCompiledIsSafeForConcurrentUse(t *testing.T) {
	c := compile(t, people, []hubkit.Lang{"en", "uk", "ar"}, nil, "n", "name")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for n := range 100 {
				c.In("uk", hubkit.Args{"n": n})
				c.In("pl", nil)
				c.Literal("ar")
			}
		})
	}
	wg.Wait()
}

func TestSpeed(t *testing.T) {
	lit := compile(t, thanks, three, nil)
	assert.Zero(t, testing.AllocsPerRun(100, func() { lit.In("uk", nil); lit.Literal("ru") }))
	c := compile(t, people, []hubkit.Lang{"en", "uk", "ar"}, nil, "n", "name")
	args := hubkit.Args{"n": 123456, "name": "Олена"}
	assert.LessOrEqual(t, testing.AllocsPerRun(100, func() { c.In("uk", args) }), 1.0)
}

// Whatever a translator's file holds: no panic; and a text that compiles says
// something in the language it names, with or without values.
func FuzzCompile(f *testing.F) {
	for _, s := range []string{"", " ", "Дякуємо, {name}", "{n, plural, one {#} few {#} many {#} other {#}}", "\u200fشكرا {name}", "👍🏽", "'{'", "{n, select, other {'}}", "\xff"} {
		f.Add(s, "Олена", int64(21))
	}
	f.Fuzz(func(t *testing.T, s, name string, n int64) {
		for _, l := range []hubkit.Lang{"uk", "ar"} {
			c, err := hubkit.Text{l: s}.Compile([]hubkit.Lang{l}, nil, "n", "name")
			if err != nil {
				var te *hubkit.TextError
				if !errors.As(err, &te) || te.Lang != l || te.Pos > utf8.RuneCountInString(s)+1 || c != nil {
					t.Fatalf("%v", err)
				}
				continue
			}
			for _, a := range []hubkit.Args{nil, {"n": n, "name": name}, {"n": name, "name": n}} {
				if _, used := c.In(l, a); used != l {
					t.Fatalf("used %q", used)
				}
			}
		}
	})
}

func BenchmarkIn(b *testing.B) {
	b.Run("literal", func(b *testing.B) {
		c := compile(b, thanks, three, nil)
		b.ReportAllocs()
		for b.Loop() {
			c.In("uk", nil)
		}
	})
	b.Run("variables", func(b *testing.B) {
		c := compile(b, people, []hubkit.Lang{"en", "uk", "ar"}, nil, "n", "name")
		args := hubkit.Args{"n": 3, "name": "Олена"}
		b.ReportAllocs()
		for b.Loop() {
			c.In("uk", args)
		}
	})
}

func BenchmarkLiteral(b *testing.B) {
	c := compile(b, thanks, three, nil)
	b.ReportAllocs()
	for b.Loop() {
		c.Literal("uk")
	}
}

func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		compile(b, people, []hubkit.Lang{"en", "uk", "ar"}, nil, "n", "name")
	}
}
