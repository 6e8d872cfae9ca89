package report_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/scoring"
	"github.com/hubkit/hubkit/scoring/targeting"
	"github.com/hubkit/hubkit/scoring/targeting/report"
)

var keep = flag.String("keep", "", "a file to keep the full page in, to look at it")

// survey is 2,000 made-up households.
func survey() (s targeting.Sample, second []float64) {
	rnd := rand.New(rand.NewPCG(5, 5))
	regions := []string{"Northern plain", "River delta", "Київська область", "جنوب", "Hill country and the far valleys", "Island"}
	for range 2000 {
		welfare := 800 + rnd.ExpFloat64()*2600
		region := min(int(rnd.ExpFloat64()*2), 4)
		if rnd.IntN(120) == 0 {
			region = 5
		}
		need := 26 - 6*math.Log(welfare/800) + float64(region%2)*2
		s.Welfare = append(s.Welfare, welfare)
		s.Poor = append(s.Poor, welfare < 1500)
		s.Score = append(s.Score, math.Round(need+5*rnd.NormFloat64()))
		second = append(second, math.Round(need+9*rnd.NormFloat64()))
		s.Weight = append(s.Weight, 1+rnd.Float64())
		s.Group = append(s.Group, regions[region])
	}
	return s, second
}

// full is a page with everything on it.
func full(t testing.TB) report.Report {
	s, second := survey()
	cut := targeting.TopShare(0.25)
	in, err := targeting.Bootstrap{Samples: 200, Seed: 1}.Run(context.Background(), s, cut)
	require.NoError(t, err)
	sim := targeting.Simulation{Rule: targeting.Rule{Budget: 500, Lottery: targeting.Lottery{Seed: "4 1 6 6 2"}}, Poor: s.Poor, Group: s.Group}
	a, b, size := targeting.Contender{Name: "illustrative@2"}, targeting.Contender{Name: "illustrative@3"}, targeting.Contender{Name: "at random"}
	for i := range s.Score {
		sim.List = append(sim.List, targeting.Applicant{ID: fmt.Sprint("h", i), Area: s.Group[i]})
		a.Standings = append(a.Standings, scoring.Standing{Points: s.Score[i]})
		b.Standings = append(b.Standings, scoring.Standing{Points: second[i]})
		size.Standings = append(size.Standings, scoring.Standing{})
	}
	runs, err := sim.Run(a, b, size)
	require.NoError(t, err)
	return report.Report{
		Title: "Winter grants, round 2", Card: "illustrative@2", Hash: strings.Repeat("3f", 32), Date: "27 November 2026",
		Data:   "A made-up survey of 2,000 households in six regions; nobody stands behind a figure.",
		Sample: s, Cut: cut, Intervals: &in, Selection: runs[0].Selection, Runs: runs,
		Notes: []string{"Poor means below 1,500 a month and head, by the survey's own count of consumption."},
	}
}

func write(t testing.TB, r report.Report) string {
	var out bytes.Buffer
	require.NoError(t, r.Write(&out))
	return out.String()
}

// The page holds everything itself, and nothing that runs.
func TestPageIsSelfContained(t *testing.T) {
	page := write(t, full(t))
	if *keep != "" {
		require.NoError(t, os.WriteFile(*keep, []byte(page), 0o600))
	}
	for _, bad := range []string{"<script", "<link", "<img", "@import", "url(", "src=", "href=", "javascript:", "onload", "NaN", "Inf", "%!"} {
		lacks(t, page, bad)
	}
	for _, m := range regexp.MustCompile(`https?://[^"<\s]+`).FindAllString(page, -1) {
		assert.Equal(t, "http://www.w3.org/2000/svg", m, "a name and not an address")
	}
	assert.Less(t, len(page), 200_000, "it can be mailed")
}

// It is well-formed, so that browsers and readers of screens agree about it:
// every plot has a name and a description, every table a caption and headers,
// no id is there twice and every reference is met.
func TestPageIsAccessible(t *testing.T) {
	page := write(t, full(t))
	page = regexp.MustCompile(`<meta [^>]*`).ReplaceAllString(strings.Replace(page, "<!doctype html>", "", 1), "$0/")
	d := xml.NewDecoder(strings.NewReader(page))
	d.Entity = xml.HTMLEntity
	ids, refs := map[string]bool{}, []string{}
	plots, tables, captions, headings := 0, 0, 0, 0
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		el, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		attr := map[string]string{}
		for _, a := range el.Attr {
			attr[a.Name.Local] = a.Value
		}
		if id := attr["id"]; id != "" {
			assert.False(t, ids[id], id)
			ids[id] = true
		}
		refs = append(refs, strings.Fields(attr["aria-labelledby"])...)
		switch el.Name.Local {
		case "html":
			assert.Equal(t, "en", attr["lang"])
		case "svg":
			plots++
			assert.Equal(t, "img", attr["role"])
			assert.Len(t, strings.Fields(attr["aria-labelledby"]), 2)
		case "table":
			tables++
		case "caption":
			captions++
		case "h2":
			headings++
		case "th":
			assert.Contains(t, []string{"col", "row"}, attr["scope"])
		}
	}
	for _, r := range refs {
		assert.True(t, ids[r], r)
	}
	assert.Equal(t, 6, plots)
	assert.Equal(t, 7, tables)
	assert.Equal(t, tables, captions)
	assert.Equal(t, 9, headings)
}

