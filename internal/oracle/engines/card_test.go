package engines_test

import (
	"github.com/hubkit/hubkit"
	r "github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

func en(s string) hubkit.Text { return hubkit.Text{"en": s} }

var (
	displaced = r.YesNo("displaced", en("Were you displaced?"))
	alone     = r.YesNo("alone", en("Do you care for your children alone?"))
	region    = r.Choice("region", en("Region?"), r.Opt("near", en("Near the front")), r.Opt("middle", en("Further away")), r.Opt("far", en("Far away")))
	housing   = r.Choice("housing", en("Housing?"), r.Opt("own", en("Own")), r.Opt("rent", en("Rented")), r.Opt("camp", en("Collective site")))
	needs     = r.Choices("needs", en("Needs?"), r.Opt("food", en("Food")), r.Opt("rent", en("Rent")), r.Opt("medicine", en("Medicine")))
	income    = r.Decimal("income", en("Income?")).Between(0, 100000)
	size      = r.Integer("size", en("How many people?")).Between(1, 25)
	other     = r.YesNo("other_cash", en("Do you receive cash from others?"))

	form = r.MustNew(r.Spec{
		ID: "engines", Version: "1", Languages: []hubkit.Lang{"en"},
		Parts: r.Parts(displaced, alone, region, housing, needs, income, size, other),
	})

	card = scoring.MustNew(scoring.CardSpec{
		ID: "illustrative", Version: "1",
		Criteria: scoring.Criteria(
			scoring.Add(2, "displaced", displaced.Yes()),
			scoring.Add(3, "alone", alone.Yes()),
			scoring.Add(2, "near", region.Is("near")),
			scoring.Add(1, "not_far", region.AtMost("middle")),
			scoring.Add(2, "camp", housing.Is("camp")),
			scoring.Add(1, "rent", housing.Is("rent")),
			scoring.Add(1, "food", needs.Has("food")),
			scoring.Add(2, "medicine", needs.Has("medicine")),
			scoring.Add(3, "poor", income.AtMost(2000)),
			scoring.Add(1, "less_poor", income.LessThan(5400)),
			scoring.Add(2, "large", size.AtLeast(6)),
			scoring.Add(1, "no_other", other.No()),
		),
		Bands: scoring.Bands(scoring.From(0, "low"), scoring.From(6, "medium"), scoring.From(12, "high")),
	}, form.Shape())
)

// criteria are the same twelve in the language that CEL and expr share: points,
// and when they are given.
var criteria = []struct{ points, when string }{
	{"2", `displaced`},
	{"3", `alone`},
	{"2", `region == "near"`},
	{"1", `region == "near" || region == "middle"`},
	{"2", `housing == "camp"`},
	{"1", `housing == "rent"`},
	{"1", `"food" in needs`},
	{"2", `"medicine" in needs`},
	{"3", `income <= 2000.0`},
	{"1", `income < 5400.0`},
	{"2", `size >= 6`},
	{"1", `!other_cash`},
}

// household is what the three are asked about. The tags are expr's.
type household struct {
	Displaced bool     `expr:"displaced"`
	Alone     bool     `expr:"alone"`
	Region    string   `expr:"region"`
	Housing   string   `expr:"housing"`
	Needs     []string `expr:"needs"`
	Income    float64  `expr:"income"`
	Size      int      `expr:"size"`
	Other     bool     `expr:"other_cash"`
}

// answers is the household as a questionnaire records it.
func (h household) answers() r.Answers {
	return r.Of(map[string]r.Value{
		"displaced": r.BoolValue(h.Displaced), "alone": r.BoolValue(h.Alone), "region": r.OptionValue(h.Region), "housing": r.OptionValue(h.Housing),
		"needs": r.OptionsValue(h.Needs...), "income": r.DecimalValue(h.Income), "size": r.IntValue(int64(h.Size)), "other_cash": r.BoolValue(h.Other),
	})
}

// variables is the household as CEL takes it.
func (h household) variables() map[string]any {
	return map[string]any{
		"displaced": h.Displaced, "alone": h.Alone, "region": h.Region, "housing": h.Housing,
		"needs": h.Needs, "income": h.Income, "size": h.Size, "other_cash": h.Other,
	}
}
