package scoring

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/hubkit/hubkit/registration"
)

// prover turns a spec into a card and collects its mistakes.
type prover struct {
	spec     CardSpec
	shape    *registration.Shape
	evs      []registration.Evaluator
	c        *Card
	mistakes Mistakes
	unbound  bool // a condition could not be bound: ranges mean nothing
}

// most is how many criteria, groups, rules or bands a card may have.
const most = 10_000

func (p *prover) fail(kind, at, format string, a ...any) {
	p.mistakes = append(p.mistakes, &Mistake{Kind: kind, At: at, Say: fmt.Sprintf(format, a...)})
}

func (p *prover) card() (*Card, error) {
	s := &p.spec
	if p.shape == nil {
		p.fail("no_shape", "", "the card is bound to no questionnaire: pass the questionnaire's Shape()")
		return nil, p.mistakes
	}
	p.c = &Card{shape: p.shape, name: s.ID + "@" + s.Version}
	p.head()
	if n := max(len(s.Criteria), len(s.Groups), len(s.Rules), len(s.Bands), len(s.Ties), len(s.Checks), len(s.Parameters)); n > most {
		p.fail("too_long", "", "the card has a list of %d lines, and %d are the most: a table of this size belongs into a program", n, most)
		return nil, p.mistakes
	}
	p.ids()
	p.texts()
	p.phrases()
	sets := map[string]int{}
	for i := range s.Groups {
		p.group(&s.Groups[i], i, sets)
	}
	for i := range s.Criteria {
		p.criterion(&s.Criteria[i], int32(i), sets)
	}
	for i := range s.Rules {
		p.rule(&s.Rules[i])
	}
	for i := range s.Checks {
		p.check(&s.Checks[i])
	}
	for i := range s.Ties {
		p.tie(&s.Ties[i])
	}
	p.reads()
	p.reach()
	p.bands()
	if len(p.mistakes) > 0 {
		return nil, p.mistakes
	}
	b, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("scoring: card %s: %w", p.c.name, err)
	}
	tests := make([]registration.Test, len(p.c.terms))
	for i := range p.c.terms {
		tests[i] = p.c.terms[i].test
	}
	p.c.ranges = registration.NewRanges(p.shape, p.all()...)
	p.c.tests, p.c.lines = registration.NewTests(tests...), layOut(p.c.terms)
	p.c.spec, p.c.json, p.c.hash = *s, b, sha256.Sum256(b)
	p.c.spec.Bands = complete(s.Bands)
	for i := range p.c.spec.Bands {
		p.c.edges = append(p.c.edges, p.c.spec.Bands[i].lower())
		p.c.top = p.c.spec.Bands[i].upper()
	}
	return p.c, nil
}

var idForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}$`)

// head checks what stands above the criteria.
func (p *prover) head() {
	s := &p.spec
	if !idForm.MatchString(s.ID) {
		p.fail("bad_card_id", "", "the card's ID %q is not possible: use letters, digits, _ . and -, such as \"ua-2024\"", s.ID)
	}
	if !idForm.MatchString(s.Version) {
		p.fail("bad_version", "", "the card's Version %q is not possible: every change of the card needs its own, such as \"3\" or \"2024-06\"", s.Version)
	}
	for _, d := range []Day{s.ValidFrom, s.ValidTo} {
		if err := d.Check(); err != nil {
			p.fail("bad_day", "", "%v", err)
		}
	}
	if s.ValidFrom != "" && s.ValidTo != "" && s.ValidTo < s.ValidFrom {
		p.fail("day_order", "", "the card ends on %s, before it begins on %s", s.ValidTo, s.ValidFrom)
	}
	if len(s.Criteria) == 0 && len(s.Rules) == 0 {
		p.fail("no_criteria", "", "the card has no criteria and no rules: there is nothing to score")
	}
	p.finite("not_finite", "", "Start", s.Start)
	for i, par := range s.Parameters {
		at := "parameter " + par.ID
		p.finite("not_finite", at, "its value", par.Value)
		if slices.ContainsFunc(s.Parameters[:i], func(q Parameter) bool { return q.ID == par.ID }) {
			p.fail("duplicate_id", at, "two parameters have this ID: rename one")
		}
	}
}

func (p *prover) finite(kind, at, what string, x float64) bool {
	if finite(x) {
		return true
	}
	p.fail(kind, at, "%s is not a finite number", what)
	return false
}

// ids refuses ids that are used twice or that cannot be.
func (p *prover) ids() {
	seen := map[string]string{}
	check := func(what, id string) {
		at := what + " " + id
		switch before, dup := seen[id]; {
		case !idForm.MatchString(id):
			p.fail("bad_id", strings.TrimSpace(at), "the ID %q is not possible: use letters, digits, _ . and -", id)
		case dup:
			p.fail("duplicate_id", at, "a %s has the ID %q too: reports could not tell them apart, rename one", before, id)
		}
		seen[id] = what
	}
	for _, c := range p.spec.Criteria {
		check("criterion", c.ID)
	}
	for _, g := range p.spec.Groups {
		check("group", g.ID)
	}
	for _, r := range p.spec.Rules {
		check("rule", r.ID)
	}
	for _, c := range p.spec.Checks {
		check("check", c.ID)
	}
	for _, t := range p.spec.Ties {
		check("tie", t.ID)
	}
	clear(seen)
	for _, b := range p.spec.Bands {
		check("band", b.ID)
	}
}

// limits checks two bounds and returns them.
func (p *prover) limits(at string, least, most *float64) span {
	r := endless
	if least != nil && p.finite("not_finite", at, "its lower bound", *least) {
		r.lo = *least
	}
	if most != nil && p.finite("not_finite", at, "its cap", *most) {
		r.hi = *most
	}
	if r.lo > r.hi {
		p.fail("cap_order", at, "its lower bound %s lies above its cap %s", number(r.lo), number(r.hi))
		return endless
	}
	return r
}

func (p *prover) group(g *Group, i int, sets map[string]int) {
	at := "group " + g.ID
	l := p.limits(at, g.Least, g.Most)
	switch g.Hit {
	case Sum, Highest, First, Unique:
	default:
		p.fail("bad_hit", at, "%q is not a way to count a group: use \"highest\", \"first\", \"unique\", or nothing for the sum", g.Hit)
	}
	if _, dup := sets[g.ID]; !dup {
		sets[g.ID] = i
	}
	p.c.sets = append(p.c.sets, set{id: g.ID, hit: g.Hit, least: l.lo, most: l.hi})
}

func (p *prover) criterion(c *Criterion, i int32, sets map[string]int) {
	at := "criterion " + c.ID
	t := term{points: c.Points, set: -1, curve: c.Curve, policy: c.Unknown, open: c.Unknown.do == doBounds}
	l := p.limits(at, c.Least, c.Most)
	t.least, t.most = l.lo, l.hi
	if p.finite("not_finite", at, "its number of points", c.Points) && c.Points == 0 {
		p.fail("no_points", at, "it gives 0 points, so that it changes nothing: give it points, or take it out")
	}
	if c.Per == nil && (c.Least != nil || c.Most != nil) {
		p.fail("cap_without_number", at, "it gives its points once, so that a bound means nothing: bounds are for criteria that count something")
	}
	if c.Per == nil && c.Curve != Straight {
		p.fail("curve_without_number", at, "the curve %q is for criteria that count something", c.Curve)
	}
	var bound error
	t.test, bound = c.If.Bind(p.shape, p.evs...)
	p.condition(at, bound)
	zero := isZero(c.If)
	switch {
	case bound == nil && !zero:
		p.truths(at, treeOf(c.If))
	case zero && c.Per == nil:
		p.fail("no_condition", at, "it has no condition, so that everybody gets its points: give it one, or use Start")
	}
	t.span = span{min(c.Points, 0), max(c.Points, 0)}
	if c.Per != nil {
		q, err := c.Per.Bind(p.shape, p.evs...)
		p.condition(at, err)
		if t.per = &q; err == nil {
			p.count(at, c, &t)
		}
	}
	if c.Group != "" {
		g, ok := sets[c.Group]
		if !ok {
			p.fail("unknown_group", at, "it counts in the group %q, which the card does not have: add it to Groups", c.Group)
		} else {
			t.set = int32(g)
			p.c.sets[g].members = append(p.c.sets[g].members, i)
		}
	}
	p.policy(at, c.Unknown, t)
	p.c.terms = append(p.c.terms, t)
}

// isZero says whether a condition is the zero Condition.
func isZero(c registration.Condition) bool { return c == registration.Condition{} }

// condition reports what Bind found.
func (p *prover) condition(at string, err error) {
	for _, e := range flatten(err) {
		p.unbound = true
		kind := "condition"
		if errors.Is(e, registration.ErrUnknownKey) {
			kind = "unknown_question"
		}
		p.fail(kind, at, "%s", strings.TrimPrefix(e.Error(), "registration: "))
	}
}

// flatten lists the errors that were joined.
func flatten(err error) []error {
	if err == nil {
		return nil
	}
	if j, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, e := range j.Unwrap() {
			all = append(all, flatten(e)...)
		}
		return all
	}
	return []error{err}
}

// truths refuses a condition that no answers, or all answers, meet.
func (p *prover) truths(at string, t tree) {
	p.asked(at, &t, scope{top: p.shape})
	switch yes, no := t.can(scope{top: p.shape}); {
	case !yes:
		p.fail("never_holds", at, "no answers can ever meet its condition: look for a number outside its question's range, or for two parts that exclude each other")
	case !no:
		p.fail("always_holds", at, "all answers meet its condition, so that it decides nothing: look for a number outside its question's range")
	}
}

// asked refuses to read what nobody is asked.
func (p *prover) asked(at string, t *tree, s scope) {
	in := s
	if t.Key != "" {
		sl, ok := s.slot(t.Key)
		if ok && sl.Kind == registration.KindNone {
			p.fail("never_asked", at, "it reads %q, which has no answer: nobody is asked it", t.Key)
		}
		if ok && sl.Kind == registration.KindRows {
			if in, _ = s.inside(t.Key); in.row == nil || in.row.Len() == 0 {
				p.fail("never_asked", at, "it reads the roster %q, whose members are asked nothing", t.Key)
			}
		}
	}
	for i := range t.Args {
		p.asked(at, &t.Args[i], in)
	}
}

// count proves a criterion with points per unit.
func (p *prover) count(at string, c *Criterion, t *term) {
	x := treeOf(*c.Per)
	p.asked(at, &x, scope{top: p.shape})
	t.number, _ = x.reach(scope{top: p.shape})
	switch c.Curve {
	case Straight:
	case Log, Log1p, Sqrt:
		least := map[Curve]float64{Log: 0, Log1p: -1, Sqrt: 0}[c.Curve]
		if t.number.lo < least || c.Curve != Sqrt && t.number.lo == least {
			p.fail("curve_range", at, "the number can be %s, of which there is no %q: give the question a range above %s", number(t.number.lo), c.Curve, number(least))
			t.span = span{}
			return
		}
	default:
		p.fail("bad_curve", at, "%q is not a curve: use \"log\", \"log1p\" or \"sqrt\"", c.Curve)
		return
	}
	if t.number.lo == t.number.hi {
		p.fail("constant", at, "its number is always %s, so that it decides nothing: look at what it counts", number(t.number.lo))
	}
	free := *t
	free.least, free.most = math.Inf(-1), math.Inf(1)
	var all, raw span
	all.lo, all.hi = t.worth(t.number.lo, t.number.hi)
	raw.lo, raw.hi = free.worth(t.number.lo, t.number.hi)
	if raw.lo != raw.lo || raw.hi != raw.hi { // 0 points of something endless; reported already
		return
	}
	if c.Most != nil && raw.hi <= *c.Most {
		p.fail("cap_never_binds", at, "its cap of %s points can never bind, because it gives at most %s: lower the cap or take it out", number(*c.Most), number(raw.hi))
	}
	if c.Least != nil && raw.lo >= *c.Least {
		p.fail("cap_never_binds", at, "its lower bound of %s points can never bind, because it gives at least %s", number(*c.Least), number(raw.lo))
	}
	t.span = all.hull(span{})
	if !t.bounded() {
		p.fail("unbounded", at, "its points have no bound: give each question that it reads a range with Between, or the criterion a Cap and a Floor")
	}
}

// policy checks what a criterion is worth while it is not known.
func (p *prover) policy(at string, pol Policy, t term) {
	switch pol.do {
	case doBounds, doZero, doWorst, doBest, doRefuse:
	case doDefault:
		if !p.finite("not_finite", at, "the default for unknown answers", pol.points) {
			return
		}
		if pol.points < t.lo || pol.points > t.hi {
			p.fail("default_range", at, "while it is not known it gives %s points, which it never gives when it is known (%s to %s)", number(pol.points), number(t.lo), number(t.hi))
		}
		if len(pol.because) == 0 {
			p.fail("default_reason", at, "it has a default for unknown answers and no reason for it: say where the number comes from")
		}
	default:
		p.fail("bad_policy", at, "%q is not something to do with unknown answers: use bounds, zero, worst, best, refuse or default", pol.do)
	}
}

func (p *prover) rule(r *Rule) {
	p.c.rules = append(p.c.rules, p.test("rule "+r.ID, r.If))
}

func (p *prover) check(c *Check) {
	p.c.checks = append(p.c.checks, p.test("check "+c.ID, c.If))
}

// test binds the condition of a rule or check.
func (p *prover) test(at string, c registration.Condition) registration.Test {
	test, err := c.Bind(p.shape, p.evs...)
	p.condition(at, err)
	switch {
	case isZero(c):
		p.fail("no_condition", at, "it has no condition: say what it asks for")
	case err == nil:
		p.truths(at, treeOf(c))
	}
	return test
}

func (p *prover) tie(t *Tie) {
	at := "tie " + t.ID
	q, err := t.By.Bind(p.shape, p.evs...)
	p.condition(at, err)
	if err == nil {
		x := treeOf(t.By)
		p.asked(at, &x, scope{top: p.shape})
		if r, absent := x.reach(scope{top: p.shape}); r.lo == r.hi && !absent {
			p.fail("constant", at, "its number is always %s, so that it breaks no tie", number(r.lo))
		}
	}
	p.c.ties = append(p.c.ties, q)
}

// reads notes which questions each line reads, foreign parts too.
func (p *prover) reads() {
	add := func(lists ...[]string) {
		var keys []string
		for _, k := range slices.Concat(lists...) {
			if !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
		p.c.reads = append(p.c.reads, keys)
		for _, k := range keys {
			if !slices.Contains(p.c.keys, k) {
				p.c.keys = append(p.c.keys, k)
			}
		}
	}
	for i := range p.c.terms {
		if t := &p.c.terms[i]; t.per != nil {
			add(t.test.Reads(), t.per.Reads())
		} else {
			add(t.test.Reads())
		}
	}
	for range p.spec.Groups {
		add(nil)
	}
	for i := range p.c.rules {
		add(p.c.rules[i].Reads())
	}
}

// all are the keys of all that the card reads, ties and checks too.
func (p *prover) all() []string {
	keys := slices.Clone(p.c.keys)
	for i := range p.c.checks {
		keys = append(keys, p.c.checks[i].Reads()...)
	}
	for i := range p.c.ties {
		keys = append(keys, p.c.ties[i].Reads()...)
	}
	return keys
}
