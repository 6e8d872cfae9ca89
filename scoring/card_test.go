package scoring_test

import (
	"encoding/json"
	"math"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	r "github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

var (
	_ scoring.Scorer = (*scoring.Card)(nil)
	_ scoring.Scorer = scoring.Func(nil)
)

func TestScore(t *testing.T) {
	c := card(t, illustrative())
	with := func(years ...int64) r.Value {
		var ms []r.Answers
		for _, y := range years {
			ms = append(ms, member(y, "none"))
		}
		return r.RowsValue(ms...)
	}
	young, unknown := member(3, "none"), r.Of(map[string]r.Value{"walking": r.OptionValue("none"), "age": r.StateValue(r.DontKnow)})
	cases := []struct {
		name           string
		answers        map[string]r.Value
		points, lo, hi float64
		band           string
		change         bool
	}{
		{"nothing", nil, 0, 0, 0, "low", false},
		{"older", map[string]r.Value{"members": with(34, 60)}, 3, 3, 3, "low", false},
		{"just not older", map[string]r.Value{"members": with(34, 59)}, 0, 0, 0, "low", false},
		{"edge of a band", map[string]r.Value{"members": with(34, 5, 0)}, 4, 4, 4, "medium", false},
		{"cap", map[string]r.Value{"members": with(0, 1, 2, 3, 4)}, 6, 6, 6, "medium", false},
		{"everything", map[string]r.Value{"members": r.RowsValue(member(60, "cannot"), member(1, "none"), member(1, "none"), member(1, "none")), "alone": r.BoolValue(true)}, 15, 15, 15, "high", false},
		{"not asked", map[string]r.Value{"alone": r.StateValue(r.NotAsked)}, 0, 0, 0, "low", false},
		{"refused", map[string]r.Value{"alone": r.StateValue(r.Refused)}, 0, 0, 2, "low", false},
		{"one age unknown", map[string]r.Value{"members": r.RowsValue(young, unknown)}, 2, 2, 7, "low", true},
		{"one age unknown under a cap", map[string]r.Value{"members": r.RowsValue(young, young, young, unknown)}, 6, 6, 9, "medium", true},
		{"no roster", map[string]r.Value{"members": r.StateValue(r.Missing)}, 0, 0, 13, "low", true},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			a := household(tc.answers)
			s := score(t, c, a)
			assert.Equal(t, []float64{tc.points, tc.lo, tc.hi}, []float64{s.Points, s.Lo, s.Hi})
			assert.Equal(t, tc.band, s.Band)
			assert.Equal(t, tc.lo == tc.hi, s.Known())
			assert.Equal(t, tc.change, s.CanChange(c))
			assert.Equal(t, r.Yes, s.Eligible)
			assert.Equal(t, "illustrative@1", s.Card)
			assert.Equal(t, c.HashString(), s.HashString())

			fitted, err := r.Reshape(a, form.Shape())
			require.NoError(t, err)
			again := score(t, c, fitted)
			assert.Equal(t, s, again, "answers in the card's shape")
		})
	}
}

