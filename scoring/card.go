package scoring

import (
	"encoding/hex"
	"math"
	"slices"
	"strings"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration"
)

// Card is a scoring card that is proven and bound to the shape of a
// questionnaire's answers. It is immutable and safe for concurrent use.
type Card struct {
	spec   CardSpec // with every end of the bands filled in
	name   string
	json   []byte
	hash   [32]byte
	shape  *registration.Shape
	terms  []term
	lines  []line             // of the terms: what every score reads
	tests  registration.Tests // of the terms
	sets   []set
	rules  []registration.Test
	checks []registration.Test
	ranges registration.Ranges // of all that it reads
	ties   []registration.Quantity
	reads  [][]string // by line: the keys that it reads
	keys   []string   // all of them, each once
	edges  []end      // the bands' lower ends
	top    end        // the highest band's upper end
	span
	says, elses []*hubkit.Compiled // of criteria, groups and rules; of Default policies
	titles      []*hubkit.Compiled
	title       *hubkit.Compiled
	langs       []hubkit.Lang
	phrases     map[string]*hubkit.Compiled
}

// term is a criterion, ready to be counted.
type term struct {
	test        registration.Test
	per         *registration.Quantity
	points      float64
	least, most float64 // the bounds of a criterion
	number      span    // what the number can be
	span                // what the criterion can give at all
	set         int32   // the group, or -1
	curve       Curve
	policy      Policy
	open        bool // the policy is Bounds
}

// line is what a term that is known and counts nothing gives, by its truth:
// apart from the rest of the term, so that a card lies in a few cache lines.
type line struct {
	worth   [3]float64
	per     bool
	grouped bool
}

// layOut makes the lines of the terms.
func layOut(terms []term) []line {
	lines := make([]line, len(terms))
	for i := range terms {
		t := &terms[i]
		lines[i] = line{per: t.per != nil, grouped: t.set >= 0}
		lines[i].worth[registration.Yes] = t.points
	}
	return lines
}

// New proves a card and binds it to the shape of a questionnaire's answers. Its
// error is a Mistakes: everything that is wrong with the card, at once.
func New(s CardSpec, shape *registration.Shape, evs ...registration.Evaluator) (*Card, error) {
	p := prover{spec: s, shape: shape, evs: evs}
	return p.card()
}

// MustNew is New for package variables: it panics with the list of mistakes.
func MustNew(s CardSpec, shape *registration.Shape, evs ...registration.Evaluator) *Card {
	c, err := New(s, shape, evs...)
	if err != nil {
		panic(err)
	}
	return c
}

// Spec returns the card as data. Its lists are shared and must not be changed.
func (c *Card) Spec() CardSpec { return c.spec }

// ID returns the card's id.
func (c *Card) ID() string { return c.spec.ID }

// Version returns the card's version.
func (c *Card) Version() string { return c.spec.Version }

// Name returns the id and the version, as every Score has it: "ua-2024@3".
func (c *Card) Name() string { return c.name }

// Hash is the SHA-256 of the JSON: two cards with one hash give the same points
// for the same answers, and the same reasons.
func (c *Card) Hash() [32]byte { return c.hash }

// HashString is Hash in hexadecimal.
func (c *Card) HashString() string { return hex.EncodeToString(c.hash[:]) }

// Shape returns the shape that the card is bound to.
func (c *Card) Shape() *registration.Shape { return c.shape }

// Range returns bounds of the points that the card can give at all.
func (c *Card) Range() (lo, hi float64) { return c.lo, c.hi }

// Bands returns the bands from the lowest to the highest, each with both ends.
// The list is shared and must not be changed.
func (c *Card) Bands() []Band { return c.spec.Bands }

// MarshalJSON writes the card as Load reads it. The same card always gives the
// same bytes.
func (c *Card) MarshalJSON() ([]byte, error) { return append([]byte(nil), c.json...), nil }

// Score scores answers. See ScoreInto for its errors.
func (c *Card) Score(a registration.Answers) (Score, error) {
	var s Score
	err := c.ScoreInto(&s, a)
	return s, err
}

