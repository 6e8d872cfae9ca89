package instruments_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/scoring/instruments"
)

func TestReadPPI(t *testing.T) {
	var b strings.Builder
	b.WriteString("score,national,ppp190\n")
	for s := range 101 {
		x := 100 - s
		switch s {
		case 40:
			continue
		case 50:
			x = 99
		}
		b.WriteString(strings.Join([]string{strconv.Itoa(s), strconv.Itoa(x), strconv.Itoa(100 - s)}, ",") + "\n")
	}
	b.WriteString("60,1,1\nx,1,1\n101,1,1\n")
	p, err := instruments.ReadPPI(strings.NewReader(b.String()))
	require.NotNil(t, p)
	for _, say := range []string{"the score 40 is absent", "the likelihood for national rises from score 49 to 50", "the score 60 stands twice", `"x" is no score`, `"101" is no score`} {
		assert.ErrorContains(t, err, say)
	}
	var one *instruments.TableProblem
	require.ErrorAs(t, err, &one)
	x, ok := p.Likelihood(30, "ppp190")
	assert.True(t, ok)
	assert.Equal(t, 70.0, x)
	for _, bad := range []struct {
		score int
		line  string
	}{{40, "national"}, {30, "nowhere"}, {-1, "national"}} {
		_, ok := p.Likelihood(bad.score, bad.line)
		assert.False(t, ok)
	}
	for _, in := range []string{"", "points,a\n1,2\n", "score\n1\n", "score,a\n1\n"} {
		p, err := instruments.ReadPPI(strings.NewReader(in))
		require.Error(t, err, "%q", in)
		require.Nil(t, p)
	}
}

// conversion is a table of one line from a score on, in which some cells are others.
func conversion(from int, others map[int]string) string {
	var b strings.Builder
	b.WriteString("score,national\n")
	for s := from; s <= 100; s++ {
		cell, other := others[s]
		if cell == "absent" {
			continue
		}
		if !other {
			cell = strconv.Itoa(100 - s)
		}
		fmt.Fprintf(&b, "%d,%s\n", s, cell)
	}
	return b.String()
}

// Each problem of a conversion table has its place, and there are no others.
func TestReadPPIProblems(t *testing.T) {
	type problem struct {
		line, score int
		name, say   string
	}
	for name, tc := range map[string]struct {
		in   string
		want []problem
	}{
		"a sound table":                 {conversion(0, nil), nil},
		"steps, as older tables have":   {conversion(0, map[int]string{10: "91", 11: "88", 12: "88"}), nil},
		"a byte order mark":             {"\ufeff" + conversion(0, nil), nil},
		"the same before a quote":       {"\ufeff" + strings.Replace(conversion(0, nil), "score", `"score"`, 1), nil},
		"a fraction":                    {conversion(0, map[int]string{50: "50.25"}), nil},
		"not a number":                  {conversion(0, map[int]string{50: "NaN"}), []problem{{52, 50, "national", `"NaN" is no percentage`}}},
		"below 0":                       {conversion(0, map[int]string{100: "-1"}), []problem{{102, 100, "national", `"-1" is no percentage`}}},
		"above 100":                     {conversion(0, map[int]string{0: "100.5"}), []problem{{2, 0, "national", `"100.5" is no percentage`}}},
		"hexadecimal":                   {conversion(0, map[int]string{50: "0x1p3"}), []problem{{52, 50, "national", `"0x1p3" is no percentage`}}},
		"an underscore":                 {conversion(0, map[int]string{50: "5_0"}), []problem{{52, 50, "national", `"5_0" is no percentage`}}},
		"a rise":                        {conversion(0, map[int]string{50: "52"}), []problem{{52, 50, "national", "rises from score 49 to 50"}}},
		"a rise in a table from 1 on":   {conversion(1, map[int]string{50: "52"}), []problem{{101, 0, "", "the score 0 is absent"}, {51, 50, "national", "rises from score 49 to 50"}}},
		"a rise across an absent score": {conversion(0, map[int]string{50: "absent", 51: "60"}), []problem{{101, 50, "", "the score 50 is absent"}, {52, 51, "national", "rises from score 49 to 51"}}},
		"a rise across an empty cell":   {conversion(0, map[int]string{50: "", 51: "60"}), []problem{{52, 50, "national", "no likelihood"}, {53, 51, "national", "rises from score 49 to 51"}}},
		"a cell over two lines":         {conversion(0, map[int]string{0: "\"1\n00\"", 1: ""}), []problem{{2, 0, "national", "is no percentage"}, {4, 1, "national", "no likelihood"}}},
		"two columns with one name":     {strings.Replace(strings.ReplaceAll(conversion(0, nil), "\n", ",1\n"), "national,1", "national,national", 1), []problem{{1, -1, "national", "two columns"}}},
		"a column without a name":       {strings.Replace(strings.ReplaceAll(conversion(0, nil), "\n", ",1\n"), "national,1", "national,", 1), []problem{{1, -1, "", "has no name"}}},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := instruments.ReadPPI(strings.NewReader(tc.in))
			require.NotNil(t, p)
			var got []problem
			if err != nil {
				for _, e := range err.(interface{ Unwrap() []error }).Unwrap() {
					var one *instruments.TableProblem
					require.ErrorAs(t, e, &one)
					got = append(got, problem{one.Line, one.Score, one.Name, one.Say})
				}
			}
			require.Len(t, got, len(tc.want), "%v", err)
			for i, want := range tc.want {
				assert.Contains(t, got[i].say, want.say)
				got[i].say = want.say
				assert.Equal(t, want, got[i])
			}
		})
	}
	for in, say := range map[string]string{
		"":                          "it is empty",
		"\ufeff":                    "it is empty",
		"score,a,score\n1,2,3\n":    `two columns "score"`,
		"score,a\n1,\"2\n":          "line 2",
		"score;a\n1;2\n":            `needs a column "score"`,
		"\ufeffscore,a\n\"1\"x,2\n": "line 2",
	} {
		p, err := instruments.ReadPPI(strings.NewReader(in))
		require.ErrorContains(t, err, say, "%q", in)
		assert.NotContains(t, err.Error(), "%!")
		assert.Nil(t, p)
	}
}
