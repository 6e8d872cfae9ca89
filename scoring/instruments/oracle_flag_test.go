package instruments_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	r "github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
	"github.com/hubkit/hubkit/scoring/instruments"
)

// compareFlags holds flags against the columns of a row, by ID; an expectation
// that is empty is none.
func compareFlags(t *testing.T, where string, x row, got []instruments.Flag, columns map[string]string) {
	t.Helper()
	has := map[string]bool{}
	for _, f := range got {
		require.NotEmpty(t, f.Say)
		has[f.ID] = true
		require.Contains(t, columns, f.ID)
	}
	for id, col := range columns {
		if x[col] != "" {
			require.Equal(t, x[col] == "1", has[id], "%s: %s", where, col)
		}
	}
}

func TestFlags(t *testing.T) {
	for _, tc := range []struct {
		file, points string
		flags        func(x row, points float64) []instruments.Flag
		columns      map[string]string
	}{
		{"fcs/fcs_wfp_computed.csv", "FCS", func(_ row, p float64) []instruments.Flag { return instruments.FCSFlags(p) }, map[string]string{"low": "FCS_flag_low", "high": "FCS_flag_high"}},
		{"rcsi/rcsi_wfp_computed.csv", "rCSI", func(_ row, p float64) []instruments.Flag { return instruments.RCSIFlags(p) }, map[string]string{"low": "rCSI_flag_low", "high": "rCSI_flag_high"}},
		{"hhs/hhs_wfp_computed.csv", "HHS", func(_ row, p float64) []instruments.Flag { return instruments.HHSFlags(p) }, map[string]string{"high": "HHS_flag"}},
		{"hdds/hdds_wfp_computed.csv", "HDDS", func(x row, p float64) []instruments.Flag { return instruments.HDDSFlags(p, x.plain(), nil) }, map[string]string{
			"zero": "HDDS_flag_zero", "low": "HDDS_flag_low", "high": "HDDS_flag_high", "FCSStap": "HDDS_flag_cereal", "FCSPulse": "HDDS_flag_pulses",
			"FCSDairy": "HDDS_flag_dairy", "FCSPr": "HDDS_flag_protein", "FCSVeg": "HDDS_flag_veg", "FCSFruit": "HDDS_flag_fruit", "FCSFat": "HDDS_flag_fat",
			"FCSSugar": "HDDS_flag_sugar", "FCSCond": "HDDS_flag_cond",
		}},
		{"fcsn/fcsn_wfp_computed.csv", "", func(x row, _ float64) []instruments.Flag { return instruments.FCSNFlags(x.plain(), nil) }, map[string]string{
			"FCSPr": "FCSN_flag_protein", "FCSVeg": "FCSN_flag_veg", "FCSFruit": "FCSN_flag_fruit",
		}},
	} {
		t.Run(tc.file, func(t *testing.T) {
			compared := 0
			for _, x := range table(t, tc.file) {
				points := 5.0 // of the HDDS without a score: it has no flag of points
				if tc.points != "" && x[tc.points] != "" {
					points = x.num(t, tc.points)
				} else if tc.points != "" && tc.file[:4] != "hdds" {
					continue
				}
				compareFlags(t, tc.file, x, tc.flags(x, points), tc.columns)
				compared++
			}
			assert.Greater(t, compared, 100)
		})
	}
}

// plain is a row of days and of yes and no (columns HDDS…) as answers.
func (x row) plain() r.Answers {
	pairs := map[string]r.Value{}
	for k, v := range x {
		kind := r.KindInteger
		if strings.HasPrefix(k, "HDDS") {
			kind = r.KindBool
		}
		if v != "" && !strings.Contains(k, "_") && k != "case" && k != "HDDS" {
			pairs[k] = cell(r.Slot{Key: k, Kind: kind}, v, nil)
		}
	}
	return r.Of(pairs)
}

