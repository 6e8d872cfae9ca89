package instruments_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	r "github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
	"github.com/hubkit/hubkit/scoring/instruments"
)

// The weights, ranges and edges of every instrument as their publications give
// them, written down a second time: the large tables do not travel with the code,
// and whoever changes a number by mistake must notice it here.

// weights are what one day, or one yes, of each item gives alone.
var weights = []struct {
	in    instruments.Instrument
	items map[string]float64
	most  int64 // days of an item; 0 for yes and no
}{
	{instruments.FCSWFP2026(false), map[string]float64{"FCSStap": 2, "FCSPulse": 3, "FCSDairy": 4, "FCSPr": 4, "FCSVeg": 1, "FCSFruit": 1, "FCSFat": 0.5, "FCSSugar": 0.5}, 7},
	{instruments.FCSStrict(true), map[string]float64{"FCSStap": 2, "FCSPulse": 3, "FCSDairy": 4, "FCSPr": 4, "FCSVeg": 1, "FCSFruit": 1, "FCSFat": 0.5, "FCSSugar": 0.5}, 7},
	{instruments.FCSNVitaminA(), map[string]float64{"FCSDairy": 1, "FCSNPrMeatO": 1, "FCSNPrEggs": 1, "FCSNVegOrg": 1, "FCSNVegGre": 1, "FCSNFruiOrg": 1}, 7},
	{instruments.FCSNProtein(), map[string]float64{"FCSPulse": 1, "FCSDairy": 1, "FCSNPrMeatF": 1, "FCSNPrMeatO": 1, "FCSNPrFish": 1, "FCSNPrEggs": 1}, 7},
	{instruments.FCSNIron(), map[string]float64{"FCSNPrMeatF": 1, "FCSNPrMeatO": 1, "FCSNPrFish": 1}, 7},
	{instruments.RCSI(false), map[string]float64{"rCSILessQlty": 1, "rCSIBorrow": 2, "rCSIMealNb": 1, "rCSIMealSize": 1, "rCSIMealAdult": 3}, 7},
	{instruments.RCSI(true), map[string]float64{"rCSILessQlty": 1, "rCSIBorrow": 2, "rCSIMealNb": 1, "rCSIMealSize": 1, "rCSIMealAdult": 3}, 7},
	{instruments.HDDS(), each(1, "HDDSStapCer", "HDDSStapRoot", "HDDSPulse", "HDDSDairy", "HDDSPrMeat", "HDDSPrFish", "HDDSPrEggs", "HDDSVeg", "HDDSFruit", "HDDSFat", "HDDSSugar", "HDDSCond"), 0},
	{instruments.FIES(), each(1, "WORRIED", "HEALTHY", "FEWFOOD", "SKIPPED", "ATELESS", "RUNOUT", "HUNGRY", "WHLDAY"), 0},
	{instruments.MDDIStrict(), map[string]float64{
		"MDDI_food1": 3, "MDDI_food2": 3, "MDDI_edu1": 6, "MDDI_health1": 3, "MDDI_health2": 3, "MDDI_shelter1": 2, "MDDI_shelter2": 2, "MDDI_shelter3": 2,
		"MDDI_wash1": 3, "MDDI_wash2": 3, "MDDI_safety1": 3, "MDDI_safety2": 3,
	}, 0},
	{instruments.MDDIWFP2026(), map[string]float64{
		"MDDI_food1": 3, "MDDI_food2": 3, "MDDI_edu1": 6, "MDDI_health1": 3, "MDDI_health2": 3, "MDDI_shelter1": 2, "MDDI_shelter2": 2, "MDDI_shelter3": 2,
		"MDDI_wash1": 3, "MDDI_wash2": 3, "MDDI_safety1": 3, "MDDI_safety2": 3,
	}, 0},
	{instruments.MPI(), map[string]float64{
		"nutrition": 3, "child_mortality": 3, "years_schooling": 3, "school_attendance": 3, "cooking_fuel": 1, "sanitation": 1, "drinking_water": 1, "electricity": 1, "housing": 1, "assets": 1,
	}, 0},
}

