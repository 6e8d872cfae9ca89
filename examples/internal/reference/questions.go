package reference

import (
	"slices"
	"strings"
	"time"

	"github.com/hubkit/hubkit"
	r "github.com/hubkit/hubkit/registration"
)

// The screening: may we ask, and is this the right place for the person?
var (
	Language  = r.Language("language", askLanguage)
	Consent   = r.Consent("consent", "1", notice)
	Seeking   = r.YesNo("seeking_cash", askSeeking)
	Adult     = r.YesNo("adult", askAdult) // of the person who writes
	Region    = r.Choice("region", askRegion, regionOptions()...)
	Displaced = r.YesNo("displaced", askDisplaced)
	Since     = r.Date("displaced_since", askSince).InPast()
)

// warBegan is the first day of the year in which people began to be displaced by
// the war: a date before it is a slip, such as a date of birth.
var warBegan = time.Date(2014, 1, 1, 0, 0, 0, 0, time.UTC)

// The questions about each person of the household.
var (
	Size = r.Integer("household_size", askSize).Between(1, 25)
	Age  = r.Integer("age", askAge).Between(0, 120)
	Sex  = r.Choice("sex", askSex,
		r.Opt("f", female).Or("woman", "girl", "жінка", "дівчинка", "дівчина", "женщина", "девочка", "девушка", "жін", "жен", "ж"),
		r.Opt("m", male).Or("man", "boy", "чоловік", "хлопчик", "хлопець", "мужчина", "мальчик", "парень", "чол", "муж", "ч", "м"))

	// Pregnant is asked from 15 to 49 years, the reproductive age of the World
	// Health Organization's indicators: nothing is asked about a girl under 15.
	Pregnant = r.YesNo("pregnant", askPregnant)

	Seeing        = difficulty("seeing", askSeeing)
	Hearing       = difficulty("hearing", askHearing)
	Walking       = difficulty("walking", askWalking)
	Remembering   = difficulty("remembering", askRemembering)
	SelfCare      = difficulty("self_care", askSelfCare)
	Communicating = difficulty("communicating", askCommunicating)

	Chronic = r.YesNo("chronic_illness", askChronic)
)

// Members is the household; the first member is the person who answers.
var Members = r.Repeat("members", person,
	r.Must(r.Any(Size.AtLeast(2), Age.AtLeast(18)), tooYoung, brief(briefAge, r.OrUnknown(r.Hint(hintAge, Age)))),
	brief(briefSex, r.OrRefuse(Sex)),
	r.When(r.All(Sex.Is("f"), Age.AtLeast(15), Age.AtMost(49)), either(briefPregnant, Pregnant)),
	r.When(r.Any(Age.AtLeast(5), Age.IsUnknown()),
		r.Note("six_questions", sixQuestions),
		either(briefSeeing, Seeing),
		either(briefHearing, Hearing),
		either(briefWalking, Walking),
		either(briefRemembering, Remembering),
		either(briefSelfCare, SelfCare),
		either(briefCommunicating, Communicating),
	),
	either(briefChronic, r.Hint(hintChronic, Chronic)),
).Times(Size).AtMost(25)

// The questions about the household as a whole.
var (
	OnlyAdult = r.YesNo("only_adult", askOnlyAdult)
	Income    = r.Decimal("income", askIncome).Between(0, 1e6).Digits(2) // hryvnias in the last month, all members together
	Housing   = r.Choice("housing", askHousing,
		r.Opt("own", ownHome), r.Opt("own_damaged", damagedHome).Shorter(shortDamaged), r.Opt("rented", rentedHome),
		r.Opt("hosted", hostedHome).Shorter(shortHosted), r.Opt("collective", collective).Shorter(shortCollective),
		r.Opt("none", noHome), r.Opt("other", otherHome))
	Documents = r.Choices("documents", askDocuments,
		r.Opt("passport", passport).Shorter(shortPass), r.Opt("tax_number", taxNumber).Shorter(shortTax),
		r.Opt("displacement", certificate).Shorter(shortDisplac), r.Opt("none", noneOfThese)).Alone("none")
	Phone   = r.Phone("phone", "380", askPhone)
	Account = r.Account("account", askAccount, "iban:UA")
)