func TestPolicies(t *testing.T) {
	unknown := household(map[string]r.Value{
		"size": r.StateValue(r.DontKnow), "alone": r.StateValue(r.Refused), "members": r.StateValue(r.Missing),
	})
	value := size.Value()
	cases := map[string]struct {
		policy         scoring.Policy
		c              scoring.Criterion
		points, lo, hi float64
	}{
		"bounds of a yes":            {scoring.Bounds(), scoring.Add(3, "x", alone.Yes()), 0, 0, 3},
		"bounds of a minus":          {scoring.Bounds(), scoring.Add(-3, "x", alone.Yes()), 0, -3, 0},
		"bounds of a number":         {scoring.Bounds(), scoring.Per(2, "x", value), 2, 2, 50},
		"bounds of a debt":           {scoring.Bounds(), scoring.Per(-2, "x", value), -2, -50, -2},
		"bounds under a cap":         {scoring.Bounds(), scoring.Per(2, "x", value).Cap(9), 2, 2, 9},
		"bounds of a roster":         {scoring.Bounds(), scoring.Per(2, "x", members.Count(age.AtMost(5))), 0, 0, 50},
		"bounds of a sum":            {scoring.Bounds(), scoring.Per(1, "x", members.Sum(age.Value())), 0, 0, 3000},
		"bounds of the oldest":       {scoring.Bounds(), scoring.Per(1, "x", members.Largest(age.Value().Plus(r.Constant(10)))), 0, 0, 130}, // 0: there may be nobody
		"bounds of a minus of them":  {scoring.Bounds(), scoring.Per(-1, "x", members.Smallest(age.Value().Plus(r.Constant(10)))), 0, -130, 0},
		"bounds with when":           {scoring.Bounds(), scoring.Per(2, "x", value).When(alone.Yes()), 0, 0, 50},
		"bounds of a debt with when": {scoring.Bounds(), scoring.Per(-2, "x", value).When(alone.Yes()), 0, -50, 0},
		"bounds of a log":            {scoring.Bounds(), scoring.Per(1, "x", value).Curved(scoring.Log), 0, 0, math.Log(25)},
		"zero of a yes":              {scoring.Zero(), scoring.Add(3, "x", alone.Yes()), 0, 0, 0},
		"zero of a number":           {scoring.Zero(), scoring.Per(2, "x", value), 0, 0, 0},
		"worst of a yes":             {scoring.Worst(), scoring.Add(3, "x", alone.Yes()), 0, 0, 0},
		"worst of a minus":           {scoring.Worst(), scoring.Add(-3, "x", alone.Yes()), -3, -3, -3},
		"best of a yes":              {scoring.Best(), scoring.Add(3, "x", alone.Yes()), 3, 3, 3},
		"best of a number":           {scoring.Best(), scoring.Per(2, "x", value), 50, 50, 50},
		"default":                    {scoring.Default(1.5, en("the average")), scoring.Add(3, "x", alone.Yes()), 1.5, 1.5, 1.5},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := scoring.CardSpec{ID: "p", Version: "1", Criteria: scoring.Criteria(tc.c.Missing(tc.policy))}
			sc := score(t, card(t, s), unknown)
			assert.InDeltaSlice(t, []float64{tc.points, tc.lo, tc.hi}, []float64{sc.Points, sc.Lo, sc.Hi}, 1e-9)
			assert.Equal(t, r.Unknown, sc.Reasons[0].Truth)
		})
	}
}

// A criterion that counts has counted if it gave points, few or many.
func TestTruthOfACount(t *testing.T) {
	c := card(t, scoring.CardSpec{ID: "x", Version: "1", Criteria: scoring.Criteria(scoring.Per(1, "x", members.Count(age.AtMost(5))))})
	for n, want := range []r.Truth{r.No, r.Yes, r.Yes} {
		s := score(t, c, household(map[string]r.Value{"members": r.RowsValue([]r.Answers{member(3, "none"), member(4, "none")}[:n]...)}))
		assert.Equal(t, scoring.Reason{Truth: want, Points: float64(n), Lo: float64(n), Hi: float64(n)}, s.Reasons[0])
	}
}

func TestRefuse(t *testing.T) {
	spec := illustrative()
	spec.Criteria[0] = spec.Criteria[0].Missing(scoring.Refuse())
	spec.Criteria[3] = spec.Criteria[3].Missing(scoring.Refuse())
	c := card(t, spec)
	s, err := c.Score(household(map[string]r.Value{"alone": r.StateValue(r.Missing)}))
	var refused *scoring.UnknownError
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, []string{"single_head"}, refused.Criteria)
	assert.Equal(t, []string{"alone"}, refused.Reads)
	assert.ErrorContains(t, err, "refuse unknown answers: single_head; ask for alone")
	assert.Empty(t, s.Band, "a refused score has no band")
	assert.Equal(t, 2.0, s.Hi)
	_, err = c.Score(household(nil))
	require.NoError(t, err)
}

