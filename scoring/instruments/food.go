package instruments

import (
	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

const (
	wfp       = "WFP-VAM/RAMResourcesScripts, scripts of January 2026, Apache-2.0"
	ipcTable  = "IPC reference table, as WFP's scripts of January 2026 have it"
	impact    = "impact-initiatives/addindicators v0.1.1 (2024), MIT"
	fanta     = "Ballard et al., Household Hunger Scale: Indicator Definition and Measurement Guide, FANTA, 2011"
	asUnknown = "A missing answer gives no score (an *UnknownError); an impossible one is an *AnswersError."
)

var fcsItems = []item{
	{"FCSStap", 2}, {"FCSPulse", 3}, {"FCSDairy", 4}, {"FCSPr", 4}, {"FCSVeg", 1}, {"FCSFruit", 1}, {"FCSFat", 0.5}, {"FCSSugar", 0.5},
}

// lenient is a weighted sum in which missing and impossible days are no days.
func lenient(items []item) (slots []registration.Slot, cs []scoring.Criterion) {
	for _, it := range items {
		n := number(it.key)
		slots = append(slots, anyDays(it.key))
		cs = append(cs, scoring.Per(it.weight, it.key, n).When(registration.All(n.AtLeast(0), n.AtMost(7))).
			Cap(7*it.weight).Floor(0).Missing(scoring.Zero()))
	}
	return slots, cs
}

// exact is a weighted sum of days that all must be known.
func exact(items []item) (slots []registration.Slot, cs []scoring.Criterion) {
	for _, it := range items {
		slots = append(slots, days(it.key))
		cs = append(cs, scoring.Per(it.weight, it.key, number(it.key)).Missing(scoring.Refuse()))
	}
	return slots, cs
}

func fcsBands(poor, borderline float64) []scoring.Band {
	return scoring.Bands(scoring.UpTo(poor, "poor"), scoring.UpTo(borderline, "borderline"), scoring.Above(borderline, "acceptable"))
}

// FCSWFP2026 is the Food Consumption Score as WFP's script of January 2026
// computes it: days 0 to 7 of the last 7 per food group, weighted (staples 2,
// pulses 3, dairy and meat, fish or egg 4, vegetables and fruit 1, oil and sugar
// 0.5), 0 to 112. Bands: poor up to 21, borderline up to 35; or, where oil and
// sugar are eaten almost daily (oilDaily), 28 and 42.
//
// Mind that a household without any answer scores 0, which is poor, and that a
// typing error of 8 days counts less than 7: FCSStrict does neither.
func FCSWFP2026(oilDaily bool) Instrument {
	slots, cs := lenient(fcsItems)
	return fcs("fcs.WFP2026", "Missing and impossible days (below 0 or above 7) count as 0.", slots, cs, oilDaily)
}

// FCSStrict is the Food Consumption Score with the same weights and bands as
// FCSWFP2026, for complete and possible answers only, as IMPACT computes it.
func FCSStrict(oilDaily bool) Instrument {
	slots, cs := exact(fcsItems)
	return fcs("fcs.Strict", asUnknown, slots, cs, oilDaily)
}

func fcs(name, missing string, slots []registration.Slot, cs []scoring.Criterion, oilDaily bool) Instrument {
	poor, borderline, version := 21.0, 35.0, "2026-01"
	if oilDaily {
		poor, borderline, version = 28, 42, "2026-01-oil"
	}
	return Instrument{
		Name: name, Edition: "January 2026", Source: wfp, Missing: missing, LowIsNeedier: true, Items: slots,
		Spec: card(name, version, wfp, cs, fcsBands(poor, borderline)...),
	}
}

// The subgroups of each nutrient. FCSDairy and FCSPulse are groups of the FCS.
var nutrients = map[string][]string{
	"vitamin_a": {"FCSDairy", "FCSNPrMeatO", "FCSNPrEggs", "FCSNVegOrg", "FCSNVegGre", "FCSNFruiOrg"},
	"protein":   {"FCSPulse", "FCSDairy", "FCSNPrMeatF", "FCSNPrMeatO", "FCSNPrFish", "FCSNPrEggs"},
	"haem_iron": {"FCSNPrMeatF", "FCSNPrMeatO", "FCSNPrFish"},
}

// FCSNVitaminA is the vitamin A part of the Food Consumption Score Nutritional
// Quality Analysis (FCS-N): the days of six groups and subgroups, added up, as
// WFP's script of January 2026 does. Bands: never (0), sometimes (1 to 6),
// daily (7 and more).
func FCSNVitaminA() Instrument { return fcsn("vitamin_a") }

// FCSNProtein is the protein part of FCS-N.
func FCSNProtein() Instrument { return fcsn("protein") }

// FCSNIron is the haem iron part of FCS-N; it goes up to 21.
func FCSNIron() Instrument { return fcsn("haem_iron") }

func fcsn(nutrient string) Instrument {
	var items []item
	for _, k := range nutrients[nutrient] {
		items = append(items, item{k, 1})
	}
	slots, cs := lenient(items)
	name := "fcsn." + nutrient
	return Instrument{
		Name: name, Edition: "January 2026", Source: wfp, Missing: "Missing and impossible days count as 0.", LowIsNeedier: true, Items: slots,
		Spec: card(name, "2026-01", wfp, cs, scoring.Below(1, "never"), scoring.From(1, "sometimes"), scoring.From(7, "daily")),
	}
}

// RCSI is the reduced Coping Strategies Index: days 0 to 7 of the last 7 on
// which a household ate less preferred food (1), borrowed food (2), had fewer
// meals (1), smaller portions (1), or adults ate less so that children could
// eat (3); 0 to 56. Bands are the phases of the IPC: 1 up to 3, 2 up to 18, 3 to 5
// above; with split, 3 up to 42 and 4 above, as WFP offers. (CARI counts
// from 4, MDDI above 18.)
func RCSI(split bool) Instrument {
	slots, cs := exact([]item{{"rCSILessQlty", 1}, {"rCSIBorrow", 2}, {"rCSIMealNb", 1}, {"rCSIMealSize", 1}, {"rCSIMealAdult", 3}})
	bands, version := scoring.Bands(scoring.UpTo(3, "1"), scoring.UpTo(18, "2"), scoring.Above(18, "3-5")), "2026-01"
	if split {
		bands, version = scoring.Bands(scoring.UpTo(3, "1"), scoring.UpTo(18, "2"), scoring.Below(43, "3"), scoring.From(43, "4")), "2026-01-split"
	}
	return Instrument{
		Name: "rcsi", Edition: "January 2026", Source: wfp, Missing: asUnknown, Items: slots,
		Spec: card("rcsi", version, ipcTable, cs, bands...),
	}
}

var hddsItems = []string{
	"HDDSStapCer", "HDDSStapRoot", "HDDSPulse", "HDDSDairy", "HDDSPrMeat", "HDDSPrFish", "HDDSPrEggs",
	"HDDSVeg", "HDDSFruit", "HDDSFat", "HDDSSugar", "HDDSCond",
}

// HDDS is the Household Dietary Diversity Score: how many of twelve food groups
// were eaten in the last 24 hours. Bands are phases of the IPC: 4-5 up to 2
// groups, 3 up to 4, 1-2 from 5 on.
func HDDS() Instrument {
	slots, cs := ticks(hddsItems, scoring.Refuse())
	return Instrument{
		Name: "hdds", Edition: "January 2026", Source: wfp, Missing: "A missing answer gives no score (an *UnknownError).",
		LowIsNeedier: true, Items: slots,
		Spec: card("hdds", "2026-01", ipcTable, cs, scoring.UpTo(2, "4-5"), scoring.UpTo(4, "3"), scoring.Above(4, "1-2")),
	}
}

// ticks counts how many questions were answered yes.
func ticks(keys []string, p scoring.Policy) (slots []registration.Slot, cs []scoring.Criterion) {
	for _, k := range keys {
		slots = append(slots, yesNo(k))
		cs = append(cs, scoring.Add(1, k, yes(k)).Missing(p))
	}
	return slots, cs
}

var fiesItems = []string{"WORRIED", "HEALTHY", "FEWFOOD", "SKIPPED", "ATELESS", "RUNOUT", "HUNGRY", "WHLDAY"}

// FIES is the raw score of FAO's Food Insecurity Experience Scale: how many of
// eight questions were answered yes, for complete answers only. It has no bands:
// severity needs the Rasch model over a whole survey.
func FIES() Instrument {
	slots, cs := ticks(fiesItems, scoring.Refuse())
	return Instrument{
		Name: "fies.raw", Edition: "eight questions, 30 days or 12 months", Source: "FAO, Voices of the Hungry",
		Missing: "A missing answer gives no score (an *UnknownError).", Items: slots,
		Spec: card("fies.raw", "1", "FAO, Voices of the Hungry", cs),
	}
}