// The edges, which the tables do not all reach: as facts on the scripts have them.
func TestFlagEdges(t *testing.T) {
	ids := func(fs []instruments.Flag) []string {
		var out []string
		for _, f := range fs {
			out = append(out, f.ID)
		}
		return out
	}
	assert.Equal(t, []string{"low"}, ids(instruments.FCSFlags(13.5)))
	assert.Empty(t, instruments.FCSFlags(14))
	assert.Empty(t, instruments.FCSFlags(100))
	assert.Equal(t, []string{"high"}, ids(instruments.FCSFlags(100.5)))
	assert.Equal(t, []string{"low"}, ids(instruments.RCSIFlags(3)))
	assert.Empty(t, instruments.RCSIFlags(4))
	assert.Empty(t, instruments.RCSIFlags(41))
	assert.Equal(t, []string{"high"}, ids(instruments.RCSIFlags(42)))
	assert.Empty(t, instruments.HHSFlags(4))
	assert.Equal(t, []string{"high"}, ids(instruments.HHSFlags(5)))
	none := r.Answers{}
	assert.Equal(t, []string{"zero", "low"}, ids(instruments.HDDSFlags(0, none, nil)))
	assert.Equal(t, []string{"low"}, ids(instruments.HDDSFlags(2, none, nil)))
	assert.Empty(t, instruments.HDDSFlags(3, none, nil))
	assert.Empty(t, instruments.HDDSFlags(9, none, nil))
	assert.Equal(t, []string{"high"}, ids(instruments.HDDSFlags(10, none, nil)))

	day, no, yes := r.IntValue, r.BoolValue(false), r.BoolValue(true)
	both := func(roots r.Value) []string {
		return ids(instruments.HDDSFlags(5, r.Of(map[string]r.Value{"fcsstap": day(7), "HDDSStapCer": no, "HDDSStapRoot": roots}), map[string]string{"FCSStap": "fcsstap"}))
	}
	assert.Equal(t, []string{"FCSStap"}, both(no))
	assert.Empty(t, both(yes), "roots are staples too")
	assert.Empty(t, both(r.StateValue(r.Refused)))

	within := func(pairs map[string]r.Value) []string { return ids(instruments.FCSNFlags(r.Of(pairs), nil)) }
	assert.Empty(t, within(map[string]r.Value{"FCSPr": day(3), "FCSNPrMeatF": day(3), "FCSNPrFish": day(3)}), "two of them on the same days")
	assert.Equal(t, []string{"FCSPr"}, within(map[string]r.Value{"FCSPr": day(3), "FCSNPrEggs": day(4)}))
	assert.Equal(t, []string{"FCSVeg", "FCSFruit"}, within(map[string]r.Value{"FCSVeg": day(0), "FCSNVegGre": day(1), "FCSFruit": day(6), "FCSNFruiOrg": day(7)}))
	assert.Empty(t, within(map[string]r.Value{"FCSNVegGre": day(1)}), "without the whole, nothing can be said")
	assert.Empty(t, within(map[string]r.Value{"FCSPr": day(-1)}), "what was not asked is not 0 days")
	assert.Equal(t, []string{"FCSPr"}, within(map[string]r.Value{"FCSPr": day(-1), "FCSNPrEggs": day(0)}))
}

// The sectors of the MSNI, their number and the profile in words; and that a
// sector is in need from 3 on, as humind's own columns say.
func TestMSNISectors(t *testing.T) {
	in := instruments.MSNI()
	c := card(t, in)
	for i, x := range table(t, "msni/msni_humind.csv") {
		s, err := c.Score(x.answers(in, nil, nil))
		require.Equal(t, x["msni_score"] == "", refused(t, err), "row %d", i+2)
		got := instruments.SectorsInNeed(s)
		if x["sector_in_need_n"] == "" {
			require.Empty(t, got, "row %d", i+2)
			continue
		}
		require.Len(t, got, int(x.num(t, "sector_in_need_n")), "row %d", i+2)
		require.Equal(t, x["sector_needs_profile"], strings.Join(got, " - "), "row %d", i+2)
	}
	assert.Empty(t, instruments.SectorsInNeed(scoring.Score{}))
}

