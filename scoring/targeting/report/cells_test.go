package report_test

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hubkit/hubkit/scoring/targeting"
	"github.com/hubkit/hubkit/scoring/targeting/report"
)

// cells are the rows of the table of a section.
func cells(page, id string) (rows [][]string) {
	_, part, _ := strings.Cut(page, `<h2 id="`+id+`"`)
	part, _, _ = strings.Cut(part, "</section>")
	_, part, _ = strings.Cut(part, "<tbody>")
	for _, row := range regexp.MustCompile(`(?s)<tr>(.*?)</tr>`).FindAllStringSubmatch(part, -1) {
		var cs []string
		for _, c := range regexp.MustCompile(`<t[dh][^>]*>(.*?)</t[dh]>`).FindAllStringSubmatch(row[1], -1) {
			cs = append(cs, strings.NewReplacer("<bdi>", "", "</bdi>", "").Replace(c[1]))
		}
		rows = append(rows, cs)
	}
	return rows
}

// share reads "12.5%".
func share(t require.TestingT, cell string) float64 {
	x, err := strconv.ParseFloat(strings.TrimSuffix(cell, "%"), 64)
	require.NoError(t, err, cell)
	return x / 100
}

// even is households with scores of their own, a third of them poor.
func even(n int) (s targeting.Sample) {
	for i := range n {
		s.Score = append(s.Score, float64(i))
		s.Poor = append(s.Poor, i%3 == 0)
		s.Welfare = append(s.Welfare, float64(n-i))
	}
	return s
}

// line reads the points of a line in a plot, in shares: the plot lies between 64 and
// 616, and between 324 and 32.
func line(t require.TestingT, page, id, class string) (points [][2]float64) {
	_, part, ok := strings.Cut(page, id+"-d")
	require.True(t, ok)
	part, _, _ = strings.Cut(part, "</svg>")
	found := regexp.MustCompile(`class="line ` + class + `" points="([^"]*)"`).FindStringSubmatch(part)
	require.NotNil(t, found)
	for _, p := range strings.Fields(found[1]) {
		x, y, _ := strings.Cut(p, ",")
		a, err := strconv.ParseFloat(x, 64)
		require.NoError(t, err)
		b, err := strconv.ParseFloat(y, 64)
		require.NoError(t, err)
		points = append(points, [2]float64{(a - 64) / 552, (324 - b) / 292})
	}
	return points
}

// A line is points that anybody can measure: no step of it may be few households.
func TestLinesAreNotHouseholds(t *testing.T) {
	s := even(400)
	page := write(t, report.Report{Sample: s, Cut: targeting.At(200), Least: 10})
	points := line(t, page, "roc-plot", "s1")
	require.Greater(t, len(points), 5, "something is shown")
	for i, p := range points[1:] {
		assertCell(t, (p[0]-points[i][0])*266, 10)
		assertCell(t, (p[1]-points[i][1])*134, 10)
	}
	assert.InDelta(t, 0, points[0][0], 1e-3)
	assert.InDelta(t, 1, points[len(points)-1][0], 1e-3)
}

// assertCell says that a number, which rounding may have moved, is none or enough.
func assertCell(t require.TestingT, x float64, least int) {
	n := math.Round(x)
	require.InDelta(t, n, x, 0.45)
	require.True(t, n == 0 || n >= float64(least), "a cell of %g", n)
}

// counted is how many poor and others a cut-off selects.
func counted(s targeting.Sample, at float64) (n [2]float64) {
	for i, x := range s.Score {
		if s.Barred[i] || s.LowIsNeedier && x > at || !s.LowIsNeedier && x < at {
			continue
		}
		if s.Poor[i] {
			n[0]++
		} else {
			n[1]++
		}
	}
	return n
}

