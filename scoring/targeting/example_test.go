package targeting_test

import (
	"fmt"

	"github.com/hubkit/hubkit/scoring"
	"github.com/hubkit/hubkit/scoring/targeting"
)

// Ten households of a survey: the card's points, and who is truly poor.
func Example() {
	s := targeting.Sample{
		Score: []float64{9, 8, 8, 7, 6, 5, 5, 3, 2, 1},
		Poor:  []bool{true, true, false, true, false, true, false, false, false, false},
	}
	cut := targeting.Top(4)
	errs, err := s.Errors(cut)
	if err != nil {
		fmt.Println(err)
		return
	}
	missed, _ := errs.Exclusion()
	leaked, _ := errs.Inclusion()
	auc, _ := s.AUC()
	fmt.Printf("%v: %.0f%% of the poor are missed, %.0f%% of the grants go to others, AUC %.2f\n", cut, 100*missed, 100*leaked, auc)
	// Output:
	// the 4 neediest: 25% of the poor are missed, 25% of the grants go to others, AUC 0.83
}

// Three grants, five households: one place is reserved for the north, and a
// lottery decides between two that are level.
func ExampleRule_Select() {
	household := func(id, area string, points float64) targeting.Applicant {
		return targeting.Applicant{ID: id, Area: area, Standing: scoring.Standing{Points: points}}
	}
	list := []targeting.Applicant{
		household("a", "south", 9), household("b", "south", 7), household("c", "south", 7),
		household("d", "north", 4), household("e", "north", 3),
	}
	rule := targeting.Rule{
		Budget:  3,
		Quotas:  []targeting.Quota{{Area: "north", Reserved: 1}},
		Lottery: targeting.Lottery{Seed: "4 1 6 6 2"},
	}
	sel, err := rule.Select(list)
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, f := range sel.Fates {
		fmt.Println(list[i].ID, f)
	}
	fmt.Printf("cut-off %g, where %d are level and %d got a grant\n", sel.CutOff.Points, sel.Level, sel.LevelIn)
	// Output:
	// a chosen
	// b lottery_out
	// c drawn
	// d reserved
	// e beyond
	// cut-off 7, where 2 are level and 1 got a grant
}