// ScoreInto is Score into a caller's value: it reuses out.Reasons, so that a
// loop over many households costs no allocation. Answers that have the card's
// shape are fastest; others are reshaped first.
//
// The error is an *AnswersError, a *ContradictionError, an *UnknownError, an
// *AmbiguousError or a *RangeError. With the third and fourth the points and
// reasons are there, for explanation, and the band is not.
func (c *Card) ScoreInto(out *Score, a registration.Answers) error {
	if a.Shape() != c.shape || len(c.checks) > 0 || !c.ranges.Hold(&a) {
		fitted, err := c.sound(a)
		if err != nil {
			*out = Score{Card: c.name, Hash: c.hash, Reasons: out.Reasons[:0]}
			return err
		}
		a = fitted
	}
	n := len(c.terms) + len(c.sets) + len(c.rules)
	if cap(out.Reasons) < n {
		out.Reasons = make([]Reason, n)
	}
	rs := out.Reasons[:n]
	out.Card, out.Hash, out.Reasons, out.Band = c.name, c.hash, rs, ""
	points, lo, hi := c.spec.Start, c.spec.Start, c.spec.Start
	refused := false
	var truths [64]registration.Truth
	for first := 0; first < len(c.lines); first += len(truths) {
		some := truths[:min(len(truths), len(c.lines)-first)]
		c.tests.EvalInto(some, first, &a)
		for j, truth := range some {
			i := first + j
			n, r := &c.lines[i], &rs[i]
			p := n.worth[truth%3]
			r.Criterion, r.Truth, r.Points, r.Lo, r.Hi = int32(i), truth, p, p, p
			l, h := p, p
			if n.per || truth == registration.Unknown {
				refused = c.terms[i].uncommon(r, a) || refused
				p, l, h = r.Points, r.Lo, r.Hi
			}
			if !n.grouped {
				points, lo, hi = points+p, lo+l, hi+h
			}
		}
	}
	var err error
	if len(c.sets) > 0 {
		for i := range c.sets {
			r := &rs[len(c.terms)+i]
			r.Criterion = int32(len(c.terms) + i)
			p, e := c.sets[i].count(r, rs, c)
			if e != nil {
				err = e
			}
			points += p
			lo += r.Lo
			hi += r.Hi
		}
	}
	out.Eligible = registration.Yes
	if len(c.rules) > 0 {
		out.Eligible = c.eligible(rs[len(c.terms)+len(c.sets):], a)
	}
	points = round(points)
	out.Points, out.Lo, out.Hi = points, points, points
	if lo != hi {
		out.Lo, out.Hi = round(lo), round(hi)
	}
	switch {
	case refused:
		return c.refused(rs, a)
	case err != nil:
		return err
	case !finite(out.Points) || !finite(out.Lo) || !finite(out.Hi):
		return &RangeError{Card: c.name}
	}
	if len(c.edges) > 0 {
		b := c.band(points)
		if b < 0 || points > c.top.x || points == c.top.x && c.top.open {
			return &RangeError{Card: c.name}
		}
		out.Band = c.spec.Bands[b].ID
	}
	return nil
}

// uncommon fills in the reason, whose Truth is that of the condition, of a
// criterion that counts something or is not known, and says whether its policy refuses.
func (t *term) uncommon(r *Reason, a registration.Answers) (refused bool) {
	if t.per != nil {
		return t.count(r, a)
	}
	r.Lo, r.Hi = t.lo, t.hi
	return t.unknown(r)
}

// unknown applies the policy to a reason whose Lo and Hi are open, and says
// whether it refuses.
func (t *term) unknown(r *Reason) (refused bool) {
	r.Points = nearest(r.Lo, r.Hi)
	if t.open {
		return false
	}
	switch t.policy.do {
	case doRefuse:
		return true
	case doZero:
		r.Points = 0
	case doWorst:
		r.Points = r.Lo
	case doBest:
		r.Points = r.Hi
	case doDefault:
		r.Points = t.policy.points
	}
	r.Lo, r.Hi = r.Points, r.Points
	return false
}