func TestGroups(t *testing.T) {
	five := 5.0
	spec := func(g scoring.Group) scoring.CardSpec {
		g.ID = "g"
		return scoring.CardSpec{ID: "g", Version: "1", Groups: []scoring.Group{g}, Criteria: scoring.Criteria(
			scoring.Add(2, "a", displaced.Yes()).In("g"), scoring.Add(4, "b", alone.Yes()).In("g"), scoring.Add(3, "c", other.Yes()).In("g"),
			scoring.Add(1, "outside", housing.Is("camp")),
		)}
	}
	y, n, u := r.BoolValue(true), r.BoolValue(false), r.StateValue(r.Missing)
	cases := []struct {
		name           string
		g              scoring.Group
		a, b, c        r.Value
		points, lo, hi float64
		change         float64 // of the group
	}{
		{"sum", scoring.Group{}, y, n, y, 5, 5, 5, 0},
		{"cap", scoring.Group{Most: &five}, y, y, y, 5, 5, 5, -4},
		{"cap, unknown", scoring.Group{Most: &five}, y, u, y, 5, 5, 5, 0},
		{"cap, open", scoring.Group{Most: &five}, y, u, n, 2, 2, 5, 0},
		{"highest", scoring.Group{Hit: scoring.Highest}, y, y, y, 4, 4, 4, -5},
		{"highest, none", scoring.Group{Hit: scoring.Highest}, n, n, n, 0, 0, 0, 0},
		{"highest, unknown", scoring.Group{Hit: scoring.Highest}, y, u, n, 2, 2, 4, 0},
		{"highest, decided", scoring.Group{Hit: scoring.Highest}, u, y, u, 4, 4, 4, 0},
		{"highest, all open", scoring.Group{Hit: scoring.Highest}, u, n, u, 0, 0, 3, 0},
		{"first", scoring.Group{Hit: scoring.First}, y, y, n, 2, 2, 2, -4},
		{"first, second", scoring.Group{Hit: scoring.First}, n, y, y, 4, 4, 4, -3},
		{"first, unknown", scoring.Group{Hit: scoring.First}, u, y, y, 2, 2, 4, -5},
		{"first, none perhaps", scoring.Group{Hit: scoring.First}, n, u, n, 0, 0, 4, 0},
		{"unique", scoring.Group{Hit: scoring.Unique}, n, y, n, 4, 4, 4, 0},
		{"unique, unknown", scoring.Group{Hit: scoring.Unique}, n, u, u, 0, 0, 4, 0},
		{"unique, decided", scoring.Group{Hit: scoring.Unique}, y, u, u, 2, 2, 2, 0},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			c := card(t, spec(tc.g))
			s := score(t, c, household(map[string]r.Value{"displaced": tc.a, "alone": tc.b, "other_cash": tc.c}))
			assert.Equal(t, []float64{tc.points, tc.lo, tc.hi}, []float64{s.Points, s.Lo, s.Hi})
			assert.Equal(t, tc.change, s.Reasons[4].Points)
		})
	}
	t.Run("ambiguous", func(t *testing.T) {
		c := card(t, spec(scoring.Group{Hit: scoring.Unique}))
		_, err := c.Score(household(map[string]r.Value{"displaced": y, "alone": y, "other_cash": n}))
		var two *scoring.AmbiguousError
		require.ErrorAs(t, err, &two)
		assert.Equal(t, []string{"a", "b"}, two.Criteria)
		assert.Equal(t, "g", two.Group)
	})
}

func TestRules(t *testing.T) {
	spec := illustrative()
	spec.Rules = []scoring.Rule{scoring.Require("displaced", displaced.Yes()), scoring.Exclude("other_cash", other.Yes())}
	c := card(t, spec)
	y, n, u := r.BoolValue(true), r.BoolValue(false), r.StateValue(r.DontKnow)
	for _, tc := range []struct {
		displaced, other r.Value
		want             r.Truth
	}{{y, n, r.Yes}, {y, y, r.No}, {n, n, r.No}, {u, n, r.Unknown}, {u, y, r.No}, {y, u, r.Unknown}, {n, u, r.No}} {
		s := score(t, c, household(map[string]r.Value{"displaced": tc.displaced, "other_cash": tc.other}))
		assert.Equal(t, tc.want, s.Eligible)
		assert.Equal(t, tc.want == r.Unknown, s.CanChange(c))
		assert.Equal(t, "low", s.Band, "points and eligibility are apart")
	}
}

