package report_test

import (
	"fmt"
	"strings"

	"github.com/hubkit/hubkit/scoring/targeting"
	"github.com/hubkit/hubkit/scoring/targeting/report"
)

// A page about ten households. Least is 1, which is right for made-up data only.
func Example() {
	var page strings.Builder
	err := report.Report{
		Title: "Winter grants", Card: "illustrative@1", Least: 1,
		Sample: targeting.Sample{
			Score: []float64{9, 8, 8, 7, 6, 5, 5, 3, 2, 1},
			Poor:  []bool{true, true, false, true, false, true, false, false, false, false},
		},
		Cut: targeting.Top(4),
	}.Write(&page)
	fmt.Println(err, strings.Contains(page.String(), "of 100 poor households, 25 get nothing"))
	// Output:
	// <nil> true
}
