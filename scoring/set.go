package scoring

import "github.com/hubkit/hubkit/registration"

// set is a group, ready to be counted.
type set struct {
	id          string
	hit         Hit
	least, most float64
	members     []int32 // criteria in the order of the card
}

// count makes one number of the group's criteria. It fills in r and returns
// the points of the whole group; r.Points is what the group changes.
func (s *set) count(r *Reason, rs []Reason, c *Card) (points float64, err error) {
	var sum, lo, hi float64
	for _, m := range s.members {
		sum += rs[m].Points
		lo += rs[m].Lo
		hi += rs[m].Hi
	}
	points = sum
	switch s.hit {
	case Highest:
		lo, hi, points = s.highest(rs)
	case First:
		lo, hi, points = s.first(rs, c)
	case Unique:
		lo, hi, points, err = s.unique(rs, c)
	}
	r.Lo, r.Hi = min(max(lo, s.least), s.most), min(max(hi, s.least), s.most)
	points = min(max(points, s.least), s.most)
	r.Points, r.Truth = round(points-sum), registration.No
	switch {
	case r.Lo != r.Hi:
		r.Truth = registration.Unknown
	case r.Points != 0:
		r.Truth = registration.Yes
	}
	return points, err
}

// holds says whether a criterion counts. One that is not known counts all the
// same if it surely gives something: because its policy leaves nothing open, or
// because two small children are known and only a third person's age is not.
func holds(r *Reason) registration.Truth {
	if r.Truth != registration.Unknown {
		return r.Truth
	}
	switch {
	case r.Lo > 0 || r.Hi < 0:
		return registration.Yes
	case r.Lo == r.Hi:
		return registration.No
	}
	return registration.Unknown
}

func (s *set) highest(rs []Reason) (lo, hi, points float64) {
	some, sure := false, false
	var open float64 // the least that an unknown criterion may give
	for _, m := range s.members {
		r := &rs[m]
		h := holds(r)
		if h == registration.No {
			continue
		}
		if !some {
			some, hi = true, r.Hi
		}
		hi = max(hi, r.Hi)
		switch {
		case h == registration.Unknown:
			open = min(open, r.Lo)
		case !sure:
			sure, lo, points = true, r.Lo, r.Points
		default:
			lo, points = max(lo, r.Lo), max(points, r.Points)
		}
	}
	if sure {
		return lo, hi, points
	}
	return open, hi, 0 // hi is not below 0: an open criterion may give nothing
}

func (s *set) first(rs []Reason, c *Card) (lo, hi, points float64) {
	some := false
	for _, m := range s.members {
		r := &rs[m]
		h := holds(r)
		if h == registration.No {
			continue
		}
		from, to := r.Lo, r.Hi
		if t := &c.terms[m]; t.per == nil && h == registration.Unknown {
			from, to = t.points, t.points
		}
		if some {
			lo, hi = min(lo, from), max(hi, to)
		} else {
			lo, hi, some = from, to, true
		}
		if h == registration.Yes {
			return lo, hi, nearest(lo, hi)
		}
	}
	lo, hi = min(lo, 0), max(hi, 0) // perhaps none holds
	return lo, hi, 0
}

func (s *set) unique(rs []Reason, c *Card) (lo, hi, points float64, err error) {
	held, only := 0, int32(0)
	for _, m := range s.members {
		switch r := &rs[m]; holds(r) {
		case registration.Yes:
			held, only = held+1, m
		case registration.Unknown:
			lo, hi = min(lo, r.Lo), max(hi, r.Hi)
		}
	}
	switch held {
	case 0:
		return lo, hi, 0, nil
	case 1:
		return rs[only].Lo, rs[only].Hi, rs[only].Points, nil
	}
	e := &AmbiguousError{Card: c.name, Group: s.id}
	for _, m := range s.members {
		if holds(&rs[m]) == registration.Yes {
			e.Criteria = append(e.Criteria, c.spec.Criteria[m].ID)
		}
	}
	return 0, 0, 0, e
}

// reach is all that the group can give before its own bounds.
func (s *set) reach(terms []term) span {
	var all span
	for _, m := range s.members {
		t := terms[m].span
		if s.hit == Sum {
			all.lo += t.lo
			all.hi += t.hi
		} else {
			all.lo, all.hi = min(all.lo, t.lo), max(all.hi, t.hi)
		}
	}
	return all
}