func each(w float64, items ...string) map[string]float64 {
	m := map[string]float64{}
	for _, it := range items {
		m[it] = w
	}
	return m
}

func TestWeights(t *testing.T) {
	for _, w := range weights {
		t.Run(fmt.Sprint(w.in.Name, " ", w.in.Spec.Version), func(t *testing.T) {
			c := card(t, w.in)
			require.Len(t, w.in.Items, len(w.items))
			score := func(item string, n int64) scoring.Score {
				s, err := c.Score(days(w.in, map[string]int64{item: n}))
				require.NoError(t, err)
				return s
			}
			total := 0.0
			for item, points := range w.items {
				assert.Equal(t, points, score(item, 1).Points, item)
				if w.most > 0 {
					assert.Equal(t, points*float64(w.most), score(item, w.most).Points, item)
				}
				total += points * math.Max(1, float64(w.most))
			}
			assert.Zero(t, score("", 0).Points)
			lo, hi := c.Range()
			assert.Equal(t, []float64{0, total}, []float64{lo, hi})
		})
	}
}

// days are answers to all items: 0 or no, but for those that are given.
func days(in instruments.Instrument, given map[string]int64) r.Answers {
	pairs := map[string]r.Value{}
	for _, sl := range in.Items {
		n := given[sl.Key]
		if pairs[sl.Key] = r.IntValue(n); sl.Kind == r.KindBool {
			pairs[sl.Key] = r.BoolValue(n > 0)
		}
	}
	return r.Of(pairs)
}

