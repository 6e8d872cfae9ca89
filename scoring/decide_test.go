package scoring_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	r "github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

func TestNextBest(t *testing.T) {
	spec := illustrative()
	spec.Rules = []scoring.Rule{scoring.Exclude("other_cash", other.Yes())}
	spec.Criteria = append(spec.Criteria, scoring.Add(1, "displaced_old", members.Any(r.All(displaced.Yes(), age.AtLeast(60)))))
	c := card(t, spec)

	gaps, err := c.NextBest(household(nil))
	require.NoError(t, err)
	assert.Empty(t, gaps)

	unknown := r.Of(map[string]r.Value{"walking": r.OptionValue("none"), "age": r.StateValue(r.Refused)})
	a := household(map[string]r.Value{
		"members": r.RowsValue(member(3, "none"), unknown, member(30, "none"), unknown), "alone": r.StateValue(r.DontKnow),
		"other_cash": r.StateValue(r.Missing), "income": r.StateValue(r.Missing), "displaced": r.StateValue(r.Missing),
	})
	gaps, err = c.NextBest(a)
	require.NoError(t, err)
	var keys []string
	for _, g := range gaps {
		keys = append(keys, g.Key)
	}
	// Points now: 2. The ages open 3 + 4 + 1, "other_cash" decides eligibility,
	// "alone" opens 2 and comes to 4, and "displaced" opens 1 and decides nothing.
	assert.Equal(t, []string{"members.age", "alone", "other_cash", "displaced"}, keys)
	assert.Equal(t, scoring.Gap{Key: "members.age", State: r.Refused, Members: []int{1, 3}, Lo: 2, Hi: 10, Decides: true}, gaps[0])
	assert.Equal(t, scoring.Gap{Key: "alone", State: r.DontKnow, Lo: 2, Hi: 4, Decides: true}, gaps[1])
	assert.True(t, gaps[2].Decides)
	assert.False(t, gaps[3].Decides)

	spec.Criteria[3] = spec.Criteria[3].Missing(scoring.Refuse())
	gaps, err = card(t, spec).NextBest(a)
	require.NoError(t, err, "a criterion that refuses is a gap and no error")
	assert.Equal(t, "alone", gaps[1].Key)

	_, err = c.NextBest(household(map[string]r.Value{"size": r.IntValue(99)}))
	require.Error(t, err)
}

// Of questions that decide alike, the one that opens more points comes first.
func TestNextBestByPoints(t *testing.T) {
	c := card(t, scoring.CardSpec{ID: "x", Version: "1", Criteria: scoring.Criteria(
		scoring.Add(1, "a", displaced.Yes()), scoring.Add(3, "b", alone.Yes()), scoring.Add(2, "c", other.Yes()))})
	gaps, err := c.NextBest(r.Answers{})
	require.NoError(t, err)
	require.Len(t, gaps, 3)
	assert.Equal(t, []string{"alone", "other_cash", "displaced"}, []string{gaps[0].Key, gaps[1].Key, gaps[2].Key})
}

// Two small children are known, a third person's age is not: whatever it is, the
// group has at least their points.
func TestHighestKnowsWhatIsSure(t *testing.T) {
	spec := illustrative()
	spec.Bands, spec.Groups = nil, []scoring.Group{{ID: "g", Hit: scoring.Highest}}
	spec.Criteria[1].Group, spec.Criteria[3].Group = "g", "g"
	unknown := r.Of(map[string]r.Value{"walking": r.OptionValue("none"), "age": r.StateValue(r.Missing)})
	s := score(t, card(t, spec), household(map[string]r.Value{"members": r.RowsValue(member(3, "none"), member(4, "none"), unknown)}))
	assert.Equal(t, []float64{4, 4, 9}, []float64{s.Points, s.Lo, s.Hi}, "an older member may be there beside")
}

func TestGroupsAtTheirEdges(t *testing.T) {
	three := 3.0
	unknown := r.Of(map[string]r.Value{"walking": r.OptionValue("none"), "age": r.StateValue(r.Missing)})
	small := scoring.Per(1, "small", members.Count(age.AtMost(5))).In("g")
	for name, tc := range map[string]struct {
		g        scoring.Group
		criteria []scoring.Criterion
		with     map[string]r.Value
		want     []float64 // points, lo, hi
		truth    r.Truth   // of the group
	}{
		"one point is sure": {
			scoring.Group{Hit: scoring.Highest},
			scoring.Criteria(small, scoring.Add(3, "b", alone.Yes()).In("g")),
			map[string]r.Value{"members": r.RowsValue(member(3, "none"), unknown)},
			[]float64{1, 1, 2},
			r.Unknown,
		},
		"half a point is open beside a debt": {
			scoring.Group{Hit: scoring.Highest},
			scoring.Criteria(scoring.Add(-2, "a", displaced.Yes()).In("g"), scoring.Add(0.5, "b", other.Yes()).In("g")),
			map[string]r.Value{"other_cash": r.StateValue(r.Refused)},
			[]float64{-2, -2, 0.5},
			r.Unknown,
		},
		"a floor lifts by one": {
			scoring.Group{Least: &three},
			scoring.Criteria(scoring.Add(2, "a", displaced.Yes()).In("g"), scoring.Add(5, "b", other.Yes()).In("g")),
			nil,
			[]float64{3, 3, 3},
			r.Yes,
		},
	} {
		t.Run(name, func(t *testing.T) {
			tc.g.ID = "g"
			c := card(t, scoring.CardSpec{ID: "x", Version: "1", Groups: []scoring.Group{tc.g}, Criteria: tc.criteria})
			s := score(t, c, household(tc.with))
			assert.Equal(t, tc.want, []float64{s.Points, s.Lo, s.Hi})
			assert.Equal(t, tc.truth, s.Reasons[2].Truth)
		})
	}
}

