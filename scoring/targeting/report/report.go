package report

import (
	"bytes"
	_ "embed" // the page and its style
	"fmt"
	"html/template"
	"io"

	"github.com/hubkit/hubkit/scoring/targeting"
)

// Report is what a page is about. Sample and Cut are needed, with Poor.
type Report struct {
	Title string // of the programme: "Winter grants, round 2"
	Card  string // the card's name, with its version
	Hash  string // of the card's content, in hexadecimal
	Date  string // of the page, as it shall be printed
	// Data says in a sentence where the sample is from.
	Data string
	// Score names the score and its unit, for axes. Defaults to "score (points)".
	Score  string
	Sample targeting.Sample
	Cut    targeting.Cut
	// Intervals are those of a Bootstrap of the sample; nil leaves them out.
	Intervals *targeting.Intervals
	// Least is the smallest number of households that is shown. Defaults to
	// targeting.DefaultLeast.
	Least int
	// Selection is what a rule made of a list; nil leaves it out.
	Selection *targeting.Selection
	// Runs are cards that a Simulation compared, the one in force first.
	Runs []targeting.Run
	// Notes are printed at the end, a paragraph each.
	Notes []string
}

//go:embed page.html
var pageHTML string

//go:embed style.css
var style string

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"percent": percent, "count": count, "number": number,
}).Parse(pageHTML))

// view is what the page shows.
type view struct {
	Report
	Style    template.CSS
	Tiles    []tile
	Sections []section
	Withheld string
	Barred   string
	Design   []string
}

// tile is one figure at a glance.
type tile struct{ Name, Figure, Doubt, Say string }

// section is a heading with a plot and its table.
type section struct {
	ID, Title string
	Say       []string
	Plot      template.HTML
	Head      []string
	Rows      [][]string
	After     string
	Commands  string
}

// Write writes the page.
func (r Report) Write(w io.Writer) error {
	if r.Least == 0 {
		r.Least = targeting.DefaultLeast
	}
	if r.Score == "" {
		r.Score = "score (points)"
	}
	v := view{Report: r, Style: template.CSS(style)} // our own file
	b := &builder{Report: r, view: &v}
	for _, part := range []func() error{b.glance, b.scores, b.thresholds, b.roc, b.welfare, b.groups, b.cards, b.selection, b.design} {
		if err := part(); err != nil {
			return err
		}
	}
	var out bytes.Buffer
	if err := page.Execute(&out, v); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if _, err := w.Write(out.Bytes()); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

// from says "from 82 on", or up to where low is needier.
func (r *Report) from(cutOff float64) string {
	if r.Sample.LowIsNeedier {
		return "up to " + number(cutOff)
	}
	return "from " + number(cutOff) + " on"
}
