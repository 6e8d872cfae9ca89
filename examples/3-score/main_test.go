package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/examples/internal/reference"
	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

// score is a researcher's whole set-up.
func score(t *testing.T, h registration.Answers) scoring.Score {
	t.Helper()
	s, err := reference.Card.Score(h)
	require.NoError(t, err)
	return s
}

func points(t *testing.T, h registration.Answers) float64 { t.Helper(); return score(t, h).Points }

func option(key string) registration.Value { return registration.OptionValue(key) }

// The points are added up by hand from the card's table.
func TestHouseholdsByHand(t *testing.T) {
	yes := registration.BoolValue(true)
	for _, c := range []struct {
		name string
		h    registration.Answers
		want float64
		band string
	}{
		{"nobody at risk", household(nil, person(40, nil)), 0, "low"},
		{"one older", household(nil, person(60, nil)), 2, "low"},
		{"three older are counted as two", household(nil, person(60, nil), person(70, nil), person(80, nil)), 4, "low"},
		{"four small children are counted as three", household(nil, person(30, nil), person(0, nil), person(1, nil), person(3, nil), person(4, nil)), 6, "medium"},
		{"five years is not small", household(nil, person(30, nil), person(5, nil)), 0, "low"},
		{"some difficulty is not DIS3", household(nil, person(40, answers{"seeing": option("some"), "hearing": option("some")})), 0, "low"},
		{"a lot is DIS3", household(nil, person(40, answers{"communicating": option("a_lot")})), 3, "low"},
		{"cannot is DIS3, one person once", household(nil, person(40, answers{"seeing": option("cannot"), "walking": option("cannot")})), 3, "low"},
		{"pregnant and ill", household(nil, person(30, answers{"sex": option("f"), "pregnant": yes, "chronic_illness": yes})), 5, "medium"},
		{"alone with healthy children of 10", household(answers{"only_adult": yes}, person(30, nil), person(10, nil)), 0, "low"},
		{"alone with a small child", household(answers{"only_adult": yes}, person(30, nil), person(4, nil)), 6, "medium"},
		{"two adults with a small child", household(nil, person(30, nil), person(30, nil), person(4, nil)), 2, "low"},
		{"5,000 each is not low", household(answers{"income": registration.DecimalValue(10000)}, person(30, nil), person(30, nil)), 0, "low"},
		{"below 5,000 each", household(answers{"income": registration.DecimalValue(9999)}, person(30, nil), person(30, nil)), 2, "low"},
		{"below 2,500 each", household(answers{"income": registration.DecimalValue(4999)}, person(30, nil), person(30, nil)), 4, "low"},
		{"damaged home", household(answers{"housing": option("own_damaged")}, person(30, nil)), 3, "low"},
		{"no home, displaced", household(answers{"housing": option("none"), "displaced": yes}, person(30, nil)), 5, "medium"},
	} {
		s := score(t, c.h)
		assert.Equal(t, c.want, s.Points, c.name)
		assert.Equal(t, c.band, s.Band, c.name)
		assert.True(t, s.Known(), c.name)
	}
}

func TestOlderPeopleNeverScoreLower(t *testing.T) {
	before := -1.0
	for _, age := range []int64{30, 59, 60, 75, 90} {
		p := points(t, household(nil, person(age, nil)))
		assert.GreaterOrEqual(t, p, before, "age %d", age)
		before = p
	}
}

func TestCaringAloneScoresHigher(t *testing.T) {
	child := person(3, nil)
	together := household(nil, person(35, nil), child)
	alone := household(answers{"only_adult": registration.BoolValue(true)}, person(35, nil), child)
	assert.Greater(t, points(t, alone), points(t, together))
}

// What must not matter does not: the region, the language, the documents.
func TestWhatMustNotMatter(t *testing.T) {
	want := score(t, household(nil, person(70, nil)))
	for _, more := range []answers{
		{"language": option("ru")},
		{"region": option("UA01")},
		{"region": option("UA46")},
		{"documents": registration.OptionsValue("none")},
		{"account": registration.WordsValue("UA213223130000026007233566001")},
	} {
		assert.Equal(t, want, score(t, household(more, person(70, nil))), "%v", more)
	}
}

// Whoever does not answer a sensitive question keeps what is certain, and the
// score says what is open.
func TestRefusalLeavesTheScoreOpen(t *testing.T) {
	s := score(t, household(answers{"income": registration.StateValue(registration.Refused)}, person(70, nil)))
	assert.Equal(t, []float64{2, 2, 6}, []float64{s.Points, s.Lo, s.Hi})
	assert.True(t, s.CanChange(reference.Card), "2 is low and 6 is medium: ask once more")

	s = score(t, household(nil, person(40, answers{"seeing": registration.StateValue(registration.DontKnow)})))
	assert.Equal(t, []float64{0, 0, 3}, []float64{s.Points, s.Lo, s.Hi})
}

func TestProgram(t *testing.T) {
	var out strings.Builder
	require.NoError(t, run(&out))
	assert.Contains(t, out.String(), "no agency uses this card")
	assert.Contains(t, out.String(), "one adult, in work: 0, low\n")
	assert.Contains(t, out.String(), "between 7 and 11")
	assert.Equal(t, len(households), strings.Count(out.String(), "\n\n"))
}