// A long card counts every criterion once, in its place.
func TestManyCriteria(t *testing.T) {
	for _, n := range []int{63, 64, 65, 127, 128, 129, 200} {
		spec := scoring.CardSpec{ID: "long", Version: "1"}
		want, hi := 0.0, 0.0
		for i := range n {
			points := float64(i + 1)
			switch i % 3 {
			case 0: // holds
				spec.Criteria = append(spec.Criteria, scoring.Add(points, "c"+strconv.Itoa(i), displaced.Yes()))
				want += points
			case 1: // does not
				spec.Criteria = append(spec.Criteria, scoring.Add(points, "c"+strconv.Itoa(i), alone.Yes()))
			case 2: // is not known
				spec.Criteria = append(spec.Criteria, scoring.Add(points, "c"+strconv.Itoa(i), other.Yes()))
				hi += points
			}
		}
		s := score(t, card(t, spec), household(map[string]r.Value{"other_cash": r.StateValue(r.Missing)}))
		assert.Equal(t, []float64{want, want, want + hi}, []float64{s.Points, s.Lo, s.Hi}, "%d", n)
		for i, why := range s.Reasons {
			require.EqualValues(t, i, why.Criterion)
			require.Equal(t, []r.Truth{r.Yes, r.No, r.Unknown}[i%3], why.Truth)
		}
	}
}

func TestRounding(t *testing.T) {
	c := card(t, scoring.CardSpec{
		ID: "x", Version: "1", Criteria: scoring.Criteria(
			scoring.Add(0.1, "a", displaced.Yes()), scoring.Add(0.2, "b", alone.No()), scoring.Add(1, "c", other.Yes())),
		Bands: scoring.Bands(scoring.From(0, "low").UpTo(0.3), scoring.Above(0.3, "high")),
	})
	s := score(t, c, household(nil))
	assert.Equal(t, 0.3, s.Points)
	assert.Equal(t, "low", s.Band)
}

func TestScoreIntoReusesReasons(t *testing.T) {
	c := card(t, illustrative())
	a, err := r.Reshape(household(map[string]r.Value{"alone": r.StateValue(r.Missing)}), form.Shape())
	require.NoError(t, err)
	var s scoring.Score
	require.NoError(t, c.ScoreInto(&s, a))
	assert.Zero(t, testing.AllocsPerRun(100, func() { _ = c.ScoreInto(&s, a) }))
	want := s.Reasons[3]
	b, err := a.With("alone", r.BoolValue(true))
	require.NoError(t, err)
	require.NoError(t, c.ScoreInto(&s, b))
	assert.Equal(t, 2.0, s.Points)
	require.NoError(t, c.ScoreInto(&s, a))
	assert.Equal(t, want, s.Reasons[3], "nothing of the household before is left")
}

func TestFunc(t *testing.T) {
	f := scoring.Func(func(a r.Answers) (scoring.Score, error) {
		n, _ := size.From(a)
		return scoring.Score{Card: "f@1", Points: float64(n)}, nil
	})
	s, err := f.Score(household(nil))
	require.NoError(t, err)
	assert.Equal(t, 2.0, s.Points)
}

