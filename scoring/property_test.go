package scoring_test

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	r "github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

// drawCriterion is any criterion of a common shape, with a weight of few decimals.
func drawCriterion(t *rapid.T, id string) scoring.Criterion {
	weight := float64(rapid.OneOf(rapid.IntRange(-50, -1), rapid.IntRange(1, 50)).Draw(t, "tenths")) / 10
	years := rapid.IntRange(1, 119).Draw(t, "years")
	each := rapid.SampledFrom([]r.Condition{
		age.AtLeast(years), age.AtMost(years), walking.AtLeast("a_lot"), pregnant.Yes(),
		r.All(age.AtMost(years), r.Not(pregnant.Yes())), r.Any(walking.Is("cannot"), age.AtLeast(years)),
	}).Draw(t, "each")
	cond := rapid.SampledFrom([]r.Condition{
		displaced.Yes(), alone.No(), region.Is("near"), region.AtMost("middle"), housing.Is("rent", "camp"), needs.Has("food"),
		income.AtMost(2000), size.Value().MoreThan(3), r.Not(other.Yes()), members.Any(each), members.Every(each),
		members.Count(each).AtLeast(2), r.All(displaced.Yes(), members.Any(each)), r.Any(alone.Yes(), income.LessThan(1000)),
	}).Draw(t, "condition")
	number := rapid.SampledFrom([]r.Number{
		size.Value(), members.Count(each), members.Size(), income.Value(), members.Sum(age.Value()), needs.Chosen(),
		size.Value().Minus(members.Count(each)), r.Smallest(size.Value(), r.Constant(4)), members.Largest(age.Value()),
		income.Value().Over(size.Value()), members.Count(each).Times(size.Value()),
	}).Draw(t, "number")
	c := scoring.Add(weight, id, cond)
	if rapid.Bool().Draw(t, "counts") {
		c = scoring.Per(weight, id, number).Curved(rapid.SampledFrom([]scoring.Curve{scoring.Straight, scoring.Straight, scoring.Log1p, scoring.Sqrt}).Draw(t, "curve"))
		if rapid.Bool().Draw(t, "capped") {
			c = c.Cap(float64(rapid.IntRange(-3, 6).Draw(t, "cap")))
		}
		if rapid.Bool().Draw(t, "when") {
			c = c.When(cond)
		}
	}
	return c
}

// drawCard is a card that its proofs accept: what they refuse is taken out.
func drawCard(t *rapid.T, hits ...scoring.Hit) (*scoring.Card, scoring.CardSpec) {
	s := scoring.CardSpec{ID: "drawn", Version: "1", Start: float64(rapid.IntRange(-20, 20).Draw(t, "start")) / 10}
	most := 4.0
	for i := range hits {
		s.Groups = append(s.Groups, scoring.Group{ID: "g" + string(rune('0'+i)), Hit: hits[i]})
		if rapid.Bool().Draw(t, "group cap") {
			s.Groups[i].Most = &most
		}
	}
	for i := range rapid.IntRange(2, 8).Draw(t, "criteria") {
		c := drawCriterion(t, "c"+string(rune('0'+i)))
		if g := rapid.IntRange(-1, len(hits)-1).Draw(t, "group"); g >= 0 {
			c.Group = s.Groups[g].ID
		}
		s.Criteria = append(s.Criteria, c)
	}
	s.Criteria = append(s.Criteria, scoring.Add(1, "always_there", alone.Yes()))
	s.Bands = scoring.Bands(scoring.Below(1.5, "low"), scoring.UpTo(4, "medium"), scoring.Above(4, "high"))
	for {
		c, err := scoring.New(s, form.Shape())
		if err == nil {
			return c, s
		}
		var all scoring.Mistakes
		require.ErrorAs(t, err, &all)
		bad := func(at string) bool {
			return slices.ContainsFunc(all, func(m *scoring.Mistake) bool { return m.At == at })
		}
		if bad("band low") || bad("band medium") || bad("band high") {
			s.Bands = nil
		}
		s.Criteria = slices.DeleteFunc(slices.Clone(s.Criteria), func(c scoring.Criterion) bool {
			return bad("criterion "+c.ID) || bad("group "+c.Group) || c.Group != "" && !slices.ContainsFunc(s.Groups, func(g scoring.Group) bool { return g.ID == c.Group })
		})
		s.Groups = slices.DeleteFunc(slices.Clone(s.Groups), func(g scoring.Group) bool { return bad("group " + g.ID) })
	}
}

// perhaps leaves an answer out, now and then.
func perhaps(t *rapid.T, name string, v r.Value) r.Value {
	switch rapid.IntRange(0, 5).Draw(t, name+"?") {
	case 0:
		return r.StateValue(rapid.SampledFrom([]r.State{r.Missing, r.DontKnow, r.Refused}).Draw(t, name))
	case 1:
		return r.StateValue(r.NotAsked)
	}
	return v
}