// Each edge of each band, from both sides.
func TestEdges(t *testing.T) {
	type m = map[string]int64
	yes := func(items ...string) m {
		out := m{}
		for _, it := range items {
			out[it] = 1
		}
		return out
	}
	hdds := []string{"HDDSStapCer", "HDDSPulse", "HDDSDairy", "HDDSVeg", "HDDSFat"}
	for _, tc := range []struct {
		in     instruments.Instrument
		given  m
		points float64
		band   string
	}{
		{instruments.FCSWFP2026(false), m{"FCSStap": 7, "FCSVeg": 7}, 21, "poor"},
		{instruments.FCSWFP2026(false), m{"FCSStap": 7, "FCSVeg": 7, "FCSFat": 1}, 21.5, "borderline"},
		{instruments.FCSWFP2026(false), m{"FCSStap": 7, "FCSPulse": 7}, 35, "borderline"},
		{instruments.FCSWFP2026(false), m{"FCSStap": 7, "FCSPulse": 7, "FCSSugar": 1}, 35.5, "acceptable"},
		{instruments.FCSWFP2026(true), m{"FCSDairy": 7}, 28, "poor"},
		{instruments.FCSWFP2026(true), m{"FCSPr": 7, "FCSFat": 1}, 28.5, "borderline"},
		{instruments.FCSWFP2026(true), m{"FCSStap": 7, "FCSPr": 7}, 42, "borderline"},
		{instruments.FCSWFP2026(true), m{"FCSStap": 7, "FCSPr": 7, "FCSFat": 1}, 42.5, "acceptable"},
		{instruments.FCSStrict(false), m{"FCSStap": 7, "FCSFruit": 7}, 21, "poor"},
		{instruments.FCSStrict(false), m{"FCSStap": 7, "FCSFruit": 7, "FCSFat": 1}, 21.5, "borderline"},
		{instruments.FCSStrict(false), m{"FCSStap": 7, "FCSPulse": 7}, 35, "borderline"},
		{instruments.FCSStrict(false), m{"FCSStap": 7, "FCSPulse": 7, "FCSSugar": 1}, 35.5, "acceptable"},
		{instruments.FCSStrict(true), m{"FCSDairy": 7}, 28, "poor"},
		{instruments.FCSStrict(true), m{"FCSDairy": 7, "FCSFat": 1}, 28.5, "borderline"},
		{instruments.FCSStrict(true), m{"FCSStap": 7, "FCSPr": 7}, 42, "borderline"},
		{instruments.FCSStrict(true), m{"FCSStap": 7, "FCSPr": 7, "FCSFat": 1}, 42.5, "acceptable"},

		{instruments.FCSNVitaminA(), m{}, 0, "never"},
		{instruments.FCSNVitaminA(), m{"FCSNPrEggs": 1}, 1, "sometimes"},
		{instruments.FCSNProtein(), m{"FCSPulse": 6}, 6, "sometimes"},
		{instruments.FCSNIron(), m{"FCSNPrFish": 6, "FCSNPrMeatF": 1}, 7, "daily"},

		{instruments.RCSI(false), m{"rCSIMealAdult": 1}, 3, "1"},
		{instruments.RCSI(false), m{"rCSIBorrow": 2}, 4, "2"},
		{instruments.RCSI(false), m{"rCSIMealAdult": 6}, 18, "2"},
		{instruments.RCSI(false), m{"rCSIMealAdult": 6, "rCSIMealNb": 1}, 19, "3-5"},
		{instruments.RCSI(true), m{"rCSIMealAdult": 1}, 3, "1"},
		{instruments.RCSI(true), m{"rCSIBorrow": 2}, 4, "2"},
		{instruments.RCSI(true), m{"rCSIMealAdult": 6}, 18, "2"},
		{instruments.RCSI(true), m{"rCSIMealAdult": 6, "rCSIMealSize": 1}, 19, "3"},
		{instruments.RCSI(true), m{"rCSIMealAdult": 7, "rCSIBorrow": 7, "rCSIMealNb": 7}, 42, "3"},
		{instruments.RCSI(true), m{"rCSIMealAdult": 7, "rCSIBorrow": 7, "rCSIMealNb": 7, "rCSILessQlty": 1}, 43, "4"},

		{instruments.HDDS(), yes(hdds[:2]...), 2, "4-5"},
		{instruments.HDDS(), yes(hdds[:3]...), 3, "3"},
		{instruments.HDDS(), yes(hdds[:4]...), 4, "3"},
		{instruments.HDDS(), yes(hdds...), 5, "1-2"},

		{instruments.MDDIStrict(), yes("MDDI_food1", "MDDI_edu1", "MDDI_shelter1"), 11, "not_poor"},
		{instruments.MDDIStrict(), yes("MDDI_food1", "MDDI_edu1", "MDDI_wash1"), 12, "poor"},
		{instruments.MDDIStrict(), yes("MDDI_food1", "MDDI_edu1", "MDDI_wash1", "MDDI_health1", "MDDI_shelter1"), 17, "poor"},
		{instruments.MDDIStrict(), yes("MDDI_food1", "MDDI_edu1", "MDDI_wash1", "MDDI_health1", "MDDI_safety1"), 18, "severe"},
		{instruments.MDDIWFP2026(), yes("MDDI_food1", "MDDI_edu1", "MDDI_shelter1"), 11, "not_poor"},
		{instruments.MDDIWFP2026(), yes("MDDI_food1", "MDDI_edu1", "MDDI_wash1"), 12, "poor"},
		{instruments.MDDIWFP2026(), yes("MDDI_food1", "MDDI_edu1", "MDDI_wash1", "MDDI_health1", "MDDI_shelter1"), 17, "poor"},
		{instruments.MDDIWFP2026(), yes("MDDI_food1", "MDDI_edu1", "MDDI_wash1", "MDDI_health1", "MDDI_safety1"), 18, "severe"},

		{instruments.MPI(), yes("nutrition"), 3, "not_poor"},
		{instruments.MPI(), yes("nutrition", "assets"), 4, "vulnerable"},
		{instruments.MPI(), yes("nutrition", "assets", "housing"), 5, "vulnerable"},
		{instruments.MPI(), yes("nutrition", "child_mortality"), 6, "poor"},
		{instruments.MPI(), yes("nutrition", "child_mortality", "assets", "housing"), 8, "poor"},
		{instruments.MPI(), yes("nutrition", "child_mortality", "years_schooling"), 9, "severe"},

		{instruments.MSNI(), m{"comp_wash_score": 2, "comp_edu_score": 1}, 2, "none"},
		{instruments.MSNI(), m{"comp_wash_score": 3, "comp_edu_score": 1}, 3, "need"},
		{instruments.MSNI(), m{"comp_wash_score": 3, "comp_edu_score": 4}, 4, "severe"},
		{instruments.MSNI(), m{"comp_prot_score": 5, "comp_edu_score": 4}, 5, "severe"},
	} {
		a := days(tc.in, tc.given)
		if tc.in.Name == "msni" { // its items begin at 1: 0 is not known
			pairs := map[string]r.Value{}
			for k, n := range tc.given {
				pairs[k] = r.IntValue(n)
			}
			a = r.Of(pairs)
		}
		s, err := card(t, tc.in).Score(a)
		require.NoError(t, err)
		assert.Equal(t, []any{tc.points, tc.band}, []any{s.Points, s.Band}, "%s %s %v", tc.in.Name, tc.in.Spec.Version, tc.given)
	}
}