// Whatever the tables of a page say together: between any two cut-offs or ends of
// ranges that they name, there is nobody of a kind, or enough. The cut itself is
// always shown.
func TestNothingBySubtraction(t *testing.T) {
	shown, widths, checked := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		const n, least = 400, 10
		s := targeting.Sample{LowIsNeedier: rapid.Bool().Draw(t, "low")}
		scores := rapid.SliceOfN(rapid.IntRange(0, 60), n, n).Draw(t, "scores")
		needs := rapid.SliceOfN(rapid.IntRange(0, 60), n, n).Draw(t, "needs")
		bars := rapid.IntRange(0, 30).Draw(t, "bars")
		sign := 1.0
		if s.LowIsNeedier {
			sign = -1
		}
		for i, x := range scores {
			s.Score = append(s.Score, sign*float64(x))
			s.Poor = append(s.Poor, needs[i] < x)
			s.Barred = append(s.Barred, i%13 == 5 && i/13 < bars)
		}
		cut := sign * float64(rapid.IntRange(10, 50).Draw(t, "cut"))
		var out strings.Builder
		if err := (report.Report{Sample: s, Cut: targeting.At(cut), Least: least}).Write(&out); err != nil {
			var none *targeting.UndefinedError
			require.ErrorAs(t, err, &none)
			return // nobody is poor, or nobody is selected
		}
		page := out.String()
		all := [2]float64{}
		for _, poor := range s.Poor {
			if poor {
				all[0]++
			} else {
				all[1]++
			}
		}
		if all[0] < least || all[1] < least {
			return // the sample itself is small
		}
		here := counted(s, cut)
		known := [][2]float64{{}, here, all}
		for _, id := range []string{"roc", "thresholds"} {
			for _, row := range cells(page, id) {
				x, err := strconv.ParseFloat(strings.Fields(strings.NewReplacer("from ", "", "up to ", "").Replace(row[0]))[0], 64)
				require.NoError(t, err)
				got := counted(s, x)
				if id == "roc" {
					require.InDelta(t, got[1]/all[1], share(t, row[1]), 6e-4)
					require.InDelta(t, got[0]/all[0], share(t, row[2]), 6e-4)
				}
				if got != here {
					known = append(known, got)
					shown++
				}
			}
		}
		// Ranges lie side by side from one end to the other.
		ranges := cells(page, "scores")
		var sum [2]float64
		few := false
		for i, row := range ranges {
			for k := range sum {
				if row[1] == "few" {
					few = true
					continue
				}
				x := share(t, row[k+1]) * n
				assertCell(t, x, least)
				sum[k] += math.Round(x)
			}
			if j := strings.Index(row[0], " to below "); j > 0 && i > 0 {
				x, err := strconv.ParseFloat(row[0][:j], 64)
				require.NoError(t, err)
				if got := counted(s, x); got != here {
					known = append(known, got)
					widths++
				}
			}
		}
		if len(ranges) > 0 && !few {
			require.Equal(t, all, sum, "nobody is lost")
		}
		for k, n := range here {
			if n > 0 && n < least || all[k] > n && all[k]-n < least {
				return // the cut, which is always shown, tells of few by itself
			}
		}
		checked++
		for _, x := range known {
			for _, y := range known {
				for k := range x {
					d := math.Abs(x[k] - y[k])
					require.True(t, d == 0 || d >= least, "%g households between two cut-offs: %v and %v", d, x, y)
				}
			}
		}
	})
	assert.Positive(t, shown, "something is shown")
	assert.Positive(t, widths)
	assert.Greater(t, checked, 10)
}

// Fifths that are few are told together with their neighbours.
func TestFewInAFifth(t *testing.T) {
	s := even(200)
	// At(30) selects all but 30 households, which are the richest: 30 of the 40 of
	// the richest fifth.
	page := write(t, report.Report{Sample: s, Cut: targeting.At(30), Least: 10})
	assert.Equal(t, [][]string{
		{"poorest fifth", "23.5%", "20.0%"},
		{"second fifth", "23.5%", "20.0%"},
		{"third fifth", "23.5%", "20.0%"},
		{"fourth fifth", "23.5%", "20.0%"},
		{"richest fifth", "5.9%", "20.0%"},
	}, cells(page, "welfare"))
	// At(35) leaves five of them a grant, which nobody may know.
	page = write(t, report.Report{Sample: s, Cut: targeting.At(35), Least: 10})
	assert.Equal(t, [][]string{
		{"poorest fifth", "24.2%", "20.0%"},
		{"second fifth", "24.2%", "20.0%"},
		{"third fifth", "24.2%", "20.0%"},
		{"fourth to richest fifth", "27.3%", "40.0%"},
	}, cells(page, "welfare"))
	// The poorest two fifths are what CGH is about: 5 of the 80 are not selected.
	for i := range s.Welfare {
		s.Welfare[i] = float64(i)
	}
	page = write(t, report.Report{Sample: s, Cut: targeting.At(5), Least: 10})
	lacks(t, page, `<span class="figure">0.96`)
	holds(t, page, "CGH is withheld")
}

// An area alone cannot be withheld: the others would give it away.
func TestFewInAnArea(t *testing.T) {
	s := even(400)
	sel := &targeting.Selection{Fates: make([]targeting.Fate, 400), Areas: []targeting.AreaResult{
		{Area: "east", Applicants: 100, Selected: 50},
		{Area: "north", Applicants: 100, Selected: 12},
		{Area: "south", Applicants: 100, Selected: 40},
		{Area: "west", Applicants: 100, Selected: 97},
	}}
	page := write(t, report.Report{Sample: s, Cut: targeting.At(200), Selection: sel})
	rows := cells(page, "selection")
	require.Len(t, rows, 4)
	assert.Equal(t, "50", rows[0][2])
	assert.Equal(t, "few", rows[1][2], "the smallest of the others hides the west")
	assert.Equal(t, "40", rows[2][2])
	assert.Equal(t, "few", rows[3][2])
}

// How many lose a grant is a cell like any other.
func TestFewLoseAGrant(t *testing.T) {
	run := func(name string, kept, lost int) targeting.Run {
		return targeting.Run{Name: name, Selection: &targeting.Selection{}, Change: targeting.Change{Kept: kept, Lost: lost, Gained: lost}}
	}
	page := write(t, report.Report{Sample: even(400), Cut: targeting.At(200), Runs: []targeting.Run{run("now", 40, 0), run("near", 37, 3), run("far", 30, 10)}})
	rows := cells(page, "cards")
	assert.Equal(t, []string{"0", "0.0%"}, rows[0][4:6])
	assert.Equal(t, []string{"few", "few"}, rows[1][4:6])
	assert.Equal(t, []string{"10", "25.0%"}, rows[2][4:6])
}
