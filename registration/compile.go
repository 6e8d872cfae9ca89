package registration

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration/reply"
)

// compiler turns a document into a questionnaire and collects its mistakes.
type compiler struct {
	d        document
	q        *Questionnaire
	fallback hubkit.Fallback // without what is wrong with it
	evs      []Evaluator
	checkers map[string]Checker
	mistakes Mistakes

	top     []Slot
	members map[*roster]*[]Slot
	order   map[string]int // key, or "roster.key" → how many questions stand before it
	later   []func()       // what needs the finished shapes
	stepIDs map[string]bool
	entered map[string]int           // ids of texts
	lacks   map[hubkit.Lang][]string // phrases that a language lacks
	summary bool
	depth   int
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

// compile works on a copy of the document, which it takes by way of the JSON:
// what an author's variables become later changes nothing, and a questionnaire
// that was loaded is the same as the one that was written.
func compile(d document, x Extras) (*Questionnaire, error) {
	b, err := json.Marshal(d)
	if err == nil {
		var frozen document
		if err = json.Unmarshal(b, &frozen); err == nil {
			d = frozen
		}
	}
	c := &compiler{
		d: d, checkers: map[string]Checker{}, members: map[*roster]*[]Slot{},
		order: map[string]int{}, stepIDs: map[string]bool{}, entered: map[string]int{}, lacks: map[hubkit.Lang][]string{},
		q: &Questionnaire{doc: d, extras: x, json: b, hash: sha256.Sum256(b), byKey: map[string]*asking{}, says: map[string]*speech{}, ids: map[string]string{}},
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
	c.q.attempts = p.attempts
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
	if err != nil { // what JSON cannot hold, such as NaN, is among the mistakes
		return nil, fmt.Errorf("registration: questionnaire: %w", err)
	}
	return c.q, nil
}

func (c *compiler) fail(kind, at, format string, a ...any) {
	c.mistakes = append(c.mistakes, &Mistake{Kind: kind, At: at, Say: fmt.Sprintf(format, a...)})
}

// head checks what stands above the parts.
func (c *compiler) head(x Extras) {
	if strings.TrimSpace(c.d.ID) == "" {
		c.fail("no_id", "", "the questionnaire has no ID: stores and exports need one, such as \"ua-cash\"")
	}
	if strings.TrimSpace(c.d.Version) == "" {
		c.fail("no_version", "", "the questionnaire has no Version: answers must be traceable to what was asked")
	}
	if strings.ContainsFunc(c.d.ID+c.d.Version, unicode.IsControl) {
		c.fail("bad_id", "", "the questionnaire's ID or Version has a line break or another control character in it: take it out")
	}
	if len(c.d.Languages) == 0 {
		c.fail("no_language", "", "the questionnaire has no Languages: list at least one, such as \"uk\"")
	}
	for i, l := range c.d.Languages {
		switch {
		case !validLang(l):
			c.fail("bad_language", "", "%q is not a language tag: write it as in BCP 47, such as \"uk\" or \"fa-AF\"", l)
		case slices.Contains(c.d.Languages[:i], l):
			c.fail("duplicate_language", "", "the language %q is listed twice", l)
		default:
			c.q.langs = append(c.q.langs, l)
		}
	}
	c.fallback = c.d.Fallback
	if err := c.fallback.Check(); err != nil {
		for _, e := range flatten(err) {
			c.fail("bad_fallback", "", "the %v", e)
		}
		c.fallback = sound(c.fallback)
	}
	for _, ch := range x.Checkers {
		if ch == nil {
			c.fail("empty_extra", "", "one of the Checkers is empty: take it out")
			continue
		}
		if f, ok := ch.(checkFunc); ok && f.f == nil {
			c.fail("empty_extra", "", "the checker %q has no function: nothing could be checked", f.name)
			continue
		}
		_, builtin := builtinChecker(ch.Name())
		if _, dup := c.checkers[ch.Name()]; dup || builtin || ch.Name() == "" {
			c.fail("duplicate_checker", "", "the checker %q has no name of its own: give it another", ch.Name())
		}
		c.checkers[ch.Name()] = ch
	}
	seen := map[string]bool{}
	for _, ev := range x.Evaluators {
		if ev == nil {
			c.fail("empty_extra", "", "one of the Evaluators is empty: take it out")
			continue
		}
		c.evs = append(c.evs, ev)
		if seen[ev.Language()] {
			c.fail("duplicate_evaluator", "", "two evaluators are for the language %q: pass one", ev.Language())
		}
		seen[ev.Language()] = true
	}
	c.speech(wording{at: "title", id: "title", context: "the questionnaire's name, for agents", text: c.d.Title})
}

// sound returns the chains that are right, so that one wrong chain does not
// make every text look wrong.
func sound(fb hubkit.Fallback) hubkit.Fallback {
	out := hubkit.Fallback{}
	for l, chain := range fb {
		if (hubkit.Fallback{l: chain}).Check() == nil {
			out[l] = chain
		}
	}
	return out
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
		if len(c.d.Phrases[id]) > 0 {
			c.enter(wording{id: "phrases/" + id, context: "the interview's own words", text: c.d.Phrases[id], vars: p.vars})
		}
		c.q.says[id] = c.speech(wording{at: "Phrases." + id, text: t, vars: p.vars, needed: true, phrase: id})
	}
	for _, l := range slices.Sorted(maps.Keys(c.lacks)) {
		c.fail("phrase", "Phrases", "the interview's own words are not known in %q: translate these in Phrases: %s", l, strings.Join(c.lacks[l], ", "))
	}
	for i := range c.q.langs {
		c.q.closing = append(c.q.closing, []PromptOption{
			{ID: keySummary + ":send", Say: c.q.say("send", i, nil)},
			{ID: keySummary + ":change", Say: c.q.say("change", i, nil)},
		})
	}
	c.q.close = reply.New(reply.Spec{Kind: reply.One, Langs: c.q.langs, Options: 2, Labels: c.phraseLabels("send", "change")})
	c.q.yes = reply.New(reply.Spec{Kind: reply.YesNo, Langs: c.q.langs, Options: 2, Open: true, Labels: c.phraseLabels("yes", "no")})
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
	list := c.list(p)
	if i := slices.IndexFunc(*list, func(b Slot) bool { return b.Key == sl.Key }); i >= 0 {
		return i // a key used twice, which is reported: conditions can be checked all the same
	}
	*list = append(*list, sl)
	i := len(*list) - 1
	for _, w := range p.whens {
		c.q.steps[w].clear = append(c.q.steps[w].clear, i)
	}
	return i
}

// list is where the slots at p are collected: the household's or the members'.
func (c *compiler) list(p place) *[]Slot {
	if p.roster != nil {
		return c.members[p.roster]
	}
	return &c.top
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
	for _, r := range c.q.rosters {
		r.shape = newShape(*c.members[r])
		c.top[r.slot].Rows = r.shape
	}
	c.q.shape = newShape(c.top)
}

// bind compiles a condition once the shapes are known. It may read only what
// stands before it.
func (c *compiler) bind(p place, at string, cond Condition, set func(Test)) {
	before := len(c.order)
	c.later = append(c.later, func() {
		s, up := c.scope(p)
		t, err := cond.bind(s, up, c.evs)
		if c.bound(at, err) {
			c.earlier(p, at, t.Reads(), before)
			set(t)
		}
	})
}

// bindNumber is bind for a number.
func (c *compiler) bindNumber(p place, at string, n Number, set func(Quantity)) {
	before := len(c.order)
	c.later = append(c.later, func() {
		s, up := c.scope(p)
		q, err := n.bind(s, up, c.evs)
		if c.bound(at, err) {
			c.earlier(p, at, q.Reads(), before)
			set(q)
		}
	})
}

// bound reports what is wrong with a condition; true if nothing is.
func (c *compiler) bound(at string, err error) bool {
	if err == nil {
		return true
	}
	for _, e := range flatten(err) {
		c.fail("condition", at, "%s", strings.TrimPrefix(e.Error(), "registration: "))
	}
	return false
}

// certain says whether nothing can make what is read NotAsked.
func (c *compiler) certain(reads []string) bool {
	return !slices.ContainsFunc(reads, func(k string) bool {
		if _, member, ok := strings.Cut(k, "."); ok {
			k = member
		}
		if a := c.q.byKey[k]; a != nil {
			return !a.certain
		}
		i := slices.IndexFunc(c.q.rosters, func(r *roster) bool { return r.key == k })
		return i < 0 || !c.q.rosters[i].certain
	})
}

// span is the range of a number before anything is answered: the least and the most it can be.
func (c *compiler) span(p place, q Quantity) Amount {
	var row []Value
	if p.roster != nil {
		row = make([]Value, p.roster.shape.Len())
	}
	return q.x.amount(make([]Value, c.q.shape.Len()), row)
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

// isForeign says whether x holds a foreign program.
func (n *node) isForeign() bool {
	return n.prog != nil || slices.ContainsFunc(n.args, func(a node) bool { return a.isForeign() })
}
