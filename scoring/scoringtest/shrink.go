package scoringtest

import (
	"errors"
	"maps"
	"slices"

	"github.com/hubkit/hubkit/registration"
)

// Shrink takes away and makes smaller what it can of a household that breaks a
// law, as long as the law stays broken. It returns the smallest household that
// it finds and what the law says of it; for a household that keeps the law, the
// household itself and nil.
func Shrink(a registration.Answers, law Law) (registration.Answers, error) {
	err := law(a)
	if err == nil {
		return a, nil
	}
	d := draftOf(a)
	const most = 20_000 // tries, so that a slow law ends
	tries := 0
	try := func(c draft) bool {
		if tries++; tries > most {
			return false
		}
		e := law(c.fitted())
		broken := e != nil && errors.Is(e, errUntested) == errors.Is(err, errUntested)
		if broken {
			d, err = c, e
		}
		return broken
	}
	for again := true; again && tries < most; {
		again = false
		for _, roster := range slices.Sorted(maps.Keys(d.rosters)) {
			for i := len(d.rosters[roster]) - 1; i >= 0; i-- {
				c := d.clone()
				c.rosters[roster] = slices.Delete(c.rosters[roster], i, i+1)
				again = try(c) || again
			}
			if len(d.rosters[roster]) == 0 {
				c := d.clone()
				delete(c.rosters, roster)
				again = try(c) || again
			}
		}
		again = smaller(d.vals, func(d draft) map[string]registration.Value { return d.vals }, &d, try) || again
		for _, roster := range slices.Sorted(maps.Keys(d.rosters)) {
			for i := range d.rosters[roster] {
				again = smaller(d.rosters[roster][i], func(d draft) map[string]registration.Value { return d.rosters[roster][i] }, &d, try) || again
			}
		}
	}
	return d.fitted(), err
}

// smaller tries to take away or make smaller each answer of one row.
func smaller(row map[string]registration.Value, of func(draft) map[string]registration.Value, d *draft, try func(draft) bool) bool {
	done := false
	for _, k := range slices.Sorted(maps.Keys(row)) {
		c := d.clone()
		delete(of(c), k)
		if try(c) {
			done = true
			continue
		}
		for _, v := range simpler(of(*d)[k]) {
			c := d.clone()
			of(c)[k] = v
			if try(c) {
				done = true
				break
			}
		}
	}
	return done
}

// simpler are answers that are simpler than v, the simplest first.
func simpler(v registration.Value) []registration.Value {
	if n, ok := v.Int(); ok && n != 0 {
		vs := []registration.Value{registration.IntValue(0)}
		for step := n / 2; step != 0; step /= 2 {
			vs = append(vs, registration.IntValue(n-step))
		}
		if n > 0 {
			vs = append(vs, registration.IntValue(n-1))
		}
		return vs
	}
	if f, ok := v.Float(); ok && v.Kind() == registration.KindDecimal && f != 0 {
		whole := registration.DecimalValue(float64(int64(f)))
		if whole.Equal(v) {
			return []registration.Value{registration.DecimalValue(0), registration.DecimalValue(float64(int64(f / 2)))}
		}
		return []registration.Value{registration.DecimalValue(0), whole}
	}
	if yes, ok := v.Bool(); ok && yes && v.Kind() == registration.KindBool {
		return []registration.Value{registration.BoolValue(false)}
	}
	if keys, ok := v.Options(); ok && len(keys) > 0 {
		return []registration.Value{registration.OptionsValue(), registration.OptionsValue(keys[:1]...)}
	}
	return nil
}
