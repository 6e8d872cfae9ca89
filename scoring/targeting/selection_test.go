package targeting_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hubkit/hubkit/scoring"
	"github.com/hubkit/hubkit/scoring/targeting"
)

func household(id, area string, points float64, ties ...float64) targeting.Applicant {
	return targeting.Applicant{ID: id, Area: area, Standing: scoring.Standing{Points: points, Ties: ties}}
}

// chosen lists the ids of those who are selected.
func chosen(list []targeting.Applicant, sel *targeting.Selection) []string {
	ids := []string{}
	for i, in := range sel.In() {
		if in {
			ids = append(ids, list[i].ID)
		}
	}
	slices.Sort(ids)
	return ids
}

func ptr(x float64) *float64 { return &x }

func TestSelect(t *testing.T) {
	list := []targeting.Applicant{
		household("a", "south", 9), household("b", "south", 8), household("c", "north", 8),
		household("d", "south", 5), household("e", "north", 3), household("f", "north", 2),
	}
	costly := slices.Clone(list)
	costly[1].Cost, costly[2].Cost = 4, 4
	f := func(fates ...targeting.Fate) []targeting.Fate { return fates }
	const (
		below, beyond, full, out, undecided = targeting.Below, targeting.Beyond, targeting.AreaFull, targeting.LotteryOut, targeting.Undecided
		in, reserved, drawn                 = targeting.Chosen, targeting.Reserved, targeting.Drawn
	)
	quota := func(area string, reserved, most float64) targeting.Quota {
		return targeting.Quota{Area: area, Reserved: reserved, Most: most}
	}
	tests := []struct {
		name string
		list []targeting.Applicant
		rule targeting.Rule
		want []targeting.Fate
	}{
		{"down the ranking", list, targeting.Rule{Budget: 3}, f(in, in, in, beyond, beyond, beyond)},
		{"enough for all", list, targeting.Rule{Budget: 99}, f(in, in, in, in, in, in)},
		{"not for those below", list, targeting.Rule{Budget: 99, Edge: ptr(5)}, f(in, in, in, in, below, below)},
		{"level without a seed", list, targeting.Rule{Budget: 2}, f(in, undecided, undecided, beyond, beyond, beyond)},
		{"less than one grant", list, targeting.Rule{Budget: 0.5}, f(beyond, beyond, beyond, beyond, beyond, beyond)},
		{"no passing over for a cheaper one", costly, targeting.Rule{Budget: 4, Edge: ptr(4)}, f(in, beyond, beyond, beyond, below, below)},
		{"reserved", list, targeting.Rule{Budget: 4, Quotas: []targeting.Quota{quota("north", 2, 0)}}, f(in, in, reserved, beyond, reserved, beyond)},
		{"more reserved than the area has", list, targeting.Rule{Budget: 5, Quotas: []targeting.Quota{quota("north", 4, 0)}}, f(in, in, reserved, beyond, reserved, reserved)},
		{"at most one for the south", list, targeting.Rule{Budget: 3, Quotas: []targeting.Quota{quota("south", 0, 1)}}, f(in, full, in, full, in, beyond)},
		{"at most for both", list, targeting.Rule{Budget: 6, Quotas: []targeting.Quota{quota("south", 1, 2), quota("north", 0, 1)}}, f(reserved, in, in, full, full, full)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sel, err := tt.rule.Select(tt.list)
			require.NoError(t, err)
			assert.Equal(t, tt.want, sel.Fates)
			spent := 0.0
			for _, a := range sel.Areas {
				spent += a.Spent
			}
			assert.Equal(t, spent, sel.Spent)
			assert.LessOrEqual(t, sel.Spent, tt.rule.Budget)
		})
	}

	// With a seed one of the two is drawn, and either can be.
	winners := map[string]int{}
	for seed := range 200 {
		sel, err := targeting.Rule{Budget: 2, Lottery: targeting.Lottery{Seed: fmt.Sprint("seed ", seed)}}.Select(list)
		require.NoError(t, err)
		assert.Equal(t, 2, sel.Level)
		assert.Equal(t, 1, sel.LevelIn)
		assert.Equal(t, 1, sel.Count(drawn))
		assert.Equal(t, 1, sel.Count(out))
		winners[chosen(list, sel)[1]]++
	}
	assert.Equal(t, 200, winners["b"]+winners["c"])
	assert.InDelta(t, 100, winners["b"], 35, "five standard deviations of a fair coin")
}

