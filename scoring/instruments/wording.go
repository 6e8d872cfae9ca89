package instruments

import (
	"slices"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration"
)

const ownWording = "The wording is hubkit's: WFP's modules leave it to the country, which names the local foods."

// groups of foods, as the FCS and the HDDS ask for them.
const (
	foodDairy  = "milk, yoghurt, cheese or other dairy food (not just milk in tea or coffee)"
	foodPulses = "beans, peas, lentils, nuts or seeds"
	foodFruit  = "fruit"
	foodVeg    = "vegetables or green leaves"
	foodFat    = "oil, butter or other fat"
	foodSugar  = "sugar, honey or sweets"
	foodCond   = "condiments, such as tea, coffee, salt or spices"
)

func days7(food string) hubkit.Text {
	return english("On how many of the last 7 days did your household eat " + food + "?")
}

// FCSQuestions are the nine questions of the Food Consumption Score; condiments
// are asked and weigh nothing.
func FCSQuestions() Questions {
	q := Questions{Name: "fcs", Source: ownWording}
	for _, f := range [][2]string{
		{"FCSStap", "bread, cereals, potatoes or other roots"},
		{"FCSPulse", foodPulses},
		{"FCSDairy", foodDairy},
		{"FCSPr", "meat, fish or eggs"},
		{"FCSVeg", foodVeg},
		{"FCSFruit", foodFruit},
		{"FCSFat", foodFat},
		{"FCSSugar", foodSugar},
		{"FCSCond", foodCond},
	} {
		q.asks = append(q.asks, ask{item: f[0], form: registration.FormInteger, text: days7(f[1])})
	}
	return q
}

// FCSNQuestions are FCSQuestions with the seven subgroups of FCS-N, each asked if
// its group was eaten at all.
func FCSNQuestions() Questions {
	q := Questions{Name: "fcsn", Source: ownWording}
	within := map[string][][2]string{
		"FCSPr": {
			{"FCSNPrMeatF", "meat, such as beef, pork, lamb or chicken"},
			{"FCSNPrMeatO", "liver, kidney, heart or other organ meat"},
			{"FCSNPrFish", "fish or shellfish"},
			{"FCSNPrEggs", "eggs"},
		},
		"FCSVeg": {
			{"FCSNVegOrg", "orange vegetables, such as carrots or pumpkin"},
			{"FCSNVegGre", "dark green leafy vegetables, such as spinach"},
		},
		"FCSFruit": {{"FCSNFruiOrg", "orange fruit, such as apricots or mango (not oranges)"}},
	}
	for _, a := range FCSQuestions().asks {
		q.asks = append(q.asks, a)
		for _, f := range within[a.item] {
			q.asks = append(q.asks, ask{item: f[0], form: registration.FormInteger, text: days7(f[1]), after: a.item})
		}
	}
	return q
}

// RCSIQuestions are the five questions of the reduced Coping Strategies Index.
func RCSIQuestions() Questions {
	q := Questions{Name: "rcsi", Source: ownWording}
	for _, s := range [][2]string{
		{"rCSILessQlty", "eat food that is cheaper or that you like less"},
		{"rCSIBorrow", "borrow food or get it from friends or relatives"},
		{"rCSIMealNb", "eat fewer meals in a day"},
		{"rCSIMealSize", "eat smaller portions at meals"},
		{"rCSIMealAdult", "have adults eat less so that small children can eat"},
	} {
		q.asks = append(q.asks, ask{
			item: s[0], form: registration.FormInteger,
			text: english("On how many of the last 7 days did your household have to " + s[1] + ", because there was not enough food or money for food?"),
		})
	}
	return q
}

// HDDSQuestions are the twelve questions of the Household Dietary Diversity Score.
func HDDSQuestions() Questions {
	q := Questions{Name: "hdds", Source: ownWording}
	for _, f := range [][2]string{
		{"HDDSStapCer", "bread, rice, pasta or other food made of cereals"},
		{"HDDSStapRoot", "potatoes or other roots"},
		{"HDDSPulse", foodPulses},
		{"HDDSDairy", foodDairy},
		{"HDDSPrMeat", "meat"},
		{"HDDSPrFish", "fish or shellfish"},
		{"HDDSPrEggs", "eggs"},
		{"HDDSVeg", foodVeg},
		{"HDDSFruit", foodFruit},
		{"HDDSFat", foodFat},
		{"HDDSSugar", foodSugar},
		{"HDDSCond", foodCond},
	} {
		q.asks = append(q.asks, ask{
			item: f[0], form: registration.FormYesNo,
			text: english("Yesterday, during the day or at night, did anyone in your household eat " + f[1] + "?"),
		})
	}
	return q
}

// HHSQuestions are the three questions of the Household Hunger Scale, each with how
// often it happened, which is asked after a yes. The words are those of FANTA's
// indicator guide of August 2011.
func HHSQuestions() Questions {
	q := Questions{Name: "hhs", Source: fanta}
	often := []registration.Option{
		registration.Opt("rarely", english("Rarely (1-2 times)")),
		registration.Opt("sometimes", english("Sometimes (3-10 times)")),
		registration.Opt("often", english("Often (more than 10 times)")),
	}
	for _, h := range [][2]string{
		{"HHSNoFood", "In the past 30 days, was there ever no food to eat of any kind in your house because of lack of resources to get food?"},
		{"HHSBedHung", "In the past 30 days, did you or any household member go to sleep at night hungry because there was not enough food?"},
		{"HHSNotEat", "In the past 30 days, did you or any household member go a whole day and night without eating anything at all because there was not enough food?"},
	} {
		q.asks = append(
			q.asks,
			ask{item: h[0], form: registration.FormYesNo, text: english(h[1])},
			ask{item: h[0] + "_FR", form: registration.FormChoice, text: english("How often did this happen in the past 30 days?"), options: slices.Clone(often), after: h[0]},
		)
	}
	return q
}

