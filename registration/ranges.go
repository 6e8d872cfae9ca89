package registration

import (
	"math"
	"strings"
)

// Ranges are what the questions of a shape allow, for those answers that
// something reads, laid out so that a check costs a nanosecond or two an answer.
// An interview keeps them by itself; answers that were put together elsewhere may
// not. Safe for concurrent use.
type Ranges struct {
	shape   *Shape
	bounds  []bound
	rosters []rosterBounds
}

// bound is the range of one number.
type bound struct {
	slot   int32
	lo, hi float64
}

// rosterBounds are the ranges of the members of a roster.
type rosterBounds struct {
	slot    int32
	most    int
	members *Shape
	bounds  []bound
}

// NewRanges lays out the ranges of the answers under keys: "income", or
// "members.age" for a question of members. Keys that the shape lacks, and answers
// that are no numbers, have none.
func NewRanges(s *Shape, keys ...string) Ranges {
	rs := Ranges{shape: s}
	roster := func(slot int) *rosterBounds {
		for i := range rs.rosters {
			if rs.rosters[i].slot == int32(slot) {
				return &rs.rosters[i]
			}
		}
		sl := &s.slots[slot]
		rs.rosters = append(rs.rosters, rosterBounds{slot: int32(slot), most: sl.MaxRows, members: sl.Rows})
		return &rs.rosters[len(rs.rosters)-1]
	}
	for _, key := range keys {
		outer, inner, of := strings.Cut(key, ".")
		i, ok := s.index[outer]
		switch {
		case !ok:
		case s.slots[i].Kind == KindRows:
			r := roster(i)
			if j, ok := r.members.index[inner]; of && ok {
				r.bounds = appendBound(r.bounds, r.members, j)
			}
		case !of:
			rs.bounds = appendBound(rs.bounds, s, i)
		}
	}
	return rs
}

func appendBound(bs []bound, s *Shape, i int) []bound {
	sl := &s.slots[i]
	switch sl.Kind {
	case KindInteger, KindDecimal, KindDate:
		if !math.IsInf(sl.Min, -1) || !math.IsInf(sl.Max, 1) {
			bs = append(bs, bound{int32(i), sl.Min, sl.Max})
		}
	}
	return bs
}

// Hold says whether answers of the shape are what their questions allow. Answers
// of another shape are not looked at: reshape them first.
func (rs *Ranges) Hold(a *Answers) bool {
	if a.shape != rs.shape {
		return true
	}
	if !within(rs.bounds, a.vals) {
		return false
	}
	for i := range rs.rosters {
		r := &rs.rosters[i]
		m := a.vals[r.slot].more
		if m == nil || m.shape != r.members {
			continue
		}
		if r.most > 0 && len(m.rows) > r.most {
			return false
		}
		for _, row := range m.rows {
			if !within(r.bounds, row) {
				return false
			}
		}
	}
	return true
}

func within(bs []bound, vals []Value) bool {
	for i := range bs {
		b := &bs[i]
		v := &vals[b.slot]
		if v.state != Answered {
			continue
		}
		f := float64(v.n)
		if v.kind == KindDecimal {
			f = math.Float64frombits(uint64(v.n))
		}
		if !(f >= b.lo && f <= b.hi) {
			return false
		}
	}
	return true
}
