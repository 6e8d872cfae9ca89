package registration_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	r "github.com/hubkit/hubkit/registration"
)

func begin(t testing.TB, parts ...r.Part) *r.Interview {
	t.Helper()
	q, err := r.New(asks(parts...))
	require.NoError(t, err)
	return q.Begin("")
}

// keyOf is where an interview stands: "age" or "age 2" for the second member.
func at(iv *r.Interview) (string, int) {
	p := iv.Prompt()
	return p.Key, p.Row
}

func requireAt(t testing.TB, iv *r.Interview, key string, row int) {
	t.Helper()
	k, n := at(iv)
	require.Equal(t, key, k)
	require.Equal(t, row, n)
}

func TestAttempts(t *testing.T) {
	for _, c := range []struct {
		name string
		then r.Exhausted
		want []r.HeardOutcome
		next string
		end  string
	}{
		{"a person is called, and whoever goes on is helped anew", r.CallPerson, []r.HeardOutcome{r.Again, r.NeedsPerson, r.Again, r.NeedsPerson}, "count", ""},
		{"it is skipped", r.SkipIt, []r.HeardOutcome{r.Again, r.Skipped}, "last", ""},
		{"it ends", r.EndIt, []r.HeardOutcome{r.Again, r.Closed, r.Closed}, "", r.OutcomeExhausted},
	} {
		t.Run(c.name, func(t *testing.T) {
			iv := begin(t, r.Attempts(2, c.then, count), last)
			for _, want := range c.want {
				assert.Equal(t, want, iv.Hear(told("?!")).Outcome)
			}
			p := iv.Prompt()
			assert.Equal(t, c.next, p.Key)
			assert.Equal(t, c.end, iv.Outcome())
			assert.Equal(t, c.end != "", p.Done)
			if c.end != "" {
				require.Equal(t, phraseOf("ended").Text["en"], p.Text)
				require.False(t, iv.AskChange(), "nothing was answered")
			}
		})
	}
	t.Run("an answer begins the count anew", func(t *testing.T) {
		iv := begin(t, r.Attempts(2, r.SkipIt, count, last))
		iv.Hear(told("?!"))
		say(t, iv, "3")
		require.Equal(t, r.Again, iv.Hear(told("?!")).Outcome)
	})
	t.Run("a consent is never skipped", func(t *testing.T) {
		iv := begin(t, r.Attempts(1, r.SkipIt, r.Consent("c", "1", en("Agree?"))), last)
		require.Equal(t, r.NeedsPerson, iv.Hear(told("?!")).Outcome)
		require.Equal(t, phraseOf("choose").Text["en"]+"\n\n"+phraseOf("nobody").Text["en"], iv.Hear(told("?!")).Say)
		requireAt(t, iv, "c", -1)
	})
	t.Run("the summary calls a person too", func(t *testing.T) {
		iv := begin(t, okay, r.Summary(nil))
		say(t, iv, "yes")
		for _, want := range []r.HeardOutcome{r.Again, r.Again, r.NeedsPerson, r.Again} {
			h := iv.Hear(told("?!"))
			require.Equal(t, want, h.Outcome)
			require.Equal(t, "_summary", h.Key)
		}
		iv.Hear(told("2"))
		require.Equal(t, "_change", iv.Hear(told("?!")).Key)
	})
	t.Run("the questionnaire's own default", func(t *testing.T) {
		s := asks(count, last)
		s.Attempts, s.Exhausted = 1, r.SkipIt
		q, err := r.New(s)
		require.NoError(t, err)
		require.Equal(t, r.Skipped, q.Begin("").Hear(told("?")).Outcome)
	})
}

func TestDidYouMean(t *testing.T) {
	guessed := func(t *testing.T) *r.Interview {
		iv := begin(t, levels, last)
		h := iv.Hear(told("extrremely"))
		require.Equal(t, r.Guessed, h.Outcome)
		require.Equal(t, "Extremely", h.Guess)
		requireAt(t, iv, "level", -1)
		return iv
	}
	t.Run("yes", func(t *testing.T) {
		iv := guessed(t)
		h := iv.Hear(told("yes"))
		require.Equal(t, r.Accepted, h.Outcome)
		require.Equal(t, "guess", h.Rule)
		o, _ := levels.From(iv.Answers())
		require.Equal(t, "very", o)
	})
	t.Run("no", func(t *testing.T) {
		iv := guessed(t)
		h := iv.Hear(told("no"))
		require.Equal(t, r.Again, h.Outcome, "a bare no is no answer here")
		require.Equal(t, r.NeedsPerson, iv.Hear(told("yes")).Outcome, "and the guess is gone")
	})
	t.Run("another answer", func(t *testing.T) {
		iv := guessed(t)
		say(t, iv, "1")
		o, _ := levels.From(iv.Answers())
		require.Equal(t, "no", o)
	})
	t.Run("a tap that is stale takes the guess away", func(t *testing.T) {
		iv := guessed(t)
		require.Equal(t, r.Stale, iv.Hear(tapped("last:yes")).Outcome)
		require.Equal(t, r.Again, iv.Hear(told("yes")).Outcome)
	})
	t.Run("no to a guessed consent does not refuse it", func(t *testing.T) {
		agree := r.Consent("agree", "1", en("Agree?"))
		s := asks(agree, r.StopUnless(agree.Given(), "no_consent", sorryEN))
		s.Phrases = map[string]text{"agree": en("Certainly"), "disagree": en("Impossible")}
		q, err := r.New(s)
		require.NoError(t, err)
		iv := q.Begin("")
		require.Equal(t, r.Guessed, iv.Hear(told("certanly")).Outcome)
		require.Equal(t, r.Again, iv.Hear(told("no")).Outcome)
		require.Empty(t, iv.Outcome())
		require.Equal(t, r.Accepted, iv.Hear(told("no")).Outcome)
		require.Equal(t, "no_consent", iv.Outcome())
	})
}

