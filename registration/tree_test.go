package registration_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	r "github.com/hubkit/hubkit/registration"
)

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
