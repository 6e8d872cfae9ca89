package instruments_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	r "github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
	"github.com/hubkit/hubkit/scoring/instruments"
)

// all is every instrument that is a card.
func all() []instruments.Instrument {
	s := instruments.Strategies{Stress: []string{"s1", "s2"}, Crisis: []string{"c1"}, Emergency: []string{"e1"}}
	ins := []instruments.Instrument{
		instruments.FCSNVitaminA(), instruments.FCSNProtein(), instruments.FCSNIron(), instruments.HDDS(), instruments.FIES(), instruments.PhaseFC(), instruments.PhaseFCLC(),
		instruments.CARIECMEN(), instruments.CARIFES(), instruments.ENA(), instruments.MSNI(), instruments.MDDIWFP2026(), instruments.MDDIStrict(), instruments.MPI(),
		instruments.LCSWFP2026(s), instruments.LCSStrict(s, instruments.UsedOrExhausted), instruments.LCSStrict(s, instruments.OnlyUsed), instruments.LCSFoodFromEN(s, "to_buy_food"),
		instruments.WGSSWFP(), instruments.MSNIHealth(), instruments.LSG("wash", instruments.Severity{Key: "water", Most: 5}, instruments.Severity{Key: "soap", Most: 3}),
	}
	for _, yes := range []bool{false, true} {
		ins = append(ins, instruments.FCSWFP2026(yes), instruments.FCSStrict(yes), instruments.RCSI(yes), instruments.HHSWFP2026(yes), instruments.HHSIMPACT(yes), instruments.HHSStrict(yes))
	}
	for level := 1; level <= 4; level++ {
		ins = append(ins, instruments.WGSS(level), instruments.WGSSHumind(level))
	}
	return ins
}

// Every instrument is a sound card that says where it comes from, and two
// profiles are never the same card.
func TestEveryInstrument(t *testing.T) {
	seen := map[[32]byte]string{}
	for _, in := range all() {
		c := card(t, in)
		assert.NotEmpty(t, in.Edition, in.Name)
		assert.NotEmpty(t, in.Source, in.Name)
		assert.NotEmpty(t, in.Missing, in.Name)
		assert.Equal(t, in.Name, c.ID())
		assert.Empty(t, seen[c.Hash()], in.Name)
		seen[c.Hash()] = in.Name
		b, err := c.MarshalJSON()
		require.NoError(t, err)
		again, err := scoring.Load(b, c.Shape())
		require.NoError(t, err)
		assert.Equal(t, c.Hash(), again.Hash())
	}
}

// What counts food that is eaten is low for the needy; everything else counts
// hardship.
func TestWhoIsNeedier(t *testing.T) {
	for _, in := range all() {
		low := strings.HasPrefix(in.Name, "fcs.") || strings.HasPrefix(in.Name, "fcsn.") || in.Name == "hdds"
		assert.Equal(t, low, in.LowIsNeedier, in.Name)
	}
}

func TestRename(t *testing.T) {
	borrow := r.Integer("borrowed_food", hubkit.Text{"en": "On how many days did you borrow food?"}).Between(0, 7)
	others := []r.Part{borrow}
	for _, k := range []string{"rCSILessQlty", "rCSIMealNb", "rCSIMealSize", "rCSIMealAdult"} {
		others = append(others, r.Integer(strings.ToLower(k), hubkit.Text{"en": k + "?"}).Between(0, 7))
	}
	form := r.MustNew(r.Spec{ID: "f", Version: "1", Languages: []hubkit.Lang{"en"}, Parts: others})
	in, err := instruments.RCSI(false).Rename(map[string]string{
		"rCSIBorrow": "borrowed_food", "rCSILessQlty": "rcsilessqlty", "rCSIMealNb": "rcsimealnb", "rCSIMealSize": "rcsimealsize", "rCSIMealAdult": "rcsimealadult",
	})
	require.NoError(t, err)
	c, err := in.On(form.Shape())
	require.NoError(t, err)
	n := func(x int64) r.Value { return r.IntValue(x) }
	s, err := c.Score(r.Of(map[string]r.Value{"borrowed_food": n(7), "rcsilessqlty": n(1), "rcsimealnb": n(0), "rcsimealsize": n(0), "rcsimealadult": n(2)}))
	require.NoError(t, err)
	assert.Equal(t, 21.0, s.Points)
	assert.Equal(t, "rCSIBorrow", c.Spec().Criteria[1].ID, "criteria keep their published names")

	_, err = instruments.RCSI(false).Rename(map[string]string{"rCSIWeird": "x"})
	require.ErrorContains(t, err, "rCSIWeird")
	_, err = instruments.RCSI(false).On(form.Shape())
	require.Error(t, err, "without Rename the questionnaire does not ask the items")
}