func TestStaleTaps(t *testing.T) {
	for name, reply := range map[string]r.Reply{
		"button of another question":        tapped("ok:yes"),
		"button of nothing":                 tapped("gone:yes"),
		"button of the summary":             tapped("_summary:send"),
		"the same option for another one":   {Option: "years_known:yes", To: r.Spot{Key: "years_known", Row: 0}},
		"words in reply to another message": {Text: "yes", To: r.Spot{Key: "ok", Row: -1}},
	} {
		t.Run(name, func(t *testing.T) {
			known := r.YesNo("years_known", en("Known?"))
			iv := begin(t, okay, count, r.Repeat("crew", nil, known).Times(count), r.Summary(nil))
			say(t, iv, "no", "2", "no")
			before := iv.AppendState(nil)
			for range 5 {
				h := iv.Hear(reply)
				require.Equal(t, r.Stale, h.Outcome)
				require.Equal(t, phraseOf("stale").Text["en"], h.Say)
			}
			require.Equal(t, before, iv.AppendState(nil), "it counts as no attempt")
			require.Equal(t, r.Accepted, iv.Hear(r.Reply{Option: "years_known:yes", To: r.Spot{Key: "years_known", Row: 1}}).Outcome)
			h := iv.Hear(tapped("ok:yes"))
			require.Equal(t, r.Stale, h.Outcome, "in the summary, too")
			require.Equal(t, "ok", h.Key)
		})
	}
}

func TestSeveralByTaps(t *testing.T) {
	ids := func(iv *r.Interview) (out []string) {
		for _, o := range iv.Prompt().Options {
			out = append(out, o.ID)
		}
		return out
	}
	t.Run("one by one, then done", func(t *testing.T) {
		iv := begin(t, wants, last)
		require.Equal(t, []string{"wants:food", "wants:rent", "wants:heat", "wants:none"}, ids(iv))
		require.Equal(t, r.Added, iv.Hear(tapped("wants:rent")).Outcome)
		require.Equal(t, r.Added, iv.Hear(tapped("wants:rent")).Outcome, "twice is once")
		require.Equal(t, []string{"wants:food", "wants:heat", "wants:none", "wants:_done"}, ids(iv))
		require.Equal(t, r.Accepted, iv.Hear(tapped("wants:_done")).Outcome)
		require.True(t, iv.Answers().Get("wants").Equal(r.OptionsValue("rent")))
	})
	t.Run("taps and words join", func(t *testing.T) {
		iv := begin(t, wants, last)
		iv.Hear(tapped("wants:heat"))
		say(t, iv, "food")
		require.True(t, iv.Answers().Get("wants").Equal(r.OptionsValue("food", "heat")))
	})
	t.Run("numbers are those of the list that is shown", func(t *testing.T) {
		iv := begin(t, wants, last)
		iv.Hear(tapped("wants:food"))
		say(t, iv, "1")
		require.True(t, iv.Answers().Get("wants").Equal(r.OptionsValue("food", "rent")))
	})
	t.Run("alone takes the others' place", func(t *testing.T) {
		iv := begin(t, wants, last)
		iv.Hear(tapped("wants:food"))
		require.Equal(t, r.Accepted, iv.Hear(tapped("wants:none")).Outcome)
		require.True(t, iv.Answers().Get("wants").Equal(r.OptionsValue("none")))
	})
	t.Run("the last possible one is enough", func(t *testing.T) {
		iv := begin(t, wants.Between(1, 2), last)
		require.Equal(t, r.Added, iv.Hear(tapped("wants:food")).Outcome)
		require.Equal(t, r.Accepted, iv.Hear(tapped("wants:heat")).Outcome)
		iv = begin(t, wants, last)
		iv.Hear(tapped("wants:food"))
		iv.Hear(tapped("wants:heat"))
		require.Equal(t, r.Accepted, iv.Hear(tapped("wants:rent")).Outcome, "nothing but the one that stands alone is left")
	})
	t.Run("too few", func(t *testing.T) {
		iv := begin(t, wants.Between(2, 3), last)
		iv.Hear(tapped("wants:food"))
		require.Equal(t, "choose_between", iv.Hear(tapped("wants:_done")).Rule)
		iv.Hear(tapped("wants:rent"))
		require.Equal(t, r.Accepted, iv.Hear(tapped("wants:_done")).Outcome, "the first pick was kept")
	})
	t.Run("nothing need be chosen", func(t *testing.T) {
		iv := begin(t, wants.Between(0, 3), last)
		require.Contains(t, ids(iv), "wants:_done")
		say(t, iv, "done")
		require.True(t, iv.Answers().Get("wants").Equal(r.OptionsValue()))
	})
	t.Run("ways out", func(t *testing.T) {
		iv := begin(t, r.OrUnknown(wants), last)
		iv.Hear(tapped("wants:food"))
		require.Equal(t, r.Accepted, iv.Hear(tapped("wants:_unknown")).Outcome)
		require.Equal(t, r.DontKnow, iv.Answers().Get("wants").State())
		iv = begin(t, r.OrUnknown(wants), last)
		require.Equal(t, "alone", iv.Hear(told("1 5")).Rule)
	})
}

