package registration_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hubkit/hubkit"
	r "github.com/hubkit/hubkit/registration"
)

var (
	deferSize  = r.Integer("size", en("How many?")).Between(1, 3)
	deferName  = r.Words("name", en("Name?"))
	deferFace  = r.Photo("face", en("Photo?"))
	deferPaper = r.Document("paper", en("Paper?"))
	deferHas   = r.YesNo("has_paper", en("Have you a paper?"))
	deferWhere = r.Location("where", en("Where are you?"))
	deferTax   = r.NationalID("tax", en("Tax number?"), "ua-rnokpp")
	deferBank  = r.Account("bank", en("Account?"), "iban:UA")
	deferForm  = r.MustNew(r.Spec{
		ID: "defer", Version: "1", Languages: []hubkit.Lang{"en"},
		Parts: r.Parts(
			r.Section(en("About you"), deferName, deferSize),
			r.Repeat("people", en("Person {n}"), r.Section(en("Looks"), deferFace, r.YesNo("well", en("Well?")))).Times(deferSize),
			deferHas, r.When(deferHas.Yes(), deferPaper), deferWhere, deferTax, deferBank, r.Summary(nil),
		),
	})
)

// onACall takes keys alone.
func onACall(a r.Ability) bool { return a != r.NeedsKeys }

func TestWhatAQuestionNeeds(t *testing.T) {
	want := map[string]r.Ability{
		"size": r.NeedsKeys, "name": r.NeedsLetters, "face": r.NeedsFile, "well": r.NeedsKeys, "has_paper": r.NeedsKeys,
		"paper": r.NeedsFile, "where": r.NeedsPlace, "tax": r.NeedsKeys, "bank": r.NeedsLetters,
	}
	got := map[string]r.Ability{}
	for q := range deferForm.Questions() {
		got[q.Key] = q.Needs
	}
	require.Equal(t, want, got)
	serial := r.CheckFunc("serial", func(s string) (string, error) { return s, nil })
	q := r.MustNew(r.Spec{
		ID: "x", Version: "1", Languages: []hubkit.Lang{"en"}, Checkers: []r.Checker{serial, digits{serial}},
		Parts: r.Parts(r.NationalID("a", en("A?"), "serial"), r.NationalID("b", en("B?"), "digits")),
	})
	a, _ := q.Find("a")
	b, _ := q.Find("b")
	require.Equal(t, []r.Ability{r.NeedsLetters, r.NeedsKeys}, []r.Ability{a.Needs, b.Needs}, "a checker says if its identifiers can be keyed")
}

type digits struct{ r.Checker }

func (digits) Name() string { return "digits" }
func (digits) Digits() bool { return true }

// A registration by keypad: what needs more is passed over, in the roster too, and
// asked on a page afterwards, where nothing else can be seen or changed.
func TestWhatCannotBeAnsweredIsAskedElsewhere(t *testing.T) {
	iv := deferForm.Begin("en")
	iv.Defer(onACall)
	p := iv.Prompt()
	require.Equal(t, "size", p.Key, "the name is passed over")
	require.Equal(t, []string{"About you"}, p.Notes, "the section is announced all the same")
	say := func(texts ...string) {
		t.Helper()
		for _, s := range texts {
			var err error
			iv, err = deferForm.Resume(iv.AppendState(nil))
			require.NoError(t, err)
			iv.Defer(onACall)
			require.Equal(t, r.Accepted, iv.Hear(r.Reply{Text: s}).Outcome, "%q to %s", s, iv.Prompt().Key)
		}
	}
	say("2", "yes", "no")
	require.True(t, iv.Back())
	require.Equal(t, "well", iv.Prompt().Key, "back goes over what was passed")
	say("no", "yes")
	require.Equal(t, "tax", iv.Prompt().Key)
	say("1759013776")
	require.Equal(t, "_summary", iv.Prompt().Key)
	require.NotContains(t, iv.Prompt().Text, "Photo?")
	say("1")
	require.Equal(t, r.OutcomeComplete, iv.Outcome())
	open := []r.Spot{{"name", -1}, {"face", 0}, {"face", 1}, {"paper", -1}, {"where", -1}, {"bank", -1}}
	require.Equal(t, open, iv.Deferred())
	require.Equal(t, r.Missing, iv.Answers().Get("name").State())

	iv, err := deferForm.Resume(iv.AppendState(nil))
	require.NoError(t, err)
	require.True(t, iv.Reopen())
	require.Empty(t, iv.Deferred())
	require.False(t, iv.Reopen(), "once")
	for _, s := range open {
		iv, err = deferForm.Resume(iv.AppendState(nil))
		require.NoError(t, err)
		require.True(t, iv.Reopened())
		p := iv.Prompt()
		require.Equal(t, s, r.Spot{Key: p.Key, Row: p.Row})
		require.False(t, iv.Back())
		require.False(t, iv.AskChange())
		require.ErrorIs(t, iv.Change("size", -1), r.ErrNotChangeable)
		reply := map[string]r.Reply{
			"name": {Text: "Olena"}, "face": {Files: []r.File{{Ref: "f", Type: "image/jpeg"}}}, "paper": {Files: []r.File{{Ref: "d", Type: "application/pdf"}}},
			"where": {Place: &r.Place{Lat: 50, Lon: 30}}, "bank": {Text: "UA213223130000026007233566001"},
		}[s.Key]
		h := iv.Hear(reply)
		require.Equal(t, r.Accepted, h.Outcome, "%+v", s)
	}
	require.Equal(t, r.OutcomeComplete, iv.Outcome(), "without a summary")
	name, _ := iv.Answers().Get("name").Words()
	require.Equal(t, "Olena", name)
	n, _ := deferSize.From(iv.Answers())
	require.Equal(t, 2, n)
}