// The figures on the page are those of the statistics.
func TestPageFigures(t *testing.T) {
	r := full(t)
	page := write(t, r)
	table, err := r.Sample.Errors(r.Cut)
	require.NoError(t, err)
	for _, f := range []func() (float64, error){table.Exclusion, table.Inclusion, table.Reach} {
		x, err := f()
		require.NoError(t, err)
		holds(t, page, fmt.Sprintf("%.1f%%", 100*x))
	}
	x, err := r.Sample.CGH(r.Cut)
	require.NoError(t, err)
	holds(t, page, fmt.Sprintf(`<span class="figure">%.2f</span>`, x))
	holds(t, page, r.Selection.ListHash)
	holds(t, page, fmt.Sprintf("%.1f%% to %.1f%%", 100*r.Intervals.Exclusion.Low, 100*r.Intervals.Exclusion.High))
	holds(t, page, "Groups that are withheld because somebody could be found again: ")
	_, groups, _ := strings.Cut(page, `id="groups"`)
	groups, _, _ = strings.Cut(groups, "</section>")
	lacks(t, groups, "Island")
}

// The page says what drawing villages costs.
func TestDesignEffects(t *testing.T) {
	r := full(t)
	for i := range r.Sample.Score {
		r.Sample.Cluster = append(r.Sample.Cluster, fmt.Sprint("village ", i%60))
	}
	page := write(t, r)
	kish, err := targeting.KishEffect(r.Sample.Weight)
	require.NoError(t, err)
	holds(t, page, fmt.Sprintf("a design effect of %.2f (Kish)", kish))
	e, err := r.Sample.Design(r.Cut)
	require.NoError(t, err)
	holds(t, page, fmt.Sprintf("60 clusters in 1 strata were drawn. By Taylor linearisation, with the cut-off taken as fixed, the exclusion error has a standard error of %.1f points of percentage (design effect %.2f)", 100*e.Exclusion.StdErr, e.Exclusion.DesignEffect))
}

// What a name holds is text and never markup.
func TestNamesAreEscaped(t *testing.T) {
	s := targeting.Sample{}
	for i := range 80 {
		s.Score = append(s.Score, float64(i%7))
		s.Poor = append(s.Poor, i%2 == 0)
		s.Group = append(s.Group, `<script>"a" & b</script>`)
	}
	page := write(t, report.Report{Title: "<b>", Card: "<i>", Score: `a<"b">`, Sample: s, Cut: targeting.At(4), Least: 1, Notes: []string{"<u>"}})
	for _, bad := range []string{"<script", "<b>", "<i>", "<u>", `a<"`} {
		lacks(t, page, bad)
	}
	holds(t, page, "&lt;script&gt;")
}

// A small sample shows what it may and no more.
func TestSmallCells(t *testing.T) {
	s := targeting.Sample{}
	for i := range 40 {
		s.Score = append(s.Score, float64(i%10))
		s.Poor = append(s.Poor, i%4 == 0)
		s.Group = append(s.Group, []string{"many", "many", "some", "one"}[i%4])
	}
	page := write(t, report.Report{Sample: s, Cut: targeting.At(5), Least: 10})
	holds(t, page, "All groups are withheld")
	lacks(t, page, "<td>5.0%</td>")
	lacks(t, page, "groups-plot")
}

// Low scores may be the needy ones, and the page says so.
func TestLowIsNeedier(t *testing.T) {
	r := full(t)
	r.Sample.LowIsNeedier = true
	for i := range r.Sample.Score {
		r.Sample.Score[i] = -r.Sample.Score[i]
	}
	r.Selection, r.Runs = nil, nil
	page := write(t, r)
	holds(t, page, "up to -")
	lacks(t, page, " on</")
}

func TestReportErrors(t *testing.T) {
	err := report.Report{}.Write(io.Discard)
	var in *targeting.InputError
	assert.ErrorAs(t, err, &in)
	err = report.Report{Sample: targeting.Sample{Score: []float64{1, 2}, Poor: []bool{true, true}}, Cut: targeting.Top(1)}.Write(io.Discard)
	var undef *targeting.UndefinedError
	assert.ErrorAs(t, err, &undef)
	r := full(t)
	assert.ErrorIs(t, r.Write(broken{}), io.ErrClosedPipe)
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// holds and lacks do not print the page when they fail.
func holds(t *testing.T, page, part string) {
	t.Helper()
	assert.True(t, strings.Contains(page, part), "the page lacks %s", part)
}

func lacks(t *testing.T, page, part string) {
	t.Helper()
	assert.False(t, strings.Contains(page, part), "the page holds %s", part)
}
