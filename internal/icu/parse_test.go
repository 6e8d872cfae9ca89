package icu

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestParseLiterals(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"empty", "", ""},
		{"plain", "Thank you.", "Thank you."},
		{"apostrophes need no escape", "п'ять, l'aide, It's 'good'", "п'ять, l'aide, It's 'good'"},
		{"two are one", "it''s ''so''", "it's 'so'"},
		{"four are two", "a''''b", "a''b"},
		{"one at the end", "dogs'", "dogs'"},
		{"quoted braces", "write '{name}' here", "write {name} here"},
		{"quoted closing brace", "a '}' b", "a } b"},
		{"apostrophe in a quotation", "'{it''s}'", "{it's}"},
		{"quotation up to the next apostrophe", "'{a} b' c", "{a} b c"},
		{"# is itself outside a plural", "Tent #4, №5", "Tent #4, №5"},
		{"apostrophe before # outside a plural", "'#4'", "'#4'"},
		{"vertical bar", "a'|'b", "a'|'b"},
		{"arabic", "شكرا لك", "شكرا لك"},
		{"emoji and marks", "👍🏽 \u200f١", "👍🏽 \u200f١"},
		{"spaces are kept", "  a \n b ", "  a \n b "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, problems := Parse(tt.src)
			require.Empty(t, problems)
			got, ok := p.Literal()
			require.True(t, ok)
			assert.Equal(t, tt.want, got)
			assert.Equal(t, tt.want, p.Format(RulesFor("en"), nil))
		})
	}
}

// Each mistake is reported once, at its byte, in words that say what to do.
func TestParseProblems(t *testing.T) {
	tests := []struct {
		src  string
		pos  int
		want string
	}{
		{"Hello {name", 6, "never closed"},
		{"Hello {", 6, "never closed"},
		{"Hello {name ", 6, "never closed"},
		{"{n, plural, other {x}", 0, "never closed"},
		{"{n, plural, other {x", 18, "never closed"},
		{"{n, plural, other", 17, "in braces"},
		{"{n, plural,", 0, "never closed"},
		{"{n, plural", 10, "a comma must follow plural"},
		{"Hello name}", 10, "closes nothing"},
		{"}", 0, "closes nothing"},
		{"a {} b", 2, "nothing stands between"},
		{"a { } b", 2, "nothing stands between"},
		{"{first name}", 0, "name of a variable"},
		{"{user.name}", 0, "name of a variable"},
		{"{{name}}", 0, "name of a variable"},
		{"{,plural}", 0, "name of a variable"},
		{"${'x'}", 1, "name of a variable"},
		{"{n, number}", 4, `"number" is not understood`},
		{"{n, selectordinal, other {#}}", 4, `"selectordinal" is not understood`},
		{"{n, Plural, other {#}}", 4, `"Plural" is not understood`},
		{"{n,}", 3, `"" is not understood`},
		{"{n, plural}", 10, "a comma must follow plural"},
		{"{n, plural other {#}}", 11, "a comma must follow plural"},
		{"{n, plural, }", 0, `"other" is missing`},
		{"{n, plural, one {#}}", 0, `"other" is missing`},
		{"{s, select, f {x}}", 0, `"other" is missing`},
		{"{n, plural, {#}}", 12, "a form must begin with its name"},
		{"{n, plural, one # other {#}}", 16, "in braces"},
		{"{n, plural, one {#} one {#} other {#}}", 20, "written twice"},
		{"{n, plural, =1 {#} =1 {#} other {#}}", 19, "written twice"},
		{"{n, plural, other {#} other {#}}", 22, "written twice"},
		{"{n, plural, single {#} other {#}}", 12, "is no plural form"},
		{"{n, plural, 1 {#} other {#}}", 12, "is no plural form"},
		{"{n, plural, =x {#} other {#}}", 12, "not a whole number"},
		{"{n, plural, = {#} other {#}}", 12, "not a whole number"},
		{"{n, plural, =99999999999999999999 {#} other {#}}", 12, "not a whole number"},
		{"{n, plural, =01 {#} other {#}}", 12, "write =1 instead"},
		{"{n, plural, =١ {#} other {#}}", 12, "not a whole number"},
		{"{n, plural, offset:1 other {#}}", 12, "offset: is not supported"},
		{"{s, select, =1 {x} other {y}}", 12, "select chooses by words"},
		{"{a, select, other {{b, select, other {{c, select, other {x}}}}}}", 38, "third plural or select"},
		{"{n, plural, other {{s, select, other {#}}}}", 38, "different things in different tools"},
		{"say '{name} now", 4, "never ends"},
		{"{n, plural, other {'# a}}", 19, "never ends"},
		{"ab\xffcd", 2, "not UTF-8"},
		{"ab\xf0\x9f", 2, "not UTF-8"},
	}
	for _, tt := range tests {
		t.Run(tt.src, func(t *testing.T) {
			_, problems := Parse(tt.src)
			require.Len(t, problems, 1)
			assert.Equal(t, tt.pos, problems[0].Pos, problems[0].Text)
			assert.Contains(t, problems[0].Text, tt.want)
		})
	}
}

