package registration_test

import (
	"strconv"

	"pgregory.net/rapid"

	"github.com/hubkit/hubkit"
	r "github.com/hubkit/hubkit/registration"
)

// generator makes random questionnaires over the public API.
type generator struct {
	t        *rapid.T
	n        int
	language bool

	known   []fact  // what conditions may look at
	crews   []crowd // rosters that stand before
	inside  bool
	numbers []r.IntegerQuestion
}

// fact is a condition on one earlier question, made on demand.
type fact struct {
	member bool
	make   func(t *rapid.T) r.Condition
	number r.Number
	has    bool
}

type crowd struct {
	part  r.RosterPart
	facts []fact
}

func (g *generator) key(prefix string) string {
	g.n++
	return prefix + strconv.Itoa(g.n)
}

func (g *generator) text(s string) text {
	return three(s+"?", s+" українською?", s+" по-русски?")
}

func (g *generator) spec() r.Spec {
	s := r.Spec{ID: "random", Version: "1", Languages: []hubkit.Lang{"en", "uk", "ru"}}
	s.Parts = append(s.Parts, g.question(), g.group(0))
	for range rapid.IntRange(1, 4).Draw(g.t, "parts") {
		s.Parts = append(s.Parts, g.part(0))
	}
	if rapid.Bool().Draw(g.t, "summary") {
		s.Parts = append(s.Parts, r.Summary(nil))
	}
	return s
}

func (g *generator) group(depth int) r.Part {
	var ps []r.Part
	for range rapid.IntRange(1, 3).Draw(g.t, "size") {
		ps = append(ps, g.part(depth+1))
	}
	return r.Group(ps...)
}

func (g *generator) part(depth int) r.Part {
	if depth > 3 {
		return g.question()
	}
	switch rapid.IntRange(0, 15).Draw(g.t, "part") {
	case 0, 1, 2:
		return r.When(g.condition(0), g.group(depth))
	case 3:
		return r.Optional(g.plain())
	case 4:
		return r.OrUnknown(r.OrRefuse(g.plain()))
	case 5:
		return r.Section(g.text("Section"), g.group(depth))
	case 6:
		return r.StopUnless(g.condition(0), g.key("stop"), sorry)
	case 7, 8:
		return g.roster(depth)
	case 9:
		return r.Attempts(rapid.IntRange(1, 3).Draw(g.t, "attempts"), r.SkipIt, g.plain())
	case 10:
		q := r.Integer(g.key("must"), g.text("Must")).Between(0, 9)
		c := q.AtMost(rapid.IntRange(0, 9).Draw(g.t, "limit"))
		if len(g.numbers) > 0 && !g.inside {
			c = q.Value().Compare("<=", g.numbers[len(g.numbers)-1].Value())
		}
		p := r.Must(c, nil, q)
		g.learn(func(t *rapid.T) r.Condition { return q.AtLeast(rapid.IntRange(0, 9).Draw(t, "n")) }, q.Value())
		return p
	case 11:
		return r.Note(g.key("note"), g.text("Note"))
	case 12:
		q := r.Calculated(g.key("calc"), g.number())
		g.learn(func(t *rapid.T) r.Condition { return q.AtLeast(float64(rapid.IntRange(0, 9).Draw(t, "n"))) }, q.Value())
		return q
	}
	return g.question()
}

// plain is a question that may be skipped.
func (g *generator) plain() r.Part {
	for {
		first, language := len(g.known), g.language
		if q, ok := g.question().(interface{ IsAnswered() r.Condition }); ok {
			if _, consent := q.(r.ConsentQuestion); !consent {
				return q.(r.Part)
			}
		}
		g.known, g.language = g.known[:first], language
	}
}

func (g *generator) learn(make func(t *rapid.T) r.Condition, n ...r.Number) {
	f := fact{member: g.inside, make: make}
	if len(n) > 0 {
		f.number, f.has = n[0], true
	}
	g.known = append(g.known, f)
}

