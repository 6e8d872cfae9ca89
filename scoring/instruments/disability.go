package instruments

import (
	"slices"
	"strconv"

	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

// The levels of difficulty of the Washington Group, in their order.
const (
	LevelNone   = "none"   // no difficulty
	LevelSome   = "some"   // some difficulty
	LevelALot   = "a_lot"  // a lot of difficulty
	LevelCannot = "cannot" // cannot do it at all
)

// wgLevels are the options of every question of the short set.
var wgLevels = []string{LevelNone, LevelSome, LevelALot, LevelCannot}

// Domains are the keys of the six questions of the Washington Group Short Set.
// The zero value takes the names of the domains: seeing, hearing, walking,
// remembering, self_care, communicating.
type Domains struct{ Seeing, Hearing, Walking, Remembering, SelfCare, Communicating string }

func (d Domains) keys() []string {
	ks := []string{d.Seeing, d.Hearing, d.Walking, d.Remembering, d.SelfCare, d.Communicating}
	for i, name := range []string{"seeing", "hearing", "walking", "remembering", "self_care", "communicating"} {
		if ks[i] == "" {
			ks[i] = name
		}
	}
	return ks
}

// Disability1 is DIS1 of the Washington Group Short Set: some difficulty or more
// in at least one domain. Use it on a member: members.Any(domains.Disability3()).
//
// Each of the four is Unknown while a domain is not known and the others do not
// decide. A 2024 study on medRxiv found that DIS3, which is recommended, misses a
// third of blind and two fifths of deaf adults: report all four.
func (d Domains) Disability1() registration.Condition { return d.any(LevelSome) }

// Disability2 is DIS2: some difficulty in at least two domains, or a lot in one.
func (d Domains) Disability2() registration.Condition {
	ks := d.keys()
	either := []registration.Condition{d.any(LevelALot)}
	for i, a := range ks {
		for _, b := range ks[:i] {
			either = append(either, registration.All(from(a, LevelSome), from(b, LevelSome)))
		}
	}
	return registration.Any(either...)
}

// Disability3 is DIS3, which the Washington Group recommends: a lot of difficulty
// or more in at least one domain.
func (d Domains) Disability3() registration.Condition { return d.any(LevelALot) }

// Disability4 is DIS4: at least one domain in which the person cannot do it at all.
func (d Domains) Disability4() registration.Condition { return d.any(LevelCannot) }

func (d Domains) any(level string) registration.Condition {
	var cs []registration.Condition
	for _, k := range d.keys() {
		cs = append(cs, from(k, level))
	}
	return registration.Any(cs...)
}

// ItemAge is the age in years.
const ItemAge = "age"

// WGSS is the Washington Group Short Set for one person aged 5 and older: the
// band is yes from 1 point on, and the person is eligible for the set from 5 years
// on. level is 1 to 4, for DIS1 to DIS4; see ErrNoInstrument for others.
//
// A domain that is not known leaves the result open unless another decides.
func WGSS(level int) Instrument {
	d := Domains{}
	conditions := []registration.Condition{d.Disability1(), d.Disability2(), d.Disability3(), d.Disability4()}
	name := "wgss.DIS" + strconv.Itoa(level)
	if level < 1 || level > len(conditions) {
		return none(name, "the levels are 1 to 4")
	}
	return wgss(name, "An answer that is not known gives no result (an *UnknownError) unless another domain decides.", conditions[level-1])
}

// WGSSHumind is WGSS as IMPACT's humind 2025.1.4 computes it: "don't know" and
// "prefer not to say" never count as a difficulty; only an answer that is missing
// leaves the result open.
func WGSSHumind(level int) Instrument {
	name := "wgss.humind.DIS" + strconv.Itoa(level)
	if level < 1 || level > 4 {
		return none(name, "the levels are 1 to 4")
	}
	least := []string{LevelSome, LevelALot, LevelALot, LevelCannot}[level-1]
	has := func(k, l string) registration.Condition {
		q := registration.Choice(k, nil)
		return registration.All(from(k, l), registration.Not(q.IsUnknown()), registration.Not(q.IsRefused()))
	}
	ks := Domains{}.keys()
	var cs, pairs, known []registration.Condition
	for i, a := range ks {
		cs = append(cs, has(a, least))
		q := registration.Choice(a, nil)
		known = append(known, registration.Any(from(a, LevelNone), q.IsUnknown(), q.IsRefused()))
		for _, b := range ks[:i] {
			pairs = append(pairs, registration.All(has(a, LevelSome), has(b, LevelSome)))
		}
	}
	if level == 2 { // two times "some" decide only when no answer is missing
		cs = append(cs, registration.All(append(known, registration.Any(pairs...))...))
	}
	return wgss(name, "Don't know and refused are no difficulty; a missing answer gives no result (an *UnknownError) unless another domain decides.", registration.Any(cs...))
}

// WGSSWFP is the disability of the head of the household as WFP's indicator CC1.4
// takes it (scripts of January 2026, Apache-2.0): a lot of difficulty or more in
// at least one domain, at any age. Don't know (888), refused (999) and missing
// are no difficulty: WGSS leaves them open.
func WGSSWFP() Instrument {
	in := wgss("wgss.WFP2026", "Don't know, refused and missing are no difficulty.", Domains{}.Disability3())
	in.Source, in.Spec.Sources, in.Spec.Rules = wfp, []string{wfp}, nil
	in.Spec.Criteria[0] = in.Spec.Criteria[0].Missing(scoring.Zero())
	in.Items = in.Items[1:] // the age is not read
	return in
}

func wgss(name, missing string, c registration.Condition) Instrument {
	const source = "Washington Group on Disability Statistics, Short Set; cut-offs as in humind 2025.1.4, MIT"
	slots := []registration.Slot{{Key: ItemAge, Kind: registration.KindInteger, Min: 0, Max: 120}}
	for _, k := range (Domains{}).keys() {
		slots = append(slots, choice(k, wgLevels...))
	}
	spec := card(name, "1", source, scoring.Criteria(scoring.Add(1, "disability", c).Missing(scoring.Refuse())), scoring.Below(1, "no"), scoring.From(1, "yes"))
	spec.Rules = []scoring.Rule{scoring.Require("age_5", number(ItemAge).AtLeast(5))}
	return Instrument{Name: name, Edition: "Short Set", Source: source, Missing: missing, Items: slots, Spec: spec}
}

// ChildFunctioning24 is the UNICEF and Washington Group Child Functioning Module
// for ages 2 to 4 on one child, as a condition for members: code 3 (a lot) or 4
// (cannot) in any of seeing CF2 or CF3, hearing CF5 or CF6, walking CF8 or CF10,
// CF11, CF12, CF13, CF14, CF15; of behaviour CF16 only code 4 (a lot more). Codes
// are the options 1 to 4; code 9 is an answer that is not known. keys renames
// the questions.
func ChildFunctioning24(keys map[string]string) registration.Condition {
	var cs []registration.Condition
	for _, k := range []string{"CF2", "CF3", "CF5", "CF6", "CF8", "CF10", "CF11", "CF12", "CF13", "CF14", "CF15", "CF16"} {
		codes := []string{"3", "4"}
		if k == "CF16" {
			codes = slices.Clone(codes[1:])
		}
		if to := keys[k]; to != "" {
			k = to
		}
		cs = append(cs, is(k, codes...))
	}
	return registration.Any(cs...)
}
