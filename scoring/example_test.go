package scoring_test

import (
	"fmt"
	"strings"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

// A questionnaire and an illustrative card.
var (
	exAlone   = registration.YesNo("alone", hubkit.Text{"en": "Do you care for your children alone?", "uk": "Ви виховуєте дітей самі?"})
	exSize    = registration.Integer("household_size", hubkit.Text{"en": "How many people are you?", "uk": "Скільки вас?"}).Between(1, 25)
	exAge     = registration.Integer("age", hubkit.Text{"en": "Age?", "uk": "Скільки років?"}).Between(0, 120)
	exMembers = registration.Repeat("members", hubkit.Text{"en": "Person {n}", "uk": "Особа {n}"}, exAge).Times(exSize)

	exForm = registration.MustNew(registration.Spec{
		ID: "example", Version: "1", Languages: []hubkit.Lang{"en", "uk"},
		Parts: registration.Parts(exAlone, exSize, exMembers),
	})

	exCard = scoring.MustNew(scoring.CardSpec{
		ID: "illustrative", Version: "1",
		Criteria: scoring.Criteria(
			scoring.Add(3, "older_member", exMembers.Any(exAge.AtLeast(60))).Because(hubkit.Text{
				"en": "+{points}: somebody is 60 or older",
				"uk": "+{points}: є людина від 60 років",
			}),
			scoring.Per(2, "small_child", exMembers.Count(exAge.AtMost(5))).Cap(6).Because(hubkit.Text{
				"en": "+{points}: children up to 5 years",
				"uk": "+{points}: діти до 5 років",
			}),
			scoring.Add(2, "alone", exAlone.Yes()).Because(hubkit.Text{
				"en": "{least} to {most}: one adult cares for the children",
				"uk": "від {least} до {most}: дітей виховує одна людина",
			}),
		),
		Bands: scoring.Bands(scoring.From(0, "low"), scoring.From(4, "medium"), scoring.From(6, "high")),
	}, exForm.Shape())
)

func person(age int64) registration.Answers {
	return registration.Of(map[string]registration.Value{"age": registration.IntValue(age)})
}

func Example() {
	answers := registration.Of(map[string]registration.Value{
		"alone":          registration.StateValue(registration.Refused),
		"household_size": registration.IntValue(2),
		"members":        registration.RowsValue(person(64), person(4)),
	})
	score, err := exCard.Score(answers)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(score.Points, score.Band, "open:", score.Lo, "to", score.Hi, score.CanChange(exCard))
	for _, why := range exCard.Explain(score, "uk") {
		fmt.Println(why.Say)
	}
	// Output:
	// 5 medium open: 5 to 7 true
	// +3: є людина від 60 років
	// +2: діти до 5 років
	// від 0 до 2: дітей виховує одна людина
}

func ExampleNew_mistakes() {
	_, err := scoring.New(scoring.CardSpec{
		ID: "broken", Version: "1",
		Criteria: scoring.Criteria(
			scoring.Per(2, "small_child", exMembers.Count(exAge.AtMost(5))).Cap(100),
			scoring.Add(1, "very_old", exMembers.Any(exAge.AtLeast(130))),
		),
		Bands: scoring.Bands(scoring.From(0, "low").UpTo(20), scoring.From(21, "high")),
	}, exForm.Shape())
	fmt.Println(err)
	// Output:
	// scoring: the card has 3 mistakes:
	//   - criterion small_child: its cap of 100 points can never bind, because it gives at most 60: lower the cap or take it out
	//   - criterion very_old: no answers can ever meet its condition: look for a number outside its question's range, or for two parts that exclude each other
	//   - band high: between [0, 20] of the band "low" and [21, +Inf) there is a gap: 20.5 points would be in no band
}

func ExampleCard_ScoreInto() {
	households := []registration.Answers{
		registration.Of(map[string]registration.Value{"members": registration.RowsValue(person(70), person(2))}),
		registration.Of(map[string]registration.Value{"members": registration.RowsValue(person(40))}),
	}
	var score scoring.Score // used again and again: no allocation
	for _, a := range households {
		if err := exCard.ScoreInto(&score, a); err != nil {
			fmt.Println(err)
		}
		fmt.Println(score.Points, score.Band)
	}
	// Output:
	// 5 medium
	// 0 low
}

// What a committee publishes: every weight, cap and edge, and the hash that a
// decision can cite.
func ExampleCard_Page() {
	page := exCard.Page("uk")
	for _, section := range page.Sections {
		if section.Name != "Criteria" && section.Name != "Bands" {
			continue
		}
		for _, row := range section.Rows {
			fmt.Println(strings.Join(row[:3], " | "))
		}
	}
	// Output:
	// older_member | 3 | if one of members with (age >= 60)
	// small_child | 2 | for each 1 of the number of members with (age <= 5)
	// alone | 2 | if alone is yes
	// low | [0, 4) | low
	// medium | [4, 6) | medium
	// high | [6, +Inf) | high
}

func ExampleFunc() {
	// A rule that no card can say is a Scorer too.
	crowded := scoring.Func(func(a registration.Answers) (scoring.Score, error) {
		n, ok := exSize.From(a)
		if !ok {
			return scoring.Score{}, &scoring.UnknownError{Card: "crowded@1", Criteria: []string{"household_size"}}
		}
		return scoring.Score{Card: "crowded@1", Points: float64(n), Lo: float64(n), Hi: float64(n)}, nil
	})
	score, err := crowded.Score(registration.Of(map[string]registration.Value{"household_size": registration.IntValue(7)}))
	fmt.Println(score.Points, err)
	// Output: 7 <nil>
}
