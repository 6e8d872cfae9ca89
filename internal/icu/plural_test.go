package icu

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sample is one number of CLDR's plural samples, and the form it takes.
type sample struct {
	lang, form, number string
}

// cldr reads testdata/cldr-plurals.txt: "2~16" stands for all between.
func cldr(t *testing.T) []sample {
	t.Helper()
	data, err := os.ReadFile("testdata/cldr-plurals.txt")
	require.NoError(t, err)
	var out []sample
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		cell := strings.Split(strings.TrimSuffix(line, "\n"), " | ")
		require.Len(t, cell, 4, line)
		for _, word := range strings.Fields(cell[2] + " " + cell[3]) {
			for _, number := range spread(t, word) {
				out = append(out, sample{cell[0], cell[1], number})
			}
		}
	}
	return out
}

func spread(t *testing.T, word string) []string {
	t.Helper()
	from, to, ok := strings.Cut(word, "~")
	if !ok {
		return []string{word}
	}
	_, frac, _ := strings.Cut(from, ".")
	scale := math.Pow10(len(frac))
	lo, err := strconv.ParseFloat(from, 64)
	require.NoError(t, err)
	hi, err := strconv.ParseFloat(to, 64)
	require.NoError(t, err)
	var out []string
	for n := math.Round(lo * scale); n <= math.Round(hi*scale); n++ {
		out = append(out, strconv.FormatFloat(n/scale, 'f', len(frac), 64))
	}
	return out
}

func TestFormsAgreeWithCLDR(t *testing.T) {
	samples := cldr(t)
	require.GreaterOrEqual(t, len(samples), 1200, "the oracle must not shrink unseen")
	langs, rules := map[string]int{}, map[string]Rules{}
	for _, s := range samples {
		r, ok := rules[s.lang]
		if !ok {
			r = RulesFor(s.lang)
			rules[s.lang] = r
		}
		langs[s.lang]++
		require.Equal(t, s.form, r.Form(Decimal(s.number)).String(), "%s %s", s.lang, s.number)
		if n, err := strconv.ParseInt(s.number, 10, 64); err == nil {
			require.Equal(t, s.form, r.Form(Int(n)).String(), "%s %d", s.lang, n)
			require.Equal(t, s.form, r.Form(Int(-n)).String(), "%s %d", s.lang, -n)
			require.Equal(t, s.form, r.Form(Uint(uint64(n))).String(), "%s %d", s.lang, n)
		}
	}
	assert.Len(t, langs, 21)
	t.Logf("%d samples of %d languages", len(samples), len(langs))
}

// Which forms a language has at all must be what CLDR lists for it, since a
// form outside the list is refused as impossible.
func TestFormsAreThoseOfCLDR(t *testing.T) {
	want := map[string]Set{}
	for _, s := range cldr(t) {
		f, ok := formNamed(s.form)
		require.True(t, ok, s.form)
		set := want[s.lang]
		set.add(f)
		want[s.lang] = set
	}
	for lang, set := range want {
		assert.Equal(t, set.String(), RulesFor(lang).Forms().String(), lang)
	}
}

func TestRulesForVariants(t *testing.T) {
	tests := []struct {
		lang string
		n    int64
		want Form
	}{
		{"fa-AF", 0, One},
		{"pt-BR", 0, One},
		{"pt-PT", 0, Other},
		{"pt-PT", 2_000_000, Many},
		{"ca", 3_000_000, Many},
		{"iw", 20, Other}, // the old tag for Hebrew
		{"zh", 1, Other},
		{"und", 1, Other},
		{"nonsense!", 1, Other},
		{"uk", 10_000_001, One},
		{"uk", math.MaxInt64, Many}, // …807
		{"ar", 10_000_000, Other},   // not zero, though its last digits are
		{"ar", 100_000_003, Few},
	}
	for _, tt := range tests {
		assert.Equal(t, tt.want, RulesFor(tt.lang).Form(Int(tt.n)), "%s %d", tt.lang, tt.n)
	}
}

func TestDecimal(t *testing.T) {
	for _, s := range []string{"", "-", ".", "1.", ".5", "1.2.3", "1,5", "1e6", "+1", " 1", "٣", "NaN", "--1", "-.5"} {
		assert.Equal(t, Number{}, Decimal(s), "%q is no number", s)
	}
	n := Decimal("-0012.5070")
	assert.Equal(t, Number{ok: true, exact: 12, i: 12, v: 4, w: 3, f: 5070, t: 507}, n)
	assert.True(t, Decimal("3.00").isExact)
	assert.False(t, Decimal("3.01").isExact)
	assert.False(t, Decimal("-3").isExact)
	assert.True(t, Decimal("-0").isExact)
	assert.False(t, Decimal(strings.Repeat("9", 30)).isExact)
	assert.Equal(t, Number{}, Float(math.NaN()))
	assert.Equal(t, Number{}, Float(math.Inf(-1)))
	assert.Equal(t, Decimal("0.5"), Float(0.5))
	assert.Equal(t, Decimal("1e300"[:1]+strings.Repeat("0", 300)).i, Float(1e300).i)
	assert.Equal(t, Decimal("-1"), Int(-1))
	assert.False(t, Int(-1).isExact, "=1 is not for -1")
	assert.True(t, Int(0).isExact)
	assert.Equal(t, Int(math.MinInt64).i, Uint(1<<63).i)
}

// However long a number is, its form is that of its last digits.
func TestLongNumbers(t *testing.T) {
	uk := RulesFor("uk")
	for last, want := range map[string]Form{"1": One, "2": Few, "5": Many, "0": Many} {
		for zeros := range 40 {
			s := "1" + strings.Repeat("0", zeros+1) + last
			assert.Equal(t, want, uk.Form(Decimal(s)), s)
		}
	}
}

func ExampleRules_Forms() {
	for _, lang := range []string{"en", "uk", "ar", "fr", "he"} {
		fmt.Println(lang, RulesFor(lang).Forms())
	}
	// Output:
	// en one, other
	// uk one, few, many, other
	// ar zero, one, two, few, many, other
	// fr one, many, other
	// he one, two, other
}
