package instruments

import (
	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

// Sectors of the Multi-Sectoral Needs Index, each with a composite from 1 to 5.
var msniItems = []string{"comp_foodsec_score", "comp_snfi_score", "comp_wash_score", "comp_prot_score", "comp_health_score", "comp_edu_score"}

// MSNI is IMPACT's Multi-Sectoral Needs Index of 2025: the highest of six sector
// composites, 1 to 5. Bands: none, need from 3 on, severe from 4 on. The composite
// of food security is the phase of PhaseFC, that of health is MSNIHealth; the
// others depend on a survey's own indicators: bring them, or use LSG. A household
// of which no sector is known has no score, as humind gives it none.
func MSNI() Instrument {
	const source = "impact-initiatives-hppu/humind 2025.1.4, MIT"
	var slots []registration.Slot
	var cs []scoring.Criterion
	for _, k := range msniItems {
		slots = append(slots, registration.Slot{Key: k, Kind: registration.KindInteger, Min: 1, Max: 5})
		cs = append(cs, scoring.Per(1, k, number(k)).In("sectors").Missing(scoring.Zero()))
	}
	spec := card("msni", "2025.1", source, append(cs, anyKnown(msniItems).In("sectors")), scoring.From(1, "none").Below(3), scoring.From(3, "need"), scoring.From(4, "severe"))
	spec.Groups = []scoring.Group{atLeastOne("sectors")}
	return Instrument{
		Name: "msni", Edition: "2025.1.4", Source: source, Missing: "A sector that is not known is left out of the maximum; if none is known there is no score (an *UnknownError).",
		Items: slots, Spec: spec,
	}
}

// undecided is a condition that is never known, because it divides by 0. It makes
// unknown what would be no, such as a test on what was not asked.
func undecided() registration.Condition {
	return registration.Constant(1).Over(registration.Constant(0)).AtLeast(1)
}

// anyKnown is a criterion that refuses while none of some severities is known. It
// gives the point that one that is known has at least, so that the highest of them
// is the same with it and without.
func anyKnown(keys []string) scoring.Criterion {
	var cs []registration.Condition
	for _, k := range keys {
		cs = append(cs, registration.Integer(k, nil).IsAnswered())
	}
	return scoring.Add(1, "any_known", registration.Any(append(cs, undecided())...)).Missing(scoring.Refuse())
}

// atLeastOne is a group of severities, of which the highest counts.
func atLeastOne(id string) scoring.Group {
	one := 1.0
	return scoring.Group{ID: id, Hit: scoring.Highest, Least: &one}
}

// sectors are the names of the MSNI's sectors in its profile.
var sectors = []string{"Food security", "SNFI", "WASH", "Protection", "Health", "Education"}

// SectorsInNeed lists the sectors of an MSNI score whose composite is 3 or more,
// by the names that humind 2025.1.4 joins with " - " into a profile. Where no
// sector is in need it is empty; humind then leaves the number and the profile
// empty too.
func SectorsInNeed(msni scoring.Score) []string {
	var out []string
	for i, name := range sectors {
		if i < len(msni.Reasons) && msni.Reasons[i].Points >= 3 {
			out = append(out, name)
		}
	}
	return out
}

// MSNIHealth is the health composite of the MSNI, 1 to 3: 3 if a member needed
// health care and did not get it (health_unmet), 2 if one needed it and got it
// (health_met), else 1. humind 2025.1.4, MIT.
func MSNIHealth() Instrument {
	const source = "impact-initiatives-hppu/humind 2025.1.4, MIT"
	spec := card("msni.health", "2025.1", source, scoring.Criteria(
		scoring.Add(2, "health_unmet", yes("health_unmet")).In("needs").Missing(scoring.Refuse()),
		scoring.Add(1, "health_met", yes("health_met")).In("needs").Missing(scoring.Refuse()),
	), scoring.Below(2, "1"), scoring.From(2, "2"), scoring.From(3, "3"))
	spec.Start, spec.Groups = 1, []scoring.Group{{ID: "needs", Hit: scoring.Highest}}
	return Instrument{
		Name: "msni.health", Edition: "2025.1.4", Source: source, Missing: "A missing answer gives no score (an *UnknownError).",
		Items: []registration.Slot{yesNo("health_unmet"), yesNo("health_met")}, Spec: spec,
	}
}

// Severity is an indicator of a living standard gap: a number from 1 to 5 under
// Key, which counts no further than Most. Most depends on the type of the
// indicator in the survey's own framework, and is from 1 to 5 too.
type Severity struct {
	Key  string
	Most int
}

// LSG is a living standard gap of the MSNI of 2022, for one sector: the highest of
// its indicators, each up to its Most. impact-initiatives/msni2022, MIT. Without
// indicators, or with a Most that is not from 1 to 5, there is none: see
// ErrNoInstrument.
func LSG(sector string, indicators ...Severity) Instrument {
	const source = "impact-initiatives/msni2022, MIT"
	name := "msni2022." + sector
	if len(indicators) == 0 {
		return none(name, "a sector needs at least one indicator")
	}
	var slots []registration.Slot
	var cs []scoring.Criterion
	var keys []string
	for _, s := range indicators {
		if s.Most < 1 || s.Most > 5 {
			return none(name, "the indicator %q counts up to %d, and must count up to a number from 1 to 5", s.Key, s.Most)
		}
		slots = append(slots, registration.Slot{Key: s.Key, Kind: registration.KindInteger, Min: 1, Max: 5})
		c := scoring.Per(1, s.Key, number(s.Key)).In("indicators").Missing(scoring.Zero())
		if s.Most < 5 {
			c = c.Cap(float64(s.Most))
		}
		cs, keys = append(cs, c), append(keys, s.Key)
	}
	spec := card(name, "2022", source, append(cs, anyKnown(keys).In("indicators")))
	spec.Groups = []scoring.Group{atLeastOne("indicators")}
	return Instrument{
		Name: name, Edition: "2022", Source: source, Missing: "An indicator that is not known is left out of the maximum; if none is known there is no score (an *UnknownError).",
		Items: slots, Spec: spec,
	}
}
