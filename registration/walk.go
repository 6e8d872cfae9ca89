package registration

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/hubkit/hubkit"
)

// maxNesting is how deep parts may lie in one another.
const maxNesting = 32

// walk compiles parts in their order.
func (c *compiler) walk(parts []branch, p place) {
	if c.depth++; c.depth > maxNesting {
		c.fail("too_deep", p.at, "the parts lie in one another more than %d deep: make it flatter", maxNesting)
		parts = nil
	}
	defer func() { c.depth-- }()
	for i, b := range parts {
		at := p.at
		if at != "" {
			at += " > "
		}
		c.branch(b, p, fmt.Sprintf("%spart %d", at, i+1))
	}
}

func (c *compiler) branch(b branch, p place, at string) {
	if _, known := fields[b.Do]; !known && b.Do != "" {
		c.fail("unknown_part", at, "there is no part of the kind %q", b.Do)
		return
	}
	if s := b.stray(); len(s) > 0 && b.Do != "" {
		c.fail("misplaced", at, "%q means nothing in a part of the kind %q: take it out", s, b.Do)
	}
	switch b.Do {
	case doAsk:
		if b.Question == nil {
			c.fail("empty_part", at, "a question is empty")
			return
		}
		c.ask(*b.Question, p, at)
		return
	case doStop:
		c.stop(b, p, at)
		return
	case doSummary:
		c.summarise(b, p, at)
		return
	case doRepeat:
		c.repeat(b, p, at)
		return
	case "":
		c.fail("empty_part", at, "a part is empty: take it out, or put a question there")
		return
	}
	if len(b.Parts) == 0 {
		c.fail("empty_group", at, "the group (%s) has no questions in it", b.Do)
		return
	}
	p.at = at
	switch b.Do {
	case doGroup:
	case doWhen:
		c.when(b, p, at)
		return
	case doOptional:
		p.optional = true
	case doUnknown:
		p.unknown = true
	case doRefuse:
		p.refuse = true
	case doAttempts:
		c.attempts(at, b.Most, b.Then)
		p.attempts, p.exhausted = b.Most, b.Then
	case doSection:
		c.section(b, p, at)
		return
	case doStep:
		switch {
		case !keyForm.MatchString(b.Key):
			c.fail("bad_step", at, "the step %q needs a key of lower-case letters, digits and _", b.Key)
		case c.stepIDs[b.Key]:
			c.fail("duplicate_step", at, "the step %q is there twice", b.Key)
		case p.step != "":
			c.fail("nested_step", at, "the step %q is inside the step %q: steps follow one another", b.Key, p.step)
		case p.roster != nil:
			c.fail("nested_step", at, "the step %q is inside the roster %q: put the roster into the step", b.Key, p.roster.key)
		}
		c.stepIDs[b.Key] = true
		p.step, p.at = b.Key, b.Key
	case doMust:
		if b.If == nil {
			c.fail("no_condition", at, "it has no condition (\"if\"): say what must hold")
			return
		}
		if !c.single(b, at) {
			return
		}
		p.must = append(slices.Clone(p.must), b)
	case doHint, doBrief, doSpoken, doRecording:
		if !c.single(b, at) {
			return
		}
		if _, dup := p.beside[b.Do]; dup {
			c.fail("two_texts", at, "the question has two texts of the kind %q: keep one", b.Do)
		}
		p.beside = maps.Clone(p.beside)
		if p.beside == nil {
			p.beside = map[string]hubkit.Text{}
		}
		p.beside[b.Do] = b.Text
		if len(b.Text) == 0 {
			c.fail("no_text", at, "the text of the kind %q is empty: write it or take it out", b.Do)
		}
	}
	c.walk(b.Parts, p)
}