// The traps that tell the profiles apart.
func TestProfilesDiffer(t *testing.T) {
	full := map[string]r.Value{}
	for _, k := range []string{"FCSStap", "FCSPulse", "FCSDairy", "FCSPr", "FCSVeg", "FCSFruit", "FCSFat", "FCSSugar"} {
		full[k] = r.IntValue(1)
	}
	with := func(v r.Value) r.Answers {
		m := map[string]r.Value{}
		for k, x := range full {
			m[k] = x
		}
		m["FCSStap"] = v
		return r.Of(m)
	}
	wfp, strict := card(t, instruments.FCSWFP2026(false)), card(t, instruments.FCSStrict(false))
	seven, err := wfp.Score(with(r.IntValue(7)))
	require.NoError(t, err)
	eight, err := wfp.Score(with(r.IntValue(8)))
	require.NoError(t, err)
	assert.Equal(t, 14.0, seven.Points-eight.Points, "8 days count less than 7")
	nothing, err := wfp.Score(r.Answers{})
	require.NoError(t, err)
	assert.Equal(t, "poor", nothing.Band)
	_, err = strict.Score(with(r.IntValue(8)))
	var bad *scoring.AnswersError
	require.ErrorAs(t, err, &bad)
	_, err = strict.Score(with(r.StateValue(r.Refused)))
	var unknown *scoring.UnknownError
	require.ErrorAs(t, err, &unknown)
	assert.Equal(t, []string{"FCSStap"}, unknown.Criteria)
	_, err = card(t, instruments.PhaseFC()).Score(r.Of(map[string]r.Value{"fcs_cat": r.OptionValue("poor"), "rcsi_cat": r.OptionValue("high")}))
	require.ErrorAs(t, err, &unknown)
	assert.Equal(t, []string{"hhs_cat"}, unknown.Reads, "the answer, and not only the cells that wait for it")
}

// With frequencies exactly after a yes, all three profiles agree on all 64 patterns.
func TestHHSProfilesAgreeWhereConsistent(t *testing.T) {
	wfp, impact, strict := card(t, instruments.HHSWFP2026(true)), card(t, instruments.HHSIMPACT(true)), card(t, instruments.HHSStrict(true))
	often := []string{"", "rarely", "sometimes", "often"}
	for i := range 64 {
		pairs := map[string]r.Value{}
		want := 0.0
		for j, k := range []string{"HHSNoFood", "HHSBedHung", "HHSNotEat"} {
			f := i >> (2 * j) & 3
			pairs[k] = r.BoolValue(f > 0)
			if f > 0 {
				pairs[k+"_FR"] = r.OptionValue(often[f])
			} else {
				pairs[k+"_FR"] = r.StateValue(r.NotAsked)
			}
			want += []float64{0, 1, 1, 2}[f]
		}
		for _, c := range []*scoring.Card{wfp, impact, strict} {
			s, err := c.Score(r.Of(pairs))
			require.NoError(t, err)
			require.Equal(t, want, s.Points)
		}
	}
}