func TestParseReportsAllThatCanBeUnderstood(t *testing.T) {
	_, problems := Parse("{n, plural, uno {#} =x {#} one {#} one {#}} {s, select, =1 {x}} {")
	var at []int
	for _, p := range problems {
		at = append(at, p.Pos)
	}
	assert.Equal(t, []int{12, 20, 35, 0, 56, 44, 64}, at)
}

func TestCheck(t *testing.T) {
	tests := []struct {
		lang, src string
		want      []string // one fragment per problem
	}{
		{"en", "{n, plural, one {# day} other {# days}}", nil},
		{"en", "{n, plural, =1 {a day} other {# days}}", nil},
		{"en", "{n, plural, =0 {none} =1 {one} other {#}}", nil},
		{"en", "{n, plural, other {#}}", []string{`"one" is missing, which this language needs for numbers such as 1:`}},
		{"en", "{n, plural, one {#} few {#} other {#}}", []string{`no plural form "few" (it has one, other)`}},
		{"uk", "{n, plural, one {#} few {#} many {#} other {#}}", nil},
		{"uk", "{n, plural, one {#} other {#}}", []string{`"few" is missing, which this language needs for numbers such as 2, 3, 4:`, `"many" is missing, which this language needs for numbers such as 0, 5, 6:`}},
		{"uk", "{n, plural, =1 {#} few {#} many {#} other {#}}", []string{`"one" is missing, which this language needs for numbers such as 21, 31, 41:`}},
		{"uk", "{n, plural, zero {#} one {#} few {#} many {#} other {#}}", []string{`no plural form "zero" (it has one, few, many, other)`}},
		{"ar", "{n, plural, zero {#} one {#} two {#} few {#} many {#} other {#}}", nil},
		{"ar", "{n, plural, =0 {#} =1 {#} =2 {#} few {#} many {#} other {#}}", nil},
		{"ar", "{n, plural, one {#} other {#}}", []string{`"zero"`, `"two"`, `"few"`, `"many"`}},
		{"fr", "{n, plural, one {#} other {#}}", nil},
		{"fr", "{n, plural, one {#} many {# de} other {#}}", nil},
		{"so", "{n, plural, one {#} many {#} other {#}}", []string{`no plural form "many"`}},
		{"he", "{n, plural, one {#} two {#} other {#}}", nil},
		{"he", "{n, plural, one {#} two {#} many {#} other {#}}", []string{`no plural form "many"`}},
		{"zh", "{n, plural, other {#}}", nil},
		{"zh", "{n, plural, one {#} other {#}}", []string{`no plural form "one" (it has other)`}},
		{"en", "{имя}", []string{"{имя} is not a variable of this message: use {n}, {s}, spelled exactly so"}},
		{"en", "{s, select, f {{N}} other {{n}}} {m}", []string{"{N}", "{m}"}},
		{"en", "{s, select, f {{n, plural, other {#}}} other {}}", []string{`"one" is missing`}},
		{"en", "{x, plural, one {#} other {#}}", []string{"{x}", "{x}", "{x}"}},
	}
	for _, tt := range tests {
		t.Run(tt.lang+" "+tt.src, func(t *testing.T) {
			p, problems := Parse(tt.src)
			require.Empty(t, problems)
			problems = p.Check(RulesFor(tt.lang), []string{"n", "s"})
			require.Len(t, problems, len(tt.want), "%v", problems)
			for i, want := range tt.want {
				assert.Contains(t, problems[i].Text, want)
			}
		})
	}
	p, _ := Parse("{name}")
	assert.Contains(t, p.Check(RulesFor("en"), nil)[0].Text, "this message has none")
}

