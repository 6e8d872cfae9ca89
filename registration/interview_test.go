package registration_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	r "github.com/hubkit/hubkit/registration"
)

func TestInterviewToTheEnd(t *testing.T) {
	iv := form(t).Begin("")
	require.Contains(t, iv.Prompt().Text, "Якою мовою?")
	say(t, iv, "2", "погоджуюся", "так", "київ", "буча", "так", "24.02.2022", "2", "34", "жінка", "ні", "трохи")
	p := iv.Prompt()
	require.Equal(t, "Особа 2", p.Heading)
	say(t, iv, "70", "2", "не знаю", "1", "1500", "1 3", "Олена")
	p = iv.Prompt()
	require.Equal(t, "_summary", p.Key)
	require.Contains(t, p.Text, "\n\nОсоба 2\nВік?: 70\n")
	say(t, iv, "надіслати")
	require.Equal(t, r.OutcomeComplete, iv.Outcome())
	a := iv.Answers()
	n, _ := size.From(a)
	require.Equal(t, 2, n)
	d, _ := dependants.From(a)
	require.Equal(t, 1.0, d)
	b, err := a.MarshalJSON()
	require.NoError(t, err)
	t.Log(string(b))
}