// The edges themselves: scores of the FCS go in halves, so that none lies between.
func TestEdgesAsPublished(t *testing.T) {
	for oil, want := range map[bool][]string{false: {"(-Inf, 21]", "(21, 35]", "(35, +Inf)"}, true: {"(-Inf, 28]", "(28, 42]", "(42, +Inf)"}} {
		for _, in := range []instruments.Instrument{instruments.FCSWFP2026(oil), instruments.FCSStrict(oil)} {
			var got []string
			for _, b := range card(t, in).Bands() {
				got = append(got, b.String())
			}
			assert.Equal(t, want, got)
		}
	}
}

// What is impossible: no days for WFP's profile, refused by the others.
func TestImpossibleDays(t *testing.T) {
	for _, w := range weights {
		if w.most == 0 {
			continue
		}
		c := card(t, w.in)
		for item := range w.items {
			for _, n := range []int64{-1, 8, 77, math.MaxInt64, math.MinInt64} {
				s, err := c.Score(days(w.in, map[string]int64{item: n}))
				if w.in.Spec.Criteria[0].Unknown.String() == "zero" {
					require.NoError(t, err)
					require.Zero(t, s.Points, "%s: %s = %d", w.in.Name, item, n)
					continue
				}
				var bad *scoring.AnswersError
				require.ErrorAs(t, err, &bad, "%s: %s = %d", w.in.Name, item, n)
			}
		}
	}
}

// The Household Hunger Scale, by the rule of its guide: never 0, rarely and
// sometimes 1, often 2; and the edges of both sets of bands.
func TestHHSByHand(t *testing.T) {
	categories := []string{"little", "little", "moderate", "moderate", "severe", "severe", "severe"}
	ipc := []string{"1", "2", "3", "3", "4", "5", "5"}
	often := []string{"", "rarely", "sometimes", "often"}
	points := []int{0, 1, 1, 2}
	for _, phases := range []bool{false, true} {
		bands := categories
		if phases {
			bands = ipc
		}
		for _, in := range []instruments.Instrument{instruments.HHSWFP2026(phases), instruments.HHSIMPACT(phases), instruments.HHSStrict(phases)} {
			c := card(t, in)
			assert.Equal(t, phases, strings.HasSuffix(c.Version(), "-ipc"))
			assert.True(t, strings.HasPrefix(c.Version(), "2011"), "the year of the guide")
			for i := range 64 {
				pairs, want := map[string]r.Value{}, 0
				for j, k := range []string{"HHSNoFood", "HHSBedHung", "HHSNotEat"} {
					f := i >> (2 * j) & 3
					want += points[f]
					pairs[k], pairs[k+"_FR"] = r.BoolValue(f > 0), r.StateValue(r.NotAsked)
					if f > 0 {
						pairs[k+"_FR"] = r.OptionValue(often[f])
					}
				}
				s, err := c.Score(r.Of(pairs))
				require.NoError(t, err)
				require.Equal(t, []any{float64(want), bands[want]}, []any{s.Points, s.Band}, "%s %v", in.Name, pairs)
			}
		}
	}
}

