package scoring_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	r "github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

func TestBadAnswers(t *testing.T) {
	c := card(t, illustrative())
	for name, a := range map[string]map[string]r.Value{
		"size":               {"size": r.IntValue(26)},
		"members[2].age":     {"members": r.RowsValue(member(34, "none"), member(121, "none"))},
		"income":             {"income": r.DecimalValue(-1)},
		"housing":            {"housing": r.OptionValue("palace")},
		"alone":              {"alone": r.IntValue(1)},
		"members":            {"members": r.RowsValue(make([]r.Answers, 26)...)},
		"members[1].walking": {"members": r.RowsValue(member(34, "flying"))},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.Score(household(a))
			var bad *scoring.AnswersError
			require.ErrorAs(t, err, &bad)
			var one *r.ValueError
			require.ErrorAs(t, err, &one)
			assert.Equal(t, name, one.Key)
			assert.NotContains(t, err.Error(), "121")
			assert.NotContains(t, err.Error(), "flying")
		})
	}
}

// Answers that have the card's shape already are not taken on trust: neither
// those that it reads, nor the members of a roster.
func TestBadAnswersOfTheCardsShape(t *testing.T) {
	spec := illustrative()
	spec.Criteria = append(spec.Criteria, scoring.Add(1, "poor", income.Value().Over(size.Value()).LessThan(100)))
	spec.Ties = []scoring.Tie{{ID: "size", By: size.Value()}}
	c := card(t, spec)
	for name, with := range map[string]map[string]r.Value{
		"size":           {"size": r.IntValue(26)},
		"income":         {"income": r.DecimalValue(-0.01)},
		"members[2].age": {"members": r.RowsValue(member(34, "none"), member(121, "none"))},
		"members[1].age": {"members": r.RowsValue(member(math.MinInt64, "none"))},
		"members":        {"members": r.RowsValue(make([]r.Answers, 26)...)},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := r.Reshape(household(with), form.Shape())
			require.NoError(t, err)
			s, err := c.Score(a)
			var bad *scoring.AnswersError
			require.ErrorAs(t, err, &bad)
			var one *r.ValueError
			require.ErrorAs(t, err, &one)
			assert.Equal(t, name, one.Key)
			assert.Empty(t, s.Reasons, "no points come of it")
			assert.Empty(t, s.Band)
			_, err = c.NextBest(a)
			require.ErrorAs(t, err, &bad)
			_, err = c.Standing(a)
			require.ErrorAs(t, err, &bad)
		})
	}
}

// Points that are too large for a number are no band.
func TestImpossiblePoints(t *testing.T) {
	c := card(t, scoring.CardSpec{
		ID: "x", Version: "1", Start: 1.7e308, Criteria: scoring.Criteria(scoring.Add(1e308, "a", alone.Yes()), scoring.Add(1, "b", other.Yes())),
		Bands: scoring.Bands(scoring.From(0, "all")),
	})
	assert.Equal(t, "all", score(t, c, household(nil)).Band)
	_, err := c.Score(household(map[string]r.Value{"alone": r.BoolValue(true)}))
	var out *scoring.RangeError
	require.ErrorAs(t, err, &out)
	assert.NotContains(t, err.Error(), "308")

	// Nor are they points where a card has no bands, or only an end that is open.
	c = card(t, scoring.CardSpec{
		ID: "x", Version: "1", Start: 1.7e308, Criteria: scoring.Criteria(scoring.Add(1e308, "a", alone.Yes()), scoring.Add(1, "b", other.Yes())),
	})
	assert.Equal(t, 1.7e308, score(t, c, household(nil)).Points)
	for name, v := range map[string]r.Value{"the points": r.BoolValue(true), "their upper end": r.StateValue(r.Refused)} {
		_, err := c.Score(household(map[string]r.Value{"alone": v}))
		require.ErrorAs(t, err, &out, name)
	}
	c = card(t, scoring.CardSpec{
		ID: "x", Version: "1", Start: -1.7e308, Criteria: scoring.Criteria(scoring.Add(-1e308, "a", alone.Yes()), scoring.Add(1, "b", other.Yes())),
	})
	_, err = c.Score(household(map[string]r.Value{"alone": r.StateValue(r.Refused)}))
	require.ErrorAs(t, err, &out, "their lower end")
}