func (g *generator) question() r.Part {
	switch rapid.IntRange(0, 11).Draw(g.t, "question") {
	case 0, 1:
		q := r.YesNo(g.key("yes"), g.text("Yes or no"))
		g.learn(func(t *rapid.T) r.Condition {
			return rapid.SampledFrom([]r.Condition{q.Yes(), q.No(), q.IsAnswered(), q.WasNotAsked()}).Draw(t, "yes")
		})
		return q
	case 2:
		q := r.Integer(g.key("int"), g.text("How many")).Between(0, 6)
		g.learn(func(t *rapid.T) r.Condition { return q.AtMost(rapid.IntRange(0, 6).Draw(t, "n")) }, q.Value())
		if !g.inside {
			g.numbers = append(g.numbers, q)
		}
		return q
	case 3:
		q := r.Choice(g.key("one"), g.text("Which"), g.options()...)
		g.learn(func(t *rapid.T) r.Condition {
			return rapid.SampledFrom([]r.Condition{q.Is("a"), q.Is("a", "b"), q.AtLeast("b"), q.AtMost("b"), q.IsRefused(), q.IsUnknown()}).Draw(t, "one")
		})
		return q
	case 4, 5:
		q := r.Choices(g.key("many"), g.text("Which ones"), g.options()...)
		if rapid.Bool().Draw(g.t, "alone") {
			q = q.Alone("c")
		}
		if rapid.Bool().Draw(g.t, "between") {
			q = q.Between(rapid.IntRange(0, 2).Draw(g.t, "least"), rapid.IntRange(2, 3).Draw(g.t, "most"))
		}
		g.learn(func(t *rapid.T) r.Condition {
			return rapid.SampledFrom([]r.Condition{q.Has("a"), q.Has("c"), q.Chosen().AtLeast(2)}).Draw(t, "many")
		}, q.Chosen())
		return q
	case 6:
		q := r.Decimal(g.key("dec"), g.text("How much")).Between(-5, 100).Digits(2)
		g.learn(func(t *rapid.T) r.Condition { return q.LessThan(50) }, q.Value())
		return q
	case 7:
		q := r.Words(g.key("words"), g.text("Say")).Length(1, 20)
		g.learn(func(t *rapid.T) r.Condition { return q.Is("так") })
		return q
	case 8:
		q := r.Date(g.key("date"), g.text("When"))
		g.learn(func(t *rapid.T) r.Condition { return q.Before(march) }, q.Days())
		return q
	case 9:
		return rapid.SampledFrom([]r.Part{r.Location(g.key("place"), g.text("Where")), r.Photo(g.key("photo"), g.text("Photo"))}).Draw(g.t, "odd")
	case 10:
		if !g.inside && !g.language {
			g.language = true
			q := r.Language(g.key("lang"), g.text("Language"))
			g.learn(func(t *rapid.T) r.Condition { return q.Is("uk") })
			return q
		}
	}
	q := r.Consent(g.key("agree"), "3", g.text("Agree"))
	g.learn(func(t *rapid.T) r.Condition { return q.Given() })
	return q
}

// options are a, b, c, d; some with conditions.
func (g *generator) options() []r.Option {
	var os []r.Option
	for _, k := range []string{"a", "b", "c", "d"} {
		o := r.Opt(k, three("Option "+k, "Варіант "+k, "Вариант "+k))
		if rapid.IntRange(0, 4).Draw(g.t, "filter") == 0 {
			o = o.When(g.condition(1))
		}
		os = append(os, o)
	}
	return os
}