// Where low is needier, everything is the other way round but for ties.
func TestSelectLow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := applicants(t)
		low := slices.Clone(list)
		for i := range low {
			low[i].Points = -low[i].Points
		}
		rule := targeting.Rule{Budget: float64(rapid.IntRange(1, 20).Draw(t, "budget")), Edge: ptr(2)}
		sel, err := rule.Select(list)
		require.NoError(t, err)
		rule.LowIsNeedier, rule.Edge = true, ptr(-2)
		same, err := rule.Select(low)
		require.NoError(t, err)
		require.Equal(t, sel.Fates, same.Fates)
		require.Equal(t, sel.Level, same.Level)
	})
}

// The card's ties come before the lottery.
func TestTiesComeFirst(t *testing.T) {
	list := []targeting.Applicant{household("a", "", 5, 1, 0), household("b", "", 5, 2, 0), household("c", "", 5, 2, 7)}
	sel, err := targeting.Rule{Budget: 1}.Select(list)
	require.NoError(t, err)
	assert.Equal(t, []string{"c"}, chosen(list, sel))
	assert.Equal(t, []int{3, 2, 1}, sel.Ranks)
	assert.Equal(t, 5.0, sel.CutOff.Points)
	assert.Equal(t, 1, sel.Level)
}

// The lottery, once more from its published rule, with nothing but SHA-256. The
// hashes were also made with sha256sum.
func TestLotteryIsPublic(t *testing.T) {
	list := []targeting.Applicant{
		household("e", "north", 3), household("b", "south", 7), household("a", "south", 9),
		household("d", "north", 4), household("c", "south", 7),
	}
	const lines = "a\tsouth\t1\t9\nb\tsouth\t1\t7\nc\tsouth\t1\t7\nd\tnorth\t1\t4\ne\tnorth\t1\t3\n"
	var written strings.Builder
	require.NoError(t, targeting.WriteList(&written, list))
	assert.Equal(t, lines, written.String())
	hash, err := targeting.ListHash(list)
	require.NoError(t, err)
	assert.Equal(t, "6f34060abe7045b15f13654e28faed3e365aed2391a2a331710cbcfc9fa565bc", hash)

	const seed = "4 1 6 6 2"
	tickets := map[string]string{}
	for _, id := range []string{"b", "c"} {
		sum := sha256.Sum256([]byte("hubkit lottery 1\n" + hash + "\n" + seed + "\n" + id + "\n"))
		tickets[id] = hex.EncodeToString(sum[:])
	}
	assert.Equal(t, "710cc75503279e18de9aa1f97b212964cc2d18bdb760044756598d123ad30381", tickets["c"])
	want := "b"
	if tickets["c"] < tickets["b"] {
		want = "c"
	}
	sel, err := targeting.Rule{Budget: 2, Lottery: targeting.Lottery{Seed: seed}}.Select(list)
	require.NoError(t, err)
	assert.Equal(t, []string{"a", want}, chosen(list, sel))
}

// applicants draws a list with ties, areas and costs.
func applicants(t *rapid.T) []targeting.Applicant {
	var list []targeting.Applicant
	for i := range rapid.IntRange(1, 30).Draw(t, "n") {
		a := household(fmt.Sprint("h", i), rapid.SampledFrom([]string{"", "north", "south"}).Draw(t, "area"),
			float64(rapid.IntRange(0, 5).Draw(t, "points")), float64(rapid.IntRange(0, 1).Draw(t, "tie")))
		a.Cost = float64(rapid.IntRange(0, 3).Draw(t, "cost"))
		list = append(list, a)
	}
	return list
}

