package instruments

import (
	"fmt"

	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

// The items of the matrices, with their options in order.
const (
	ItemFCS  = "fcs_cat"  // acceptable, borderline, poor
	ItemRCSI = "rcsi_cat" // low (0-3), medium (4-18), high (19 and more)
	ItemHHS  = "hhs_cat"  // none (0), little (1), moderate (2-3), severe (4), very_severe (5-6)
	ItemLCS  = "lcs_cat"  // none, stress, crisis, emergency
	ItemFC   = "fc_phase" // 1 to 5
)

var (
	fcsOptions  = []string{"acceptable", "borderline", "poor"}
	rcsiOptions = []string{"low", "medium", "high"}
	hhsOptions  = []string{"none", "little", "moderate", "severe", "very_severe"}
	lcsOptions  = []string{"none", "stress", "crisis", "emergency"}
	phases      = []string{"1", "2", "3", "4", "5"}
)

// fcMatrix is FEWS NET's matrix: by rCSI and FCS, one digit for each HHS.
var fcMatrix = [3][3]string{
	{"12233", "12334", "22344"},
	{"22233", "22334", "23345"},
	{"22334", "23344", "33345"},
}

// fclcMatrix adds livelihood coping: by phase, one digit for each tier.
var fclcMatrix = [5]string{"1123", "2233", "3334", "4444", "5555"}

func phaseBands() []scoring.Band {
	return scoring.Bands(scoring.Below(2, "1"), scoring.From(2, "2"), scoring.From(3, "3"), scoring.From(4, "4"), scoring.From(5, "5"))
}

// PhaseFC is FEWS NET's food consumption matrix: from the bands of FCS, rCSI and
// HHS to an indicative phase of a household, 1 to 5. It is a decision table of 45
// cells.
func PhaseFC() Instrument {
	var cs []scoring.Criterion
	for r, row := range fcMatrix {
		for f, digits := range row {
			for h, d := range digits {
				cell := r*15 + f*5 + h + 1
				cs = append(cs, scoring.Add(float64(d-'0'), fmt.Sprintf("cell_%d", cell), registration.All(
					is(ItemFCS, fcsOptions[f]), is(ItemRCSI, rcsiOptions[r]), is(ItemHHS, hhsOptions[h]))).In("matrix").Missing(scoring.Refuse()))
			}
		}
	}
	return matrix("phase.FC", []registration.Slot{choice(ItemFCS, fcsOptions...), choice(ItemRCSI, rcsiOptions...), choice(ItemHHS, hhsOptions...)}, cs)
}

// PhaseFCLC is FEWS NET's matrix of the food consumption phase and livelihood
// coping: a decision table of 20 cells.
func PhaseFCLC() Instrument {
	var cs []scoring.Criterion
	for p, digits := range fclcMatrix {
		for l, d := range digits {
			cs = append(cs, scoring.Add(float64(d-'0'), fmt.Sprintf("cell_%d_%s", p+1, lcsOptions[l]), registration.All(
				is(ItemFC, phases[p]), is(ItemLCS, lcsOptions[l]))).In("matrix").Missing(scoring.Refuse()))
		}
	}
	return matrix("phase.FCLC", []registration.Slot{choice(ItemFC, phases...), choice(ItemLCS, lcsOptions...)}, cs)
}

func matrix(name string, slots []registration.Slot, cs []scoring.Criterion) Instrument {
	spec := card(name, "1", impact, cs, phaseBands()...)
	spec.Groups = []scoring.Group{{ID: "matrix", Hit: scoring.Unique}}
	return Instrument{
		Name: name, Edition: "FEWS NET matrix, as of 2024", Source: impact,
		Missing: "A missing band gives no phase (an *UnknownError).", Items: slots, Spec: spec,
	}
}