func drawValue(t *rapid.T, key string) r.Value {
	switch key {
	case "region":
		return r.OptionValue(rapid.SampledFrom([]string{"near", "middle", "far"}).Draw(t, key))
	case "housing":
		return r.OptionValue(rapid.SampledFrom([]string{"own", "rent", "camp"}).Draw(t, key))
	case "walking":
		return r.OptionValue(rapid.SampledFrom([]string{"none", "some", "a_lot", "cannot"}).Draw(t, key))
	case "needs":
		return r.OptionsValue(rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"food", "rent", "medicine"}), 0, 3, rapid.ID[string]).Draw(t, key)...)
	case "income":
		return r.DecimalValue(float64(rapid.IntRange(0, 100000).Draw(t, key)))
	case "size":
		return r.IntValue(rapid.Int64Range(1, 25).Draw(t, key))
	case "age":
		return r.IntValue(rapid.Int64Range(0, 120).Draw(t, key))
	}
	return r.BoolValue(rapid.Bool().Draw(t, key))
}

var (
	plainKeys  = []string{"displaced", "alone", "region", "housing", "needs", "income", "size", "other_cash"}
	memberKeys = []string{"age", "walking", "pregnant"}
)

func drawHousehold(t *rapid.T, gaps bool) r.Answers {
	maybe := func(key string, v r.Value) r.Value {
		if gaps {
			return perhaps(t, key, v)
		}
		return v
	}
	pairs := map[string]r.Value{}
	for _, k := range plainKeys {
		pairs[k] = maybe(k, drawValue(t, k))
	}
	var rows []r.Answers
	for range rapid.IntRange(0, 4).Draw(t, "members") {
		m := map[string]r.Value{}
		for _, k := range memberKeys {
			m[k] = maybe(k, drawValue(t, k))
		}
		rows = append(rows, r.Of(m))
	}
	pairs["members"] = maybe("members", r.RowsValue(rows...))
	return r.Of(pairs)
}

func open(v r.Value) bool {
	return v.State() == r.Missing || v.State() == r.DontKnow || v.State() == r.Refused
}

// completed gives every answer that is not known some value.
func completed(t *rapid.T, a r.Answers) r.Answers {
	pairs := map[string]r.Value{}
	for k, v := range a.All() {
		switch {
		case k == "members" && open(v):
			v = drawHousehold(t, false).Get("members")
		case k == "members" && v.State() == r.Answered:
			var rows []r.Answers
			for m := range a.Members(k) {
				one := map[string]r.Value{}
				for _, mk := range memberKeys {
					if one[mk] = m.Get(mk); open(one[mk]) {
						one[mk] = drawValue(t, mk)
					}
				}
				rows = append(rows, r.Of(one))
			}
			v = r.RowsValue(rows...)
		case open(v):
			v = drawValue(t, k)
		}
		pairs[k] = v
	}
	return r.Of(pairs)
}

// logJSON shows what failed.
func logJSON(t *rapid.T, vs ...any) {
	for _, v := range vs {
		b, err := json.Marshal(v)
		require.NoError(t, err)
		t.Log(string(b))
	}
}

// Whatever the unknown answers turn out to be, the points lie in the interval
// that the score gave before.
func TestIntervalHoldsEveryCompletion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, _ := drawCard(t, scoring.Sum, scoring.Highest, scoring.First)
		a := drawHousehold(t, true)
		logJSON(t, c, a)
		before, err := c.Score(a)
		require.NoError(t, err)
		require.LessOrEqual(t, before.Lo, before.Points)
		require.LessOrEqual(t, before.Points, before.Hi)
		lo, hi := c.Range()
		for range 3 {
			after, err := c.Score(completed(t, a))
			require.NoError(t, err)
			if a.Get("size").State() != r.NotAsked { // dividing by what was not asked gives nothing known
				require.InDelta(t, after.Lo, after.Hi, 1e-9, "everything is known")
			}
			require.GreaterOrEqual(t, after.Points, before.Lo-1e-9)
			require.LessOrEqual(t, after.Points, before.Hi+1e-9)
			require.GreaterOrEqual(t, after.Points, lo-1e-9)
			require.LessOrEqual(t, after.Points, hi+1e-9)
			if !before.CanChange(c) {
				require.Equal(t, before.Band, after.Band)
			}
		}
	})
}

// The reasons' points, with the Start, add up to the score.
func TestReasonsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, spec := drawCard(t, scoring.Sum, scoring.Highest, scoring.First)
		s, err := c.Score(drawHousehold(t, true))
		require.NoError(t, err)
		sum := spec.Start
		for i, x := range s.Reasons {
			require.EqualValues(t, i, x.Criterion)
			sum += x.Points
		}
		require.InDelta(t, s.Points, sum, 1e-8)
	})
}