func TestBands(t *testing.T) {
	fcs := func(bs ...scoring.Band) *scoring.Card {
		return card(t, scoring.CardSpec{ID: "x", Version: "1", Criteria: scoring.Criteria(scoring.Per(2, "size", size.Value())), Bands: bs})
	}
	closed := fcs(scoring.UpTo(20, "poor"), scoring.UpTo(40, "borderline"), scoring.Above(40, "acceptable"))
	open := fcs(scoring.Below(20, "poor"), scoring.Below(40, "borderline"), scoring.From(40, "acceptable"))
	for n, want := range map[int64][2]string{9: {"poor", "poor"}, 10: {"poor", "borderline"}, 11: {"borderline", "borderline"}, 20: {"borderline", "acceptable"}, 21: {"acceptable", "acceptable"}} {
		a := household(map[string]r.Value{"size": r.IntValue(n)})
		assert.Equal(t, want, [2]string{score(t, closed, a).Band, score(t, open, a).Band}, "%d", n)
	}
	assert.Equal(t, "(20, 40]", closed.Bands()[1].String())
	assert.Equal(t, "[20, 40)", open.Bands()[1].String())
	assert.True(t, closed.Bands()[1].Holds(40))
	assert.False(t, open.Bands()[1].Holds(40))
	spec := illustrative()
	spec.Bands[2] = spec.Bands[2].UpTo(15) // the most that the card gives
	top := household(map[string]r.Value{"members": r.RowsValue(member(60, "cannot"), member(1, "none"), member(1, "none"), member(1, "none")), "alone": r.BoolValue(true)})
	assert.Equal(t, "high", score(t, card(t, spec), top).Band)
	below := scoring.Score{Eligible: r.Yes, Lo: -1, Hi: 1}
	assert.True(t, below.CanChange(card(t, illustrative())), "what lies below every band is in none")
	lo, hi := closed.Range()
	assert.Equal(t, [2]float64{0, 50}, [2]float64{lo, hi})
}

func TestExplain(t *testing.T) {
	spec := illustrative()
	four := 4.0
	spec.Groups = []scoring.Group{{ID: "health", Most: &four, Says: text{"en": "together at most 4", "uk": "разом не більше 4"}}}
	spec.Criteria[0].Group, spec.Criteria[2].Group = "health", "health"
	spec.Criteria[2] = spec.Criteria[2].For("protection").From("WG-SS")
	spec.Criteria[3] = spec.Criteria[3].Because(text{"en": "alone: {least} to {most}", "uk": "сама: від {least} до {most}"})
	spec.Rules = []scoring.Rule{scoring.Require("displaced", displaced.Yes()).Because(text{"en": "displaced", "uk": "переміщена особа"}).From("UNHCR")}
	c := card(t, spec)
	s := score(t, c, household(map[string]r.Value{
		"alone": r.StateValue(r.Refused), "members": r.RowsValue(member(61, "cannot"), member(20, "none")),
	}))
	assert.Equal(t, []scoring.Explanation{
		{ID: "older_member", Say: "3 бали: є людина від 60 років", Lang: "uk", Truth: r.Yes, Points: 3, Lo: 3, Hi: 3, Reads: []string{"members", "members.age"}},
		{Truth: r.Yes, Points: 4, Lo: 4, Hi: 4, Masked: true},
		{ID: "single_head", Say: "сама: від 0 до 2", Lang: "uk", Truth: r.Unknown, Lo: 0, Hi: 2, Reads: []string{"alone"}},
		{ID: "health", Say: "разом не більше 4", Lang: "uk", Truth: r.Yes, Points: -3, Lo: 4, Hi: 4},
		{ID: "displaced", Say: "переміщена особа", Lang: "uk", Truth: r.Yes, Rule: true, Source: "UNHCR", Reads: []string{"displaced"}},
	}, c.Explain(s, "uk"))
	open := c.Explain(s, "en", "agent", "protection")
	assert.Equal(t, "cannot_walk", open[1].Say, "a criterion without words says its id")
	assert.Equal(t, "WG-SS", open[1].Source)
	assert.False(t, open[1].Masked)

	s.Hash[0]++
	assert.Nil(t, c.Explain(s, "uk"), "a score of another card")

	ids := map[string]bool{}
	for e := range c.Texts() {
		assert.NotEmpty(t, e.Text)
		ids[e.ID] = true
	}
	assert.Len(t, ids, 6)
	assert.True(t, ids["card/illustrative/rule/displaced/because"])
}

