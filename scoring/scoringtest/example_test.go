package scoringtest_test

import (
	"fmt"
	"strings"

	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring/scoringtest"
)

func ExampleReadTable() {
	table := "case,alone,members.1.age,members.2.age\n" +
		"a mother,yes,31,4\n" +
		"a widow,no,72,\n"
	for row, err := range scoringtest.ReadTable(strings.NewReader(table), form.Shape()) {
		if err != nil {
			fmt.Println(err)
			continue
		}
		score, err := card.Score(row.Answers)
		fmt.Println(row.Case, score.Points, score.Band, err)
	}
	// Output:
	// a mother 4 medium <nil>
	// a widow 3 low <nil>
}

func ExampleShrink() {
	// A household of three breaks a rule: which part of it is to blame?
	noBonus := func(a registration.Answers) error {
		score, err := card.Score(a)
		if err == nil && score.Points >= 3 {
			return fmt.Errorf("%v points", score.Points)
		}
		return nil
	}
	small, err := scoringtest.Shrink(registration.Of(map[string]registration.Value{
		"alone": registration.BoolValue(true), "size": registration.IntValue(3),
		"members": registration.RowsValue(person(34), person(81), person(3)),
	}), noBonus)
	for m := range members.From(small) {
		years, known := age.From(m)
		fmt.Println(years, known, err)
	}
	// Output:
	// 60 true 3 points
}

func ExamplePerturb() {
	households := []registration.Answers{
		registration.Of(map[string]registration.Value{"members": registration.RowsValue(person(70))}),           // 3 points, of 4 for the next band
		registration.Of(map[string]registration.Value{"members": registration.RowsValue(person(3), person(4))}), // 4 points, just enough
	}
	p, err := scoringtest.Perturb(card, 0.1, 1000, 1, households)
	// The second household falls below the edge in half of the rounds.
	fmt.Println(p.Mean > 0.2 && p.Mean < 0.3, p.Most, err)
	// Output: true 0.5 <nil>
}

func ExampleGenerator() {
	for a, err := range generator.Households() {
		_, scored := card.Score(a)
		fmt.Println(err, scored)
		break
	}
	// Output:
	// <nil> <nil>
}
