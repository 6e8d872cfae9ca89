package cardfile_test

import (
	"fmt"
	"strings"

	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
	"github.com/hubkit/hubkit/scoring/cardfile"
)

func ExampleLoad() {
	card, err := cardfile.Load([]byte(`
id: illustrative
version: "1"
criteria:
  - {id: alone, points: 2, if: {alone: yes}}
  - {id: small_child, points: 2, per: {members: {count: {age: "<= 5"}}}, most: 6}
bands:
  - {id: low, at_least: 0}
  - {id: high, at_least: 4}
`), form.Shape())
	if err != nil {
		fmt.Println(err)
		return
	}
	child := registration.Of(map[string]registration.Value{"age": registration.IntValue(3)})
	score, err := card.Score(registration.Of(map[string]registration.Value{
		"alone": registration.BoolValue(true), "members": registration.RowsValue(child, child),
	}))
	fmt.Println(score.Points, score.Band, err)
	// Output: 6 high <nil>
}

func ExampleLoad_mistakes() {
	_, err := cardfile.Load([]byte(`id: illustrative
version: 1
criteria:
  - {id: alone, pionts: 2, if: {alone: yes}}
  - {id: older, points: 2, if: {members: {any: {age: ">= sixty"}}}}
`), form.Shape())
	fmt.Println(err)
	// Output:
	// cardfile: the card has 3 mistakes:
	//   - line 2: "version" must be a text (write it in quotes), and is a number
	//   - line 4: there is no field "pionts" here: look for a typing error
	//   - line 5: "sixty" is no number: write digits and a decimal point, or a parameter such as $income_line
}

func ExampleCSV() {
	criteria, err := cardfile.CSV(strings.NewReader("id,points,size,housing\nlarge,2,>= 6,\nshelter,4,,rent camp\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	card := scoring.MustNew(scoring.CardSpec{ID: "table", Version: "1", Criteria: criteria}, form.Shape())
	score, err := card.Score(registration.Of(map[string]registration.Value{
		"size": registration.IntValue(7), "housing": registration.OptionValue("camp"),
	}))
	fmt.Println(score.Points, err)
	// Output: 6 <nil>
}

// A card as a page for a web site or a file: its HTML needs nothing else.
func ExampleWriteHTML() {
	card := scoring.MustNew(scoring.CardSpec{
		ID: "illustrative", Version: "1", Criteria: scoring.Criteria(scoring.Add(2, "alone", alone.Yes())),
	}, form.Shape())
	var html strings.Builder
	err := cardfile.WriteHTML(&html, card.Page("en"), "en")
	fmt.Println(strings.Contains(html.String(), card.HashString()), strings.Contains(html.String(), "if alone is yes"), err)
	// Output: true true <nil>
}
