package instruments_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/scoring/instruments"
)

func TestPhases(t *testing.T) {
	words := map[string]string{
		"Acceptable": "acceptable", "Borderline": "borderline", "Poor": "poor", "No to Low": "low", "Medium": "medium", "High": "high",
		"None": "none", "Little": "little", "Moderate": "moderate", "Severe": "severe", "Very Severe": "very_severe", "Stress": "stress", "Crisis": "crisis", "Emergency": "emergency",
	}
	phase := map[string]string{}
	for _, p := range []string{"1", "2", "3", "4", "5"} {
		phase["Phase "+p+" FC"], phase["Phase "+p+" FCLC"] = p, p
	}
	compare(t, "ipc/fewsnet_fc_matrix_45_published.csv", instruments.PhaseFC(), nil, words, "", "fc_phase", phase)
	for _, x := range table(t, "ipc/fewsnet_fclc_matrix_20_published.csv") {
		in := instruments.PhaseFCLC()
		x["fc_phase"] = phase[x["fc_phase"]]
		s, err := card(t, in).Score(x.answers(in, map[string]string{instruments.ItemLCS: "lcsi_cat"}, words))
		require.NoError(t, err)
		require.Equal(t, phase[x["fclcm_phase"]], s.Band)
	}
	// The cells are numbered as published.
	for _, x := range table(t, "ipc/fewsnet_fc_matrix_45_published.csv") {
		in := instruments.PhaseFC()
		c := card(t, in)
		s, err := c.Score(x.answers(in, nil, words))
		require.NoError(t, err)
		why := c.Explain(s, "")
		require.Len(t, why, 1)
		require.Equal(t, "cell_"+x["fc_cell"], why[0].ID)
	}
}

func TestCARI(t *testing.T) {
	type part struct {
		prefix string
		times  float64
	}
	for _, tc := range []struct {
		in           instruments.Instrument
		points, band string
		parts        map[string]part
	}{
		{instruments.CARIFES(), "CARI_unrounded_FES", "CARI_FES", map[string]part{"FCS_4pt_fes": {"fcs_", 2}, "Foodexp_4pt": {"fes_", 4}, "Max_coping_behaviourFS": {"lcs_", 4}}},
		{instruments.CARIECMEN(), "CARI_unrounded_ECMEN", "CARI_ECMEN", map[string]part{"FCS_4pt": {"fcs_", 2}, "ECMEN_class_4pt": {"ecmen_", 4}, "Max_coping_behaviourFS": {"lcs_", 4}}},
	} {
		c := card(t, tc.in)
		for i, x := range table(t, "cari/cari_wfp_pspp_computed.csv") {
			y := row{
				instruments.ItemFCS:   map[string]string{"1": "poor", "2": "borderline", "3": "acceptable"}[x["FCSCat21"]],
				instruments.ItemLCS:   map[string]string{"1": "none", "2": "stress", "3": "crisis", "4": "emergency"}[x["Max_coping_behaviourFS"]],
				instruments.ItemECMEN: map[string]string{"11": "above", "01": "between", "00": "below"}[x["ECMEN_exclAsst"]+x["ECMEN_exclAsst_SMEB"]],
				instruments.ItemFES:   x["Foodexp_4pt"], instruments.ItemRDays: x["rCSI"],
			}
			s, err := c.Score(y.answers(tc.in, nil, nil))
			require.NoError(t, err, "row %d", i+2)
			require.InDelta(t, x.num(t, tc.points), s.Points, 1e-9, "row %d", i+2)
			require.Equal(t, x[tc.band], s.Band, "row %d", i+2)
			for col, ids := range tc.parts { // half of the mean comes from consumption, a quarter from each way to cope
				var sum float64
				for j, cr := range tc.in.Spec.Criteria {
					if strings.HasPrefix(cr.ID, ids.prefix) {
						sum += s.Reasons[j].Points
					}
				}
				require.InDelta(t, x.num(t, col), sum*ids.times, 1e-9, "row %d: %s", i+2, col)
			}
		}
	}
}