// The whole matrices of FEWS NET, cell by cell, against the rows as published.
func TestWholeMatrix(t *testing.T) {
	rows := map[string]string{
		"low acceptable": "12233", "low borderline": "12334", "low poor": "22344",
		"medium acceptable": "22233", "medium borderline": "22334", "medium poor": "23345",
		"high acceptable": "22334", "high borderline": "23344", "high poor": "33345",
	}
	c := card(t, instruments.PhaseFC())
	for where, digits := range rows {
		rcsi, fcs, _ := strings.Cut(where, " ")
		for i, hhs := range []string{"none", "little", "moderate", "severe", "very_severe"} {
			s, err := c.Score(r.Of(map[string]r.Value{"rcsi_cat": r.OptionValue(rcsi), "fcs_cat": r.OptionValue(fcs), "hhs_cat": r.OptionValue(hhs)}))
			require.NoError(t, err)
			require.Equal(t, digits[i:i+1], s.Band, "%s %s", where, hhs)
		}
	}
}

// Washington Group cut-offs over all 4,096 patterns; the counts are those that
// the facts of the set give.
func TestWGSSCounts(t *testing.T) {
	want := []int{4095, 4089, 4032, 3367}
	options := []string{"none", "some", "a_lot", "cannot"}
	domains := []string{"seeing", "hearing", "walking", "remembering", "self_care", "communicating"}
	for level := 1; level <= 4; level++ {
		for _, in := range []instruments.Instrument{instruments.WGSS(level), instruments.WGSSHumind(level)} {
			c := card(t, in)
			n := 0
			for p := range 4096 {
				pairs := map[string]r.Value{"age": r.IntValue(30)}
				for j, d := range domains {
					pairs[d] = r.OptionValue(options[p>>(2*j)&3])
				}
				s, err := c.Score(r.Of(pairs))
				require.NoError(t, err)
				if s.Band == "yes" {
					n++
				}
			}
			assert.Equal(t, want[level-1], n, in.Name)
		}
	}
}

func TestDisabilityOfMembers(t *testing.T) {
	opts := []r.Option{}
	for _, o := range []string{"none", "some", "a_lot", "cannot"} {
		opts = append(opts, r.Opt(o, hubkit.Text{"en": o}))
	}
	var parts []r.Part
	for _, k := range []string{"see", "hearing", "walking", "remembering", "self_care", "communicating"} {
		parts = append(parts, r.Choice(k, hubkit.Text{"en": k + "?"}, opts...))
	}
	members := r.Repeat("members", hubkit.Text{"en": "Person {n}"}, parts...).UntilNo(r.YesNo("more", hubkit.Text{"en": "More?"}))
	form := r.MustNew(r.Spec{ID: "f", Version: "1", Languages: []hubkit.Lang{"en"}, Parts: r.Parts(members)})
	c := scoring.MustNew(scoring.CardSpec{ID: "d", Version: "1", Criteria: scoring.Criteria(
		scoring.Add(4, "disability", members.Any(instruments.Domains{Seeing: "see"}.Disability3())))}, form.Shape())
	s, err := c.Score(r.Of(map[string]r.Value{"members": r.RowsValue(
		r.Of(map[string]r.Value{"see": r.OptionValue("some")}), r.Of(map[string]r.Value{"see": r.OptionValue("a_lot")}))}))
	require.NoError(t, err)
	assert.Equal(t, 4.0, s.Points, "one domain decides, whatever the others are")
}

func TestChildFunctioning(t *testing.T) {
	var slots []r.Slot
	codes := []string{"1", "2", "3", "4"}
	keys := []string{"CF2", "CF3", "CF5", "CF6", "CF8", "CF10", "CF11", "CF12", "CF13", "CF14", "CF15", "kicks"}
	for _, k := range keys {
		slots = append(slots, r.Slot{Key: k, Kind: r.KindOne, Options: codes})
	}
	shape, err := r.NewShape(slots...)
	require.NoError(t, err)
	test, err := instruments.ChildFunctioning24(map[string]string{"CF16": "kicks"}).Bind(shape)
	require.NoError(t, err)
	child := func(key, code string) r.Truth {
		m := map[string]r.Value{}
		for _, k := range keys {
			m[k] = r.OptionValue("1")
		}
		if m[key] = r.OptionValue(code); code == "9" {
			m[key] = r.StateValue(r.DontKnow)
		}
		return test.Eval(r.Of(m))
	}
	for _, k := range []string{"CF2", "CF3", "CF5", "CF6", "CF8", "CF10", "CF11", "CF12", "CF13", "CF14", "CF15"} {
		for code, want := range map[string]r.Truth{"1": r.No, "2": r.No, "3": r.Yes, "4": r.Yes, "9": r.Unknown} {
			assert.Equal(t, want, child(k, code), "%s, %s", k, code)
		}
	}
	assert.Equal(t, r.No, child("kicks", "3"), "behaviour counts only when it is a lot more")
	assert.Equal(t, r.Yes, child("kicks", "4"))
	assert.Equal(t, r.Unknown, child("kicks", "9"))
}

