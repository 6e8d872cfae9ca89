package reply_test

import (
	"fmt"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration/reply"
)

func Example() {
	e := reply.New(reply.Spec{
		Kind:    reply.YesNo,
		Langs:   []hubkit.Lang{"en", "uk"},
		Options: 3,
		Labels: []reply.Label{
			{Option: 0, Lang: "en", Text: "Yes"},
			{Option: 0, Lang: "uk", Text: "Так"},
			{Option: 1, Lang: "en", Text: "No"},
			{Option: 1, Lang: "uk", Text: "Ні"},
			{Option: 2, Lang: "en", Text: "Prefer not to say"},
			{Option: 2, Lang: "uk", Text: "Не хочу відповідати"},
		},
	})
	for _, text := range []string{"Так", "ага, дякую", "2️⃣", "не хочу відповідат", "7"} {
		u := e.Understand("uk", text, 0, nil)
		switch {
		case u.OK:
			fmt.Println(text, "→ option", u.N, "by", u.Rule)
		case u.Guess >= 0:
			fmt.Println(text, "→ did you mean option", u.Guess)
		default:
			fmt.Println(text, "→", u.Why)
		}
	}
	// Output:
	// Так → option 0 by exact
	// ага, дякую → option 0 by yesno
	// 2️⃣ → option 1 by number
	// не хочу відповідат → did you mean option 2
	// 7 → out of list
}

func ExampleExpect_Understand_integer() {
	e := reply.New(reply.Spec{Kind: reply.Integer, Langs: []hubkit.Lang{"en", "uk", "ar"}, Open: true})
	for _, text := range []string{"двадцять п'ять років", "٤٠ سنة", "5-7", "about 6"} {
		if u := e.Understand("uk", text, 0, nil); u.OK {
			fmt.Println(u.N)
		} else {
			fmt.Println(u.Why)
		}
	}
	// Output:
	// 25
	// 40
	// two numbers
	// approximate
}

func ExampleFold() {
	fmt.Println(reply.Fold("  «П’ЯТЬ» "), reply.Fold("\u200f١٢."))
	// Output: п'ять 12
}
