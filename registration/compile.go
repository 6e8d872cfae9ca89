package registration

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration/reply"
)

// compiler turns a document into a questionnaire and collects its mistakes.
type compiler struct {
	d        document
	q        *Questionnaire
	evs      []Evaluator
	checkers map[string]Checker
	mistakes Mistakes

	top     []Slot
	members map[*roster]*[]Slot
	order   map[string]int // key, or "roster.key" → how many questions stand before it
	later   []func()       // what needs the finished shapes
	stepIDs map[string]bool
	summary bool
}

// place is where the compiler stands in the tree.
type place struct {
	at        string
	step      string
	roster    *roster
	whens     []int // the stepWhens around, in this scope
	optional  bool
	unknown   bool
	refuse    bool
	attempts  int
	exhausted Exhausted
	must      []branch
	beside    map[string]hubkit.Text
}

func compile(d document, x Extras) (*Questionnaire, error) {
	c := &compiler{
		d: d, evs: x.Evaluators, checkers: map[string]Checker{}, members: map[*roster]*[]Slot{},
		order: map[string]int{}, stepIDs: map[string]bool{},
		q: &Questionnaire{doc: d, extras: x, langs: slices.Clone(d.Languages), byKey: map[string]*asking{}, says: map[string]*speech{}, ids: map[string]string{}},
	}
	c.head(x)
	c.phrases()
	p := place{attempts: d.Attempts, exhausted: d.Exhausted}
	if p.attempts == 0 {
		p.attempts = 3
	}
	if p.exhausted == "" {
		p.exhausted = CallPerson
	}
	c.attempts("", p.attempts, p.exhausted)
	c.walk(d.Parts, p)
	if len(c.q.askings) == 0 {
		c.fail("nothing_asked", "", "nothing is asked: give Parts at least one question")
	}
	c.shapes()
	for _, f := range c.later {
		f()
	}
	if len(c.mistakes) > 0 {
		return nil, c.mistakes
	}
	b, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("registration: questionnaire: %w", err)
	}
	c.q.json, c.q.hash = b, sha256.Sum256(b)
	return c.q, nil
}

func (c *compiler) fail(kind, at, format string, a ...any) {
	c.mistakes = append(c.mistakes, &Mistake{Kind: kind, At: at, Say: fmt.Sprintf(format, a...)})
}

// head checks what stands above the parts.
func (c *compiler) head(x Extras) {
	if c.d.ID == "" {
		c.fail("no_id", "", "the questionnaire has no ID: stores and exports need one, such as \"ua-cash\"")
	}
	if c.d.Version == "" {
		c.fail("no_version", "", "the questionnaire has no Version: answers must be traceable to what was asked")
	}
	if len(c.d.Languages) == 0 {
		c.fail("no_language", "", "the questionnaire has no Languages: list at least one, such as \"uk\"")
		c.q.langs = []hubkit.Lang{"en"}
	}
	for i, l := range c.d.Languages {
		switch {
		case !validLang(l):
			c.fail("bad_language", "", "%q is not a language tag: write it as in BCP 47, such as \"uk\" or \"fa-AF\"", l)
		case slices.Contains(c.d.Languages[:i], l):
			c.fail("duplicate_language", "", "the language %q is listed twice", l)
		}
	}
	for _, l := range slices.Sorted(maps.Keys(c.d.Fallback)) {
		for _, to := range c.d.Fallback[l] {
			if !validLang(l) || !validLang(to) || l == to {
				c.fail("bad_fallback", "", "the fall-back from %q to %q is not between two languages", l, to)
			}
		}
	}
	for _, ch := range x.Checkers {
		_, builtin := builtinChecker(ch.Name())
		if _, dup := c.checkers[ch.Name()]; dup || builtin || ch.Name() == "" {
			c.fail("duplicate_checker", "", "the checker %q has no name of its own: give it another", ch.Name())
		}
		c.checkers[ch.Name()] = ch
	}
	seen := map[string]bool{}
	for _, ev := range x.Evaluators {
		if seen[ev.Language()] {
			c.fail("duplicate_evaluator", "", "two evaluators are for the language %q: pass one", ev.Language())
		}
		seen[ev.Language()] = true
	}
	c.speech("title", c.d.Title, nil, false)
}