func TestDependency(t *testing.T) {
	size := r.Integer("size", hubkit.Text{"en": "How many?"}).Between(1, 20)
	age := r.Integer("age", hubkit.Text{"en": "Age?"}).Between(0, 120)
	members := r.Repeat("members", hubkit.Text{"en": "Person {n}"}, age).Times(size)
	form := r.MustNew(r.Spec{ID: "f", Version: "1", Languages: []hubkit.Lang{"en"}, Parts: r.Parts(size, members)})
	people := func(ages ...int64) r.Answers {
		var ms []r.Answers
		for _, a := range ages {
			ms = append(ms, r.Of(map[string]r.Value{"age": r.IntValue(a)}))
		}
		return r.Of(map[string]r.Value{"members": r.RowsValue(ms...)})
	}
	for _, tc := range []struct {
		ages    []int64
		un, wfp float64
	}{
		{[]int64{14, 15, 64, 65}, 1, 4}, // two for two by the UN's ages; by WFP's all depend, and nobody else is there
		{[]int64{30, 40}, 0, 0},
		{[]int64{3, 4, 80}, 3, 3}, // nobody of working age
		{[]int64{17, 18, 59, 60}, 0, 1},
	} {
		un, err := instruments.UNAges().DependencyRatio(members, age).Bind(form.Shape())
		require.NoError(t, err)
		wfp, err := instruments.WFPAges().DependencyRatio(members, age).Bind(form.Shape())
		require.NoError(t, err)
		x, ok := un.Eval(people(tc.ages...)).Known()
		require.True(t, ok)
		assert.Equal(t, tc.un, x, "%v", tc.ages)
		y, _ := wfp.Eval(people(tc.ages...)).Known()
		assert.Equal(t, tc.wfp, y, "%v", tc.ages)
	}
}