func TestReopenNeedsAnEndAndSomethingOpen(t *testing.T) {
	iv := deferForm.Begin("en")
	require.False(t, iv.Reopen())
	iv.Defer(onACall)
	require.False(t, iv.Reopen(), "it goes on")
	iv.Defer(nil)
	require.Equal(t, "size", iv.Prompt().Key)
}

// Whatever is deferred, and in whatever order it is answered in the end, the answers
// are those of one who answered straight on.
func TestDeferredAnswersEqualStraightOnes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cannot := rapid.SliceOfDistinct(rapid.SampledFrom([]r.Ability{r.NeedsLetters, r.NeedsPlace, r.NeedsFile}), rapid.ID[r.Ability]).Draw(t, "cannot")
		size := rapid.SampledFrom([]string{"1", "2", "3"}).Draw(t, "size")
		paper := rapid.SampledFrom([]string{"yes", "no"}).Draw(t, "paper")
		answer := func(iv *r.Interview) {
			for iv.Outcome() == "" {
				p := iv.Prompt()
				reply := r.Reply{Text: map[string]string{
					"name": "Olena", "size": size, "well": "no", "has_paper": paper, "tax": "1759013776", "bank": "UA213223130000026007233566001", "_summary": "1",
				}[p.Key]}
				switch p.Needs {
				case r.NeedsFile:
					reply.Files = []r.File{{Ref: p.Key, Type: "image/jpeg"}}
				case r.NeedsPlace:
					reply.Place = &r.Place{Lat: 50, Lon: 30}
				}
				h := iv.Hear(reply)
				if h.Outcome != r.Accepted {
					t.Fatalf("%s: %+v", p.Key, h)
				}
			}
		}
		straight := deferForm.Begin("en")
		answer(straight)
		iv := deferForm.Begin("en")
		iv.Defer(func(a r.Ability) bool {
			for _, c := range cannot {
				if a == c {
					return true
				}
			}
			return false
		})
		answer(iv)
		if iv.Reopen() {
			answer(iv)
		}
		want, err := straight.Answers().MarshalJSON()
		require.NoError(t, err)
		got, err := iv.Answers().MarshalJSON()
		require.NoError(t, err)
		assert.JSONEq(t, string(want), string(got))
	})
}

// What is asked only after a deferred answer waits with it: it is not "not asked",
// which a score would take for certain.
func TestWhatADeferredAnswerOpensWaitsToo(t *testing.T) {
	village := r.Words("village", en("Which village?"))
	near := r.YesNo("near", en("Near the front?"))
	street := r.Choice("street", en("Street?"), r.Opt("a", en("A")).When(village.Is("Huliaipole")), r.Opt("b", en("B")).When(village.Is("Huliaipole")))
	cost := r.Decimal("cost", en("Cost?")).Between(0, 100)
	form := r.MustNew(r.Spec{ID: "gate", Version: "1", Languages: []hubkit.Lang{"en"}, Parts: r.Parts(
		village, r.When(village.Is("Huliaipole"), near, r.When(near.Yes(), cost)), street, r.Summary(nil),
	)})
	iv := form.Begin("en")
	iv.Defer(onACall)
	require.Equal(t, "_summary", iv.Prompt().Key)
	require.Equal(t, r.Accepted, iv.Hear(r.Reply{Text: "1"}).Outcome)
	for _, key := range []string{"village", "near", "cost", "street"} {
		require.Equal(t, r.Missing, iv.Answers().Get(key).State(), key)
	}
	require.Equal(t, []r.Spot{{"village", -1}, {"near", -1}, {"cost", -1}, {"street", -1}}, iv.Deferred())
	again, err := form.Resume(iv.AppendState(nil))
	require.NoError(t, err)

	require.True(t, iv.Reopen())
	for _, x := range []string{"Huliaipole", "yes", "12", "b"} {
		require.Equal(t, r.Accepted, iv.Hear(r.Reply{Text: x}).Outcome, x)
	}
	require.Equal(t, r.OutcomeComplete, iv.Outcome())

	require.True(t, again.Reopen())
	require.Equal(t, r.Accepted, again.Hear(r.Reply{Text: "Kyiv"}).Outcome)
	require.Equal(t, r.OutcomeComplete, again.Outcome())
	for _, key := range []string{"near", "cost", "street"} {
		require.Equal(t, r.NotAsked, again.Answers().Get(key).State(), key)
	}
}

// An interview that ended before its end is not taken up: nothing was confirmed.
func TestReopenNeedsAWholeInterview(t *testing.T) {
	name, age := r.Words("name", en("Name?")), r.Integer("age", en("Age?")).Between(0, 120)
	form := r.MustNew(r.Spec{ID: "short", Version: "1", Languages: []hubkit.Lang{"en"}, Parts: r.Parts(
		name, r.Attempts(1, r.EndIt, age), r.Words("more", en("More?")),
	)})
	iv := form.Begin("en")
	iv.Defer(onACall)
	require.Equal(t, r.Closed, iv.Hear(r.Reply{Text: "no idea at all"}).Outcome)
	require.Equal(t, r.OutcomeExhausted, iv.Outcome())
	require.False(t, iv.Reopen())
}
