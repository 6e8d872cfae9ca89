package scoring

import (
	"fmt"
	"strings"
	"time"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration"
)

// Page is a card as it is published and cited: everything that decides about
// points, with where it comes from. Two cards with one hash have one page. It is
// data; String prints it as text, and package cardfile as HTML.
type Page struct {
	Title    string
	Cite     string // one line for a footnote: name, days, hash
	Notes    string
	Sections []Section
}

// Section is one table of a page.
type Section struct {
	Name    string
	Columns []string
	Rows    [][]string // of as many cells as there are columns
}

// Page returns the card as it is published. Titles and reasons are in the
// language l or its fall-back; conditions are in English, as short as a formula.
func (c *Card) Page(l hubkit.Lang) Page {
	s, top := &c.spec, scope{top: c.shape}
	p := Page{Title: s.ID, Cite: c.Cite(), Notes: s.Notes}
	if c.title != nil {
		p.Title, _ = c.title.In(l, nil)
	}
	add := func(name string, columns []string, rows [][]string) {
		if len(rows) > 0 {
			p.Sections = append(p.Sections, Section{name, columns, rows})
		}
	}
	add("Card", []string{"", ""}, [][]string{
		{"ID", s.ID},
		{"Version", s.Version},
		{"Applies from", orElse(string(s.ValidFrom), "always")},
		{"Applies to", orElse(string(s.ValidTo), "further notice")},
		{"SHA-256", c.HashString()},
		{"Points", number(c.lo) + " to " + number(c.hi)},
		{"Start", number(s.Start)},
	})
	var rows [][]string
	for _, x := range s.Parameters {
		rows = append(rows, []string{x.ID, number(x.Value), x.Unit, x.Source})
	}
	add("Parameters", []string{"Parameter", "Value", "Unit", "Source"}, rows)
	rows = nil
	for i := range s.Criteria {
		x := &s.Criteria[i]
		rows = append(rows, []string{x.ID, number(x.Points), x.counts(top), limits(x.Least, x.Most), x.Group, x.Unknown.describe(), c.words(i, l), strings.Join(x.Only, ", "), x.Source})
	}
	add("Criteria", []string{"Criterion", "Points", "Given", "Bounds", "Group", "While not known", "Reason", "Seen by", "Source"}, rows)
	rows = nil
	for i := range s.Groups {
		x := &s.Groups[i]
		rows = append(rows, []string{x.ID, orElse(string(x.Hit), "sum"), limits(x.Least, x.Most), c.words(len(s.Criteria)+i, l)})
	}
	add("Groups", []string{"Group", "Counts", "Bounds", "Reason"}, rows)
	rows = nil
	for i := range s.Rules {
		x := &s.Rules[i]
		what := "required"
		if x.Excludes {
			what = "excludes"
		}
		t := treeOf(x.If)
		rows = append(rows, []string{x.ID, what, t.describe(top), c.words(len(s.Criteria)+len(s.Groups)+i, l), strings.Join(x.Only, ", "), x.Source})
	}
	add("Eligibility", []string{"Rule", "Is", "Condition", "Reason", "Seen by", "Source"}, rows)
	rows = nil
	for i := range s.Checks {
		t := treeOf(s.Checks[i].If)
		rows = append(rows, []string{s.Checks[i].ID, t.describe(top), s.Checks[i].Source})
	}
	add("Checks", []string{"Check", "Condition", "Source"}, rows)
	rows = nil
	for i := range s.Bands {
		rows = append(rows, []string{s.Bands[i].ID, s.Bands[i].String(), c.BandTitle(s.Bands[i].ID, l)})
	}
	add("Bands", []string{"Band", "Points", "Title"}, rows)
	rows = nil
	for _, x := range s.Ties {
		first := "the higher number first"
		if x.Low {
			first = "the lower number first"
		}
		t := treeOf(x.By)
		rows = append(rows, []string{x.ID, t.describe(top), first})
	}
	add("Ties", []string{"Tie", "By", "Order"}, rows)
	rows = nil
	for _, x := range s.Sources {
		rows = append(rows, []string{x})
	}
	add("Sources", []string{""}, rows)
	return p
}

// Cite names the card in one line, for a footnote or a decision: its id and
// version, the days on which it applies, and its hash.
func (c *Card) Cite() string {
	days := ""
	switch from, to := c.spec.ValidFrom, c.spec.ValidTo; {
	case from != "" && to != "":
		days = fmt.Sprintf(", applies from %s to %s", from, to)
	case from != "":
		days = fmt.Sprintf(", applies from %s", from)
	case to != "":
		days = fmt.Sprintf(", applies to %s", to)
	}
	return c.name + days + ", SHA-256 " + c.HashString()
}