// single says whether exactly one question is in b.
func (c *compiler) single(b branch, at string) bool {
	n := 0
	var count func(b branch)
	count = func(b branch) {
		switch b.Do {
		case doAsk:
			n++
		case doRepeat, doSummary, doStop:
			n += 2
		}
		for _, p := range b.Parts {
			count(p)
		}
	}
	count(b)
	if n != 1 {
		what := "something else"
		if n == 0 {
			what = "nothing"
		}
		c.fail("not_one_question", at, "%q is for one question, and here it is put round %s", b.Do, what)
	}
	return n == 1
}

func (c *compiler) when(b branch, p place, at string) {
	if b.If == nil {
		c.fail("no_condition", at, "it has no condition (\"if\"): say when its questions are asked")
		return
	}
	i := c.emit(p, step{do: stepWhen})
	c.bind(p, at, *b.If, func(t Test) { c.q.steps[i].test = t })
	p.whens = append(slices.Clone(p.whens), i)
	c.walk(b.Parts, p)
	c.q.steps[i].end = len(c.q.steps)
}

func (c *compiler) section(b branch, p place, at string) {
	i := c.emit(p, step{do: stepHeading, say: c.speech(wording{
		at: at, id: firstKey(b.Parts) + "/section", context: "the title of a section", text: b.Text, vars: c.vars(p), needed: true,
	})})
	c.walk(b.Parts, p)
	c.q.steps[i].end = len(c.q.steps)
}

func (c *compiler) stop(b branch, p place, at string) {
	if b.If == nil {
		c.fail("no_condition", at, "it has no condition (\"if\"): say what must hold for the questions to go on")
		return
	}
	if !keyForm.MatchString(b.Key) {
		c.fail("bad_outcome", at, "the outcome %q must be of lower-case letters, digits and _", b.Key)
	}
	if b.Key == OutcomeComplete || b.Key == OutcomeExhausted {
		c.fail("reserved_outcome", at, "the outcome %q has a meaning of its own: choose another", b.Key)
	}
	if len(b.Text) == 0 {
		c.fail("no_goodbye", at, "it ends the questions without a word: tell the person why, and what they can do")
	}
	i := c.emit(p, step{do: stepStop, key: b.Key, slots: len(*c.list(p)), say: c.speech(wording{
		at: at, id: "stop/" + b.Key, context: "said when the questions end here", text: b.Text, vars: c.vars(p),
	})})
	c.bind(p, at, *b.If, func(t Test) { c.q.steps[i].test = t })
}

func (c *compiler) summarise(b branch, p place, at string) {
	switch {
	case p.roster != nil:
		c.fail("summary_in_roster", at, "a Summary cannot be inside the roster %q", p.roster.key)
	case c.summary:
		c.fail("two_summaries", at, "there are two Summary parts: keep the last")
	}
	c.summary = true
	c.emit(p, step{do: stepSummary, key: p.step, say: c.speech(wording{
		at: at, id: "summary", context: "said above the answers, before they are sent", text: b.Text, vars: c.vars(p),
	})})
}