// A pattern written by Escape says what was escaped, whatever it was.
func TestEscape(t *testing.T) {
	for s, want := range map[string]string{
		"п'ять":   "п'ять",
		"{name}":  "'{'name'}'",
		"{}":      "'{}'",
		"a'{":     "a'''{'",
		"it''s":   "it''''s",
		"{'{":     "'{''{'",
		"l'aide ": "l'aide ",
	} {
		assert.Equal(t, want, Escape(s))
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.SampledFrom([]rune("a'{}#ї ن👍\u200f,|"))).Draw(t, "s")
		p, problems := Parse(Escape(s))
		require.Empty(t, problems)
		got, ok := p.Literal()
		require.True(t, ok)
		require.Equal(t, s, got)
	})
}

func TestShortest(t *testing.T) {
	for src, want := range map[string]int{
		"":       0,
		"п'ять":  5,
		"{name}": 0,
		"Hi {n, plural, one {# day} other {# days}}!":                               8,
		"{s, select, f {Пані {n, plural, =0 {а} other {abc}}} other {Шановні всі}}": 6,
	} {
		p, problems := Parse(src)
		require.Empty(t, problems, src)
		assert.Equal(t, want, p.Shortest(), src)
	}
}

// The work is bounded by the length of the source, also where braces nest as
// deep as the source is long.
func TestParseIsLinear(t *testing.T) {
	for _, piece := range []string{"{", "}", "'", "'{", "{n, plural, other {", "{a}", "=1 {", "#", "''", "{n, plural, one {#} one {#} ", "\u200f"} {
		allocs := func(n int) float64 {
			src := strings.Repeat(piece, n)
			return testing.AllocsPerRun(1, func() { Parse(src) })
		}
		small, large := allocs(1_000), allocs(10_000)
		assert.LessOrEqual(t, large, 11*small+50, "%q", piece)
	}
}

func FuzzParse(f *testing.F) {
	for _, src := range []string{
		"", "п'ять", "{n, plural, =0 {ніхто} one {# людина} few {# людини} many {# людей} other {# людини}}",
		"{n, plural, zero {لا أحد} one {شخص} two {شخصان} few {# أشخاص} many {# شخصا} other {# شخص}}",
		"\u200f{name}\u200f, شكرا", "👍🏽 {sex, select, f {она} m {он} other {они}}", "'{' '' '#", "{a,\u200eselect\u200f,other{}}",
		"{n, plural, other {{s, select, other {'#'}}}}", "\xff{", "\u2067{x}\u2069",
	} {
		f.Add(src)
	}
	rules := []Rules{RulesFor("uk"), RulesFor("ar")}
	f.Fuzz(func(t *testing.T, src string) {
		p, problems := Parse(src)
		for _, pr := range problems {
			if pr.Pos < 0 || pr.Pos > len(src) || pr.Text == "" {
				t.Fatalf("problem out of place: %+v", pr)
			}
		}
		nodes, vars := 0, map[string]any{}
		p.Walk(func(n *Node) {
			nodes += 1 + len(n.Cases)
			if n.Kind != Literal {
				vars[n.Text] = int64(nodes)
			}
		})
		if nodes > len(src) {
			t.Fatalf("%d nodes from %d bytes", nodes, len(src))
		}
		if len(problems) > 0 {
			return
		}
		for _, r := range rules {
			p.Check(r, nil)
			for _, args := range []map[string]any{nil, vars} {
				said := p.Format(r, args)
				if !utf8.ValidString(said) {
					t.Fatalf("%q is not UTF-8", said)
				}
				if n := utf8.RuneCountInString(said); n < p.Shortest() {
					t.Fatalf("%q is shorter than %d", said, p.Shortest())
				}
			}
		}
	})
}

func ExampleParse() {
	p, problems := Parse("{n, plural, one {# людина} few {# людини} many {# людей} other {# людини}}")
	uk := RulesFor("uk")
	fmt.Println(len(problems), len(p.Check(uk, []string{"n"})))
	for _, n := range []any{1, 3, 5, 21, 1.5} {
		fmt.Println(p.Format(uk, map[string]any{"n": n}))
	}
	// Output:
	// 0 0
	// 1 людина
	// 3 людини
	// 5 людей
	// 21 людина
	// 1.5 людини
}