// CARI over its whole grid: the mean of consumption and coping, rounded half up.
func TestCARIByHand(t *testing.T) {
	fcs := map[string]float64{"poor": 4, "borderline": 3, "acceptable": 1}
	lcs := map[string]float64{"none": 1, "stress": 2, "crisis": 3, "emergency": 4}
	for _, tc := range []struct {
		in    instruments.Instrument
		item  string
		third map[string]float64
	}{
		{instruments.CARIECMEN(), instruments.ItemECMEN, map[string]float64{"above": 1, "between": 3, "below": 4}},
		{instruments.CARIFES(), instruments.ItemFES, map[string]float64{"1": 1, "2": 2, "3": 3, "4": 4}},
	} {
		c := card(t, tc.in)
		for f, food := range fcs {
			for l, livelihood := range lcs {
				for e, economic := range tc.third {
					for _, days := range []int64{0, 3, 4, 56} {
						consumption := food
						if f == "acceptable" && days >= 4 {
							consumption = 2
						}
						mean := (consumption + (livelihood+economic)/2) / 2
						s, err := c.Score(r.Of(map[string]r.Value{
							instruments.ItemFCS: r.OptionValue(f), instruments.ItemLCS: r.OptionValue(l), tc.item: r.OptionValue(e), instruments.ItemRDays: r.IntValue(days),
						}))
						require.NoError(t, err)
						require.InDelta(t, mean, s.Points, 1e-12)
						require.Equal(t, fmt.Sprint(math.Floor(mean+0.5)), s.Band, "%s %s %s %d", f, l, e, days)
					}
				}
			}
		}
	}
}

// An rCSI of more than 56 cannot be.
func TestCARIRefusesWhatCannotBe(t *testing.T) {
	for _, in := range []instruments.Instrument{instruments.CARIECMEN(), instruments.CARIFES()} {
		_, err := card(t, in).Score(r.Of(map[string]r.Value{instruments.ItemRDays: r.IntValue(57)}))
		var bad *scoring.AnswersError
		require.ErrorAs(t, err, &bad)
	}
}

// A sector is in need from 3 on; a composite goes from 1 to 5.
func TestMSNIByHand(t *testing.T) {
	c := card(t, instruments.MSNI())
	composite := func(n int64) r.Answers { return r.Of(map[string]r.Value{"comp_foodsec_score": r.IntValue(n)}) }
	for n, want := range map[int64][]string{1: nil, 2: nil, 3: {"Food security"}, 4: {"Food security"}, 5: {"Food security"}} {
		s, err := c.Score(composite(n))
		require.NoError(t, err)
		assert.Equal(t, want, instruments.SectorsInNeed(s), "%d", n)
	}
	for _, n := range []int64{0, 6} {
		_, err := c.Score(composite(n))
		var bad *scoring.AnswersError
		require.ErrorAs(t, err, &bad, "%d", n)
	}
	assert.Empty(t, instruments.SectorsInNeed(scoring.Score{Reasons: make([]scoring.Reason, 2)}), "of something else")
	lsg := card(t, instruments.LSG("wash", instruments.Severity{Key: "water", Most: 5}))
	for _, n := range []int64{0, 6} {
		_, err := lsg.Score(r.Of(map[string]r.Value{"water": r.IntValue(n)}))
		require.Error(t, err)
	}
}

// WFP's table of the Essential Needs Assessment over its whole grid.
func TestENAByHand(t *testing.T) {
	c := card(t, instruments.ENA())
	for _, e := range []string{"above", "between", "below"} {
		for _, l := range []string{"none", "stress", "crisis", "emergency"} {
			for _, f := range []string{"acceptable", "borderline", "poor"} {
				signs := 0
				for _, bad := range []bool{e == "below", l == "emergency", f == "poor"} {
					if bad {
						signs++
					}
				}
				want := 1.0
				switch {
				case signs >= 2:
					want = 4
				case signs == 1:
					want = 3
				case e == "between" || l == "crisis" || f == "borderline":
					want = 2
				}
				s, err := c.Score(r.Of(map[string]r.Value{instruments.ItemECMEN: r.OptionValue(e), instruments.ItemLCS: r.OptionValue(l), instruments.ItemFCS: r.OptionValue(f)}))
				require.NoError(t, err)
				require.Equal(t, []any{want, fmt.Sprint(want)}, []any{s.Points, s.Band}, "%s %s %s", e, l, f)
			}
		}
	}
}