func TestChoiceFilters(t *testing.T) {
	q := form(t)
	to := func() *r.Interview {
		iv := q.Begin("en")
		say(t, iv, "I agree", "yes", "Kyiv")
		return iv
	}
	t.Run("only what fits is offered, by its own numbers", func(t *testing.T) {
		iv := to()
		p := iv.Prompt()
		require.Len(t, p.Options, 2)
		h := iv.Hear(told("3"))
		require.Equal(t, "out_of_list", h.Rule)
		require.Equal(t, r.Again, iv.Hear(told("Stryi")).Outcome)
		require.Equal(t, "choose", iv.Hear(tapped("district:stryi")).Rule)
		require.Equal(t, r.Again, iv.Hear(told("Izmail")).Outcome)
		say(t, iv, "2")
		o, _ := district.From(iv.Answers())
		require.Equal(t, "brovary", o)
	})
	t.Run("an answer that a change makes impossible is asked for again", func(t *testing.T) {
		iv := to()
		say(t, iv, "1", "no")
		require.NoError(t, iv.Change("region", -1))
		say(t, iv, "Lviv")
		requireAt(t, iv, "district", -1)
		require.Equal(t, r.Missing, iv.Answers().Get("district").State())
		say(t, iv, "Stryi")
		requireAt(t, iv, "size", -1)
	})
	t.Run("an answer that still fits stays", func(t *testing.T) {
		iv := to()
		say(t, iv, "1", "no")
		require.NoError(t, iv.Change("region", -1))
		say(t, iv, "Kyiv")
		requireAt(t, iv, "size", -1)
	})
	t.Run("no option at all is not asked", func(t *testing.T) {
		iv := begin(t, okay, r.Choice("sub", en("Which?"), r.Opt("a", en("A")).When(okay.Yes()), r.Opt("b", en("B")).When(okay.Yes())), last)
		say(t, iv, "no")
		requireAt(t, iv, "last", -1)
		require.Equal(t, r.NotAsked, iv.Answers().Get("sub").State())
	})
	t.Run("fewer options than must be chosen", func(t *testing.T) {
		some := r.Choices("some", en("Which?"), r.Opt("a", en("A")), r.Opt("b", en("B")).When(okay.Yes()), r.Opt("c", en("C")).When(okay.Yes())).Between(2, 3)
		iv := begin(t, okay, some, last)
		say(t, iv, "no")
		require.Equal(t, r.Accepted, iv.Hear(tapped("some:a")).Outcome)
	})
}