// Form is the whole questionnaire.
var Form = r.MustNew(r.Spec{
	ID: "reference-cash", Version: "1", Title: title, Languages: []hubkit.Lang{"en", "uk", "ru"},
	Phrases: map[string]hubkit.Text{"thanks": thanks},
	Parts: r.Parts(
		r.Step("screening",
			Language,
			brief(briefConsent, Consent), r.StopUnless(Consent.Given(), "no_consent", noConsent),
			brief(briefSeeking, Seeking), r.StopUnless(Seeking.Yes(), "not_seeking", notSeeking),
			brief(briefAdult, Adult), r.StopUnless(Adult.Yes(), "under_18", under18),
			brief(briefRegion, r.OrRefuse(r.Hint(hintRegion, Region))),
			brief(briefDisplaced, r.OrRefuse(Displaced)),
			r.When(Displaced.Yes(), r.Must(Since.OnOrAfter(warBegan), tooEarly, either(briefSince, r.Hint(hintSince, Since)))),
		),
		r.Step("assessment",
			r.Section(peopleTitle,
				brief(briefSize, r.Hint(hintSize, Size)),
				r.Note("one_by_one", oneByOne),
				Members,
				r.When(Size.AtLeast(2), brief(briefOnlyAdult, r.OrRefuse(OnlyAdult))),
			),
			r.Section(livingTitle,
				either(briefIncome, r.Hint(hintIncome, Income)),
				brief(briefHousing, r.OrRefuse(Housing)),
				brief(briefDocuments, r.OrRefuse(r.Hint(hintDocuments, Documents))),
			),
			r.Section(contactTitle,
				brief(briefPhone, r.Optional(r.Hint(hintPhone, Phone))),
				brief(briefAccount, r.Optional(r.Hint(hintAccount, Account))),
			),
			r.Summary(nil),
		),
	),
})

// Difficulty is a condition on one member: at least this much difficulty
// ("some", "a_lot" or "cannot") in one of the six domains or more. With "a_lot"
// it is what the Washington Group recommends for comparisons (DIS3).
func Difficulty(least string) r.Condition {
	return r.Any(Seeing.AtLeast(least), Hearing.AtLeast(least), Walking.AtLeast(least),
		Remembering.AtLeast(least), SelfCare.AtLeast(least), Communicating.AtLeast(least))
}

// difficulty is one question of the Washington Group Short Set, with its four levels.
func difficulty(key string, ask hubkit.Text) r.ChoiceQuestion {
	return r.Choice(key, ask, r.Opt("none", noDifficulty).Shorter(shortNo), r.Opt("some", someDifficulty).Shorter(shortSome),
		r.Opt("a_lot", aLot).Shorter(shortALot), r.Opt("cannot", cannot).Shorter(shortCannot).
			Or("cannot at all", "зовсім не можу", "зовсім не може", "не можу", "не може", "совсем не могу", "совсем не может", "не могу", "не может"))
}

func brief(name hubkit.Text, p r.Part) r.Part { return r.Brief(name, p) }

// either is a question with both ways out: a person may not know, or not want to say.
func either(name hubkit.Text, p r.Part) r.Part { return r.Brief(name, r.OrUnknown(r.OrRefuse(p))) }

func regionOptions() []r.Option {
	out := make([]r.Option, len(regions))
	for i, g := range regions {
		out[i] = r.Opt(g.code, g.label).Shorter(g.common).Or(shorthand(g.label)...)
	}
	return out
}

// shorthand is what people make of an official name: "Донецька обл", "м. Київ".
func shorthand(name text) []string {
	var words []string
	for _, s := range name {
		for _, short := range [...][2]string{
			{" область", " обл"},
			{"місто ", "м. "},
			{"місто ", "м "},
			{"город ", "г. "},
			{"город ", "г "},
			{"Автономна Республіка ", "АР "},
			{"Автономная Республика ", "АР "},
			{" region", " oblast"},
		} {
			if w := strings.Replace(s, short[0], short[1], 1); w != s {
				words = append(words, w)
			}
		}
	}
	slices.Sort(words)
	return words
}
