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