// Where the sum of all criteria is too large for a number the bands cannot be proven:
// each score is looked at.
func TestPointsOutsideEveryBand(t *testing.T) {
	for _, c := range []struct {
		name    string
		band    scoring.Band
		none    string // the band of no points
		huge    string // and of 1e308
		lowered string // and of -1e308
	}{
		{"from 0, open above", scoring.From(0, "some").Below(1e308), "some", "", ""},
		{"from 0, closed above", scoring.From(0, "some").UpTo(1e308), "some", "some", ""},
		{"above 0", scoring.Above(0, "some").UpTo(1e308), "", "some", ""},
		{"all but the highest", scoring.Below(1e308, "some"), "some", "", "some"},
	} {
		card := card(t, scoring.CardSpec{ID: "x", Version: "1", Bands: scoring.Bands(c.band), Criteria: scoring.Criteria(
			scoring.Add(1e308, "a", alone.Yes()), scoring.Add(1e308, "b", other.Yes()), scoring.Add(-1e308, "c", displaced.No()),
		)})
		for _, one := range []struct {
			want string
			with map[string]r.Value
		}{
			{c.none, nil},
			{c.huge, map[string]r.Value{"alone": r.BoolValue(true)}},
			{c.lowered, map[string]r.Value{"displaced": r.BoolValue(false)}},
			{"", map[string]r.Value{"alone": r.BoolValue(true), "other_cash": r.BoolValue(true)}}, // no number
		} {
			s, err := card.Score(household(one.with))
			assert.Equal(t, one.want, s.Band, "%s: %v", c.name, one.with)
			if one.want != "" {
				require.NoError(t, err, c.name)
				continue
			}
			var out *scoring.RangeError
			require.ErrorAs(t, err, &out, "%s: %v", c.name, one.with)
		}
	}
}

// Answers that contradict each other are no score, by the checks that the card has.
func TestContradictions(t *testing.T) {
	spec := illustrative()
	spec.Checks = []scoring.Check{
		scoring.Consistent("roster", members.Size().Compare("==", size.Value())),
		scoring.Consistent("pregnant", members.Every(r.Any(r.Not(pregnant.Yes()), age.AtLeast(12)))),
	}
	c := card(t, spec)
	two := household(nil)
	five := household(map[string]r.Value{"size": r.IntValue(5)})
	for _, a := range []r.Answers{five, reshaped(t, five)} {
		s, err := c.Score(a)
		var e *scoring.ContradictionError
		require.ErrorAs(t, err, &e)
		assert.Equal(t, &scoring.ContradictionError{Card: "illustrative@1", Checks: []string{"roster"}, Reads: []string{"members", "size"}}, e)
		assert.ErrorContains(t, err, "look again at members, size")
		assert.Empty(t, s.Reasons)
		_, err = c.NextBest(a)
		require.ErrorAs(t, err, &e)
	}
	expecting := r.Of(map[string]r.Value{"age": r.IntValue(7), "walking": r.OptionValue("none"), "pregnant": r.BoolValue(true)})
	_, err := c.Score(household(map[string]r.Value{"members": r.RowsValue(expecting)}))
	var e *scoring.ContradictionError
	require.ErrorAs(t, err, &e)
	assert.Equal(t, []string{"roster", "pregnant"}, e.Checks)
	assert.Equal(t, []string{"members", "size", "members.pregnant", "members.age"}, e.Reads)

	want := score(t, card(t, illustrative()), two)
	got := score(t, c, two)
	assert.Equal(t, want.Points, got.Points, "a check gives no points")
	assert.Equal(t, want.Reasons, got.Reasons)
	_, err = c.Score(household(map[string]r.Value{"size": r.StateValue(r.Refused)}))
	require.NoError(t, err, "what is not known contradicts nothing")

	b, err := json.Marshal(c)
	require.NoError(t, err)
	again, err := scoring.Load(b, form.Shape())
	require.NoError(t, err)
	assert.Equal(t, c.Hash(), again.Hash())
	assert.NotEqual(t, card(t, illustrative()).Hash(), c.Hash())
}

// One check is enough, and it is made of answers of the card's shape too.
func TestOneContradiction(t *testing.T) {
	spec := illustrative()
	spec.Checks = []scoring.Check{scoring.Consistent("roster", members.Size().Compare("==", size.Value()))}
	_, err := card(t, spec).Score(reshaped(t, household(map[string]r.Value{"size": r.IntValue(3)})))
	var e *scoring.ContradictionError
	require.ErrorAs(t, err, &e)
}

func reshaped(t testing.TB, a r.Answers) r.Answers {
	t.Helper()
	b, err := r.Reshape(a, form.Shape())
	require.NoError(t, err)
	return b
}