// A question that was not asked counts as nothing beside one that was.
func TestRangeOfDifferences(t *testing.T) {
	c := card(t, scoring.CardSpec{ID: "x", Version: "1", Criteria: scoring.Criteria(scoring.Per(1, "a", size.Value().Minus(members.Size())))})
	lo, hi := c.Range()
	assert.Equal(t, [2]float64{-25, 25}, [2]float64{lo, hi})
}

func TestDistance(t *testing.T) {
	spec := illustrative()
	spec.Criteria[2] = spec.Criteria[2].For("protection")
	c := card(t, spec)
	s := score(t, c, household(map[string]r.Value{"alone": r.BoolValue(true)})) // 2 points: low
	d := c.Distance(s)
	assert.Equal(t, "low", d.Band)
	assert.Nil(t, d.Down)
	assert.Equal(t, &scoring.Step{Band: "medium", Points: 2, By: []scoring.Lever{
		{ID: "older_member", Needs: 3}, {ID: "small_child", Needs: 2},
	}}, d.Up, "the reason for another role is left out, and single_head gives its points already")
	assert.Len(t, c.Distance(s, "protection").Up.By, 3)

	s = score(t, c, household(map[string]r.Value{"alone": r.BoolValue(true), "members": r.RowsValue(member(70, "none"), member(20, "none"))})) // 5: medium
	d = c.Distance(s)
	assert.Equal(t, &scoring.Step{Band: "low", Points: 1, Past: true, By: []scoring.Lever{
		{ID: "older_member", Points: 3}, {ID: "single_head", Points: 2},
	}}, d.Down)
	assert.Equal(t, &scoring.Step{Band: "high", Points: 3, By: []scoring.Lever{{ID: "small_child", Needs: 3}}}, d.Up)

	assert.Zero(t, c.Distance(scoring.Score{}), "a score of another card")
}

// A criterion inside a full group cannot lift the score.
func TestDistanceInGroups(t *testing.T) {
	three := 3.0
	c := card(t, scoring.CardSpec{
		ID: "g", Version: "1", Groups: []scoring.Group{{ID: "g", Most: &three}},
		Criteria: scoring.Criteria(scoring.Add(3, "a", alone.Yes()).In("g"), scoring.Add(3, "b", displaced.Yes()).In("g"), scoring.Add(1, "c", other.Yes())),
		Bands:    scoring.Bands(scoring.From(0, "low"), scoring.From(4, "high")),
	})
	d := c.Distance(score(t, c, household(map[string]r.Value{"alone": r.BoolValue(true), "displaced": r.BoolValue(false)})))
	assert.Equal(t, []scoring.Lever{{ID: "c", Needs: 1}}, d.Up.By)
}

func TestStanding(t *testing.T) {
	spec := illustrative()
	spec.Ties = []scoring.Tie{{ID: "by_size", By: size.Value()}, {ID: "by_income", By: income.Value(), Low: true}}
	c := card(t, spec)
	stand := func(with map[string]r.Value) scoring.Standing {
		st, err := c.Standing(household(with))
		require.NoError(t, err)
		return st
	}
	ranked := []scoring.Standing{
		stand(map[string]r.Value{"alone": r.BoolValue(true)}),
		stand(map[string]r.Value{"size": r.IntValue(5)}),
		stand(map[string]r.Value{"income": r.DecimalValue(100)}),
		stand(nil),
		stand(map[string]r.Value{"income": r.StateValue(r.Missing)}),
		stand(map[string]r.Value{"income": r.StateValue(r.NotAsked)}),
	}
	for i := range ranked {
		for j := range ranked {
			switch got := ranked[i].Compare(ranked[j]); {
			case i < j:
				assert.Negative(t, got, "%d %d", i, j)
			case i > j:
				assert.Positive(t, got, "%d %d", i, j)
			default:
				assert.Zero(t, got)
			}
		}
	}
	spec.Ties[0].By = r.Constant(2)
	spec.Ties[1].By = r.Integer("nowhere", nil).Value()
	_, err := scoring.New(spec, form.Shape())
	require.ErrorContains(t, err, "breaks no tie")
	require.ErrorContains(t, err, "tie by_income")
}

