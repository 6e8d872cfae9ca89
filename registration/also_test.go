package registration_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	r "github.com/hubkit/hubkit/registration"
)

func TestOtherWordsForAnOption(t *testing.T) {
	q, err := r.New(r.Spec{ID: "sex", Version: "1", Languages: []hubkit.Lang{"en"}, Parts: r.Parts(
		r.Choice("sex", hubkit.Text{"en": "Sex?"}, r.Opt("f", hubkit.Text{"en": "Female"}).Or("woman", "жінка"), r.Opt("m", hubkit.Text{"en": "Male"}).Or("man")),
	)})
	require.NoError(t, err)
	b, err := q.MarshalJSON()
	require.NoError(t, err)
	loaded, err := r.Load(b, r.Extras{})
	require.NoError(t, err)
	for word, want := range map[string]string{"Woman": "f", "ЖІНКА": "f", "man": "m", "female": "f", "2": "m"} {
		for _, q := range []*r.Questionnaire{q, loaded} {
			iv := q.Begin("en")
			require.Equal(t, r.Accepted, iv.Hear(r.Reply{Text: word}).Outcome, word)
			got, _ := iv.Answers().Get("sex").Option()
			require.Equal(t, want, got, word)
		}
	}
}

// Labels of digits that stand beside their own number, or are no number of the
// list, can be answered.
func TestLabelsThatAreNumbers(t *testing.T) {
	for _, c := range []struct {
		options     []r.Option
		reply, want string
	}{
		{[]r.Option{r.Opt("a", en("1")), r.Opt("b", en("2")), r.Opt("c", en("3 or more"))}, "two", "b"},
		{[]r.Option{r.Opt("a", en("2014")), r.Opt("b", en("2022"))}, "2022", "b"},
		{[]r.Option{r.Opt("a", en("0")), r.Opt("b", en("5"))}, "0", "a"},
		{[]r.Option{r.Opt("a", en("1")), r.Opt("b", en("2")).When(okay.Yes())}, "2", "b"},
	} {
		q, err := r.New(asks(okay, r.Choice("pick", en("Pick"), c.options...)))
		require.NoError(t, err)
		iv := q.Begin("en")
		iv.Hear(told("yes"))
		require.Equal(t, r.Accepted, iv.Hear(told(c.reply)).Outcome, c.reply)
		got, _ := iv.Answers().Get("pick").Option()
		require.Equal(t, c.want, got, c.reply)
	}
}