// The order of criteria never matters, unless a group takes the first.
func TestOrderNeverMatters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, spec := drawCard(t, scoring.Sum, scoring.Highest)
		a := drawHousehold(t, true)
		want, err := c.Score(a)
		require.NoError(t, err)
		seed := rapid.Uint64().Draw(t, "order")
		rand.New(rand.NewPCG(seed, 0)).Shuffle(len(spec.Criteria), func(i, j int) {
			spec.Criteria[i], spec.Criteria[j] = spec.Criteria[j], spec.Criteria[i]
		})
		shuffled, err := scoring.New(spec, form.Shape())
		require.NoError(t, err)
		got, err := shuffled.Score(a)
		require.NoError(t, err)
		require.InDelta(t, want.Points, got.Points, 1e-9)
		require.Equal(t, want.Band, got.Band)
	})
}

// Neither the card nor the answers change their meaning when written as JSON and read back.
func TestJSONNeverChangesAScore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, _ := drawCard(t, scoring.Sum, scoring.Highest, scoring.First)
		a := drawHousehold(t, true)
		want, err := c.Score(a)
		require.NoError(t, err)

		b, err := json.Marshal(c)
		require.NoError(t, err)
		again, err := scoring.Load(b, form.Shape())
		require.NoError(t, err)
		fitted, err := r.Reshape(a, form.Shape())
		require.NoError(t, err)
		for _, x := range []r.Answers{a, fitted} {
			b, err = json.Marshal(x)
			require.NoError(t, err)
			var read r.Answers
			require.NoError(t, json.Unmarshal(b, &read))
			got, err := again.Score(read)
			require.NoError(t, err)
			require.Equal(t, want, got)
		}
	})
}

// Whatever is refused as shadowed never counts: for nobody does it hold alone.
func TestShadowsHideNobody(t *testing.T) {
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawCriterion(t, "a"), drawCriterion(t, "b")
		if rapid.Bool().Draw(t, "narrower") {
			b.If = r.All(b.If, a.If)
		}
		if a.Per != nil || b.Per != nil {
			return
		}
		a.Points, b.Points = 2, 1
		hit := rapid.SampledFrom([]scoring.Hit{scoring.First, scoring.Highest}).Draw(t, "hit")
		_, err := scoring.New(scoring.CardSpec{
			ID: "x", Version: "1", Groups: []scoring.Group{{ID: "g", Hit: hit}}, Criteria: scoring.Criteria(a.In("g"), b.In("g")),
		}, form.Shape())
		var all scoring.Mistakes
		if err == nil || !errors.As(err, &all) || !slices.ContainsFunc(all, func(m *scoring.Mistake) bool { return m.Kind == "shadowed" && m.At == "criterion b" }) {
			return
		}
		found++
		wide, err := a.If.Bind(form.Shape())
		require.NoError(t, err)
		narrow, err := b.If.Bind(form.Shape())
		require.NoError(t, err)
		for range 5 {
			household := drawHousehold(t, false)
			if narrow.Eval(household) == r.Yes {
				require.Equal(t, r.Yes, wide.Eval(household))
			}
		}
	})
	require.Greater(t, found, 5)
}

// Any bytes give a card or an error, and a card that is accepted scores.
func FuzzLoad(f *testing.F) {
	for _, s := range []scoring.CardSpec{illustrative(), flat(), citable()} {
		b, err := json.Marshal(s)
		require.NoError(f, err)
		f.Add(b)
	}
	f.Add([]byte(`{"id":"x","version":"1","criteria":[{"id":"a","points":1e308,"per":{"op":"*","args":[{"op":"value","key":"income"},{"op":"value","key":"income"}]}}]}`))
	f.Add([]byte(`{"id":"x","version":"1","criteria":[{"id":"a","points":1,"if":{"op":"all","args":[null,{"op":"not"}]}}]}`))
	f.Add([]byte(`{"id":"к","version":"١","title":{"uk":"Ї🙂","ar":"مرحبا"},"bands":[{"id":"a","at_least":1,"less_than":1}]}`))
	a := household(nil)
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := scoring.Load(b, form.Shape())
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		s, err := c.Score(a)
		if err == nil && len(c.Bands()) > 0 {
			require.NotEmpty(t, s.Band)
		}
		require.Contains(t, c.Page("uk").String(), c.HashString())
		_, _ = c.Explain(s, "uk"), c.Counterfactuals(s, "ar")
		out, err := json.Marshal(c)
		require.NoError(t, err)
		again, err := scoring.Load(out, form.Shape())
		require.NoError(t, err)
		require.Equal(t, c.Hash(), again.Hash())
	})
}