// Laws of every selection.
func TestSelectionLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := applicants(t)
		rule := targeting.Rule{Budget: float64(rapid.IntRange(1, 40).Draw(t, "budget"))}
		if rapid.Bool().Draw(t, "lottery") {
			rule.Lottery.Seed = "x"
		}
		if rapid.Bool().Draw(t, "least") {
			rule.Edge = ptr(2)
		}
		quota := rapid.Bool().Draw(t, "quota")
		if quota {
			q := targeting.Quota{Area: list[0].Area, Reserved: float64(rapid.IntRange(0, int(rule.Budget)).Draw(t, "reserved"))}
			if rapid.Bool().Draw(t, "bounded") {
				q.Most = q.Reserved + float64(rapid.IntRange(1, 5).Draw(t, "most"))
			}
			rule.Quotas = []targeting.Quota{q}
		}
		sel, err := rule.Select(list)
		require.NoError(t, err)

		// The order of the list does not matter.
		mixed := slices.Clone(list)
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "mix"), 0))
		rnd.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		again, err := rule.Select(mixed)
		require.NoError(t, err)
		require.Equal(t, chosen(list, sel), chosen(mixed, again))
		require.Equal(t, sel.ListHash, again.ListHash)

		spent, n := 0.0, 0
		perArea := map[string]float64{}
		for i, f := range sel.Fates {
			if !f.In() {
				continue
			}
			n++
			cost := math.Max(1, list[i].Cost)
			spent += cost
			perArea[list[i].Area] += cost
			require.True(t, rule.Edge == nil || list[i].Points >= 2)
		}
		require.Equal(t, n, sel.Selected)
		require.Equal(t, spent, sel.Spent)
		require.LessOrEqual(t, spent, rule.Budget)
		for _, q := range rule.Quotas {
			require.True(t, q.Most == 0 || perArea[q.Area] <= q.Most)
		}
		// Within an area nobody is passed over for somebody who is less needy, and
		// without a lottery nobody who is level is treated differently.
		for i := range list {
			for j := range list {
				if sel.Fates[i].In() || !sel.Fates[j].In() || list[i].Area != list[j].Area {
					continue
				}
				c := list[i].Compare(list[j].Standing)
				require.GreaterOrEqual(t, c, 0, "%v %v", list[i], list[j])
				switch {
				case rule.Lottery.Seed == "", sel.Fates[i] == targeting.Below:
					require.Positive(t, c)
				default:
					require.Greater(t, sel.Ranks[i], sel.Ranks[j])
				}
			}
		}
		if rule.Lottery.Seed != "" {
			require.Zero(t, sel.Count(targeting.Undecided))
		}
	})
}

func TestShares(t *testing.T) {
	got, err := targeting.Shares(10, map[string]float64{"a": 1, "b": 1, "c": 1, "d": 0})
	require.NoError(t, err)
	assert.Equal(t, map[string]int{"a": 4, "b": 3, "c": 3, "d": 0}, got)
	// The textbook's parliament of ten seats.
	got, err = targeting.Shares(10, map[string]float64{"yellow": 47_000, "white": 16_000, "red": 15_900, "green": 12_000, "blue": 6_000, "pink": 3_100})
	require.NoError(t, err)
	assert.Equal(t, map[string]int{"yellow": 5, "white": 2, "red": 1, "green": 1, "blue": 1, "pink": 0}, got)
	rapid.Check(t, func(t *rapid.T) {
		of := map[string]float64{"a": 1}
		for _, area := range []string{"b", "c", "d", "e"} {
			of[area] = rapid.Float64Range(0, 1e6).Draw(t, area)
		}
		grants := rapid.IntRange(0, 100_000).Draw(t, "grants")
		got, err := targeting.Shares(grants, of)
		require.NoError(t, err)
		var all, total float64
		for _, x := range of {
			all += x
		}
		for area, n := range got {
			total += float64(n)
			require.InDelta(t, float64(grants)*of[area]/all, float64(n), 1+1e-6)
		}
		require.Equal(t, float64(grants), total)
	})
}