var (
	keyForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)
	optForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}$`)
)

func validLang(l hubkit.Lang) bool { return l.Check() == nil }

// phrases compiles the interview's own words.
func (c *compiler) phrases() {
	for _, id := range slices.Sorted(maps.Keys(c.d.Phrases)) {
		if _, ok := phrases[id]; !ok {
			c.fail("unknown_phrase", "Phrases."+id, "the interview has no phrase of this name")
		}
	}
	for _, id := range slices.Sorted(maps.Keys(phrases)) {
		p := phrases[id]
		t := maps.Clone(p.text)
		maps.Copy(t, c.d.Phrases[id])
		before := len(c.mistakes)
		c.q.says[id] = c.speech("Phrases."+id, t, p.vars, true)
		for _, m := range c.mistakes[before:] {
			m.Kind = "phrase"
			m.Say += "; the interview's own words are given in Spec.Phrases for a language that the package does not speak"
		}
	}
	for i := range c.q.langs {
		c.q.closing = append(c.q.closing, []PromptOption{
			{ID: keySummary + ":send", Say: c.q.say("send", i, nil)},
			{ID: keySummary + ":change", Say: c.q.say("change", i, nil)},
		})
	}
	c.q.yes = reply.New(reply.Spec{Kind: reply.YesNo, Langs: c.q.langs, Options: 2, Labels: c.phraseLabels("yes", "no")})
}

// phraseLabels are the interview's own words as labels of options 0, 1, ….
func (c *compiler) phraseLabels(ids ...string) []reply.Label {
	var ls []reply.Label
	for i, id := range ids {
		for l, lang := range c.q.langs {
			ls = append(ls, reply.Label{Option: i, Lang: lang, Text: c.q.say(id, l, nil)})
		}
	}
	return ls
}

// speech compiles one text. vars are the names it may use.
func (c *compiler) speech(at string, t hubkit.Text, vars []string, needed bool) *speech {
	if len(t) == 0 && !needed {
		return nil
	}
	s := &speech{lit: make([]string, len(c.q.langs)), used: make([]hubkit.Lang, len(c.q.langs))}
	compiled, err := t.Compile(c.q.langs, c.d.Fallback, vars...)
	if err != nil {
		for _, e := range flatten(err) {
			c.fail("text", at, "%v", e)
		}
		return s
	}
	s.compiled, s.vars = compiled, compiled.Vars()
	for i, l := range c.q.langs {
		if lit, ok := compiled.Literal(l); ok {
			s.lit[i] = lit
			_, s.used[i] = compiled.In(l, nil)
		}
	}
	return s
}

// flatten lists the errors that were joined.
func flatten(err error) []error {
	if j, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, e := range j.Unwrap() {
			all = append(all, flatten(e)...)
		}
		return all
	}
	return []error{err}
}

// attempts checks a number of attempts and what follows.
func (c *compiler) attempts(at string, n int, then Exhausted) {
	if n < 1 || n > 20 {
		c.fail("attempts", at, "%d attempts are not possible: allow from 1 to 20", n)
	}
	switch then {
	case CallPerson, SkipIt, EndIt:
	default:
		c.fail("exhausted", at, "%q is not what may happen after the last attempt: use CallPerson, SkipIt or EndIt", then)
	}
}

// emit appends a step and returns its index.
func (c *compiler) emit(p place, s step) int {
	s.inside = p.roster
	c.q.steps = append(c.q.steps, s)
	return len(c.q.steps) - 1
}

// slot gives an answer its place in the household's or the members' shape.
func (c *compiler) slot(p place, sl Slot) int {
	list := &c.top
	if p.roster != nil {
		list = c.members[p.roster]
	}
	*list = append(*list, sl)
	i := len(*list) - 1
	for _, w := range p.whens {
		c.q.steps[w].clear = append(c.q.steps[w].clear, i)
	}
	return i
}

// path is a key as others name it: "members.age".
func (p place) path(key string) string {
	if p.roster != nil {
		return p.roster.key + "." + key
	}
	return key
}

// shapes makes the shapes of what was collected.
func (c *compiler) shapes() {
	make1 := func(at string, slots []Slot) *Shape {
		s, err := NewShape(slots...)
		if err != nil {
			for _, e := range flatten(err) {
				c.fail("shape", at, "%v", e)
			}
			s = unionShape(nil)
		}
		return s
	}
	if slices.ContainsFunc(c.mistakes, func(m *Mistake) bool { return m.Kind == "duplicate_key" || m.Kind == "bad_key" }) {
		c.later = nil // the keys are not one to one: conditions cannot be looked at
		return
	}
	for _, r := range c.q.rosters {
		r.shape = make1(r.key, *c.members[r])
		c.top[r.slot].Rows = r.shape
	}
	c.q.shape = make1("", c.top)
}

// bind compiles a condition once the shapes are known. before is how many
// questions stand before it: it may read only those.
func (c *compiler) bind(p place, at string, cond Condition, set func(Test)) {
	before := len(c.order)
	c.later = append(c.later, func() {
		s, up := c.scope(p)
		t, err := cond.bind(s, up, c.evs)
		if err != nil {
			for _, e := range flatten(err) {
				c.fail("condition", at, "%s", trim(e))
			}
			return
		}
		c.earlier(p, at, append(cond.Reads(), t.x.foreignReads()...), before)
		set(t)
	})
}

// bindNumber is bind for a number.
func (c *compiler) bindNumber(p place, at string, n Number, set func(Quantity)) {
	before := len(c.order)
	c.later = append(c.later, func() {
		s, up := c.scope(p)
		q, err := n.bind(s, up, c.evs)
		if err != nil {
			for _, e := range flatten(err) {
				c.fail("condition", at, "%s", trim(e))
			}
			return
		}
		c.earlier(p, at, append(n.Reads(), q.x.foreignReads()...), before)
		set(q)
	})
}

func (c *compiler) scope(p place) (s, up *Shape) {
	if p.roster != nil {
		return p.roster.shape, c.q.shape
	}
	return c.q.shape, nil
}

// earlier refuses conditions on what is asked only later.
func (c *compiler) earlier(p place, at string, keys []string, before int) {
	for _, k := range keys {
		n, ok := c.order[p.path(k)]
		if !ok {
			n, ok = c.order[k]
		}
		if ok && n >= before {
			c.fail("reads_later", at, "the condition reads %q, which is asked only later (or here): move that question up", k)
		}
	}
}

// trim takes the package's name off an error that is part of a list.
func trim(err error) string {
	const prefix = "registration: "
	s := err.Error()
	if len(s) > len(prefix) && s[:len(prefix)] == prefix {
		return s[len(prefix):]
	}
	return s
}

// foreignReads lists what foreign programs inside x read.
func (n *node) foreignReads() []string {
	if n == nil {
		return nil
	}
	var keys []string
	if n.prog != nil {
		keys = append(keys, n.prog.Reads()...)
	}
	for i := range n.args {
		keys = append(keys, n.args[i].foreignReads()...)
	}
	return keys
}
