package scoring

import (
	"math"
	"slices"
)

// shadows refuses criteria that others of their group always hide.
func (p *prover) shadows(s *set) {
	top := scope{top: p.shape}
	trees := make([]tree, len(s.members))
	for i, m := range s.members {
		trees[i] = treeOf(p.spec.Criteria[m].If)
	}
	for i, m := range s.members {
		c := &p.spec.Criteria[m]
		if c.Per != nil || isZero(c.If) {
			continue
		}
		hides := func(j int, n int32) bool {
			o := &p.spec.Criteria[n]
			if o.Per != nil || isZero(o.If) || i == j {
				return false
			}
			if s.hit == First {
				return j < i && trees[i].implies(top, &trees[j])
			}
			// Of two that are alike, the later one is to blame.
			return c.Points > 0 && (o.Points > c.Points || o.Points == c.Points && (j < i || !trees[j].implies(top, &trees[i]))) && trees[i].implies(top, &trees[j])
		}
		for j, n := range s.members {
			if !hides(j, n) {
				continue
			}
			if s.hit == First {
				p.fail("shadowed", "criterion "+c.ID, "it is never reached, because %q stands before it in the group %q and holds whenever this one does: put this one before it, or take it out", p.spec.Criteria[n].ID, s.id)
			} else {
				p.fail("shadowed", "criterion "+c.ID, "it never counts, because %q of the group %q holds whenever this one does, and gives as many points or more: give this one more, or take it out", p.spec.Criteria[n].ID, s.id)
			}
			break
		}
	}
}

// implies says that a holds whenever t does, for a household that answered every
// question that t reads. It is sure of a true, and generous with a false.
func (t *tree) implies(s scope, a *tree) bool {
	switch {
	case t.equal(a):
		return true
	case a.Op == "all":
		return !slices.ContainsFunc(a.Args, func(x tree) bool { return !t.implies(s, &x) })
	case t.Op == "any":
		return !slices.ContainsFunc(t.Args, func(x tree) bool { return !x.implies(s, a) })
	case a.Op == "any" && slices.ContainsFunc(a.Args, func(x tree) bool { return t.implies(s, &x) }):
		return true
	case t.Op == "any_member" && a.Op == "any_member" && t.Key == a.Key:
		in, _ := s.inside(t.Key)
		return t.Args[0].implies(in, &a.Args[0])
	case t.Op == "all" && slices.ContainsFunc(t.Args, func(x tree) bool { return x.implies(s, a) }):
		return true
	}
	f := facts{}
	return f.admit(s, t) && !f.denies(s, a)
}

// equal says whether two trees are the same.
func (t *tree) equal(a *tree) bool {
	return t.Op == a.Op && t.Key == a.Key && t.Text == a.Text && t.Source == a.Source && t.N == a.N &&
		slices.EqualFunc(t.Args, a.Args, func(x, y tree) bool { return x.equal(&y) })
}

// denies adds that t does not hold, and says whether an answer can meet all of it.
// Only what is asked anyway counts: a question that is not asked denies everything.
func (f facts) denies(s scope, t *tree) bool {
	key := t.Key
	if len(t.Args) == 2 && t.Args[0].Op == "value" {
		key = t.Args[0].Key
	}
	if a, known := f[key]; !known || !a.some {
		return true
	}
	switch t.Op {
	case "yes":
		return f.narrow(s, key, math.Inf(-1), 0)
	case "at_least":
		if i, ok := s.option(t); ok {
			return f.narrow(s, key, math.Inf(-1), i-1)
		}
	case "at_most":
		if i, ok := s.option(t); ok {
			return f.narrow(s, key, i+1, math.Inf(1))
		}
	case "is":
		if i, ok := s.option(t); ok {
			return f[key].lo != i || f[key].hi != i
		}
	case "<", "<=", ">", ">=":
		flipped := *t
		flipped.Op = map[string]string{"<": ">=", "<=": ">", ">": "<=", ">=": "<"}[t.Op]
		return f.compared(s, &flipped)
	case "==":
		if t.Args[1].Op == "number" {
			return f[key].lo != t.Args[1].N || f[key].hi != t.Args[1].N
		}
	}
	return true
}