// Every grant is given, and numbers that would lose their last digits are refused.
func TestSharesAreWhole(t *testing.T) {
	var in *targeting.InputError
	for _, n := range []int{-1, 1<<53 + 1, math.MaxInt} {
		_, err := targeting.Shares(n, map[string]float64{"a": 1, "b": 2})
		require.ErrorAs(t, err, &in, n)
		assert.Equal(t, "grants", in.Column)
	}
	for _, of := range []map[string]float64{nil, {"a": 0}, {"a": -1}, {"a": nan}, {"a": inf}, {"a": 1e308, "b": 1e308}} {
		_, err := targeting.Shares(1, of)
		require.ErrorAs(t, err, &in)
		assert.Equal(t, "of", in.Column)
	}
	got, err := targeting.Shares(1<<53, map[string]float64{"a": 1, "b": 1, "c": 1})
	require.NoError(t, err)
	assert.Equal(t, 1<<53, got["a"]+got["b"]+got["c"])
	// 7/10 of 10 is 7 although 10 * (0.7 / 1) may come out a little lower.
	got, err = targeting.Shares(10, map[string]float64{"a": 0.1, "b": 0.2, "c": 0.7})
	require.NoError(t, err)
	assert.Equal(t, map[string]int{"a": 1, "b": 2, "c": 7}, got)
	got, err = targeting.Shares(3, map[string]float64{"a": 5e-324, "b": 1})
	require.NoError(t, err)
	assert.Equal(t, map[string]int{"a": 0, "b": 3}, got)
	rapid.Check(t, func(t *rapid.T) {
		of := map[string]float64{"a": 1}
		for _, area := range []string{"b", "c", "d", "e"} {
			of[area] = rapid.Float64Range(0, 1e6).Draw(t, area)
		}
		grants := rapid.IntRange(0, 1<<53).Draw(t, "grants")
		got, err := targeting.Shares(grants, of)
		require.NoError(t, err)
		sum := 0
		for _, n := range got {
			require.GreaterOrEqual(t, n, 0)
			sum += n
		}
		require.Equal(t, grants, sum)
	})
}

func TestSimulation(t *testing.T) {
	sim := targeting.Simulation{
		Rule:  targeting.Rule{Budget: 2},
		List:  []targeting.Applicant{household("a", "", 0), household("b", "", 0), household("c", "", 0), household("d", "", 0)},
		Poor:  []bool{true, false, true, false},
		Group: []string{"women", "women", "men", "men"},
	}
	card := func(name string, points ...float64) targeting.Contender {
		c := targeting.Contender{Name: name}
		for _, p := range points {
			c.Standings = append(c.Standings, scoring.Standing{Points: p})
		}
		return c
	}
	runs, err := sim.Run(card("now", 4, 3, 2, 1), card("new", 4, 2, 3, 1), card("flat", 1, 1, 1, 1))
	require.NoError(t, err)
	require.Len(t, runs, 3)
	missed, err := runs[0].Table.Exclusion()
	require.NoError(t, err)
	assert.Equal(t, 0.5, missed)
	missed, err = runs[1].Table.Exclusion()
	require.NoError(t, err)
	assert.Zero(t, missed)
	assert.Equal(t, targeting.Change{Kept: 1, Gained: 1, Lost: 1, Groups: []targeting.GroupChange{
		{Group: "men", Gained: 1, Applicants: 2}, {Group: "women", Kept: 1, Lost: 1, Applicants: 2},
	}}, runs[1].Change)
	churn, err := runs[1].Change.Churn()
	require.NoError(t, err)
	assert.Equal(t, 0.5, churn)
	assert.InDelta(t, 2./3, *runs[1].Tau, 1e-12) // one of six pairs turns round
	assert.Nil(t, runs[2].Tau)
	assert.Equal(t, 4, runs[2].Selection.Count(targeting.Undecided))

	_, err = sim.Run(card("short", 1))
	assert.ErrorContains(t, err, "short has 1 standings")
	_, err = sim.Run(card("x", 1, 2, 3, 4), card("x", 1, 2, 3, 4))
	assert.ErrorContains(t, err, "two are called x")
}

// BenchmarkSelect ranks 650,000 households with ties and draws lots.
func BenchmarkSelect(b *testing.B) {
	rnd := rand.New(rand.NewPCG(1, 2))
	list := make([]targeting.Applicant, 650_000)
	for i := range list {
		list[i] = household(fmt.Sprintf("%08x", i), fmt.Sprint("area", i%24), float64(rnd.IntN(40)))
	}
	rule := targeting.Rule{Budget: 10_000, Lottery: targeting.Lottery{Seed: "4 1 6 6 2"}}
	b.ReportAllocs()
	for b.Loop() {
		_, err := rule.Select(list)
		require.NoError(b, err)
	}
}

