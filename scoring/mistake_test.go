package scoring_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	r "github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

// Every way to break a card, with the kind of mistake and words that the
// message must have.
func TestMistakes(t *testing.T) {
	older := members.Any(age.AtLeast(60))
	nan := math.NaN()
	cases := map[string]struct {
		kind, at, say string
		change        func(s *scoring.CardSpec)
	}{
		"no id":           {"bad_card_id", "", "ID", func(s *scoring.CardSpec) { s.ID = "" }},
		"id with spaces":  {"bad_card_id", "", "not possible", func(s *scoring.CardSpec) { s.ID = "my card" }},
		"no version":      {"bad_version", "", "Version", func(s *scoring.CardSpec) { s.Version = "" }},
		"day":             {"bad_day", "", `"2024-06-17"`, func(s *scoring.CardSpec) { s.ValidFrom = "17.06.2024" }},
		"day that is not": {"bad_day", "", "2023-02-29", func(s *scoring.CardSpec) { s.ValidTo = "2023-02-29" }},
		"days reversed":   {"day_order", "", "before it begins", func(s *scoring.CardSpec) { s.ValidFrom, s.ValidTo = "2024-06-17", "2024-01-01" }},
		"nothing":         {"no_criteria", "", "nothing to score", func(s *scoring.CardSpec) { s.Criteria, s.Bands = nil, nil }},
		"start":           {"not_finite", "", "Start", func(s *scoring.CardSpec) { s.Start = math.Inf(1) }},
		"parameter":       {"not_finite", "parameter line", "finite", func(s *scoring.CardSpec) { s.Parameters = []scoring.Parameter{{ID: "line", Value: nan}} }},
		"parameters": {"duplicate_id", "parameter line", "two", func(s *scoring.CardSpec) {
			s.Parameters = []scoring.Parameter{{ID: "line", Value: 1}, {ID: "line", Value: 2}}
		}},
		"points not a number": {"not_finite", "criterion older_member", "finite", func(s *scoring.CardSpec) { s.Criteria[0].Points = nan }},
		"no points":           {"no_points", "criterion older_member", "0 points", func(s *scoring.CardSpec) { s.Criteria[0].Points = 0 }},
		"id of a criterion":   {"bad_id", "criterion", "not possible", func(s *scoring.CardSpec) { s.Criteria[0].ID = "" }},
		"id twice":            {"duplicate_id", "criterion older_member", "rename", func(s *scoring.CardSpec) { s.Criteria[1].ID = "older_member" }},
		"id of a rule":        {"duplicate_id", "rule older_member", "a criterion has", func(s *scoring.CardSpec) { s.Rules = []scoring.Rule{scoring.Require("older_member", alone.Yes())} }},
		"no condition":        {"no_condition", "criterion older_member", "everybody", func(s *scoring.CardSpec) { s.Criteria[0].If = r.Condition{} }},
		"rule without":        {"no_condition", "rule gate", "asks for", func(s *scoring.CardSpec) { s.Rules = []scoring.Rule{{ID: "gate"}} }},
		"unknown question": {"unknown_question", "criterion older_member", "no question has this key", func(s *scoring.CardSpec) {
			s.Criteria[0].If = r.YesNo("nowhere", nil).Yes()
		}},
		"check without": {"no_condition", "check c", "asks for", func(s *scoring.CardSpec) { s.Checks = []scoring.Check{{ID: "c"}} }},
		"check of a question": {"unknown_question", "check c", "no question", func(s *scoring.CardSpec) {
			s.Checks = []scoring.Check{scoring.Consistent("c", r.YesNo("x", nil).Yes())}
		}},
		"check that never fails": {"always_holds", "check c", "decides nothing", func(s *scoring.CardSpec) { s.Checks = []scoring.Check{scoring.Consistent("c", size.AtLeast(1))} }},
		"id of a check":          {"duplicate_id", "check older_member", "a criterion has", func(s *scoring.CardSpec) { s.Checks = []scoring.Check{scoring.Consistent("older_member", alone.Yes())} }},
		"question of a member":   {"unknown_question", "criterion older_member", "members.Any", func(s *scoring.CardSpec) { s.Criteria[0].If = age.AtLeast(60) }},
		"question of a rule":     {"unknown_question", "rule gate", "no question", func(s *scoring.CardSpec) { s.Rules = []scoring.Rule{scoring.Exclude("gate", r.YesNo("x", nil).Yes())} }},
		"unknown number": {"unknown_question", "criterion small_child", "no question", func(s *scoring.CardSpec) {
			n := r.Integer("nowhere", nil).Value()
			s.Criteria[1].Per = &n
		}},
		"option":  {"condition", "criterion single_head", "palace", func(s *scoring.CardSpec) { s.Criteria[3].If = housing.Is("palace") }},
		"kind":    {"condition", "criterion single_head", "does not fit", func(s *scoring.CardSpec) { s.Criteria[3].If = r.YesNo("region", nil).Yes() }},
		"foreign": {"condition", "criterion single_head", "evaluator", func(s *scoring.CardSpec) { s.Criteria[3].If = r.Foreign("xpath", "${alone} = 'yes'") }},
		"out of range": {"never_holds", "criterion single_head", "outside its question's range", func(s *scoring.CardSpec) {
			s.Criteria[3].If = members.Any(age.AtLeast(130))
		}},
		"contradiction": {"never_holds", "criterion single_head", "exclude each other", func(s *scoring.CardSpec) {
			s.Criteria[3].If = r.All(size.AtLeast(6), alone.Yes(), size.AtMost(3))
		}},
		"yes and no": {"never_holds", "criterion single_head", "", func(s *scoring.CardSpec) { s.Criteria[3].If = r.All(alone.Yes(), alone.No()) }},
		"whole numbers": {"never_holds", "criterion single_head", "", func(s *scoring.CardSpec) {
			s.Criteria[3].If = r.All(size.Value().MoreThan(3), size.Value().LessThan(4))
		}},
		"two options": {"never_holds", "criterion single_head", "", func(s *scoring.CardSpec) {
			s.Criteria[3].If = members.Any(r.All(walking.AtMost("some"), walking.Is("a_lot", "cannot")))
		}},
		"answered and refused": {"never_holds", "criterion single_head", "", func(s *scoring.CardSpec) { s.Criteria[3].If = r.All(alone.Yes(), alone.IsRefused()) }},
		"any of nothing":       {"never_holds", "rule gate", "", func(s *scoring.CardSpec) { s.Rules = []scoring.Rule{scoring.Require("gate", r.Any())} }},
		"always":               {"always_holds", "criterion single_head", "decides nothing", func(s *scoring.CardSpec) { s.Criteria[3].If = size.AtLeast(1) }},
		"constant": {"constant", "criterion small_child", "always 3", func(s *scoring.CardSpec) {
			n := r.Constant(3)
			s.Criteria[1].Per, s.Criteria[1].Most = &n, nil
		}},
		"unbounded": {"unbounded", "criterion small_child", "no bound", func(s *scoring.CardSpec) {
			n := income.Value().Over(size.Value().Minus(r.Constant(1)))
			s.Criteria[1].Per, s.Criteria[1].Most = &n, nil
		}},
		"cap too high":  {"cap_never_binds", "criterion small_child", "at most 50", func(s *scoring.CardSpec) { s.Criteria[1] = s.Criteria[1].Cap(50) }},
		"floor too low": {"cap_never_binds", "criterion small_child", "at least 0", func(s *scoring.CardSpec) { s.Criteria[1] = s.Criteria[1].Floor(0) }},
		"cap below floor": {"cap_order", "criterion small_child", "above its cap", func(s *scoring.CardSpec) {
			s.Criteria[1] = s.Criteria[1].Floor(7)
		}},
		"cap not a number":  {"not_finite", "criterion small_child", "cap", func(s *scoring.CardSpec) { s.Criteria[1] = s.Criteria[1].Cap(nan) }},
		"cap of a yes":      {"cap_without_number", "criterion older_member", "count something", func(s *scoring.CardSpec) { s.Criteria[0] = s.Criteria[0].Cap(2) }},
		"curve of a yes":    {"curve_without_number", "criterion older_member", "count something", func(s *scoring.CardSpec) { s.Criteria[0].Curve = scoring.Log }},
		"curve":             {"bad_curve", "criterion small_child", "not a curve", func(s *scoring.CardSpec) { s.Criteria[1].Curve = "cube" }},
		"logarithm of zero": {"curve_range", "criterion small_child", `no "log"`, func(s *scoring.CardSpec) { s.Criteria[1].Curve = scoring.Log }},
		"unknown group":     {"unknown_group", "criterion older_member", "Groups", func(s *scoring.CardSpec) { s.Criteria[0].Group = "age" }},
		"empty group":       {"empty_group", "group age", "no criterion", func(s *scoring.CardSpec) { s.Groups = []scoring.Group{{ID: "age"}} }},
		"hit": {"bad_hit", "group age", "highest", func(s *scoring.CardSpec) {
			s.Groups = []scoring.Group{{ID: "age", Hit: "best"}}
			s.Criteria[0].Group = "age"
		}},
		"cap of a group": {"cap_never_binds", "group age", "at most 9", func(s *scoring.CardSpec) {
			ten := 10.0
			s.Groups = []scoring.Group{{ID: "age", Most: &ten}}
			s.Criteria[0].Group, s.Criteria[1].Group = "age", "age"
		}},
		"cap of a group that is just reached": {"cap_never_binds", "group age", "at most 9", func(s *scoring.CardSpec) {
			nine := 9.0
			s.Groups = []scoring.Group{{ID: "age", Most: &nine}}
			s.Criteria[0].Group, s.Criteria[1].Group = "age", "age"
		}},
		"open at the top": {"band_gap", "band high", "can give 15 points", func(s *scoring.CardSpec) { s.Bands[2] = s.Bands[2].Below(15) }},
		"shadowed": {"shadowed", "criterion again", "never reached", func(s *scoring.CardSpec) {
			s.Groups = []scoring.Group{{ID: "age", Hit: scoring.First}}
			s.Criteria[0].Group = "age"
			s.Criteria = append(s.Criteria, scoring.Add(1, "again", older).In("age"))
		}},
		"shadowed by what is wider": {"shadowed", "criterion wider", "put this one before it", func(s *scoring.CardSpec) {
			inGroup(s, scoring.First, scoring.Add(3, "wide", members.Any(age.AtLeast(60))), scoring.Add(5, "wider", members.Any(r.All(walking.AtLeast("a_lot"), age.AtLeast(70)))))
		}},
		"shadowed by one of several": {"shadowed", "criterion camp_poor", `because "not_own"`, func(s *scoring.CardSpec) {
			inGroup(s, scoring.First, scoring.Add(1, "not_own", housing.AtLeast("rent")), scoring.Add(2, "camp_poor", r.All(housing.Is("camp"), income.AtMost(100))))
		}},
		"shadowed in both of its ways": {"shadowed", "criterion either", "never reached", func(s *scoring.CardSpec) {
			inGroup(s, scoring.First, scoring.Add(1, "cash", r.Any(income.LessThan(500), other.Yes())), scoring.Add(2, "either", r.Any(income.AtMost(499), r.All(other.Yes(), alone.Yes()))))
		}},
		"never the highest": {"shadowed", "criterion old", "gives as many points or more", func(s *scoring.CardSpec) {
			inGroup(s, scoring.Highest, scoring.Add(2, "old", members.Any(age.AtLeast(70))), scoring.Add(2, "older_than_60", members.Any(age.AtLeast(61))))
		}},
		"the same twice": {"shadowed", "criterion again", "never counts", func(s *scoring.CardSpec) {
			inGroup(s, scoring.Highest, scoring.Add(2, "once", size.Is(4)), scoring.Add(2, "again", r.All(size.AtLeast(4), size.AtMost(4))))
		}},
		"policy": {"bad_policy", "criterion older_member", "refuse", func(s *scoring.CardSpec) {
			require.NoError(t, s.Criteria[0].Unknown.UnmarshalJSON([]byte(`{"do":"guess"}`)))
		}},
		"default too high":   {"default_range", "criterion older_member", "0 to 3", func(s *scoring.CardSpec) { s.Criteria[0].Unknown = scoring.Default(4, en("x")) }},
		"default not finite": {"not_finite", "criterion older_member", "default", func(s *scoring.CardSpec) { s.Criteria[0].Unknown = scoring.Default(nan, en("x")) }},
		"default unexplained": {"default_reason", "criterion older_member", "where the number comes from", func(s *scoring.CardSpec) {
			s.Criteria[0].Unknown = scoring.Default(1, nil)
		}},
		"band gap": {"band_gap", "band high", "gap", func(s *scoring.CardSpec) {
			s.Bands = scoring.Bands(scoring.From(0, "low").UpTo(4), scoring.From(5, "high"))
		}},
		"hole": {"band_gap", "band high", "exactly 4 points", func(s *scoring.CardSpec) {
			s.Bands = scoring.Bands(scoring.From(0, "low").Below(4), scoring.Above(4, "high"))
		}},
		"gap below": {"band_gap", "band low", "below the lowest", func(s *scoring.CardSpec) {
			s.Criteria[0].Points = -1
		}},
		"gap above": {"band_gap", "band high", "can give 15 points", func(s *scoring.CardSpec) { s.Bands[2] = s.Bands[2].UpTo(14) }},
		"open at zero": {"band_gap", "band low", "below the lowest", func(s *scoring.CardSpec) {
			s.Bands[0] = scoring.Above(0, "low")
		}},
		"overlap":    {"band_overlap", "band medium", "two bands", func(s *scoring.CardSpec) { s.Bands[0] = s.Bands[0].UpTo(5) }},
		"shared end": {"band_overlap", "band medium", "[0, 4]", func(s *scoring.CardSpec) { s.Bands[0] = s.Bands[0].UpTo(4) }},
		"order": {"band_order", "band medium", "lowest to the highest", func(s *scoring.CardSpec) {
			s.Bands[1], s.Bands[2] = scoring.From(8, "high").Below(9), scoring.From(4, "medium").Below(5)
		}},
		"empty band": {"band_empty", "band high", "wrong way", func(s *scoring.CardSpec) {
			s.Bands[1], s.Bands[2] = s.Bands[2], s.Bands[1]
		}},
		"unreachable": {"band_unreachable", "band extreme", "0 to 15 points", func(s *scoring.CardSpec) { s.Bands = append(s.Bands, scoring.From(16, "extreme")) }},
		"unreachable below": {"band_unreachable", "band negative", "nobody", func(s *scoring.CardSpec) {
			s.Bands = append(scoring.Bands(scoring.Below(0, "negative")), s.Bands...)
		}},
		"two ends":   {"band_two_ends", "band low", "keep one", func(s *scoring.CardSpec) { s.Bands[0] = s.Bands[0].UpTo(3).Below(4) }},
		"end":        {"not_finite", "band medium", "ends", func(s *scoring.CardSpec) { s.Bands[1] = scoring.From(nan, "medium") }},
		"band twice": {"duplicate_id", "band low", "rename", func(s *scoring.CardSpec) { s.Bands[1].ID = "low" }},
		"text": {"text", "criterion older_member", "few", func(s *scoring.CardSpec) {
			s.Criteria[0].Says = text{"en": "x", "uk": "{points, plural, one {# бал} other {# бала}}"}
		}},
		"phrase":            {"unknown_phrase", "phrase over", "above, above_past", func(s *scoring.CardSpec) { s.Phrases = map[string]text{"over": en("x")} }},
		"words of a phrase": {"text", "phrase below", "age", func(s *scoring.CardSpec) { s.Phrases = map[string]text{"below": {"uk": "{age}"}} }},
		"variable":          {"text", "criterion older_member", "age", func(s *scoring.CardSpec) { s.Criteria[0].Says = text{"en": "{age}", "uk": "{age}"} }},
		"language":          {"text", "criterion small_child", "no text in this language", func(s *scoring.CardSpec) { delete(s.Criteria[1].Says, "uk") }},
		"too long":          {"too_long", "", "10000", func(s *scoring.CardSpec) { s.Criteria = make([]scoring.Criterion, 10_001) }},
	}
	kinds := map[string]bool{}
	for _, c := range cases {
		kinds[c.kind] = true
	}
	require.GreaterOrEqual(t, len(kinds), 35, "kinds of mistakes")
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := illustrative()
			c.change(&s)
			_, err := scoring.New(s, form.Shape())
			var all scoring.Mistakes
			require.ErrorAs(t, err, &all)
			for _, m := range all {
				if m.Kind == c.kind && m.At == c.at {
					assert.Contains(t, m.Say, c.say)
					return
				}
			}
			t.Errorf("no %s at %q in: %v", c.kind, c.at, err)
		})
	}
	t.Run("no shape", func(t *testing.T) {
		_, err := scoring.New(illustrative(), nil)
		require.ErrorContains(t, err, "Shape()")
	})
	t.Run("never asked", func(t *testing.T) {
		empty, err := r.NewShape()
		require.NoError(t, err)
		shape, err := r.NewShape(r.Slot{Key: "note"}, r.Slot{Key: "members", Kind: r.KindRows, Rows: empty})
		require.NoError(t, err)
		_, err = scoring.New(scoring.CardSpec{ID: "x", Version: "1", Criteria: scoring.Criteria(
			scoring.Add(1, "a", r.YesNo("note", nil).Yes()), scoring.Add(1, "b", members.Any(r.All())),
		)}, shape)
		require.ErrorContains(t, err, `"note", which has no answer`)
		require.ErrorContains(t, err, `roster "members", whose members are asked nothing`)
	})
}