func TestExplainDefault(t *testing.T) {
	c := card(t, scoring.CardSpec{
		ID: "x", Version: "1", Criteria: scoring.Criteria(
			scoring.Add(3, "alone", alone.Yes()).Because(en("you care alone")).Missing(scoring.Default(1, en("not known: the average of the region")))),
		Bands: scoring.Bands(scoring.From(0, "low").Named(en("Low need"))),
	})
	said := c.Explain(score(t, c, household(map[string]r.Value{"alone": r.StateValue(r.DontKnow)})), "en")
	require.Len(t, said, 1)
	assert.Equal(t, "not known: the average of the region", said[0].Say)
	assert.Equal(t, r.Unknown, said[0].Truth)
	said = c.Explain(score(t, c, household(map[string]r.Value{"alone": r.BoolValue(true)})), "en")
	assert.Equal(t, "you care alone", said[0].Say)
	assert.Equal(t, "Low need", c.BandTitle("low", "en"))
	assert.Equal(t, "none", c.BandTitle("none", "en"))
}

func TestCardJSON(t *testing.T) {
	spec := illustrative()
	spec.ValidFrom, spec.Sources = "2024-06-17", []string{"a source"}
	spec.Parameters = []scoring.Parameter{{ID: "line", Value: 5400, Unit: "UAH", Source: "UNHCR"}}
	spec.Criteria = append(spec.Criteria, scoring.Add(1, "poor", income.Value().Over(size.Value()).Compare("<", spec.Parameters[0].Number())).Missing(scoring.Refuse()))
	c := card(t, spec)
	b, err := c.MarshalJSON()
	require.NoError(t, err)
	again, err := scoring.Load(b, form.Shape())
	require.NoError(t, err)
	assert.Equal(t, c.Hash(), again.Hash())
	assert.Equal(t, score(t, c, household(nil)), score(t, again, household(nil)))
	assert.Equal(t, "illustrative@1", again.Name())
	spec.Criteria[0].Points = 3.5
	assert.NotEqual(t, c.Hash(), card(t, spec).Hash())

	s := again.Spec()
	assert.True(t, s.AppliesOn("2024-06-17"))
	assert.False(t, s.AppliesOn("2024-06-16"))

	for name, bad := range map[string]string{
		"not JSON": `card`, "a field that is not known": `{"id":"x","weights":[]}`, "two cards": string(b) + string(b), "empty": "",
		"a policy that is not one": `{"criteria":[{"id":"a","missing":{"do":"zero","else":1}}]}`, "numbers as text": `{"criteria":[{"id":"a","points":"3"}]}`,
	} {
		_, err := scoring.Load([]byte(bad), form.Shape())
		require.ErrorIs(t, err, scoring.ErrCardJSON, name)
	}
}

func TestScoreJSON(t *testing.T) {
	spec := illustrative()
	spec.Rules = []scoring.Rule{scoring.Exclude("other_cash", other.Yes())}
	c := card(t, spec)
	s := score(t, c, household(map[string]r.Value{"alone": r.StateValue(r.Refused), "other_cash": r.StateValue(r.Missing)}))
	b, err := json.Marshal(s)
	require.NoError(t, err)
	assert.Contains(t, string(b), `"eligible":"unknown"`)
	assert.Contains(t, string(b), c.HashString())
	var again scoring.Score
	require.NoError(t, json.Unmarshal(b, &again))
	assert.Equal(t, s, again)
	assert.Equal(t, c.Explain(s, "en"), c.Explain(again, "en"))

	b, err = json.Marshal(scoring.Score{Card: "f@1", Points: 2})
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(b, &again), "a score of a Func has no hash")
	for _, bad := range []string{`[]`, `{"eligible":"perhaps"}`, `{"eligible":"no","hash":"12"}`, `{"eligible":"no","hash":"zz"}`, `{"eligible":"no","reasons":[{"truth":"?"}]}`} {
		require.Error(t, json.Unmarshal([]byte(bad), &again), bad)
	}
	// A score that was tampered with is not explained, and does no harm.
	s.Reasons = []scoring.Reason{{Criterion: -1}, {Criterion: 1 << 30}}
	assert.Empty(t, c.Explain(s, "en"))
	assert.Zero(t, c.Distance(s))
}
