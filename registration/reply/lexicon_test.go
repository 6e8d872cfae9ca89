package reply

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
)

// No form may stand for two numbers, two months, or both yes and no: neither
// folded nor loosened.
func TestLexiconsDoNotContradictThemselves(t *testing.T) {
	for _, v := range vocabularies {
		seen := map[string]string{}
		claim := func(forms, meaning string) {
			if forms == "" {
				return
			}
			for f := range strings.SplitSeq(forms, "|") {
				key := Fold(f)
				require.NotEmptyf(t, key, "%s: %q", v.lang, f)
				assert.Lessf(t, len(key), longestWord, "%s: %q", v.lang, f)
				for _, k := range []string{key, loosen(key)} {
					if utf8.RuneCountInString(k) < 3 && k != key {
						continue
					}
					if other, ok := seen[k]; ok && other != meaning {
						t.Errorf("%s: %q is both %s and %s", v.lang, f, other, meaning)
					}
					seen[k] = meaning
				}
			}
		}
		claim(v.yes, "yes")
		claim(v.no, "no")
		claim(v.affirm, "affirm")
		claim(v.deny, "deny")
		for i, m := range v.months {
			claim(m, "month "+string(rune('A'+i)))
		}
		clear(seen)
		for _, n := range v.numerals {
			claim(n.forms, string(rune(0x1000+n.n)))
		}
	}
}

// Every form of every number word is read as its number by its language, in
// capitals too.
func TestEveryNumeral(t *testing.T) {
	for _, v := range vocabularies {
		e := New(Spec{Kind: Integer, Langs: []hubkit.Lang{v.lang}})
		for _, n := range v.numerals {
			for f := range strings.SplitSeq(n.forms, "|") {
				u := e.Understand(v.lang, strings.ToUpper(f), 0, nil)
				assert.Truef(t, u.OK && u.N == n.n, "%s %q: %+v", v.lang, f, u)
			}
		}
	}
}

// Every form of every month is read, and every word for yes and no.
func TestEveryMonthAndYesNo(t *testing.T) {
	for _, v := range vocabularies {
		dates := New(Spec{Kind: Date, Langs: []hubkit.Lang{v.lang}})
		for i, forms := range v.months {
			if forms == "" {
				continue
			}
			for f := range strings.SplitSeq(forms, "|") {
				want, _ := Days(1987, i+1, 21)
				u := dates.Understand(v.lang, "21 "+f+" 1987", 0, nil)
				assert.Truef(t, u.OK && u.N == want, "%s %q: %+v", v.lang, f, u)
			}
		}
		yesNo := New(Spec{Kind: YesNo, Options: 2, Langs: []hubkit.Lang{v.lang}})
		for o, forms := range []string{v.yes, v.no} {
			for f := range strings.SplitSeq(forms, "|") {
				u := yesNo.Understand(v.lang, strings.ToUpper(f)+"!", 0, nil)
				assert.Truef(t, u.OK && u.N == int64(o), "%s %q: %+v", v.lang, f, u)
			}
		}
	}
}

// Units and fillers must not be numbers: they are dropped.
func TestFillersAreNotNumbers(t *testing.T) {
	for _, v := range vocabularies {
		for _, forms := range []string{v.unit, v.around, v.about, v.thousand} {
			for f := range strings.SplitSeq(forms, "|") {
				x := v.sense(Fold(f), "")
				assert.Zerof(t, x.roles&isNumeral, "%s %q", v.lang, f)
			}
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"abc", "abc", 0},
		{"abc", "acb", 1},
		{"abc", "ab", 1},
		{"abc", "abcd", 1},
		{"abc", "axc", 1},
		{"ca", "abc", 3}, // optimal string alignment: no edit between swapped letters
		{"київська", "киівська", 1},
		{"абв", "где", 3},
	} {
		assert.Equalf(t, c.want, distance([]rune(c.a), []rune(c.b), 3), "%s %s", c.a, c.b)
		assert.Equalf(t, c.want, distance([]rune(c.b), []rune(c.a), 3), "%s %s", c.b, c.a)
		assert.Equalf(t, min(c.want, 2), distance([]rune(c.a), []rune(c.b), 1), "%s %s limited", c.a, c.b)
	}
}