func (c *compiler) repeat(b branch, p place, at string) {
	if p.roster != nil {
		c.fail("roster_in_roster", at, "the roster %q is inside the roster %q: ask for it of the household instead", b.Key, p.roster.key)
		return
	}
	at = strings.TrimSpace(b.Key + " (" + at + ")")
	c.key(b.Key, p, at)
	if len(b.Parts) == 0 {
		c.fail("empty_roster", at, "the roster has no questions")
	}
	if b.Most < 1 || b.Most > 200 {
		c.fail("roster_size", at, "a roster of at most %d members is not possible: allow from 1 to 200", b.Most)
		b.Most = 1
	}
	if b.Question != nil && b.Question.Form != FormYesNo {
		c.fail("roster_end", at, "UntilNo needs a YesNo question")
	}
	if (b.Count == nil) == (b.Question == nil) {
		c.fail("roster_end", at, "say how many members there are with Times, or let the person end with UntilNo: one of the two")
	}
	r := &roster{key: b.Key, most: b.Most, certain: len(p.whens) == 0}
	r.slot = c.slot(p, Slot{Key: b.Key, Kind: KindRows, MaxRows: b.Most})
	c.members[r] = new([]Slot)
	c.q.rosters = append(c.q.rosters, r)
	if b.Count != nil {
		c.bindNumber(p, at, *b.Count, func(q Quantity) {
			r.count = q
			r.certain = r.certain && c.certain(q.Reads())
			c.counted(p, at, r)
		})
	}
	begin := c.emit(p, step{do: stepRepeat, roster: r})
	inner := p
	inner.roster, inner.whens, inner.at = r, nil, at
	r.body = len(c.q.steps)
	c.walk(b.Parts, inner)
	if r.title = c.q.says["member"]; len(b.Text) > 0 {
		r.title = c.speech(wording{at: at, id: b.Key + "/title", context: "said above each question of a member", text: b.Text, vars: c.vars(inner)})
	}
	r.title = c.perMember(r.title, r)
	if b.Question != nil {
		inner.optional, inner.unknown, inner.refuse, inner.must, inner.beside = false, false, false, nil, nil
		c.ask(*b.Question, inner, at)
		r.another = c.q.byKey[b.Question.Key]
	}
	c.emit(inner, step{do: stepNext, roster: r})
	c.q.steps[begin].end = len(c.q.steps)
	c.order[b.Key] = len(c.order)
}

// counted refuses a roster that may get more members than it takes: nobody is
// left out silently.
func (c *compiler) counted(p place, at string, r *roster) {
	if r.count.x.isForeign() {
		return // what it can be is not known
	}
	switch am := c.span(p, r.count); {
	case math.IsInf(am.Hi, 1):
		c.fail("roster_overflow", at, "there may be any number of members, but the roster takes %d: bound the question with Between", r.most)
	case am.Hi >= float64(r.most)+1:
		c.fail("roster_overflow", at, "there may be %s members, but the roster takes %d: raise AtMost, or bound the question with Between", plain(math.Floor(am.Hi)), r.most)
	}
}

// perMember prepares a text for each member where it needs only the number:
// "Person 1", "Person 2", …; "How old are you?", "How old is this person?", ….
// It leaves s alone, which several rosters may share.
func (c *compiler) perMember(s *speech, r *roster) *speech {
	if r == nil || s == nil || s.compiled == nil || len(s.vars) != 1 || s.vars[0] != "n" {
		return s
	}
	own := *s
	own.used, own.members = slices.Clone(s.used), make([][]string, len(c.q.langs))
	for l, lang := range c.q.langs {
		for n := range r.most {
			text, used := s.compiled.In(lang, hubkit.Args{"n": n + 1})
			own.members[l], own.used[l] = append(own.members[l], text), used
		}
	}
	return &own
}

// vars lists what a text at p may name: earlier answers, and n inside a roster.
func (c *compiler) vars(p place) []string {
	var vars []string
	if p.roster != nil {
		vars = append(vars, "n")
	}
	for _, a := range c.q.askings {
		if a.kind != KindNone && (a.roster == nil || a.roster == p.roster) {
			vars = append(vars, a.q.Key)
		}
	}
	return vars
}

// key checks a key and gives it its place in the order.
func (c *compiler) key(key string, p place, at string) {
	switch {
	case key == "":
		c.fail("no_key", at, "it has no key: give it a short name of lower-case letters, digits and _")
	case !keyForm.MatchString(key):
		c.fail("bad_key", at, "the key %q is not possible: use lower-case letters, digits and _, beginning with a letter, at most 64", key)
	case key == "n":
		c.fail("bad_key", at, "the key \"n\" is taken: texts use {n} for the number of a member")
	default:
		if _, dup := c.q.byKey[key]; dup || slices.ContainsFunc(c.q.rosters, func(r *roster) bool { return r.key == key }) {
			c.fail("duplicate_key", at, "the key %q is used twice: each question needs its own", key)
		}
	}
}
