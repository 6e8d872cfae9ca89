package scoring

import (
	"math"
	"strconv"

	"github.com/hubkit/hubkit"
)

// Band is a range of points with a name. Each end is declared open or closed;
// an end that is not given goes on to the neighbouring band, or for ever.
// Write bands from the lowest to the highest:
//
//	scoring.Bands(scoring.From(0, "low"), scoring.From(4, "medium"))
//	scoring.Bands(scoring.UpTo(21, "poor"), scoring.UpTo(35, "borderline"), scoring.Above(35, "acceptable"))
type Band struct {
	ID       string      `json:"id"`
	AtLeast  *float64    `json:"at_least,omitempty"`  // closed lower end
	MoreThan *float64    `json:"more_than,omitempty"` // open lower end
	AtMost   *float64    `json:"at_most,omitempty"`   // closed upper end
	LessThan *float64    `json:"less_than,omitempty"` // open upper end
	Title    hubkit.Text `json:"title,omitempty"`
}

// Bands makes a list of bands, for CardSpec.
func Bands(bs ...Band) []Band { return bs }

// From is a band whose lower end belongs to it: points >= x.
func From(x float64, id string) Band { return Band{ID: id, AtLeast: &x} }

// Above is a band whose lower end does not belong to it: points > x.
func Above(x float64, id string) Band { return Band{ID: id, MoreThan: &x} }

// UpTo is a band that is known by its upper end, which belongs to it: points <= x.
func UpTo(x float64, id string) Band { return Band{ID: id, AtMost: &x} }

// Below is a band that is known by its upper end, which does not belong to it: points < x.
func Below(x float64, id string) Band { return Band{ID: id, LessThan: &x} }

// UpTo gives the band an upper end that belongs to it.
func (b Band) UpTo(x float64) Band { b.AtMost = &x; return b }

// Below gives the band an upper end that does not belong to it.
func (b Band) Below(x float64) Band { b.LessThan = &x; return b }

// Named gives the band a title in every language.
func (b Band) Named(title hubkit.Text) Band { b.Title = title; return b }

// Holds says whether points lie in the band. Ends that are not given do not
// bound: ask a Card's bands, which have both.
func (b Band) Holds(points float64) bool {
	lo, hi := b.lower(), b.upper()
	return (points > lo.x || !lo.open && points == lo.x) && (points < hi.x || !hi.open && points == hi.x)
}

// String returns the range in mathematical notation: "[4, 8)".
func (b Band) String() string {
	lo, hi := b.lower(), b.upper()
	left, right := "[", "]"
	if lo.open {
		left = "("
	}
	if hi.open {
		right = ")"
	}
	return left + number(lo.x) + ", " + number(hi.x) + right
}

// end is one end of a band.
type end struct {
	x    float64
	open bool
}

func (b *Band) lower() end {
	switch {
	case b.AtLeast != nil:
		return end{*b.AtLeast, false}
	case b.MoreThan != nil:
		return end{*b.MoreThan, true}
	}
	return end{math.Inf(-1), true}
}

func (b *Band) upper() end {
	switch {
	case b.AtMost != nil:
		return end{*b.AtMost, false}
	case b.LessThan != nil:
		return end{*b.LessThan, true}
	}
	return end{math.Inf(1), true}
}

// complete returns the bands with the ends that their neighbours give them.
func complete(bs []Band) []Band {
	out := make([]Band, len(bs))
	copy(out, bs)
	for i := range out {
		if i+1 < len(out) && out[i].AtMost == nil && out[i].LessThan == nil {
			switch next := &bs[i+1]; {
			case next.AtLeast != nil:
				out[i].LessThan = next.AtLeast
			case next.MoreThan != nil:
				out[i].AtMost = next.MoreThan
			}
		}
		if i > 0 && out[i].AtLeast == nil && out[i].MoreThan == nil {
			switch before := &bs[i-1]; {
			case before.LessThan != nil:
				out[i].AtLeast = before.LessThan
			case before.AtMost != nil:
				out[i].MoreThan = before.AtMost
			}
		}
	}
	return out
}

// number prints x with the digits it needs.
func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
