package registration_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hubkit/hubkit"
	r "github.com/hubkit/hubkit/registration"
)

// wander walks an interview with random answers, Back, Change, languages,
// stale taps and nonsense, stored and resumed at every step, to its end.
func wander(t *rapid.T, q *r.Questionnaire) *r.Interview {
	iv := q.Begin("")
	detours := rapid.IntRange(0, 12).Draw(t, "detours")
	for step := range 2000 {
		p := iv.Prompt()
		iv = resumed(t, iv, p)
		if detours > 0 && rapid.IntRange(0, 3).Draw(t, "detour") == 0 {
			detours--
			detour(t, iv, p)
			continue
		}
		switch {
		case p.Done:
			if detours == 0 || step > 1000 {
				return iv
			}
			detours--
			detour(t, iv, p)
		case p.Key == "_summary":
			iv.Hear(r.Reply{Option: "_summary:send"})
		default:
			iv.Hear(anyReply(t, p))
		}
	}
	t.Fatalf("the interview does not end")
	return nil
}

// detour does something else than to answer.
func detour(t *rapid.T, iv *r.Interview, p r.Prompt) {
	switch rapid.IntRange(0, 5).Draw(t, "what") {
	case 0:
		iv.Back()
	case 1:
		var keys []string
		for a := range iv.Questionnaire().Questions() {
			keys = append(keys, a.Key)
		}
		// A key that cannot be changed gives an error and changes nothing.
		before := iv.AppendState(nil)
		if iv.Change(rapid.SampledFrom(keys).Draw(t, "key"), rapid.IntRange(-1, 2).Draw(t, "row")) != nil {
			require.Equal(t, before, iv.AppendState(nil))
		}
	case 2:
		iv.SetLang(rapid.SampledFrom([]hubkit.Lang{"en", "uk", "ru", "ar"}).Draw(t, "lang"))
	case 3:
		before := iv.AppendState(nil)
		h := iv.Hear(r.Reply{Option: "elsewhere:yes"})
		require.Contains(t, []r.HeardOutcome{r.Stale, r.Closed}, h.Outcome)
		require.Equal(t, before, iv.AppendState(nil), "a stale tap changed something")
	case 4:
		if !p.Done {
			iv.Hear(r.Reply{})
		}
	case 5:
		if iv.AskChange() {
			menu := iv.Prompt()
			iv.Hear(r.Reply{Option: rapid.SampledFrom(menu.Options).Draw(t, "change").ID})
		}
	}
}

// resumed is the interview after it was stored; its prompt is the same but for
// the notes, which are given once.
func resumed(t *rapid.T, iv *r.Interview, p r.Prompt) *r.Interview {
	state := iv.AppendState(nil)
	again, err := iv.Questionnaire().Resume(state)
	require.NoError(t, err)
	p.Notes = nil
	require.Equal(t, p, again.Prompt())
	require.Equal(t, state, again.AppendState(nil))
	require.Equal(t, iv.Outcome(), again.Outcome())
	require.True(t, iv.Answers().Equal(again.Answers()))
	return again
}

func TestWanderingEndsWhereAStraightWalkEnds(t *testing.T) {
	for range 3 { // what it once found was rare
		rapid.Check(t, wandersAsStraight)
	}
}

func wandersAsStraight(t *rapid.T) {
	_, q := questionnaire(t)
	iv := wander(t, q)
	a := iv.Answers()

	b, err := json.Marshal(q)
	require.NoError(t, err)
	loaded, err := r.Load(b, r.Extras{})
	require.NoError(t, err)
	require.Equal(t, q.Hash(), loaded.Hash())

	other := loaded.Begin("")
	straight(t, other, a)
	require.Equal(t, iv.Outcome(), other.Outcome())
	require.JSONEq(t, answersJSON(t, a), answersJSON(t, other.Answers()))

	known, err := q.Continue("", a)
	require.NoError(t, err)
	straight(t, known, a)
	require.Equal(t, iv.Outcome(), known.Outcome())
	require.JSONEq(t, answersJSON(t, a), answersJSON(t, known.Answers()))
}

func answersJSON(t *rapid.T, a r.Answers) string {
	b, err := json.Marshal(a)
	require.NoError(t, err)
	return string(b)
}

func TestAnswersComeBackFromJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, q := questionnaire(t)
		iv := q.Begin("")
		for range rapid.IntRange(0, 30).Draw(t, "steps") {
			p := iv.Prompt()
			if p.Done || p.Key == "_summary" {
				break
			}
			iv.Hear(anyReply(t, p))
		}
		a := iv.Answers()
		s := answersJSON(t, a)
		var back r.Answers
		require.NoError(t, json.Unmarshal([]byte(s), &back))
		require.True(t, back.Equal(a))
		require.True(t, a.Equal(back))
		fitted, err := r.Reshape(back, q.Shape())
		require.NoError(t, err)
		require.True(t, fitted.Equal(a))
		require.Equal(t, s, answersJSON(t, fitted), "the same bytes")

		c := g.condition(0)
		test, err := c.Bind(q.Shape())
		require.NoError(t, err)
		require.Equal(t, test.Eval(a), test.Eval(back), "evaluated on its own shape")
		require.Equal(t, test.Eval(a), test.Eval(fitted))
		var copied r.Condition
		b, err := json.Marshal(c)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(b, &copied))
		other, err := copied.Bind(q.Shape())
		require.NoError(t, err)
		require.Equal(t, test.Eval(a), other.Eval(a), "%s", b)
	})
}

// blank returns a with some answers lost, as if they had not been given.
func blank(t *rapid.T, a r.Answers, lose func(path string) bool, path string) r.Answers {
	left := map[string]r.Value{}
	for k, v := range a.All() {
		if v.State() == r.NotAsked {
			left[k] = v
			continue
		}
		if lose(path + k) {
			left[k] = r.StateValue(rapid.SampledFrom([]r.State{r.Missing, r.DontKnow, r.Refused}).Draw(t, "lost"))
			continue
		}
		if v.Kind() == r.KindRows {
			var members []r.Answers
			for m := range a.Members(k) {
				members = append(members, blank(t, m, lose, k+"."))
			}
			v = r.RowsValue(members...)
		}
		left[k] = v
	}
	return r.Of(left)
}

// ofState says whether a condition looks at whether something was answered,
// which more answers may change.
func ofState(t *rapid.T, c r.Condition) bool {
	b, err := json.Marshal(c)
	require.NoError(t, err)
	return strings.Contains(string(b), `"op":"state"`)
}

func TestUnknownIsNeverWrong(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, q := questionnaire(t)
		full := wander(t, q).Answers()
		partial := blank(t, full, func(string) bool { return rapid.IntRange(0, 2).Draw(t, "lose") == 0 }, "")
		partial, err := r.Reshape(partial, q.Shape())
		require.NoError(t, err)

		if c := g.condition(0); !ofState(t, c) {
			test, err := c.Bind(q.Shape())
			require.NoError(t, err)
			if known := test.Eval(partial); known != r.Unknown && complete(full) {
				require.Equal(t, test.Eval(full), known)
			}
		}
		n := g.number()
		quantity, err := n.Bind(q.Shape())
		require.NoError(t, err)
		in, of := quantity.Eval(partial), quantity.Eval(full)
		if b, _ := json.Marshal(n); !strings.Contains(string(b), `"op":"state"`) && complete(full) && !of.Absent {
			require.LessOrEqual(t, in.Lo, of.Lo)
			require.GreaterOrEqual(t, in.Hi, of.Hi)
		}
	})
}

// complete says whether nothing in a is left open.
func complete(a r.Answers) bool {
	for k, v := range a.All() {
		if v.State() == r.Missing || v.State() == r.DontKnow || v.State() == r.Refused {
			return false
		}
		for m := range a.Members(k) {
			if !complete(m) {
				return false
			}
		}
	}
	return true
}

func TestReadsIsComplete(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, q := questionnaire(t)
		full := wander(t, q).Answers()
		test, err := g.condition(0).Bind(q.Shape())
		require.NoError(t, err)
		quantity, err := g.number().Bind(q.Shape())
		require.NoError(t, err)
		keys := append(test.Reads(), quantity.Reads()...)
		read := blank(t, full, func(path string) bool { return !slices.Contains(keys, path) }, "")
		read, err = r.Reshape(read, q.Shape())
		require.NoError(t, err)
		require.Equal(t, test.Eval(full), test.Eval(read), "reads %v", keys)
		require.Equal(t, quantity.Eval(full), quantity.Eval(read), "reads %v", keys)
	})
}
