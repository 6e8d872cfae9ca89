package scoring_test

import (
	"fmt"
	"time"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

// The eligibility lists that UNHCR published for multi-purpose cash in Ukraine,
// as three dated versions of one card: exactly as far as they are known, and no
// further. What is not published is a named parameter that says so. That one
// category is enough is inferred from how the lists are laid out.
var (
	uaDisplaced = registration.YesNo("displaced", en("Are you displaced?"))
	uaSince     = registration.Date("displaced_since", en("Since when?"))
	uaMonths    = registration.Integer("months_displaced", en("For how many months?")).Between(0, 200)
	uaArea      = registration.YesNo("listed_area", en("Do you live in a listed oblast, or have you returned home?"))
	uaAlone     = registration.YesNo("single_head", en("Are you the only adult who earns?"))
	uaHeadAge   = registration.Integer("head_age", en("Age of the head of the household?")).Between(0, 120)
	uaNeed      = registration.YesNo("specific_need", en("Does a member have a disability or a chronic illness?"))
	uaFoster    = registration.YesNo("foster_family", en("Are you a foster family?"))
	uaOther     = registration.YesNo("other_cash", en("Do you receive cash from another agency?"))
	uaBefore    = registration.YesNo("assisted_before", en("Were you assisted before?"))
	uaSize      = registration.Integer("household_size", en("How many people are you?")).Between(1, 25)
	uaIncome    = registration.Decimal("income", en("Income of the household, in UAH?")).Between(0, 10_000_000)
	uaAge       = registration.Integer("age", en("Age?")).Between(0, 120)
	uaMembers   = registration.Repeat("members", en("Person {n}"), uaAge).AtMost(25).Times(uaSize)

	uaForm = registration.MustNew(registration.Spec{
		ID: "ua-eligibility", Version: "1", Languages: []hubkit.Lang{"en"},
		Parts: registration.Parts(uaDisplaced, registration.When(uaDisplaced.Yes(), uaSince, uaMonths), uaArea, uaAlone, uaHeadAge, uaNeed, uaFoster, uaOther, uaBefore, uaSize, uaIncome, uaMembers),
	})
)

// uaCategories is the part that the lists share: one of these is enough.
func uaCategories(children, member, elderly float64) scoring.Rule {
	return scoring.Require("category", registration.Any(
		registration.All(uaAlone.Yes(), registration.Any(uaMembers.Count(uaAge.AtMost(17)).AtLeast(children), uaMembers.Any(uaAge.Value().AtLeast(member)))),
		uaHeadAge.Value().AtLeast(elderly), uaNeed.Yes(), uaFoster.Yes(),
	))
}

func uaList(version string, from scoring.Day, source, notes string, ps []scoring.Parameter, rules ...scoring.Rule) *scoring.Card {
	return scoring.MustNew(scoring.CardSpec{
		ID: "unhcr-ua-mpca", Version: version, ValidFrom: from, Sources: []string{source}, Notes: notes, Parameters: ps, Rules: rules,
	}, uaForm.Shape())
}

func uaRegister() (*scoring.Register, error) {
	elderly := scoring.Parameter{ID: "elderly_head", Value: 60, Unit: "years", Source: "not published: taken to be the age given for members"}
	line := scoring.Parameter{ID: "income_line", Value: 5400, Unit: "UAH per person", Source: "press copies; the period is not known, a month is assumed"}
	elderly55 := scoring.Parameter{ID: "elderly_head", Value: 55, Unit: "years", Source: "press copies; whether it differs by sex is not known"}
	months := scoring.Parameter{ID: "months", Value: 6, Unit: "months", Source: "unhcr.org/ua; how they are counted is not known"}
	overLine := uaIncome.Value().Over(uaSize.Value()).Compare(">=", line.Number())
	return scoring.NewRegister(
		uaList("2022-06", "2022-06-06", "help.unhcr.org, 6 June 2022", "Its last day is not known, nor whether 24 February 2022 itself counts.", []scoring.Parameter{elderly},
			scoring.Require("displaced", registration.All(uaDisplaced.Yes(), uaSince.OnOrAfter(time.Date(2022, 2, 25, 0, 0, 0, 0, time.UTC)))),
			uaCategories(2, 60, elderly.Value), scoring.Exclude("other_cash", uaOther.Yes())),
		uaList("2024-01", "2024-01-01", "press copies: myc.news, NV, baltimorechronicle", "In force in January 2024; it began on an unknown day of 2023. The listed oblasts are not known.", []scoring.Parameter{line, elderly55},
			scoring.Require("gate", registration.Any(uaDisplaced.Yes(), uaArea.Yes())), uaCategories(1, 55, elderly55.Value),
			scoring.Exclude("income", overLine), scoring.Exclude("assisted_before", uaBefore.Yes())),
		uaList("2024-06", "2024-06-17", "unhcr.org/ua, 17 June 2024, opening of the page only", "That the exclusions of 2024-01 remain is presumed.", []scoring.Parameter{line, elderly55, months},
			scoring.Require("recently_displaced", registration.All(uaDisplaced.Yes(), uaMonths.Value().Compare("<=", months.Number()))), uaCategories(1, 55, elderly55.Value),
			scoring.Exclude("income", overLine), scoring.Exclude("assisted_before", uaBefore.Yes())),
	)
}

// Which list applied then, and what did each say of one household?
func ExampleRegister() {
	register, err := uaRegister()
	if err != nil {
		fmt.Println(err)
		return
	}
	yes, no := registration.BoolValue(true), registration.BoolValue(false)
	mother := registration.Of(map[string]registration.Value{
		"displaced": yes, "displaced_since": registration.DateValue(2022, 3, 8), "months_displaced": registration.IntValue(22),
		"single_head": yes, "head_age": registration.IntValue(34), "specific_need": no, "foster_family": no,
		"other_cash": no, "assisted_before": no, "household_size": registration.IntValue(2), "income": registration.IntValue(6000),
		"members": registration.RowsValue(person(34), person(7)),
	})
	for _, day := range []scoring.Day{"2022-07-01", "2024-01-15", "2024-07-01"} {
		score, err := register.ScoreOn(day, mother)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(day, score.Card, score.Eligible)
	}
	_, err = register.On("2022-05-01")
	fmt.Println(err)
	// Output:
	// 2022-07-01 unhcr-ua-mpca@2022-06 no
	// 2024-01-15 unhcr-ua-mpca@2024-01 yes
	// 2024-07-01 unhcr-ua-mpca@2024-06 no
	// scoring: there is no such version of the card: none of unhcr-ua-mpca applies on 2022-05-01
}

// WFP's pension top-up of 2023 and 2024 is an entitlement and no list of points: it
// pays what a pension lacks to a line, and at least 100 UAH. The line was 3,000
// UAH and later 3,250; on what day it changed, how amounts were rounded and which
// areas were listed is not known.
var (
	uaPensioner = registration.YesNo("pensioner", en("Do you receive a pension?"))
	uaChildhood = registration.YesNo("disabled_since_childhood", en("Do you have a disability since childhood?"))
	uaBenefit   = registration.Decimal("benefit", en("How much is it a month, in UAH?")).Between(0, 100_000)
	uaIDPCash   = registration.YesNo("idp_allowance", en("Do you receive the allowance for displaced people?"))

	uaPension = registration.MustNew(registration.Spec{
		ID: "ua-pension", Version: "1", Languages: []hubkit.Lang{"en"},
		Parts: registration.Parts(uaPensioner, uaChildhood, uaArea, uaBenefit, uaIDPCash, uaOther),
	})
)

func uaTopUp(version string, line float64) *scoring.Card {
	least := scoring.Parameter{ID: "least", Value: 100, Unit: "UAH", Source: "wfp.org, miragenews"}
	below := scoring.Parameter{ID: "line", Value: line, Unit: "UAH a month", Source: "wfp.org, miragenews"}
	lacks := below.Number().Minus(uaBenefit.Value())
	return scoring.MustNew(scoring.CardSpec{
		ID: "wfp-ua-pension", Version: version, Sources: []string{"wfp.org, miragenews"}, Parameters: []scoring.Parameter{below, least},
		Notes: "Points are the amount in UAH. The day of the change of the line, the rounding and the listed areas are not known.",
		Criteria: scoring.Criteria(
			scoring.Per(1, "difference", registration.Largest(lacks, least.Number())).When(uaBenefit.LessThan(line)).Missing(scoring.Refuse()),
		),
		Rules: []scoring.Rule{
			scoring.Require("status", registration.Any(uaPensioner.Yes(), uaChildhood.Yes())), scoring.Require("area", uaArea.Yes()),
			scoring.Require("below_line", uaBenefit.LessThan(line)),
			scoring.Exclude("idp_allowance", uaIDPCash.Yes()), scoring.Exclude("other_cash", uaOther.Yes()),
		},
	}, uaPension.Shape())
}

// An entitlement: the points are what is paid.
func ExampleCard_entitlement() {
	pensioner := func(benefit int64) registration.Answers {
		yes, no := registration.BoolValue(true), registration.BoolValue(false)
		return registration.Of(map[string]registration.Value{
			"pensioner": yes, "disabled_since_childhood": no, "listed_area": yes, "benefit": registration.IntValue(benefit), "idp_allowance": no, "other_cash": no,
		})
	}
	for _, card := range []*scoring.Card{uaTopUp("3000", 3000), uaTopUp("3250", 3250)} {
		for _, benefit := range []int64{2100, 2950, 3000, 3250} {
			score, err := card.Score(pensioner(benefit))
			fmt.Println(score.Card, benefit, score.Points, score.Eligible, err)
		}
	}
	// Output:
	// wfp-ua-pension@3000 2100 900 yes <nil>
	// wfp-ua-pension@3000 2950 100 yes <nil>
	// wfp-ua-pension@3000 3000 0 no <nil>
	// wfp-ua-pension@3000 3250 0 no <nil>
	// wfp-ua-pension@3250 2100 1150 yes <nil>
	// wfp-ua-pension@3250 2950 300 yes <nil>
	// wfp-ua-pension@3250 3000 250 yes <nil>
	// wfp-ua-pension@3250 3250 0 no <nil>
}
