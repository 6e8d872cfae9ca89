package registration_test

import (
	"encoding/json"
	"math"
	"slices"
	"sync"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	r "github.com/hubkit/hubkit/registration"
)

func TestOneQuestionnaireServesMany(t *testing.T) {
	q := form(t)
	older, err := members.Any(age.AtLeast(60)).Bind(q.Shape())
	require.NoError(t, err)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			iv := q.Begin("")
			for _, reply := range script {
				p := iv.Prompt()
				_ = append(p.Options, r.PromptOption{ID: "mine"}) // must not reach the others
				if h := iv.Hear(reply); h.Outcome != r.Accepted && h.Outcome != r.Added {
					t.Errorf("%d: %v", i, h)
					return
				}
				again, err := q.Resume(iv.AppendState(nil))
				if err != nil {
					t.Error(err)
					return
				}
				iv = again
			}
			a := iv.Answers()
			if older.Eval(a) != r.Yes {
				t.Error("somebody is 70")
			}
			for range q.Texts() {
			}
			if _, err := json.Marshal(a); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, l := range []hubkit.Lang{"en", "uk", "ru"} {
		for _, o := range q.Begin(l).Prompt().Options {
			require.NotEqual(t, "mine", o.ID)
		}
	}
}

func TestPromptsShareNothingThatCanGrow(t *testing.T) {
	q := form(t)
	iv := q.Begin("uk")
	for _, reply := range script[1:] {
		p := iv.Prompt()
		require.Equal(t, len(p.Options), cap(p.Options), "an append to the options of %s would be seen by others", p.Key)
		iv.Hear(reply)
	}
}

func TestAnswersAreACopy(t *testing.T) {
	iv := form(t).Begin("uk")
	for _, reply := range script[1:14] {
		iv.Hear(reply)
	}
	before := iv.Answers()
	s, err := json.Marshal(before)
	require.NoError(t, err)
	require.NoError(t, iv.Change("age", 0))
	say(t, iv, "99")
	require.NoError(t, iv.Change("size", -1))
	say(t, iv, "1")
	after, err := json.Marshal(before)
	require.NoError(t, err)
	require.Equal(t, string(s), string(after))
	require.False(t, before.Equal(iv.Answers()))

	changed, err := before.With("size", r.IntValue(9))
	require.NoError(t, err)
	n, _ := size.From(before)
	require.Equal(t, 2, n)
	n, _ = size.From(changed)
	require.Equal(t, 9, n)
}

func TestWhatAnAuthorChangesLaterChangesNothing(t *testing.T) {
	ask := en("Okay?")
	langs := []hubkit.Lang{"en"}
	opts := []r.Option{r.Opt("a", en("A")), r.Opt("b", en("B"))}
	s := asks(r.YesNo("ok", ask), r.Choice("ch", en("Which?"), opts...))
	s.Languages, s.Title = langs, text{"en": "Title"}
	q, err := r.New(s)
	require.NoError(t, err)
	before, err := json.Marshal(q)
	require.NoError(t, err)
	ask["en"], langs[0], opts[0].Key, s.Title["en"] = "Changed?", "uk", "z", "Changed"
	q.Title()["en"] = "Changed"
	q.Languages()[0] = "uk"
	require.Equal(t, "Title", q.Title()["en"])
	require.Equal(t, "Okay?", q.Begin("").Prompt().Text)
	d, ok := q.Find("ch")
	require.True(t, ok)
	require.Equal(t, "a", d.Options[0].Key)
	loaded, err := r.Load(before, r.Extras{})
	require.NoError(t, err)
	require.Equal(t, q.Hash(), loaded.Hash())
	for e := range q.Texts() {
		require.NotContains(t, e.Text["en"], "Changed")
	}
}

func TestHandlesAreValues(t *testing.T) {
	base := r.Integer("n_of", en("N?"))
	bounded := base.Between(1, 5)
	require.Nil(t, base.Min)
	require.NotNil(t, bounded.Min)
	open := r.Repeat("crew", nil, years)
	closed := open.Times(count)
	_, err := r.New(asks(count, open))
	require.Error(t, err, "the first handle did not learn what the second one did")
	_, err = r.New(asks(count, closed))
	require.NoError(t, err)
	o := r.Opt("a", en("A"))
	_ = o.When(okay.Yes())
	require.Nil(t, o.If)
}