func TestENA(t *testing.T) {
	in := instruments.ENA()
	c := card(t, in)
	for i, x := range table(t, "ena/ena_wfp_pspp_computed.csv") {
		y := row{
			instruments.ItemFCS:   map[string]string{"1": "poor", "2": "borderline", "3": "acceptable"}[x["FCSCat21"]],
			instruments.ItemLCS:   map[string]string{"1": "none", "2": "stress", "3": "crisis", "4": "emergency"}[x["Max_coping_behaviourEN"]],
			instruments.ItemECMEN: map[string]string{"11": "above", "01": "between", "00": "below"}[x["ECMEN_exclAsst"]+x["ECMEN_exclAsst_SMEB"]],
		}
		s, err := c.Score(y.answers(in, nil, nil))
		require.NoError(t, err, "row %d", i+2)
		require.Equal(t, x["ENA_vulnerability"], s.Band, "row %d", i+2)
	}
}

func TestMSNI(t *testing.T) {
	in := instruments.MSNI()
	c := card(t, in)
	for i, x := range table(t, "msni/msni_humind.csv") {
		s, err := c.Score(x.answers(in, nil, nil))
		require.Equal(t, x["msni_score"] == "", refused(t, err), "row %d: nothing known is not no need", i+2)
		if err != nil {
			continue
		}
		require.Equal(t, x.num(t, "msni_score"), s.Points, "row %d", i+2)
		require.Equal(t, x["msni_in_need"] == "1", s.Band != "none", "row %d", i+2)
		require.Equal(t, x["msni_in_severe_need"] == "1", s.Band == "severe", "row %d", i+2)
	}
}

func TestMDDI(t *testing.T) {
	in := instruments.MDDIWFP2026()
	c := card(t, in)
	strict := card(t, instruments.MDDIStrict())
	for i, x := range table(t, "mddi/mddi_wfp_pspp_computed.csv") {
		a := x.answers(in, nil, nil)
		s, err := c.Score(a)
		require.NoError(t, err)
		if x["MDDI"] != "" {
			require.InDelta(t, x.num(t, "MDDI"), s.Points/36, 1e-9, "row %d", i+2)
		}
		complete := true
		for _, sl := range in.Items {
			complete = complete && x[sl.Key] != ""
		}
		_, err = strict.Score(a)
		require.Equal(t, complete, err == nil)
		for j := 0; j < len(in.Items); { // each dimension of one to three indicators
			dimension := "MDDI_" + strings.TrimRight(strings.TrimPrefix(in.Items[j].Key, "MDDI_"), "0123456789")
			var sum float64
			for ; j < len(in.Items) && strings.HasPrefix(in.Items[j].Key, dimension); j++ {
				sum += s.Reasons[j].Points
			}
			if x[dimension] != "" {
				require.InDelta(t, x.num(t, dimension), sum/6, 1e-9, "row %d: %s", i+2, dimension)
			}
		}
		if x["MDDI"] != "" {
			require.Equal(t, x["MDDI_poor"] == "1", s.Band != "not_poor", "row %d", i+2)
			if x["MDDI_intensity"] != "" {
				require.InDelta(t, x.num(t, "MDDI_intensity"), s.Points/36, 1e-9, "row %d", i+2)
			}
			require.Equal(t, x["MDDI_intensity"] != "", s.Band != "not_poor", "row %d", i+2)
			require.Equal(t, x["MDDI_poor_severe"] == "1", s.Band == "severe", "row %d", i+2)
		}
	}
}

func TestMPI(t *testing.T) {
	in := instruments.MPI()
	c := card(t, in)
	for i, x := range table(t, "mpi/global_mpi_1024_exact.csv") {
		s, err := c.Score(x.answers(in, nil, nil))
		require.NoError(t, err)
		require.Equal(t, x.num(t, "c_18ths"), s.Points, "row %d", i+2)
		require.Equal(t, x["poor_1_3"] == "1", s.Band == "poor" || s.Band == "severe", "row %d", i+2)
		require.Equal(t, x["vulnerable_1_5_to_1_3"] == "1", s.Band == "vulnerable", "row %d", i+2)
		require.Equal(t, x["severe_1_2"] == "1", s.Band == "severe", "row %d", i+2)
	}
}