// FIESQuestions are the eight questions of FAO's Food Insecurity Experience Scale,
// without words: FAO publishes them, validated in some two hundred languages,
// together with the period they ask about. Add them with In.
func FIESQuestions() Questions {
	q := Questions{Name: "fies", Source: "FAO, Voices of the Hungry: take the words from there"}
	for _, item := range fiesItems {
		q.asks = append(q.asks, ask{item: item, form: registration.FormYesNo})
	}
	return q
}

// WGSSQuestions are the six questions of the Washington Group Short Set with the
// sentence that is said before them, in the words of its publisher, which must not
// be changed: it also publishes translations. They are those of the edition whose
// answers begin with yes and no; older ones have "usual (customary) language", and
// newer ones answers without yes and no. Ask them of the person, or put the Parts
// into the roster of members and read them with Domains.
func WGSSQuestions() Questions {
	q := Questions{
		Name:   "wgss",
		Source: "Washington Group on Disability Statistics, Short Set on Functioning (WG-SS), the edition with yes and no in its answers",
		asks: []ask{{
			item: "wgss_opening", form: registration.FormNote,
			text: english("The next questions ask about difficulties you may have doing certain activities because of a health problem."),
		}},
	}
	levels := []registration.Option{
		registration.Opt(LevelNone, english("No, no difficulty")),
		registration.Opt(LevelSome, english("Yes, some difficulty")),
		registration.Opt(LevelALot, english("Yes, a lot of difficulty")),
		registration.Opt(LevelCannot, english("Cannot do at all")),
	}
	for i, s := range []string{
		"Do you have difficulty seeing, even if wearing glasses?",
		"Do you have difficulty hearing, even if using a hearing aid?",
		"Do you have difficulty walking or climbing steps?",
		"Do you have difficulty remembering or concentrating?",
		"Do you have difficulty with self-care, such as washing all over or dressing?",
		"Using your usual language, do you have difficulty communicating, for example understanding or being understood?",
	} {
		q.asks = append(q.asks, ask{item: (Domains{}).keys()[i], form: registration.FormChoice, text: english(s), options: slices.Clone(levels)})
	}
	return q
}

// LCSQuestions are one question for each strategy of a Livelihood Coping Strategies
// index. The answers come in English; what a strategy is called depends on the
// menu of the country, so that the questions are without words: add them with In.
func LCSQuestions(s Strategies) Questions {
	q := Questions{Name: "lcs", Source: "WFP's menu of strategies: take the words from the country's list"}
	answers := []registration.Option{
		registration.Opt(NoNeed, english("No, there was no need to")),
		registration.Opt(Exhausted, english("No, we already did so in the last 12 months and cannot do it again")),
		registration.Opt(Used, english("Yes")),
		registration.Opt(NotApplicable, english("Not applicable to us")),
	}
	for _, item := range slices.Concat(s.Stress, s.Crisis, s.Emergency) {
		q.asks = append(q.asks, ask{item: item, form: registration.FormChoice, options: slices.Clone(answers)})
	}
	return q
}

// ChildFunctioning24Questions are the questions of the Child Functioning Module for
// ages 2 to 4, on one child, without words: UNICEF and the Washington Group publish
// them in many languages. Add them with In. CF1, CF4 and CF7 ask whether the child
// has glasses, a hearing aid, or help to walk, and choose what is asked next; the
// answers are the codes 1 to 4. Put the Parts into the roster of members and read
// them with ChildFunctioning24(questions.Keys()).
func ChildFunctioning24Questions() Questions {
	q := Questions{Name: "cfm24", Source: "UNICEF and Washington Group, Child Functioning Module, ages 2 to 4: take the words from there"}
	has := func(item string) { q.asks = append(q.asks, ask{item: item, form: registration.FormYesNo}) }
	codes := func(item, after, unless string) {
		var options []registration.Option
		for _, code := range []string{"1", "2", "3", "4"} {
			options = append(options, registration.Opt(code, nil))
		}
		q.asks = append(q.asks, ask{item: item, form: registration.FormChoice, options: options, after: after, unless: unless})
	}
	has("CF1")
	codes("CF2", "CF1", "")
	codes("CF3", "", "CF1")
	has("CF4")
	codes("CF5", "CF4", "")
	codes("CF6", "", "CF4")
	has("CF7")
	codes("CF8", "CF7", "")
	codes("CF9", "CF7", "")
	codes("CF10", "", "CF7")
	for _, item := range []string{"CF11", "CF12", "CF13", "CF14", "CF15", "CF16"} {
		codes(item, "", "")
	}
	return q
}

// MDDIQuestions are the indicators of the Multidimensional Deprivation Index other
// than those of food as yes or no, without words: WFP works them out from the
// questions of a survey, which differ by country. Add them with In. Those of food
// come from FCSQuestions and RCSIQuestions.
func MDDIQuestions() Questions {
	q := Questions{Name: "mddi", Source: "WFP, Multidimensional Deprivation Index: take the words from the survey's own module"}
	for _, it := range mddiItems[2:] {
		q.asks = append(q.asks, ask{item: it.key, form: registration.FormYesNo})
	}
	return q
}