func (g *generator) roster(depth int) r.Part {
	if g.inside {
		return g.question()
	}
	g.inside = true
	first := len(g.known)
	ps := []r.Part{g.question(), g.part(depth + 2)}
	if rapid.Bool().Draw(g.t, "third") {
		ps = append(ps, g.part(depth+1))
	}
	g.inside = false
	members := append([]fact(nil), g.known[first:]...)
	g.known = g.known[:first]
	roster := r.Repeat(g.key("crew"), three("Person {n}", "Особа {n}", "Человек {n}"), ps...)
	if len(g.numbers) > 0 && rapid.Bool().Draw(g.t, "counted") {
		roster = roster.Times(rapid.SampledFrom(g.numbers).Draw(g.t, "count"))
	} else {
		roster = roster.UntilNo(r.YesNo(g.key("more"), g.text("Another"))).AtMost(rapid.IntRange(1, 3).Draw(g.t, "most"))
	}
	if len(members) > 0 {
		g.crews = append(g.crews, crowd{roster, members})
	}
	g.known = append(g.known, fact{number: roster.Size(), has: true, make: func(t *rapid.T) r.Condition { return roster.Size().AtLeast(2) }})
	return roster
}

// condition is a random condition on what stands before.
func (g *generator) condition(depth int) r.Condition {
	if depth < 2 {
		switch rapid.IntRange(0, 6).Draw(g.t, "condition") {
		case 0:
			return r.All(g.condition(depth+1), g.condition(depth+1))
		case 1:
			return r.Any(g.condition(depth+1), g.condition(depth+1))
		case 2:
			return r.Not(g.condition(depth + 1))
		case 3:
			return g.number().Compare(rapid.SampledFrom([]string{"==", "!=", "<", "<=", ">", ">="}).Draw(g.t, "op"), g.number())
		}
	}
	if len(g.crews) > 0 && rapid.IntRange(0, 3).Draw(g.t, "crew") == 0 {
		c := rapid.SampledFrom(g.crews).Draw(g.t, "which crew")
		each := rapid.SampledFrom(c.facts).Draw(g.t, "member fact").make(g.t)
		if rapid.Bool().Draw(g.t, "every") {
			return c.part.Every(each)
		}
		return c.part.Any(r.Any(each, g.household()))
	}
	if len(g.known) == 0 {
		return r.All()
	}
	return rapid.SampledFrom(g.known).Draw(g.t, "fact").make(g.t)
}

// household is a condition on the household, to be read for a member.
func (g *generator) household() r.Condition {
	for _, f := range g.known {
		if !f.member && rapid.Bool().Draw(g.t, "outer") {
			return f.make(g.t)
		}
	}
	return r.Any()
}

func (g *generator) number() r.Number {
	switch rapid.IntRange(0, 8).Draw(g.t, "number") {
	case 0:
		return r.Constant(float64(rapid.IntRange(-3, 9).Draw(g.t, "constant")))
	case 1:
		return g.leaf().Plus(g.leaf(), r.Constant(1))
	case 2:
		return g.leaf().Minus(g.leaf())
	case 3:
		return g.leaf().Times(g.leaf())
	case 4:
		return g.leaf().Over(g.leaf())
	case 5:
		return r.Largest(g.leaf(), g.leaf())
	case 6:
		return r.Smallest(g.leaf(), g.leaf())
	}
	return g.leaf()
}

func (g *generator) leaf() r.Number {
	if len(g.crews) > 0 && rapid.Bool().Draw(g.t, "of crew") {
		c := rapid.SampledFrom(g.crews).Draw(g.t, "which crew")
		f := rapid.SampledFrom(c.facts).Draw(g.t, "member fact")
		if !f.has {
			return c.part.Count(f.make(g.t))
		}
		switch rapid.IntRange(0, 2).Draw(g.t, "fold") {
		case 0:
			return c.part.Sum(f.number)
		case 1:
			return c.part.Smallest(f.number)
		}
		return c.part.Largest(f.number)
	}
	for _, f := range g.known {
		if f.has && rapid.Bool().Draw(g.t, "this") {
			return f.number
		}
	}
	return r.Constant(2)
}

// questionnaire generates one that New accepts.
func questionnaire(t *rapid.T) (*generator, *r.Questionnaire) {
	g := &generator{t: t}
	s := g.spec()
	q, err := r.New(s)
	if err != nil {
		t.Fatalf("the generator makes mistakes: %v", err)
	}
	return g, q
}

