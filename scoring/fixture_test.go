package scoring_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	r "github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

type text = hubkit.Text

func en(s string) text { return text{"en": s} }

// The questionnaire that the tests of this package score.
var (
	displaced = r.YesNo("displaced", en("Were you displaced?"))
	alone     = r.YesNo("alone", en("Do you care for your children alone?"))
	region    = r.Choice("region", en("Region?"), r.Opt("near", en("Near the front")), r.Opt("middle", en("Further away")), r.Opt("far", en("Far away")))
	housing   = r.Choice("housing", en("Housing?"), r.Opt("own", en("Own")), r.Opt("rent", en("Rented")), r.Opt("camp", en("Collective site")))
	needs     = r.Choices("needs", en("Needs?"), r.Opt("food", en("Food")), r.Opt("rent", en("Rent")), r.Opt("medicine", en("Medicine")))
	income    = r.Decimal("income", en("Income?")).Between(0, 100000)
	size      = r.Integer("size", en("How many people?")).Between(1, 25)
	other     = r.YesNo("other_cash", en("Do you receive cash from others?"))
	age       = r.Integer("age", en("Age?")).Between(0, 120)
	walking   = r.Choice("walking", en("Difficulty walking?"), r.Opt("none", en("No")), r.Opt("some", en("Some")), r.Opt("a_lot", en("A lot")), r.Opt("cannot", en("Cannot")))
	pregnant  = r.YesNo("pregnant", en("Pregnant?"))
	members   = r.Repeat("members", en("Person {n}"), age, walking, pregnant).AtMost(25).Times(size)

	form = r.MustNew(r.Spec{
		ID: "test", Version: "1", Languages: []hubkit.Lang{"en"},
		Parts: r.Parts(displaced, alone, region, housing, needs, income, size, members, other),
	})
)

func illustrative() scoring.CardSpec {
	return scoring.CardSpec{
		ID: "illustrative", Version: "1", Title: text{"en": "Illustrative card", "uk": "Приклад картки"},
		Criteria: scoring.Criteria(
			scoring.Add(3, "older_member", members.Any(age.AtLeast(60))).Because(text{
				"en": "{points, plural, one {# point} other {# points}}: somebody is 60 or older",
				"uk": "{points, plural, one {# бал} few {# бали} many {# балів} other {# бала}}: є людина від 60 років",
			}),
			scoring.Per(2, "small_child", members.Count(age.AtMost(5))).Cap(6).Because(text{
				"en": "{points} points for small children", "uk": "балів за малих дітей: {points}",
			}),
			scoring.Add(4, "cannot_walk", members.Any(walking.AtLeast("a_lot"))),
			scoring.Add(2, "single_head", alone.Yes()),
		),
		Bands: scoring.Bands(scoring.From(0, "low"), scoring.From(4, "medium"), scoring.From(8, "high")),
	}
}

func member(years int64, walk string) r.Answers {
	return r.Of(map[string]r.Value{"age": r.IntValue(years), "walking": r.OptionValue(walk), "pregnant": r.BoolValue(false)})
}

// household is a whole set of answers; with replaces some of them.
func household(with map[string]r.Value) r.Answers {
	pairs := map[string]r.Value{
		"displaced": r.BoolValue(true), "alone": r.BoolValue(false), "region": r.OptionValue("near"), "housing": r.OptionValue("own"),
		"needs": r.OptionsValue("food"), "income": r.DecimalValue(1500), "size": r.IntValue(2), "other_cash": r.BoolValue(false),
		"members": r.RowsValue(member(34, "none"), member(7, "none")),
	}
	for k, v := range with {
		pairs[k] = v
	}
	return r.Of(pairs)
}

func card(t testing.TB, s scoring.CardSpec) *scoring.Card {
	t.Helper()
	c, err := scoring.New(s, form.Shape())
	require.NoError(t, err)
	return c
}

func score(t testing.TB, c *scoring.Card, a r.Answers) scoring.Score {
	t.Helper()
	s, err := c.Score(a)
	require.NoError(t, err)
	return s
}
