package registration_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	r "github.com/hubkit/hubkit/registration"
)

// A question may speak to the person who answers, and of the others.
func TestTextsMayNameTheMember(t *testing.T) {
	age := r.Integer("age", text{"en": "{n, select, 1 {How old are you?} other {How old is person {n}?}}", "uk": "{n, select, 1 {Скільки вам років?} other {Скільки років особі {n}?}}"}).Between(0, 120)
	count := r.Integer("count", text{"en": "How many?", "uk": "Скільки?"}).Between(1, 3)
	q, err := r.New(r.Spec{
		ID: "you", Version: "1", Languages: []hubkit.Lang{"en", "uk"},
		Parts: r.Parts(count, r.Repeat("members", text{"en": "Person {n}", "uk": "Особа {n}"},
			r.Hint(text{"en": "{n, select, 1 {Roughly.} other {Or of {count}.}}", "uk": "Приблизно."}, age)).Times(count), r.Summary(nil)),
	})
	require.NoError(t, err)
	iv := q.Begin("en")
	say(t, iv, "2")
	p := iv.Prompt()
	require.Equal(t, []string{"Person 1", "How old are you?", "Roughly."}, []string{p.Heading, p.Text, p.Hint})
	require.Equal(t, hubkit.Lang("en"), p.Lang)
	say(t, iv, "30")
	p = iv.Prompt()
	require.Equal(t, []string{"Person 2", "How old is person 2?", "Or of 2."}, []string{p.Heading, p.Text, p.Hint})
	require.True(t, iv.SetLang("uk"))
	require.Equal(t, "Скільки років особі 2?", iv.Prompt().Text)
	say(t, iv, "31")
	require.Contains(t, iv.Prompt().Text, "\n\nОсоба 2\nСкільки років особі 2?: 31")
	require.Zero(t, testing.AllocsPerRun(100, func() {
		var p r.Prompt
		require.NoError(t, iv.Change("age", 1))
		iv.PromptInto(&p)
	}))
}
