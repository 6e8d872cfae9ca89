package instruments

import (
	"slices"

	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

// The items of the composite indices.
const (
	ItemECMEN = "ecmen" // above the MEB, between (SMEB and MEB), below the SMEB
	ItemFES   = "fes"   // the food expenditure share, 1 (below 50 %), 2, 3, 4 (75 % and more)
	ItemRDays = "rCSI"  // the rCSI itself, 0 to 56
)

var (
	ecmenOptions = []string{"above", "between", "below"}
	fesOptions   = []string{"1", "2", "3", "4"}
)

// CARIECMEN is the Consolidated Approach to Reporting Indicators of food security
// (2021 edition) with economic capacity: the mean of current consumption (FCS,
// with rCSI of 4 and more one step worse) and of coping capacity (the mean of
// livelihood coping and ECMEN), rounded half up: 1 food secure, 2 marginally
// secure, 3 moderately insecure, 4 severely insecure. Points are the unrounded
// mean.
func CARIECMEN() Instrument {
	return cari("cari.ECMEN", choice(ItemECMEN, ecmenOptions...), []scoring.Criterion{
		scoring.Add(0.25, "ecmen_above", is(ItemECMEN, "above")),     // 1 of 4
		scoring.Add(0.75, "ecmen_between", is(ItemECMEN, "between")), // 3: there is no 2
		scoring.Add(1, "ecmen_below", is(ItemECMEN, "below")),
	})
}

// CARIFES is CARI with the food expenditure share in place of economic capacity.
func CARIFES() Instrument {
	var cs []scoring.Criterion
	for i, o := range fesOptions {
		cs = append(cs, scoring.Add(float64(i+1)/4, "fes_"+o, is(ItemFES, o)))
	}
	return cari("cari.FES", choice(ItemFES, fesOptions...), cs)
}

func cari(name string, economic registration.Slot, cs []scoring.Criterion) Instrument {
	rcsi := number(ItemRDays)
	cs = append(cs,
		scoring.Add(0.5, "fcs_acceptable", registration.All(is(ItemFCS, "acceptable"), rcsi.AtMost(3))),
		scoring.Add(1, "fcs_acceptable_coping", registration.All(is(ItemFCS, "acceptable"), rcsi.AtLeast(4))),
		scoring.Add(1.5, "fcs_borderline", is(ItemFCS, "borderline")),
		scoring.Add(2, "fcs_poor", is(ItemFCS, "poor")),
	)
	for i, o := range lcsOptions {
		cs = append(cs, scoring.Add(float64(i+1)/4, "lcs_"+o, is(ItemLCS, o)))
	}
	for i := range cs {
		cs[i] = cs[i].Missing(scoring.Refuse())
	}
	const source = "WFP, CARI technical guidance, 2021; CARI-FES.sps, CARI-ECMEN.sps, Apache-2.0"
	return Instrument{
		Name: name, Edition: "2021", Source: source,
		Missing: "A missing indicator gives no score (an *UnknownError), but for the rCSI where the FCS is not acceptable, which it cannot change; WFP's script takes the mean of what there is.",
		Items:   []registration.Slot{choice(ItemFCS, fcsOptions...), {Key: ItemRDays, Kind: registration.KindInteger, Min: 0, Max: 56}, choice(ItemLCS, lcsOptions...), economic},
		Spec:    card(name, "2021", source, cs, scoring.Below(1.5, "1"), scoring.From(1.5, "2"), scoring.From(2.5, "3"), scoring.From(3.5, "4")),
	}
}

// ENA is the vulnerability table of WFP's Essential Needs Assessment: from ECMEN,
// livelihood coping for essential needs and FCS to 1 (not vulnerable), 2, 3 (high)
// and 4 (extreme).
//
// WFP's script reads a missing ECMEN as above the MEB; this one gives no result.
func ENA() Instrument {
	below, emergency, poor := is(ItemECMEN, "below"), is(ItemLCS, "emergency"), is(ItemFCS, "poor")
	cs := scoring.Criteria(
		scoring.Add(4, "two_of_three", registration.Any(registration.All(below, emergency), registration.All(below, poor), registration.All(emergency, poor))),
		scoring.Add(3, "one_of_three", registration.Any(below, emergency, poor)),
		scoring.Add(2, "next_to_it", registration.Any(is(ItemECMEN, "between"), is(ItemLCS, "crisis"), is(ItemFCS, "borderline"))),
		scoring.Add(1, "none", registration.All(is(ItemECMEN, "above"), is(ItemLCS, "none", "stress"), is(ItemFCS, "acceptable"))),
	)
	for i := range cs {
		cs[i] = cs[i].In("table").Missing(scoring.Refuse())
	}
	spec := card("ena", "2026-01", "ENA_vulnerability.sps", cs, scoring.Below(2, "1"), scoring.From(2, "2"), scoring.From(3, "3"), scoring.From(4, "4"))
	spec.Groups = []scoring.Group{{ID: "table", Hit: scoring.First}}
	return Instrument{
		Name: "ena", Edition: "as of February 2026", Source: wfp, Missing: "A missing indicator gives no result (an *UnknownError).",
		Items: []registration.Slot{choice(ItemECMEN, ecmenOptions...), choice(ItemLCS, lcsOptions...), choice(ItemFCS, fcsOptions...)}, Spec: spec,
	}
}

// mddiItems are WFP's twelve indicators with their weights in 36ths: six equal
// dimensions, of one, two or three indicators.
var mddiItems = []item{
	{"MDDI_food1", 3},
	{"MDDI_food2", 3},
	{"MDDI_edu1", 6},
	{"MDDI_health1", 3},
	{"MDDI_health2", 3},
	{"MDDI_shelter1", 2},
	{"MDDI_shelter2", 2},
	{"MDDI_shelter3", 2},
	{"MDDI_wash1", 3},
	{"MDDI_wash2", 3},
	{"MDDI_safety1", 3},
	{"MDDI_safety2", 3},
}

// mddiDimensions are the indicators that make one dimension together.
var mddiDimensions = [][]string{
	{"MDDI_food1", "MDDI_food2"},
	{"MDDI_edu1"},
	{"MDDI_health1", "MDDI_health2"},
	{"MDDI_shelter1", "MDDI_shelter2", "MDDI_shelter3"},
	{"MDDI_wash1", "MDDI_wash2"},
	{"MDDI_safety1", "MDDI_safety2"},
}

// MDDIWFP2026 is WFP's Multidimensional Deprivation Index, in 36ths so that it is
// exact: poor from 12 (a third), severe from 18 (a half).
func MDDIWFP2026() Instrument {
	in := weighed("mddi.WFP2026", wfp, "A dimension of which an indicator is missing counts as 0, as in the script; its comment says that the score is missing.", mddiItems, scoring.Zero(),
		scoring.Below(12, "not_poor"), scoring.From(12, "poor"), scoring.From(18, "severe"))
	for i := range in.Spec.Criteria {
		c := &in.Spec.Criteria[i]
		for _, d := range mddiDimensions {
			if !slices.Contains(d, c.ID) {
				continue
			}
			all := []registration.Condition{c.If}
			for _, k := range d {
				if k != c.ID {
					all = append(all, registration.YesNo(k, nil).IsAnswered())
				}
			}
			c.If = registration.All(all...)
		}
	}
	return in
}

// MDDIStrict is the index for complete answers only.
func MDDIStrict() Instrument {
	return weighed("mddi.Strict", wfp, "A missing indicator gives no score (an *UnknownError).", mddiItems, scoring.Refuse(),
		scoring.Below(12, "not_poor"), scoring.From(12, "poor"), scoring.From(18, "severe"))
}

var mpiItems = []item{
	{"nutrition", 3},
	{"child_mortality", 3},
	{"years_schooling", 3},
	{"school_attendance", 3},
	{"cooking_fuel", 1},
	{"sanitation", 1},
	{"drinking_water", 1},
	{"electricity", 1},
	{"housing", 1},
	{"assets", 1},
}

// MPI is the household's deprivation score of OPHI's global Multidimensional
// Poverty Index, in 18ths so that it is exact: poor from 6 (a third). That
// vulnerable begins above a fifth (4) and severe at a half (9) is commonly
// reported and not in the table that the weights are from. Building the ten
// indicators needs the rules of DHS and MICS and is not part of it.
func MPI() Instrument {
	return weighed("mpi.global", "OPHI; Scientific Data 2024, table 1", "A missing indicator gives no score (an *UnknownError).", mpiItems, scoring.Refuse(),
		scoring.Below(4, "not_poor"), scoring.From(4, "vulnerable"), scoring.From(6, "poor"), scoring.From(9, "severe"))
}

// weighed is a weighted count of deprivations.
func weighed(name, source, missing string, items []item, p scoring.Policy, bands ...scoring.Band) Instrument {
	var slots []registration.Slot
	var cs []scoring.Criterion
	for _, it := range items {
		slots = append(slots, yesNo(it.key))
		cs = append(cs, scoring.Add(it.weight, it.key, yes(it.key)).Missing(p))
	}
	return Instrument{Name: name, Edition: "as of 2026", Source: source, Missing: missing, Items: slots, Spec: card(name, "1", source, cs, bands...)}
}
