// Command 3-score scores a few households made by hand: no questionnaire is
// asked, no channel, server or database is needed. Its test is how a researcher
// would test a card.
//
//	go run ./examples/3-score
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/hubkit/hubkit/examples/internal/reference"
	"github.com/hubkit/hubkit/registration"
)

func main() {
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// answers are by key, as an export or a survey's table has them.
type answers = map[string]registration.Value

// household is a household of its members and what else is known of it.
func household(more answers, members ...registration.Answers) registration.Answers {
	all := answers{
		"household_size": registration.IntValue(int64(len(members))),
		"members":        registration.RowsValue(members...),
		"housing":        registration.OptionValue("rented"),
		"income":         registration.DecimalValue(float64(8000 * len(members))),
		"displaced":      registration.BoolValue(false),
		"only_adult":     registration.BoolValue(false),
	}
	for key, v := range more {
		all[key] = v
	}
	return registration.Of(all)
}

// person is a healthy man of this age, unless more says otherwise.
func person(age int64, more answers) registration.Answers {
	all := answers{
		"age": registration.IntValue(age), "sex": registration.OptionValue("m"),
		"pregnant": registration.StateValue(registration.NotAsked), "chronic_illness": registration.BoolValue(false),
	}
	for _, domain := range []string{"seeing", "hearing", "walking", "remembering", "self_care", "communicating"} {
		all[domain] = registration.OptionValue("none")
	}
	for key, v := range more {
		all[key] = v
	}
	return registration.Of(all)
}

var households = []struct {
	name string
	registration.Answers
}{
	{"one adult, in work", household(nil, person(40, nil))},
	{"a couple of 70, walking is hard", household(nil, person(70, nil), person(70, answers{"walking": registration.OptionValue("a_lot")}))},
	{"one adult with a small child, displaced", household(answers{
		"only_adult": registration.BoolValue(true), "displaced": registration.BoolValue(true), "income": registration.DecimalValue(4000),
	}, person(30, nil), person(2, nil))},
	{"the same, who will not tell the income", household(answers{
		"only_adult": registration.BoolValue(true), "displaced": registration.BoolValue(true), "income": registration.StateValue(registration.Refused),
	}, person(30, nil), person(2, nil))},
}

// run prints each household with its points, its band and its reasons.
func run(out io.Writer) error {
	card := reference.Card
	fmt.Fprintf(out, "card %s: %s\n", card.Name(), card.Spec().Notes)
	for _, h := range households {
		score, err := card.Score(h.Answers)
		if err != nil {
			return fmt.Errorf("%s: %w", h.name, err)
		}
		fmt.Fprintf(out, "\n%s: %g, %s\n", h.name, score.Points, score.Band)
		if !score.Known() {
			fmt.Fprintf(out, "  between %g and %g, since not everything is known\n", score.Lo, score.Hi)
		}
		for _, why := range card.Explain(score, "en") {
			if why.Truth == registration.Unknown {
				fmt.Fprintf(out, "  %+g to %+g  if: %s\n", why.Lo, why.Hi, why.Say)
				continue
			}
			fmt.Fprintf(out, "  %+g  %s\n", why.Points, why.Say)
		}
	}
	return nil
}