// String prints the page as plain text.
func (p Page) String() string {
	var b strings.Builder
	b.WriteString(p.Title + "\n" + p.Cite + "\n")
	if p.Notes != "" {
		b.WriteString(p.Notes + "\n")
	}
	for _, s := range p.Sections {
		b.WriteString("\n" + s.Name + "\n")
		for _, row := range s.Rows {
			b.WriteString("  " + row[0])
			for i, cell := range row[1:] {
				switch name := s.Columns[i+1]; {
				case cell == "":
				case name == "":
					b.WriteString(": " + cell)
				default:
					b.WriteString("\n    " + name + ": " + cell)
				}
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// words are the reason of a line, with the names of its figures for the figures.
func (c *Card) words(line int, l hubkit.Lang) string {
	var t hubkit.Text
	switch i := line - len(c.spec.Criteria); {
	case i < 0:
		t = c.spec.Criteria[line].Says
	case i < len(c.spec.Groups):
		t = c.spec.Groups[i].Says
	default:
		t = c.spec.Rules[i-len(c.spec.Groups)].Says
	}
	if c.says[line] == nil {
		return ""
	}
	if _, used := c.says[line].In(l, nil); t[used] != "" {
		return t[used]
	}
	return t[l]
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// counts says what a criterion gives its points for.
func (c *Criterion) counts(top scope) string {
	when := ""
	if !isZero(c.If) {
		t := treeOf(c.If)
		when = "if " + t.describe(top)
	}
	if c.Per == nil {
		return when
	}
	t := treeOf(*c.Per)
	per := t.describe(top)
	if c.Curve != Straight {
		per = string(c.Curve) + "(" + per + ")"
	}
	if when != "" {
		when = ", " + when
	}
	return "for each 1 of " + per + when
}

func limits(least, most *float64) string {
	switch {
	case least != nil && most != nil:
		return number(*least) + " to " + number(*most)
	case least != nil:
		return "at least " + number(*least)
	case most != nil:
		return "at most " + number(*most)
	}
	return ""
}

// describe says what a policy does, in a word.
func (p Policy) describe() string {
	if p.do == doDefault {
		return "default: " + number(p.points)
	}
	return p.String()
}

// describe writes a condition or a number as a formula.
func (t *tree) describe(s scope) string {
	arg := func(i int) string { return t.Args[i].inner(s) }
	switch t.Op {
	case "yes":
		return t.Key + " is yes"
	case "is":
		return t.Key + " is " + t.Text
	case "has":
		return t.Key + " has " + t.Text
	case "at_least":
		return t.Key + " is at least " + t.Text
	case "at_most":
		return t.Key + " is at most " + t.Text
	case "state":
		return t.Key + " is " + strings.ReplaceAll(t.Text, "_", " ")
	case "all":
		return t.join(s, " and ")
	case "any":
		return t.join(s, " or ")
	case "not":
		return "not " + arg(0)
	case "any_member", "every_member":
		in, _ := s.inside(t.Key)
		return map[string]string{"any_member": "one of ", "every_member": "each of "}[t.Op] + t.Key + " with " + t.Args[0].inner(in)
	case "foreign", "foreign_number":
		return t.Text + " `" + t.Source + "`"
	case "number":
		return number(t.N)
	case "value":
		return t.Key
	case "chosen":
		return "the number of options in " + t.Key
	case "members":
		return "the number of " + t.Key
	case "count":
		in, _ := s.inside(t.Key)
		return "the number of " + t.Key + " with " + t.Args[0].inner(in)
	case "sum", "smallest", "largest":
		in, _ := s.inside(t.Key)
		return "the " + t.Op + " of " + t.Args[0].inner(in) + " in " + t.Key
	case "min", "max":
		return map[string]string{"min": "the smallest of ", "max": "the largest of "}[t.Op] + "(" + t.join(s, ", ") + ")"
	case "+", "-", "*", "/":
		return t.join(s, " "+t.Op+" ")
	}
	right := t.operand(s) // of a comparison
	if t.Op == "==" && right == "no" {
		return arg(0) + " is no"
	}
	return arg(0) + " " + t.Op + " " + right
}

// operand is the right side of a comparison: a date if an answer is one.
func (t *tree) operand(s scope) string {
	left, right := &t.Args[0], &t.Args[1]
	if left.Op != "value" || right.Op != "number" {
		return right.inner(s)
	}
	sl, _ := s.slot(left.Key)
	switch sl.Kind {
	case registration.KindDate:
		return time.Unix(0, 0).UTC().AddDate(0, 0, int(right.N)).Format(time.DateOnly)
	case registration.KindBool, registration.KindConsent:
		if right.N == 0 {
			return "no"
		}
	}
	return number(right.N)
}

// join writes the parts with something in between: "always" and "never" are
// the conjunction and the disjunction of nothing.
func (t *tree) join(s scope, by string) string {
	parts := make([]string, len(t.Args))
	for i := range t.Args {
		parts[i] = t.Args[i].inner(s)
	}
	if len(parts) == 0 {
		return map[string]string{"all": "always", "any": "never"}[t.Op]
	}
	return strings.Join(parts, by)
}

// inner is describe, in brackets where something else could be read.
func (t *tree) inner(s scope) string {
	switch t.Op {
	case "number", "value", "min", "max", "foreign", "foreign_number", "yes", "is", "has", "at_least", "at_most", "state":
		return t.describe(s)
	}
	return "(" + t.describe(s) + ")"
}
