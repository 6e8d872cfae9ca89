package registration_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	r "github.com/hubkit/hubkit/registration"
)

// What a person taps and what they type after it are one answer.
func TestWordsAfterTaps(t *testing.T) {
	for _, c := range []struct {
		name, typed string
		want        r.Value
	}{
		{"several words join a tap", "food, rent", r.OptionsValue("food", "rent", "heat")},
		{"an option that stands alone takes the taps' place", "None of these", r.OptionsValue("none")},
	} {
		t.Run(c.name, func(t *testing.T) {
			iv := begin(t, wants, last)
			require.Equal(t, r.Added, iv.Hear(tapped("wants:heat")).Outcome)
			say(t, iv, c.typed)
			got := iv.Answers().Get("wants")
			require.Truef(t, got.Equal(c.want), "%v", got)
			requireAt(t, iv, "last", -1)
		})
	}
}

// A choice among several is asked for again when a later change takes one of
// the chosen options off the list, and only then.
func TestSeveralThatAChangeMakesImpossible(t *testing.T) {
	some := r.Choices("some", en("Which?"), r.Opt("a", en("Apples")), r.Opt("b", en("Bread")), r.Opt("c", en("Cheese")).When(okay.Yes()))
	for _, c := range []struct {
		name, chosen, next string
		state              r.State
	}{
		{"gone", "apples, cheese", "some", r.Missing},
		{"still there", "apples, bread", "last", r.Answered},
	} {
		t.Run(c.name, func(t *testing.T) {
			iv := begin(t, okay, some, last)
			say(t, iv, "yes", c.chosen)
			require.NoError(t, iv.Change("ok", -1))
			say(t, iv, "no")
			requireAt(t, iv, c.next, -1)
			require.Equal(t, c.state, iv.Answers().Get("some").State())
		})
	}
}