func TestRegister(t *testing.T) {
	version := func(v string, from, to scoring.Day, points float64) *scoring.Card {
		s := illustrative()
		s.Version, s.ValidFrom, s.ValidTo = v, from, to
		s.Criteria[3].Points = points
		s.Rules = []scoring.Rule{scoring.Require("displaced", displaced.Yes())}
		if v == "3" {
			s.Rules = []scoring.Rule{scoring.Exclude("other_cash", other.Yes())}
		}
		return card(t, s)
	}
	one, two, three := version("1", "2022-06-06", "2023-12-31", 2), version("2", "2024-01-15", "", 4), version("3", "2024-06-17", "", 8)
	reg, err := scoring.NewRegister(three, one, two)
	require.NoError(t, err)
	assert.Equal(t, []*scoring.Card{one, two, three}, reg.Versions())
	for day, want := range map[scoring.Day]*scoring.Card{
		"2022-06-06": one, "2023-12-31": one, "2024-01-15": two, "2024-06-16": two, "2024-06-17": three, "2030-01-01": three,
	} {
		got, err := reg.On(day)
		require.NoError(t, err, day)
		assert.Same(t, want, got, day)
	}
	for _, day := range []scoring.Day{"2022-06-05", "2024-01-01", "", "17.06.2024"} {
		_, err := reg.On(day)
		require.ErrorIs(t, err, scoring.ErrNoVersion, day)
		_, err = reg.ScoreOn(day, household(nil))
		require.ErrorIs(t, err, scoring.ErrNoVersion)
	}
	s, err := reg.ScoreOn("2024-02-01", household(map[string]r.Value{"alone": r.BoolValue(true)}))
	require.NoError(t, err)
	assert.Equal(t, 4.0, s.Points)
	c, err := reg.Of(s)
	require.NoError(t, err)
	assert.Same(t, two, c)
	_, err = reg.Of(scoring.Score{})
	require.ErrorIs(t, err, scoring.ErrNoVersion)
	c, err = reg.Version("3")
	require.NoError(t, err)
	assert.Same(t, three, c)
	_, err = reg.Version("4")
	require.ErrorIs(t, err, scoring.ErrNoVersion)

	other := illustrative()
	other.ID = "other"
	_, err = scoring.NewRegister(one, version("1", "2025-01-01", "", 2), version("5", "2022-06-06", "", 2), card(t, other))
	require.ErrorContains(t, err, "called illustrative@1")
	require.ErrorContains(t, err, "same day")
	require.ErrorContains(t, err, "different cards")
	_, err = scoring.NewRegister()
	require.Error(t, err)
}

func TestDrift(t *testing.T) {
	spec := illustrative()
	spec.Rules = []scoring.Rule{scoring.Require("displaced", displaced.Yes())}
	before := card(t, spec)
	spec = illustrative()
	spec.Version = "2"
	spec.Criteria[3].Points, spec.Criteria[0].Points = 4, 1
	spec.Rules = []scoring.Rule{scoring.Exclude("other_cash", other.Yes())}
	after := card(t, spec)
	yes := r.BoolValue(true)
	old := r.RowsValue(member(70, "cannot"), member(3, "none"))
	households := func(yield func(string, r.Answers) bool) {
		_ = yield("west", household(nil)) &&
			yield("west", household(map[string]r.Value{"alone": yes})) &&
			yield("east", household(map[string]r.Value{"members": old, "displaced": r.BoolValue(false)})) && // 9 → 7
			yield("east", household(map[string]r.Value{"other_cash": yes})) &&
			yield("east", household(map[string]r.Value{"size": r.IntValue(99)}))
	}
	d := scoring.NewDrift(before, after, households)
	assert.Equal(t, scoring.Shift{
		Households: 5, Higher: 1, Lower: 1, Gained: 1, Lost: 1, Unscored: 1, Points: 0,
		Moves: map[[2]string]int{{"low", "low"}: 2, {"low", "medium"}: 1, {"high", "medium"}: 1},
	}, d.Total)
	assert.Equal(t, 1, d.Groups["west"].Higher)
	assert.Equal(t, 1, d.Groups["east"].Lower)
	assert.True(t, slices.Contains([]string{"illustrative@1"}, d.From))
	assert.Contains(t, d.String(), "illustrative@1 → illustrative@2")
	assert.Contains(t, d.String(), "group  households")
}

func TestReweighted(t *testing.T) {
	c := card(t, illustrative())
	d, err := c.Reweighted([]float64{30, 2, 4, -2})
	require.NoError(t, err)
	a := household(map[string]r.Value{"members": r.RowsValue(member(70, "none"), member(3, "none"))})
	s := score(t, d, a)
	assert.Equal(t, 32.0, s.Points)
	assert.Equal(t, "high", s.Band, "the highest band goes on")
	assert.Equal(t, "illustrative@1~", s.Card)
	s = score(t, d, household(map[string]r.Value{"alone": r.BoolValue(true)}))
	assert.Equal(t, "low", s.Band, "and so does the lowest")
	s = score(t, d, household(map[string]r.Value{"alone": r.StateValue(r.Missing)}))
	assert.Equal(t, -2.0, s.Lo)
	assert.NotEqual(t, c.Hash(), d.Hash())
	assert.Equal(t, 5.0, score(t, c, a).Points, "the card itself is as it was")
	_, err = c.Reweighted([]float64{1})
	require.Error(t, err)
}
