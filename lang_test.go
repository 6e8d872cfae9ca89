package hubkit_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/hubkit/hubkit"
)

func TestParseLang(t *testing.T) {
	for in, want := range map[string]hubkit.Lang{
		"en": "en", "EN": "en", "uk": "uk", "ukr": "uk", "ua": "uk", "UA": "uk", "Ua": "uk", "PRS": "fa-AF", "en_US": "en-US", "fa-af": "fa-AF", "prs": "fa-AF",
		"iw": "he", "mo": "ro-MD", "zh-hant": "zh-Hant", "ckb": "ckb", "rhg": "rhg", "ti": "ti",
	} {
		got, err := hubkit.ParseLang(in)
		require.NoError(t, err, in)
		assert.Equal(t, want, got, in)
		assert.NoError(t, got.Check(), "what ParseLang returns is canonical")
	}
	for _, in := range []string{"", "und", "root", "qq", "x-mine", "English", "українська", "uk uk", "en\x00", "-", "zz-ZZ", "und-AF", "👍"} {
		_, err := hubkit.ParseLang(in)
		assert.ErrorIs(t, err, hubkit.ErrLang, "%q", in)
	}
}

func TestLangCheck(t *testing.T) {
	for l, hint := range map[hubkit.Lang]string{
		"":      "write a BCP 47 tag",
		"xyz1":  "write a BCP 47 tag",
		"ua":    `write "uk"`,
		"UA":    `write "uk"`,
		"EN":    `write "en"`,
		"prs":   `write "fa-AF"`,
		"pt_BR": `write "pt-BR"`,
		"iw":    `write "he"`,
	} {
		err := l.Check()
		require.ErrorIs(t, err, hubkit.ErrLang, "%q", l)
		assert.ErrorContains(t, err, hint)
	}
	for _, l := range []hubkit.Lang{"en", "uk", "ru", "ar", "fa-AF", "ps", "am", "ti", "so", "sw", "om", "ckb", "ha", "zh-Hant-TW"} {
		assert.NoError(t, l.Check())
	}
}

func TestLangBase(t *testing.T) {
	assert.Equal(t, hubkit.Lang("fa"), hubkit.Lang("fa-AF").Base())
	assert.Equal(t, hubkit.Lang("uk"), hubkit.Lang("uk").Base())
	assert.Equal(t, hubkit.Lang(""), hubkit.Lang("").Base())
}

// The directions are those of CLDR's layout data (ICU 78.2).
func TestLangRTL(t *testing.T) {
	for _, l := range []hubkit.Lang{"ar", "ar-EG", "fa", "fa-AF", "prs", "PRS", "ps", "ur", "he", "ckb", "dv", "sd", "ug", "yi", "rhg", "uz-AF", "pa-PK", "az-Arab", "ff-Adlm", "nqo", "syr", "arc", "ayl", "azb", "ur-Aran"} {
		assert.True(t, l.RTL(), "%s", l)
	}
	for _, l := range []hubkit.Lang{"en", "uk", "ru", "am", "ti", "so", "sw", "om", "tr", "az", "uz", "pa", "ku", "ff", "my", "zh", "", "nonsense", "ar-Latn", "azb-Latn"} {
		assert.False(t, l.RTL(), "%s", l)
		assert.False(t, l.RTL(), "%s, remembered", l)
	}
	for i := range 3000 { // more than are remembered
		l := hubkit.Lang(fmt.Sprintf("ar-x-a%d", i))
		assert.True(t, l.RTL(), "%s", l)
	}
	forgotten := hubkit.Lang("ar-x-a2999")
	assert.NotZero(t, testing.AllocsPerRun(10, func() { forgotten.RTL() }), "the memory has an end: it is found out anew")
}

func TestLangEndonym(t *testing.T) {
	for l, want := range map[hubkit.Lang]string{
		"uk": "Українська", "uk-UA": "Українська", "ru": "Русский", "ar": "العربية", "ar-SY": "العربية", "fa": "فارسی", "fa-AF": "دری",
		"ps": "پښتو", "ur": "اردو", "am": "አማርኛ", "ti": "ትግርኛ", "so": "Soomaali", "sw": "Kiswahili", "om": "Oromoo", "ha": "Hausa",
		"fr": "Français", "es": "Español", "pl": "Polski", "ro": "Română", "tr": "Türkçe", "en": "English", "es-MX": "Español",
		"rhg": "rhg", "": "",
	} {
		assert.Equal(t, want, l.Endonym(), "%s", l)
	}
	// Every endonym is in the script of its language: no name in a neighbour's.
	for l, script := range map[hubkit.Lang]string{"kk": "Cyrl", "sr": "Cyrl", "uz": "Latn", "az": "Latn", "ku": "Latn", "sd": "Arab"} {
		got, _ := language.Make(string(l)).Script()
		assert.Equal(t, script, got.String(), "%s", l)
		assert.Equal(t, script == "Arab", l.RTL(), "%s", l)
	}
}

func TestFallbackCheck(t *testing.T) {
	assert.NoError(t, hubkit.Fallback(nil).Check())
	assert.NoError(t, hubkit.Fallback{"uk": {"en"}, "ru": {"en"}, "ps": {"fa-AF", "en"}, "so": {}, "en": {"uk"}}.Check())
	err := hubkit.Fallback{
		"uk": {"en", "uk"},
		"ua": {"en"},
		"fr": {"en", "en"},
		"ar": {"EN"},
	}.Check()
	require.Error(t, err)
	assert.Equal(t, `fall-back of "ar" to "EN": not a language tag as this library spells it: write "en"
fall-back of "fr" names "en" twice: remove one
fall-back of "ua": not a language tag as this library spells it: write "uk"
fall-back of "uk" goes in a circle: take "uk" out of its own chain`, err.Error())
}

// Whatever bytes a platform sends as a language: no panic, and what is
// accepted is canonical, stays so, and is not longer than a tag can be.
func FuzzParseLang(f *testing.F) {
	for _, s := range []string{"uk", "ar-EG-u-nu-arab", "fa_AF", "", "українська", "\u200far", "👍", "x-y", "i-klingon", "zh-cmn-Hans-CN", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l, err := hubkit.ParseLang(s)
		hubkit.Lang(s).RTL()
		hubkit.Lang(s).Endonym()
		if err != nil {
			if !errors.Is(err, hubkit.ErrLang) || l != "" {
				t.Fatalf("%q, %v", l, err)
			}
			return
		}
		if err := l.Check(); err != nil {
			t.Fatalf("%q gives %q: %v", s, l, err)
		}
		if slices.Contains([]hubkit.Lang{"", "und"}, l) || l.Base() == "" {
			t.Fatalf("%q gives %q", s, l)
		}
	})
}