// The severest tier of a strategy that was used or is exhausted.
func TestLCSByHand(t *testing.T) {
	s := instruments.Strategies{Stress: []string{"s1", "s2"}, Crisis: []string{"c1", "c2"}, Emergency: []string{"e1", "e2"}}
	tier := map[byte]float64{'s': 2, 'c': 3, 'e': 4}
	bands := map[float64]string{1: "none", 2: "stress", 3: "crisis", 4: "emergency"}
	counted := map[instruments.LCSCount][]string{instruments.UsedOrExhausted: {"yes", "exhausted"}, instruments.OnlyUsed: {"yes"}, instruments.OnlyExhausted: {"exhausted"}}
	check := func(in instruments.Instrument, counts []string, extra map[string]r.Value) {
		c := card(t, in)
		for _, item := range []string{"s1", "s2", "c1", "c2", "e1", "e2", ""} {
			for _, answer := range []string{"no_need", "exhausted", "yes", "not_applicable"} {
				pairs, want := map[string]r.Value{}, 1.0
				for _, k := range []string{"s1", "s2", "c1", "c2", "e1", "e2"} {
					pairs[k] = r.OptionValue("no_need")
				}
				for k, v := range extra {
					pairs[k] = v
				}
				if item != "" {
					pairs[item] = r.OptionValue(answer)
					for _, counts := range counts {
						if answer == counts {
							want = tier[item[0]]
						}
					}
				}
				got, err := c.Score(r.Of(pairs))
				require.NoError(t, err)
				require.Equal(t, []any{want, bands[want]}, []any{got.Points, got.Band}, "%s: %s %s", in.Name, item, answer)
			}
		}
	}
	check(instruments.LCSWFP2026(s), counted[instruments.UsedOrExhausted], nil)
	for count, answers := range counted {
		check(instruments.LCSStrict(s, count), answers, nil)
	}
	check(instruments.LCSFoodFromEN(s, "to_buy_food"), counted[instruments.UsedOrExhausted], map[string]r.Value{"to_buy_food": r.BoolValue(true)})
	check(instruments.LCSFoodFromEN(s, "to_buy_food"), nil, map[string]r.Value{"to_buy_food": r.BoolValue(false)})
}

// ECMEN and FES from one household, step by step: 30 days have 30/7 weeks.
func TestSpendingByHand(t *testing.T) {
	s := instruments.Spending{
		FoodBought: 70, FoodGiven: 21, FoodGrown: 35, // 300, 90 and 150 in 30 days
		BoughtMonth: 40, GivenMonth: 25, BoughtHalfYear: 60, GivenHalfYear: 18, Cash: 300, People: 4,
	}
	b := instruments.Basket{MEB: 130, SMEB: 125, CashShare: 50}
	perHead, class, err := instruments.ECMEN(s, b, false)
	require.NoError(t, err)
	assert.InDelta(t, (300.0+150+40+10-50)/4, perHead, 1e-9)
	assert.Equal(t, "below", class)
	perHead, class, err = instruments.ECMEN(s, b, true)
	require.NoError(t, err)
	assert.InDelta(t, (300.0+150+90+40+25+10+3)/4, perHead, 1e-9)
	assert.Equal(t, "above", class)
	share, fes, ok, err := instruments.FES(s)
	require.NoError(t, err)
	assert.True(t, ok)
	assert.InDelta(t, 540.0/618, share, 1e-12)
	assert.Equal(t, 4, fes)
	for total, want := range map[float64]string{500: "below", 500.5: "between", 520: "between", 520.5: "above"} {
		_, class, err := instruments.ECMEN(instruments.Spending{BoughtMonth: total, People: 4}, b, true)
		require.NoError(t, err)
		assert.Equal(t, want, class, "%v", total)
	}
	_, _, err = instruments.ECMEN(instruments.Spending{People: 1}, instruments.Basket{MEB: 0.5, SMEB: 0.5, CashShare: 0}, false)
	require.NoError(t, err, "the edges of what is possible")
	_, _, err = instruments.ECMEN(instruments.Spending{People: 1}, instruments.Basket{MEB: 2, SMEB: 2, CashShare: 100}, false)
	require.NoError(t, err)
}
