package reference_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/examples/internal/reference"
	"github.com/hubkit/hubkit/scoring"
	"github.com/hubkit/hubkit/scoring/scoringtest"
)

// Every weight, cap, line and edge of the card, from both sides, reckoned by hand
// from the card's description.
func TestTheCardGivesThePointsItIsDescribedWith(t *testing.T) {
	scoringtest.Golden(t, reference.Card, "testdata/households.csv")
	lo, hi := reference.Card.Range()
	assert.Equal(t, []float64{0, 4 + 6 + 6 + 3 + 4 + 4 + 2 + 2 + 3 + 3 + 4 + 1}, []float64{lo, hi})
}

func TestTheCardSaysThatItIsIllustrative(t *testing.T) {
	assert.Contains(t, reference.Card.Name(), "illustrative")
	s := reference.Card.Spec()
	assert.Contains(t, s.Title["en"], "llustrative")
	assert.Contains(t, s.Title["uk"], "приклад")
	assert.Contains(t, s.Title["ru"], "пример")
	assert.Contains(t, s.Notes, "no agency uses this card")
}

// Each reason is in the language that was asked for.
func TestReasonsAreInTheLanguage(t *testing.T) {
	seen := map[hubkit.Lang]map[string]bool{"en": {}, "uk": {}, "ru": {}}
	for seed := range uint64(80) {
		score, err := reference.Card.Score(person{seed, "uk"}.end(t))
		require.NoError(t, err)
		for _, l := range langs {
			sum := 0.0
			for _, why := range reference.Card.Explain(score, l) {
				assert.Equal(t, l, why.Lang, why.ID)
				latin := strings.IndexFunc(why.Say, func(c rune) bool { return unicode.Is(unicode.Latin, c) }) >= 0
				assert.Equal(t, l == "en", latin, why.Say)
				seen[l][why.ID] = true
				sum += why.Points
			}
			assert.Equal(t, score.Points, sum, "there is a reason for every point")
			assert.NotEqual(t, score.Band, reference.Card.BandTitle(score.Band, l))
		}
	}
	assert.Len(t, seen["uk"], len(reference.Card.Spec().Criteria), "every criterion was met by somebody")
}

func TestTheCardSurvivesJSON(t *testing.T) {
	b, err := json.Marshal(reference.Card)
	require.NoError(t, err)
	card, err := scoring.Load(b, reference.Form.Shape())
	require.NoError(t, err)
	require.Equal(t, reference.Card.HashString(), card.HashString())
}
