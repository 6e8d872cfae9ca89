package instruments_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	r "github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring/instruments"
	"github.com/hubkit/hubkit/scoring/scoringtest"
)

var strategies = instruments.Strategies{Stress: []string{"Lcs_stress_Saving"}, Crisis: []string{"Lcs_crisis_Health"}, Emergency: []string{"Lcs_em_Begged"}}

// sets are the standard questions with the instruments that read them, how many
// texts they have, and how many come without words.
var sets = []struct {
	questions   instruments.Questions
	instruments []instruments.Instrument
	texts, mute int
}{
	{instruments.FCSQuestions(), []instruments.Instrument{instruments.FCSWFP2026(false), instruments.FCSStrict(true)}, 9, 0},
	{instruments.FCSNQuestions(), []instruments.Instrument{instruments.FCSNVitaminA(), instruments.FCSNProtein(), instruments.FCSNIron(), instruments.FCSStrict(false)}, 16, 0},
	{instruments.RCSIQuestions(), []instruments.Instrument{instruments.RCSI(false), instruments.RCSI(true)}, 5, 0},
	{instruments.HDDSQuestions(), []instruments.Instrument{instruments.HDDS()}, 12, 0},
	{instruments.HHSQuestions(), []instruments.Instrument{instruments.HHSWFP2026(true), instruments.HHSIMPACT(false), instruments.HHSStrict(true)}, 3 + 3*4, 0},
	{instruments.FIESQuestions(), []instruments.Instrument{instruments.FIES()}, 8, 8},
	{instruments.WGSSQuestions(), []instruments.Instrument{instruments.WGSSWFP()}, 1 + 6*5, 0},
	{instruments.ChildFunctioning24Questions(), nil, 3 + 13*5, 3 + 13*5},
	{instruments.MDDIQuestions(), nil, 10, 10},
	{instruments.LCSQuestions(strategies), []instruments.Instrument{instruments.LCSWFP2026(strategies), instruments.LCSStrict(strategies, instruments.UsedOrExhausted)}, 3 * 5, 3},
}

func formOf(q instruments.Questions, langs ...hubkit.Lang) (*r.Questionnaire, error) {
	return r.New(r.Spec{ID: "f", Version: "1", Languages: langs, Parts: q.Parts()})
}

// in gives every text some words in a language.
func in(t testing.TB, q instruments.Questions, l hubkit.Lang) instruments.Questions {
	t.Helper()
	words := map[string]string{}
	for e := range q.Texts() {
		words[e.ID] = string(l) + " " + strings.ReplaceAll(e.ID, "_", " ")
	}
	q, err := q.In(l, words)
	require.NoError(t, err)
	return q
}

// What has no words yet is refused when the questionnaire is made: all of it, by
// the key of the question.
func TestQuestionsWithoutWordsAreRefused(t *testing.T) {
	for _, s := range sets {
		t.Run(s.questions.Name, func(t *testing.T) {
			texts, mute := 0, 0
			for e := range s.questions.Texts() {
				texts++
				if len(e.Text) == 0 {
					mute++
				}
			}
			assert.Equal(t, []int{s.texts, s.mute}, []int{texts, mute})
			assert.NotEmpty(t, s.questions.Source)

			_, err := formOf(s.questions, "en")
			if s.mute == 0 {
				require.NoError(t, err)
			} else {
				var all r.Mistakes
				require.ErrorAs(t, err, &all)
				require.Len(t, all, mute, "%v", err)
				require.ErrorContains(t, err, "write its text in each of the languages")
			}

			_, err = formOf(s.questions, "en", "uk")
			var all r.Mistakes
			require.ErrorAs(t, err, &all)
			require.Len(t, all, texts, "each text is missing in the second language: %v", err)

			_, err = formOf(in(t, in(t, s.questions, "en"), "uk"), "en", "uk")
			require.NoError(t, err)
			_, err = formOf(s.questions, "en", "uk")
			require.Error(t, err, "In changes a copy")
		})
	}
}

// Whatever a household answers, the card on the questionnaire says what the
// instrument says of the same answers under its own keys.
func TestQuestionsFitTheirInstruments(t *testing.T) {
	for _, s := range sets {
		q := in(t, s.questions, "en")
		form, err := formOf(q, "en")
		require.NoError(t, err)
		for _, own := range s.instruments {
			t.Run(own.Name, func(t *testing.T) {
				fitted, err := q.Fit(own)
				require.NoError(t, err)
				asked, err := fitted.On(form.Shape())
				require.NoError(t, err)
				published := card(t, own)
				keys := q.Keys()
				n, scored := 0, map[float64]bool{}
				for a, err := range (scoringtest.Generator{Form: form}).Households() {
					require.NoError(t, err)
					pairs := map[string]r.Value{}
					for _, sl := range own.Items {
						pairs[sl.Key] = a.Get(keys[sl.Key])
					}
					want, werr := published.Score(r.Of(pairs))
					got, gerr := asked.Score(a)
					require.Equal(t, werr == nil, gerr == nil, "%v, %v", werr, gerr)
					require.Equal(t, []any{want.Points, want.Band}, []any{got.Points, got.Band})
					scored[got.Points] = true
					if n++; n == 300 {
						break
					}
				}
				assert.Greater(t, len(scored), 1, "the households must differ")
			})
		}
	}
}