// inGroup adds criteria that count together.
func inGroup(s *scoring.CardSpec, hit scoring.Hit, cs ...scoring.Criterion) {
	s.Groups = append(s.Groups, scoring.Group{ID: "group", Hit: hit})
	for _, c := range cs {
		s.Criteria = append(s.Criteria, c.In("group"))
	}
}

// What overlaps is no shadow: each of these holds for somebody for whom those
// before it do not.
func TestNoShadows(t *testing.T) {
	for name, cs := range map[string][]scoring.Criterion{
		"narrow before wide": {scoring.Add(5, "a", members.Any(age.AtLeast(70))), scoring.Add(3, "b", members.Any(age.AtLeast(60)))},
		"other members":      {scoring.Add(5, "a", members.Every(age.AtLeast(18))), scoring.Add(3, "b", members.Any(age.AtLeast(60)))},
		"another question":   {scoring.Add(5, "a", income.AtMost(99999)), scoring.Add(3, "b", other.Yes())},
		"a state":            {scoring.Add(5, "a", alone.Yes()), scoring.Add(3, "b", alone.IsRefused())},
		"touching":           {scoring.Add(5, "a", income.LessThan(500)), scoring.Add(3, "b", income.AtMost(500))},
		"options":            {scoring.Add(5, "a", housing.Is("camp")), scoring.Add(3, "b", housing.AtLeast("rent")), scoring.Add(1, "c", housing.Is("own"))},
		"half of both":       {scoring.Add(5, "a", r.All(other.Yes(), alone.Yes())), scoring.Add(3, "b", r.Any(other.Yes(), alone.Yes()))},
		"no and yes":         {scoring.Add(5, "a", other.No()), scoring.Add(3, "b", other.Yes())},
		"a calculation":      {scoring.Add(5, "a", income.Value().Over(size.Value()).LessThan(5000)), scoring.Add(3, "b", income.LessThan(100))},
		"counts":             {scoring.Add(5, "a", members.Count(age.AtLeast(60)).AtLeast(2)), scoring.Add(3, "b", members.Any(age.AtLeast(60)))},
	} {
		for _, hit := range []scoring.Hit{scoring.First, scoring.Highest} {
			s := scoring.CardSpec{ID: "x", Version: "1"}
			inGroup(&s, hit, cs...)
			_, err := scoring.New(s, form.Shape())
			assert.NoError(t, err, "%s %s", name, hit)
		}
	}
}