// spots are the ways to answer a prompt: any that its form allows.
func anyReply(t *rapid.T, p r.Prompt) r.Reply {
	switch p.Form {
	case r.FormInteger:
		return r.Reply{Text: strconv.Itoa(rapid.IntRange(0, 9).Draw(t, "integer"))}
	case r.FormDecimal:
		return r.Reply{Text: rapid.SampledFrom([]string{"0", "12.5", "12.50", "99", "3"}).Draw(t, "decimal")}
	case r.FormWords:
		return r.Reply{Text: rapid.SampledFrom([]string{"так", "Олена", "мама 👍", "نعم"}).Draw(t, "words")}
	case r.FormDate:
		return r.Reply{Text: rapid.SampledFrom([]string{"24.02.2022", "15.03.2026", "01.01.2030"}).Draw(t, "date")}
	case r.FormLocation:
		return r.Reply{Place: &r.Place{Lat: float64(rapid.IntRange(-90, 90).Draw(t, "lat")), Lon: 30.5}}
	case r.FormPhoto:
		return r.Reply{Files: []r.File{{Ref: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "file"), Type: "image/jpeg", Size: 5}}}
	}
	return r.Reply{Option: rapid.SampledFrom(p.Options).Draw(t, "option").ID}
}

// replies are what gives the answer v to the question of p, in order.
func replies(p r.Prompt, v r.Value) []r.Reply {
	tap := func(o string) []r.Reply { return []r.Reply{{Option: p.Key + ":" + o}} }
	switch v.State() {
	case r.DontKnow:
		return tap("_unknown")
	case r.Refused:
		return tap("_refuse")
	case r.Missing:
		for _, o := range p.Options {
			if o.ID == p.Key+":_skip" {
				return tap("_skip")
			}
		}
		return []r.Reply{{}, {}, {}} // until the attempts are used up
	case r.NotAsked:
		return nil
	}
	if yes, ok := v.Bool(); ok {
		return tap(map[bool]string{true: "yes", false: "no"}[yes])
	}
	if o, ok := v.Option(); ok {
		return tap(o)
	}
	if os, ok := v.Options(); ok {
		var all []r.Reply
		for _, o := range os {
			all = append(all, tap(o)...)
		}
		return append(all, tap("_done")...)
	}
	if d, ok := v.Date(); ok {
		return []r.Reply{{Text: d.Format("02.01.2006")}}
	}
	if pl, ok := v.Place(); ok {
		return []r.Reply{{Place: &pl}}
	}
	if f, ok := v.File(); ok {
		return []r.Reply{{Files: []r.File{f}}}
	}
	if s, ok := v.Words(); ok {
		return []r.Reply{{Text: s}}
	}
	n, _ := v.Int()
	return []r.Reply{{Text: strconv.FormatInt(n, 10)}}
}

// answer is the answer to the question of p.
func answer(a r.Answers, q *r.Questionnaire, p r.Prompt) r.Value {
	if p.Row < 0 {
		return a.Get(p.Key)
	}
	d, _ := q.Find(p.Key)
	i := 0
	for m := range a.Members(d.Roster) {
		if i == p.Row {
			return m.Get(p.Key)
		}
		i++
	}
	return r.Value{}
}

// straight walks an interview from its start to its end, giving the answers of a.
func straight(t interface{ Fatalf(string, ...any) }, iv *r.Interview, a r.Answers) {
	for range 500 {
		p := iv.Prompt()
		switch {
		case p.Done:
			return
		case p.Key == "_summary":
			iv.Hear(r.Reply{Option: "_summary:send"})
			continue
		}
		v := answer(a, iv.Questionnaire(), p)
		for _, reply := range replies(p, v) {
			now := iv.Prompt()
			if now.Key != p.Key || now.Row != p.Row {
				break
			}
			iv.Hear(reply)
		}
		if now := iv.Prompt(); now.Key == p.Key && now.Row == p.Row && !now.Done {
			t.Fatalf("%s (%d) is asked again after %s", p.Key, p.Row, v.State())
		}
	}
	t.Fatalf("the interview does not end")
}
