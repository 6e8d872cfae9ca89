package registration_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
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
		{"a person is called, again and again", r.CallPerson, []r.HeardOutcome{r.Again, r.NeedsPerson, r.NeedsPerson}, "count", ""},
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
		require.Equal(t, phraseOf("nobody").Text["en"], iv.Hear(told("?!")).Say)
		requireAt(t, iv, "c", -1)
	})
	t.Run("the summary calls a person too", func(t *testing.T) {
		iv := begin(t, okay, r.Summary(nil))
		say(t, iv, "yes")
		for _, want := range []r.HeardOutcome{r.Again, r.Again, r.NeedsPerson, r.NeedsPerson} {
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
		require.Equal(t, r.NeedsPerson, iv.Hear(told("Izmail")).Outcome)
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

func TestCalculated(t *testing.T) {
	twice := r.Calculated("twice", count.Value().Times(r.Constant(2)))
	iv := begin(t, r.OrUnknown(count), twice, r.When(twice.AtLeast(4), words), last)
	require.Equal(t, r.Missing, iv.Answers().Get("twice").State())
	say(t, iv, "2")
	f, ok := twice.From(iv.Answers())
	require.True(t, ok)
	require.Equal(t, 4.0, f)
	requireAt(t, iv, "words", -1)
	require.NoError(t, iv.Change("count", -1))
	say(t, iv, "1")
	requireAt(t, iv, "last", -1)
	require.Equal(t, r.NotAsked, iv.Answers().Get("words").State())
	require.NoError(t, iv.Change("count", -1))
	say(t, iv, "I don't know")
	require.Equal(t, r.Missing, iv.Answers().Get("twice").State(), "unknown is not a number")
	requireAt(t, iv, "last", -1)

	sl := iv.Questionnaire().Shape().At(1)
	require.Equal(t, "twice", sl.Key)
	require.Equal(t, 0.0, sl.Min)
	require.Equal(t, 10.0, sl.Max, "what it can be at all")
}

func TestRosterGrowsAndShrinks(t *testing.T) {
	iv := begin(t, count, crew, last)
	say(t, iv, "2", "30", "40")
	require.NoError(t, iv.Change("count", -1))
	say(t, iv, "3")
	requireAt(t, iv, "years", 2)
	require.Equal(t, "Person 3", iv.Prompt().Heading)
	say(t, iv, "50")
	requireAt(t, iv, "last", -1)
	require.NoError(t, iv.Change("count", -1))
	say(t, iv, "1")
	requireAt(t, iv, "last", -1)
	n, _ := iv.Answers().Get("crew").Rows()
	require.Equal(t, 1, n)
	require.ErrorIs(t, iv.Change("years", 1), r.ErrNotChangeable)
	require.NoError(t, iv.Change("count", -1))
	say(t, iv, "0")
	n, ok := iv.Answers().Get("crew").Rows()
	require.True(t, ok)
	require.Zero(t, n)
	requireAt(t, iv, "last", -1)
	require.NoError(t, iv.Change("count", -1))
	say(t, iv, "2")
	requireAt(t, iv, "years", 0)
	require.True(t, iv.Back())
	requireAt(t, iv, "count", -1)
}

func TestRosterOfUnknownSize(t *testing.T) {
	iv := begin(t, r.OrUnknown(count), crew, last)
	say(t, iv, "I don't know")
	requireAt(t, iv, "last", -1)
	require.Equal(t, r.Missing, iv.Answers().Get("crew").State())
	iv = begin(t, okay, r.When(okay.Yes(), count), crew, last)
	say(t, iv, "no")
	requireAt(t, iv, "last", -1)
	require.Equal(t, r.NotAsked, iv.Answers().Get("crew").State())
}

func TestRosterUntilNo(t *testing.T) {
	more := r.YesNo("more", en("Another one?"))
	until := r.Repeat("men", nil, years).UntilNo(more)
	t.Run("no", func(t *testing.T) {
		iv := begin(t, until, last)
		say(t, iv, "30", "yes", "40", "no")
		requireAt(t, iv, "last", -1)
		n, _ := iv.Answers().Get("men").Rows()
		require.Equal(t, 2, n)
	})
	t.Run("at most", func(t *testing.T) {
		iv := begin(t, until.AtMost(2), last)
		say(t, iv, "30", "yes", "40")
		requireAt(t, iv, "last", -1)
		require.True(t, iv.Back())
		requireAt(t, iv, "years", 1)
	})
	t.Run("a later no sends the others away", func(t *testing.T) {
		iv := begin(t, until, last, r.Summary(nil))
		say(t, iv, "30", "yes", "40", "yes", "50", "no")
		require.NoError(t, iv.Change("more", 0))
		say(t, iv, "no")
		requireAt(t, iv, "last", -1)
		n, _ := iv.Answers().Get("men").Rows()
		require.Equal(t, 1, n)
		require.NoError(t, iv.Change("more", 0))
		say(t, iv, "yes")
		requireAt(t, iv, "years", 1)
		say(t, iv, "60", "no", "yes")
		require.NotContains(t, iv.Prompt().Text, "Another one?")
		require.Contains(t, iv.Prompt().Text, "Person 2\nYears?: 60")
	})
}

func TestNotesAndSections(t *testing.T) {
	notes := func(iv *r.Interview) []string { return iv.Prompt().Notes }
	hello := r.Note("hello", en("Hello."))
	thanks := r.Note("thanks_for", en("Thank you for {count}."))
	q, err := r.New(asks(
		r.Section(en("One"), hello, count), r.Section(en("Two"), r.When(count.AtLeast(3), r.Section(en("Three"), okay))),
		r.Section(en("Four"), r.When(count.AtLeast(1), thanks), words,
			r.Repeat("crew", nil, r.Note("of_member", en("Now person {n}.")), r.Section(en("Their age"), years)).Times(count)),
		last, r.Note("bye", en("Bye.")),
	))
	require.NoError(t, err)
	iv := q.Begin("")
	require.Equal(t, []string{"One", "Hello."}, notes(iv))
	require.Empty(t, notes(iv), "said once")
	say(t, iv, "2")
	require.Equal(t, []string{"Four", "Thank you for 2."}, notes(iv), "a section without a question is not announced")
	say(t, iv, "hi")
	require.Equal(t, []string{"Now person 1.", "Their age"}, notes(iv))
	say(t, iv, "20")
	require.Equal(t, []string{"Now person 2.", "Their age"}, notes(iv))

	require.NoError(t, iv.Change("count", -1))
	require.Empty(t, notes(iv))
	say(t, iv, "3")
	require.Equal(t, []string{"Two", "Three"}, notes(iv), "a section that a change brings in is announced")
	say(t, iv, "yes")
	require.Equal(t, []string{"Their age"}, notes(iv), "back at the first question of a section: its title again, but not the note before it")
	say(t, iv, "21")
	require.Equal(t, []string{"Now person 3.", "Their age"}, notes(iv))
	say(t, iv, "22")
	require.Empty(t, notes(iv))
	say(t, iv, "yes")
	require.Equal(t, []string{"Bye."}, notes(iv), "with the last words")
	require.Equal(t, r.OutcomeComplete, iv.Outcome())

	t.Run("a note that a change brings in", func(t *testing.T) {
		iv := begin(t, count, r.When(count.AtLeast(1), hello), last)
		say(t, iv, "0")
		require.Empty(t, notes(iv))
		require.True(t, iv.Back())
		say(t, iv, "1")
		require.Equal(t, []string{"Hello."}, notes(iv))
	})
	t.Run("a section after a stop that was undone", func(t *testing.T) {
		iv := begin(t, okay, r.StopUnless(okay.Yes(), "no", sorryEN), r.Section(en("Two"), last))
		say(t, iv, "no")
		require.True(t, iv.Back())
		say(t, iv, "yes")
		require.Equal(t, []string{"Two"}, notes(iv))
	})
}

func TestStopUnless(t *testing.T) {
	stop := r.StopUnless(okay.Yes(), "not_okay", en("Sorry, {count} is not enough."))
	iv := begin(t, count, okay, stop, words, r.Summary(nil))
	say(t, iv, "2", "no")
	p := iv.Prompt()
	require.True(t, p.Done)
	require.Equal(t, "not_okay", p.Outcome)
	require.Equal(t, "not_okay", iv.Outcome())
	require.Equal(t, "Sorry, 2 is not enough.", p.Text)
	h := iv.Hear(told("but yes"))
	require.Equal(t, r.Closed, h.Outcome)
	require.NotEmpty(t, h.Say)

	require.True(t, iv.Back(), "a slip can be undone")
	requireAt(t, iv, "ok", -1)
	require.Empty(t, iv.Outcome())
	say(t, iv, "yes", "my words")
	requireAt(t, iv, "_summary", -1)

	t.Run("what lies beyond is no answer any more", func(t *testing.T) {
		require.NoError(t, iv.Change("ok", -1))
		say(t, iv, "no")
		require.Equal(t, "not_okay", iv.Outcome())
		require.Equal(t, r.Missing, iv.Answers().Get("words").State())
		require.True(t, iv.Back())
		say(t, iv, "yes")
		requireAt(t, iv, "_summary", -1)
		s, _ := words.From(iv.Answers())
		require.Equal(t, "my words", s, "but it was not forgotten")
	})
	t.Run("and cannot be gone to, past what is open", func(t *testing.T) {
		require.NoError(t, iv.Change("ok", -1))
		say(t, iv, "no")
		require.ErrorIs(t, iv.Change("words", -1), r.ErrNotChangeable)
		require.True(t, iv.Back())
		require.NoError(t, iv.Change("words", -1))
		say(t, iv, "other words")
		require.Equal(t, "not_okay", iv.Outcome(), "the stop before it still holds")
		require.True(t, iv.Back())
		say(t, iv, "yes")
	})
	t.Run("unknown does not stop", func(t *testing.T) {
		iv := begin(t, r.OrUnknown(okay), r.StopUnless(okay.Yes(), "no", sorryEN), last)
		say(t, iv, "I don't know")
		requireAt(t, iv, "last", -1)
	})
	t.Run("inside a roster", func(t *testing.T) {
		adult := r.StopUnless(years.AtLeast(18), "a_child", en("Person {n} is a child."))
		iv := begin(t, count, r.Repeat("crew", nil, years, adult, words).Times(count), last)
		say(t, iv, "3", "30", "a", "40", "b", "50", "c")
		require.NoError(t, iv.Change("years", 1))
		say(t, iv, "10")
		require.Equal(t, "a_child", iv.Outcome())
		require.Equal(t, "Person 2 is a child.", iv.Prompt().Text)
		b, err := iv.Answers().MarshalJSON()
		require.NoError(t, err)
		require.JSONEq(t, `{"count":3,"crew":{"rows":[{"years":30,"words":"a"},{"years":10},{}]}}`, string(b))

		iv = begin(t, r.Repeat("crew", nil, years, adult).UntilNo(okay), last)
		say(t, iv, "30", "yes", "40", "no")
		require.NoError(t, iv.Change("years", 0))
		say(t, iv, "10")
		b, err = iv.Answers().MarshalJSON()
		require.NoError(t, err)
		require.JSONEq(t, `{"crew":{"rows":[{"years":10}]}}`, string(b))
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

func TestLanguages(t *testing.T) {
	q := form(t)
	t.Run("asked for", func(t *testing.T) {
		iv := q.Begin("")
		p := iv.Prompt()
		require.Equal(t, "Which language?\nЯкою мовою?\nНа каком языке?", p.Text)
		require.Equal(t, "Українська", p.Options[1].Say)
		say(t, iv, "русский")
		require.Equal(t, hubkit.Lang("ru"), iv.Lang())
		require.Equal(t, "Мы храним ответы. Согласны?", iv.Prompt().Text)
	})
	t.Run("known from the start", func(t *testing.T) {
		iv := q.Begin("uk")
		requireAt(t, iv, "consent", -1)
		o, _ := lang.From(iv.Answers())
		require.Equal(t, "uk", o)
	})
	t.Run("one that it lacks", func(t *testing.T) {
		iv := q.Begin("ar")
		requireAt(t, iv, "language", -1)
		require.False(t, iv.SetLang("ar"))
	})
	t.Run("changed on the way", func(t *testing.T) {
		iv := q.Begin("uk")
		require.True(t, iv.SetLang("en"))
		require.Equal(t, "We keep your answers. Agree?", iv.Prompt().Text)
		o, _ := lang.From(iv.Answers())
		require.Equal(t, "en", o)
		say(t, iv, "погоджуюсь") // the other languages are still understood
	})
	t.Run("instead of an answer", func(t *testing.T) {
		iv := q.Begin("")
		require.True(t, iv.SetLang("ru"))
		requireAt(t, iv, "consent", -1)
	})
	t.Run("after the end only the words change", func(t *testing.T) {
		iv := q.Begin("uk")
		say(t, iv, "не погоджуюсь")
		require.Equal(t, "Тоді ми тут не допоможемо.", iv.Prompt().Text)
		require.True(t, iv.SetLang("en"))
		require.Equal(t, "Then we cannot help here.", iv.Prompt().Text)
		o, _ := lang.From(iv.Answers())
		require.Equal(t, "uk", o)
	})
	t.Run("conditions follow it", func(t *testing.T) {
		dialect := r.YesNo("dialect", three("Only English?", "Лише українською?", "Только русский?"))
		s := asks(lang, r.When(lang.Is("uk"), dialect), size, children, r.Summary(nil))
		s.Languages = []hubkit.Lang{"en", "uk", "ru"}
		q, err := r.New(s)
		require.NoError(t, err)
		iv := q.Begin("en")
		requireAt(t, iv, "size", -1)
		iv.SetLang("uk")
		requireAt(t, iv, "size", -1)
		iv, err = q.Resume(iv.AppendState(nil))
		require.NoError(t, err)
		say(t, iv, "3")
		requireAt(t, iv, "dialect", -1)
		say(t, iv, "так", "1")
		requireAt(t, iv, "_summary", -1)
		iv.SetLang("ru")
		require.NotContains(t, iv.Prompt().Text, "Только русский?")
		require.Equal(t, r.NotAsked, iv.Answers().Get("dialect").State())
		require.True(t, iv.AskChange())
		iv.SetLang("uk")
		require.Equal(t, "_change", iv.Prompt().Key)
		iv.Hear(tapped("_change:_keep"))
		requireAt(t, iv, "dialect", -1)
	})
	t.Run("a text that falls back tells", func(t *testing.T) {
		s := asks(okay, last)
		s.Languages, s.Fallback = []hubkit.Lang{"en", "uk"}, hubkit.Fallback{"uk": {"en"}}
		q, err := r.New(s)
		require.NoError(t, err)
		p := q.Begin("uk").Prompt()
		require.Equal(t, hubkit.Lang("en"), p.Lang)
		require.Equal(t, "Okay?", p.Text)
		require.Equal(t, "Так", p.Options[0].Say)
	})
}

func TestTextsWithAnswers(t *testing.T) {
	sex := r.Choice("sex", three("Sex?", "Стать?", "Пол?"), r.Opt("f", three("Woman", "Жінка", "Женщина")), r.Opt("m", three("Man", "Чоловік", "Мужчина")))
	s := r.Spec{ID: "x", Version: "1", Languages: []hubkit.Lang{"en", "uk", "ru"}, Parts: r.Parts(
		r.OrRefuse(sex),
		r.Integer("size", three("{sex}: how many?", "{sex}: скільки?", "{sex}: сколько?")).Between(0, 9),
		r.YesNo("displaced", three(
			"{sex, select, f {Madam} m {Sir} other {Friend}}, {size, plural, one {# person} other {# people}}?",
			"{sex, select, f {Пані} m {Пане} other {Друже}}, {size, plural, one {# особа} few {# особи} many {# осіб} other {# особи}}?",
			"{sex, select, f {Госпожа} m {Господин} other {Друг}}, {size, plural, one {# человек} few {# человека} many {# человек} other {# человека}}?")),
	)}
	q, err := r.New(s)
	require.NoError(t, err)
	iv := q.Begin("uk")
	say(t, iv, "жінка")
	require.Equal(t, "Жінка: скільки?", iv.Prompt().Text)
	say(t, iv, "5")
	require.Equal(t, "Пані, 5 осіб?", iv.Prompt().Text, "a select goes by the option's key")
	iv.SetLang("en")
	require.Equal(t, "Madam, 5 people?", iv.Prompt().Text)
	require.NoError(t, iv.Change("sex", -1))
	iv.Hear(tapped("sex:_refuse"))
	require.Equal(t, "Friend, 5 people?", iv.Prompt().Text)
}

func TestBesideAQuestion(t *testing.T) {
	iv := begin(t, count, r.Hint(en("Count {count} again."), r.Spoken(en("Say it."), r.Recording(en("https://example.org/ok.mp3"), okay))))
	say(t, iv, "2")
	p := iv.Prompt()
	require.Equal(t, "Count 2 again.", p.Hint)
	require.Equal(t, "Say it.", p.Spoken)
	require.Equal(t, "https://example.org/ok.mp3", p.Recording)
	require.False(t, p.Open)
	require.Equal(t, r.FormYesNo, p.Form)
}

func TestContinue(t *testing.T) {
	q := form(t)
	iv := q.Begin("uk")
	for _, reply := range script[1:] {
		iv.Hear(reply)
	}
	known := iv.Answers()
	require.Equal(t, "_summary", iv.Prompt().Key)

	t.Run("everything known", func(t *testing.T) {
		again, err := q.Continue("", known)
		require.NoError(t, err)
		require.Equal(t, "_summary", again.Prompt().Key)
		require.Equal(t, hubkit.Lang("uk"), again.Lang())
		require.True(t, again.Answers().Equal(known))
	})
	t.Run("only what is new or no longer fits", func(t *testing.T) {
		s := spec()
		s.Version = "2"
		s.Parts = r.Parts(lang, r.Consent("consent", "3", three("New?", "Нове?", "Новое?")), size.Between(3, 9), region, r.YesNo("fresh", three("Fresh?", "Свіже?", "Свежее?")))
		newer, err := r.New(s)
		require.NoError(t, err)
		again, err := newer.Continue("en", known)
		require.NoError(t, err)
		requireAt(t, again, "consent", -1)
		say(t, again, "I agree")
		requireAt(t, again, "size", -1)
		say(t, again, "4")
		requireAt(t, again, "fresh", -1)
	})
	t.Run("members that are known", func(t *testing.T) {
		more := r.YesNo("more", en("Another?"))
		q, err := r.New(asks(r.Repeat("men", nil, years).UntilNo(more), last))
		require.NoError(t, err)
		a := r.Of(map[string]r.Value{"men": r.RowsValue(r.Of(map[string]r.Value{"years": r.IntValue(5)}), r.Of(map[string]r.Value{"years": r.IntValue(300)}))})
		iv, err := q.Continue("", a)
		require.NoError(t, err)
		requireAt(t, iv, "years", 1)
		say(t, iv, "30", "no", "yes")
		n, _ := iv.Answers().Get("men").Rows()
		require.Equal(t, 2, n)
	})
	t.Run("of the wrong kind", func(t *testing.T) {
		_, err := q.Continue("", r.Of(map[string]r.Value{"size": r.WordsValue("three"), "region": r.OptionValue("mars")}))
		require.ErrorContains(t, err, `"size"`)
		require.ErrorContains(t, err, `"region"`)
	})
}
