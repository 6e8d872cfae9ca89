package reference

import (
	r "github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

// Lines of income per person and month, in hryvnias. They are made up for the
// example: a programme takes its own from a published minimum expenditure basket.
const (
	veryLowIncome = 2500
	lowIncome     = 5000
)

// NeedsSupport is a condition on one member: a small child, an older person, or
// a person who is pregnant, ill for long, or has a lot of difficulty in one of
// the six domains.
var NeedsSupport = r.Any(Age.AtMost(4), Age.AtLeast(60), Pregnant.Yes(), Chronic.Yes(), Difficulty("a_lot"))

// incomeEach is the income per member of the household.
var incomeEach = Income.Value().Over(Size.Value())

// Card is illustrative: it is in use nowhere, its weights were never validated,
// and it must not decide about anybody.
var Card = scoring.MustNew(scoring.CardSpec{
	ID: "illustrative", Version: "1", Title: cardTitle, Languages: Form.Languages(),
	Notes: "An illustration for the examples. Weights, income lines and bands are made up; no agency uses this card.",
	Criteria: scoring.Criteria(
		scoring.Per(2, "older", Members.Count(Age.AtLeast(60))).Cap(4).Because(becauseOlder),
		scoring.Per(2, "small_child", Members.Count(Age.AtMost(4))).Cap(6).Because(becauseSmall),
		scoring.Per(3, "difficulty", Members.Count(Difficulty("a_lot"))).Cap(6).Because(becauseWG).
			From("Washington Group Short Set, cut-off DIS3: a lot of difficulty or more in at least one domain"),
		scoring.Per(3, "pregnant", Members.Count(Pregnant.Yes())).Cap(3).Because(becausePregnant),
		scoring.Per(2, "chronic_illness", Members.Count(Chronic.Yes())).Cap(4).Because(becauseChronic),
		scoring.Add(4, "only_adult", r.All(OnlyAdult.Yes(), Members.Any(NeedsSupport))).Because(becauseOnlyAdult),

		scoring.Add(2, "low_income", incomeEach.LessThan(lowIncome)).Because(becauseLow),
		scoring.Add(2, "very_low_income", incomeEach.LessThan(veryLowIncome)).Because(becauseVeryLow), // and so 4 in all

		scoring.Add(3, "damaged_home", Housing.Is("own_damaged")).Because(becauseDamaged),
		scoring.Add(3, "collective_shelter", Housing.Is("collective")).Because(becauseShelter),
		scoring.Add(4, "no_home", Housing.Is("none")).Because(becauseNoHome),
		scoring.Add(1, "displaced", Displaced.Yes()).Because(becauseDisplaced),
	),
	Bands: scoring.Bands(
		scoring.From(0, "low").Named(bandLow), scoring.From(5, "medium").Named(bandMedium), scoring.From(10, "high").Named(bandHigh),
	),
}, Form.Shape())