func TestMistakesComeAtOnce(t *testing.T) {
	s := illustrative()
	s.Version = ""
	s.Criteria[0].Points = 0
	s.Bands[0] = s.Bands[0].UpTo(3)
	_, err := scoring.New(s, form.Shape())
	var all scoring.Mistakes
	require.ErrorAs(t, err, &all)
	require.Len(t, all, 3)
	var one *scoring.Mistake
	require.ErrorAs(t, err, &one)
	assert.ErrorContains(t, err, "the card has 3 mistakes:\n  - ")
	assert.Panics(t, func() { scoring.MustNew(s, form.Shape()) })
}

// What looks like a mistake and is none.
func TestNoMistakes(t *testing.T) {
	s := illustrative()
	s.Criteria = append(s.Criteria,
		scoring.Add(1, "refused", r.All(alone.IsRefused(), size.AtLeast(2))),
		scoring.Add(1, "either", r.All(r.Any(housing.Is("rent"), housing.Is("camp")), housing.AtLeast("rent"))),
		scoring.Add(1, "two_people", r.All(members.Any(age.AtLeast(60)), members.Any(age.AtMost(5)))),
		scoring.Add(1, "between", r.All(size.Value().MoreThan(3), size.Value().LessThan(5))),
		scoring.Per(1, "log_size", size.Value()).Curved(scoring.Log),
		scoring.Per(0.5, "sum", members.Sum(age.Value())).Cap(3),
		scoring.Per(-1, "minus", size.Value().Minus(members.Count(age.AtLeast(18)))).Floor(-3).Cap(0),
	)
	s.Bands[0] = scoring.Below(4, "low")
	_, err := scoring.New(s, form.Shape())
	require.NoError(t, err)
}