func TestMust(t *testing.T) {
	total := r.Integer("total", en("In all?")).Between(0, 9)
	part := r.Integer("part", en("Of these?")).Between(0, 9)
	guarded := r.Must(part.Value().Compare("<=", total.Value()), en("{part} is more than {total}."), part)
	t.Run("names the answer that it refuses", func(t *testing.T) {
		iv := begin(t, total, guarded, last)
		say(t, iv, "2")
		h := iv.Hear(told("5"))
		require.Equal(t, r.Again, h.Outcome)
		require.Equal(t, "conflict", h.Rule)
		require.Equal(t, "5 is more than 2.", h.Say)
		require.Equal(t, r.Missing, iv.Answers().Get("part").State())
		say(t, iv, "2")
	})
	t.Run("asks again, and says why, when an earlier answer changes", func(t *testing.T) {
		iv := begin(t, total, guarded, last)
		say(t, iv, "5", "4")
		require.NoError(t, iv.Change("total", -1))
		say(t, iv, "3")
		p := iv.Prompt()
		require.Equal(t, "part", p.Key)
		require.Equal(t, []string{"4 is more than 3."}, p.Notes)
	})
	t.Run("without a text of its own", func(t *testing.T) {
		iv := begin(t, r.Must(total.AtMost(3), nil, total), last)
		require.Equal(t, phraseOf("conflict").Text["en"], iv.Hear(told("4")).Say)
	})
	t.Run("refuses nothing where no answer could be right", func(t *testing.T) {
		iv := begin(t, okay, r.When(okay.Yes(), total), guarded, last)
		say(t, iv, "no", "7")
		requireAt(t, iv, "last", -1)
	})
	t.Run("does not know what is not known", func(t *testing.T) {
		iv := begin(t, r.OrUnknown(total), guarded, last)
		say(t, iv, "I don't know", "7")
		requireAt(t, iv, "last", -1)
	})
}

func TestSummaryAndChange(t *testing.T) {
	known := r.Brief(en("Known"), okay)
	q, err := r.New(asks(count, known, r.Optional(words), r.Repeat("crew", en("Person {n}"), years).Times(count), r.Summary(en("Is all right, with {count}?"))))
	require.NoError(t, err)
	iv := q.Begin("")
	require.False(t, iv.AskChange(), "nothing yet")
	say(t, iv, "1", "yes", "skip", "30")
	p := iv.Prompt()
	require.Equal(t, "Is all right, with 1?\nHow many?: 1\nKnown: Yes\nSay?: –\n\nPerson 1\nYears?: 30", p.Text)
	require.Equal(t, "_summary:send", p.Options[0].ID)

	say(t, iv, "Change an answer")
	p = iv.Prompt()
	require.Equal(t, "_change", p.Key)
	require.Len(t, p.Options, 5)
	say(t, iv, "Known")
	requireAt(t, iv, "ok", -1)
	say(t, iv, "no")
	requireAt(t, iv, "_summary", -1)
	iv.Hear(tapped("_summary:change"))
	require.Equal(t, r.Accepted, iv.Hear(tapped("_change:years.1")).Outcome)
	requireAt(t, iv, "years", 0)
	say(t, iv, "31")
	iv.Hear(told("2"))
	say(t, iv, "5")
	requireAt(t, iv, "_summary", -1)
	iv.Hear(tapped("_summary:change"))
	require.Equal(t, r.Stale, iv.Hear(tapped("_summary:send")).Outcome)
	iv.Hear(tapped("_change:_keep"))
	requireAt(t, iv, "_summary", -1)
	say(t, iv, "send")
	require.Equal(t, r.OutcomeComplete, iv.Outcome())
	require.Equal(t, phraseOf("thanks").Text["en"], iv.Prompt().Text)
	require.Equal(t, r.Closed, iv.Hear(told("hello")).Outcome)

	t.Run("after the end", func(t *testing.T) {
		for _, leave := range []func() bool{iv.Back, func() bool { return iv.Hear(tapped("_change:_keep")).Outcome == r.Accepted }} {
			require.True(t, iv.AskChange())
			require.False(t, iv.Prompt().Done)
			require.True(t, leave())
			require.True(t, iv.Prompt().Done, "it has ended as before")
			require.Equal(t, r.OutcomeComplete, iv.Outcome())
		}
		require.NoError(t, iv.Change("count", -1))
		require.Empty(t, iv.Outcome())
		say(t, iv, "0")
		requireAt(t, iv, "_summary", -1)
		say(t, iv, "send")
		require.Equal(t, r.OutcomeComplete, iv.Outcome())
	})
	t.Run("after too many attempts", func(t *testing.T) {
		iv := begin(t, okay, r.Attempts(1, r.EndIt, count), last)
		say(t, iv, "yes")
		iv.Hear(told("?"))
		require.True(t, iv.AskChange())
		iv.Hear(tapped("_change:_keep"))
		require.Equal(t, r.OutcomeExhausted, iv.Outcome())
		require.True(t, iv.Back())
		requireAt(t, iv, "ok", -1)
		say(t, iv, "no")
		requireAt(t, iv, "count", -1)
	})
}

func TestChangeRefuses(t *testing.T) {
	iv := form(t).Begin("en")
	require.ErrorIs(t, iv.Change("nothing", -1), r.ErrUnknownKey)
	for key, member := range map[string]int{"seeking": -1, "age": 0, "consent": 0, "advice": -1, "dependants": -1} {
		require.ErrorIs(t, iv.Change(key, member), r.ErrNotChangeable, key)
	}
	require.True(t, iv.Back(), "to the language, which was chosen before")
	requireAt(t, iv, "language", -1)
	require.False(t, iv.Back())
}
