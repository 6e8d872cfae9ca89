package reference_test

import (
	"iter"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/examples/internal/reference"
	r "github.com/hubkit/hubkit/registration"
)

var langs = []hubkit.Lang{"en", "uk", "ru"}

// texts yields everything that is said: by the form, the card and the interview.
func texts() iter.Seq[hubkit.Entry] {
	return func(yield func(hubkit.Entry) bool) {
		for e := range reference.Form.Texts() {
			if !yield(e) {
				return
			}
		}
		for e := range reference.Card.Texts() {
			if !yield(e) {
				return
			}
		}
		for _, e := range r.Phrases() {
			if !yield(e) {
				return
			}
		}
	}
}

func TestEveryTextIsThereInThreeLanguages(t *testing.T) {
	n := 0
	for e := range reference.Form.Texts() {
		n++
		assert.ElementsMatch(t, langs, slices.Collect(maps.Keys(e.Text)), e.ID)
	}
	assert.Greater(t, n, 100)
	for e := range reference.Card.Texts() {
		assert.ElementsMatch(t, langs, slices.Collect(maps.Keys(e.Text)), e.ID)
	}
	require.NoError(t, hubkit.Check(texts(), langs, nil))
}

// Letters that the other language has: a sure sign of a slip between the two.
var foreign = map[hubkit.Lang]string{"uk": "ыэёъЫЭЁЪ", "ru": "іїєґІЇЄҐ", "en": ""}

// Words that people write in Latin letters in Ukrainian and Russian too.
var latin = regexp.MustCompile(`\b(IBAN|UA|PIN|PDF|ID|other|plural|select|one|few|many|[a-z_]+)\b`)

func TestLettersBelongToTheLanguage(t *testing.T) {
	for e := range texts() {
		for _, l := range langs {
			s := e.Text[l]
			assert.False(t, strings.ContainsAny(s, foreign[l]), "%s %s: %s", e.ID, l, s)
			for _, word := range strings.FieldsFunc(s, func(c rune) bool { return !unicode.IsLetter(c) && c != '_' }) {
				cyrillic := strings.IndexFunc(word, func(c rune) bool { return unicode.Is(unicode.Cyrillic, c) }) >= 0
				roman := strings.IndexFunc(word, func(c rune) bool { return unicode.Is(unicode.Latin, c) }) >= 0
				assert.False(t, cyrillic && roman, "%s %s: %q mixes two alphabets", e.ID, l, word)
				assert.False(t, cyrillic && l == "en", "%s: %q", e.ID, word)
				assert.False(t, roman && l != "en" && !latin.MatchString(word), "%s %s: %q is in Latin letters", e.ID, l, word)
			}
		}
	}
}

func TestTypographyIsConsistent(t *testing.T) {
	polite := map[hubkit.Lang]*regexp.Regexp{ // "you" is small inside a sentence
		"uk": regexp.MustCompile(`[а-яіїєґ,] (Ви|Вас|Вам|Вами|Ваш\p{L}*)\b`), "ru": regexp.MustCompile(`[а-яё,] (Вы|Вас|Вам|Вами|Ваш\p{L}*)\b`),
	}
	for e := range texts() {
		for l, s := range e.Text {
			if l == "en" {
				assert.Equal(t, len(s), utf8.RuneCountInString(s), "%s: %q: a sign beyond ASCII makes an SMS twice as long", e.ID, s)
			} else {
				assert.NotContains(t, s, "'", "%s %s: the apostrophe is ’", e.ID, l)
			}
			assert.NotContains(t, s, "ʼ", "%s %s: the apostrophe is ’", e.ID, l)
			assert.NotContains(t, s, "  ", "%s %s", e.ID, l)
			assert.Equal(t, strings.TrimSpace(s), s, "%s %s", e.ID, l)
			assert.NotContains(t, s, "\u00a0", "%s %s: costs an SMS its short form", e.ID, l)
			if p := polite[l]; p != nil {
				assert.False(t, p.MatchString(s), "%s %s: %s", e.ID, l, s)
			}
		}
		assert.NotContains(t, e.Text["ru"], "на Украин", "%s: в Украине", e.ID)
	}
}

func TestShortLabelsFitButtons(t *testing.T) {
	for q := range reference.Form.Questions() {
		for _, o := range q.Options {
			for _, l := range langs {
				s := o.Label[l]
				if o.Short[l] != "" {
					s = o.Short[l]
				}
				assert.LessOrEqual(t, utf8.RuneCountInString(s), 24, "%s:%s %s: %q is too long for a row of a list", q.Key, o.Key, l, s)
			}
		}
	}
}

// The notice promises a number of questions: it must be the true one.
func TestTheNoticeTellsTheTrueLength(t *testing.T) {
	household, member := 0, 0
	for q := range reference.Form.Questions() {
		switch {
		case q.Form == r.FormNote || q.Form == r.FormLanguage || q.Form == r.FormConsent:
		case q.Roster != "":
			member++
		default:
			household++
		}
	}
	assert.Equal(t, 12, household)
	assert.Equal(t, 10, member)
	for _, l := range langs {
		assert.Regexp(t, `(?s)\b12\b.*\b10\b`, reference.Consent.Ask[l])
	}
}

func TestEveryMessageIsShort(t *testing.T) {
	for seed := range uint64(30) {
		for _, l := range langs {
			h := person{seed, l}
			h.walk(t, reference.Form.Begin(""), func(p r.Prompt) {
				if p.Key == "_summary" { // as long as the answers; channels split it
					return
				}
				said := strings.Join(append(p.Notes, p.Heading, p.Text, p.Hint), "\n")
				assert.LessOrEqual(t, utf8.RuneCountInString(said), 600, "%s %s", p.Key, l)
				if p.Key != "consent" {
					assert.LessOrEqual(t, len(strings.Fields(p.Text)), 25, "%s %s: one idea a question: %s", p.Key, l, p.Text)
				}
				if p.Key != "language" {
					assert.Equal(t, h.lang, p.Lang, p.Key)
				}
				for _, o := range p.Options {
					assert.NotEmpty(t, o.Say)
				}
			}, nil)
		}
	}
}

func TestRegionsAreThoseOfTheCountry(t *testing.T) {
	options := reference.Region.Options
	require.Len(t, options, 28)
	codes := map[string]bool{}
	oblasts := 0
	for _, o := range options {
		codes[o.Key] = true
		if strings.HasSuffix(o.Label["uk"], "область") {
			oblasts++
			assert.True(t, strings.HasSuffix(o.Label["ru"], "область"), o.Key)
			assert.True(t, strings.HasSuffix(o.Label["en"], "region"), o.Key)
		}
	}
	assert.Equal(t, 24, oblasts)
	assert.Len(t, codes, 28)
	for _, key := range []string{"UA01", "UA80", "UA85"} {
		assert.True(t, codes[key], key)
	}
}
