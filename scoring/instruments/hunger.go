package instruments

import (
	"strconv"

	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

var hhsItems = []string{"HHSNoFood", "HHSBedHung", "HHSNotEat"}

// Frequencies of the Household Hunger Scale.
var hhsOften = []string{"rarely", "sometimes", "often"}

// hhsBands are the phases of the IPC: 0, 1, 2-3, 4 and 5-6 points. The three
// categories of the scale are none or little (0-1), moderate (2-3) and severe
// (4-6).
func hhsBands(ipc bool) []scoring.Band {
	if ipc {
		return scoring.Bands(scoring.Below(1, "1"), scoring.From(1, "2"), scoring.From(2, "3"), scoring.From(4, "4"), scoring.From(5, "5"))
	}
	return scoring.Bands(scoring.UpTo(1, "little"), scoring.UpTo(3, "moderate"), scoring.Above(3, "severe"))
}

// HHSWFP2026 is the Household Hunger Scale as WFP's script of January 2026
// computes it: three items, each with how often it happened in 30 days; rarely
// and sometimes give 1 point, often 2; 0 to 6. Bands are little, moderate and
// severe, or with ipc the phases 1 to 5.
//
// It reads the frequency only: a household that said no and has a frequency all
// the same is counted. With HHSIMPACT and HHSStrict it is not.
func HHSWFP2026(ipc bool) Instrument {
	var slots []registration.Slot
	var cs []scoring.Criterion
	for _, k := range hhsItems {
		f := k + "_FR"
		slots = append(slots, choice(f, hhsOften...))
		cs = append(cs, scoring.Add(1, k, is(f, "rarely", "sometimes")).Missing(scoring.Zero()),
			scoring.Add(2, k+"_often", is(f, "often")).Missing(scoring.Zero()))
	}
	return hhs("hhs.WFP2026", wfp, "A missing frequency counts as 0; yes and no are not read.", slots, cs, ipc)
}

// HHSIMPACT is the Household Hunger Scale as IMPACT's package computes it: points
// only where the item was answered yes. Mind that a yes whose frequency is not
// known gives 0 points, so that a household which slept hungry and cannot say how
// often counts as one that did not: HHSStrict has no score for it.
func HHSIMPACT(ipc bool) Instrument {
	var slots []registration.Slot
	var cs []scoring.Criterion
	for _, k := range hhsItems {
		f := k + "_FR"
		slots = append(slots, yesNo(k), choice(f, hhsOften...))
		said := yes(k)
		happened := func(options ...string) registration.Condition {
			often := registration.All(registration.Choice(f, nil).IsAnswered(), is(f, options...))
			// Unknown while the item is, whatever the frequency says.
			return registration.Any(registration.All(said, often), registration.All(said, registration.Not(said)))
		}
		cs = append(cs, scoring.Add(1, k, happened("rarely", "sometimes")).Missing(scoring.Refuse()),
			scoring.Add(2, k+"_often", happened("often")).Missing(scoring.Refuse()))
	}
	return hhs("hhs.IMPACT", impact, "A missing yes or no gives no score (an *UnknownError); yes without a frequency gives 0 points.", slots, cs, ipc)
}

// HHSStrict is the Household Hunger Scale for complete answers only: each item
// answered yes or no, and each yes with its frequency. That FANTA's guide drops
// the other households too is commonly reported and not confirmed. The frequency
// of a no is not read.
func HHSStrict(ipc bool) Instrument {
	var slots []registration.Slot
	var cs []scoring.Criterion
	for _, k := range hhsItems {
		f := k + "_FR"
		slots = append(slots, yesNo(k), choice(f, hhsOften...))
		said, noItem, noFrequency := yes(k), registration.Not(registration.YesNo(k, nil).IsAnswered()), registration.Not(registration.Choice(f, nil).IsAnswered())
		happened := func(options ...string) registration.Condition {
			return registration.Any(registration.All(said, is(f, options...)), registration.All(noItem, undecided()), registration.All(said, noFrequency, undecided()))
		}
		cs = append(cs, scoring.Add(1, k, happened("rarely", "sometimes")).Missing(scoring.Refuse()),
			scoring.Add(2, k+"_often", happened("often")).Missing(scoring.Refuse()))
	}
	return hhs("hhs.Strict", fanta, "A missing yes or no, and a yes without a frequency, give no score (an *UnknownError).", slots, cs, ipc)
}

func hhs(name, source, missing string, slots []registration.Slot, cs []scoring.Criterion, ipc bool) Instrument {
	version := "2011"
	if ipc {
		version = "2011-ipc"
	}
	return Instrument{
		Name: name, Edition: "FANTA, August 2011", Source: source, Missing: missing, Items: slots,
		Spec: card(name, version, source, cs, hhsBands(ipc)...),
	}
}

// Strategies are the items of a Livelihood Coping Strategies index, chosen for a
// country from WFP's menu: usually four of stress, three of crisis and three of
// emergency.
type Strategies struct{ Stress, Crisis, Emergency []string }

// Answers to a coping strategy, in the order of WFP's codes 10, 20, 30 and 9999.
const (
	NoNeed        = "no_need"        // 10: had no need
	Exhausted     = "exhausted"      // 20: did so already in the past 12 months and cannot again
	Used          = "yes"            // 30
	NotApplicable = "not_applicable" // 9999
)

// LCSCount says which answers count as used; see ErrNoInstrument for others.
type LCSCount uint8

// What counts.
const (
	UsedOrExhausted LCSCount = iota // the index
	OnlyUsed                        // IMPACT's partial result of what was done
	OnlyExhausted                   // IMPACT's partial result of what is exhausted
)

// LCSWFP2026 is the Livelihood Coping Strategies index over 30 days, as WFP's
// scripts of January 2026 compute it, for food security (FS) or essential needs
// (EN): the severest tier of which a strategy was used or is exhausted. Bands:
// none (1), stress (2), crisis (3), emergency (4), which for FS are read as
// phases 1, 2, 3 and 4-5 of the IPC.
func LCSWFP2026(s Strategies) Instrument {
	return lcs("lcs.WFP2026", wfp, "Missing and not applicable count as not used; a household without any answer is none.", s, UsedOrExhausted, scoring.Zero())
}

// LCSFoodFromEN is the index for food security, as CARI needs it, from questions
// that were asked for essential needs (EN): a strategy counts only if one of the
// reasons for using such strategies was to buy food, which is the yes or no under
// the key reason. A household that did not give that reason, or none, is none.
// WFP, scripts of January 2026 (LCSI-EN.R), Apache-2.0.
func LCSFoodFromEN(s Strategies, reason string) Instrument {
	in := LCSWFP2026(s)
	in.Name, in.Spec.ID = "lcs.food_from_en", "lcs.food_from_en"
	in.Missing = "Missing and not applicable count as not used, a missing reason as another one."
	in.Items = append(in.Items, yesNo(reason))
	for i := range in.Spec.Criteria {
		c := &in.Spec.Criteria[i]
		c.If = registration.All(yes(reason), c.If)
	}
	return in
}

// LCSStrict is the index for complete answers only, as IMPACT computes it.
func LCSStrict(s Strategies, count LCSCount) Instrument {
	return lcs("lcs.Strict", impact, "A missing answer gives no score (an *UnknownError), and not applicable counts as not used.", s, count, scoring.Refuse())
}

func lcs(name, source, missing string, s Strategies, count LCSCount, p scoring.Policy) Instrument {
	if count > OnlyExhausted {
		return none(name, "there is no way %d to count", count)
	}
	counted := [][]string{{Used, Exhausted}, {Used}, {Exhausted}}[count]
	var slots []registration.Slot
	var cs []scoring.Criterion
	for tier, keys := range [][]string{s.Stress, s.Crisis, s.Emergency} {
		for _, k := range keys {
			slots = append(slots, choice(k, NoNeed, Exhausted, Used, NotApplicable))
			cs = append(cs, scoring.Add(float64(tier+1), k, is(k, counted...)).In("tier").Missing(p))
		}
	}
	spec := card(name, "2026-01-"+strconv.Itoa(int(count)), source, cs, scoring.Below(2, "none"), scoring.From(2, "stress"), scoring.From(3, "crisis"), scoring.From(4, "emergency"))
	spec.Start, spec.Groups = 1, []scoring.Group{{ID: "tier", Hit: scoring.Highest}}
	return Instrument{Name: name, Edition: "January 2026", Source: source, Missing: missing, Items: slots, Spec: spec}
}