func TestSizes(t *testing.T) {
	require.LessOrEqual(t, unsafe.Sizeof(r.Value{}), uintptr(40), "a household's answers lie in one slice")
	iv := form(t).Begin("uk")
	for _, reply := range script[1:] {
		iv.Hear(reply)
	}
	assert.Less(t, len(iv.AppendState(nil)), 120)
}

func TestAllocations(t *testing.T) {
	q := form(t)
	var iv *r.Interview
	var p r.Prompt
	i := len(script)
	memory := testing.AllocsPerRun(20*len(script), func() {
		if i == len(script) {
			iv, i = q.Begin(""), 0
		}
		iv.Hear(script[i])
		iv.PromptInto(&p)
		i++
	})
	assert.LessOrEqual(t, memory, 2.0, "a reply heard and the next prompt ready, in memory")
	begin := q.Begin("").AppendState(nil)
	state := slices.Clone(begin)
	i = 0
	stored := testing.AllocsPerRun(20*len(script), func() {
		if i == len(script) {
			state, i = append(state[:0], begin...), 0
		}
		iv, err := q.Resume(state)
		if err != nil {
			t.Fatal(err)
		}
		iv.Hear(script[i])
		iv.PromptInto(&p)
		state = iv.AppendState(state[:0])
		i++
	})
	assert.LessOrEqual(t, stored, 10.0, "the same, stored and resumed each time")
	a := iv.Answers()
	test, err := r.All(members.Any(age.AtLeast(60)), size.AtMost(5), region.Is("kyiv")).Bind(q.Shape())
	require.NoError(t, err)
	require.Zero(t, testing.AllocsPerRun(100, func() { test.Eval(a) }), "a condition on answers of its own shape")
}

func TestValuesThatAreNoAnswers(t *testing.T) {
	for name, v := range map[string]r.Value{
		"not a number": r.DecimalValue(math.NaN()), "endless": r.DecimalValue(math.Inf(1)), "off the earth": r.PlaceValue(r.Place{Lat: 91}),
		"nowhere": r.PlaceValue(r.Place{Lat: math.NaN()}), "after all days": r.DateValue(12000, 1, 1), "answered nothing": r.StateValue(r.Answered),
	} {
		assert.Equal(t, r.Missing, v.State(), name)
		assert.Equal(t, r.KindNone, v.Kind(), name)
	}
	s, _ := r.WordsValue("a\xffb").Words()
	require.Equal(t, "a\uFFFDb", s)
	require.True(t, r.OptionsValue("b", "a", "b").Equal(r.OptionsValue("a", "b")))
	require.False(t, r.OptionsValue("a").Equal(r.OptionsValue("a", "b")))
	require.False(t, r.IntValue(1).Equal(r.DecimalValue(1)))
	nested := r.RowsValue(r.Of(map[string]r.Value{"in": r.RowsValue(), "n": r.IntValue(1)}))
	b, err := json.Marshal(nested)
	require.NoError(t, err)
	require.JSONEq(t, `{"rows":[{"n":1}]}`, string(b))
}

func TestAnswersJSONIsWhole(t *testing.T) {
	for _, s := range []string{``, `{`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1}}`, `{"a":1}{}`, `[]`, `{"a":1.5}`, `{"a":{"decimal":"0x1"}}`, `{"a":{"decimal":"1e3"}}`, `{"a":{"date":"0000-01-01"}}`, `{"a":{"date":"0000-12-31"}}`, `{"a":{"one":"x","date":"2022-02-24"}}`, `{"a":{"state":"answered"}}`, `{"a":{"consent":true}}`, `{"a":1,"a":2}`, `{"a":{"rows":[{"b":{"rows":[]}}]}}`} {
		var a r.Answers
		require.ErrorIs(t, a.UnmarshalJSON([]byte(s)), r.ErrAnswersJSON, s)
	}
	for _, s := range []string{``, `nonsense`, `truth`, `"a`, `{"one":"a"}}`, `1.0`} {
		var v r.Value
		require.ErrorIs(t, v.UnmarshalJSON([]byte(s)), r.ErrAnswersJSON, s)
	}
}

