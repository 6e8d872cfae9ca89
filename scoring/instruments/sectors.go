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
// others depend on a survey's own indicators: bring them, or use LSG.
func MSNI() Instrument {
	const source = "impact-initiatives-hppu/humind 2025.1.4, MIT"
	var slots []registration.Slot
	var cs []scoring.Criterion
	for _, k := range msniItems {
		slots = append(slots, registration.Slot{Key: k, Kind: registration.KindInteger, Min: 1, Max: 5})
		cs = append(cs, scoring.Per(1, k, number(k)).In("sectors").Missing(scoring.Zero()))
	}
	spec := card("msni", "2025.1", source, cs, scoring.Below(3, "none"), scoring.From(3, "need"), scoring.From(4, "severe"))
	spec.Groups = []scoring.Group{{ID: "sectors", Hit: scoring.Highest}}
	return Instrument{
		Name: "msni", Edition: "2025.1.4", Source: source, Missing: "A sector that is not known is left out of the maximum; 0 points mean that none is known.",
		Items: slots, Spec: spec,
	}
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
// indicator in the survey's own framework.
type Severity struct {
	Key  string
	Most int
}

// LSG is a living standard gap of the MSNI of 2022, for one sector: the highest of
// its indicators, each up to its Most. impact-initiatives/msni2022, MIT.
func LSG(sector string, indicators ...Severity) Instrument {
	const source = "impact-initiatives/msni2022, MIT"
	var slots []registration.Slot
	var cs []scoring.Criterion
	for _, s := range indicators {
		slots = append(slots, registration.Slot{Key: s.Key, Kind: registration.KindInteger, Min: 1, Max: 5})
		c := scoring.Per(1, s.Key, number(s.Key)).In("indicators").Missing(scoring.Zero())
		if s.Most < 5 {
			c = c.Cap(float64(s.Most))
		}
		cs = append(cs, c)
	}
	name := "msni2022." + sector
	spec := card(name, "2022", source, cs)
	spec.Groups = []scoring.Group{{ID: "indicators", Hit: scoring.Highest}}
	return Instrument{
		Name: name, Edition: "2022", Source: source, Missing: "An indicator that is not known is left out of the maximum; 0 points mean that none is known.",
		Items: slots, Spec: spec,
	}
}
