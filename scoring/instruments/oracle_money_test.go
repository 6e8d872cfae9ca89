package instruments_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/scoring/instruments"
)

func spending(x row) instruments.Spending {
	var s instruments.Spending
	for col := range x {
		v := x.money(col)
		switch {
		case !strings.HasPrefix(col, "HHExp"), strings.HasPrefix(col, "HHExp_"), strings.Contains(col, "Total"):
		case strings.HasPrefix(col, "HHExpNF") && strings.HasSuffix(col, "Purch_MN_1M"):
			s.BoughtMonth += v
		case strings.HasPrefix(col, "HHExpNF") && strings.HasSuffix(col, "GiftAid_MN_1M"):
			s.GivenMonth += v
		case strings.HasPrefix(col, "HHExpNF") && strings.HasSuffix(col, "Purch_MN_6M"):
			s.BoughtHalfYear += v
		case strings.HasPrefix(col, "HHExpNF") && strings.HasSuffix(col, "GiftAid_MN_6M"):
			s.GivenHalfYear += v
		case strings.HasSuffix(col, "Purch_MN_7D"):
			s.FoodBought += v
		case strings.HasSuffix(col, "GiftAid_MN_7D"):
			s.FoodGiven += v
		case strings.HasSuffix(col, "Own_MN_7D"):
			s.FoodGrown += v
		}
	}
	s.People = int(x.money("HHSize"))
	return s
}

func TestECMEN(t *testing.T) {
	for file, cols := range map[string][3]string{
		"ecmen/ecmen-excludingassistance_wfp_computed.csv": {"PCExp_ECMEN", "ECMEN_exclAsst", "ECMEN_exclAsst_SMEB"},
		"ecmen/ecmen-includingassistance_wfp_computed.csv": {"PCExp_ECMEN", "ECMEN_inclAsst", "ECMEN_inclAsst_SMEB"},
	} {
		rows := table(t, file)
		for i, x := range rows {
			s := spending(x)
			for _, col := range []string{"HHAsstWFPCBTRecTot", "HHAsstUNNGOCBTRecTot"} {
				s.Cash += x.money(col)
			}
			b := instruments.Basket{MEB: x.money("MEB"), SMEB: x.money("sMEB"), CashShare: x.money("HHAsstCBTCShare_med")}
			if b.SMEB == 0 {
				b.SMEB = x.money("SMEB")
			}
			perHead, class, err := instruments.ECMEN(s, b, strings.Contains(file, "including"))
			require.NoError(t, err)
			require.InDelta(t, x.num(t, cols[0]), perHead, 1e-6, "%s, row %d", file, i+2)
			require.Equal(t, x[cols[1]] == "Above MEB", class == "above", "%s, row %d", file, i+2)
			require.Equal(t, x[cols[2]] == "Above MEB", class != "below", "%s, row %d", file, i+2)
		}
	}
}

func TestFES(t *testing.T) {
	classes := map[string]int{}
	for i, x := range table(t, "ecmen/fes_wfp_computed.csv") {
		share, class, ok, err := instruments.FES(spending(x))
		require.NoError(t, err)
		require.Equal(t, x["FES"] != "" && x["FES"] != "NaN", ok, "row %d", i+2)
		if !ok {
			continue
		}
		require.InDelta(t, x.num(t, "FES"), share, 1e-9, "row %d", i+2)
		if before, seen := classes[x["Foodexp_4pt"]]; seen {
			require.Equal(t, before, class, "row %d: %s", i+2, x["Foodexp_4pt"])
		}
		classes[x["Foodexp_4pt"]] = class
	}
	for label, class := range classes {
		require.Equal(t, map[string]int{"very high": 4, "high": 3, "medium": 2, "low": 1}[strings.ToLower(strings.TrimSpace(strings.Split(label, " Food")[0]))], class, label)
	}
}

func TestPPITables(t *testing.T) {
	path := func(name string) *os.File {
		f, err := os.Open(filepath.Join(corpora(t), "scoring", "ppi", name))
		require.NoError(t, err)
		t.Cleanup(func() { _ = f.Close() })
		return f
	}
	p, err := instruments.ReadPPI(path("ppiJOR2010.csv"))
	require.ErrorContains(t, err, "rises")
	x, ok := p.Likelihood(0, "ppp125")
	assert.True(t, ok)
	assert.Equal(t, 21.8, x)
	_, err = instruments.ReadPPI(path("ppiKEN2024.csv"))
	if err != nil {
		require.NotContains(t, err.Error(), "absent")
	}
	_, err = instruments.ReadPPI(path("ppiUGA2022.csv"))
	require.ErrorContains(t, err, "the score 0 is absent")
	p, err = instruments.ReadPPI(path("ppiIND2016_r68.csv"))
	require.ErrorContains(t, err, "no likelihood for percentile20")
	_, ok = p.Likelihood(0, "percentile20")
	assert.False(t, ok)
}