// The example of Alkire and Foster's paper: counts 0, 2, 4 and 1 of 4, k = 2.
func TestAlkireFoster(t *testing.T) {
	row := func(n int) []bool {
		b := make([]bool, 4)
		for i := range n {
			b[i] = true
		}
		return b
	}
	even := []float64{1, 1, 1, 1}
	p, err := instruments.AlkireFoster([][]bool{row(0), row(2), row(4), row(1)}, even, 0.5, nil)
	require.NoError(t, err)
	assert.Equal(t, []float64{0.5, 0.75, 0.375}, []float64{p.H, p.A, p.M0})
	var sum float64
	for _, c := range p.Contribution {
		sum += c
	}
	assert.InDelta(t, 1, sum, 1e-12, "the contributions make up the whole")
	assert.Equal(t, []float64{0.5, 0.5, 0.25, 0.25}, p.Censored)

	w, err := instruments.AlkireFoster([][]bool{row(0), row(4)}, even, 1, []float64{3, 1})
	require.NoError(t, err)
	assert.Equal(t, []float64{0.25, 1, 0.25}, []float64{w.H, w.A, w.M0})
	third, err := instruments.AlkireFoster([][]bool{{true, false, false}}, []float64{1, 1, 1}, 1.0/3, nil)
	require.NoError(t, err)
	assert.Equal(t, 1.0, third.H, "a third is a third")
	half, err := instruments.AlkireFoster([][]bool{{false, false, true}}, []float64{0.1, 0.2, 0.3}, 0.5, nil)
	require.NoError(t, err)
	assert.Equal(t, 1.0, half.H, "0.3 of 0.1 + 0.2 + 0.3 is a half, whatever a float64 makes of it")
	tiny, err := instruments.AlkireFoster([][]bool{{false}, {true}}, []float64{1}, 1e-13, nil)
	require.NoError(t, err)
	assert.Equal(t, 0.5, tiny.H, "who is deprived of nothing is not poor")
	none, err := instruments.AlkireFoster([][]bool{row(0)}, even, 0.5, nil)
	require.NoError(t, err)
	assert.Zero(t, none.M0)
	for _, bad := range []func() error{
		func() error { _, err := instruments.AlkireFoster(nil, even, 0.5, nil); return err },
		func() error { _, err := instruments.AlkireFoster([][]bool{{}}, nil, 0.5, nil); return err },
		func() error { _, err := instruments.AlkireFoster([][]bool{row(1)}, even, 0, nil); return err },
		func() error { _, err := instruments.AlkireFoster([][]bool{{true}}, even, 0.5, nil); return err },
		func() error {
			_, err := instruments.AlkireFoster([][]bool{row(1)}, []float64{1, 1, 1, math.NaN()}, 0.5, nil)
			return err
		},
		func() error {
			_, err := instruments.AlkireFoster([][]bool{row(1)}, []float64{1, 1, 1e308, 1e308}, 0.5, nil)
			return err
		},
		func() error {
			_, err := instruments.AlkireFoster([][]bool{row(1), row(2)}, even, 0.5, []float64{1e308, 1e308})
			return err
		},
		func() error {
			_, err := instruments.AlkireFoster([][]bool{row(1)}, even, 0.5, []float64{-1})
			return err
		},
		func() error {
			_, err := instruments.AlkireFoster([][]bool{row(1)}, even, 0.5, []float64{0})
			return err
		},
	} {
		require.Error(t, bad())
	}
}

func TestSpendingEdges(t *testing.T) {
	s := instruments.Spending{BoughtMonth: 1000, People: 1}
	b := instruments.Basket{MEB: 1000, SMEB: 500, CashShare: 100}
	_, class, err := instruments.ECMEN(s, b, true)
	require.NoError(t, err)
	assert.Equal(t, "between", class, "exactly the MEB is not above it")
	s.Cash = 6000
	perHead, class, err := instruments.ECMEN(s, b, false)
	require.NoError(t, err)
	assert.Equal(t, -1000.0, perHead, "it may be negative")
	assert.Equal(t, "below", class)
	for _, bad := range []instruments.Spending{{People: 0}, {People: 1, Cash: -1}, {People: 1, FoodBought: math.NaN()}, {People: 1, GivenMonth: math.Inf(1)}, {People: 1, FoodBought: 1e308}, {People: 1, FoodBought: 1e307, FoodGrown: 1e308, Cash: 1e300}} {
		_, _, err := instruments.ECMEN(bad, b, true)
		require.ErrorIs(t, err, instruments.ErrSpending)
	}
	for _, bad := range []instruments.Basket{{}, {MEB: 1, SMEB: 2}, {MEB: 2, SMEB: 1, CashShare: 101}, {MEB: math.NaN(), SMEB: 1}} {
		_, _, err := instruments.ECMEN(s, bad, true)
		require.ErrorIs(t, err, instruments.ErrSpending)
	}
	_, _, ok, err := instruments.FES(instruments.Spending{BoughtMonth: 1e308, GivenMonth: 1e308})
	require.ErrorIs(t, err, instruments.ErrSpending)
	assert.False(t, ok)
	_, _, ok, err = instruments.FES(instruments.Spending{})
	require.NoError(t, err)
	assert.False(t, ok)
	for food, class := range map[float64]int{49.9: 1, 50: 2, 64.9: 2, 65: 3, 74.9: 3, 75: 4, 100: 4} {
		_, got, _, err := instruments.FES(instruments.Spending{FoodBought: food / 30 * 7, BoughtMonth: 100 - food})
		require.NoError(t, err)
		assert.Equal(t, class, got, "%v", food)
	}
}