func TestAnswersByHand(t *testing.T) {
	q := form(t)
	a := r.Of(map[string]r.Value{
		"region": r.OptionValue("lviv"), "income": r.IntValue(5), "needs": r.OptionsValue("rent", "food"), "consent": r.BoolValue(true), "hair": r.WordsValue("grey"),
		"members": r.RowsValue(r.Of(map[string]r.Value{"age": r.IntValue(70), "sex": r.OptionValue("m")})),
	})
	test, err := r.All(region.AtLeast("lviv"), needs.Has("rent"), members.Any(age.AtLeast(60)), consent.Given(), income.AtLeast(5)).Bind(q.Shape())
	require.NoError(t, err)
	require.Equal(t, r.Yes, test.Eval(a), "answers of another shape are fitted")
	fitted, err := r.Reshape(a, q.Shape())
	require.NoError(t, err)
	require.Equal(t, r.Yes, test.Eval(fitted))
	require.Equal(t, r.Missing, fitted.Get("hair").State())
	for m := range fitted.Members("members") {
		o, _ := region.From(m)
		require.Equal(t, "lviv", o, "a member sees the household")
		require.Equal(t, r.Missing, m.Get("nothing").State())
	}
	require.Equal(t, "Львів", q.Label("region", fitted.Get("region"), "uk"))
	require.Equal(t, "Food, Rent", q.Label("needs", r.OptionsValue("rent", "food"), "en"))
	require.Equal(t, phraseOf("refuse").Text["uk"], q.Label("income", r.StateValue(r.Refused), "uk"))
	require.Equal(t, "24.02.2022", q.Label("since", r.DateValue(2022, 2, 24), "en"))
	require.Empty(t, q.Label("nothing", r.IntValue(1), "en"))

	_, err = fitted.With("hair", r.WordsValue("x"))
	require.ErrorIs(t, err, r.ErrUnknownKey)
	_, err = fitted.With("size", r.WordsValue("secret"))
	var wrong *r.ValueError
	require.ErrorAs(t, err, &wrong)
	require.NotContains(t, err.Error(), "secret")
	_, err = r.Reshape(r.Of(map[string]r.Value{"members": r.RowsValue(r.Of(map[string]r.Value{"sex": r.OptionValue("secret")})), "needs": r.OptionsValue("secret")}), q.Shape())
	require.ErrorContains(t, err, "members[1].sex")
	require.ErrorContains(t, err, "needs")
	require.NotContains(t, err.Error(), "secret")
	require.Equal(t, r.Unknown, test.Eval(r.Of(map[string]r.Value{"region": r.OptionValue("mars")})), "what does not fit is unknown")
}

func TestShapes(t *testing.T) {
	_, err := r.NewShape(r.Slot{Key: "a"}, r.Slot{Key: "a"}, r.Slot{}, r.Slot{Key: "m", Kind: r.KindMany, Options: make([]string, 65)}, r.Slot{Key: "r", Kind: r.KindRows})
	require.ErrorContains(t, err, `"a" at position 1`)
	require.ErrorContains(t, err, `"" at position 2`)
	require.ErrorContains(t, err, "65 options")
	require.ErrorContains(t, err, "no shape for its members")
	inner, err := r.NewShape(r.Slot{Key: "x", Kind: r.KindInteger})
	require.NoError(t, err)
	mid, err := r.NewShape(r.Slot{Key: "r", Kind: r.KindRows, Rows: inner})
	require.NoError(t, err)
	_, err = r.NewShape(r.Slot{Key: "r", Kind: r.KindRows, Rows: mid})
	require.ErrorContains(t, err, "has a roster inside it")
	require.True(t, math.IsInf(inner.At(0).Max, 1), "no range is an open one")
	i, ok := mid.Find("r")
	require.True(t, ok)
	require.Zero(t, i)
}