func TestQuestionsIn(t *testing.T) {
	q := instruments.HHSQuestions()
	_, err := q.In("uk", map[string]string{"hhsnofood": "…", "hhsnofood:often": "часто", "hhs": "…"})
	require.ErrorContains(t, err, `hhs has no text "hhs"`)
	require.ErrorContains(t, err, `no text "hhsnofood:often"`)
	q, err = q.In("en", map[string]string{"hhsnofood_fr:often": "Very often"})
	require.NoError(t, err)
	for e := range q.Texts() {
		switch e.ID {
		case "hhsnofood_fr:often":
			assert.Equal(t, "Very often", e.Text["en"])
		case "hhsbedhung_fr:often", "hhsnoteat_fr:often":
			assert.Equal(t, "Often (more than 10 times)", e.Text["en"])
		}
	}
	for range q.Texts() {
		break
	}
}

// How often something happened is asked after a yes, and a part of a food group
// only if the group was eaten.
func TestQuestionsSkip(t *testing.T) {
	for _, tc := range []struct {
		q       instruments.Questions
		replies []string
		want    map[string]r.State
	}{
		{instruments.HHSQuestions(), []string{"no", "yes", "2", "no"}, map[string]r.State{"hhsnofood_fr": r.NotAsked, "hhsbedhung_fr": r.Answered, "hhsnoteat_fr": r.NotAsked}},
		{
			instruments.FCSNQuestions(),
			[]string{"7", "1", "0", "2", "2", "0", "0", "1", "0", "1", "1", "7", "7", "0"},
			map[string]r.State{"fcsnprmeatf": r.Answered, "fcsnvegorg": r.NotAsked, "fcsnfruiorg": r.Answered},
		},
	} {
		form, err := formOf(tc.q, "en")
		require.NoError(t, err)
		iv := form.Begin("en")
		for _, reply := range tc.replies {
			h := iv.Hear(r.Reply{Text: reply})
			require.Equal(t, r.Accepted, h.Outcome, "%s: %s", iv.Prompt().Key, reply)
		}
		require.Equal(t, r.OutcomeComplete, iv.Outcome(), "%s", iv.Prompt().Key)
		for k, want := range tc.want {
			assert.Equal(t, want, iv.Answers().Get(k).State(), k)
		}
	}
}

// The words that ship, one by one, as somebody read them beside their sources: a
// word that is changed makes another index.
func TestWording(t *testing.T) {
	b, err := os.ReadFile("testdata/wording.txt")
	require.NoError(t, err)
	var got strings.Builder
	for _, s := range sets {
		fmt.Fprintf(&got, "# %s: %s\n", s.questions.Name, s.questions.Source)
		for e := range s.questions.Texts() {
			if len(e.Text) > 0 {
				fmt.Fprintf(&got, "%s\t%s\n", e.ID, e.Text["en"])
			}
		}
	}
	assert.Equal(t, string(b), got.String())
}

// The module for children asks of glasses, aids and equipment first, and its
// condition reads what was asked then.
func TestChildFunctioning24Questions(t *testing.T) {
	q := in(t, instruments.ChildFunctioning24Questions(), "en")
	child := r.Repeat("members", hubkit.Text{"en": "Person {n}"}, q.Parts()...).UntilNo(r.YesNo("more", hubkit.Text{"en": "More?"}))
	form, err := r.New(r.Spec{ID: "f", Version: "1", Languages: []hubkit.Lang{"en"}, Parts: r.Parts(child)})
	require.NoError(t, err)
	difficulty, err := child.Any(instruments.ChildFunctioning24(q.Keys())).Bind(form.Shape())
	require.NoError(t, err)
	for replies, want := range map[string]r.Truth{
		"yes 1 no 1 no 1 1 1 1 1 1 1 no":    r.No,
		"no 3 no 1 no 1 1 1 1 1 1 1 no":     r.Yes, // seeing, CF3
		"yes 1 yes 4 no 1 1 1 1 1 1 1 no":   r.Yes, // hearing with an aid, CF5
		"yes 1 no 1 yes 3 1 1 1 1 1 1 1 no": r.Yes, // walking without equipment, CF8
		"yes 1 no 1 yes 1 3 1 1 1 1 1 1 no": r.No,  // walking with it, CF9, is not read
		"yes 1 no 1 no 1 1 1 1 1 1 3 no":    r.No,  // behaviour, CF16
		"yes 1 no 1 no 1 1 1 1 1 1 4 no":    r.Yes,
	} {
		iv := form.Begin("en")
		for _, reply := range strings.Fields(replies) {
			h := iv.Hear(r.Reply{Text: reply})
			require.Equal(t, r.Accepted, h.Outcome, "%s: %s", iv.Prompt().Key, reply)
		}
		require.Equal(t, r.OutcomeComplete, iv.Outcome(), "%s at %s", replies, iv.Prompt().Key)
		assert.Equal(t, want, difficulty.Eval(iv.Answers()), replies)
	}
}

// A roster of members can ask the Short Set of each.
func TestQuestionsOfMembers(t *testing.T) {
	q := instruments.WGSSQuestions()
	members := r.Repeat("members", hubkit.Text{"en": "Person {n}"}, r.OrUnknown(q.Parts()...)).UntilNo(r.YesNo("more", hubkit.Text{"en": "More?"}))
	form, err := r.New(r.Spec{ID: "f", Version: "1", Languages: []hubkit.Lang{"en"}, Parts: r.Parts(members)})
	require.NoError(t, err)
	_, err = members.Any(instruments.Domains{}.Disability3()).Bind(form.Shape())
	require.NoError(t, err)
}