// count counts a criterion with points per unit, and says whether its policy refuses.
func (t *term) count(r *Reason, a registration.Answers) (refused bool) {
	truth := r.Truth
	if truth == registration.No {
		r.Truth, r.Points, r.Lo, r.Hi = registration.No, 0, 0, 0
		return false
	}
	n := t.per.Eval(a)
	if n.Absent {
		r.Truth, r.Points, r.Lo, r.Hi = registration.No, 0, 0, 0
		return false
	}
	vague := !finite(n.Lo) || !finite(n.Hi) // a whole roster is not known: it may be empty
	if n.Lo < n.Hi {                        // what is not known is not impossible either
		n.Lo, n.Hi = max(n.Lo, t.number.lo), min(n.Hi, t.number.hi)
	}
	r.Lo, r.Hi = t.worth(n.Lo, n.Hi)
	if vague || truth == registration.Unknown {
		r.Lo, r.Hi = min(r.Lo, 0), max(r.Hi, 0)
	}
	if r.Lo == r.Hi {
		r.Points, r.Truth = r.Lo, registration.No
		if r.Points != 0 {
			r.Truth = registration.Yes
		}
		return false
	}
	r.Truth = registration.Unknown
	return t.unknown(r)
}

// worth is the range of points that a range of the number gives.
func (t *term) worth(lo, hi float64) (from, to float64) {
	from, to = t.curve.at(lo)*t.points, t.curve.at(hi)*t.points
	if t.points < 0 {
		from, to = to, from
	}
	return min(max(from, t.least), t.most), min(max(to, t.least), t.most)
}

// at is the curve at x; each curve rises.
func (c Curve) at(x float64) float64 {
	switch c {
	case Log:
		return math.Log(x)
	case Log1p:
		return math.Log1p(x)
	case Sqrt:
		return math.Sqrt(x)
	}
	return x
}

// eligible tests the rules.
func (c *Card) eligible(rs []Reason, a registration.Answers) registration.Truth {
	all := registration.Yes
	for i := range c.rules {
		t := c.rules[i].Eval(a)
		if c.spec.Rules[i].Excludes && t != registration.Unknown {
			t = registration.Yes + registration.No - t
		}
		rs[i] = Reason{Criterion: int32(len(c.terms) + len(c.sets) + i), Truth: t}
		if t == registration.No || t == registration.Unknown && all == registration.Yes {
			all = t
		}
	}
	return all
}

// refused names the criteria that refuse, and what is not known of what they read:
// in a roster, every question of it that they read.
func (c *Card) refused(rs []Reason, a registration.Answers) error {
	e := &UnknownError{Card: c.name}
	for i := range c.terms {
		if c.terms[i].policy.do != doRefuse || rs[i].Truth != registration.Unknown {
			continue
		}
		e.Criteria = append(e.Criteria, c.spec.Criteria[i].ID)
		open := slices.DeleteFunc(slices.Clone(c.reads[i]), func(key string) bool {
			state := a.Get(key).State()
			return strings.Contains(key, ".") || state == registration.Answered || state == registration.NotAsked
		})
		if len(open) == 0 {
			open = c.reads[i]
		}
		for _, key := range open {
			if !slices.Contains(e.Reads, key) {
				e.Reads = append(e.Reads, key)
			}
		}
	}
	return e
}

// band returns the index of the band of a score, or -1.
func (c *Card) band(points float64) int {
	for i := len(c.edges) - 1; i >= 0; i-- {
		if e := &c.edges[i]; points > e.x || points == e.x && !e.open {
			return i
		}
	}
	return -1
}

// nearest is the number of [lo, hi] that is nearest to zero.
func nearest(lo, hi float64) float64 { return max(lo, min(hi, 0)) }

func finite(x float64) bool { return x-x == 0 }

// round rounds to ten decimals, so that 0.1 and 0.2 are 0.3 and the order of
// the criteria never matters. Beyond 400,000 a float64 has no ten decimals to
// round to.
func round(x float64) float64 {
	if x == float64(int32(x)) { // most cards have whole points
		return x
	}
	if x > -4e5 && x < 4e5 {
		return math.RoundToEven(x*1e10) / 1e10
	}
	return x
}