// Sector composites, as far as their rules are published.
func TestMSNIComposites(t *testing.T) {
	health := card(t, instruments.MSNIHealth())
	y, n := r.BoolValue(true), r.BoolValue(false)
	for _, tc := range []struct {
		unmet, met r.Value
		want       float64
	}{{y, y, 3}, {y, n, 3}, {n, y, 2}, {n, n, 1}} {
		s, err := health.Score(r.Of(map[string]r.Value{"health_unmet": tc.unmet, "health_met": tc.met}))
		require.NoError(t, err)
		assert.Equal(t, tc.want, s.Points)
	}
	_, err := health.Score(r.Answers{})
	require.Error(t, err)

	lsg := card(t, instruments.LSG("wash", instruments.Severity{Key: "water", Most: 5}, instruments.Severity{Key: "soap", Most: 3}))
	for _, tc := range []struct{ water, soap, want int64 }{{5, 1, 5}, {2, 5, 3}, {1, 1, 1}, {3, 4, 3}, {0, 2, 2}, {4, 0, 4}, {0, 0, 0}} {
		pairs := map[string]r.Value{}
		for k, v := range map[string]int64{"water": tc.water, "soap": tc.soap} {
			if v > 0 {
				pairs[k] = r.IntValue(v)
			}
		}
		s, err := lsg.Score(r.Of(pairs))
		if refused(t, err) {
			assert.Zero(t, tc.want, "nothing known is not no need")
			assert.Empty(t, s.Band)
			continue
		}
		assert.EqualValues(t, tc.want, s.Points, "%+v", tc)
	}
}

func TestLCSFoodFromEN(t *testing.T) {
	codes := map[string]string{"10": "no_need", "20": "exhausted", "30": "yes", "9999": "not_applicable", "999": "not_applicable"}
	tiers := map[string]string{"1": "none", "2": "stress", "3": "crisis", "4": "emergency"}
	s := instruments.Strategies{
		Stress:    []string{"LcsEN_stress_DomAsset", "LcsEN_stress_Saving", "LcsEN_stress_BorrowCash", "LcsEN_stress_Utilities"},
		Crisis:    []string{"LcsEN_crisis_ProdAssets", "LcsEN_crisis_Health", "LcsEN_crisis_OutSchool"},
		Emergency: []string{"LcsEN_em_ResAsset", "LcsEN_em_Begged", "LcsEN_em_IllegalAct"},
	}
	in := instruments.LCSFoodFromEN(s, "LhCSIEnAccess.1")
	c := card(t, in)
	for i, x := range table(t, "lcs/lcs_en_wfp_computed.csv") {
		s, err := c.Score(x.answers(in, nil, codes))
		require.NoError(t, err)
		require.Equal(t, tiers[x["Max_coping_behaviourFS_from_EN"]], s.Band, "row %d", i+2)
	}
	missing, err := c.Score(r.Of(map[string]r.Value{"LcsEN_em_Begged": r.OptionValue("yes")}))
	require.NoError(t, err)
	assert.Equal(t, "none", missing.Band, "without a reason")
}

// WFP's indicator of the head of the household, by its own sample and by the grid.
func TestWGSSWFP(t *testing.T) {
	in := instruments.WGSSWFP()
	c := card(t, in)
	for file, columns := range map[string]map[string]string{
		"wgss/wgss_wfp_sample_computed.csv": {
			"seeing": "HHHDisabSee", "hearing": "HHHDisabHear", "walking": "HHHDisabWalk", "remembering": "HHHDisabRemember",
			"self_care": "HHHDisabWash", "communicating": "HHHDisabUnderstand", "": "HHHDisabCat3",
		},
		"wgss/wgss_humind_wfp_computed.csv": {
			"seeing": "wgq_vision", "hearing": "wgq_hearing", "walking": "wgq_mobility", "remembering": "wgq_cognition",
			"self_care": "wgq_self_care", "communicating": "wgq_communication", "": "wfp_HHHDisabCat3",
		},
	} {
		words := map[string]string{
			"1": "none", "2": "some", "3": "a_lot", "4": "cannot", "888": "dont_know", "999": "refused",
			"no_difficulty": "none", "some_difficulty": "some", "lot_of_difficulty": "a_lot", "cannot_do": "cannot", "dnk": "dont_know", "pnta": "refused",
		}
		for i, x := range table(t, file) {
			s, err := c.Score(x.answers(in, columns, words))
			require.NoError(t, err)
			require.Equal(t, x[columns[""]] == "1", s.Band == "yes", "%s, row %d", file, i+2)
		}
	}
}
