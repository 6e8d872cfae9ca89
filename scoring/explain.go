package scoring

import (
	"iter"
	"math"
	"slices"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration"
)

// Explanation is one reason in words, with its figures as data.
type Explanation struct {
	ID     string             // of the criterion, group or rule
	Say    string             // in Lang; the ID where the card gives no words, "" if Masked
	Lang   hubkit.Lang        // the language of Say, which another may have had to stand in for; "" for an ID
	Truth  registration.Truth // Unknown: the points may still become Lo to Hi
	Points float64            // it gave; for a group, what it changed
	Lo, Hi float64            // the points that it may give; for a group, of all of it
	Rule   bool               // it concerns eligibility and not points
	Source string             // where it is published
	Reads  []string           // the questions whose answers it used: "alone", "members.age"
	Masked bool               // the reason is not for this role: ID, Say, Source and Reads are withheld
}

// Explain puts a score of this card into words: what gave points, what the
// answers leave open, and the rules of eligibility. What gave nothing is left
// out. roles are those of the reader; reasons that are for other roles are
// masked: their points remain, so that the sum stays right.
//
// A score of another card gives nothing.
func (c *Card) Explain(s Score, l hubkit.Lang, roles ...string) []Explanation {
	if s.Hash != c.hash {
		return nil
	}
	var out []Explanation
	for i := range s.Reasons {
		r := &s.Reasons[i]
		rule := int(r.Criterion) >= len(c.terms)+len(c.sets)
		group := int(r.Criterion) >= len(c.terms)
		if r.Criterion < 0 || int(r.Criterion) >= len(c.says) || !rule && r.Points == 0 && (group || r.Truth != registration.Unknown) {
			continue
		}
		out = append(out, c.explain(r, rule, l, roles))
	}
	return out
}

func (c *Card) explain(r *Reason, rule bool, l hubkit.Lang, roles []string) Explanation {
	e := Explanation{Truth: r.Truth, Points: r.Points, Lo: r.Lo, Hi: r.Hi, Rule: rule}
	var only []string
	compiled := c.says[r.Criterion]
	switch i := int(r.Criterion); {
	case rule:
		x := &c.spec.Rules[i-len(c.terms)-len(c.sets)]
		e.ID, e.Source, only = x.ID, x.Source, x.Only
	case i >= len(c.terms):
		e.ID = c.spec.Groups[i-len(c.terms)].ID
	default:
		x := &c.spec.Criteria[i]
		e.ID, e.Source, only = x.ID, x.Source, x.Only
		if r.Truth == registration.Unknown && c.elses[i] != nil {
			compiled = c.elses[i]
		}
	}
	if !mayRead(only, roles) {
		e.ID, e.Source, e.Masked = "", "", true
		return e
	}
	e.Reads = c.reads[r.Criterion]
	if e.Say = e.ID; compiled != nil {
		e.Say, e.Lang = compiled.In(l, hubkit.Args{"points": plain(r.Points), "least": plain(r.Lo), "most": plain(r.Hi)})
	}
	return e
}

// plain gives whole points as an integer, so that plural forms are those of
// whole numbers.
func plain(x float64) any {
	if x == math.Trunc(x) && math.Abs(x) < 1<<53 {
		return int64(x)
	}
	return x
}

// BandTitle returns the title of a band in a language; its id where the card
// gives no title.
func (c *Card) BandTitle(id string, l hubkit.Lang) string {
	for i := range c.spec.Bands {
		if c.spec.Bands[i].ID == id && c.titles[i] != nil {
			s, _ := c.titles[i].In(l, nil)
			return s
		}
	}
	return id
}

// Texts yields every text of the card in its place.
func (c *Card) Texts() iter.Seq[hubkit.Entry] { return c.spec.texts }

// reasonVars are the variables that a reason may use.
var reasonVars = []string{"points", "least", "most"}

func (s *CardSpec) texts(yield func(hubkit.Entry) bool) {
	at := "card/" + s.ID + "/"
	entry := func(id string, t hubkit.Text, vars []string, context string) bool {
		return len(t) == 0 || yield(hubkit.Entry{ID: at + id, Text: t, Vars: vars, Context: context})
	}
	if !entry("title", s.Title, nil, "the card's name, for agents") {
		return
	}
	for i := range s.Criteria {
		c := &s.Criteria[i]
		if !entry("criterion/"+c.ID+"/because", c.Says, reasonVars, "why a household gets points; shown to the person") ||
			!entry("criterion/"+c.ID+"/default", c.Unknown.because, reasonVars, "why a fixed number of points is counted while the answer is not known") {
			return
		}
	}
	for i := range s.Groups {
		if !entry("group/"+s.Groups[i].ID+"/because", s.Groups[i].Says, reasonVars, "why several reasons together count less or more") {
			return
		}
	}
	for i := range s.Rules {
		if !entry("rule/"+s.Rules[i].ID+"/because", s.Rules[i].Says, nil, "a condition of eligibility; shown to the person") {
			return
		}
	}
	for i := range s.Bands {
		if !entry("band/"+s.Bands[i].ID+"/title", s.Bands[i].Title, nil, "the name of a range of points") {
			return
		}
	}
}

// texts compiles what the card says and reports what is wrong with it.
func (p *prover) texts() {
	s := &p.spec
	need := s.Languages
	if len(need) == 0 {
		for e := range s.texts {
			for l := range e.Text {
				if !slices.Contains(need, l) {
					need = append(need, l)
				}
			}
		}
		slices.Sort(need)
	}
	p.c.langs = need
	compile := func(at string, t hubkit.Text, vars ...string) *hubkit.Compiled {
		if len(t) == 0 {
			return nil
		}
		c, err := t.Compile(need, s.Fallback, vars...)
		for _, e := range flatten(err) {
			p.fail("text", at, "%v", e)
		}
		return c
	}
	p.c.title = compile("title", s.Title)
	for i := range s.Criteria {
		c := &s.Criteria[i]
		p.c.says = append(p.c.says, compile("criterion "+c.ID, c.Says, reasonVars...))
		p.c.elses = append(p.c.elses, compile("criterion "+c.ID, c.Unknown.because, reasonVars...))
	}
	for i := range s.Groups {
		p.c.says = append(p.c.says, compile("group "+s.Groups[i].ID, s.Groups[i].Says, reasonVars...))
	}
	for i := range s.Rules {
		p.c.says = append(p.c.says, compile("rule "+s.Rules[i].ID, s.Rules[i].Says))
	}
	for i := range s.Bands {
		p.c.titles = append(p.c.titles, compile("band "+s.Bands[i].ID, s.Bands[i].Title))
	}
}
