package instruments_test

import (
	"fmt"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
	"github.com/hubkit/hubkit/scoring/instruments"
)

func ExampleRCSI() {
	card, err := instruments.RCSI(false).Card()
	if err != nil {
		fmt.Println(err)
		return
	}
	days := func(n int64) registration.Value { return registration.IntValue(n) }
	score, err := card.Score(registration.Of(map[string]registration.Value{
		"rCSILessQlty": days(5), "rCSIBorrow": days(2), "rCSIMealNb": days(0), "rCSIMealSize": days(3), "rCSIMealAdult": days(1),
	}))
	fmt.Println(score.Points, "IPC phase", score.Band, err)
	// Output: 15 IPC phase 2 <nil>
}

// Two profiles of one index, and the answer that tells them apart.
func ExampleFCSStrict() {
	for _, in := range []instruments.Instrument{instruments.FCSWFP2026(false), instruments.FCSStrict(false)} {
		card, err := in.Card()
		if err != nil {
			fmt.Println(err)
			return
		}
		score, err := card.Score(registration.Of(map[string]registration.Value{"FCSStap": registration.IntValue(7)}))
		fmt.Printf("%s: %v %q %v\n", in.Name, score.Points, score.Band, err != nil)
	}
	// Output:
	// fcs.WFP2026: 14 "poor" false
	// fcs.Strict: 14 "" true
}

// A proxy means test is a card: an intercept, coefficients, logarithms.
func Example_proxyMeansTest() {
	size := registration.Integer("household_size", hubkit.Text{"en": "How many people are you?"}).Between(1, 25)
	rooms := registration.Integer("rooms", hubkit.Text{"en": "How many rooms?"}).Between(1, 20)
	fridge := registration.YesNo("fridge", hubkit.Text{"en": "Do you have a fridge?"})
	form := registration.MustNew(registration.Spec{
		ID: "pmt", Version: "1", Languages: []hubkit.Lang{"en"}, Parts: registration.Parts(size, rooms, fridge),
	})
	// Invented coefficients, of the logarithm of consumption per head.
	card := scoring.MustNew(scoring.CardSpec{
		ID: "pmt", Version: "1", Start: 8.2, Notes: "Invented, for the example.",
		Criteria: scoring.Criteria(
			scoring.Per(-0.45, "log_size", size.Value()).Curved(scoring.Log),
			scoring.Per(0.12, "rooms_per_head", rooms.Value().Over(size.Value())),
			scoring.Add(0.2, "fridge", fridge.Yes()),
		),
		Bands: scoring.Bands(scoring.Below(7.5, "selected"), scoring.From(7.5, "not_selected")),
	}, form.Shape())
	score, err := card.Score(registration.Of(map[string]registration.Value{
		"household_size": registration.IntValue(6), "rooms": registration.IntValue(2), "fridge": registration.BoolValue(false),
	}))
	fmt.Printf("%.4f %s %v\n", score.Points, score.Band, err)
	// Output: 7.4337 selected <nil>
}

func ExampleAlkireFoster() {
	p, err := instruments.AlkireFoster([][]bool{
		{false, false, false, false},
		{true, true, false, false},
		{true, true, true, true},
		{false, true, false, false},
	}, []float64{1, 1, 1, 1}, 0.5, nil)
	fmt.Println(p.H, p.A, p.M0, err)
	// Output: 0.5 0.75 0.375 <nil>
}

// The standard questions of an instrument, in two languages, and the card that
// reads their answers.
func ExampleQuestions() {
	questions, err := instruments.RCSIQuestions().In("uk", map[string]string{
		"rcsilessqlty": "…", "rcsiborrow": "…", "rcsimealnb": "…", "rcsimealsize": "…", "rcsimealadult": "…", // by a translator
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	form, err := registration.New(registration.Spec{
		ID: "coping", Version: "1", Languages: []hubkit.Lang{"en", "uk"}, Parts: questions.Parts(),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	rcsi, err := questions.Fit(instruments.RCSI(false))
	if err != nil {
		fmt.Println(err)
		return
	}
	card, err := rcsi.On(form.Shape())
	if err != nil {
		fmt.Println(err)
		return
	}
	interview := form.Begin("en")
	for _, days := range []string{"5", "2", "0", "3", "1"} {
		interview.Hear(registration.Reply{Text: days})
	}
	score, err := card.Score(interview.Answers())
	fmt.Println(score.Points, "IPC phase", score.Band, err)
	// Output: 15 IPC phase 2 <nil>
}
