package instruments

import (
	"slices"

	"github.com/hubkit/hubkit/registration"
)

// Flag is a sign that answers should be looked at again before they are used.
// It is no error, and no score changes by it.
type Flag struct {
	ID  string // stable: "low", "FCSPr"
	Say string // in English, for those who clean data
}

// sign is a Flag if it holds.
type sign struct {
	holds bool
	Flag
}

// flagged lists the signs that hold.
func flagged(signs ...sign) []Flag {
	var out []Flag
	for _, s := range signs {
		if s.holds {
			out = append(out, s.Flag)
		}
	}
	return out
}

// FCSFlags looks at a Food Consumption Score: below 14 hardly anything was
// eaten, and above 100 everything was eaten almost every day. WFP, scripts of January 2026,
// Apache-2.0.
func FCSFlags(points float64) []Flag {
	return flagged(
		sign{points < 14, Flag{"low", "the score is below 14: was every food group asked?"}},
		sign{points > 100, Flag{"high", "the score is above 100: was everything eaten almost every day?"}},
	)
}

// RCSIFlags looks at a reduced Coping Strategies Index: up to 3 there was hardly
// any coping, and from 42 on almost all of it every day. Mind that the phase 3 of
// RCSI with split goes up to 42 itself. WFP, scripts of January 2026, Apache-2.0.
func RCSIFlags(points float64) []Flag {
	return flagged(
		sign{points <= 3, Flag{"low", "there was hardly any coping: was each strategy asked?"}},
		sign{points >= 42, Flag{"high", "almost every strategy was used almost every day: is it so?"}},
	)
}

// HHSFlags looks at a Household Hunger Scale: from 5 on it is hunger of the
// severest kind, which should be known to others too. WFP, scripts of January
// 2026, Apache-2.0.
func HHSFlags(points float64) []Flag {
	return flagged(sign{points >= 5, Flag{"high", "hunger of the severest kind: do others see it too?"}})
}

// hddsBeside are the food groups of the HDDS beside that of the FCS that they make up.
var hddsBeside = []struct {
	fcs  string
	hdds []string
}{
	{"FCSStap", []string{"HDDSStapCer", "HDDSStapRoot"}},
	{"FCSPulse", []string{"HDDSPulse"}},
	{"FCSDairy", []string{"HDDSDairy"}},
	{"FCSPr", []string{"HDDSPrMeat", "HDDSPrFish", "HDDSPrEggs"}},
	{"FCSVeg", []string{"HDDSVeg"}},
	{"FCSFruit", []string{"HDDSFruit"}},
	{"FCSFat", []string{"HDDSFat"}},
	{"FCSSugar", []string{"HDDSSugar"}},
	{"FCSCond", []string{"HDDSCond"}},
}

// HDDSFlags looks at a Household Dietary Diversity Score: nothing at all, at most
// two groups, ten and more; and at groups that were eaten on all seven days of the
// FCS and not yesterday (the flag's ID is the FCS item). keys are those of the
// questionnaire, by item, as in Rename; what is not known is not flagged. WFP,
// scripts of January 2026, Apache-2.0.
func HDDSFlags(points float64, a registration.Answers, keys map[string]string) []Flag {
	signs := []sign{
		{points == 0, Flag{"zero", "nothing was eaten yesterday"}},
		{points <= 2, Flag{"low", "at most two food groups were eaten yesterday"}},
		{points >= 10, Flag{"high", "ten food groups or more were eaten yesterday"}},
	}
	for _, g := range hddsBeside {
		days, _ := a.Get(keyOf(keys, g.fcs)).Int()
		notYesterday := !slices.ContainsFunc(g.hdds, func(item string) bool {
			eaten, known := a.Get(keyOf(keys, item)).Bool()
			return eaten || !known
		})
		signs = append(signs, sign{days == 7 && notYesterday, Flag{g.fcs, "it was eaten on all of seven days, and not yesterday"}})
	}
	return flagged(signs...)
}

// fcsnWithin are the subgroups of FCS-N by the group of the FCS that holds them.
var fcsnWithin = []struct {
	fcs  string
	fcsn []string
}{
	{"FCSPr", []string{"FCSNPrMeatF", "FCSNPrMeatO", "FCSNPrFish", "FCSNPrEggs"}},
	{"FCSVeg", []string{"FCSNVegOrg", "FCSNVegGre"}},
	{"FCSFruit", []string{"FCSNFruiOrg"}},
}

// FCSNFlags finds subgroups of FCS-N that were eaten on more days than the group
// of the FCS that holds them (the flag's ID is that group). keys are those of the
// questionnaire, by item, as in Rename; what is not known is not flagged. WFP,
// scripts of January 2026, Apache-2.0.
func FCSNFlags(a registration.Answers, keys map[string]string) []Flag {
	var signs []sign
	for _, g := range fcsnWithin {
		whole, known := a.Get(keyOf(keys, g.fcs)).Int()
		more := slices.ContainsFunc(g.fcsn, func(item string) bool {
			days, asked := a.Get(keyOf(keys, item)).Int()
			return asked && days > whole
		})
		signs = append(signs, sign{known && more, Flag{g.fcs, "a part of it was eaten on more days than all of it"}})
	}
	return flagged(signs...)
}

func keyOf(keys map[string]string, item string) string {
	if k := keys[item]; k != "" {
		return k
	}
	return item
}