// Without a seed nobody is promised what a draw may take away, nor told off who may
// be drawn.
func TestNothingIsPromisedBeforeTheDraw(t *testing.T) {
	const beyond, undecided, in = targeting.Beyond, targeting.Undecided, targeting.Chosen
	for _, tt := range []struct {
		name  string
		rule  targeting.Rule
		list  []targeting.Applicant
		want  []targeting.Fate
		spent float64
	}{
		{
			"a lottery within what is reserved",
			targeting.Rule{Budget: 2, Quotas: []targeting.Quota{{Area: "A", Reserved: 1}}},
			[]targeting.Applicant{household("a1", "A", 5), household("a2", "A", 5), household("b1", "B", 10), household("b2", "B", 9)},
			[]targeting.Fate{undecided, undecided, in, beyond},
			1,
		},
		{
			"a lottery at the most of an area",
			targeting.Rule{Budget: 3, Quotas: []targeting.Quota{{Area: "A", Most: 1}}},
			[]targeting.Applicant{household("a1", "A", 10), household("a2", "A", 10), household("b1", "B", 9), household("b2", "B", 8), household("b3", "B", 7)},
			[]targeting.Fate{undecided, undecided, in, in, beyond},
			2,
		},
		{
			"whoever is not drawn is chosen after",
			targeting.Rule{Budget: 3, Quotas: []targeting.Quota{{Area: "A", Reserved: 1}}},
			[]targeting.Applicant{household("a1", "A", 5), household("a2", "A", 5), household("b1", "B", 10), household("b2", "B", 4)},
			[]targeting.Fate{in, in, in, beyond},
			3,
		},
		{
			"it hangs on who is drawn",
			targeting.Rule{Budget: 4, Quotas: []targeting.Quota{{Area: "A", Reserved: 2}}},
			[]targeting.Applicant{
				{ID: "a1", Area: "A", Cost: 1, Standing: scoring.Standing{Points: 1}},
				{ID: "a2", Area: "A", Cost: 2, Standing: scoring.Standing{Points: 1}},
				household("b1", "B", 10), household("b2", "B", 9), household("b3", "B", 8),
			},
			[]targeting.Fate{undecided, undecided, in, in, undecided},
			2,
		},
		{
			// With a2 first nobody of A is drawn, and it goes on to c1; with a1 first a1 is,
			// who cannot be paid, and it ends.
			"an area's draw that ends the budget or does not",
			targeting.Rule{Budget: 2, Quotas: []targeting.Quota{{Area: "A", Most: 2}}},
			[]targeting.Applicant{
				household("b1", "B", 10), household("c1", "C", 8),
				{ID: "a1", Area: "A", Cost: 2, Standing: scoring.Standing{Points: 9}},
				{ID: "a2", Area: "A", Cost: 3, Standing: scoring.Standing{Points: 9}},
			},
			[]targeting.Fate{in, undecided, beyond, beyond},
			1,
		},
	} {
		sel, err := tt.rule.Select(tt.list)
		require.NoError(t, err)
		assert.Equal(t, tt.want, sel.Fates, tt.name)
		assert.Equal(t, tt.spent, sel.Spent, tt.name)
	}
	decided := 0
	rapid.Check(t, func(t *rapid.T) {
		list := applicants(t)
		rule := targeting.Rule{Budget: float64(rapid.IntRange(1, 40).Draw(t, "budget"))}
		left := rule.Budget
		seen := map[string]bool{}
		for _, a := range list {
			if seen[a.Area] || rapid.IntRange(0, 2).Draw(t, "quota") == 0 {
				continue
			}
			seen[a.Area] = true
			q := targeting.Quota{Area: a.Area, Reserved: float64(rapid.IntRange(0, int(left)/2).Draw(t, "reserved"))}
			left -= q.Reserved
			if rapid.Bool().Draw(t, "bounded") {
				q.Most = q.Reserved + float64(rapid.IntRange(1, 8).Draw(t, "most"))
			}
			rule.Quotas = append(rule.Quotas, q)
		}
		open, err := rule.Select(list)
		require.NoError(t, err)
		for seed := range 20 {
			rule.Lottery.Seed = fmt.Sprint("seed ", seed)
			drawn, err := rule.Select(list)
			require.NoError(t, err)
			for i, f := range open.Fates {
				if f != targeting.Undecided {
					require.Equal(t, f.In(), drawn.Fates[i].In(), "%s is %v without a seed and %v with one", list[i].ID, f, drawn.Fates[i])
					decided++
				}
			}
		}
	})
	assert.Positive(t, decided)
}
