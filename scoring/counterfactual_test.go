package scoring_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	r "github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

func TestCounterfactuals(t *testing.T) {
	spec := illustrative()
	spec.Criteria[2] = spec.Criteria[2].For("protection")
	spec.Bands[1] = spec.Bands[1].Named(text{"en": "medium need", "uk": "середня потреба"})
	c := card(t, spec)
	s := score(t, c, household(map[string]r.Value{"alone": r.BoolValue(true)})) // 2 points
	assert.Equal(t, []scoring.Counterfactual{{
		Band: "medium", Lang: "en",
		Say: "2 points below medium need. It would be different if one of these changed: 3 points: somebody is 60 or older; 2 points for small children",
	}}, c.Counterfactuals(s, "en"), "what other roles may see is left out")
	assert.Equal(t, []scoring.Counterfactual{{
		Band: "medium", Lang: "uk",
		Say: "До рівня «середня потреба» бракує балів: 2. Результат змінило б щось одне з цього: 3 бали: є людина від 60 років; балів за малих дітей: 2",
	}}, c.Counterfactuals(s, "uk"))
	assert.Contains(t, c.Counterfactuals(s, "en", "protection")[0].Say, "; cannot_walk")

	s = score(t, c, household(map[string]r.Value{"alone": r.BoolValue(true), "members": r.RowsValue(member(70, "none"), member(20, "none"))})) // 5
	both := c.Counterfactuals(s, "en")
	require.Len(t, both, 2)
	assert.Equal(t, "3 points below high. It would be different if one of these changed: 3 points for small children", both[0].Say)
	assert.Equal(t, "low", both[1].Band)
	assert.Equal(t, "More than 1 point above low. It would be different if one of these changed: 3 points: somebody is 60 or older; single_head", both[1].Say)

	for _, l := range []hubkit.Lang{"ru", "ar", "fr"} {
		for _, cf := range c.Counterfactuals(s, l) {
			want := l
			if l == "fr" {
				want = "en" // it stands in, and says so
			}
			assert.Equal(t, want, cf.Lang)
		}
	}
	s.Hash[0]++
	assert.Empty(t, c.Counterfactuals(s, "en"), "a score of another card")
}

// Nothing could lift the score alone: only the distance is said.
func TestCounterfactualsWithoutLevers(t *testing.T) {
	c := card(t, scoring.CardSpec{
		ID: "x", Version: "1", Criteria: scoring.Criteria(scoring.Add(1, "a", alone.Yes()), scoring.Add(1, "b", other.Yes())),
		Bands:   scoring.Bands(scoring.UpTo(1.5, "low"), scoring.Above(1.5, "high")),
		Phrases: map[string]hubkit.Text{"below_past": {"fr": "Plus de {points} sous {band}."}},
	})
	cf := c.Counterfactuals(score(t, c, household(nil)), "fr")
	assert.Equal(t, []scoring.Counterfactual{{Band: "high", Say: "Plus de 1.5 sous high.", Lang: "fr"}}, cf)
}

func TestPhrases(t *testing.T) {
	entries := scoring.Phrases()
	assert.Len(t, entries, 5)
	for _, e := range entries {
		_, err := e.Compile([]hubkit.Lang{"en", "uk", "ru", "ar"}, nil)
		require.NoError(t, err)
	}
}
